"""Forgotten passwords: a letter with a link that works once."""
import re

from exim import Exim
from shop import Browser, Shop
from authenticator import Passkey
from test_mail import later, set_mail, until
from test_passkeys import ORIGIN, RP, Reader

OLD, NEW = "a long enough secret", "another long secret"


def ask(browser, email, storefront="us"):
    path = "/%s/forgot" % storefront
    return browser.post(path, path, {"email": email})


def give(browser, link, password=NEW):
    return browser.post(link, link.split("?")[0], {"link": link.split("link=")[1], "password": password})


def links(exim, to):
    return [re.search(r"https://books\.example(/\S+)", m.get_content())[1] for m in exim.letters(to)]


def can_sign_in(shop, password):
    return shop.api("POST", "/session", {"email": "ann@example.org", "password": password}).status == 201


def main_of(text):
    return re.sub(r'value="[^"]*"', "", text.split("<main")[1].split("</main>")[0])


def test_a_forgotten_password():
    with Exim() as exim, Shop(samples=False) as shop:
        shop.serve()
        token, stranger = shop.reader("ann"), Browser(shop)
        signed_in = Browser(shop)
        assert signed_in.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": OLD}).status == 303
        # Where no mail is sent, nobody is promised a letter.
        assert "/us/forgot" not in stranger.get("/us/sign-in").text
        set_mail(shop, exim.server)
        shop.until(lambda: "/us/forgot" in stranger.get("/us/sign-in").text, "the link")
        # Known or not: the same answer.
        known, unknown = ask(stranger, "Ann@Example.org"), ask(stranger, "nobody@example.org")
        assert known.status == unknown.status == 200 and main_of(known.text) == main_of(unknown.text)
        assert ask(stranger, "no address").status == 422
        until(shop, "state = 'sent'", "the letter")
        assert shop.look("SELECT COUNT(*) FROM letter") == "1"
        # Nor by the time that it takes: a link is written for nobody as well, and none leads there.
        assert shop.look("SELECT COUNT(*) FROM account_token WHERE account_id = 0 AND kind = 'new-password'") == "1"
        shop.until(lambda: links(exim, "ann@example.org"), "the letter")
        first = links(exim, "ann@example.org")[0]
        assert first.startswith("/us/new-password?link=")
        assert first.split("link=")[1] not in shop.look("SELECT content FROM letter")
        # A second one makes the first void; it is in the language of the page.
        assert ask(stranger, "ann@example.org", "cn").status == 200
        shop.until(lambda: len(exim.letters()) == 2, "the second letter")
        second = links(exim, "ann@example.org")[1]
        assert second.startswith("/cn/new-password?link=") and exim.letters()[1]["Subject"] == "新密码"
        assert give(stranger, first).status == 422 and can_sign_in(shop, OLD)
        assert give(stranger, second, "short").status == 422
        assert give(stranger, second[:-1] + ("A" if second[-1] != "A" else "B")).status == 422
        answer = give(stranger, second)
        assert answer.status == 303 and answer.headers["Location"] == "/cn/sign-in"
        assert can_sign_in(shop, NEW) and not can_sign_in(shop, OLD)
        # All sessions are over; the link, too.
        assert signed_in.get("/us/account").status == 303
        assert shop.api("PUT", "/us/works/1/rating", {"stars": 3}, token).status == 401
        assert give(stranger, second, "a third long secret").status == 422 and can_sign_in(shop, NEW)
        # Nobody's letter box is filled.
        statuses = [ask(stranger, "ann@example.org").status for _ in range(4)]
        assert statuses[-1] == 429, statuses
        # Too old.
        shop.until(lambda: len(exim.letters()) >= 3, "another letter")
        third = links(exim, "ann@example.org")[-1]
        shop.serve(env=later(3700))
        assert give(Browser(shop), third, "a third long secret").status == 422


def test_a_new_password_by_letter_locks_out_whoever_left_a_passkey():
    with Exim() as exim, Shop(samples=False) as shop:
        set_mail(shop, exim.server)
        shop.serve("--public-url", ORIGIN, wait=False)
        ann, ben, device, bens = Reader(shop), Reader(shop), Passkey(RP, ORIGIN), Passkey(RP, ORIGIN)
        assert ann.sign_up("us", "Ann").status == 303 and ann.add(device).status == 303
        assert ben.sign_up("us", "Ben").status == 303 and ben.add(bens).status == 303
        assert ask(Browser(shop), "ann@example.org").status == 200
        shop.until(lambda: any("new-password" in link for link in links(exim, "ann@example.org")), "the letter")
        link = next(link for link in links(exim, "ann@example.org") if "new-password" in link)
        page = Browser(shop).get(link).text
        assert "passkeys of your account are removed" in page, page
        assert Reader(shop).use(device).status == 303
        assert give(Browser(shop), link).status == 303 and can_sign_in(shop, NEW)
        assert Reader(shop).use(device).status == 422 and Reader(shop).use(bens).status == 303
