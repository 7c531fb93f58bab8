"""What crawlers, browsers and other sites read: sitemaps, robots, the manifest, Open Graph."""
import json
import re
import xml.etree.ElementTree as ET

from shop import EMMA, Shop, onix
from test_search_gate import described, isbn

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
PUBLIC = "https://books.example"


def pages_of(shop, storefront):
    """Each address in the storefront's sitemaps, with where else it is: {address: {hreflang: address}}."""
    index = ET.fromstring(shop.get("/%s/sitemap.xml" % storefront).body)
    found = {}
    for part in index.iter(MAP + "loc"):
        assert part.text.startswith(PUBLIC), part.text
        answer = shop.get(part.text[len(PUBLIC):])
        assert answer.status == 200 and answer.headers["Content-Type"] == "application/xml; charset=utf-8"
        urls = ET.fromstring(answer.body).findall(MAP + "url")
        assert len(urls) <= 50000
        for url in urls:
            address = url.find(MAP + "loc").text
            assert address not in found, address
            found[address] = {link.get("hreflang"): link.get("href") for link in url.findall(LINK)}
    return found


def test_sitemaps_name_what_is_listed_where_it_is_listed():
    with Shop() as shop:
        shop.serve("--public-url", PUBLIC)
        robots = shop.get("/robots.txt").text
        assert "Sitemap: %s/us/sitemap.xml\n" % PUBLIC in robots and "Sitemap: %s/cn/sitemap.xml\n" % PUBLIC in robots
        us, cn = pages_of(shop, "us"), pages_of(shop, "cn")
        emma = "/books/" + EMMA
        everywhere = {"en-US": PUBLIC + "/us" + emma, "zh-Hans-CN": PUBLIC + "/cn" + emma, "en-CN": PUBLIC + "/cn/en" + emma}
        # Every title, in every language of its storefront, and each says where the others are.
        assert us[PUBLIC + "/us" + emma] == cn[PUBLIC + "/cn" + emma] == cn[PUBLIC + "/cn/en" + emma] == everywhere
        books = [a for a in us if "/books/" in a]
        people, sets = [a for a in us if re.search("/contributors/.", a)], [a for a in us if re.search("/(series|collections)/.", a)]
        houses = [a for a in us if re.search("/publishers/.", a)]
        assert PUBLIC + "/us/" in us and len(books) == 162 and len(cn) == 2 * len(us) == 2 * (162 + 7 + len(people) + len(sets) + len(houses))
        # People, series, collections and publishers have pages too.
        assert len(houses) == 2 and set(us[houses[0]]) == set(everywhere), houses
        assert len(people) > 40 and len(sets) > 1 and us[people[0]]["en-CN"] == people[0].replace("/us/", "/cn/en/")
        for address in people[:5] + sets + houses[:5]:
            page = shop.get(address[len(PUBLIC):])
            assert page.status == 200 and '<link rel="canonical" href="%s">' % address in page.text, address
        for address in list(us)[:20]:
            page = shop.get(address[len(PUBLIC):])
            assert page.status == 200 and '<link rel="canonical" href="%s">' % address in page.text, address

        # What is withheld from lists is in no sitemap of that storefront, which says that something is; and in the others.
        made = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        us, cn = pages_of(shop, "us"), pages_of(shop, "cn")
        assert us[PUBLIC + "/us" + emma] == {"en-US": PUBLIC + "/us" + emma} and not any(emma in address for address in cn)
        assert "<!-- 1 withheld here, as /record/ says -->" in shop.get("/cn/sitemaps/1").text
        assert "withheld" not in shop.get("/us/sitemaps/1").text
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Over.")
        assert pages_of(shop, "cn")[PUBLIC + "/cn" + emma] == everywhere
        person = shop.edition(EMMA)["contributors"][0]["id"]
        shop.authority("--storefront", "cn", "--contributor", str(person), "--withhold", "listing")
        page = "/contributors/%d</loc>" % person
        assert page not in shop.get("/cn/sitemaps/people-1").text and page in shop.get("/us/sitemaps/people-1").text
        for wrong in ("9", "x", "-1", "18446744073709551616", "people-0", "people-9", "people-", "houses-0", "houses-9", "sets-x", "sets-18446744073709551616"):
            assert shop.get("/us/sitemaps/" + wrong).status == 404, wrong


def test_home_screens_and_other_sites_know_what_a_page_is():
    with Shop() as shop:
        shop.serve("--public-url", PUBLIC)
        answer = shop.get("/cn/books/" + EMMA)
        page = answer.text
        assert "manifest-src 'self'" in answer.headers["Content-Security-Policy"]
        meta = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
        assert meta["type"] == "book" and meta["locale"] == "zh_CN" and meta["url"] == PUBLIC + "/cn/books/" + EMMA
        assert meta["image"] == PUBLIC + "/cn/cards/" + EMMA and meta["title"] in page
        assert dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', shop.get("/us/").text))["type"] == "website"
        manifest = shop.get(re.search(r'<link rel="manifest" href="([^"]+)">', page)[1])
        assert manifest.headers["Content-Type"] == "application/manifest+json"
        said = json.loads(manifest.body)
        assert said["lang"] == "zh-Hans" and said["start_url"] == said["scope"] == "/cn/"
        icon = shop.get(said["icons"][0]["src"])
        assert icon.status == 200 and icon.headers["Content-Type"] == "image/svg+xml"
        assert 'rel="icon" href="%s"' % said["icons"][0]["src"] in page
        # A withheld title's own page says nothing of it elsewhere, either.
        shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        assert "og:" not in shop.get("/cn/books/" + EMMA).text


def test_a_publisher_of_which_nothing_is_listed_is_in_no_sitemap():
    with Shop(samples=False) as shop:
        feed = onix(described("one", isbn(1), "Ebb One", publisher="Ebb Press"), described("two", isbn(2), "Ebb Two", publisher="Tide &amp; Sons"))
        shop.import_feed(shop.file("two.xml", feed))
        shop.serve()
        assert shop.get("/us/sitemaps/houses-1").text.count("<url>") == 2 and "/publishers/tide-sons<" in shop.get("/us/sitemaps/houses-1").text
        shop.authority("--storefront", "us", "--edition", isbn(2), "--withhold", "listing")
        shop.until(lambda: "tide" not in shop.get("/us/sitemaps/houses-1").text, "its one title to be withheld")
        assert "<!-- 1 withheld here, as /record/ says -->" in shop.get("/us/sitemaps/houses-1").text
        assert "/us/" not in re.search(r"[^\n]*cn/publishers/tide-sons<.*", shop.get("/cn/sitemaps/houses-1").text)[0]
