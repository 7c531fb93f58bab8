"""Each write of a batch fails in its turn, as on a disk that is full or breaks: a clear error, nothing
acknowledged is lost, nothing has an effect without its entry, lifting works, a restart finds all in order."""
import errno
import json
import os
import random
import time

import replay
from faults import AT, Disk
from shop import EMMA, moment
from test_crash import MemoryShop
from test_quorum import policy, vkeys
from witnesses import Witness

OTHERS = True  # see run.py
OWN_POSTGRES = True  # what PostgreSQL writes is PostgreSQL's

EVERY = "COLOPHON_FAULTS" in os.environ  # each write, not some of them: takes minutes
DAY = 86400


class Failing:
    """A shop on such a disk, and what it acknowledged."""

    def __init__(self, shop):
        self.shop, self.disk = shop, Disk(shop)
        self.restrictions, self.lifted, self.comments, self.said = {}, set(), {}, 0
        self.refused = 0

    def serve(self):
        self.shop.serve()
        return self

    def begin(self):
        """A work with a review to remark on."""
        shop = self.serve().shop
        self.work, self.token = shop.work(EMMA), shop.reader("ann")
        made = shop.api("POST", "/us/works/%d/reviews" % self.work, {"title": "t", "text": "x", "language": "en", "stars": 4}, self.token)
        self.review = made.json()["id"]

    # -- what may fail

    def command(self, *args, env=None):
        status, out, err = self.shop.run(*args, env=env or {})
        assert status in (0, 1) and (status == 0 or err.startswith("colophon: ")), (args, status, err)
        self.error = err
        self.refused += status
        return json.loads(out) if status == 0 and out.startswith("{") else status == 0

    def restrict(self):
        made = self.command("restriction", "add", "--storefront", "cn", "--edition", EMMA, "--withhold", "reviews", "--ground", "terms", "--legal-basis", "Terms, § 3", "--reason", "r",
                            "--until", "2099-12-31", "--json")
        if made:
            self.restrictions[made["id"]] = made["record_index"]

    def lift(self):
        standing = [i for i in self.restrictions if i not in self.lifted]
        assert self.command("restriction", "lift", str(standing[0]), "--reason", "r"), "a lift works in every state, not: " + self.error
        self.lifted.add(standing[0])

    def remark(self):
        self.said += 1
        if self.said % 50 == 0:  # so many may one reader say at once
            self.disk.set(AT, 0)
            self.token = self.shop.reader("ann%d" % self.said)
        answer = self.shop.api("POST", "/reviews/%d/comments" % self.review, {"text": "remark %d" % self.said}, self.token)
        assert answer.status in (201, 500, 503) and (answer.status == 201 or answer.json()["status"] == answer.status), answer.text
        self.refused += answer.status != 201
        if answer.status == 201:
            self.comments[answer.json()["id"]] = "remark %d" % self.said

    # -- what must be so

    def agrees(self):
        """What is served is what is published."""
        web = replay.Web(self.shop.url)
        try:
            now = replay.Replay(web, int(time.time()))
            listed = {r["id"]: r["state"] for r in web.json("/api/v1/restrictions")[1]["restrictions"]}
            shown = {w["feature"]: w["restriction"] for w in web.json("/api/v1/cn/editions/" + EMMA)[1]["withheld"]}
        finally:
            web.close()
        lifted = {i for i, state in listed.items() if state == "lifted"}
        for r in now.restrictions.values():
            r.lifted = r.lifted or r.id in lifted  # its entry may wait
        now.active = [r for r in now.restrictions.values() if r.state(now.now) == "in effect"]
        published = {e["id"]: i for i, e in enumerate(now.decisions_log) if e["type"] == "restriction"}
        assert all(published.get(i) == index for i, index in self.restrictions.items()), (published, self.restrictions)
        return shown == replay.named(now.withheld("cn", self.work, EMMA)) and self.lifted <= lifted

    def check(self):
        self.shop.until(self.agrees, "what is served to be what is published")
        assert self.shop.server.poll() is None

    def end(self):
        """All of it after a restart, by everybody who checks."""
        shop = self.shop
        if shop.server:
            shop.stop()
        shop.ok("record", "verify")
        shop.serve()
        shop.until(lambda: not any(r.get("lift_pending") or r["state"] == "pending" for r in shop.api("GET", "/restrictions").json()["restrictions"]), "what waits")
        self.check()
        listed = []
        while True:
            page = shop.api("GET", "/us/works/%d/comments?limit=100&offset=%d" % (self.work, len(listed))).json()["comments"]
            listed += page
            if not page:
                break
        there = {c["id"]: c["text"] for c in listed}
        assert set(self.comments.items()) <= set(there.items()), set(self.comments.items()) - set(there.items())
        status, out, err = shop.audit()
        assert status == 0, out + err

    def points(self, n):
        """All writes, or some of them, other ones at each run: 1 to n, and the one after."""
        step = 1 if EVERY else max(1, n // 8)
        begin = random.randint(1, step)
        print("writes %d, %d, … of %d" % (begin, begin + step, n))
        return range(begin, n + 2, step)

    def each(self, work):
        """`work`, with each of its writes failing in turn."""
        work()
        n = max(self.disk.writes_of(work) for _ in range(2))
        self.refused = 0
        for at in self.points(n):
            with self.disk.failing(at, random.choice((errno.ENOSPC, errno.EIO))):
                work()
        if self.shop.server:
            self.check()
        assert n > 10 and self.refused > 0, (n, self.refused)

    def each_lift(self):
        n = 0
        for _ in range(2):
            self.restrict()
            n = max(n, self.disk.writes_of(self.lift))
        for at in self.points(n):
            self.restrict()
            # This write alone, or this one and all after it.
            with self.disk.failing(at, errno.ENOSPC, lasts=random.random() < 0.5):
                self.lift()
                if self.shop.server:
                    self.check()


def test_each_write_beside_a_server():
    with MemoryShop(database=False) as shop:
        world = Failing(shop)
        world.begin()
        world.each(world.restrict)
        world.each(world.remark)
        world.each_lift()
        world.end()


def test_each_write_of_a_command_alone():
    with MemoryShop(database=False) as shop:
        world = Failing(shop)
        world.begin()
        shop.stop()
        world.each(world.restrict)
        world.each_lift()
        # Lists of titles: signed anew each day.
        day = [0]

        def lists():
            day[0] += 2
            world.command("record", "list", env={"COLOPHON_NOW": moment(int(time.time()) + day[0] * DAY)})
        world.each(lists)
        shop.env["COLOPHON_NOW"] = moment(int(time.time()) + day[0] * DAY)
        world.end()


def test_each_write_with_the_head_kept_apart():
    with MemoryShop(database=False) as shop:
        world = Failing(shop)
        apart = os.path.join(shop.base, "apart")
        os.mkdir(apart)
        head = os.path.join(apart, "head")
        world.each(lambda: world.command("record", "keep", head))
        shop.ok("record", "keep", head)
        world.begin()
        world.each(world.remark)
        world.each(world.restrict)
        world.end()
        with open(head, encoding="utf-8") as f:
            assert f.read() == shop.get("/record/checkpoint").text


def test_each_write_of_a_candidate():
    with MemoryShop(database=False) as shop:
        world = Failing(shop)
        world.begin()
        with Witness(shop.base, "one.example", vkeys(shop)) as one:
            path = policy(shop, [(one, one.url)])
            world.each(lambda: world.command("policy", "set", path))
            shop.ok("policy", "set", path)
            world.each(world.remark)
            world.each(world.restrict)
            world.each_lift()
            world.end()
