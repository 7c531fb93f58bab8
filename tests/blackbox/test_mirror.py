"""`colophon mirror`: both logs as plain files that anybody can serve and check, and what
it says of a log that forks, goes back, or is damaged."""
import functools
import http.server
import os
import shutil
import signal
import subprocess
import threading
import time

from shop import COLOPHON, EMMA, Shop, moment, run
from test_audit import Rewriter
from test_record import verify_with_go
from witnesses import Witness, sizes_cosigned

OTHERS = True  # see run.py


class Plain:
    """A folder behind a web server that knows nothing of logs."""

    def __init__(self, folder):
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def grow(shop, n):
    for _ in range(n):
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")


def size(folder, log=""):
    with open(os.path.join(folder, "record" + log, "checkpoint"), encoding="utf-8") as f:
        return int(f.read().split("\n")[1])


def test_a_mirror_is_the_log_and_says_what_is_wrong_with_one():
    with Shop() as shop:
        shop.serve()
        token, work = shop.reader("ann"), shop.work(EMMA)
        shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 4}, token)
        vkey = shop.ok("record", "vkey").strip()
        to = os.path.join(shop.base, "mirror")
        status, out, err = run("mirror", shop.url, to)
        assert status == 0 and "own word" in err, err
        grow(shop, 2)
        status, out, err = run("mirror", shop.url, to, "--vkey", vkey)
        assert status == 0 and size(to) == int(shop.get("/record/checkpoint").text.split("\n")[1]), err
        # Plain files behind a plain server: others' tools verify them.
        with Plain(to) as plain:
            for log, options in (("/record", []), ("/record/voices", ["--voices"])):
                done = verify_with_go(shop, plain.url + log, shop.ok("record", "vkey", *options).strip())
                assert done.returncode == 0 and "OK" in done.stdout, done.stdout + done.stderr
            # A mirror of a mirror.
            status, _, err = run("mirror", plain.url, os.path.join(shop.base, "second"), "--vkey", vkey)
            assert status == 0, err
        # Another's key.
        with Shop(samples=False, origin="other.example") as other:
            status, _, err = run("mirror", shop.url, to, "--vkey", other.ok("record", "vkey").strip())
            assert status == 1 and "not the key" in err, err

        # Rolled back: what the log was before, served again.
        old = os.path.join(shop.base, "old")
        shutil.copytree(to, old)
        grow(shop, 1)
        assert run("mirror", shop.url, to)[0] == 0
        with Plain(old) as plain:
            status, _, err = run("mirror", plain.url, to)
            assert status == 1 and err.startswith("colophon: old: ") and "rolled back" in err and "forked" not in err, err
        # Forked: another history under the same key, of which prepared shops have many.
        kept = size(to)
        shop.stop()
        fork = os.path.join(shop.base, "fork")
        if not shop.database:
            shutil.copytree(shop.dir, fork, ignore=shutil.ignore_patterns("wake"))
            shop.serve()
            grow(shop, 1)
            assert run("mirror", shop.url, to)[0] == 0
            here, shop.dir = shop.dir, fork
            shop.serve()
            grow(shop, 2)
            status, _, err = run("mirror", shop.url, to)
            assert status == 1 and err.startswith("colophon: forked: ") and "two checkpoints" in err, err
            assert size(to) > kept  # what was mirrored stays
            shop.stop()
            shop.dir = here
        shop.serve()
        # Damaged: a byte of what lies here.
        newest = os.path.join(to, "record", "tile", "entries", "000.p", str(size(to)))
        with open(newest, "r+b") as f:
            f.seek(20)
            byte = f.read(1)
            f.seek(20)
            f.write(bytes([byte[0] ^ 1]))
        status, _, err = run("mirror", shop.url, to)
        assert status == 1 and "damaged" in err, err


def test_a_mirror_that_follows_takes_up_where_it_was_killed():
    with Shop() as shop:
        shop.serve()
        grow(shop, 1)
        to = os.path.join(shop.base, "mirror")
        follower = subprocess.Popen([COLOPHON, "mirror", shop.url, to, "--follow"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        there = lambda: os.path.exists(os.path.join(to, "record", "voices", "checkpoint"))
        shop.until(there, "the mirror")
        status, _, err = run("mirror", shop.url, to)
        assert status == 1 and "another mirror" in err, err
        follower.kill()
        follower.communicate()
        before = size(to)
        grow(shop, 2)
        follower = subprocess.Popen([COLOPHON, "mirror", shop.url, to, "--follow"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        shop.until(lambda: size(to) > before + 1, "what came meanwhile")
        follower.send_signal(signal.SIGTERM)
        said = follower.communicate(timeout=60)
        assert follower.returncode == 0, said


def turned(body, at=20):
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]


def test_a_damaged_answer_is_no_fork():
    """A wrong byte on the way says nothing about what was signed."""
    with Shop() as shop:
        shop.serve()
        grow(shop, 2)
        to = os.path.join(shop.base, "mirror")
        assert run("mirror", shop.url, to)[0] == 0
        kept = size(to)
        grow(shop, 1)
        for change, said in ((lambda p, s, b: (s, turned(b)) if "/tile/entries/" in p else (s, b), "the entries served"),
                             (lambda p, s, b: (s, turned(b)) if "/tile/" in p else (s, b), "neither the entries nor the tiles"),
                             (lambda p, s, b: (s, b[:-1]) if "/tile/entries/" in p else (s, b), "/record/tile/entries/000.p/"),
                             (lambda p, s, b: (s, turned(b, -5)) if p.endswith("checkpoint") else (s, b), "the checkpoint served at /record")):
            with Rewriter(shop, change) as between:
                status, _, err = run("mirror", between.url, to)
                assert status == 1 and "colophon: damaged: " in err and said in err and "fork" not in err, err
                assert size(to) == kept
        assert run("mirror", shop.url, to)[0] == 0 and size(to) > kept


def test_a_mirror_that_follows_goes_on_after_bad_answers():
    with Shop() as shop:
        shop.serve()
        grow(shop, 1)
        to, how = os.path.join(shop.base, "mirror"), ["honest"]

        def change(path, status, body):
            if how[0] == "away":
                return 503, b""
            if how[0] == "damaged" and "/tile/" in path:
                return status, turned(body)
            return status, body
        with Rewriter(shop, change) as between:
            follower = subprocess.Popen([COLOPHON, "mirror", between.url, to, "--follow", "--interval", "1"], stdout=subprocess.PIPE, stderr=open(os.path.join(shop.base, "said"), "wb"))

            def said():
                with open(os.path.join(shop.base, "said"), encoding="utf-8") as f:
                    return f.read()
            shop.until(lambda: os.path.exists(os.path.join(to, "record", "voices", "checkpoint")), "the mirror")
            for wrong, word in (("away", "status 503; trying again"), ("damaged", "damaged: ")):
                before = size(to)
                how[0] = wrong
                grow(shop, 1)
                shop.until(lambda: word in said(), "a complaint", seconds=20)
                assert size(to) == before and follower.poll() is None
                how[0] = "honest"
                shop.until(lambda: size(to) > before, "what came meanwhile", seconds=20)
            follower.send_signal(signal.SIGTERM)
            follower.communicate(timeout=60)
            assert follower.returncode == 0 and said().count("status 503") == 1, said()


def test_a_mirror_cosigns_what_lies_there_whole():
    with Shop() as shop:
        shop.serve()
        grow(shop, 1)
        to, vkey = os.path.join(shop.base, "mirror"), shop.ok("record", "vkey").strip()
        library = Witness(shop.base, "library.example/mirror")  # for its key
        key = os.path.join(library.dir, "witness.key")
        policy = shop.file("policy", "log %s\nlog %s\nwitness library %s\nquorum library\n" % (
            vkey, shop.ok("record", "vkey", "--voices").strip(), library.vkey))
        for bad, said in ((shop.file("empty", ""), "others may read it"), (os.path.join(shop.base, "none"), "none")):
            status, _, err = run("mirror", shop.url, to, "--cosign", bad)
            assert status == 1 and said in err, err
        wrong = shop.file("wrong", "PRIVATE+KEY+x\n")
        os.chmod(wrong, 0o600)
        status, _, err = run("mirror", shop.url, to, "--cosign", wrong)
        assert status == 1 and not os.path.exists(os.path.join(to, "record", "checkpoint")), err
        status, _, err = run("mirror", shop.url, to, "--vkey", vkey, "--cosign", key)
        assert status == 0, err
        for log in ("record", os.path.join("record", "voices")):
            with open(os.path.join(to, log, "checkpoint"), encoding="utf-8") as f:
                note = f.read()
            assert sizes_cosigned(note, library.name) == 1 and note.startswith("books.example"), note
        # A policy counts it: of the mirror the second takes what it does not take of the shop.
        second = os.path.join(shop.base, "second")
        status, _, err = run("mirror", shop.url, second, "--vkey", vkey, "--policy", policy)
        assert status == 1 and "colophon: unwitnessed: " in err, err
        with Plain(to) as plain:
            status, _, err = run("mirror", plain.url, second, "--vkey", vkey, "--policy", policy)
            assert status == 0 and size(second) == size(to), err
            # So does a monitor, to whom the mirror is a peer; for ten minutes.
            state, watch = os.path.join(shop.base, "state"), ("watch", shop.url, "--once", "--vkey", vkey, "--policy", policy, "--state")
            status, out, err = run(*watch, state, "--peer", plain.url)
            assert status == 0, out + err
            status, out, err = run(*watch, state + "2")
            assert status == 1 and "quorum (threat 1)" in out, out + err
            status, out, err = run(*watch, state + "3", "--peer", plain.url, env={"COLOPHON_NOW": moment(int(time.time()) + 700)})
            assert status == 1 and "quorum (threat 1)" in out, out + err
            # Others' tools read its checkpoint.
            done = verify_with_go(shop, plain.url + "/record", vkey)
            assert done.returncode == 0 and "OK" in done.stdout, done.stdout + done.stderr
        # Again: no second line. What lies there damaged is not cosigned.
        assert run("mirror", shop.url, to, "--cosign", key)[0] == 0
        with open(os.path.join(to, "record", "checkpoint"), encoding="utf-8") as f:
            note = f.read()
        assert sizes_cosigned(note, library.name) == 1, note
        grow(shop, 1)
        tile = os.path.join(to, "record", "tile", "entries", "000.p", str(size(to)))
        with open(tile, "rb") as f:
            body = f.read()
        with open(tile, "wb") as f:
            f.write(turned(body))
        status, _, err = run("mirror", shop.url, to, "--cosign", key)
        assert status == 1 and "colophon: damaged: " in err, err
        with open(os.path.join(to, "record", "checkpoint"), encoding="utf-8") as f:
            assert f.read() == note
