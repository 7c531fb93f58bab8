"""Buying and selling by the API: what its description says, and the pages' own rules."""
import re
import secrets

from ebooks import book as book_file, give_files
from shop import EMMA, Browser, Shop, onix, product
from test_api import Described
from test_partner import partner
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
    lines = api.ask("putInBasket", {"quantity": 3}, token, isbn13="978-0-00-005001-4", **cn).json()["lines"]
    assert [l["quantity"] for l in lines] == [3] and lines[0]["barred"] is None, lines
    assert api.ask("putInBasket", {"later": True}, token, isbn13=PRINT, **cn).json()["later"][0]["edition"] == PRINT
    assert api.ask("putInBasket", {"quantity": 3}, token, isbn13=PRINT, **cn).json()["later"] == []
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
    assert list(counts(shop).values()) == [(5, 3)]
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
    assert len(api.ask("libraryFile", None, token, storefront="cn", isbn13=EBOOK).body) == len(book_file())
    assert api.ask("libraryFile", None, ann, storefront="cn", isbn13=EBOOK).status == 404
    assert api.ask("devices").status == 401
    assert api.ask("addDevice", {"name": "Kobo", "password": "wrong"}, token).status == 403
    made = api.ask("addDevice", {"name": "Kobo", "password": "a long enough secret"}, token)
    assert made.status == 201 and made.json()["password"], made.text
    [device] = api.ask("devices", None, token).json()["devices"]
    assert device["login"] == made.json()["login"] and device["name"] == "Kobo"
    assert api.ask("removeDevice", None, ann, id=device["id"]).status == 404
    assert api.ask("removeDevice", None, token, id=device["id"]).status == 200 and api.ask("devices", None, token).json()["devices"] == []


def new_key(pia, name, *duties):
    page = "/desk/partner/main/programs"
    made = pia.post(page, page + "/keys", {"name": name, "duty": duties})
    assert made.status == 200, made.text
    return re.search(r"shop_[\w-]{43}", made.text)[0]


def sell(shop, api, reader, sold):
    """A shop's programs, each by a key for what it does."""
    shop.ok("shop", "add", "other", "--name", "The other shop")
    pia, main = partner(shop), {"shop": "main"}
    page = "/desk/partner/main/programs"
    assert pia.post(page, page + "/keys", {"name": "Nothing"}).status == 422 and "None yet." in pia.get(page).text
    counting, sending, summing, feeding = (new_key(pia, d.title(), d) for d in ("stock", "orders", "sales", "feeds"))
    assert pia.post(page, page + "/webhook", {"url": "http://127.0.0.1/"}).status == 422  # https alone: test_webhooks has what tests may
    seen = pia.get(page).text
    assert counting not in seen and seen.count("never used") == 4
    # A key opens its shop and its duty, and nothing else.
    assert api.ask("stock", **main).status == 401 and api.ask("stock", None, counting[:-1] + "-", **main).status == 401
    assert api.ask("stock", None, sending, **main).status == 403 and api.ask("shopOrders", None, counting, **main).status == 403
    assert api.ask("stock", None, counting, shop="other").status == 404 and api.ask("stock", None, reader, **main).status == 403
    assert api.ask("ownOrders", None, counting).status == 401
    # Stock, one by one and by a file.
    before = api.ask("stock", None, counting, **main).json()
    assert [(s["edition"], s["stock"], s["promised"], s["left"]) for s in before["stock"]] == [(PRINT, 5, 4, 1)], before
    assert api.ask("count", {"stock": 9}, counting, isbn13=PRINT, **main).json()["stock"][0]["left"] == 5
    assert api.ask("count", {"stock": -1}, counting, isbn13=PRINT, **main).status == 422 and api.ask("count", {"stock": 1}, counting, isbn13="9783161484100", **main).status == 404
    csv = lambda text: api.ask("countFile", None, counting, raw=text, headers={"Content-Type": "text/csv"}, **main)
    assert csv(b"isbn,stock\n%s,x\n" % EMMA.encode()).status == 422
    assert csv(b"isbn,stock\n%s,7\n9783161484100,1\n" % EMMA.encode()).json()["passed"] == 1
    assert [s["edition"] for s in api.ask("stock", None, counting, query="?left=5", **main).json()["stock"]] == [PRINT]
    assert api.ask("stock", None, counting, query="?limit=x", **main).status == 422
    assert api.ask("uncount", None, counting, isbn13=EMMA, **main).status == 200 and api.ask("uncount", None, counting, isbn13=EMMA, **main).status == 404
    # Orders: sent once, given back once, however often it is said.
    waiting = api.ask("shopOrders", None, sending, query="?state=waiting", **main).json()["orders"]
    assert [o["number"] for o in waiting] == [sold["number"]] and api.ask("shopOrders", None, sending, query="?from=x", **main).status == 422
    assert api.ask("shopOrders", None, sending, query="?state=returns", **main).json()["orders"] == []
    at = {"number": sold["number"], **main}
    order = api.ask("shopOrder", None, sending, **at).json()
    book = [l for l in order["lines"] if not l["digital"]][0]
    assert order["address"]["name"] == CHINA["name"] and "email" not in order
    assert api.ask("shopOrder", None, sending, number="K7M2Q-9XR4T", **main).status == 404
    one = {"parts": [{"line": book["id"], "quantity": 1}]}
    once = secrets.token_urlsafe(32)
    assert api.ask("sendOrder", one, sending, **at).status == 422
    before = sum(l["sent"] for l in order["lines"])
    sent = api.ask("sendOrder", {**one, "sent_before": before, "carrier": "Post", "tracking": "7"}, sending, **at).json()
    assert sent["shipped"][0]["tracking"] == "7" and api.ask("sendOrder", {**one, "sent_before": before}, sending, **at).status == 409
    assert api.ask("cancelOrder", one, sending, **at).status == 422
    for name, more in [("cancelOrder", one), ("returnOrder", {**one, "reason": "returned", "shelf": True}),
                       ("refundOrder", {"line": book["id"], "amount": "0.01", "note": "A dent"})]:
        first = api.ask(name, {**more, "once": once + name}, sending, **at)
        assert first.status == 200, first.text
        again = api.ask(name, {**more, "once": once + name}, sending, **at)
        assert again.status == 200 and again.json()["refunded"] == first.json()["refunded"], again.text
    assert [e["note"] for e in again.json()["events"] if e["kind"] == "note"] == ["A dent"]
    assert "A dent" not in api.ask("ownOrder", None, reader, number=sold["number"]).text
    # What was sold, and paid out.
    sums = api.ask("sales", None, summing, query="?by=format", **main).json()["sums"]
    assert {s["kind"] for s in sums} == {"print", "e-book"} and sum(s["copies"] for s in sums) == 2, sums
    assert api.ask("sales", None, summing, query="?from=x", **main).status == 422
    shop.ok("payout", "make")
    [payout] = api.ask("payouts", None, summing, **main).json()["payouts"]
    assert payout["currency"] == "CNY" and payout["sent"] is None
    # A feed.
    assert api.ask("sendFeed", None, feeding, raw=b"", **main).status == 422
    feed = api.ask("sendFeed", None, feeding, query="?name=new.xml", raw=onix(product("new1", "9780000000965")).encode(),
                   headers={"Content-Type": "application/xml"}, **main).json()
    look = lambda: api.ask("feed", None, feeding, id=feed["id"], **main).json()
    shop.until(lambda: look()["state"] == "taken", "the feed", 60)
    assert look()["added"] == 1 and look()["name"] == "new.xml" and api.ask("feed", None, feeding, id=999999, **main).status == 404
    # Whose key it was stands in the trail; one that is removed opens nothing, nor one whose maker left.
    trail = shop.ok("staff", "trail")
    assert " key:1: " in trail and counting not in trail and "POST /desk/partner/{shop}/programs/keys" in trail, trail
    assert pia.post(page, page + "/keys/1/remove", {}).status == 303 and api.ask("stock", None, counting, **main).status == 401
    assert api.ask("payouts", None, summing, **main).status == 200
    shop.ok("staff", "remove", "pia@press.example")
    assert api.ask("payouts", None, summing, **main).status == 401


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
        sell(shop, api, token, bought["orders"][0])
        assert api.ask("cancelOwnOrder", {}, token, number=number).json()["state"] == "ended"
        assert api.ask("cancelOwnOrder", {}, token, number=number).status == 409
        # What was not sent of the first is called off, once, however often it is said.
        at = {"number": bought["orders"][0]["number"]}
        book = [l for l in api.ask("ownOrder", None, token, **at).json()["orders"][0]["lines"] if not l["digital"]][0]
        left = book["quantity"] - book["sent"] - book["cancelled"]
        stated = {"once": secrets.token_urlsafe(32), "parts": [{"line": book["id"], "quantity": left}]}
        assert api.ask("stateReturn", stated, ann, **at).status == 404
        for wrong, status in ({"parts": []}, 422), ({"once": "short"}, 422), ({"parts": [{"line": book["id"], "quantity": 99}]}, 409), ({"parts": [{"line": book["id"]}]}, 422):
            assert api.ask("stateReturn", {**stated, "once": secrets.token_urlsafe(32), **wrong}, token, **at).status == status, wrong
        both = [api.ask("stateReturn", stated, token, **at).json()["orders"][0] for _ in range(2)]
        assert left > 0 and both[0] == both[1] and [(r["reason"], r["state"]) for r in both[0]["returns"]] == [("withdrawn", "received")], both
        assert not api.unasked(selling=True), api.unasked(selling=True)
