"""What only a database with processes of its own does."""
import glob
import os
import re
import subprocess
import threading
import time

from postgres import OWNER, READER, WRITER, Cluster, as_role, make_database, psql
from shop import COLOPHON, EMMA, ROOT, SAMPLES, Shop, Skipped, onix, product
from test_operations import fetch, free_port, read_metrics

OWN_POSTGRES = True  # each test has a PostgreSQL of its own, on whatever engine the run is


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
        of.halt()
        shop.until(lambda: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 2}, token).status in (500, 503), "a refusal")
        time.sleep(1)  # the index looks into the change feed several times a second
        of.start()
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
        of.halt()
        shop.ok("restriction", "lift", "7", "--reason", "KEPT")
        status, _, err = shop.run("restore", copy)
        with open(os.path.join(shop.dir, "lifts.journal"), "rb") as f:
            assert b"KEPT" in f.read()
        assert status == 1 and "already" in err, err
        assert not os.path.exists(os.path.join(shop.dir, "colophon.db"))
        of.start()


def refused(url, statement):
    """What the database says to this role; a failure where it does as told."""
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement], capture_output=True)
    assert done.returncode != 0, (statement, done.stdout)
    said = done.stderr.decode()
    assert "permission denied" in said or "read-only" in said, (statement, said)


def undoing_the_last_migration():
    """Of one that makes tables, views, columns and indexes, and drops indexes."""
    before = ""
    for path in sorted(glob.glob(os.path.join(ROOT, "src", "store", "sql", "migrations", "*.sql"))):
        with open(path, encoding="utf-8") as f:
            last = f.read()
        before += last
    before, sql = before[:len(before) - len(last)], last
    for view in re.findall(r"CREATE VIEW (\w+)", sql):
        yield "DROP VIEW %s CASCADE" % view
    for index in re.findall(r"CREATE (?:UNIQUE )?INDEX (\w+)", sql):
        yield "DROP INDEX IF EXISTS %s" % index
    for table, column in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", sql):
        yield "ALTER TABLE %s DROP COLUMN %s CASCADE" % (table, column)
    for table in re.findall(r"CREATE TABLE (\w+)", sql):
        yield "DROP TABLE %s CASCADE" % table
    for index in re.findall(r"DROP INDEX (\w+)", sql):
        yield re.findall(r"CREATE (?:UNIQUE )?INDEX %s ON [^;]*" % index, before)[-1]


def test_each_role_can_do_its_duty_alone():
    """The owner is no superuser; the writer makes no table; the reader sees what pages are made of."""
    of = cluster()
    made = make_database(of.url)
    psql(of.url, "ALTER DATABASE %s OWNER TO %s" % (made.rsplit("/", 1)[1], OWNER))
    owner, writer, reader = (as_role(made, role) for role in (OWNER, WRITER, READER))
    with Shop(database=None, samples=False) as shop:
        shop.dir = os.path.join(shop.base, "roles")
        shop.ok("init", "--origin", "roles.example", "--database", owner)
        for wrong in (("--owner", owner, "--writer", owner, "--reader", reader), ("--owner", owner, "--writer", writer, "--reader", writer),
                      ("--owner", owner, "--writer", made, "--reader", reader), ("--owner", owner, "--writer", writer, "--reader", of.url),
                      ("--owner", writer, "--writer", owner, "--reader", reader), ("--owner", owner)):
            assert shop.run("database", "grant", *wrong)[0] == 1, wrong
        shop.ok("database", "grant", "--owner", owner, "--writer", writer, "--reader", reader)
        with open(os.path.join(shop.dir, "database"), encoding="utf-8") as f:
            assert f.read().split() == [writer, "reader", reader]
        assert os.stat(os.path.join(shop.dir, "database")).st_mode & 0o777 == 0o600
        shop.ok("storefront", "add", "us", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "USD")
        shop.ok("shop", "add", "main", "--name", "Riverside")
        shop.ok("import", "--shop", "main", os.path.join(SAMPLES, "classics.xml"))
        shop.serve()
        token, work = shop.reader("ann"), shop.work(EMMA)
        review = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "t", "text": "TAKENBACK", "language": "en", "stars": 4}, token).json()
        shop.api("POST", "/us/works/%d/reviews" % work, {"title": "t", "text": "STANDS", "language": "en", "stars": 4}, shop.reader("bob"))
        remark = shop.api("POST", "/reviews/%d/comments" % review["id"], {"text": "REMARK"}, token).json()
        assert shop.api("DELETE", "/comments/%d" % remark["id"], None, token).status in (200, 204)
        assert shop.api("DELETE", "/reviews/%d" % review["id"], None, token).status in (200, 204)
        made_one = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")
        assert made_one["record_index"] >= 0 and shop.audit("--all")[0] == 0
        psql(owner, "UPDATE comment SET state = 'erased' WHERE text = 'REMARK'")
        used = psql(made, "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'colophon'")
        assert set(used.split()) == {WRITER, READER}
        # All that the reader can look at.
        seen = psql(reader, "SELECT table_schema || '.' || table_name FROM information_schema.table_privileges"
                            " WHERE grantee = '%s' AND table_schema IN ('public', 'gate')" % READER).split()
        assert "gate.review" in seen and all(name.startswith("gate.") for name in seen), seen
        # Of purchases no more than what pages say: who bought what is nobody's to look up.
        assert {"gate.bought_review", "gate.awaited_book"} <= set(seen) and not {"gate.purchase", "gate.sales_order", "gate.sales_line"} & set(seen), seen
        all_of_it = "".join(psql(reader, "SELECT * FROM " + name) for name in seen)
        assert "STANDS" in all_of_it and "TAKENBACK" not in all_of_it and "REMARK" not in all_of_it
        assert "$argon2id" not in all_of_it and token not in all_of_it
        for salted in ("review", "comment", "rating", "entry_text"):
            refused(reader, "SELECT salt FROM public." + salted)
        for statement in ("SELECT password FROM public.account", "SELECT * FROM public.review", "SELECT * FROM public.session",
                          "CREATE TABLE public.own (a int)", "CREATE TABLE gate.own (a int)", "CREATE TEMP TABLE own (a int)",
                          "CREATE SCHEMA own", "UPDATE gate.review SET language = 'x'", "DELETE FROM gate.session", "INSERT INTO public.change VALUES (1, 'edition', 1)",
                          "SET ROLE " + WRITER, "SET ROLE " + OWNER):
            refused(reader, "SET default_transaction_read_only = off; " + statement)
        for statement in ("DELETE FROM trail", "UPDATE trail SET who = ''", "CREATE TABLE public.own (a int)", "CREATE TEMP TABLE own (a int)", "CREATE SCHEMA own",
                          "UPDATE migration SET checksum = ''", "SET ROLE " + OWNER):
            refused(writer, statement)
        for statement in ("DROP TABLE public.rating", "ALTER TABLE public.rating ADD own int", "DROP VIEW gate.review"):
            done = subprocess.run(["psql", "-X", "-d", writer, "-c", statement], capture_output=True)
            assert b"must be owner" in done.stderr or b"permission denied" in done.stderr, done
        # An upgrade: what is missing is the owner's to make, by the same command.
        # (What the last migration made is undone by hand.)
        psql(owner, "DELETE FROM migration WHERE number = (SELECT MAX(number) FROM migration)", *undoing_the_last_migration())
        status, _, err = shop.run("shop", "add", "late", "--name", "Late")
        assert status == 1 and "database grant" in err, err
        shop.ok("database", "grant", "--owner", owner)
        shop.ok("shop", "add", "late", "--name", "Late")
        shop.stop()


def test_without_a_database_pages_that_are_kept_go_on_and_lifts_work():
    of = cluster()
    with Shop(database=of.url) as shop:
        shop.serve()
        made = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        page, hidden = "/us/books/" + EMMA, "/cn/books/" + EMMA
        assert shop.get(page).status == 200 and shop.get(hidden).status == 451
        of.halt()
        for _ in range(3):
            time.sleep(0.5)  # the server looks for news several times a second
            assert shop.get(page).status == 200
        assert shop.get("/us/books/9780000050014").status == 503
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Over.")
        # It cannot be made without the database, but withheld it is no longer.
        assert shop.get(hidden).status == 503
        of.start()
        shop.until(lambda: shop.get(hidden).status == 200, "the page", seconds=20)
        shop.until(lambda: shop.api("GET", "/restrictions").json()["restrictions"][0]["state"] == "lifted", "the entry", seconds=20)
        assert shop.audit()[0] == 0


def test_pages_are_read_from_a_replica():
    """Who is not signed in reads there; what is withheld is the gate's to say, whatever the
    replica has heard of; without either of the two, the other is read."""
    of = cluster()
    copy = of.replica()
    with Shop(database=of.url) as shop:
        name = shop.database.rsplit("/", 1)[1]
        owner, writer, reader = shop.database, as_role(shop.database, WRITER), as_role(shop.database, READER)
        shop.ok("database", "grant", "--owner", owner, "--writer", writer, "--reader", reader)
        replica = as_role(copy.url, READER).rsplit("/", 1)[0] + "/" + name

        def caught_up():
            return psql(copy.url, "SELECT pg_last_wal_replay_lsn() >= '%s'" % psql(of.url, "SELECT pg_current_wal_lsn()").strip()) == "t\n"

        def metric(what):
            return read_metrics(fetch(port, "/metrics")[2])["colophon_" + what, ""]

        def reads():
            return metric("replica_reads_total")

        assert shop.run("serve", "--listen", "127.0.0.1:0", "--replica", "nonsense")[0] == 1
        port = free_port()
        shop.serve("--replica", replica, "--metrics-listen", "127.0.0.1:%d" % port)
        token, work = shop.reader("ann"), shop.work(EMMA)
        shop.api("POST", "/us/works/%d/reviews" % work, {"title": "t", "text": "SEEN", "language": "en", "stars": 4}, token)
        shop.until(caught_up, "the replica")
        before = reads()
        assert "SEEN" in shop.get("/us/books/" + EMMA).text and reads() > before
        who = psql(copy.url, "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'colophon'")
        assert who == READER + "\n", who
        before = reads()
        assert shop.api("GET", "/us/editions/" + EMMA, token=token).status == 200 and reads() == before  # a session is the database's

        # What is published shows at once, though the replica has not heard of it.
        psql(copy.url, "SELECT pg_wal_replay_pause()")
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")
        page = shop.get("/us/books/" + EMMA).text
        assert "SEEN" not in page and 'data-restriction="%d"' % made["id"] in page
        other = shop.reader("bob")
        assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 2}, other).status == 200
        assert sum(shop.edition(EMMA)["rating"]["histogram"]) == 2
        assert metric("replica_behind_total") > 0 and metric("replica_lag_changes") > 0

        # The database is away, and the replica behind: better than nothing, and not kept.
        of.halt()
        page = shop.get("/cn/books/" + EMMA)
        assert page.status == 200 and "SEEN" in page.text
        page = shop.get("/us/books/" + EMMA).text
        assert "SEEN" not in page and 'data-restriction="%d"' % made["id"] in page  # the gate knows
        of.start()
        psql(copy.url, "SELECT pg_wal_replay_resume()")
        shop.until(lambda: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 3}, other).status == 200, "the database", 20)
        assert sorted(shop.edition(EMMA, "cn")["rating"]["histogram"]) == [0, 0, 0, 1, 1]

        # The replica is away.
        copy.halt()
        for storefront in ("us", "cn"):
            assert shop.get("/%s/books/%s" % (storefront, EMMA)).status == 200
            assert shop.edition(EMMA, storefront)["rating"]["histogram"] == [0, 0, 1, 1, 0]
        assert metric("replica_failures_total") > 0
        assert shop.audit("--all")[0] == 0
        copy.start()
        before = reads()
        shop.until(lambda: shop.get("/us/books/" + EMMA + "?again=%d" % time.time_ns()).status == 200 and reads() > before, "the replica again")
