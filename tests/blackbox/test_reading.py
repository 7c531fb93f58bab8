"""What the reader in the browser stands on: its page's policy, the places and marks it keeps, and how they go."""
import re

from shop import Browser, Shop
from ebooks import add, book
from test_epub import hostile
from test_library import FREE, PLAIN, import_e_books, signed_up, take

SECRET = "a long enough secret"


def places(shop):
    return shop.look("SELECT COUNT(*) FROM reading_place"), shop.look("SELECT COUNT(*) FROM reading_mark")


def test_places_and_marks_are_kept_for_their_reader_alone_and_go_at_their_wish():
    with Shop() as shop:
        import_e_books(shop)
        assert add(shop, book(), FREE)[0] == 0
        shop.serve()
        ann, ben = signed_up(shop, "Ann"), signed_up(shop, "Ben")
        read, own = "/us/read/" + FREE, "/us/account/library/%s/" % FREE
        assert shop.get(read).status == 303 and ann.get(read).status == 404  # signed in, and having it
        assert take(ann).status == 303
        page = ann.get(read)
        policy = page.headers["Content-Security-Policy"]
        nonce = re.search(r'nonce="([0-9a-f]{32})"', page.text)[1]
        assert "script-src 'nonce-%s';" % nonce in policy and "default-src 'none'" in policy and "frame-src blob:" in policy and "connect-src 'self'" in policy
        assert "form-action 'none'" in policy and "img-src blob: data:;" in policy and page.headers["X-DNS-Prefetch-Control"] == "off"
        assert nonce not in ann.get(read).text and 'data-book="/us/library/%s.epub"' % FREE in page.text
        # The modules of the reader, and their licence, under one address that is kept.
        module = re.search(r'data-module="(/static/[0-9a-f]{16}/)view.js"', page.text)
        if module:
            for name, said in ("view.js", "export"), ("epub.js", "export"), ("vendor/zip.js", "export"), ("LICENSE", "Permission is hereby granted"), ("vendor/zip.js.LICENSE", "Gildas Lormeau"):
                answer = shop.get(module[1] + name)
                assert answer.status == 200 and "immutable" in answer.headers["Cache-Control"] and said in answer.text, name
            assert "JZlib" in answer.text and answer.headers["Content-Type"].startswith("text/plain")
            assert shop.get(module[1] + "package.json").status == 404 == shop.get("/static/0000000000000000/view.js").status
        cfi = "epubcfi(/6/2!/4/4,/1:0,/1:9)"
        tell = lambda who, place, fields: who.post("/us/account", own + place, fields)
        assert tell(ann, "place", {"place": "345678", "locator": cfi}).text == "kept"
        page = ann.get(read).text
        assert 'data-own="%s"' % cfi in page and 'data-own-place="345678"' in page and "34 % read" in ann.get("/us/account/library").text
        # A device's place stands beside it: the page says how far, and where the browser was.
        account, edition = shop.look("SELECT account_id FROM library"), shop.look("SELECT edition_id FROM library")
        shop.tamper("INSERT INTO reading_place (account_id, edition_id, kind, millionths, locator, device, device_id, at) VALUES (%s, %s, 'kosync', 500000, '/body/p[3]', 'Kobo', 'x', 4000000000)" % (account, edition))
        page = ann.get(read).text
        assert 'data-own="%s"' % cfi in page and 'data-latest="kosync" data-latest-place="500000"' in page
        mark = tell(ann, "marks", {"kind": "highlight", "locator": cfi, "place": "1", "excerpt": "A <b>passage</b>", "note": ""}).text
        assert tell(ann, "marks/" + mark, {"note": "My own & private"}).status == 200
        page = ann.get(read).text
        assert "A &lt;b&gt;passage&lt;/b&gt;" in page and "My own &amp; private" in page
        for fields in ({"kind": "scrawl", "locator": cfi}, {"kind": "bookmark"}, {"kind": "bookmark", "locator": "x" * 1001}, {"kind": "bookmark", "locator": cfi, "note": "x" * 4001},
                       {"kind": "bookmark", "locator": cfi, "place": "1000001"}, {"kind": "bookmark", "locator": "a\x01"}):
            assert tell(ann, "marks", fields).status in (400, 422), fields
        assert tell(ann, "place", {"place": "-1", "locator": cfi}).status == 422
        # Nobody else's, whatever they name.
        assert take(ben).status == 303 and "passage" not in ben.get(read).text and 'data-own=""' in ben.get(read).text
        assert tell(ben, "marks/" + mark, {"remove": "1"}).status == 404 == tell(ben, "marks/" + mark, {"note": "Mine"}).status
        assert ben.post("/us/account", "/us/account/library/%s/place" % PLAIN, {"place": "1", "locator": cfi}).status == 404
        # In the file of one's data.
        data = ann.get("/us/account/data").json()
        assert [b["edition"] for b in data["library"]] == [FREE] and data["library"][0]["title"] == "The Free One"
        assert [(p["kind"], p["millionths"]) for p in data["reading"]["places"]] == [("kosync", 500000), ("web", 345678)] and data["reading"]["kept"] is True
        assert [(m["edition"], m["excerpt"], m["note"]) for m in data["reading"]["marks"]] == [(FREE, "A <b>passage</b>", "My own & private")]
        assert "library" in ben.get("/us/account/data").json() and ben.get("/us/account/data").json()["reading"]["marks"] == []
        # What one reads stands at home for oneself.
        home = ann.get("/us/").text
        assert "Continue reading" in home and 'href="%s"' % read in home
        assert "Continue reading" not in ben.get("/us/").text and "Continue reading" not in shop.get("/us/").text
        # Switched off: what there was is gone, and nothing more comes; the marks are theirs still.
        assert ann.post("/us/account/reading", "/us/account/reading", {"do": "off"}).status == 303
        assert places(shop) == ("0", "1") and tell(ann, "place", {"place": "2", "locator": cfi}).text == "off" and places(shop)[0] == "0"
        assert "Continue reading" not in ann.get("/us/").text and "% read" not in ann.get("/us/account/library").text
        assert ann.post("/us/account/reading", "/us/account/reading", {"do": "on"}).status == 303 and tell(ann, "place", {"place": "3", "locator": cfi}).text == "kept"
        assert ann.post("/us/account/reading", "/us/account/reading", {"do": "erase"}).status == 303 and places(shop) == ("0", "0")
        # And with the account.
        tell(ann, "place", {"place": "3", "locator": cfi})
        tell(ann, "marks", {"kind": "bookmark", "locator": cfi})
        assert places(shop) == ("1", "1")
        # The book goes, and what was noted in it stays its reader's, to be read and removed.
        number = tell(ann, "marks", {"kind": "highlight", "locator": cfi, "excerpt": "A passage", "note": "Think <b>again</b>"}).text.strip()
        assert "data-left" not in ann.get("/us/account/reading").text
        shop.tamper("UPDATE library SET ended = 5")
        left = ann.get("/us/account/reading").text.split("data-left")[1]
        assert left.count('name="mark"') == 2 and "The Free One" in left and "A passage" in left and "Think &lt;b&gt;again&lt;/b&gt;" in left and "data-left" not in ben.get("/us/account/reading").text
        assert ann.post("/us/account/reading", own + "marks/" + number, {"note": "Once more"}).text == "kept" and "Once more" in ann.get("/us/account/reading").text
        assert ben.post("/us/account/reading", "/us/account/reading", {"do": "remove", "mark": number}).status == 404
        assert ann.post("/us/account/reading", "/us/account/reading", {"do": "remove", "mark": "x"}).status == 422 or places(shop) == ("1", "2")
        assert ann.post("/us/account/reading", "/us/account/reading", {"do": "remove", "mark": number}).status == 303 and places(shop) == ("1", "1")
        assert ann.post("/us/account/erase", "/us/account/erase", {"password": SECRET}).status == 303 and places(shop) == ("0", "0")


def test_chapters_of_ones_own_book_are_plain_pages_without_a_script():
    with Shop() as shop:
        import_e_books(shop)
        assert add(shop, hostile(), FREE)[0] == 0
        shop.serve()
        ann, ben = signed_up(shop, "Ann"), signed_up(shop, "Ben")
        assert take(ann).status == 303
        base = "/us/read/%s/" % FREE
        contents = ann.get(base + "chapters").text
        assert re.findall(r'href="%s(\d+)"' % base, contents) == ["1", "2"] and "Of Kings" in contents and 'href="%schapters"' % base in ann.get("/us/read/" + FREE).text
        first = ann.get(base + "1")
        text = first.text.split('<div class="sample"')[1].split("</div>")[0]
        assert "<em>all</em>" in text and 'href="2"' in text and 'src="pictures/1-1"' in text and text.count("<p>") >= 9
        for bad in "script", "evil", "onclick", "iframe", "style", "javascript", "passwd":
            assert bad not in text, bad
        picture = ann.get(base + "pictures/1-1")
        assert picture.status == 200 and picture.headers["Content-Type"] == "image/png" and picture.headers["X-Content-Type-Options"] == "nosniff"
        # The last chapter is whole, far behind what a sample shows.
        second = ann.get(base + "2").text
        assert "59. It was a plain sentence" in second and "The book ends here." in second
        # Whoever keeps a chapter as read goes on behind it, wherever; of the last one, in it.
        assert 'name="locator" value="epubcfi(/6/4!/4)"' in first.text and 'name="locator" value="epubcfi(/6/4!/4)"' in second
        assert ann.post(base + "2", "/us/account/library/%s/place" % FREE, {"place": "500000", "return": "/us/account/library"}).headers["Location"] == "/us/account/library"
        assert "50 % read" in ann.get("/us/account/library").text
        for path in "3", "0", "x", "pictures/1-2", "pictures/9-1", "pictures/1":
            assert ann.get(base + path).status == 404, path
        assert ben.get(base + "1").status == 404 == ben.get(base + "chapters").status == ben.get(base + "pictures/1-1").status and shop.get(base + "1").status == 303
        shop.authority("--storefront", "us", "--edition", FREE, "--withhold", "delivery")
        for path in "1", "chapters", "pictures/1-1":
            assert ann.get(base + path).status == 451, path


def test_a_sample_opens_in_the_reader_without_an_account():
    with Shop() as shop:
        import_e_books(shop)
        assert add(shop, book(), FREE)[0] == 0
        shop.serve()
        page = shop.get("/us/read/%s/sample" % FREE)
        assert page.status == 200 and 'data-book=""' in page.text and 'href="/us/books/%s/sample/1"' % FREE in page.text and "nonce-" in page.headers["Content-Security-Policy"]
        assert "read/%s/sample" % FREE in shop.get("/us/books/%s/sample" % FREE).text
        assert shop.get("/us/read/%s/sample" % PLAIN).status == 404
        shop.authority("--storefront", "us", "--edition", FREE, "--withhold", "delivery")
        assert shop.get("/us/read/%s/sample" % FREE).status == 451
        ann = Browser(shop)
        assert ann.sign_up("us", "Ann").status == 303 and ann.get("/us/read/" + FREE).status == 404
