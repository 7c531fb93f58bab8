"""Passkeys: made, used, removed; and all that has to be refused, by a device that lies."""
import hashlib
import re

from authenticator import CREDENTIAL, EDDSA, ES256, EXTENSIONS, PRESENT, RS256, VERIFIED, Key, Passkey, cbor, data_of, text
from shop import Browser, Shop

PASSWORD, RP, ORIGIN = "a long enough secret", "books.example", "https://books.example"
PAGE, SIGN_IN = "/us/account/security", "/us/sign-in"


class Reader(Browser):
    def asked(self, making=True, password=PASSWORD):
        page, path = (PAGE, "/us/account/passkeys/challenge") if making else (SIGN_IN, "/us/sign-in/challenge")
        return self.post(page, path, {"password": password} if making else {})

    def add(self, passkey, name="Phone", **parts):
        """Makes one and hands it in."""
        asked = self.asked().json()
        return self.hand_in(passkey.made(asked, **parts), name)

    def hand_in(self, sent, name="Phone"):
        return self.post(PAGE, "/us/account/passkeys", {"name": name, **sent})

    def use(self, passkey, **parts):
        return self.show(passkey.used(self.asked(making=False).json(), **parts))

    def show(self, sent):
        return self.post(SIGN_IN, "/us/sign-in/passkey", {"return": "/us/account", **sent})

    def named(self):
        """Its passkeys, as the page lists them."""
        return re.findall(r'<li class="entry spread" data-passkey-name="([^"]*)">', self.get(PAGE).text)


class Desk(Reader):
    """The same at the desk's form."""

    def asked(self, making=False, password=PASSWORD):
        return self.post("/desk/sign-in", "/desk/sign-in/challenge", {})

    def show(self, sent):
        return self.post("/desk/sign-in", "/desk/sign-in/passkey", {"return": "/desk/", **sent})


class Open(Shop):
    """A shop behind https, which browsers ask for."""

    def __enter__(self):
        super().__enter__()
        self.serve("--public-url", ORIGIN, wait=False)
        self.ann = Reader(self)
        assert self.ann.sign_up("us", "Ann").status == 303
        return self


def by_hash(account, rp):
    """By what devices knew an account before that was random."""
    return text(hashlib.sha256(b"passkey of %d at %s" % (account, rp.encode())).digest())


def said(answer):
    return re.search(r'role="alert"[^>]*>([^<]*)<', answer.text)[1]


def test_passkeys_are_made_used_and_removed():
    with Open(samples=False) as shop:
        ann = shop.ann
        phone, laptop, old = Passkey(RP, ORIGIN), Passkey(RP, ORIGIN, EDDSA), Passkey(RP, ORIGIN, RS256)
        assert ann.asked(password="not hers").status == 422  # whoever finds a session open adds no way in
        assert ann.add(phone, "Phone & <i>").status == 303
        assert ann.add(laptop, "Laptop", fmt="packed").status == 303  # signed by its own key
        assert ann.add(old, "Old").status == 303
        assert ann.named() == ["Phone &amp; &lt;i&gt;", "Laptop", "Old"] and ann.get(PAGE).text.count("never used") == 3
        known = ann.asked().json()
        assert sorted(known["exclude"]) == sorted(text(p.credential) for p in (phone, laptop, old))
        assert known["rp"]["id"] == RP and "@" not in known["user"]["id"]
        # By what a device knows the account is random: neither the account nor anything of it guesses it.
        assert known["user"]["id"] == ann.asked().json()["user"]["id"] != by_hash(1, RP)
        for passkey in (phone, laptop, old):
            browser = Reader(shop)
            answer = browser.use(passkey)
            assert answer.status == 303 and answer.headers["Location"] == "/us/account", answer.text
            assert browser.named() == ann.named()
        assert "never used" not in ann.get(PAGE).text
        # The same device once more, and a device that somebody else made known.
        assert ann.add(phone).status == 409
        ben = Reader(shop)
        assert ben.sign_up("us", "Ben").status == 303
        assert ben.add(phone).status == 409 and ben.named() == []
        # Nobody removes another's; the last one goes with the password alone.
        removes = re.findall(r'action="(/us/account/passkeys/\d+/remove)"', ann.get(PAGE).text)
        assert len(removes) == 3
        assert ben.post(PAGE, removes[0], {"password": PASSWORD}).status == 404 and len(ann.named()) == 3
        assert ann.post(PAGE, removes[1], {}).status == 303 and Reader(shop).use(laptop).status == 422
        assert ann.post(PAGE, removes[2], {}).status == 303
        assert ann.post(PAGE, removes[0], {}).status == 422 and ann.post(PAGE, removes[0], {"password": "not hers"}).status == 422
        assert Reader(shop).use(phone).status == 303
        assert ann.post(PAGE, removes[0], {"password": PASSWORD}).status == 303 and ann.named() == []
        assert Reader(shop).use(phone).status == 422
        assert shop.look("SELECT COUNT(*) FROM passkey") == "0"


def test_the_counter_goes_up_and_an_account_takes_its_passkeys_along():
    with Open(samples=False) as shop:
        ann, passkey = shop.ann, Passkey(RP, ORIGIN)
        passkey.counter = 7
        assert ann.add(passkey).status == 303
        for counter, status in ((7, 422), (6, 422), (0, 422), (8, 303), (8, 422), (4294967295, 303), (9, 422)):
            assert Reader(shop).use(passkey, counter=counter).status == status, counter
        for n in range(18):
            shop.tamper("INSERT INTO passkey SELECT %d, account_id, rp, %s, algorithm, public_key, 0, 'Key', created, 0, 0 FROM passkey WHERE id < 1000"
                        % (1000 + n, shop.blob(b"credential %d" % n)))
        assert ann.add(Passkey(RP, ORIGIN)).status == 303
        assert ann.add(Passkey(RP, ORIGIN)).status == 429 and len(ann.named()) == 20
        answer = ann.post("/us/account/erase", "/us/account/erase", {"password": PASSWORD})
        assert answer.status == 303 and answer.headers["Location"] == "/us/erased"
        page = ann.get("/us/erased").text  # what is gone, and what stays
        assert "Your name, e-mail address and password are erased" in page and "What stays" in page and "Ann" not in page.split("<main")[1]
        assert shop.look("SELECT COUNT(*) FROM passkey") == "0"
        assert Reader(shop).use(passkey, counter=4294967295).status == 422


def test_what_is_no_passkey_of_ours_is_refused():
    with Open(samples=False) as shop:
        ann, good = shop.ann, Passkey(RP, ORIGIN)
        asked = ann.asked().json()
        off_curve = {**good.key.cose, -3: bytes(32)}
        wrong = [
            {"origin": "https://evil.example"}, {"origin": "http://books.example"}, {"origin": ORIGIN + ":8443"}, {"origin": ORIGIN + "/"},
            {"rp": "evil.example"}, {"rp": "example"}, {"kind": "webauthn.get"}, {"challenge": "A" * 43}, {"challenge": ""},
            {"more": {"crossOrigin": True}}, {"more": {"topOrigin": "https://evil.example"}},
            {"flags": PRESENT | CREDENTIAL}, {"flags": VERIFIED | CREDENTIAL}, {"flags": PRESENT | VERIFIED},
            {"flags": PRESENT | VERIFIED | CREDENTIAL | EXTENSIONS}, {"tail": b"\0"}, {"tail": cbor({})},
            {"credential": b""}, {"credential": bytes(1024)}, {"cose": {}}, {"cose": off_curve}, {"cose": {**good.key.cose, 3: -35}},
            {"cose": {**good.key.cose, -2: bytes(31)}}, {"cose": {**good.key.cose, 1: 1}},
            {"fmt": "packed", "statement": {"alg": -7, "sig": bytes(70)}}, {"fmt": "packed", "statement": {}},
            {"fmt": "packed", "statement": {"alg": -7, "sig": b"", "x5c": [b"no certificate"]}},
            {"fmt": "none", "statement": {"alg": -7}}, {"fmt": "fido-u2f"}, {"fmt": "tpm"}, {"fmt": ""},
            {"attestation": b""}, {"attestation": b"\xa0"}, {"attestation": b"\xff" * 200}, {"attestation": cbor([1, 2, 3])},
            # Lengths that promise more than there is, depth without an end.
            {"attestation": b"\xa3\x63fmt\x64none\x67attStmt\xbb\xff\xff\xff\xff\xff\xff\xff\xff"},
            {"attestation": b"\xa3\x63fmt\x64none\x67attStmt\xa1\x61a" + b"\x81" * 9000},
            {"attestation": b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x5b\0\0\0\x7f\xff\xff\xff\xff"},
            {"attestation": b"\xbf\x63fmt\x64none\xff"}, {"attestation": cbor({"fmt": "none", "attStmt": {}, "authData": b""})},
        ]
        for at, parts in enumerate(wrong):
            if at % 15 == 0:  # who asks for so many gives the password too often
                reader = Reader(shop)
                assert reader.sign_up("us", "Reader%d" % at).status == 303
            answer = reader.add(good, **parts)
            assert answer.status == 422 and "passkey" in said(answer).lower(), (parts, answer.status)
        assert shop.look("SELECT COUNT(*) FROM passkey") == "0"
        # A challenge is good once, for the browser that asked for it, and for what it was asked for.
        other = Reader(shop)
        assert other.post(SIGN_IN, SIGN_IN, {"email": "ann@example.org", "password": PASSWORD}).status == 303
        assert other.hand_in(good.made(asked)).status == 422
        assert ann.hand_in(good.made(ann.asked(making=False).json() | {"user": asked["user"]})).status == 422
        asked = ann.asked().json()
        assert ann.hand_in(good.made(asked, origin="https://evil.example")).status == 422
        assert ann.hand_in(good.made(asked)).status == 422  # used up by what was refused
        sent = good.made(ann.asked().json())
        for broken in ({"client_data": "!"}, {"client_data": "e30"}, {"client_data": text(b"[]")}, {"client_data": text(b"\xff{}")},
                       {"attestation": "A" * 90000}, {"attestation": "=="}, {"client_data": ""}, {"attestation": ""}):
            assert ann.hand_in({**sent, **broken}).status == 422, broken
        assert ann.hand_in(good.made(ann.asked().json()), name=" ").status == 422
        assert ann.ask("POST", "/us/account/passkeys", {**sent, "name": "x"}).status == 403  # another site's form
        assert Reader(shop).hand_in(sent).status in (303, 403)
        assert ann.named() == [] and ann.hand_in(good.made(ann.asked().json())).status == 303


def test_who_is_not_let_in():
    with Open(samples=False) as shop:
        ann, ben = shop.ann, Reader(shop)
        assert ben.sign_up("us", "Ben").status == 303
        hers, his, nobodys = (Passkey(RP, ORIGIN) for _ in range(3))
        assert ann.add(hers).status == 303 and ben.add(his).status == 303
        nobodys.user = hers.user
        eve = Reader(shop)
        stale = eve.asked(making=False).json()
        replayed = hers.used(stale)
        assert eve.show(replayed).status == 303
        wrong = [
            {"origin": "https://evil.example"}, {"origin": "http://books.example"}, {"rp": "evil.example"}, {"kind": "webauthn.create"},
            {"challenge": "A" * 43}, {"challenge": stale["challenge"]}, {"more": {"crossOrigin": True}},
            {"flags": PRESENT}, {"flags": VERIFIED}, {"flags": 0}, {"flags": PRESENT | VERIFIED | CREDENTIAL}, {"tail": b"\0"},
            {"flags": PRESENT | VERIFIED | EXTENSIONS}, {"flags": PRESENT | VERIFIED | EXTENSIONS, "tail": b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff"},
            {"signature": b""}, {"signature": bytes(70)}, {"signature": b"\x30" * 5000}, {"key": Key(ES256)}, {"key": Key(EDDSA)},
            # Another's: his signature with her id, her signature with his name.
            {"credential": his.credential}, {"user": his.user}, {"user": b""}, {"key": his.key}, {"credential": b""}, {"credential": bytes(5000)},
        ]
        answers = [(parts, Reader(shop).use(hers, **parts)) for parts in wrong]
        answers.append(("unknown", Reader(shop).use(nobodys)))
        # One sentence for all: nobody learns whose passkey is known here.
        told = {said(answer) for _, answer in answers}
        assert all(a.status == 422 and not a.headers.get("Set-Cookie", "").startswith("__Host-session") for _, a in answers), \
            [(p, a.status) for p, a in answers if a.status != 422]
        assert told == {"This passkey does not fit, or this shop does not know it."}, told
        fresh = Reader(shop)
        assert fresh.get(SIGN_IN).status == 200 and fresh.show(replayed).status == 422  # replayed, elsewhere and here
        assert Reader(shop).show(hers.used(fresh.asked(making=False).json())).status == 422  # another browser's challenge
        sent = hers.used(fresh.asked(making=False).json())
        tampered = {**sent, "authenticator_data": sent["authenticator_data"][:-1] + ("B" if sent["authenticator_data"][-1] != "B" else "A")}
        assert fresh.show(tampered).status == 422 and fresh.show(sent).status == 422  # used up
        assert fresh.use(hers).status == 303
        # What is too old is gone.
        late = Reader(shop)
        sent = hers.used(late.asked(making=False).json())
        shop.stop()
        shop.tamper("UPDATE passkey_challenge SET expires = 1")
        shop.serve("--public-url", ORIGIN, wait=False)
        assert late.show(sent).status == 422 and late.use(hers).status == 303
        assert shop.look("SELECT COUNT(*) FROM passkey_challenge WHERE expires = 1") == "0"


def test_passkeys_of_staff_and_of_other_hosts():
    with Shop(samples=False) as shop:
        shop.ok("staff", "require-second-factor", "on")
        shop.serve("--public-url", ORIGIN, wait=False)
        ann, passkey = Reader(shop), Passkey(RP, ORIGIN)
        assert ann.sign_up("us", "Ann").status == 303 and ann.add(passkey).status == 303
        # Who becomes staff still gives a code: a passkey stands in the place of the password.
        shop.tamper("UPDATE account SET role = 'operator'")
        ada = Reader(shop)
        assert ada.use(passkey).status == 303
        answer = ada.get("/desk/")
        assert answer.status == 303 and answer.headers["Location"].startswith("/desk/sign-in/code")
        assert ada.asked().status == 422 and "code" in ada.asked().json()["error"]
        assert re.search(r"sign in\b.*passkey", shop.ok("staff", "trail"))
        # Without https, or at a bare address, browsers know none: none is offered.
        shop.serve(wait=False)
        assert "data-passkey" not in Reader(shop).get(SIGN_IN).text
        assert Reader(shop).asked(making=False).status == 404
        shop.serve("--public-url", "https://192.0.2.1", wait=False)
        assert "data-passkey" not in Reader(shop).get(SIGN_IN).text
        # A passkey is good for the host it was made on.
        shop.serve("--public-url", "https://other.example", wait=False)
        assert "data-passkey" in Reader(shop).get(SIGN_IN).text
        assert Reader(shop).use(passkey).status == 422
        moved = Passkey("other.example", "https://other.example")
        moved.credential, moved.key, moved.user = passkey.credential, passkey.key, passkey.user
        assert Reader(shop).use(moved).status == 422


def test_passkeys_from_before_there_was_a_random_name_go_on():
    with Open(samples=False) as shop:
        ann, old, new = shop.ann, Passkey(RP, ORIGIN), Passkey(RP, ORIGIN)
        assert ann.add(old).status == 303
        account = int(shop.look("SELECT account_id FROM passkey"))
        random = old.user
        shop.tamper("UPDATE passkey SET by_hash = 1", "UPDATE account SET passkey_user = %s" % shop.blob(b""))
        assert Reader(shop).use(old).status == 422
        assert Reader(shop).use(old, user=data_of(by_hash(account, RP))).status == 303
        # A new one beside it has a name of its own, and each goes by its own.
        assert ann.add(new).status == 303 and new.user not in (random, data_of(by_hash(account, RP)))
        assert Reader(shop).use(new).status == 303 and Reader(shop).use(old, user=new.user).status == 422
        assert Reader(shop).use(old, user=data_of(by_hash(account, RP))).status == 303


def test_staff_sign_in_at_the_desk_by_a_passkey_and_give_their_code_after_it():
    with Shop(samples=False) as shop:
        shop.serve("--public-url", ORIGIN, wait=False)
        ada, passkey, stranger = Reader(shop), Passkey(RP, ORIGIN), Passkey(RP, ORIGIN)
        assert ada.sign_up("us", "Ada").status == 303 and ada.add(passkey).status == 303
        stranger.user = passkey.user
        shop.tamper("UPDATE account SET role = 'operator'")
        desk = Desk(shop)
        assert 'action="/desk/sign-in/passkey"' in desk.get("/desk/sign-in").text
        refused = desk.use(stranger)
        assert refused.status == 422 and 'action="/desk/sign-in"' in refused.text and "does not fit" in said(refused), refused.text
        answer = desk.use(passkey)
        assert answer.status == 303 and answer.headers["Location"] == "/desk/" and desk.get("/desk/").status == 200
        # Where staff need a second factor, a passkey is the first: the code follows.
        shop.ok("staff", "require-second-factor", "on")
        desk = Desk(shop)
        assert desk.use(passkey).status == 303
        answer = desk.get("/desk/")
        assert answer.status == 303 and answer.headers["Location"].startswith("/desk/sign-in/code"), answer.headers["Location"]
