"""Payment by card through a provider: the way to its page and back, what it tells, and what it does not."""
import json
import os
import re
import time

from provider import KEY, SECRET, Provider
from shop import EMMA, Browser, Shop, moment
from test_checkout import GUEST, add, bank, hidden, review, ship
from test_partner import operator
from test_payments import balanced, ledger, payments, plain, statement
from test_sales import charge, order, place


def prepare(shop, provider):
    charge(shop, country="US", print="0", shipping="0")
    charge(shop, country="CN", print="0", e_book="0")
    ship(shop, "US", "USD")
    bank(shop, "USD")
    bank(shop, "CNY")
    shop.ok("seller", "set", "--shop", "main", "--name", "Riverside", "--address", "1 River Street", "--country", "US", "--email", "books@riverside.example",
            "--account", "US1", "--fee", "10")
    path = shop.file("provider", provider.settings())
    os.chmod(path, 0o600)
    serve(shop, provider, path)


def serve(shop, provider, path=None, **keywords):
    shop.card = path or shop.card
    shop.serve("--payment-provider", shop.card, **keywords)
    provider.tells = shop.url + "/payments/stripe"


def waits(shop, **more):
    """A guest's order of a printed book, its page, and its number."""
    placed = place(shop, EMMA, who=("--email", "guest@example.org"), storefront="us", **more)
    return "/us/orders/" + placed["secret"], placed["orders"][0]["number"]


def go(shop, page, who=None):
    answer = (who or Browser(shop)).post(page, page + "/pay", {})
    assert answer.status == 303, (answer.status, answer.text[-2000:])
    return answer.headers["Location"]


def state(shop, number):
    return order(shop, number)["state"], order(shop, number)["purchase_state"]


def held(shop):
    return json.loads(shop.ok("payment", "held", "--json"))


def owed(shop, which="owed"):
    return json.loads(shop.ok("refund", "list", "--state", which, "--json"))


def test_settings_are_a_secret_of_their_own():
    with Shop() as shop:
        path = shop.file("provider", "key %s\n" % KEY)
        for mode, text, why in ((0o644, "key %s\nwebhook %s\n" % (KEY, SECRET), "chmod 600"), (0o600, "key %s\nwebhooks %s\n" % (KEY, SECRET), "line 2"),
                                (0o600, "key %s\n" % KEY, "are needed"), (0o600, None, "No such file")):
            if text is None:
                os.unlink(path)
            else:
                shop.file("provider", text)
                os.chmod(path, mode)
            status, _, err = shop.run("serve", "--listen", "127.0.0.1:0", "--payment-provider", path)
            assert status != 0 and why in err and KEY not in err and SECRET not in err, (why, err)
        shop.serve()
        assert shop.ask("POST", "/payments/stripe", b"{}", {}).status == 404


def test_a_reader_pays_by_card():
    with Shop() as shop, Provider() as provider:
        prepare(shop, provider)
        # From the checkout: chosen, reviewed, ordered, and led to the provider's page.
        guest = Browser(shop)
        add(guest, "us", EMMA)
        page = guest.get("/us/checkout")
        assert 'value="card"' in page.text and "form-action 'self' %s;" % provider.url in page.headers["Content-Security-Policy"]
        shown = review(guest, "us", {**GUEST, "method": "card"})
        fields = hidden(shown.text)
        assert fields["method"] == "card" and ">Card<" in shown.text
        assert "form-action 'self' %s;" % provider.url in shown.headers["Content-Security-Policy"]
        sent = guest.ask("POST", "/us/checkout", {**fields, "act": "order"})
        session = provider.latest()
        assert sent.status == 303 and sent.headers["Location"] == session["url"], sent.headers
        number = shop.look("SELECT number FROM sales_order")
        total = order(shop, number)["total"]
        assert session["amount_total"] == total and session["currency"] == "usd" and session["success_url"].startswith(shop.url + "/us/orders/")
        # Sent again, it is one purchase and one session; so is the order's page's button.
        again = guest.ask("POST", "/us/checkout", {**fields, "act": "order"})
        place_of = session["success_url"][len(shop.url):].split("?")[0]
        assert again.headers["Location"] == session["url"] == go(shop, place_of) and len(provider.sessions) == 1
        waiting = guest.get(place_of)
        assert "Or pay by bank transfer" in waiting.text and "form-action 'self' %s;" % provider.url in waiting.headers["Content-Security-Policy"]
        # Nobody pays without the form's token; of somebody else's order there is nothing.
        assert guest.ask("POST", place_of + "/pay", {"token": "x"}).status == 403
        assert guest.post(place_of, place_of[:-2] + "xx/pay", {}).status == 404
        # The browser is back before the webhook: the page asks.
        provider.pay(session["id"], tell=False)
        back = guest.get(session["success_url"][len(shop.url):])
        assert 'class="state">paid<' in back.text and "/pay\"" not in back.text and "form-action 'self';" in back.headers["Content-Security-Policy"], back.text
        assert state(shop, number) == ("paid", "paid") and ledger(shop, "money/card") == total and ledger(shop, "money/transfer") == 0
        assert {(p["method"], p["state"]) for p in payments(shop)} == {("card", "paid"), ("transfer", "failed")}
        # Told late, twice, out of order: it is the same money.
        paid = provider.event("checkout.session.completed", session)
        late = provider.event("checkout.session.expired", {**session, "status": "expired", "payment_status": "unpaid"})
        assert [provider.send(x) for x in (paid, paid, late, paid)] == [200] * 4
        assert ledger(shop, "money/card") == total and not held(shop) and shop.look("SELECT COUNT(*) FROM payment_event") == "1"
        invoice = guest.get(place_of + "/" + number + "/invoices/1")
        assert "by card" in invoice.text, invoice.status
        # A transfer for it, afterwards, is more than was asked for.
        reference = next(p["reference"] for p in payments(shop) if p["method"] == "transfer")
        statement(shop, (plain(total), "USD", reference, "1"))
        assert [h["amount"] for h in held(shop)] == [total]
        shop.ok("payment", "give-back", held(shop)[0]["event"])
        assert owed(shop)[0]["amount"] == total  # by transfer, as it came: nobody asks the provider for it
        assert balanced(shop) and "agree" in shop.ok("sales", "check")
        shop.stop()
        assert KEY not in shop.said and SECRET not in shop.said


def test_what_the_provider_tells_is_believed_by_its_signature_alone():
    with Shop() as shop, Provider() as provider:
        prepare(shop, provider)
        page, number = waits(shop)
        go(shop, page)
        session = {**provider.latest(), "status": "complete", "payment_status": "paid", "payment_intent": "pi_1"}
        paid = provider.event("checkout.session.completed", session)
        unlike = provider.event("checkout.session.completed", {**session, "amount_total": 1})
        old = provider.sign(paid, at=time.time() - 400)
        for payload, signature in ((paid, provider.sign(paid, "whsec_other00000")), (unlike, provider.sign(paid)), (paid, old), (paid, "t=1,v1=00"),
                                   (paid, "nothing"), (b"{}", None), (b"", None)):
            assert provider.send(payload, signature) == 400, (payload, signature)
        assert shop.look("SELECT COUNT(*) FROM payment_event") == "0" and state(shop, number) == ("placed", "waiting")
        # What is none of ours is taken note of by nothing: other types, another mode, another account, another program's session.
        others = (provider.event("customer.created", {"id": "cus_1", "object": "customer"}), provider.event("checkout.session.completed", session, livemode=True),
                  provider.event("checkout.session.completed", session, account="acct_00000002"),
                  provider.event("checkout.session.completed", {**session, "id": "cs_9", "client_reference_id": None}),
                  provider.event("refund.updated", {"id": "re_9", "object": "refund", "status": "failed"}))
        assert [provider.send(x) for x in others] == [200] * len(others)
        assert shop.look("SELECT COUNT(*) FROM payment_event") == "0" and state(shop, number) == ("placed", "waiting")
        # Another sum or currency than was asked for is held for people, whoever signed it.
        for more in ({"id": "cs_other", "amount_total": 1}, {"id": "cs_currency", "currency": "eur"}):
            assert provider.tell("checkout.session.completed", {**session, **more}) == 200
        assert {(h["amount"], h["currency"]) for h in held(shop)} == {(1, "USD"), (session["amount_total"], "EUR")} and balanced(shop)
        assert state(shop, number) == ("placed", "waiting") and "/pay\"" not in Browser(shop).get(page).text
        # The right one settles it still.
        assert provider.send(paid) == 200 and state(shop, number) == ("paid", "paid") and balanced(shop)


def test_what_is_given_back_goes_by_card_and_what_was_not_told_is_asked_for():
    with Shop() as shop, Provider() as provider:
        prepare(shop, provider)
        page, number = waits(shop)
        # A provider that is away: the page says so, the order stays, and a transfer is possible still.
        provider.down = 503
        away = go(shop, page)
        told = Browser(shop).get(away)
        assert away.startswith(page) and told.status == 200 and "not possible at this moment" in told.text and "Or pay by bank transfer" in told.text
        assert state(shop, number) == ("placed", "waiting") and not provider.sessions
        provider.down = 0
        # One that ended is replaced by another; one that is paid needs none.
        assert go(shop, page) == provider.latest()["url"] and len(provider.sessions) == 1
        provider.latest().update(status="expired", url=None)
        assert go(shop, page) == provider.latest()["url"] and len(provider.sessions) == 2
        # Money that is on its way: said, and asked for no more; it may come still after a session that ended, and then it is more.
        first, second = provider.sessions.values()
        provider.pay(second["id"], money_later=True)
        pending = Browser(shop).get(page).text
        assert "on its way" in pending and "/pay\"" not in pending and "bank transfer" not in pending and go(shop, page) == page + "?card=back"
        provider.pay(first["id"])
        assert state(shop, number) == ("paid", "paid") and ledger(shop, "unclear") == 0
        second["payment_status"] = "paid"
        assert provider.tell("checkout.session.async_payment_succeeded", second) == 200
        total = first["amount_total"]
        assert [(h["method"], h["event"], h["amount"]) for h in held(shop)] == [("card", second["id"], total)] and ledger(shop, "unclear") == -total
        # What is given back goes by the session that it came by, under one key each, asked for how often.
        provider.down = 503
        shop.ok("payment", "give-back", "--method", "card", second["id"])
        one, ada = "/desk/orders/" + number, operator(shop)
        assert ada.post(one, one + "/cancel", {"line_%d" % order(shop, number)["lines"][0]["id"]: "1", "key": "form-1"}).status == 303
        shop.until(lambda: shop.look("SELECT MAX(asked) FROM refund") == "1", "the first that is to be sent")
        busy = next(r["id"] for r in owed(shop) if shop.look("SELECT asked FROM refund WHERE id = %d" % r["id"]) == "1")
        status, _, err = shop.run("refund", "sent", str(busy))
        assert status != 0 and "goes back by card" in err, err
        provider.down = 0
        other, other_number = waits(shop)
        go(shop, other)
        provider.pay(provider.latest()["id"], tell=False)
        # Another one is paid by transfer, while its session is open.
        third, third_number = waits(shop)
        go(shop, third)
        opened = provider.latest()
        due = next(p for p in payments(shop) if p["method"] == "transfer" and p["state"] == "waiting" and p["reference"] in Browser(shop).get(third).text)
        shop.ok("payment", "settle", due["reference"], "--amount", plain(due["amount"]))
        assert state(shop, third_number) == ("paid", "paid") and opened["status"] == "open"
        # Two minutes later, after a webhook that never came.
        provider.shift = 120
        serve(shop, provider, env={"COLOPHON_NOW": moment(time.time() + 120)})
        shop.until(lambda: state(shop, other_number) == ("paid", "paid"), "what no webhook told")
        shop.until(lambda: not owed(shop), "the refunds")
        shop.until(lambda: opened["status"] == "expired", "the end of the session that nobody needs")
        assert sorted(r["payment_intent"] for r in provider.refunds.values()) == sorted("pi_" + s["id"] for s in (first, second))
        assert [r["amount"] for r in provider.refunds.values()] == [total, total] and len(owed(shop, "sent")) == 2
        assert ledger(shop, "money/card") == total and ledger(shop, "refunds-owed") == 0 and balanced(shop)
        # One that did not arrive is owed again, and people look; told twice, it is once.
        back = next(r for r in provider.refunds.values() if r["payment_intent"] == "pi_" + first["id"])
        back["status"] = "failed"
        late = provider.event("refund.updated", {**back, "status": "succeeded"})
        assert [provider.tell("refund.failed", back), provider.tell("charge.refund.updated", back), provider.send(late)] == [200] * 3
        again = owed(shop, "failed")
        assert [r["amount"] for r in again] == [total] and ledger(shop, "refunds-owed") == -total and ledger(shop, "money/card") == 2 * total
        unsent = lambda: 'data-unsent="%d"' % again[0]["id"] in ada.get(one).text
        assert unsent()
        # They send it by transfer.
        shop.ok("refund", "sent", str(again[0]["id"]))
        assert not unsent()
        assert provider.tell("refund.failed", back) == 200 and ledger(shop, "refunds-owed") == 0
        assert ledger(shop, "money/transfer") == due["amount"] - total and balanced(shop) and "agree" in shop.ok("sales", "check")
