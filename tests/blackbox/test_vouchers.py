"""Vouchers where something is bought: what comes off, what a law keeps, whose money it is, and how often."""
import json
import re

from shop import Browser, Shop, onix, product
from test_basket import act
from test_checkout import GUEST, add, bank, hidden, purchases, review
from test_payments import balanced, ledger, payments, plain, statement
from test_sales import charge, order
from test_sales_desk import ORDERS

FREE, FIXED, OTHERS = "9780000061010", "9780000061027", "9780000061034"


def stall(shop):
    """Two shops: one with a book of a free price and one that the publisher fixed, the other with a third."""
    shop.ok("shop", "add", "other", "--name", "Another Shop")
    shop.ok("import", "--shop", "main", shop.file("main.xml", onix(
        product("v1", FREE, title="A free price", amount="10.00"),
        product("v2", FIXED, title="A fixed price", amount="20.00").replace("<PriceType>01", "<PriceType>03"))))
    shop.ok("import", "--shop", "other", shop.file("other.xml", onix(product("v3", OTHERS, title="Of others", amount="30.00"))))
    charge(shop, country="US", print="10", shipping="0")
    bank(shop, "USD")
    for of in "main", "other":
        shop.ok("shipping", "add", "--shop", of, "--name", "Book post", "--country", "US", "--currency", "USD", "--days", "2-5", "--band", "5000=4.90")


def code(shop, *args):
    return re.search("code: (.*)\n", shop.ok("voucher", "add", "--name", "Spring", *args))[1]


def use(who, typed):
    return who.post("/us/basket", "/us/basket/voucher", {"voucher": typed})


def used(shop):
    return shop.look("SELECT used FROM voucher ORDER BY id DESC")


def buy(who):
    placed = who.ask("POST", "/us/checkout", {**hidden(review(who, "us", GUEST).text), "act": "order"})
    assert placed.status == 303, placed.text
    return placed.headers["Location"], re.findall(r'data-order="([^"]*)"', who.get(placed.headers["Location"]).text)


def test_a_voucher_from_the_basket_to_the_refund():
    from test_partner import operator
    with Shop(samples=False) as shop:
        stall(shop)
        shop.serve()
        who = Browser(shop)
        for isbn in FREE, FIXED, OTHERS:
            add(who, "us", isbn)
        assert use(who, "NOTHING-1").status == 422 and "There is no voucher of this code." in use(who, "NOTHING-1").text and use(who, "").status == 422
        ended, full, yen = code(shop, "--rate", "5"), code(shop, "--rate", "5", "--uses", "1"), code(shop, "--amount", "5", "--currency", "JPY")
        shop.ok("voucher", "end", "1")
        shop.tamper("UPDATE voucher SET used = 1 WHERE id = 2")
        for typed, said in (ended, "has ended"), (full, "has been used up"), (yen, "another currency"):
            refused = use(who, typed)
            assert refused.status == 422 and said in refused.text and 'aria-invalid="true"' in refused.text, said
        # An operator's is for all shops' goods, in whatever case and spacing the code is typed.
        ten = code(shop, "--amount", "10", "--currency", "USD", "--uses", "1")
        assert use(who, "  %s-%s " % (ten[:4].lower(), ten[4:])).status == 303
        page = who.get("/us/basket").text
        assert "Spring" in page and re.search(r"Discount</dt><dd>−[^<]*10\.00", page) and "data-fixed" not in page, page
        # A law that fixes prices: five per cent of 20.00 at most, the rest off what is free.
        shop.ok("price-law", "set", "--country", "US", "--kind", "print", "--from", "2020-01-01", "--discount", "5", "--law", "A law of the tests")
        page = who.get("/us/basket").text
        assert page.count("data-fixed") == 1 and "a voucher takes at most 5 % off it" in page.replace("\u00a0", " ").replace("5%", "5 %"), page
        shown = review(who, "us", GUEST).text
        assert re.search(r"Discount</dt><dd>−[^<]*10\.00", shown) and "as little as the law lets it" in shown
        location, numbers = buy(who)
        main, other = (order(shop, n) for n in numbers)
        by = {l["edition"]: l for o in (main, other) for l in o["lines"]}
        # In proportion to what may come off: 1000, 100 and 3000 of 4100.
        assert [by[i]["discount"] for i in (FREE, FIXED, OTHERS)] == [244, 24, 732], by
        assert [by[i]["total"] for i in (FREE, FIXED, OTHERS)] == [832, 2174, 2495] and main["discount"] == 268, by
        assert used(shop) == "1" and shop.look("SELECT COUNT(*) FROM basket WHERE voucher_id <> 0") == "0"
        assert shop.look("SELECT isbn FROM sales_line WHERE fixed = 1") == FIXED and 'name="voucher"' not in who.get("/us/basket").text
        # Paid: the operator makes good to each shop what came off; given back with what comes back, in parts that make the whole.
        due = payments(shop)[-1]
        told = statement(shop, (plain(due["amount"]), "USD", due["reference"], "1"))
        assert told["settled"] == 1 and ledger(shop, "vouchers") == 1000 and balanced(shop), told
        net = lambda o: o["total"] - o["tax"]
        assert ledger(shop, "shop") + ledger(shop, "fee") == -(net(main) + net(other) + 1000)
        ada = operator(shop)
        at = ORDERS + "/" + numbers[1]
        back = ada.post(at, at + "/cancel", {"line_%d" % by[OTHERS]["id"]: "1", "key": "k1"})
        assert back.status == 303, back.text
        assert ledger(shop, "vouchers") == 268 and balanced(shop) and order(shop, numbers[1])["refunded"] == other["total"], "no more than was paid"
        assert "agree" in shop.ok("sales", "check")
        # Somebody else's basket with a voucher that is used up meanwhile: said, and nothing placed.
        late = Browser(shop)
        add(late, "us", FREE)
        two = code(shop, "--rate", "50", "--uses", "1", "--shop", "main")
        assert use(late, two).status == 303
        fields = hidden(review(late, "us", GUEST).text)
        shop.tamper("UPDATE voucher SET used = 1 WHERE id = (SELECT MAX(id) FROM voucher)")
        gone = late.ask("POST", "/us/checkout", {**fields, "act": "order"})
        assert gone.status == 409 and "has been used up" in gone.text and purchases(shop) == 1, gone.text
        assert "has been used up" in late.get("/us/basket").text
        assert late.post("/us/basket", "/us/basket/voucher", {"remove": "yes"}).status == 303 and 'name="voucher"' in late.get("/us/basket").text
        # A shop's own is for its own goods, lowers what it is paid, and is given back when nobody pays.
        shop.tamper("UPDATE voucher SET used = 0 WHERE id = (SELECT MAX(id) FROM voucher)")
        add(late, "us", OTHERS)
        assert use(late, two).status == 303
        location, numbers = buy(late)
        assert [order(shop, n)["discount"] for n in numbers] == [500, 0] and used(shop) == "1"
        assert late.post(location, location + "/cancel", {}).status == 303
        assert used(shop) == "0" and shop.look("SELECT COUNT(*) FROM voucher_use") == "1"
        add(late, "us", OTHERS)
        assert use(late, two).status == 303 and "for the goods of another shop" in late.get("/us/basket").text
        least = code(shop, "--rate", "50", "--least", "99", "--currency", "USD")
        act(late, "remove", OTHERS), add(late, "us", FIXED)
        late.post("/us/basket", "/us/basket/voucher", {"remove": "yes"})
        assert use(late, least).status == 303 and re.search(r"counts for goods of [^ ]*99\.00 or more", late.get("/us/basket").text)
        # By telephone, too; and whoever guesses has to wait.
        sold = json.loads(shop.ok("sales", "place", "--json", "--storefront", "us", "--email", "a@example.org", "--voucher", two.lower(), FREE))["orders"][0]["number"]
        assert order(shop, sold)["discount"] == 500
        status, _, err = shop.run("sales", "place", "--storefront", "us", "--email", "a@example.org", "--voucher", two, FREE)
        assert status != 0 and "used up" in err, err
        late.post("/us/basket", "/us/basket/voucher", {"remove": "yes"})
        seen = [use(late, "GUESS-%d" % n).status for n in range(25)]
        assert seen[0] == 422 and seen[-1] == 429, seen
