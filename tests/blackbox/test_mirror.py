"""`colophon mirror`: both logs as plain files that anybody can serve and check, and what
it says of a log that forks, goes back, or is damaged."""
import functools
import http.server
import os
import shutil
import signal
import subprocess
import threading

from shop import COLOPHON, EMMA, Shop, run
from test_record import verify_with_go

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
            assert status == 1 and "rolled back" in err, err
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
            assert status == 1 and "forked" in err, err
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
