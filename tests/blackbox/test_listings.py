"""Signed lists: what each storefront lists, committed to; what leaves is explained."""
import hashlib
import re

from shop import Shop, onix, product
from test_audit import Rewriter
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
        assert shop.ok("record", "list") == "2 signed\n"
        assert shop.ok("record", "list") == "0 signed\n", "nothing changed"
        entry, titles, changes = latest(shop, "us")
        assert titles == [A, B, C] and changes == "", "no list before"
        assert latest(shop, "cn")[1] == titles, "known there too, if not sold"
        assert shop.get("/record/entries/%d" % entry["record_index"]).status == 200
        assert shop.audit()[0] == 0
        # One is withheld in one storefront, one withdrawn by its supplier, one new.
        work = shop.work(A)
        id = shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "listing")["id"]
        feed(shop, product("c", C, notification="05", blocks=False), product("d", "9780000000040", "Typee"), name="2.xml")
        assert shop.ok("record", "list") == "2 signed\n"
        _, titles, changes = latest(shop, "cn")
        assert titles == [B, "9780000000040"]
        before, *lines = changes.splitlines()
        assert re.fullmatch("before [0-9a-f]{64}", before)
        assert "left %s %d restriction %d" % (A, work, id) in lines and len(lines) == 3
        assert [l.split()[0] + l.split()[-1] for l in lines if C in l] == ["leftsupplier"]
        assert latest(shop, "us")[1] == [A, B, "9780000000040"]
        status, out, err = shop.audit()
        assert status == 0, out + err
        # Lifted, it is listed again; the next day there is a list though nothing changed.
        shop.ok("restriction", "lift", str(id), "--reason", "It was lifted.")
        assert shop.ok("record", "list") == "1 signed\n" and A in latest(shop, "cn")[1]
        assert shop.audit()[0] == 0
        # The last four of a storefront are kept, of all the entries.
        for n in range(5):
            feed(shop, product("d", "9780000000040", "Typee", notification="05" if n % 2 == 0 else "03", blocks=n % 2 != 0), name="n%d.xml" % n)
            shop.ok("record", "list")
        kept = shop.get("/record/listings/").json()["listings"]
        assert len([l for l in kept if l["entry"]["storefront"] == "us"]) <= 4
        assert '"/record/listings/"' in shop.get("/record/absence").text
        for path in "0" * 64, "x", "0" * 64 + "/changes":
            assert shop.get("/record/listings/" + path).status == 404


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
        before = asked()
        shop.ok("record", "list")
        assert 0 < asked() - before <= 24, "a list adds so many at most"


def test_lists_that_lie():
    with Shop(samples=False) as shop:
        shop.serve()
        feed(shop, product("a", A, "Emma"), product("b", B, "Persuasion"), product("c", C, "Walden"), name="1.xml")
        shop.ok("record", "list")
        feed(shop, product("d", "9780000000040", "Typee"), name="2.xml")
        shop.ok("record", "list")
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
        shop.tamper("UPDATE listing SET changes = %s" % shop.blob(b"before nothing\n"))
        finds(lambda p, s, b: (s, b), "nothing explains it")
        # A row that is not what was signed.
        shop.tamper("UPDATE listing SET titles = changes")
        finds(lambda p, s, b: (s, b), "not the list that was signed")
