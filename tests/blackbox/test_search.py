"""Search: what is found, how, and how fast it is there."""
import html
import os
import re
import shutil
import subprocess
import time

from shop import COLOPHON, EMMA, SLOWNESS, Shop, onix, product


def found(shop, query, storefront="us", **parameters):
    more = "".join("&%s=%s" % p for p in parameters.items())
    return shop.api("GET", "/%s/search?q=%s%s" % (storefront, query, more)).json()


def titles(result):
    return [r["title"] for r in result["results"]]


def test_words_names_numbers():
    with Shop() as shop:
        shop.serve()
        assert "Emma" in titles(found(shop, "emma"))
        assert set(titles(found(shop, "austen emma"))) == {"Emma"}
        assert "Emma" in titles(found(shop, "AUSTEN"))
        assert "Jane Eyre" in titles(found(shop, "bronte")) and "Jane Eyre" in titles(found(shop, "Brontë"))
        assert "Alice’s Adventures in Wonderland" in titles(found(shop, "alice's adventures"))
        assert titles(found(shop, '"through the looking-glass"'))[0] == "Through the Looking-Glass"
        assert "The Hound of the Baskervilles" in titles(found(shop, "sherlock holmes"))
        for number in [EMMA, "978-0-000000-04-0", "978 0 000000 04 0"]:
            assert [r["isbn13"] for r in found(shop, number)["results"]] == [EMMA], number
        assert found(shop, "riverside press")["total"] > 100
        assert found(shop, "nothing has this word")["total"] == 0


def test_chinese():
    with Shop() as shop:
        shop.serve()
        for query in ["红楼梦", "红楼", "梦", "紅樓夢", "曹雪芹", "曹"]:
            assert "红楼梦" in titles(found(shop, query)), query
        assert "三国演义" in titles(found(shop, "三國演義"))
        assert "呐喊" in titles(found(shop, "鲁迅", "cn")) and "呐喊" in titles(found(shop, "魯迅", "cn"))


def rich():
    """One product with something of its own in each field."""
    names = "".join('<Contributor><SequenceNumber>%d</SequenceNumber><ContributorRole>%s</ContributorRole><PersonName>%s'
                    '</PersonName></Contributor>' % (n + 1, role, name)
                    for n, (role, name) in enumerate([("A01", "Søren Łukasz O’Brien"), ("B06", "François Núñez"), ("B01", "張愛玲")]))
    title = ('<TitleDetail><TitleType>%s</TitleType><TitleElement><TitleElementLevel>%s</TitleElementLevel>%s</TitleElement>'
             '</TitleDetail>')
    return (
        '<Product><RecordReference>rich</RecordReference><NotificationType>03</NotificationType><RecordSourceType>01'
        '</RecordSourceType><ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9780306406157</IDValue>'
        '</ProductIdentifier><DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm>'
        '<Collection><CollectionType>10</CollectionType>'
        + title % ("01", "02", "<PartNumber>7</PartNumber><TitleText>Bibliothek Mondlicht</TitleText>") + '</Collection>'
        + title % ("01", "01", "<TitlePrefix>Die</TitlePrefix><TitleWithoutPrefix>große Straße</TitleWithoutPrefix>"
                               "<Subtitle>Eine Œuvre in fünf Akten</Subtitle>")
        + title % ("03", "01", "<TitleText>Den store gaten</TitleText>") + names
        + '<Language><LanguageRole>01</LanguageRole><LanguageCode>ger</LanguageCode></Language><Subject>'
          '<SubjectSchemeIdentifier>20</SubjectSchemeIdentifier><SubjectHeadingText>Leuchtturm; 電腦; ＦＵＬＬ'
          '</SubjectHeadingText></Subject></DescriptiveDetail><PublishingDetail><Imprint><ImprintName>Kiebitz</ImprintName>'
          '</Imprint><Publisher><PublishingRole>01</PublishingRole><PublisherName>Wacholder Verlag</PublisherName></Publisher>'
          '<PublishingStatus>04</PublishingStatus></PublishingDetail></Product>')


def test_every_field_in_every_spelling():
    with Shop() as shop:
        assert shop.import_feed(shop.file("rich.xml", onix(rich())))[1]["added"] == 1
        shop.serve()
        for query in [
                "große straße", "grosse strasse", "GROSSE STRASSE", "GROẞE", "Die große Straße",  # title
                "œuvre", "oeuvre", "OEUVRE", "funf akten", "Eine Œuvre",  # subtitle
                "den store gaten", "gaten",  # original title
                "søren", "soren", "SØREN", "łukasz", "lukasz", "o'brien", "o’brien", "obrien",  # contributors
                "francois nunez", "François Núñez", "françois núñez",  # the latter decomposed
                "mondlicht", "bibliothek mondlicht",  # collection
                "wacholder", "kiebitz",  # publisher, imprint
                "leuchtturm", "full", "ｆｕｌｌ", "ＬＥＵＣＨＴＴＵＲＭ",  # keywords, full width
                "电脑", "電腦", "脑", "腦", "电", "张爱玲", "張愛玲", "张", "爱玲",  # Chinese
                "soren strasse mondlicht leuchtturm 电脑",  # over several fields
                "9780306406157", "978-0-306-40615-7", "978 0 306 40615 7", "ISBN 978-0-306-40615-7", "ISBN: 0-306-40615-2",
                "0306406152", "0-306-40615-2", "0 306 40615 2", "urn:isbn:9780306406157", "９７８０３０６４０６１５７",
                "978\u20110\u2011306\u201140615\u20117", "strasse 0306406152"]:
            assert [r["isbn13"] for r in found(shop, query)["results"]] == ["9780306406157"], query
        for query in ["9780306406158", "0306406153", "strasse nowhere", "电影"]:
            assert found(shop, query)["total"] == 0, query


def test_an_isbn_leads_to_its_book():
    with Shop() as shop:
        shop.serve()
        for number in [EMMA, "978-0-000000-04-0", "ISBN 978 0 000000 04 0"]:
            answer = shop.get("/us/search?q=" + number)
            assert answer.status == 303 and answer.headers["Location"].endswith("/us/books/" + EMMA), number
        assert shop.get("/cn/en/search?q=" + EMMA).headers["Location"].endswith("/cn/en/books/" + EMMA)
        assert shop.get("/us/search?q=9780306406157").status == 200  # not here
        assert shop.get("/us/search?q=emma").status == 200


def test_facets_are_links_that_combine_and_come_off():
    with Shop() as shop:
        shop.serve()
        links = lambda text, name: [html.unescape(u) for u in re.findall(r'href="([^"]*[?&;]%s=[^"]*)"' % name, text)]
        total = lambda text: int(re.search(r'data-total="(\d+)"', text)[1])
        everything = shop.get("/us/search?q=").text
        one = shop.get(links(everything, "format")[0]).text
        two = shop.get([u for u in links(one, "language") if "format=" in u][0]).text
        assert total(everything) > total(one) > total(two) > 0
        off = [html.unescape(u) for u in re.findall(r'<a class="on" href="([^"]*)"', two)]
        assert len(off) == 2 and sorted("format=" in u for u in off) == [False, True]
        assert total(shop.get([u for u in off if "format=" in u][0]).text) == total(one)
        # A subject's page says its subject in the path, and only there.
        subject = shop.get("/us/subjects/F").text
        assert total(subject) > 0 and not links(subject, "subject")
        assert total(shop.get(links(subject, "language")[0]).text) <= total(subject)
        for page in (subject, shop.get("/us/subjects/FFC").text, shop.get("/us/books/" + EMMA).text):
            trail = re.search(r'<nav class="crumbs".*?</nav>', page, re.S)[0]
            assert re.sub(r"<[^>]*>", "", trail).strip()[-1] != "›", trail
            names = re.findall(r"<a [^>]*>([^<]*)</a>", trail) + re.findall(r"<h1[^>]*>([^<]*)</h1>", page)
            assert len(names) == len(set(names)), names


def test_hostile_queries():
    with Shop() as shop:
        shop.serve()
        for query in ["(", ")", '"', "\\", "title:emma", "*", "emma OR", "a" * 400, '"' * 50, "%", "_key:@x", "emma) || (true", "-emma", "~emma", "emma*", "^emma", "emma~2", "emma & jane", "emma | jane", "emma\\", "\\\"", "'", "@", "title:@emma", "_score:>0", "in_values(title)", "\u3000", "\u200b", "+emma -jane", "emma\t)", "%00", "%ff%fe", "&#39;"]:
            answer = shop.ask("GET", "/api/v1/us/search?q=" + query.replace("%", "%25"))
            assert answer.status == 200, (query, answer.text)
        assert shop.ask("GET", "/api/v1/us/search?q=" + "a" * 500).status in (422, 429)
        assert found(shop, "title:emma")["total"] == 0
        # Operators are no operators: what is left of them are words, or nothing.
        total = lambda query: found(shop, query)["total"]
        assert total("-emma") == total("emma*") == total("(emma)") == total("~emma") == total('"emma') == total("emma") > 0
        assert total("emma | jane") == total("emma jane") and total("emma OR nowhere") == 0
        for raw in ["%00", "emma%00jane", "%ff%fe", "emma%c3", "%ed%a0%80"]:
            assert shop.ask("GET", "/us/search?q=" + raw).status in (200, 400), raw


def test_facets_add_up():
    with Shop() as shop:
        shop.serve()
        result = found(shop, "", limit=1)
        assert sum(v["count"] for v in result["facets"]["format"]) == result["total"]
        for facet in ("format", "language", "subject", "year", "price", "availability"):
            value = result["facets"][facet][0]
            narrowed = found(shop, "", limit=100, **{facet: value["value"]})
            assert narrowed["total"] == value["count"], (facet, value)
        assert found(shop, "", subject="FFC")["total"] < found(shop, "", subject="F")["total"]


def test_sorts_and_pages():
    with Shop() as shop:
        shop.serve()
        everything = []
        for offset in range(0, 200, 50):
            everything += [r["isbn13"] for r in found(shop, "", sort="title", limit=50, offset=offset)["results"]]
        assert len(everything) == len(set(everything)) == found(shop, "")["total"]
        prices = [float(r["price"]) for r in found(shop, "", sort="price", limit=50)["results"] if r["price"]]
        assert prices == sorted(prices) and prices
        names = [t for t in titles(found(shop, "austen", sort="title", limit=50))]
        assert names == sorted(names)
        assert shop.get("/us/search?q=austen&sort=price&page=1").status == 200


def test_a_new_title_is_found_within_a_second():
    with Shop() as shop:
        shop.serve()
        shop.import_feed(shop.file("n.xml", onix(product("n", "9780010000016", "Quokka Nights"))))
        begun = time.time()
        shop.until(lambda: found(shop, "quokka")["total"] == 1, "the new title", 1)
        assert time.time() - begun < 1 * SLOWNESS
        shop.import_feed(shop.file("n.xml", onix(product("n", "9780010000016", "Wombat Nights"))))
        shop.until(lambda: found(shop, "wombat")["total"] == 1 and found(shop, "quokka")["total"] == 0, "the change", 1)


def test_rebuilding_beside_a_server_and_after_a_kill():
    with Shop() as shop:
        shop.serve()
        before = found(shop, "")["total"]
        shop.ok("index", "rebuild")
        assert found(shop, "")["total"] == before
        for i in range(5):
            shop.import_feed(shop.file("n.xml", onix(*[product("k%d" % n, "978001%06d" % n + check(n), "Killed %d" % i)
                                                       for n in range(40)])))
            shop.kill()
            shop.serve()
            shop.until(lambda: found(shop, "killed %d" % i)["total"] == 40, "the index after a kill")
        shop.stop()
        shop.ok("index", "rebuild")
        shop.serve()
        assert found(shop, "")["total"] == before + 40


def test_killed_in_a_rebuild():
    with Shop() as shop:
        shop.serve()
        everything = found(shop, "")["total"]
        emma = [r["isbn13"] for r in found(shop, "emma")["results"]]
        for serving in (False, True):
            for milliseconds in (5, 20, 40, 80, 160):
                if not serving and shop.server is not None:
                    shop.stop()
                command = subprocess.Popen([COLOPHON, "-d", shop.dir, "index", "rebuild"], stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)
                time.sleep(milliseconds / 1000)
                if serving:
                    shop.kill()
                command.kill()
                command.wait()
                shop.serve()
                assert found(shop, "")["total"] == everything, (serving, milliseconds)
                assert [r["isbn13"] for r in found(shop, "emma")["results"]] == emma
        shop.stop()
        shop.ok("index", "rebuild")
        folder = os.path.join(shop.dir, "index")
        assert len(os.listdir(folder)) == 2, os.listdir(folder)  # one generation and the link to it


def test_an_index_that_is_spoilt_or_gone_is_made_anew():
    with Shop() as shop:
        # Under sanitizers: whole stacks, by which tools/leaks.txt knows Groonga's own.
        shop.env["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":fast_unwind_on_malloc=0"
        shop.serve()
        everything = found(shop, "")["total"]
        folder = os.path.join(shop.dir, "index")
        current = os.path.join(folder, "current")

        def cut(name):
            with open(os.path.join(current, name), "r+b") as f:
                f.truncate(100)

        for spoil in [lambda: shutil.rmtree(folder), lambda: os.unlink(current), lambda: os.unlink(os.path.join(current, "meta")),
                      lambda: shop.file("shop/index/current/meta", "colophon-index 0\nposition 1\n"),
                      lambda: shop.file("shop/index/current/dirty", "1\n"), lambda: cut("db"),
                      lambda: os.unlink(os.path.join(current, "db.0000000"))]:
            shop.stop()
            spoil()
            shop.serve()
            shop.until(lambda: found(shop, "")["total"] == everything and found(shop, "emma")["total"] > 0, "the index made anew")


def test_a_server_that_is_to_end_leaves_its_index_for_later():
    with Shop() as shop:
        shop.import_feed(shop.file("n.xml", onix(*[product("k%d" % n, "978001%06d" % n + check(n), "Unfinished %d" % n)
                                                   for n in range(2000)])))
        shop.serve()
        everything = found(shop, "")["total"]
        folder = os.path.join(shop.dir, "index")

        def listing():
            return set(os.listdir(folder)) if os.path.isdir(folder) else set()

        def ended_in_a_build(before):
            shop.until(lambda: listing() != before, "an index being built")
            shop.stop()
            shop.serve()

        # None yet: nothing half done is taken for one.
        shop.stop()
        shutil.rmtree(folder)
        shop.serve(wait=False)
        ended_in_a_build(set())
        assert found(shop, "")["total"] == everything
        # One that asks for another: it does not claim what it lacks.
        before = listing()
        shop.ok("storefront", "add", "nz", "--unresearched", "sell", "--country", "NZ", "--language", "en", "--currency", "NZD")
        ended_in_a_build(before)
        shop.until(lambda: found(shop, "unfinished", "nz")["total"] == 2000, "what the new storefront sells")


def check(n):
    digits = "978001%06d" % n
    return str(-sum(int(d) * (3 if k % 2 else 1) for k, d in enumerate(digits)) % 10)
