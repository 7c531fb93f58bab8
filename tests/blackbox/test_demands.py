"""Demands: filed by anybody, decided by two, on the Record whatever came of them."""
import json

from shop import EMMA, Shop

SECRET = b"a long enough secret\n"


def operators(shop, *names):
    for name in names:
        shop.ok("account", "add", name + "@example.org", "--role", "operator", "--password-stdin", stdin=SECRET)


def demand(shop, *more):
    """An authority's order as it should be; `more` stands over it."""
    return json.loads(shop.ok(
        "demand", "add", "--sender", "authority", "--country", "CN", "--authority", "Press Office", "--edition", EMMA,
        "--withhold", "ratings,reviews", "--ground", "authority-order", "--legal-basis", "Act 12", "--reference", "2026/118",
        "--explanation", "CANARY because of s. 3", "--redress", "--report-to", "--declared-language", "--json", *more))


def entry(shop, index):
    import html
    import re
    page = shop.get("/record/entries/%d" % index).text
    return json.loads(html.unescape(re.search(r'<pre class="note">(.*?)</pre>', page, re.S)[1]))


def entry_of_demand(shop, demand_id):
    lines = [json.loads(line)["entry"] for line in shop.ok("record", "export", "jsonl").splitlines() if '"log":"decisions"' in line]
    return [e for e in lines if e["type"] == "demand" and e["id"] == demand_id][0]


def test_a_demand_is_filed_and_decided_by_two():
    with Shop() as shop:
        shop.serve()
        made = demand(shop, "--storefront", "cn", "--name", "CANARY", "--email", "canary@example.org")
        e = entry(shop, made["record_index"])
        assert made["missing"] == e["missing"] == [] and e["type"] == "demand" and e["sender"] == "authority"
        assert e["storefronts"] == ["cn"] and e["target"] == {"kind": "edition", "key": EMMA}
        assert "CANARY" not in json.dumps(e)
        # What the law asks of such a paper is named where it lacks; where nobody says where, it is there alone.
        bare = json.loads(shop.ok("demand", "add", "--sender", "court", "--country", "US", "--edition", EMMA, "--withhold", "sale",
                                  "--ground", "court-order", "--json"))
        assert set(bare["missing"]) == {"legal-basis", "reasons", "authority", "redress", "report-to", "scope", "language"}
        assert entry(shop, bare["record_index"])["storefronts"] == ["us"]
        status, _, err = shop.run("demand", "add", "--sender", "court", "--country", "US", "--edition", EMMA, "--withhold", "sale",
                                  "--ground", "court-order", "--storefront", "cn")
        assert status != 0 and "scope-reason" in err, err
        status, _, err = shop.run("demand", "add", "--sender", "reader", "--edition", EMMA, "--withhold", "sale", "--storefront", "cn",
                                  "--ground", "court-order")
        assert status != 0 and "ground" in err, err

        # One operator decides alone; of two, one proposes and the other approves.
        refused = json.loads(shop.ok("demand", "decide", str(bare["id"]), "--outcome", "refused", "--reason", "No such law.", "--json"))
        e = entry(shop, refused["record_index"])
        assert e["outcome"] == "refused" and e["demand"] == bare["id"] and len(e["approvals"]) == 1 and "restriction" not in e
        operators(shop, "one", "two")
        decide = ["demand", "decide", str(made["id"]), "--reason", "The order is lawful.", "--until", "2099-12-31", "--json"]
        status, _, err = shop.run(*decide, "--outcome", "granted")
        assert status != 0 and "--as" in err, err
        for more, word in [(["--outcome", "narrowed"], "granted"), (["--outcome", "granted", "--withhold", "ratings"], "narrowed"),
                           (["--outcome", "narrowed", "--withhold", "sale"], "more than"),
                           (["--outcome", "narrowed", "--storefront", "us"], "nobody demanded")]:
            status, _, err = shop.run(*decide, *more, "--as", "one@example.org")
            assert status != 0 and word in err, (more, err)
        proposed = json.loads(shop.ok(*decide, "--outcome", "narrowed", "--withhold", "ratings", "--as", "one@example.org"))
        assert "id" not in proposed
        for who, shown, word in [("one", proposed["shown"], "somebody else"), ("two", "0" * 64, "not what was shown"),
                                 ("nobody", proposed["shown"], "no account")]:
            status, _, err = shop.run("demand", "approve", str(proposed["proposal"]), "--as", who + "@example.org", "--shown", shown)
            assert status != 0 and word in err, (who, err)
        assert "data-restriction" not in shop.get("/cn/books/" + EMMA).text
        done = json.loads(shop.ok("demand", "approve", str(proposed["proposal"]), "--as", "two@example.org", "--shown", proposed["shown"], "--json"))
        assert 'data-restriction="%d"' % done["id"] in shop.get("/cn/books/" + EMMA).text
        restriction, decision = entry(shop, done["record_index"]), entry(shop, done["record_index"] + 1)
        assert restriction["demand"] == made["id"] and restriction["features"] == ["ratings"]
        assert decision["outcome"] == "narrowed" and decision["restriction"] == done["id"] and decision["demand"] == made["id"]
        assert len(decision["approvals"]) == 2 and decision["approvals"] == restriction["approvals"]
        for again in [["demand", "approve", str(proposed["proposal"]), "--as", "two@example.org"], [*decide, "--outcome", "granted", "--as", "one@example.org"]]:
            status, _, err = shop.run(*again)
            assert status != 0, again
        # Lifting never needs a second person.
        shop.ok("restriction", "lift", str(done["id"]), "--reason", "over")
        status, out, err = shop.audit()
        assert status == 0, out + err
        assert shop.run("record", "verify")[0] == 0


def test_a_proposal_is_for_what_it_was():
    with Shop() as shop:
        shop.serve()
        operators(shop, "one", "two")
        shop.ok("collection", "add", "austen", "--name", "Austen", "--contributor", "Jane Austen")
        add = ["restriction", "add", "--storefront", "cn", "--collection", "austen", "--withhold", "ratings", "--ground", "operator",
               "--reason", "r", "--review", "2099-01-01", "--json"]
        assert shop.run(*add)[0] != 0
        proposed = json.loads(shop.ok(*add, "--as", "one@example.org"))
        assert json.loads(shop.ok("restriction", "list", "--json"))["restrictions"] == []
        # The set changes in between: what was shown is not what would be done.
        shop.stop()
        shop.tamper("DELETE FROM collection_work WHERE work_id = (SELECT MIN(work_id) FROM collection_work)")
        status, _, err = shop.run("restriction", "approve", str(proposed["proposal"]), "--as", "two@example.org")
        assert status != 0 and "other works" in err, err
        shop.serve()
        assert json.loads(shop.ok("restriction", "list", "--json"))["restrictions"] == []
        again = json.loads(shop.ok(*add, "--as", "two@example.org"))
        done = json.loads(shop.ok("restriction", "approve", str(again["proposal"]), "--as", "one@example.org", "--json"))
        assert len(json.loads(shop.ok("restriction", "list", "--json"))["restrictions"]) == 1
        assert len(entry(shop, done["record_index"])["approvals"]) == 2


def test_papers_are_kept_and_their_hashes_are_on_the_record():
    import hashlib
    with Shop() as shop:
        shop.serve()
        paper, copy = b"%PDF-1.4 CANARY the whole order", b"%PDF-1.4 the order, redacted"
        made = demand(shop, "--document", shop.file("order.pdf", paper), "--public-copy", shop.file("copy.pdf", copy))
        e = entry(shop, made["record_index"])
        assert e["document"]["public"] == hashlib.sha256(copy).hexdigest()
        assert e["document"]["full"] not in (hashlib.sha256(paper).hexdigest(), e["document"]["public"])
        later = demand(shop, "--document", shop.file("text.txt", b"An order."))
        assert set(entry(shop, later["record_index"])["document"]) == {"full"}
        shop.ok("demand", "copy", str(later["id"]), shop.file("copy2.pdf", copy))
        done = json.loads(shop.ok("demand", "decide", str(later["id"]), "--outcome", "refused", "--reason", "r", "--json"))
        assert entry(shop, done["record_index"])["public"] == hashlib.sha256(copy).hexdigest()
        for name, content, word in [("empty", b"", "empty"), ("zip", b"PK\x03\x04\x00", "PDF"), ("big", b"%PDF-" + b"x" * (8 << 20), "larger")]:
            status, _, err = shop.run("demand", "add", "--sender", "reader", "--edition", EMMA, "--storefront", "us", "--withhold", "sale",
                                      "--ground", "law", "--document", shop.file(name, content))
            assert status != 0 and word in err, (name, err)


def test_a_demand_by_the_form_and_the_desk():
    from shop import Browser
    import re
    with Shop() as shop:
        shop.serve()
        operators(shop, "one", "two")
        sender = Browser(shop)
        fields = {"sender": "reader", "target": "edition", "key": EMMA, "feature": "reviews", "storefront": "us", "ground": "law",
                  "legal_basis": "Act 3", "explanation": "CANARY words", "name": "CANARY", "email": "canary@example.org"}
        page = sender.post("/us/demand", "/us/demand", dict(fields, key="9780000000000"))
        assert page.status == 422 and "CANARY words" in page.text
        done = sender.post("/us/demand", "/us/demand", fields)
        assert done.status == 303, done.text
        own = done.headers["Location"]
        page = shop.get(own)
        assert page.status == 200 and "good faith" in page.text and "undecided" in page.text and "no-store" in page.headers["Cache-Control"]
        demand_id = int(re.search(r'data-demand="(\d+)"', page.text)[1])
        public = shop.get("/record/demands/%d?language=en" % demand_id)
        # What strangers name is no fact of the Record: it stands beside it as their word.
        assert "Named by the sender, unchecked" in public.text and "Act 3" not in json.dumps(entry_of_demand(shop, demand_id))
        claimed = shop.api("GET", "/demands").json()["demands"][0]["claimed"]
        assert claimed["legal_basis"] == "Act 3" and json.loads(claimed["text"])["legal_basis"] == "Act 3"
        import hashlib
        salted = hashlib.sha256(bytes.fromhex(claimed["salt"]) + claimed["text"].encode()).hexdigest()
        assert len(salted) == 64 and len(entry_of_demand(shop, demand_id)["claims"]) == 64
        assert public.status == 200 and "Act 3" in public.text and "CANARY" not in public.text + page.text
        assert shop.get(own[:-4] + "AAAA").status == 404 and shop.get("/record/demands/99").status == 404
        receipt = shop.get(own + "/receipt")
        assert receipt.status == 200 and receipt.text.startswith("c2sp.org/tlog-proof@v1")
        path = shop.file("demand.tlog-proof", receipt.body)
        assert shop.run("receipt", "verify", path)[0] == 0
        # Without a good token, nothing.
        assert shop.ask("POST", "/us/demand", "sender=reader", {"Content-Type": "application/x-www-form-urlencoded"}).status in (403, 422)
        # The same as JSON, with a paper.
        import base64
        body = {"sender": "authority", "country": "CN", "authority": "Press Office", "target": {"kind": "edition", "key": EMMA},
                "features": ["sale"], "ground": "authority-order", "document": base64.b64encode(b"%PDF-1.4 order").decode()}
        made = shop.api("POST", "/demands", body)
        assert made.status == 201 and "legal-basis" in made.json()["missing"], made.text
        for change, status in [({"sender": "staff"}, 422), ({"ground": "terms2"}, 422), ({"document": "!"}, 422), ({"target": "x"}, 422),
                               ({"document": base64.b64encode(b"PK\x03\x04\x00").decode()}, 422), ({"storefronts": ["us"]}, 422), ({"explanation": "x" * 20001}, 422)]:
            assert shop.api("POST", "/demands", dict(body, **change)).status == status, change

        desk, other = Browser(shop), Browser(shop)
        for browser, name in [(desk, "one"), (other, "two")]:
            assert browser.post("/desk/sign-in", "/desk/sign-in", {"email": name + "@example.org", "password": SECRET.decode().strip()}).status == 303
        queue = desk.get("/desk/demands").text
        assert "/desk/demands/%d" % demand_id in queue
        there = "/desk/demands/%d" % demand_id
        page = desk.get(there).text
        assert "CANARY words" in page and "canary@example.org" in page
        assert desk.get("/desk/demands/%d/document" % made.json()["id"]).body == b"%PDF-1.4 order"
        assert shop.get("/desk/demands/%d/document" % made.json()["id"]).status in (303, 401, 403)
        assert shop.get("/record/demands/%d/document" % made.json()["id"]).status == 404
        decide = {"outcome": "granted", "storefront": "us", "feature": "reviews", "reason": "Lawful.", "until": "2099-12-31"}
        page = desk.get(there).text
        assert 'name="legal_basis" value="Act 3"' in page and "CANARY ref" not in page
        page = desk.post(there, there, dict(decide, reason="", legal_basis="Act 3, s. 1", scope_reason="So far."))
        assert page.status == 422 and 'value="Act 3, s. 1"' in page.text and "So far." in page.text
        assert desk.post(there, there, decide).status == 422, "the law is needed, and nobody has checked it"
        for wrong in ("Act 3 (ask ann@example.org)", "https://evil.example/", "x" * 201):
            assert desk.post(there, there, dict(decide, legal_basis=wrong)).status == 422, wrong
        assert desk.post(there, there, dict(decide, legal_basis="Act 3, s. 1")).status == 303
        queue = other.get("/desk/demands").text
        proposal = re.search(r'/desk/proposals/(\d+)/approve', queue)[1]
        shown = re.search(r'name="shown" value="([0-9a-f]+)"', queue)[1]
        approve = "/desk/proposals/%s/approve" % proposal
        assert desk.post("/desk/demands", approve, {"shown": shown}).status == 403
        assert other.post("/desk/demands", approve, {"shown": "0" * 64}).status == 409
        done = other.post("/desk/demands", approve, {"shown": shown})
        assert done.status == 303 and "/record/restrictions/" in done.headers["Location"], done.text
        restriction = shop.get(done.headers["Location"]).text
        assert "/record/demands/%d" % demand_id in restriction
        assert "Act 3, s. 1" in restriction and shop.api("GET", "/demands?outcome=granted").json()["demands"][0]["legal_basis"] == "Act 3, s. 1"
        # A refusal names what was checked, if anything was.
        other_page = "/desk/demands/%d" % made.json()["id"]
        assert desk.post(other_page, other_page, {"outcome": "refused", "reason": "No.", "authority": "Press Office"}).status == 303
        queue = other.get("/desk/demands").text
        proposal, shown = re.search(r'/desk/proposals/(\d+)/approve', queue)[1], re.search(r'name="shown" value="([0-9a-f]+)"', queue)[1]
        assert other.post("/desk/demands", "/desk/proposals/%s/approve" % proposal, {"shown": shown}).status == 303
        assert shop.api("GET", "/demands?outcome=refused").json()["demands"][0]["authority"] == "Press Office"
        notices = [json.loads(l) for l in shop.ok("record", "export", "lumen").splitlines()]
        assert {n["sender_name"] for n in notices} == {None, "Press Office"} and "CANARY" not in json.dumps(notices)
        status, out, err = shop.audit()
        assert status == 0, out + err
        assert "granted" in shop.get(own).text and "Lawful." in shop.get("/record/demands/%d" % demand_id).text


def test_papers_go_where_the_files_go():
    import os
    import shutil
    from s3 import TinyS3
    with TinyS3() as store, Shop() as shop:
        shop.env = dict(store.key)
        shop.serve()
        paper, copy = b"%PDF-1.4 CANARY the whole order", b"%PDF-1.4 the order, redacted"
        made = demand(shop, "--document", shop.file("order.pdf", paper), "--public-copy", shop.file("copy.pdf", copy))
        public = "/record/demands/%d/document" % made["id"]
        assert shop.get(public).body == copy
        kept = os.path.join(shop.dir, "files", "documents")
        lost = sorted(os.listdir(kept))[0]
        # One that is lost stops it and is named; nothing is switched.
        os.rename(os.path.join(kept, lost), os.path.join(shop.base, lost))
        for command in ["files", "move", "--to", store.address()], ["files", "check"]:
            status, out, err = shop.run(*command)
            assert status == 1 and "demand %d" % made["id"] in out + err and lost in out + err, (command, out, err)
        os.rename(os.path.join(shop.base, lost), os.path.join(kept, lost))
        # As one that does not take them.
        store.mode = "forgets"
        status, _, err = shop.run("files", "move", "--to", store.address())
        assert status == 1 and "put, and not there" in err, err
        store.mode = ""
        assert shop.ok("files", "move", "--to", store.address()).startswith("2 files")
        shutil.rmtree(os.path.join(shop.dir, "files"))
        shop.until(lambda: shop.get(public).body == copy, "the copy")
        assert sorted(body for name, body in store.files.items() if "/documents/" in name) == [paper, copy]
        assert shop.ok("files", "check").startswith("2 files")
        # What is filed there lies there; and a backup of a folder has it all.
        later = demand(shop, "--document", shop.file("order.pdf", paper))
        assert len(store.files) == 3
        back = os.path.join(shop.base, "back")
        shop.ok("files", "move", "--to", back)
        shop.ok("demand", "copy", str(later["id"]), shop.file("copy.pdf", copy))
        backup = os.path.join(shop.base, "backup.db")
        shop.ok("backup", backup)
        assert len(os.listdir(os.path.join(backup + ".files", "documents"))) == 4


def test_who_owns_a_shop_stands_on_its_titles():
    import re
    with Shop() as shop:
        shop.serve()
        assert 'class="owner"' not in shop.get("/us/books/" + EMMA).text
        for more, word in [(["--owner", "X", "--country", "xx"], "--country"), (["--owner", " "], "owner"), (["--owner", "a\nb"], "owner"),
                           (["--owner", "X" * 500], "owner"), (["--owner", "X", "--text", "\x01"], "--text")]:
            status, _, err = shop.run("shop", "disclose", "main", *more)
            assert status == 1 and word in err, (more, err)
        assert shop.run("shop", "disclose", "none", "--owner", "X")[0] == 1
        first = json.loads(shop.ok("shop", "disclose", "main", "--owner", "Riverside Books Ltd", "--controlled-by", "Old Group", "--json"))
        second = json.loads(shop.ok("shop", "disclose", "main", "--owner", "Riverside & Sons", "--controlled-by", "New Group",
                                    "--country", "CN", "--text", "CANARY", "--json"))
        e = entry(shop, second["record_index"])
        assert e["type"] == "disclosure" and e["shop"] == "main" and e["owner"] == "Riverside & Sons" and e["country"] == "CN"
        assert "CANARY" not in json.dumps(e) and first["record_index"] < second["record_index"]
        # The last one, on every title of the shop and its page, with the way to its entry; in both languages.
        for page in "/us/books/" + EMMA, "/us/books/9780000000057", "/cn/books/" + EMMA, "/us/shops/main":
            text = shop.get(page).text
            assert "Riverside &amp; Sons" in text and "New Group" in text and "Old Group" not in text, page
            assert re.search(r'class="owner" href="[^"]*/record/entries/%d\b' % second["record_index"], text), page
        offer = shop.api("GET", "/us/editions/" + EMMA).json()["offers"][0]
        assert offer["owner"] == "Riverside & Sons" and offer["disclosure"] == second["record_index"]
        # A shop that says so as it comes in; and whoever says half of it is told.
        assert shop.run("shop", "add", "lone", "--name", "Lone", "--country", "GB")[0] != 0
        shop.ok("shop", "add", "harbour", "--name", "Harbour", "--owner", "Harbour plc", "--country", "GB")
        shop.until(lambda: "Harbour plc" in shop.get("/us/shops/harbour").text, "the owner")

        add = ["agreement", "add", "--authority", "Culture Office", "--country", "CN", "--from", "2026-01-01", "--text", "Reviews wait a day."]
        for more in ["--until", "2025-01-01"], ["--until", "soon"], ["--country", "china"], ["--authority", ""]:
            assert shop.run(*add, *more)[0] != 0, more
        made = json.loads(shop.ok(*add, "--until", "2027-12-31", "--json"))
        e = entry(shop, made["record_index"])
        assert e["type"] == "agreement" and e["authority"] == "Culture Office" and "Reviews wait" not in json.dumps(e)
        shop.ok(*add[:2], "--authority", "Press Office", *add[4:])
        listed = json.loads(shop.ok("agreement", "list", "--json"))["agreements"]
        assert [a["authority"] for a in listed] == ["Press Office", "Culture Office"] and listed[1]["text"] == "Reviews wait a day."
        page = shop.get("/record/agreements").text
        assert page.index("Press Office") < page.index("Culture Office") and "Reviews wait a day." in page and "Harbour plc" in page
        assert "/record/agreements" in shop.get("/record/").text
        trail = shop.ok("staff", "trail")
        for command in "shop disclose", "agreement add", "shop add":
            assert command in trail, trail
        assert "CANARY" not in trail
        status, out, err = shop.audit()
        assert status == 0, out + err
        assert shop.run("record", "verify")[0] == 0


def test_a_refusal_is_complained_about_and_somebody_else_decides():
    from shop import Browser
    import re
    from test_statements import signed_in
    with Shop() as shop:
        shop.serve()
        operators(shop, "one", "two")
        sender = Browser(shop)
        fields = {"sender": "reader", "target": "edition", "key": EMMA, "feature": "reviews", "storefront": "us", "ground": "law",
                  "legal_basis": "Act 3", "explanation": "words", "name": "N", "email": "n@example.org"}
        own = sender.post("/us/demand", "/us/demand", fields).headers["Location"]
        complain = own + "/complaint"
        assert "Complain" not in sender.get(own).text.replace("Complaints", "")
        assert shop.run("complaint", "add", "--demand", "1", "--text", "Too early.")[0] == 1

        def refuse(first, second):
            proposed = json.loads(shop.ok("demand", "decide", "1", "--outcome", "refused", "--reason", "No such law.", "--as",
                                          first + "@example.org", "--json"))
            return json.loads(shop.ok("demand", "approve", str(proposed["proposal"]), "--as", second + "@example.org", "--json"))

        refuse("one", "two")
        page = sender.get(own).text
        assert "Why it is wrong" in page and "Act 3" in page
        assert sender.post(own, complain, {"text": " "}).status == 422
        assert sender.post(own, complain, {"text": "CANARY there is such a law."}).status == 303
        assert sender.post("/us/demand", complain, {"text": "Again."}).status == 409
        page = sender.get(own).text
        assert "CANARY there is such a law." in page and "Why it is wrong" not in page
        receipt = sender.get(complain + "/receipt")
        status, out, err = shop.run("receipt", "verify", shop.file("complaint.tlog-proof", receipt.body))
        assert status == 0 and receipt.text.startswith("c2sp.org/tlog-proof@v1"), out + err
        complaint = [json.loads(line)["entry"] for line in shop.ok("record", "export", "jsonl").splitlines() if '"type":"complaint"' in line][0]
        assert complaint["of"] == {"decision": 1} and "CANARY" not in json.dumps(complaint)
        # Both decided the refusal; who did not decides the complaint, at the desk.
        status, _, err = shop.run("complaint", "decide", "1", "--upheld", "--reason", "r", "--as", "one@example.org")
        assert status == 1 and "somebody else" in err, err
        operators(shop, "three")
        for name in "one", "two":
            status, _, err = shop.run("complaint", "decide", "1", "--upheld", "--reason", "r", "--as", name + "@example.org")
            assert status == 1 and "somebody else" in err, err
        desk = signed_in(shop, "three", "/desk/sign-in")
        assert 'data-complaint="1"' in desk.get("/desk/complaints").text and "/record/demands/1" in desk.get("/desk/complaints").text
        page = desk.get("/desk/complaints/1").text
        assert "CANARY there is such a law." in page and "No such law." in page and "Act 3" in page
        assert desk.post("/desk/complaints/1", "/desk/complaints/1", {"outcome": "upheld", "reasons": "There is one."}).status == 303
        # It waits again, and is decided again; that one can be complained about, too.
        page = sender.get(own).text
        assert "undecided" in page and "There is one." in page and "upheld" in page
        assert "/desk/demands/1" in desk.get("/desk/demands").text
        refuse("two", "three")
        assert sender.post(own, complain, {"text": "Once more."}).status == 303
        shop.ok("complaint", "decide", "2", "--rejected", "--reason", "It stays so.", "--as", "one@example.org")
        assert "It stays so." in sender.get(own).text and "demand 1" in shop.ok("complaint", "list")
        status, out, err = shop.audit()
        assert status == 0, out + err
        assert shop.run("record", "verify")[0] == 0


def test_complaints_come_in_time_and_about_refusals():
    with Shop() as shop:
        for number, outcome in (1, "refused"), (2, "granted"):
            demand(shop)
            shop.ok("demand", "decide", str(number), "--outcome", outcome, "--reason", "r",
                    *(["--until", "2099-12-31"] if outcome == "granted" else []))
        status, _, err = shop.run("complaint", "add", "--demand", "2", "--text", "t")
        assert status == 1 and "neither refused nor narrowed" in err, err
        status, _, err = shop.run("complaint", "add", "--demand", "1", "--text", "t", env={"COLOPHON_NOW": "2096-10-02T00:00:00Z"})
        assert status == 1 and "six months" in err, err
        assert shop.run("complaint", "add", "1", "--demand", "1", "--text", "t")[0] == 2
        assert shop.run("complaint", "add", "--demand", "77", "--text", "t")[0] == 1
        shop.ok("complaint", "add", "--demand", "1", "--text", "In time.")


def test_who_is_signed_in_finds_their_demands():
    from shop import Browser
    with Shop() as shop:
        shop.serve()
        reader, other = Browser(shop), Browser(shop)
        reader.sign_up("us", "Ann")
        other.sign_up("us", "Bo")
        fields = {"sender": "reader", "target": "edition", "key": EMMA, "feature": "reviews", "storefront": "us", "ground": "law",
                  "legal_basis": "Act 3", "explanation": "words"}
        assert reader.post("/us/demand", "/us/demand", fields).status == 303
        page = reader.get("/us/account").text
        assert "Demands you filed" in page and "undecided" in page and "/us/account/demands/1/receipt" in page
        assert "Demands you filed" not in other.get("/us/account").text
        receipt = reader.get("/us/account/demands/1/receipt")
        assert shop.run("receipt", "verify", shop.file("d.tlog-proof", receipt.body))[0] == 0
        for path in "/us/account/demands/1", "/us/account/demands/1/receipt", "/us/account/demands/7":
            assert other.get(path).status == 404, path
        assert shop.get("/us/account/demands/1").status == 303
        shop.ok("demand", "decide", "1", "--outcome", "refused", "--reason", "No such law.")
        assert "refused" in reader.get("/us/account").text and "No such law." in reader.get("/us/account/demands/1").text
        assert other.post("/us/account", "/us/account/demands/1/complaint", {"text": "Not mine."}).status == 404
        assert reader.post("/us/account/demands/1", "/us/account/demands/1/complaint", {"text": "Mine."}).status == 303
        assert reader.get("/us/account/demands/1/complaint/receipt").text.startswith("c2sp.org/tlog-proof@v1")
        # The API gives the proof to whoever prefers it.
        body = {"sender": "reader", "target": {"kind": "edition", "key": EMMA}, "features": ["sale"], "storefronts": ["us"], "ground": "law"}
        made = shop.ask("POST", "/api/v1/demands", json.dumps(body), {"Content-Type": "application/json", "Prefer": "return=representation"})
        assert made.status == 201 and made.headers["Preference-Applied"] == "return=representation", made.text
        assert shop.run("receipt", "verify", shop.file("p.tlog-proof", made.json()["proof"]))[0] == 0
        assert "proof" not in shop.api("POST", "/demands", body).json()


def multipart(*parts, boundary="x7MA4YWxkTrZu0gW", end=True):
    """A form with files as browsers send it: (name, value) or (name, filename, bytes)."""
    body = b""
    for part in parts:
        name, content = part[0], part[-1] if isinstance(part[-1], bytes) else part[-1].encode()
        filename = '; filename="%s"\r\nContent-Type: application/octet-stream' % part[1] if len(part) == 3 else ""
        body += b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (boundary.encode(), name.encode(), filename.encode(), content)
    return body + (b"--%s--\r\n" % boundary.encode() if end else b""), {"Content-Type": "multipart/form-data; boundary=" + boundary}


def send(browser, page, action, *parts, token=True, **form):
    import re
    found = re.search(r'name="token" value="([^"]*)"', browser.get(page).text)
    body, headers = multipart(*([("token", found[1])] if token else []), *parts, **form)
    if browser.cookies:
        headers["Cookie"] = "; ".join("%s=%s" % c for c in browser.cookies.items())
    return browser.shop.ask("POST", action, body, headers)


def test_papers_come_by_the_forms():
    import hashlib
    import re
    from shop import Browser
    from test_statements import signed_in
    paper = b"%PDF-1.4 CANARY " + bytes(range(256)) * 40 + b"\r\n--x7MA4YWxkTrZu0g\r\n"
    fields = [("sender", "rightsholder"), ("target", "edition"), ("key", EMMA), ("feature", "reviews"), ("feature", "ratings"),
              ("storefront", "us"), ("ground", "rightsholder"), ("legal_basis", "Act 3"), ("explanation", "Eins.\r\nZwei \u4e66."), ("name", "")]
    with Shop() as shop:
        shop.serve()
        sender = Browser(shop)
        assert 'enctype="multipart/form-data"' in sender.get("/us/demand").text and 'type="file"' in sender.get("/us/demand").text
        done = send(sender, "/us/demand", "/us/demand", *fields, ("document", "order.pdf", paper))
        assert done.status == 303, done.text
        made = entry(shop, int(re.search(r"/record/proofs/(\d+)", sender.get(done.headers["Location"]).text)[1]))
        assert set(made["document"]) == {"full"} and set(made["features"]) == {"reviews", "ratings"} and made["missing"] == ["contact", "good-faith"]
        operators(shop, "one")
        desk = signed_in(shop, "one", "/desk/sign-in")
        assert desk.get("/desk/demands/1/document").body == paper and "Eins.\nZwei \u4e66." in desk.get("/desk/demands/1").text
        # No file chosen is none; neither is one that is no paper, and what was typed is kept.
        assert send(sender, "/us/demand", "/us/demand", *fields, ("document", "", b"")).status == 303
        answer = send(sender, "/us/demand", "/us/demand", *fields, ("document", "a.zip", b"PK\x03\x04\x00"))
        assert answer.status == 422 and "neither a PDF nor plain text" in answer.text and "Zwei \u4e66." in answer.text
        before = shop.look("SELECT COUNT(*) FROM demand")
        # What is no such form, whole and in order, is refused, and nothing is changed.
        assert send(sender, "/us/demand", "/us/demand", *fields, token=False).status == 403
        for wrong in ({"end": False}, {"boundary": "y" * 71}, {"boundary": "a b"}):
            assert send(sender, "/us/demand", "/us/demand", *fields, **wrong).status == 422, wrong
        for more in [("x%d" % n, "v") for n in range(210)], [("f%d" % n, "f", b"%PDF-") for n in range(5)], [("explanation", b"\xff")], \
                [("explanation", b"a\x00b")], [("explanation", b"x" * (129 << 10))]:
            answer = send(sender, "/us/demand", "/us/demand", *fields, *more)
            assert answer.status == 422, (more[0], answer.status)
        body, headers = multipart(("token", "x"))
        for kind in "multipart/form-data", 'multipart/form-data; boundary="', "multipart/form-data; boundary=a; boundary=b", "multipart/mixed; boundary=x7MA4YWxkTrZu0gW":
            assert shop.ask("POST", "/us/demand", body, {"Content-Type": kind}).status in (415, 422), kind
        answer = send(sender, "/us/demand", "/us/demand", ("document", "b.pdf", b"%PDF-" + b"x" * (4 << 20)))
        assert answer.status == 413 and "too large" in answer.text
        assert send(sender, "/us/sign-in", "/us/sign-in", ("email", "a@example.org")).status == 415
        assert shop.look("SELECT COUNT(*) FROM demand") == before

        # The redacted copy, at the desk: a file, or a text where there is no more than text.
        copy = b"%PDF-1.4 redacted"
        there, action = "/desk/demands/1", "/desk/demands/1/copy"
        for parts in [], [("copy", "", b"")], [("copy", "c.pdf", copy), ("text", "And text.")], [("copy", "c.zip", b"PK\x03\x04\x00")]:
            assert send(desk, there, action, *parts).status == 422, parts
        assert send(sender, "/us/demand", action, ("copy", "c.pdf", copy)).status in (401, 403)
        assert send(desk, there, action, ("copy", "c.pdf", copy)).status == 303
        assert shop.get("/record/demands/1/document").body == copy
        assert send(desk, "/desk/demands/2", "/desk/demands/2/copy", ("text", "Zwei, SECRETWORD redacted.")).status == 303
        assert shop.get("/record/demands/2/document").text == "Zwei, SECRETWORD redacted."
        for number, content in (1, copy), (2, b"Zwei, SECRETWORD redacted."):
            made = json.loads(shop.ok("demand", "decide", str(number), "--outcome", "refused", "--reason", "r", "--json"))
            assert entry(shop, made["record_index"])["public"] == hashlib.sha256(content).hexdigest()
        assert send(desk, "/us/demand", action, ("copy", "c.pdf", copy)).status == 409
        trail = shop.ok("staff", "trail")
        assert "/desk/demands/{id}/copy" in trail and "SECRETWORD" not in trail, trail


def test_an_agreement_has_its_paper_and_an_owner_its_entry():
    import hashlib
    import os
    with Shop() as shop:
        shop.serve()
        # What nobody stands for with an entry is not taken, nor shown.
        status, _, err = shop.run("shop", "add", "lone", "--name", "Lone", "--controlled-by", "Somebody")
        assert status == 2 and "--owner" in err, err
        shop.ok("shop", "disclose", "main", "--owner", "Riverside Ltd", "--text", "Held by two <families>.")
        page = shop.get("/record/agreements").text
        assert "Riverside Ltd" in page and "Held by two &lt;families&gt;." in page
        # The paper of an agreement, with its redacted copy for everybody.
        paper, copy = b"%PDF-1.4 CANARY the whole agreement", b"%PDF-1.4 the agreement, redacted"
        add = ["agreement", "add", "--authority", "Culture Office", "--country", "CN", "--from", "2026-01-01", "--text", "Reviews wait a day.", "--json"]
        for more, word in [(["--public-copy", shop.file("c", copy)], "of which document"), (["--document", shop.file("z", b"PK\x03\x04\x00")], "PDF"),
                           (["--document", shop.file("e", b"")], "empty")]:
            status, _, err = shop.run(*add, *more)
            assert status == 1 and word in err, (more, err)
        made = json.loads(shop.ok(*add, "--document", shop.file("a.pdf", paper), "--public-copy", shop.file("c.pdf", copy)))
        e = entry(shop, made["record_index"])
        assert e["document"]["public"] == hashlib.sha256(copy).hexdigest() and e["document"]["full"] != hashlib.sha256(paper).hexdigest()
        public = "/record/agreements/%d/document" % made["id"]
        assert public in shop.get("/record/agreements").text and shop.get(public).body == copy
        plain = json.loads(shop.ok(*add))
        assert "document" not in entry(shop, plain["record_index"])
        for path in "/record/agreements/%d/document" % plain["id"], "/record/agreements/99/document":
            assert shop.get(path).status == 404
        # It goes where the files go.
        assert shop.ok("files", "check").startswith("2 files")
        lost = os.path.join(shop.dir, "files", "documents", sorted(os.listdir(os.path.join(shop.dir, "files", "documents")))[0])
        os.rename(lost, lost + "-away")
        status, out, err = shop.run("files", "check")
        assert status == 1 and "agreement %d" % made["id"] in out + err, (out, err)
        os.rename(lost + "-away", lost)
        shop.ok("files", "move", "--to", os.path.join(shop.base, "elsewhere"))
        shop.until(lambda: shop.get(public).body == copy, "the copy")
        status, out, err = shop.audit()
        assert status == 0, out + err


def test_less_of_a_demanded_set_says_of_which_works():
    """Two works of an author's whole oeuvre: the entry names the oeuvre's works, and everybody checks."""
    from test_audit import Rewriter
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        author = shop.edition(EMMA)["contributors"][0]["id"]
        whole = entry(shop, shop.restrict("--ground", "operator", "--storefront", "us", "--contributor", str(author), "--withhold", "sale")["record_index"])["target"]
        other = next(w for w in range(1, 60) if str(w) not in shop.get("/record/lists/" + whole["root"]).text.split())

        def asked(*more):
            return json.loads(shop.ok("demand", "add", "--sender", "authority", "--country", "CN", "--authority", "Press Office", "--contributor", str(author),
                                      "--withhold", "ratings", "--ground", "authority-order", "--legal-basis", "Act 12", "--reference", "2026/118",
                                      "--explanation", "because", "--redress", "--report-to", "--declared-language", "--json", *more))["id"]

        def decide(demand_id, *more):
            return shop.run("demand", "decide", str(demand_id), "--reason", "Lawful.", "--until", "2099-12-31", "--json", *more)
        first = asked()
        status, _, err = decide(first, "--outcome", "narrowed", "--work", str(other))
        assert status == 1 and "beyond what was demanded" in err, err
        status, out, err = decide(first, "--outcome", "narrowed", "--work", str(work))
        assert status == 0, err
        restriction = lambda made: next(e for e in map(json.loads, shop.get("/record/entries.jsonl").text.splitlines())
                                        if (e["type"], e.get("id")) == ("restriction", json.loads(made)["id"]))
        less = restriction(out)
        assert less["demanded"] == {"works": whole["works"], "root": whole["root"]} and less["target"]["key"] == str(work), less
        assert str(work) in shop.get("/record/lists/" + less["demanded"]["root"]).text.split()
        # All that was demanded is the set itself, whose works the entry has already.
        status, out, err = decide(asked(), "--outcome", "granted")
        assert status == 0, err
        assert "demanded" not in restriction(out) and restriction(out)["target"]["root"] == whole["root"]
        status, out, err = shop.audit()
        assert status == 0, out + err
        shop.ok("record", "verify")
        # The same set was restricted before; once that list is another, so is this one.
        path = "/record/lists/" + whole["root"]
        for change, word in ((lambda s, b: (404, b"")), "missing"), ((lambda s, b: (s, b"%d\n" % work)), "does not match"):
            with Rewriter(shop, lambda p, s, b: change(s, b) if p == path else (s, b)) as between:
                status, out, err = shop.audit(url=between.url)
                assert status == 1 and word in out + err, out + err


def test_works_of_a_demanded_set_are_served_for_this_alone():
    """No restriction on the set itself: its list is there all the same, and the audit reads it."""
    from test_audit import Rewriter
    with Shop() as shop:
        shop.serve()
        work, author = shop.work(EMMA), shop.edition(EMMA)["contributors"][0]["id"]
        made = json.loads(shop.ok("demand", "add", "--sender", "authority", "--country", "CN", "--authority", "Press Office", "--contributor", str(author),
                                  "--withhold", "ratings", "--ground", "authority-order", "--legal-basis", "Act 12", "--reference", "2026/118",
                                  "--explanation", "because", "--redress", "--report-to", "--declared-language", "--json"))
        operators(shop, "one", "two")
        proposed = json.loads(shop.ok("demand", "decide", str(made["id"]), "--outcome", "narrowed", "--edition", EMMA, "--reason", "Lawful.",
                                      "--until", "2099-12-31", "--json", "--as", "one@example.org"))
        shop.ok("demand", "approve", str(proposed["proposal"]), "--as", "two@example.org")
        less = [e for e in map(json.loads, shop.get("/record/entries.jsonl").text.splitlines()) if e["type"] == "restriction"][0]
        path = "/record/lists/" + less["demanded"]["root"]
        listed = shop.get(path).text
        assert str(work) in listed.split() and len(listed.split()) == less["demanded"]["works"] > 1
        shop.stop()
        shop.serve()
        status, out, err = shop.audit()
        assert status == 0, out + err
        for change, word in ((lambda s, b: (404, b"")), "missing"), ((lambda s, b: (s, b"999999\n")), "does not match"):
            with Rewriter(shop, lambda p, s, b: change(s, b) if p == path else (s, b)) as between:
                status, out, err = shop.audit(url=between.url)
                assert status == 1 and word in out + err, out + err
