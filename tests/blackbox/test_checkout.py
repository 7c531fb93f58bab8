"""The checkout: who, where to, how, what it comes to, and one purchase of it."""
import re
from ebooks import give_files
from html import unescape

from shop import EMMA, Browser, Shop, onix, product
from test_partner import partner
from test_sales import charge, order, place
from test_stock import counts

GUEST = {"email": "guest@example.org", "name": "Jane Doe", "lines": "1 Main Street", "city": "Springfield", "region": "IL", "postcode": "62701"}
EBOOK = "9780000050021"
CHINA = {"name": "李华", "lines": "长安街 1 号", "city": "北京", "region": "北京", "postcode": "100000"}


def bank(shop, currency):
    shop.ok("bank-account", "set", "--currency", currency, "--holder", "The Shops", "--account", "0001 " + currency)


def ship(shop, country, currency, *more, of="main"):
    shop.ok("shipping", "add", "--shop", of, "--name", "Book post", "--country", country, "--currency", currency, "--days", "2-5", "--band", "5000=4.90", *more)


def add(who, storefront, isbn):
    # A button on a page that is kept for all: what proves it is where it comes from.
    answer = who.ask("POST", "/%s/basket/add" % storefront, {"isbn": isbn}, {"Sec-Fetch-Site": "same-origin"})
    assert answer.status == 303, (answer.status, answer.text[-2000:])


def hidden(text):
    form = re.findall(r'<form method="post" action="[^"]*/checkout">(.*?)</form>', text, re.S)[0]
    return {unescape(k): unescape(v) for k, v in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)}


def review(who, storefront, fields):
    page = "/%s/checkout" % storefront
    once = re.search(r'name="once" value="([^"]*)"', who.get(page).text)
    return who.post(page, page, {**fields, "act": "review", "once": once[1]})


def purchases(shop):
    return int(shop.look("SELECT COUNT(*) FROM purchase"))


def test_a_guest_buys_a_printed_book():
    with Shop() as shop:
        shop.ok("stock", "set", "--shop", "main", EMMA, "5")
        shop.serve()
        guest = Browser(shop)
        assert "nothing in your basket" in guest.get("/us/checkout").text
        add(guest, "us", EMMA)
        assert 'data-bar="no-tax"' in guest.get("/us/checkout").text
        charge(shop, country="US", print="0")
        # Nobody said yet how it is sent, and then not what tax its delivery bears.
        told = lambda: 'data-bar="not-sent"' in guest.get("/us/checkout").text
        assert told()
        ship(shop, "US", "USD")
        assert told()
        charge(shop, country="US", shipping="10")
        page = guest.get("/us/checkout").text
        assert not told() and "Book post" in page and page.index('name="name"') < page.index('name="city"') < page.index('name="region"') < page.index('name="postcode"')
        # What is missing is named, at its field, and what was typed stays.
        wrong = review(guest, "us", {**GUEST, "city": "", "email": "nobody"})
        assert wrong.status == 422 or wrong.status == 400, wrong.status
        assert "The city is missing." in wrong.text and "no e-mail address" in wrong.text and 'value="62701"' in wrong.text
        assert re.search(r'name="city"[^>]*aria-invalid="true"', wrong.text) and not re.search(r'name="region"[^>]*aria-invalid', wrong.text)
        shown = review(guest, "us", GUEST)
        assert shown.status == 200 and "Order and pay" in shown.text and "Springfield" in shown.text, shown.text
        fields = hidden(shown.text)
        send = lambda **more: guest.ask("POST", "/us/checkout", {**fields, "act": "order", **more})
        # No form without its page's token.
        assert send(token="x").status == 403 and purchases(shop) == 0
        # The price of delivery changed meanwhile: said, with the new numbers, and nothing placed.
        shop.ok("shipping", "end", "1")
        ship(shop, "US", "USD", "--band", "9000=6.90")
        charge(shop, country="US", shipping="20")
        changed = send()
        assert changed.status == 409 and "has changed since" in changed.text and purchases(shop) == 0
        assert hidden(changed.text)["reckoned"] != fields["reckoned"]
        # So is a way to send it that is no longer offered, though the next one costs the same.
        fields = hidden(changed.text)
        shop.ok("shipping", "end", "2")
        ship(shop, "US", "USD", "--band", "9000=6.90")
        assert send().status == 409 and purchases(shop) == 0
        fields = hidden(review(guest, "us", GUEST).text)
        other = hidden(review(guest, "us", GUEST).text)
        # Nobody is let order what they could not pay for.
        nowhere = send()
        assert nowhere.status == 422 and "has not stated yet where to pay to in USD" in nowhere.text and purchases(shop) == 0, nowhere.text
        bank(shop, "USD")
        placed = send()
        assert placed.status == 303 and purchases(shop) == 1, (placed.status, placed.text)
        seen = guest.get(placed.headers["Location"])
        number = re.search(r'data-order="([^"]*)"', seen.text)[1]
        assert "Springfield" in seen.text and "Book post" in seen.text
        sold = order(shop, number)
        assert sold["shipping"] > 0 and sold["total"] == sold["lines"][0]["total"] + sold["shipping"], sold
        assert list(counts(shop).values()) == [(5, 1)] and "nothing in your basket" in guest.get("/us/checkout").text
        # Sent again, it is the same purchase.
        again = send()
        assert again.status == 303 and again.headers["Location"] == placed.headers["Location"] and purchases(shop) == 1
        # Another tab's form finds nothing left to buy.
        late = guest.ask("POST", "/us/checkout", {**other, "act": "order"})
        assert late.status in (400, 422) and "nothing in your basket" in late.text and purchases(shop) == 1
        # A guest's waits for seven days; five wait under one address, and no sixth.
        assert shop.look("SELECT CAST(MAX(expires - placed) AS BIGINT) FROM purchase") == str(7 * 86400)
        shop.ok("stock", "set", "--shop", "main", EMMA, "50")
        for _ in range(4):
            place(shop, EMMA, who=("--email", GUEST["email"]), storefront="us")
        add(guest, "us", EMMA)
        sixth = guest.ask("POST", "/us/checkout", {**hidden(review(guest, "us", GUEST).text), "act": "order"})
        assert sixth.status == 422 and "5 orders wait for their payment already" in sixth.text and purchases(shop) == 5, sixth.text


def test_a_reader_buys_an_e_book():
    with Shop() as shop:
        charge(shop, country="CN", print="0", e_book="9")
        bank(shop, "CNY")
        give_files(shop, EBOOK)
        shop.serve()
        guest, reader = Browser(shop), Browser(shop)
        add(guest, "cn", EBOOK)
        assert 'data-bar="needs-account"' in guest.get("/cn/checkout").text
        reader.sign_up("cn", "Li")
        add(reader, "cn", EBOOK)
        page = reader.get("/cn/checkout").text
        assert 'name="consent"' in page and 'name="city"' not in page and not re.search(r'name="consent"[^>]*checked', page)
        refused = review(reader, "cn", {})
        assert refused.status in (400, 422) and re.search(r'name="consent"[^>]*aria-invalid="true"', refused.text)
        fields = hidden(review(reader, "cn", {"consent": "yes"}).text)
        # Not even a form without the box, made by hand.
        without = {k: v for k, v in fields.items() if k != "consent"}
        assert reader.ask("POST", "/cn/checkout", {**without, "act": "order"}).status in (400, 422) and purchases(shop) == 0
        # An address that a form made by hand has is not kept: nothing is sent.
        placed = reader.ask("POST", "/cn/checkout", {**fields, **CHINA, "lines": "x" * 9000, "act": "order"})
        assert placed.status == 303 and purchases(shop) == 1, placed.text
        assert shop.look("SELECT COUNT(*) FROM purchase WHERE COALESCE(delivery, '') || COALESCE(billing, '') <> ''") == "0"
        assert shop.look("SELECT COUNT(*) FROM purchase WHERE consent > 0 AND consent_text <> ''") == "1"
        assert reader.get(placed.headers["Location"]).status == 200


def test_two_shops_in_one_basket_are_one_payment_and_an_order_each():
    with Shop() as shop:
        theirs = "9783161484100"
        shop.ok("shop", "add", "other", "--name", "Another Shop")
        shop.ok("import", "--shop", "other", shop.file("theirs.xml", onix(product("o1", theirs, "Theirs"))))
        charge(shop, country="US", print="0", shipping="10")
        bank(shop, "USD")
        for name in "main", "other":
            ship(shop, "US", "USD", of=name)
            shop.ok("seller", "set", "--shop", name, "--name", "Seller " + name, "--address", "1 Street", "--country", "US", "--email", name + "@books.example", "--account", "US1", "--fee", "5")
        shop.serve()
        guest, pia = Browser(shop), partner(shop, "other", "pia@press.example")
        for isbn in EMMA, theirs:
            add(guest, "us", isbn)
        shown = review(guest, "us", GUEST).text
        assert "How Another Shop sends it" in shown and shown.count("Book post") == 2, shown
        placed = guest.ask("POST", "/us/checkout", {**hidden(shown), "act": "order"})
        page = placed.headers["Location"]
        numbers = re.findall(r'data-order="([^"]*)"', guest.get(page).text)
        sold = [order(shop, n) for n in numbers]
        assert purchases(shop) == 1 and sorted(o["shop"] for o in sold) == ["main", "other"] and all(o["shipping"] > 0 and len(o["lines"]) == 1 for o in sold), sold
        assert shop.look("SELECT COUNT(*) FROM payment") == "1" and int(shop.look("SELECT amount FROM payment")) == sum(o["total"] for o in sold)
        # One transfer pays both; each shop has its invoice, its order, its share, and nothing of the other's.
        shop.ok("payment", "settle", shop.look("SELECT reference FROM payment"), "--amount", "%d.%02d" % divmod(sum(o["total"] for o in sold), 100))
        seen = guest.get(page).text
        assert all(order(shop, n)["state"] == "paid" for n in numbers) and seen.count("/invoices/1") == 2, seen
        own = next(o["number"] for o in sold if o["shop"] == "other")
        desk = pia.get("/desk/orders").text
        assert re.findall(r'data-order="([^"]*)"', desk) == [own] and {pia.get("/desk/orders/" + n).status for n in numbers if n != own} == {404}
        assert shop.look("SELECT COUNT(DISTINCT shop_id) FROM ledger_line WHERE account = 'shop' AND amount < 0") == "2" and shop.look("SELECT SUM(amount) FROM ledger_line") == "0"
        shop.ok("sales", "check")


def test_the_region_decides_the_tax_and_the_bill_goes_elsewhere():
    with Shop() as shop:
        charge(shop, country="US", print="0", shipping="0")
        for kind in "print", "e-book":
            shop.ok("tax", "set", "--country", "US", "--region", "CA", "--kind", kind, "--rate", "7.25", "--from", "2020-01-01", "--source", "a law of the tests")
        assert shop.run("tax", "set", "--country", "DE", "--region", "BY", "--kind", "print", "--rate", "7", "--from", "2020-01-01", "--source", "a law")[0] != 0
        ship(shop, "US", "USD")
        bank(shop, "USD")
        give_files(shop, EBOOK)
        shop.serve()
        guest, reader = Browser(shop), Browser(shop)
        add(guest, "us", EMMA)
        assert "is reckoned at the checkout" in guest.get("/us/basket").text
        page = guest.get("/us/checkout").text
        assert "as soon as it is known where it goes to" in page and '<option value="CA">California</option>' in page
        wrong = review(guest, "us", {**GUEST, "region": "ZZ", "bill_name": "A Firm", "bill_country": "DE"})
        assert wrong.status == 422 and "region from the list" in wrong.text and "An invoice needs a street" in wrong.text and "The postcode of the invoice is missing." in wrong.text
        assert re.search(r'name="bill_lines"[^>]*aria-invalid="true"', wrong.text) and "<details open>" in wrong.text
        illinois = review(guest, "us", GUEST).text
        assert "Tax of 0" in illinois and "7.25" not in illinois
        bill = {"bill_name": "A Firm", "bill_lines": "Hauptstr. 5", "bill_postcode": "10115", "bill_city": "Berlin", "bill_country": "DE"}
        california = review(guest, "us", {**GUEST, "region": "CA", **bill}).text
        assert "Tax of 7.25" in california and "Hauptstr. 5" in california and "Germany" in california, california
        fields = hidden(california)
        # A form made by hand that says another region comes to something else.
        assert guest.ask("POST", "/us/checkout", {**fields, "region": "IL", "act": "order"}).status == 409 and purchases(shop) == 0
        placed = guest.ask("POST", "/us/checkout", {**fields, "act": "order"})
        number = re.search(r'data-order="([^"]*)"', guest.get(placed.headers["Location"]).text)[1]
        line = order(shop, number)["lines"][0]
        included = line["total"] == line["unit"]
        assert line["rate"] == 7250 and line["tax"] == ((line["unit"] * 2 * 7250 + 107250) // 214500 if included else (line["unit"] * 2 * 7250 + 100000) // 200000), line
        look = lambda what: shop.look("SELECT %s FROM purchase ORDER BY id DESC LIMIT 1" % what)
        assert "Berlin" in look("billing") and "Springfield" in look("delivery") and '"CA"' in look("evidence")
        # Of an e-book alone the region is asked for, and no address is kept.
        reader.sign_up("us", "Lee")
        add(reader, "us", EBOOK)
        page = reader.get("/us/checkout").text
        assert 'name="region"' in page and 'name="city"' not in page
        assert "the tax depends on it" in review(reader, "us", {"consent": "yes"}).text
        assert "Tax of 0" not in review(reader, "us", {"consent": "yes", "region": "CA"}).text
        # Elsewhere nobody stated what is charged on e-books.
        assert 'data-bar="no-tax"' in review(reader, "us", {"consent": "yes", "region": "OR"}).text
        abroad = review(reader, "us", {"consent": "yes", "region": "CA", **bill})
        assert abroad.status == 422 and "people in this country alone" in abroad.text
        fields = hidden(review(reader, "us", {"consent": "yes", "region": "CA"}).text)
        assert reader.ask("POST", "/us/checkout", {**fields, "act": "order"}).status == 303
        assert look("delivery") + look("billing") == "" and '"CA"' in look("evidence")
        assert shop.look("SELECT rate FROM sales_line ORDER BY id DESC LIMIT 1") == "7250"
        # By telephone, too.
        status, _, err = shop.run("sales", "place", "--storefront", "us", "--email", "a@example.org", EMMA)
        assert status != 0 and "region" in err, err
        shop.ok("sales", "place", "--storefront", "us", "--email", "a@example.org", "--region", "CA", EMMA)
        assert shop.look("SELECT rate FROM sales_line ORDER BY id DESC LIMIT 1") == "7250"
