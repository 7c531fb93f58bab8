"""Several nodes on one database: each shows what any of them was told, one of them
signs, and no failure makes a fork."""
import concurrent.futures
import os
import shutil
import signal

from postgres import Cluster
from shop import COLOPHON, EMMA, POSTGRES, Node, Shop, Skipped, onix, product, run
from watcher import Watcher, Writing, accepted


# The same on both engines: once is enough.
OWN_POSTGRES = True


def cluster_url():
    if POSTGRES:
        return POSTGRES
    try:
        of = Cluster()
    except FileNotFoundError as absent:
        raise Skipped(str(absent)) from None
    cluster_url.kept = of  # it ends with the process
    return of.url


def leader_of(shop):
    return shop.look("SELECT holder || ' ' || term FROM lease")


def rate(shop, work, stars, token):
    return shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, token).status


def withheld(shop, storefront="us"):
    return {w["feature"] for w in shop.edition(EMMA, storefront).get("withheld", [])}


def test_what_one_node_is_told_every_node_shows():
    with Shop(database=cluster_url()) as one, Node(one, "two") as two, Node(one, "three", key=False) as three:
        nodes = [one, two, three]
        for node in nodes:
            node.serve()
        with Watcher(*nodes) as watcher:
            token, work = two.reader("ann"), one.work(EMMA)
            # A node that does not sign answers only once another has.
            assert rate(two, work, 4, token) == 200 and rate(three, work, 5, token) == 200
            assert three.edition(EMMA)["rating"]["histogram"] == [0, 0, 0, 0, 1]
            for node in nodes:
                node.until(lambda: node.edition(EMMA)["rating"]["histogram"] == [0, 0, 0, 0, 1], "the rating on each node")
            made = three.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
            for node in nodes:
                node.until(lambda: withheld(node) == {"ratings"}, "the restriction on each node")
            assert 'data-restriction="%d"' % made["id"] in one.get("/us/books/" + EMMA).text
            one.ok("restriction", "lift", str(made["id"]), "--reason", "Over.")
            for node in nodes:
                node.until(lambda: withheld(node) == set(), "the lift on each node")
            assert two.import_feed(two.file("n.xml", onix(product("new", "9780010000016", "Zebra crossings"))))[0] == 0
            for node in nodes:
                node.until(lambda: node.api("GET", "/us/search?q=zebra").json()["total"] == 1, "the new title on each node")
                assert "Zebra crossings" in node.get("/us/books/9780010000016").text
        watcher.check(three)
        # Tiles are the same bytes wherever they are asked for, key or no key.
        def the_same():
            for path in ["/record/checkpoint", "/record/voices/checkpoint", "/record/tile/0/000.p/1", "/record/tile/entries/000.p/1"]:
                assert one.get(path).body == two.get(path).body == three.get(path).body, path
        one.at_one_head(the_same)
        for node in nodes:
            status, out, err = node.audit()
            assert status == 0, out + err


def test_the_next_node_takes_over_and_nothing_acknowledged_is_lost():
    """The node that signs is killed, again and again, under writes to the other."""
    with Shop(database=cluster_url()) as one, Node(one, "two") as two:
        one.serve()
        two.serve()
        work = one.work(EMMA)
        with Watcher(one, two) as watcher, Writing(one, one.reader("ann"), work) as ann, Writing(two, two.reader("bob"), work) as bob:
            of = {one: ann, two: bob}
            for dying, other in [(one, two), (two, one), (one, two)]:
                before = of[other].given
                dying.until(lambda: of[dying].given > 0, "a rating")
                dying.kill()
                # Whichever of the two had the lead, the one that is left has it now.
                other.until(lambda: of[other].given > before + 3, "ratings after the other node's end", seconds=20)
                dying.serve()
        watcher.check(one)
        assert accepted(one) >= ann.given + bob.given
        for node in (one, two):
            status, out, err = node.audit()
            assert status == 0, out + err


def test_a_node_that_was_taken_for_dead_signs_nothing():
    """Stopped in its tracks, it wakes up when another leads."""
    with Shop(database=cluster_url()) as one, Node(one, "two") as two:
        one.serve()
        token, work = one.reader("ann"), one.work(EMMA)
        assert rate(one, work, 1, token) == 200
        first = leader_of(one)
        two.serve()
        with Watcher(two) as watcher:
            one.server.send_signal(signal.SIGSTOP)
            try:
                two.until(lambda: leader_of(one) != first and rate(two, work, 2, token) == 200, "the other to lead", seconds=20)
                second = leader_of(one)
            finally:
                one.server.send_signal(signal.SIGCONT)
            assert rate(one, work, 3, token) == 200  # it leaves the signing to the other
            assert leader_of(one) == second
            watcher.look(one)
        watcher.check(one)
        assert one.edition(EMMA)["rating"]["histogram"] == [0, 0, 1, 0, 0]
        two.stop()  # in good order: the lead is given back, and taken at once
        assert rate(one, work, 4, token) == 200
        assert one.audit()[0] == 0


def test_what_is_left_to_another_node_has_no_effect_before_its_entry():
    with Shop(database=cluster_url()) as one, Node(one, "two", key=False) as two:
        one.serve()
        two.serve()
        token, work = two.reader("ann"), two.work(EMMA)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            one.server.send_signal(signal.SIGSTOP)
            try:
                answer = pool.submit(rate, two, work, 2, token)
                two.until(lambda: one.look("SELECT COUNT(*) FROM entry WHERE idx IS NULL AND log = 1") != "0", "an entry that waits")
                assert one.look("SELECT COUNT(*) FROM rating") == "0" and not answer.done()
            finally:
                one.server.send_signal(signal.SIGCONT)
            assert answer.result() == 200
        for node in one, two:
            node.until(lambda: node.edition(EMMA)["rating"]["count"] == 1, "the stars")
        assert one.audit()[0] == 0


def test_without_a_node_that_can_sign_nothing_is_withheld_and_lifts_work():
    with Shop(database=cluster_url()) as one, Node(one, "two", key=False) as two:
        one.serve()
        two.serve()
        token, work = two.reader("ann"), two.work(EMMA)
        made = two.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")
        one.stop()
        two.until(lambda: rate(two, work, 2, token) == 503, "a refusal", seconds=20)
        assert two.edition(EMMA)["rating"]["count"] == 0
        assert two.run("restriction", "add", "--reason", "r", "--until", "2099-12-31", "--ground", "terms", "--legal-basis", "Terms, § 3", "--storefront", "us",
                       "--edition", EMMA, "--withhold", "ratings")[0] != 0
        assert withheld(two) == {"reviews"}
        two.ok("restriction", "lift", str(made["id"]), "--reason", "Over.")
        two.until(lambda: withheld(two) == set(), "the lift")
        status, out, err = two.audit()
        assert status == 0, out + err
        # Another node knows of it before anybody signs it.
        with Node(one, "three", key=False) as three:
            three.serve()
            assert withheld(three) == set()
        one.serve()
        assert withheld(one) == set()
        one.until(lambda: [r["state"] for r in one.api("GET", "/restrictions").json()["restrictions"]] == ["lifted"]
                  and not one.api("GET", "/restrictions").json()["restrictions"][0].get("lift_pending"), "the entry")
        assert rate(two, work, 2, token) == 200 and one.audit()[0] == 0


def test_a_clock_that_is_wrong_signs_nothing():
    library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
    with open(COLOPHON, "rb") as f:
        if b"libasan" in f.read():
            raise Skipped("a sanitizer and another clock do not go together")
    if not os.path.exists(library) or shutil.which("faketime") is None:
        raise Skipped("faketime is absent")
    with Shop(database=cluster_url()) as one, Node(one, "two") as two:
        one.serve()
        token, work = one.reader("ann"), one.work(EMMA)
        one.stop()
        two.serve(env={"LD_PRELOAD": library, "FAKETIME": "+3600s", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                       "FAKETIME_FORCE_MONOTONIC_FIX": "0"})  # without, waiting with a limit does not wait
        answer = two.api("PUT", "/us/works/%d/rating" % work, {"stars": 3}, token)
        assert answer.status == 503 and "clock" in answer.text, answer.text
        one.serve()
        assert rate(one, work, 3, token) == 200 and rate(two, work, 4, token) == 200
        assert one.audit()[0] == 0


def test_joining_says_what_is_wrong():
    with Shop(samples=False, database=cluster_url()) as one:
        folder = os.path.join(one.base, "two")
        for arguments, word in [(["--database", "sqlite"], "postgresql://"), (["--database", one.database + "x"], "database"), ([], "--database")]:
            status, _, err = run("-d", folder, "join", *arguments)
            assert status != 0 and word in err, (arguments, err)
        two = Node(one, "two", key=False)
        assert run("-d", two.dir, "join", "--database", one.database)[0] == 0  # again changes nothing
        assert not os.path.exists(os.path.join(two.dir, "key"))
        assert two.ok("record", "vkey") == one.ok("record", "vkey")
