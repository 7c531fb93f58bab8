"""A page for each publisher and imprint: all that is shown of theirs, under the gate."""
import html
import re
import urllib.parse

from shop import Shop, onix
from test_search import found
from test_search_gate import described, isbn

HOUSE, IMPRINT, OTHER = "Brücke & Sons", "Lantern Books", "人民文学出版社"


def feed():
    own = [described("b%d" % n, isbn(n), "Bridges %s" % chr(97 + n), publisher=html.escape(HOUSE), form=form) for n, form in enumerate(["BC", "BB", "ED"])]
    own[1] = own[1].replace("<Publisher>", "<Imprint><ImprintName>%s</ImprintName></Imprint><Publisher>" % IMPRINT)
    # The name in a title or in keywords is no publisher.
    return onix(*own, described("x", isbn(10), "Brücke &amp; Sons: a History", publisher="Elsewhere", keywords="Lantern Books"),
                described("zh", isbn(11), "红楼", publisher=OTHER, language="chi"))


def shown(page):
    return sorted(re.findall(r'<li class="result" data-edition="(\d+)"', page))


def test_a_publisher_has_a_page_and_the_book_leads_to_it():
    with Shop(samples=False) as shop:
        assert shop.import_feed(shop.file("houses.xml", feed()))[1]["added"] == 5
        shop.serve()
        shop.until(lambda: found(shop, "bridges")["total"] == 3, "the index")
        facts = shop.get("/us/books/" + isbn(1)).text
        ways = dict(re.findall(r'<dt>(Publisher|Imprint)</dt><dd><a href="([^"]*)"', facts))
        assert ways == {"Publisher": "/us/publishers/brucke-sons", "Imprint": "/us/publishers/lantern-books"}, ways
        page = shop.get(ways["Publisher"]).text
        assert "<h1>Brücke &amp; Sons</h1>" in page and shown(page) == [isbn(n) for n in range(3)] and isbn(10) not in page
        imprint = shop.get(ways["Imprint"]).text
        assert "<h1>Lantern Books</h1>" in imprint and shown(imprint) == [isbn(1)]
        chinese = shop.get("/cn/publishers/" + urllib.parse.quote(OTHER)).text
        assert "<h1>%s</h1>" % OTHER in chinese and shown(chinese) == [isbn(11)]
        # Sorted, narrowed, at one address; what is none is not found.
        assert shown(shop.get("/us/publishers/brucke-sons?format=hardback").text) == [isbn(1)]
        assert re.findall(r'<li class="result" data-edition="(\d+)"', shop.get("/us/publishers/brucke-sons?sort=title").text) == [isbn(n) for n in range(3)]
        moved = shop.ask("GET", "/us/publishers/" + urllib.parse.quote("Brücke & Sons"))
        assert moved.status == 301 and moved.headers["Location"] == "/us/publishers/brucke-sons"
        for path in ("/us/publishers/nobody", "/us/publishers/-", "/us/publishers/%ff", "/us/publishers/" + "a" * 3000):
            assert shop.ask("GET", path).status in (400, 404, 414), path


def test_what_is_withheld_is_on_no_publishers_page():
    with Shop(samples=False) as shop:
        assert shop.import_feed(shop.file("houses.xml", feed()))[1]["added"] == 5
        shop.serve()
        shop.until(lambda: found(shop, "bridges")["total"] == 3, "the index")
        made = shop.authority("--storefront", "us", "--work", str(shop.work(isbn(0))), "--withhold", "listing,search")
        page = shop.get("/us/publishers/brucke-sons").text
        assert shown(page) == [isbn(1), isbn(2)] and "Bridges a" not in page
        assert 'data-withheld="1"' in page and "/record/restrictions/%d" % made["id"] in page
        assert len(shown(shop.get("/cn/en/publishers/brucke-sons").text)) == 3
        other = shop.authority("--storefront", "us", "--work", str(shop.work(isbn(1))), "--withhold", "listing,search")
        alone = shop.ask("GET", "/us/publishers/lantern-books")
        assert alone.status == 200 and shown(alone.text) == [] and "/record/restrictions/%d" % other["id"] in alone.text and "Bridges" not in alone.text
