"""E-books: their files, the library, and the catalogue for reading apps as a crawler walks it."""
import http.client
import os
import re
import sqlite3
import sys
import time
import urllib.parse
import xml.etree.ElementTree as ET

from lab import ROOT, Failed, median
from reading import asker, serve_with_nginx

sys.path.insert(0, os.path.join(ROOT, "tests", "blackbox"))

FREE = "9780000099112"
ATOM = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/terms/", "os": "http://a9.com/-/spec/opensearch/1.1/"}


def a_file(lab, name, content):
    path = os.path.join(lab.base, name)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return path


def bench_epub(lab):
    """An e-book that is given away, as a file of a megabyte, beside nginx that has the same bytes."""
    from shop import onix
    from test_epub import book
    from test_library import e_book
    lab.need_server()
    content = book({"META-INF/pad": os.urandom(1 << 20)})
    lab.ask("import", "--shop", "bench", a_file(lab, "free.xml", onix(e_book("bench.1", FREE, "The Free One"))))
    os.environ["COLOPHON_EPUBCHECK"] = "/nonexistent"
    lab.ask("epub", "add", FREE, a_file(lab, "free.epub", content))
    path = "/us/opds/files/%s.epub" % FREE
    if asker(lab.port, path, {"User-Agent": "bench"})().body != content:
        raise Failed("%s: these are other bytes" % path)
    nginx, seconds = serve_with_nginx(lab, {path: content}), lab.options.seconds
    ours, theirs = [], []
    for i in range(lab.options.rounds):
        lab.tell.doing("EPUB, %d of %d" % (i + 1, lab.options.rounds))
        theirs.append(lab.wrk(nginx, path, seconds))
        ours.append(lab.wrk(lab.port, path, seconds, server=lab.server))
    megabytes = len(content) / 1e6
    rate, yardstick = (median([t.rate for t in found]) * megabytes for found in (ours, theirs))
    lab.tell.row("EPUB download (%.1f MB each)" % megabytes, "%.0f MB/s" % rate, "nginx %.0f MB/s" % yardstick, rate / yardstick, 0.8, most=False)
    lab.tell.row("  CPU for each", "%.0f µs" % median([o.cpu for o in ours]))


# ---- the library ----

class Asked:
    """What Browser of the black box wants of a shop."""

    def __init__(self, lab):
        self.lab = lab

    def ask(self, method, path, body=None, headers=None):
        answer = self.lab.get(path, headers, method, body)
        answer.text = answer.body.decode()
        return answer


def give_books(lab, account, n):
    """Rows of editions that are there, each with a file: a megabyte that nobody takes."""
    with sqlite3.connect(os.path.join(lab.dir, "colophon.db"), timeout=60) as db:
        at = db.execute("SELECT COALESCE(MAX(id), 0) FROM epub").fetchone()[0]
        rows = db.execute("SELECT id, work_id, product_key FROM edition ORDER BY id LIMIT ?", (n,)).fetchall()
        if len(rows) < n:
            raise Failed("the library: there are %d editions, and %d are wanted" % (len(rows), n))
        for i, (edition, work, key) in enumerate(rows):
            db.execute("INSERT INTO library (account_id, edition_id, source, line_id, since, ended, hidden, work_id, isbn, title, contributor, language, shop, words, sorted, opened, place)"
                       " VALUES (?, ?, 'free', 0, ?, 0, 0, ?, ?, ?, 'Ann Author', 'en', 'bench', ?, ?, 0, 0)",
                       (account, edition, 1700000000 + i, work, key, "Volume %d" % i, "volume %d ann author %s" % (i, key), b"%016d" % i))
            if not db.execute("SELECT 1 FROM epub WHERE edition_id = ?", (edition,)).fetchone():
                at += 1
                db.execute("INSERT INTO epub (id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced) VALUES (?, ?, ?, ?, ?, 1000000, '3.0', '{}', 1700000000, 0)",
                           (at, edition, "epubs/none-%d.epub" % edition, os.urandom(32), "%032x" % edition))


def bench_library(lab):
    """A page of a library of 5,000 e-books beside one of 24, which is one page."""
    from shop import Browser
    lab.need_server()
    readers = {}
    for name, n in ("Many", 5000), ("Few", 24):
        readers[n] = Browser(Asked(lab))
        if readers[n].sign_up("us", name).status != 303:
            raise Failed("the library: nobody may sign up")
    lab.stop_server()
    with sqlite3.connect(os.path.join(lab.dir, "colophon.db")) as db:
        accounts = {n: db.execute("SELECT id FROM account WHERE name = ?", (name,)).fetchone()[0] for name, n in (("Many", 5000), ("Few", 24))}
    for n, account in accounts.items():
        give_books(lab, account, n)
    lab.need_server()
    cookies = {n: "Cookie: " + "; ".join("%s=%s" % c for c in reader.cookies.items()) for n, reader in readers.items()}
    for path, what in ("/us/account/library", "library page"), ("/us/account/library?sort=title&q=volume+4", "  one of what is searched there"):
        for n, reader in readers.items():
            found = len(re.findall(r'class="result own-book"', reader.get(path).text))
            if found < (24 if "?" not in path else 1):
                raise Failed("%s: %d books of %d are there" % (path, found, n))
        runs = {n: [] for n in readers}
        for i in range(lab.options.rounds):
            for n in readers:
                lab.tell.doing("library of %d, %d of %d" % (n, i + 1, lab.options.rounds))
                runs[n].append(lab.wrk(lab.port, path, lab.options.seconds, headers=(cookies[n],), connections=2, server=lab.server))
        many, few = (median([r.rate for r in runs[n]]) for n in (5000, 24))
        lab.tell.row("%s, 5,000 e-books" % what, "%.0f/s" % many, "24 e-books %.0f/s" % few, many / few, 0.5, most=False)
        lab.tell.row("  its p99, and CPU for each", "%.1f ms, %.0f µs" % (median([r.p99 for r in runs[5000]]), median([r.cpu for r in runs[5000]])),
                     "%.1f ms" % median([r.p99 for r in runs[24]]))


# ---- a crawler ----

def walk(lab, path):
    """From its first page to its last: (feeds, keys), as one connection gets them."""
    connection, feeds, keys = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=120), 0, []
    first = None
    while path:
        connection.request("GET", path, headers={"User-Agent": "bench"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Failed("%s: %d" % (path, answer.status))
        feed = ET.fromstring(body)
        first = feed if first is None else first
        feeds += 1
        keys += [e.findtext("dc:identifier", namespaces=ATOM).rpartition(":")[2] for e in feed.findall("a:entry", ATOM)]
        following = [l.get("href") for l in feed.findall("a:link", ATOM) if l.get("rel") == "next"]
        path = "%s?%s" % urllib.parse.urlsplit(following[0])[2:4] if following else None
    connection.close()
    return first, feeds, keys


def bench_walk(lab):
    """The whole catalogue by OPDS: every edition that is listed, and every one that is sold, each once."""
    lab.need_server()
    listed = lab.get("/api/v1/us/search?q=")
    total = int(re.search(rb'"total":\s*(\d+)', listed.body)[1])
    for path, what in ("/us/opds/all", "all that is listed"), ("/us/opds/books", "what is sold"):
        lab.tell.doing("walking " + path)
        begun = time.perf_counter()
        first, feeds, keys = walk(lab, path)
        seconds = time.perf_counter() - begun
        counted = total if path.endswith("all") else min(20000, int(first.findtext("os:totalResults", namespaces=ATOM)))  # a list ends there, and /all has the rest
        if len(keys) != len(set(keys)) or len(keys) != counted:
            raise Failed("%s: %d entries, %d of them apart, and %d are counted" % (path, len(keys), len(set(keys)), counted))
        lab.tell.row("OPDS, %s: %d titles in %d feeds" % (what, len(keys), feeds), "%.0f s, %.0f titles/s" % (seconds, len(keys) / seconds))
