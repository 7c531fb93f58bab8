"""The audit catches whoever withholds in silence."""
import http.server
import json
import os
import re
import shutil
import threading
import urllib.error
import urllib.request

from shop import EMMA, Shop, onix, product
from test_crash import isbn13
from test_restrictions import with_voices

OTHERS = True  # see run.py


class Rewriter:
    """A server between that changes what is served: like a changed template."""

    def __init__(self, shop, change):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    with urllib.request.urlopen(shop.url + self.path) as answer:
                        status, headers, body = answer.status, answer.headers, answer.read()
                except urllib.error.HTTPError as error:
                    status, headers, body = error.code, error.headers, error.read()
                status, body = change(self.path, status, body)
                self.send_response(status)
                self.send_header("Content-Type", headers.get("Content-Type", "text/plain"))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def test_a_review_hidden_in_the_database():
    with Shop() as shop:
        shop.serve()
        with_voices(shop)
        assert shop.audit()[0] == 0
        shop.stop()
        shop.tamper("UPDATE review SET state = 'hidden'")
        shop.serve()
        status, out, err = shop.audit()
        assert status == 1 and "sums" in out and "reviews" in out, out + err
        shop.tamper("DELETE FROM review")
        shop.stop()
        shop.serve()
        assert shop.audit()[0] == 1
        shop.tamper("UPDATE work_rating SET stars2 = 0")
        shop.stop()
        shop.serve()
        assert "ratings" in shop.audit()[1]


def test_a_text_claimed_to_be_withdrawn():
    with Shop() as shop:
        shop.serve()
        with_voices(shop)
        shop.stop()
        shop.tamper("UPDATE comment SET state = 'withdrawn'")
        shop.serve()
        status, out, _ = shop.audit()
        assert status == 1 and "withdrawn" in out, out


def test_changed_templates():
    with Shop() as shop:
        shop.serve()
        with_voices(shop)
        shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "ratings")
        shop.authority("--storefront", "cn", "--work", str(shop.work(EMMA)), "--withhold", "comments,reviews,search")
        page = "/us/books/" + EMMA
        # What was ever accepted is said in place, also where all of it is withheld, with its restriction.
        there = shop.get("/cn/en/books/" + EMMA).text
        assert "1 review withheld here" in there and "1 comment withheld here" in there
        line = re.search(r'<tr data-sum="reviews" data-shown="0" data-withheld="1" data-withdrawn="0" data-erased="0">.*?</tr>', there, re.S)[0]
        assert 'data-restriction="2" data-withholds="1"' in line, line
        by = lambda of, to: lambda p, s, b: (s, b.replace(of, to) if p.startswith("/api/v1/cn/") else b)

        def without(pattern, path=page):
            return lambda p, s, b: (s, re.sub(pattern, b"", b, flags=re.S) if p == path else b)
        for change, word in [
            (lambda p, s, b: (s, b), None),
            (without(rb"<article class=\"review\".*?</article>"), "page"),
            (without(rb"<li class=\"comment\".*?</li>"), "page"),
            (without(rb"data-rating-count=\"\d+\""), "page"),
            (without(rb"<section class=\"slip\".*?</section>", "/cn/books/" + EMMA), "notice-missing"),
            (lambda p, s, b: (404, b"gone") if p == page else (s, b), "withheld-without-entry"),
            (lambda p, s, b: (451, b) if p == page else (s, b), "over-enforced"),
            (lambda p, s, b: (s, b"<h1>Nothing here</h1>") if p == page else (s, b), "page"),
            (lambda p, s, b: (s, re.sub(rb'"reviews":\[\{.*?\}\],', b'"reviews":[],', b)) if "/works/" in p and "reviews" in p else (s, b), "sums"),
            (without(rb"<details class=\"tallies\".*?</details>"), "sums"),
            (without(rb' data-withholds="1"', "/cn/books/" + EMMA), "sums"),
            (by(b'"by":[{"restriction":2,"count":1}]', b'"by":[]'), "sums"),
            (by(b'"by":[{"restriction":2,"count":1}]', b'"by":[{"restriction":1,"count":1}]'), "wrong-restriction"),
            (by(b'"found":1,', b'"found":2,'), "sums"),
            (by(b'"by":[{"restriction":2,"works":1', b'"by":[{"restriction":1,"works":1'), "withheld-without-entry"),
            (lambda p, s, b: (s, b'{"restrictions":[]}') if p.endswith("/restrictions") else (s, b), "restriction-missing"),
        ]:
            with Rewriter(shop, change) as between:
                status, out, err = shop.audit(url=between.url)
                if word is None:
                    assert status == 0, out + err
                else:
                    assert status == 1 and word in out, (word, out, err)


def test_each_restriction_is_listed():
    with Shop() as shop:
        shop.serve()
        first, second = (shop.authority("--storefront", s, "--edition", EMMA, "--withhold", "sale")["id"] for s in ("us", "cn"))
        assert shop.audit()[0] == 0

        def change(path, status, body):
            """The first twice instead of the second."""
            if path != "/api/v1/restrictions":
                return status, body
            listed = json.loads(body)
            one = [r for r in listed["restrictions"] if r["id"] == first]
            return status, json.dumps({**listed, "restrictions": one * 2}).encode()
        with Rewriter(shop, change) as between:
            status, out, err = shop.audit(url=between.url)
            assert status == 1 and "restriction %d of the Record is not listed" % second in out, out + err


def test_tampered_logs():
    with Shop() as shop:
        shop.serve()
        with_voices(shop)
        save = os.path.join(shop.base, "head.json")
        assert shop.audit("--save", save)[0] == 0
        vkey = json.load(open(save))["vkey"]
        assert vkey == shop.ok("record", "vkey").strip()
        for change, word in [
            (lambda p, s, b: (s, b.replace(b"accepted", b"acceptex")) if "tile/entries" in p else (s, b), "entry"),
            (lambda p, s, b: (s, bytes([b[0] ^ 1]) + b[1:]) if "voices/tile/0" in p else (s, b), "tile"),
            (lambda p, s, b: (s, b.replace(b"\n\n", b"\nx\n\n", 1)) if p.endswith("checkpoint") else (s, b), "signature"),
        ]:
            with Rewriter(shop, change) as between:
                status, out, err = shop.audit("--vkey", vkey, url=between.url)
                assert status == 1 and word in out + err, (word, out, err)
        # Another shop under the same name is not the one that was seen before.
        with Shop() as other:
            other.serve()
            status, out, err = other.audit("--save", save)
            assert status == 1, out + err


def test_nothing_answers():
    from shop import run
    status, _, err = run("audit", "http://127.0.0.1:1")
    assert status == 1 and "127.0.0.1:1" in err
    status, _, err = run("audit", "ftp://x")
    assert status == 1


def test_a_hostile_shop_neither_hangs_nor_harms():
    with Shop() as shop:
        shop.serve()
        with_voices(shop)
        secret = os.path.join(shop.base, "head.json")
        deep = b"[" * 200000
        endless = json.dumps({"reviews": [{"id": 1, "comment_count": 0, "comments": []}] * 100}).encode()
        cases = [
            (lambda p, s, b: (302, b"") if p == "/record/checkpoint" else (s, b)),
            (lambda p, s, b: (s, b"x" * (40 << 20)) if p == "/api/v1/storefronts" else (s, b)),
            (lambda p, s, b: (s, deep) if p == "/api/v1/restrictions" else (s, b)),
            (lambda p, s, b: (s, b"[1,2]") if "/works/" in p else (s, b)),
            (lambda p, s, b: (s, b'{"voices":{"ratings":{"shown":-1}}}') if "/works/" in p else (s, b)),
            (lambda p, s, b: (s, endless) if "/reviews?" in p else (s, b)),
            (lambda p, s, b: (s, b"<div>" * 100000) if "/books/" in p else (s, b)),
            (lambda p, s, b: (s, b"\xff\x00" * 1000) if "/books/" in p else (s, b)),
            (lambda p, s, b: (s, b"\0\xff") if "tile/entries" in p else (s, b)),
            (lambda p, s, b: (s, b"") if p == "/record/vkey" else (s, b)),
            (lambda p, s, b: (s, re.sub(rb'"restrictions":\[.*\]', b'"restrictions":7', b)) if p == "/api/v1/restrictions" else (s, b)),
        ]
        for i, change in enumerate(cases):
            with Rewriter(shop, change) as between:
                status, out, err = shop.audit("--save", secret, url=between.url)
                assert status == 1 or i == len(cases) - 1, (i, status, out, err)
                assert status in (0, 1) and not os.path.exists(secret + ".part"), (i, status, out, err)


def test_an_unknown_kind_of_entry_is_loud():
    with Shop() as shop:
        shop.serve()
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "sale")  # a batch, with its head
        change = lambda p, s, b: (s, b.replace(b'"type":"head"', b'"type":"hush"')) if "/record/tile/entries" in p else (s, b)
        with Rewriter(shop, change) as between:
            status, out, err = shop.audit(url=between.url)
            assert status == 1 and "hush" in out + err, out + err


def test_a_log_that_was_rolled_back():
    with Shop(database=False) as shop:  # a folder is rolled back whole
        shop.serve()
        with_voices(shop)
        shop.stop()
        old = os.path.join(shop.base, "old")
        shutil.copytree(shop.dir, old, ignore=shutil.ignore_patterns("wake"))
        shop.serve()
        save = os.path.join(shop.base, "head.json")
        shop.api("PUT", "/us/works/%d/rating" % shop.work(EMMA), {"stars": 1}, shop.reader("late"))
        assert shop.audit("--save", save)[0] == 0
        before = open(save).read()
        shop.stop()
        shutil.rmtree(shop.dir)
        shutil.move(old, shop.dir)
        shop.serve()
        status, out, err = shop.audit("--save", save)
        assert status == 1 and "consistency" in out, out + err
        assert open(save).read() == before
        with open(save, "w") as f:
            f.write("{}")
        status, _, err = shop.audit("--save", save)
        assert status == 1 and save in err


def test_everything_is_audited():
    with Shop() as shop:
        shop.serve()
        status, out, err = shop.audit("--all", "--json")
        assert status == 0, out + err
        works = json.loads(out)["works"]
        assert works == int(shop.look("SELECT COUNT(*) FROM work"))
        # What came last need not be among the newest by its date.
        dated = "<PublishingDate><PublishingDateRole>01</PublishingDateRole><Date>20260%d01</Date></PublishingDate>"
        products = [product("d%d" % n, isbn13(n), "Dated %d" % n, extra=dated % (n % 9 + 1)) for n in range(70)]
        shop.import_feed(shop.file("late.xml", onix(*products, *[product("u%d" % n, isbn13(n), "Undated %d" % n) for n in range(70, 74)])))
        assert json.loads(shop.audit("--all", "--json")[1])["works"] == works + 74
        gone = shop.work(EMMA)
        change = lambda p, s, b: (404, b"{}") if "/cn/works/%d" % gone in p else (s, b)
        with Rewriter(shop, change) as between:
            assert shop.audit("--all", url=between.url)[0] == 1
