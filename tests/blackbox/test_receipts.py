"""What people take home: proofs that hold without the shop."""
import base64
import calendar
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import time

import interop
from shop import EMMA, ROOT, Browser, Shop, Skipped, run
from test_audit import Rewriter


def extra(proof):
    """What a receipt holds besides the proof."""
    line = proof.split("\n")[1]
    assert line.startswith("extra "), line
    return json.loads(base64.b64decode(line[6:]))


def verify(shop, proof, *options, log="voices"):
    """`colophon receipt verify`, offline: exit status, output, error."""
    key = shop.ok("record", "vkey", *(["--voices"] if log == "voices" else [])).strip()
    return run("receipt", "verify", shop.file("mine.tlog-proof", proof), "--key", key, *options)


def verify_with_go(shop, proof, vkey, entry):
    if shutil.which("go") is None or not os.path.exists("/usr/share/gocode/src/golang.org/x/mod"):
        raise Skipped("go is absent")
    program = os.path.join(shop.base, "proof")
    if not os.path.exists(program):
        subprocess.run(["go", "build", "-o", program, os.path.join(ROOT, "tests", "interop", "proof.go")], check=True,
                       capture_output=True, env={**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode",
                                                 "GOCACHE": os.path.join(shop.base, "cache")})
    return subprocess.run([program, shop.file("go.tlog-proof", proof), vkey, shop.file("go.entry", entry)],
                          capture_output=True, text=True, timeout=60)


def test_any_entry_is_proved_to_anybody():
    """By us and by others' tools, from the file alone."""
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        for i in range(5):
            shop.api("PUT", "/us/works/%d/rating" % work, {"stars": i + 1}, shop.reader("reader%d" % i))
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        for path, log in [("/record/voices/proofs/3", "voices"),
                          ("/record/proofs/%d" % made["record_index"], "decisions")]:
            answer = shop.get(path)
            assert answer.status == 200 and ".tlog-proof" in answer.headers["Content-Disposition"], answer.text
            proof, entry = answer.text, extra(answer.text)["entry"]
            status, out, err = verify(shop, proof, log=log)
            assert status == 0 and out.startswith("good: entry ") and "content: not checked" in out, out + err
            other = verify(shop, proof, log="decisions" if log == "voices" else "voices")
            assert other[0] == 1 and "NOT good" in other[2], other
            forged = base64.b64encode(json.dumps({"v": 1, "entry": entry.replace('"work":', '"work":1')}).encode())
            status, out, err = verify(shop, proof.replace(proof.split("\n")[1], "extra " + forged.decode()), log=log)
            assert status == 1 and out == "" and "does not show" in err, out + err
            key = shop.ok("record", "vkey", *(["--voices"] if log == "voices" else [])).strip()
            done = verify_with_go(shop, proof, key, entry)
            assert done.returncode == 0 and done.stdout == "OK\n", done.stdout + done.stderr
            assert verify_with_go(shop, proof, key, entry + " ").returncode == 1
        assert shop.get("/record/voices/proofs/5").status == 404
        assert run("receipt", "verify", "nowhere.tlog-proof")[0] == 2  # without a key nothing is proved


def open_commitment(held):
    """The commitment that a receipt's salt and content make."""
    salted = held["domain"].encode() + b"\0" + bytes.fromhex(held["salt"]) + hashlib.sha256(held["content"].encode()).digest()
    return hashlib.sha256(salted).hexdigest()


def test_authors_prove_what_they_said():
    """With the answer, from the account, after changes, withdrawn, withheld; and nobody else does."""
    with Shop() as shop:
        shop.serve()
        work, ann, bob = shop.work(EMMA), shop.reader("ann"), shop.reader("bob")

        def ask(method, path, body=None, token=ann, prefer=True):
            return shop.ask(method, "/api/v1" + path, json.dumps(body) if body else None, {
                "Authorization": "Bearer " + token, **({"Content-Type": "application/json"} if body else {}),
                **({"Prefer": "respond-async, return=representation"} if prefer else {})})

        review = {"title": "Wit", "text": "Line one.\n\n“Two”, 二.", "language": "en", "stars": 4}
        made = ask("POST", "/us/works/%d/reviews" % work, review)
        assert made.status == 201 and made.headers["Preference-Applied"] == "return=representation", made.text
        made = made.json()
        status, out, err = verify(shop, made["proof"])
        assert status == 0 and "content: the one that" in out, out + err
        held = extra(made["proof"])
        said = json.loads(held["content"])
        assert said == {"isbn13": "", "language": "en", "stars": 4, "text": review["text"], "title": "Wit"}, said
        assert json.loads(held["entry"])["commitment"] == open_commitment(held) and held["domain"] == "books.example/review/v1"
        assert verify(shop, made["proof"], "--content", shop.file("other", held["content"].replace("Wit", "Wat")))[0] == 1
        assert verify(shop, made["proof"], "--content", shop.file("same", held["content"]))[0] == 0
        plain = ask("PUT", "/us/works/%d/rating" % work, {"stars": 2}, prefer=False)
        assert "proof" not in plain.json() and plain.headers["Preference-Applied"] is None
        # From the account, whatever else was said since: the review was said with four stars.
        again = ask("GET", "/receipts/%d" % made["record_index"])
        assert again.status == 200 and "attachment" in again.headers["Content-Disposition"]
        assert extra(again.text)["content"] == held["content"] and verify(shop, again.text)[0] == 0
        assert extra(ask("GET", "/receipts/%d" % plain.json()["record_index"]).text)["content"] == '{"stars":2}'
        same = ask("PUT", "/us/works/%d/rating" % work, {"stars": 2}).json()
        assert verify(shop, same["proof"])[0] == 0, "said again, it is the receipt of what stands"

        changed = ask("PUT", "/reviews/%d" % made["id"], {**review, "text": "Better."}).json()
        assert json.loads(extra(changed["proof"])["content"])["text"] == "Better." and verify(shop, changed["proof"])[0] == 0
        first = extra(ask("GET", "/receipts/%d" % made["record_index"]).text)
        assert "salt" not in first and first["entry"] == held["entry"], "what a change replaced is not kept"
        comment = ask("POST", "/reviews/%d/comments" % made["id"], {"text": "So it is."}, token=bob).json()
        assert extra(comment["proof"])["content"] == '{"text":"So it is."}'

        for token, wanted in [(bob, 404), ("x" * 43, 401)]:
            assert ask("GET", "/receipts/%d" % made["record_index"], token=token).status == wanted
        assert ask("GET", "/receipts/999").status == 404
        voice = shop.api("GET", "/voices/%d" % made["record_index"]).json()
        assert voice["entry"]["type"] == "accepted" and "salt" not in extra(voice["proof"]) and verify(shop, voice["proof"])[0] == 0

        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "reviews")
        listed = ask("GET", "/us/receipts").json()["receipts"]
        mine = {r["kind"]: r for r in listed}
        assert mine["review"]["withheld"] == [{"storefront": "cn", "restriction": 1}] and mine["rating"]["withheld"] == []
        assert mine["review"]["accepted"] == made["record_index"] and mine["review"]["latest"] == changed["record_index"]
        gone = ask("DELETE", "/reviews/%d" % made["id"]).json()
        assert verify(shop, gone["proof"])[0] == 0 and json.loads(extra(gone["proof"])["entry"])["type"] == "withdrawn"
        assert {r["state"] for r in ask("GET", "/us/receipts").json()["receipts"]} == {"withdrawn"}


def test_pages_offer_the_receipt():
    with Shop() as shop:
        shop.serve()
        eve = Browser(shop)
        eve.sign_up("us", "Eve")
        book = "/us/books/%s" % EMMA
        done = eve.post(book, book + "/rating", {"stars": "5"})
        assert done.status == 303 and "?receipt=" in done.headers["Location"], done.headers
        page = eve.get(done.headers["Location"].split("#")[0]).text
        link = re.search(r'href="(/us/account/receipts/\d+)"', page)[1]
        proof = eve.get(link)
        assert verify(shop, proof.text)[0] == 0 and extra(proof.text)["content"] == '{"stars":5}'
        shop.authority("--storefront", "cn", "--work", str(shop.work(EMMA)), "--withhold", "ratings")
        listed = eve.get("/us/account/receipts").text
        assert link in listed and "withheld in China" in listed and "by restriction 1" in listed, listed
        assert "我的" in eve.get("/cn/account/receipts").text
        stranger = Browser(shop)
        assert stranger.get(link).status == 303 and stranger.get("/us/account/receipts").status == 303
        stranger.sign_up("us", "Mal")
        assert stranger.get(link).status == 404


def test_erasing_takes_the_words_and_breaks_no_proof():
    with Shop() as shop:
        shop.serve()
        work, ann, bob = shop.work(EMMA), shop.reader("ann"), shop.reader("bob")
        secret = {"password": "a long enough secret"}
        words = "A sentence that nobody else would write"
        made = shop.api("POST", "/us/works/%d/reviews" % work,
                        {"title": "Wit", "text": words, "language": "en", "stars": 4}, ann).json()
        at = made["record_index"]
        receipt = shop.api("GET", "/receipts/%d" % at, token=ann).text
        comment = shop.api("POST", "/reviews/%d/comments" % made["id"], {"text": "Indeed."}, bob).json()["record_index"]
        own = shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 1}, bob).json()["record_index"]

        erase = lambda index, body, token: shop.api("POST", "/receipts/%d/erase" % index, body, token)
        assert erase(at, {"password": "another secret"}, ann).status == 403
        assert erase(at, secret, bob).status == 404 and erase(999, secret, ann).status == 404
        assert erase(at, {}, ann).status == 422
        done = erase(at, secret, ann)
        assert done.status == 200, done.text
        assert erase(at, secret, ann).status == 409
        entry = shop.api("GET", "/voices/%d" % done.json()["record_index"]).json()["entry"]
        assert (entry["type"], entry["of"], entry["basis"]) == ("erased", at, "author"), entry
        assert abs(calendar.timegm(time.strptime(entry["at"], "%Y-%m-%dT%H:%M:%SZ")) - time.time()) < 600
        # The entry is a commitment to the request; its salt is in the author's receipt of it alone.
        erasure = shop.api("GET", "/receipts/%d" % done.json()["record_index"], token=ann).text
        opened = extra(erasure)
        assert opened["domain"] == "books.example/erasure/v1" and opened["content"] == "erase entry %d of books.example/voices\nbasis author\nasked %s\n" % (at, entry["at"])
        made = hashlib.sha256(opened["domain"].encode() + b"\0" + bytes.fromhex(opened["salt"]) + hashlib.sha256(opened["content"].encode()).digest())
        assert entry["request"] == made.hexdigest()
        status, out, err = verify(shop, erasure)
        assert status == 0 and "content: the one that" in out, out + err
        assert "salt" not in extra(shop.get("/record/voices/proofs/%d" % done.json()["record_index"]).text)
        assert shop.look("SELECT COUNT(*) FROM review WHERE text <> '' OR title <> ''") == "0"
        assert shop.look("SELECT COUNT(*) FROM review WHERE salt = %s" % shop.blob(bytes.fromhex(extra(receipt)["salt"]))) == "0"
        status, out, err = verify(shop, receipt)
        assert status == 0 and "content: the one that" in out, "the author still proves it: " + out + err
        assert "salt" not in extra(shop.api("GET", "/receipts/%d" % at, token=ann).text)
        reviews = shop.api("GET", "/us/works/%d/reviews" % work).json()
        assert reviews["voices"]["reviews"]["erased"] == 1 and reviews["voices"]["ratings"]["erased"] == 1, reviews
        page = shop.get("/us/books/%s" % EMMA).text
        assert words not in page and "1 erased, as its entry says" in page

        # What was withdrawn can be erased, too; by law it says which.
        assert shop.api("GET", "/us/receipts", token=bob).json()["receipts"][1]["state"] == "withdrawn"
        assert erase(comment, secret, bob).status == 200
        assert shop.run("erase", "--voice", str(own), "--basis", "author", "--law", "x")[0] == 2
        shop.ok("erase", "--voice", str(own), "--basis", "court", "--law", "Example Court, 4 C 17/26")
        last = json.loads(extra(shop.get("/record/voices/proofs/%d" % (int(shop.get("/record/voices/checkpoint").text.split("\n")[1]) - 1)).text)["entry"])
        assert (last["basis"], last["law"]) == ("court", "Example Court, 4 C 17/26")

        # An account goes whole.
        cid = shop.reader("cid")
        for i in range(1, 4):
            shop.api("PUT", "/us/works/%d/rating" % work, {"stars": i}, cid)
        shop.api("POST", "/us/works/%d/reviews" % work, {"title": "T", "text": words, "language": "en"}, cid)
        assert shop.api("POST", "/account/erase", {"password": "no"}, cid).status == 403
        assert shop.api("POST", "/account/erase", secret, cid).status == 200
        assert shop.api("GET", "/us/receipts", token=cid).status == 401
        assert shop.api("POST", "/session", {"email": "cid@example.org", **secret}).status == 401
        assert shop.look("SELECT COUNT(*) FROM account WHERE email = 'cid@example.org'") == "0"
        assert shop.look("SELECT COUNT(*) FROM review WHERE text = '%s'" % words) == "0"
        assert verify(shop, receipt)[0] == 0
        shop.ok("record", "verify")
        status, out, err = shop.audit("--all")
        assert status == 0, out + err


def test_erasing_on_pages():
    with Shop() as shop:
        shop.serve()
        eve = Browser(shop)
        eve.sign_up("us", "Eve")
        book, receipts = "/us/books/%s" % EMMA, "/us/account/receipts"
        eve.post(book, book + "/rating", {"stars": "5"})
        form = re.search(r'href="(/us/account/receipts/\d+/erase)"', eve.get(receipts).text)[1]
        wrong = eve.post(form, form, {"password": "not this one"})
        assert wrong.status == 422 and "The password is not right." in wrong.text
        assert eve.post(form, form, {"password": "a long enough secret"}).status == 303
        page = eve.get(receipts).text
        assert 'data-state="erased"' in page and form not in page
        account = "/us/account/erase"
        assert eve.post(account, account, {"password": "a long enough secret"}).status == 303
        assert eve.get(receipts).status == 303


def test_refusals_are_signed():
    with Shop() as shop:
        shop.serve()
        work, ann = shop.work(EMMA), shop.reader("ann")
        keys = shop.get("/record/refusals/vkey").text.split()
        assert len(keys) == 1 and keys[0].startswith("books.example/refusals+")
        # What is not understood is answered with the Record's head, too.
        assert shop.ask("GET", "/us/%zz").headers["Colophon-Record"] == shop.get("/us/").headers["Colophon-Record"]
        assert keys[0].split("+")[2] != shop.ok("record", "vkey").strip().split("+")[2], "the log's key signs no refusals"

        def verified(statement, *options, key=keys[0]):
            return run("receipt", "verify", shop.file("refusal.txt", statement), "--key", key, *options)

        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "submissions")
        put = lambda body, token=ann, where="us", **headers: shop.ask("PUT", "/api/v1/%s/works/%d/rating" % (where, work), body, {
            "Content-Type": "application/json", **({"Authorization": "Bearer " + token} if token else {}), **headers})
        shop.api("POST", "/us/works/%d/reviews" % work, {"title": "T", "text": "x", "language": "en"}, ann)
        again = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "T", "text": "y", "language": "en"}, ann)
        seen = [("invalid", put('{"stars":9}')), ("invalid", put("{")), ("not-signed-in", put('{"stars":1}', None)),
                ("withheld", put('{"stars":1}', where="cn")), ("duplicate", again),
                ("media-type", put('{"stars":1}', **{"Content-Type": "text/plain"})), ("too-large", put(" " * 200000)),
                ("not-found", shop.api("PUT", "/us/works/99999/rating", {"stars": 1}, ann))]
        for reason, answer in seen:
            statement = answer.json()["refusal"]
            status, out, err = verified(statement)
            assert status == 0 and ": %s (%d)" % (reason, answer.status) in out, (reason, answer.text, out, err)
        statement = seen[0][1].json()["refusal"]
        assert "PUT /api/v1/us/works/%d/rating" % work in verified(statement)[1]
        assert verified(statement, "--content", shop.file("sent", '{"stars":9}'))[0] == 0
        assert verified(statement, "--content", shop.file("other", '{"stars":8}'))[0] == 1
        assert verified(re.sub("\nsalt .*", "", statement))[0] == 0, "the salt can be left out"
        assert verified(statement.replace("status 422", "status 429"))[0] == 1
        assert verified(statement, key=shop.ok("record", "vkey").strip())[0] == 1
        assert ", restriction 1" in verified(seen[3][1].json()["refusal"])[1]
        assert shop.run("receipt", "verify", shop.file("own.txt", statement))[0] == 0, "a shop knows its own keys"
        assert "refusal" not in shop.api("GET", "/us/works/99999").json(), "nothing was sent"

        eve = Browser(shop)
        eve.sign_up("us", "Eve")
        form = "/us/books/%s/review" % EMMA
        for answer in (eve.post(form, form, {"title": "", "text": "x", "language": "en"}),
                       eve.ask("POST", form, {"title": "T", "text": "x", "language": "en", "token": "wrong"}),
                       eve.post("/cn/books/%s" % EMMA, "/cn/books/%s/rating" % EMMA, {"stars": "3"})):
            file = re.search(r'href="data:text/plain;charset=utf-8;base64,([^"]+)" download', answer.text)
            assert answer.status in (403, 422, 451) and file, answer.text
            assert verified(base64.b64decode(file[1]))[0] == 0
        shop.serve()
        assert shop.get("/record/refusals/vkey").text.split() == keys
        os.remove(os.path.join(shop.dir, "refusals.key"))
        shop.serve()
        assert shop.get("/record/refusals/vkey").text.split()[0] == keys[0] and len(shop.get("/record/refusals/vkey").text.splitlines()) == 2


def key_entries(shop):
    found = [json.loads(line)["entry"] for line in shop.ok("record", "export", "jsonl").splitlines()]
    return found, [e for e in found if e["type"] == "refusal_key"]


def test_a_key_of_refusals_is_followed_by_another():
    """Each is an entry with the one that it replaces; what that signed until then stays good, whoever checks it."""
    with Shop() as shop:
        path, public = os.path.join(shop.dir, "refusals.key"), "/record/refusals/vkey"
        shop.serve()
        work, ann = shop.work(EMMA), shop.reader("ann")
        refused = lambda: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 9}, ann).json()["refusal"]
        first, old = refused(), shop.get(public).text.strip()
        entry, = key_entries(shop)[1]
        assert entry["key"] == old and "replaces" not in entry, entry
        shop.serve()
        assert shop.get(public).text.strip() == old and len(key_entries(shop)[1]) == 1, "the same key needs no other entry"
        os.rename(path, path + ".aside")
        shop.serve()
        second, lines = refused(), shop.get(public).text.splitlines()
        everything, (_, entry) = key_entries(shop)
        assert entry["replaces"] == old and lines == ["%s %s" % (old, entry["at"]), entry["key"]], (entry, lines)
        # With the shop's own list, with a line of it, with code that others wrote, from the entries alone.
        files = [shop.file("refusal%d" % i, text) for i, text in enumerate((first, second))]
        verify = lambda file, *options: shop.run("receipt", "verify", file, *options)
        for file, line, other in zip(files, lines, reversed(lines)):
            assert verify(file)[0] == 0 and run("receipt", "verify", file, "--key", line)[0] == 0
            assert run("receipt", "verify", file, "--key", other)[0] == 1
        for key in old + " 2020-01-01T00:00:00Z", old + " soon":
            status, _, err = run("receipt", "verify", files[0], "--key", key)
            assert status == 1 and ("replaced by then" in err or "replaced, are needed" in err), err
        program = interop.build(shop.base, "refusal")

        def with_go(file, entries):
            return interop.ask(program, file, shop.file("entries", "".join(json.dumps(e) + "\n" for e in entries)))[:2]
        assert [with_go(f, everything) for f in files] == [(0, "OK %s\n" % old), (0, "OK %s\n" % entry["key"])]
        early = [dict(e, at="2020-01-01T00:00:00Z") if e == entry else e for e in everything]
        assert with_go(files[0], early)[0] == 1 and with_go(files[1], [e for e in everything if e != entry])[0] == 1
        assert shop.run("record", "verify")[0] == 0
        status, out, err = shop.audit()
        assert status == 0, out + err
        # The old one comes back, out of a backup perhaps: it signs nothing more, and is not lost.
        os.replace(path + ".aside", path)
        shop.serve()
        _, (_, _, third) = key_entries(shop)
        assert third["replaces"] == entry["key"] and len({old, entry["key"], third["key"]}) == 3
        assert len([f for f in os.listdir(shop.dir) if f.startswith("refusals.key.replaced-")]) == 1
        assert verify(files[0])[0] == verify(files[1])[0] == verify(shop.file("third", refused()))[0] == 0
        # A list that hides a key, shows one that no entry names, or says that one was replaced.
        listed = shop.get(public).body
        for change in (lambda b: b.split(b"\n", 1)[1], lambda b: b.replace(third["key"].encode(), shop.ok("record", "vkey").strip().encode()),
                       lambda b: b.replace(third["key"].encode(), third["key"].encode() + b" 2020-01-01T00:00:00Z")):
            assert change(listed) != listed
            with Rewriter(shop, lambda p, s, b: (s, change(b) if p == public else b)) as liar:
                status, out, err = shop.audit(url=liar.url)
                assert status == 1 and "key" in out, out + err
        status, out, err = shop.audit()
        assert status == 0, out + err


def test_the_checker_is_one_page_that_needs_nothing():
    """What it computes is tried in a browser by hand; here: it may run, and nothing else may."""
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        page = shop.get("/record/receipt-checker")
        policy = page.headers["Content-Security-Policy"]
        for element, rule in [("script", "script-src"), ("style", "style-src")]:
            inside = re.search("<%s>(.*?)</%s>" % (element, element), page.text, re.S)[1]
            digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
            assert "%s 'sha256-%s'" % (rule, digest) in policy, policy
        assert "unsafe" not in policy and "src=" not in page.text and "http" not in page.text and " on" + "click" not in page.text
        assert shop.ok("record", "vkey").strip() in page.text and "books.example/refusals+" in page.text
        assert "receipt-checker" in shop.get("/record/check").text
        # Whoever keeps it may open it in any of our languages; the shop's own page is in the one that was asked for.
        words = json.loads(re.search('<script type="application/json" id="words">(.*?)</script>', page.text)[1])
        tags = {f[:-3] for f in os.listdir(os.path.join(ROOT, "po")) if f.endswith(".po")} | {"en"}
        assert set(words) == tags and len({frozenset(w) for w in words.values()}) == 1
        used = set(re.findall(r' data-w="(\w+)"', page.text)) | set(re.findall(r"\bwords\.(\w+)", page.text))
        assert used == set(words["en"]), used ^ set(words["en"])
        for tag in tags:
            there = shop.get("/record/receipt-checker?language=" + tag).text
            assert '<html lang="%s"' % tag in there and "@" not in re.search("<body>(.*?)<textarea", there, re.S)[1]
            for name, said in re.findall(r' data-w="(\w+)">([^<]*)<', there):
                assert html.unescape(said) == words[tag][name] != "", (tag, name)


def test_what_stands_beside_a_decision_is_erased_and_no_proof_breaks():
    from test_demands import demand, entry
    with Shop() as shop:
        shop.serve()
        made = demand(shop, "--name", "CANARY", "--email", "canary@example.org", "--scope-reason", "CANARY everywhere", "--storefront", "us")
        receipt = shop.file("before.tlog-proof", shop.get("/us/demand/%s/receipt" % made["secret"]).body)
        decided = json.loads(shop.ok("demand", "decide", str(made["id"]), "--outcome", "granted", "--reason", "CANARY reasons",
                                     "--scope-reason", "CANARY reach", "--until", "2099-12-31", "--json"))
        restriction, decision = decided["record_index"], decided["record_index"] + 1
        assert "CANARY reasons" in shop.get("/record/restrictions/%d" % decided["id"]).text
        order = ["--basis", "court", "--law", "Example Court, 4 C 17/26"]
        before = [entry(shop, i) for i in (made["record_index"], restriction, decision)]
        for index in made["record_index"], restriction, decision:
            erased = int(re.search(r"entry (\d+) of the decisions", shop.ok("erase", "--entry", str(index), *order))[1])
            e = entry(shop, erased)
            assert (e["type"], e["of"], e["basis"], e["law"]) == ("text_erased", index, "court", "Example Court, 4 C 17/26"), e
            status, _, err = shop.run("erase", "--entry", str(index), *order)
            assert status == 1 and "already" in err, err
            proof = shop.file("proof", shop.get("/record/proofs/%d" % erased).body)
            assert shop.run("receipt", "verify", proof)[0] == 0
        assert [entry(shop, i) for i in (made["record_index"], restriction, decision)] == before
        # Nothing of it is left, on a page or in the database; what withholds goes on.
        for path in "/record/restrictions/%d" % decided["id"], "/record/demands/%d" % made["id"], "/us/demand/" + made["secret"]:
            assert shop.get(path).status == 200 and "CANARY" not in shop.get(path).text, path
        assert "CANARY" not in shop.ok("demand", "list")
        for table, column in ("entry_text", "text"), ("entry_beside", "content"), ("demand", "name"), ("demand", "email"):
            assert shop.look("SELECT COUNT(*) FROM %s WHERE %s LIKE '%%CANARY%%' OR %s LIKE '%%canary%%'" % (table, column, column)) == "0", table
        assert 'data-restriction="%d"' % decided["id"] in shop.get("/us/books/" + EMMA).text
        # The receipt that was taken home still opens it; a new one proves the entry alone.
        status, out, err = shop.run("receipt", "verify", receipt)
        assert status == 0 and "content: the one" in out, out + err
        again = shop.get("/us/demand/%s/receipt" % made["secret"])
        assert again.status == 200 and shop.run("receipt", "verify", shop.file("after.tlog-proof", again.body))[0] == 0
        head = [i for i in range(decision + 4) if entry(shop, i)["type"] not in ("restriction", "decision", "demand", "text_erased")][0]
        for index, word in (head, "no text"), (9999, "no entry"):
            status, _, err = shop.run("erase", "--entry", str(index), *order)
            assert status == 1 and word in err, err
        assert shop.run("erase", "--entry", "1", "--voice", "1", *order)[0] == 2
        assert shop.run("record", "verify")[0] == 0
        status, out, err = shop.audit()
        assert status == 0, out + err
