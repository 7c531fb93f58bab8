"""ONIX 2.1, as most senders still have it: on the page, with its price, and where it may be sold."""
import csv
import gzip
import io
import json
import os
import re

from ebooks import give_files
from shop import SAMPLES, Shop
from test_partner import HOME, ended, partner, upload

OLD = os.path.join(SAMPLES, "old-classics.xml")
CANDIDE, FLEURS, FAUST, QUIJOTE, LUSIADAS, TADEUSZ = ["97800000800%s" % end for end in ("11", "28", "35", "42", "59", "66")]

HEAD = ('<!DOCTYPE ONIXMessage SYSTEM "http://www.editeur.org/onix/2.1/reference/onix-international.dtd"><ONIXMessage>'
        "<Header><FromCompany>Quay</FromCompany><SentDate>%s</SentDate><DefaultCurrencyCode>USD</DefaultCurrencyCode></Header>%s</ONIXMessage>")


def record(body, notification="03", isbn=CANDIDE):
    return ("<Product><RecordReference>q.1</RecordReference><NotificationType>%s</NotificationType><ProductIdentifier>"
            "<ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier>%s</Product>" % (notification, isbn, body))


def supply(availability, price):
    return ("<SupplyDetail><AvailabilityCode>%s</AvailabilityCode><Price><PriceTypeCode>01</PriceTypeCode><PriceAmount>%s"
            "</PriceAmount></Price></SupplyDetail>" % (availability, price))


FULL = ("<ProductForm>BC</ProductForm><Title><TitleType>01</TitleType><TitleText>Candide</TitleText></Title><Contributor>"
        "<ContributorRole>A01</ContributorRole><PersonName>Voltaire</PersonName></Contributor><OtherText><TextTypeCode>01"
        "</TextTypeCode><Text>A garden</Text></OtherText><PublishingStatus>04</PublishingStatus><SalesRights><SalesRightsType>01"
        "</SalesRightsType><RightsTerritory>WORLD</RightsTerritory></SalesRights><NotForSale><RightsCountry>CN</RightsCountry></NotForSale>")


def feed(shop, *records, sent="20261120"):
    return shop.import_feed(shop.file("old.xml", HEAD % (sent, "".join(records))))


def offer(shop, isbn, storefront):
    offers = shop.edition(isbn, storefront)["offers"]
    assert len(offers) == 1, offers
    return offers[0]


def test_the_sample_on_its_pages_and_in_three_storefronts():
    with Shop(samples=False) as shop:
        shop.ok("storefront", "add", "gb", "--unresearched", "sell", "--country", "GB", "--language", "en", "--currency", "GBP", "--tax", "included",
                "--print-without-rights", "sell")
        status, s, findings, err = shop.import_feed(OLD)
        assert status == 0 and s["added"] == 6 and s["refused"] == 0 and s["warnings"] == 2, (s, err, findings)
        give_files(shop, FAUST)
        shop.serve()
        sold = {isbn: {front: offer(shop, isbn, front)["verdict"] for front in ("us", "cn", "gb")}
                for isbn in (CANDIDE, FLEURS, FAUST, QUIJOTE, LUSIADAS, TADEUSZ)}
        assert sold[CANDIDE] == {"us": "ok", "cn": "ok", "gb": "ok"}
        assert sold[FLEURS] == {"us": "not-for-sale", "cn": "ok", "gb": "ok"}
        assert sold[FAUST] == {"us": "not-for-sale", "cn": "not-for-sale", "gb": "ok"}
        assert sold[QUIJOTE] == {"us": "rights-unknown", "cn": "rights-unknown", "gb": "ok"}
        assert sold[LUSIADAS] == {"us": "rights-unknown", "cn": "rights-unknown", "gb": "rights-unknown"}
        assert sold[TADEUSZ] == {"us": "ok", "cn": "not-for-sale", "gb": "ok"}
        # A storefront changes its mind while it runs, and back; neither is kept half.
        for answer, verdict in ("refuse", "rights-unknown"), ("sell", "ok"):
            shop.ok("storefront", "set", "gb", "--print-without-rights", answer)
            shop.until(lambda: offer(shop, QUIJOTE, "gb")["verdict"] == verdict, answer)
        assert shop.run("storefront", "set", "gb", "--print-without-rights", "perhaps")[0] == 2
        assert shop.run("storefront", "set", "gb", "--print-without-rights", "sell", "--no-host")[0] == 2
        assert shop.run("storefront", "set", "xx", "--print-without-rights", "sell")[0] == 1
        assert offer(shop, CANDIDE, "us")["price"] == "15.49" and offer(shop, CANDIDE, "cn")["price"] == "77.45"
        fleurs = shop.get("/gb/books/" + FLEURS).text
        assert "Les Fleurs du mal" in fleurs and "Baudelaire" in fleurs and "po\u00e8mes que l\u2019on jugea" in fleurs
        assert "Camões" in shop.edition(LUSIADAS)["contributors"][0]["name"]
        assert shop.api("GET", "/us/search?q=lusiadas").json()["total"] == 1


def test_it_says_what_it_did_not_take():
    with Shop(samples=False) as shop:
        _, s, findings, _ = shop.import_feed(OLD)
        said = {(f["severity"], f["code"], f["element"]) for f in findings if f["reference"].endswith(CANDIDE)}
        assert said == {("information", "not-taken", "SupplyDetail/Stock")}, said
        said = {(f["code"], f["element"]) for f in findings if f["reference"].endswith(LUSIADAS)}
        assert ("rights-missing", "SalesRights") in said and ("cannot-say", "ProductForm") in said
        rightless = [f for f in findings if f["code"] == "rights-missing"]
        # It stops a sale: to be mended, unlike what is merely left out.
        assert {f["severity"] for f in rightless} == {"warning"} and s["warnings"] == len(rightless) > 0
        assert s["informations"] == len(findings) - len(rightless) and all(f["line"] > 0 for f in findings)


def test_the_same_again_is_not_parsed():
    with Shop(samples=False) as shop:
        shop.import_feed(OLD)
        _, s, findings, _ = shop.import_feed(OLD)
        assert s["unchanged"] == 6 and s["added"] == s["changed"] == 0
        # The last one ends the message, and no record comes behind it: all others pass by their bytes, untold.
        assert len({f["reference"] for f in findings}) <= 1, findings
        with open(OLD, "rb") as f:
            packed = shop.file("old.xml.gz", gzip.compress(f.read().replace(b"12.39", b"11.11")))
        _, s, _, _ = shop.import_feed(packed)
        assert s["changed"] == 1 and s["unchanged"] == 5
        shop.serve()


def test_an_update_changes_what_it_says_alone():
    with Shop(samples=False) as shop:
        _, s, _, err = feed(shop, record(FULL + supply("IP", "9.99")))
        assert s["added"] == 1, err
        _, s, _, _ = feed(shop, record(supply("IP", "8.50"), "12"), sent="20261121")
        assert s["changed"] == 1
        _, s, _, _ = feed(shop, record("<Contributor><ContributorRole>A01</ContributorRole><PersonName>Fran&ccedil;ois-Marie Arouet"
                                       "</PersonName></Contributor>", "04"), sent="20261122")
        assert s["changed"] == 1
        shop.serve()
        edition = shop.edition(CANDIDE)
        assert edition["title"] == "Candide" and edition["contributors"][0]["name"] == "François-Marie Arouet"
        assert offer(shop, CANDIDE, "us")["price"] == "8.50" and offer(shop, CANDIDE, "cn")["verdict"] == "not-for-sale"
        assert "A garden" in shop.get("/us/books/" + CANDIDE).text
        feed(shop, record("", "05"), sent="20261123")
        shop.until(lambda: shop.api("GET", "/us/editions/" + CANDIDE).status == 404, "the deletion")


def test_one_publisher_goes_over_to_30():
    """The same reference from the same sender: one record, whichever release it came in."""
    with Shop(samples=False) as shop:
        shop.import_feed(OLD)
        new = ('<ONIXMessage release="3.0"><Header><Sender><SenderName>Riverside Press</SenderName></Sender><SentDateTime>20261124</SentDateTime>'
               "</Header>" + record("<DescriptiveDetail><ProductForm>BC</ProductForm><TitleDetail><TitleType>01</TitleType><TitleElement>"
                                    "<TitleElementLevel>01</TitleElementLevel><TitleText>Candide, mended</TitleText></TitleElement></TitleDetail>"
                                    "</DescriptiveDetail>").replace("q.1", "example.riverside." + CANDIDE) + "</ONIXMessage>")
        _, s, findings, _ = shop.import_feed(shop.file("new.xml", new))
        assert s["changed"] == 1 and s["added"] == 0, findings
        shop.serve()
        assert shop.edition(CANDIDE)["title"] == "Candide, mended"


def test_one_bad_record_is_refused_alone_by_the_names_it_has():
    with Shop(samples=False) as shop:
        bad = record("<ProductForm>BC</ProductForm><Title><TitleType>01</TitleType><TitleText>T</TitleText></Title><NotForSale><RightsCountry>"
                     "Narnia</RightsCountry></NotForSale>", isbn=FAUST).replace("q.1", "q.2")
        _, s, findings, _ = feed(shop, record(FULL), bad)
        assert s["added"] == 1 and s["refused"] == 1
        error = [f for f in findings if f["severity"] == "error"]
        assert [(f["reference"], f["element"]) for f in error] == [("q.2", "NotForSale/RightsCountry")] and "NARNIA" in error[0]["reason"]


def test_the_desk_tells_of_each_element_once():
    with Shop(samples=False) as shop:
        shop.serve(env={"COLOPHON_FINDINGS": "3"})  # as many as are told here: what is counted goes on
        pia = partner(shop)
        with open(OLD, "rb") as f:
            at = upload(pia, HOME, f.read(), name="old-classics.xml").headers["Location"]
        page = ended(shop, pia, at)
        assert "Errors (0)" in page and "Warnings (1)" in page and "Left out (2)" in page
        assert page.count('data-code="not-taken"') == page.count('data-code="rights-missing"') == 1
        assert "SupplyDetail/Stock" in pia.get(at + "?severity=information").text
        assert "SupplyDetail/Stock" not in pia.get(at + "?severity=warning").text
        table = list(csv.DictReader(io.StringIO(pia.get(at + "/findings.csv").text)))
        assert sorted(row["severity"] for row in table) == ["information", "information", "warning"], table
        # Once each, and for how many records.
        with open(OLD) as f:
            rightless = [p for p in re.findall(r"<product>.*?</product>", f.read(), re.S) if "<salesrights>" not in p]
        records = {row["code"]: int(row["records"]) for row in table if row["code"] == "rights-missing"}
        assert records == {"rights-missing": len(rightless)} and len(rightless) > 1, (records, len(rightless))
        assert "in %d records" % len(rightless) in page


def test_the_order_time_of_the_old_form():
    with Shop(samples=False) as shop:
        timed = supply("IP", "9.00").replace("</AvailabilityCode>", "</AvailabilityCode><OrderTime>1</OrderTime>")
        status, summary, findings, err = feed(shop, record(FULL + timed))
        assert status == 0 and summary["added"] == 1 and not [f for f in findings if "OrderTime" in json.dumps(f)], (summary, findings, err)
        shop.serve()
        assert offer(shop, CANDIDE, "us")["order_days"] == 1 and "usually sent within 1 day<" in shop.get("/us/books/" + CANDIDE).text
