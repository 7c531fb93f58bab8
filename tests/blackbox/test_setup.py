"""Setting up at the operator's desk: storefronts, shops, staff."""
from shop import Browser, Shop
from test_partner import PASSWORD, operator, partner, sign_in, trail


def test_a_storefront_is_opened_and_changed_by_forms():
    with Shop() as shop:
        shop.serve()
        ada, pia = operator(shop), partner(shop)
        assert pia.get("/desk/storefronts").status == 403
        form = {"slug": "de", "country": "DE", "currency": "EUR", "language": "de, en"}
        for field, wrong, said in (("slug", "Desk!", "storefront: "), ("slug", "record", "storefront: "), ("slug", "us", ""),
                                   ("country", "Germany", "country: "), ("currency", "euro", "currency: "),
                                   ("language", "deutsch_sprache", "language: "), ("language", " ", "language: ")):
            refused = ada.post("/desk/storefronts", "/desk/storefronts", {**form, field: wrong})
            assert refused.status in (409, 422) and 'value="%s"' % wrong in refused.text, (field, wrong, refused.status)
            assert 'aria-invalid="true"' in refused.text or not said, refused.text
        assert shop.ask("GET", "/de/").status == 404
        assert ada.post("/desk/storefronts", "/desk/storefronts", form).status == 303
        shop.until(lambda: shop.ask("GET", "/de/").status == 200, "the storefront to open")
        row = ada.get("/desk/storefronts").text
        assert 'data-storefront="de"' in row and "German, English" in row
        # Its books stand in it, and are found.
        shop.until(lambda: shop.api("GET", "/de/search?q=emma").json()["total"] > 0, "its books to be found", 60)
        # A host name of its own; no other storefront may have it.
        change = {"which": "de", "host": "buch.example"}
        assert ada.post("/desk/storefronts", "/desk/storefronts/set", {**change, "host": "Buch.example:80"}).status == 422
        assert ada.post("/desk/storefronts", "/desk/storefronts/set", {**change, "which": "none"}).status == 422
        assert ada.post("/desk/storefronts", "/desk/storefronts/set", change).status == 303
        shop.until(lambda: "buch.example" in ada.get("/desk/storefronts").text, "the host name")
        assert 'name="host" value="buch.example"' in ada.get("/desk/storefronts?which=de").text
        assert ada.post("/desk/storefronts", "/desk/storefronts/set", {**change, "which": "us"}).status in (409, 422)
        assert "host=buch.example" in trail(shop)[0]["on"], trail(shop)


def test_a_shop_is_opened_and_its_owner_published():
    with Shop(samples=False) as shop:
        shop.serve()
        ada = operator(shop)
        form = {"slug": "harbour", "name": "Harbour Books"}
        refused = ada.post("/desk/shops", "/desk/shops", {**form, "country": "GB"})
        assert refused.status == 422 and "Harbour Books" in refused.text
        assert ada.post("/desk/shops", "/desk/shops", {**form, "slug": "No!"}).status == 422
        assert ada.post("/desk/shops", "/desk/shops", form).status == 303
        assert ada.post("/desk/shops", "/desk/shops", form).status in (409, 422)
        assert "nobody said" in ada.get("/desk/shops").text.split('data-shop="harbour"')[1].split("</tr>")[0]
        # What is published of it is an entry of the Record first.
        told = {"slug": "harbour", "owner": "Harbour Books Ltd", "controlled_by": "Ministry of Examples", "country": "GB"}
        assert ada.post("/desk/shops", "/desk/shops/disclose", told).status == 303
        shop.until(lambda: "Ministry of Examples" in ada.get("/desk/shops").text, "the owner")
        lines = shop.ok("record", "export", "jsonl").splitlines()
        assert any('"harbour"' in line and "Ministry of Examples" in line for line in lines), lines
        # Its partner sends feeds at once.
        assert partner(shop, "harbour").get("/desk/partner/harbour/").status == 200


def test_staff_come_and_go_by_forms():
    with Shop(samples=False) as shop:
        shop.serve()
        ada, pia = operator(shop), partner(shop)
        new = {"email": "bo@books.example", "role": "operator", "password": "another long secret", "own_password": PASSWORD}
        # A desk that was left open makes no operators.
        for wrong in {"own_password": "a guess or two"}, {"own_password": ""}, {"role": "reader"}, {"email": "nobody"}, {"password": "x"}, \
                {"role": "partner", "shop": "none"}:
            refused = ada.post("/desk/staff", "/desk/staff", {**new, **wrong})
            assert refused.status in (404, 422) and "another long secret" not in refused.text, (wrong, refused.status)
        assert pia.post("/desk/partner/main/", "/desk/staff", new).status == 403
        assert "bo@books.example" not in shop.ok("staff", "list")
        assert ada.post("/desk/staff", "/desk/staff", new).status == 303
        assert ada.post("/desk/staff", "/desk/staff", {**new, "email": "cy@press.example", "role": "partner", "shop": "main"}).status == 303
        listed = shop.ok("staff", "list")
        assert "bo@books.example operator" in listed and "cy@press.example partner of main" in listed, listed
        bo = Browser(shop)
        assert bo.post("/desk/sign-in", "/desk/sign-in", {"email": "bo@books.example", "password": "another long secret"}).status == 303
        # Nobody removes themselves; who is removed is signed out, and knows no desk.
        change = {"which": "ada@books.example", "act": "remove", "own_password": PASSWORD}
        assert ada.post("/desk/staff", "/desk/staff/change", change).status == 422
        assert ada.post("/desk/staff", "/desk/staff/change", {**change, "which": "bo@books.example", "own_password": "no"}).status == 422
        assert ada.post("/desk/staff", "/desk/staff/change", {**change, "which": "bo@books.example"}).status == 303
        assert bo.get("/desk/").status == 303 and "bo@books.example" not in ada.get("/desk/staff").text
        assert ada.post("/desk/staff", "/desk/staff/change", {**change, "which": "pia@press.example", "act": "second-factor"}).status == 303
        assert pia.get("/desk/partner/main/").status == 303
        assert sign_in(shop, "pia@press.example").get("/desk/partner/main/").status == 200
        # All of it stands on the trail, without a password.
        rows = trail(shop)
        assert any("email=bo@books.example" in e["on"] and e["who"] == "ada@books.example" for e in rows), rows
        assert "another long" not in str(rows) and PASSWORD not in str(rows), rows
