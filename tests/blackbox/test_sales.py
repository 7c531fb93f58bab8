"""Sales orders: what is agreed, once, and what it comes to."""
import json

from ebooks import give_files
from shop import Shop

PRINT, EBOOK = "9780000050014", "9780000050021"  # 红楼梦, on paper and as an e-book
READER = "reader@example.org"


def charge(shop, country="CN", **rates):
    for kind, rate in rates.items():
        shop.ok("tax", "set", "--country", country, "--kind", kind.replace("_", "-"), "--rate", rate, "--from", "2020-01-01",
                "--source", "a law of the tests")


def place(shop, *editions, who=("--email", READER), storefront="cn"):
    return json.loads(shop.ok("sales", "place", "--storefront", storefront, *who, "--consent", "--json", *editions))


def order(shop, number):
    return json.loads(shop.ok("sales", "show", "--json", number))


def refused(shop, *args, why):
    status, out, err = shop.run("sales", "place", "--storefront", "cn", *args)
    assert status != 0 and why in err and not out, (status, out, err)


def test_an_order_by_telephone():
    with Shop() as shop:
        nothing_sold = lambda: shop.look("SELECT COUNT(*) FROM purchase") == "0" and not json.loads(shop.ok("sales", "list", "--json"))["orders"]
        refused(shop, "--email", READER, PRINT, why="the tax of print in CN is not stated")
        charge(shop, print="0", e_book="9")
        refused(shop, "--email", READER, "9780000050014=0", why="1 to 200 copies")
        refused(shop, "--email", READER, "9783161484100", why="there is no such edition")
        refused(shop, "--email", READER, PRINT, PRINT, why="named twice")
        refused(shop, "--email", "nobody", PRINT, why="address")
        refused(shop, "--email", READER, EBOOK, why="no file of it can be handed over (no-file)")
        give_files(shop, EBOOK)
        refused(shop, "--email", READER, EBOOK, why="delivered to an account")
        refused(shop, "--as", READER, EBOOK, why="there is no account")
        assert nothing_sold()
        placed = place(shop, PRINT + "=3")
        number = placed["orders"][0]["number"]
        seen = order(shop, number)
        line = seen["lines"][0]
        assert seen["state"] == "placed" and seen["purchase_state"] == "waiting" and seen["email"] == READER, seen
        assert line["quantity"] == 3 and line["rate"] == 0 and line["tax"] == 0 and line["kind"] == "print", line
        assert seen["total"] == line["total"] == 3 * line["unit"] == placed["orders"][0]["total"] > 0
        assert [e["kind"] for e in seen["events"]] == ["placed"] and seen["events"][0]["actor"] == "staff"
        # An account buys an e-book, of which there is one.
        shop.ok("account", "add", READER, "--name", "Reader", "--password-stdin", stdin=b"a long enough password\n")
        # It is there at once, which they have to want.
        refused(shop, "--as", READER, EBOOK, why="an e-book is sold with it alone")
        both = place(shop, PRINT, EBOOK + "=7", who=("--as", READER))
        lines = order(shop, both["orders"][0]["number"])["lines"]
        assert [l["quantity"] for l in lines] == [1, 1] and lines[1]["digital"], lines
        net = lines[1]["unit"] if lines[1]["total"] != lines[1]["unit"] else None
        expected = (lines[1]["unit"] * 18000 + 109000) // 218000 if net is None else (net * 9000 + 50000) // 100000
        assert lines[1]["tax"] == expected, lines[1]
        listed = json.loads(shop.ok("sales", "list", "--json"))["orders"]
        assert [o["number"] for o in listed] == [both["orders"][0]["number"], number], listed
        # What is sent costs what sending it does, by a way that is offered; without an address it is fetched.
        to = ("--email", READER, "--name", "Li", "--address", "Long Lane 1", "--country", "CN")
        refused(shop, *to, PRINT, why="its shop does not send it")
        charge(shop, shipping="0")
        for band in "5000=12.00", "9000=6.00":
            shop.ok("shipping", "add", "--shop", "main", "--name", "Post", "--country", "CN", "--currency", "CNY", "--days", "2-5", "--band", band)
        refused(shop, *to, "--shipping", "9", PRINT, why="9 is no way to send this")
        for way, costs in ((), 1200), (("--shipping", "2"), 600):
            sent = order(shop, place(shop, PRINT, who=to + way)["orders"][0]["number"])
            assert sent["shipping"] == costs and sent["total"] == sent["lines"][0]["total"] + costs, sent
        # What is withheld is not sold, and whose address it was is in no trail.
        shop.authority("--edition", PRINT, "--withhold", "sale", "--storefront", "cn")
        refused(shop, "--email", READER, PRINT, why="withheld here by restriction")
        trail = [l for l in shop.ok("staff", "trail").splitlines() if "sales place" in l and "as=" not in l]
        assert trail and READER not in "".join(trail), trail
