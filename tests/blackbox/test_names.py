"""Contributors, series, collections and publishers by the alphabet, with how much of theirs is shown."""
import html
import re
import urllib.parse

from shop import Browser, Shop, onix, product
from test_partner import HOME, partner
from test_search import found
from test_search_gate import described, isbn

PEOPLE = ["Ada Zebra", "Émile Zola", "Øyvind Berg", "Jane Austen", "曹雪芹", "[日] 村上春树", "Лев Толстой", "Όμηρος", "نجيب محفوظ", "한강", "50 Cent", "Ursula K. Le Guin"]


def names(page):
    """(name, works, withheld) as they stand."""
    body = re.search(r'<ul class="names">(.*?)</ul>', page, re.S)
    return [(html.unescape(n), int(w), int(h or 0)) for n, w, h in
            re.findall(r'<li><a href="[^"]*">(?:<bdi>)?(.*?)(?:</bdi>)?</a> <span class="soft n">(\d+) .*?</span>(?: <span class="withheld" data-withheld="(\d+)")?', body[1] if body else "", re.S)]


def letters(page):
    found = re.search(r'<nav class="letters".*?</nav>', page, re.S)
    return re.findall(r'<(?:a|b)\b[^>]*>(.*?)</(?:a|b)>', re.sub("</?bdi>", "", found[0])) if found else []


def under(shop, place, letter):
    return names(shop.get("%s?letter=%s" % (place, urllib.parse.quote(letter))).text)


def numbered(n, title, series, part):
    return described("n%d" % n, isbn(n), title, collection=series).replace(
        "</TitleElementLevel><TitleText>%s" % series, "</TitleElementLevel><PartNumber>%s</PartNumber><TitleText>%s" % (part, series))


def test_people_stand_under_the_letters_of_their_families_names():
    with Shop(samples=False) as shop:
        feed = onix(*[described("p%d" % n, isbn(n), "Days %d" % n, name) for n, name in enumerate(PEOPLE)], described("again", isbn(40), "Emma Again", "Jane Austen"),
                    described("inv", isbn(41), "Of Sails", "Ann Smith").replace("<PersonName>", "<PersonNameInverted>Brook, Ann Smith</PersonNameInverted><PersonName>"))
        assert shop.import_feed(shop.file("people.xml", feed))[1]["added"] == len(PEOPLE) + 2
        shop.serve()
        shop.until(lambda: found(shop, "days")["total"] == len(PEOPLE) + 2, "the index")
        page = shop.get("/us/contributors/").text
        assert letters(page) == ["A", "B", "C", "G", "Z", "Ο", "Т", "م", "ㅎ"], letters(page)
        assert under(shop, "/us/contributors/", "A") == [("Jane Austen", 2, 0)]
        assert under(shop, "/us/contributors/", "Z") == [("Ada Zebra", 1, 0), ("Émile Zola", 1, 0)]
        assert under(shop, "/us/contributors/", "B") == [("Øyvind Berg", 1, 0), ("Ann Smith", 1, 0)]
        assert under(shop, "/us/contributors/", "C") == [("曹雪芹", 1, 0), ("50 Cent", 1, 0), ("[日] 村上春树", 1, 0)]  # cao, cun
        assert under(shop, "/cn/contributors/", "C") == under(shop, "/us/contributors/", "C")
        # Every letter leads to somebody, everybody stands under one, and each name leads to its page.
        everybody = []
        for href in re.findall(r'<li>(?:<a href="([^"]*letter=[^"]*)">)', page):
            everybody += names(shop.get(html.unescape(href)).text)
        first = names(page)
        assert sorted(n for n, _, _ in everybody + first) == sorted(PEOPLE + ["Ann Smith"]), everybody + first
        for href in re.findall(r'<li><a href="(/us/contributors/\d+)"', shop.get("/us/contributors/?letter=Z").text):
            assert shop.get(href).status == 200
        assert letters(shop.get("/us/ar/contributors/").text)[:2] == ["م", "A"] and letters(shop.get("/cn/contributors/").text) == letters(page)
        assert shop.get("/us/contributors/?letter=Q").status == 404 and shop.get("/us/contributors/?letter=%3Cb%3E").status == 404
        assert shop.ask("GET", "/us/contributors").headers["Location"] == "/us/contributors/"
        for path in ("contributors/", "series/", "publishers/", "collections/"):
            assert "/us/%s</loc>" % path in shop.get("/us/sitemaps/0").text and shop.get("/cn/" + path).status == 200
        assert 'href="/us/contributors/"' in shop.get("/us/").text


def test_a_name_in_parts_is_said_as_its_script_says_it():
    with Shop(samples=False) as shop:
        parts = [("<NamesBeforeKey>Ines</NamesBeforeKey><PrefixToKey>von</PrefixToKey><KeyNames>Marlow</KeyNames>", "Ines von Marlow"),
                 ("<NamesBeforeKey>雪芹</NamesBeforeKey><KeyNames>曹</KeyNames>", "曹雪芹"), ("<KeyNames>鲁</KeyNames><NamesAfterKey>迅</NamesAfterKey>", "鲁迅"),
                 ("<PersonNameInverted>村上, 春樹</PersonNameInverted>", "村上春樹"), ("<PersonNameInverted>Borg, Ada</PersonNameInverted>", "Ada Borg"),
                 ("<NamesBeforeKey>강</NamesBeforeKey><KeyNames>한</KeyNames>", "한강"), ("<NamesBeforeKey>Yu</NamesBeforeKey><KeyNames>曹</KeyNames>", "Yu 曹")]
        feed = onix(*[described("n%d" % n, isbn(n), "Parts %d" % n).replace("<PersonName>Ada Zebra</PersonName>", said) for n, (said, _) in enumerate(parts)])
        assert shop.import_feed(shop.file("parts.xml", feed))[1]["added"] == len(parts)
        shop.serve()
        assert [shop.edition(isbn(n))["contributors"][0]["name"] for n in range(len(parts))] == [name for _, name in parts]


def test_shops_stand_as_the_language_sorts():
    from test_trail import operator
    with Shop(samples=False) as shop:
        for slug, name in (("a1", "Zebra"), ("b1", "Äpfel"), ("c1", "arbor"), ("d1", "Ostern"), ("e1", "Österreich")):
            shop.ok("shop", "add", slug, "--name", name, "--owner", "Somebody")
        shop.serve()
        page = operator(shop).get("/desk/shops").text
        places = [page.index(name) for name in ("Äpfel", "arbor", "Ostern", "Österreich", "Zebra")]
        assert places == sorted(places), places


def test_numbers_obey_the_gate():
    with Shop(samples=False) as shop:
        feed = onix(*[numbered(n, "Dusk %d" % n, "The Long Dusk", n) for n in range(1, 5)], *[described("h%d" % n, isbn(n), "Hours %d" % n, "Bo Yu", "Quiet Days", "Quiet Press") for n in (11, 12)],
                    described("x", isbn(20), "Alone", "Kim Lone", "Lone Set", "Lone House"))
        assert shop.import_feed(shop.file("sets.xml", feed))[1]["added"] == 7
        shop.ok("collection", "add", "our-own", "--name", "Our Own", "--query", "hours")
        shop.serve()
        shop.until(lambda: found(shop, "dusk")["total"] == 4, "the index")
        assert under(shop, "/us/series/", "L") == [("The Long Dusk", 4, 0)] and letters(shop.get("/us/series/").text) == []
        assert names(shop.get("/us/series/").text) == [("The Long Dusk", 4, 0)]
        assert under(shop, "/us/collections/", "L") == [("Lone Set", 1, 0), ("The Long Dusk", 4, 0)]
        assert 'href="/us/collections/our-own"' in shop.get("/us/collections/").text
        assert under(shop, "/us/publishers/", "Q") == [("Quiet Press", 6, 0)] and under(shop, "/us/publishers/", "L") == [("Lone House", 1, 0)]
        shop.authority("--storefront", "us", "--work", str(shop.work(isbn(20))), "--withhold", "listing,search")
        shop.authority("--storefront", "us", "--work", str(shop.work(isbn(2))), "--withhold", "listing")
        shop.until(lambda: under(shop, "/us/series/", "L") == [("The Long Dusk", 3, 1)], "the restrictions")
        assert under(shop, "/us/collections/", "L") == [("Lone Set", 0, 1), ("The Long Dusk", 3, 1)]
        assert under(shop, "/us/publishers/", "L") == [("Lone House", 0, 1)] and under(shop, "/us/publishers/", "Q") == [("Quiet Press", 5, 1)]
        assert under(shop, "/us/contributors/", "L") == [("Kim Lone", 0, 1)]
        for place in ("series/", "collections/", "publishers/", "contributors/"):
            assert "data-withheld" not in shop.get("/cn/en/" + place + "?letter=L").text, place


def test_works_of_a_name_are_counted_up_to_a_bound():
    with Shop(samples=False) as shop:
        feed = onix(*[numbered(n, "Dusk %d" % n, "The Long Dusk", n) for n in range(1, 5)], described("x", isbn(20), "Alone", "Kim Lone", "Lone Set"))
        assert shop.import_feed(shop.file("sets.xml", feed))[1]["added"] == 5
        bound = lambda n: shop.serve(env={"COLOPHON_NAME_WORKS": str(n)}) and None
        more = lambda place: re.findall("among the first (.*?); there are more", shop.get(place).text)
        bound(3)
        shop.until(lambda: found(shop, "dusk")["total"] == 4, "the index")
        ids = [shop.work(isbn(n)) for n in range(1, 5)]
        shop.authority("--storefront", "us", "--work", str(min(ids)), "--withhold", "listing")
        shop.until(lambda: under(shop, "/us/series/", "L") == [("The Long Dusk", 2, 1)], "the restriction")
        assert more("/us/series/") == ["3"] == more("/us/contributors/?letter=Z") and more("/us/contributors/?letter=L") == []
        bound(4)
        assert more("/us/series/") == [] and under(shop, "/us/series/", "L") == [("The Long Dusk", 3, 1)]


def test_names_come_and_go_and_are_paged():
    with Shop(samples=False) as shop:
        many = onix(*[described("m%d" % n, isbn(n), "Many %d" % n, "Given%d Marlow%03d" % (n, n)) for n in range(100)])
        assert shop.import_feed(shop.file("many.xml", many))[1]["added"] == 100
        shop.serve()
        shop.until(lambda: found(shop, "many")["total"] == 100, "the index")
        assert shop.get("/us/de/contributors/?letter=M").status == 200  # counted before the next come
        walked = [n for page in (1, 2, 3) for n, _, _ in names(shop.get("/us/contributors/?letter=M&page=%d" % page).text)]
        assert walked == ["Given%d Marlow%03d" % (n, n) for n in range(100)]
        assert shop.ask("GET", "/us/contributors/?letter=M&page=9").headers["Location"] == "/us/contributors/?letter=M&page=3"
        gone = onix(described("m7", isbn(7), "Many 7").replace("<NotificationType>03", "<NotificationType>05"), described("late", isbn(200), "Late", "Zed Newcomer"))
        shop.import_feed(shop.file("gone.xml", gone))
        shop.until(lambda: under(shop, "/us/contributors/", "N") == [("Zed Newcomer", 1, 0)], "the newcomer")
        assert "Marlow007" not in shop.get("/us/contributors/?letter=M").text
        # The numbers of a letter are kept, and follow what comes.
        shop.import_feed(shop.file("more.xml", onix(*[described("k%d" % n, isbn(n), "Kept %d" % n, "Given%d Marlow%03d" % (n, n)) for n in range(300, 345)])))
        shop.until(lambda: found(shop, "kept")["total"] == 45, "what came")
        for page, n in ((3, 48), (4, 1)):
            for language in ("", "de/"):
                assert len(names(shop.get("/us/%scontributors/?letter=M&page=%d" % (language, page)).text)) == n, (language, page)
        assert shop.ask("GET", "/us/contributors/?letter=M&page=9").headers["Location"] == "/us/contributors/?letter=M&page=4"
        # The same after a rebuild.
        shop.ok("index", "rebuild")
        shop.until(lambda: "Marlow099" in shop.get("/us/contributors/?letter=M&page=3").text, "the names in a new index")


def person(n, title, name, isni, note="", year="2019"):
    number = "<NameIdentifier><NameIDType>16</NameIDType><IDValue>%s</IDValue></NameIdentifier>" % isni
    words = "<BiographicalNote>%s</BiographicalNote>" % note if note else ""
    return described("w%d" % n, isbn(n), title, contributor=name, year=year).replace(
        "<PersonName>%s</PersonName>" % name, "%s<PersonName>%s</PersonName>%s" % (number, name, words))


def test_a_persons_page_says_who_it_is_and_who_else_is_called_so():
    with Shop(samples=False) as shop:
        first, other = "0000000121354674", "0000000121487351"
        feed = onix(person(1, "Herons", "Ann Moor", first, "Ann Moor &lt;em&gt;walks&lt;/em&gt;.", "2017"),
                    person(2, "Marshes", "Ann Q. Moor", first, "Ann Moor walked &lt;script&gt;x&lt;/script&gt;far.", "2020"),
                    person(3, "Ledgers", "Ann Moor", other))
        assert shop.import_feed(shop.file("moor.xml", feed))[1]["added"] == 3
        shop.serve()
        one, two = (next(c["id"] for c in shop.edition(isbn(n), "us")["contributors"]) for n in (1, 3))
        assert one != two
        page = shop.get("/us/contributors/%d" % one).text
        # The latest record's words, cleaned, with where they are from; the other spelling; the namesake with a book of hers.
        assert "Ann Moor walked" in page and "<script>x" not in page and "<em>walks" not in page
        said = re.search(r'So the publisher of <a href="([^"]*)"[^>]*>Marshes</a> says', page)
        assert said and shop.get(said[1]).status == 200
        assert re.search(r'Also written:.*Ann Q. Moor', page)
        assert re.search(r'Others of this name:.*?href="/us/contributors/%d".*?1 work: <span lang="en">Ledgers' % two, page, re.S)
        page = shop.get("/us/contributors/%d" % two).text
        assert "Herons" in page.split("Others of this name:")[1].split("</ul>")[0] + "Herons" and 'href="/us/contributors/%d"' % one in page
        assert "So the publisher" not in page and "Also written" not in page
        # What is withheld says nothing of them here.
        shop.authority("--storefront", "us", "--edition", isbn(2), "--withhold", "listing")
        shop.authority("--storefront", "us", "--edition", isbn(3), "--withhold", "listing")
        page = shop.get("/us/contributors/%d" % one).text
        assert "walked" not in page and "<em>walks</em>" in page and "Also written" not in page and "Ledgers" not in page
        assert re.search(r'Others of this name:.*?href="/us/contributors/%d">Ann Moor</a>\s*<span class="withheld" data-withheld="1">1 work is withheld here' % two, page, re.S)


def test_a_partners_titles_stand_as_the_alphabet_has_them():
    """Not by their bytes, and without their articles."""
    with Shop(samples=False) as shop:
        told = ["Apple", "Émile", "The Fox", "Żar", "zebra"]
        feed = onix(*[product("t%d" % n, isbn(n), title.replace("The ", "")).replace(
            "<TitleText>Fox", "<TitlePrefix>The</TitlePrefix><TitleWithoutPrefix>Fox").replace("Fox</TitleText>", "Fox</TitleWithoutPrefix>")
            for n, title in enumerate(reversed(told))])
        assert shop.import_feed(shop.file("abc.xml", feed))[1]["added"] == len(told)
        shop.serve()
        pia = partner(shop)
        page = pia.get(HOME + "titles").text
        found = [html.unescape(re.sub("<[^>]*>", "", t)) for t in re.findall(r'<tr data-key="\w+">.*?<a [^>]*>(.*?)</a>', page, re.S)]
        assert found == told, found


def test_sitemaps_have_a_storefronts_texts_where_they_are_in_force():
    with Shop(samples=False) as shop:
        shop.ok("text", "set", "cn", "imprint", "--language", "en", "--file", shop.file("imprint.md", "Riverside, 1 Quay Street"))
        shop.serve()
        us, cn = (shop.get("/%s/sitemaps/0" % s).text for s in ("us", "cn"))
        urls = [u for u in re.findall(r"<url>.*?</url>", cn, re.S) if "/texts/imprint</loc>" in u]
        assert len(urls) == 2 and all(u.count("hreflang=") == 2 and 'hreflang="zh' in u and "/us/" not in u for u in urls), urls
        assert "/texts/imprint</loc>" not in us
        assert "/us/reviews-policy</loc>" in us and "/cn/reviews-policy</loc>" in cn and "/texts/terms" not in cn
        assert shop.get("/cn/texts/imprint").status == shop.get("/us/reviews-policy").status == 200


def test_a_collections_page_says_who_made_it_and_since_when():
    with Shop(samples=False) as shop:
        feed = onix(described("a", isbn(1), "Herons", collection="Marsh Library"), described("b", isbn(2), "Marshes", collection="Marsh Library"))
        assert shop.import_feed(shop.file("marsh.xml", feed))[1]["added"] == 2
        shop.ok("collection", "add", "wet", "--name", "Wet Feet", "--isbn", shop.file("wet.txt", isbn(1) + "\n"))
        shop.serve()
        assert re.search(r'class="soft maker">Put together by this shop, [^<]*20\d\d', shop.get("/us/collections/wet").text)
        slug = shop.edition(isbn(1), "us")["collections"]
        slug = next(c["slug"] for c in slug if c["name"] == "Marsh Library")
        assert re.search(r'class="soft maker">A publisher’s collection, here since [^<]*20\d\d', shop.get("/us/collections/" + slug).text)


def test_people_are_filed_by_the_key_name_of_the_record():
    with Shop(samples=False) as shop:
        keyed = "<NamesBeforeKey>Ursula K.</NamesBeforeKey><KeyNames>Le Guin</KeyNames>"
        whole = described("k", isbn(1), "Hainish", contributor="Ursula K. Le Guin").replace("<PersonName>Ursula K. Le Guin</PersonName>", keyed)
        assert "KeyNames" in whole
        assert shop.import_feed(shop.file("key.xml", onix(whole)))[1]["added"] == 1
        shop.serve()
        assert ("Ursula K. Le Guin", 1, 0) in under(shop, "/us/contributors/", "L")


def test_a_collection_is_followed_and_has_a_feed_of_its_own():
    with Shop() as shop:
        shop.ok("collection", "add", "austen", "--name", "Austen", "--contributor", "Jane Austen")
        shop.serve()
        page = shop.get("/us/collections/austen").text
        feed = re.search(r'<link rel="alternate" type="application/atom\+xml" title="New titles: [^"]*" href="([^"]*)"', page)[1]
        answer = shop.get(feed)
        assert answer.status == 200 and "<feed" in answer.text and feed in page.split('class="keep follow"')[1], feed
        browser, reader = Browser(shop), shop.reader("ann")
        assert browser.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret"}).status == 303
        form = dict(re.findall(r'name="(kind|of|follow|return)" value="([^"]*)"', browser.get("/us/collections/austen").text.split('class="keep follow"')[1].split("</form>")[0]))
        assert form["return"].endswith("/us/collections/austen") and form["follow"] == "1"
        assert browser.post("/us/collections/austen", "/us/account/following", form).status == 303
        assert 'aria-pressed="true"' in browser.get("/us/collections/austen").text and "Series or collection" in browser.get("/us/account/following").text
