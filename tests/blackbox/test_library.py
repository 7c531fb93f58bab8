"""The library: free e-books are put there, files come out of it in whole and in parts, and nothing but `delivery` keeps one from who has it."""
import base64
import hashlib
import http.client
import os
import re
import threading

from ebooks import EBOOK, NONE, add, book, chapter, item, package, paragraphs
from s3 import TinyS3
from shop import EMMA, Browser, Shop, onix, product
from test_files import png
from test_partner import partner
from test_sales import charge

FREE = "9780000099112"
PLAIN = "9780000099129"


def e_book(reference, isbn, title, free=True, **keywords):
    """A record of an e-book, given away or at a price."""
    text = product(reference, isbn, title=title, **keywords).replace("<ProductForm>BC", "<ProductForm>ED")
    if free:
        text = re.sub(r"<Price>.*</Price>", "<UnpricedItemType>01</UnpricedItemType>", text)
    return text


def import_e_books(shop, *more):
    shop.import_feed(shop.file("free.xml", onix(e_book("f.1", FREE, "The Free One"), e_book("f.2", PLAIN, "The Dear One", free=False), *more)))


def signed_up(shop, name):
    browser = Browser(shop)
    assert browser.sign_up("us", name).status == 303
    return browser


def file_of(browser, path, **headers):
    """Status, headers and bytes as they are."""
    connection = http.client.HTTPConnection(browser.shop.host, browser.shop.port, timeout=60)
    connection.request("GET", path, headers={"Cookie": "; ".join("%s=%s" % c for c in browser.cookies.items()), **headers})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def take(browser, isbn=FREE):
    return browser.post("/us/books/" + isbn, "/us/books/%s/library" % isbn, {"return": "/us/account/library"})


def lines(text):
    return re.findall(r'<li class="result own-book" data-edition="(\d+)"', text)


def test_a_free_e_book_comes_into_the_library_and_out_of_it():
    first, second = book(), book({"E/c1.xhtml": chapter("One", paragraphs(9))})
    with Shop() as shop:
        import_e_books(shop)
        assert add(shop, first, FREE)[0] == 0
        shop.serve()
        page = shop.get("/us/books/" + FREE).text
        assert "Sign in to add it to your library" in page and "Sign in to add it" not in shop.get("/us/books/" + PLAIN).text
        path = "/us/library/%s.epub" % FREE
        assert shop.get(path, Accept="text/html").status == 303  # to sign in
        ann, ben = signed_up(shop, "Ann"), signed_up(shop, "Ben")
        assert ann.get(path).status == 404 and "Nothing here yet" in ann.get("/us/account/library").text
        # What costs money is not given, whatever the form says; what is no e-book, neither.
        for isbn in PLAIN, EMMA:
            assert ann.post("/us/books/" + FREE, "/us/books/%s/library" % isbn, {}).status == 409
        assert take(ann).headers["Location"] == "/us/account/library" and take(ann).status == 303
        assert shop.look("SELECT COUNT(*) FROM library") == "1" and "In my library" in ann.get("/us/books/" + FREE).text
        text = ann.get("/us/account/library").text
        assert lines(text) == [FREE] and "The Free One" in text and "EPUB 3" in text and hashlib.sha256(first).hexdigest() in text
        # Whole, in parts, and not at all where it is known.
        status, headers, content = file_of(ann, path)
        digest = hashlib.sha256(first)
        assert status == 200 and content == first and headers["Content-Type"] == "application/epub+zip"
        assert headers["ETag"] == '"%s"' % digest.hexdigest() and headers["Accept-Ranges"] == "bytes" and "filename=\"%s.epub\"" % FREE in headers["Content-Disposition"]
        assert headers["Repr-Digest"] == "sha-256=:%s:" % base64.b64encode(digest.digest()).decode() and "private" in headers["Cache-Control"]
        n = len(first)
        for asked, at, end in ("bytes=0-99", 0, 100), ("bytes=100-", 100, n), ("bytes=-50", n - 50, n), ("bytes=10-999999999", 10, n), ("bytes=0-0", 0, 1):
            status, headers, content = file_of(ann, path, Range=asked)
            assert (status, content, headers["Content-Range"]) == (206, first[at:end], "bytes %d-%d/%d" % (at, end - 1, n)), asked
        for asked in "bytes=%d-" % n, "bytes=-0":
            status, headers, content = file_of(ann, path, Range=asked)
            assert status == 416 and headers["Content-Range"] == "bytes */%d" % n and content == b"", asked
        for asked in "bytes=5-2", "bytes=x", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=99999999999999999999-":
            assert file_of(ann, path, Range=asked)[0] == 200, asked
        tag = '"%s"' % digest.hexdigest()
        assert file_of(ann, path, **{"If-None-Match": tag})[0] == 304
        assert file_of(ann, path, Range="bytes=0-9", **{"If-Range": tag})[0] == 206
        assert file_of(ann, path, Range="bytes=0-9", **{"If-Range": '"another"'})[0] == 200 == file_of(ann, path, Range="bytes=0-9", **{"If-Range": "W/" + tag})[0]
        # Nobody else's, nor another notation of anything.
        assert ben.get(path).status == 404 and ann.get(path + "x").status == 404 and ann.get("/us/library/%s.pdf" % FREE).status == 404
        # One that took its place; the one before is there as well.
        assert add(shop, second, FREE)[0] == 0
        assert file_of(ann, path)[2] == second
        older = re.search(r'href="(/us/library/[^"]*version=\d+)"', ann.get("/us/account/library").text)[1]
        assert file_of(ann, older)[2] == first and ben.get(older).status == 404 and ann.get(path + "?version=999").status == 404
        # What was bought is not taken away from its readers by who sent it; what was free may be.
        shop.tamper("UPDATE library SET source = 'bought'")
        status, _, err = shop.run("epub", "remove", FREE)
        assert status == 1 and "what was bought stays theirs" in err and file_of(ann, path)[2] == second, err
        # A title that left the shop leaves no library.
        shop.import_feed(shop.file("gone.xml", onix(product("f.1", FREE, notification="05", blocks=False))))
        shop.until(lambda: shop.get("/us/books/" + FREE).status == 404, "the title is gone")
        text = ann.get("/us/account/library").text
        assert lines(text) == [FREE] and "The Free One" in text and 'href="/us/books/%s"' % FREE not in text and file_of(ann, path)[2] == second


def test_what_is_withheld_keeps_its_place_and_comes_back():
    with Shop() as shop:
        import_e_books(shop)
        assert add(shop, book(), FREE)[0] == 0
        shop.serve()
        ann = signed_up(shop, "Ann")
        assert take(ann).status == 303
        path = "/us/library/%s.epub" % FREE
        # Its page alone is withheld: what somebody has, they have.
        listing = shop.authority("--storefront", "us", "--edition", FREE, "--withhold", "listing")
        text = ann.get("/us/account/library").text
        assert "The Free One" in text and 'href="/us/books/%s"' % FREE not in text and file_of(ann, path)[0] == 200
        shop.ok("restriction", "lift", str(listing["id"]), "--reason", "The order was quashed.")
        delivery = shop.authority("--storefront", "us", "--edition", FREE, "--withhold", "delivery")
        answer = ann.get(path)
        assert answer.status == 451 and 'data-feature="delivery"' in answer.text and "rel=\"blocked-by\"" in " ".join(answer.headers.get_all("Link"))
        text = ann.get("/us/account/library").text
        assert lines(text) == [FREE] and 'data-feature="delivery"' in text and ">Download" not in text
        assert file_of(ann, "/cn/library/%s.epub" % FREE)[0] == 200  # nobody ordered it there
        ben = signed_up(shop, "Ben")
        assert "Add to my library" not in ben.get("/us/books/" + FREE).text and ben.post("/us/account", "/us/books/%s/library" % FREE, {}).status == 409
        shop.ok("restriction", "lift", str(delivery["id"]), "--reason", "The order was quashed.")
        assert file_of(ann, path)[0] == 200 and ">Download" in ann.get("/us/account/library").text
        # On the shop's own terms it is no 451.
        shop.restrict("--storefront", "us", "--edition", FREE, "--withhold", "delivery", "--ground", "terms")
        assert ann.get(path).status == 403


def test_thousands_of_books_are_searched_sorted_hidden_and_turned_over():
    with Shop() as shop:
        shop.serve()
        ann = signed_up(shop, "Ann")
        account = shop.look("SELECT id FROM account WHERE email = 'ann@example.org'")
        rows = ["(%s, %d, 'bought', 1, %d, 0, 0, %d, '97800%08d', 'Volume %04d', 'Ann Author', 'en', 'riverside', 'volume %04d ann author', %s, 0, 0)" % (
            account, 500000 + i, 1700000000 + i, 500000 + i, i, 5000 - i, 5000 - i, shop.blob(b"%016d" % (5000 - i))) for i in range(5000)]
        into = "INSERT INTO library (account_id, edition_id, source, line_id, since, ended, hidden, work_id, isbn, title, contributor, language, shop, words, sorted, opened, place) VALUES "
        shop.tamper(*(into + ", ".join(rows[at:at + 500]) for at in range(0, len(rows), 500)))
        text = ann.get("/us/account/library?sort=title").text
        assert "5,000 e-books" in text and len(lines(text)) == 24 and text.index("Volume 0001") < text.index("Volume 0024") and "Volume 0025" not in text
        assert "Volume 0025" in ann.get("/us/account/library?sort=title&page=2").text
        assert "Volume 0001" in ann.get("/us/account/library?sort=new").text
        assert ann.get("/us/account/library?page=9999").status == 303
        text = ann.get("/us/account/library?q=VOLUME+4711").text
        assert len(lines(text)) == 1 and "1 e-book" in text and "Volume 4711" in text and "not sent its file yet" in text
        assert not lines(ann.get("/us/account/library?q=nobody").text)
        isbn = lines(text)[0]
        assert ann.post("/us/account/library", "/us/account/library/%s/hide" % isbn, {"hide": "1", "return": "https://evil.example/"}).headers["Location"] == "/us/account/library"
        assert "4,999 e-books" in ann.get("/us/account/library").text and lines(ann.get("/us/account/library?hidden=1").text) == [isbn]
        assert signed_up(shop, "Ben").post("/us/account", "/us/account/library/%s/hide" % isbn, {"hide": "0"}).status == 404
        assert ann.post("/us/account/library", "/us/account/library/%s/hide" % isbn, {"hide": "0"}).status == 303
        assert "5,000 e-books" in ann.get("/us/account/library").text


def test_it_goes_with_the_account():
    with Shop() as shop:
        import_e_books(shop)
        assert add(shop, book(), FREE)[0] == 0
        shop.serve()
        ann = signed_up(shop, "Ann")
        assert take(ann).status == 303 and shop.look("SELECT COUNT(*) FROM library") == "1"
        assert ann.post("/us/account/erase", "/us/account/erase", {"password": "a long enough secret"}).status == 303
        assert shop.look("SELECT COUNT(*) FROM library") == "0"


def test_a_shop_sells_and_gives_away_its_own_file_and_no_other_one():
    with Shop() as shop:
        charge(shop, country="US", e_book="0")
        shop.ok("shop", "add", "rival", "--name", "Rival")
        import_e_books(shop, e_book("f.3", "9780000099136", "Heard", free=False).replace("<ProductForm>ED", "<ProductForm>AJ"))
        shop.serve(env=NONE)
        files = "/us/opds/files/%s.epub" % PLAIN
        verdicts = lambda: {o["shop"]: o["verdict"] for o in shop.edition(PLAIN)["offers"]}
        ann, ben = signed_up(shop, "Ann"), signed_up(shop, "Ben")
        buys = lambda: "/us/basket/add" in ann.get("/us/books/" + PLAIN).text
        into_basket = lambda: ann.ask("POST", "/us/basket/add", {"isbn": PLAIN}, {"Sec-Fetch-Site": "same-origin"})
        bar = lambda: re.search(r'data-edition="%s" data-bar="([\w-]+)"' % PLAIN, ann.get("/us/basket").text)[1]
        # Nobody has sent it: the page says so in the place of the button, and so do data for machines, basket, lists and the desk.
        page = ann.get("/us/books/" + PLAIN).text
        assert 'data-verdict="no-file"' in page and "the publisher has not sent its file" in page and not buys()
        assert "schema.org/InStock" not in page and shop.edition(PLAIN)["offers"][0]["sold"] is False
        assert 'data-verdict="no-delivery"' in shop.get("/us/books/9780000099136").text
        assert add(shop, book(), "9780000099136")[0] == 1, "what is heard is no EPUB"
        assert into_basket().status == 422 and "acquisition/buy" not in shop.get("/us/opds/books/" + PLAIN).text
        here = lambda: shop.api("GET", "/us/search?q=dear&availability=here").json()["total"]
        assert here() == 0
        pia = partner(shop)
        assert re.search(r'href="[^"]*why=no-file[^"]*"', pia.get("/desk/partner/main/titles").text) or PLAIN in pia.get("/desk/partner/main/titles?why=no-file").text
        assert PLAIN in pia.get("/desk/partner/main/titles?why=no-file").text and EMMA not in pia.get("/desk/partner/main/titles?why=no-file").text
        # It came: it is sold, and found among what is sold.
        assert add(shop, book(), PLAIN)[0] == 0
        shop.until(lambda: buys() and here() == 1, "the sale of what has a file")
        assert "InStock" in shop.get("/us/books/" + PLAIN).text and into_basket().status == 303 and bar() == "open"
        # Another shop lists it, for nothing and for less: that is an offer without a file.
        shop.ok("import", "--shop", "rival", shop.file("rival.xml", onix(e_book("r.1", PLAIN, "The Dear One")).replace("<SenderName>Test", "<SenderName>Rival")))
        shop.until(lambda: verdicts() == {"main": "ok", "rival": "no-file"}, "the rival's offer")
        assert buys() and bar() == "open" and "Add to my library" not in ann.get("/us/books/" + PLAIN).text and shop.get(files).status == 404
        assert ann.post("/us/account", "/us/books/%s/library" % PLAIN, {}).status == 409 and shop.look("SELECT COUNT(*) FROM library") == "0"
        # Whose file it is has to be said now; each gives its own, and the sample stays the one of who describes the title.
        status, _, err = add(shop, book(), PLAIN)
        assert status == 1 and "2 shops list" in err and "--shop" in err, err
        mine = book({"E/c1.xhtml": chapter("Mine", paragraphs(9))})
        assert add(shop, mine, PLAIN, NONE, "mine.epub", "--shop", "rival")[0] == 0
        shop.until(lambda: verdicts() == {"main": "ok", "rival": "free"}, "the rival's own file")
        assert shop.get(files).body == mine and ann.post("/us/account", "/us/books/%s/library" % PLAIN, {}).status == 303
        assert file_of(ann, "/us/library/%s.epub" % PLAIN)[2] == mine and shop.look("SELECT shop FROM library") == "rival"
        assert "One" in shop.get("/us/books/%s/sample" % PLAIN).text and "Mine" not in shop.get("/us/books/%s/sample" % PLAIN).text
        # A restriction of one shop's delivery reaches what it gives away, and nobody else's.
        made = shop.authority("--storefront", "us", "--shop", "rival", "--withhold", "delivery")
        shop.until(lambda: shop.get(files).status == 404, "nothing given away by that shop")
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Mended.")
        shop.until(lambda: shop.get(files).status == 200, "the lift")
        # One takes its file away: the other's stays, with the sample; what the rival gave away is gone.
        shop.ok("epub", "remove", PLAIN, "--shop", "rival")
        shop.until(lambda: verdicts() == {"main": "ok", "rival": "no-file"} and shop.get("/us/books/%s/sample" % PLAIN).status == 200, "one file less")
        # A file of which nobody wrote down whose it is, is nobody's to sell until it is sent again.
        shop.stop()
        shop.tamper("UPDATE epub SET shop_id = 0")
        shop.serve(env=NONE)
        assert verdicts() == {"main": "no-file", "rival": "no-file"} and bar() == "no-file"
        assert "nobody has stated whose file this is" in pia.get("/desk/partner/main/titles/" + PLAIN).text
        assert add(shop, book(), PLAIN, NONE, "book.epub", "--shop", "main")[0] == 0
        shop.until(lambda: verdicts()["main"] == "ok" and bar() == "owned", "it is stated")


def test_books_in_a_remote_store_come_in_pieces_and_keep_nobody_waiting():
    picture = png(30, 40)
    whole = book({"E/c1.xhtml": chapter("One", paragraphs(8) + '<img src="p.png" alt="A picture"/>'), "E/p.png": picture, "META-INF/pad": os.urandom(700000).hex()[:900000]},
                 package([item("nav.xhtml", properties="nav"), item("c1.xhtml"), item("c2.xhtml"), item("s.css", "text/css"), item("p.png", "image/png")], ["c1", "c2"]))
    path, n, piece = "/us/library/%s.epub" % FREE, len(whole), 256 << 10
    assert n > piece
    with TinyS3() as store, Shop() as shop:
        shop.env = dict(store.key)
        import_e_books(shop)
        assert add(shop, whole, FREE, env={**NONE, **store.key})[0] == 0
        shop.ok("files", "move", "--to", store.address())
        shop.serve()
        ann = signed_up(shop, "Ann")
        assert take(ann).status == 303

        def asked(*arguments, **headers):
            del store.parts[:]
            return (*file_of(ann, *arguments, **headers), list(store.parts))

        # What needs none of its bytes asks for none; a range is asked for as it is.
        tag = '"%s"' % hashlib.sha256(whole).hexdigest()
        assert asked(path, **{"If-None-Match": tag})[::3] == (304, []) and asked(path, Range="bytes=%d-" % n)[::3] == (416, [])
        assert asked(path, Range="bytes=9-99")[::2] == (206, whole[9:100]) and store.parts == [(9, 100)]
        assert asked(path, Range="bytes=-5")[2:] == (whole[-5:], [(n - 5, n)])
        del store.parts[:]
        head = shop.ask("HEAD", path, headers={"Cookie": "; ".join("%s=%s" % c for c in ann.cookies.items())})
        assert head.status == 200 and head.headers["Content-Length"] == str(n) and not store.parts
        # The whole of it in pieces; so is what anybody may take.
        every = [(at, min(at + piece, n)) for at in range(0, n, piece)]
        assert asked(path)[2:] == (whole, every)
        assert asked("/us/opds/files/%s.epub" % FREE)[2:] == (whole, every)
        assert asked(path, Range="bytes=7-")[2] == whole[7:] and len(store.parts) == len(every)
        # A chapter is read once, and its picture is then at hand.
        base = "/us/read/%s/" % FREE
        del store.parts[:]
        assert "It was a plain sentence" in ann.get(base + "1").text and store.parts == [(0, n)]
        shown = ann.get(base + "pictures/1-1")
        assert shown.body == picture and ann.get(base + "1").status == 200 and store.parts == [(0, n)]
        # A store that breaks down within a file: what is missing is missed.
        store.mode = "tires"
        try:
            assert file_of(ann, path)[2] == "cut short"
        except http.client.IncompleteRead as cut:
            assert cut.partial == whole[:len(cut.partial)] and 0 < len(cut.partial) <= piece
        # One that is slow: readers of other pages do not notice, nor do writers; of those who want chapters few wait.
        shop.stop()
        store.mode = ""
        shop.serve()
        assert ann.get("/us/account/library").status == 200 and asked(path, Range="bytes=0-0")[0] == 206
        store.mode = "slow"
        answers = []
        paths = [path] * 5 + ["%s%d" % (base, i) for i in range(1, 8)]
        threads = [threading.Thread(target=lambda at=at: answers.append(ann.get(at))) for at in paths]
        for thread in threads:
            thread.start()
        shop.until(lambda: any(a.status == 503 and "try again" in a.text and a.headers["Retry-After"] for a in list(answers)), "one chapter too many")
        assert shop.get("/us/books/" + EMMA).status == 200 and take(ann).status == 303
        store.released.set()
        for thread in threads:
            thread.join()
        assert len(answers) == len(paths)
