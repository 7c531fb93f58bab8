"""The first page: shelves that say what they rest on, made of what is there, with nothing that is withheld."""
import datetime
import html
import pathlib
import re

from shop import EMMA, Shop, onix
from test_finding import sold_in
from test_search_gate import described, isbn


def day(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y%m%d")


def dated(n, title, when, thema="FBA", country=None, collection=None, part=None):
    text = described("h%d" % n, isbn(n), title, collection=collection or "Set %d" % n, subject=thema).replace("20190401", when)
    if part:
        text = text.replace("</TitleElementLevel><TitleText>%s" % collection, "</TitleElementLevel><PartNumber>%s</PartNumber><TitleText>%s" % (part, collection))
    return sold_in(text, country) if country else text


def shelf(page, name):
    """Titles on each shelf of that name."""
    return [[html.unescape(t) for t in re.findall(r'<span class="t"[^>]*>(.*?)</span>|<h3><a[^>]*>(.*?)</a>', part) for t in t if t]
            for part in re.findall(r'<section class="shelf-of" data-shelf="%s">(.*?)</section>' % name, page, re.S)]


def titles_of(page, name):
    found = shelf(page, name)
    return found[0] if found else None


def test_what_is_new_and_what_is_to_come_stand_by_their_days():
    with Shop(samples=False) as shop:
        feed = onix(*[dated(n, "Fresh %d" % n, day(-n)) for n in range(1, 5)], *[dated(10 + n, "Coming %d" % n, day(9 * n)) for n in range(1, 5)],
                    *[dated(20 + n, "Old %d" % n, "19%02d0401" % n, thema="DCA") for n in range(10, 17)], dated(40, "Fresh Abroad", day(0), country="US"))
        assert shop.import_feed(shop.file("days.xml", feed))[1]["added"] == 16
        shop.serve()
        shop.until(lambda: "New this month" in shop.get("/us/").text, "the index")
        us, cn = shop.get("/us/").text, shop.get("/cn/en/").text
        assert titles_of(us, "month") == ["Fresh Abroad", "Fresh 1", "Fresh 2", "Fresh 3", "Fresh 4"]
        assert titles_of(cn, "month") == ["Fresh 1", "Fresh 2", "Fresh 3", "Fresh 4"]  # what is not sold here is no promise
        assert titles_of(us, "soon") == ["Coming 1", "Coming 2", "Coming 3", "Coming 4"]
        assert not set(titles_of(us, "latest")) & set(titles_of(us, "month")), "a title stands twice"
        assert titles_of(us, "subject")[0].startswith("Old")  # poetry: six of them, and nothing of them is new
        # What is withheld is on no shelf, and a shelf of two is none.
        for n in (1, 2):
            shop.authority("--storefront", "us", "--work", str(shop.work(isbn(10 + n))), "--withhold", "listing,search")
        shop.until(lambda: titles_of(shop.get("/us/").text, "soon") is None, "a shelf of two to go")
        home = shop.get("/us/").text
        assert "Coming 1" not in home and "Coming 2" not in home and titles_of(shop.get("/cn/en/").text, "soon")[0] == "Coming 1"
        ways = [int(n) for n in re.findall(r'<span class="soft n">(\d+)</span></a></li>', re.search(r'<nav class="ways".*?</nav>', home, re.S)[0])]
        assert ways == sorted(ways, reverse=True) and ways == [7, 5], ways  # what is sold here
        for href in set(re.findall(r'href="(/us/[^"#]*)"', home)):
            assert shop.get(html.unescape(href)).status in (200, 303), href


def test_a_series_is_told_from_a_collection():
    with Shop(samples=False) as shop:
        feed = onix(*[dated(n, "Island %s" % "abc"[n - 1], "20190401", collection="Islands", part=str(n)) for n in (3, 1, 2)],
                    *[dated(10 + n, "Bank %d" % n, "20190401", collection="River Library") for n in range(3)])
        assert shop.import_feed(shop.file("sets.xml", feed))[1]["added"] == 6
        shop.ok("collection", "add", "picked", "--name", "Picked Here", "--query", "bank")
        shop.serve()
        shop.until(lambda: "A series of 3 volumes" in shop.get("/us/").text, "the series")
        home = shop.get("/us/").text
        assert shelf(home, "set")[0] == ["Bank 0", "Bank 1", "Bank 2"] and "A collection of 3 works that this shop made." in home
        assert ["Island a", "Island b", "Island c"] in shelf(home, "set") and 'href="/us/series/islands"' in home
        assert "A publisher’s collection of 3 works." in home and 'href="/us/collections/river-library"' in home


def test_a_subject_is_considered_however_many_stand_before_it():
    from test_by_work import moved, related
    with Shop(samples=False) as shop:
        alone = [moved(related(dated(100 * s + n, "Alone %d" % s, "1950%02d01" % (n + 1), thema=thema), isbn(100 * s))) if n else dated(100 * s, "Alone %d" % s, "19500101", thema=thema)
                 for s, thema in enumerate(["AGA", "ATA", "DCA", "JHB", "KCA", "MBN", "PBK", "TBX"], 1) for n in range(12)]
        several = [dated(n, "Several %d" % n, "19600401", thema="WFA") for n in range(10)]
        assert shop.import_feed(shop.file("subjects.xml", onix(*several, *alone)))[1]["added"] == 106
        shop.serve()
        shop.until(lambda: 'data-shelf="subject"' in shop.get("/us/").text, "a shelf of the ninth subject")
        home = shop.get("/us/").text
        assert len(shelf(home, "subject")) == 1 and all(t.startswith("Several") for t in titles_of(home, "subject")), shelf(home, "subject")
        # The chips say what they count, and what they do not.
        ways = re.search(r'<nav class="ways".*?</nav>', home, re.S)[0]
        assert "How many editions of each subject are sold here." in ways and "withheld" not in ways
        made = shop.authority("--storefront", "us", "--work", str(shop.work(isbn(3))), "--withhold", "sale")
        shop.until(lambda: 'data-restriction="%d"' % made["id"] in re.search(r'<nav class="ways".*?</nav>', shop.get("/us/").text, re.S)[0], "the restriction at the chips")
        assert "withheld" not in re.search(r'<nav class="ways".*?</nav>', shop.get("/cn/en/").text, re.S)[0]


def test_what_readers_said_lately_obeys_the_gate():
    with Shop() as shop:
        shop.serve()
        work, ann = shop.work(EMMA), shop.reader("ann")
        text = "So *clever* that [one](https://example.org) smiles. " + "And more of the same. " * 20
        made = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "CANARY good", "text": text, "stars": 4, "language": "en"}, ann)
        assert made.status == 201, made.text
        voices = lambda root: re.findall(r'<section class="shelf-of" data-shelf="voices">(.*?)</section>', shop.get(root).text, re.S)
        said = voices("/us/")[0]
        assert "CANARY good" in said and "So clever that one smiles." in said and "…" in said and "4 of 5 stars" in said and len(said) < 2000, said
        shop.authority("--storefront", "us", "--work", str(work), "--withhold", "reviews")
        shop.until(lambda: not voices("/us/"), "the review to be withheld")
        assert "CANARY" not in shop.get("/us/").text and "CANARY" in voices("/cn/en/")[0]


def test_a_series_stands_in_the_other_order_too_where_there_is_one():
    with Shop(samples=False) as shop:
        days = {1: "20120401", 2: "20150401", 3: "20100401", 5: "20180401"}
        feed = onix(*[dated(n, "Island %d" % n, days[n], collection="Islands", part=str(n)) for n in days],
                    *[dated(10 + n, "Bank %d" % n, "20%02d0401" % (10 + n), collection="Banks", part=str(n)) for n in (1, 2, 3)])
        assert shop.import_feed(shop.file("sets.xml", feed))[1]["added"] == 7
        shop.serve()
        volumes = lambda path: re.findall(r'<li class="result" data-edition="(\d+)"', shop.get(path).text)
        page = shop.get("/us/series/islands").text
        assert volumes("/us/series/islands") == [isbn(n) for n in (1, 2, 3, 5)] and "not in this shop" in page and 'href="/us/series/islands?order=published"' in page
        assert volumes("/us/series/islands?order=published") == [isbn(n) for n in (3, 1, 2, 5)]
        assert "order=published" not in shop.get("/us/series/banks").text and volumes("/us/series/banks?order=published") == [isbn(n) for n in (11, 12, 13)]
        assert shop.get("/us/series/islands?order=x").status in (400, 422)
        made = shop.authority("--storefront", "us", "--work", str(shop.work(isbn(1))), "--withhold", "listing")
        page = shop.get("/us/series/islands?order=published").text
        assert volumes("/us/series/islands?order=published") == [isbn(n) for n in (3, 2, 5)] and "/record/restrictions/%d" % made["id"] in page and "Island 1" not in page


def withheld_on(page, name):
    """Of each shelf of that name, full or emptied: works that are withheld, and by which restrictions."""
    parts = re.findall(r'<section class="shelf-of" data-(?:shelf|emptied)="%s">(.*?)</section>' % name, page, re.S)
    return [(sum(map(int, re.findall(r'data-withheld="(\d+)"', part))), {int(n) for n in re.findall(r'data-restriction="(\d+)"', part)}) for part in parts]


def test_no_shelf_is_silent_about_what_it_leaves_out():
    with Shop(samples=False) as shop:
        feed = onix(*[dated(n, "Fresh %d" % n, day(-n)) for n in range(1, 6)], *[dated(10 + n, "Coming %d" % n, day(9 * n)) for n in range(1, 5)],
                    *[dated(20 + n, "Old %d" % n, "19%02d0401" % n, thema="DCA", collection="Old Ones") for n in range(10, 18)])
        assert shop.import_feed(shop.file("shelves.xml", feed))[1]["added"] == 17
        shop.serve()
        shop.until(lambda: "New this month" in shop.get("/us/").text, "the index")
        assert all(withheld_on(shop.get("/us/").text, name) == [(0, set())] for name in ("month", "latest", "soon", "subject", "set"))
        work = lambda n: str(shop.work(isbn(n)))
        made = {}
        for numbers, features in (((1, 11, 30), "listing,search"), ((2, 31), "sale"), ((12, 32), "listing,search,sale")):
            for n in numbers:
                made[n] = shop.authority("--storefront", "us", "--work", work(n), "--withhold", features)["id"]
        shop.until(lambda: [count for count, _ in withheld_on(shop.get("/us/").text, "soon")] == [2], "the shelves to say it")
        us, cn = shop.get("/us/").text, shop.get("/cn/en/").text
        assert titles_of(us, "month") == ["Fresh 3", "Fresh 4", "Fresh 5"] and withheld_on(us, "month") == [(2, {made[1], made[2]})]
        assert titles_of(us, "soon") is None and withheld_on(us, "soon") == [(2, {made[11], made[12]})]  # two are no shelf
        assert withheld_on(us, "subject") == [(3, {made[30], made[31], made[32]})] and withheld_on(us, "set") == [(3, {made[30], made[31], made[32]})], (withheld_on(us, "subject"), withheld_on(us, "set"), made)
        count, named = withheld_on(us, "latest")[0]
        assert count == 7 and len(named) == 5 and named < set(made.values()) and "and others (2 works)" in us  # no more names there
        assert all(withheld_on(cn, name) == [(0, set())] for name in ("month", "latest", "soon", "subject", "set"))
        # Withholding all of a shelf does not take the word away with it.
        rest = {shop.authority("--storefront", "us", "--work", work(n), "--withhold", "listing,search")["id"] for n in (3, 4, 5)}
        shop.until(lambda: withheld_on(shop.get("/us/").text, "month") == [(5, {made[1], made[2]} | rest)], "the emptied shelf to say it")


def test_what_readers_said_says_what_was_passed_over():
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        def said(name, title):
            made = shop.api("POST", "/us/works/%d/reviews" % work, {"title": title, "text": "So it was.", "stars": 4, "language": "en"}, shop.reader(name))
            assert made.status == 201, made.text
            return made.json()
        voices = lambda: re.findall(r'<section class="shelf-of" data-(?:shelf|emptied)="voices">(.*?)</section>', shop.get("/us/").text, re.S)

        def said_now(words):
            """None: the shelf is not there yet."""
            there = voices()
            return words in there[0] if there else None
        said("ann", "An older word")
        late = said("bob", "A later word")
        shop.until(lambda: said_now("A later word"), "the later review")
        by = shop.authority("--storefront", "us", "--target", "review:%d" % late["record_index"], "--withhold", "reviews")["id"]
        shop.until(lambda: said_now("A later word") is False, "the later review to be withheld")
        assert "An older word" in voices()[0] and 'data-restriction="%d"' % by in voices()[0], voices()
        all_of = shop.authority("--storefront", "us", "--work", str(work), "--withhold", "reviews")["id"]
        shop.until(lambda: said_now("An older word") is False, "all its reviews to be withheld")
        assert 'data-restriction="%d"' % all_of in voices()[0], voices()
        unlisted = shop.authority("--storefront", "us", "--work", str(work), "--withhold", "listing")["id"]
        shop.until(lambda: said_now("data-withheld"), "the work to be withheld")
        assert withheld_on(shop.get("/us/").text, "voices") == [(1, {unlisted})]


def test_the_published_rule_has_a_paragraph_for_each_shelf():
    template = (pathlib.Path(__file__).parents[2] / "src/web/templates/lists.html").read_text()
    shelves = {"month": "New this month", "latest": "New on our shelves", "voices": "What readers said lately", "soon": "Coming soon",
               "liked": "What readers like", "subject": "Subjects", "set": "Collections"}
    assert set(re.findall(r'data-shelf="(\w+)"', template)) == set(shelves)
    with Shop(samples=False) as shop:
        shop.serve()
        rule = shop.get("/record/ranking.txt").text
        home = rule[rule.index("\nHome"):]
        assert all("\n  %s: " % name in home for name in shelves.values()), home
        assert "\n  Did you mean: " in rule and "\n  By work: " in rule and "\nSeries: " in rule and "a publisher" in rule
        assert "half a shelf" not in rule and all(len(line) <= 100 for line in rule.splitlines() if "*" not in line), rule
