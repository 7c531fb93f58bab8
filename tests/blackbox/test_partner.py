"""The partners' desk: whose it is, and what partners do there."""
import csv
import gzip
import http.client
import io
import json
import lzma
import os
import re

from exim import Exim
from shop import Browser, Shop, onix, product

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


def upload(browser, path, content, name="feed.xml", field="feed", token=None):
    """Sends a file by the form that stands on the shop's page."""
    if token is None:
        token = re.search(r'name="token" value="([^"]*)"', browser.get(path).text)[1]
    body = b""
    for head, value in (('name="token"', token.encode()), ('name="%s"; filename="%s"' % (field, name), content)):
        body += b'--x1x\r\nContent-Disposition: form-data; ' + head.encode() + b'\r\n\r\n' + value + b'\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x1x",
               "Cookie": "; ".join("%s=%s" % c for c in browser.cookies.items())}
    return browser.shop.ask("POST", path + "feeds", body + b"--x1x--\r\n", headers)


def ended(shop, browser, path):
    """The feed's page once it is over."""
    pages = []

    def over():
        pages.append(browser.get(path).text)
        return 'http-equiv="refresh"' not in pages[-1]
    shop.until(over, "the feed to be imported", 60)
    return pages[-1]


GOOD, OTHER, BAD = "9780000060013", "9780000060020", "9780000060014"
HOME = "/desk/partner/main/"


def counts(page):
    return [int(n) for n in re.findall(r"<li><b>(\d+)</b>", page)]


def test_a_feed_by_the_form():
    """Plain, gzip and xz; the report by record; the trail; a mail where records were refused."""
    with Shop(samples=False) as shop, Exim() as exim:
        shop.ok("mail", "set", "--server", exim.server, "--from", "Books <post@books.example>", "--url", "https://books.example")
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        shop.serve()
        pia, eve = partner(shop), partner(shop, "other", "eve@press.example")
        feed = onix(product("r1", GOOD, "A good one"), product("r2", BAD, "A bad one"),
                    product("r3", OTHER, "Its <b>title</b>".replace("<", "&lt;"), rights="WORLD UK")).encode()
        sent = upload(pia, HOME, feed, name="C:\\feeds\\spring.xml")
        assert sent.status == 303, sent.text
        at = sent.headers["Location"]
        page = ended(shop, pia, at)
        assert "spring.xml" in page and "C:" not in page and counts(page) == [2, 0, 0, 0, 1], page
        # What is wrong, where, and what to do about it.
        assert 'data-code="isbn-check-digit"' in page and BAD in page and "ProductIdentifier/IDValue" in page and ">r2<" in page
        assert "Compare the ISBN with the printed one" in page
        assert "isbn-check-digit" in pia.get(at + "?severity=error").text
        assert "isbn-check-digit" not in pia.get(at + "?severity=warning").text
        lines = [json.loads(line) for line in pia.get(at + "/findings.jsonl").text.splitlines()]
        assert [(f["severity"], f["reference"], f["isbn"], f["code"]) for f in lines if f["severity"] == "error"] == [
            ("error", "r2", BAD, "isbn-check-digit")], lines
        table = list(csv.DictReader(io.StringIO(pia.get(at + "/findings.csv").text)))
        assert len(table) == len(lines) and table[0]["mend"] == lines[0]["mend"] != ""
        assert len(pia.get(at + "/findings.csv?severity=error").text.splitlines()) == 2
        assert pia.get(at + "?severity=x").status == 422
        # It is on sale; nobody else sees the feed.
        assert shop.edition(GOOD)["title"] == "A good one"
        for path in at, at + "/findings.csv", at.replace("/main/", "/other/"):
            assert eve.get(path).status == 404, path
        assert upload(eve, "/desk/partner/main/", feed, token="x").status in (403, 404)
        # The same again, packed: nothing changes. A form without a file, and one that is none of ours.
        for pack, name in (gzip.compress, "a.xml.gz"), (lzma.compress, "a.xml.xz"):
            again = ended(shop, pia, upload(pia, HOME, pack(feed), name=name).headers["Location"])
            assert counts(again) == [0, 0, 2, 0, 1], again
        assert upload(pia, HOME, b"").status == 422 and "choose the file" in upload(pia, HOME, b"").text
        assert upload(pia, HOME, feed, token="x").status == 403
        # What is no feed is held, and says where it broke off.
        held = ended(shop, pia, upload(pia, HOME, b"<ONIXMessage release='3.0'><Header>", name="cut.xml").headers["Location"])
        assert ">held<" in held and 'class="error"' in held and "shop/feeds" not in held and shop.dir not in held
        shop.until(lambda: os.listdir(os.path.join(shop.dir, "feeds")) == [], "the files to go")
        rows = [e for e in trail(shop, "--who", "pia@press.example") if e["what"] == "POST /desk/partner/{shop}/feeds"]
        assert len(rows) == 4 and "main" in rows[0]["on"], rows
        shop.until(lambda: len(exim.letters("pia@press.example")) == 4, "the letters", 60)
        letters = exim.letters("pia@press.example")
        assert any("Records of a feed were refused: spring.xml" in m["Subject"] for m in letters)
        assert any("A feed is held: cut.xml" in m["Subject"] for m in letters)
        assert any("https://books.example" + at in m.get_content() for m in letters)


def test_a_form_that_only_staff_may_fill():
    """Nothing goes to the disk before it is known who sends it."""
    with Shop(samples=False) as shop:
        shop.serve()
        reader = Browser(shop)
        assert reader.sign_up("us", "Rae").status == 303
        for who in Browser(shop), reader:
            assert upload(who, HOME, b"x" * (1 << 20), token="x").status in (303, 401, 403, 413)
        assert os.listdir(os.path.join(shop.dir, "feeds")) == []


def test_a_feed_by_the_folder():
    """Taken once its size rests; moved to done, or held."""
    with Shop(samples=False) as shop:
        shop.serve()
        pia = partner(shop)
        inbox = os.path.join(shop.dir, "inbox", "main")
        assert os.path.isdir(inbox)

        def drop(name, content):
            with open(os.path.join(inbox, name), "wb") as f:
                f.write(content)
        drop("spring.xml", onix(product("r1", GOOD)).encode())
        drop("broken.xml", b"<html>")
        drop("later.xml.part", b"<ONIX")
        os.symlink(os.path.join(shop.dir, "key"), os.path.join(inbox, "stolen.xml"))
        shop.until(lambda: os.path.exists(os.path.join(inbox, "done", "spring.xml")) and
                   os.path.exists(os.path.join(inbox, "held", "broken.xml")), "both to be moved", 60)
        assert sorted(os.listdir(inbox)) == ["done", "held", "later.xml.part", "stolen.xml"]
        home = pia.get(HOME).text
        assert "spring.xml" in home and "broken.xml" in home and "stolen" not in home and "later" not in home
        assert shop.edition(GOOD)["title"] == "A title"
        # The same name again is another feed.
        drop("spring.xml", onix(product("r2", OTHER)).encode())
        shop.until(lambda: pia.get(HOME).text.count(">spring.xml<") == 2, "the second one", 60)


def test_a_feed_goes_on_after_a_kill():
    """Before its first record, and after some of them are in."""
    for point, told in ("feed-begun", [1, 0, 0, 0, 0]), ("import-batch-committed", [0, 0, 1, 0, 0]):
        with Shop(samples=False) as shop:
            shop.serve(env={"COLOPHON_CRASH": point})
            pia = partner(shop)
            try:
                upload(pia, HOME, onix(product("r1", GOOD)).encode())
            except (OSError, http.client.HTTPException):
                pass  # the crash may come before the answer
            shop.until(lambda: shop.server.poll() is not None, "the crash", 60)
            shop.kill()
            shop.serve()
            pia = sign_in(shop, "pia@press.example")
            page = ended(shop, pia, re.search(r'href="([^"]*/feeds/\d+)"', pia.get(HOME).text)[1])
            assert ">imported<" in page and "begun 2 times" in page and counts(page) == told, page
            assert shop.edition(GOOD)["title"] == "A title"


def title(shop, browser, key, home=HOME):
    """{storefront: (verdict, evidence)} of a title's page."""
    text = browser.get(home + "titles/" + key).text
    rows = re.findall(r'<tr data-storefront="(\w+)" data-verdict="([\w-]+)">(.*?)</tr>', text, re.S)
    return {s: (v, re.search(r"<code>(.*?)</code>", row)[1]) for s, v, row in rows}


def test_what_is_on_sale_where_and_why_not():
    with Shop(samples=False) as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        cny = product("r2", OTHER, "Only in China").replace("<RegionsIncluded>WORLD</RegionsIncluded>",
                                                            "<CountriesIncluded>CN</CountriesIncluded>")
        cny = cny.replace("<CurrencyCode>USD", "<CurrencyCode>CNY")
        status, *_ = shop.run("import", "--shop", "main", shop.file("f.xml", onix(product("r1", GOOD, "Étude"), cny)))
        assert status == 0
        shop.serve()
        pia, eve = partner(shop), partner(shop, "other", "eve@press.example")
        # Each title, with what the verdict rests on.
        assert title(shop, pia, GOOD)["us"][0] == "ok"
        assert title(shop, pia, GOOD)["cn"] == ("no-price", title(shop, pia, GOOD)["cn"][1])
        assert title(shop, pia, OTHER)["cn"][0] == "ok"
        verdict, evidence = title(shop, pia, OTHER)["us"]
        assert verdict in ("not-for-sale", "rights-unknown") and "SalesRights" in evidence, evidence
        assert eve.get(HOME + "titles/" + GOOD).status == eve.get("/desk/partner/other/titles/" + GOOD).status == 404
        # Found by title whatever its case and accents, by name, by ISBN with hyphens; counted and narrowed.
        found = lambda query: re.findall(r'<tr data-key="(\w+)">', pia.get(HOME + "titles?" + query).text)
        assert found("") == [GOOD, OTHER] and found("q=etude") == [GOOD] and found("q=somebody") == [GOOD, OTHER]
        assert found("q=978-0-00-006002-0") == [OTHER] and found("q=nothing") == []
        assert found("in=us&why=not-sold") == [OTHER] and found("in=cn&why=no-price") == [GOOD] and found("in=us&why=sold") == [GOOD]
        assert found("cover=missing") == [GOOD, OTHER]
        assert [pia.get(HOME + "titles?" + q).status for q in ("in=xx", "why=xx", "page=0")] == [422] * 3
        page = pia.get(HOME + "titles").text
        assert "2 titles" in page and "2 without covers" in page
        assert HOME + "titles?in=us&amp;why=" + verdict in page
        table = list(csv.DictReader(io.StringIO(pia.get(HOME + "titles.csv").text)))
        assert [(r["isbn"], r["storefront"], r["on_sale"], r["price"]) for r in table] == [
            (GOOD, "us", "yes", "9.90"), (GOOD, "cn", "no", ""), (OTHER, "us", "no", ""), (OTHER, "cn", "yes", "9.90")], table
        assert all(r["evidence"] and r["in_words"] for r in table)
        assert len(pia.get(HOME + "titles.csv?in=us&why=not-sold").text.splitlines()) == 2
        # A sale that is withheld says by which restriction, and is counted so.
        number = shop.restrict("--ground", "operator", "--storefront", "us", "--edition", GOOD, "--withhold", "sale")
        shop.until(lambda: found("in=us&why=withheld") == [GOOD], "the restriction to be counted")
        assert "withheld: restriction" in pia.get(HOME + "titles/" + GOOD).text and number
        assert found("in=us&why=not-sold") == [GOOD, OTHER]
