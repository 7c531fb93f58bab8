"""Money at the operator's desk: a bank's statement looked at and taken, what is held, refunds, payouts and taxes."""
import json
import re

from shop import EMMA, Browser, Shop
from test_partner import operator, partner, trail
from test_payments import balanced, ledger, plain, waits
from test_sales import charge
from test_sales_desk import pay, sell

PAGE, OUT = "/desk/payments", "/desk/payouts"


def upload(who, content):
    token = re.search(r'name="token" value="([^"]+)"', who.get(PAGE).text)[1]
    part = lambda head, body: b"--x1x\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + body.encode() + b"\r\n"
    body = part(b'name="token"', token) + part(b'name="statement"; filename="bank.csv"', content) + b"--x1x--\r\n"
    cookies = "; ".join("%s=%s" % c for c in who.cookies.items())
    return who.shop.ask("POST", PAGE + "/statement", body, {"Content-Type": "multipart/form-data; boundary=x1x", "Cookie": cookies})


def outcomes(page):
    return re.findall(r'data-outcome="([^"]+)"', page)


def test_a_statement_is_looked_at_and_taken_and_what_is_held_goes_its_way():
    with Shop() as shop:
        charge(shop, country="US", print="0")
        buy = lambda n: waits(shop, EMMA + "=%d" % n, storefront="us")[1]
        one, two, three = buy(1), buy(2), buy(3)
        shop.serve()
        ada = operator(shop)
        desk = ada.get("/desk/").text
        assert 'href="/desk/payments"' in desk and 'href="/desk/payouts"' in desk
        page = ada.get(PAGE).text
        assert one["reference"] in page and "Nothing is held." in page and "Nothing is owed." in page
        line = "2026-11-30,%s,USD,%s,A reader,%d\n"
        half = two["amount"] // 2
        text = "date,amount,currency,text,payer,id\n" + "".join([line % (plain(one["amount"]), one["reference"], 1), line % (plain(half), two["reference"], 2),
                                                                line % (plain(two["amount"] - half), "rest " + two["reference"], 3), line % ("7.00", "<b>nothing</b> known", 4)])
        seen = upload(ada, text)
        assert seen.status == 200 and outcomes(seen.text) == ["settled", "partly", "settled", "unclear"], seen.text
        assert "Nothing is changed yet" in seen.text and "&lt;b&gt;nothing" in seen.text and shop.look("SELECT COUNT(*) FROM payment_event") == "0"
        content = re.search(r'name="content" value="([^"]+)"', seen.text)[1]
        for _ in range(2):  # a double click, or a reload
            assert ada.post(PAGE, PAGE + "/statement/take", {"content": content}).status == 303
        assert [shop.look("SELECT COUNT(*) FROM payment WHERE state = '%s'" % s) for s in ("paid", "waiting")] == ["2", "1"] and balanced(shop)
        assert outcomes(upload(ada, text).text) == ["known"] * 4 and ledger(shop, "unclear") == -700
        for wrong in "", "date,amount,currency,text\n2026-11-31,1.00,USD,x\n", "<Document/>":
            refused = upload(ada, wrong)
            assert refused.status == 422 and 'id="error"' in refused.text, wrong
        assert ada.post(PAGE, PAGE + "/statement/take", {"content": "%"}).status == 422
        # What staff say came; what is held is somebody's, or goes back, and is sent.
        for wrong in {"reference": "ACD-EFG-HJK", "amount": "1"}, {"reference": three["reference"], "amount": "x"}, {"reference": one["reference"], "amount": plain(one["amount"])}:
            refused = ada.post(PAGE, PAGE + "/said", wrong)
            assert refused.status in (409, 422) and 'id="error"' in refused.text, (wrong, refused.status)
        page = ada.get(PAGE).text
        event = {"method": "transfer", "event": re.search(r'data-event="([^"]+)"', page)[1]}
        assert page.count("data-event=") == 1 and 'class="waits"' in ada.get("/desk/").text
        refused = ada.post(PAGE, PAGE + "/assign", {**event, "reference": one["reference"]})
        assert refused.status == 409 and "waits for no such money" in refused.text
        assert ada.post(PAGE, PAGE + "/assign", {**event, "reference": three["reference"]}).status == 303
        assert next(p["received"] for p in json.loads(shop.ok("payment", "list", "--json")) if p["reference"] == three["reference"]) == 700
        assert three["reference"] in ada.get(PAGE + "?state=held").text and "data-event" not in ada.get(PAGE).text
        assert ada.post(PAGE, PAGE + "/said", {"reference": three["reference"].lower(), "amount": plain(three["amount"])}).status == 303
        assert "<b>US$7.00</b>" in ada.get(PAGE).text, "so much is too much"
        assert [ada.post(PAGE, PAGE + "/back", {"method": "transfer", "event": re.search(r'data-event="([^"]+)"', ada.get(PAGE).text)[1]}).status] == [303]
        assert ledger(shop, "overpaid") == 0 and ledger(shop, "refunds-owed") == -700
        number = re.search(r'data-refund="(\d+)"', ada.get(PAGE).text)[1]
        assert ada.post(PAGE, PAGE + "/refunds", {}).status == 422 and ada.post(PAGE, PAGE + "/refunds", {"id": "x"}).status == 422
        assert [ada.post(PAGE, PAGE + "/refunds", {"id": number}).status for _ in range(2)] == [303, 303] and ledger(shop, "refunds-owed") == 0 and balanced(shop)
        assert "agree" in shop.ok("sales", "check")
        # What does not agree stands there, in words.
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM sales_checked") == "1", "the daily check, which finds nothing")
        shop.tamper("INSERT INTO sales_finding (code, number, name, since, seen) VALUES ('order-not-booked', 7, 'K7M2Q-00009', 1, 1)")
        assert "the ledger does not have it: K7M2Q-00009" in ada.get(PAGE).text and 'data-waits="findings"' in ada.get("/desk/").text
        # No shop's staff, and nobody else.
        pia = partner(shop)
        for path in PAGE, OUT:
            assert pia.get(path).status == 403 and Browser(shop).get(path).status == 303, path
        for act in "/said", "/back", "/assign", "/refunds", "/statement/take":
            assert pia.post("/desk/partner/", PAGE + act, {**event, "id": "1"}).status == 403, act
        acts = [t["what"] for t in trail(shop)]
        assert {"POST /desk/payments/said", "POST /desk/payments/back", "POST /desk/payments/statement/take"} <= set(acts), acts


def test_payouts_keep_where_they_go_and_taxes_go_to_whom_they_are_owed():
    with Shop() as shop:
        charge(shop, country="US", print="10", shipping="0")
        shop.ok("shipping", "add", "--shop", "main", "--name", "Post", "--country", "US", "--currency", "USD", "--days", "2-5", "--band", "99000=0")
        seller = lambda *more: shop.ok("seller", "set", "--shop", "main", "--name", "Riverside", "--address", "1 River Street", "--country", "US", "--email", "b@example.org", *more)
        seller("--account", "US-ONE", "--fee", "10")
        pay(shop, sell(shop, EMMA))
        tax = -ledger(shop, "tax")
        owed = -ledger(shop, "shop") + tax
        shop.serve()
        ada, pia = operator(shop), partner(shop)
        OWN = "/desk/partner/main/payouts"
        page = ada.get(OUT).text
        assert 'data-tax="US"' in page and "the shop, with its next payout" in page and tax > 0
        own = pia.get(OWN).text
        assert 'data-owed="USD"' in own and "a sales order was paid" in own and 'aria-current="page">Payouts' in own
        # The shop pays its taxes: they are paid out with what is its own; where to stays as it was when it was made.
        assert [ada.post(OUT, OUT + "/make", {}).status for _ in range(2)] == [303, 303]
        assert shop.look("SELECT amount || ' ' || tax || ' ' || account FROM payout") == "%d %d US-ONE" % (owed, tax)
        assert ledger(shop, "tax") == ledger(shop, "shop") == 0 and ledger(shop, "payouts-owed") == -owed and balanced(shop)
        seller("--account", "US-THIEF")
        assert "US-ONE" in ada.get(OUT).text and "US-THIEF" not in ada.get(OUT).text and "US-ONE" in pia.get(OWN).text
        number = shop.look("SELECT id FROM payout")
        assert ada.post(OUT, OUT + "/sent", {"id": number}).status == 303 and ada.post(OUT, OUT + "/sent", {"id": number}).status == 409
        assert ledger(shop, "payouts-owed") == 0 and shop.ok("payout", "list").splitlines()[1].split(",")[3].strip('"') == "US-ONE"
        # The next one goes elsewhere, and whoever sends it is told. The operator pays the taxes from here on.
        assert ada.post("/desk/partner/main/seller", "/desk/partner/main/seller", {"name": "R", "address": "1 R", "country": "US", "email": "b@example.org", "account": "US-THIEF", "fee": "10", "taxes": "operator"}).status == 303
        assert pia.post("/desk/partner/main/seller", "/desk/partner/main/seller", {"name": "R", "address": "1 R", "country": "US", "email": "b@example.org", "account": "US-THIEF", "fee": "0", "taxes": "shop"}).status == 303
        assert shop.look("SELECT remits || fee FROM seller") == "operator10000"
        pay(shop, sell(shop, EMMA))
        assert ada.post(OUT, OUT + "/make", {}).status == 303
        page = ada.get(OUT).text
        assert "another account than before: US-ONE" in page and "another account" not in pia.get(OWN).text and ledger(shop, "tax") == -tax
        assert "US-THIEF" in shop.ok("payout", "list", "--owed") and shop.ok("payout", "list", "--owed").strip().replace('"', '').endswith("US-ONE") and "agree" in shop.ok("sales", "check")
        assert shop.ok("payout", "taxes").splitlines()[1].replace('"', "") == "US,USD,main,%s,operator" % plain(tax)
        day = shop.ok("payout", "statement", "main").splitlines()[1].split(",")[0].strip('"')
        for wrong in {"country": "XX1"}, {"currency": "dollars"}, {"until": "2026-02-30"}, {"until": "2999-01-01"}, {"country": "DE"}, {"until": "2020-01-01"}:
            refused = ada.post(OUT, OUT + "/taxes", {"country": "US", "currency": "USD", "until": day, **wrong})
            assert refused.status in (409, 422) and 'id="error"' in refused.text and ledger(shop, "tax") == -tax, wrong
        before = ledger(shop, "money/transfer")
        assert [ada.post(OUT, OUT + "/taxes", {"country": "US", "currency": "USD", "until": day}).status for _ in range(2)] == [303, 409]
        assert ledger(shop, "tax") == 0 and ledger(shop, "money/transfer") == before - tax and balanced(shop)
        last = pia.get("/desk/partner/main/statement.csv").text.splitlines()[-1].replace('"', "").split(",")
        assert last[1] == "tax-remitted" and last[7:] == ["0.00", "0.00"], last
        eve = shop.ok("shop", "add", "other", "--name", "Another") and None or partner(shop, "other", "eve@press.example")
        assert eve.get(OWN).status == eve.get("/desk/partner/main/statement.csv").status == 404
        for act in "/make", "/sent", "/taxes":
            assert pia.post(OWN, OUT + act, {"id": number}).status == 403, act
