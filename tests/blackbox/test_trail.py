"""The trail: whatever staff change leaves a row, in the transaction that changes it."""
import glob
import json
import os
import re

from shop import EMMA, ROOT, SAMPLES, Browser, Shop, Skipped

PASSWORD = "a long enough secret"


def trail(shop, *options):
    """The newest first."""
    return json.loads(shop.ok("staff", "trail", "--json", *options))


def operator(shop, email="ada@books.example"):
    """Signed in at the desk."""
    shop.ok("account", "add", email, "--role", "operator", "--password-stdin", stdin=PASSWORD.encode() + b"\n")
    browser = Browser(shop)
    assert browser.post("/desk/sign-in", "/desk/sign-in", {"email": email, "password": PASSWORD}).status == 303
    return browser


def source(*names):
    for name in names:
        for path in sorted(glob.glob(os.path.join(ROOT, "src", name))):
            with open(path, encoding="utf-8") as f:
                yield os.path.relpath(path, ROOT), f.read()


def test_nothing_is_written_past_the_trail():
    """A new command or form cannot forget its row, since it does not write it: what commits does. So nothing
    else may commit, and every form of the desk must be one that is known to be the staff's."""
    for path, text in source("*/*.c"):
        if path not in ("src/store/db.c",):
            assert "engine->commit" not in text, path
        if path not in ("src/store/db.c", "src/app/lead.c"):
            assert "store_commit_quietly" not in text, "%s: whose commit is this?" % path
    (_, routes), = source("web/routes.c")
    (_, context), = source("web/context.c")
    assert re.search(r"is_staffs\(c->route\) && c->request->method != METHOD_GET\s*\? handle_act", context)
    assert "return route->access == ACCESS_OPERATOR || route->access == ACCESS_PARTNER;" in context
    table = routes[routes.index("const struct route routes[]"):]
    forms = re.findall(r'(?:FORM|UPLOAD|SPOOL|API_WRITE)\((?:METHOD_\w+, )?"(/desk/[^"]*)", (ACCESS_\w+)', table)
    assert len(forms) >= 4, forms
    for pattern, access in forms:
        assert access in ("ACCESS_OPERATOR", "ACCESS_PARTNER") or pattern.startswith("/desk/sign-"), "%s leaves no trail" % pattern
    # No other way to write a route of the desk that changes something.
    assert not re.search(r'METHOD_(POST|PUT|DELETE), "/desk/', table)
    # Every command has the shop opened by cli_open, which says what it is.
    for path, text in source("cli/*.c"):
        for name in re.findall(r"(?<!cli_)\bsite_open\(|writer_open\(", text):
            assert path in ("src/cli/main.c", "src/cli/serve_commands.c"), "%s: %s" % (path, name)


def test_commands_leave_their_rows():
    with Shop(samples=False) as shop:
        isbns = shop.file("isbns", EMMA + "\n")
        assert {e["what"] for e in trail(shop)} >= {"init", "storefront add", "shop add"}
        examples = [
            ("import", ["--shop", "main", os.path.join(SAMPLES, "classics.xml")], "shop=main"),
            ("storefront set", ["us", "--host", "us.books.example"], "us host=us.books.example"),
            ("collection add", ["austen", "--name", "All of Austen", "--isbn", isbns], "austen name=… isbn=" + isbns),
            ("account add", ["ada@books.example", "--role", "operator", "--password-stdin"], "ada@books.example role=operator"),
            ("staff add", ["eve@books.example", "--password-stdin"], "eve@books.example"),
            ("staff reset-second-factor", ["eve@books.example"], "eve@books.example"),
            ("staff remove", ["eve@books.example"], "eve@books.example"),
            ("staff require-second-factor", ["on"], "on"),
            ("mail set", ["--server", "smtp://127.0.0.1:9", "--from", "a@b.example", "--url", "https://books.example"], "from=a@b.example"),
            ("mail test", ["bo@readers.example", "--queued"], "bo@readers.example"),
            ("mail retry", ["--all"], ""),
            ("restriction add", ["--storefront", "us", "--edition", EMMA, "--withhold", "sale", "--ground", "operator", "--reason",
                                 "Secretly", "--until", "2099-12-31"], "edition=" + EMMA),
            ("restriction lift", ["1", "--reason", "It was wrong."], "1"),
            ("backup", [os.path.join(shop.base, "copy.db")], "copy.db"),
        ]
        help_text = shop.run("--help")[1]
        for name, args, subject in examples:
            assert " %s" % name in help_text, name
            before = len(trail(shop))
            status, _, err = shop.run(*name.split(), *args, stdin=PASSWORD.encode() + b"\n")
            assert status == 0, (name, err)
            rows = trail(shop)
            assert len(rows) == before + 1, (name, rows[:3])
            assert rows[0]["what"] == name and subject in rows[0]["on"] and "(command line)" in rows[0]["who"], rows[0]
        # No secrets, no words of people.
        said = shop.ok("staff", "trail")
        assert PASSWORD not in said and "wrong" not in said and "Secretly" not in said and "Austen" not in said
        # Of an address, where it leads, however the password is written into it.
        shop.ok("redress", "set", *[x for at in ("ann:%s@appeals.example/shop", "appeals.example/shop?password=%s", "appeals.example/shop#%s", "a:b/%s@appeals.example")
                                    for x in ("--body", "Appeals=https://" + at % "SECRET")])
        said = trail(shop)[0]["on"]
        assert said.split() == ["body=Appeals=https://appeals.example/shop"] * 3 + ["body=…"], said
        # What only looks, or is refused, leaves none.
        before = len(trail(shop))
        for args in (["restriction", "list"], ["mail", "list"], ["mail", "show"], ["record", "verify"], ["staff", "trail"]):
            shop.ok(*args)
        assert shop.run("storefront", "add", "us", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "USD")[0] == 1
        assert shop.run("restriction", "lift", "999", "--reason", "No such one.")[0] == 1
        assert len(trail(shop)) == before
        # Killed before its commit: neither the change nor the row.
        shop.run("shop", "add", "other", "--name", "Other", env={"COLOPHON_CRASH": "before-commit"})
        assert len(trail(shop)) == before and shop.look("SELECT COUNT(*) FROM shop WHERE slug = 'other'") == "0"
        # Beside a server, too.
        shop.serve()
        shop.ok("shop", "add", "other", "--name", "Other")
        assert trail(shop)[0]["on"].startswith("other") and len(trail(shop)) == before + 1


def test_the_desk_leaves_its_rows_and_shows_them():
    with Shop() as shop:
        shop.serve()
        ada = operator(shop)
        form = {"target": "edition", "key": EMMA, "storefront": "us", "feature": "sale", "ground": "authority-order",
                "authority": "Example Authority", "legal_basis": "Act 1", "reference": "2026/17", "reason": "MYREASON", "until": "2099-12-31"}
        page = "/desk/restrictions/add"
        assert ada.post(page, page, {**form, "key": "nothing"}).status in (404, 422)
        before = len(trail(shop))
        assert ada.post(page, page, form).status == 303
        rows = trail(shop)
        assert len(rows) == before + 1 and rows[0]["who"] == "ada@books.example" and rows[0]["what"] == "POST " + page
        assert "key=" + EMMA in rows[0]["on"] and "storefront=us" in rows[0]["on"] and "MYREASON" not in json.dumps(rows)
        assert rows[1]["what"] == "sign in"
        lift = "/desk/restrictions/1/lift"
        assert ada.post(lift, lift, {"reason": "It was withdrawn."}).status == 303
        rows = trail(shop)
        assert rows[0]["what"] == "POST /desk/restrictions/{id}/lift" and rows[0]["on"].startswith("1 ")
        # A reader who writes is none of the staff; an operator's form that another site sent changes nothing.
        reader = Browser(shop)
        assert reader.sign_up("us", "Bo").status == 303
        assert ada.ask("POST", lift, {"reason": "x"}).status == 403
        assert len(trail(shop)) == len(rows)
        # The page: for staff alone, by person and day, in pages.
        assert reader.get("/desk/trail").status == 403
        text = ada.get("/desk/trail").text
        assert "POST /desk/restrictions/{id}/lift" in text and "storefront add" in text
        text = ada.get("/desk/trail?who=ada%40books.example").text
        assert "POST /desk/restrictions/{id}/lift" in text and "storefront add" not in text
        assert "/desk/restrictions/{id}/lift" not in ada.get("/desk/trail?day=2001-01-01").text
        assert ada.get("/desk/trail?day=yesterday").status == 422
        # A row that is changed, or taken out, shows.
        said = shop.ok("staff", "trail", "--verify")
        assert "each as it was written" in said and rows[0]["hash"] in said
        shop.tamper("UPDATE trail SET who = 'bo@books.example' WHERE id = 2")
        status, _, err = shop.run("staff", "trail", "--verify")
        assert status == 1 and "row 2" in err, err
        shop.tamper("DELETE FROM trail WHERE id = 2")
        status, _, err = shop.run("staff", "trail", "--verify")
        assert status == 1 and "row 2 is missing" in err, err


def test_a_lift_that_reached_only_the_journal_has_its_row_with_its_entry():
    with Shop(database=False) as shop:
        first = shop.restrict("--ground", "terms", "--storefront", "us", "--edition", EMMA, "--withhold", "sale")["id"]
        second = shop.restrict("--ground", "terms", "--storefront", "cn", "--edition", EMMA, "--withhold", "search")["id"]
        count = len(trail(shop))
        # Not even the database opens: the lift is noted beside it, with who it was.
        database = os.path.join(shop.dir, "colophon.db")
        os.rename(database, database + "-away")
        os.mkdir(database)
        status, _, err = shop.run("restriction", "lift", str(first), "--reason", "It was withdrawn.")
        assert status == 0 and "unchecked" in err, err
        os.rmdir(database)
        os.rename(database + "-away", database)
        assert len(trail(shop)) == count
        shop.serve()
        shop.until(lambda: len(trail(shop)) == count + 1, "the row", seconds=20)
        row = trail(shop)[0]
        assert row["what"] == "restriction lift" and row["on"] == "%d reason=…" % first and "(command line)" in row["who"], row
        # As always, one row where the log can be written; at the desk likewise.
        shop.ok("restriction", "lift", str(second), "--reason", "And this.")
        assert len(trail(shop)) == count + 2
        status, _, err = shop.run("restriction", "lift", str(second), "--reason", "Twice.")
        assert status == 1 and len(trail(shop)) == count + 2, err
        assert "rows" in shop.ok("staff", "trail", "--verify")


def test_a_node_that_joins_leaves_its_row():
    with Shop() as shop:
        if shop.database is None:
            raise Skipped("a shop in a file has one node")
        from shop import run
        other = os.path.join(shop.base, "other")
        status, _, err = run("-d", other, "join", "--database", shop.database)
        assert status == 0, err
        row = trail(shop)[0]  # where the database is, and not how one gets in
        assert row["what"] == "join" and "@" not in row["on"] and "?" not in row["on"], row
