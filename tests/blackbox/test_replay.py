"""What the site serves is what the Record says, after whatever anybody did and whatever died meanwhile.

Readers and staff do at random whatever can be done, while the server is killed again and again and
its clock goes on by hours (test_bad_days.py has it go back). After each kill an independent program (replay.py)
computes from the entries alone what every storefront must serve, and compares; and what was answered
must be there. The whole of it: COLOPHON_REPLAY=10000,100,1 tests/blackbox/test_replay.py (actions, kills, seed)."""
import json
import os
import random
import signal
import sys
import threading
import time

import replay
from shop import Skipped, moment, onix, product
from test_crash import MemoryShop, isbn13

OTHERS = True  # see run.py

KILLED = -signal.SIGKILL
TWINS = {"us": "usx", "cn": "cnx"}
COLLECTIONS = ("first", "second")
HOUR = 3600
SERVER_POINTS = ("work-done", "tiles-written", "checkpoint-written", "before-commit", "committed", "before-publish", "published",
                 "lift-published", "lift-cleared")
COMMAND_POINTS = ("work-done", "entry-pending", "lift-noted", "import-batch-written", "import-batch-committed")
NO_FAULTS = (200, 201, 403, 404, 409, 422, 429, 451, 503)
GROUNDS = {"authority-order": True, "court-order": True, "rightsholder": True, "law": False, "licence": False, "terms": None, "operator": None}
EVERY_KIND = ("restriction", "lift", "demand", "decision", "head")
SECRET = "a long enough secret"


class Lost(Exception):
    """The server died before it had answered."""


class World:
    """The shop, what it was asked for, and what it answered."""

    def __init__(self, shop, seed, readers):
        self.shop, self.chance, self.feeds = shop, random.Random(seed), []
        self.clock = int(time.time())
        self.done, self.kills, self.serial = 0, 0, 0
        self.lock = threading.Lock()
        self.reviews, self.comments, self.tried_texts = {}, {}, set()
        self.stars = {}          # (reader, work) -> what it may be; None: no rating
        self.restrictions = {}   # id -> record index
        self.lifted, self.lift_tried = set(), set()
        self.indexed = {}        # record index -> type, of whatever else was answered
        self.held_accounts, self.unsure_accounts = {}, set()
        self.operators, self.books = [], 0
        self.names = ["reader%d" % i for i in range(readers)]
        self.tokens = {}

    def word(self):
        with self.lock:
            self.serial += 1
            return "Zq%07dx" % self.serial

    # -- the server's life

    def serve(self, crash=None):
        """False where it died before it listened, at the point that was armed."""
        self.shop.env["COLOPHON_NOW"] = moment(self.clock)
        try:
            self.shop.serve(env={"COLOPHON_CRASH": crash} if crash else None, wait=crash is None)
        except AssertionError:
            if crash is None or self.shop.server.wait() != KILLED:
                raise
            self.kills += 1
            self.shop.kill()
            return False
        return True

    def ask(self, method, path, body=None, reader=None):
        try:
            answer = self.shop.api(method, path, body, self.tokens.get(reader))
        except Exception as lost:  # noqa: BLE001: refused, cut short, closed
            raise Lost from lost
        assert answer.status in NO_FAULTS + (401,), (method, path, answer.status, answer.text)
        if answer.status == 401 and reader:
            raise Lost  # its session is over: signed in again at the next start
        return answer

    def command(self, chance, *args, points=COMMAND_POINTS):
        """The status and the JSON of a command, which is killed now and then."""
        env = {"COLOPHON_CRASH": chance.choice(points)} if chance.random() < 0.08 else {}
        status, out, err = self.shop.run(*args, env=env)
        assert status in (0, 1, KILLED), (args, status, err)
        if status == KILLED:
            self.kills += 1
        return status, json.loads(out) if status == 0 and out.startswith("{") else None, err

    def sign_in(self):
        for name in self.names:
            answer = self.shop.api("POST", "/session", {"email": name + "@example.org", "password": SECRET})
            assert answer.status == 201, answer.text
            self.tokens[name] = answer.json()["token"]


class Reader:
    """What readers do, some of them in each thread."""

    def __init__(self, world, names, seed):
        self.world, self.names, self.chance = world, names, random.Random(seed)

    def act(self):
        do = self.chance.choices([self.rate, self.unrate, self.review, self.change_review, self.withdraw_review, self.comment,
                                  self.change_comment, self.withdraw_comment, self.erase, self.complain],
                                 [30, 5, 14, 6, 3, 24, 6, 4, 3, 4])[0]
        do(self.chance.choice(self.names), self.chance.choice(self.world.works))

    def storefront(self):
        return self.chance.choice(("us", "cn", "usx"))

    def rate(self, who, work):
        stars = self.chance.randint(1, 5)
        may_be = self.world.stars.setdefault((who, work), {None})
        before = set(may_be)
        may_be.add(stars)
        answer = self.world.ask("PUT", "/%s/works/%d/rating" % (self.storefront(), work), {"stars": stars}, who)
        if answer.status == 200:
            self.world.stars[who, work] = {stars}
        elif answer.status != 503:
            self.world.stars[who, work] = before

    def unrate(self, who, work):
        may_be = self.world.stars.setdefault((who, work), {None})
        may_be.add(None)
        if self.world.ask("DELETE", "/us/works/%d/rating" % work, None, who).status == 200:
            self.world.stars[who, work] = {None}

    def review(self, who, work):
        word, stars = self.world.word(), self.chance.choice((None, 1, 2, 3, 4, 5))
        self.world.tried_texts.add(word)
        may_be = self.world.stars.setdefault((who, work), {None})
        if stars:
            may_be.add(stars)
        answer = self.world.ask("POST", "/%s/works/%d/reviews" % (self.storefront(), work),
                                {"title": "T", "text": word + " is what I say.", "language": "en", "stars": stars}, who)
        if answer.status == 201:
            self.world.reviews[answer.json()["id"]] = {"index": answer.json()["record_index"], "work": work, "of": who, "words": {word}, "gone": False}
            if stars:
                self.world.stars[who, work] = {stars}

    def own(self, things, who):
        mine = [i for i, v in list(things.items()) if v["of"] == who and not v["gone"]]
        return self.chance.choice(mine) if mine else None

    def change(self, things, path, body, who):
        ident = self.own(things, who)
        if ident is None:
            return
        word = self.world.word()
        thing = things[ident]
        thing["words"].add(word)
        body = {**body, "text": word + " is what I say now."}
        if self.world.ask("PUT", path % ident, body, who).status == 200:
            thing["words"] = {word}

    def change_review(self, who, _):
        self.change(self.world.reviews, "/reviews/%d", {"title": "T", "language": "en"}, who)

    def change_comment(self, who, _):
        self.change(self.world.comments, "/comments/%d", {}, who)

    def withdraw_review(self, who, _):
        ident = self.own(self.world.reviews, who)
        if ident is not None:
            self.take_review(ident, lambda: self.world.ask("DELETE", "/reviews/%d" % ident, None, who))

    def take_review(self, ident, how):
        """A review takes its reader's stars with it."""
        review = self.world.reviews[ident]
        review["gone"] = "tried"
        may_be = self.world.stars.setdefault((review["of"], review["work"]), {None})
        may_be.add(None)
        if how().status == 200:
            review["gone"] = "yes"
            self.world.stars[review["of"], review["work"]] = {None}

    def comment(self, who, work):
        there = [i for i, v in list(self.world.reviews.items()) if not v["gone"]]
        if not there:
            return
        review, word = self.chance.choice(there), self.world.word()
        self.world.tried_texts.add(word)
        answer = self.world.ask("POST", "/reviews/%d/comments" % review, {"text": word + " is my remark."}, who)
        if answer.status == 201:
            self.world.comments[answer.json()["id"]] = {"index": answer.json()["record_index"], "review": review, "of": who, "words": {word}, "gone": False,
                                                        "work": self.world.reviews[review]["work"]}

    def withdraw_comment(self, who, _):
        ident = self.own(self.world.comments, who)
        if ident is not None:
            self.world.comments[ident]["gone"] = "tried"
            if self.world.ask("DELETE", "/comments/%d" % ident, None, who).status == 200:
                self.world.comments[ident]["gone"] = "yes"

    def erase(self, who, _):
        things = self.chance.choice((self.world.reviews, self.world.comments))
        ident = self.own(things, who)
        if ident is None:
            return
        thing = things[ident]
        def how():
            return self.world.ask("POST", "/receipts/%d/erase" % thing["index"], {}, who)
        if things is self.world.reviews:
            return self.take_review(ident, how)
        thing["gone"] = "tried"
        if how().status == 200:
            thing["gone"] = "yes"

    def complain(self, who, _):
        told = [s for s in self.world.ask("GET", "/us/statements", None, who).json()["statements"] if not s["complaint"]]
        if told:
            answer = self.world.ask("POST", "/statements/%d/complaint" % self.chance.choice(told)["id"], {"text": "It was fair."}, who)
            if answer.status == 201:
                self.world.indexed[answer.json()["record_index"]] = "complaint"


class Staff:
    """What staff do, by the command line, beside a server or without one."""

    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)

    def act(self):
        do = self.chance.choices([self.restrict, self.lift, self.demand, self.decide_complaint, self.dispute, self.load, self.disclose, self.agree, self.court, self.sign_lists],
                                 [40, 20, 14, 8, 3, 6, 2, 1, 3, 1])[0]
        do()

    def ground(self):
        ground = self.chance.choice(list(GROUNDS))
        args = ["--ground", ground]
        if GROUNDS[ground]:
            args += ["--authority", self.chance.choice(("Press Office", "District Court")), "--reference", "2026/%d" % self.chance.randint(1, 99)]
        if ground.endswith("-order"):  # beyond one country it has to be said why
            args += ["--scope-reason", "r"]
        return args + ([] if GROUNDS[ground] is None else ["--legal-basis", "Act 12"])

    def end(self):
        at = self.world.clock + self.chance.randint(2 * HOUR, 6 * 24 * HOUR)
        return [self.chance.choice(("--until", "--review")), moment(at)]

    def target(self):
        """Options, the features it can have withheld, and an account's reader."""
        world, chance = self.world, self.chance
        kind = chance.choice(["edition", "edition", "work", "work", "collection", "contributor", "shop", "review", "review", "comment", "account"])
        voices = {"review": world.reviews, "comment": world.comments}.get(kind)
        standing = [v for v in list(voices.values()) if not v["gone"]] if voices else []
        if kind in replay.ALONE and kind != "account":
            if not standing:
                return self.target()
            return ["--target", "%s:%d" % (kind, chance.choice(standing)["index"])], replay.ALONE[kind], None
        if kind == "account":
            who = chance.choice(world.names)
            return ["--target", "account:%s@example.org" % who], replay.ALONE[kind], who
        key = {"edition": lambda: chance.choice(world.isbns), "work": lambda: str(chance.choice(world.works)), "collection": lambda: chance.choice(COLLECTIONS),
               "contributor": lambda: str(chance.choice(world.contributors)), "shop": lambda: chance.choice(("main", "harbour"))}[kind]()
        return ["--" + kind, key], replay.FEATURES, None

    def somewhere(self):
        return [w for s in self.chance.choice((["us"], ["cn"], ["us", "cn"])) for w in ("--storefront", s)]

    def some(self, features):
        return ",".join(sorted(self.chance.sample(features, self.chance.randint(1, min(3, len(features))))))

    def decided(self, status, made, approve="restriction"):
        """What was proposed, somebody else approves, or nobody."""
        if status == 0 and "proposal" in made and self.chance.random() < 0.9:
            other = [o for o in self.world.operators if o != self.proposer]
            status, made, _ = self.world.command(self.chance, approve, "approve", str(made["proposal"]), "--as", self.chance.choice(other), "--json")
        return made if status == 0 and "id" in made else None

    def by(self):
        if not self.world.operators:
            return []
        self.proposer = self.chance.choice(self.world.operators)
        return ["--as", self.proposer]

    def restrict(self):
        if len(set(self.world.restrictions) - self.world.lift_tried) > 24:
            return self.lift()
        target, features, who = self.target()
        begins = [] if self.chance.random() < 0.8 else ["--from", moment(self.world.clock + self.chance.randint(0, 30 * HOUR))]
        if who:
            self.world.unsure_accounts.add(who)
        sealed = ["--seal-until", moment(self.world.clock + 20 * HOUR)] if not self.world.operators and self.chance.random() < 0.1 else []
        status, made, _ = self.world.command(self.chance, "restriction", "add", *target, *self.somewhere(), "--withhold", self.some(features), *self.ground(),
                                             *begins, *self.end(), *sealed, "--reason", "r", "--json", *self.by())
        made = self.decided(status, made)
        if made:
            self.world.restrictions[made["id"]] = made["record_index"]

    def lift(self):
        standing = [i for i in self.world.restrictions if i not in self.world.lift_tried]
        if standing:
            ident = self.chance.choice(standing)
            self.world.lift_tried.add(ident)
            if self.world.command(self.chance, "restriction", "lift", str(ident), "--reason", "r")[0] == 0:
                self.world.lifted.add(ident)

    def demand(self):
        target, features, _ = self.target()
        if target[0] == "--target":
            return
        sender = self.chance.choice(("authority", "court"))
        country = self.chance.choice(("US", "CN"))
        wanted = self.some(features)
        status, made, _ = self.world.command(
            self.chance, "demand", "add", "--sender", sender, "--country", country, "--authority", "Office", *target, "--withhold", wanted,
            "--ground", sender + "-order", "--legal-basis", "Act 3", "--reference", "7", "--storefront", country.lower(), "--json")
        if status != 0:
            return
        self.world.indexed[made["record_index"]] = "demand"
        outcome = self.chance.choice(("granted", "granted", "narrowed", "refused", None))
        if outcome is None:
            return
        less = ["--withhold", wanted.split(",")[0]] if outcome == "narrowed" else []
        until = [] if outcome == "refused" else self.end()
        status, made, _ = self.world.command(self.chance, "demand", "decide", str(made["id"]), "--outcome", outcome, *less, *until, "--reason", "r", "--json", *self.by())
        made = self.decided(status, made, "demand")
        if made:
            self.world.restrictions[made["id"]] = made["record_index"]

    def decide_complaint(self):
        status, out, _ = self.world.shop.run("complaint", "list")
        waiting = [line.split("\t")[0] for line in out.splitlines() if "\topen\t" in line] if status == 0 else []
        if waiting:
            self.world.command(self.chance, "complaint", "decide", self.chance.choice(waiting), self.chance.choice(("--upheld", "--rejected")), "--reason", "r", *self.by())

    def dispute(self):
        """A body out of court hears of a decision, and says something of one it has heard of."""
        body, today = "Appeals Centre", moment(self.world.clock)[:10]
        if self.world.command(self.chance, "redress", "set", "--body", body + "=https://appeals.example/")[0] != 0 or not self.world.restrictions:
            return
        about = self.chance.choice((("--restriction", self.chance.choice(list(self.world.restrictions))), ("--demand", self.chance.randint(1, 20))))
        self.world.command(self.chance, "dispute", "add", about[0], str(about[1]), "--body", body, "--submitted", today)
        status, out, _ = self.world.shop.run("dispute", "list")
        waiting = [line.split("\t")[0] for line in out.splitlines() if "\topen\t" in line] if status == 0 else []
        if waiting:
            self.world.command(self.chance, "dispute", "settle", self.chance.choice(waiting), "--outcome",
                               self.chance.choice(("confirmed", "reversed", "reversed", "partly", "none")), "--settled", today, *self.by())

    def load(self):
        """New editions join works, names and shops that restrictions are on."""
        self.world.books += 1
        isbn = isbn13(500 + self.world.books)
        title = self.chance.choice(("Wombat 1", "Wombat 2", "Wallaby %d" % self.world.books))
        feed = self.world.shop.file("more%d.xml" % self.world.books, onix(product("m" + isbn, isbn, title)))
        shop = self.chance.choice(("main", "harbour"))
        status, _, err = self.world.command(self.chance, "import", "--shop", shop, feed, points=COMMAND_POINTS)
        if status != 0:  # a second run goes on
            again = self.world.shop.run("import", "--shop", shop, feed)
            assert again[0] == 0, (err, again)
        self.world.feeds.append(feed)

    def disclose(self):
        status, made, _ = self.world.command(self.chance, "shop", "disclose", self.chance.choice(("main", "harbour")), "--owner", "Harbour plc", "--country", "US", "--json")
        if status == 0:
            self.world.indexed[made["record_index"]] = "disclosure"

    def agree(self):
        status, made, _ = self.world.command(self.chance, "agreement", "add", "--authority", "Press Office", "--country", "CN", "--from", "2026-12-01", "--text", "t", "--json")
        if status == 0:
            self.world.indexed[made["record_index"]] = "agreement"

    def court(self):
        """A court has somebody's words erased."""
        there = [v for v in list(self.world.comments.values()) if not v["gone"]]
        if there:
            thing = self.chance.choice(there)
            thing["gone"] = "tried"
            if self.world.command(self.chance, "erase", "--voice", str(thing["index"]), "--basis", "court", "--law", "Act 9")[0] == 0:
                thing["gone"] = "yes"

    def sign_lists(self):
        self.world.command(self.chance, "record", "list")


# ---- what was answered is there ----

def check_answers(world, record):
    """Whatever was acknowledged stands in the Record and in what a twin shows."""
    shown_reviews, shown_comments = {}, {}
    for work in world.works:
        offset = 0
        while True:
            page = world.shop.api("GET", "/usx/works/%d/reviews?limit=100&offset=%d" % (work, offset)).json()["reviews"]
            for r in page:
                shown_reviews[r["id"]] = r
                shown_comments.update((c["id"], {**c, "review": r["id"]}) for c in r["comments"])
            offset += len(page)
            if len(page) < 100:
                break
        check_stars(world, work)
    for things, shown in ((world.reviews, shown_reviews), (world.comments, shown_comments)):
        for ident, thing in things.items():
            under = world.reviews.get(thing.get("review"))
            if ident not in shown:
                assert thing["gone"] or (under and under["gone"]), ("lost", ident, thing)
                continue
            assert thing["gone"] != "yes", ("still there", ident, thing)
            word = shown[ident]["text"].split()[0]
            assert word in thing["words"] and shown[ident]["record_index"] == thing["index"], (ident, thing, shown[ident])
            thing["words"], thing["gone"] = {word}, False
        for ident, v in shown.items():
            if ident not in things:
                assert v["text"].split()[0] in world.tried_texts, v
    published = {e["id"]: i for i, e in enumerate(record.decisions_log) if e["type"] == "restriction"}
    for ident, index in world.restrictions.items():
        assert published.get(ident) == index, (ident, index, published.get(ident))
    for ident in world.lifted:
        assert record.restrictions[ident].lifted, ident
    for ident, r in record.restrictions.items():
        if r.lifted:
            world.lift_tried.add(ident)
    for index, kind in world.indexed.items():
        assert record.decisions_log[index]["type"] == kind, (index, kind)


def check_stars(world, work):
    histogram = world.shop.api("GET", "/usx/works/%d" % work).json()["rating"]["histogram"]
    sure, maybe = [0] * 5, [0] * 5
    for (_, of), may_be in world.stars.items():
        if of != work:
            continue
        for stars in may_be - {None}:
            (sure if len(may_be) == 1 else maybe)[stars - 1] += 1
    assert all(s <= h <= s + m for s, h, m in zip(sure, histogram, maybe)), (work, sure, histogram, maybe)


def check_submissions(world, record, times):
    """Whether new words are taken, too, follows from the Record."""
    for _ in range(times):
        who, work, storefront = world.chance.choice(world.names), world.chance.choice(world.works), world.chance.choice(("us", "cn"))
        if who in world.unsure_accounts:
            continue
        refused = record.withheld(storefront, work).get("submissions")
        stars = world.chance.randint(1, 5)
        answer = world.shop.api("PUT", "/%s/works/%d/rating" % (storefront, work), {"stars": stars}, world.tokens[who])
        if answer.status == 429:
            continue
        assert (answer.status == 200) == (refused is None), (storefront, work, answer.text, refused and refused.id)
        if refused is None:
            world.stars[who, work] = {stars}
        else:
            assert answer.json()["withheld"][0]["restriction"] == refused.id, (answer.text, refused.id)


# ---- rounds ----

def shares(actors, actions):
    """Staff do a seventh of it, by commands, which take longer; readers the rest between them."""
    few = max(actions // 7, 5)
    return [(a, few if isinstance(a, Staff) else -(-(actions - few) // (len(actors) - 1))) for a in actors]


def run_until_dead(world, actors, kill_after):
    """Everybody acts until the server dies, of itself or by our hand."""
    dead, failures = threading.Event(), []

    def go(actor, share):
        try:
            for _ in range(share):
                if dead.is_set():
                    return
                try:
                    actor.act()
                    with world.lock:
                        world.done += 1
                except Lost:
                    if world.shop.server.poll() is not None:
                        return
        except BaseException as failure:  # noqa: BLE001: told by the test's own thread
            failures.append(failure)
            dead.set()
    threads = [threading.Thread(target=go, args=(a, share)) for a, share in actors]
    for t in threads:
        t.start()
    if kill_after is not None:
        dead.wait(kill_after)
        if world.shop.server.poll() is None:
            world.shop.server.kill()
    for t in threads:
        t.join()
    if world.shop.server.poll() is None:
        world.shop.server.kill()
    status = world.shop.server.wait()
    said = world.shop.server.stderr.read().decode()
    world.shop.kill()
    if failures:
        raise failures[0]
    assert status == KILLED, (status, said)
    world.kills += 1


def all_settled(world):
    """What a killed command left is published, and the index has what it names."""
    shop = world.shop
    shop.until(lambda: all(r["state"] != "pending" and not r.get("lift_pending") for r in shop.api("GET", "/restrictions").json()["restrictions"]),
               "what was killed in the middle")
    here = replay.isbns_of(world.feeds)
    shop.until(lambda: shop.api("GET", "/usx/search?q=&limit=1").json()["total"] == len(here), "the index", 30)


def prepare(shop, world):
    shop.ok("storefront", "add", "usx", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "USD")
    shop.ok("storefront", "add", "cnx", "--unresearched", "sell", "--country", "CN", "--language", "zh-Hans", "--language", "en", "--currency", "CNY")
    shop.ok("shop", "add", "harbour", "--name", "Harbour")
    books = [product("b%d" % i, isbn13(i), "Wombat %d" % (i // 2), amount="%d.50" % (i + 3)) for i in range(16)]
    first, second = shop.file("first.xml", onix(*books)), shop.file("second.xml", onix(*books[10:], *[product("s%d" % i, isbn13(i), "Koala %d" % i) for i in range(16, 20)]))
    shop.ok("import", "--shop", "main", first)
    shop.ok("import", "--shop", "harbour", second)
    world.feeds += [first, second]
    for name, part in zip(COLLECTIONS, (range(0, 9), range(6, 20))):
        shop.ok("collection", "add", name, "--name", name.title(), "--isbn", shop.file(name, "".join(isbn13(i) + "\n" for i in part)))


def learn(world):
    shop = world.shop
    for name in world.names:
        made = shop.api("POST", "/accounts", {"email": name + "@example.org", "password": SECRET, "name": name})
        assert made.status == 201, made.text
    world.sign_in()
    world.isbns = replay.isbns_of(world.feeds)
    editions = [shop.edition(i) for i in world.isbns]
    world.works = sorted({e["work"]["id"] for e in editions})[-24:]
    world.contributors = sorted({c["id"] for e in editions for c in e["contributors"] if c["id"]})[-4:]


def rounds(actions, kills, seed, readers=6):
    begun = time.time()
    with MemoryShop(samples=False) as shop:
        world = World(shop, seed, readers)
        prepare(shop, world)
        world.serve()
        learn(world)
        names = world.names
        actors = [Reader(world, names[i::3], seed * 10 + i) for i in range(3)] + [Staff(world, seed * 10 + 3)]
        chance, compared = world.chance, 0
        for n in range(kills):
            if n == kills // 2:  # from here on two decide
                for name in ("one", "two", "three"):
                    shop.ok("account", "add", name + "@example.org", "--role", "operator", "--password-stdin", stdin=SECRET.encode() + b"\n")
                    world.operators.append(name + "@example.org")
            share = -(-(actions - world.done) // (kills - n))
            armed = chance.random() < 0.5
            if n % 8 == 7:
                world.sign_in()
            shop.stop()
            world.clock += chance.choice((0, 1, HOUR, 5 * HOUR, 17 * HOUR, 40 * HOUR))
            if not world.serve("%s:%d" % (chance.choice(SERVER_POINTS), chance.randint(1, max(2, share // 8))) if armed else None):
                world.serve()
            run_until_dead(world, shares(actors, share), None if armed else chance.random() * share / 60)
            world.serve()
            all_settled(world)
            if readers == 6 or n % 4 == 3 or n == kills - 1:
                print("%d s: %d kills, %d actions" % (time.time() - begun, world.kills, world.done), file=sys.stderr)
                record = replay.compare(shop.url, TWINS, world.feeds, COLLECTIONS, world.clock)
                compared += 1
                check_answers(world, record)
                check_submissions(world, record, 5)
        lacking = lambda: min(record.kinds[k] for k in EVERY_KIND) == 0
        # Kills came before their share was done, or chance left a kind out.
        while world.done < actions or (lacking() and world.done < 3 * actions):
            run_until_dead(world, shares(actors, min(500, max(60, actions - world.done))), None)
            world.serve()
            all_settled(world)
            record = replay.compare(shop.url, TWINS, world.feeds, COLLECTIONS, world.clock)
            check_answers(world, record)
        assert world.kills >= kills and not lacking(), record.kinds
        status, out, err = shop.audit("--all")
        assert status == 0, out + err
        shop.stop()
        shop.ok("record", "verify")
        print("seed %d: %d actions, %d kills, %d comparisons; %d decisions (%s), %d voices, %d restrictions, %d in effect at the end; %d s" % (
            seed, world.done, world.kills, compared, len(record.decisions_log), ", ".join("%d %s" % (c, k) for k, c in sorted(record.kinds.items())),
            len(record.voices), len(record.restrictions), len(record.active), time.time() - begun), file=sys.stderr)


def test_the_site_serves_what_the_record_says():
    seed = 20261130
    print("seed %d" % seed)
    rounds(240, 4, seed)


def test_as_much_as_is_asked_for():
    if "COLOPHON_REPLAY" not in os.environ:
        raise Skipped("COLOPHON_REPLAY=ACTIONS,KILLS,SEED is not set")
    rounds(*(int(n) for n in os.environ["COLOPHON_REPLAY"].split(",")), readers=24)


if __name__ == "__main__":  # without the runner's limit of time
    test_as_much_as_is_asked_for()
