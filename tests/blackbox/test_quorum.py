"""The quorum: without enough witnesses nothing new is withheld and no review is taken;
lifting goes on; and nothing unpublished is shown, whoever dies at what moment."""
import http.client
import json
import time

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
