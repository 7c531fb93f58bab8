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
        for name, content, word in [("empty", b"", "empty"), ("zip", b"PK\x03\x04\x00", "PDF"), ("big", b"%PDF-" + b"x" * (8 << 20), "MB")]:
            status, _, err = shop.run("demand", "add", "--sender", "reader", "--edition", EMMA, "--storefront", "us", "--withhold", "sale",
                                      "--ground", "law", "--document", shop.file(name, content))
            assert status != 0 and word in err, (name, err)
