"""Catalogues for reading apps (OPDS 1.2 and 2.0): by their schemas, walked from end to end, through the gate; and what
KOReader, Thorium, Calibre and Moon+ take amiss (../shared/reference/books.md, 3.5)."""
import glob
import gzip
import json
import os
import re
import shutil
import subprocess
import urllib.parse
import xml.etree.ElementTree as ET

import jsonschema

from ebooks import give_files, pretend_files
from shop import Shop, Skipped, onix, product, shared
from test_feeds import isbn13

NAMES = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/terms/", "opds": "http://opds-spec.org/2010/catalog",
         "thr": "http://purl.org/syndication/thread/1.0", "os": "http://a9.com/-/spec/opensearch/1.1/",
         "fh": "http://purl.org/syndication/history/1.0"}
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
BUY = "http://opds-spec.org/acquisition/buy"
EMMA_EBOOK = "9780000000057"


def place(shop, url):
    """Every address is absolute, and this shop's."""
    assert url.startswith(shop.url + "/"), url
    return url[len(shop.url):]


def atom(shop, path, kind=None):
    answer = shop.get(path)
    assert answer.status == 200, (path, answer.status, answer.text)
    assert kind is None or answer.headers["Content-Type"] == kind, (path, answer.headers["Content-Type"])
    return ET.fromstring(answer.body)


def links(node, rel):
    return [l for l in node.findall("a:link", NAMES) if l.get("rel") == rel]


def keys(feed):
    return [e.findtext("dc:identifier", namespaces=NAMES).rpartition(":")[2] for e in feed.findall("a:entry", NAMES)]


def pages(shop, path):
    """A list from its first page to its last."""
    while path:
        feed = atom(shop, path, ACQUISITION)
        yield feed
        following = links(feed, "next")
        path = place(shop, following[0].get("href")) if following else None


def walk(shop, path, seen):
    """Every navigation feed below, and the first page of every list they lead to."""
    feed = seen[path] = atom(shop, path)
    for entry in feed.findall("a:entry", NAMES):
        for link in entry.findall("a:link", NAMES):
            there = place(shop, link.get("href"))
            if link.get("type") in (NAVIGATION, ACQUISITION, ENTRY) and there not in seen and not there.endswith("/shelf"):
                if link.get("type") != ENTRY or len(seen) % 7 == 0:
                    walk(shop, there, seen)
    return seen


def absolute(schema, base):
    """Names of other schemas as they are kept: what extensions name lies beside their own folder."""
    for name, inner in schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ():
        if name == "$ref" and not inner.startswith("#"):
            url = urllib.parse.urljoin(base, inner)
            schema[name] = re.sub(r"/schema/.*/extensions/", "/schema/extensions/", url)
        else:
            absolute(inner, base)


def validators():
    """A catalogue's JSON Schemas, which lie in ../shared and are fetched from nowhere."""
    store = {}
    for folder in (shared("opds", "schema"), shared("opds", "webpub", "schema")):
        for path in glob.glob(os.path.join(folder, "**", "*.schema.json"), recursive=True):
            with open(path, encoding="utf-8") as f:
                schema = json.loads(re.sub(r"\(\?<(?=[a-z])", "(?P<", f.read()))  # a group's name as Python writes it
            name = schema.pop("$id")
            absolute(schema, name)
            store[name] = schema
    def of(name):
        name = "https://drafts.opds.io/schema/%s.schema.json" % name
        return jsonschema.Draft7Validator(store[name], resolver=jsonschema.RefResolver(name, store[name], store=store))
    return of


def grammar(shop):
    """The catalogue's RELAX NG. Its class of characters that no address has wants a backslash before r and t, without
    which no address with these letters is one."""
    folder = shared("opds", "schema")
    with open(os.path.join(folder, "opds-1.2.rnc"), encoding="utf-8") as f:
        text = f.read()
    assert r"\nrt]" in text
    shop.file("atom.rnc", open(os.path.join(folder, "atom.rnc"), "rb").read())
    return shop.file("opds.rnc", text.replace(r"\nrt]", r"\n\r\t]"))


def no_blanks(value, path=""):
    assert value not in (None, "", [], {}), path
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        no_blanks(inner, "%s/%s" % (path, name))


def test_every_document_of_atom_is_valid():
    """RELAX NG, in one run of jing; and whoever walks the ways finds every book that is sold here, each once."""
    if shutil.which("jing") is None:
        raise Skipped("jing is not installed")
    with Shop() as shop:
        schema = grammar(shop)
        pretend_files(shop)
        shop.serve()
        shop.authority("--storefront", "us", "--edition", EMMA_EBOOK, "--withhold", "sale")
        seen = walk(shop, "/us/opds", {})
        assert len(seen) > 30 and any("/subjects/" in path for path in seen) and any("/contributors/" in path for path in seen)
        for path in ("/us/opds/books?sort=title&page=2", "/us/opds/search?q=emma", "/us/opds/all", "/us/zh-Hans/opds", "/cn/opds/books", "/cn/en/opds/all",
                     "/us/opds/books/" + EMMA_EBOOK, "/us/opds/search?q=nothing+that+is+there"):
            seen[path] = atom(shop, path)
        files = [shop.file("feed%d.xml" % n, ET.tostring(feed)) for n, feed in enumerate(seen.values())]
        done = subprocess.run(["jing", "-c", schema, *files], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[:2000]
        for path, feed in seen.items():
            if feed.tag.endswith("feed"):
                assert links(feed, "self")[0].get("href") == shop.url + path, path
                assert links(feed, "start") and links(feed, "search") and links(feed, "http://opds-spec.org/shelf"), path
                assert path in ("/us/opds", "/us/zh-Hans/opds") or links(feed, "up"), path
        # All pages of all that is sold: as many as are counted, each once, and all of it has a price or is free.
        found, feeds = [], list(pages(shop, "/us/opds/books"))
        for feed in feeds:
            found += keys(feed)
            for entry in feed.findall("a:entry", NAMES):
                assert links(entry, BUY) or links(entry, "http://opds-spec.org/acquisition"), ET.tostring(entry)
        total = int(feeds[0].findtext("os:totalResults", namespaces=NAMES))
        assert len(feeds) >= 3 and len(found) == len(set(found)) == total, (len(found), total)
        sold = shop.api("GET", "/us/search?q=&availability=here").json()
        assert total == sold["total"], (total, sold["total"])
        # What is past the last page is not there.
        assert shop.get("/us/opds/books?page=%d" % (len(feeds) + 1)).status == 404
        # The crawlable feed has every edition that is listed, sold or not, complete, the latest first.
        crawled, times = [], []
        for feed in pages(shop, place(shop, links(seen["/us/opds"], "http://opds-spec.org/crawlable")[0].get("href"))):
            crawled += keys(feed)
            times += [e.findtext("a:updated", namespaces=NAMES) for e in feed.findall("a:entry", NAMES)]
            assert not any(links(e, "alternate")[0].get("type") == ENTRY for e in feed.findall("a:entry", NAMES))
        assert times == sorted(times, reverse=True)
        assert len(crawled) == len(set(crawled)) == shop.api("GET", "/us/search?q=").json()["total"] and set(found) < set(crawled)


def test_every_document_of_json_is_valid():
    of = validators()
    with Shop() as shop:
        shop.serve()
        feeds, publications, properties = of("feed"), of("publication"), of("properties")
        shop.authority("--storefront", "us", "--edition", EMMA_EBOOK, "--withhold", "sale")
        todo, seen = ["/us/opds2", "/us/opds2/all", "/us/opds2/search?query=emma&author=austen", "/cn/opds2/books", "/us/opds2/search?query=nothing+there",
                      "/us/zh-Hans/opds2", "/cn/opds2/all"], {}
        while todo:
            path = todo.pop()
            if path in seen or path.endswith("/shelf"):
                continue
            answer = shop.get(path)
            assert answer.status == 200 and answer.headers["Content-Type"] == "application/opds+json", (path, answer.text)
            feed = seen[path] = answer.json()
            feeds.validate(feed)
            no_blanks(feed)
            for link in [l for p in feed.get("publications", []) for l in p["links"]] + feed["links"]:
                properties.validate(link.get("properties", {}))
            assert {"rel": "self", "href": shop.url + path} .items() <= next(l for l in feed["links"] if l["rel"] == "self").items()
            todo += [place(shop, way["href"]) for way in feed.get("navigation", []) if way["rel"] != "start"]
        assert len(seen) > 30
        # The same list in both forms, told in each that it is in the other.
        first = seen["/us/opds2/books"]
        twin = next(l for l in first["links"] if l["rel"] == "alternate")
        other = atom(shop, place(shop, twin["href"]), twin["type"])
        assert [p["metadata"]["title"] for p in first["publications"]] == [e.findtext("a:title", namespaces=NAMES) for e in other.findall("a:entry", NAMES)]
        assert first["metadata"]["numberOfItems"] == int(other.findtext("os:totalResults", namespaces=NAMES)) and first["metadata"]["currentPage"] == 1
        assert [f["metadata"]["title"] for f in first["facets"]] == list(dict.fromkeys(
            l.get("{%s}facetGroup" % NAMES["opds"]) for l in links(other, "http://opds-spec.org/facet")))
        for publication in first["publications"][:5] + seen["/us/opds2/all"]["publications"][:5]:
            itself = next(l for l in publication["links"] if l["rel"] == "self")
            answer = shop.get(place(shop, itself["href"]))
            assert answer.headers["Content-Type"] == itself["type"] == "application/opds-publication+json"
            publications.validate(answer.json())
            no_blanks(answer.json())
            assert answer.json()["metadata"]["identifier"] == publication["metadata"]["identifier"]
        # Prices are numbers, as they are printed on the page: of whole minor units.
        text = shop.get("/us/opds2/books?sort=price").text
        prices = re.findall(r'"price":\{"value":([^,]*),"currency":"([A-Z]*)"\}', text)
        assert prices and all(re.fullmatch(r"\d+\.\d\d", value) and currency == "USD" for value, currency in prices), prices
        assert [float(value) for value, _ in prices] == sorted(float(value) for value, _ in prices)


def test_what_is_withheld_is_counted_and_said():
    with Shop() as shop:
        give_files(shop, EMMA_EBOOK)
        shop.serve()
        before = int(atom(shop, "/us/opds/books").findtext("os:totalResults", namespaces=NAMES))
        entry = atom(shop, "/us/opds/books/" + EMMA_EBOOK, ENTRY)
        assert links(entry, BUY) and not links(entry, "describedby")
        work = shop.work(EMMA_EBOOK)
        editions = sum(1 for p in pages(shop, "/us/opds/books") for e in p.findall("a:entry", NAMES) if e.findtext("a:title", namespaces=NAMES) == "Emma")
        # The sale: it stands in no list of what is sold, is counted, and its entry says by what.
        made = shop.authority("--storefront", "us", "--work", str(work), "--withhold", "sale")
        for path in ("/us/opds/books", "/us/opds/search?q=emma"):
            feed = atom(shop, path)
            said = links(feed, "describedby")
            assert [(place(shop, l.get("href")).partition("?")[0], l.get("{%s}count" % NAMES["thr"])) for l in said] == [("/record/restrictions/%d" % made["id"], "1")]
            assert "1 work is withheld here: restriction %d" % made["id"] == feed.findtext("a:subtitle", namespaces=NAMES)
        assert int(atom(shop, "/us/opds/books").findtext("os:totalResults", namespaces=NAMES)) == before - editions
        entry = atom(shop, "/us/opds/books/" + EMMA_EBOOK, ENTRY)
        assert not links(entry, BUY) and links(entry, "describedby") and "Withheld" in entry.findtext("a:summary", namespaces=NAMES)
        publication = shop.get("/us/opds2/books/" + EMMA_EBOOK).json()
        assert {l["rel"]: l.get("properties") for l in publication["links"]}["http://opds-spec.org/acquisition"] == {"availability": {"state": "unavailable"}}
        assert any(l["rel"] == "describedby" for l in publication["links"]) and BUY not in [l["rel"] for l in publication["links"]]
        # Elsewhere nothing of it is known; and the lift brings back the very bytes.
        assert links(atom(shop, "/cn/opds/books/9780000000040", ENTRY), "describedby") == []
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Mended.")
        assert int(atom(shop, "/us/opds/books").findtext("os:totalResults", namespaces=NAMES)) == before
        # The listing: 451 for the entry, and counted in the crawlable feed, which says the restriction.
        made = shop.authority("--storefront", "us", "--work", str(work), "--withhold", "listing")
        for form in ("opds", "opds2"):
            answer = shop.get("/us/%s/books/%s" % (form, EMMA_EBOOK))
            assert answer.status == 451 and 'rel="blocked-by"' in str(answer.headers.get_all("Link")), answer.headers
            assert "Emma" not in json.dumps([p["metadata"]["title"] for p in shop.get("/us/opds2/books").json()["publications"]])
        said = [links(feed, "describedby") for feed in pages(shop, "/us/opds/all")]
        assert sum(len(s) for s in said) >= 1 and all(place(shop, l.get("href")).startswith("/record/restrictions/%d" % made["id"]) for s in said for l in s)


def test_choices_narrow_and_are_one_in_each_group():
    with Shop() as shop:
        shop.serve()
        feed = atom(shop, "/us/opds/books", ACQUISITION)
        facets = links(feed, "http://opds-spec.org/facet")
        group, active, count = "{%s}facetGroup" % NAMES["opds"], "{%s}activeFacet" % NAMES["opds"], "{%s}count" % NAMES["thr"]
        assert {"Format", "Language", "Subject", "Price", "Availability"} <= {f.get(group) for f in facets}
        for path in ("/us/opds/books", "/us/opds/books?format=ebook&sort=price", "/us/opds/search?q=the&language=en"):
            groups = {}
            for facet in links(atom(shop, path), "http://opds-spec.org/facet"):
                groups.setdefault(facet.get(group), []).append(facet.get(active))
                assert facet.get(active) in (None, "true")
            assert all(states.count("true") <= 1 and len(states) >= 2 for states in groups.values()), groups
        for facet in [f for f in facets if f.get(count)]:
            there = atom(shop, place(shop, facet.get("href")), ACQUISITION)
            assert there.findtext("os:totalResults", namespaces=NAMES) == facet.get(count), facet.attrib
            assert [f.get("title") for f in links(there, "http://opds-spec.org/facet") if f.get(active) and f.get(group) == facet.get(group)] == [facet.get("title")]
        # Navigation has none; what no list knows is refused by name.
        assert links(atom(shop, "/us/opds/subjects", NAVIGATION), "http://opds-spec.org/facet") == []
        for wrong in ("availability=not-here", "sort=cheap", "page=0"):
            assert shop.get("/us/opds/books?" + wrong).status == 422, wrong


def test_koreader():
    """It asks by HEAD first and keeps by Last-Modified; refuses gzip; tells JSON by its first byte; follows a few rels;
    keeps the last author; wants the search in its own two ways."""
    with Shop() as shop:
        status, summary, findings, err = shop.import_feed(shop.file("two.xml", onix(two_people())))
        assert status == 0 and summary["added"] == 1, findings
        shop.serve()
        accept = {"Accept": "application/opds+json, application/atom+xml;profile=opds-catalog, */*", "Accept-Encoding": "identity"}
        for path in ("/us/opds", "/us/opds/books", "/us/opds2/books"):
            head, answer = (shop.ask(method, path, headers=accept) for method in ("HEAD", "GET"))
            assert head.status == answer.status == 200 and head.body == b"" and answer.body
            for name in ("Content-Type", "Last-Modified", "ETag", "Content-Length"):
                assert head.headers[name] == answer.headers[name] and answer.headers[name], name
            assert "Content-Encoding" not in answer.headers and "Set-Cookie" not in answer.headers
            assert (answer.body[:1] == b"{") == ("opds2" in path)
            zipped = shop.ask("GET", path, headers={"Accept-Encoding": "gzip"})
            assert zipped.headers["Content-Encoding"] == "gzip" and gzip.decompress(zipped.body) == answer.body
            assert shop.ask("GET", path, headers={"If-None-Match": answer.headers["ETag"]}).status == 304
        # What it follows from an entry.
        follows = {None, "subsection", "http://opds-spec.org/sort/new", "http://opds-spec.org/sort/popular"}
        for path in ("/us/opds", "/us/opds/subjects", "/us/opds/languages"):
            for entry in atom(shop, path).findall("a:entry", NAMES):
                way = entry.find("a:link", NAMES)
                assert way.get("rel") in follows and way.get("type").startswith("application/atom+xml"), ET.tostring(entry)
        assert links(atom(shop, "/us/opds/books"), "next")[0].get("type").startswith("application/atom+xml")
        # The last author is who wrote it.
        entry = atom(shop, "/us/opds/books/" + isbn13("978000090700"), ENTRY)
        assert entry.findall("a:author", NAMES)[-1].findtext("a:name", namespaces=NAMES) == "Ursula Vale"
        assert [n.text for n in entry.findall("a:contributor/a:name", NAMES)] == ["Tom Turner"]
        both = shop.get("/us/opds2/books/" + isbn13("978000090700")).json()["metadata"]
        assert both["author"] == ["Ursula Vale"] and both["translator"] == ["Tom Turner"]
        # Search: a description with an address of Atom; of 2.0 a template that ends so.
        described = links(atom(shop, "/us/opds"), "search")[0]
        assert described.get("type") == "application/opensearchdescription+xml"
        urls = atom(shop, place(shop, described.get("href"))).findall("os:Url", NAMES)
        template = next(u.get("template") for u in urls if u.get("type").startswith("application/atom+xml"))
        assert "Emma" in shop.get(place(shop, template.replace("{searchTerms}", "emma"))).text
        search = next(l for l in shop.get("/us/opds2").json()["links"] if l["rel"] == "search")
        assert search["templated"] is True and re.search(r"\{\?query[,}]", search["href"]) and search["type"] == "application/opds+json"
        found = shop.get(place(shop, search["href"].partition("{")[0]) + "?query=emma").json()
        assert found["publications"][0]["metadata"]["title"] == "Emma"


def two_people():
    made = product("ref-opds", isbn13("978000090700"), "Two of Them").replace("Somebody", "Ursula Vale")
    other = re.search(r"<Contributor>.*?</Contributor>", made, re.S)[0]
    other = other.replace("Ursula Vale", "Tom Turner").replace("A01", "B06").replace("<SequenceNumber>1<", "<SequenceNumber>2<")
    return made.replace("</Contributor>", "</Contributor>" + other, 1)


def test_thorium_calibre_and_moon():
    with Shop() as shop:
        give_files(shop, EMMA_EBOOK)
        shop.serve()
        # Thorium: content types that it knows; what is bought leads to a page of HTML, and says what one gets in the end.
        entry = atom(shop, "/us/opds/books/" + EMMA_EBOOK, ENTRY)
        buy = links(entry, BUY)[0]
        assert buy.get("type") == "text/html" and shop.get(place(shop, buy.get("href"))).headers["Content-Type"].startswith("text/html")
        assert [i.get("type") for i in buy.findall("opds:indirectAcquisition", NAMES)] == ["application/epub+zip"]
        paper = links(atom(shop, "/us/opds/books/9780000000040", ENTRY), BUY)[0]
        assert paper.findall("opds:indirectAcquisition", NAMES) == []
        # Calibre: the price and its currency, and a relation that has "acquisition" and "buy" in it.
        price = buy.find("opds:price", NAMES)
        offer = shop.edition(EMMA_EBOOK)["offers"][0]
        assert (price.text, price.get("currencycode")) == (offer["price"], offer["currency"]), offer
        # Moon+: no prefix is undeclared (the parser here is as strict), every address is absolute, and the root has a search.
        for path in ("/us/opds", "/us/opds/books", "/us/opds/all", "/us/opds/books/" + EMMA_EBOOK):
            text = shop.get(path).text
            assert all(urllib.parse.urlparse(url).scheme == "http" for url in re.findall(r'(?:href|template)="([^"]*)"', text)), path
        assert links(atom(shop, "/us/opds"), "search")
        # Pages say where the catalogues are.
        page = shop.get("/us/").text
        assert '<link rel="alternate" type="%s"' % NAVIGATION in page and 'type="application/opds+json"' in page and 'href="/us/opds2"' in page
        # The other languages have their own.
        chinese = atom(shop, "/us/zh-Hans/opds", NAVIGATION)
        assert "电子书" in [e.findtext("a:title", namespaces=NAMES) for e in chinese.findall("a:entry", NAMES)]
        assert all("/us/zh-Hans/" in e.find("a:link", NAMES).get("href") for e in chinese.findall("a:entry", NAMES))
