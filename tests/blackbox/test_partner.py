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
from shop import Browser, Node, Shop, onix, product
from test_files import png
from test_nodes import cluster_url

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
        # The language asked for once at the desk is the desk's from then on.
        assert 'lang="de"' in pia.get("/desk/partner/main/?language=de").text and 'lang="de"' in pia.get("/desk/partner/main/").text.split("<body")[0]
        assert '<html lang="en"' in pia.get("/desk/partner/main/?language=en").text
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
        # Nor does a password alone end the account.
        erased = pia.post("/us/account/erase", "/us/account/erase", {"password": PASSWORD})
        assert erased.status == 422 and "pia@press.example" in shop.ok("staff", "list"), erased.status


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


def test_a_feed_says_where_its_shop_sells_now():
    """Nothing wrong in the feed, and yet nothing on sale in a country: that stands first, with the reason."""
    with Shop(samples=False) as shop:
        shop.serve()
        pia = partner(shop)
        sent = upload(pia, HOME, onix(product("r1", GOOD), product("r2", OTHER, rights="US")).encode())
        page = ended(shop, pia, sent.headers["Location"])
        assert "Nothing to mend" in page and page.index('id="on-sale"') < page.index('id="findings"')
        rows = dict(re.findall(r'<tr data-country="(\w+)">(.*?)</tr>', page, re.S))
        assert ">2 out of 2<" in rows["US"] and "none of 2" in rows["CN"], rows
        reason = re.search(r'<a href="([^"]*why=[^"]*)">[^<]*: 1<', rows["CN"])
        assert "1 title found" in pia.get(reason[1].replace("&amp;", "&")).text


def test_what_stops_the_sale_everywhere_stands_at_the_top():
    """Records that say nowhere where they may be sold; and a file that was none says nothing of the shop's titles."""
    with Shop(samples=False) as shop:
        shop.serve()
        pia = partner(shop)
        silent = re.sub("<SalesRights>.*?</SalesRights>", "", product("r1", GOOD))
        at = upload(pia, HOME, onix(silent, product("r2", OTHER, rights="US"), product("r3", BAD)).encode()).headers["Location"]
        page = ended(shop, pia, at)
        warned = re.search(r'<p class="error" data-rightless="1"><a href="([^"]*)">', page)
        assert warned and page.index("data-rightless") < page.index('id="on-sale"'), page
        listed = pia.get(warned[1].replace("&amp;", "&")).text
        assert GOOD in listed and OTHER not in listed
        refused = ended(shop, pia, upload(pia, HOME, b"no ONIX at all").headers["Location"])
        assert 'id="on-sale"' not in refused and "data-rightless" not in refused, refused
        # Mended, it goes; beside the last file of this name that was taken it is said what went with it.
        assert 'id="before"' not in page + refused
        mended = ended(shop, pia, upload(pia, HOME, onix(product("r1", GOOD)).encode()).headers["Location"])
        beside = re.search(r'data-found="0" data-gone="(\d+)"><a href="([^"]*)">', mended)
        assert "data-rightless" not in mended and beside and int(beside[1]) > 0 and beside[2] == at, mended
        # The same once more: nothing is new, nothing is gone.
        assert 'data-found="0" data-gone="0"' in ended(shop, pia, upload(pia, HOME, onix(product("r1", GOOD)).encode()).headers["Location"])


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
        assert "Compare the ISBN with the printed one" in page and "“%s” is no valid ISBN." % BAD in page
        # In the reader's language, all of it.
        chinese = pia.get(at + "?language=zh-Hans").text
        assert "“%s”不是有效的 ISBN。" % BAD in chinese and "no valid ISBN" not in chinese
        assert "no valid ISBN" in pia.get(at + "?language=en").text
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
        empty, none = upload(pia, HOME, b""), upload(pia, HOME, b"", name="")
        assert empty.status == none.status == 422 and "The file is empty." in empty.text and "Please choose the file to send." in none.text
        assert ">feed:" not in empty.text + none.text
        assert upload(pia, HOME, feed, token="x").status == 403
        # What is no feed is held, and says where it broke off.
        held = ended(shop, pia, upload(pia, HOME, b"<ONIXMessage release='3.0'><Header>", name="cut.xml").headers["Location"])
        assert ">held<" in held and 'class="error"' in held and "shop/feeds" not in held and shop.dir not in held
        # The finding has its line; why it is held stands once.
        broken = json.loads(pia.get(re.search(r'href="([^"]*)/findings.jsonl"', held)[1] + "/findings.jsonl").text)
        assert broken["line"] == 1 and broken["reason"] == "Line 1: the file ends too early.", broken
        assert held.count("Line 1: the file ends too early.") == 1, held
        shop.until(lambda: os.listdir(os.path.join(shop.dir, "feeds")) == [], "the files to go")
        rows = [e for e in trail(shop, "--who", "pia@press.example") if e["what"] == "POST /desk/partner/{shop}/feeds"]
        assert len(rows) == 4 and "main" in rows[0]["on"], rows
        told = " ".join(row["on"] for row in rows)  # the file by its name, and nothing of the form's own token
        assert "file=spring.xml" in told and "file=cut.xml" in told and "token" not in told, rows
        shop.until(lambda: len(exim.letters("pia@press.example")) == 4, "the letters", 60)
        letters = exim.letters("pia@press.example")
        assert any("Records of a feed were refused: spring.xml" in m["Subject"] for m in letters)
        assert any("A feed is held: cut.xml" in m["Subject"] for m in letters)
        assert any("https://books.example" + at in m.get_content() for m in letters)


def test_messages_that_did_not_come_are_told():
    """By the numbers that one sender gives them."""
    with Shop(samples=False) as shop:
        shop.serve()
        pia = partner(shop)
        def gaps(number, sender="Test"):
            feed = onix(product("r1", GOOD), header="<MessageNumber>%s</MessageNumber>" % number).replace(">Test<", ">%s<" % sender)
            at = upload(pia, HOME, feed.encode(), name="m%s.xml" % number).headers["Location"]
            ended(shop, pia, at)
            return [f["reason"] for f in map(json.loads, pia.get(at + "/findings.jsonl").text.splitlines()) if f["code"] == "message-gap"]
        assert gaps(7) == [] and gaps(8) == []
        assert gaps(12) == ["Messages 9 to 11 of this sender did not come."]
        assert gaps(12) == ["Messages 9 to 11 of this sender did not come."], "the same, read again"
        assert gaps(10) == [] and gaps(13) == []
        assert gaps(15) == ["Message 14 of this sender did not come."] and gaps("x") == gaps("20261130") == gaps(99, "Other") == []
        page = pia.get(HOME).text
        assert "m15.xml" in page


def test_the_operators_desk_tells_how_the_shop_runs():
    """Feeds that were held, letters that wait, room on the disk; and each desk leads to one's own account and out."""
    with Shop(samples=False) as shop:
        shop.serve()
        pia, ada = partner(shop), operator(shop)
        front = lambda: ada.get("/desk/?language=en").text.split("data-running")[1].split("</dl>")[0]
        assert "none is late" in front() and 'data-letters="0"' in front() and re.search(r"data-disk>\s*[\d.,]+ [KMG]B free of [\d.,]+ [KMG]B", front()), front()
        assert 'data-reader="foliate-js"' in front() and "zip.js.LICENSE" in front() or "built without its reader" in front()
        at = upload(pia, HOME, b"<ONIXMessage release='3.0'><Header>", name="cut.xml").headers["Location"]
        assert ">held<" in ended(shop, pia, at)
        assert re.search(r'data-shop="main"><a href="/desk/partner/main/">Riverside</a>\s*<span class="state in">1 held</span>\s*</div>', front()), front()
        # Each page of a partner leads to their own account and out of the desk; the account is theirs.
        for page in HOME, HOME + "titles", HOME + "hints", at:
            text = pia.get(page).text
            assert 'action="/desk/sign-out"' in text, page
            own = re.search(r'<a href="([^"]*/account/security)">', text)[1]
        assert pia.get(own).status == 200 and "pia@press.example" in pia.get("/us/account").text
        assert pia.post(HOME, "/desk/sign-out", {}).status == 303 and pia.get(HOME).status == 303


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


def correct(browser, key, fields, home=HOME):
    return browser.post(home + "titles/" + key, home + "titles/%s/corrections" % key, fields)


def test_corrections_outlive_the_next_feed():
    """Over the record as it is sent again, changed, updated by blocks; until they are taken back."""
    with Shop(samples=False) as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        load = lambda text, of="main": shop.run("import", "--shop", of, shop.file("f.xml", text))

        def feed(title, amount="9.90", **more):
            return onix(product("r1", GOOD, title, amount=amount, **more))
        assert load(feed("A titel"))[0] == 0
        shop.serve()
        pia, ada, eve = partner(shop), operator(shop), partner(shop, "other", "eve@press.example")
        page = HOME + "titles/" + GOOD
        shown = lambda: shop.edition(GOOD)
        works = lambda query: [r["title"] for r in shop.get("/api/v1/us/search?q=" + query).json()["results"]]
        assert correct(pia, GOOD, {"title": "A title", "subtitle": "Mended", "said": "Somebody", "contributor": "Some Body",
                                   "description": "Two <b>words</b>.<script>x</script>"}).headers["Location"] == page + "?done=1#corrections"
        names = lambda: [c["name"] for c in shown()["contributors"]]
        assert shown()["title"] == "A title" and names() == ["Some Body"], shown()
        shop.until(lambda: works("mended") or works("A title"), "the index to follow")
        assert "Some Body" in shop.get("/us/books/" + GOOD).text and "x</script>" not in shop.get("/us/books/" + GOOD).text
        desk = pia.get(page).text
        assert desk.count('class="corrected"') == 4 and "Corrected by pia on" in desk and "The feed says: A titel" in desk
        assert "The feed says nothing." in desk and "Two &lt;b&gt;words" in desk
        # The next feeds: the same, another price, and blocks alone.
        for text, price in (feed("A titel"), "9.90"), (feed("A titel, again", "8.80"), "8.80"), (feed("A titel, again", "7.70", notification="04"), "7.70"):
            assert load(text)[0] == 0
            assert shown()["title"] == "A title" and names() == ["Some Body"], text
            assert ('"%s"' % price) in json.dumps(shown()) or price in shop.get("/us/books/" + GOOD).text
        assert "The feed says: A titel, again" in pia.get(page).text
        # A record that was deleted and comes again.
        assert load(feed("A titel", notification="05", blocks=False))[0] == 0 and pia.get(page).status == 404
        assert load(feed("A titel once more"))[0] == 0 and shown()["title"] == "A title"
        # The operator takes one back: the form as the feed has it.
        assert correct(ada, GOOD, {"title": "A titel once more"}).status == 303
        assert shown()["title"] == "A titel once more" and names() == ["Some Body"]
        assert correct(pia, GOOD, {"subtitle": "", "said": "Somebody", "contributor": "Somebody", "description": ""}).status == 303
        assert names() == ["Somebody"] and 'class="corrected"' not in pia.get(page).text
        assert shop.look("SELECT COUNT(*) FROM record_said") == "0" == shop.look("SELECT COUNT(*) FROM correction")
        assert load(feed("A titel, last"))[0] == 0 and shown()["title"] == "A titel, last"
        # What is wrong is said beside its field, and changes nothing; nobody corrects another shop's.
        for wrong in {"title": ""}, {"title": "x" * 1001}, {"said": "Nobody", "contributor": "Me"}:
            answer = correct(pia, GOOD, wrong)
            assert answer.status == 422 and 'id="error"' in answer.text, wrong
        assert correct(eve, GOOD, {"title": "Mine"}).status == 403  # its page is not there, and so has no token
        assert eve.post("/desk/partner/other/", HOME + "titles/%s/corrections" % GOOD, {"title": "Mine"}).status == 404
        assert eve.post("/desk/partner/other/", "/desk/partner/other/titles/%s/corrections" % GOOD, {"title": "Mine"}).status == 404
        assert shown()["title"] == "A titel, last"
        rows = [e for e in trail(shop, "--who", "pia@press.example") if "corrections" in e["what"]]
        assert rows and GOOD in rows[0]["on"] and "main" in rows[0]["on"]


def test_a_cover_by_the_form():
    with Shop(samples=False) as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        for of in "main", "other":
            assert shop.run("import", "--shop", of, shop.file("f.xml", onix(product("r1", GOOD))))[0] == 0
        shop.serve()
        pia, eve = partner(shop), partner(shop, "other", "eve@press.example")

        def give(browser, home, content, **fields):
            token = re.search(r'name="token" value="([^"]*)"', browser.get(home + "titles/" + GOOD).text)[1]
            parts = [('name="token"', token.encode())] + [('name="%s"' % n, v) for n, v in fields.items()]
            parts += [('name="cover"; filename="c.png"', content)] if content else []
            body = b"".join(b"--x1x\r\nContent-Disposition: form-data; " + h.encode() + b"\r\n\r\n" + v + b"\r\n" for h, v in parts)
            return shop.ask("POST", home + "titles/%s/cover" % GOOD, body + b"--x1x--\r\n", {
                "Content-Type": "multipart/form-data; boundary=x1x", "Cookie": "; ".join("%s=%s" % c for c in browser.cookies.items())})
        picture = png(300, 400)
        drawn = shop.get("/us/covers/" + GOOD).headers["Content-Type"]
        assert give(pia, HOME, b"no picture").status == 422
        assert shop.dir not in give(pia, HOME, b"no picture").text
        assert give(eve, "/desk/partner/other/", picture).status == 403  # main's record describes it
        answer = give(pia, HOME, picture)
        assert answer.status == 303, answer.text
        assert shop.get("/us/covers/" + GOOD).headers["Content-Type"] != drawn
        assert 'data-field="cover"' in pia.get(HOME + "titles/" + GOOD).text
        assert "0 without covers" in pia.get(HOME + "titles").text
        assert give(pia, HOME, b"", remove=b"1").status == 303
        assert shop.get("/us/covers/" + GOOD).headers["Content-Type"] == drawn
        assert os.listdir(os.path.join(shop.dir, "feeds")) == []


def test_of_several_nodes_one_imports():
    """The one that has the file; every node shows how it went."""
    with Shop(samples=False, database=cluster_url()) as one, Node(one, "two") as two:
        one.ok("staff", "require-second-factor", "off")
        one.serve()
        two.serve()
        pia = partner(one)
        there = Browser(two)
        there.cookies = dict(pia.cookies)
        for node, browser, isbn in (one, pia, GOOD), (two, there, OTHER):
            at = upload(browser, HOME, onix(product("r" + isbn, isbn)).encode()).headers["Location"]
            for who in pia, there:
                assert counts(ended(one, who, at)) == [1, 0, 0, 0, 0]
            for each in one, two:
                each.until(lambda: each.get("/api/v1/us/editions/" + isbn).status == 200, "the title on each node", 60)
        assert one.look("SELECT COUNT(*) FROM feed WHERE attempts = 1 AND state = 'taken'") == "2"
