"""Letters that the Record causes, as they arrive: about demands, statements of reasons, complaints."""
import re

from exim import Exim
from shop import EMMA, Browser, Shop
from test_mail import set_mail
from test_targets import voices

LINK = r"https://books\.example(/\S+)"


def wait_for(shop, exim, to, n=1):
    shop.until(lambda: len(exim.letters(to)) >= n, "letter %d to %s" % (n, to), seconds=120)
    letter = exim.letters(to)[n - 1]
    return letter["Subject"], letter.get_content(), re.findall(LINK, letter.get_content())


PASSWORD = "a long enough secret"


def follow(browser, link, **fields):
    """Sends the form behind a letter's link."""
    return browser.post(link, link.split("?")[0], {"link": link.split("link=")[1], **fields})


def joined(shop, exim, name, browser=None, storefront="us"):
    """A browser of somebody who made an account where the shop sends mail, and followed the letter's link."""
    browser = browser or Browser(shop)
    answer = browser.sign_up(storefront, name.title())
    assert answer.status == 200, answer.text
    _, _, links = wait_for(shop, exim, name + "@example.org")
    answer = follow(browser, links[0], password=PASSWORD)
    assert answer.status == 303, answer.text
    return browser


def confirmed(shop, exim, name):
    """Who had an account before the shop sent mail asks for the letter, and follows its link."""
    browser = Browser(shop)
    assert browser.post("/us/sign-in", "/us/sign-in", {"email": name + "@example.org", "password": PASSWORD}).status == 303
    assert browser.post("/us/account", "/us/account/confirm", {}).status == 200
    _, _, links = wait_for(shop, exim, name + "@example.org")
    answer = follow(Browser(shop), links[0])
    assert answer.status == 200 and "is confirmed" in answer.text, answer.text


def proof_of(shop, links):
    """The proof that a letter leads to, checked."""
    path = [l for l in links if l.startswith("/record/proofs/")][0]
    proof = shop.get(path)
    assert proof.status == 200, proof.text
    status, out, err = shop.run("receipt", "verify", shop.file("letter.tlog-proof", proof.text))
    assert status == 0, out + err
    return out


def demand_form(browser, page="/cn/demand", **more):
    fields = {"sender": "reader", "target": "edition", "key": EMMA, "feature": "reviews", "storefront": "cn", "ground": "law",
              "legal_basis": "Act 3", "explanation": "CANARY words", "name": "Ann", "email": "Ann@Readers.example", "good_faith": "yes"}
    answer = browser.post(page, page, dict(fields, **more))
    assert answer.status == 303, answer.text
    return answer.headers["Location"]


def test_who_files_a_demand_is_told():
    with Exim() as exim, Shop() as shop:
        shop.ok("redress", "set", "--body", "Appeals Centre=https://appeals.example/")
        set_mail(shop, exim.server)
        shop.serve()
        own = demand_form(Browser(shop))
        subject, text, links = wait_for(shop, exim, "ann@readers.example")
        assert "已收到" in subject and "1" in subject and exim.letters()[0]["Content-Language"] == "zh-Hans", subject
        assert own in links and own + "/receipt" in links and "CANARY" not in text, text
        status, out, err = shop.run("receipt", "verify", shop.file("demand.tlog-proof", shop.get(own + "/receipt").body))
        assert status == 0, out + err
        assert '"demand"' in proof_of(shop, links)
        # An entry says when that letter was sent.
        told = lambda: [line for line in shop.get("/record/entries.jsonl").text.splitlines() if '"type":"acknowledged"' in line]
        shop.until(told, "the entry of the confirmation")
        assert len(told()) == 1 and '"demand":1' in told()[0] and shop.run("demand", "acknowledge", "1", "--sent", "2026-01-01")[0] == 1
        # Decided: how, why, and what can be done about it; with a way to the page that is no longer known here.
        shop.ok("demand", "decide", "1", "--outcome", "refused", "--reason", "No such law.")
        subject, text, links = wait_for(shop, exim, "ann@readers.example", 2)
        assert "No such law." in text and "https://appeals.example/" in text and "拒绝" in subject, (subject, text)
        again = [l for l in links if "/demand/" in l][0]
        assert again != own and 'data-demand="1"' in shop.get(again).text and "No such law." in shop.get(again).text
        assert '"decision"' in proof_of(shop, links)
        assert again.rsplit("/", 1)[1] not in shop.look("SELECT content FROM letter")
        # By the API in the language it names; what is granted names the restriction. Staff tell who wrote on paper.
        made = shop.api("POST", "/demands", {"sender": "rightsholder", "target": {"kind": "edition", "key": EMMA}, "features": ["sale"],
                                             "storefronts": ["us"], "ground": "law", "legal_basis": "Act 4", "email": "bo@readers.example",
                                             "language": "en"})
        assert made.status == 201, made.text
        subject, text, links = wait_for(shop, exim, "bo@readers.example")
        assert subject == "Your demand was received: demand 2" and "/us/demand/" + made.json()["secret"] in links
        shop.ok("demand", "decide", "2", "--outcome", "granted", "--reason", "It is so.", "--until", "2099-12-31",
                "--legal-basis", "Act 4")
        subject, text, links = wait_for(shop, exim, "bo@readers.example", 2)
        assert subject == "Demand 2 is granted" and "/record/restrictions/1" in links and "It is so." in text
        # Who gave no address has the page alone; an account's own address is good enough.
        demand_form(Browser(shop), email="", name="")
        shop.ok("demand", "decide", "3", "--outcome", "refused", "--reason", "r")
        reader = joined(shop, exim, "cleo")
        own = demand_form(reader, "/us/demand", email="", storefront="us")
        subject, text, links = wait_for(shop, exim, "cleo@example.org", 2)
        assert own in links and "demand 4" in subject
        assert shop.look("SELECT COUNT(*) FROM letter") == "6"


def test_a_statement_and_its_complaint_by_letter():
    with Exim() as exim, Shop() as shop:
        shop.ok("shop", "contact", "main", "--email", "shop@main.example", "--language", "zh-Hans")
        shop.serve()
        _, _, reviews, _ = voices(shop)
        set_mail(shop, exim.server)
        for name in "ann", "ben", "cleo":
            confirmed(shop, exim, name)
        made = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews", "--target", "review:%d" % reviews["ann"]["record_index"])
        subject, text, links = wait_for(shop, exim, "ann@example.org", 2)
        assert subject == "Something of yours is withheld: restriction %d" % made["id"]
        page = [l for l in links if l.startswith("/record/statements/")][0]
        assert "Because we were told to." in shop.get(page).text and "/record/restrictions/%d" % made["id"] in links
        assert '"restriction"' in proof_of(shop, links)
        # The address is enough to complain.
        ann = Browser(shop)
        assert ann.post(page, page + "/complaint", {"text": "It was honest."}).status == 303
        shop.ok("complaint", "decide", "1", "--upheld", "--reason", "It broke no rule.")
        subject, text, links = wait_for(shop, exim, "ann@example.org", 3)
        assert subject == "Your complaint was upheld" and "It broke no rule." in text
        assert '"complaint_decision"' in proof_of(shop, links)
        # Who commented where all comments are withheld.
        whole = shop.restrict("--ground", "terms", "--storefront", "us", "--edition", EMMA, "--withhold", "comments")["id"]
        for name in "ben", "cleo":
            subject, text, links = wait_for(shop, exim, name + "@example.org", 2)
            assert subject.endswith("restriction %d" % whole) and shop.get([l for l in links if "/statements/" in l][0]).status == 200
            assert '"restriction"' in proof_of(shop, links)
        # A shop, in its language.
        shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "sale")
        subject, text, links = wait_for(shop, exim, "shop@main.example", 2)
        assert exim.letters("shop@main.example")[0]["Content-Language"] == "zh-Hans"
        assert "限制" in subject and '"restriction"' in proof_of(shop, links)
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM letter WHERE state <> 'sent'") == "0", "all of them")


def test_an_address_that_no_letter_reaches_is_refused_where_it_is_typed():
    with Exim() as exim, Shop() as shop:
        set_mail(shop, exim.server)
        shop.serve()
        address = "ann@b\u00fccher.example"
        made = shop.api("POST", "/accounts", {"email": address, "password": "a long enough secret", "name": "Ann"})
        assert made.status == 422 and "letter" in made.json()["detail"], made.text
        filed = shop.api("POST", "/demands", {"sender": "reader", "target": {"kind": "edition", "key": EMMA}, "features": ["sale"],
                                              "storefronts": ["us"], "ground": "law", "email": address})
        assert filed.status == 422 and "letter" in filed.json()["detail"], filed.text
        assert shop.look("SELECT COUNT(*) FROM demand") == "0"
