"""Forgotten passwords: a letter with a link that works once."""
import re

from exim import Exim
from shop import Browser, Shop
from authenticator import Passkey
from test_letters import joined
from test_mail import later, set_mail, until
from test_passkeys import ORIGIN, RP, Reader

OLD, NEW = "a long enough secret", "another long secret"


def ask(browser, email, storefront="us"):
    path = "/%s/forgot" % storefront
    return browser.post(path, path, {"email": email})


def give(browser, link, password=NEW):
    return browser.post(link, link.split("?")[0], {"link": link.split("link=")[1], "password": password})


def links(exim, to):
    found = [re.search(r"https://books\.example(/\S+)", m.get_content())[1] for m in exim.letters(to)]
    return [link for link in found if "new-password?" in link]


def all_to(shop, exim, to, subject):
    """The letters of that subject, once there is one."""
    def found():
        return [m for m in exim.letters(to) if m["Subject"] == subject]
    shop.until(found, subject)
    return found()


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
        # Where no mail is sent, nobody is promised a letter: the page says whom to write to.
        assert "/us/forgot" in stranger.get("/us/sign-in").text
        page = main_of(stranger.get("/us/forgot").text)
        assert "<form" not in page and "sends no letters" in page and "whoever keeps this shop" in page, page
        token_of = stranger.get("/us/sign-in").text.split('name="token" value="')[1].split('"')[0]
        answer = stranger.ask("POST", "/us/forgot", {"token": token_of, "email": "ann@example.org"})
        assert answer.status == 200 and main_of(answer.text) == page
        shop.serve("--contact", "help@books.example")
        assert "Write to help@books.example" in stranger.get("/us/forgot").text
        set_mail(shop, exim.server)
        shop.until(lambda: "<form" in main_of(stranger.get("/us/forgot").text), "the form")
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
        # Who has the account is told that it was done, and where to go if it was somebody else.
        told = [m for m in all_to(shop, exim, "ann@example.org", "Your password was changed")]
        assert len(told) == 1 and "https://books.example/us/forgot" in told[0].get_content() and NEW not in told[0].get_content()
        # All sessions are over; the link, too.
        assert signed_in.get("/us/account").status == 303
        assert shop.api("PUT", "/us/works/1/rating", {"stars": 3}, token).status == 401
        assert give(stranger, second, "a third long secret").status == 422 and can_sign_in(shop, NEW)
        # Nobody's letter box is filled.
        statuses = [ask(stranger, "ann@example.org").status for _ in range(4)]
        assert statuses[-1] == 429, statuses
        # Too old.
        shop.until(lambda: len(links(exim, "ann@example.org")) >= 3, "another letter")
        third = links(exim, "ann@example.org")[-1]
        shop.serve(env=later(3700))
        assert give(Browser(shop), third, "a third long secret").status == 422


def test_a_new_password_by_letter_locks_out_whoever_left_a_passkey():
    with Exim() as exim, Shop(samples=False) as shop:
        set_mail(shop, exim.server)
        shop.serve("--public-url", ORIGIN, wait=False)
        ann, ben, device, bens = Reader(shop), Reader(shop), Passkey(RP, ORIGIN), Passkey(RP, ORIGIN)
        shop.until(lambda: "<form" in main_of(ann.get("/us/forgot").text), "the mailer")
        assert joined(shop, exim, "ann", ann).add(device).status == 303
        assert joined(shop, exim, "ben", ben).add(bens).status == 303
        assert ask(Browser(shop), "ann@example.org").status == 200
        shop.until(lambda: any("new-password" in link for link in links(exim, "ann@example.org")), "the letter")
        link = next(link for link in links(exim, "ann@example.org") if "new-password" in link)
        page = Browser(shop).get(link).text
        assert "passkeys of your account are removed" in page, page
        assert Reader(shop).use(device).status == 303
        assert give(Browser(shop), link).status == 303 and can_sign_in(shop, NEW)
        assert Reader(shop).use(device).status == 422 and Reader(shop).use(bens).status == 303
