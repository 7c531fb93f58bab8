"""What is withheld, where, and that it comes back to the byte."""
import json
import os
import re
import signal
import threading
import time

from shop import EMMA, SLOWNESS, Browser, Shop, moment, onix, product

FAR = "2099-12-31"


def strip_head(text):
    """A page without what changes with every commit: the Record's head."""
    return re.sub(r'<p class="head">.*?</p>', "", text)


def with_voices(shop):
    ann, bob, work = shop.reader("ann"), shop.reader("bob"), shop.work(EMMA)
    review = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "CANARY-TITLE", "text": "CANARY-TEXT", "language": "en", "stars": 4}, ann).json()
    for said in (shop.api("POST", "/reviews/%d/comments" % review["id"], {"text": "CANARY-COMMENT"}, bob),
                 shop.api("PUT", "/cn/works/%d/rating" % work, {"stars": 2}, bob)):
        assert said.status in (200, 201), said.text
    return work


def test_the_main_job():
    with Shop() as shop:
        shop.serve()
        shop.ok("collection", "add", "austen", "--name", "Austen", "--contributor", "Jane Austen")
        work = with_voices(shop)
        before = {p: strip_head(shop.get(p).text) for p in ["/us/books/" + EMMA, "/cn/books/" + EMMA, "/cn/en/books/" + EMMA]}
        before_json = shop.get("/api/v1/cn/editions/" + EMMA).body
        made = shop.authority("--storefront", "cn", "--collection", "austen", "--withhold", "ratings,reviews,comments", until="2027-12-31")
        for path, words in [("/cn/en/books/" + EMMA, ["Withheld in this storefront", "Example Authority", "Act 1, § 4", "31 December 2027"]),
                            ("/cn/books/" + EMMA, ["本店面不予显示", "Example Authority", "2027年12月31日"])]:
            page = shop.get(path)
            assert page.status == 200
            for word in words + ['data-restriction="%d"' % made["id"], "/record/restrictions/%d" % made["id"]]:
                assert word in page.text, (path, word)
            assert "CANARY" not in page.text and "data-rating-count" not in page.text
        there = shop.edition(EMMA, "cn")
        assert there["rating"] is None and there["reviews"] == []
        assert {w["feature"] for w in there["withheld"]} == {"ratings", "reviews", "comments"}
        assert there["withheld"][0]["record_index"] == made["record_index"]
        assert strip_head(shop.get("/us/books/" + EMMA).text) == before["/us/books/" + EMMA]
        gone = shop.get("/api/v1/cn/works/%d/reviews" % work)
        assert gone.status == 451 and "CANARY" not in gone.text
        assert 'rel="blocked-by"' in gone.headers["Link"] + str(gone.headers.get_all("Link"))
        assert gone.headers["Cache-Control"].startswith("private")
        listed = shop.api("GET", "/restrictions").json()["restrictions"][0]
        assert listed["state"] == "in effect" and listed["target"]["works"] == 3 and listed["storefronts"] == ["cn"]
        assert shop.audit()[0] == 0
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "The order was annulled.")
        for path, text in before.items():
            assert strip_head(shop.get(path).text) == text, path
        assert shop.get("/api/v1/cn/editions/" + EMMA).body == before_json
        record = shop.get("/record/restrictions/%d" % made["id"]).text
        assert "lifted" in record and "The order was annulled." in record and "Because we were told to." in record
        assert shop.audit()[0] == 0


def test_each_feature_alone():
    with Shop() as shop:
        shop.serve()
        work = with_voices(shop)
        token = shop.reader("carl")
        for feature, gone, stays in [("ratings", ['data-rating-count="'], ["CANARY-TEXT", "CANARY-COMMENT"]),
                                     ("reviews", ["CANARY-TEXT", "CANARY-TITLE"], ["CANARY-COMMENT", "data-rating-count"]),
                                     ("comments", ["CANARY-COMMENT"], ["CANARY-TEXT", "data-rating-count"])]:
            made = shop.restrict("--ground", "terms", "--storefront", "us", "--work", str(work), "--withhold", feature)
            page = shop.get("/us/books/" + EMMA).text
            for word in gone:
                assert word not in page, (feature, word)
            for word in stays:
                assert word in page, (feature, word)
            assert shop.audit()[0] == 0, feature
            shop.ok("restriction", "lift", str(made["id"]), "--reason", "x")
        made = shop.restrict("--ground", "terms", "--storefront", "us", "--work", str(work), "--withhold", "submissions")
        assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 1}, token).status == 403
        assert shop.api("PUT", "/cn/works/%d/rating" % work, {"stars": 1}, token).status == 200
        assert "not taken here" in shop.get("/us/books/" + EMMA).text
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "x")
        made = shop.restrict("--ground", "licence", "--legal-basis", "Import licence 12/2026", "--storefront", "us", "--work", str(work), "--withhold", "sale")
        page = shop.get("/us/books/" + EMMA).text
        assert 'data-feature="sale"' in page and "$" not in page.split('class="offer"')[1].split("</aside>")[0].split('class="formats"')[0]
        assert "CANARY-TEXT" in page
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "x")


def test_listing_and_451():
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        legal = shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "listing,search")
        page = shop.get("/cn/books/" + EMMA)
        assert page.status == 451 and "data-restriction" in page.text and "Jane Austen" not in page.text
        links = " ".join(page.headers.get_all("Link"))
        assert 'rel="blocked-by"' in links and "/record/restrictions/%d" % legal["id"] in links
        assert page.headers["Cache-Control"].startswith("private")
        assert shop.get("/api/v1/cn/editions/" + EMMA).status == 451
        assert shop.get("/cn/covers/" + EMMA).status == 451
        assert shop.get("/us/books/" + EMMA).status == 200
        result = shop.api("GET", "/cn/search?q=austen").json()
        assert "Emma" not in [r["title"] for r in result["results"]]
        assert result["withheld"] == {"works": 1, "restrictions": [legal["id"]]}
        assert result["total"] == sum(v["count"] for v in result["facets"]["format"])
        # Editions are counted as editions, works as works: these add up, by restriction.
        everywhere = shop.api("GET", "/us/search?q=austen").json()
        assert everywhere["total"] > everywhere["works"]["shown"] == everywhere["works"]["found"] and everywhere["works"]["by"] == []
        assert result["works"] == {"found": everywhere["works"]["found"], "shown": everywhere["works"]["found"] - 1, "withheld": 1, "partly": 0,
                                   "by": [{"restriction": legal["id"], "works": 1, "partly": 0}], "others": 0}
        page = shop.get("/cn/search?q=austen").text
        assert 'data-withheld="1"' in page and 'data-works="%d"' % result["works"]["shown"] in page
        person = shop.edition(EMMA)["contributors"][0]["id"]
        listing = shop.get("/cn/contributors/%d" % person).text
        assert 'data-total="2"' in listing and "Emma" not in listing and 'data-withheld="1"' in listing
        shop.ok("restriction", "lift", str(legal["id"]), "--reason", "x")
        shop.restrict("--ground", "operator", "--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        assert shop.get("/cn/books/" + EMMA).status == 200 and "Jane Austen" not in shop.get("/cn/books/" + EMMA).text
        assert shop.audit()[0] == 0


def test_withheld_stars_order_nothing():
    with Shop() as shop:
        shop.serve()
        work = with_voices(shop)
        for name in ("third", "fourth"):
            assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 5}, shop.reader(name)).status == 200
        first = lambda sf: shop.api("GET", "/%s/search?sort=rating&limit=1" % sf).json()["results"][0]["work_id"]
        shop.until(lambda: first("us") == work and first("cn") == work, "the order by rating", 20)
        shelf = shop.get("/cn/en/").text.split('data-shelf="liked"')[1].split("</section>")[0]
        assert "What readers like" in shelf and "Emma" in shelf
        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "ratings")
        assert first("us") == work and first("cn") != work
        assert "What readers like" not in shop.get("/cn/en/").text


def test_withheld_stars_of_an_edition_order_it_nowhere():
    with Shop() as shop:
        shop.serve()
        work = with_voices(shop)
        listed = lambda sort: shop.api("GET", "/us/search?q=austen&limit=100&sort=" + sort).json()["results"]
        rated = lambda: [r["isbn13"] for r in listed("rating") if r["work_id"] == work]
        shop.until(lambda: rated() == [r["isbn13"] for r in listed("rating")][:len(rated())], "the order by rating", 20)
        assert len(rated()) > 1 and EMMA in rated()
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        first, rest = set(rated()) - {EMMA}, [r["isbn13"] for r in listed("rating")]
        assert set(rest[:len(first)]) == first
        assert rest[len(first):] == [r["isbn13"] for r in listed("newest") if r["isbn13"] not in first]


def test_a_shop_as_target():
    with Shop() as shop:
        shop.serve()
        made = shop.restrict("--ground", "law", "--legal-basis", "Book Act § 2", "--storefront", "us", "--shop", "main", "--withhold", "sale")
        assert shop.edition(EMMA)["offers"][0]["withheld"] == made["id"]
        assert 'data-feature="sale"' in shop.get("/us/books/" + EMMA).text
        assert "withheld" not in shop.edition(EMMA, "cn")["offers"][0]


def test_what_joins_a_set_is_extended_on_the_record():
    with Shop() as shop:
        shop.serve()
        person = shop.edition(EMMA)["contributors"][0]["id"]
        made = shop.authority("--storefront", "us", "--contributor", str(person), "--withhold", "reviews")
        new = product("new", "9780010000016", "Lady Susan").replace("Somebody", "Jane Austen")
        assert shop.import_feed(shop.file("n.xml", onix(new)))[0] == 0
        assert [w["restriction"] for w in shop.edition("9780010000016")["withheld"]] == [made["id"]]
        assert "extended" in shop.get("/record/restrictions/%d" % made["id"]).text
        assert shop.audit()[0] == 0


def test_what_a_killed_import_brought_is_extended_and_withheld():
    """The server extends the set by itself, and pages know of it at once."""
    with Shop() as shop:
        shop.serve()
        person = shop.edition(EMMA)["contributors"][0]["id"]
        made = shop.authority("--storefront", "us", "--contributor", str(person), "--withhold", "reviews")
        new = product("new", "9780010000016", "Lady Susan").replace("Somebody", "Jane Austen")
        killed = shop.run("import", "--shop", "main", shop.file("n.xml", onix(new)), env={"COLOPHON_CRASH": "import-written"})
        assert killed[0] == -signal.SIGKILL, killed
        shop.until(lambda: [w["restriction"] for w in shop.edition("9780010000016")["withheld"]] == [made["id"]], "the slip")
        assert "extended" in shop.get("/record/restrictions/%d" % made["id"]).text


def test_sets_grow_while_decisions_go_on():
    """What joins is extended once, and never for a restriction that was lifted meanwhile, however fast others publish."""
    def isbn(n):
        digits = "97800100%04d" % n
        return digits + str(-sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10)
    with Shop() as shop:
        shop.serve()
        person = shop.edition(EMMA)["contributors"][0]["id"]
        made = shop.authority("--storefront", "us", "--contributor", str(person), "--withhold", "reviews")["id"]
        lifted = shop.authority("--storefront", "cn", "--contributor", str(person), "--withhold", "reviews")["id"]
        shop.ok("restriction", "lift", str(lifted), "--reason", "Over.")
        done, others = threading.Event(), []

        def decide():
            while not done.is_set() and len(others) < 15:
                others.append(shop.restrict("--ground", "operator", "--storefront", "us", "--edition", EMMA, "--withhold", "sale")["id"])
        thread = threading.Thread(target=decide)
        thread.start()
        try:
            for n in range(3):
                new = product("new%d" % n, isbn(n), "Lady Susan %d" % n).replace("Somebody", "Jane Austen")
                assert shop.import_feed(shop.file("n.xml", onix(new)))[0] == 0
        finally:
            done.set()
            thread.join()
        joined = sorted(shop.work(isbn(n)) for n in range(3))
        extended = [e for e in map(json.loads, shop.get("/record/entries.jsonl").text.splitlines()) if e["type"] == "extended"]
        assert {e["id"] for e in extended} == {made} and others, extended
        listed = [int(w) for e in extended for w in shop.get("/record/lists/" + e["root"]).text.split()]
        assert sorted(listed) == joined, "each once"
        assert all(made in [w["restriction"] for w in shop.edition(isbn(n))["withheld"]] for n in range(3))
        assert shop.audit()[0] == 0


def test_a_lift_of_nothing_lifts_nothing_later():
    """Noted unchecked, while the database could not be opened, with a number that
    nothing has yet."""
    with Shop(database=False) as shop:
        database = os.path.join(shop.dir, "colophon.db")
        os.rename(database, database + ".away")
        os.mkdir(database)
        status, _, err = shop.run("restriction", "lift", "1", "--reason", "A slip of the finger.")
        assert status == 0 and "unchecked" in err, err
        os.rmdir(database)
        os.rename(database + ".away", database)
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "reviews")
        assert made["id"] == 1
        shop.serve()
        assert [w["restriction"] for w in shop.edition(EMMA)["withheld"]] == [1]
        states = {r["id"]: r["state"] for r in shop.api("GET", "/restrictions").json()["restrictions"]}
        assert states == {1: "in effect"}, states


def test_time_ends_and_begins_restrictions():
    with Shop() as shop:
        now = 1800000000  # 2027-01-15
        shop.env["COLOPHON_NOW"] = moment(now)
        ends = shop.restrict("--ground", "terms", "--storefront", "us", "--edition", EMMA, "--withhold", "ratings", until="2027-01-20")
        status, out, _ = shop.run("restriction", "add", "--storefront", "us", "--edition", EMMA, "--withhold", "reviews", "--ground", "terms",
                                  "--legal-basis", "Terms, § 3", "--reason", "r", "--review", "2027-02-01", "--from", "2027-01-18", "--json")
        later = json.loads(out)
        expect = {now: {ends["id"]: "in effect", later["id"]: "scheduled"}, now + 4 * 86400: {ends["id"]: "in effect", later["id"]: "in effect"},
                  now + 6 * 86400: {ends["id"]: "expired", later["id"]: "in effect"}, now + 20 * 86400: {ends["id"]: "expired", later["id"]: "expired"}}
        for at, states in expect.items():
            shop.env["COLOPHON_NOW"] = moment(at)
            shop.serve()
            seen = {r["id"]: r["state"] for r in shop.api("GET", "/restrictions").json()["restrictions"]}
            assert seen == states, (at, seen)
            withheld = {w["feature"] for w in shop.edition(EMMA)["withheld"]}
            assert withheld == {f for f, i in [("ratings", ends["id"]), ("reviews", later["id"])] if states[i] == "in effect"}


def test_the_desk():
    with Shop() as shop:
        shop.ok("account", "add", "op@example.org", "--role", "operator", "--name", "Op", "--password-stdin", stdin=b"a long enough secret\n")
        shop.serve()
        reader = Browser(shop)
        reader.sign_up("us", "Ann")
        assert reader.get("/desk/").status == 403
        operator = Browser(shop)
        assert operator.get("/desk/").status == 303
        assert operator.post("/desk/sign-in", "/desk/sign-in", {"email": "op@example.org", "password": "a long enough secret"}).status == 303
        fields = {"target": "edition", "key": EMMA, "storefront": ["us", "cn"], "feature": ["ratings", "reviews"], "ground": "court-order",
                  "authority": "A court", "legal_basis": "§ 1", "reference": "7", "reason": "So it was ordered.", "scope_reason": "Both are named.", "until": "", "review": "2099-01-01"}
        wrong = operator.post("/desk/restrictions/add", "/desk/restrictions/add", {**fields, "key": "1234"})
        assert wrong.status == 422 and "1234" in wrong.text and "So it was ordered." in wrong.text
        # What is wrong is told on top, and again beside its field.
        for field, value in [("key", "1234"), ("reason", ""), ("authority", ""), ("legal_basis", ""), ("reference", ""),
                             ("until", "2098-01-01"), ("until", "yesterday"), ("review", ""), ("from", "2199-01-01")]:
            wrong = operator.post("/desk/restrictions/add", "/desk/restrictions/add", {**fields, field: value})
            assert wrong.status == 422 and 'id="error"' in wrong.text, (field, wrong.status)
            told = re.search(r'<label>[^<]*<(?:input|textarea)[^>]* name="%s"[^>]*aria-invalid.*?</label>' % ("review" if field == "from" else field), wrong.text, re.S)
            assert told and 'class="wrong"' in told[0], (field, value)
        for field in ["target", "storefront", "feature"]:
            wrong = operator.post("/desk/restrictions/add", "/desk/restrictions/add", {k: v for k, v in fields.items() if k != field})
            assert wrong.status == 422, field
            told = next(part for part in wrong.text.split("<fieldset")[1:] if 'name="%s"' % field in part).split("</fieldset>")[0]
            assert 'class="wrong"' in told and 'aria-describedby="error"' in told, field
        # All of it at once; and before anything is published, of how many works it is.
        wrong = operator.post("/desk/restrictions/add", "/desk/restrictions/add",
                              {"target": "edition", "key": "9999999999999", "ground": "authority-order", "until": "soon", "act": "look"})
        told = re.findall("<li>(.*?)</li>", re.search(r'<div class="error" role="alert" id="error"><ul>(.*?)</ul>', wrong.text, re.S)[1])
        assert wrong.status == 422 and len(told) == 8, told
        for field in "key", "until", "authority", "legal_basis", "reference", "reason":
            assert re.search('name="%s"[^>]*aria-invalid="true"' % field, wrong.text), field
        look = operator.post("/desk/restrictions/add", "/desk/restrictions/add", dict(fields, act="look"))
        assert look.status == 200 and 'data-covers="1"' in look.text and "It would concern 1 work" in look.text and "So it was ordered." in look.text, look.text
        assert 'name="feature" value="reviews"' in look.text and 'name="storefront" value="cn"' in look.text and not shop.edition(EMMA)["withheld"]
        shop_wide = operator.post("/desk/restrictions/add", "/desk/restrictions/add", dict(fields, target="shop", key="main", act="look"))
        assert int(re.search(r'data-covers="(\d+)"', shop_wide.text)[1]) > 10
        changed = operator.post("/desk/restrictions/add", "/desk/restrictions/add", dict(fields, act="change"))
        assert changed.status == 200 and "So it was ordered." in changed.text and 'role="alert"' not in changed.text
        added = operator.post("/desk/restrictions/add", "/desk/restrictions/add", dict(fields, act="publish"))
        assert added.status == 303, added.text
        assert {w["feature"] for w in shop.edition(EMMA)["withheld"]} == {"ratings", "reviews"}
        ident = added.headers["Location"].rsplit("/", 1)[1]
        assert "A court" in shop.get("/record/restrictions/" + ident).text
        lift = "/desk/restrictions/%s/lift" % ident
        assert operator.post(lift, lift, {"reason": ""}).status == 422
        assert operator.post(lift, lift, {"reason": "Annulled."}).status == 303
        assert shop.edition(EMMA)["withheld"] == []
        # When it ended is told as it was, not as it was meant.
        line = re.search(r'<li class="entry" data-restriction="%s".*?</li>' % ident, shop.get("/record/?language=en").text, re.S)[0]
        assert ", lifted " in line and "2099" not in line, line


def test_the_desk_shows_every_component():
    with Shop() as shop:
        shop.ok("account", "add", "op@example.org", "--role", "operator", "--name", "Op", "--password-stdin", stdin=b"a long enough secret\n")
        shop.serve()
        assert shop.get("/desk/components").status == 303
        operator = Browser(shop)
        operator.post("/desk/sign-in", "/desk/sign-in", {"email": "op@example.org", "password": "a long enough secret"})
        assert "/desk/components" in operator.get("/desk/").text
        page = operator.get("/desk/components")
        assert page.status == 200
        for part in ["slip", "offer", "tag", "histogram", "write", "wrong", "state in", "chips", "pager", "withheld", "shelf", "result"]:
            assert 'class="%s"' % part in page.text, part
        for cover in re.findall(r'src="(/desk/components/covers/\d+)"', page.text):
            assert operator.get(cover).text.startswith("<svg")
        assert operator.get("/desk/components/covers/99").status == 404


def test_the_style_guide_is_there_for_anybody_and_shows_nothing_of_the_desk():
    with Shop() as shop:
        shop.serve()
        page = shop.get("/styleguide")
        assert page.status == 200 and 'name="robots" content="noindex"' in page.text and "/desk/" not in page.text
        for part in ["big", "lead", "small", "head", "spaces", "swatches", "slip", "offer", "tag", "histogram", "write", "wrong", "state in", "chips", "pager",
                     "withheld", "shelf", "voices", "result"]:
            assert 'class="%s"' % part in page.text, part
        for cover in re.findall(r'src="(/styleguide/covers/\d+)"', page.text):
            assert shop.get(cover).text.startswith("<svg")
        shown = re.findall(r'<img src="([^"]*)"', page.text)
        assert any(src.startswith("/us/covers/") for src in shown)
        for src in shown:
            assert shop.get(src).status == 200, src
        assert shop.get("/styleguide/covers/99").status == 404
        assert "/styleguide" not in shop.get("/us/").text + shop.get("/robots.txt").text
        assert shop.run("storefront", "add", "styleguide", "--unresearched", "sell", "--country", "DE", "--language", "de", "--currency", "EUR")[0] != 0


def test_a_set_of_many_works_is_one_entry_and_at_once():
    with Shop() as shop:
        shop.serve()
        shop.ok("collection", "add", "all", "--name", "All", "--query", "riverside")
        size = int(shop.get("/record/checkpoint").text.split("\n")[1])
        begun = time.time()
        made = shop.authority("--storefront", "us", "--collection", "all", "--withhold", "reviews")
        assert shop.edition(EMMA)["withheld"][0]["restriction"] == made["id"]
        assert time.time() - begun < 5 * SLOWNESS
        assert int(shop.get("/record/checkpoint").text.split("\n")[1]) <= size + 2


def test_an_edition_alone():
    """Reviews withheld on one edition's page stand on the other's."""
    with Shop() as shop:
        shop.serve()
        with_voices(shop)
        other = next(e["isbn13"] for e in shop.api("GET", "/us/works/%d" % shop.work(EMMA)).json()["editions"] if e["isbn13"] != EMMA)
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings,reviews,comments")
        seen, elsewhere = shop.edition(EMMA), shop.edition(other)
        assert seen["reviews"] == [] and seen["rating"] is None and seen["voices"]["reviews"]["withheld"] == 1
        assert len(elsewhere["reviews"]) == 1 and elsewhere["rating"]["count"] == 2 and elsewhere["withheld"] == []
        assert "data-review=" not in shop.get("/us/books/" + EMMA).text
        assert "data-review=" in shop.get("/us/books/" + other).text
        assert "data-review=" in shop.get("/cn/books/" + EMMA).text
        assert shop.audit("--all")[0] == 0, shop.audit("--all")[1]


def test_a_readers_own_page_names_no_withheld_title():
    with Shop() as shop:
        shop.serve()
        ann = Browser(shop)
        ann.sign_up("us", "Ann")
        work = shop.work(EMMA)
        page = "/us/books/%s" % EMMA
        assert ann.post(page, page + "/rating", {"stars": "5"}).status == 303
        assert "Emma" in ann.get("/us/account").text
        shop.authority("--storefront", "us", "--work", str(work), "--withhold", "listing")
        own = ann.get("/us/account")
        assert own.status == 200 and "Emma" not in own.text and "entry 0 of the voices" in own.text


def test_a_review_of_a_withheld_title_can_be_withdrawn():
    with Shop() as shop:
        shop.serve()
        ann = Browser(shop)
        ann.sign_up("us", "Ann")
        work, page = shop.work(EMMA), "/us/books/%s/review" % EMMA
        assert ann.post(page, page, {"title": "Mine", "text": "My words.", "language": "en", "stars": "4"}).status == 303
        shop.authority("--storefront", "us", "--work", str(work), "--withhold", "listing")
        action = re.search(r'action="([^"]*/review/withdraw)"', ann.get("/us/account").text)[1]
        assert ann.post("/us/account", action, {}).headers["Location"].partition("?")[0] == "/us/account"
        assert "withdrawn" in ann.get("/us/account").text
        assert shop.edition(EMMA, "cn")["reviews"] == []
        assert shop.audit()[0] == 0


def test_a_collection_pages_past_what_is_withheld():
    """Each work stands on one page, in the collection's order, whichever way what is withheld is looked up."""
    with Shop(samples=False) as shop:
        isbns = ["97800010%05d" % n for n in range(0, 400)]
        isbns = [i[:12] + str((10 - sum(int(c) * (3 if k % 2 else 1) for k, c in enumerate(i[:12]))) % 10) for i in isbns]
        isbns = list(dict.fromkeys(isbns))  # the last digit was the check digit's place: forty are left
        feed = onix(*(product("r%d" % n, isbn, title="Tale %03d" % n) for n, isbn in enumerate(isbns)))
        shop.import_feed(shop.file("tales.xml", feed))
        shop.ok("collection", "add", "tales", "--name", "Tales", "--isbn", shop.file("tales.txt", "\n".join(isbns)))
        shop.ok("collection", "add", "few", "--name", "Few", "--isbn", shop.file("few.txt", "\n".join(isbns[5:30])))
        shop.serve()

        def listed(limit=7):
            found, page, offset = [], None, 0
            while page is None or page["results"]:
                page = shop.api("GET", "/us/collections/tales?limit=%d&offset=%d" % (limit, offset)).json()
                found += [r["isbn13"] for r in page["results"]]
                offset += limit
            assert page["total"] == len(found) == len(isbns) - page["withheld"]["works"], page
            return found, page["withheld"]
        everything, withheld = listed()
        assert sorted(everything) == sorted(isbns) and withheld == {"works": 0, "restrictions": []}
        hide = lambda *target: shop.restrict("--ground", "operator", "--storefront", "us", *target, "--withhold", "listing")["id"]
        gone, ids = set(), []
        for target, isbn in [("--work", everything[0]), ("--edition", everything[9])]:
            ids.append(hide(target, isbn if target == "--edition" else str(shop.work(isbn))))
            gone.add(isbn)
            assert listed() == ([i for i in everything if i not in gone], {"works": len(gone), "restrictions": ids}), target
        ids.append(hide("--collection", "few"))
        gone |= set(isbns[5:30])
        there, withheld = listed()
        assert there == [i for i in everything if i not in gone] and withheld["works"] == len(gone)
        assert set(withheld["restrictions"]) <= set(ids) and ids[2] in withheld["restrictions"]
        hide("--collection", "tales")
        assert listed() == ([], {"works": len(isbns), "restrictions": listed()[1]["restrictions"]})
