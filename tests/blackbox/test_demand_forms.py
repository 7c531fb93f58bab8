"""Forms around demands: what a reader reports, which state had a part, how far it reaches;
and proposals, shown to staff in words."""
import html
import json
import re

from shop import EMMA, Browser, Shop

SECRET = "a long enough secret"


def operators(shop, *names):
    for name in names:
        shop.ok("account", "add", name + "@example.org", "--role", "operator", "--password-stdin", stdin=(SECRET + "\n").encode())


def signed_in(shop, name, page="/desk/sign-in"):
    browser = Browser(shop)
    assert browser.post(page, page, {"email": name + "@example.org", "password": SECRET}).status == 303
    return browser


def test_a_reader_reports_a_review_and_a_comment():
    with Shop() as shop:
        shop.serve()
        work, token = shop.work(EMMA), shop.reader("ann")
        review = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "T", "text": "Of the review.", "language": "en", "stars": 4}, token).json()
        comment = shop.api("POST", "/reviews/%d/comments" % review["id"], {"text": "Of the comment."}, token).json()
        page = shop.get("/us/books/" + EMMA).text
        links = [html.unescape(x) for x in re.findall(r'class="report" rel="nofollow" href="([^"]*)"', page)]
        for said in review, comment:
            assert "entry %d of the voices" % said["record_index"] in page
        assert len(links) == 2 and "target=review&key=%d" % review["record_index"] in links[0], links
        assert "target=comment&key=%d" % comment["record_index"] in links[1]
        for link, kind, said, feature in (links[0], "review", review, "reviews"), (links[1], "comment", comment, "comments"):
            form = shop.get(link)
            words = "Of the %s." % kind, 'type="hidden" name="sender" value="reader"', 'type="hidden" name="key" value="%d"' % said["record_index"]
            for word in words + ('name="ground" value="law"', 'name="ground" value="terms"'):
                assert word in form.text, (word, form.text)
            assert 'name="authority"' not in form.text and 'name="country"' not in form.text
            short = {"report": "1", "sender": "reader", "target": kind, "key": str(said["record_index"]), "feature": feature, "storefront": "us",
                     "ground": "terms", "explanation": "It is rude.", "good_faith": "yes"}
            for lacks in "explanation", "good_faith":
                lacking = Browser(shop).post(link, "/us/demand", dict(short, **{lacks: ""}))
                assert lacking.status == 422 and 'name="authority"' not in lacking.text and words[0] in lacking.text, lacking.text
            whole = re.search(r'href="([^"]*whole=1)"', form.text)
            link = html.unescape(whole[1])
            form = shop.get(link)
            for chosen in 'name="target" value="%s" checked' % kind, 'value="%s" checked' % feature, 'value="us" checked':
                assert chosen in form.text, (chosen, form.text)
            assert 'name="key" value="%d"' % said["record_index"] in form.text
            sender = Browser(shop)
            fields = {"sender": "reader", "target": kind, "key": str(said["record_index"]), "feature": feature, "storefront": "us", "ground": "law",
                      "legal_basis": "Act 3", "explanation": "why", "name": "Nn", "email": "n@example.org", "good_faith": "yes"}
            missing = sender.post(link, "/us/demand", dict(fields, key="99"))
            assert missing.status in (404, 422) and "There is no %s 99" % kind in missing.text, missing.text
            assert sender.post(link, "/us/demand", fields).status == 303
        assert Browser(shop).post(links[1], "/us/demand", short).status == 303
        made = max(shop.api("GET", "/demands").json()["demands"], key=lambda d: d["id"])
        assert made["target"]["kind"] == "comment" and made["ground"] == "terms", made
        shop.ok("demand", "decide", str(made["id"]), "--outcome", "refused", "--reason", "It is not.")
        # A link can say what it is about, not what its sender states.
        form = shop.get(links[0] + "&whole=1&good_faith=yes&name=Evelyn&sender=court&explanation=CANARY").text
        form = re.search(r'<form class="write".*?</form>', form, re.S)[0]
        assert "CANARY" not in shop.get(links[0] + "&explanation=CANARY&name=CANARY&email=CANARY").text.split("<form class", 1)[1].split("</form>")[0]
        assert "CANARY" not in form and "Evelyn" not in form and 'value="court" checked' not in form and 'name="good_faith" value="yes" checked' not in form
        page = shop.get("/record/demands/?language=en").text
        assert "Reviews of a review of “Emma”" in page and "Comments of a comment on “Emma”" in page, page
        listed = shop.api("GET", "/demands").json()["demands"]
        assert [d["target"]["kind"] for d in listed] == ["comment", "comment", "review"]
        listed = listed[1:]
        # Who decides sees what it is about, whose it is, and who filed it.
        operators(shop, "one")
        desk = signed_in(shop, "one")
        for filed, words in (listed[1], ("<b>T</b>", "Of the review.", "4 stars")), (listed[0], ("Of the comment.",)):
            seen = desk.get("/desk/demands/%d" % filed["id"]).text
            for word in words + ("<b>Ann</b>", 'href="/us/books/%s/reviews/%d/comments"' % (EMMA, review["id"]), "n@example.org"):
                assert word in seen, (word, seen[seen.find("<main"):])
            assert shop.get("/us/books/%s/reviews/%d/comments" % (EMMA, review["id"])).status == 200
            shown = shop.ok("demand", "show", str(filed["id"]))
            assert words[-1] in shown + "4 stars" and "by Ann" in shown and "Nn <n@example.org>" in shown, shown
        assert "signed in as" not in shown
        shop.reader("eve")
        eve = signed_in(shop, "eve", "/us/sign-in")
        assert eve.post(links[1], "/us/demand", fields).status == 303
        newest = max(d["id"] for d in shop.api("GET", "/demands").json()["demands"])
        assert "signed in as Eve, eve@example.org" in desk.get("/desk/demands/%d" % newest).text
        assert "signed in as: Eve <eve@example.org>" in shop.ok("demand", "show", str(newest))
        assert "eve@example.org" not in shop.get("/record/demands/%d" % newest).text
        done = json.loads(shop.ok("demand", "decide", str(listed[1]["id"]), "--outcome", "granted", "--legal-basis", "Act 3", "--reason", "r", "--until", "2099-01-01", "--json"))
        page = shop.get("/us/books/" + EMMA).text
        assert 'data-voice="review:%d"' % review["record_index"] in page and "Of the review." not in page and done["id"]
        # Of what is withheld nothing is left to report; what is said beneath it is.
        assert len(re.findall('class="report"', page)) == 1
        # The command line takes the same target.
        shop.ok("demand", "add", "--sender", "reader", "--target", "comment:%d" % comment["record_index"], "--withhold", "comments",
                "--storefront", "us", "--ground", "law")


def test_all_that_is_wrong_is_told_at_once():
    """Beside each field, and what was typed stays."""
    with Shop() as shop:
        shop.serve()
        sender = Browser(shop)
        wrong = {"target": "edition", "key": EMMA, "ground": "law", "state_involved": "xx", "email": "nowhere", "explanation": "Some words.", "good_faith": "yes"}
        answer = sender.post("/us/demand", "/us/demand", wrong)
        alert = re.search(r'<div class="error" role="alert" id="error"><ul>(.*?)</ul>', answer.text, re.S)
        assert answer.status == 422 and alert, answer.text
        told = re.findall("<li>(.*?)</li>", alert[1])
        assert len(told) == 5 and "Please choose who you are." in told and "Please choose at least one storefront." in told and "This is no e-mail address." in told, told
        for field in "state_involved", "email":
            assert re.search('name="%s"[^>]*aria-invalid="true"' % field, answer.text), field
        assert answer.text.count('<span class="wrong" aria-hidden="true">') == 5 and "Some words." in answer.text and 'value="nowhere"' in answer.text
        assert re.search('name="good_faith" value="yes" checked', answer.text) and shop.api("GET", "/demands").json()["demands"] == []
        # An authority that names no country may name it: its own storefronts are meant.
        whose = sender.post("/us/demand", "/us/demand", dict(wrong, sender="authority", state_involved="", email="")).text
        assert "Please name the country that makes the demand" in whose and "Please choose at least one storefront." not in whose, whose
        # One alone is a sentence; where the key is wrong, its field says so.
        fields = dict(wrong, sender="reader", feature="sale", storefront="us", state_involved="", email="")
        alone = sender.post("/us/demand", "/us/demand", dict(fields, ground="")).text
        assert '<p class="error" role="alert" id="error">Please choose a ground.</p>' in alone
        key = sender.post("/us/demand", "/us/demand", dict(fields, key="123")).text
        assert re.search('name="key" value="123"[^>]*aria-invalid="true"', key)
        assert sender.post("/us/demand", "/us/demand", fields).status == 303


def test_staff_note_at_the_desk_that_a_sender_was_told():
    """What no letter of the shop's said: once, from the day it came in to today."""
    from test_demands import demand
    with Shop() as shop:
        made = demand(shop)["id"]
        operators(shop, "olga")
        shop.serve()
        desk, page = signed_in(shop, "olga"), "/desk/demands/%d" % made
        told = lambda: [json.loads(line) for line in shop.get("/record/entries.jsonl").text.splitlines() if '"type":"acknowledged"' in line]
        today = json.loads(shop.get("/record/entries.jsonl").text.splitlines()[-1])["at"][:10]
        assert "The sender was told that it came in" in desk.get(page).text
        for sent, said in (("", "A date is needed"), ("soon", "A date is needed"), ("2199-01-01", "not come yet"), ("2001-01-01", "before it came in")):
            answer = desk.post(page, page + "/acknowledge", {"sent": sent})
            assert answer.status == 422 and said in answer.text and answer.text.count('role="alert"') <= 1, (sent, answer.status, answer.text)
        assert told() == []
        assert Browser(shop).post("/desk/sign-in", page + "/acknowledge", {"sent": today}).status in (303, 403), "staff's alone"
        answer = desk.post(page, page + "/acknowledge", {"sent": today})
        assert answer.status == 303 and answer.headers["Location"] == page + "?done=1"
        assert 'class="done" role="status"' in desk.get(page + "?done=1").text
        assert [(e["demand"], e["sent"][:10]) for e in told()] == [(made, today)]
        assert "The sender was told that it came in" not in desk.get(page).text
        again = desk.post(page, page + "/acknowledge", {"sent": today})
        assert again.status == 409 and "says already" in again.text and len(told()) == 1, again.text
        assert desk.post(page, "/desk/demands/99/acknowledge", {"sent": today}).status == 404
        assert 'data-step="acknowledged"' in shop.get("/record/demands/%d" % made).text
        status, out, err = shop.audit()
        assert status == 0, out + err


def test_the_state_involved_stands_apart_from_the_ground():
    with Shop() as shop:
        shop.serve()
        operators(shop, "one")
        sender = Browser(shop)
        fields = {"sender": "reader", "target": "edition", "key": EMMA, "feature": "reviews", "storefront": "us", "ground": "terms",
                  "state_involved": "CN", "explanation": "x"}
        wrong = sender.post("/us/demand", "/us/demand", dict(fields, state_involved="xx"))
        assert wrong.status == 422 and "two letters" in wrong.text and 'value="xx"' in wrong.text
        assert "两个字母" in sender.post("/cn/demand", "/cn/demand", dict(fields, state_involved="xx")).text
        assert sender.post("/us/demand", "/us/demand", fields).status == 303
        body = {"sender": "reader", "target": {"kind": "edition", "key": EMMA}, "features": ["sale"], "ground": "law", "storefronts": ["us"],
                "state_involved": "RU"}
        made = shop.api("POST", "/demands", body)
        assert made.status == 201 and shop.api("POST", "/demands", dict(body, state_involved="Russia")).status == 422
        states = {d["id"]: d["state_involved"] for d in shop.api("GET", "/demands").json()["demands"]}
        assert sorted(states.values()) == ["CN", "RU"]
        # The desk begins with what the demand says, and staff may say it where it did not.
        desk = signed_in(shop, "one")
        first = min(states)
        there = "/desk/demands/%d" % first
        assert '<option value="CN" selected' in desk.get(there).text.split('<select name="state_involved"')[1].split("</select>")[0]
        decide = {"outcome": "granted", "storefront": "us", "feature": "reviews", "reason": "Our terms.", "until": "2099-12-31", "state_involved": "CN",
                  "terms_version": "1"}
        # No version that the storefront has never published.
        shop.ok("text", "set", "us", "terms", "--language", "en", "--file", shop.file("terms.md", "Be kind."))
        never = desk.post(there, there, dict(decide, legal_basis="Terms, § 3", terms_version="2026-03"))
        assert never.status == 422 and "The storefront us has published no version 2026-03 of its terms." in never.text, never.text
        # A reader need not know the clause; who decides does, and the form says where.
        lacking = desk.post(there, there, decide)
        assert lacking.status == 422 and 'name="legal_basis" value="" maxlength="200" aria-invalid="true"' in lacking.text, lacking.text
        status, _, err = shop.run("demand", "decide", str(first), "--outcome", "granted", "--reason", "r", "--until", "2099-12-31")
        assert status == 1 and "legal-basis" in err, err
        decide["legal_basis"] = "Terms, § 3"
        assert desk.post(there, there, dict(decide, state_involved="china")).status == 422
        done = desk.post(there, there, decide)
        assert done.status == 303, done.text
        # Where the shop's terms are the ground, the entry says which; and there alone.
        assert re.search(r"Version of the terms</dt>\s*<dd>1<", shop.get("/record/restrictions/1?language=en").text)
        for wrong, ground in (["--terms-version", "1"], "operator"), (["--terms-version", "a\nb", "--legal-basis", "Terms, § 3"], "terms"), (["--terms-version", "2", "--legal-basis", "Terms, § 3"], "terms"), (["--legal-basis", " "], "terms"):
            status, _, err = shop.run("restriction", "add", "--edition", EMMA, "--storefront", "us", "--withhold", "sale", "--reason", "r", "--until",
                                      "2099-12-31", "--ground", ground, *wrong)
            assert status == 1 and "terms" in err, err
        add = {"target": "edition", "key": EMMA, "storefront": "cn", "feature": "sale", "ground": "operator", "reason": "r", "until": "2099-12-31",
               "state_involved": "US"}
        lacking = desk.post("/desk/restrictions/add", "/desk/restrictions/add", dict(add, ground="terms"))
        assert lacking.status == 422 and 'name="legal_basis" value="" maxlength="400" aria-invalid="true"' in lacking.text
        done = desk.post("/desk/restrictions/add", "/desk/restrictions/add", add)
        assert done.status == 303 and "United States" in shop.get(done.headers["Location"] + "?language=en").text
        said = [json.loads(e) for e in shop.get("/record/entries.jsonl").text.splitlines()]
        assert [e.get("terms_version") for e in said if e["type"] == "restriction"] == ["1", None]
        assert [(e["ground"], e["state_involved"]) for e in said if e["type"] == "restriction"] == [("terms", "CN"), ("operator", "US")]
        # Who decides in another language reads what was published in it.
        desk.get("/desk/?language=zh-Hans")
        done = desk.post("/desk/restrictions/add", "/desk/restrictions/add", dict(add, feature="reviews"))
        there = done.headers["Location"]
        assert re.fullmatch(r"/record/restrictions/[0-9]+\?language=zh-Hans", there) and '<html lang="zh-Hans"' in shop.get(there).text
        lift = there.split("?")[0].replace("/record", "/desk") + "/lift"
        assert desk.post(lift, lift, {"reason": "r"}).headers["Location"] == there
        second = max(states)
        there = "/desk/demands/%d" % second
        done = desk.post(there, there, {"outcome": "refused", "reason": "r"})
        assert done.headers["Location"] == "/record/demands/%d?language=zh-Hans" % second


def test_an_order_that_reaches_further_says_why():
    with Shop() as shop:
        shop.serve()
        operators(shop, "one")
        order = ["restriction", "add", "--edition", EMMA, "--withhold", "sale", "--authority", "A", "--legal-basis", "L", "--reference", "R",
                 "--reason", "r", "--until", "2099-01-01", "--json"]
        for ground in "authority-order", "court-order":
            for more in (["--storefront", "us", "--storefront", "cn"], ["--storefront", "us", "--state-involved", "CN"]):
                status, _, err = shop.run(*order, "--ground", ground, *more)
                assert status == 1 and "scope-reason" in err, (more, err)
                shop.ok(*order, "--ground", ground, *more, "--scope-reason", "The order says so.")
            shop.ok(*order, "--ground", ground, "--storefront", "us")
        shop.ok(*order, "--ground", "rightsholder", "--storefront", "us", "--storefront", "cn")
        desk = signed_in(shop, "one")
        form = {"target": "edition", "key": EMMA, "storefront": ["us", "cn"], "feature": "delivery", "ground": "court-order", "authority": "A",
                "legal_basis": "L", "reference": "R", "reason": "r", "until": "2099-12-31"}
        wrong = desk.post("/desk/restrictions/add", "/desk/restrictions/add", form)
        assert wrong.status == 422 and 'name="scope_reason"' in wrong.text and "beyond the demanding country" in wrong.text, wrong.text
        done = desk.post("/desk/restrictions/add", "/desk/restrictions/add", dict(form, scope_reason="Both are named."))
        assert done.status == 303, done.text
        last = [json.loads(e) for e in shop.get("/record/entries.jsonl").text.splitlines() if '"type":"restriction"' in e][-1]
        assert len(last["scope_reason"]) == 64 and "Both are named." not in json.dumps(last)
        assert shop.audit()[0] == 0


def test_a_proposal_is_shown_in_words():
    with Shop() as shop:
        shop.serve()
        operators(shop, "one", "two")
        shop.ok("restriction", "add", "--storefront", "us", "--storefront", "cn", "--edition", EMMA, "--withhold", "sale,ratings", "--ground",
                "court-order", "--authority", "Example Court", "--legal-basis", "Act 9", "--reference", "7 O 45", "--reason", "It was *ordered*.",
                "--until", "2099-12-31", "--scope-reason", "It names both.", "--state-involved", "CN", "--as", "one@example.org")
        page = signed_in(shop, "two").get("/desk/demands?language=en").text
        part = re.search(r'<section class="entry" data-proposal.*?</section>', page, re.S)[0]
        words, exact = part.split("<details>")
        for word in ("sale and ratings", "the edition “Emma”", "1 work", "United States", "China", "a court’s order", "Example Court", "Act 9",
                     "7 O 45", "It was <em>ordered</em>.", "It names both.", "2099-12-31", "when it is published"):
            assert word in words, (word, words)
        assert "{" not in words and "&quot;reason&quot;" in exact and "Approve and publish" in exact
        own = signed_in(shop, "one").get("/desk/demands?language=en").text
        assert "Approve and publish" not in own and "somebody else has to approve" in own
