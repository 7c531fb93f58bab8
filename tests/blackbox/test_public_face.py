"""The Record as anybody reads it: what is withheld, where, at whose wish; found,
filtered, followed."""
import json
import re
import xml.etree.ElementTree as xml

from shop import EMMA, Shop

ATOM = "{http://www.w3.org/2005/Atom}"


def ids_on(page):
    return [int(i) for i in re.findall(r'<li class="entry" data-restriction="(\d+)"', page)]


def test_search_filter_and_follow():
    with Shop(samples=True) as shop:
        shop.serve()
        page = shop.get("/record/?language=en").text
        assert "Nothing is withheld today" in page and "Nothing was ever withheld" in page
        assert shop.get("/record/countries/CN?language=en").text.count("Nothing was ever withheld") == 1
        work = str(shop.work(EMMA))
        isbns = shop.file("isbns", EMMA + "\n")
        shop.ok("collection", "add", "speeches", "--name", "Speeches", "--isbn", isbns)
        shop.ok("shop", "add", "other", "--name", "Other")
        a = shop.authority("--storefront", "cn", "--collection", "speeches", "--withhold", "ratings,reviews")["id"]
        b = shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "sale", "--ground", "operator")["id"]
        c = shop.restrict("--storefront", "us", "--storefront", "cn", "--work", work, "--withhold", "comments", "--ground", "court-order",
                          "--authority", "Court / 3", "--legal-basis", "§ 7", "--reference", "O 45")["id"]
        d = shop.restrict("--storefront", "us", "--work", work, "--withhold", "submissions", "--ground", "terms", "--from", "2098-01-01")["id"]
        shop.ok("restriction", "lift", str(c), "--reason", "over")

        # One address, in four forms: page, feed, JSON, and the words of the feed's title.
        for asked, fits in [("", {a, b, c, d}), ("country=CN", {a, c}), ("country=US", {b, c, d}), ("country=FR", set()),
                            ("authority=Example Authority", {a}), ("ground=operator", {b}), ("feature=reviews", {a}),
                            ("target=work", {c, d}), ("state=lifted", {c}), ("state=in effect", {a, b}), ("state=scheduled", {d}),
                            ("shop=main", {a, b, c, d}), ("shop=other", set()), ("shop=none", set()), ("q=SPEECHES", {a}),
                            ("q=emma austen", set()), ("q=emma", {b, c, d}), ("q=court 7", {c}), ("q=2026/17", {a}), ("q=" + EMMA, {b}),
                            ("from=2090&to=2097-12-31", {a, b}), ("from=2098", {a, b, d}), ("to=2001", set()),
                            ("country=US&state=lifted&ground=court-order", {c}), ("q=%25", {a, b, c, d})]:
            page = shop.get("/record/?language=en&" + asked)
            assert page.status == 200 and set(ids_on(page.text)) == fits, (asked, ids_on(page.text), fits)
            listed = shop.api("GET", "/restrictions?" + asked).json()["restrictions"]
            assert {r["id"] for r in listed} == fits, asked
            feed = xml.fromstring(shop.get("/record/feed.atom?" + asked).body)
            assert {int(e.find(ATOM + "id").text.rsplit("/", 1)[1]) for e in feed.findall(ATOM + "entry")} == fits, asked
            if not fits:
                assert "No restriction fits" in page.text
            # The page names its feed and its JSON.
            for kind, path in (("Atom", "/record/feed.atom"), ("JSON", "/api/v1/restrictions")):
                link = re.search(r'<a href="(%s[^"]*)">%s' % (path, kind), page.text)[1].replace("&amp;", "&")
                assert shop.get(link).status == 200, link
        for wrong in ("ground=bad", "feature=bad", "target=bad", "state=bad", "from=yesterday", "to=2026-02-30", "q=" + "x" * 300, "page=0"):
            for path in ("/record/?", "/record/feed.atom?", "/api/v1/restrictions?"):
                if "page" in wrong and path != "/record/?":
                    continue
                answer = shop.get(path + wrong)
                assert answer.status == 422 and wrong.split("=")[0] in answer.text, (path, wrong, answer.status)

        # The first page answers the three questions in one table.
        page = shop.get("/record/?language=en").text
        rows = re.findall(r'data-in-effect="(\d)"><th scope="row"><a href="/record/countries/(\w\w)', page)
        assert sorted(rows) == [("1", "CN"), ("1", "US")], rows
        china = re.search(r'<tr[^>]*><th scope="row"><a href="/record/countries/CN.*?</tr>', page, re.S)[0]
        assert "ratings" in china and "Example Authority" in china and "1 work" in china
        assert 'value="Court / 3"' in page and 'value="submissions"' in page
        # A country's and an authority's own page, also where a name has a slash in it.
        country = shop.get("/record/countries/CN?language=en").text
        assert set(ids_on(country)) == {a, c} and "Example Authority" in country and "What is withheld in China" in country
        assert "中国" in shop.get("/record/countries/CN?language=zh-Hans").text
        assert shop.get("/record/countries/FR").status == 404
        link = re.search(r'href="(/record/authorities/Court[^"]*)"', country)[1]
        authority = shop.get(link).text
        assert set(ids_on(authority)) == {c}
        assert shop.get("/record/authorities/Nobody").status == 404

        # Pages: 60 more, newest first, each on one of the pages.
        for _ in range(52):
            shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "delivery", "--ground", "terms")
        first = shop.get("/record/?feature=delivery").text
        second = shop.get(re.search(r'rel="next" href="([^"]*)"', first)[1].replace("&amp;", "&")).text
        assert len(ids_on(first)) == 50 and len(ids_on(second)) == 2 and not set(ids_on(first)) & set(ids_on(second))
        assert json.loads(shop.ok("restriction", "list", "--json"))["restrictions"] == shop.api("GET", "/restrictions").json()["restrictions"]
