"""Pages as readers meet them, in both languages."""
import json
import re

from ebooks import give_files
from shop import EMMA, Browser, Shop


def test_every_page_is_there_in_both_languages():
    with Shop() as shop:
        shop.serve()
        work = shop.edition(EMMA)
        person = work["contributors"][0]["id"]
        for root, lang in [("/us", "en"), ("/cn", "zh-Hans"), ("/cn/en", "en")]:
            for path in ["/", "/books/" + EMMA, "/search?q=emma", "/subjects/", "/subjects/FB", "/collections/",
                         "/collections/sherlock-holmes", "/contributors/%d" % person, "/shops/main", "/sign-in", "/sign-up"]:
                page = shop.get(root + path)
                assert page.status == 200, (root + path, page.status)
                assert '<html lang="%s">' % lang in page.text, root + path
                assert page.text.count("<h1") == 1, root + path
                assert 'href="#main"' in page.text
        for path in ["/", "/record/", "/record/check"]:
            assert '<html lang="zh-Hans">' in shop.get(path + "?language=zh-Hans").text
        assert "搜索" in shop.get("/cn/").text and "Search" not in shop.get("/cn/").text


def test_the_book_page_tells_what_one_buys():
    with Shop() as shop:
        give_files(shop, "9780000000057")
        shop.serve()
        text = shop.get("/us/books/" + EMMA).text
        for word in ["Emma", "Jane Austen", "$", "Paperback", "E-book", "Riverside",
                     "Formats", EMMA]:
            assert word in text, word
        chinese = shop.get("/cn/books/" + EMMA).text
        assert "¥" in chinese and "平装" in chinese
        assert "$" not in re.sub(r"<head>.*?</head>", "", chinese, flags=re.S)


def test_what_is_not_sold_says_why():
    with Shop() as shop:
        shop.serve()
        sold_nowhere = 0
        for offset in range(0, 200, 100):
            for hit in shop.api("GET", "/cn/search?limit=100&offset=%d" % offset).json()["results"]:
                if hit["price"] is None:
                    sold_nowhere += 1
                    page = shop.get("/cn/books/" + hit["isbn13"]).text
                    offer = shop.edition(hit["isbn13"], "cn")["offers"][0]
                    assert not offer["sold"] and offer["evidence"] and offer["evidence"].split(" ")[0] in page
                    assert "<button" not in page.split('class="offer"')[1].split("</aside>")[0]
        assert sold_nowhere > 0


def test_isbn_in_other_notations_leads_to_one_address():
    with Shop() as shop:
        shop.serve()
        for written in ["978-0-000000-04-0", "978 0000000040"]:
            answer = shop.get("/us/books/" + written)
            assert answer.status == 301 and answer.headers["Location"] == "/us/books/" + EMMA


def test_not_found_helps():
    with Shop() as shop:
        shop.serve()
        page = shop.get("/us/books/9780000000002")
        assert page.status == 404 and 'role="search"' in page.text
        for path, root in (("/us/nothing", "/us/"), ("/us/ar/nothing", "/us/ar/")):
            page = shop.get(path)
            assert page.status == 404 and 'href="%ssign-in"' % root in page.text, "the storefront's head stays"
        for path in ["/xx/", "/us/collections/none", "/us/contributors/9999999", "/us/contributors/x", "/us/shops/none",
                     "/record/restrictions/9", "/record/entries/99999", "/us/subjects/1", "/static/x/style.css",
                     "/record/tile/0/000.p/0", "/record/tile/9/000", "/record/lists/00", "/us/search?page=0"]:
            assert shop.get(path).status in (404, 422), path


def test_covers_are_drawn_and_never_change():
    with Shop() as shop:
        shop.serve()
        cover = shop.get("/us/covers/" + EMMA)
        assert cover.headers["Content-Type"] == "image/svg+xml" and "<svg" in cover.text and "Emma" in cover.text
        assert shop.get("/cn/covers/" + EMMA).body == cover.body
        assert "script" not in cover.text


def test_changing_language_and_country_keeps_the_place():
    with Shop() as shop:
        shop.serve()
        page = shop.get("/us/search?q=emma").text
        assert 'href="/cn/en/search?q=emma"' in page
        assert 'href="/cn/search?q=emma"' in shop.get("/cn/en/search?q=emma").text


def test_a_hostile_catalogue_does_no_harm():
    from shop import onix, product
    with Shop(samples=False) as shop:
        title = '&lt;script&gt;alert(1)&lt;/script&gt;" onload="x'
        text = ('<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience><Text textformat="05">'
                '<p onclick="x">Good</p><script>alert(2)</script><a href="javascript:alert(3)">a</a><img src="x"/></Text></TextContent></CollateralDetail><PublishingDetail>')
        shop.import_feed(shop.file("h.xml", onix(product("h", EMMA, title).replace("<PublishingDetail>", text, 1))))
        shop.serve()
        for path in ["/us/books/" + EMMA, "/us/", "/us/search?q=script", "/us/covers/" + EMMA]:
            page = shop.get(path).text
            # Data for machines, which no browser runs; nothing of the catalogue can end it.
            data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
            assert len(data) == 2 * path.startswith("/us/books/")
            for block in data:
                said = json.loads(block)
                assert (said["name"] if "name" in said else said["itemListElement"][-1]["name"]).startswith("<script>")
                page = page.replace('<script type="application/ld+json">%s</script>' % block, "")
            # The shop's one script is a file of its own.
            page = re.sub(r'<script>addEventListener\("load",[^<]*</script>', "", page, count=1)
            for bad in ["<script", "onclick", 'onload="x', "javascript:", "<img src=\"x"]:
                assert bad not in page, (path, bad)
        assert "<p>Good</p>" in shop.get("/us/books/" + EMMA).text


def test_reviews_are_markdown_and_nothing_else():
    with Shop() as shop:
        shop.serve()
        reader = Browser(shop)
        reader.sign_up("us", "Ann")
        path = "/us/books/%s/review" % EMMA
        sent = reader.post(path, path, {"title": "<b>T</b>", "language": "en", "stars": "4", "text":
                                        "*Fine*.\n\n<script>x</script>\n\n[good](https://example.org/) [bad](javascript:x)\n\n![p](https://e.org/p.png)"})
        assert sent.status == 303, sent.text
        page = shop.get("/us/books/" + EMMA).text
        assert "<em>Fine</em>" in page and "&lt;script&gt;" in page and 'href="https://example.org/"' in page
        assert "javascript:" not in page and "p.png" not in page and "<b>T</b>" not in page


def test_errors_speak_the_readers_language():
    with Shop() as shop:
        shop.serve()
        reader = Browser(shop)
        page = reader.post("/cn/sign-up", "/cn/sign-up", {"name": "Wu", "email": "nowhere", "password": "a long enough secret"})
        assert page.status == 422 and "电子邮箱格式不正确" in page.text and 'aria-invalid="true"' in page.text
        assert 'value="Wu"' in page.text, "what was typed is kept"
        page = reader.post("/cn/sign-in", "/cn/sign-in", {"email": "a@example.org", "password": "not the right one"})
        assert page.status == 422 and "邮箱或密码不正确" in page.text
        page = reader.ask("POST", "/cn/sign-in", {"token": "forged"})
        assert page.status == 403 and "请刷新页面后重试" in page.text
        assert "没有这一页" in shop.get("/cn/search?page=x").text
        reader.sign_up("us", "Ann")
        page = reader.post("/us/books/%s/review" % EMMA, "/us/books/%s/review" % EMMA, {"title": "", "text": "x", "language": "en"})
        assert page.status == 422 and "The title is missing." in page.text


def test_the_first_address_offers_every_country_and_language():
    with Shop() as shop:
        shop.serve()
        page = shop.get("/")
        assert page.status == 200
        for door in ['href="/us/"', 'href="/cn/"', 'href="/cn/en/"', "United States", "China", "Chinese yuan"]:
            assert door in page.text, door
        chinese = shop.get("/", Accept_Language="zh-CN,zh;q=0.9")
        assert chinese.status == 200 and '<html lang="zh-Hans">' in chinese.text
        assert chinese.text.index('href="/cn/"') < chinese.text.index('href="/us/"'), "an order is all that is guessed"


def test_structured_data_says_what_the_page_shows():
    def data(path):
        return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', shop.get(path).text, re.S)[1])
    with Shop() as shop:
        shop.serve()
        ann = shop.reader("ann")
        work = shop.work(EMMA)
        shop.api("POST", "/us/works/%d/reviews" % work, {"title": "Fine </script>", "text": "CANARY", "language": "en", "stars": 4}, ann)
        book = data("/us/books/" + EMMA)
        # Search engines show prices and stars of products, and take a product without either for a fault.
        assert book["@type"] == ["Book", "Product"] and book["gtin13"] == EMMA and book["name"] == "Emma" and book["isbn"] == EMMA
        assert book["author"][0]["name"] == "Jane Austen" and book["bookFormat"].endswith("Paperback")
        assert book["aggregateRating"]["ratingValue"] == "4.0" and book["aggregateRating"]["ratingCount"] == 1
        assert book["review"][0]["name"] == "Fine </script>" and book["review"][0]["reviewBody"] == "CANARY"
        assert book["offers"][0]["price"] == "13.49" and book["offers"][0]["priceCurrency"] == "USD"
        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "ratings,reviews,sale")
        held = data("/cn/books/" + EMMA)
        assert not {"aggregateRating", "review", "offers", "gtin13"} & set(held) and held["@type"] == ["Book"]
        assert "CANARY" not in shop.get("/cn/books/" + EMMA).text
        assert data("/us/books/" + EMMA) == book
        book, trail = (json.loads(d) for d in re.findall(r'<script type="application/ld\+json">(.*?)</script>', shop.get("/us/books/" + EMMA).text, re.S))
        steps = trail["itemListElement"]
        assert trail["@type"] == "BreadcrumbList" and [s["position"] for s in steps] == list(range(1, len(steps) + 1))
        assert steps[0]["name"] == "Subjects" and steps[-1] == {"@type": "ListItem", "position": len(steps), "name": "Emma"}
        for step in steps[:-1]:
            assert shop.get(step["item"].replace("http://127.0.0.1:%d" % shop.port, "")).status == 200


def test_shelves_say_what_they_rest_on():
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        for name, stars in [("ann", 5), ("bob", 4), ("cy", 5)]:
            assert "What readers like" not in shop.get("/us/").text, "too few votes for a shelf"
            shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, shop.reader(name))
        home = shop.get("/us/").text
        assert "What readers like" in home and "at least 3 ratings" in home
        assert "Sherlock Holmes" in home and 'href="/us/series/sherlock-holmes"' in home and "A series of 3 volumes" in home
        for href in set(re.findall(r'href="(/us/[^"#]*)"', home)):
            assert shop.get(href.replace("&amp;", "&")).status in (200, 303), href


def test_browsers_and_crawlers_find_their_way():
    with Shop() as shop:
        shop.serve()
        page = shop.get("/cn/en/books/" + EMMA).text
        assert 'hreflang="en-US" href="http://127.0.0.1:%d/us/books/%s"' % (shop.port, EMMA) in page
        assert 'hreflang="zh-Hans-CN" href="http://127.0.0.1:%d/cn/books/%s"' % (shop.port, EMMA) in page
        assert 'href="/cn/en/opensearch.xml"' in page
        # What search engines show below a title: of each page its own.
        said = {path: re.search(r'<meta name="description" content="([^"]{10,})">', shop.get(path).text)[1]
                for path in ["/us/", "/us/books/" + EMMA, "/us/series/sherlock-holmes", "/us/subjects/F", "/us/shops/main", "/us/contributors/",
                             "/us/series/", "/us/collections/", "/us/publishers/", "/record/"]}
        assert len(set(said.values())) == len(said) and "US dollars" in said["/us/"] and "Sherlock Holmes" in said["/us/series/sherlock-holmes"]
        search = shop.get("/cn/en/opensearch.xml")
        assert search.status == 200 and "opensearchdescription" in search.headers["Content-Type"]
        assert 'template="http://127.0.0.1:%d/cn/en/search?q={searchTerms}"' % shop.port in search.text


def test_the_record_counts_who_asks():
    with Shop() as shop:
        shop.serve()
        assert "Nothing is withheld today" in shop.get("/record/?language=en").text
        shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "ratings")
        shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "sale", "--ground", "terms")
        page = shop.get("/record/?language=en").text
        assert "1 edition" in page and "<svg" in page
        rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)
        assert [(r[0], re.findall(r"\d+", re.sub("<[^>]*>", " ", r[1]))) for r in rows] == [
            ("an authority’s order", ["1", "0", "1"]), ("this shop’s terms", ["1", "0", "1"])]


def test_what_a_record_says_of_an_edition_stands_on_its_page():
    feed = """<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference"><Header><Sender><SenderName>T</SenderName></Sender>
<SentDateTime>20260101</SentDateTime></Header><Product><RecordReference>r1</RecordReference><NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9780000900012</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm>
<Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>02</TitleElementLevel><PartNumber>Vol. 7</PartNumber><TitleText>Tall Tales</TitleText></TitleElement></TitleDetail></Collection>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>The Almanac</TitleText></TitleElement></TitleDetail>
<TitleDetail><TitleType>03</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitlePrefix>Der</TitlePrefix><TitleWithoutPrefix>Kalender</TitleWithoutPrefix></TitleElement></TitleDetail>
<EditionNumber>3</EditionNumber><EditionStatement>Third edition, revised</EditionStatement>
<Language><LanguageRole>01</LanguageRole><LanguageCode>eng</LanguageCode></Language><Language><LanguageRole>02</LanguageRole><LanguageCode>ger</LanguageCode></Language>
<Audience><AudienceCodeType>01</AudienceCodeType><AudienceCodeValue>02</AudienceCodeValue></Audience>
<AudienceRange><AudienceRangeQualifier>17</AudienceRangeQualifier><AudienceRangePrecision>03</AudienceRangePrecision><AudienceRangeValue>8</AudienceRangeValue><AudienceRangePrecision>04</AudienceRangePrecision><AudienceRangeValue>12</AudienceRangeValue></AudienceRange>
</DescriptiveDetail><PublishingDetail><Imprint><ImprintName>Little Tern</ImprintName></Imprint><Publisher><PublishingRole>01</PublishingRole><PublisherName>Tern House</PublisherName></Publisher></PublishingDetail></Product></ONIXMessage>"""
    with Shop(samples=False) as shop:
        shop.ok("import", "--shop", "main", shop.file("one.xml", feed))
        shop.serve()
        for path, facts in [("/us/books/9780000900012",
                             {"Publisher": "Tern House", "Imprint": "Little Tern", "Original title": "Der Kalender", "Original language": "German",
                              "Edition": "3 (Third edition, revised)", "Audience": "children and 8 to 12 years"}),
                            ("/cn/books/9780000900012", {"出版品牌": "Little Tern", "原文语言": "德语", "读者对象": "儿童和8 至 12 岁"})]:
            page = shop.get(path).text
            there = {name: re.sub(r"<[^>]*>", "", value).strip() for name, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)}
            for name, value in facts.items():
                assert there.get(name) == value, (name, there)
            assert "Tall Tales" in page and "Vol. 7" in page and 'class="by"' not in page


def test_the_record_names_what_is_withheld():
    """An ISBN or a number alone says little; the entries hold no title."""
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        edition = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        whole = shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "listing,reviews")
        for made, words in [(edition, "the edition “Emma” (%s)" % EMMA), (whole, "the work “Emma” (no. %d)" % work)]:
            for path in ("/record/", "/record/restrictions/%d" % made["id"], "/record/feed.atom"):
                assert words in shop.get(path).text, (path, words)
            assert "Emma" not in shop.get("/record/entries/%d" % made["record_index"]).text


def test_what_is_wrong_in_a_form_is_said_in_the_pages_language():
    with Shop() as shop:
        shop.serve()
        assert Browser(shop).sign_up("cn", "Ann").status == 303
        again = Browser(shop).sign_up("cn", "Ann")
        assert again.status == 409 and "该邮箱已注册。" in again.text and "there is an account" not in again.text
