"""The Record: readable by tools we did not write; backup and restore."""
import base64
import hashlib
import os
import re
import shutil
import subprocess
import time
import xml.etree.ElementTree as xml

import interop
from shop import EMMA, Shop, moment


def voices(shop, n):
    work = shop.work(EMMA)
    for i in range(n):
        token = shop.reader("reader%d" % i)
        shop.api("PUT", "/us/works/%d/rating" % work, {"stars": i % 5 + 1}, token)


def verify_with_go(shop, base, vkey):
    program = interop.build(shop.base, "verify")
    return subprocess.run([program, base, vkey, "0"], capture_output=True, text=True, timeout=60)


def test_others_tools_verify_both_logs():
    with Shop() as shop:
        shop.serve()
        voices(shop, 5)
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        for log, options in [("/record", []), ("/record/voices", ["--voices"])]:
            done = verify_with_go(shop, shop.url + log, shop.ok("record", "vkey", *options).strip())
            assert done.returncode == 0 and "OK" in done.stdout, done.stdout + done.stderr


def test_the_shape_of_checkpoint_and_tiles():
    with Shop() as shop:
        shop.serve()
        voices(shop, 3)
        note = shop.get("/record/voices/checkpoint").text
        origin, size, root, blank, signature = note.split("\n")[:5]
        assert origin == "books.example/voices" and blank == "" and signature.startswith("— books.example/voices ")
        size = int(size)
        bundle = shop.get("/record/voices/tile/entries/000.p/%d" % size).body
        leaves = []
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            leaves.append(hashlib.sha256(b"\0" + bundle[2:2 + length]).digest())
            bundle = bundle[2 + length:]
        assert len(leaves) == size
        assert shop.get("/record/voices/tile/0/000.p/%d" % size).body == b"".join(leaves)

        def tree(v):
            if len(v) == 1:
                return v[0]
            k = 1
            while k * 2 < len(v):
                k *= 2
            return hashlib.sha256(b"\1" + tree(v[:k]) + tree(v[k:])).digest()
        assert base64.b64encode(tree(leaves)).decode() == root
        assert shop.get("/record/voices/tile/entries/000.p/%d" % (size + 1)).status == 404
        assert shop.get("/record/voices/tile/0/001").status == 404


def test_no_text_and_no_person_in_the_log():
    with Shop() as shop:
        shop.serve()
        token, work = shop.reader("ann"), shop.work(EMMA)
        shop.api("POST", "/us/works/%d/reviews" % work, {"title": "CANARY", "text": "CANARY", "language": "en", "stars": 4}, token)
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        shop.stop()
        shop.serve()
        for log in ("", "/voices"):
            size = int(shop.get("/record%s/checkpoint" % log).text.split("\n")[1])
            body = shop.get("/record%s/tile/entries/000.p/%d" % (log, size)).text
            for word in ["CANARY", "ann", "example.org", "told to"]:
                assert word not in body.replace("books.example", ""), word
            if log:
                assert '"us"' not in body


def test_a_head_is_signed_when_nothing_happens():
    with Shop(samples=False) as shop:
        shop.env["COLOPHON_NOW"] = moment(1800000000)
        shop.serve(wait=False)
        shop.until(lambda: shop.get("/record/checkpoint").status == 200, "the first head")
        first = shop.get("/record/checkpoint").text
        shop.stop()
        shop.env["COLOPHON_NOW"] = moment(1800000060)
        shop.serve(wait=False)
        shop.until(lambda: shop.get("/record/checkpoint").text != first, "a head a minute later")


def test_the_feed_is_atom():
    with Shop() as shop:
        shop.serve()
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        feed = xml.fromstring(shop.get("/record/feed.atom").body)
        entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
        assert len(entries) == 1 and "restriction/%d" % made["id"] in entries[0].find("{http://www.w3.org/2005/Atom}id").text
        # A lift is news, however old what it lifts.
        for i in range(2):
            shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "reviews")
        time.sleep(1.1)
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "x")
        first = xml.fromstring(shop.get("/record/feed.atom").body).find("{http://www.w3.org/2005/Atom}entry")
        assert first.find("{http://www.w3.org/2005/Atom}id").text.endswith("/%d" % made["id"])
        assert "lifted" in first.find("{http://www.w3.org/2005/Atom}title").text


def test_the_pages_prove_their_entries():
    with Shop() as shop:
        shop.serve()
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        page = shop.get("/record/entries/%d" % made["record_index"]).text
        json_text = re.search(r'<pre class="note">(.*?)</pre>', page, re.S)[1].replace("&quot;", '"').replace("&#39;", "'")
        leaf = hashlib.sha256(b"\0" + json_text.encode()).hexdigest()
        assert leaf in page


def test_backup_restore_resume():
    with Shop() as shop:
        shop.serve()
        voices(shop, 2)
        backup = os.path.join(shop.base, "backup.db")
        shop.ok("backup", backup)
        assert shop.run("backup", backup)[0] == 1
        heads = [shop.file("c%d" % i, shop.get(p).body) for i, p in enumerate(["/record/checkpoint", "/record/voices/checkpoint"])]
        copy = Shop.__new__(Shop)
        copy.base, copy.dir, copy.server, copy.env = shop.base, os.path.join(shop.base, "copy"), None, {}
        copy.ok("restore", backup)
        assert not os.path.exists(os.path.join(copy.dir, "key"))
        shutil.copy2(os.path.join(shop.dir, "key"), os.path.join(copy.dir, "key"))
        status, _, err = copy.run("restriction", "add", "--storefront", "us", "--edition", EMMA, "--withhold", "ratings", "--ground", "law",
                                  "--legal-basis", "Book Act § 2", "--reason", "r", "--until", "2099-01-01")
        assert status == 1 and "resume" in err, err
        status, _, err = copy.run("record", "resume", heads[0])
        assert status == 1
        copy.ok("record", "resume", *heads)
        copy.ok("record", "verify")
        copy.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        # A copy older than what is public would fork the log.
        voices_head = shop.get("/record/voices/checkpoint").body
        token, work = shop.reader("later"), shop.work(EMMA)
        shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 1}, token)
        newer = [shop.file("n%d" % i, shop.get(p).body) for i, p in enumerate(["/record/checkpoint", "/record/voices/checkpoint"])]
        assert open(newer[1], "rb").read() != voices_head
        old = Shop.__new__(Shop)
        old.base, old.dir, old.server, old.env = shop.base, os.path.join(shop.base, "old"), None, {}
        old.ok("restore", backup)
        shutil.copy2(os.path.join(shop.dir, "key"), os.path.join(old.dir, "key"))
        status, _, err = old.run("record", "resume", *newer)
        assert status == 1 and "fork" in err, err


def test_how_fast_it_is_says_the_record():
    with Shop() as shop:
        shop.serve()
        pace = lambda: shop.api("GET", "/record/pace").json()
        assert pace() == {"seconds": 3600, "published": 0, "p50_ms": None, "p99_ms": None}
        assert "data-published" not in shop.get("/record/").text
        work, token = shop.work(EMMA), shop.reader("ann")
        for stars in (1, 2, 3):
            assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, token).status == 200
        found = pace()
        assert found["published"] == 3 and 0 < found["p50_ms"] <= found["p99_ms"], found
        assert 'data-published="3"' in shop.get("/record/").text
