"""`colophon witness serve`: what it cosigns, what it refuses, and that nothing takes
back what it said."""
import threading

from shop import EMMA, Shop, run
from witnesses import Witness, consistency, leaves, root


def grow(shop, n):
    for i in range(n):
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")


def stages(shop, log=""):
    """Checkpoints of a log that grows, and all its leaf hashes."""
    notes = {}

    def look():
        note = shop.get("/record/checkpoint").text
        notes[int(note.split("\n")[1])] = note
    shop.serve()
    # A server that has just started may not have signed its first head yet.
    shop.until(lambda: shop.get("/record/checkpoint").text.split("\n")[1] != "0", "the first head")
    look()
    for n in (1, 2, 3):
        grow(shop, n)
        look()
    hashes, size = leaves(shop)
    return notes, [hashes[i * 32:i * 32 + 32] for i in range(size)]


def test_what_a_witness_cosigns_and_what_it_refuses():
    with Shop() as shop:
        notes, tree = stages(shop)
        sizes = sorted(notes)
        small, middle, large = sizes[0], sizes[1], sizes[-1]
        vkey, origin = shop.ok("record", "vkey").strip(), "books.example"
        # Another shop of the same key: what it says at the same size is a fork.
        with Shop(origin="other.example") as other, Witness(shop.base, logs=[vkey]) as w:
            other.serve()
            foreign = other.get("/record/checkpoint").text
            assert w.ask("GET", "/").status == 404 and w.ask("POST", "/x", b"y").status in (404, 405, 413)
            assert w.kept(origin) is None
            assert w.ask("POST", "/add-checkpoint", b"old x\n").status == 400
            assert w.add(0, [], "no checkpoint\n").status == 400
            assert w.add(0, [], foreign).status == 404
            broken = notes[small].replace("\n%d\n" % small, "\n%d\n" % (small + 1))
            assert w.add(0, [], broken).status == 403
            stranger = notes[small].replace("— books.example ", "— books.example.org ")
            assert w.add(0, [], stranger).status == 403
            assert w.add(large + 1, [], notes[large]).status == 400
            assert w.add(0, [root(tree)], notes[small]).status == 422
            said = w.add(0, [], notes[small])
            assert said.status == 200 and said.text.startswith("— witness.example/w "), said.text
            # The next begins where the last ended, and proves it.
            said = w.add(0, [], notes[large])
            assert (said.status, said.text, said.headers["Content-Type"]) == (409, "%d\n" % small, "text/x.tlog.size")
            proof = consistency(small, tree)
            assert w.add(small, proof[:-1], notes[large]).status == 422
            assert w.add(small, proof + proof[:1], notes[large]).status == 422
            assert w.size(origin) == small
            assert w.add(small, proof, notes[large]).status == 200
            # The same once more, with a new time; never back.
            assert w.add(large, [], notes[large]).status == 200
            assert w.add(large, [], notes[middle]).status == 400
            assert w.add(middle, consistency(middle, tree), notes[large]).status == 409
            assert w.size(origin) == large
            kept = w.kept(origin)
            assert kept.startswith(notes[large]) and "— witness.example/w " in kept
            # One process at a time, and only with logs it can read.
            status, _, err = run("witness", "serve", "--listen", "127.0.0.1:0", "--state", w.dir, "--log", vkey)
            assert status == 1 and "another witness runs" in err, err
            status, _, err = run("witness", "key", "x", "--state", w.dir)
            assert status == 1 and "exists" in err, err
            w.stop()
            status, _, err = run("witness", "serve", "--listen", "127.0.0.1:0", "--state", w.dir, "--log", vkey[:-4] + "AAAA")
            assert status == 1 and "--log" in err, err


def test_a_fork_is_not_cosigned():
    with Shop() as shop:
        shop.serve()
        grow(shop, 1)
        vkey, origin = shop.ok("record", "vkey").strip(), "books.example"
        with Witness(shop.base, logs=[vkey]) as w:
            before = shop.get("/record/checkpoint").text
            n = int(before.split("\n")[1])
            grow(shop, 1)
            note = shop.get("/record/checkpoint").text
            hashes, size = leaves(shop)
            tree = [hashes[i * 32:i * 32 + 32] for i in range(size)]
            assert w.add(0, [], before).status == 200
            # The log as it would be with another last entry, by the same hand: a proof
            # that is true of that one shows nothing of this one.
            forged = tree[:-1] + [root(tree)]
            assert w.add(n, consistency(n, forged), note).status == 422
            assert w.add(n, consistency(n, tree), note).status == 200
            assert w.size(origin) == size


def test_no_kill_and_no_race_takes_back_what_was_cosigned():
    with Shop() as shop:
        notes, tree = stages(shop)
        sizes = sorted(notes)
        vkey, origin = shop.ok("record", "vkey").strip(), "books.example"
        w = Witness(shop.base, logs=[vkey])
        with w:
            for point in ("witness-checked", "witness-stored"):
                w.stop()
                w.serve(env={"COLOPHON_CRASH": point})
                old = w.size(origin)
                try:
                    w.add(old, consistency(old, tree[:sizes[0]]) if old else [], notes[sizes[0]])
                    raise AssertionError("it was not killed at " + point)
                except OSError:
                    pass
                w.server.wait()
                w.server = None
                w.serve()
                # Stored or not, it goes on from what it has.
                assert w.size(origin) in (0, sizes[0])
            if w.size(origin) == 0:
                assert w.add(0, [], notes[sizes[0]]).status == 200
            statuses, lock = [], threading.Lock()

            def one(size):
                said = w.add(sizes[0], consistency(sizes[0], tree[:size]), notes[size])
                with lock:
                    statuses.append((size, said.status))
            threads = [threading.Thread(target=one, args=(s,)) for s in sizes[1:] for _ in range(4)]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            taken = [size for size, status in statuses if status == 200]
            # A size that was taken first may be cosigned once more by its equals only
            # where they ask from there: all others heard 409.
            assert len(taken) == 1 and w.size(origin) == taken[0], statuses
            assert all(status in (200, 409) for _, status in statuses), statuses
