"""Statements of reasons to whom a restriction affects, their complaints, and who decides those."""
import json
import re

from shop import EMMA, Browser, Shop
from test_targets import audit_is_clean, tallies, voices


def signed_in(shop, name, page="/us/sign-in"):
    browser = Browser(shop)
    answer = browser.post(page, page, {"email": "%s@example.org" % name, "password": "a long enough secret"})
    assert answer.status == 303, answer.text
    return browser


def operator(shop, name):
    shop.ok("account", "add", "%s@example.org" % name, "--role", "operator", "--password-stdin", stdin=b"a long enough secret\n")


def test_told_why_complained_and_upheld():
    with Shop() as shop:
        shop.ok("redress", "set", "--body", "Appeals Centre=https://appeals.example/", "--body", "User Rights=https://rights.example/a?b=c")
        shop.serve()
        work, readers, reviews, _ = voices(shop)
        made = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews,ratings", "--target", "review:%d" % reviews["ann"]["record_index"])
        told = shop.api("GET", "/us/statements", token=readers["ann"]).json()["statements"]
        assert [(s["restriction"], s["complaint"]) for s in told] == [(made["id"], None)]
        assert shop.api("GET", "/us/statements", token=readers["ben"]).json()["statements"] == []
        path = "/us/account/statements/%d" % told[0]["id"]
        ann, ben = signed_in(shop, "ann"), signed_in(shop, "ben")
        assert path in ann.get("/us/account/statements").text
        page = ann.get(path).text
        for word in ("Because we were told to.", "Emma", "Appeals Centre", "https://rights.example/a?b=c", "The shop acted of its own accord", "no machine did",
                     "/record/proofs/%d" % made["record_index"]):
            assert word in page, (word, page[page.find("<main"):])
        assert ben.get(path).status == 404 and shop.get(path).status in (303, 404)
        assert "tlog-proof" in shop.get("/record/proofs/%d" % made["record_index"]).text
        # A complaint: an entry without its words, and a receipt that opens it.
        assert ann.post(path, path + "/complaint", {"text": " "}).status == 422
        assert ann.post(path, path + "/complaint", {"text": "It was an honest review."}).status == 303
        page = ann.get(path).text
        assert "It was an honest review." in page and "Why it is wrong" not in page
        assert shop.api("POST", "/statements/%d/complaint" % told[0]["id"], {"text": "Again."}, readers["ann"]).status == 409
        assert shop.api("POST", "/statements/%d/complaint" % told[0]["id"], {"text": "Not mine."}, readers["ben"]).status == 404
        receipt = ann.get(path + "/receipt")
        assert receipt.status == 200 and "tlog-proof" in receipt.text
        status, out, err = shop.run("receipt", "verify", shop.file("complaint.tlog-proof", receipt.text))
        assert status == 0, out + err
        public = shop.get("/record/restrictions/%d" % made["id"]).text
        assert 'data-complaint="1"' in public and "honest review" not in public
        # Another operator than none decides at the desk; upheld lifts in the same batch.
        operator(shop, "olga")
        desk = signed_in(shop, "olga", "/desk/sign-in")
        assert 'data-complaint="1"' in desk.get("/desk/complaints").text and "honest review" in desk.get("/desk/complaints/1").text
        assert desk.post("/desk/complaints/1", "/desk/complaints/1", {"outcome": "upheld", "reasons": ""}).status == 422
        assert desk.post("/desk/complaints/1", "/desk/complaints/1", {"outcome": "upheld", "reasons": "The review breaks no rule."}).status == 303
        assert tallies(shop, work, "cn")["reviews"] == (3, 0)
        state = [r for r in shop.api("GET", "/restrictions").json()["restrictions"] if r["id"] == made["id"]][0]["state"]
        assert state == "lifted" and "The review breaks no rule." in ann.get(path).text
        assert desk.post("/desk/restrictions/add", "/desk/complaints/1", {"outcome": "rejected", "reasons": "Twice."}).status == 409
        entries = [json.loads(line)["entry"] for line in shop.ok("record", "export", "jsonl").splitlines() if '"log":"decisions"' in line]
        kinds = [e["type"] for e in entries if e["type"] not in ("head", "ranking_version", "listing")]
        assert kinds == ["restriction", "complaint", "complaint_decision", "lift"], kinds
        assert not any("honest" in json.dumps(e) for e in entries)
        audit_is_clean(shop)


def test_somebody_else_decides_and_it_may_be_too_late():
    with Shop() as shop:
        shop.serve()
        _, readers, reviews, comments = voices(shop)
        operator(shop, "olga")
        operator(shop, "otto")
        order = ["restriction", "add", "--storefront", "cn", "--ground", "terms", "--withhold", "comments", "--target",
                 "comment:%d" % comments["ben"]["record_index"], "--reason", "Rude.", "--until", "2099-12-31"]
        out = shop.ok(*order, "--as", "olga@example.org")
        shop.ok("restriction", "approve", re.search(r"\d+", out)[0], "--as", "otto@example.org")
        statement = shop.api("GET", "/us/statements", token=readers["ben"]).json()["statements"][0]["id"]
        made = shop.api("POST", "/statements/%d/complaint" % statement, {"text": "It was not rude."}, readers["ben"])
        assert made.status == 201 and set(made.json()) == {"id", "record_index"}, made.text
        decide = ["complaint", "decide", str(made.json()["id"]), "--rejected", "--reason", "It was."]
        operator(shop, "oda")
        for who in ([], ["--as", "olga@example.org"], ["--as", "otto@example.org"]):
            status, _, err = shop.run(*decide, *who)
            assert status == 1 and ("somebody else" in err or "--as" in err), err
        shop.ok("staff", "remove", "oda@example.org")
        # Of two, whoever proposed it does not decide; who approved it may, and the entry says so.
        status, _, err = shop.run(*decide, "--as", "olga@example.org")
        assert status == 1 and "somebody else" in err, err
        shop.ok(*decide, "--as", "otto@example.org")
        last = [json.loads(line)["entry"] for line in shop.ok("record", "export", "jsonl").splitlines() if "complaint_decision" in line]
        assert [e["decided_by"] for e in last] == ["approver"], last
        assert "rejected" in shop.ok("complaint", "list")
        assert [r["state"] for r in shop.api("GET", "/restrictions").json()["restrictions"]] == ["in effect"]
        audit_is_clean(shop)


def test_shops_are_told_and_six_months_end():
    with Shop() as shop:
        shop.ok("shop", "contact", "main", "--email", "Shop@Example.org", "--language", "zh-Hans")
        assert shop.run("shop", "contact", "nobody", "--email", "a@example.org")[0] == 1
        assert shop.run("shop", "contact", "main", "--email", "nothing")[0] == 1
        assert shop.run("redress", "set", "--body", "Evil=javascript:alert(1)")[0] == 1
        shop.serve()
        shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "sale")
        shop.restrict("--ground", "terms", "--storefront", "cn", "--shop", "main", "--withhold", "sale")
        listed = shop.ok("statement", "list")
        assert len(listed.splitlines()) == 2 and listed.count("shop ") == 2, listed
        shop.ok("complaint", "add", "1", "--text", "We sell it everywhere else.")
        shop.stop()
        status, _, err = shop.run("complaint", "add", "2", "--text", "Late.", env={"COLOPHON_NOW": "2096-10-02T00:00:00Z"})
        assert status == 1 and "six months" in err, err
        assert "complaint 1" in shop.ok("statement", "list")
