"""The monitor against a dishonest operator: it finds each trick, and of the honest
shop it says nothing."""
import http.server
import json
import os
import re
import stat
import threading
import time
import xml.etree.ElementTree

from shop import EMMA, ROOT, Shop, moment, run
from test_audit import Rewriter
from test_restrictions import with_voices

OTHERS = True  # see run.py

PAGE = "/us/books/" + EMMA


class Monitor:
    """`colophon watch --once` with a memory of its own."""

    def __init__(self, shop, name):
        self.shop, self.state = shop, os.path.join(shop.base, "watch-" + name)

    def round(self, url=None, *options, env=None):
        status, out, err = run("watch", url or self.shop.url, "--once", "--state", self.state, *options, env=env, timeout=300)
        assert status in (0, 1), err
        assert (status == 1) == (" 0 alarms" not in out), (status, out, err)
        return out + err if status else ""

    def quiet(self, *options):
        said = self.round(None, *options)
        assert said == "", said


def found(shop, name, change, word, threat, **keywords):
    """The honest shop raises no alarm, this change does."""
    monitor = Monitor(shop, name)
    monitor.quiet()
    with Rewriter(shop, change) as between:
        said = monitor.round(between.url, **keywords)
        assert word in said and "(threat %d)" % threat in said, (name, said)
    return monitor


def test_the_tricks_of_a_front():
    """What is served is changed on its way; the database is honest."""
    with Shop() as shop:
        shop.serve()
        with_voices(shop)
        shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "ratings")
        # Omission, and delay: the entry that comes later takes no alarm back.
        late = found(shop, "omission", lambda p, s, b: (404, b"gone") if p == PAGE else (s, b), "withheld-without-entry", 3)
        # A real order, over-enforced: another country, too.
        found(shop, "over", lambda p, s, b: (451, b) if p == PAGE else (s, b), "withheld-without-entry", 3)
        # Accepted, then hidden.
        found(shop, "shadow", lambda p, s, b: (s, re.sub(rb'"reviews":\[\{.*?\}\],', b'"reviews":[],', b))
              if "/works/" in p and "reviews" in p else (s, b), "sums", 7)
        # Entries under a signed checkpoint are not given out.
        found(shop, "withheld", without_entries, "withheld-entries", 16)
        found(shop, "cut", lambda p, s, b: (s, b[:-3]) if "/record/tile/entries" in p else (s, b), "entries", 16)
        # Lists that lie: a title is not among the results that it should be among.
        found(shop, "lists", lambda p, s, b: (s, b.replace(b'"isbn13":"978000000004', b'"isbn13":"978000000009')) if "/search?q=978" in p else (s, b),
              "withheld-without-entry", 3)
        # The log stands still while the shop goes on.
        monitor = Monitor(shop, "stopped")
        monitor.quiet()
        assert "stopped-log (threat 19)" in monitor.round(env={"COLOPHON_NOW": moment(int(time.time()) + 3600)})
        shop.authority("--storefront", "us", "--work", str(shop.work(EMMA)), "--withhold", "listing")
        late.quiet()
        with open(os.path.join(late.state, "alarms.jsonl"), encoding="utf-8") as f:
            kept = [json.loads(line) for line in f]
        assert any(a["kind"] == "withheld-without-entry" for a in kept), "what came too late stays told"


def test_another_log_for_others():
    """Split view and rollback: a second log under the same name and key."""
    with Shop() as shop, Shop() as other:
        shop.serve()
        other.serve()
        with_voices(shop)
        assert shop.ok("record", "vkey") == other.ok("record", "vkey"), "copies of one prepared shop"
        monitor = Monitor(shop, "split")
        monitor.quiet("--peer", shop.url)
        other.authority("--storefront", "us", "--edition", EMMA, "--withhold", "sale")
        said = monitor.round(None, "--peer", other.url)
        assert "split-view (threat 1)" in said and other.url in said, said
        # A checkpoint that somebody saved is as good as a peer.
        saved = shop.file("saved.txt", shop.get("/record/checkpoint").body)
        monitor.quiet("--peer", saved)
        # What was seen before must be continued.
        said = monitor.round(other.url)
        assert "consistency (threat 2)" in said, said
        monitor.quiet()


def test_the_tricks_of_a_database():
    """Texts hidden, or said to be erased or withdrawn, without an entry; an author's receipts."""
    with Shop() as shop:
        shop.serve()
        with_voices(shop)
        token = shop.reader("author")
        made = shop.api("POST", "/us/works/%d/reviews" % shop.work(EMMA),
                        {"stars": 4, "title": "Mine", "text": "I liked it.", "language": "en"}, token)
        assert made.status == 201, made.text
        index = made.json()["record_index"]
        receipts = os.path.join(shop.base, "receipts")
        os.makedirs(receipts)
        with open(os.path.join(receipts, "mine.tlog-proof"), "wb") as f:
            f.write(shop.ask("GET", "/api/v1/receipts/%d" % index, headers={"Authorization": "Bearer " + token}).body)
        monitor = Monitor(shop, "author")
        monitor.quiet("--receipts", receipts)
        # Not shown to a stranger, though everything is made to add up.
        mine = re.compile(rb'\{[^{}]*"title":"Mine".*?"comments":\[\]\},?')
        with Rewriter(shop, lambda p, s, b: (s, mine.sub(b"", b)) if "/reviews?" in p else (s, b)) as between:
            said = monitor.round(between.url, "--receipts", receipts)
            assert "receipt" in said and "mine.tlog-proof" in said, said
        shop.stop()
        shop.tamper("UPDATE review SET state = 'erased' WHERE title = 'Mine'")
        shop.serve()
        assert "sums" in monitor.round(None, "--receipts", receipts), "erased without an entry"
        shop.tamper("UPDATE review SET state = 'shown' WHERE title = 'Mine'")
        shop.stop()
        shop.serve()
        # Erased at the author's own wish, as the entry says: told, no alarm.
        done = shop.api("POST", "/receipts/%d/erase" % index, {"password": "a long enough secret"}, token)
        assert done.status == 200, done.text
        status, out, err = run("watch", shop.url, "--once", "--state", monitor.state, "--receipts", receipts, timeout=300)
        assert status == 0 and "mine.tlog-proof: erased, at its author's wish" in out + err, (status, out, err)
        # An order that says it is older than it is.
        shop.stop()
        out = shop.ok("restriction", "add", "--reason", "Because.", "--ground", "operator", "--until", "2099-01-01",
                      "--storefront", "us", "--edition", EMMA, "--withhold", "sale", env={"COLOPHON_NOW": moment(int(time.time()) - 86400)})
        assert out
        shop.serve()
        assert "back-dated (threat 5)" in Monitor(shop, "dates").round(), "a day before the head before it"


class Webhook:
    """Hears alarms, or with a status of its own refuses them."""

    def __init__(self):
        self.heard, self.status = [], 204
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                outer.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def without_entries(path, status, body):
    return (404, b"") if "/record/tile/entries" in path else (status, body)


def test_nothing_mutes_the_monitor():
    """What it cannot keep it tells all the same; what it could not tell it tells again."""
    with Shop() as shop, Webhook() as webhook:
        shop.serve()
        full, large, deaf = (Monitor(shop, name) for name in ("full", "large", "deaf"))
        for monitor in full, large, deaf:
            monitor.quiet()
        with Rewriter(shop, without_entries) as between:
            # Nothing can be written there, as on a full disk.
            kept = os.path.join(full.state, "alarms.jsonl")
            os.mkdir(kept)
            assert kept in full.round(between.url, "--webhook", webhook.url)
            assert len(webhook.heard) == 1, webhook.heard
            # Alarms beyond measure lie there already.
            with open(os.path.join(large.state, "alarms.jsonl"), "wb") as f:
                f.truncate(65 << 20)
            for _ in range(2):
                large.round(between.url, "--webhook", webhook.url)
            assert len(webhook.heard) == 2, "told, and once"
            assert os.path.getsize(os.path.join(large.state, "alarms.1.jsonl")) == 65 << 20
            assert os.path.getsize(os.path.join(large.state, "alarms.jsonl")) < 1 << 20
            # Who should hear does not.
            webhook.status = 500
            assert "status 500" in deaf.round(between.url, "--webhook", webhook.url)
            webhook.status = 204
            for _ in range(2):
                deaf.round(between.url, "--webhook", webhook.url)
            assert len(webhook.heard) == 4


def test_alarms_do_not_drown_one_another():
    with Shop() as shop, Shop() as other:
        shop.serve()
        other.serve()
        with_voices(shop)
        other.authority("--storefront", "us", "--edition", EMMA, "--withhold", "sale")
        many = json.dumps([{"id": 1000 + i, "state": "in effect"} for i in range(300)]).encode()[1:-1]

        def flood(path, status, body):
            return status, body.replace(b'"restrictions":[', b'"restrictions":[' + many, 1) if path == "/api/v1/restrictions" else body
        with Rewriter(shop, flood) as between:
            said = Monitor(shop, "flood").round(between.url, "--peer", other.url)
            assert "split-view (threat 1)" in said, said[:2000]
            assert "restriction 1000 is listed" in said and "more of this kind" in said and said.count("is listed, but has no entry") < 100


def test_alarms_are_told_once_and_everywhere():
    with Shop() as shop, Webhook() as webhook:
        heard = webhook.heard
        shop.serve()
        letter, sendmail = os.path.join(shop.base, "letter"), shop.file("sendmail", "#!/bin/sh\ncat >> %s\n" % os.path.join(shop.base, "letter"))
        os.chmod(sendmail, os.stat(sendmail).st_mode | stat.S_IXUSR)
        feed = os.path.join(shop.base, "alarms.atom")
        ways = ("--webhook", webhook.url, "--atom", feed, "--mail", "press@example.org", "--sendmail", sendmail)
        monitor = Monitor(shop, "ways")
        monitor.quiet(*ways)
        assert not heard and not os.path.exists(letter)
        with Rewriter(shop, without_entries) as between:
            for _ in range(2):
                monitor.round(between.url, *ways)
        assert len(heard) == 1 and heard[0]["alarms"][0]["kind"] == "withheld-entries", heard
        with open(letter, encoding="utf-8") as f:
            text = f.read()
        assert text.count("To: press@example.org") == 1 and "withheld-entries" in text, text
        atom = "{http://www.w3.org/2005/Atom}"
        entries = xml.etree.ElementTree.parse(feed).getroot().findall(atom + "entry")
        assert [e.find(atom + "title").text for e in entries] == ["withheld-entries"]
        # A shop that is away is news, too.
        shop.stop()
        assert "unreachable" in Monitor(shop, "away").round()


def test_the_document_says_what_the_program_says():
    status, table, _ = run("watch", "--threats")
    assert status == 0 and [int(n) for n in re.findall(r"^\| (\d+) \|", table, re.M)] == list(range(1, 22))
    with open(os.path.join(ROOT, "docs", "monitor.md"), encoding="utf-8") as f:
        assert table in f.read(), "docs/monitor.md: put the output of `colophon watch --threats` there"
