"""The command line: what it says, and how it ends."""
import json
import os
import stat

from shop import Shop, run


def test_wrong_calls_name_what_is_wrong():
    cases = [
        (["nothing"], "nothing"),
        (["-x"], "-x"),
        (["-d", "/tmp/x", "import", "--shop", "s", "--sop", "t", "f"], "--sop"),
        (["-d", "/tmp/x", "import", "f"], "--shop"),
        (["import", "--shop", "s", "f"], "-d"),
        (["-d", "/tmp/x", "shop", "add"], "shop add"),
        (["-d", "/tmp/x", "shop", "add", "a", "b", "--name", "n"], "b"),
        (["-d", "/tmp/x", "restriction", "add", "--storefront", "us", "--withhold", "stars", "--ground", "law", "--edition",
          "1", "--reason", "r", "--until", "2099-01-01"], "stars"),
        (["-d", "/tmp/x", "restriction", "add", "--storefront", "us", "--withhold", "ratings", "--ground", "whim",
          "--edition", "1", "--reason", "r", "--until", "2099-01-01"], "whim"),
        (["-d", "/tmp/x", "restriction", "add", "--storefront", "us", "--withhold", "ratings", "--ground", "law",
          "--reason", "r", "--until", "2099-01-01"], "--edition"),
    ]
    for args, word in cases:
        status, _, err = run(*args)
        assert status == 2 and word in err, (args, status, err)
    # Whoever asks a command how it is called is told that.
    for command in ["move", "import", "restriction add", "record resume"]:
        status, out, _ = run(*command.split(), "--help")
        assert status == 0 and command in out and len(out.splitlines()) < 20, (command, status, out)
    # Of several that begin alike, all of them; without --help it is no command.
    status, out, err = run("staff", "--help")
    assert status == 0 and err == "" and "staff add" in out and "staff trail" in out and "shop add" not in out, (status, out, err)
    status, out, err = run("staff")
    assert status == 2 and out == "" and "staff add" in err and "shop add" not in err, (status, out, err)
    for words in ["staff", "nobody"], ["stuff"], ["stuff", "--help"]:
        status, out, err = run(*words)
        assert status == 2 and out == "" and "no such command" in err, (words, out, err)


def test_refusals_leave_everything_as_it_was():
    with Shop(samples=False) as shop:
        for args, word in [
            (["init"], "already"),
            (["storefront", "add", "us", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "USD"], "us"),
            (["storefront", "add", "record", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "USD"], "record"),
            (["storefront", "add", "x", "--unresearched", "sell", "--country", "usa", "--language", "en", "--currency", "USD"], "usa"),
            (["storefront", "add", "x", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "dollar"], "dollar"),
            (["shop", "add", "Main", "--name", "n"], "Main"),
            (["import", "--shop", "none", "/dev/null"], "none"),
            (["collection", "add", "c", "--name", "C", "--query", "nothing fits"], "empty"),
            (["restriction", "lift", "9", "--reason", "r"], "9"),
        ]:
            status, _, err = shop.run(*args)
            assert status == 1 and word in err, (args, status, err)


def test_the_key_is_the_owners_alone():
    with Shop(samples=False) as shop:
        key = os.path.join(shop.dir, "key")
        assert stat.S_IMODE(os.stat(key).st_mode) == 0o600
        os.chmod(key, 0o644)
        status, _, err = shop.run("record", "vkey")
        assert status == 1 and "chmod" in err


def test_commands_work_beside_a_server_and_without():
    with Shop() as shop:
        before = shop.authority("--storefront", "us", "--edition", "9780000000040", "--withhold", "ratings")
        shop.serve()
        after = shop.authority("--storefront", "us", "--edition", "9780000000040", "--withhold", "reviews")
        assert after["record_index"] > before["record_index"]
        listed = json.loads(shop.ok("restriction", "list", "--json"))["restrictions"]
        assert [r["state"] for r in listed] == ["in effect", "in effect"]
        assert "good" in shop.ok("record", "verify")


def test_passwords_are_no_arguments():
    with Shop(samples=False) as shop:
        status, _, err = shop.run("account", "add", "a@example.org", "--role", "operator")
        assert status == 2 and "--password-stdin" in err
        status, _, err = shop.run("account", "add", "a@example.org", "--role", "operator", "--password-stdin", stdin=b"short\n")
        assert status == 1 and "password" in err
        shop.ok("account", "add", "a@example.org", "--role", "operator", "--password-stdin", stdin=b"long enough\n")
