"""The partners' desk: whose it is, and what partners do there."""
import json

from shop import Browser, Shop

PASSWORD = "a long enough secret"


def partner(shop, of="main", email="pia@press.example"):
    """Signed in."""
    shop.ok("staff", "add", email, "--role", "partner", "--shop", of, "--password-stdin", stdin=PASSWORD.encode() + b"\n")
    return sign_in(shop, email)


def operator(shop, email="ada@books.example"):
    shop.ok("staff", "add", email, "--password-stdin", stdin=PASSWORD.encode() + b"\n")
    return sign_in(shop, email)


def sign_in(shop, email):
    browser = Browser(shop)
    assert browser.post("/desk/sign-in", "/desk/sign-in", {"email": email, "password": PASSWORD}).status == 303
    return browser


def trail(shop, *options):
    return json.loads(shop.ok("staff", "trail", "--json", *options))


def test_a_partner_has_one_shops_desk_and_no_more():
    with Shop(samples=False) as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        status, _, err = shop.run("staff", "add", "x@press.example", "--role", "partner", "--shop", "none", "--password-stdin",
                                  stdin=b"a long enough secret\n")
        assert status != 0 and "there is no shop none" in err, err
        for wrong in ["--role", "partner"], ["--shop", "main"], ["--role", "king", "--shop", "main"]:
            status, _, err = shop.run("staff", "add", "x@press.example", *wrong, "--password-stdin", stdin=b"a long enough secret\n")
            assert status != 0 and ("shop:" in err or "role:" in err), err
        assert "x@press.example" not in shop.ok("staff", "list")
        shop.serve()
        pia, ada = partner(shop), operator(shop)
        assert "pia@press.example partner of main without a second factor" in shop.ok("staff", "list")
        # Theirs, by the shortest way; nobody else's, and it looks as if it were not there.
        assert pia.get("/desk/").headers["Location"] == "/desk/partner/"
        assert pia.get("/desk/partner/").headers["Location"] == "/desk/partner/main/"
        home = pia.get("/desk/partner/main/")
        assert home.status == 200 and "Riverside" in home.text and "/desk/partner/main/" in pia.get("/us/account").text + home.text
        assert [pia.get("/desk/partner/%s/" % s).status for s in ("other", "none")] == [404, 404]
        # Nor anything of the operators'.
        for path in "/desk/demands", "/desk/trail", "/desk/complaints", "/desk/restrictions/add", "/desk/components":
            assert pia.get(path).status == 403, path
        # Operators see all.
        listed = ada.get("/desk/partner/").text
        assert "Riverside" in listed and "Elsewhere" in listed
        assert ada.get("/desk/partner/other/").status == 200
        # Readers and strangers see none.
        assert Browser(shop).get("/desk/partner/main/").status == 303
        reader = Browser(shop)
        assert reader.sign_up("us", "Rae").status == 303
        assert reader.get("/desk/partner/main/").status == 403
        assert {"sign in", "staff add"} <= {e["what"] for e in trail(shop)}
        # Who is none any more has lost the desk, and its session.
        shop.ok("staff", "remove", "pia@press.example")
        assert pia.get("/desk/partner/main/").status == 303


def test_a_partner_gives_a_second_factor_like_all_staff():
    with Shop(samples=False) as shop:
        shop.ok("staff", "require-second-factor", "on")
        shop.serve()
        pia = partner(shop)
        assert pia.get("/desk/partner/main/").headers["Location"].startswith("/desk/sign-in/code")
        assert "Scan this" in pia.get("/desk/sign-in/code").text
