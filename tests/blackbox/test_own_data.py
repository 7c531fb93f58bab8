"""All that the shop has of an account, as one file; and whom to tell of a weakness."""
import datetime
import json
import os
import re

from shop import EMMA, ROOT, Browser, Shop
from test_api import fits


def test_all_data_of_an_account_and_nobody_elses():
    with open(os.path.join(ROOT, "src", "web", "static", "openapi.json"), encoding="utf-8") as f:
        document = json.load(f)
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        ann, ben = shop.reader("ann"), shop.reader("ben")
        review = {"title": "Good", "text": "I *liked* it – 你好 <b>?", "language": "en", "stars": 4}
        made = shop.api("POST", "/us/works/%d/reviews" % work, review, ann).json()
        assert shop.api("PUT", "/us/works/%d/rating" % shop.work("9780000000064"), {"stars": 2}, ann).status == 200
        bens = shop.api("POST", "/us/works/%d/reviews" % work, {**review, "text": "BEN'S OWN"}, ben)
        assert bens.status == 201
        # What they keep, and what helped them; an account has to be a day old to say so.
        wanted = [work, shop.work("9780000000064")]
        for one in wanted:
            assert shop.api("PUT", "/lists/want/works/%d" % one, {}, ann).status == 200
        shared = shop.api("POST", "/lists", {"name": "Winter & <i>", "shared": True}, ann).json()["secret"]
        assert shop.api("POST", "/lists", {"name": "BEN'S LIST", "shared": True}, ben).status == 201
        shop.stop()
        shop.tamper("UPDATE account SET created = created - 100000")
        shop.serve()
        assert shop.api("PUT", "/us/reviews/%d/helpful" % bens.json()["id"], token=ann).status == 200
        assert shop.api("PUT", "/us/reviews/%d/helpful" % made["id"], token=ben).status == 200
        said = shop.api("POST", "/reviews/%d/comments" % made["id"], {"text": "My own remark"}, ann)
        assert said.status == 201
        demand = {"sender": "reader", "target": {"kind": "edition", "key": EMMA}, "storefronts": ["us"], "features": ["sale"], "ground": "terms",
                  "explanation": "It is not what it says.", "name": "Ann", "email": "ann@example.org", "good_faith": True}
        assert shop.api("POST", "/demands", demand, ann).status == 201
        shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % made["record_index"])
        shop.until(lambda: shop.api("GET", "/us/statements", token=ann).json()["statements"], "the statement")
        told = shop.api("GET", "/us/statements", token=ann).json()["statements"][0]
        assert shop.api("POST", "/statements/%d/complaint" % told["id"], {"text": "It breaks no rule."}, ann).status == 201
        answer = shop.api("GET", "/us/account/data", token=ann)
        data = answer.json()
        assert answer.status == 200 and not fits(data, {"$ref": "#/components/schemas/OwnData"}, document), fits(data, {"$ref": "#/components/schemas/OwnData"}, document)
        assert data["account"] == {**data["account"], "name": "Ann", "email": "ann@example.org"}
        age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(data["account"]["made"].replace("Z", "+00:00"))
        assert 100000 <= age.total_seconds() < 103600, data["account"]
        assert [v["review"] for v in data["helpful"]] == [bens.json()["id"]]
        assert [(x["name"], x["want"], x["shared"], [w["work"] for w in x["works"]]) for x in data["lists"]] == [
            (None, True, False, wanted[::-1]), ("Winter & <i>", False, True, [])], data["lists"]
        assert data["lists"][0]["works"][1] == {"work": work, "edition": EMMA, "work_title": "Emma"}, data["lists"]
        assert shared not in answer.text and "BEN'S LIST" not in answer.text
        # What is withheld from others is not withheld from whom it belongs to.
        assert [(r["title"], r["text"], r["language"], r["state"], r["record_index"]) for r in data["reviews"]] == [
            ("Good", review["text"], "en", "shown", made["record_index"])]
        assert sorted(r["stars"] for r in data["ratings"]) == [2, 4], data["ratings"]
        assert [c["text"] for c in data["comments"]] == ["My own remark"]
        assert len(data["demands"]) == 1 and data["statements"][0]["complaint"]["text"] == "It breaks no rule."
        assert [(s["program"], s["browser"]) for s in data["sessions"]] == [(True, None)] and data["passkeys"] == []
        assert "BEN'S OWN" not in answer.text and "ben@" not in answer.text and "argon2" not in answer.text
        assert shop.api("GET", "/us/account/data").status == 401
        # The page has the same, as a file to keep.
        browser = Browser(shop)
        assert browser.get("/us/account/data").status == 303
        assert browser.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret"}).status == 303
        assert 'href="/us/account/data"' in browser.get("/us/account").text
        page = browser.get("/us/account/data")
        assert page.headers["Content-Disposition"] == 'attachment; filename="account.json"' and page.headers["Cache-Control"] == "private, no-store"
        # Where the first edition is withheld, another one names the work.
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "listing")
        shop.until(lambda: shop.get("/us/books/" + EMMA).status != 200, "the restriction")
        named = {w["work"]: w for w in shop.api("GET", "/us/account/data", token=ann).json()["lists"][0]["works"]}[work]
        assert named["edition"] != EMMA and named["work_title"] == "Emma", named
        # It is a lot of work, and not for every second.
        answers = [shop.api("GET", "/us/account/data", token=ann).status for _ in range(11)]
        assert answers[0] == 200 and answers[-1] == 429, answers
        assert browser.get("/us/account/data").status == 429
        assert {k: v for k, v in page.json().items() if k not in ("made", "sessions")} == {k: v for k, v in data.items() if k not in ("made", "sessions")}


def test_whom_to_tell_of_a_weakness():
    path = "/.well-known/security.txt"
    with Shop(samples=False) as shop:
        for wrong in ("security@books.example", "http://books.example/", "mailto:", "mailto:nobody", "https://", "mailto:a@b.example\nExpires: x", "tel:"):
            status, _, err = shop.run("security", "contact", "--contact", wrong)
            assert status != 0 and "contact:" in err, (wrong, err)
        shop.serve("--public-url", "https://books.example", wait=False)
        assert shop.get(path).status == 404
        shop.ok("security", "contact", "--contact", "mailto:security@books.example", "--contact", "https://books.example/report?x=1")
        shop.until(lambda: shop.get(path).status == 200, "the file")
        answer = shop.get(path)
        lines = [line.split(": ", 1) for line in answer.text.splitlines()]
        assert [v for k, v in lines if k == "Contact"] == ["mailto:security@books.example", "https://books.example/report?x=1"]
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert ["Canonical", "https://books.example" + path] in lines and {k for k, _ in lines} == {"Contact", "Expires", "Canonical"}
        expires = [v for k, v in lines if k == "Expires"]
        assert len(expires) == 1 and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", expires[0])
        ahead = datetime.datetime.fromisoformat(expires[0].replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
        assert 30 < ahead.days < 365, ahead
        shop.ok("security", "contact")
        shop.until(lambda: shop.get(path).status == 404, "its end")
