"""Results name each work once, with its editions; counts and choices go on counting editions."""
import re

from ebooks import give_files
from shop import Shop, onix
from test_finding import sold_in
from test_search import found
from test_search_gate import described, facets_of, isbn

FORMS = ["BC", "BB", "ED", "AJ"]  # paperback, hardback, e-book, audio


def related(text, number):
    """The same work as the edition of that number."""
    return text.replace("</DescriptiveDetail>", "</DescriptiveDetail><RelatedMaterial><RelatedProduct><ProductRelationCode>06</ProductRelationCode>"
                        "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier></RelatedProduct></RelatedMaterial>" % number)


def moved(text):
    """RelatedMaterial stands behind PublishingDetail."""
    part = re.search(r"<RelatedMaterial>.*?</RelatedMaterial>", text)
    return text.replace(part[0], "").replace("</PublishingDetail>", "</PublishingDetail>" + part[0]) if part else text


def lanterns(works):
    """Works of four forms each, dearer by form; the first has a Chinese paperback too."""
    out = []
    for n in range(works):
        first = isbn(10 * n)
        for k, form in enumerate(FORMS):
            text = described("w%d-%d" % (n, k), isbn(10 * n + k), "Lanterns %s" % (chr(97 + n % 26) * (1 + n // 26)), form=form, amount="%d.00" % (5 + 10 * k))
            out.append(moved(related(text, first)) if k else text)
    chinese = described("zh", isbn(900), "Lanterns a", language="chi")
    return onix(*out, moved(related(chinese, isbn(0))))


def test_each_work_stands_once_with_its_editions():
    with Shop(samples=False) as shop:
        assert shop.import_feed(shop.file("lanterns.xml", lanterns(30)))[1]["added"] == 121
        give_files(shop, isbn(2))
        shop.serve()
        assert shop.work(isbn(0)) == shop.work(isbn(3)) == shop.work(isbn(900)) != shop.work(isbn(10))
        shop.until(lambda: found(shop, "lanterns")["total"] == 121, "the index")
        walked, pages = [], 0
        while True:
            pages += 1
            text = shop.get("/us/search?q=lanterns&page=%d" % pages).text
            assert 'data-total="121" data-works="30"' in text and "30 works found · 121 editions" in text
            walked += re.findall(r'<li class="result" data-edition="(\d+)"', text)
            if 'rel="next"' not in text:
                break
        assert pages == 2 and len({shop.work(key) for key in walked}) == len(walked) == 30  # by works, none twice
        page = shop.get("/us/search?q=lanterns+a").text
        others = re.search(r'<ul class="beside".*?</ul>', page, re.S)[0]
        assert len(re.findall("data-edition", others)) == 4
        for said in ("Hardback <b>US$15.00", "E-book <b>US$25.00", "Audio", "Chinese"):
            assert said in re.sub(r"\s+", " ", others), (said, others)
        # The API: the same when it is asked for, editions else; and both count alike.
        by_work, plain = found(shop, "lanterns", group="work", limit=100), found(shop, "lanterns", limit=100)
        assert len(by_work["results"]) == by_work["works"]["shown"] == 30 and len(plain["results"]) == 100
        assert by_work["total"] == plain["total"] == 121 and facets_of(by_work) == facets_of(plain)
        assert all("editions" not in r for r in plain["results"])
        first = next(r for r in by_work["results"] if r["work_id"] == shop.work(isbn(0)))
        assert len(first["editions"]) == 4 and {e["format"] for e in first["editions"]} <= {"paperback", "hardback", "ebook", "audio"}
        paged = [r["work_id"] for offset in range(0, 30, 7) for r in found(shop, "lanterns", group="work", limit=7, offset=offset)["results"]]
        assert paged == [r["work_id"] for r in by_work["results"]]
        # The work's place is that of its first edition in the order.
        for sort in ("price", "newest", "title", "relevance"):
            order = lambda **more: [r["work_id"] for r in found(shop, "lanterns", sort=sort, limit=100, **more)["results"]]
            assert order(group="work")[:20] == list(dict.fromkeys(order()))[:20], sort
        # A choice narrows what stands first; the others are still named.
        narrowed = found(shop, "lanterns", group="work", format="hardback", limit=100)
        assert {r["format"] for r in narrowed["results"]} == {"hardback"} and narrowed["total"] == 30 and len(narrowed["results"][0]["editions"]) >= 3


def test_a_page_behind_the_last_leads_to_the_last():
    with Shop(samples=False) as shop:
        assert shop.import_feed(shop.file("lanterns.xml", lanterns(30)))[1]["added"] == 121
        shop.serve()
        shop.until(lambda: found(shop, "lanterns")["total"] == 121, "the index")
        for asked, last in (("/us/search?q=lanterns&page=9999", "/us/search?q=lanterns&page=2"), ("/us/search?page=801", "/us/search?page=2"),
                            ("/us/search?q=lanterns&language=zh&page=2", "/us/search?q=lanterns&language=zh"), ("/us/search?q=zzzzqqqq&page=3", "/us/search?q=zzzzqqqq"),
                            ("/cn/en/subjects/FBC?page=4000000000", "/cn/en/subjects/FBC?page=2"), ("/us/publishers/nobody-s-house?page=2", None)):
            answer = shop.ask("GET", asked)
            assert (answer.status, answer.headers.get("Location")) == ((303, last) if last else (404, None)), (asked, answer.status, answer.headers)
        page = shop.get(shop.ask("GET", "/us/search?q=lanterns&page=9999").headers["Location"])
        assert page.status == 200 and 'aria-current="page">2<' in page.text and page.text.count('<li class="result"') == 6
        person = shop.edition(isbn(0))["contributors"][0]["id"]
        assert shop.ask("GET", "/us/contributors/%d?page=9" % person).headers["Location"] == "/us/contributors/%d?page=2" % person
        assert [shop.get("/us/search?page=" + wrong).status for wrong in ("0", "-1", "x", "1e3", "99999999999999999999999")] == [422] * 5


def test_an_exact_isbn_leads_to_the_edition_whatever_stands_for_its_work():
    with Shop(samples=False) as shop:
        assert shop.import_feed(shop.file("lanterns.xml", lanterns(2)))[1]["added"] == 9
        shop.serve()
        shop.until(lambda: found(shop, "lanterns")["total"] == 9, "the index")
        for n in (0, 1, 3, 900):
            answer = shop.ask("GET", "/us/search?q=" + isbn(n))
            assert answer.status == 303 and answer.headers["Location"].endswith("/us/books/" + isbn(n)), (n, answer.status)


def test_an_edition_that_is_withheld_is_not_named_beside_the_others():
    with Shop(samples=False) as shop:
        assert shop.import_feed(shop.file("lanterns.xml", lanterns(2)))[1]["added"] == 9
        shop.serve()
        shop.until(lambda: found(shop, "lanterns")["total"] == 9, "the index")
        made = shop.restrict("--ground", "operator", "--storefront", "us", "--edition", isbn(1), "--withhold", "search,listing")
        shop.until(lambda: found(shop, "lanterns")["total"] == 8, "the restriction")
        page = shop.get("/us/search?q=lanterns").text
        assert isbn(1) not in page and "An edition of this work is withheld here" in page and "/record/restrictions/%d" % made["id"] in page
        assert isbn(1) not in str(found(shop, "lanterns", group="work")) and isbn(1) in shop.get("/cn/en/search?q=lanterns").text
        listing = shop.get("/us/subjects/FBC").text
        assert isbn(1) not in listing and isbn(11) in listing
        # Programs are told what readers are, and of each restriction.
        told = lambda: {tuple(r["withheld"]) for r in found(shop, "lanterns", group="work")["results"]}
        assert told() == {(made["id"],), ()}
        other = shop.authority("--storefront", "us", "--edition", isbn(2), "--withhold", "search,listing")
        shop.until(lambda: found(shop, "lanterns")["total"] == 7, "the other restriction")
        page = shop.get("/us/search?q=lanterns").text
        assert {tuple(sorted(t)) for t in told()} == {(made["id"], other["id"]), ()}
        assert all('data-restriction="%d"' % r["id"] in page for r in (made, other))


def test_a_contributor_of_a_great_many_editions_is_filed_under_nothing():
    with Shop(samples=False) as shop:
        early = described("early", isbn(1), "Early Hours")
        many = [described("m0", isbn(100), "Endless Hours"), *[moved(related(described("m%d" % n, isbn(100 + n), "Endless Hours"), isbn(100))) for n in range(1, 3210)]]
        assert shop.import_feed(shop.file("early.xml", onix(early)))[1]["added"] == 1
        shop.serve()
        person = shop.edition(isbn(1))["contributors"][0]["id"]
        assert ">Written</h2>" in shop.get("/us/contributors/%d" % person).text
        assert shop.import_feed(shop.file("many.xml", onix(*many)))[1]["added"] == 3210
        assert shop.work(isbn(100)) == shop.work(isbn(3309)) > shop.work(isbn(1))
        # A work of thousands leaves the others of a page their editions.
        few = onix(described("f0", isbn(5000), "Endless Night"), moved(related(described("f1", isbn(5001), "Endless Night", form="BB"), isbn(5000))))
        assert shop.import_feed(shop.file("few.xml", few))[1]["added"] == 2
        shop.until(lambda: found(shop, "endless")["total"] == 3212, "the index")
        results = {r["work_id"]: r["editions"] for r in found(shop, "endless", group="work", limit=50)["results"]}
        assert len(results[shop.work(isbn(5000))]) == 1 and len(results[shop.work(isbn(100))]) == 59, {k: len(v) for k, v in results.items()}
        page = shop.get("/us/contributors/%d" % person).text
        # Not all of so many are looked at: the early one was not, and is not said to be something else.
        assert "Early Hours" in page and "Endless Hours" in page and "Other contributions" not in page, re.findall("<h2.*?</h2>", page)
