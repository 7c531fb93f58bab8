"""What was asked, and what came of it: demands found, filtered, followed; on the pages of
the Record, of countries and of authorities; the story of each."""
import json
import re
import xml.etree.ElementTree as xml

from shop import EMMA, Shop

ATOM = "{http://www.w3.org/2005/Atom}"


def demands_on(page):
    return [int(i) for i in re.findall(r'<li class="entry" data-demand="(\d+)"', page)]


def steps_of(page):
    return re.findall(r'<li data-step="(\w+)"( class="ahead")?>', page)


def file_demand(shop, *more):
    return json.loads(shop.ok("demand", "add", "--edition", EMMA, "--json", *more))["id"]


def order(shop, authority, country="CN", *more):
    return file_demand(shop, "--sender", "authority", "--country", country, "--authority", authority, "--withhold", "ratings,reviews",
                       "--ground", "authority-order", "--legal-basis", "Act 12", "--reference", "2026/118", *more)


def decide(shop, demand, outcome, *more):
    until = [] if outcome == "refused" else ["--until", "2099-12-31"]
    return json.loads(shop.ok("demand", "decide", str(demand), "--outcome", outcome, "--reason", "Because of *it*.", "--json", *until, *more))


def test_demands_are_listed_filtered_and_followed():
    with Shop(samples=True) as shop:
        shop.serve()
        page = shop.get("/record/demands/?language=en")
        assert page.status == 200 and "Nobody asked" in page.text and "/record/demands/" in shop.get("/record/").text
        assert shop.api("GET", "/demands").json() == {"demands": [], "total": 0, "page": 1, "pages": 0}
        assert "are never pruned" in shop.get("/record/check?language=en").text
        a = order(shop, "Press / Office")
        b = order(shop, "Culture Office", "CN", "--storefront", "us", "--scope-reason", "CANARY so")
        c = file_demand(shop, "--sender", "reader", "--storefront", "us", "--withhold", "reviews", "--ground", "law", "--legal-basis", "Act 3",
                        "--name", "CANARY", "--email", "canary@example.org", "--explanation", "CANARY", "--good-faith")
        d = order(shop, "Tea Board", "US", "--received", "2020-03-01T00:00:00Z")
        granted = decide(shop, a, "granted")["id"]
        decide(shop, b, "refused")
        decide(shop, d, "narrowed", "--withhold", "ratings")

        for asked, fits in [("", {a, b, c, d}), ("country=CN", {a, b}), ("country=US", {b, c, d}), ("country=FR", set()),
                            ("authority=Press / Office", {a}), ("authority=Nobody", set()), ("sender=reader", {c}), ("ground=law", {c}),
                            ("outcome=open", {c}), ("outcome=granted", {a}), ("outcome=narrowed", {d}), ("outcome=refused", {b}),
                            ("from=2020&to=2020", {d}), ("to=2019", set()), ("from=2021", {a, b, c, d}), ("to=2020-03-01", {d}),
                            ("country=CN&outcome=refused", {b})]:
            page = shop.get("/record/demands/?language=en&" + asked)
            assert page.status == 200 and set(demands_on(page.text)) == fits, (asked, demands_on(page.text), fits)
            listed = shop.api("GET", "/demands?" + asked).json()
            assert {x["id"] for x in listed["demands"]} == fits and listed["total"] == len(fits), asked
            feed = xml.fromstring(shop.get("/record/demands/feed.atom?" + asked).body)
            assert {int(e.find(ATOM + "id").text.rsplit("/", 1)[1]) for e in feed.findall(ATOM + "entry")} == fits, asked
            if not fits:
                assert "No demand fits" in page.text
            for kind, path in (("Atom", "/record/demands/feed.atom"), ("JSON", "/api/v1/demands")):
                link = re.search(r'<a href="(%s[^"]*)">%s' % (path, kind), page.text)[1].replace("&amp;", "&")
                assert shop.get(link).status == 200, link
        for wrong in ("ground=bad", "sender=bad", "outcome=undecided", "from=yesterday", "to=2026-02-30", "page=0"):
            for path in ("/record/demands/?", "/record/demands/feed.atom?", "/api/v1/demands?"):
                if "page" in wrong and "feed" in path:
                    continue
                answer = shop.get(path + wrong)
                assert answer.status == 422 and wrong.split("=")[0] in answer.text, (path, wrong, answer.status)
        one = shop.api("GET", "/demands?outcome=granted").json()["demands"][0]
        assert one["restriction"] == granted and one["reasons"] == "Because of *it*." and one["country"] == "CN" and one["missing"]
        assert one["target"] == {"kind": "edition", "key": EMMA, "name": None} and one["storefronts"] == ["cn"] and not one["document"]

        # The Record's first page says beside what is withheld what was asked; its feed has both.
        page = shop.get("/record/?language=en").text
        assert "4 demands: 1 granted, 1 granted in part, 1 refused and 1 open" in page, page
        china = re.search(r'<tr[^>]*><th scope="row"><a href="/record/countries/CN.*?</tr>', page, re.S)[0]
        assert "2 demands: 1 granted and 1 refused" in china and "country=CN" in china
        feed = xml.fromstring(shop.get("/record/feed.atom?country=CN").body)
        ids = {e.find(ATOM + "id").text.split(",2026:")[1] for e in feed.findall(ATOM + "entry")}
        assert ids == {"restriction/%d" % granted, "demand/%d" % a, "demand/%d" % b}, ids
        assert "demand/" not in shop.get("/record/feed.atom?state=lifted").text
        # A country: who asked, and the latest.
        country = shop.get("/record/countries/CN?language=en").text
        assert set(demands_on(country)) == {a, b} and "Culture Office" in country and "Press / Office" in country
        assert "拒绝 1 项" in shop.get("/record/countries/CN?language=zh-Hans").text
        # An authority whose demands were all refused has a page, too.
        link = re.search(r'href="(/record/authorities/Culture[^"]*)"', country)[1]
        refused = shop.get(link)
        assert refused.status == 200 and demands_on(refused.text) == [b] and "1 demand: 1 refused" in refused.text
        assert shop.get("/record/authorities/Nobody").status == 404
        everything = "".join(shop.get(x).text for x in ("/record/demands/", "/record/", "/record/demands/feed.atom", "/api/v1/demands",
                                                         "/record/demands/%d" % b, "/record/demands/%d" % c))
        assert "CANARY" not in everything and "canary" not in everything

        # Pages: each demand on one of them, the newest first.
        shop.stop()
        for i in range(52):
            order(shop, "Office %d" % (i % 3), "US")
        shop.serve()
        first = shop.get("/record/demands/?country=US").text
        second = shop.get(re.search(r'rel="next" href="([^"]*)"', first)[1].replace("&amp;", "&")).text
        seen = demands_on(first) + demands_on(second)
        assert len(demands_on(first)) == 50 and len(seen) == len(set(seen)) == 55 and seen == sorted(seen, reverse=True)
        assert shop.api("GET", "/demands?page=2").json()["demands"] == [] and shop.api("GET", "/demands").json()["pages"] == 1


def test_the_page_of_a_demand_tells_its_story():
    with Shop(samples=True) as shop:
        def at(when):
            shop.env["COLOPHON_NOW"] = when
        at("2097-05-01T12:00:00Z")
        granted = order(shop, "Press Office", "CN", "--received", "2097-04-28T12:00:00Z")
        refused = order(shop, "Culture Office")
        at("2097-05-04T12:00:00Z")
        restriction = decide(shop, granted, "granted")["id"]
        decide(shop, refused, "refused")
        at("2097-05-06T12:00:00Z")
        shop.ok("restriction", "lift", str(restriction), "--reason", "over")
        shop.serve()
        page = shop.get("/record/demands/%d?language=en" % granted).text
        assert [s for s, _ in steps_of(page)] == ["received", "filed", "granted", "published", "began", "lifted"], steps_of(page)
        for delay in "3 days later", "2 days later", "at once":
            assert delay in page, page
        assert "Restriction %d published" % restriction in page and "Demand received" in page
        for index in re.findall(r'<li data-step="\w+">.*?href="(/record/entries/\d+)', page, re.S):
            assert shop.get(index).status == 200
        story = [s for s, _ in steps_of(shop.get("/record/restrictions/%d" % restriction).text)]
        assert story == ["received", "filed", "granted", "published", "began", "lifted"], story
        page = shop.get("/record/demands/%d?language=en" % refused).text
        assert [s for s, _ in steps_of(page)] == ["received", "refused"] and "Because of <em>it</em>." in page
        assert "收到要求" in shop.get("/record/demands/%d?language=zh-Hans" % refused).text
