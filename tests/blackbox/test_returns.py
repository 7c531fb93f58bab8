"""What buyers state of what they paid for: withdrawing, calling off, sending back; and the desk's end of it."""
import json
import re

from shop import EMMA, Browser, Shop
from test_partner import operator, partner
from test_sales_desk import ORDERS, pay, sell, shown, taxed

OTHER = "9780000000064"


def bought(shop, *editions, country, shipping=(0, -1)):
    """A guest's purchase by telephone, paid: the number of its order, and the address of its page."""
    args = ["--storefront", "us", "--email", "buyer@example.org", "--name", "Zoë Ünlü", "--address", "12 Long Lane", "--country", "US"]
    placed = json.loads(shop.ok("sales", "place", "--json", *args, *editions))
    number = placed["orders"][0]["number"]
    of = "(SELECT purchase_id FROM sales_order WHERE number = '%s')" % number
    shop.tamper("UPDATE purchase SET country = '%s', total = total + %d WHERE id = %s" % (country, shipping[0], of),
                "UPDATE payment SET amount = amount + %d WHERE purchase_id = %s" % (shipping[0], of),
                "UPDATE sales_order SET shipping = %d, total = total + %d, shipping_least = %d WHERE number = '%s'" % (shipping[0], shipping[0], shipping[1], number))
    pay(shop, number)
    return number, "/us/orders/" + placed["secret"]


def hidden(text):
    form = re.findall(r'<form[^>]*action="[^"]*/return">(.*?)</form>', text, re.S)[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form))


def until_the_second_step(who, page, fields):
    """The form as its page shows it, with these in it, and what the step that follows says."""
    form = hidden(who.get(page).text)
    return who.ask("POST", page.split("?")[0], {**form, **fields, "act": "review"})


def test_whoever_withdraws_states_it_on_the_orders_page_and_is_paid_back_once_it_came():
    with Shop() as shop:
        taxed(shop)
        shop.ok("mail", "set", "--server", "smtp://127.0.0.1:9", "--from", "a@books.example", "--url", "https://books.example/")
        shop.ok("stock", "set", "--shop", "main", EMMA, "9")
        number, page = bought(shop, EMMA + "=3", country="DE", shipping=(490, 300))
        abroad, elsewhere = bought(shop, EMMA, OTHER, country="US")
        shop.serve()
        guest, ada = Browser(shop), operator(shop)
        one, line = ORDERS + "/" + number, shown(shop, number)["lines"][0]
        field, unit = "line_%d" % line["id"], line["unit"]
        stock = lambda: tuple(shop.look("SELECT %s FROM stock" % c) for c in ("on_hand", "promised"))
        refunded = lambda n=number: shown(shop, n)["refunded"]
        letters = lambda kind: int(shop.look("SELECT COUNT(*) FROM letter WHERE kind = '%s'" % kind))
        assert ada.post(one, one + "/send", {field: "2"}).status == 303 and stock() == ("7", "2")
        here = page + "/" + number + "/return"
        assert 'href="%s"' % here in guest.get(page).text and "Withdraw from the contract here" in guest.get(page).text
        form = guest.get(here).text
        assert 'name="%s"' % field in form and 'value="3"' in form and "12 Long Lane" not in form
        # More than there is, none, another order's line, another's page: refused, nothing changed.
        for wrong in {field: "4"}, {field: "0"}, {field: "x"}, {"line_999": "1", field: "0"}:
            for act in "review", "confirm":
                refused = guest.ask("POST", here, {**hidden(form), **wrong, "act": act})
                assert refused.status in (409, 422) and 'id="error"' in refused.text or (act, wrong) == ("review", {"line_999": "1", field: "0"}), (refused.status, wrong)
        assert guest.get(elsewhere + "/" + number + "/return").status == 404 and shop.get("/us/account/orders/" + number + "/return").status == 303
        assert shop.look("SELECT COUNT(*) FROM sales_return") == "0" and refunded() == 0
        # The second step repeats it, and confirms; twice is once.
        step = until_the_second_step(guest, here, {field: "3"})
        assert step.status == 200 and "Confirm the withdrawal" in step.text and "I withdraw from the contract for this" in step.text and "Zoë Ünlü" in step.text, step.text
        fields = {**hidden(step.text), "act": "confirm"}
        assert [guest.ask("POST", here, fields).status for _ in range(2)] == [303, 303]
        # One had not left: it is called off and paid back at once; two are to come back.
        assert shop.look("SELECT COUNT(*) FROM sales_return") == "1" and refunded() == unit and stock() == ("7", "1")
        now = shown(shop, number)
        assert now["lines"][0]["cancelled"] == 1 and now["state"] == "done"
        assert [(e["kind"], e["actor"]) for e in now["events"]][-3:] == [("cancelled", "reader"), ("refunded", "reader"), ("return-asked", "reader")], now["events"]
        assert letters("sale-return") == 1 and letters("sale-refunded") == 1
        said = guest.get(page).text
        assert 'data-return="expected"' in said and "the seller waits for it" in said and "Withdraw from the contract here" not in said
        # At the desk: it is waited for, by the shop whose it is.
        shop.ok("shop", "add", "other", "--name", "Another Shop")
        eve = partner(shop, "other", "eve@press.example")
        assert 'data-order="%s"' % number in ada.get(ORDERS + "?state=returns").text and "data-order" not in eve.get(ORDERS + "?state=returns").text
        desk = ada.get(one).text
        assert "Withdrawn from the contract" in desk and re.search(r'name="delivery" value="1" checked', desk), desk
        stated = shop.look("SELECT id FROM sales_return")
        came = {field: "1", "expected": stated, "reason": "withdrawn", "shelf": "1", "key": "came-1"}
        assert eve.post(ORDERS, one + "/return", came).status == 404 and eve.post(ORDERS, one + "/close", {"expected": stated, "note": "x"}).status == 404
        # One comes, twice told, then the other, with what the cheapest delivery would have cost.
        assert [ada.post(one, one + "/return", came).status for _ in range(2)] == [303, 303]
        assert refunded() == 2 * unit and stock() == ("8", "1") and 'data-return="expected"' in guest.get(page).text
        assert ada.post(one, one + "/return", {**came, "key": "came-2", "delivery": "1", "expected": ""}).status == 303  # whichever waits for it
        assert refunded() == 3 * unit + 300 and 'data-return="received"' in guest.get(page).text
        assert ada.post(one, one + "/return", {**came, "key": "came-3"}).status == 409 and ada.post(one, one + "/close", {"expected": stated, "note": "x"}).status == 409
        assert "data-order" not in ada.get(ORDERS + "?state=returns").text
        # What is left of delivery is given for goodwill, and no more.
        give = {"line": "delivery", "amount": "1.91", "note": "kindness", "key": "give"}
        assert ada.post(one, one + "/refund", give).status == 409 and ada.post(one, one + "/refund", {**give, "amount": "1.90"}).status == 303
        assert refunded() == shown(shop, number)["total"] and shop.look("SELECT COALESCE(SUM(amount), 0) FROM ledger_line") == "0"
        # Where no law gives the right, what was not sent is called off all the same, and the page says why not the rest.
        first, second = ("line_%d" % l["id"] for l in shown(shop, abroad)["lines"])
        assert ada.post(ORDERS + "/" + abroad, ORDERS + "/" + abroad + "/send", {first: "1"}).status == 303
        said, here = guest.get(elsewhere).text, elsewhere + "/" + abroad + "/return"
        assert "Call off what was not sent" in said and "We know of no law in the United States" in said or "We know of no law in United States" in said, said
        form = guest.get(here).text
        assert 'name="%s"' % second in form and 'name="%s"' % first not in form
        assert guest.ask("POST", here, {**hidden(form), first: "1", "act": "confirm"}).status == 409
        assert guest.ask("POST", here, {**hidden(form), second: "1", "act": "confirm"}).status == 303
        now = shown(shop, abroad)
        assert now["lines"][1]["cancelled"] == 1 and now["refunded"] == now["lines"][1]["total"] and now["state"] == "done"
        # Something is wrong with what came: told with words, which staff alone see; nothing follows by itself.
        wrong = here + "?why=wrong"
        step = until_the_second_step(guest, wrong, {first: "1", "words": "Page 12 is <torn>."})
        assert step.status == 200 and "Page 12 is &lt;torn&gt;." in step.text, step.text
        assert guest.ask("POST", here, {**hidden(step.text), "words": "Page 12 is <torn>.", "act": "confirm"}).status == 303
        assert refunded(abroad) == now["refunded"] and "Page 12 is &lt;torn&gt;." in ada.get(ORDERS + "/" + abroad).text
        assert "torn" not in guest.get(elsewhere).text + shop.ok("record", "export", "jsonl") + shop.ok("staff", "trail")
        # Staff wait no more: with a note, and nothing given back.
        stated = shop.look("SELECT MAX(id) FROM sales_return")
        close = {"expected": stated, "note": "it never came"}
        assert ada.post(ORDERS + "/" + abroad, ORDERS + "/" + abroad + "/close", {**close, "note": ""}).status == 422
        assert ada.post(ORDERS + "/" + abroad, ORDERS + "/" + abroad + "/close", close).status == 303
        assert 'data-return="closed"' in guest.get(elsewhere).text and refunded(abroad) == now["refunded"] and "never came" not in guest.get(elsewhere).text
        # The right ends.
        shop.tamper("UPDATE purchase SET country = 'CN'", "UPDATE shipment SET sent = sent - 40 * 86400", "UPDATE sales_order SET paid = paid - 40 * 86400")
        said = guest.get(elsewhere).text
        assert "The right to withdraw from the printed books ended on" in said and "Withdraw from the contract here" not in said, said
        assert guest.ask("POST", here, {**hidden(guest.get(wrong).text), "why": "", first: "1", "act": "confirm"}).status == 409
        shop.ok("sales", "check")


def test_an_ebook_is_given_up_where_the_right_was_not():
    with Shop() as shop:
        taxed(shop)
        shop.serve()
        lee, ann = Browser(shop), Browser(shop)
        lee.sign_up("us", "Lee")
        ann.sign_up("us", "Ann")
        number = json.loads(shop.ok("sales", "place", "--json", "--storefront", "us", "--as", "lee@example.org", EMMA))["orders"][0]["number"]
        pay(shop, number)
        account = shop.look("SELECT account_id FROM purchase")
        edition = shop.look("SELECT edition_id FROM sales_line")
        # It is an e-book from now on, that was delivered when it was paid.
        shop.tamper("UPDATE sales_line SET digital = 1, kind = 'e-book', sent = 1", "UPDATE sales_order SET state = 'done'", "UPDATE purchase SET country = 'FR', consent = 1",
                    "INSERT INTO library (account_id, edition_id, source, line_id, since, ended, hidden) SELECT %s, %s, 'bought', id, 1, 0, 0 FROM sales_line" % (account, edition))
        page = "/us/account/orders/" + number
        assert "You cannot withdraw from the e-books: you agreed" in lee.get(page).text
        here, field = page + "/return", "line_" + shop.look("SELECT id FROM sales_line")
        assert "There is nothing of this order" in lee.get(here).text
        forced = lambda who: who.post("/us/account", here, {field: "1", "once": "a" * 43, "act": "confirm"}).status
        assert forced(lee) == 409 and ann.get(here).status == ann.post("/us/account", here, {field: "1", "act": "confirm"}).status == 404, (forced(lee), ann.get(here).status)
        assert shop.look("SELECT COUNT(*) FROM library WHERE ended = 0") == "1"
        shop.tamper("UPDATE purchase SET consent = 0")
        step = until_the_second_step(lee, here, {field: "1"})
        assert lee.ask("POST", here, {**hidden(step.text), "act": "confirm"}).status == 303
        assert shop.look("SELECT COUNT(*) FROM library WHERE ended = 0") == "0" and shown(shop, number)["refunded"] == shown(shop, number)["total"]
        assert 'data-return="received"' in lee.get(page).text
        # What an account stated goes along with its data.
        assert '"withdrawn"' in lee.get("/us/account/data").text
