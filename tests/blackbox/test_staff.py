"""Staff sign in with two factors: a password, and a code of their own device."""
import base64
import hashlib
import hmac
import re
import struct
import subprocess
import time

from shop import COLOPHON, Browser, Shop

PASSWORD = "a long enough secret"
EMAIL = "ada@books.example"


def code_of(secret, steps=0):
    """RFC 6238, by other hands than the shop's."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    at = mac[19] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


def sign_in(shop):
    browser = Browser(shop)
    assert browser.post("/desk/sign-in", "/desk/sign-in", {"email": EMAIL, "password": PASSWORD}).status == 303
    return browser


def give(browser, code):
    return browser.post("/desk/sign-in/code", "/desk/sign-in/code", {"code": code, "return": "/desk/trail"})


def add_operator(shop, email):
    """As reader or as nobody before."""
    shop.ok("staff", "add", email, "--password-stdin", stdin=PASSWORD.encode() + b"\n")


def secret_on(page):
    return re.search(r"<code>([A-Z2-7 ]{30,})</code>", page)[1].replace(" ", "")


def test_a_second_factor_is_set_up_used_lost_and_reset():
    with Shop(samples=False) as shop:
        shop.ok("staff", "require-second-factor", "on")
        shop.ok("staff", "add", EMAIL, "--name", "Ada", "--password-stdin", stdin=PASSWORD.encode() + b"\n")
        assert "%s operator without a second factor: Ada" % EMAIL in shop.ok("staff", "list")
        shop.serve()
        earlier, ada = sign_in(shop), sign_in(shop)
        # A password alone opens no desk, however it is asked for.
        answer = ada.get("/desk/trail")
        assert answer.status == 303 and answer.headers["Location"] == "/desk/sign-in/code?return=%2Fdesk%2Ftrail", answer.headers["Location"]
        assert ada.post("/desk/sign-in/code", "/desk/restrictions/add", {"target": "edition"}).status == 403
        page = ada.get("/desk/sign-in/code?return=/desk/trail").text
        secret = secret_on(page)
        assert len(secret) == 32 and '<svg class="qr"' in page and page.count("<rect") > 100
        assert secret_on(ada.get("/desk/sign-in/code").text) == secret  # until it is set up
        for wrong in ("000000" if code_of(secret) != "000000" else "000001", "", "12345", "abcdef", code_of(secret, 100)):
            answer = give(ada, wrong)
            assert answer.status == 422 and 'role="alert"' in answer.text, wrong
        code = code_of(secret)
        answer = give(ada, code)
        assert answer.status == 200, answer.text
        recovery = re.findall(r"<li><code>([A-Z2-7-]+)</code></li>", answer.text)
        assert len(recovery) == 10 and len(set(recovery)) == 10
        assert ada.get("/desk/").status == 200
        assert "with a second factor" in shop.ok("staff", "list")
        # What was begun by a password alone has ended; the secret is shown no more.
        assert earlier.get("/desk/").headers["Location"].startswith("/desk/sign-in?")
        # Each code once, each recovery code once, whatever way it is typed.
        again = sign_in(shop)
        assert "<svg" not in again.get("/desk/sign-in/code").text.split("<main")[1]
        assert give(again, code).status == 422
        answer = give(again, code_of(secret, 1))
        assert answer.status == 303 and answer.headers["Location"] == "/desk/trail"
        assert again.get("/desk/trail").status == 200 and ada.get("/desk/").status == 200
        lost = sign_in(shop)
        assert give(lost, recovery[3].lower().replace("-", " ")).status == 303
        assert lost.get("/desk/").status == 200
        assert give(sign_in(shop), recovery[3]).status == 422
        # None of it is kept as it was, nor told.
        assert shop.look("SELECT COUNT(*) FROM recovery_code") == "9"
        said = shop.ok("staff", "trail")
        assert secret not in said and code not in said and recovery[3] not in said
        for what in ("set up second factor", "sign in with a code", "sign in with a recovery code"):
            assert what in said, what
        # Nobody tries for long.
        guesser = sign_in(shop)
        statuses = [give(guesser, "000000").status for _ in range(12)]
        assert statuses[-1] == 429 and 303 not in statuses, statuses
        # Lost for good: another one at the next sign-in; who is removed has no desk at all.
        shop.ok("staff", "reset-second-factor", EMAIL)
        assert ada.get("/desk/").headers["Location"].startswith("/desk/sign-in?")
        fresh = sign_in(shop)
        assert secret_on(fresh.get("/desk/sign-in/code").text) != secret
        add_operator(shop, "bo@books.example")
        shop.ok("staff", "remove", EMAIL)
        assert shop.run("staff", "remove", EMAIL)[0] == 1 and EMAIL not in shop.ok("staff", "list")
        reader = sign_in(shop)
        assert reader.get("/desk/").status == 403


def test_a_shop_may_do_without():
    with Shop(samples=False) as shop:
        shop.ok("staff", "add", EMAIL, "--password-stdin", stdin=PASSWORD.encode() + b"\n")
        shop.serve()
        ada = sign_in(shop)
        assert ada.get("/desk/").status == 200
        # Once it is required, sessions of a password alone are over.
        shop.ok("staff", "require-second-factor", "on")
        assert ada.get("/desk/").headers["Location"].startswith("/desk/sign-in?")
        assert sign_in(shop).get("/desk/").headers["Location"].startswith("/desk/sign-in/code")
        assert shop.run("staff", "require-second-factor", "perhaps")[0] == 2


def test_a_programs_session_of_staff_has_a_second_factor_too():
    with Shop(samples=False) as shop:
        shop.ok("staff", "require-second-factor", "on")
        shop.ok("staff", "add", EMAIL, "--password-stdin", stdin=PASSWORD.encode() + b"\n")
        shop.serve()

        def begin(**more):
            return shop.api("POST", "/session", dict({"email": EMAIL, "password": PASSWORD}, **more))

        # None is set up yet: at the desk, not here.
        answer = begin(code="123456")
        assert answer.status == 403 and "at the desk" in answer.json()["detail"], answer.text
        ada = sign_in(shop)
        secret = secret_on(ada.get("/desk/sign-in/code").text)
        recovery = re.findall(r"<li><code>([A-Z2-7-]+)</code></li>", give(ada, code_of(secret)).text)
        sessions = shop.look("SELECT COUNT(*) FROM session")
        for more, word in (({}, "is needed"), ({"code": ""}, "is needed"), ({"code": code_of(secret, 100)}, "not right"), ({"code": code_of(secret)}, "used already")):
            answer = begin(**more)
            assert answer.status == 403 and word in answer.json()["detail"], (more, answer.text)
        assert begin(code=code_of(secret, 1), password="another").status == 401
        assert shop.look("SELECT COUNT(*) FROM session") == sessions
        answer = begin(code=code_of(secret, 1))
        assert answer.status == 201 and shop.api("DELETE", "/session", token=answer.json()["token"]).status == 200
        assert begin(code=recovery[0]).status == 201 and begin(code=recovery[0]).status == 403
        said = shop.ok("staff", "trail")
        assert "sign in with a recovery code" in said and recovery[0] not in said and "bearer" in said
        assert [begin(code="000000").status for _ in range(12)][-1] == 429
        # Readers have none, and are asked for none.
        shop.reader("ben")


def test_of_two_operators_who_remove_each_other_one_stays():
    with Shop(samples=False) as shop:
        add_operator(shop, "op0@books.example")
        status, _, err = shop.run("staff", "remove", "op0@books.example")
        assert status == 1 and "last operator" in err, err
        # However many others of the staff there are, who stand before them in its list.
        shop.tamper("INSERT INTO account (id, email, name, password, role, created) "
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001) "
                    "SELECT 1000000 + i, 'a' || i || '@books.example', 'A', '', 'partner', 1 FROM n")
        status, _, err = shop.run("staff", "remove", "op0@books.example")
        assert status == 1 and "last operator" in err, err
        shop.tamper("DELETE FROM account WHERE role = 'partner'")
        stays = "op0@books.example"
        for turn in range(1, 4):  # beside a server from the second on: its writer is another one
            other = "op%d@books.example" % turn
            add_operator(shop, other)
            both = [subprocess.Popen([COLOPHON, "-d", shop.dir, "staff", "remove", who], stderr=subprocess.PIPE) for who in (stays, other)]
            said = "".join(p.communicate()[1].decode() for p in both)
            left = [who for who in (stays, other) if who in shop.ok("staff", "list")]
            assert len(left) == 1 and sorted(p.returncode for p in both) == [0, 1] and "last operator" in said, (left, said)
            stays = left[0]
            if turn == 1:
                shop.serve(wait=False)
