"""What is withheld does not leak through searching and lists, and is counted there:
in one storefront, and not in the other."""
import re

from shop import EMMA, Shop, onix, product
from test_search import check, found, titles

SECRET = "Xylophone"  # stands in the withheld work alone


def isbn(n):
    return "978001%06d" % n + check(n)


def described(reference, number, title, contributor="Ada Zebra", collection="Quiet Days", publisher="Quiet Press",
              language="eng", subject="FBC", form="BC", year="2019", amount="9.90", keywords=""):
    return (
        '<Product><RecordReference>%s</RecordReference><NotificationType>03</NotificationType><RecordSourceType>01'
        '</RecordSourceType><ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier>'
        '<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>%s</ProductForm>'
        '<Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType><TitleElement>'
        '<TitleElementLevel>02</TitleElementLevel><TitleText>%s</TitleText></TitleElement></TitleDetail></Collection>'
        '<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>%s'
        '</TitleText></TitleElement></TitleDetail><Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01'
        '</ContributorRole><PersonName>%s</PersonName></Contributor><Language><LanguageRole>01</LanguageRole>'
        '<LanguageCode>%s</LanguageCode></Language><Subject><MainSubject/><SubjectSchemeIdentifier>93'
        '</SubjectSchemeIdentifier><SubjectCode>%s</SubjectCode></Subject><Subject><SubjectSchemeIdentifier>20'
        '</SubjectSchemeIdentifier><SubjectHeadingText>%s</SubjectHeadingText></Subject></DescriptiveDetail>'
        '<PublishingDetail><Publisher><PublishingRole>01</PublishingRole><PublisherName>%s</PublisherName></Publisher>'
        '<PublishingStatus>04</PublishingStatus><PublishingDate><PublishingDateRole>01</PublishingDateRole><Date>%s0401'
        '</Date></PublishingDate><SalesRights><SalesRightsType>01</SalesRightsType><Territory><RegionsIncluded>WORLD'
        '</RegionsIncluded></Territory></SalesRights></PublishingDetail><ProductSupply><SupplyDetail><Supplier>'
        '<SupplierRole>01</SupplierRole><SupplierName>S</SupplierName></Supplier><ProductAvailability>20'
        '</ProductAvailability>%s</SupplyDetail></ProductSupply></Product>' % (
            reference, number, form, collection, title, contributor, language, subject, keywords, publisher, year,
            "".join('<Price><PriceType>01</PriceType><PriceAmount>%s</PriceAmount><CurrencyCode>%s</CurrencyCode></Price>'
                    % (amount, currency) for currency in ("USD", "CNY"))))


def small_shop(shop):
    """Five works: one of them, "Xylophone Hours", is alone in each facet."""
    feed = onix(*[described("q%d" % n, isbn(n), "Quiet Hours %s" % w) for n, w in enumerate(["One", "Two", "Three", "Four"])],
                described("x", isbn(90), "%s Hours" % SECRET, language="fre", subject="WZ", form="BB", year="1987", amount="77.00",
                          keywords="clandestine"))
    assert shop.import_feed(shop.file("small.xml", feed))[1]["added"] == 5
    shop.serve()
    return shop.work(isbn(90))


def pages(shop, storefront):
    """Everything by which one may look for something, as a reader and as a program."""
    person = shop.edition(isbn(0), "us")["contributors"][0]["id"]
    home = "/%s/" % storefront
    paths = [home, home + "search?q=", home + "search?q=hours", home + "search?q=zebra", home + "search?q=quiet", home + "subjects/",
             home + "subjects/F", home + "subjects/W", home + "subjects/WZ", home + "collections/",
             home + "contributors/%d" % person, home + "shops/main"]
    paths += [home + "search?q=hours&sort=" + s for s in ("newest", "title", "price", "rating")]
    paths += ["/api/v1/%s/search?q=%s" % (storefront, q) for q in ("", "hours", "zebra", "clandestine")]
    paths += ["/api/v1/%s/search?q=&%s" % (storefront, c) for c in ("format=hardback", "language=fr", "subject=WZ", "year=1987", "price=4")]
    return paths


def facets_of(result):
    return {(name, v["value"]): v["count"] for name, values in result["facets"].items() for v in values}


def test_withheld_from_results_and_lists_nothing_leaks():
    with Shop(samples=False) as shop:
        work = small_shop(shop)
        before = found(shop, "hours")
        assert before["total"] == 5 and facets_of(before)[("year", "1987")] == 1
        made = shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "search,listing")
        for path in pages(shop, "cn"):
            text = shop.get(path).text
            assert SECRET not in text and isbn(90) not in text, path
        for choice in ("format=hardback", "language=fr", "subject=WZ", "year=1987", "price=4"):
            result = shop.api("GET", "/cn/search?q=&" + choice).json()
            assert result["total"] == 0 and result["results"] == [], choice
            assert result["withheld"] == {"works": 1, "restrictions": [made["id"]]}, choice
        here, there = found(shop, "hours", "cn"), found(shop, "hours", "us")
        assert here["total"] == 4 and there["total"] == 5
        assert here["withheld"] == {"works": 1, "restrictions": [made["id"]]}
        assert there["withheld"] == {"works": 0, "restrictions": []}
        for (name, value), count in facets_of(there).items():
            alone = (name, value) in {("format", "hardback"), ("language", "fr"), ("subject", "WZ"), ("year", "1987"), ("price", "4")}
            # All five are sold, and name no series: where they are, it is one of many; so it is of what came out long ago.
            fewer = name in ("availability", "series") or value == "older"
            assert facets_of(here).get((name, value), 0) == (0 if alone else count - fewer), (name, value)
        # In the other storefront nothing has changed.
        assert {**there, "withheld": None} == {**before, "withheld": None}
        # A query that finds nothing else says no more than that something is withheld.
        alone = found(shop, SECRET.lower(), "cn")
        assert alone["total"] == 0 and alone["withheld"]["restrictions"] == [made["id"]]
        page = shop.get("/cn/en/search?q=hours").text
        assert 'data-total="4"' in page and 'data-withheld="1"' in page and "/record/restrictions/%d" % made["id"] in page
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "x")
        again = found(shop, "hours", "cn")
        assert again["total"] == 5 and again["withheld"]["works"] == 0


def test_search_and_listing_are_withheld_alone():
    with Shop(samples=False) as shop:
        work = small_shop(shop)
        person = shop.edition(isbn(0))["contributors"][0]["id"]
        search = shop.restrict("--ground", "operator", "--storefront", "us", "--work", str(work), "--withhold", "search")
        assert found(shop, "hours")["total"] == 4 and found(shop, "hours")["withheld"]["restrictions"] == [search["id"]]
        assert SECRET in shop.get("/us/subjects/WZ").text and SECRET in shop.get("/us/contributors/%d" % person).text
        assert shop.get("/us/books/" + isbn(90)).status == 200 and SECRET in shop.get("/us/books/" + isbn(90)).text
        assert 'data-total="0"' in shop.get("/us/search?q=" + isbn(90)).text  # no way round by the number
        shop.ok("restriction", "lift", str(search["id"]), "--reason", "x")
        listing = shop.restrict("--ground", "operator", "--storefront", "us", "--work", str(work), "--withhold", "listing")
        page = shop.get("/us/subjects/WZ").text
        assert SECRET not in page and 'data-total="0"' in page and 'data-withheld="1"' in page
        page = shop.get("/us/contributors/%d" % person).text
        assert SECRET not in page and 'data-total="4"' in page and 'data-withheld="1"' in page
        assert "/record/restrictions/%d" % listing["id"] in page
        page = shop.get("/us/shops/main").text
        assert SECRET not in page and 'data-total="4"' in page
        assert SECRET in shop.get("/cn/subjects/WZ").text


def test_one_edition_withheld_is_counted_and_named():
    with Shop(samples=False) as shop:
        small_shop(shop)
        person = shop.edition(isbn(0))["contributors"][0]["id"]
        made = shop.restrict("--ground", "operator", "--storefront", "us", "--edition", isbn(90), "--withhold", "search,listing")
        result = found(shop, "hours")
        assert result["total"] == 4 and result["withheld"] == {"works": 1, "restrictions": [made["id"]]}
        assert "/record/restrictions/%d" % made["id"] in shop.get("/us/search?q=hours").text
        # It was its work's only edition: lists of works say so too.
        page = shop.get("/us/contributors/%d" % person).text
        assert 'data-total="4"' in page and 'data-withheld="1"' in page and "/record/restrictions/%d" % made["id"] in page
        # Another edition of that work brings the work back.
        more = described("x2", isbn(91), "%s Hours" % SECRET, form="ED")
        assert shop.import_feed(shop.file("more.xml", onix(more)))[1]["added"] == 1
        if shop.work(isbn(91)) == shop.work(isbn(90)):
            page = shop.get("/us/contributors/%d" % person).text
            assert 'data-total="5"' in page and isbn(90) not in page


def test_every_restriction_behind_a_result_is_named():
    with Shop() as shop:
        shop.serve()
        before = found(shop, "")["total"]
        works = sorted({r["work_id"] for offset in (0, 100) for r in found(shop, "", limit=100, offset=offset)["results"]})
        assert len(works) > 50
        operator = lambda *target: shop.restrict("--ground", "operator", *target, "--withhold", "search")["id"]
        person = shop.edition(EMMA)["contributors"][0]["id"]
        named = [operator("--storefront", "us", "--contributor", str(person)),
                 operator("--storefront", "us", "--shop", "main"),
                 operator("--storefront", "us", "--work", str(works[-1]))]
        other = operator("--storefront", "cn", "--work", str(works[0]))
        # The earliest entry is the one that withholds: the last work has the shop's.
        result = found(shop, "")
        assert result["total"] == 0 and result["withheld"] == {"works": len(works), "restrictions": named[:2]}
        shop.ok("restriction", "lift", str(named[1]), "--reason", "x")
        result = found(shop, "")
        assert result["withheld"]["restrictions"] == [named[0], named[2]]
        assert 0 < result["total"] < before
        assert found(shop, "", "cn")["withheld"] == {"works": 1, "restrictions": [other]}


def test_pages_and_numbers_hold_under_a_restriction_on_a_set():
    with Shop() as shop:
        shop.ok("collection", "add", "crime", "--name", "Crime", "--query", "sherlock holmes")
        shop.serve()
        everything = found(shop, "")["total"]
        made = shop.authority("--storefront", "cn", "--collection", "crime", "--withhold", "search,listing")
        walked, page = [], 1
        while True:
            text = shop.get("/cn/en/search?q=&page=%d" % page).text
            walked += re.findall(r'data-edition="(\d+)"', text)
            if 'rel="next"' not in text:
                break
            page += 1
        total = int(re.search(r'data-total="(\d+)"', text)[1])
        assert len(walked) == len(set(walked)) == total < everything
        assert found(shop, "", "cn")["total"] == total and found(shop, "", "us")["total"] == everything
        for choice in facets_of(found(shop, "", "cn")):
            assert found(shop, "", "cn", **{choice[0]: choice[1], "limit": 1})["total"] == facets_of(found(shop, "", "cn"))[choice], choice
        text = shop.get("/cn/en/collections/crime").text
        assert 'data-total="0"' in text and "/record/restrictions/%d" % made["id"] in text
        assert 'data-total="0"' not in shop.get("/us/collections/crime").text


def test_withheld_ratings_order_and_count_nothing_there():
    with Shop(samples=False) as shop:
        work = small_shop(shop)
        token = shop.reader("fan")
        shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 5}, token)
        first = lambda sf: found(shop, "hours", sf, sort="rating")["results"][0]
        shop.until(lambda: first("us")["work_id"] == work and first("cn")["work_id"] == work, "the order by rating", 3)
        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "ratings")
        assert first("us")["work_id"] == work
        last = found(shop, "hours", "cn", sort="rating")["results"]
        # Unrated works stand newest first; what is withheld stands as one of them.
        assert last[-1]["work_id"] == work and found(shop, "hours", "cn")["total"] == 5
        shown = [r for r in last if r["work_id"] == work][0]
        assert shown["rating"] is None
        assert titles(found(shop, SECRET.lower(), "cn")) == ["%s Hours" % SECRET]


def test_a_result_whose_page_is_withheld_says_so_in_the_covers_place():
    with Shop() as shop:
        shop.serve()
        made = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        cover = "/cn/covers/" + EMMA
        there, elsewhere = shop.get("/cn/search?q=emma").text, shop.get("/us/search?q=emma").text
        assert EMMA in there and shop.get(cover).status == 451
        assert 'src="%s' % cover not in there and 'data-restriction="%d" data-feature="listing"' % made["id"] in there
        assert 'src="/us/covers/' + EMMA in elsewhere and "data-restriction" not in elsewhere
