"""Baskets: what readers mean to buy, decided anew each time it is looked at."""
import re
import time

from shop import EMMA, Browser, Shop, moment
from test_sales import charge

EBOOK = "9780000000965"


def lines(page):
    return {isbn: bar for isbn, bar in re.findall(r'<li class="result basket-line" data-edition="(\w+)" data-bar="([\w-]+)"', page)}


def act(browser, name, isbn, **fields):
    return browser.post("/us/basket", "/us/basket/" + name, {"isbn": isbn, **fields})


def test_a_guests_basket_is_kept_changed_and_brought_along():
    with Shop() as shop:
        charge(shop, country="US", print="0")
        shop.serve()
        # From a page that is kept for all: the browser says where it comes from, and nobody else may.
        book = shop.get("/us/books/" + EMMA)
        assert 'action="/us/basket/add"' in book.text and ">Basket</a>" in book.text and not book.headers.get("Set-Cookie")
        add = lambda **headers: Browser(shop).ask("POST", "/us/basket/add", {"isbn": EMMA}, headers)
        assert add().status == 403 and add(Origin="https://elsewhere.example").status == 403
        assert add(**{"Sec-Fetch-Site": "cross-site"}).status == 403
        lee = Browser(shop)
        assert lee.ask("POST", "/us/basket/add", {"isbn": EMMA}, {"Sec-Fetch-Site": "same-origin"}).status == 303
        page = lee.get("/us/basket").text
        assert lines(page) == {EMMA: "open"} and "Basket (1)" in page and "Basket (1)" in lee.get("/us/").text
        assert ">Basket</a>" in shop.get("/us/").text
        # How many, put aside, taken out and back.
        assert act(lee, "set", EMMA, quantity="3").status == 303 and 'value="3"' in lee.get("/us/basket").text
        assert act(lee, "set", EMMA, quantity="0").status in (409, 422) or 'value="3"' in lee.get("/us/basket").text
        assert act(lee, "later", EMMA).status == 303 and "Basket (1)" not in lee.get("/us/basket").text
        assert act(lee, "back", EMMA).status == 303 and "Basket (1)" in lee.get("/us/basket").text
        gone = act(lee, "remove", EMMA, quantity="3")
        page = lee.get(gone.headers["Location"]).text
        assert lines(page) == {} and "It was taken out." in page
        back = lee.post(gone.headers["Location"], "/us/basket/add", {"isbn": EMMA, "quantity": "3"})
        assert back.status == 303 and 'value="3"' in lee.get("/us/basket").text
        assert act(lee, "add", "9783161484100").status == 404 and act(lee, "nothing", EMMA).status == 404
        # What cannot be bought stands apart, with the reason.
        shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "sale", "--ground", "operator")
        assert lines(lee.get("/us/basket").text) == {EMMA: "withheld"}
        shop.ok("restriction", "lift", "1", "--reason", "It was a mistake.")
        assert lines(lee.get("/us/basket").text) == {EMMA: "open"}
        assert lines(lee.get("/cn/en/basket").text)[EMMA] in ("not-sold", "no-tax")
        # It comes along into the account, and is there in another browser.
        lee.sign_up("us", "Lee")
        assert lines(lee.get("/us/basket").text) == {EMMA: "open"} and "basket" not in lee.cookies
        other = Browser(shop)
        other.post("/us/sign-in", "/us/sign-in", {"email": "lee@example.org", "password": "a long enough secret"})
        assert 'value="3"' in other.get("/us/basket").text
        assert lines(Browser(shop).get("/us/basket").text) == {}


def test_a_basket_is_forgotten_thirty_days_after():
    with Shop() as shop:
        charge(shop, country="US", print="0")
        shop.serve()
        lee = Browser(shop)
        lee.ask("POST", "/us/basket/add", {"isbn": EMMA}, {"Sec-Fetch-Site": "same-origin"})
        assert lines(lee.get("/us/basket").text) == {EMMA: "open"}
        shop.stop()
        shop.serve(env={"COLOPHON_NOW": moment(time.time() + 29 * 86400)})
        assert lines(lee.get("/us/basket").text) == {EMMA: "open"}
        shop.stop()
        shop.serve(env={"COLOPHON_NOW": moment(time.time() + 31 * 86400)})
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM basket_line") == "0", "the end of the basket")
        assert lines(lee.get("/us/basket").text) == {}


def test_what_does_not_fit_at_sign_in_is_kept_and_said():
    with Shop() as shop:
        charge(shop, country="US", print="0")
        shop.serve()
        own, guest = Browser(shop), Browser(shop)
        own.sign_up("us", "Lee")
        put = lambda who, isbn: who.ask("POST", "/us/basket/add", {"isbn": isbn}, {"Sec-Fetch-Site": "same-origin"}).status
        others = ["9780000000064", "9780000050014"]
        assert put(own, EMMA) == 303 and [put(guest, i) for i in (EMMA, *others)] == [303] * 3
        # Full but for one.
        shop.tamper("INSERT INTO basket_line (basket_id, edition_id, quantity, later, price, currency, added) "
                    "WITH RECURSIVE n (i) AS (SELECT 900001 UNION ALL SELECT i + 1 FROM n WHERE i < 900058) SELECT (SELECT id FROM basket WHERE account_id > 0), i, 1, 1, -1, 'USD', 1 FROM n")
        guest.post("/us/sign-in", "/us/sign-in", {"email": "lee@example.org", "password": "a long enough secret"})
        page = guest.get("/us/basket").text
        assert "1 title that you chose before you signed in did not fit" in page and "basket" in guest.cookies, page
        assert shop.look("SELECT COUNT(*) FROM basket_line WHERE edition_id < 900000") == "3"
        shop.tamper("DELETE FROM basket_line WHERE edition_id > 900000")
        assert guest.post("/us/basket", "/us/basket/bring", {}).status == 303
        page = guest.get("/us/basket").text
        assert "did not fit" not in page and "basket" not in guest.cookies and set(lines(page)) == {EMMA, *others}, page
