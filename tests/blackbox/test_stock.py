"""Stock that shops count: by command, at their desk, in files; what of it readers are told."""
import concurrent.futures
import json
import re
import time

from shop import EMMA, Browser, Shop, onix, product
from test_demands import send
from test_feeds import drop, feed_page
from test_partner import HOME, ended, partner, trail, upload

DESK = "/desk/partner/main/stock"


def counts(shop):
    return {l["isbn"]: (l["stock"], l["promised"]) for l in map(json.loads, shop.ok("stock", "list", "--shop", "main", "--json").splitlines())}


def notes(page):
    return re.search(r'<ul class="note">(.*?)</ul>', page)[1]


def test_what_is_counted_is_told_on_the_books_page():
    with Shop() as shop:
        shop.serve()
        book = "/us/books/" + EMMA
        before = shop.get(book).text
        assert "left" not in notes(before)
        for count, said, schema in (3, "in stock: 3 left", "InStock"), (6, "<li>in stock</li>", "InStock"), (0, "out of stock at present", "OutOfStock"):
            shop.ok("stock", "set", "--shop", "main", EMMA, str(count))
            page = shop.get(book).text  # the one that was kept is not shown any more
            assert said in notes(page) and "schema.org/%s" % schema in page, (count, notes(page))
            assert shop.edition(EMMA)["offers"][0]["in_stock"] == (count > 0)
        shop.ok("stock", "unset", "--shop", "main", EMMA)
        assert shop.get(book).text == before and "in_stock" not in shop.edition(EMMA)["offers"][0]
        # Where its sale is withheld, nothing is told of it.
        shop.ok("stock", "set", "--shop", "main", EMMA, "2")
        shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "sale", "--ground", "operator")
        assert "2 left" not in shop.get(book).text and "in_stock" not in json.dumps(shop.edition(EMMA))


def test_commands_refuse_what_is_wrong_and_name_it():
    with Shop() as shop:
        ebook = "9780000000965"
        for args, status, said in (
                (["set", "--shop", "none", EMMA, "1"], 1, "no such shop"), (["set", "--shop", "main", "9780000009999", "1"], 1, "no record"),
                (["set", "--shop", "main", EMMA, "-1"], 2, "whole number"), (["set", "--shop", "main", EMMA, "10000001"], 2, "whole number"),
                (["set", "--shop", "main", ebook, "1"], 1, "e-book"), (["unset", "--shop", "main", EMMA], 1, "not counted"),
                (["list", "--shop", "main", "--low", "x"], 2, "whole number")):
            code, _, err = shop.run("stock", *args)
            assert code == status and said in err, (args, code, err)
        assert counts(shop) == {}


def test_a_file_is_taken_whole_or_not_at_all():
    with Shop() as shop:
        path = shop.file("counts.csv", "supplier,stock,isbn\r\n\"A, B\",7,978-0-00-000004-0\r\nB,4,9780000009999\n")
        done = json.loads(shop.ok("stock", "import", "--shop", "main", "--json", path))
        assert (done["rows"], done["changed"], done["passed_over"]) == (2, 1, 1), done
        kept = counts(shop)
        assert [n for n, _ in kept.values()] == [7]
        again = json.loads(shop.ok("stock", "import", "--shop", "main", "--json", path))
        assert again["unchanged"] == 1 and again["changed"] == 0
        for wrong, said in (
                ("isbn,stock\n%s,3\n9780000009999,x\n" % EMMA, "line 3, column 2 (stock): a whole number"),
                ("isbn,stock\n%s,3\n%s,3\n" % (EMMA, EMMA), "line 3, column 1 (isbn): line 2 has it already"),
                ("isbn,stock\n9780000000041,3\n", "line 2, column 1 (isbn): this is no ISBN"),
                ("isbn,stock\n,3\n", "line 2, column 1 (isbn): it is empty"),
                ("isbn,stock\n%s\n" % EMMA, "line 2: 1 fields"), ("isbn,count\n", "line 1: the columns are named here; stock is missing"),
                ("isbn,stock,isbn\n", "line 1, column 3: isbn is there twice"), ("", "line 1"), ("isbn,stock\n\"%s,3\n" % EMMA, "its quotes do not fit"),
                ("isbn,stock\n%s,99999999999999999999999\n" % EMMA, "line 2, column 2 (stock)")):
            code, _, err = shop.run("stock", "import", "--shop", "main", shop.file("wrong.csv", wrong))
            assert code != 0 and said in err, (wrong, err)
            assert counts(shop) == kept, wrong


def test_the_partners_desk_counts():
    with Shop() as shop:
        shop.ok("shop", "add", "other", "--name", "Another Shop")
        shop.serve()
        pia = partner(shop)
        assert pia.post(DESK, DESK, {"isbn": EMMA, "stock": "4"}).status == 303
        page = pia.get(DESK).text
        assert "1 title is counted" in page and 'data-key="%s"' % EMMA in page and EMMA not in pia.get(DESK + "?low=1").text
        assert counts(shop) == {EMMA: (4, 0)} and trail(shop)[0]["what"] == "POST /desk/partner/{shop}/stock"
        for wrong in {"isbn": "", "stock": "4"}, {"isbn": EMMA, "stock": "-4"}, {"isbn": EMMA, "stock": ""}, {"isbn": "9780000009999", "stock": "1"}, {"isbn": EMMA, "stock": "99999999"}:
            refused = pia.post(DESK, DESK, wrong)
            assert refused.status == 422 and 'id="error"' in refused.text, wrong
        assert pia.get(DESK.replace("main", "other")).status == 404 and pia.post(DESK, DESK.replace("main", "other"), {"isbn": EMMA, "stock": "1"}).status == 404
        assert Browser(shop).get(DESK).status == 303
        assert "This one is not counted" in pia.get(DESK + "?q=9780000009999").text and "4</td>" in pia.get(DESK + "?q=" + EMMA).text
        sent = send(pia, DESK, DESK + "/file", ("counts", "counts.csv", b"isbn,stock\n%s,9\n9780000009999,1\n" % EMMA.encode()))
        assert sent.status == 200 and "Counted: 1 changed, 0 as before, 1 passed over." in sent.text and counts(shop) == {EMMA: (9, 0)}
        refused = send(pia, DESK, DESK + "/file", ("counts", "counts.csv", b"isbn,stock\n%s,many\n" % EMMA.encode()))
        assert refused.status == 422 and "line 2, column 2 (stock)" in refused.text and counts(shop) == {EMMA: (9, 0)}
        assert pia.post(DESK, DESK, {"isbn": EMMA, "uncount": "1"}).status == 303 and counts(shop) == {}


def test_feeds_count():
    """Stock and prices by block updates, and counts by a file in the folder: in minutes, each as of when it was sent."""
    def message(on_hand, sent, notification="04", isbn="9780000000965", reference="s1", amount="9.90"):
        stock = "".join("<Stock><OnHand>%s</OnHand></Stock>" % n for n in on_hand)
        text = product(reference, isbn, notification=notification, amount=amount).replace("<Price>", stock + "<Price>")
        return onix(text).replace("20261120T0900Z", sent)

    with Shop(samples=False) as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        shop.import_feed(shop.file("full.xml", message(["5", "2"], "20261120T0900Z", "03")))
        assert counts(shop) == {"9780000000965": (7, 0)}
        shop.serve()
        pia = partner(shop)
        pia.get(HOME)
        book = lambda: shop.get("/us/books/9780000000965").text
        assert "<li>in stock</li>" in book()
        at = lambda days: time.strftime("%Y%m%dT%H%MZ", time.gmtime(time.time() + days * 86400))
        def send(text):
            return ended(shop, pia, upload(pia, HOME, text.encode(), "stock.xml").headers["Location"])
        assert ">imported<" in send(message(["4"], at(1), amount="8.80")) and counts(shop) == {"9780000000965": (4, 0)}
        shop.until(lambda: "in stock: 4 left" in book() and "8.80" in book(), "the page")
        # A record that is as it was counts anew: what was sold meanwhile is in it.
        shop.ok("stock", "set", "--shop", "main", "9780000000965", "1")
        again = message(["4"], at(1), amount="8.80")
        assert ">imported<" in send(again.replace(at(1), at(4))) and counts(shop) == {"9780000000965": (4, 0)}
        # What was sent before it was counted takes nothing back, what is wrong is told, and so is a record that is not theirs.
        assert "no-record" in send(message(["3"], "20261125T0900Z").replace("s1", "s2"))
        assert "stock-older" in send(message(["3"], at(-1), "03", reference="s3")) and counts(shop) == {"9780000000965": (4, 0)}
        assert "many" in send(message(["many"], at(5))) and counts(shop) == {"9780000000965": (4, 0)}
        # A file of counts, whole or not at all.
        drop(shop, "g.csv", "isbn,stock\n9780000000965,9\n9780000009999,1\n")
        told = feed_page(shop, pia, "g.csv")
        assert ">imported<" in told and "has no printed edition 9780000009999" in told and counts(shop) == {"9780000000965": (9, 0)}
        drop(shop, "h.csv", "isbn,stock\n9780000000965,many\n")
        assert ">held<" in feed_page(shop, pia, "h.csv") and counts(shop) == {"9780000000965": (9, 0)}
        assert json.loads(shop.ok("stock", "list", "--shop", "other", "--json") or "[]") == []


def test_of_the_last_copy_one_buyer_gets_hold():
    with Shop() as shop:
        shop.ok("tax", "set", "--country", "US", "--kind", "print", "--rate", "0", "--from", "2020-01-01", "--source", "test")
        place = lambda copies=1: shop.run("sales", "place", "--storefront", "us", "--email", "buyer@example.org", "%s=%d" % (EMMA, copies))
        # Ordered before anybody counted: promised as soon as somebody does.
        assert place(2)[0] == 0
        shop.ok("stock", "set", "--shop", "main", EMMA, "3")
        assert counts(shop) == {EMMA: (3, 2)}
        shop.serve()
        assert "1 left" in notes(shop.get("/us/books/" + EMMA).text)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: place(), range(4)))
        assert sorted(status for status, _, _ in done)[0] == 0 and sum(status == 0 for status, _, _ in done) == 1, done
        assert all("only 0 are left" in err for status, _, err in done if status != 0), done
        assert counts(shop) == {EMMA: (3, 3)} and shop.look("SELECT COUNT(*) FROM stock_hold") == "2"
        assert "out of stock at present" in notes(shop.get("/us/books/" + EMMA).text)
