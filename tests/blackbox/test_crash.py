"""Killed at every named write point: nothing acknowledged is lost, nothing has an
effect without its entry. A full disk: nothing half-written, reading goes on."""
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from shop import EMMA, Shop, Skipped, onix, product

OTHERS = True  # see run.py

KILLED = -signal.SIGKILL


def in_memory():
    """kill -9 leaves the page cache alone, so that memory is disk enough, and quick."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class MemoryShop(Shop):
    def __init__(self, **keywords):
        before, tempfile.tempdir = tempfile.tempdir, in_memory()
        try:
            super().__init__(**keywords)
        finally:
            tempfile.tempdir = before


def isbn13(n):
    digits = "97800200%04d" % n
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return digits + str(-total % 10)


class Ledger:
    """What the shop said it had taken, and what was tried beside that."""

    def __init__(self, shop, seed):
        self.shop, self.chance = shop, random.Random(seed)
        shop.serve()
        self.isbns = [r["isbn13"] for r in shop.api("GET", "/us/search?q=&limit=20").json()["results"]]
        self.work = shop.work(EMMA)
        self.readers = [shop.reader(name) for name in ("ann", "bob", "carl")]
        review = shop.api("POST", "/us/works/%d/reviews" % self.work,
                          {"title": "t", "text": "x", "language": "en", "stars": 4}, self.readers[0]).json()
        self.review = review["id"]
        shop.stop()
        self.stars = {0: (4, set())}  # reader -> acknowledged, tried since
        self.comments = {}
        self.restrictions = {}  # id -> (index, edition)
        self.lifted, self.lift_tried = set(), set()
        self.books, self.serial = [], 0

    # -- writing over HTTP, until the server dies

    def rate(self, reader, until):
        chance = random.Random(reader + self.serial)
        while not until.is_set():
            stars = chance.randint(1, 5)
            acked, tried = self.stars.get(reader, (0, set()))
            self.stars[reader] = (acked, tried | {stars})
            try:
                answer = self.shop.api("PUT", "/us/works/%d/rating" % self.work, {"stars": stars}, self.readers[reader])
            except OSError:
                return
            except Exception:  # noqa: BLE001: an answer cut short
                return
            if answer.status == 200:
                self.stars[reader] = (stars, set())

    def remark(self, reader, until):
        n = 0
        while not until.is_set():
            n += 1
            time.sleep(0.02)
            text = "remark %d-%d-%d" % (self.serial, reader, n)
            try:
                answer = self.shop.api("POST", "/reviews/%d/comments" % self.review, {"text": text}, self.readers[reader])
            except Exception:  # noqa: BLE001
                return
            if answer.status == 201:
                self.comments[answer.json()["id"]] = text

    def write_until_dead(self, beside=None, seconds=60):
        """Readers write; `beside` runs meanwhile. True where the server died of it."""
        self.serial += 1
        end = threading.Event()
        threads = [threading.Thread(target=self.rate, args=(0, end)), threading.Thread(target=self.rate, args=(1, end)),
                   threading.Thread(target=self.remark, args=(2, end))]
        for t in threads:
            t.start()
        if beside is not None:
            beside()
        try:
            died = self.shop.server.wait(seconds) == KILLED
        except subprocess.TimeoutExpired:
            died = False
        end.set()
        for t in threads:
            t.join()
        if died:
            self.shop.kill()
        return died

    # -- commands, which may be killed

    def restrict(self, crash=None):
        isbn = self.chance.choice(self.isbns)
        env = {"COLOPHON_CRASH": crash} if crash else {}
        status, out, _ = self.shop.run("restriction", "add", "--storefront", "cn", "--edition", isbn, "--withhold", "reviews", "--ground",
                                       "terms", "--legal-basis", "Terms, § 3", "--reason", "r", "--until", "2099-12-31", "--json", env=env)
        if status == 0:
            made = json.loads(out)
            self.restrictions[made["id"]] = (made["record_index"], isbn)
        return status

    def lift(self, crash=None):
        """Lifts one that was acknowledged, where there is one."""
        open_ones = [i for i in self.restrictions if i not in self.lift_tried]
        if not open_ones:
            assert self.restrict() in (0, KILLED, 1)
            open_ones = [i for i in self.restrictions if i not in self.lift_tried]
            if not open_ones:
                return None
        ident = open_ones[0]
        self.lift_tried.add(ident)
        env = {"COLOPHON_CRASH": crash} if crash else {}
        status = self.shop.run("restriction", "lift", str(ident), "--reason", "r", env=env)[0]
        if status == 0 or (crash or "").startswith("lift-"):
            self.lifted.add(ident)  # noted is lifted
        return status

    def load(self, crash=None, n=3):
        env = {"COLOPHON_CRASH": crash} if crash else {}
        isbns = [isbn13(10 * len(self.books) + i) for i in range(n)]
        self.books.append(isbns)
        feed = self.shop.file("crash.xml", onix(*[product("r" + i, i, "Wombat " + i) for i in isbns]))
        status = self.shop.run("import", "--shop", "main", feed, env=env)[0]
        if status != 0:  # a second run goes on
            assert self.shop.run("import", "--shop", "main", feed)[0] in (0, 1)
        return status

    # -- what must be true after a restart

    def check_offline(self):
        assert self.shop.run("record", "verify")[0] == 0, self.shop.run("record", "verify")

    def entries(self, log):
        size = int(self.shop.get(log + "/checkpoint").text.split("\n")[1])
        found = []
        for n in range(0, size, 256):
            tile, width = n // 256, min(256, size - n)
            path = "%s/tile/entries/%03d%s" % (log, tile, "" if width == 256 else ".p/%d" % width)
            rest = self.shop.get(path).body
            while rest:
                length = int.from_bytes(rest[:2], "big")
                found.append(json.loads(rest[2:2 + length]))
                rest = rest[2 + length:]
        assert len(found) == size
        return found

    def check(self):
        shop = self.shop

        def listed():
            return {r["id"]: r for r in shop.api("GET", "/restrictions").json()["restrictions"]}
        def agrees():
            effective = {r["target"]["key"] for r in listed().values() if r["state"] == "in effect"}
            return all({w["feature"] for w in shop.edition(isbn, "cn")["withheld"]} == ({"reviews"} if isbn in effective else set())
                       for isbn in self.isbns)
        # A killed command woke nobody: the server looks by itself several times a second.
        shop.until(lambda: all(r["state"] != "pending" and (i not in self.lifted or r["state"] == "lifted" and not r.get("lift_pending"))
                               for i, r in listed().items()), "what was killed in the middle")
        shop.until(agrees, "what is shown to be what is listed")
        def on_record():
            decisions = self.entries("/record")
            return {e["id"]: i for i, e in enumerate(decisions) if e["type"] == "restriction"}, [e["id"] for e in decisions if e["type"] == "lift"]
        # A list may come from the moment before the server saw what the killed one left.
        shop.until(lambda: {i for i, r in listed().items() if r["state"] != "pending"} == set(on_record()[0]), "what is listed to be what is published")
        there, (published, lifts) = listed(), on_record()
        assert len(lifts) == len(set(lifts))
        for ident, (index, _) in self.restrictions.items():
            assert published.get(ident) == index, ident
        for ident in self.lifted:
            assert there[ident]["state"] == "lifted", ident
        for ident, r in there.items():
            assert (r["state"] == "lifted") == (ident in lifts), ident
        # Nothing is withheld that is lifted by now, or that is not on the Record then: what a
        # killed command left may be published in between.
        withheld = [(isbn, w["restriction"]) for isbn in self.isbns for w in shop.edition(isbn, "cn")["withheld"]]
        published = on_record()[0]
        for isbn, ident in withheld:
            assert ident in published, (isbn, ident)
            assert ident not in lifts, (isbn, ident)
        comments = {}
        while True:
            page = shop.api("GET", "/us/works/%d/comments?limit=100&offset=%d" % (self.work, len(comments))).json()
            comments.update((c["id"], c["text"]) for c in page["comments"])
            if not page["comments"]:
                break
        assert len(comments) == page["total"]
        for ident, text in self.comments.items():
            assert text in comments.get(ident, ""), ident
        histogram = shop.edition(EMMA)["rating"]["histogram"]
        assert sum(histogram) >= len([a for a, _ in self.stars.values() if a])
        for reader, (acked, tried) in self.stars.items():
            if acked and not tried:
                assert histogram[acked - 1] > 0, (reader, acked, histogram)

    def check_all(self):
        """Everything, by a server that is not going to die."""
        shop = self.shop
        shop.serve()
        self.check()
        for isbns in self.books:
            for isbn in isbns:
                assert shop.edition(isbn).get("isbn13") == isbn
                shop.until(lambda: shop.api("GET", "/us/search?q=" + isbn).json()["total"] == 1, "finding " + isbn)
        status, out, err = shop.audit()
        assert status == 0, out + err
        shop.stop()


# Points in the server, and what is done beside the readers' writing to reach them.
SERVER = [("work-done", None), ("tiles-written", None), ("checkpoint-written", None), ("before-commit", None), ("committed", None),
          ("index-half-written", "load"), ("index-flushed", "load"), ("lift-published", "lift"), ("lift-cleared", "lift"),
          ("index-built", "rebuild"), ("index-swapped", "rebuild")]
# Points in commands beside a server.
BESIDE = [("restrict", "work-done"), ("restrict", "entry-pending"), ("lift", "lift-noted"), ("lift", "entry-pending"),
          ("load", "import-batch-written"), ("load", "import-batch-committed"), ("load", "import-written"), ("load", "import-indexed"), ("backup", "backup-written")]
# Points in commands where nobody serves.
ALONE = [("restrict", "work-done"), ("restrict", "tiles-written"), ("restrict", "checkpoint-written"), ("restrict", "before-commit"),
         ("restrict", "committed"), ("lift", "lift-noted"), ("lift", "before-commit"), ("lift", "committed"), ("lift", "lift-published"),
         ("lift", "lift-cleared"), ("load", "import-batch-written"), ("load", "import-batch-committed"), ("load", "index-flushed"),
         ("load", "import-indexed"), ("rebuild", "index-built"), ("rebuild", "index-swapped"), ("backup", "backup-written")]


def command(ledger, what, crash):
    if what in ("restrict", "lift", "load"):
        return getattr(ledger, what)(crash)
    if what == "rebuild":
        return ledger.shop.run("index", "rebuild", env={"COLOPHON_CRASH": crash} if crash else {})[0]
    path = os.path.join(ledger.shop.base, "backup.db")
    status = ledger.shop.run("backup", path, env={"COLOPHON_CRASH": crash} if crash else {})[0]
    assert not os.path.exists(path)
    ledger.shop.ok("backup", path)  # a second one goes through
    os.unlink(path)
    return status


def crash_rounds(server, beside, alone):
    with MemoryShop() as shop:
        ledger = Ledger(shop, 1)
        killed = {}

        def count(point, status):
            assert status in (KILLED, 0, 1, None), (point, status)
            killed.setdefault(point, 0)
            killed[point] += status == KILLED

        for i in range(alone):
            for what, point in ALONE:
                count("alone " + what + " " + point, command(ledger, what, point))
                ledger.check_offline()
        ledger.check_all()
        for i in range(server):
            for point, what in SERVER:
                times = 1 if what else ledger.chance.randint(1, 12)
                shop.serve(env={"COLOPHON_CRASH": "%s:%d" % (point, times)}, wait=False)
                meanwhile = None if what is None else lambda: command(ledger, what, None)
                count("server " + point, KILLED if ledger.write_until_dead(meanwhile) else 1)
                shop.stop()
                ledger.check_offline()
            ledger.check_all()
        for i in range(beside):
            shop.serve()
            for what, point in BESIDE:
                count("beside " + what + " " + point, command(ledger, what, point))
                ledger.check()
            shop.stop()
            ledger.check_all()
        missed = [point for point, n in killed.items() if n == 0]
        assert not missed, missed
        return sum(killed.values())


def test_killed_once_at_each_point():
    crash_rounds(1, 1, 1)


def test_a_hundred_rounds_of_kill_9():
    assert crash_rounds(4, 2, 3) >= 100


test_a_hundred_rounds_of_kill_9.slow = True


def test_init_and_restore_killed():
    base = tempfile.mkdtemp(prefix="colophon-test-", dir=in_memory())
    try:
        for point in ("key-written", "init-prepared"):
            fresh = Shop.__new__(Shop)
            fresh.base, fresh.dir, fresh.server, fresh.env = base, os.path.join(base, point), None, {}
            assert fresh.run("init", "--origin", "a.example", env={"COLOPHON_CRASH": point})[0] == KILLED
            assert fresh.run("shop", "add", "main", "--name", "M")[0] == 1
            fresh.ok("init", "--origin", "a.example")
            assert fresh.run("init", "--origin", "a.example")[0] == 1
            fresh.ok("record", "verify")
            assert os.stat(os.path.join(fresh.dir, "key")).st_mode & 0o777 == 0o600
            assert not os.path.exists(os.path.join(fresh.dir, "key.part"))
        # A key alone may have signed: no new log is begun under it.
        os.unlink(os.path.join(fresh.dir, "colophon.db"))
        status, _, err = fresh.run("init", "--origin", "a.example")
        assert status == 1 and "key" in err, err
        shop = Shop.__new__(Shop)
        shop.base, shop.dir, shop.server, shop.env = base, os.path.join(base, "key-written"), None, {}
        backup = os.path.join(base, "backup.db")
        shop.ok("backup", backup)
        assert os.stat(backup).st_mode & 0o777 == 0o600
        copy = Shop.__new__(Shop)
        copy.base, copy.dir, copy.server, copy.env = base, os.path.join(base, "copy"), None, {}
        assert copy.run("restore", backup, env={"COLOPHON_CRASH": "restore-copied"})[0] == KILLED
        assert copy.run("record", "verify")[0] == 1  # no shop yet
        copy.ok("restore", backup)
        assert copy.run("restore", backup)[0] == 1
    finally:
        shutil.rmtree(base, ignore_errors=True)


# ---- a full disk ----

class SmallDisk:
    """A file system of its own, where we may mount one."""

    def __init__(self, megabytes=64):
        self.base = tempfile.mkdtemp(prefix="colophon-disk-")
        self.path = os.path.join(self.base, "disk")
        image = os.path.join(self.base, "image")
        os.mkdir(self.path)
        with open(image, "wb") as f:
            f.truncate(megabytes << 20)
        try:
            made = all(subprocess.run(c, capture_output=True).returncode == 0 for c in
                       [["mkfs.ext4", "-q", "-m", "0", image], ["mount", "-o", "loop", image, self.path]])
        except OSError:
            made = False
        if not made:
            shutil.rmtree(self.base)
            raise Skipped("no file system can be mounted here")

    def __enter__(self):
        return self

    def fill(self, leave=0):
        with open(os.path.join(self.path, "ballast"), "wb", buffering=0) as f:
            if leave > 0:
                f.write(bytes(os.statvfs(self.path).f_bavail * os.statvfs(self.path).f_frsize - leave))
                return
            for size in (1 << 20, 4096):
                try:
                    while True:
                        f.write(bytes(size))
                except OSError:
                    pass

    def refill(self):
        self.free()
        self.fill()

    def free(self):
        os.unlink(os.path.join(self.path, "ballast"))

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.path], capture_output=True)
        shutil.rmtree(self.base, ignore_errors=True)


class SmallShop(Shop):
    def __init__(self, disk, **keywords):
        before, tempfile.tempdir = tempfile.tempdir, disk.path
        try:
            super().__init__(database=False, **keywords)  # the disk that is full holds the database
        finally:
            tempfile.tempdir = before


def test_a_full_disk():
    with SmallDisk() as disk, SmallShop(disk) as shop:
        shop.serve()
        work, token = shop.work(EMMA), shop.reader("ann")
        review = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "t", "text": "KEPT", "language": "en", "stars": 4}, token).json()
        made = shop.restrict("--ground", "terms", "--storefront", "us", "--work", str(work), "--withhold", "reviews")
        kept = shop.restrict("--ground", "terms", "--storefront", "cn", "--work", str(work), "--withhold", "comments")
        disk.fill()
        acked, refused = [], 0
        for n in range(400):
            answer = shop.api("POST", "/reviews/%d/comments" % review["id"], {"text": "comment %d %s" % (n, "x" * 3000)}, token)
            assert answer.status in (201, 500, 503), answer.text
            if answer.status == 201:
                acked.append(answer.json()["id"])
            else:
                refused += 1
                if refused == 3:
                    break
        assert refused == 3
        # Reading goes on, what was acknowledged is there.
        assert shop.get("/us/books/" + EMMA).status == 200
        assert shop.get("/record/").status == 200
        # Nothing new can be withheld, nothing half-written stays.
        status, _, err = shop.run("restriction", "add", "--storefront", "us", "--work", str(work), "--withhold", "ratings", "--ground", "terms", "--legal-basis", "Terms, § 3",
                                  "--reason", "r", "--until", "2099-01-01")
        assert status == 1 and err
        assert {w["feature"] for w in shop.edition(EMMA)["withheld"]} == {"reviews"}
        # A lift works at once, and its entry comes later.
        status, _, err = shop.run("restriction", "lift", str(made["id"]), "--reason", "Annulled.")
        assert status == 0 and "waits" in err, err
        assert shop.edition(EMMA)["withheld"] == []
        assert "KEPT" in shop.get("/us/books/" + EMMA).text
        status, out, err = shop.audit()
        assert status == 0 and "lift pending" in out + err, out + err
        # Also where nobody serves and the database does not even open.
        shop.stop()
        disk.refill()
        status, _, err = shop.run("restriction", "lift", str(kept["id"]), "--reason", "Annulled too.")
        assert status == 0, err
        disk.free()
        shop.serve()
        shop.until(lambda: not any(r.get("lift_pending") for r in shop.api("GET", "/restrictions").json()["restrictions"]), "the lifts' entries")
        assert {r["state"] for r in shop.api("GET", "/restrictions").json()["restrictions"]} == {"lifted"}
        comments = {c["id"] for r in shop.api("GET", "/us/works/%d/reviews" % work).json()["reviews"] for c in r["comments"]}
        assert set(acked) <= comments, set(acked) - comments
        assert shop.audit()[0] == 0
        shop.stop()
        shop.ok("record", "verify")


def test_an_index_that_finds_no_room():
    with SmallDisk() as disk, SmallShop(disk) as shop:
        feed = os.path.join(disk.base, "many.xml")
        isbns = [isbn13(i) for i in range(8000)]
        with open(feed, "w", encoding="utf-8") as f:
            f.write(onix(*[product("r" + i, i, "Wombat " + i) for i in isbns]))
        shop.serve()
        before = shop.api("GET", "/us/search?q=austen").json()["total"]
        disk.fill(leave=14 << 20)
        shop.run("import", "--shop", "main", feed)
        assert shop.server.poll() is None, shop.server.returncode
        assert shop.get("/us/books/" + EMMA).status == 200
        assert shop.api("GET", "/us/search?q=austen").json()["total"] == before > 0
        disk.free()
        shop.ok("import", "--shop", "main", feed)
        shop.until(lambda: shop.api("GET", "/us/search?q=wombat").json()["total"] == len(isbns), "the rest of the index", 60)


def test_an_import_onto_a_full_disk():
    with SmallDisk() as disk, SmallShop(disk) as shop:
        feed = os.path.join(disk.base, "many.xml")
        isbns = [isbn13(i) for i in range(6000)]
        with open(feed, "w", encoding="utf-8") as f:
            f.write(onix(*[product("r" + i, i, "Wombat " + i) for i in isbns]))
        disk.fill()
        status, out, err = shop.run("import", "--shop", "main", feed)
        assert status == 1 and ("full" in err or "space" in err), err
        disk.free()
        shop.ok("record", "verify")
        shop.ok("import", "--shop", "main", feed)
        shop.serve()
        assert shop.api("GET", "/us/search?q=wombat").json()["total"] == len(isbns)
