"""The papers of what is sold: who sells, invoices and credit notes, letters, packing lists."""
import concurrent.futures
import datetime
import hashlib
import json
import os
import shutil
import subprocess

from exim import Exim
from shop import EMMA, ROOT, Browser, Shop
from test_api import fits
from test_letters import wait_for
from test_mail import set_mail
from test_partner import operator, partner, trail
from test_sales import charge

SELLER = {"name": "Riverside Books Ltd", "address": "1 River Street\r\nLondon SE1", "country": "GB", "email": "books@riverside.example",
          "tax_number": "GB123456789", "account": "GB33BUKB20201555555555", "fee": "7.5"}
DESK = "/desk/partner/main/seller"


def seller_set(shop, *more, **keywords):
    return shop.run("seller", "set", "--shop", "main", *more, **keywords)


def sellers(shop):
    return json.loads(shop.ok("seller", "list", "--json"))


def test_who_sells_is_said_at_the_desk_and_before_the_sale():
    with Shop() as shop:
        # Nothing half: what a paper needs must be there.
        assert sellers(shop) == []
        status, _, err = seller_set(shop, "--fee", "7.5")
        assert status == 1 and "address: it is empty" in err, err
        whole = ["--name", SELLER["name"], "--address", "1 River Street", "--address", "London SE1", "--country", "GB",
                 "--email", SELLER["email"], "--tax-number", SELLER["tax_number"], "--account", SELLER["account"], "--fee", "7.5"]
        for option, wrong, why in [("--fee", "101", "fee: per cent"), ("--fee", "7,5", "fee: per cent"), ("--fee", "1.2345", "fee: per cent"),
                                   ("--fee", "100.001", "fee: per cent"), ("--country", "England", "country: England is none"),
                                   ("--email", "nobody", "email: "), ("--name", "two\nlines", "name: "), ("--account", "x" * 61, "account: at most 60")]:
            at = whole.index(option)
            status, _, err = seller_set(shop, *whole[:at], option, wrong, *whole[at + 2:])
            assert status == 1 and why in err, (option, wrong, err)
        status, _, err = shop.run("seller", "set", "--shop", "none", *whole)
        assert status == 1 and "there is no shop none" in err, err
        assert sellers(shop) == []
        assert seller_set(shop, *whole)[0] == 0
        said = {"shop": "main", **SELLER, "address": "1 River Street\nLondon SE1", "taxes": "shop"}
        assert sellers(shop) == [said]
        status, _, err = seller_set(shop, "--taxes", "reader")
        assert status == 1 and "taxes: shop or operator" in err, err
        # What is not named stays.
        assert seller_set(shop, "--fee", "12.125")[0] == 0 and sellers(shop) == [{**said, "fee": "12.125"}]
        assert "seller set" in [e["what"] for e in trail(shop)]
        shop.serve()
        page = shop.get("/us/shops/main").text
        assert "Riverside Books Ltd\n1 River Street\nLondon SE1\nUnited Kingdom\nbooks@riverside.example\nTax number: GB123456789" in page
        assert "BUKB" not in page and "12.125" not in page
        pia, ada = partner(shop), operator(shop)
        form = pia.get(DESK).text
        assert 'value="Riverside Books Ltd"' in form and "keeps 12.125 %" in form and 'name="fee"' not in form
        assert 'name="fee" value="12.125"' in ada.get(DESK).text
        # A partner's words count but for the fee, which is the operator's.
        answer = pia.post(DESK, DESK, {**SELLER, "name": "Riverside & Sons", "fee": "0", "tax_number": ""})
        assert answer.status == 303 and 'class="done"' in pia.get(answer.headers["Location"]).text
        assert sellers(shop) == [{**said, "name": "Riverside & Sons", "tax_number": "", "fee": "12.125"}]
        assert trail(shop)[0]["what"] == "POST /desk/partner/{shop}/seller"
        assert ada.post(DESK, DESK, SELLER).status == 303 and sellers(shop) == [said]
        page = shop.get("/us/shops/main").text
        assert "Riverside Books Ltd" in page and "&amp; Sons" not in page, "the page of before is not kept"
        for name, wrong in ("name", " "), ("address", ""), ("country", "XXX"), ("email", "nobody"), ("fee", "-1"), ("account", "x" * 61):
            refused = ada.post(DESK, DESK, {**SELLER, name: wrong})
            assert refused.status == 422 and 'aria-invalid="true"' in refused.text, (name, refused.status)
        assert ada.post(DESK, DESK.replace("main", "none"), SELLER).status == 404 and sellers(shop) == [said]
        assert Browser(shop).get(DESK).status == 303


# ---- invoices and credit notes ----

BILLING = {"name": "Rae Reader & Sons", "lines": "Hauptstr. 5", "postcode": "10115", "city": "Berlin", "region": "", "country": "DE"}
PAID_AT = 1767225600  # 2026-01-01


def insert(table, **values):
    text = lambda v: "'%s'" % v.replace("'", "''") if isinstance(v, str) and not v.startswith(("x'", "'\\x")) else str(v)
    return "INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join(values), ", ".join(map(text, values.values())))


def sold(shop, n, lines, shipping=(0, 0, 0), paid=PAID_AT, account=0, country="DE", currency="EUR", language="en", consent=""):
    """A sales order of shop 1 as it would be after its payment. A line: title, quantity, unit, discount, total, tax, rate."""
    secret = ("secret of purchase %d" % n).ljust(43, "-")
    total = shipping[0] + sum(line[4] for line in lines)
    tax = shipping[1] + sum(line[5] for line in lines)
    rows = [insert("purchase", id=n, token=shop.blob(b"%032d" % n), secret=shop.blob(hashlib.sha256(secret.encode()).digest()), account_id=account,
                   storefront_id=0, country=country, currency=currency, language=language, email="rae@reader.example",
                   delivery=json.dumps(BILLING), billing=json.dumps(BILLING), evidence="", consent=PAID_AT if consent else 0, consent_text=consent,
                   method="transfer", total=total, state="paid" if paid else "waiting", placed=PAID_AT - 90000, expires=PAID_AT + 90000),
            insert("sales_order", id=n, number="K7M2Q-%05d" % n, purchase_id=n, shop_id=1, currency=currency,
                   goods=sum(line[1] * line[2] for line in lines), discount=sum(line[3] for line in lines), shipping=shipping[0], tax=tax, total=total,
                   shipping_name="Parcel" if shipping[0] else "", shipping_tax=shipping[1], shipping_rate=shipping[2], state="paid" if paid else "placed",
                   refunded=0, placed=PAID_AT - 90000, paid=paid, ended=0)]
    for k, (title, quantity, unit, discount, line_total, line_tax, rate) in enumerate(lines):
        rows.append(insert("sales_line", id=100 * n + k, order_id=n, edition_id=1, work_id=1, isbn=EMMA, title=title, contributor="Jane Austen",
                           kind="print", digital=0, quantity=quantity, unit=unit, discount=discount, total=line_total, tax=line_tax, rate=rate,
                           tax_country=country, tax_code="R" if rate else "Z", tax_id=1, price_type="02", fixed=0, available=0, sent=0, cancelled=0,
                           returned=0, refunded=0))
    shop.tamper(*rows)
    return "K7M2Q-%05d" % n, secret


def refund(shop, n, order, amount, reason="returned", **lines):
    """Money that goes back, and of which lines: {"l100": (money, quantity)}."""
    for line, (money, quantity) in lines.items():
        shop.tamper("UPDATE sales_line SET refunded = refunded + %d, returned = returned + %d WHERE id = %s" % (money, quantity, line[1:]))
    shop.tamper(insert("refund", id=n, key="refund/%d" % n, order_id=order, payment_id=1, currency="EUR", amount=amount, reason=reason, state="owed",
                       provider_id="", created=PAID_AT, ended=0))


def papers(shop):
    return [json.loads(line) for line in shop.ok("invoice", "list", "--shop", "main", "--json").splitlines()]


WHOLE = ["--name", SELLER["name"], "--address", "1 River Street", "--address", "London SE1", "--country", "GB", "--email", SELLER["email"],
         "--tax-number", SELLER["tax_number"]]
EMMAS = [("Emma", 3, 990, 0, 2970, 194, 7000), ("Atlas <of> “rivers”", 1, 2000, 200, 1800, 287, 19000)]


def test_an_invoice_says_what_was_sold_and_never_changes():
    with Shop() as shop:
        order, _ = sold(shop, 1, EMMAS, shipping=(390, 62, 19000))
        sold(shop, 2, EMMAS, paid=0)
        for number, why in (order, "nobody said yet who sells"), ("K7M2Q-00002", "is not paid"), ("K7M2Q-00009", "there is no sales order"):
            status, _, err = shop.run("invoice", "issue", number)
            assert status == 1 and why in err, (number, err)
        # What was sold before anybody said who sells gets its invoice then.
        assert seller_set(shop, *WHOLE)[0] == 0
        paper, = papers(shop)
        year = str(datetime.datetime.now(datetime.timezone.utc).year)
        assert (paper["kind"], paper["series"], paper["number"]) == ("invoice", year, 1)
        assert paper["seller"] == {"name": "Riverside Books Ltd", "address": "1 River Street\nLondon SE1", "country": "GB",
                                   "email": "books@riverside.example", "tax_number": "GB123456789"}
        assert paper["buyer"] == {"name": "Rae Reader & Sons", "address": "Hauptstr. 5\n10115 Berlin", "country": "DE", "email": "", "tax_number": ""}
        assert (paper["supplied"], paper["ordered"], paper["order"], paper["currency"]) == (20260101, 20251230, order, "EUR")
        emma, atlas, parcel = paper["lines"]
        # Unit price and discount are without tax; what is left of the sum of each line is its rounding.
        assert [emma[k] for k in ("quantity", "unit", "discount", "net", "tax", "total", "rate", "code")] == [3, 925, 0, 2776, 194, 2970, 7000, "R"]
        assert [atlas[k] for k in ("quantity", "unit", "discount", "net", "tax", "total")] == [1, 1681, 168, 1513, 287, 1800]
        assert [parcel[k] for k in ("kind", "title", "net", "tax", "total", "rate")] == ["shipping", "Parcel", 328, 62, 390, 19000]
        assert [(t["rate"], t["net"], t["tax"]) for t in paper["taxes"]] == [(7000, 2776, 194), (19000, 1841, 349)]
        assert (paper["net"], paper["tax"], paper["total"]) == (4617, 543, 5160)
        # Nothing of it changes with what it was made of, nor is there a second one.
        assert seller_set(shop, "--name", "Another Name")[0] == 0
        shop.tamper("UPDATE sales_line SET title = 'Another title', total = 1")
        shop.ok("invoice", "issue", order)
        assert papers(shop) == [paper]
        assert "1 papers, no gaps" in shop.ok("invoice", "check")
        assert "%s-1\t" % year in shop.ok("invoice", "list", "--shop", "main") and shop.run("invoice", "list", "--shop", "none")[0] == 1


def test_credit_notes_give_back_part_by_part_what_the_invoice_has():
    with Shop() as shop:
        sold(shop, 1, EMMAS, shipping=(390, 62, 19000))
        seller_set(shop, *WHOLE)
        # By line; then money that no line names: from the delivery first, then from all lines; then all the rest.
        refund(shop, 1, 1, 1980, l100=(1980, 2))
        seller_set(shop)
        refund(shop, 2, 1, 500, "goodwill")
        seller_set(shop)
        refund(shop, 3, 1, 5160 - 1980 - 500, "withdrawn")
        refund(shop, 4, 1, 77, "overpaid")
        seller_set(shop)
        invoice, first, second, third = papers(shop)
        assert [p["series"][0] + str(p["number"]) for p in (first, second, third)] == ["C1", "C2", "C3"]
        assert {p["of"] for p in (first, second, third)} == {"%s-1" % invoice["series"]}
        assert [(l["line"], l["quantity"], l["total"], l["tax"]) for l in first["lines"]] == [(100, 2, 1980, 129)]
        assert [(l["kind"], l["total"]) for l in second["lines"]] == [("print", 39), ("print", 71), ("shipping", 390)]
        # All of it, and not a unit more of money or of tax, by line and by rate.
        for what in "net", "tax", "total":
            assert sum(p[what] for p in (first, second, third)) == invoice[what], what
            for line in invoice["lines"]:
                back = sum(l[what] for p in (first, second, third) for l in p["lines"] if l["line"] == line["line"])
                assert back == line[what], (what, line["title"])
        shop.ok("invoice", "check")


def test_numbers_have_no_gaps_whoever_comes_at_once_and_whatever_is_killed():
    with Shop() as shop:
        seller_set(shop, *WHOLE)
        orders = [sold(shop, n, EMMAS[:1])[0] for n in range(1, 13)]
        issue = lambda order, **keywords: shop.run("invoice", "issue", order, **keywords)
        for point in "paper-numbered", "paper-issued":
            assert issue(orders[0], env={"COLOPHON_CRASH": point})[0] == -9
            assert papers(shop) == []
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            armed = {orders[3]: "paper-numbered", orders[7]: "paper-issued"}
            done = list(pool.map(lambda o: issue(o, env={"COLOPHON_CRASH": armed[o]} if o in armed else {})[0], orders + orders[:4]))
        assert done.count(-9) == 3 and set(done) == {0, -9}, done
        assert [p["number"] for p in papers(shop)] == list(range(1, 11))
        for order in armed:
            assert issue(order)[0] == 0
        assert [p["number"] for p in papers(shop)] == list(range(1, 13)) and len({p["order"] for p in papers(shop)}) == 12
        shop.ok("invoice", "check")
        # What somebody takes out behind the shop's back is found.
        shop.tamper("DELETE FROM invoice WHERE number = 5")
        status, _, err = shop.run("invoice", "check")
        assert status == 1 and "12 numbers were taken, 11 papers are there" in err, err
        shop.tamper("UPDATE invoice_series SET last = 11", "UPDATE invoice SET number = 5 WHERE number = 12",
                    "UPDATE invoice SET facts = REPLACE(facts, '\"tax\":194', '\"tax\":193') WHERE number = 1")
        status, _, err = shop.run("invoice", "check")
        assert status == 1 and "its sums are not those of its lines" in err, err


# ---- letters ----

CONSENT = "I agree that the e-book is delivered at once, and know that I lose my right to withdraw."


def pages(links):
    return [link for link in links if "/orders/" in link]


def test_letters_tell_of_each_step_in_the_language_of_the_purchase():
    with Exim() as exim, Shop() as shop:
        to = "rae@reader.example"
        set_mail(shop, exim.server)
        seller_set(shop, *WHOLE)
        charge(shop, print="0")
        order, _ = sold(shop, 5, EMMAS, shipping=(390, 62, 19000), consent=CONSENT)
        chinese, _ = sold(shop, 6, EMMAS, country="CN", currency="CNY", language="zh-Hans")
        shop.tamper("UPDATE sales_line SET digital = 1 WHERE id = 501", "UPDATE sales_line SET cancelled = 1 WHERE id = 501",
                    insert("shipment", id=1, order_id=5, carrier="Post", tracking="RR123", sent=PAID_AT),
                    insert("shipment_line", shipment_id=1, line_id=500, quantity=2))
        shop.ok("invoice", "issue", order)
        refund(shop, 1, 5, 1980, l500=(1980, 2))
        shop.tamper(insert("sales_return", id=1, key="k", order_id=5, reason="withdrawn", words="", state="expected", asked=PAID_AT, ended=0),
                    insert("sales_return_line", return_id=1, line_id=500, quantity=2, expected=1, came=0))
        seller_set(shop)  # which issues what is missing
        shop.serve()
        steps = "placed", "paid", "ebooks", "sent", "cancelled", "refunded", "return"
        for n, step in enumerate(steps, 1):
            shop.ok("sales", "letter", order, "--which", step)
            wait_for(shop, exim, to, n)
        said = [wait_for(shop, exim, to, n) for n in range(1, len(steps) + 1)]
        placed, paid, ebooks, sent, cancelled, refunded, stated = (text for _, text, _ in said)
        assert all(order in subject for subject, _, _ in said), said
        for part in ["3 × Emma · Jane Austen — €29.70", "Delivery Parcel: €3.90", "Total: €51.60", "Tax in it: €5.43", "Sold by Riverside Books Ltd\n1 River Street",
                     "It is sent to:\nRae Reader & Sons\nHauptstr. 5\n10115 Berlin\nGermany", "within 14 days after the last", "Model statement", CONSENT,
                     "on 1 January 2026 you agreed"]:
            assert part in " ".join(placed.split(" ")), (part, placed)
        year = datetime.datetime.now(datetime.timezone.utc).year
        assert "Invoice %d-1" % year in paid and pages(said[1][2])[0].endswith("/invoices/1")
        assert "Atlas" in ebooks and "Emma" not in ebooks and said[2][2][-1] == "/us/account/library"
        assert "2 × Emma" in sent and "Carrier: Post" in sent and "RR123" in sent and "Atlas" not in sent
        assert "Atlas" in cancelled and "Emma" not in cancelled
        assert "€19.80" in refunded and "Credit note C%d-1" % year in refunded and pages(said[5][2])[0].endswith("/invoices/2")
        # The receipt of a statement: its words, when it came, and what is to be sent where.
        assert "This came to us on 1 January 2026" in stated and "I withdraw from the contract for this, of order %s" % order in stated, stated
        assert "2 × Emma" in stated and "1 × Emma" in stated and "Rae Reader & Sons" in stated and "Sold by Riverside Books Ltd\n1 River Street" in stated
        assert "What had not been sent is called off" in stated and "on the order’s page" in " ".join(placed.split())
        # Each guest's letter has a secret of its own; none stands in the database.
        secrets = {pages(links)[0].split("/")[3] for _, _, links in said if pages(links)}
        assert len(secrets) == 6 and all(len(s) == 43 for s in secrets), secrets
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM letter WHERE content <> ''") == "0", "the values of letters to be let go of")
        # In another language and country: its words, its law, its money.
        shop.ok("sales", "letter", chinese, "--which", "placed")
        subject, text, links = wait_for(shop, exim, to, 8)
        assert "订单" in subject and "7 天" in text.replace("\u00a0", " ") and "¥29.70" in text, (subject, text)
        for wrong, why in (["K7M2Q-00009", "--which", "paid"], "there is no sales order"), ([order, "--which", "lost"], "which: placed"):
            status, _, err = shop.run("sales", "letter", *wrong)
            assert status == 1 and why in err, err
        # Whoever orders is told at once, how to pay included, in the transaction that places it.
        placed = json.loads(shop.ok("sales", "place", "--storefront", "cn", "--email", "li@reader.example", "--json", "9780000050014"))
        subject, text, links = wait_for(shop, exim, "li@reader.example")
        assert placed["orders"][0]["number"] in subject and len(pages(links)) == 1, (subject, text)


# ---- as pages, as PDFs ----

def pdf_text(shop, answer):
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/pdf", (answer.status, answer.text[:300])
    path = os.path.join(shop.base, "paper.pdf")
    with open(path, "wb") as f:
        f.write(answer.body)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def test_a_paper_is_shown_to_whom_it_belongs_and_to_nobody_else():
    with Shop() as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        seller_set(shop, *WHOLE)
        shop.serve()
        rae, ada, pia = Browser(shop), operator(shop), partner(shop)
        stranger, other = Browser(shop), partner(shop, of="other", email="olga@press.example")
        assert rae.sign_up("us", "Rae").status == 303 and stranger.sign_up("us", "Stan").status == 303
        account = int(shop.look("SELECT id FROM account WHERE name = 'Rae'"))
        guest, secret = sold(shop, 1, EMMAS, shipping=(390, 62, 19000))
        own, _ = sold(shop, 2, EMMAS[:1], account=account, language="de")
        foreign, elsewhere = sold(shop, 3, [("红楼梦", 1, 5000, 0, 5000, 0, 0)], country="CN", currency="CNY", language="zh-Hans")
        for order in guest, own, foreign:
            shop.ok("invoice", "issue", order)
        year = datetime.datetime.now(datetime.timezone.utc).year
        page = "/us/orders/%s/%s/invoices/1" % (secret, guest)
        shown = shop.get(page)
        assert shown.status == 200 and "noindex" in shown.text and "no-store" in shown.headers["Cache-Control"], shown.headers
        for part in ("Invoice %d-1" % year, "Riverside Books Ltd\n1 River Street\nLondon SE1\nUnited Kingdom\nbooks@riverside.example\nTax number: GB123456789",
                     "Rae Reader &amp; Sons\nHauptstr. 5\n10115 Berlin\nGermany", "1 January 2026, by bank transfer", guest, "Atlas &lt;of&gt; “rivers”", "€27.76", "€1.94", "€9.25",
                     "19 %", "7 %", "€46.17", "€5.43", "€51.60", "Delivery: Parcel", "amounts are in euros"):
            assert part.replace(" %", "\u00a0%") in shown.text or part in shown.text, part
        # In the language of the purchase, whatever the page around it speaks; nought is said to be nought.
        chinese = shop.get("/us/orders/%s/%s/invoices/1" % (elsewhere, foreign)).text
        assert '<html lang="en"' in chinese and '<article class="paper" lang="zh-Hans"' in chinese and "账单 %d-3" % year in chinese
        assert "zero-rated" not in chinese and "0%" in chinese.replace("\u00a0", "").replace(" ", "")
        # Nobody else, with nothing told of whether there is one.
        wrong = ["/us/orders/%s/%s/invoices/%s" % (s, o, n) for s, o, n in
                 [(secret, guest, 2), (secret, guest, 0), (secret, own, 1), (elsewhere, guest, 1), ("x" * 43, guest, 1), ("x", guest, 1), (secret, "K7M2Q-00009", 1)]]
        assert [shop.get(w).status for w in wrong] == [404] * len(wrong)
        mine = "/us/account/orders/%s/invoices/1" % own
        assert rae.get(mine).status == 200 and "Rechnung" in rae.get(mine).text or "Invoice" in rae.get(mine).text
        assert stranger.get(mine).status == 404 and shop.get(mine).status == 303 and rae.get(mine.replace(own, guest)).status == 404
        desk = "/desk/orders/%s/invoices/1" % guest
        assert ada.get(desk).status == pia.get(desk).status == 200 and other.get(desk).status == 404 and rae.get(desk).status == 403
        # As PDFs: the same words, Chinese ones too.
        if shutil.which("weasyprint") is None:
            assert "makes no PDFs" in shown.text and shop.get(page + "/pdf").status == 503
            return
        assert 'href="%s/pdf"' % page in shown.text and shop.get(wrong[0] + "/pdf").status == 404 and stranger.get(mine + "/pdf").status == 404
        pdf = shop.get(page + "/pdf")
        assert 'filename="invoice-%d-1.pdf"' % year in pdf.headers["Content-Disposition"], pdf.headers
        chinese = shop.get("/us/orders/%s/%s/invoices/1/pdf" % (elsewhere, foreign))
        if shutil.which("pdftotext"):
            text = pdf_text(shop, pdf).replace("1 / 1", "1/1")
            for part in "Invoice %d-1" % year, "Rae Reader & Sons", "Atlas <of> “rivers”", "€51.60", "GB123456789", "1/1":
                assert part in text, (part, text)
            text = pdf_text(shop, chinese)
            assert "红楼梦" in text and "账单" in text, text


def test_packing_lists_say_what_lies_in_each_parcel_and_no_price():
    with Shop() as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        seller_set(shop, *WHOLE)
        order, _ = sold(shop, 1, EMMAS)
        partly, _ = sold(shop, 2, EMMAS[:1])
        unpaid, _ = sold(shop, 3, EMMAS, paid=0)
        shop.tamper("UPDATE sales_line SET sent = 2 WHERE id = 200", "UPDATE sales_line SET cancelled = 1 WHERE id = 101")
        shop.ok("invoice", "issue", order)
        shop.serve(env={"COLOPHON_PACKING_ORDERS": "2"})
        pia, other = partner(shop), partner(shop, of="other", email="olga@press.example")
        sheets = pia.get("/desk/orders/packing").text.split("<main")[1].split('data-order="')[1:]
        assert [s.split('"')[0] for s in sheets] == [order, partly], sheets
        first, second = sheets
        assert "Rae Reader &amp; Sons\nHauptstr. 5\n10115 Berlin\nGermany" in first and "Riverside Books Ltd" in first and EMMA in first
        assert ">3</td>" in first and "Emma" in first and "Atlas" not in first and "€" not in first + second and "9.90" not in first
        assert ">1</td>" in second and ">2</td>" not in second
        one = pia.get("/desk/orders/%s/packing" % partly)
        assert one.status == 200 and one.text.count('data-order="') == 1 and order not in one.text
        assert pia.get("/desk/orders/%s/packing" % unpaid).status == 409
        assert other.get("/desk/orders/%s/packing" % order).status == 404 and "data-order" not in other.get("/desk/orders/packing").text
        assert Browser(shop).get("/desk/orders/packing").status == 303
        # When all of it left, what left.
        shop.tamper("UPDATE sales_line SET sent = 3 WHERE id = 200")
        sent = pia.get("/desk/orders/%s/packing" % partly).text
        assert "Nothing of it is left" in sent and ">3</td>" in sent and pia.get("/desk/orders/packing").text.count('data-order="') == 1
        # What is not out yet is left out, and named; what does not fit is said.
        later, _ = sold(shop, 4, EMMAS)
        shop.tamper("UPDATE sales_line SET available = 20991231 WHERE id = 400")
        text = pia.get("/desk/orders/%s/packing" % later).text
        assert text.count('data-later="') == 1 and "Emma, 31 December 2099" in text and '<th scope="row">Atlas' in text and '<th scope="row">Emma' not in text, text
        assert "there are more" not in pia.get("/desk/orders/packing").text
        sold(shop, 5, EMMAS)
        assert "there are more" in pia.get("/desk/orders/packing").text and pia.get("/desk/orders/packing").text.count('data-order="') == 2
        # The order's page at the desk leads to both.
        page = pia.get("/desk/orders/" + order).text
        assert 'href="/desk/orders/%s/packing"' % order in page and 'href="/desk/orders/%s/invoices/1"' % order in page


# ---- what is left of an account ----

def test_an_account_takes_along_what_it_bought_and_leaves_what_tax_law_demands():
    with open(os.path.join(ROOT, "src", "web", "static", "openapi.json"), encoding="utf-8") as f:
        document = json.load(f)
    with Shop() as shop:
        seller_set(shop, *WHOLE)
        shop.serve()
        token = shop.reader("rae")
        account = int(shop.look("SELECT id FROM account WHERE name = 'Rae'"))
        done, _ = sold(shop, 1, EMMAS, shipping=(390, 62, 19000), account=account, consent=CONSENT)
        open_one, _ = sold(shop, 2, EMMAS[:1], account=account)
        foreign, _ = sold(shop, 3, EMMAS[:1])
        for order in done, open_one, foreign:
            shop.ok("invoice", "issue", order)
        shop.tamper("UPDATE sales_order SET state = 'done' WHERE id = 1",
                    insert("sales_event", id=1, order_id=1, line_id=0, kind="placed", quantity=0, amount=5160, actor="reader", account_id=account, note="", at=PAID_AT))
        answer = shop.api("GET", "/us/account/data", token=token)
        data = answer.json()
        wrong = fits(data, {"$ref": "#/components/schemas/OwnData"}, document)
        assert answer.status == 200 and not wrong, wrong
        bought = data["purchases"]
        assert [p["orders"][0]["number"] for p in bought] == [open_one, done] and foreign not in answer.text
        assert bought[1]["email"] == "rae@reader.example" and bought[1]["billing"]["city"] == "Berlin" and bought[1]["consent_text"] == CONSENT
        order = bought[1]["orders"][0]
        assert [l["title"] for l in order["lines"]] == ["Emma", "Atlas <of> “rivers”"] and order["invoices"][0]["total"] == order["total"] == 5160
        # It goes: the page says what stays, and for how long.
        rae = Browser(shop)
        assert rae.post("/us/sign-in", "/us/sign-in", {"email": "rae@example.org", "password": "a long enough secret"}).status == 303
        page = rae.get("/us/account/erase").text
        assert "for 10 years" in page and "tax law demands" in page, page
        before = papers(shop)
        assert shop.api("POST", "/account/erase", {"password": "a long enough secret"}, token).status == 200
        kept = lambda n: shop.look("SELECT account_id || ' ' || email || ' ' || (billing <> '') || ' ' || (delivery <> '') FROM purchase WHERE id = %d" % n).replace("true", "1").replace("false", "0")
        assert kept(1) == "0  0 0" and kept(2) == "0 rae@reader.example 1 1" and kept(3) == "0 rae@reader.example 1 1"
        assert shop.look("SELECT account_id FROM sales_event WHERE order_id = 1") == "0"
        assert papers(shop) == before and before[0]["buyer"]["name"] == "Rae Reader & Sons"
        # What was under way when it went loses address and e-mail once it has ended; a guest's stays.
        shop.tamper("UPDATE sales_order SET state = 'done' WHERE id > 1")
        shop.stop()
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        shop.serve(env={"COLOPHON_NOW": later})  # another head of the Record is due, with which promises are kept
        shop.until(lambda: kept(2) == "0  0 0", "who bought it to be forgotten", 120)
        assert kept(3) == "0 rae@reader.example 1 1" and papers(shop) == before
