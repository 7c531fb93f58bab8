"""Moving a living shop to PostgreSQL and back."""
import os
import subprocess

from postgres import Cluster, drop_database, make_database, psql
from shop import COLOPHON, EMMA, POSTGRES, Shop, Skipped, run
from test_restrictions import with_voices


def target():
    """A database to move to: of the run's PostgreSQL, or of one for this test."""
    try:
        return make_database(POSTGRES or Cluster().url)
    except FileNotFoundError as absent:
        raise Skipped(str(absent)) from None


def move(shop, to, **keywords):
    return run("move", "--from", shop.dir, "--to", to, **keywords)


def everything(shop):
    return (shop.edition(EMMA), shop.edition(EMMA, "cn"), shop.get("/record/checkpoint").text.split("\n")[0],
            shop.api("GET", "/restrictions").json(), shop.api("GET", "/us/search?q=austen&limit=50").json())


def test_there_and_back():
    url = target()
    with Shop(database=False) as shop:
        shop.serve()
        with_voices(shop)
        shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "reviews")
        before = everything(shop)
        shop.stop()
        status, out, err = move(shop, url)
        assert status == 0, err
        assert "edition\t162\t" in out
        assert int(psql(url, "SELECT COUNT(*) FROM edition")) == 162
        shop.serve()
        assert everything(shop) == before
        assert shop.audit("--all")[0] == 0, shop.audit("--all")
        token = shop.reader("later")
        assert shop.api("PUT", "/us/works/%d/rating" % shop.work(EMMA), {"stars": 4}, token).status == 200
        changed = everything(shop)
        shop.stop()
        status, out, err = move(shop, "sqlite")
        assert status == 0, err
        shop.serve()
        assert everything(shop) == changed
        assert shop.audit("--all")[0] == 0, shop.audit("--all")
        shop.stop()
        # What was left behind cannot be written to by whoever still has it.
        left = os.path.join(shop.base, "left")
        os.mkdir(left)
        os.rename(os.path.join(shop.dir, "colophon.db.moved"), os.path.join(left, "colophon.db"))
        status, _, err = run("-d", left, "shop", "add", "late", "--name", "Late")
        assert status == 1 and "moved" in err, err
    drop_database(url)


def test_while_it_is_served_and_stopped_half_way():
    url = target()
    with Shop(database=False) as shop:
        shop.serve()
        mover = subprocess.Popen([COLOPHON, "move", "--from", shop.dir, "--to", url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert b"stop `colophon serve`" in mover.stderr.readline()
        # The shop goes on meanwhile.
        token = shop.reader("ann")
        assert shop.api("PUT", "/us/works/%d/rating" % shop.work(EMMA), {"stars": 5}, token).status == 200
        mover.terminate()
        assert mover.wait(10) == 1 and b"goes on" in mover.stderr.read()
        assert shop.edition(EMMA)["rating"]["count"] == 1
        shop.stop()
        for point in ("move-verified", "move-marked"):
            assert move(shop, url, env={"COLOPHON_CRASH": point})[0] < 0
        assert move(shop, url)[0] == 0
        shop.serve()
        assert shop.edition(EMMA)["rating"]["count"] == 1
        assert os.path.exists(os.path.join(shop.dir, "database")) and shop.audit()[0] == 0
    drop_database(url)


def test_refusals():
    url = target()
    with Shop(database=False) as shop, Shop(samples=False, database=False) as other:
        for to in ("nowhere", "sqlite", "postgresql://127.0.0.1:1/none"):
            status, _, err = move(shop, to)
            assert status == 1 and err, to
        assert move(other, url)[0] == 0
        status, _, err = move(shop, url)
        assert status == 1 and "something else" in err, err
        shop.serve()
        assert shop.edition(EMMA)["isbn13"] == EMMA
    drop_database(url)
