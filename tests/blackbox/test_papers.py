"""The papers of what is sold: who sells, invoices and credit notes, letters, packing lists."""
import json

from shop import Browser, Shop
from test_partner import operator, partner, trail

SELLER = {"name": "Riverside Books Ltd", "address": "1 River Street\r\nLondon SE1", "country": "GB", "email": "books@riverside.example",
          "tax_number": "GB123456789", "account": "GB33BUKB20201555555555", "fee": "7.5"}
DESK = "/desk/partner/main/seller"


def seller_set(shop, *more, **keywords):
    return shop.run("seller", "set", "--shop", "main", *more, **keywords)


def sellers(shop):
    return json.loads(shop.ok("seller", "list", "--json"))


def test_who_sells_is_said_at_the_desk_and_before_the_sale():
    with Shop() as shop:
        # Nothing half: what a paper needs must be there.
        assert sellers(shop) == []
        status, _, err = seller_set(shop, "--fee", "7.5")
        assert status == 1 and "address: it is empty" in err, err
        whole = ["--name", SELLER["name"], "--address", "1 River Street", "--address", "London SE1", "--country", "GB",
                 "--email", SELLER["email"], "--tax-number", SELLER["tax_number"], "--account", SELLER["account"], "--fee", "7.5"]
        for option, wrong, why in [("--fee", "101", "fee: per cent"), ("--fee", "7,5", "fee: per cent"), ("--fee", "1.2345", "fee: per cent"),
                                   ("--fee", "100.001", "fee: per cent"), ("--country", "England", "country: England is none"),
                                   ("--email", "nobody", "email: "), ("--name", "two\nlines", "name: "), ("--account", "x" * 61, "account: at most 60")]:
            at = whole.index(option)
            status, _, err = seller_set(shop, *whole[:at], option, wrong, *whole[at + 2:])
            assert status == 1 and why in err, (option, wrong, err)
        status, _, err = shop.run("seller", "set", "--shop", "none", *whole)
        assert status == 1 and "there is no shop none" in err, err
        assert sellers(shop) == []
        assert seller_set(shop, *whole)[0] == 0
        said = {"shop": "main", **SELLER, "address": "1 River Street\nLondon SE1"}
        assert sellers(shop) == [said]
        # What is not named stays.
        assert seller_set(shop, "--fee", "12.125")[0] == 0 and sellers(shop) == [{**said, "fee": "12.125"}]
        assert "seller set" in [e["what"] for e in trail(shop)]
        shop.serve()
        page = shop.get("/us/shops/main").text
        assert "Riverside Books Ltd\n1 River Street\nLondon SE1\nUnited Kingdom\nbooks@riverside.example\nTax number: GB123456789" in page
        assert "BUKB" not in page and "12.125" not in page
        pia, ada = partner(shop), operator(shop)
        form = pia.get(DESK).text
        assert 'value="Riverside Books Ltd"' in form and "keeps 12.125 %" in form and 'name="fee"' not in form
        assert 'name="fee" value="12.125"' in ada.get(DESK).text
        # A partner's words count but for the fee, which is the operator's.
        answer = pia.post(DESK, DESK, {**SELLER, "name": "Riverside & Sons", "fee": "0", "tax_number": ""})
        assert answer.status == 303 and 'class="done"' in pia.get(answer.headers["Location"]).text
        assert sellers(shop) == [{**said, "name": "Riverside & Sons", "tax_number": "", "fee": "12.125"}]
        assert trail(shop)[0]["what"] == "POST /desk/partner/{shop}/seller"
        assert ada.post(DESK, DESK, SELLER).status == 303 and sellers(shop) == [said]
        page = shop.get("/us/shops/main").text
        assert "Riverside Books Ltd" in page and "&amp; Sons" not in page, "the page of before is not kept"
        for name, wrong in ("name", " "), ("address", ""), ("country", "XXX"), ("email", "nobody"), ("fee", "-1"), ("account", "x" * 61):
            refused = ada.post(DESK, DESK, {**SELLER, name: wrong})
            assert refused.status == 422 and 'aria-invalid="true"' in refused.text, (name, refused.status)
        assert ada.post(DESK, DESK.replace("main", "none"), SELLER).status == 404 and sellers(shop) == [said]
        assert Browser(shop).get(DESK).status == 303
