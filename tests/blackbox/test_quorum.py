"""The quorum: without enough witnesses nothing new is withheld and no review is taken;
lifting goes on; and nothing unpublished is shown, whoever dies at what moment."""
import base64
import http.client
import json
import re
import threading
import time

import interop
from shop import EMMA, Shop, moment, run
from witnesses import Liar, Witness, sizes_cosigned

OTHERS = True  # see run.py

ORIGIN = "books.example"


def policy(shop, witnesses, quorum="g", group="group g all %s"):
    lines = ["log " + shop.ok("record", "vkey").strip(), "log " + shop.ok("record", "vkey", "--voices").strip()]
    names = []
    for i, (w, url) in enumerate(witnesses):
        names.append("w%d" % i)
        lines.append("witness w%d %s %s" % (i, w.vkey, url))
    if names:
        lines.append(group % " ".join(names))
    lines.append("quorum " + quorum)
    return shop.file("policy", "\n".join(lines) + "\n")


def vkeys(shop):
    return [shop.ok("record", "vkey").strip(), shop.ok("record", "vkey", "--voices").strip()]


def rate(shop, stars, token, isbn=EMMA):
    return shop.api("PUT", "/us/works/%d/rating" % shop.work(isbn), {"stars": stars}, token)


def review(shop, token, text="A fine book.", stars=4):
    return shop.api("POST", "/us/works/%d/reviews" % shop.work(EMMA),
                    {"title": "Fine", "text": text, "language": "en", "stars": stars}, token)


def head(shop, log=""):
    return shop.get("/record%s/checkpoint" % log).text


def size(shop, log=""):
    return int(head(shop, log).split("\n")[1])


def test_each_checkpoint_carries_the_quorum():
    with Shop() as shop:
        shop.serve()
        token = shop.reader("ann")
        assert rate(shop, 3, token).status < 300
        with Witness(shop.base, "one.example", vkeys(shop)) as one, Witness(shop.base, "two.example", vkeys(shop)) as two:
            assert shop.get("/record/policy").status == 404
            status, _, err = shop.run("policy", "show")
            assert status == 1 and "no witness policy" in err
            # A policy that names not these logs, or nobody could fulfil, is refused.
            for text, said in [("quorum none\n", "a line is missing"), ("quorum x\n", "line 1"),
                               ("log %s\nlog %s\nwitness a %s\nquorum a\n" % (*vkeys(shop), one.vkey), "do not make the quorum")]:
                status, _, err = shop.run("policy", "set", shop.file("bad", text))
                assert status == 1 and said in err, err
            path = policy(shop, [(one, one.url), (two, two.url)])
            shop.ok("policy", "set", path)
            with open(path, encoding="utf-8") as f:
                assert shop.get("/record/policy").text == f.read() == shop.ok("policy", "show")
            shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")
            assert rate(shop, 5, token).status < 300
            assert rate(shop, 5, token).status < 300  # says the same
            for log in ("", "/voices"):
                for w in (one, two):
                    assert sizes_cosigned(head(shop, log), w.name) == 1, head(shop, log)
                    assert w.size(ORIGIN + log) == size(shop, log)
            shop.ok("record", "verify")
            status, out, err = shop.audit("--policy", path)
            assert status == 0, out + err
            # Who wants more witnesses than the shop has finds that they are missing.
            with Witness(shop.base, "three.example", vkeys(shop)) as three:
                with open(path, encoding="utf-8") as f:
                    more = shop.file("more", f.read().replace("group g all w0 w1", "witness w2 %s\ngroup g all w0 w1 w2" % three.vkey))
                status, out, err = shop.audit("--policy", more)
                assert status == 1 and "quorum" in out, out + err
                # So does the holder of a receipt, offline.
                proof, key = shop.file("mine.tlog-proof", shop.get("/record/voices/proofs/0").body), shop.ok("record", "vkey", "--voices").strip()
                status, out, err = run("receipt", "verify", proof, "--key", key, "--policy", path)
                assert status == 0 and "witnesses: 2 cosigned it" in out, out + err
                status, out, err = run("receipt", "verify", proof, "--key", key, "--policy", more)
                assert status == 1 and "NOT good" in err and out == "", out + err
                for text in ("quorum nobody\n", "", "witness w x\n"):
                    status, out, err = run("receipt", "verify", proof, "--key", key, "--policy", shop.file("bad", text))
                    assert status == 1 and "policy" in err, (text, out, err)
            # A policy is set under the one before it; none again.
            with open(path, encoding="utf-8") as f:
                shop.ok("policy", "set", shop.file("none", f.read().replace("quorum g", "quorum none")))
            assert sizes_cosigned(head(shop), one.name) == 1
            one.stop()
            two.stop()
            assert rate(shop, 4, token).status < 300


def test_others_tools_verify_the_cosignatures_and_both_logs():
    with Shop(samples=False) as shop:
        program, whole = interop.build(shop.base, "cosignatures"), interop.build(shop.base, "verify")
        shop.serve()
        with Witness(shop.base, "one.example", vkeys(shop)) as one, Witness(shop.base, "two.example/w", vkeys(shop)) as two:
            shop.ok("policy", "set", policy(shop, [(one, one.url), (two, two.url)]))
            shop.ok("shop", "disclose", "main", "--owner", "Riverside Books Ltd")
            begun = int(time.time())
            for log, vkey in zip(("", "/voices"), vkeys(shop)):
                path = shop.file("checkpoint", head(shop, log))
                status, out, err = interop.ask(program, path, vkey, one.vkey, two.vkey)
                assert status == 0 and re.match(r"OK %s \d+ \d+ \d+$" % re.escape(ORIGIN + log), out), out + err
                assert all(abs(int(at) - begun) < 600 for at in out.split()[3:]), out
                # Another witness's key, a changed time, a cosignature of the other log: none is good.
                with Witness(shop.base, "one.example", vkeys(shop)) as other:
                    assert interop.ask(program, path, vkey, other.vkey, two.vkey)[0] == 1
                note = head(shop, log).split("\n")
                at = [i for i, line in enumerate(note) if line.startswith("— one.example ")][0]
                for bad in (changed(note[at], 4), [line for line in head(shop, "" if log else "/voices").split("\n") if line.startswith("— one.example ")][0]):
                    forged = shop.file("forged", "\n".join([*note[:at], bad, *note[at + 1:]]))
                    assert interop.ask(program, forged, vkey, one.vkey, two.vkey)[0] == 1, bad
                # And the whole of each log, by tools that pass the cosignatures over.
                status, out, err = interop.ask(whole, shop.url + "/record" + log, vkey)
                assert status == 0 and out.startswith("OK"), out + err


def changed(line, byte):
    """A signature line with one byte of it changed, the key's hash left as it is."""
    start, _, blob = line.rpartition(" ")
    data = bytearray(base64.b64decode(blob))
    data[byte + 7] ^= 1
    return start + " " + base64.b64encode(bytes(data)).decode()


def test_without_the_quorum_nothing_starts_and_lifting_goes_on():
    with Shop() as shop:
        shop.serve()
        ann, bob = shop.reader("ann"), shop.reader("bob")
        before = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")
        with Witness(shop.base, "one.example", vkeys(shop)) as w, Liar(w) as liar:
            shop.ok("policy", "set", policy(shop, [(w, liar.url)]))
            assert rate(shop, 3, ann).status < 300
            work = shop.work(EMMA)

            def shown():
                page = shop.api("GET", "/us/works/%d" % work)
                return page.text
            here, decisions, voices = shown(), size(shop), size(shop, "/voices")
            for how in ("dead", "garbage", "broken", "conflict", "refuse", "error", "endless", "slow"):
                liar.how = how
                answer = rate(shop, 1, bob)
                assert answer.status == 503 and answer.headers["Retry-After"], (how, answer.status, answer.text)
                assert shown() == here, how
                assert size(shop, "/voices") == voices, how
            # It stands: nothing else is taken, by nobody; nothing was withheld.
            assert review(shop, ann).status == 503
            status, _, err = shop.run("restriction", "add", "--reason", "x", "--until", "2099-12-31", "--storefront", "us",
                                      "--edition", EMMA, "--withhold", "ratings", "--ground", "operator")
            assert status == 1 and ("quorum" in err or "published" in err), err
            assert size(shop) == decisions
            listed = json.loads(shop.ok("restriction", "list", "--json"))["restrictions"]
            assert all(r["state"] != "in effect" or r["id"] == before["id"] for r in listed)
            # Lifting needs no witness.
            shop.ok("restriction", "lift", str(before["id"]), "--reason", "Over.")
            assert "told to" not in shop.get("/us/books/%s" % EMMA).text
            # Once the witness is well, what stood is published, and works from then on.
            liar.how = "honest"
            shop.until(lambda: size(shop, "/voices") == voices + 1, "the late quorum")
            assert shown() != here
            shop.until(lambda: size(shop) > decisions, "the lift's entry")
            assert rate(shop, 1, bob).status < 300 and size(shop, "/voices") == voices + 1
            status, out, err = shop.audit()
            assert status == 0, out + err


def test_two_operators_witness_each_other():
    """Each is the other's witness, with a quorum of one: while one is away the other takes nothing
    new and lifts all the same; when it is back, what stood goes on, and neither waits for the other."""
    with Shop(origin="a.example", database=False) as a, Shop(origin="b.example", database=False) as b:
        shops = {"a": a, "b": b}
        for shop in shops.values():
            shop.serve()
        tokens = {name: shop.reader("ann") for name, shop in shops.items()}
        # The same stars again need no entry: what must be refused is somebody's first.
        others = {name: shop.reader("bob") for name, shop in shops.items()}
        made = {name: shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")["id"] for name, shop in shops.items()}
        with Witness(a.base, "a.example/witness", vkeys(b)) as of_a, Witness(b.base, "b.example/witness", vkeys(a)) as of_b:
            witness = {"a": of_b, "b": of_a}
            for name, shop in shops.items():
                shop.ok("policy", "set", policy(shop, [(witness[name], witness[name].url)]))
            # Both write at once, each asking the other.
            rounds = {name: [threading.Thread(target=lambda n=name, i=i: answers[n].append(rate(shops[n], i % 5 + 1, tokens[n]).status)) for i in range(12)]
                      for name in shops}
            answers = {"a": [], "b": []}
            for threads in zip(*rounds.values()):
                for t in threads:
                    t.start()
            for threads in rounds.values():
                for t in threads:
                    t.join()
            assert answers == {"a": [200] * 12, "b": [200] * 12}, answers
            for name, shop in shops.items():
                for log in ("", "/voices"):
                    assert sizes_cosigned(head(shop, log), witness[name].name) == 1
                    assert witness[name].size(name + ".example" + log) == size(shop, log)
            # One goes away, shop and witness.
            b.stop()
            of_b.stop()
            before = size(a), size(a, "/voices")
            assert rate(a, 1, others["a"]).status == 503
            status, _, err = a.run("restriction", "add", "--reason", "x", "--until", "2099-12-31", "--storefront", "us", "--edition", EMMA, "--withhold", "ratings",
                                   "--ground", "operator")
            assert status == 1 and err, err
            a.ok("restriction", "lift", str(made["a"]), "--reason", "Over.")
            assert a.edition(EMMA)["withheld"] == [] and (size(a), size(a, "/voices")) == before
            # The one that is away lifts, too, without anybody.
            b.ok("restriction", "lift", str(made["b"]), "--reason", "Over.")
            # The other comes back, while its own witness is away; then both are there.
            of_a.stop()
            b.serve()
            assert b.edition(EMMA)["withheld"] == []
            assert rate(b, 1, others["b"]).status == 503
            of_b.serve()
            a.until(lambda: rate(a, 2, others["a"]).status == 200, "the first one's quorum", 30)
            of_a.serve()
            b.until(lambda: rate(b, 2, others["b"]).status == 200, "the second one's quorum", 30)
            for name, shop in shops.items():
                shop.until(lambda: not any(r["lift_pending"] or r["state"] == "pending" for r in shop.api("GET", "/restrictions").json()["restrictions"]), "the lift's entry", 30)
                assert [r["state"] for r in shop.api("GET", "/restrictions").json()["restrictions"] if r["id"] == made[name]] == ["lifted"]
                for log in ("", "/voices"):
                    shop.until(lambda: witness[name].size(name + ".example" + log) == size(shop, log), "the cosignature", 30)
                status, out, err = shop.audit()
                assert status == 0, out + err


def test_who_dies_at_what_moment():
    """Killed at each step, started again: the candidate is taken up, nothing that was
    answered is lost, nothing unpublished was shown, and the log never forks: the witness
    would refuse, and it does not."""
    with Shop() as shop:
        # The clock stands: no heartbeat's batch is the one that is killed.
        shop.env["COLOPHON_NOW"] = moment(int(time.time()))
        shop.serve()
        tokens = [shop.reader("r%d" % i) for i in range(5)]
        with Witness(shop.base, "one.example", vkeys(shop)) as w:
            shop.ok("policy", "set", policy(shop, [(w, w.url)]))
            assert rate(shop, 1, tokens[0]).status < 300
            work = shop.work(EMMA)
            done = 1
            for token, point in zip(tokens[1:], ("candidate-committed", "witnesses-asked", "before-publish", "published")):
                shop.stop()
                shop.serve(env={"COLOPHON_CRASH": point}, wait=False)
                try:
                    said = rate(shop, 5, token)
                    raise AssertionError("%s: %d" % (point, said.status))
                except (OSError, http.client.HTTPException):
                    pass
                shop.server.wait()
                shop.server.stdout.close()
                shop.server.stderr.close()
                shop.server = None
                shop.serve()
                # What was committed is published soon.
                done += 1
                shop.until(lambda: size(shop, "/voices") == done, "what stood after " + point)
                assert w.size(ORIGIN + "/voices") == done, point
                again = rate(shop, 5, token)
                assert again.status < 300, (point, again.text)
                assert size(shop, "/voices") == done, point
            counted = shop.api("GET", "/us/works/%d" % work).json()
            assert counted["rating"]["count"] == 5, counted
            shop.ok("record", "verify")
            assert shop.audit()[0] == 0


def test_what_is_taken_over_waits_for_the_quorum():
    with Shop() as shop:
        shop.serve()
        rows = ["isbn,stars,title,text,language,author,date,source"]
        rows += ["%s,%d,Title,Words of reader %d about it.,en,Reader %d,2019-05-01,Old Pages" % (EMMA, n % 5 + 1, n, n) for n in range(6)]

        def bring(n, status=0):
            got, out, err = shop.run("import-reviews", "--json", shop.file("old.csv", "\n".join(rows[:n + 1])))
            assert got == status, (got, out, err)
            return json.loads(out) if out.strip() else None

        def shown():
            found = shop.api("GET", "/us/works/%d/reviews" % shop.work(EMMA)).json()["reviews"]
            return len(found), shop.edition(EMMA)["rating"]["count"]
        with Witness(shop.base, "one.example", vkeys(shop)) as one:
            shop.ok("policy", "set", policy(shop, [(one, one.url)]))
            assert bring(3)["reviews"] == 3
            shop.until(lambda: shown() == (3, 3), "what was taken over")
            # Without the quorum nothing of it is shown, nor counted.
            one.stop()
            bring(6, status=1)
            assert shown() == (3, 3)
            one.serve()
            shop.until(lambda: shop.run("import-reviews", shop.file("old.csv", "\n".join(rows)))[0] == 0, "the quorum", seconds=30)
            shop.until(lambda: shown() == (6, 6), "the rest")
            highest = shop.api("GET", "/us/works/%d/reviews?sort=highest" % shop.work(EMMA)).json()["reviews"]
            assert [r["stars"] for r in highest] == [5, 4, 3, 2, 1, 1], highest
            again = bring(6)
            assert again["unchanged"] == 6 and again["reviews"] == 0
            status, out, err = shop.audit()
            assert status == 0, out + err
