"""What operator and shops state of selling: rates and laws from files, shipping, vouchers."""
import os
import re

from shop import Shop

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data")


def test_rates_and_laws_come_from_files():
    with Shop() as shop:
        rates, laws = os.path.join(HERE, "tax-rates.csv"), os.path.join(HERE, "price-laws.csv")
        for _ in range(2):  # again is nothing more
            assert shop.ok("tax", "load", rates) == "%d lines\n" % (len(open(rates).readlines()) - 1)
            assert shop.ok("price-law", "load", laws) == "%d lines\n" % (len(open(laws).readlines()) - 1)
        listed = shop.ok("tax", "list", "--country", "DE")
        assert "DE\tprint\t7.000\t1983-07-01\tR\t" in listed and "DE\taudio-download\t19.000" in listed and len(listed.splitlines()) == 5
        assert "FR\tprint\t2023-10-07 – \t0.000 %" in shop.ok("price-law", "list")
        assert shop.look("SELECT currency || shipping_least FROM price_law WHERE country = 'FR' AND kind = 'print'") == "EUR300"
        before = shop.ok("tax", "list"), shop.ok("price-law", "list")
        head = "country,region,kind,from,rate,code,source\n"
        for command, text, said in (
                ("tax", head + "DE,,print,2027-01-01,7,R,law\nDE,,print,2027-01-01,x,R,law\n", "line 3, column 5 (rate): per cent"),
                ("tax", head + "de,,print,2027-01-01,7,R,law\n", "line 2, column 1 (country): two capital letters"),
                ("tax", head + "DE,,paper,2027-01-01,7,R,law\n", "line 2, column 3 (kind)"), ("tax", head + "DE,,print,2027-02-30,7,R,law\n", "line 2, column 4 (from)"),
                ("tax", head + "DE,,print,2027-01-01,7,R,\n", "line 2, column 7 (source)"), ("tax", "country,kind,from,rate\n", "source is missing"),
                ("tax", head + "DE,,print,2027-01-01,101,R,law\n", "(rate)"), ("tax", head + "US,XX,print,2027-01-01,7.25,S,law\n", "line 2, column 2 (region): none that is known of this country"),
                ("price-law", "country,kind,from,law,until\nDE,print,2027-01-01,law,2026-01-01\n", "line 2, column 5 (until)"),
                ("price-law", "country,kind,from,law\nDE,shipping,2027-01-01,law\n", "line 2, column 2 (kind)"),
                ("price-law", "country,kind,from,law,shipping_least,currency\nFR,print,2027-01-01,law,3,euro\n", "line 2, column 6 (currency)")):
            status, _, err = shop.run(command, "load", shop.file("wrong.csv", text))
            assert status != 0 and said in err, (text, err)
        assert (shop.ok("tax", "list"), shop.ok("price-law", "list")) == before
        shop.ok("price-law", "set", "--country", "PT", "--kind", "print", "--from", "2015-01-01", "--discount", "10", "--law", "Decreto-Lei 176/96")
        assert "PT\tprint\t2015-01-01 – \t10.000 %\tDecreto-Lei 176/96" in shop.ok("price-law", "list")


def test_shipping_and_vouchers_are_stated_and_end():
    with Shop() as shop:
        add = lambda **more: shop.run("shipping", "add", *[w for k, v in {"shop": "main", "name": "Post", "country": "US", "currency": "USD", "days": "2-5", "band": "1000=4.90", **more}.items()
                                                           for w in ("--" + k.replace("_", "-"), v)])
        assert add()[0] == 0 and add(band="500=3.90 2000=7", country="CA,MX", free_from="50")[0] == 0
        listed = shop.ok("shipping", "list")
        assert "1\tmain\tPost\tUS\t2–5 days\t1000 g: 4.90 USD\n" in listed and "CA MX\t2–5 days\t500 g: 3.90 USD\t2000 g: 7.00 USD\tfree from 50.00 USD" in listed, listed
        for wrong, said in ({"country": "usa"}, "countries"), ({"currency": "usd"}, "currency"), ({"days": "5-2"}, "days"), ({"band": "x=1"}, "bands"), ({"band": "9=1.234"}, "bands"), \
                ({"band": "500=3 500=4"}, "lightest first"), ({"name": " "}, "name"), ({"free_from": "-1"}, "free_from"), ({"shop": "none"}, "no such shop"):
            status, _, err = add(**wrong)
            assert status != 0 and said in err, (wrong, err)
        shop.ok("shipping", "end", "1")
        assert "ended" in shop.ok("shipping", "list") and shop.run("shipping", "end", "1")[0] == 1 and shop.run("shipping", "end", "x")[0] == 2
        made = shop.ok("voucher", "add", "--name", "Spring", "--rate", "10", "--uses", "5")
        code = re.search(r"code: ([2-9A-Z]{10})\n", made)[1]
        assert code not in shop.look("SELECT name FROM voucher") and "10.000 %\tused 0 of 5" in shop.ok("voucher", "list")
        assert shop.ok("voucher", "add", "--name", "Gift", "--amount", "5", "--currency", "USD", "--code", "gift-2026", "--shop", "main").endswith("code: gift-2026\n")
        for args, said in (["--rate", "10", "--amount", "3"], "amount"), ([], "amount"), (["--rate", "101"], "rate"), (["--amount", "3", "--currency", "x"], "currency"), (["--rate", "5", "--code", "abc"], "code"), \
                (["--rate", "5", "--from", "2027-02-01", "--until", "2027-01-01"], "until"), (["--rate", "5", "--code", "GIFT 2026"], "there is a voucher of this code"):
            status, _, err = shop.run("voucher", "add", "--name", "Wrong", *args)
            assert status != 0 and said in err, (args, err)
        shop.ok("voucher", "end", "1")
        assert shop.run("voucher", "end", "1")[0] == 1


def test_the_desks_state_what_is_charged_and_how_it_is_sent():
    from test_partner import operator, partner, trail
    with Shop() as shop:
        shop.ok("shop", "add", "other", "--name", "Another Shop")
        shop.serve()
        ada, pia = operator(shop), partner(shop)
        TERMS, OWN = "/desk/terms", "/desk/partner/main/terms"
        assert 'href="/desk/terms"' in ada.get("/desk/").text and pia.get(TERMS).status == 403
        rate = {"country": "PT", "kind": "e-book", "rate": "6", "from": "2020-04-01", "source": "CIVA, Lista I"}
        assert ada.post(TERMS, TERMS + "/tax", rate).status == 303
        assert ada.post(TERMS, TERMS + "/tax", {**rate, "from": "2090-01-01", "rate": "5.5"}).status == 303
        page = ada.get(TERMS).text
        assert ">6 %</td>" in page and ">5.5 %</td>" in page and "Portugal" in page and page.count("to come") == 1
        for field in "country", "kind", "rate", "from", "source":
            refused = ada.post(TERMS, TERMS + "/tax", {**rate, field: ""})
            assert refused.status == 422 and 'id="error"' in refused.text and (field == "source" or 'value="CIVA, Lista I"' in refused.text), field
        assert ada.post(TERMS, TERMS + "/laws", {"country": "PT", "kind": "print", "from": "2015-01-01", "discount": "10", "law": "Decreto-Lei 176/96", "currency": "EUR", "shipping_least": "3.00", "shipping_below": "35"}).status == 303
        assert shop.look("SELECT shipping_least || ' ' || shipping_from || ' ' || currency FROM price_law WHERE country = 'PT'") == "300 3500 EUR"
        assert "Decreto-Lei 176/96" in ada.get(TERMS).text and ada.post(TERMS, TERMS + "/laws", {"country": "PT"}).status == 422
        made = ada.post(TERMS, TERMS + "/vouchers", {"name": "Spring", "rate": "10", "uses": "5"})
        code = re.search(r"<code>([2-9A-Z]{10})</code>", made.text)[1]
        assert made.status == 200 and code not in ada.get(TERMS).text and "0 of 5" in ada.get(TERMS).text
        # A shop's own: neither the operator's, nor another shop's.
        way = {"name": "Post", "countries": "US, CA", "currency": "USD", "days": "2-5", "bands": "1000=4.90 5000=7.90", "free_from": ""}
        assert pia.post(OWN, OWN + "/delivery", way).status == 303
        page = pia.get(OWN).text
        assert "Post" in page and "Canada" in page and "2 to 5" in page and "Spring" not in page
        for field in "name", "countries", "currency", "days", "bands":
            assert pia.post(OWN, OWN + "/delivery", {**way, field: ""}).status == 422, field
        assert pia.post(OWN, OWN + "/vouchers", {"name": "Gift", "amount": "5", "currency": "USD"}).status == 200
        assert pia.post(OWN, OWN + "/vouchers/1/end", {}).status == 404 and pia.post(OWN, OWN + "/vouchers/2/end", {}).status == 303
        assert pia.post(OWN, OWN.replace("main", "other") + "/delivery", way).status == 404
        assert pia.post(OWN, OWN + "/delivery/1/end", {}).status == 303 and pia.post(OWN, OWN + "/delivery/1/end", {}).status == 404
        assert "ended" in pia.get(OWN).text and ada.post(TERMS, TERMS + "/vouchers/1/end", {}).status == 303
        assert trail(shop)[0]["what"] == "POST /desk/terms/vouchers/{id}/end" and code not in shop.ok("staff", "trail")
