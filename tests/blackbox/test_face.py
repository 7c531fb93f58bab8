"""The face others build on: every command beside a running server, how it ends and
what it prints for programs."""
import json
import os
import re

from shop import EMMA, SAMPLES, Shop, run

OTHERS = True  # see run.py


def test_every_command_beside_a_server():
    with Shop() as shop:
        shop.serve()
        shop.ok("storefront", "add", "de", "--unresearched", "sell", "--country", "DE", "--language", "de", "--language", "en", "--currency", "EUR")
        shop.until(lambda: shop.get("/de/").status == 200, "the new storefront", 3)
        assert shop.get("/de/en/").status == 200
        shop.ok("shop", "add", "partner", "--name", "Partner")
        shop.ok("import", "--shop", "partner", "--report", os.path.join(shop.base, "r"), os.path.join(SAMPLES, "classics.xml"))
        shop.until(lambda: shop.get("/us/shops/partner").status == 200, "the new shop", 3)
        isbns = shop.file("isbns", EMMA + "\n")
        for slug, option in [("by-query", ("--query", "emma")), ("by-name", ("--contributor", "Jane Austen")), ("by-isbn", ("--isbn", isbns))]:
            shop.ok("collection", "add", slug, "--name", slug, *option)
            shop.until(lambda: shop.get("/us/collections/" + slug).status == 200, slug, 3)
        shop.ok("account", "add", "op@example.org", "--role", "operator", "--password-stdin", stdin=b"a long enough secret\n")
        assert shop.api("POST", "/session", {"email": "op@example.org", "password": "a long enough secret"}).status == 201
        work = shop.work(EMMA)
        person = shop.edition(EMMA)["contributors"][0]["id"]
        made = []
        for target in [("--edition", EMMA), ("--work", str(work)), ("--collection", "by-isbn"), ("--contributor", str(person)), ("--shop", "partner")]:
            answer = json.loads(shop.ok("restriction", "add", "--storefront", "us", "--storefront", "de", *target, "--withhold",
                                        "ratings,reviews", "--ground", "operator", "--reason", "r", "--review", "2099-01-01", "--json"))
            assert set(answer) >= {"id", "record_index"}, answer
            made.append(answer["id"])
            assert answer["id"] in [r["id"] for r in shop.api("GET", "/restrictions").json()["restrictions"]]
        said = shop.ok("restriction", "add", "--storefront", "cn", "--edition", EMMA, "--withhold", "sale", "--ground", "operator",
                       "--reason", "r", "--until", "2099-01-01")
        assert re.search(r"\d+.*\d+", said), said  # its id and its index
        listed = json.loads(shop.ok("restriction", "list", "--json"))["restrictions"]
        assert {r["state"] for r in listed} == {"in effect"} and set(made) < {r["id"] for r in listed}
        assert all(set(r) >= {"id", "record_index", "state", "storefronts", "target", "features", "ground", "authority", "from", "until"}
                   for r in listed)
        assert listed == shop.api("GET", "/restrictions").json()["restrictions"]
        assert str(made[0]) in shop.ok("restriction", "list")
        shop.ok("restriction", "lift", str(made[0]), "--reason", "over")
        assert [r["state"] for r in json.loads(shop.ok("restriction", "list", "--json"))["restrictions"] if r["id"] == made[0]] == ["lifted"]
        assert shop.run("restriction", "lift", str(made[0]), "--reason", "again")[0] == 1
        key = shop.ok("record", "vkey").strip()
        assert key.startswith("books.example+") and key == shop.get("/record/vkey").text.strip().split("\n")[0]
        shop.ok("record", "verify")
        shop.ok("index", "rebuild")
        assert shop.api("GET", "/us/search?q=emma").json()["total"] > 0
        copy = os.path.join(shop.base, "copy.db")
        shop.ok("backup", copy)
        assert os.path.getsize(copy) > 0
        status, out, err = shop.audit("--vkey", key, "--save", os.path.join(shop.base, "saved"))
        assert status == 0, out + err
        assert shop.audit("--vkey", key.replace("books", "other"))[0] != 0
        assert run("audit", "http://127.0.0.1:1/")[0] == 1
        assert run("audit", "nothing")[0] in (1, 2)
        assert shop.run("serve", "--listen", "127.0.0.1:0")[0] == 1  # one serves here already


def test_each_wrong_argument_names_itself():
    with Shop(samples=False) as shop:
        add = ["restriction", "add", "--storefront", "us", "--withhold", "ratings", "--ground", "operator", "--reason", "r"]
        for args, word, status in [
            ([*add, "--edition", "1", "--until", "2099-01-01"], "1", 1),
            ([*add, "--edition", EMMA, "--until", "2099-02-30"], "until", None),
            ([*add, "--edition", EMMA, "--until", "tomorrow"], "until", None),
            ([*add, "--edition", EMMA, "--until", "2001-01-01"], "until", None),
            ([*add, "--edition", EMMA], "--until", None),
            ([*add, "--edition", EMMA, "--until", "2099-01-01", "--review", "2099-01-01"], "review", None),
            ([*add, "--work", "x", "--until", "2099-01-01"], "x", None),
            ([*add, "--collection", "none", "--until", "2099-01-01"], "none", 1),
            ([*add, "--contributor", "99", "--until", "2099-01-01"], "99", 1),
            ([*add, "--shop", "none", "--until", "2099-01-01"], "none", 1),
            ([*add[:3], "xx", *add[4:], "--shop", "main", "--until", "2099-01-01"], "xx", None),
            (["restriction", "lift", "x", "--reason", "r"], "x", None),
            (["restriction", "lift", "1"], "--reason", 2),
            (["storefront", "add", "de", "--unresearched", "sell", "--country", "DE", "--language", "de"], "--currency", 2),
            (["storefront", "add", "D E", "--country", "DE", "--language", "de", "--currency", "EUR"], "D E", None),
            (["storefront", "add", "de", "--unresearched", "sell", "--country", "DE", "--language", "d!", "--currency", "EUR"], "d!", None),
            (["shop", "add", "x"], "--name", 2),
            (["shop", "add", "main", "--name", "n"], "main", 1),
            (["collection", "add", "c", "--name", "C"], "--query", 2),
            (["collection", "add", "c", "--name", "C", "--isbn", "/nonexistent"], "/nonexistent", 1),
            (["account", "add", "nobody", "--role", "operator", "--password-stdin"], "email", 1),
            (["account", "add", "a@example.org", "--role", "king", "--password-stdin"], "king", None),
            (["serve", "--listen", "nowhere"], "nowhere", None),
            (["serve", "--listen", "127.0.0.1:99999"], "127.0.0.1:99999", None),
            (["serve", "--listen", "127.0.0.1:0", "--public-url", "books.example"], "books.example", 2),
            (["serve"], "--listen", 2),
            (["backup"], "FILE", 2),
            (["backup", "/nonexistent/x"], "/nonexistent/x", 1),
            (["restore", "/nonexistent"], "already", 1),
            (["import", "--shop", "main", "/nonexistent"], "/nonexistent", 1),
            (["import", "--shop", "main", "--report", "/nonexistent/r", os.path.join(SAMPLES, "classics.xml")], "/nonexistent/r", 1),
            (["record", "what"], "what", 2),
            (["index"], "index", 2),
        ]:
            ended, _, err = shop.run(*args, stdin=b"a long enough secret\n")
            assert ended in ((status,) if status else (1, 2)) and word in err, (args, ended, err)
        status, _, err = run("-d", os.path.join(shop.base, "none"), "record", "vkey")
        assert status == 1 and "none" in err, err
