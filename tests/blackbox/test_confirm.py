"""Whether an account's address is its holder's: asked by letter where the shop sends mail."""
from exim import Exim
from shop import EMMA, Browser, Shop
from test_letters import confirmed, wait_for
from test_mail import later, set_mail


def notice(browser):
    return "not confirmed" in browser.get("/us/account").text


def give(browser, link):
    return browser.post(link, link.split("?")[0], {"link": link.split("link=")[1]})


def test_an_address_is_confirmed_by_its_letter():
    with Exim() as exim, Shop() as shop:
        shop.serve()
        # Where no mail is sent nobody is asked, and nothing is said.
        early = Browser(shop)
        early.sign_up("us", "Early")
        assert not notice(early) and "confirm" not in early.get("/us/sign-up").text
        set_mail(shop, exim.server)
        shop.until(lambda: notice(early), "the notice")
        ann = Browser(shop)
        assert ann.sign_up("cn", "Ann").status == 303
        subject, text, links = wait_for(shop, exim, "ann@example.org")
        assert links[0].startswith("/cn/confirm?link=") and subject == "这是您的地址吗？", (subject, links)
        assert notice(ann) and links[0].split("link=")[1] not in shop.look("SELECT content FROM letter")
        # Until then no letters go there, and all else works: the statement stands in the account.
        token = shop.api("POST", "/session", {"email": "ann@example.org", "password": "a long enough secret"}).json()["token"]
        work = shop.work(EMMA)
        first = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "T", "text": "Words.", "language": "en"}, token).json()
        target = ["--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % first["record_index"]]
        shop.restrict(*target)
        assert len(shop.api("GET", "/us/statements", token=token).json()["statements"]) == 1
        assert shop.look("SELECT COUNT(*) FROM letter") == "1"
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
        set_mail(shop, exim.server)
        shop.ok("account", "add", "olga@example.org", "--role", "operator", "--password-stdin", stdin=b"a long enough secret\n")
        shop.serve()
        shop.reader("ben")
        wait_for(shop, exim, "ben@example.org")
        stranger = Browser(shop)
        assert stranger.post("/us/forgot", "/us/forgot", {"email": "ben@example.org"}).status == 200
        _, _, links = wait_for(shop, exim, "ben@example.org", 2)
        link = links[0]
        assert stranger.post(link, link.split("?")[0], {"link": link.split("link=")[1], "password": "another long secret"}).status == 303
        ben = Browser(shop)
        ben.post("/us/sign-in", "/us/sign-in", {"email": "ben@example.org", "password": "another long secret"})
        assert not notice(ben)
        shop.reader("cleo")
        confirmed(shop, exim, "cleo")
        assert shop.look("SELECT COUNT(*) FROM account WHERE confirmed = 0") == "0" and not exim.letters("olga@example.org")
