"""What only a database with processes of its own does."""
import os
import subprocess
import threading
import time

from postgres import Cluster
from shop import COLOPHON, EMMA, Shop, Skipped, onix, product


def cluster():
    try:
        return Cluster()
    except FileNotFoundError as absent:
        raise Skipped(str(absent)) from None


def test_every_statement_is_taken_and_answers_in_types_that_are_read():
    """The unit test of the statements, with the database it is skipped without."""
    program = os.path.join(os.path.dirname(COLOPHON), "tests", "unit", "test_statements")
    if not os.path.exists(program):
        raise Skipped("the unit tests are not built beside the program")
    done = subprocess.run([program], capture_output=True, env={**os.environ, "COLOPHON_TEST_POSTGRES": cluster().url})
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0 and "SKIPPED" not in said, said


def test_the_database_goes_away_and_comes_back():
    """Reading, searching and writing go on with it, and nothing has to be started again."""
    of = cluster()
    with Shop(database=of.url) as shop:
        shop.serve()
        token = shop.reader("ann")
        work, found = shop.work(EMMA), [True]
        ended = threading.Event()

        def search():
            while not ended.is_set():
                found.append(shop.get("/us/search?q=austen&page=%d" % (len(found) % 3 + 1)).status == 200)

        searching = [threading.Thread(target=search) for _ in range(3)]
        for thread in searching:
            thread.start()
        of.call("pg_ctl", "-D", of.data, "-w", "-m", "fast", "stop")
        shop.until(lambda: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 2}, token).status in (500, 503), "a refusal")
        time.sleep(1)  # the index looks into the change feed several times a second
        of.call("pg_ctl", "-D", of.data, "-w", "-l", os.path.join(of.dir, "log"), "start")
        shop.until(lambda: found[-1] and found[-2], "searching", seconds=20)
        assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 3}, token).status == 200
        assert shop.edition(EMMA)["rating"]["histogram"] == [0, 0, 1, 0, 0]
        assert shop.import_feed(shop.file("n.xml", onix(product("new", "9780010000016", "Zebra crossings"))))[0] == 0
        shop.until(lambda: shop.api("GET", "/us/search?q=zebra").json()["total"] == 1, "the new title")
        ended.set()
        for thread in searching:
            thread.join()
        assert shop.audit()[0] == 0


def test_restoring_beside_another_database_is_refused():
    """A folder whose shop is elsewhere is no empty one: its waiting lifts stay."""
    of = cluster()
    with Shop(database=of.url, samples=False) as shop:
        copy = os.path.join(shop.base, "copy.db")
        shop.ok("backup", copy)
        of.call("pg_ctl", "-D", of.data, "-w", "-m", "fast", "stop")
        shop.ok("restriction", "lift", "7", "--reason", "KEPT")
        status, _, err = shop.run("restore", copy)
        with open(os.path.join(shop.dir, "lifts.journal"), "rb") as f:
            assert b"KEPT" in f.read()
        assert status == 1 and "already" in err, err
        assert not os.path.exists(os.path.join(shop.dir, "colophon.db"))
        of.call("pg_ctl", "-D", of.data, "-w", "-l", os.path.join(of.dir, "log"), "start")
