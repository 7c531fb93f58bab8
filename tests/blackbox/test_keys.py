"""A log goes over to a new key: entries and checkpoints signed by both, everybody who
follows the log follows the key, and a key that no old one signed for is an alarm."""
import base64
import json
import os
import shutil
import subprocess

from shop import EMMA, POSTGRES, Node, Shop, Skipped, run
from test_audit import Rewriter
from test_mirror import Plain
from test_quorum import policy
from test_record import verify_with_go
from witnesses import Witness, sizes_cosigned

OTHERS = True  # see run.py


def vkeys(shop):
    return [shop.ok("record", "vkey").strip(), shop.ok("record", "vkey", "--voices").strip()]


def prepare(shop, *options):
    made = shop.ok("key", "prepare", *options).split()
    assert len(made) == 2 and made[1].startswith("books.example/voices+"), made
    return made


def key_id(vkey):
    return vkey.split("+")[1]


def signers(shop, log=""):
    """The ids of the log's keys on a published checkpoint, in their order."""
    lines = shop.get("/record%s/checkpoint" % log).text.split("\n\n")[1].strip().split("\n")
    return [base64.b64decode(line.split(" ")[2])[:4].hex() for line in lines if line.startswith("\u2014 books.example")]


def rate(shop, stars, token, isbn=EMMA):
    return shop.api("PUT", "/us/works/%d/rating" % shop.work(isbn), {"stars": stars}, token)


def entries(shop, kind):
    lines = [json.loads(line) for line in shop.get("/record/entries.jsonl").text.splitlines()]
    return [e for e in lines if e["type"] == kind]


def check_followed(shop, save, old, new):
    """Whoever knew the old key, the new one, or none, finds the log good."""
    for known in (["--vkey", old[0]], ["--vkey", new[0]], []):
        status, out, err = shop.audit(*known)
        assert status == 0, (known, out, err)
    status, out, err = shop.audit("--save", save)
    assert status == 0, out + err
    with open(save, encoding="utf-8") as f:
        assert json.load(f)["vkey"] == new[0], "the new one is what is kept from here on"
    assert shop.ok("record", "verify").startswith("good")


def test_rotation_is_followed_by_everybody():
    with Shop() as shop:
        shop.serve()
        ann = shop.reader("ann")
        assert rate(shop, 3, ann).status == 200
        old, save, mirror = vkeys(shop), os.path.join(shop.base, "head.json"), os.path.join(shop.base, "mirror")
        receipt = shop.file("old.tlog-proof", shop.get("/record/voices/proofs/0").body)
        assert shop.audit("--save", save)[0] == 0 and run("mirror", shop.url, mirror, "--vkey", old[0])[0] == 0
        status, _, err = shop.run("key", "rotate")
        assert status == 1 and "key prepare" in err, err
        new = prepare(shop)
        assert shop.run("key", "prepare")[0] == 1, "one at a time"
        assert vkeys(shop) == old and signers(shop) == [key_id(old[0])], "prepared is not in force"
        assert shop.ok("key", "rotate").split()[:2] == new == vkeys(shop)
        # The checkpoints of that moment by both, of both logs; later ones by the new key alone.
        assert signers(shop, "/voices") == [key_id(old[1]), key_id(new[1])]
        assert rate(shop, 4, ann).status == 200
        assert signers(shop, "/voices") == [key_id(new[1])]
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")
        assert signers(shop) == [key_id(new[0])]
        # Entries: one for each log; the list says the same.
        made = entries(shop, "key")
        assert [e["log"] for e in made] == ["books.example", "books.example/voices"]
        assert [(e["old"], e["new"]) for e in made] == list(zip(old, new)) and made[1]["from"] == 1
        listed = [line.split(" ") for line in shop.get("/record/vkeys").text.splitlines()]
        assert [x[0] for x in listed] == [old[0], new[0], old[1], new[1]], listed
        assert listed[1][1:] == [str(made[0]["from"]), made[0]["by_old"], made[0]["by_new"]]
        assert shop.ok("record", "vkeys") == shop.get("/record/vkeys").text and shop.get("/record/vkey").text.split() == new
        check_followed(shop, save, old, new)
        assert run("mirror", shop.url, mirror)[0] == 0 and run("mirror", shop.url, mirror, "--vkey", new[0])[0] == 0
        with Plain(mirror) as plain:
            second = os.path.join(shop.base, "second")
            assert run("mirror", plain.url, second, "--vkey", old[0])[0] == 0, "a mirror hands the keys on"
        # The files: the new key has the old one's place, which is kept beside.
        shop.until(lambda: not os.path.exists(os.path.join(shop.dir, "key.next")), "the files are put in order")
        assert os.path.exists(os.path.join(shop.dir, "key.retired-" + key_id(old[0])))
        # A receipt from before, by whoever knows the old key, or the new one and the list.
        keys = shop.file("vkeys", shop.get("/record/vkeys").body)
        for options in (["--key", old[1]], ["--key", new[1], "--keys", keys], ["--key", old[1], "--keys", keys]):
            status, _, err = run("receipt", "verify", receipt, *options)
            assert status == 0, (options, err)
        assert run("receipt", "verify", receipt, "--key", new[1])[0] == 1
        assert shop.run("receipt", "verify", receipt)[0] == 0
        later = shop.file("new.tlog-proof", shop.get("/record/voices/proofs/0").body)
        for options in (["--key", new[1]], ["--key", old[1], "--keys", keys]):
            assert run("receipt", "verify", later, *options)[0] == 0, options
        assert run("receipt", "verify", later, "--key", old[1])[0] == 1
        # Others' tools, from either key.
        for log, base in enumerate(("/record", "/record/voices")):
            for vkey in (old[log], new[log]):
                done = verify_with_go(shop, shop.url + base, vkey)
                assert done.returncode == 0, done.stdout + done.stderr
        # Once more, from the new key, where no server runs.
        shop.stop()
        third = prepare(shop)
        shop.ok("key", "rotate")
        assert vkeys(shop) == third
        shop.serve()
        assert rate(shop, 5, ann).status == 200 and signers(shop, "/voices") == [key_id(third[1])]
        check_followed(shop, save, new, third)
        assert run("mirror", shop.url, mirror)[0] == 0
        assert shop.audit("--vkey", old[0])[0] == 0
        # Three keys; and of a list that skips one, or was changed, no key is taken.
        with Plain(mirror) as plain:
            for vkey in (old[1], new[1], third[1]):
                done = verify_with_go(shop, plain.url + "/record/voices", vkey)
                assert done.returncode == 0, done.stdout + done.stderr
        listed = [line for line in shop.get("/record/vkeys").text.splitlines(True) if line.startswith("books.example/voices+")]
        for lines, word in [(listed[:1] + listed[2:], "is not signed by"), ([listed[0], listed[1], listed[2].replace(" ", " 1", 1)], "is not signed by"),
                            (listed[:2], "checkpoint:"), (listed[1:], "list of keys"), (listed[:1], "checkpoint:"), (["x\n"], "none of the log's keys")]:
            with Rewriter(shop, lambda p, s, b: (s, "".join(lines).encode()) if p == "/record/vkeys" else (s, b)) as between:
                done = verify_with_go(shop, between.url + "/record/voices", old[1])
                assert done.returncode == 1 and word in done.stdout, (lines, word, done.stdout)


def test_another_key_is_an_alarm():
    with Shop() as shop:
        shop.serve()
        old, state = vkeys(shop), os.path.join(shop.base, "state")
        assert run("watch", shop.url, "--state", state, "--once")[0] == 0
        ann = shop.reader("ann")
        shop.stop()
        # Another key in the folder, of the same name: it signs nothing.
        made, kept = os.path.join(shop.base, "made"), os.path.join(shop.base, "kept")
        assert run("-d", made, "init", "--origin", "books.example")[0] == 0
        strange = run("-d", made, "record", "vkey")[1].strip(), run("-d", made, "record", "vkey", "--voices")[1].strip()
        os.rename(os.path.join(shop.dir, "key"), kept)
        shutil.copy(os.path.join(made, "key"), os.path.join(shop.dir, "key"))
        shop.serve()
        assert rate(shop, 1, ann).status == 503
        shop.stop()
        os.rename(kept, os.path.join(shop.dir, "key"))
        shop.serve()
        assert rate(shop, 1, ann).status == 200
        # A shop that says it has another key, or another one from here on that the old one did not sign for.
        nobody = "A" * 86 + "=="
        for name, said in [("another", "%s 0\n%s 0\n" % strange),
                           ("unsigned", "%s 0\n%s 3 %s %s\n%s 0\n" % (old[0], strange[0], nobody, nobody, old[1])),
                           ("silent", "%s 0\n" % old[1])]:
            with Rewriter(shop, lambda p, s, b: (200, said.encode()) if p == "/record/vkeys" else (s, b)) as between:
                again = os.path.join(shop.base, "state-" + name)
                shutil.copytree(state, again)
                status, out, err = run("watch", between.url, "--state", again, "--once")
                assert status == 1 and "key" in out and "14" in out, (name, out, err)
                status, out, err = run("mirror", between.url, os.path.join(shop.base, "mirror-" + name), "--vkey", old[0])
                assert status == 1 and "key" in err, (name, err)
        # A key that the old one signed for and no entry names: the owner of the key lies.
        if shop.database:
            return  # a copy of the folder is no copy of the shop
        copy = os.path.join(shop.base, "copy")
        shop.stop()
        subprocess.run(["cp", "-a", shop.dir, copy], check=True)
        assert run("-d", copy, "key", "prepare")[0] == 0 and run("-d", copy, "key", "rotate")[0] == 0
        signed = run("-d", copy, "record", "vkeys")[1].encode()
        shop.serve()
        with Rewriter(shop, lambda p, s, b: (200, signed) if p == "/record/vkeys" else (s, b)) as between:
            status, out, err = run("audit", between.url, "--vkey", old[0])
            assert status == 1 and "not those that entries name" in out, out + err


def test_a_key_that_was_made_elsewhere():
    with Shop() as shop:
        shop.serve()
        ann, old = shop.reader("ann"), vkeys(shop)
        next_path = os.path.join(shop.dir, "key.next")
        made, other = os.path.join(shop.base, "made"), os.path.join(shop.base, "other")
        assert run("-d", made, "init", "--origin", "books.example")[0] == 0 and run("-d", other, "init", "--origin", "other.example")[0] == 0
        new = [run("-d", made, "record", "vkey", *log)[1].strip() for log in ([], ["--voices"])]
        key = os.path.join(made, "key")
        readable = shop.file("readable", open(key, "rb").read())
        os.chmod(readable, 0o644)
        # Nothing is taken that could not sign this log.
        for command in ("prepare", "rotate"):
            for path, word in [(os.path.join(other, "key"), "other.example"), (shop.file("text", "no key"), "text"), (readable, "chmod 600"),
                               (os.path.join(shop.base, "nowhere"), "nowhere"), (os.path.join(shop.dir, "key"), "had already"), (made, made)]:
                if path.endswith("text"):
                    os.chmod(path, 0o600)
                status, out, err = shop.run("key", command, "--new-key", path)
                assert status != 0 and word in err and not os.path.exists(next_path), (command, path, out, err)
        assert prepare(shop, "--new-key", key) == new
        with open(next_path, "rb") as ours, open(key, "rb") as theirs:
            assert ours.read() == theirs.read()
        assert os.stat(next_path).st_mode & 0o777 == 0o600
        assert prepare(shop, "--new-key", key) == new, "the same again is no other"
        status, _, err = shop.run("key", "prepare", "--new-key", os.path.join(other, "key"))
        assert status == 1 and "other.example" in err, err
        second = os.path.join(shop.base, "second")
        assert run("-d", second, "init", "--origin", "books.example")[0] == 0
        status, _, err = shop.run("key", "rotate", "--new-key", os.path.join(second, "key"))
        assert status == 1 and "prepared already" in err and vkeys(shop) == old, err
        # In one step, with the key that lies there already, and one that does not.
        assert shop.ok("key", "rotate", "--new-key", key).split()[:2] == new == vkeys(shop)
        assert rate(shop, 3, ann).status == 200 and signers(shop, "/voices") == [key_id(new[1])]
        shop.ok("key", "rotate", "--new-key", os.path.join(second, "key"))
        status, _, err = shop.run("key", "rotate", "--new-key", key)
        assert status == 1 and "had already" in err and not os.path.exists(next_path), err
        assert rate(shop, 4, ann).status == 200 and shop.audit("--vkey", old[0])[0] == 0


def test_the_head_kept_apart_follows_the_key():
    with Shop() as shop:
        apart = os.path.join(shop.base, "apart")
        os.mkdir(apart)
        kept = os.path.join(apart, "head")
        shop.ok("record", "keep", kept)
        shop.serve()
        ann, old = shop.reader("ann"), vkeys(shop)
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")["id"]
        assert rate(shop, 3, ann).status == 200

        def check(*ids):
            def read(path):
                with open(path, encoding="utf-8") as f:
                    return f.read()
            shop.until(lambda: all(read(kept + log.replace("/", ".")) == shop.get("/record%s/checkpoint" % log).text for log in ("", "/voices")),
                       "what is kept to be what is published")
            assert signers(shop, "/voices") == [key_id(vkey) for vkey in ids]
        check(old[1])
        shop.stop()
        behind = os.path.join(shop.base, "behind")
        if not shop.database:
            subprocess.run(["cp", "-a", shop.dir, behind], check=True)
        shop.serve()
        new = prepare(shop)
        shop.ok("key", "rotate")
        check(old[1], new[1])
        assert rate(shop, 4, ann).status == 200
        check(new[1])
        # Killed before the hand-over is kept, and in the middle of that: whoever comes keeps it.
        stars = 4
        for point in ("key-committed", "head-to-keep", "head-kept", "head-to-keep:2"):
            shop.stop()
            new = prepare(shop)
            assert shop.run("key", "rotate", env={"COLOPHON_CRASH": point})[0] == KILLED, point
            if vkeys(shop) != new:  # it was killed over a batch before
                shop.ok("key", "rotate")
            shop.serve()
            stars = 7 - stars
            shop.until(lambda: rate(shop, stars, ann).status == 200, "a signature after " + point)
            check(new[1])
        assert shop.audit("--vkey", old[0])[0] == 0 and shop.ok("record", "verify")
        # What is kept is signed by a key that a copy from before has never heard of: it says so, and signs nothing.
        if shop.database:
            return
        live = shop.dir + "-live"
        shop.stop()
        os.rename(shop.dir, live)
        os.rename(behind, shop.dir)
        shop.ok("restriction", "lift", str(made), "--reason", "Over.")
        shop.serve()
        assert rate(shop, 5, ann).status == 503
        shop.until(lambda: shop.get("/readyz").json()["signs"] is False, "health")
        why = shop.get("/readyz").json()["why"]
        assert "later backup" in why and "key" in why, why
        assert shop.api("GET", "/restrictions").json()["restrictions"][0]["state"] == "lifted"
        shop.stop()
        shutil.rmtree(shop.dir)
        os.rename(live, shop.dir)
        shop.serve()
        assert rate(shop, 5, ann).status == 200
        check(new[1])


def test_a_retired_key_that_signs_is_an_alarm():
    """Whoever kept the old key goes on with it, and shows that to somebody else."""
    if not os.environ.get("COLOPHON_TEST_PREPARED"):
        raise Skipped("it takes two copies of one prepared shop")
    with Shop() as shop, Shop() as other:
        shop.serve()
        other.serve()
        old, state = vkeys(shop), os.path.join(shop.base, "state")
        assert old == vkeys(other), "copies of one prepared shop"
        watch = lambda *peers: run("watch", shop.url, "--once", "--state", state, *[x for p in peers for x in ("--peer", p)], timeout=300)
        prepare(shop)
        shop.ok("key", "rotate")
        saved = shop.file("saved.txt", shop.get("/record/checkpoint").body)
        assert watch(saved, shop.url)[0] == 0
        size = lambda s: int(s.get("/record/checkpoint").text.split("\n")[1])
        while size(other) <= size(shop):
            other.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        status, out, err = watch(other.url)
        assert status == 1 and "key (threat 14): " + other.url in out and "with a key that held up to" in out, (out, err)
        with Rewriter(other, lambda p, s, b: (s, shop.get(p).body) if p == "/record/vkeys" else (s, b)) as between:
            done = verify_with_go(shop, between.url + "/record", old[0])
            assert done.returncode == 1 and "checkpoint:" in done.stdout, done.stdout
        # Without it, the monitor is content, and its memory is not spoiled.
        assert watch(saved)[0] == 0


# ---- bad days

KILLED = -9


def test_a_kill_at_any_step_leaves_one_key_or_the_other():
    with Shop() as shop:
        shop.serve()
        ann, save = shop.reader("ann"), os.path.join(shop.base, "head.json")
        assert rate(shop, 3, ann).status == 200 and shop.audit("--save", save)[0] == 0
        first, mirror = vkeys(shop), os.path.join(shop.base, "mirror")
        shop.stop()
        stars = 3
        for point in ("key-written", "key-prepared", "key-ordered", "work-done", "key-entries-added",
                      "key-checkpoint-signed", "key-checkpoint-signed:2", "before-commit:2", "key-committed", "key-retired", "key-adopted"):
            before = vkeys(shop)
            crash = {"COLOPHON_CRASH": point}
            if point in ("key-written", "key-prepared"):
                assert shop.run("key", "prepare", env=crash)[0] == KILLED, point
                if not os.path.exists(os.path.join(shop.dir, "key.next")):
                    prepare(shop)
            else:
                prepare(shop)
                assert shop.run("key", "rotate", env=crash)[0] == KILLED, point
            now = vkeys(shop)
            shop.ok("record", "verify")
            if now == before:  # nothing has happened
                shop.ok("key", "rotate")
                assert vkeys(shop) != before, point
            shop.serve()
            stars = 7 - stars  # the same again would need no signature
            shop.until(lambda: rate(shop, stars, ann).status == 200, "a signature after " + point)
            status, out, err = shop.audit("--save", save)
            assert status == 0, (point, out, err)
            assert run("mirror", shop.url, mirror, "--vkey", first[0])[0] == 0, point
            shop.stop()
            assert not os.path.exists(os.path.join(shop.dir, "key.next")), point
        shop.serve()
        assert shop.audit("--vkey", first[0])[0] == 0 and shop.ok("record", "verify")


def test_a_server_killed_in_the_middle():
    with Shop() as shop:
        shop.serve()
        ann = shop.reader("ann")
        assert rate(shop, 3, ann).status == 200
        save, ratings = os.path.join(shop.base, "head.json"), 3
        assert shop.audit("--save", save)[0] == 0
        for point in ("key-entries-added", "key-checkpoint-signed", "key-checkpoint-signed:2", "key-committed"):
            shop.stop()
            shop.serve(env={"COLOPHON_CRASH": point})
            before, made = vkeys(shop), prepare(shop)
            # The command waits, and does it itself where the server is gone.
            status, _, err = shop.run("key", "rotate")
            assert status == 0, (point, err)
            shop.server.wait(timeout=60)
            shop.kill()
            assert vkeys(shop) == made != before, point
            ratings = 7 - ratings
            shop.serve()
            shop.until(lambda: rate(shop, ratings, ann).status == 200, "a signature after " + point)
            assert shop.audit("--save", save)[0] == 0, point
            assert len(entries(shop, "key")) % 2 == 0


def test_the_old_key_signs_nothing_and_lifts_work():
    with Shop() as shop:
        shop.serve()
        ann, save = shop.reader("ann"), os.path.join(shop.base, "head.json")
        held = [shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", f)["id"] for f in ("reviews", "ratings")]
        old = vkeys(shop)
        new = prepare(shop)
        shop.ok("key", "rotate")
        assert shop.audit("--save", save)[0] == 0
        shop.stop()
        key = os.path.join(shop.dir, "key")
        os.rename(key, key + ".away")
        os.rename(key + ".retired-" + key_id(old[0]), key)
        shop.serve()
        assert rate(shop, 1, ann).status == 503
        shop.until(lambda: shop.get("/readyz").status == 200, "all that is needed")
        ready = shop.get("/readyz")
        assert ready.json()["signs"] is False and new[0] in ready.json()["why"], ready.text
        shop.ok("restriction", "lift", str(held[0]), "--reason", "Over.")
        listed = {r["id"]: r["state"] for r in json.loads(shop.ok("restriction", "list", "--json"))["restrictions"]}
        assert listed[held[0]] == "lifted" and listed[held[1]] == "in effect"
        status, _, err = shop.run("key", "rotate")
        assert status == 1 and "another key" in err, err
        size = shop.get("/record/checkpoint").text.split("\n")[1]
        assert signers(shop)[-1] == key_id(new[0]), "the old one has signed nothing more"
        os.rename(key + ".away", key)
        # What says yes first: a rating asked for again and again would meet the limit of a new account.
        shop.until(lambda: shop.get("/readyz").json()["signs"] is True, "health", 60)
        shop.until(lambda: rate(shop, 1, ann).status == 200, "the new key", 60)
        assert int(shop.get("/record/checkpoint").text.split("\n")[1]) > int(size)
        assert shop.audit("--save", save)[0] == 0


def test_witnesses_follow_the_key():
    with Shop() as shop:
        shop.serve()
        ann = shop.reader("ann")
        assert rate(shop, 3, ann).status == 200
        old = vkeys(shop)
        with Witness(shop.base, "one.example", old) as one:
            path = policy(shop, [(one, one.url)])
            shop.ok("policy", "set", path)
            new = prepare(shop)
            status, _, err = shop.run("key", "rotate")
            assert status == 1 and "log " + new[0] in err, err
            with open(path, encoding="utf-8") as f:
                shop.ok("policy", "set", shop.file("both", "".join("log %s\n" % k for k in new) + f.read()))
            # Killed with the candidate standing: whoever comes takes it up, the new key or not.
            shop.stop()
            for point in ("candidate-committed", "witnesses-asked", "before-publish", "published"):
                if vkeys(shop) == old:
                    assert shop.run("key", "rotate", env={"COLOPHON_CRASH": point + (":2" if point == "before-publish" else "")})[0] in (KILLED, 0)
            shop.serve(wait=False)
            shop.until(lambda: vkeys(shop) == new, "the new key")
            assert rate(shop, 4, ann).status == 200, "the witness was told of the key"
            assert signers(shop, "/voices") == [key_id(new[1])]
            assert sizes_cosigned(shop.get("/record/voices/checkpoint").text, one.name) == 1
            shop.ok("record", "verify")
            # It keeps what it was told, and takes nothing else for it.
            one.stop()
            one.serve()
            assert rate(shop, 5, ann).status == 200
            lines = [line for line in shop.get("/record/vkeys").text.splitlines(True) if line.startswith("books.example+")]
            assert one.ask("POST", "/add-key", "".join(lines)).status == 200
            assert one.ask("POST", "/add-key", lines[0]).status == 200, "less than it knows"
            assert one.ask("POST", "/add-key", lines[0] + lines[1].replace("A", "B", 9)).status == 403
            assert one.ask("POST", "/add-key", "other.example+00000000+AA 0\n").status == 404
            assert one.ask("POST", "/add-key", b"\xff" * 300).status == 404
            status, out, err = shop.audit("--vkey", old[0])
            assert status == 0, out + err


def test_nodes_without_the_new_key_sign_nothing():
    if not POSTGRES:
        raise Skipped("several nodes need PostgreSQL")
    with Shop() as one:
        key = os.path.join(one.base, "copied")
        shutil.copy(os.path.join(one.dir, "key"), key)
        one.serve()
        with Node(one, "two", key=False) as two:
            two.key = key
            two.serve()
            ann = one.reader("ann")
            assert rate(one, 3, ann).status == 200
            old, new = vkeys(one), prepare(one)
            one.ok("key", "rotate")
            assert vkeys(one) == vkeys(two) == new
            assert rate(two, 4, ann).status == 200, "the node that has it signs"
            one.stop()
            one.until(lambda: two.get("/readyz").json()["signs"] is False, "the other has the old key alone")
            assert rate(two, 5, ann).status == 503
            assert signers(two, "/voices") == [key_id(new[1])]
            # It is given the key, and goes on.
            shutil.copy(os.path.join(one.dir, "key"), key + ".next")
            two.until(lambda: rate(two, 5, ann).status == 200, "the new key", seconds=30)
            status, out, err = two.audit("--vkey", old[0])
            assert status == 0, out + err
            one.serve()
            assert rate(one, 2, ann).status == 200
