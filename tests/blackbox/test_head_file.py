"""The last checkpoints kept apart from the data: a copy that is behind stops, it does not fork the log."""
import os
import shutil
import subprocess

from shop import EMMA, Shop

OTHERS = True  # see run.py


def size_of(path):
    with open(path, encoding="utf-8") as f:
        return int(f.read().split("\n")[1])


def test_a_restored_folder_and_a_second_server_stop():
    with Shop(database=False) as shop:
        apart = os.path.join(shop.base, "apart")
        os.mkdir(apart)
        head = os.path.join(apart, "head")
        assert shop.run("record", "keep", os.path.join(shop.dir, "head"))[0] == 1, "in the data folder it would be restored with it"
        assert shop.run("record", "keep", "head")[0] == 1
        os.symlink(shop.dir, os.path.join(shop.base, "elsewhere"))
        for path in [os.path.join(apart, "..", os.path.basename(shop.dir), "head"), os.path.join(shop.base, "elsewhere", "head")]:
            status, _, err = shop.run("record", "keep", path)
            assert status == 1 and "data folder" in err, (path, err)
        beside = shop.dir + "-heads" # no part of the folder, for all that it begins alike
        os.mkdir(beside)
        shop.ok("record", "keep", os.path.join(beside, "head"))
        shop.ok("record", "keep", head)
        shop.serve()
        work = shop.work(EMMA)
        ann, bob = shop.reader("ann"), shop.reader("bob")
        rate = lambda s, stars, token: s.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, token).status
        assert rate(shop, 3, ann) == 200
        size = size_of(head + ".voices")
        assert size == 1 and size_of(head) >= 1
        for path, at in [(head, "/record/checkpoint"), (head + ".voices", "/record/voices/checkpoint")]:
            with open(path, encoding="utf-8") as f:
                assert f.read() == shop.get(at).text, "what is kept is what is published"
        shop.stop()
        # The whole folder as it was, key and all, as a careless copy has it.
        old = os.path.join(shop.base, "old")
        subprocess.run(["cp", "-a", shop.dir, old], check=True)
        restriction = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")["id"]
        shop.serve()
        assert rate(shop, 4, bob) == 200 and size_of(head + ".voices") == 2

        # A second server on a copy: it shows pages, and signs nothing.
        second = Shop.__new__(Shop)
        second.base, second.dir, second.server, second.env, second.database = shop.base, old, None, {}, None
        second.serve()
        assert rate(second, 1, ann) == 503 and second.get("/us/").status == 200
        status, out, err = second.run("restriction", "add", "--reason", "x", "--until", "2099-12-31", "--ground", "operator",
                                      "--storefront", "us", "--edition", EMMA, "--withhold", "search")
        assert status != 0, out
        second.stop()
        status, out, err = second.run("restriction", "add", "--reason", "x", "--until", "2099-12-31", "--ground", "operator",
                                      "--storefront", "us", "--edition", EMMA, "--withhold", "search")
        assert status == 1 and "fork the log" in err and "later backup" in err, err
        assert size_of(head + ".voices") == 2
        assert rate(shop, 5, bob) == 200, "the one that is ahead goes on"
        shop.ok("restriction", "lift", str(restriction), "--reason", "Over.")

        # A backup that is restored in its place: the same, and lifts still work.
        shop.stop()
        ahead = size_of(head)
        live = shop.dir + "-live"
        os.rename(shop.dir, live)
        subprocess.run(["cp", "-a", old, shop.dir], check=True)
        shop.serve("--head-file", head)
        assert rate(shop, 2, ann) == 503 and size_of(head) == ahead
        shop.stop()
        shutil.rmtree(shop.dir)
        os.rename(live, shop.dir)
        shop.serve()
        assert rate(shop, 2, ann) == 200
        shop.ok("record", "verify")


def test_what_cannot_be_kept_stops_the_next_signature():
    with Shop(database=False) as shop:
        apart = os.path.join(shop.base, "apart")
        os.mkdir(apart)
        shop.ok("record", "keep", os.path.join(apart, "head"))
        shop.serve()
        work, ann = shop.work(EMMA), shop.reader("ann")
        rate = lambda stars: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, ann).status
        assert rate(3) == 200
        restriction = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")["id"]
        state = lambda: next(r for r in shop.api("GET", "/restrictions").json()["restrictions"] if r["id"] == restriction)
        withheld = lambda: "/record/restrictions/%d" % restriction in shop.get("/us/books/" + EMMA).text
        assert state()["state"] == "in effect" and withheld()
        shutil.move(apart, apart + "-away")
        assert rate(4) == 503
        # What was withheld comes back at once; its entry waits for the place.
        status, _, err = shop.run("restriction", "lift", str(restriction), "--reason", "Over.")
        assert status == 0 and "waits" in err, err
        shop.until(lambda: not withheld(), "the lift")
        assert state()["state"] == "lifted" and state()["lift_pending"] is True and rate(4) == 503
        assert shop.audit()[0] == 0, "a lift that waits is no error"
        shutil.move(apart + "-away", apart)
        shop.until(lambda: rate(4) == 200, "the place is back")
        shop.until(lambda: not state().get("lift_pending"), "its entry")
        shop.ok("record", "verify")
