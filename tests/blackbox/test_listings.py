"""Signed lists: what each storefront lists, committed to; what leaves is explained."""
import hashlib
import re
import time

from shop import Shop, onix, product
from test_audit import Rewriter
from test_schemas import entries
from test_search_gate import isbn
from test_watch import Monitor
from watcher import root_of

OTHERS = True  # see run.py

A, B, C = "9780000000019", "9780000000026", "9780000000033"


def latest(shop, storefront):
    """The latest list, checked: its entry, its titles, what changed."""
    found = next(l for l in shop.get("/record/listings/").json()["listings"] if l["entry"]["storefront"] == storefront)
    lines = shop.get(found["titles"]).body.splitlines()
    assert root_of([hashlib.sha256(b"\0" + line).digest() for line in lines]).hex() == found["entry"]["root"]
    assert lines[0].decode() == "%s %d" % (storefront, found["entry"]["against"])
    assert len(lines) == found["entry"]["titles"] + 1 and lines[1:] == sorted(lines[1:])
    return found, [line.decode().split()[0] for line in lines[1:]], shop.get(found["changes"]).text


def feed(shop, *products, name):
    status, _, findings, err = shop.import_feed(shop.file(name, onix(*products)))
    assert status == 0, (findings, err)


def test_what_is_listed_and_what_leaves():
    with Shop(samples=False) as shop:
        shop.serve()
        feed(shop, product("a", A, "Emma"), product("b", B, "Persuasion", rights="US"), product("c", C, "Walden"), name="1.xml")
        assert shop.ok("record", "list") == "0 signed\n", "the import signed them, and nothing changed since"
        entry, titles, changes = latest(shop, "us")
        assert titles == [A, B, C] and changes == "", "no list before"
        assert latest(shop, "cn")[1] == titles, "known there too, if not sold"
        assert shop.get("/record/entries/%d" % entry["record_index"]).status == 200
        assert shop.audit()[0] == 0
        # One is withheld in one storefront, one withdrawn by its supplier, one new.
        work = shop.work(A)
        id = shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "listing")["id"]
        feed(shop, product("c", C, notification="05", blocks=False), product("d", "9780000000040", "Typee"), name="2.xml")
        assert shop.ok("record", "list") == "0 signed\n"
        _, titles, changes = latest(shop, "cn")
        assert titles == [B, "9780000000040"]
        before, *lines = changes.splitlines()
        assert re.fullmatch("before [0-9a-f]{64}", before)
        assert "left %s %d restriction %d" % (A, work, id) in lines and len(lines) == 3
        assert [l.split()[0] + l.split()[-1] for l in lines if C in l] == ["leftsupplier"]
        assert latest(shop, "us")[1] == [A, B, "9780000000040"]
        # What no restriction took away is an entry, of the batch of the list: who, how many, which.
        found = [e for e in entries(shop, "") if e["type"] in ("unlisted", "listing")][-4:]
        assert sorted((e["type"], e["storefront"]) for e in found) == [(t, s) for t in ("listing", "unlisted") for s in ("cn", "us")]
        for gone, listed in (found[:2], found[2:]):
            assert gone["type"] == "unlisted" and gone["storefront"] == listed["storefront"] and gone["at"] == listed["at"]
            assert gone["reason"] == "supplier" and gone["titles"] == 1
            assert shop.get("/record/lists/" + gone["root"]).text == C + "\n"
        page = shop.get("/record/listed").text
        assert 'data-listed="cn" data-titles="2"' in page and 'data-restriction="%d"' % id in page and page.count("data-unlisted=") == 2
        assert "United States" in page and "their supplier withdrew them" in page
        status, out, err = shop.audit()
        assert status == 0, out + err
        # Lifted, it is listed again; the next day there is a list though nothing changed.
        shop.ok("restriction", "lift", str(id), "--reason", "It was lifted.")
        assert shop.ok("record", "list") == "1 signed\n" and A in latest(shop, "cn")[1]
        assert shop.audit()[0] == 0
        # The last of a storefront are kept, and it is said how many; of all the entries.
        assert shop.get("/record/listings/").json()["kept"] == 31
        assert '"/record/listings/"' in page and '"/record/listed"' in shop.get("/record/absence").text
        for path in "0" * 64, "x", "0" * 64 + "/changes":
            assert shop.get("/record/listings/" + path).status == 404


def test_a_list_each_day_and_without_a_server():
    with Shop(samples=False) as shop:
        later = lambda hours: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600 * hours))
        feed(shop, product("a", A, "Emma"), name="1.xml")
        listed = lambda: [e["storefront"] for e in entries(shop, "") if e["type"] == "listing"]
        sign = lambda hours: shop.run("record", "list", env={"COLOPHON_NOW": later(hours)})[:2]
        assert sign(23) == (0, "0 signed\n") and sign(25) == (0, "2 signed\n") and sign(26) == (0, "0 signed\n")
        # The same records again change no list; one that goes does.
        feed(shop, product("a", A, "Emma"), name="1.xml")
        feed(shop, product("a", A, notification="05", blocks=False), name="2.xml")
        shop.serve()
        assert listed() == ["cn", "us"] * 3 or listed() == ["us", "cn"] * 3, listed()
        assert shop.audit()[0] == 0


def test_a_sample_is_asked_for():
    with Shop(samples=False) as shop:
        shop.serve()
        feed(shop, *(product("t%d" % i, isbn(i), "Title %d" % i) for i in range(1, 48)), name="1.xml")

        def asked():
            """How many editions an audit asks for."""
            paths = []

            def note(path, status, body):
                paths.extend(re.findall(r"^/api/v1/cn/editions/\d+$", path))
                return status, body
            with Rewriter(shop, note) as between:
                status, out, err = shop.audit(url=between.url)
            assert status == 0, out + err
            return len(paths)
        # Each of the 47 works is looked at; the list adds so many at most.
        assert 47 < asked() <= 47 + 24


def test_lists_that_lie():
    with Shop(samples=False) as shop:
        shop.serve()
        feed(shop, product("a", A, "Emma"), product("b", B, "Persuasion"), product("c", C, "Walden"), name="1.xml")
        feed(shop, product("d", "9780000000040", "Typee"), name="2.xml")
        monitor = Monitor(shop, "listings")
        monitor.quiet()
        found = latest(shop, "us")[0]

        def finds(change, word):
            with Rewriter(shop, change) as between:
                said = Monitor(shop, "lie").round(between.url)
                assert "listing (threat 3)" in said and word in said, said
        finds(lambda p, s, b: (s, re.sub(rb"\n%s .*" % A.encode(), b"", b)) if p == found["titles"] else (s, b), "not the list that was signed")
        finds(lambda p, s, b: (404, b"") if p == found["titles"] else (s, b), "not served")
        finds(lambda p, s, b: (404, b"") if p == "/api/v1/us/editions/" + A else (s, b), "in the signed list and not served")
        # Signed without the title, by a shop whose database was changed by hand: explained by nothing.
        record = shop.look("SELECT record_id FROM edition WHERE product_key = '%s'" % A)
        shop.tamper("UPDATE edition SET record_id = 0 WHERE product_key = '%s'" % A)
        assert shop.ok("record", "list") == "2 signed\n"
        shop.tamper("UPDATE edition SET record_id = %s WHERE product_key = '%s'" % (record, A))
        change = lambda p, s, b: (404, b"") if p == "/api/v1/us/editions/" + A else (s, b)
        finds(change, "still has it")
        gone = [e["root"] for e in entries(shop, "") if e["type"] == "unlisted"][-1]
        finds(lambda p, s, b: (404, b"") if p == "/record/lists/" + gone else (s, b), "that left is not served")
        finds(lambda p, s, b: (s, b"%s\n" % B.encode()) if p == "/record/lists/" + gone else (s, b), "not the one that was signed")
        # B leaves, and the shop writes no entry: it is made to believe that B was not listed.
        listed = latest(shop, "us")[0]
        before, whole = listed["entry"]["root"], shop.get(listed["titles"]).body
        put = lambda text: shop.tamper("UPDATE listing SET titles = %s WHERE root = %s" % (shop.blob(text), shop.blob(bytes.fromhex(before))))
        put(re.sub(rb"\n%s \d+" % B.encode(), b"", whole))
        shop.tamper("UPDATE edition SET record_id = 0 WHERE product_key = '%s'" % B)
        feed(shop, product("e", "9780000000057", "Omoo"), name="3.xml")
        put(whole)
        finds(lambda p, s, b: (s, b), "no entry explains it")
        # A row that is not what was signed.
        shop.tamper("UPDATE listing SET titles = changes")
        finds(lambda p, s, b: (s, b), "not the list that was signed")
