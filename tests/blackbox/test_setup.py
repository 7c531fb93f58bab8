"""Setting up at the operator's desk: storefronts, shops, staff."""
import os
import re

from shop import EMMA, ROOT, Browser, Shop
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
        assert 'role="status"' not in refused.text
        opened = ada.post("/desk/storefronts", "/desk/storefronts", form)
        assert opened.status == 303 and '<p class="done" role="status">' in ada.get(opened.headers["Location"]).text
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
        # One form at a time: who changes one storefront does not open another by mistake.
        changing = ada.get("/desk/storefronts?which=de").text
        assert 'name="host" value="buch.example"' in changing and changing.count('name="unstated"') == 1 and 'name="slug"' not in changing
        assert ada.post("/desk/storefronts", "/desk/storefronts/set", {**change, "which": "us"}).status in (409, 422)
        assert "host=buch.example" in trail(shop)[0]["on"], trail(shop)
        # Both or neither: what a host that is taken came with is not changed either.
        assert ada.post("/desk/storefronts", "/desk/storefronts/set", {"which": "us", "host": "buch.example", "unstated": "sell"}).status in (409, 422)
        assert shop.look("SELECT COUNT(*) FROM storefront WHERE slug = 'us' AND host = 'buch.example'") == "0"


def test_countries_currencies_and_languages_are_chosen_by_name():
    with Shop(samples=False) as shop:
        shop.serve()
        ada = operator(shop)
        page = ada.get("/desk/storefronts?language=en").text
        assert '<option value="DE">Germany</option>' in page and '(EUR)</option>' in page and '<option value="ar">Arabic</option>' in page
        names = re.findall(r'<option value="[A-Z]{2}">([A-Z][a-z]+)</option>', page)
        assert len(names) > 100 and names == sorted(names), names
        page = ada.get("/desk/storefronts?language=zh-Hans").text
        assert '<option value="DE">德国</option>' in page and '<option value="ar">阿拉伯语</option>' in page
        # Several: the usual one first, and none twice.
        form = {"slug": "ch", "country": "CH", "currency": "CHF", "language": ["fr", "de", "fr"]}
        assert ada.post("/desk/storefronts", "/desk/storefronts", form).status == 303
        shop.until(lambda: 'data-storefront="ch"' in ada.get("/desk/storefronts").text, "the storefront")
        assert [f["languages"] for f in shop.api("GET", "/storefronts").json()["storefronts"] if f["slug"] == "ch"] == [["fr", "de"]]
        refused = ada.post("/desk/storefronts?language=en", "/desk/storefronts", {"slug": "at", "country": "Oz", "currency": "EUR", "language": ["de", "fr"]}).text
        assert '<option value="Oz" selected>' in refused and '<option value="de" selected>German</option>' in refused
        assert re.search('value="fr" checked', refused) and not re.search('value="de" checked', refused)
        for page in "/desk/restrictions/add", "/desk/shops", "/us/demand":
            assert '<option value="DE">' in ada.get(page).text, page


def test_what_a_storefront_speaks_and_charges_is_changed_at_the_desk():
    with Shop() as shop:
        shop.serve()
        ada = operator(shop)
        offer = lambda: next(o for o in shop.api("GET", "/us/editions/" + EMMA).json()["offers"])
        front = lambda: next(f for f in shop.api("GET", "/storefronts").json()["storefronts"] if f["slug"] == "us")
        sold = offer()
        assert sold["verdict"] == "ok" and sold["currency"] == "USD", sold
        form = ada.get("/desk/storefronts?which=us&language=en").text.split('id="change"')[1]
        assert re.search('<option value="USD" selected>', form) and re.search('<option value="en" selected>', form)
        change = {"which": "us", "host": "", "currency": "USD", "tax": "excluded", "language": ["en", "es"]}
        post = lambda **more: ada.post("/desk/storefronts", "/desk/storefronts/set", {**change, **more})
        for wrong, field in ({"currency": "euro"}, "currency"), ({"language": "no_tag"}, "language"), ({"tax": "some"}, "tax"):
            refused = post(**wrong)
            assert refused.status == 422 and re.search('name="%s"[^>]*aria-invalid' % field, refused.text), (wrong, refused.status)
        assert front()["languages"] != ["es", "en"] and offer() == sold
        # Its languages: offered to search engines, and the first is its usual one.
        assert post(language=["es", "en"]).status == 303
        shop.until(lambda: front()["languages"] == ["es", "en"], "the languages")
        shop.until(lambda: '<html lang="es"' in shop.ask("GET", "/us/").text, "the usual language")
        assert 'hreflang="es"' in shop.get("/us/en/").text
        # No feed states a price in euros here; with dollars again all is as before.
        assert post(currency="EUR", language=["es", "en"]).status == 303
        shop.until(lambda: offer().get("currency") != "USD" and offer()["verdict"] != "ok", "the currency")
        shop.ok("storefront", "set", "us", "--currency", "USD", "--tax", "excluded", "--language", "en")
        shop.until(lambda: offer() == sold, "the offer as before")
        assert front()["languages"] == ["en"] and "currency=EUR" in trail(shop, "--who", "ada@books.example")[0]["on"]
        for wrong in (), ("--tax", "perhaps"), ("--currency", "x"), ("--language", "no_tag"):
            assert shop.run("storefront", "set", "us", *wrong)[0] != 0, wrong
        assert offer() == sold


def test_the_desks_tables_stack_on_phones():
    with Shop() as shop:
        shop.restrict("--storefront", "us", "--edition", "9780000000040", "--withhold", "sale", "--ground", "operator")
        shop.serve()
        ada = operator(shop)
        for page in "/desk/", "/desk/storefronts", "/desk/shops", "/desk/staff", "/desk/texts", "/desk/trail", "/desk/partner/main/":
            found = re.findall(r"<table[^>]*>", ada.get(page).text)
            assert all('class="stacks"' in table for table in found) and (found or page.endswith("main/")), (page, found)
        cells = re.findall(r"<td([^>]*)>(.*?)</td>", ada.get("/desk/").text, re.S)
        assert len([1 for attributes, _ in cells if "data-label" in attributes]) >= 7, cells


def test_a_shop_is_opened_and_its_owner_published():
    with Shop(samples=False) as shop:
        shop.serve()
        ada = operator(shop)
        form = {"slug": "harbour", "name": "Harbour Books"}
        refused = ada.post("/desk/shops", "/desk/shops", {**form, "country": "GB"})
        assert refused.status == 422 and "Harbour Books" in refused.text
        assert ada.post("/desk/shops", "/desk/shops", {**form, "slug": "No!"}).status == 422
        opened = ada.post("/desk/shops", "/desk/shops", form)
        assert opened.status == 303 and '<p class="done" role="status">' in ada.get(opened.headers["Location"]).text
        assert ada.post("/desk/shops", "/desk/shops", form).status in (409, 422)
        assert "nobody said" in ada.get("/desk/shops").text.split('data-shop="harbour"')[1].split("</tr>")[0]
        # What is published of it is an entry of the Record first.
        told = {"slug": "harbour", "owner": "Harbour Books Ltd", "controlled_by": "Ministry of Examples", "country": "GB"}
        assert ada.post("/desk/shops", "/desk/shops/disclose", told).status == 303
        shop.until(lambda: "Ministry of Examples" in ada.get("/desk/shops").text, "the owner")
        lines = shop.ok("record", "export", "jsonl").splitlines()
        assert any('"harbour"' in line and "Ministry of Examples" in line for line in lines), lines
        # Its partner sends feeds at once.
        assert os.path.isdir(os.path.join(shop.dir, "inbox", "harbour"))
        assert partner(shop, "harbour").get("/desk/partner/harbour/").status == 200


def test_no_storefront_takes_the_name_of_a_page():
    with open(os.path.join(ROOT, "src", "web", "routes.c"), encoding="utf-8") as f:
        names = set(re.findall(r'"/([a-z0-9-]+)[/"]', f.read())) | {"covers", "metrics"}
    assert {"record", "api", "desk", "healthz", "readyz", "static", "styleguide"} <= names, names
    with Shop(samples=False) as shop:
        for name in sorted(names):
            status, _, err = shop.run("storefront", "add", name, "--unresearched", "sell", "--country", "DE", "--currency", "EUR", "--language", "de")
            assert status != 0 and "is not free" in err, (name, err)


def test_partners_come_and_go_by_forms_and_operators_do_not():
    with Shop(samples=False) as shop:
        shop.serve()
        ada, pia, bea = operator(shop), partner(shop), operator(shop, "bea@books.example")
        new = {"email": "cy@press.example", "shop": "main", "password": "another long secret", "own_password": PASSWORD}
        # A desk that was left open makes no staff.
        for wrong in {"own_password": "a guess or two"}, {"own_password": ""}, {"email": "nobody"}, {"password": "x"}, {"shop": "none"}, {"shop": ""}, \
                {"shop": "../main"}:
            refused = bea.post("/desk/staff", "/desk/staff", {**new, **wrong})
            assert refused.status in (404, 422) and "another long secret" not in refused.text, (wrong, refused.status)
        assert "The password is not right." in ada.post("/desk/staff", "/desk/staff", {**new, "own_password": "a guess"}).text
        assert pia.post("/desk/partner/main/", "/desk/staff", new).status == 403
        assert "cy@press.example" not in shop.ok("staff", "list")
        added = ada.post("/desk/staff", "/desk/staff", new)
        assert added.status == 303 and '<p class="done" role="status">' in ada.get(added.headers["Location"]).text
        # Nobody makes the second operator, who has to agree; nor is one removed here, whatever the form says.
        ada.post("/desk/staff", "/desk/staff", {**new, "email": "bo@books.example", "role": "operator"})
        listed = shop.ok("staff", "list")
        assert "bo@books.example operator" not in listed and "cy@press.example partner of main" in listed, listed
        assert 'name="role"' not in ada.get("/desk/staff").text and 'value="bea@books.example"' not in ada.get("/desk/staff").text
        change = {"which": "bea@books.example", "act": "remove", "own_password": PASSWORD}
        for who, act in (("bea@books.example", "remove"), ("bea@books.example", "second-factor"), ("ada@books.example", "remove"), ("", "remove")):
            assert ada.post("/desk/staff", "/desk/staff/change", {**change, "which": who, "act": act}).status == 422, (who, act)
        assert bea.get("/desk/").status == 200 and "bea@books.example operator" in shop.ok("staff", "list")
        # Who is removed is signed out, and knows no desk.
        cy = Browser(shop)
        assert cy.post("/desk/sign-in", "/desk/sign-in", {"email": "cy@press.example", "password": "another long secret"}).status == 303
        change["which"] = "cy@press.example"
        assert ada.post("/desk/staff", "/desk/staff/change", {**change, "own_password": "no"}).status == 422
        assert ada.post("/desk/staff", "/desk/staff/change", change).status == 303
        assert cy.get("/desk/partner/main/").status == 303 and "cy@press.example" not in ada.get("/desk/staff").text
        assert ada.post("/desk/staff", "/desk/staff/change", {**change, "which": "pia@press.example", "act": "second-factor"}).status == 303
        assert pia.get("/desk/partner/main/").status == 303
        assert sign_in(shop, "pia@press.example").get("/desk/partner/main/").status == 200
        # All of it stands on the trail, without a password.
        rows = trail(shop)
        assert any("email=cy@press.example" in e["on"] and e["who"] == "ada@books.example" for e in rows), rows
        assert "another long" not in str(rows) and PASSWORD not in str(rows), rows
        # Nobody guesses the operator's own password here for long.
        guess = {**change, "which": "pia@press.example", "own_password": "a guess or two"}
        assert any(bea.post("/desk/staff", "/desk/staff/change", guess).status == 429 for _ in range(60))
        assert bea.post("/desk/staff", "/desk/staff/change", {**guess, "own_password": PASSWORD}).status == 429
        assert "pia@press.example" in shop.ok("staff", "list")
