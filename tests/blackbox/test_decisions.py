"""Decisions on bad days: what is kept while nothing can be published, who may decide, and what
"narrowed" may mean."""
import base64
import json
import os

from shop import EMMA, Browser, Shop
from test_demands import SECRET, demand, entry, operators
from test_quorum import policy, rate, vkeys
from witnesses import Liar, Witness


FINE = {"title": "Fine", "text": "A fine book.", "language": "en", "stars": 4}


def papers(shop):
    kept = os.path.join(shop.dir, "files", "documents")
    return sorted(os.listdir(kept)) if os.path.isdir(kept) else []


def desk_of(shop, name):
    browser = Browser(shop)
    assert browser.post("/desk/sign-in", "/desk/sign-in", {"email": name + "@example.org", "password": SECRET.decode().strip()}).status == 303
    return browser


def test_a_demand_that_cannot_be_published_is_kept_with_its_paper():
    with Shop() as shop:
        shop.serve()
        operators(shop, "one")
        first = demand(shop, "--storefront", "cn")
        with Witness(shop.base, "one.example", vkeys(shop)) as w, Liar(w) as liar:
            shop.ok("policy", "set", policy(shop, [(w, liar.url)]))
            liar.how = "dead"
            body = {"sender": "authority", "country": "CN", "authority": "Press Office", "target": {"kind": "edition", "key": EMMA},
                    "features": ["sale"], "ground": "authority-order", "document": base64.b64encode(b"%PDF-1.4 order").decode()}
            made = shop.api("POST", "/demands", body)
            assert made.status == 202, made.text
            made = made.json()
            assert made["state"] == "pending" and "record_index" not in made and len(papers(shop)) == 1
            page = shop.get("/us/demand/" + made["secret"])
            assert page.status == 200 and 'data-demand="%d"' % made["id"] in page.text
            # While one stands nothing else can be written: that one is refused, and its paper is gone with it.
            again = shop.api("POST", "/demands", body)
            assert again.status == 503 and len(papers(shop)) == 1, again.text
            liar.how = "honest"
            shop.until(lambda: shop.get("/us/demand/%s/receipt" % made["secret"]).status == 200, "the late quorum")
            desk = desk_of(shop, "one")
            paper = desk.get("/desk/demands/%d/document" % made["id"])
            assert paper.body == b"%PDF-1.4 order" and paper.headers["Content-Disposition"].startswith("attachment")
            # A decision that is not published is none yet, for nobody; and nobody can decide it twice.
            liar.how = "dead"
            status, _, err = shop.run("demand", "decide", str(first["id"]), "--outcome", "refused", "--reason", "No such law.")
            assert status == 1 and "published" in err, err
            page = shop.get("/record/demands/%d" % first["id"]).text
            assert "No such law" not in page and "waits for publication" in page and ">refused<" not in page
            assert [d["standing"] for d in json.loads(shop.ok("demand", "list", "--json"))["demands"] if d["id"] == first["id"]] == ["pending"]
            liar.how = "honest"
            shop.until(lambda: "No such law" in shop.get("/record/demands/%d" % first["id"]).text, "the decision")
            status, out, err = shop.audit()
            assert status == 0, out + err


def test_narrowed_is_within_what_was_demanded():
    with Shop() as shop:
        shop.serve()
        shop.ok("collection", "add", "austen", "--name", "Austen", "--contributor", "Jane Austen")
        edition = demand(shop, "--storefront", "cn")["id"]
        sets = json.loads(shop.ok("demand", "add", "--sender", "reader", "--collection", "austen", "--withhold", "reviews", "--ground", "law",
                                  "--legal-basis", "Act 3", "--storefront", "us", "--json"))["id"]
        decide = lambda what, *more: shop.run("demand", "decide", str(what), "--outcome", "narrowed", "--reason", "Less.", "--until", "2099-12-31", *more)
        work = shop.work(EMMA)
        other = [w for w in range(1, 12) if str(w) != str(work) and shop.api("GET", "/us/works/%d" % w).status == 200
                 and "Austen" not in shop.api("GET", "/us/works/%d" % w).text][0]
        for what, target in [(edition, ["--work", str(work)]), (edition, ["--shop", "main"]), (edition, ["--collection", "austen"]),
                             (edition, ["--edition", "9780000000057"]), (sets, ["--work", str(other)]), (sets, ["--shop", "main"])]:
            status, _, err = decide(what, *target)
            assert status == 1 and "beyond what was demanded" in err, (target, err)
        status, out, err = decide(sets, "--work", str(work))
        assert status == 0, err
        status, out, err = shop.audit()
        assert status == 0, out + err


def test_who_left_proposes_and_approves_nothing():
    with Shop() as shop:
        shop.serve()
        operators(shop, "one", "two", "three")
        add = lambda who: json.loads(shop.ok("restriction", "add", "--storefront", "cn", "--edition", EMMA, "--withhold", "ratings", "--ground", "operator",
                                             "--reason", "r", "--review", "2099-01-01", "--json", "--as", who + "@example.org"))["proposal"]
        first, second = add("one"), add("two")
        shop.ok("staff", "remove", "one@example.org")
        status, _, err = shop.run("restriction", "approve", str(first), "--as", "two@example.org")
        assert status == 1 and "open no more" in err, err
        # One that stayed open, as an earlier version left it.
        shop.tamper("UPDATE proposal SET state = 'open' WHERE id = %d" % first)
        status, _, err = shop.run("restriction", "approve", str(first), "--as", "two@example.org")
        assert status == 1 and "no operator" in err, err
        shop.ok("restriction", "approve", str(second), "--as", "three@example.org")
        assert shop.run("staff", "remove", "nobody@example.org")[0] == 1


def test_a_new_public_copy_takes_the_place_of_the_old():
    with Shop() as shop:
        shop.serve()
        made = demand(shop, "--document", shop.file("order.pdf", b"%PDF-1.4 order"))
        for n in range(3):
            shop.ok("demand", "copy", str(made["id"]), shop.file("copy.pdf", b"%%PDF-1.4 copy %d" % n))
            assert len(papers(shop)) == 2
        public = shop.get("/record/demands/%d/document" % made["id"])
        assert public.body == b"%PDF-1.4 copy 2" and public.headers["Content-Disposition"].startswith("attachment"), public.headers
        big = {"sender": "reader", "target": {"kind": "edition", "key": EMMA}, "features": ["sale"], "ground": "law", "storefronts": ["us"],
               "explanation": "x" * 20001}
        assert shop.api("POST", "/demands", big).status == 422


def test_an_author_that_no_letter_reaches_can_be_restricted():
    with Shop() as shop:
        for address in "jörg@readers.example", "a..b@readers.example", "x" * 65 + "@readers.example":
            status, _, err = shop.run("account", "add", address, "--password-stdin", stdin=SECRET)
            assert status == 1 and "letter" in err, (address, err)
        shop.serve()
        ann = shop.reader("ann")
        shop.ok("mail", "set", "--server", "smtp://127.0.0.1:9", "--from", "post@books.example", "--url", "https://books.example/")
        index = shop.api("POST", "/us/works/%d/reviews" % shop.work(EMMA), FINE, ann).json()["record_index"]
        shop.tamper("UPDATE account SET confirmed = 1, email = 'jörg@example.org' WHERE email = 'ann@example.org'")
        # Whether there is such an account, nobody is told.
        forgot = Browser(shop)
        known, unknown = [forgot.post("/us/forgot", "/us/forgot", {"email": e}).status for e in ("jörg@example.org", "bob@example.org")]
        assert known == unknown, (known, unknown)
        shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % index)
        failed = json.loads(shop.ok("mail", "list", "--state", "failed", "--json"))
        assert [l["kind"] for l in failed if l["kind"] == "statement"] == ["statement"] and "addressed" in failed[0]["reason"], failed
        assert set(shop.look("SELECT content FROM letter WHERE state = 'failed'").split("\n")) == {""}


def test_who_is_being_erased_says_nothing_more():
    with Shop() as shop:
        shop.serve()
        ann = shop.reader("ann")
        made = shop.api("POST", "/demands", {"sender": "reader", "target": {"kind": "edition", "key": EMMA}, "features": ["sale"], "ground": "law",
                                             "storefronts": ["us"], "name": "Ann A", "email": "ann@example.org"}, ann)
        assert made.status == 201 and shop.api("POST", "/us/works/%d/reviews" % shop.work(EMMA), FINE, ann).status == 201
        shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "submissions", "--from", "2098-01-01", "--target", "account:ann@example.org")
        shop.tamper("UPDATE account SET leaving = 1")
        answer = rate(shop, 2, ann)
        assert answer.status == 403 and "erased" in answer.text, answer.text
        shop.tamper("INSERT INTO account_token (hash, account_id, kind, expires) SELECT %s, id, 'x', 9999999999 FROM account" % shop.blob(b"a" * 32))
        assert shop.api("POST", "/account/erase", {"password": SECRET.decode().strip()}, ann).status == 200
        assert shop.look("SELECT COUNT(*) FROM account_commitment") == "0" and shop.look("SELECT COUNT(*) FROM account_token") == "0"
        assert shop.look("SELECT name FROM demand") == "" and shop.look("SELECT email FROM demand") == ""
        assert shop.api("GET", "/us/statements", token=ann).status == 401
        status, out, err = shop.audit()
        assert status == 0, out + err
