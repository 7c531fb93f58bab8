"""Whether an account's address is its holder's: asked by letter where the shop sends mail. Who signs up learns nothing of
anybody else by it."""
import hashlib
import re

from authenticator import Passkey
from exim import Exim
from shop import EMMA, Browser, Shop
from test_letters import PASSWORD, confirmed, follow, joined, wait_for
from test_mail import later, set_mail
from test_passkeys import ORIGIN, RP, Reader
from test_staff import code_of, give as give_code, secret_on


def notice(browser):
    return "not confirmed" in browser.get("/us/account").text


def give(browser, link):
    return follow(browser, link)


def main_of(answer):
    """What a page says, without what it repeats of the form or draws by chance."""
    return re.sub(r'value="[^"]*"', "", answer.text.split("<main")[1].split("</main>")[0])


def sign_up(shop, email, password=PASSWORD, name="Somebody"):
    browser = Browser(shop)
    return browser, browser.post("/us/sign-up", "/us/sign-up", {"name": name, "email": email, "password": password})


def sign_in(shop, email, password=PASSWORD):
    browser = Browser(shop)
    return browser.post("/us/sign-in", "/us/sign-in", {"email": email, "password": password})


def mailing(exim):
    """A shop that sends mail, and knows it."""
    shop = Shop(samples=False)
    set_mail(shop, exim.server)
    shop.serve(wait=False)
    shop.until(lambda: "A letter with a link" in Browser(shop).get("/us/sign-up").text, "the mailer")
    return shop


def test_signing_up_tells_nobody_who_has_an_account():
    with Exim() as exim, mailing(exim) as shop:
        joined(shop, exim, "ann")
        accounts = shop.look("SELECT COUNT(*) FROM account")
        ben, free = sign_up(shop, "ben@example.org")
        eve, taken = sign_up(shop, "Ann@Example.org ")
        assert free.status == taken.status == 200, (free.text, taken.text)
        assert main_of(free).replace("ben@", "*@") == main_of(taken).replace("Ann@Example.org", "*@example.org")
        assert sorted(free.headers.keys()) == sorted(taken.headers.keys()) and free.headers["Cache-Control"] == taken.headers["Cache-Control"]
        assert ben.get("/us/account").status == eve.get("/us/account").status == 303  # nobody is signed in by it
        said = [shop.api("POST", "/accounts", {"email": e, "password": PASSWORD, "name": "P"}) for e in ("cy@example.org", "ann@example.org")]
        assert [a.status for a in said] == [202, 202] and said[0].body == said[1].body, [a.text for a in said]
        assert shop.look("SELECT COUNT(*) FROM account") == accounts
        # As much is written for an address that is taken; nobody can follow it.
        assert shop.look("SELECT COUNT(*) FROM sign_up WHERE email = ''") == "1"
        # Whose address it is hears of it; the other gets a link, of which the hash alone is kept.
        subject, text, links = wait_for(shop, exim, "ann@example.org", 2)
        assert subject == "You have an account already" and links == ["/us/forgot"] and "tried" in text
        subject, _, links = wait_for(shop, exim, "ben@example.org")
        assert subject == "Your account: one more step" and links[0].startswith("/us/sign-up/confirm?link=")
        secret = links[0].split("link=")[1]
        assert shop.look("SELECT COUNT(*) FROM sign_up WHERE link = %s" % shop.blob(hashlib.sha256(secret.encode()).digest())) == "1"
        # Until the link is followed, signing in, asking for a password and the API answer as for anybody unknown.
        known = [sign_in(shop, e) for e in ("ben@example.org", "nobody@example.org")]
        assert known[0].status == known[1].status == 422 and main_of(known[0]) == main_of(known[1])
        tried = [shop.api("POST", "/session", {"email": e, "password": PASSWORD}) for e in ("ben@example.org", "nobody@example.org")]
        assert [a.status for a in tried] == [401, 401] and tried[0].json()["detail"] == tried[1].json()["detail"]
        wrong = [sign_in(shop, e, "not the password") for e in ("ann@example.org", "nobody@example.org")]
        assert wrong[0].status == wrong[1].status == 422 and main_of(wrong[0]) == main_of(wrong[1])
        # The link takes the password that was chosen, once.
        assert Browser(shop).get(links[0]).status == 200  # a mail program may look, too
        assert follow(Browser(shop), links[0], password="not the password").status == 422
        assert follow(Browser(shop), links[0][:-1] + "-", password=PASSWORD).status == 422
        assert follow(ben, links[0], password=PASSWORD).status == 303
        page = ben.get("/us/account").text
        assert "ben@example.org" in page and "not confirmed" not in page
        assert follow(Browser(shop), links[0], password=PASSWORD).status == 422 and sign_in(shop, "ben@example.org").status == 303
        assert shop.look("SELECT COUNT(*) FROM sign_up WHERE email = 'ben@example.org'") == "0"


def test_whoever_signs_up_with_anothers_address_gets_nothing_by_it():
    with Exim() as exim, mailing(exim) as shop:
        # Eve first, with a password of hers; then Dora, whose address it is; then Eve again.
        sign_up(shop, "dora@example.org", "the password of Eve", "Eve")
        dora, _ = sign_up(shop, "dora@example.org", PASSWORD, "Dora")
        sign_up(shop, "dora@example.org", "the password of Eve", "Eve")
        eves, doras, again = (wait_for(shop, exim, "dora@example.org", n)[2][0] for n in (1, 2, 3))
        links = {eves, doras, again}
        assert len(links) == 3
        # Dora's password opens one of them alone, in whatever order the letters came.
        answers = [follow(dora, link, password=PASSWORD) for link in links]
        assert sorted(a.status for a in answers) in ([303, 422, 422],), [a.status for a in answers]
        assert "Dora" in dora.get("/us/account").text and sign_in(shop, "dora@example.org", "the password of Eve").status == 422
        assert shop.look("SELECT COUNT(*) FROM sign_up WHERE email <> ''") == "0"
        # Nobody's letter box is filled, known or not, however the address is written.
        for address in ("Dora@example.org", "fay@example.org"):
            statuses = [sign_up(shop, address if n % 2 else address.upper())[1].status for n in range(5)]
            assert statuses[-1] == 429, (address, statuses)
        assert sign_up(shop, "fay@example.org")[1].status == sign_up(shop, "dora@example.org")[1].status == 429


def test_who_never_follows_the_link_is_forgotten():
    with Exim() as exim, mailing(exim) as shop:
        sign_up(shop, "gil@example.org", name="Gil")
        _, _, links = wait_for(shop, exim, "gil@example.org")
        assert shop.look("SELECT COUNT(*) FROM sign_up") == "1"
        shop.serve(env=later(8 * 86400), wait=False)
        assert follow(Browser(shop), links[0], password=PASSWORD).status == 422
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM sign_up") == "0", "that it is forgotten")
        assert shop.look("SELECT COUNT(*) FROM account") == "0"


def test_who_has_an_account_is_told_what_changes_about_signing_in():
    with Exim() as exim, Shop(samples=False) as shop:
        set_mail(shop, exim.server)
        shop.serve("--public-url", ORIGIN, wait=False)
        shop.until(lambda: "A letter with a link" in Browser(shop).get("/us/sign-up").text, "the mailer")
        ann, passkey = Reader(shop), Passkey(RP, ORIGIN)
        joined(shop, exim, "ann", ann)
        security = "/us/account/security"

        def told(n):
            subject, text, links = wait_for(shop, exim, "ann@example.org", n)
            assert "/us/forgot" in links and "If it was not you" in text and PASSWORD not in text, text
            return subject
        assert ann.add(passkey, "Phone").status == 303 and told(2) == "A passkey was added to your account"
        remove = re.search(r'action="(/us/account/passkeys/\d+/remove)"', ann.get(security).text)[1]
        assert ann.post(security, remove, {"password": PASSWORD}).status == 303 and told(3) == "A passkey was removed from your account"
        assert ann.post(security, "/us/account/password", {"password": PASSWORD, "new-password": "another long secret"}).status == 303
        assert told(4) == "Your password was changed"
        assert ann.post(security, "/us/account/devices", {"name": "Kobo", "password": "another long secret"}).status == 200 and told(5) == "A device was added to your account"
        # What did not happen is not told.
        assert ann.post(security, "/us/account/password", {"password": "wrong", "new-password": "a third long secret"}).status == 422
        shop.tamper("UPDATE account SET role = 'operator'")
        shop.ok("staff", "reset-second-factor", "ann@example.org")
        assert told(6) == "Your second factor was taken away"
        shop.ok("staff", "require-second-factor", "on")
        assert ann.post("/desk/sign-in", "/desk/sign-in", {"email": "ann@example.org", "password": "another long secret"}).status == 303
        secret = secret_on(ann.get("/desk/sign-in/code").text)
        assert give_code(ann, code_of(secret)).status == 200 and told(7) == "Your second factor is set up"
        assert shop.look("SELECT COUNT(*) FROM letter WHERE kind = 'security'") == "6"


def test_another_address_is_confirmed_there_and_told_to_the_old_one():
    with Exim() as exim, mailing(exim) as shop:
        ann = joined(shop, exim, "ann")
        joined(shop, exim, "ben")
        security = "/us/account/security"

        def want(email, password=PASSWORD):
            return ann.post(security, "/us/account/address", {"email": email, "password": password})
        assert want("new@example.org", "not hers").status == 422 and want("no address").status == 422
        free, taken = want("New@Example.org"), want("ben@example.org")
        assert free.status == taken.status == 200 and main_of(free).replace("New@Example.org", "*") == main_of(taken).replace("ben@example.org", "*")
        # Nothing has changed yet; who has the wanted address is told. The link that was asked for before is good no
        # more, whether the address asked for last is free or taken: who asks learns nothing by it.
        subject, text, _ = wait_for(shop, exim, "ben@example.org", 2)
        assert subject == "You have an account already" and "wanted this address for their account" in text
        assert "ann@example.org" in ann.get("/us/account").text
        _, _, links = wait_for(shop, exim, "new@example.org")
        assert follow(Browser(shop), links[0]).status == 422 and want("spare@example.org").status == 200
        _, _, links = wait_for(shop, exim, "spare@example.org")
        assert want("new@example.org").status == 200 and follow(Browser(shop), links[0]).status == 422
        subject, _, links = wait_for(shop, exim, "new@example.org", 2)
        assert subject == "Is this your new address?" and links[0].startswith("/us/new-address?link=")
        assert shop.look("SELECT COUNT(*) FROM address_change WHERE link = %s" % shop.blob(
            hashlib.sha256(links[0].split("link=")[1].encode()).digest())) == "1"
        assert Browser(shop).get(links[0]).status == 200 and follow(Browser(shop), links[0][:-1] + "-").status == 422
        assert follow(Browser(shop), links[0]).status == 200 and follow(Browser(shop), links[0]).status == 422
        assert "new@example.org" in ann.get("/us/account").text
        assert sign_in(shop, "new@example.org").status == 303 and sign_in(shop, "ann@example.org").status == 422
        for address, n in (("ann@example.org", 2), ("new@example.org", 3)):
            subject, text, _ = wait_for(shop, exim, address, n)
            assert subject == "The e-mail address of your account was changed" and "goes to" not in text
        # Too old; and somebody else's by then.
        assert want("late@example.org").status == 200
        _, _, links = wait_for(shop, exim, "late@example.org")
        other, _ = sign_up(shop, "late@example.org")
        _, _, ups = wait_for(shop, exim, "late@example.org", 2)
        assert follow(other, ups[0], password=PASSWORD).status == 303
        assert follow(Browser(shop), links[0]).status == 409 and "new@example.org" in ann.get("/us/account").text
        assert want("tardy@example.org").status == 200
        _, _, links = wait_for(shop, exim, "tardy@example.org")
        shop.serve(env=later(2 * 86400), wait=False)
        assert follow(Browser(shop), links[0]).status == 422
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM address_change") == "0", "that it is forgotten")


def test_who_was_here_before_the_shop_sent_mail_confirms_by_a_letter():
    with Exim() as exim, Shop() as shop:
        shop.serve()
        # Where no mail is sent nobody is asked, and nothing is said; an account is there at once.
        ann, early = Browser(shop), Browser(shop)
        assert ann.sign_up("cn", "Ann").status == 303 and early.sign_up("us", "Early").status == 303
        assert not notice(ann) and "confirm" not in ann.get("/us/sign-up").text
        set_mail(shop, exim.server)
        shop.until(lambda: notice(ann), "the notice")
        # Until then no letters go there, and all else works: the statement stands in the account.
        token = shop.api("POST", "/session", {"email": "ann@example.org", "password": PASSWORD}).json()["token"]
        work = shop.work(EMMA)
        first = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "T", "text": "Words.", "language": "en"}, token).json()
        target = ["--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % first["record_index"]]
        shop.restrict(*target)
        assert len(shop.api("GET", "/us/statements", token=token).json()["statements"]) == 1
        assert shop.look("SELECT COUNT(*) FROM letter") == "0"
        answer = ann.post("/cn/account", "/cn/account/confirm", {})
        assert answer.status == 200
        subject, text, links = wait_for(shop, exim, "ann@example.org")
        assert links[0].startswith("/cn/confirm?link=") and subject == "这是您的地址吗？", (subject, links)
        assert notice(ann) and links[0].split("link=")[1] not in shop.look("SELECT content FROM letter")
        # The link is looked at first (a mail program may, too) and confirms by a form, once; a newer one replaces it.
        assert ann.get(links[0]).status == 200 and notice(ann)
        answer = ann.post("/us/account", "/us/account/confirm", {})
        assert answer.status == 200 and "on its way to ann@example.org" in answer.text
        _, _, again = wait_for(shop, exim, "ann@example.org", 2)
        assert give(ann, links[0]).status == 422 and give(ann, again[0][:-1] + "-").status == 422 and notice(ann)
        assert give(Browser(shop), again[0]).status == 200 and not notice(ann)
        assert give(ann, again[0]).status == 422
        ann.post("/us/demand", "/us/account/confirm", {})
        shop.restrict(*target[:3], "cn", *target[4:])
        subject, _, _ = wait_for(shop, exim, "ann@example.org", 3)
        assert "限制 2" in subject and shop.look("SELECT COUNT(*) FROM letter") == "3", subject
        # Nobody's letter box is filled.
        statuses = [early.post("/us/account", "/us/account/confirm", {}).status for _ in range(5)]
        assert statuses[0] == 200 and statuses[-1] == 429, statuses
        assert shop.ask("POST", "/us/account/confirm", "", {"Content-Type": "application/x-www-form-urlencoded"}).status in (303, 403)
        # Too old.
        _, _, links = wait_for(shop, exim, "early@example.org", len([s for s in statuses if s == 200]))
        shop.serve(env=later(8 * 86400))
        assert give(Browser(shop), links[0]).status == 422


def test_a_new_password_by_letter_confirms_and_staff_answer_for_theirs():
    with Exim() as exim, Shop() as shop:
        shop.ok("account", "add", "olga@example.org", "--role", "operator", "--password-stdin", stdin=b"a long enough secret\n")
        shop.serve()
        for name in "ben", "cleo":
            shop.reader(name)
        set_mail(shop, exim.server)
        stranger = Browser(shop)
        shop.until(lambda: "<form" in stranger.get("/us/forgot").text.split("<main")[1], "the mailer")
        assert stranger.post("/us/forgot", "/us/forgot", {"email": "ben@example.org"}).status == 200
        _, _, links = wait_for(shop, exim, "ben@example.org")
        link = links[0]
        assert stranger.post(link, link.split("?")[0], {"link": link.split("link=")[1], "password": "another long secret"}).status == 303
        ben = Browser(shop)
        ben.post("/us/sign-in", "/us/sign-in", {"email": "ben@example.org", "password": "another long secret"})
        assert not notice(ben)
        confirmed(shop, exim, "cleo")
        assert shop.look("SELECT COUNT(*) FROM account WHERE confirmed = 0") == "0" and not exim.letters("olga@example.org")
