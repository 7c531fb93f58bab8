"""Licences to sell: what a country asks for, what is held, and what is not sold for want of it."""
import json
import re
import time

from ebooks import give_files
from exim import Exim
from shop import Shop, moment
from test_partner import operator
from test_public_face import counted

PRINT, EBOOK = "9780000050014", "9780000050021"  # 红楼梦, on paper and as an e-book
DAY = 86400
ONLINE = ("--country", "CN", "--formats", "ebook", "--activity", "publish-online")
HELD = ("--country", "CN", "--kind", "activity", "--authority", "Press Administration", "--holder", "Riverside (Shanghai) Ltd",
        "--activities", "publish-online", "--formats", "ebook")


def said_once(shop, path, verdict):
    """A result says that it is not sold here in its first words, and why behind them."""
    lines = lambda: re.findall(r'<p class="price not-here" data-verdict="%s">.*?</p>' % verdict, shop.get(path).text, re.S)
    shop.until(lines, "results that are not sold for that")
    assert all(line.lower().count("sold here") == 1 and "licence" in line for line in lines()), lines()


def entries(shop, *kinds):
    lines = [json.loads(line) for line in shop.ok("record", "export", "jsonl").splitlines()]
    return [line["entry"] for line in lines if line["entry"]["type"] in kinds]


def gaps(shop):
    return [(e["storefront"], e["formats"], e["gap"]) for e in entries(shop, "licence_gap")]


def verdict(shop, isbn, storefront="cn"):
    return shop.edition(isbn, storefront)["offers"][0]["verdict"]


def sold_here(shop, storefront="cn"):
    """Formats that the search index counts as sold there."""
    found = shop.api("GET", "/%s/search?q=&availability=here" % storefront).json()
    return {value["value"] for value in found["facets"]["format"]}


def day(days):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * DAY))


def test_a_need_closes_and_a_licence_opens():
    with Shop() as shop:
        give_files(shop, EBOOK)
        shop.serve()
        before = sold_here(shop)
        assert verdict(shop, EBOOK) == "ok" and "ebook" in before and "paperback" in before and not gaps(shop)
        standing = lambda: {s["storefront"]: s["formats"] for s in shop.api("GET", "/record/licences").json()["storefronts"]}
        assert standing()["cn"]["ebook"] == {"may_sell": True, "gap": "tolerated", "licence": None}
        shop.ok("licence", "need", *ONLINE, "--need", "required", "--kind", "activity", "--source", "Order 5 of 2016, Art. 7", "--read", "2026-11-01",
                "--reasons", "Making e-books available online is publishing there.")
        offer = shop.edition(EBOOK, "cn")["offers"][0]
        assert offer["verdict"] == "licence-missing" and not offer["sold"] and "publish-online of ebook in CN" in offer["evidence"], offer
        assert verdict(shop, PRINT) == "ok" and verdict(shop, EBOOK, "us") == "ok"
        assert sold_here(shop) == before - {"ebook"} and "ebook" in sold_here(shop, "us")
        assert gaps(shop) == [("cn", ["ebook"], "missing")]
        page = shop.get("/cn/en/books/" + EBOOK).text
        assert 'data-verdict="licence-missing"' in page and "a licence that this country asks for" in page
        # The home page says what is not sold, and why.
        home = shop.get("/cn/en/").text
        assert "Not sold here: e-books. A licence that this country asks for is missing." in home and "/record/licences/" in home
        assert "data-closed" not in shop.get("/us/").text
        said_once(shop, "/cn/en/search?q=&format=ebook", "licence-missing")

        made = json.loads(shop.ok("licence", "add", *HELD, "--status", "applied", "--json"))
        assert verdict(shop, EBOOK) == "licence-missing"
        shop.ok("licence", "change", str(made["id"]), "--status", "granted", "--from", day(0), "--until", day(300))
        assert verdict(shop, EBOOK) == "ok" and "ebook" in sold_here(shop)
        assert gaps(shop)[1:] == [("cn", ["ebook"], "none")]
        # Of retail nobody has said anything: it goes on as before, and no further.
        assert standing()["cn"]["ebook"] == {"may_sell": True, "gap": "tolerated", "licence": made["id"]}
        shop.ok("licence", "need", "--country", "CN", "--formats", "ebook", "--need", "not-required", "--source", "Order 10 of 2016")
        assert standing()["cn"]["ebook"] == {"may_sell": True, "gap": "none", "licence": made["id"]}

        shop.ok("licence", "end", str(made["id"]), "--status", "revoked")
        assert verdict(shop, EBOOK) == "licence-missing" and gaps(shop)[2:] == [("cn", ["ebook"], "missing")]
        shop.ok("licence", "need", *ONLINE, "--need", "not-required", "--source", "Order 6 of 2026")
        assert verdict(shop, EBOOK) == "ok" and gaps(shop)[3:] == [("cn", ["ebook"], "none")]
        # That something is not researched is said, too, and closes what was open because nobody had said anything.
        shop.ok("licence", "need", "--country", "US", "--need", "not-researched")
        said_once(shop, "/us/search?q=", "licence-not-researched")
        assert verdict(shop, PRINT, "us") == "licence-not-researched" and gaps(shop)[4:] == [("us", ["print", "ebook", "audio"], "not-researched")]
        assert [e["status"] for e in entries(shop, "licence", "licence_changed")] == ["applied", "granted", "revoked"]
        status, out, err = shop.audit()
        assert status == 0, (out, err)


def test_a_new_storefront_sells_nothing_before_somebody_looked():
    with Shop() as shop:
        shop.ok("storefront", "add", "de", "--country", "US", "--language", "de", "--currency", "USD")
        shop.ok("storefront", "add", "ca", "--country", "CN", "--language", "en", "--currency", "CNY", "--no-licence-needed", "Trade Act, s. 3")
        shop.serve()
        assert verdict(shop, PRINT, "de") == "licence-not-researched" and verdict(shop, PRINT, "us") == "ok"
        assert verdict(shop, PRINT, "ca") == "ok" and verdict(shop, PRINT) == "ok"
        assert gaps(shop) == [("de", ["print", "ebook", "audio"], "not-researched")]
        stated = entries(shop, "licence_need")
        assert [(e["country"], e["need"], e["source"], e["activity"]) for e in stated] == [("CN", "not-required", "Trade Act, s. 3", "retail")]
        assert 'data-verdict="licence-not-researched"' in shop.get("/de/books/" + PRINT).text
        # Its home page says so, and leads to the books all the same, of which it counts none as sold.
        home = shop.get("/de/").text
        closed = home.split('data-closed="licence"')[1].split("</section>")[0]
        assert "/record/licences/" in closed and 'href="/de/subjects/F">' in home and '<span class="soft n">' not in home.split('class="ways"')[1].split("</nav>")[0]
        shop.ok("licence", "need", "--country", "US", "--need", "not-required", "--source", "Trade Act, s. 3")
        assert verdict(shop, PRINT, "de") == "ok" and gaps(shop)[1:] == [("de", ["print", "ebook", "audio"], "none")]


def test_retail_alone_opens():
    """Whoever looked into lending has not looked into selling."""
    with Shop() as shop:
        shop.ok("storefront", "add", "de", "--country", "DE", "--language", "de", "--currency", "EUR")
        shop.serve()
        for activity in ("lend", "import", "wholesale", "publish-online"):
            shop.ok("licence", "need", "--country", "DE", "--activity", activity, "--need", "not-required", "--source", "Trade Act, s. 3")
            offer = shop.edition(PRINT, "de")["offers"][0]
            assert offer["verdict"] == "licence-not-researched" and "no need stated for retail of print in DE" in offer["evidence"], (activity, offer)
        shop.ok("licence", "need", "--country", "DE", "--need", "not-required", "--source", "Trade Act, s. 3")
        assert verdict(shop, PRINT, "de") not in ("licence-missing", "licence-not-researched")
        shop.ok("licence", "need", "--country", "DE", "--activity", "import", "--need", "not-researched")
        offer = shop.edition(PRINT, "de")["offers"][0]
        assert offer["verdict"] == "licence-not-researched" and "for import of print in DE not researched, entry" in offer["evidence"], offer


def test_a_second_storefront_takes_nothing_back():
    with Shop(samples=False) as shop:
        add = ("--country", "CN", "--language", "en", "--currency", "CNY")
        shop.ok("licence", "need", "--country", "CN", "--formats", "ebook", "--need", "required", "--kind", "activity", "--source", "Order 5 of 2016")
        before = entries(shop, "licence_need", "licence_gap")
        status, _, err = shop.run("storefront", "add", "hk", *add, "--no-licence-needed", "Trade Act, s. 3")
        assert status == 1 and "something was stated of CN before" in err and "licence need" in err, (status, err)
        assert entries(shop, "licence_need", "licence_gap") == before
        shop.serve()
        ada = operator(shop)
        form = {"slug": "hk", "country": "CN", "currency": "CNY", "language": "en", "no_licence": "Trade Act, s. 3"}
        refused = ada.post("/desk/storefronts", "/desk/storefronts", form)
        assert refused.status == 409 and 'aria-describedby="error"' in refused.text and "asks for was stated before" in refused.text
        assert entries(shop, "licence_need", "licence_gap") == before
        assert ada.post("/desk/storefronts", "/desk/storefronts", {**form, "no_licence": ""}).status == 303


def test_midnight_ends_and_begins():
    with Shop() as shop:
        give_files(shop, EBOOK)
        shop.ok("licence", "need", *ONLINE, "--need", "required", "--kind", "activity", "--source", "Order 5 of 2016")
        last = (int(time.time()) // DAY + 2) * DAY
        shop.ok("licence", "add", *HELD, "--from", moment(last - 20 * DAY), "--until", moment(last))
        shop.ok("licence", "add", *HELD, "--from", moment(last + DAY))
        page = lambda: shop.get("/cn/en/books/" + EBOOK).text
        shop.serve()
        assert "licence-missing" not in page() and "ebook" in sold_here(shop)
        shop.stop()
        # Nobody says anything: the day is over, UTC. The gap stands in the Record with the next head.
        for when, missing in ((last + 60, True), (last + DAY + 60, False)):
            shop.serve(env={"COLOPHON_NOW": moment(when)})
            assert ("licence-missing" in page()) == missing and ("ebook" not in sold_here(shop)) == missing
            shop.until(lambda: gaps(shop)[-1][2] == ("missing" if missing else "none"), "the entry of the gap")
            shop.stop()
            # A clock that is set back ends nothing: what was signed last says how late it is, on pages and of gaps.
            shop.ok("licence", "need", "--country", "US", "--formats", "audio", "--need", "not-required", "--source", "Code, s. 1", "--read", "2026-11-01")
            assert gaps(shop)[-1][2] == ("missing" if missing else "none"), gaps(shop)


def test_the_years_report_counts_them():
    with Shop(samples=False) as shop:
        def at(year, *call):
            shop.env["COLOPHON_NOW"] = "%d-03-01T00:00:00Z" % year
            return shop.ok("licence", *call)

        at(2097, "add", *HELD, "--status", "applied")
        at(2097, "add", *HELD, "--from", "2097-01-01", "--until", "2097-12-30")
        at(2097, "add", *("DE" if word == "CN" else word for word in HELD), "--status", "refused")
        at(2098, "change", "1", "--status", "granted", "--from", "2098-02-01")
        at(2098, "add", *HELD, "--status", "applied")
        shop.serve()
        assert counted(shop, "2097")["licences"] == [["CN", "applied", "1"], ["CN", "granted", "1"], ["DE", "refused", "1"]]
        assert counted(shop, "2098")["licences"] == [["CN", "applied", "1"], ["CN", "granted", "2"], ["DE", "refused", "1"]]
        page = shop.get("/record/report/2098?language=zh-Hans").text
        assert "销售许可证" in page and "被主管机关驳回" in page.split('<section id="licences"')[1].split("</section>")[0]


def test_what_is_refused():
    with Shop(samples=False) as shop:
        before = shop.decisions()
        need = ("licence", "need", "--country", "CN", "--formats", "ebook")
        for call, status, word in (
                ((*need, "--need", "perhaps"), 2, "need"), ((*need, "--need", "required", "--source", "L"), 2, "kind"),
                ((*need, "--need", "not-required"), 2, "source"), ((*need, "--need", "not-required", "--source", "L", "--read", "2099-01-01"), 1, "read"),
                (("licence", "need", "--country", "cn", "--need", "not-researched"), 1, "country"),
                (("licence", "need", "--country", "CN", "--formats", "scrolls", "--need", "not-researched"), 2, "formats"),
                ((*need, "--need", "not-required", "--source", "see https://law.example"), 1, "source: it names nobody's address"),
                ((*(word.replace("Riverside (Shanghai) Ltd", "li@riverside.example") for word in ("licence", "add", *HELD)), "--status", "applied"), 1, "holder: it names nobody's address"),
                (("licence", "add", *HELD), 1, "from"), (("licence", "add", *HELD, "--from", "2026-02-30"), 2, "from"),
                (("licence", "add", *HELD, "--from", "2026-02-20", "--until", "2026-02-10"), 1, "until"),
                (("licence", "add", *HELD, "--status", "lost"), 2, "status"), (("licence", "end", "7"), 1, "no licence 7"),
                (("licence", "change", "1"), 2, "nothing would change"),
                (("storefront", "add", "de", "--country", "DE", "--language", "de", "--currency", "EUR", "--no-licence-needed", "L", "--unresearched", "sell"), 2, "unresearched"),
                (("licence", "end", "x"), 2, "number"), (("licence", "change", "1", "--status", "granted"), 1, "no licence 1")):
            got, _, err = shop.run(*call)
            assert got == status and word in err, (call, got, err)
        assert shop.decisions() == before


def test_the_pages():
    with Shop() as shop:
        give_files(shop, EBOOK)
        shop.serve(env={"COLOPHON_LICENCES": "1"})
        ada = operator(shop)
        assert "Nothing is stated of any country yet." in shop.get("/record/licences/").text and '/record/licences/"' in shop.get("/record/").text
        need = {"form": "need", "country": "CN", "formats": ["ebook", "audio"], "activity": "publish-online", "need": "required", "kind": "activity",
                "source": "Order 5 of 2016", "read": "2026-11-01", "reasons": "Making <e-books> available is publishing."}
        refused = ada.post("/desk/licences", "/desk/licences/need", {**need, "source": ""})
        assert refused.status == 422 and "Making &lt;e-books&gt;" in refused.text and '<option value="CN" selected>' in refused.text
        assert 'value="ebook" checked' in refused.text and 'value="print" checked' not in refused.text
        assert ada.post("/desk/licences", "/desk/licences/need", need).headers["Location"] == "/desk/licences?done=1"
        last = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 60 * DAY))
        held = {"form": "add", "country": "CN", "kind": "activity", "authority": "Press Administration", "holder": "Riverside Ltd", "number": "P 1",
                "formats": "ebook", "activities": ["publish-online", "retail"], "status": "granted", "from": "2026-01-01", "until": last}
        assert ada.post("/desk/licences", "/desk/licences", {**held, "holder": ""}).status == 422
        assert ada.post("/desk/licences", "/desk/licences", held).status == 303
        desk = ada.get("/desk/licences").text
        # What would stop: the e-books that are sold there now; it ends soon, and the desk says so.
        ebooks = next(v["count"] for v in shop.api("GET", "/cn/search?q=&availability=here").json()["facets"]["format"] if v["value"] == "ebook")
        assert 'data-stops="1">e-books in China: %d<' % ebooks in desk and "1 licence ends within 90 days." in desk and 'data-soon="1"' in desk
        shop.ok("licence", "need", "--country", "CN", "--formats", "ebook", "--need", "not-required", "--source", "Order 10 of 2016")
        # A page has so many of each list; behind the last there is none.
        first, second = (shop.get("/record/licences/?page=%d" % n).text for n in (1, 2))
        assert 'data-need="not-required"' in first and 'data-need="required"' not in first and 'rel="next"' in first
        assert 'data-need="required"' in second and 'data-storefront' not in second and "None was ever" not in second
        assert shop.get("/record/licences/?page=9").status == 303 and shop.get("/record/licences/?page=x").status in (400, 422)
        shop.serve()
        page = shop.get("/record/licences/").text
        row = page.split('data-storefront="cn"')[1].split("</tr>")[0]
        assert 'data-standing="none"' in row and "sold under licence 1" in row and "not sold: the licence is missing" in row
        assert "Making &lt;e-books&gt; available" in page and "As read in Order 5 of 2016" in page and 'data-licence="1"' in page
        assert "renewal" not in page and "data-stops" not in page
        # No form begins with something that could be published by mistake.
        for name in ("need", "kind", "activity", "status", "licence", "country"):
            for select in desk.split('<select name="%s"' % name)[1:]:
                assert select.split(">", 1)[1].startswith('<option value="">') and " selected" not in select.split("</select>")[0], name
        # Two needs, a licence for each, and a second one for one of them: only what has no other would stop.
        shop.ok("licence", "need", "--country", "CN", "--formats", "ebook", "--need", "required", "--kind", "registration", "--source", "Order 10 of 2016")
        register = ("licence", "add", "--country", "CN", "--kind", "registration", "--authority", "Trade Register", "--holder", "Riverside Ltd", "--formats", "ebook",
                    "--activities", "retail")
        shop.ok(*register, "--from", "2026-01-01")
        stops = lambda: [n for n in (1, 2, 3) if 'data-stops="%d">e-books in China: %d<' % (n, ebooks) in ada.get("/desk/licences").text]
        assert stops() == [1, 2]
        shop.ok(*register, "--from", "2026-02-01")
        assert stops() == [1]
        shop.ok(*register, "--status", "applied", "--until", "2027-12-30")
        page = shop.get("/record/licences/").text
        assert "1970" not in page and "Until 30 December 2027" in page.split('data-licence="4"')[1].split("</dl>")[0]
        # Renewed by typing a day alone; the status stays, and each step has its term.
        change = {"form": "change", "licence": "1", "status": "", "from": "", "until": ""}
        refused = ada.post("/desk/licences", "/desk/licences/change", change)
        assert refused.status == 422 and "Nothing would change" in refused.text and '<option value="1" selected>' in refused.text
        assert ada.post("/desk/licences", "/desk/licences/change", {**change, "until": "2031-12-30"}).status == 303
        history = shop.api("GET", "/record/licences").json()["licences"][0]["history"]
        assert [(step["status"], step["from"] is None, step["until"][:10]) for step in history] == [("granted", False, history[0]["until"][:10]), ("granted", True, "2031-12-31")]
        steps = shop.get("/record/licences/").text.split('data-licence="1"')[1].split('<ol class="steps">')[1].split("</ol>")[0]
        assert "From 1 January 2026, until" in steps and "Until 30 December 2031" in steps, steps
        change = {**change, "status": "suspended"}
        assert ada.post("/desk/licences", "/desk/licences/change", {**change, "licence": "9"}).status == 404
        assert ada.post("/desk/licences", "/desk/licences/change", change).status == 303
        page = shop.get("/record/licences/").text
        assert page.count("not sold: the licence is missing") == 2 and page.count("<b>suspended</b>") == 1 and page.count("<b>granted by the authority</b>") == 4
        assert page.count('data-gap="missing"') == 3 and page.count('data-gap="none"') == 2
        assert "已中止" in shop.get("/record/licences/?language=zh-Hans").text
        offer = shop.get("/cn/en/books/" + EBOOK).text.split('data-verdict="licence-missing"')[1].split("</div>")[0]
        assert "/record/licences/" in offer
        # At the shop's desk it is said in words.
        title = ada.get("/desk/partner/main/titles/" + EBOOK).text
        assert "A licence that this country asks for is not held: entry " in title and "publish-online of ebook" not in title
        found = shop.get("/cn/en/search?format=ebook&q=%E7%BA%A2%E6%A5%BC%E6%A2%A6").text
        assert 'data-verdict="licence-missing"' in found and "a licence that this country asks for is missing" in found


def test_whoever_opens_a_storefront_is_asked():
    with Shop() as shop:
        shop.serve()
        ada = operator(shop)
        form = {"country": "DE", "currency": "EUR", "language": "de"}
        assert ada.post("/desk/storefronts", "/desk/storefronts", {**form, "slug": "de"}).status == 303
        assert ada.post("/desk/storefronts", "/desk/storefronts", {**form, "slug": "at", "country": "AT", "no_licence": "Trade Act, § 5"}).status == 303
        standing = {s["storefront"]: {f["gap"] for f in s["formats"].values()} for s in shop.api("GET", "/record/licences").json()["storefronts"]}
        assert standing == {"us": {"tolerated"}, "cn": {"tolerated"}, "de": {"not-researched"}, "at": {"none"}}
        refused = ada.post("/desk/storefronts", "/desk/storefronts", {**form, "slug": "ch", "no_licence": "see https://law.example"})
        assert refused.status == 422 and "https://law.example" in refused.text and "Name no address here" in refused.text and 'aria-describedby="error"' in refused.text


def test_operators_are_told_before_a_licence_ends():
    """90, 30 and 7 days before, each once, with what would stop; a partner is not."""
    with Shop() as shop, Exim() as exim:
        shop.ok("mail", "set", "--server", exim.server, "--from", "Books <post@books.example>", "--url", "https://books.example")
        for email, role in ("ada@books.example", ()), ("pia@press.example", ("--role", "partner", "--shop", "main")):
            shop.ok("staff", "add", email, *role, "--password-stdin", stdin=b"a long enough secret\n")
        shop.ok("licence", "need", *ONLINE, "--need", "required", "--kind", "activity", "--source", "Order 5 of 2016")
        last = (int(time.time()) // DAY + 100) * DAY
        shop.ok("licence", "add", *HELD, "--from", moment(last - 200 * DAY), "--until", moment(last))
        for told, before in enumerate((91, 89, 29, 6, 5), 0):
            shop.serve(env={"COLOPHON_NOW": moment(last - before * DAY)})
            letters = lambda: [m for m in exim.letters("ada@books.example") if "Licence 1 (China) ends on" in m["Subject"]]
            shop.until(lambda: len(letters()) == min(told, 3), "the letters %d days before" % before, 60)
            shop.stop()
        text = letters()[0].get_content()
        assert "e-books in China" in text and "https://books.example/desk/licences" in text, text
        assert exim.letters("pia@press.example") == []
