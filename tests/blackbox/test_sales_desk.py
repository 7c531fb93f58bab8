"""The desk of sales orders: looking, picking, sending, notes; whose orders are whose."""
import concurrent.futures
import json
import re
import urllib.parse

from shop import EMMA, Browser, Shop
from test_partner import operator, partner, trail

ORDERS = "/desk/orders"


def sell(shop, *editions, name="Zoë Ünlü", **more):
    """A purchase by telephone; the number of its one sales order."""
    args = [w for k, v in {"storefront": "us", "email": "buyer@example.org", "name": name, "address": "12 Long Lane", "country": "US", **more}.items() for w in ("--" + k, v)]
    return json.loads(shop.ok("sales", "place", "--json", *args, *editions))["orders"][0]["number"]


def paid(shop, number):
    shop.tamper("UPDATE purchase SET state = 'paid' WHERE id IN (SELECT purchase_id FROM sales_order WHERE number = '%s')" % number,
                "UPDATE sales_order SET state = 'paid', paid = placed WHERE number = '%s'" % number)


def taxed(shop):
    for kind in "print", "e-book", "shipping":
        shop.ok("tax", "set", "--country", "US", "--kind", kind, "--rate", "0", "--from", "2020-01-01", "--source", "test")
    shop.ok("shipping", "add", "--shop", "main", "--name", "Post", "--country", "US", "--currency", "USD", "--days", "2-5", "--band", "99000=0")


def shown(shop, number):
    return json.loads(shop.ok("sales", "show", "--json", number))


def test_what_is_paid_is_picked_and_sent_in_parts():
    with Shop() as shop:
        taxed(shop)
        shop.ok("stock", "set", "--shop", "main", EMMA, "5")
        waits, number = sell(shop, EMMA, name="Other"), sell(shop, EMMA + "=3")
        paid(shop, number)
        shop.serve()
        ada = operator(shop)
        page = ada.get(ORDERS).text
        assert 'data-order="%s"' % number in page and waits not in page and "1 waits" in page
        assert 'href="/desk/orders"' in ada.get("/desk/").text
        for query, found in (number, True), (EMMA, True), ("zoë", True), ("long lane", True), ("buyer@", True), ("nobody", False), ("%25", False):
            assert (number in ada.get(ORDERS + "?q=" + urllib.parse.quote(query)).text) == found, query
        assert waits in ada.get(ORDERS + "?state=placed").text and number not in ada.get(ORDERS + "?state=placed").text
        picks = ada.get(ORDERS + "/picking").text
        assert "3 copies" in picks and number in picks and waits not in picks
        one = ORDERS + "/" + number
        page = ada.get(one).text
        assert "Zoë Ünlü<br>12 Long Lane<br>United States" in page and "buyer@example.org" in page
        line = "line_%d" % shown(shop, number)["lines"][0]["id"]
        for wrong in {line: "4"}, {line: "x"}, {line: "0"}, {}, {"line_999": "1"}, {line: "1", "carrier": "x" * 101}:
            refused = ada.post(one, one + "/send", wrong)
            assert refused.status in (409, 422) and 'id="error"' in refused.text, (wrong, refused.status)
        assert ada.post(one, one + "/send", {line: "2", "carrier": "Post", "tracking": "RR 12"}).status == 303
        page = ada.get(one).text
        assert "2 × Emma" in page and "RR 12" in page and "To be sent" in ada.get(ORDERS).text and number in ada.get(ORDERS).text
        stock = lambda: tuple(shop.look("SELECT %s FROM stock" % c) for c in ("on_hand", "promised"))
        assert stock() == ("3", "2") and shown(shop, number)["lines"][0]["sent"] == 2
        # What is sent twice at once is sent once.
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            done = sorted(pool.map(lambda _: ada.post(one, one + "/send", {line: "1"}).status, range(3)))
        assert done == [303, 409, 409], done
        assert stock() == ("2", "1") and shown(shop, number)["state"] == "done" and number not in ada.get(ORDERS).text
        assert [e["kind"] for e in shown(shop, number)["events"] if e["actor"] == "staff"][-2:] == ["sent", "sent"]
        # A form has a key: a double click or a reload while copies are left sends no more, and says that it is done.
        shop.ok("stock", "set", "--shop", "main", EMMA, "9")
        more = sell(shop, EMMA + "=2")
        paid(shop, more)
        two, left = ORDERS + "/" + more, "line_%d" % shown(shop, more)["lines"][0]["id"]
        page = ada.get(two).text
        key = re.search(r'name="key" value="([^"]+)"', page)[1]
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            assert set(pool.map(lambda _: ada.post(two, two + "/send", {left: "1", "key": key}).status, range(3))) == {303}
        assert shown(shop, more)["lines"][0]["sent"] == 1 and stock()[0] == "8" and shop.look("SELECT COUNT(*) FROM shipment WHERE order_id = (SELECT id FROM sales_order WHERE number = '%s')" % more) == "1"
        other = ada.post(two, two + "/send", {left: "2", "key": key})
        assert other.status == 409 and "sent before, with something else in it" in other.text
        assert [ada.post(two, two + "/note", {"note": "Once.", "key": key}).status for _ in range(2)] == [303, 303] and ada.get(two).text.count(">Once.<") == 1
        assert ada.post(ORDERS + "/" + waits, ORDERS + "/" + waits + "/send", {"line_%d" % shown(shop, waits)["lines"][0]["id"]: "1"}).status == 409, "it is not paid"
        assert ada.post(one, one + "/note", {"note": "Called them <b>twice</b>."}).status == 303 and "Called them &lt;b&gt;twice&lt;/b&gt;." in ada.get(one).text
        assert ada.post(one, one + "/note", {"note": " "}).status == 422
        assert any(t["what"] == "POST /desk/orders/{number}/send" for t in trail(shop)) and "Called them" not in shop.ok("staff", "trail")
        assert "Called them" not in shop.ok("record", "export", "jsonl") and "Long Lane" not in shop.ok("staff", "trail")


def test_a_shop_has_its_own_orders_and_no_more_than_sending_takes():
    with Shop() as shop:
        taxed(shop)
        shop.ok("shop", "add", "other", "--name", "Another Shop")
        number = sell(shop, EMMA)
        paid(shop, number)
        shop.serve()
        pia, eve = partner(shop), partner(shop, "other", "eve@press.example")
        one = ORDERS + "/" + number
        page = pia.get(one).text
        assert "12 Long Lane" in page and "buyer@example.org" not in page and number not in pia.get(ORDERS + "?q=buyer@").text and number in pia.get(ORDERS + "?q=" + number).text
        line = "line_%d" % shown(shop, number)["lines"][0]["id"]
        assert "data-order" not in eve.get(ORDERS + "?q=" + number).text and eve.get(one).status == 404 and number not in eve.get(ORDERS + "/picking").text
        for act, form in ("send", {line: "1"}), ("note", {"note": "x"}):
            assert eve.post(ORDERS, one + "/" + act, form).status == 404, act
        assert Browser(shop).get(one).status == 303 and shop.ask("POST", one + "/send", line + "=1", {"Content-Type": "application/x-www-form-urlencoded"}).status in (303, 401, 403)
        assert shown(shop, number)["lines"][0]["sent"] == 0
        assert pia.post(one, one + "/send", {line: "1"}).status == 303 and shown(shop, number)["state"] == "done"
        assert pia.get(ORDERS + "/NONE").status == 404


def test_a_shop_that_sends_nothing_sees_no_address():
    """The address is the whole purchase's; who sold only the e-book of it neither sees it nor finds by it."""
    with Shop() as shop:
        taxed(shop)
        number = sell(shop, EMMA)
        paid(shop, number)
        shop.tamper("UPDATE sales_line SET digital = 1")
        shop.serve()
        pia, ada = partner(shop), operator(shop)
        one, search = ORDERS + "/" + number, ORDERS + "?state=any&q="
        for page in pia.get(one), pia.get(one + "/packing"):
            assert "Long Lane" not in page.text and "Zoë" not in page.text, page.text
        assert number in pia.get(search + number).text
        for words in "long%20lane", "12345", "zo%C3%AB":
            assert "data-order" not in pia.get(search + words).text, words
        assert "Long Lane" in ada.get(one).text and number in ada.get(search + "long%20lane").text


def test_what_was_sold_is_summed_for_the_shop():
    with Shop() as shop:
        taxed(shop)
        shop.ok("shop", "add", "other", "--name", "Another Shop")
        first, second, open_one = sell(shop, EMMA + "=3"), sell(shop, EMMA), sell(shop, EMMA)
        for number in first, second:
            paid(shop, number)
        shop.tamper("UPDATE sales_line SET refunded = total, returned = quantity, sent = quantity WHERE order_id IN (SELECT id FROM sales_order WHERE number = '%s')" % second)
        unit = shown(shop, first)["lines"][0]["unit"]
        shop.serve()
        pia = partner(shop)
        SOLD = "/desk/partner/main/sales"
        for by, name in ("day", None), ("month", None), ("country", "United States"), ("format", "printed books"):
            page = pia.get(SOLD + "?by=" + by).text
            assert ">3</td>" in page and page.count('<th scope="row">') == 1 and "chart report" in page and (name or "") in page, by
            csv = pia.get(SOLD + ".csv?by=" + by)
            assert csv.text.splitlines()[0] == "day,country,format,currency,copies,paid,tax,given_back"
            cells = [c.strip('"') for c in csv.text.splitlines()[1].split(",")]
            assert cells[3:5] == ["USD", "3"] and cells[5].replace(".", "") == str(3 * unit) and cells[7].replace(".", "") == str(unit), cells
        assert "Zo" not in page and "Long Lane" not in page and "buyer@" not in page
        assert "Nothing was sold" in pia.get(SOLD + "?from=2020-01-01&until=2020-02-01").text
        for wrong in "from=x", "until=2020-01-01", "from=2027-02-30":
            refused = pia.get(SOLD + "?" + wrong)
            assert refused.status == 422 and 'id="error"' in refused.text, wrong
        assert pia.get(SOLD.replace("main", "other")).status == 404 and pia.get(SOLD.replace("main", "other") + ".csv").status == 404
        assert Browser(shop).get(SOLD).status == 303


def pay(shop, number):
    """As staff note it: the money came."""
    purchase = shown(shop, number)["purchase"]
    payment = next(p for p in json.loads(shop.ok("payment", "list", "--json")) if p["purchase"] == purchase)
    shop.ok("payment", "settle", payment["reference"], "--amount", "%d.%02d" % divmod(payment["amount"], 100))


def test_what_is_cancelled_comes_back_or_is_given_back_is_paid_back_once():
    with Shop() as shop:
        taxed(shop)
        shop.ok("stock", "set", "--shop", "main", EMMA, "5")
        number = sell(shop, EMMA + "=3")
        unpaid = sell(shop, EMMA)
        pay(shop, number)
        total = shown(shop, number)["total"]
        shop.serve()
        ada = operator(shop)
        one = ORDERS + "/" + number
        line = shown(shop, number)["lines"][0]
        field, unit = "line_%d" % line["id"], line["unit"]
        stock = lambda: tuple(shop.look("SELECT %s FROM stock" % c) for c in ("on_hand", "promised"))
        owed = lambda: int(shop.look("SELECT COALESCE(SUM(amount), 0) FROM refund WHERE state = 'owed'"))
        assert stock() == ("5", "4")
        # One of three before it leaves, by two clicks on the same button.
        cancel = {field: "1", "key": "form-1", "note": "out of print"}
        assert [ada.post(one, one + "/cancel", cancel).status for _ in range(2)] == [303, 303]
        now = shown(shop, number)
        assert now["refunded"] == owed() == unit and now["lines"][0]["cancelled"] == 1 and stock() == ("5", "3") and now["state"] == "paid"
        for wrong in {field: "3", "key": "w1"}, {field: "x", "key": "w2"}, {"key": "w3"}, {field: "1"}, {"line_999": "1", "key": "w4"}:
            assert ada.post(one, one + "/cancel", wrong).status in (409, 422), wrong
        assert ada.post(one, one + "/return", {field: "1", "key": "w5", "reason": "returned"}).status == 409, "nothing was sent"
        assert ada.post(one, one + "/send", {field: "2"}).status == 303 and shown(shop, number)["state"] == "done" and stock() == ("3", "1")
        # One comes back and is sold once more; the reason is one of two.
        assert ada.post(one, one + "/return", {field: "1", "key": "form-2", "reason": "goodwill"}).status == 422
        assert ada.post(one, one + "/return", {field: "1", "key": "form-2", "reason": "withdrawn", "shelf": "1"}).status == 303
        assert shown(shop, number)["refunded"] == owed() == 2 * unit and stock() == ("4", "1")
        # Goodwill: no more than is left of the line, with a note why.
        give = {"line": str(line["id"]), "amount": "1.50", "key": "form-3", "note": "a torn page"}
        for wrong in {"amount": "99999.00"}, {"amount": "0"}, {"amount": "-1"}, {"amount": "1.505"}, {"note": ""}, {"line": "x"}, {"line": "999"}:
            assert ada.post(one, one + "/refund", {**give, **wrong, "key": "w" + str(wrong)}).status in (409, 422), wrong
        assert [ada.post(one, one + "/refund", give).status for _ in range(2)] == [303, 303]
        assert shown(shop, number)["refunded"] == owed() == 2 * unit + 150
        assert ada.post(one, one + "/return", {field: "1", "key": "form-4", "reason": "returned"}).status == 303
        end = shown(shop, number)
        assert end["refunded"] == end["total"] == total == owed() and end["lines"][0]["returned"] == 2 and stock() == ("4", "1")
        # Never more than was paid; the ledger sums to nought.
        assert ada.post(one, one + "/refund", {**give, "key": "form-5"}).status == 409
        assert shop.look("SELECT COALESCE(SUM(amount), 0) FROM ledger_line") == "0"
        page = ada.get(one).text
        assert "out of print" in page and "a torn page" in page and page.count('data-event="refunded"') == 4 and "torn page" not in shop.ok("staff", "trail")
        # Where nothing is owed any more, twice is once, too.
        gift = sell(shop, EMMA + "=3")
        pay(shop, gift)
        free = "line_%d" % shown(shop, gift)["lines"][0]["id"]
        shop.tamper("UPDATE sales_line SET refunded = total WHERE id = %s" % free[5:])
        for act, form in ("cancel", {free: "1"}), ("send", {free: "1"}), ("return", {free: "1", "reason": "returned", "shelf": "1"}):
            assert [ada.post(ORDERS, ORDERS + "/" + gift + "/" + act, {**form, "key": "free"}).status for _ in range(2)] == [303, 303], act
        assert [shown(shop, gift)["lines"][0][k] for k in ("cancelled", "sent", "returned")] == [1, 1, 1] and stock() == ("4", "2")
        assert ada.post(ORDERS + "/" + unpaid, ORDERS + "/" + unpaid + "/cancel", {"line_%d" % shown(shop, unpaid)["lines"][0]["id"]: "1", "key": "x"}).status == 409
        # Another shop's staff cannot.
        shop.ok("shop", "add", "other", "--name", "Another Shop")
        eve = partner(shop, "other", "eve@press.example")
        for act in "cancel", "return", "refund":
            assert eve.post(ORDERS, one + "/" + act, {field: "1", "key": "e", "note": "x", "reason": "returned", "line": "1", "amount": "1"}).status == 404, act


def test_delivery_goes_back_where_only_an_ebook_is_left():
    with Shop() as shop:
        taxed(shop)
        number = sell(shop, EMMA)
        # An e-book beside it, and delivery of 4.90; the e-book is written when it was paid, for money of an e-book that has no account is held.
        names = "edition_id, work_id, isbn, title, contributor, kind, quantity, unit, discount, total, tax, rate, tax_country, tax_code, tax_id, price_type, fixed, available, sent, cancelled, returned, refunded"
        shop.tamper("UPDATE sales_order SET shipping = 490, total = 490 + (SELECT SUM(2 * l.total) FROM sales_line AS l)",
                    "UPDATE purchase SET total = (SELECT o.total FROM sales_order AS o)", "UPDATE payment SET amount = (SELECT o.total FROM sales_order AS o)")
        pay(shop, number)
        shop.tamper("INSERT INTO sales_line (id, order_id, digital, %s) SELECT id + 1, order_id, 1, %s FROM sales_line" % (names, names))
        shop.serve()
        ada, one, printed = operator(shop), ORDERS + "/" + number, shown(shop, number)["lines"][0]
        assert ada.post(one, one + "/cancel", {"line_%d" % printed["id"]: "1", "key": "whole"}).status == 303
        assert shown(shop, number)["refunded"] == printed["total"] + 490, shown(shop, number)
