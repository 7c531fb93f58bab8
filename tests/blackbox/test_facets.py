"""What lists are narrowed by besides form, language, price and day: age, accessibility, copy
protection, series; and how a list looks."""
import datetime
import html
import re

from shop import Shop, onix, product
from test_search import found, titles
from test_search_gate import isbn


def access(*values):
    return "".join("<ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType><ProductFormFeatureValue>%s</ProductFormFeatureValue>"
                   "</ProductFormFeature>" % v for v in values)


def ages(*pairs):
    return "<AudienceRange><AudienceRangeQualifier>17</AudienceRangeQualifier>%s</AudienceRange>" % "".join(
        "<AudienceRangePrecision>%s</AudienceRangePrecision><AudienceRangeValue>%s</AudienceRangeValue>" % p for p in pairs)


def book(n, title, features="", protection=None, series="", audience="", subject=""):
    text = product("f%d" % n, isbn(n), title)
    form = "<ProductForm>BC</ProductForm>"
    if protection is not None:
        form = "<ProductForm>ED</ProductForm>"
    form += features
    if protection is not None:
        form += "<EpubTechnicalProtection>%s</EpubTechnicalProtection>" % protection
    text = text.replace("<ProductForm>BC</ProductForm>", form + series)
    return text.replace("</Language></DescriptiveDetail>", "</Language>%s%s</DescriptiveDetail>" % (subject, audience))


SERIES = ("<Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>02</TitleElementLevel>"
          "<PartNumber>2</PartNumber><TitleText>Tides</TitleText></TitleElement></TitleDetail></Collection>")
TEEN = "<Subject><SubjectSchemeIdentifier>98</SubjectSchemeIdentifier><SubjectCode>5AP</SubjectCode></Subject>"


def shelf(shop):
    feed = onix(book(1, "Ebb Free", access("52", "14", "04"), "00"), book(2, "Ebb Marked", access("51"), "02"), book(3, "Ebb Locked", access("09", "52"), "03"),
                book(4, "Ebb Young", audience=ages(("03", "4"), ("04", "8"))), book(5, "Ebb Older", audience=ages(("03", "10"))),
                book(6, "Ebb Teen", subject=TEEN), book(7, "Ebb Two", series=SERIES),
                book(8, "Ebb Loose", series=SERIES.replace("<PartNumber>2</PartNumber>", "")))
    assert shop.import_feed(shop.file("shelf.xml", feed))[1]["added"] == 8
    shop.serve()


def test_age_access_protection_and_series_narrow_and_count():
    with Shop(samples=False) as shop:
        shelf(shop)
        facets = {name: {v["value"]: v["count"] for v in values} for name, values in found(shop, "ebb")["facets"].items()}
        assert facets["age"] == {"0-5": 1, "6-8": 1, "9-12": 1, "13-17": 1}
        assert facets["access"] == {"screen-reader": 2, "images": 1, "standard": 1}
        assert facets["protection"] == {"none": 1, "watermark": 1, "locked": 1} and facets["series"] == {"part": 1, "alone": 6}
        of = lambda **chosen: sorted(titles(found(shop, "ebb", **chosen)))
        assert of(age="6-8") == of(age="0-5") == ["Ebb Young"] and of(age="9-12") == ["Ebb Older"] and of(age="13-17") == ["Ebb Teen"]
        assert of(access="screen-reader") == ["Ebb Free", "Ebb Marked"] and of(access="standard", protection="none") == ["Ebb Free"]
        assert of(protection="locked") == ["Ebb Locked"] and of(series="part") == ["Ebb Two"] and of(series="alone", age="9-12") == ["Ebb Older"]
        assert of(age="7") == of(series="no such thing") == []
        # The page says the same in words, and each choice comes off alone.
        page = shop.get("/us/search?q=ebb").text
        for words in ("up to 5 years", "9 to 12 years", "Screen-reader friendly", "Images described", "Meets a standard", "Part of a series"):
            assert words in page, words
        page = shop.get("/us/search?q=ebb&protection=none&series=alone").text
        assert "Ebb Free" in page and "Ebb Locked" not in page and 'data-total="1"' in page
        taken = html.unescape(re.search(r'<ul class="chips taken".*?</ul>', page, re.S)[0])
        assert 'search?q=ebb&series=alone"' in taken and 'search?q=ebb&protection=none"' in taken and "Copy protection: none" in taken
        # What is withheld is in none of the counts.
        shop.authority("--storefront", "us", "--edition", isbn(1), "--withhold", "listing,search")
        shop.until(lambda: found(shop, "ebb")["total"] == 7, "it to be withheld")
        facets = {name: {v["value"]: v["count"] for v in values} for name, values in found(shop, "ebb")["facets"].items()}
        assert facets["protection"] == {"watermark": 1, "locked": 1} and facets["access"] == {"screen-reader": 1}


def test_grid_and_list_hold_the_same_and_the_choice_stays():
    with Shop(samples=False) as shop:
        shelf(shop)
        plain = shop.get("/us/search?q=ebb").text
        grid = html.unescape(re.search(r'href="([^"]*view=grid[^"]*)"', plain)[1])
        page = shop.get(grid).text
        editions = lambda text: re.findall(r'<li class="result" data-edition="(\d+)"', text)
        assert editions(page) == editions(plain) != [] and '<ol class="results grid"' in page and '<ol class="results"' in plain
        assert all("view=grid" in link for link in re.findall(r'<a href="([^"]*series=part[^"]*)"', page))
        assert "sort=title" in html.unescape(shop.get("/us/search?q=ebb&sort=title&view=grid").text).split('id="facets"')[1].split("</div>")[0]
        assert shop.get("/us/search?q=ebb&view=table").status == 422
        # A new search keeps the order that was chosen for the last one, and the view.
        box = lambda path: re.search(r'<form class="find".*?</form>', shop.get(path).text, re.S)[0]
        kept = box("/us/search?q=ebb&sort=title&view=grid")
        assert 'type="hidden" name="sort" value="title"' in kept and 'type="hidden" name="view" value="grid"' in kept
        assert "hidden" not in box("/us/search?q=ebb") and 'name="sort"' not in box("/us/search?sort=rating") and "hidden" not in box("/us/search?q=ebb&sort=relevance")
        # Who chooses on a phone stays at the choices; what comes off above the list leads to the list.
        choices = re.search(r'<div class="facets".*?</div>', html.unescape(page), re.S)[0]
        links = re.findall(r'<a (?:class="on" )?href="([^"]*)"', choices)
        assert len(links) > 6 and all(link.endswith("#facets") for link in links), links
        taken = re.search(r'<ul class="chips taken".*?</ul>', html.unescape(shop.get("/us/search?q=ebb&series=part").text), re.S)[0]
        assert "#facets" not in taken
        # A phone's choices are a page of their own, and lead back with the number.
        assert 'href="#found">Show 8 works' in page and 'href="#facets"' in page


def test_a_pager_shows_where_pages_are_left_out():
    with Shop(samples=False) as shop:
        feed = onix(*[product("p%d" % n, isbn(n), "Mark %03d" % n) for n in range(240)])
        assert shop.import_feed(shop.file("many.xml", feed))[1]["added"] == 240
        shop.serve()
        pager = lambda page: re.sub(r"<[^>]*>", " ", re.search(r'<nav class="pager".*?</nav>', shop.get("/us/search?q=&page=%d" % page).text, re.S)[0]).split()
        assert pager(1) == ["1", "2", "3", "…", "10", "Next"] and pager(5) == ["Previous", "1", "…", "3", "4", "5", "6", "7", "…", "10", "Next"]
        assert pager(4) == ["Previous", "1", "2", "3", "4", "5", "6", "…", "10", "Next"]


def test_published_lately_is_told_from_the_day_one_asks():
    day = lambda days: (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days)).strftime("%Y%m%d")
    dated = lambda n, title, when: product("d%d" % n, isbn(n), title).replace(
        "</PublishingStatus>", "</PublishingStatus><PublishingDate><PublishingDateRole>01</PublishingDateRole><Date>%s</Date></PublishingDate>" % when)
    with Shop(samples=False) as shop:
        feed = onix(dated(1, "Neap Now", day(1)), dated(2, "Neap Five", day(4 * 365)), dated(3, "Neap Old", day(7 * 365)), dated(4, "Neap Soon", day(-9)))
        assert shop.import_feed(shop.file("dated.xml", feed))[1]["added"] == 4
        shop.serve()
        of = lambda when: sorted(titles(found(shop, "neap", published=when)))
        assert of("month") == ["Neap Now"] and of("five-years") == ["Neap Five", "Neap Now"] and of("older") == ["Neap Old"]
        assert of("week") == [] and "Neap Soon" not in of("year") and "Neap Five" not in of("year")
        counts = {v["value"]: v["count"] for v in found(shop, "neap")["facets"]["published"]}
        assert counts.pop("year", 0) == len(of("year")) and counts == {"month": 1, "five-years": 2, "older": 1}
        page = shop.get("/us/search?q=neap&published=older").text
        assert "Published: Older" in page and "Neap Old" in page and "Neap Now" not in page
