"""What readers see of what they ordered, and how it ends that nobody paid."""
import json
import time

from ebooks import give_files
from shop import EMMA, Browser, Shop, moment
from test_papers import insert
from test_sales import EBOOK, charge, order, place
from test_sales import PRINT as CHINESE
from test_stock import counts

GUEST = "guest@example.org"


def test_whoever_bought_sees_it_and_may_take_it_back():
    with Shop() as shop:
        charge(shop, country="US", print="0")
        shop.ok("stock", "set", "--shop", "main", EMMA, "5")
        shop.serve()
        lee, ann = Browser(shop), Browser(shop)
        lee.sign_up("us", "Lee")
        ann.sign_up("us", "Ann")
        assert "Nothing was ordered" in lee.get("/us/account/orders").text
        bought = place(shop, EMMA + "=2", who=("--as", "lee@example.org"), storefront="us")
        number = bought["orders"][0]["number"]
        assert list(counts(shop).values()) == [(5, 2)]
        page = "/us/account/orders/" + number
        assert page in lee.get("/us/account/orders").text
        seen = lee.get(page)
        assert seen.status == 200 and number in seen.text and "/us/books/" + EMMA in seen.text and "no-store" in seen.headers["Cache-Control"], seen.headers
        # Others have nothing of it, whatever they know.
        assert ann.get(page).status == 404 and ann.post("/us/account", page + "/cancel", {}).status == 404
        assert shop.get(page).status == 303 and number not in ann.get("/us/account/orders").text
        # Taken back: once, and the copies are there for others.
        assert lee.post(page, page + "/cancel", {}).status == 303
        assert order(shop, number)["state"] == "cancelled" and order(shop, number)["purchase_state"] == "ended"
        assert list(counts(shop).values()) == [(5, 0)]
        again = lee.post("/us/account", page + "/cancel", {})
        assert again.status == 409 and "does not wait for its payment any more" in again.text
        assert [e["kind"] for e in order(shop, number)["events"]] == ["placed", "cancelled"]
        # A guest's is behind its secret.
        guests = place(shop, EMMA, who=("--email", GUEST), storefront="us")
        secret = "/us/orders/" + guests["secret"]
        seen = Browser(shop).get(secret)
        assert guests["orders"][0]["number"] in seen.text and GUEST not in seen.text
        assert shop.get(secret[:-1] + ("A" if secret[-1] != "A" else "B")).status == 404
        assert Browser(shop).post(secret, secret + "/cancel", {}).status == 303
        assert order(shop, guests["orders"][0]["number"])["state"] == "cancelled"


def test_what_nobody_pays_ends_by_itself():
    with Shop() as shop:
        charge(shop, country="US", print="0")
        shop.ok("stock", "set", "--shop", "main", EMMA, "1")
        # One that cannot end, for somebody spoilt it, keeps none of those after it from ending, and is told by number.
        stuck = place(shop, CHINESE, who=("--email", GUEST), storefront="us")
        shop.tamper("UPDATE sales_order SET state = 'done'")
        number = place(shop, EMMA, who=("--email", GUEST), storefront="us")["orders"][0]["number"]
        assert list(counts(shop).values()) == [(1, 1)]
        # Guests' of long ago: unpaid, ended more than three years ago, ended since, and one under way.
        old, who = time.time() - 1200 * 86400, lambda n: shop.look("SELECT email || ' ' || (delivery <> '') || ' ' || (evidence <> '') FROM purchase WHERE id = %d" % n).replace("true", "1").replace("false", "0")
        for n, ended in (1001, 0), (1002, old + 86400), (1003, old + 800 * 86400), (1004, 0):
            bought = insert("purchase", id=n, token=shop.blob(b"%032d" % n), secret=shop.blob(b"%032d" % n), account_id=0, storefront_id=0, country="US", currency="USD",
                            language="en", email=GUEST, delivery="{}", billing="{}", evidence="{}", consent=0, consent_text="", method="transfer", total=1,
                            state="ended" if n == 1001 else "paid", placed=int(old), expires=int(old))
            sold = insert("sales_order", id=n, number="K7M2Q-%05d" % n, purchase_id=n, shop_id=1, currency="USD", goods=1, discount=0, shipping=0, tax=0, total=1,
                          shipping_name="", shipping_tax=0, shipping_rate=0, state={1001: "cancelled", 1004: "paid"}.get(n, "done"), refunded=0, placed=int(old), paid=0, ended=int(ended))
            shop.tamper(bought, sold, insert("sales_return", id=n, key=str(n), order_id=n, reason="returned", words="torn", state="closed", asked=1, ended=1))
        shop.serve(env={"COLOPHON_NOW": moment(time.time() + 15 * 86400)})
        shop.until(lambda: order(shop, number)["purchase_state"] == "ended", "the end of what nobody paid")
        shop.until(lambda: who(1002) == " 0 0", "a guest to be forgotten")
        assert who(1001) == " 0 0" and who(1003) == who(1004) == GUEST + " 1 1"
        assert shop.look("SELECT COUNT(*) FROM sales_return WHERE words = ''") == "2" and shop.look("SELECT COUNT(*) FROM sales_return WHERE words <> ''") == "2"
        seen = order(shop, number)
        assert seen["state"] == "cancelled" and seen["events"][-1]["kind"] == "expired" and seen["events"][-1]["actor"] == "shop", seen
        assert list(counts(shop).values()) == [(1, 0)]
        assert shop.look("SELECT state FROM purchase WHERE id = %d" % stuck["purchase"]) == "waiting"
        shop.stop()
        assert "purchase %d waited past its day and does not end" % stuck["purchase"] in shop.said, shop.said


def test_an_account_that_goes_takes_along_its_basket_and_what_it_did_not_pay():
    with Shop() as shop:
        charge(shop, country="US", print="0", e_book="0")
        shop.ok("stock", "set", "--shop", "main", EMMA, "5")
        give_files(shop, EBOOK)
        shop.serve()
        lee = Browser(shop)
        lee.sign_up("us", "Lee")
        assert lee.ask("POST", "/us/basket/add", {"isbn": EMMA}, {"Sec-Fetch-Site": "same-origin"}).status == 303
        # On paper it is sent all the same; an e-book would be nobody's, and ends with all that was bought beside it.
        paper = place(shop, EMMA, who=("--as", "lee@example.org"), storefront="us")
        both = place(shop, EMMA + "=2", EBOOK, who=("--as", "lee@example.org"), storefront="us")
        assert list(counts(shop).values()) == [(5, 3)]
        page = lee.get("/us/account/erase").text
        assert "in your basket" in page and lee.post("/us/account/erase", "/us/account/erase", {"password": "a long enough secret", "sure": "1"}).status in (200, 303)
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM account WHERE name = 'Lee'") == "0", "the account to go")
        assert shop.look("SELECT COUNT(*) FROM basket") == shop.look("SELECT COUNT(*) FROM basket_line") == "0"
        states = lambda one: (order(shop, one["orders"][0]["number"])["state"], order(shop, one["orders"][0]["number"])["purchase_state"])
        assert states(paper) == ("placed", "waiting") and states(both) == ("cancelled", "ended")
        assert list(counts(shop).values()) == [(5, 1)] and "agree" in shop.ok("sales", "check")
