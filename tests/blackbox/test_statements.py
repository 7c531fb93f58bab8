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
        # No other person is promised than there is.
        alone, another = "It will be read and answered with reasons.", "Somebody else than who"
        assert alone in page and another not in page
        operator(shop, "first")
        assert alone in ann.get(path).text
        operator(shop, "second")
        assert another + " proposed the decision" in ann.get(path).text
        operator(shop, "third")
        assert another + " decided" in ann.get(path).text
        for name in "second", "third":  # the last one stays
            shop.ok("staff", "remove", name + "@example.org")
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
        shop.ok("staff", "remove", "first@example.org")
        desk = signed_in(shop, "olga", "/desk/sign-in")
        assert 'data-complaint="1"' in desk.get("/desk/complaints").text and "honest review" in desk.get("/desk/complaints/1").text
        assert desk.post("/desk/complaints/1", "/desk/complaints/1", {"outcome": "upheld", "reasons": ""}).status == 422
        assert desk.post("/desk/complaints/1", "/desk/complaints/1", {"outcome": "upheld", "reasons": "The review breaks no rule."}).status == 303
        assert tallies(shop, work, "cn")["reviews"] == (3, 0)
        state = [r for r in shop.api("GET", "/restrictions").json()["restrictions"] if r["id"] == made["id"]][0]["state"]
        assert state == "lifted" and "The review breaks no rule." in ann.get(path).text
        assert desk.post("/desk/restrictions/add", "/desk/complaints/1", {"outcome": "rejected", "reasons": "Twice."}).status == 409
        entries = [json.loads(line)["entry"] for line in shop.ok("record", "export", "jsonl").splitlines() if '"log":"decisions"' in line]
        kinds = [e["type"] for e in entries if e["type"] not in ("head", "ranking_version", "refusal_key", "listing")]
        assert kinds == ["restriction", "complaint", "complaint_decision", "lift"], kinds
        assert not any("honest" in json.dumps(e) for e in entries)
        audit_is_clean(shop)


def test_somebody_else_decides_and_it_may_be_too_late():
    with Shop() as shop:
        shop.serve()
        _, readers, reviews, comments = voices(shop)
        operator(shop, "olga")
        operator(shop, "otto")
        order = ["restriction", "add", "--storefront", "cn", "--ground", "terms", "--legal-basis", "Terms, § 3", "--withhold", "comments", "--target",
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


def told(shop):
    """Accounts and how many statements each has, by restriction."""
    found = {}
    for line in shop.ok("statement", "list").splitlines():
        _, restriction, whom = line.split("\t")[:3]
        if whom.startswith("account"):
            key = int(restriction.split()[1]), int(whom.split()[1])
            found[key] = found.get(key, 0) + 1
    return found


def all_told(shop):
    shop.until(lambda: shop.look("SELECT COUNT(*) FROM telling") == "0", "all authors told", seconds=30)


def test_every_author_of_what_is_withheld_with_much_else_is_told():
    with Shop() as shop:
        shop.serve()
        work, readers, _, _ = voices(shop)
        account = {name: int(shop.look("SELECT id FROM account WHERE email = '%s@example.org'" % name)) for name in readers}
        other = shop.work("9780000000057")
        for name in ("ann", "cleo"):
            assert shop.api("PUT", "/us/works/%d/rating" % other, {"stars": 2}, readers[name]).status == 200
        # A whole work's reviews; its comments; nobody's, where no voices are withheld.
        reviews = shop.restrict("--ground", "terms", "--storefront", "cn", "--target", "work:%d" % work, "--withhold", "reviews,ratings")["id"]
        comments = shop.restrict("--ground", "terms", "--storefront", "cn", "--edition", EMMA, "--withhold", "comments")["id"]
        shop.restrict("--ground", "terms", "--storefront", "cn", "--target", "work:%d" % work, "--withhold", "search")
        # A set of several works: one statement for each, however much of theirs is in it.
        everything = shop.restrict("--ground", "terms", "--storefront", "us", "--shop", "main", "--withhold", "ratings,comments")["id"]
        all_told(shop)
        wanted = {(reviews, account[name]): 1 for name in readers}
        wanted.update({(comments, account[name]): 1 for name in ("ben", "cleo")})
        wanted.update({(everything, account[name]): 1 for name in readers})
        assert told(shop) == wanted, (told(shop), wanted)
        # In the account, with the way to the proof and to a complaint.
        cleo = signed_in(shop, "cleo")
        lines = shop.api("GET", "/us/statements", token=readers["cleo"]).json()["statements"]
        assert {s["restriction"] for s in lines} == {reviews, comments, everything}
        page = cleo.get("/us/account/statements/%d" % lines[0]["id"]).text
        assert "/record/proofs/" in page and "Because we were told to." in page and "Complain" in page
        path = "/us/account/statements/%d" % lines[0]["id"]
        assert cleo.post(path, path + "/complaint", {"text": "It is my rating."}).status == 303
        audit_is_clean(shop)


def test_whose_work_joins_a_set_is_told():
    from shop import onix, product
    with Shop() as shop:
        shop.serve()
        reader = shop.reader("ann")
        person = shop.edition(EMMA)["contributors"][0]["id"]
        made = shop.restrict("--ground", "terms", "--storefront", "us", "--contributor", str(person), "--withhold", "reviews")["id"]
        fresh = "9780000099990"
        assert shop.import_feed(shop.file("n.xml", onix(product("x1", fresh, "Fresh"))))[0] == 0
        review = shop.api("POST", "/us/works/%d/reviews" % shop.work(fresh), {"title": "T", "text": "Words.", "language": "en"}, reader)
        assert review.status == 201, review.text
        all_told(shop)
        assert told(shop) == {}
        ours = product("x1", fresh, "Fresh").replace("Somebody", "Jane Austen")
        assert shop.import_feed(shop.file("n.xml", onix(ours, header="").replace("20261120", "20261121")))[0] == 0
        shop.until(lambda: "extended" in shop.get("/record/restrictions/%d" % made).text, "the extension")
        shop.until(lambda: list(told(shop)) == [(made, 1)], "the author told")


def test_many_authors_are_told_once_whatever_dies():
    with Shop() as shop:
        shop.serve()
        shop.stop()
        work = 1
        many = range(1000, 1050)
        shop.tamper("INSERT INTO account (id, email, name, password, role, created) VALUES " +
                    ", ".join("(%d, 'r%d@example.org', 'R', 'x', 'reader', 1)" % (n, n) for n in many),
                    "INSERT INTO rating (id, work_id, account_id, stars, state, created, changed, entry_id, salt, said_entry_id) VALUES " +
                    ", ".join("(%d, %d, %d, 3, 'shown', 1, 1, 1, %s, 1)" % (n, work, n, shop.blob(b"0" * 32)) for n in many))
        made = shop.restrict("--ground", "terms", "--storefront", "us", "--target", "work:%d" % work, "--withhold", "ratings")["id"]
        assert told(shop) == {}
        for point in ("author-told:7", "authors-told", "author-told:25", "authors-told:2"):
            shop.serve(env={"COLOPHON_CRASH": point})
            shop.until(lambda: shop.server.poll() is not None, "the crash at " + point, seconds=30)
            shop.kill()
            assert len(told(shop)) < len(many) or point.endswith(":2"), point
        shop.serve()
        all_told(shop)
        assert told(shop) == {(made, n): 1 for n in many}
