"""Absence is proved: no restriction touches this work here, or exactly this one."""
import json
import os
import re
import shutil
import subprocess

from shop import EMMA, ROOT, Shop, moment, run


def go_program(shop):
    if shutil.which("go") is None or not os.path.exists("/usr/share/gocode/src/golang.org/x/mod"):
        return None
    program = os.path.join(shop.base, "absence")
    if not os.path.exists(program):
        subprocess.run(["go", "build", "-o", program, os.path.join(ROOT, "tests", "interop", "absence.go")], check=True,
                       capture_output=True, env={**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode",
                                                 "GOCACHE": os.path.join(shop.base, "cache")})
    return program


def proved(shop, work, storefront, vkey):
    """The ids of the restrictions that a proof names, checked by two programs."""
    answer = shop.get("/api/v1/record/absence?work=%s&storefront=%s" % (work, storefront))
    assert answer.status == 200, answer.text
    path = shop.file("proof.json", answer.body)
    status, out, err = run("absence", "verify", path, "--key", vkey, "--json")
    assert status == 0, out + err
    ids = sorted(r["restriction"] for r in json.loads(out)["restrictions"])
    program = go_program(shop)
    if program:
        done = subprocess.run([program, path, vkey], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert sorted(int(i) for i in re.findall(r"\d+", done.stdout)) == ids, (done.stdout, ids)
    return ids, answer.json(), json.loads(out)


def test_nothing_is_withheld_or_exactly_this():
    with Shop() as shop:
        shop.serve()
        vkey = shop.ok("record", "vkey").strip()
        work, works = shop.work(EMMA), int(shop.look("SELECT COUNT(*) FROM work"))
        shop.until(lambda: shop.get("/api/v1/record/absence?storefront=us&work=%d" % work).status == 200, "the first head")
        assert proved(shop, work, "us", vkey)[0] == []
        # A title's own restriction, an edition's, and one on a set, each under its storefront alone.
        own = shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "reviews")["id"]
        edition = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")["id"]
        contributor = shop.edition(EMMA)["contributors"][0]["id"]
        theirs = shop.authority("--storefront", "cn", "--contributor", str(contributor), "--withhold", "search")["id"]
        assert proved(shop, EMMA, "cn", vkey)[0] == [own, theirs]
        ids, proof, _ = proved(shop, work, "us", vkey)
        assert ids == [edition]
        # What the set covers, it covers; works beside are proved free.
        everything = {w: proved(shop, w, "cn", vkey)[0] for w in sorted({work, *range(1, works + 1, 1 + works // 8)})}
        covered = [w for w, ids in everything.items() if theirs in ids]
        assert work in covered and len(covered) < len(everything)
        assert all(ids in ([], [theirs]) for w, ids in everything.items() if w != work)
        page = shop.get("/record/absence?work=%d&storefront=cn" % work)
        assert page.status == 200 and 'data-restrictions="2"' in page.text and "/record/restrictions/%d" % own in page.text
        part = shop.get("/record/absence?language=de&work=%d&storefront=us" % work).text
        assert "nur ein Teil davon: die Ausgabe " + EMMA in part.replace("\u00a0", " ")
        free = next(w for w, ids in everything.items() if not ids)
        assert 'data-restrictions="0"' in shop.get("/record/absence?work=%d&storefront=cn" % free).text
        # Lifted, it is in no proof any more; the others stay.
        shop.ok("restriction", "lift", str(theirs), "--reason", "It was lifted.")
        assert proved(shop, work, "cn", vkey)[0] == [own]
        # What is stated is what time makes of it: announced, and ended, with its dates.
        later = shop.restrict("--ground", "operator", "--work", str(work), "--storefront", "us", "--withhold", "sale",
                              "--from", "2098-01-01")["id"]
        ids, _, result = proved(shop, work, "us", vkey)
        assert ids == [edition, later]
        assert [r["in_effect"] for r in result["restrictions"] if r["restriction"] == later] == [False]
        path = os.path.join(shop.base, "proof.json")
        status, out, _ = run("absence", "verify", path, "--key", vkey, env={"COLOPHON_NOW": moment(4070908800 - 86400)})
        assert status == 0 and "restriction %d" % later in out and "sale\n" in out, out
        # Every head's map is what the entries before it make, says the audit.
        assert shop.audit()[0] == 0
        lies(shop, proof, vkey)


def test_proofs_are_checked_across_keys():
    """A proof by the old key for whoever knows the new one, and the other way round: with the list of keys."""
    with Shop() as shop:
        shop.serve()
        old, work = shop.ok("record", "vkey").strip(), shop.work(EMMA)
        held = shop.authority("--storefront", "us", "--work", str(work), "--withhold", "reviews")["id"]
        take = lambda name: shop.file(name, shop.get("/api/v1/record/absence?work=%d&storefront=us" % work).body)
        before = take("before.json")
        shop.ok("key", "prepare")
        new = shop.ok("key", "rotate").split()[0]
        shop.ok("restriction", "lift", str(held), "--reason", "It was lifted.")
        shop.until(lambda: proved(shop, work, "us", new)[0] == [], "a head by the new key")
        after = take("after.json")
        listed = shop.get("/record/vkeys").text
        keys = shop.file("keys", listed)
        verify = lambda *args: run("absence", "verify", *args)
        for path, key, other, said in [(before, old, new, "restriction %d" % held), (after, new, old, "nothing is withheld")]:
            for known in (["--key", key], ["--key", key, "--keys", keys], ["--key", other, "--keys", keys]):
                status, out, err = verify(path, *known)
                assert status == 0 and said in out, (path, known, out, err)
            status, out, err = verify(path, "--key", other)
            assert status == 1 and out == "" and err, (path, out, err)
            assert shop.run("absence", "verify", path)[0] == 0, "the shop knows its keys"
        # A list that is cut, or that the old key did not sign, is no list.
        lines = listed.splitlines(True)
        turned = lines[1].split(" ")
        turned[2] = turned[2].translate(str.maketrans("ABCDabcd", "BADCbadc"))
        for bad in ("", lines[0], "".join(lines[:1] + lines[2:]), "".join([lines[0], " ".join(turned), *lines[2:]]), "x", listed * 400):
            status, out, err = verify(after, "--key", old, "--keys", shop.file("bad", bad))
            assert status == 1 and out == "" and err, (bad[:80], out, err)
        status, _, err = verify(after, "--key", old, "--keys", os.path.join(shop.base, "nowhere"))
        assert status != 0 and "nowhere" in err, err


def lies(shop, honest, vkey):
    """Whatever is changed in a proof, it is a proof no more."""
    def refused(change, program=go_program(shop)):
        proof = json.loads(json.dumps(honest))
        change(proof)
        path = shop.file("lie.json", json.dumps(proof))
        status, out, err = run("absence", "verify", path, "--key", vkey)
        assert status == 1 and err, (status, out, err)
        if program:
            assert subprocess.run([program, path, vkey], capture_output=True, timeout=60).returncode != 0
    work = next(i for i, k in enumerate(honest["keys"]) if k["kind"] == "work")

    def without_value(proof):
        proof["keys"][work].pop("value", None)

    def other_value(proof):
        proof["keys"][work]["value"] = proof["keys"][work]["value"].replace("ratings", "reviews")

    def without_key(proof):
        del proof["keys"][work]

    def other_storefront(proof):
        proof["storefront"] = "cn"

    def other_work(proof):
        proof["work"] += 1

    def shorter(proof):
        proof["keys"][work]["path"] = proof["keys"][work]["path"][:-1] + ["00" * 32]

    def other_head(proof):
        proof["head"]["entry"] = re.sub(r'"map":"[0-9a-f]{8}', '"map":"00000000', proof["head"]["entry"])

    def unsigned(proof):
        proof["checkpoint"] = re.sub(r"\n\d+\n", "\n9999\n", proof["checkpoint"], 1)
    for change in without_value, other_value, without_key, other_storefront, other_work, shorter, other_head, unsigned:
        refused(change)
    for text in "", "{}", "[1]", '{"type":"absence"}', "x" * 100:
        status, _, err = run("absence", "verify", shop.file("lie.json", text), "--key", vkey)
        assert status == 1 and err, (text, err)


def test_what_is_asked_wrongly():
    with Shop(samples=False) as shop:
        shop.serve()
        for query, status in [("", 422), ("work=1", 422), ("work=x&storefront=us", 422), ("work=0&storefront=us", 422),
                              ("work=1&storefront=nowhere", 422), ("work=1&storefront=us", 404),
                              ("work=9780000000040&storefront=us", 404)]:
            assert shop.get("/api/v1/record/absence?" + query).status == status, query
        assert shop.get("/record/absence").status == 200
        assert "aria-invalid" in shop.get("/record/absence?work=1&storefront=us").text


def test_a_map_that_lies_is_found():
    """A head that leaves a restriction out of the map contradicts the entries before it."""
    from test_audit import Rewriter
    with Shop() as shop:
        shop.serve()
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        assert shop.audit()[0] == 0
        change = lambda p, s, b: (s, re.sub(rb'"map":"[0-9a-f]{4}', b'"map":"beef', b)) if "/record/tile/entries" in p else (s, b)
        with Rewriter(shop, change) as between:
            status, out, err = shop.audit(url=between.url)
            assert status == 1 and "state map" in out + err, out + err


def test_every_answer_names_the_head():
    """Size and root of the decisions log as in the checkpoint, also where an answer was kept."""
    with Shop() as shop:
        shop.serve()
        asset = re.search(r'"(/static/[^"]+)"', shop.get("/us/").text)[1]
        paths = ["/us/books/" + EMMA, "/us/books/nothing", "/api/v1/us/works/1", asset, "/healthz", "/record/checkpoint"]

        def heads_are_now():
            origin, size, root = shop.get("/record/checkpoint").text.split("\n")[:3]
            for path in paths * 2:
                answer = shop.get(path)
                assert answer.headers["Colophon-Record"] == "%s %s" % (size, root), (path, answer.headers["Colophon-Record"], size)
            tag = shop.get(paths[0]).headers["ETag"]
            again = shop.get(paths[0], If_None_Match=tag)
            assert again.status == 304 and again.headers["Colophon-Record"] == "%s %s" % (size, root)
        shop.at_one_head(heads_are_now)
        shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "ratings")
        shop.at_one_head(heads_are_now)
