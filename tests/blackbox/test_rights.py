"""Where real records may be sold, worked out by hand from what they say: rights, then market, status and dates, supply,
price. Each line names the reason; the feeds are of several publishers and of ONIX 2.1, 3.0 and 3.1."""
import os
import re
import time

from ebooks import pretend_files
from shop import SHARED, Shop, Skipped, moment, shared

STOREFRONTS = {"us": "USD", "gb": "GBP", "fr": "EUR", "de": "EUR", "au": "AUD", "jp": "JPY", "ca": "CAD", "ch": "CHF", "nz": "NZD"}


def everywhere(verdict, **but):
    return {**dict.fromkeys(STOREFRONTS, verdict), **but}


# "6.99": sold at that; "10.00 to come": a preorder; else the verdict.
UNKNOWN, NOT, NO_PRICE, NO_SUPPLY = "rights-unknown", "not-for-sale", "no-price", "no-supply"
NO_WAY = "no-delivery"
# The paperback of four feeds: 01 in the Commonwealth, 06 in AS CA GU MP PH PR US VI, and 02 in all the rest (as
# ROWSalesRightsType or spelt out); supplied in the world but for AS AU CA GU MP NZ PH PR US VI ZA; GBP in the world.
FAR = everywhere(NO_PRICE, us=NOT, ca=NOT, gb="7.99", fr="8.99", de="8.99", au=NO_SUPPLY, nz=NO_SUPPLY)

BY_HAND = {
    # 01 in a list of countries, without ROWSalesRightsType: of US and NZ nothing is said. A market and a price for each.
    "3.0/im_onix-9782707154298.xml": [everywhere(UNKNOWN, fr="6.99", de="6.99", gb="5.99", au="8.99", jp="880", ca="11.99", ch="10.00")],
    # An audiobook; 01 in countries among which AU, JP and NZ are not; CHF goes before EUR in Switzerland.
    # Where it would be sold, at 26.99 in the US, there is no way to hand over what is heard.
    "3.0/im_onix-audio1.xml": [everywhere(UNKNOWN, us=NO_WAY, gb=NO_WAY, fr=NO_WAY, de=NO_WAY, ca=NO_WAY, ch=NO_WAY)],
    # Read online; 01 in WORLD; a price for each country, and one without a territory that is the same without its tax.
    "3.0/im_onix-streaming.xml": [everywhere(NO_PRICE, us="7.99", gb="5.49", fr="5.99", de="5.99", au="7.99", jp="750", ca="7.99", ch="7.50")],
    "3.0/im_onix-full_sample.xml": [FAR],
    "3.0/jonix-single-book-onix3-short.xml": [FAR],
    "3.1/jonix-Onix3.1-single-ref.xml": [FAR],
    # The same book from another supplier, whose one market is Australia.
    "3.0/jonix-onix3-single.xml": [everywhere(NO_SUPPLY, us=NOT, ca=NOT, au="26.99")],
    # 01 in FR, of the rest ROWSalesRightsType 00: nobody knows. Embargoes of 2012 and 2011 are over.
    "3.0/im_onix-embargo-date.xml": [everywhere(UNKNOWN, fr="3.99")],
    "3.0/im_onix-preorder-embargo-date.xml": [everywhere(UNKNOWN, fr="3.99")],
    "3.0/im_onix-full-sender.xml": [everywhere(UNKNOWN, fr="3.99")],
    # The promotion's price was of one day in 2016.
    "3.0/im_onix-unqualified-prices.xml": [everywhere(UNKNOWN, fr="8.99")],
    # 07 in FR LU BE, by two named shops of which this is none.
    "3.0/im_onix-test_outlet.xml": [everywhere(UNKNOWN, fr="channel-refused")],
    # E-books of which no rights are said.
    "3.0/im_onix-fixed_layout.xml": [everywhere(UNKNOWN)],
    "3.0/im_onix-reflowable.xml": [everywhere(UNKNOWN)],
    "2.1/im_onix-onix2.xml": [everywhere(UNKNOWN)],
    # 03 in WORLD: that there is no price either does not count any more.
    "3.0/im_onix-bad_content_date_format.xml": [everywhere(NOT)],
    "3.0/im_onix-price_to_be_announced.xml": [everywhere(NOT)],
    # 01 in WORLD, one price in USD.
    "3.0/onixcheck-win_console_issue.xml": [everywhere(NO_PRICE, us="25.99")],
    "2.1/jonix-single-book-onix2.xml": [everywhere(NO_PRICE, us="19.95")],
    "2.1/yob-short_tags.xml": [everywhere(NO_PRICE, us="99.95", gb="66.99")],
    # Print of which no rights are said, in storefronts that do not sell such.
    "2.1/yob-9780194351898.xml": [everywhere(UNKNOWN)],
    # 01 in AU and NZ, NotForSale in all the others. "Not yet available" (10) until their days, of 2019, in AU; no day is said for NZ.
    # The last can be ordered (22). The first has no price for NZ.
    "2.1/jonix-onix2-multiple.xml": [everywhere(NOT, au="19.99", nz=NO_PRICE), everywhere(NOT, au="24.99", nz="22.99 to come"),
                                     everywhere(NOT, au="39.99", nz="44.99 to come"), everywhere(NOT, au="16.99", nz="19.99 to come"),
                                     everywhere(NOT, au="26.99", nz="32.99 to come"), everywhere(NOT, au="14.99", nz="17.99")],
}


def open_storefronts(shop):
    for slug, currency in STOREFRONTS.items():
        if slug != "us":
            shop.ok("storefront", "add", slug, "--unresearched", "sell", "--country", slug.upper(), "--language", "en", "--currency", currency)


def isbn_of(n):
    digits = "979112%06d" % n
    return digits + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10)


def named_anew(text, isbns):
    """Each product by an ISBN of its own (several of the files describe one book, or none), and a record of its own."""
    def one(found):
        product, isbn = found[0], next(isbns)
        product = re.sub(r"(?s)<ProductIdentifier>.*?</ProductIdentifier>", "", product, flags=re.I)
        short = "<a002>" in product
        product = re.sub(r"<(RecordReference|a001)>[^<]*<", lambda tag: "<%s>by-hand.%s<" % (tag[1], isbn), product)
        named = ("<productidentifier><b221>15</b221><b244>%s</b244></productidentifier>" if short else
                 "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier>") % isbn
        return re.sub(r"(</(?:NotificationType|a002)>)", lambda tag: tag[1] + named, product, count=1)
    return re.sub(r"(?si)<product(?: [^>]*)?>.*?</product>", one, text)


def what_is_said(shop, isbn, storefront):
    offers = shop.edition(isbn, storefront)["offers"]
    assert len(offers) == 1, (isbn, storefront, offers)
    offer = offers[0]
    if not offer["sold"]:
        return offer["verdict"]
    return offer["price"] + (" to come" if offer["verdict"] == "preorder" else "")


def sold_in(shop, isbn, wanted):
    said = {slug: what_is_said(shop, isbn, slug) for slug in wanted}
    assert said == wanted, (said, wanted)


def test_the_references_examples_are_read_as_it_says():
    """A record, a block update of its market that has a price for a month, the deletion of another record."""
    page = os.path.join(SHARED, "reference", "books.md")
    if not os.path.exists(page):
        raise Skipped("../shared is absent")
    with open(page, encoding="utf-8") as f:
        whole, update, deletion = re.findall(r"(?s)```xml\n(.*?)```", f.read().split("### 1.9")[1].split("\n## 2")[0])
    isbn, day = "9780000000019", lambda n: time.strftime("%Y%m%d", time.gmtime(time.time() + n * 86400))
    update = update.replace("20261201", day(-9)).replace("20261231", day(9))
    with Shop(samples=False) as shop:
        open_storefronts(shop)
        assert shop.import_feed(shop.file("whole.xml", whole))[1]["added"] == 1
        pretend_files(shop, index=False)
        shop.serve()
        sold_in(shop, isbn, {"gb": "8.99", "de": "10.99", "us": NOT, "ca": NOT, "au": NO_PRICE, "nz": NO_PRICE, "fr": NO_PRICE, "ch": NO_PRICE})
        status, summary, findings, err = shop.import_feed(shop.file("update.xml", update))
        assert summary["changed"] == 1, (summary, findings, err)
        sold_in(shop, isbn, {"gb": "6.99", "de": NO_PRICE, "us": NOT, "ca": NOT, "au": NO_PRICE, "nz": NO_PRICE})
        shop.import_feed(shop.file("deletion.xml", deletion))
        sold_in(shop, isbn, {"gb": "6.99", "us": NOT})
        shop.stop()
        shop.serve(env={"COLOPHON_NOW": moment(time.time() + 11 * 86400)})
        sold_in(shop, isbn, {"gb": NO_PRICE, "us": NOT})


def test_real_records_are_sold_where_they_may_be_and_nowhere_else():
    wanted, feeds = {}, []
    with Shop(samples=False) as shop:
        open_storefronts(shop)
        for path, records in BY_HAND.items():
            with open(shared("onix", *path.split("/")), "rb") as f:
                text = f.read().decode("utf-8", "replace")
            given = [isbn_of(len(wanted) + i) for i in range(1000)]
            feeds.append(shop.file(path.replace("/", "-"), named_anew(text, iter(given))))
            wanted.update({isbn: (path, record) for isbn, record in zip(given, records)})
        status, summary, findings, err = shop.import_feed(*feeds)
        assert status == 0 and summary["refused"] == 0 and len(wanted) >= 20, (summary, err, findings)
        pretend_files(shop, index=False)
        shop.serve()
        wrong = [(path, isbn, slug, record[slug], said) for isbn, (path, record) in wanted.items() for slug in STOREFRONTS
                 if (said := what_is_said(shop, isbn, slug)) != record[slug]]
        assert not wrong, "\n".join("%s %s in %s: by hand %s, said %s" % w for w in wrong)
