"""Buying and selling by the API: what its description says, and the pages' own rules."""
import secrets

from ebooks import book as book_file, give_files
from shop import EMMA, Shop
from test_api import Described
from test_checkout import CHINA, EBOOK, bank, purchases, ship
from test_sales import charge
from test_stock import counts

PRINT = "9780000050014"


def whole_order(api, token, once=None, **more):
    """The basket as it stands, ordered."""
    seen = api.ask("checkout", None, token, storefront="cn").json()
    return api.ask("order", {"once": once or secrets.token_urlsafe(32), "reckoned": seen["reckoned"], "address": CHINA,
                             "delivery": [{"shop": d["shop"], "method": w["method"]} for d in seen["delivery"] for w in d["ways"] if w["chosen"]],
                             **more}, token, storefront="cn")


def buy(shop, api, token, ann):
    cn = {"storefront": "cn"}
    assert api.ask("basket", **cn).status == 401 and api.ask("ownOrders").status == 401
    assert api.ask("basket", None, token, **cn).json()["lines"] == []
    assert api.ask("putInBasket", {"quantity": 201}, token, isbn13=PRINT, **cn).status == 422
    assert api.ask("putInBasket", {"quantity": "two"}, token, isbn13=PRINT, **cn).status == 422
    assert api.ask("putInBasket", {}, token, isbn13="9783161484100", **cn).status == 404
    assert api.ask("putInBasket", {"quantity": 5}, token, isbn13=PRINT, **cn).json()["lines"][0]["quantity"] == 5
    # So many, however often it is said.
    lines = api.ask("putInBasket", {"quantity": 2}, token, isbn13="978-0-00-005001-4", **cn).json()["lines"]
    assert [l["quantity"] for l in lines] == [2] and lines[0]["barred"] is None, lines
    assert api.ask("putInBasket", {"later": True}, token, isbn13=PRINT, **cn).json()["later"][0]["edition"] == PRINT
    assert api.ask("putInBasket", {"quantity": 2}, token, isbn13=PRINT, **cn).json()["later"] == []
    assert len(api.ask("putInBasket", {}, token, isbn13=EBOOK, **cn).json()["lines"]) == 2
    assert len(api.ask("takeFromBasket", None, token, isbn13=EBOOK, **cn).json()["lines"]) == 1
    api.ask("putInBasket", {}, token, isbn13=EBOOK, **cn)
    seen = api.ask("checkout", None, token, **cn).json()
    way = seen["delivery"][0]
    assert seen["address_needed"] and seen["consent_needed"] and seen["sum"]["shipping"] > 0 and way["ways"][0]["chosen"]
    assert api.ask("checkout", None, token, query="?delivery=%d:%d" % (way["shop"], way["ways"][0]["method"]), **cn).json() == seen
    assert api.ask("checkout", None, token, query="?delivery=x", **cn).status == 422
    # What is missing is named, and nothing is placed.
    once = secrets.token_urlsafe(32)
    for more, why in [({"once": "short"}, "once"), ({"reckoned": "0"}, "reckoned"), ({"consent": False}, "consent"), ({"delivery": [{"shop": -1}]}, "delivery"),
                      ({"address": {**CHINA, "city": ""}, "consent": True}, "city")]:
        wrong = whole_order(api, token, **{"once": once, **more})
        assert wrong.status == 422 and why in wrong.json()["detail"], (more, wrong.text)
    assert whole_order(api, token, once, reckoned="0" * 64, consent=True).status == 409 and purchases(shop) == 0
    placed = whole_order(api, token, once, consent=True)
    assert placed.status == 201 and purchases(shop) == 1, placed.text
    bought = placed.json()
    number, order = bought["orders"][0]["number"], bought["orders"][0]
    assert bought["total"] == seen["sum"]["total"] == bought["transfer"]["missing"] == order["total"] and bought["address"]["city"] == CHINA["city"]
    assert number in shop.get("/" + bought["page"].split("/", 3)[3]).text
    assert list(counts(shop).values()) == [(5, 2)]
    # Sent again it is the same one; another's word is not it.
    again = api.ask("order", {"once": once, "reckoned": "0" * 64}, token, **cn)
    assert again.status == 200 and again.json()["id"] == bought["id"] and purchases(shop) == 1
    assert api.ask("order", {"once": once, "reckoned": "0" * 64}, ann, **cn).status == 422
    assert [p["id"] for p in api.ask("ownOrders", None, token).json()["purchases"]] == [bought["id"]]
    assert api.ask("ownOrders", None, token, query="?before=%d" % bought["id"]).json()["purchases"] == []
    assert api.ask("ownOrders", None, token, query="?limit=x").status == 422
    assert api.ask("ownOrder", None, token, number=number).json()["orders"][0]["lines"] == order["lines"]
    for name in ("ownOrder", "cancelOwnOrder"):
        assert api.ask(name, {} if name[0] == "c" else None, ann, number=number).status == 404
    return bought


def keep(shop, api, token, ann):
    """The library, and devices."""
    book = api.ask("library", None, token, storefront="cn", query="?sort=title&limit=5").json()
    assert [b["edition"] for b in book["books"]] == [EBOOK] and book["total"] == 1 and book["books"][0]["source"] == "bought", book
    assert api.ask("library", None, token, storefront="cn", query="?limit=x").status == 422 and api.ask("library", storefront="cn").status == 401
    assert api.ask("libraryFile", None, token, storefront="cn", isbn13=EBOOK).body == book_file()
    assert api.ask("libraryFile", None, ann, storefront="cn", isbn13=EBOOK).status == 404
    assert api.ask("devices").status == 401
    assert api.ask("addDevice", {"name": "Kobo", "password": "wrong"}, token).status == 403
    made = api.ask("addDevice", {"name": "Kobo", "password": "a long enough secret"}, token)
    assert made.status == 201 and made.json()["password"], made.text
    [device] = api.ask("devices", None, token).json()["devices"]
    assert device["login"] == made.json()["login"] and device["name"] == "Kobo"
    assert api.ask("removeDevice", None, ann, id=device["id"]).status == 404
    assert api.ask("removeDevice", None, token, id=device["id"]).status == 200 and api.ask("devices", None, token).json()["devices"] == []


def test_what_readers_buy_and_shops_sell():
    with Shop() as shop:
        charge(shop, country="CN", print="0", e_book="9", shipping="10")
        give_files(shop, EBOOK)
        bank(shop, "CNY")
        ship(shop, "CN", "CNY")
        shop.ok("stock", "set", "--shop", "main", PRINT, "5")
        shop.serve()
        api = Described(shop)
        token, ann = shop.reader("lee"), shop.reader("ann")
        bought = buy(shop, api, token, ann)
        shop.ok("payment", "settle", bought["transfer"]["reference"], "--amount", "%d.%02d" % divmod(bought["total"], 100))
        keep(shop, api, token, ann)
        # Another, which is taken back.
        api.ask("putInBasket", {"quantity": 1}, token, isbn13=PRINT, storefront="cn")
        number = whole_order(api, token).json()["orders"][0]["number"]
        assert api.ask("cancelOwnOrder", {}, token, number=number).json()["state"] == "ended"
        assert api.ask("cancelOwnOrder", {}, token, number=number).status == 409
        assert not api.unasked(selling=True), api.unasked(selling=True)
