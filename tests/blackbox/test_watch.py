"""The monitor against a dishonest operator: it finds each trick, and of the honest
shop it says nothing."""
import glob
import http.server
import json
import os
import re
import threading
import time
import xml.etree.ElementTree

from ebooks import pretend_files
from exim import PASSWORD, USER, Exim
from shop import EMMA, ROOT, Shop, moment, onix, product, run
from test_audit import Rewriter
from test_quorum import policy, vkeys
from test_restrictions import with_voices
from witnesses import Witness

OTHERS = True  # see run.py

PAGE = "/us/books/" + EMMA
PERSUASION = "9780000000064"


class Monitor:
    """`colophon watch --once` with a memory of its own."""

    def __init__(self, shop, name):
        self.shop, self.state = shop, os.path.join(shop.base, "watch-" + name)

    def round(self, url=None, *options, env=None):
        status, out, err = run("watch", url or self.shop.url, "--once", "--state", self.state, *options, env=env, timeout=300)
        assert status in (0, 1), err
        assert (status == 1) == (" 0 alarms" not in out), (status, out, err)
        return out + err if status else ""

    def quiet(self, *options, env=None):
        said = self.round(None, *options, env=env)
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
        found(shop, "over", lambda p, s, b: (451, b) if p == PAGE else (s, b), "over-enforced", 11)
        # Nobody ordered anything about this title.
        found(shop, "another", lambda p, s, b: (451, b) if p == "/us/books/" + PERSUASION else (s, b), "withheld-without-entry", 3)
        # Accepted, then hidden.
        found(shop, "shadow", lambda p, s, b: (s, re.sub(rb'"reviews":\[\{.*?\}\],', b'"reviews":[],', b))
              if "/works/" in p and "reviews" in p else (s, b), "sums", 7)
        # Entries under a signed checkpoint are not given out.
        found(shop, "withheld", without_entries, "withheld-entries", 16)
        found(shop, "cut", lambda p, s, b: (s, b[:-3]) if "/record/tile/entries" in p else (s, b), "entries", 16)
        # Lists that lie: a title is not among the results that it should be among.
        found(shop, "lists", lambda p, s, b: (s, b.replace(b'"isbn13":"978000000004', b'"isbn13":"978000000009')) if "/search?q=978" in p else (s, b),
              "withheld-without-entry", 3)
        shop.authority("--storefront", "us", "--work", str(shop.work(EMMA)), "--withhold", "listing")
        late.quiet()
        with open(os.path.join(late.state, "alarms.jsonl"), encoding="utf-8") as f:
            kept = [json.loads(line) for line in f]
        assert any(a["kind"] == "withheld-without-entry" for a in kept), "what came too late stays told"


def at(seconds):
    return {"COLOPHON_NOW": moment(seconds)}


def test_the_log_stands_still_while_the_shop_goes_on():
    """The shop's clock and the monitor's go together: it is the heartbeat that is missing."""
    with Shop() as shop:
        now = int(time.time())
        monitor = Monitor(shop, "stopped")
        for seconds in (0, 300):
            shop.env.update(at(now + seconds))
            shop.serve()
            monitor.quiet(env=at(now + seconds))
        shop.stop()
        os.rename(os.path.join(shop.dir, "key"), os.path.join(shop.base, "key"))
        shop.env.update(at(now + 600))
        shop.serve()
        assert shop.get(PAGE).status == 200
        assert "stopped-log (threat 19)" in monitor.round(env=at(now + 600))
        shop.stop()
        os.rename(os.path.join(shop.base, "key"), os.path.join(shop.dir, "key"))
        shop.serve()
        monitor.quiet(env=at(now + 600))
        # Heads that were signed ahead of their time hide no standstill.
        assert "stopped-log (threat 19)" in monitor.round(env=at(now + 700)) and "dated ahead" not in monitor.round(env=at(now + 701))


def test_an_entry_that_is_published_too_late():
    """The front shows the old log while the restriction is in effect, and gives the new one
    out later than any batch may wait."""
    with Shop() as shop:
        now = int(time.time())
        shop.env.update(at(now))
        shop.serve()
        monitor = Monitor(shop, "delay")
        monitor.quiet(env=at(now))
        held = ("/record/checkpoint", "/record/voices/checkpoint", "/api/v1/restrictions")
        old = {path: shop.get(path).body for path in held}
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "listing")
        shop.env.update(at(now + 300))
        shop.serve()  # with another head
        with Rewriter(shop, lambda p, s, b: (s, old.get(p, b))) as between:
            said = monitor.round(between.url, env=at(now + 300))
            assert "withheld-without-entry (threat 3)" in said and "stopped-log" in said and "late-entry" not in said, said
        said = monitor.round(env=at(now + 310))
        assert "late-entry (threat 4)" in said and "(restriction)" in said and "withheld-without-entry" not in said, said
        monitor.quiet(env=at(now + 310))
        # A lift worked at once, whenever its entry comes: it may be older than heads before it.
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Over.", env=at(now + 10))
        shop.until(lambda: shop.api("GET", "/restrictions").json()["restrictions"][0]["state"] == "lifted"
                   and not shop.api("GET", "/restrictions").json()["restrictions"][0]["lift_pending"], "the lift's entry")
        said = [json.loads(e) for e in shop.get("/record/entries.jsonl").text.strip().split("\n")]
        lifted = next(e for e in said if "lift" in (e.get("type"), e.get("entry", {}).get("type")))
        assert moment(now + 10) in json.dumps(lifted), lifted
        monitor.quiet(env=at(now + 310))


def test_the_quorum_and_what_its_times_say():
    with Shop(samples=False) as shop:
        now = int(time.time())
        shop.env.update(at(now - 86400))  # a shop that is a day behind its witnesses, its first lists too
        shop.ok("import", "--shop", "main", os.path.join(ROOT, "samples", "classics.xml"))
        shop.serve()
        with Witness(shop.base, "one.example", vkeys(shop)) as one, Witness(shop.base, "two.example", vkeys(shop)) as two:
            path = policy(shop, [(one, one.url)])
            shop.ok("policy", "set", path)
            more = shop.file("more", open(policy(shop, [(one, one.url), (two, two.url)]), encoding="utf-8").read())
            path = policy(shop, [(one, one.url)])
            shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "sale")
            shop.until(lambda: one.size("books.example/voices") == 0 or "one.example" in shop.get("/record/voices/checkpoint").text, "cosignatures")
            Monitor(shop, "policy").quiet("--policy", path, env=at(now - 86400))
            assert "quorum (threat 1)" in Monitor(shop, "more").round(None, "--policy", more, env=at(now - 86400))
            strip = lambda p, s, b: (s, re.sub("— one.example .*\n".encode(), b"", b)) if p.endswith("checkpoint") else (s, b)
            with Rewriter(shop, strip) as between:
                assert "quorum (threat 1)" in Monitor(shop, "strip").round(between.url, "--policy", path, env=at(now - 86400))
                # Somebody else was shown one without it.
                said = Monitor(shop, "peer").round(None, "--policy", path, "--peer", between.url, env=at(now - 86400))
                assert "quorum (threat 1): " + between.url in said, said
            with Rewriter(shop, lambda p, s, b: (s, b + b"# more\n") if p == "/record/policy" else (s, b)) as between:
                assert "policy (threat 20)" in Monitor(shop, "other").round(between.url, env=at(now - 86400))
            # Witnesses saw the log without this entry long after its date.
            saved = shop.file("saved.txt", shop.get("/record/checkpoint").body)
            shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
            said = Monitor(shop, "dates").round(None, "--policy", path, "--peer", saved, env=at(now - 86400))
            assert "back-dated (threat 5)" in said and "before witnesses cosigned a log without it" in said, said


def test_the_shops_own_policy_is_held_against_it():
    """Nobody gave the monitor a policy: the one that the Record names counts, once it had the time to begin."""
    with Shop(samples=False) as shop:
        now = int(time.time()) - 86400  # a shop that is a day behind its witnesses, its first lists too
        shop.env.update(at(now))
        shop.ok("import", "--shop", "main", os.path.join(ROOT, "samples", "classics.xml"))
        shop.serve()
        strip = lambda p, s, b: (s, re.sub("— one.example .*\n".encode(), b"", b)) if p.endswith("checkpoint") else (s, b)
        with Witness(shop.base, "one.example", vkeys(shop)) as one:
            shop.ok("policy", "set", policy(shop, [(one, one.url)]))
            monitor = Monitor(shop, "own")
            with Rewriter(shop, strip) as between:
                assert monitor.round(between.url, env=at(now)) == "", "it has hardly begun"
            shop.stop()
            shop.env.update(at(now + 200))
            shop.serve()
            shop.until(lambda: moment(now + 200) in shop.get("/record/entries.jsonl").text, "a head of that time")
            shop.until(lambda: all("one.example" in shop.get("/record%s/checkpoint" % log).text for log in ("", "/voices")), "cosignatures")
            monitor.quiet(env=at(now + 200))
            saved = shop.file("saved.txt", strip("checkpoint", 0, shop.get("/record/checkpoint").body)[1])
            with Rewriter(shop, strip) as between:
                said = monitor.round(between.url, env=at(now + 200))
                assert "quorum (threat 1): /record/checkpoint" in said and "quorum (threat 1): /record/voices/checkpoint" in said, said
            # To somebody else one was shown without it; and the policy is taken away, or another one is served.
            said = Monitor(shop, "saved").round(None, "--peer", saved, env=at(now + 200))
            assert "quorum (threat 1): " + saved in said, said
            for name, front in (("gone", lambda p, s, b: (404, b"") if p == "/record/policy" else (s, b)),
                                ("none", lambda p, s, b: (s, b"quorum none\n") if p == "/record/policy" else (s, b))):
                with Rewriter(shop, front) as between:
                    assert "policy (threat 20)" in Monitor(shop, name).round(between.url, env=at(now + 200)), name


def test_the_witnesses_are_asked_what_they_were_shown():
    """One that saw another log under this name tells; that too few answer is told before it is too late."""
    with Shop() as shop, Shop() as other:
        shop.serve()
        other.serve()
        assert shop.ok("record", "vkey") == other.ok("record", "vkey"), "copies of one prepared shop"
        with Witness(shop.base, "one.example", vkeys(shop)) as one, Witness(shop.base, "two.example", vkeys(shop)) as two:
            path = policy(shop, [(one, one.url), (two, two.url)], group="group g 1 %s")
            shop.ok("policy", "set", path)
            shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "sale")
            for _ in range(4):  # a longer one: whether a shorter one is the same, its next entries say
                other.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
            monitor = Monitor(shop, "witnesses")
            monitor.quiet("--policy", path)
            nobody = shop.file("nobody", open(path, encoding="utf-8").read().replace("quorum g", "quorum none"))
            said = Monitor(shop, "other").round(other.url, "--policy", nobody)
            # One of them is enough for the quorum, and need not be the same each time.
            assert any("split-view (threat 1): " + w.url in said for w in (one, two)), said
            one.stop()
            status, out, err = run("watch", shop.url, "--once", "--state", monitor.state, "--policy", path, timeout=300)
            assert status == 0 and "Witness w0 does not answer" in err, (out, err)
            two.stop()
            assert "witnesses-away (threat 19)" in monitor.round(None, "--policy", path)


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
        feed = os.path.join(shop.base, "alarms.atom")
        ways = ("--webhook", webhook.url, "--atom", feed)
        monitor = Monitor(shop, "ways")
        monitor.quiet(*ways)
        assert not heard
        with Rewriter(shop, without_entries) as between:
            for _ in range(2):
                monitor.round(between.url, *ways)
        assert len(heard) == 1 and heard[0]["alarms"][0]["kind"] == "withheld-entries", heard
        atom = "{http://www.w3.org/2005/Atom}"
        entries = xml.etree.ElementTree.parse(feed).getroot().findall(atom + "entry")
        assert [e.find(atom + "title").text for e in entries] == ["withheld-entries"]
        # A shop that is away is news, too.
        shop.stop()
        assert "unreachable" in Monitor(shop, "away").round()


def test_alarms_are_mailed():
    """To a real server, once each; one that is away hears of them in the next round."""
    with Exim() as exim, Exim(tls=True, login=True) as safe, Shop(samples=False) as shop:
        shop.serve()
        shop.until(lambda: shop.get("/record/checkpoint").text.split("\n")[1] != "0", "the first head")
        ways = ("--mail", "press@example.org", "--mail-from", "The press <watch@press.example>", "--mail-server", exim.server)
        for option, value, said in (("--mail", "press", "mail address"), ("--mail-server", "http://x", "smtp://"), ("--mail-tls", "maybe", "tls"),
                                    ("--mail-login-file", "/nowhere", "/nowhere"), ("--mail-from", "press", "mail address")):
            wrong = {**dict(zip(ways[::2], ways[1::2])), option: value}
            status, _, err = run("watch", shop.url, "--once", "--state", os.path.join(shop.base, "wrong"), *[x for pair in wrong.items() for x in pair])
            assert status == 1 and said in err, (wrong, err)
        status, _, err = run("watch", shop.url, "--once", "--state", os.path.join(shop.base, "wrong"), "--mail", "press@example.org")
        assert status == 2 and "--mail-from" in err, err
        monitor = Monitor(shop, "mail")
        monitor.quiet(*ways)
        with Rewriter(shop, without_entries) as between:
            exim.stop()
            status, out, err = run("watch", between.url, "--once", "--state", monitor.state, *ways)
            assert status == 1 and "--mail" in err, (out, err)
            exim.start()
            for _ in range(2):
                monitor.round(between.url, *ways)
            shop.until(lambda: exim.letters(), "the letter")
            letters = exim.letters("press@example.org")
            assert len(letters) == 1 and "withheld-entries (threat 16): " in letters[0].get_content(), [str(m) for m in letters]
            assert letters[0]["From"].addresses[0].addr_spec == "watch@press.example" and "alarm" in letters[0]["Subject"]
            login = shop.file("login", "%s\n%s\n" % (USER, PASSWORD))
            os.chmod(login, 0o600)
            Monitor(shop, "safe").round(between.url, *ways[:4], "--mail-server", safe.server, "--mail-tls", "starttls", "--mail-login-file", login,
                                        "--mail-ca-file", safe.path("cert.pem"))
            shop.until(lambda: len(safe.letters("press@example.org")) == 1, "the letter by TLS")


def raised():
    """Every kind of alarm in the source: literals in the second argument of `contradiction` and
    `raise_alarm`, and what may be meant by the functions there."""
    kinds, text = set(), ""
    for path in sorted(glob.glob(os.path.join(ROOT, "src", "audit", "*.c"))):
        if not path.endswith("threats.c"):
            with open(path, encoding="utf-8") as f:
                text += f.read()
    for call in re.finditer(r"\b(?:contradiction|raise_alarm)\(\s*[^,()]+,([^;]*?),\s*(?:\"|[a-z.]+\))", text):
        kinds.update(re.findall(r'"([a-z][a-z-]*)"', call[1]))
    for body in re.findall(r"const char \*audit_beyond\(.*?\n}", text, re.S):
        kinds.update(re.findall(r'"([a-z-]+)"', body))
    return kinds


def test_the_document_says_what_the_program_says():
    status, table, _ = run("watch", "--threats")
    assert status == 0 and [int(n) for n in re.findall(r"^\| (\d+) \|", table, re.M)] == list(range(1, 22))
    with open(os.path.join(ROOT, "docs", "monitor.md"), encoding="utf-8") as f:
        document = f.read()
    for part in table.split("\n\n"):
        assert part.strip() in document, "docs/monitor.md: put the output of `colophon watch --threats` there"
    # Each alarm that can be raised is explained, and of each the threat is said.
    explained = dict(re.findall(r"^\| `([a-z-]+)` \| (\d+|other) \|", table, re.M))
    assert set(explained) == raised(), set(explained) ^ raised()
    assert all(t == "other" or 1 <= int(t) <= 21 for t in explained.values())
    checked = {n for n, how in re.findall(r"^\| (\d+) \| [^|]* \| ([^|]*) \|", table, re.M) if how != "not checkable"}
    assert checked - {"18"} <= set(explained.values()), "a threat that is checked, and no alarm tells of it"


def last_first(listing):
    """The same answer with the first of its items at the end."""
    def change(body):
        answer = json.loads(body)
        answer[listing].append(answer[listing].pop(0))
        return json.dumps(answer).encode()
    return change


def test_what_is_buried_is_found():
    """A title that a list puts lower than the ranking rule does, a review that the front puts
    behind others, and one that claims an older time than the log knows."""
    with Shop() as shop:
        pretend_files(shop)  # more titles with a price than a part of the list has
        shop.serve()
        work = with_voices(shop)
        token = shop.reader("cy")
        shop.until(lambda: shop.api("POST", "/us/works/%d/reviews" % work, {"title": "Later", "text": "Later.", "language": "en", "stars": 2}, token).status == 201, "a second review")
        shop.until(lambda: shop.api("GET", "/us/search?sort=rating&limit=1").json()["results"][0]["rating"]["count"] > 0, "the index")
        # Two shops sell one edition, the cheaper one of them not here: in its old place it is not demoted.
        shop.ok("shop", "add", "other", "--name", "Other")
        shop.ok("import", "--shop", "other", shop.file("other.xml", onix(product("o", EMMA, "Emma", amount="0.99"))))
        shop.restrict("--ground", "operator", "--storefront", "us", "--shop", "other", "--withhold", "sale")
        shop.until(lambda: shop.api("GET", "/us/search?sort=price&limit=1").json()["results"][0]["price"] == "13.49", "the cheap offer in the index")
        Monitor(shop, "two-shops").quiet()
        to_end = last_first("results")
        for sort in ("newest", "title", "price", "rating"):
            found(shop, sort, lambda p, s, b: (s, to_end(b)) if "sort=%s&" % sort in p and "/us/" in p else (s, b), "us, sort=%s" % sort, 8)
        found(shop, "review", lambda p, s, b: (s, last_first("reviews")(b)) if "/us/works/%d/reviews" % work in p else (s, b), "stands behind", 8)
        shop.stop()
        shop.tamper("UPDATE review SET created = created - 86400 WHERE title = 'Later'")
        shop.serve()
        said = Monitor(shop, "claims").round()
        assert "order (threat 8)" in said and "by the log before it" in said, said


def test_proofs_of_absence_are_held_against_what_is_served():
    """One proof for each work in its turn: of those that are shown, and of those withheld."""
    with Shop() as shop:
        shop.serve()
        asked = []

        def listen(path, status, body):
            if "/record/absence?" in path:
                asked.append(tuple(re.findall(r"storefront=(\w+)&work=(\d+)", path)[0]))
            return status, body
        shop.until(lambda: shop.get("/api/v1/record/absence?storefront=us&work=3").status == 200, "the first head")
        before = {s: shop.get("/api/v1/record/absence?storefront=%s&work=%d" % (s, shop.work(EMMA))).body for s in ("us", "cn")}
        made = shop.authority("--storefront", "us", "--storefront", "cn", "--edition", EMMA, "--withhold", "sale")
        proof = "&work=%d" % shop.work(EMMA)
        with Rewriter(shop, listen) as between:
            monitor = Monitor(shop, "rounds")
            for _ in range(6):
                assert monitor.round(between.url) == ""
        assert len(set(w for _, w in asked)) > 40 and set(s for s, _ in asked) == {"us", "cn"}, "each work has its turn"
        assert len(asked) < 6 * 60, "and no round asks for all"

        def until_found(name, change, word):
            monitor = Monitor(shop, name)
            with Rewriter(shop, change) as between:
                said = next((s for s in (monitor.round(between.url) for _ in range(6)) if s), "")
            assert "absence (threat 3)" in said and word in said, (name, said)
        until_found("old", lambda p, s, b: (s, before["cn" if "=cn&" in p else "us"]) if "/record/absence?" in p and p.endswith(proof) else (s, b), "entries, there are")
        until_found("none", lambda p, s, b: (503, b"{}") if "/record/absence?" in p else (s, b), "status 503")
        other = shop.get("/api/v1/record/absence?storefront=us&work=3").body
        until_found("other", lambda p, s, b: (s, other) if "/record/absence?" in p and not p.endswith("work=3") else (s, b), "of another work")
        until_found("broken", lambda p, s, b: (s, b.replace(b'"path":["', b'"path":["00')) if "/record/absence?" in p else (s, b), "absence")
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Over.")
        Monitor(shop, "lifted").quiet("--all")
