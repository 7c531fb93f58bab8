"""A queue that is full, and clocks that jump: nothing has an effect without its entry, nothing ends twice."""
import http.client
import json
import os
import shutil
import threading
import time

import replay
from shop import COLOPHON, EMMA, Shop, Skipped
from test_watch import Monitor
from watcher import Watcher, entries

OTHERS = True  # see run.py

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
HOUR = 3600


# ---- a full queue ----

def test_a_full_queue_refuses_and_logs_what_it_takes():
    """Many write at once where few may wait: each is answered by its entry, or 503 and has none."""
    with Shop() as shop:
        shop.serve(env={"COLOPHON_QUEUE": "2"})
        work = shop.work(EMMA)
        readers = [shop.reader("reader%d" % i) for i in range(8)]
        made = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "t", "text": "x", "language": "en"}, readers[0]).json()
        path, answers, lock = "/api/v1/reviews/%d/comments" % made["id"], [], threading.Lock()

        def write(n):
            """On one connection, one after the other."""
            connection = http.client.HTTPConnection(shop.host, shop.port, timeout=60)
            for i in range(7):
                body = json.dumps({"text": "remark %d of %d" % (i, n)})
                connection.request("POST", path, body, {"Content-Type": "application/json", "Authorization": "Bearer " + readers[n % 8]})
                answer = connection.getresponse()
                text = answer.read()
                with lock:
                    answers.append((answer.status, answer.headers["Retry-After"], json.loads(text)))
            connection.close()
        threads = [threading.Thread(target=write, args=(n,)) for n in range(64)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        taken = [a for s, _, a in answers if s == 201]
        refused = [(retry, a) for s, retry, a in answers if s != 201]
        assert {s for s, _, _ in answers} <= {201, 503}, {s for s, _, _ in answers}
        assert taken and refused, (len(taken), len(refused))
        assert all(retry and int(retry) > 0 and a["refusal"] for retry, a in refused), refused[:3]
        voices = [json.loads(e) for e in entries(shop, "/record/voices")]
        accepted = [i for i, e in enumerate(voices) if e["type"] == "accepted" and e["kind"] == "comment"]
        assert sorted(a["record_index"] for a in taken) == accepted, (len(taken), len(accepted))
        assert shop.api("GET", "/us/works/%d" % work).json()["voices"]["comments"]["shown"] == len(taken)
        # A restriction finds room by itself: its command waits, and so does a lift.
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "comments")
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Over.")
        status, out, err = shop.audit()
        assert status == 0, out + err


# ---- clocks that jump ----

class Clock:
    """The time of a shop's processes, set while they run."""

    def __init__(self, shop):
        with open(COLOPHON, "rb") as f:
            if b"libasan" in f.read():
                raise Skipped("a sanitizer and another clock do not go together")
        if not os.path.exists(FAKETIME) or shutil.which("faketime") is None:
            raise Skipped("faketime is absent")
        self.path = shop.file("faketime", "+0")
        shop.env.update({"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": self.path, "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                         "FAKETIME_FORCE_MONOTONIC_FIX": "0"})  # without, waiting with a limit does not wait
        self.ahead = 0

    def jump(self, seconds):
        self.ahead += seconds
        with open(self.path + ".new", "w", encoding="ascii") as f:
            f.write("%+d" % self.ahead)
        os.rename(self.path + ".new", self.path)

    def now(self):
        return int(time.time()) + self.ahead

    def moment(self, after):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now() + after))


def states(shop, clock):
    """Of all restrictions, as the Record alone has them and as the shop says."""
    web = replay.Web(shop.url)
    record = replay.Replay(web, clock.now())
    web.close()
    due = {i: r.state(record.now) for i, r in record.restrictions.items()}
    said = {r["id"]: r["state"] for r in shop.api("GET", "/restrictions").json()["restrictions"]}
    shown = {w["restriction"] for w in shop.edition(EMMA)["withheld"]}
    assert shown <= {i for i, s in said.items() if s == "in effect"}
    return due, said


def settled(shop, clock, due):
    seen = []
    try:
        shop.until(lambda: seen.append(states(shop, clock)) or seen[-1][0] == seen[-1][1] == due, "what time makes of it")
    except AssertionError as late:
        raise AssertionError("due %s, by the Record and served %s" % (due, seen[-1])) from late


def withhold(shop, clock, begins, ends, feature):
    out = shop.ok("restriction", "add", "--ground", "terms", "--legal-basis", "Terms, § 3", "--reason", "r", "--storefront", "us", "--edition", EMMA, "--withhold", feature, "--json",
                  *([] if begins is None else ["--from", clock.moment(begins)]), "--until", clock.moment(ends))
    return json.loads(out)["id"]


def test_a_clock_that_jumps_while_the_shop_is_served():
    """Forward, and back: what ended stays ended, the time of entries never goes back, the log does not fork."""
    with Shop(database=False) as shop, Watcher() as watcher:
        clock = Clock(shop)
        shop.serve()
        watcher.shops = (shop,)
        token, work = shop.reader("ann"), shop.work(EMMA)

        def rate(stars):
            assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, token).status == 200
        short, long = withhold(shop, clock, None, HOUR, "ratings"), withhold(shop, clock, None, 9 * HOUR, "reviews")
        later = withhold(shop, clock, 2 * HOUR, 9 * HOUR, "comments")
        settled(shop, clock, {short: "in effect", long: "in effect", later: "scheduled"})
        rate(1)
        clock.jump(3 * HOUR)
        settled(shop, clock, {short: "expired", long: "in effect", later: "in effect"})
        rate(2)  # with an entry of that time, which nothing goes back behind
        shop.ok("shop", "disclose", "main", "--owner", "Riverside Books Ltd")
        clock.jump(-4 * HOUR)
        rate(3)
        settled(shop, clock, {short: "expired", long: "in effect", later: "in effect"})
        new = withhold(shop, clock, None, 5 * HOUR, "sale")
        shop.ok("restriction", "lift", str(long), "--reason", "Over.")
        settled(shop, clock, {short: "expired", long: "lifted", later: "in effect", new: "in effect"})
        # Started anew with the clock still back, and once more with it right.
        shop.stop()
        shop.serve()
        rate(4)
        settled(shop, clock, {short: "expired", long: "lifted", later: "in effect", new: "in effect"})
        clock.jump(2 * HOUR)
        settled(shop, clock, {short: "expired", long: "lifted", later: "in effect", new: "in effect"})
        shop.ok("record", "verify")
        watcher.shops = ()
        watcher.check(shop)


def test_a_monitor_tells_of_a_clock_that_went_back():
    """An entry of a time before its neighbours, or of a time to come, is an alarm; lifting goes on."""
    with Shop(database=False) as shop:
        clock = Clock(shop)
        shop.serve()
        monitor = Monitor(shop, "clock")
        made = withhold(shop, clock, None, 9 * HOUR, "ratings")
        monitor.quiet()
        clock.jump(-3 * HOUR)
        shop.ok("restriction", "lift", str(made), "--reason", "Over.")
        withhold(shop, clock, None, 9 * HOUR, "reviews")
        assert shop.edition(EMMA)["withheld"][0]["feature"] == "reviews"
        said = monitor.round()
        assert "back-dated (threat 5): entry" in said and "(restriction)" in said, said
