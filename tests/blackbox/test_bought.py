"""Reviews say "bought here" where that is so, as long as it is."""
import json

from shop import EMMA, Shop
from test_sales_desk import paid, taxed

BOOK = "/us/books/" + EMMA


def test_a_review_says_that_its_author_bought_here():
    with Shop() as shop:
        taxed(shop)
        shop.serve()
        tokens = {name: shop.reader(name) for name in ("ada", "ben", "cem")}
        buy = lambda name: json.loads(shop.ok("sales", "place", "--json", "--storefront", "us", "--as", "%s@example.org" % name, EMMA))["orders"][0]["number"]
        work = shop.work(EMMA)
        ordered = {name: buy(name) for name in ("ada", "ben")}
        paid(shop, ordered["ada"])  # Ben has not paid yet
        for name, token in tokens.items():
            assert shop.api("POST", "/us/works/%d/reviews" % work, {"title": "By " + name, "text": "What %s thinks of it." % name, "language": "en", "stars": 4, "isbn13": EMMA}, token).status == 201
        counts = iter(range(1, 99))

        def tamper(*statements):
            shop.tamper(*statements)
            shop.ok("stock", "set", "--shop", "main", EMMA, str(next(counts)))  # a commit: pages are made anew

        marks = lambda: {r["author"].lower(): r.get("bought_here", False) for r in shop.api("GET", "/us/works/%d/reviews" % work).json()["reviews"]}
        assert marks() == {"ada": True, "ben": False, "cem": False}, marks()
        assert shop.get(BOOK).text.count(">bought here<") == 1
        assert "says “bought here”" in shop.get("/us/reviews-policy").text
        # The list is narrowed to it; the other choices go on being made.
        listed = lambda query: [r["author"].lower() for r in shop.api("GET", "/us/works/%d/reviews?%s" % (work, query)).json()["reviews"]]
        assert listed("bought=here") == ["ada"] and listed("bought=here&stars=4&language=en") == ["ada"] and listed("bought=here&stars=1") == []
        assert shop.api("GET", "/us/works/%d/reviews?bought=elsewhere" % work).status in (400, 422)
        page = shop.get(BOOK + "/reviews?bought=here").text
        assert 'data-fitting="1"' in page and "By ada" in page and "By cem" not in page and 'href="%s/reviews?bought=here"' % BOOK in shop.get(BOOK + "/reviews").text
        # One that is withheld by itself stands behind them, whoever wrote it: nothing is told of it.
        restriction = shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % shop.api("GET", "/us/works/%d/reviews" % work).json()["reviews"][0]["record_index"])
        assert shop.api("GET", "/us/works/%d/reviews?bought=here" % work).json()["choice"]["undecided"] == 1
        shop.ok("restriction", "lift", str(restriction["id"]), "--reason", "It was said wrongly.")
        # Who pays after they wrote did not buy before.
        paid(shop, ordered["ben"])
        tamper("UPDATE sales_order SET paid = paid + 86400 WHERE number = '%s'" % ordered["ben"])
        assert not marks()["ben"]
        # What went back whole is not bought; a part is.
        tamper("UPDATE sales_line SET refunded = total - 1")
        assert marks()["ada"]
        tamper("UPDATE sales_line SET refunded = total")
        assert not marks()["ada"]
        assert ">bought here<" not in shop.get(BOOK).text
