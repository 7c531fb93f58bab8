"""Texts that a storefront owes its readers: versions, languages, from when on."""
import datetime
import json
import re

from shop import Shop
from test_partner import operator, partner, trail

EDIT = "/desk/texts/edit"
FORM = EDIT + "?storefront=us&kind=terms&in=en"
TERMS = "# Scope\n\nThese are the **terms**. Write to [us](mailto:shop@books.example).\n\n<script>alert(1)</script>\n\nThe end.\n"


def day(ahead):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=ahead)).strftime("%Y-%m-%d")


def form(**more):
    return {"storefront": "us", "kind": "terms", "in": "en", "after": "0", "body": TERMS, "from": "", "act": "save", **more}


def links(page):
    return page.split('class="duties"')[1].split("</nav>")[0] if 'class="duties"' in page else ""


def test_a_text_is_written_read_and_changed():
    with Shop(samples=False) as shop:
        shop.serve()
        ada = operator(shop)
        assert links(shop.get("/us/").text) == "" and shop.get("/us/texts/terms").status == 404
        assert partner(shop).get("/desk/texts").status == 403 and shop.get(FORM).status == 303
        rows = len(trail(shop))
        seen = ada.post(FORM, EDIT, form(act="preview"))
        assert seen.status == 200 and "<h2>Scope</h2>" in seen.text and "&lt;script&gt;" in seen.text and "<script>alert" not in seen.text
        assert shop.get("/us/texts/terms").status == 404 and len(trail(shop)) == rows, "a preview changes nothing"
        saved = ada.post(FORM, EDIT, form())
        assert saved.status == 303 and '<p class="done" role="status">' in ada.get(saved.headers["Location"]).text
        assert "kind=terms" in trail(shop)[0]["on"] and "storefront=us" in trail(shop)[0]["on"] and "Scope" not in trail(shop)[0]["on"]
        page = shop.get("/us/texts/terms")
        assert page.status == 200 and "<h2>Scope</h2>" in page.text and 'href="mailto:shop@books.example"' in page.text
        assert 'href="/us/texts/terms"' in links(shop.get("/us/").text) and 'href="/us/texts/terms"' in links(shop.get("/us/search?q=emma").text)
        assert links(shop.get("/cn/").text) == "", "another storefront has its own"
        # The next version; the one before stays where it is.
        changed = TERMS.replace("the **terms**", "the **newer terms**")
        assert ada.post(FORM, EDIT, form(after="1", body=changed)).status == 303
        assert "newer terms" in shop.get("/us/texts/terms").text
        old, new = shop.get("/us/texts/terms/en/1"), shop.get("/us/texts/terms/en/2")
        assert old.status == new.status == 200 and "newer" not in old.text and "no longer in force" in old.text
        assert re.search("<del>[^<]*terms[^<]*</del><ins>[^<]*newer", new.text) and "noindex" in old.text
        assert shop.get("/us/texts/terms/en/9").status == shop.get("/us/texts/terms/en/x").status == shop.get("/us/texts/terms/fr/1").status == 404
        assert shop.get("/us/texts/nothing").status == 404
        # Who saved it is told at the desk alone.
        assert "by ada" in ada.get(FORM).text and "by ada" not in new.text
        # Two people at once: the second one is told, and loses nothing.
        late = ada.post(FORM, EDIT, form(after="1", body="Mine."))
        assert late.status == 409 and "Version 2 was saved meanwhile" in late.text and "Mine." in late.text
        # Any two can be compared, in both directions.
        assert ada.post(FORM, EDIT, form(after="2", body="Short.")).status == 303
        page = shop.get("/us/texts/terms/en/3?since=1").text
        assert "What changed since version 1" in page and "newer" not in page and "<ins>Short.</ins>" in page and "newer" in shop.get("/us/texts/terms/en/3").text
        assert "<del>Short.</del>" in shop.get("/us/texts/terms/en/1?since=3").text and '<option value="1" selected>' in page
        assert shop.get("/us/texts/terms/en/3?since=9").status == 404 and shop.get("/us/texts/terms/en/3?since=x").status == 422
        # Withdrawn: no link, no page; its versions stay.
        assert ada.post(FORM, EDIT, form(after="3", withdraw="yes")).status == 303
        assert links(shop.get("/us/").text) == "" and shop.get("/us/texts/terms").status == 404
        assert shop.get("/us/texts/terms/en/2").status == 200 and "withdrawn" in shop.get("/us/texts/terms/en/4").text


def test_hostile_texts_are_refused_and_name_the_field():
    with Shop(samples=False) as shop:
        shop.serve()
        ada = operator(shop)
        for wrong in {"body": " "}, {"body": "x" * 100001}, {"from": "soon"}, {"from": "2001-01-01"}, {"withdraw": "yes"}, {"after": "-"}:
            refused = ada.post(FORM, EDIT, form(**wrong))
            assert refused.status == 422 and ('aria-invalid="true"' in refused.text or "after" in wrong), (wrong, refused.status)
        assert ada.post(FORM, EDIT, form(body="a\x07b")).status in (400, 422)
        for wrong in {"storefront": "xx"}, {"kind": "secrets"}, {"in": "../en"}:
            assert ada.post(FORM, EDIT, form(**wrong)).status == 404, wrong
        assert ada.post(FORM, EDIT, form(kind="about", body="two\nlines")).status == 422
        assert ada.post(FORM, EDIT, form(body="[a](javascript:alert(1)) [b](//evil.example) [c](/us/) [d](https://ok.example)")).status == 303
        page = shop.get("/us/texts/terms").text
        assert "javascript:" not in page and "evil.example" not in page and 'href="/us/"' in page and 'href="https://ok.example"' in page
        assert ada.post(FORM, EDIT, form(after="1", body="[a](javascript:alert(1)) [b](//evil.example) [c](/us/) [d](https://ok.example)")).status == 422


def test_links_that_lead_nowhere_are_told():
    with Shop(samples=False) as shop:
        shop.serve()
        ada = operator(shop)
        body = "[a](javascript:alert(1)) [b](privacy) [c](/us/texts/privacy) [d](/nowhere/at/all) [e](/us/) [f](/us/texts/terms?x=1#y) [g](mailto:a@b.example) [h](/us/search?q=x)"
        seen = ada.post(FORM, EDIT, form(act="preview", body=body))
        dead = lambda page: re.findall(r'<li><code class="long">([^<]*)</code>', page)
        assert seen.status == 200 and dead(seen.text) == ["javascript:alert(1)", "privacy", "/us/texts/privacy", "/nowhere/at/all", "/us/texts/terms?x=1#y"]
        saved = ada.post(FORM, EDIT, form(body=body)).headers["Location"]
        # What it leads to itself is there now; and the rest once it is.
        assert dead(ada.get(saved).text) == ["javascript:alert(1)", "privacy", "/us/texts/privacy", "/nowhere/at/all"]
        shop.ok("text", "set", "us", "privacy", "--language", "en", "--file", shop.file("p.md", "We keep little."))
        shop.until(lambda: dead(ada.get(FORM).text) == ["javascript:alert(1)", "privacy", "/nowhere/at/all"], "the text that is linked")
        assert ada.post(FORM, EDIT, form(after="1")).status == 303 and dead(ada.get(FORM).text) == []
        # The desk is none of the readers'. Of a storefront with a host of its own its paths are there, and nowhere else.
        body = "[a](/desk/) [b](/search?q=x) [c](/us/account/lists)"
        assert dead(ada.post(FORM, EDIT, form(body=body, after="2", act="preview")).text) == ["/desk/", "/search?q=x"]
        shop.ok("storefront", "set", "us", "--host", "us.books.example")
        shop.until(lambda: dead(ada.post(FORM, EDIT, form(body=body, after="2", act="preview")).text) == ["/desk/"], "the host")


def test_texts_as_json():
    with Shop(samples=False) as shop:
        shop.serve()
        ada = operator(shop)
        asked = lambda path: shop.api("GET", "/us/texts" + path)
        assert asked("").json() == {"texts": []} and asked("/terms/en/1").status == 404
        assert ada.post(FORM, EDIT, form()).status == 303
        shop.until(lambda: asked("").json()["texts"], "the text")
        line, = asked("").json()["texts"]
        assert (line["kind"], line["language"], line["version"]) == ("terms", "en", 1), line
        text = asked("/terms/en/1").json()
        assert text["markdown"].strip() == TERMS.strip() and text["from"] == line["from"] and text["withdrawn"] is False
        assert ada.post(FORM, EDIT, form(after="1", withdraw="yes")).status == 303
        shop.until(lambda: asked("").json()["texts"] == [], "the withdrawal")
        assert asked("/terms/en/2").json()["markdown"] is None and asked("/terms/en/1").json() == text
        for wrong in "/terms/en/3", "/terms/en/x", "/secrets/en/1", "/terms/fr/1":
            assert asked(wrong).status == 404, wrong


def test_texts_by_language_and_from_a_day_on():
    with Shop(samples=False) as shop:
        body = shop.file("imprint.md", "Books Inc., 1 Example Street")
        shop.ok("text", "set", "us", "imprint", "--language", "en", "--file", body)
        shop.serve()
        ada = operator(shop)
        # Where the page's language has none, another stands in and says so.
        page = shop.get("/us/zh-Hans/texts/imprint").text
        assert "1 Example Street" in page and '<div class="prose written" lang="en">' in page
        assert 'hreflang="en"' in links(shop.get("/us/zh-Hans/").text) and 'hreflang' not in links(shop.get("/us/").text)
        assert ada.post(FORM, EDIT, form(kind="imprint", body="图书公司", **{"in": "zh-Hans"})).status == 303
        page = shop.get("/us/zh-Hans/texts/imprint").text
        assert "图书公司" in page and '<div class="prose written">' in page and "1 Example Street" in shop.get("/us/texts/imprint").text
        # To come: everybody can read it, and the one in force stays until then.
        assert shop.ok("text", "set", "us", "imprint", "--language", "en", "--file", shop.file("next.md", "2 New Street"), "--from", day(3)).strip() == "version 2"
        shop.until(lambda: "Version 2" in shop.get("/us/texts/imprint").text, "the version to come")
        assert "1 Example Street" in shop.get("/us/texts/imprint").text and "2 New Street" in shop.get("/us/texts/imprint/en/2").text
        assert "to come" in shop.get("/us/texts/imprint/en/2").text
        listed = {(t["language"], t["version"]): t["state"] for t in json.loads(shop.ok("text", "list", "us", "--json"))}
        assert listed == {("en", 1): "in force", ("en", 2): "to come", ("zh-Hans", 1): "in force"}
        assert "en version 2: to come" in shop.ok("text", "list") and shop.ok("text", "show", "us", "imprint", "--language", "en") == "Books Inc., 1 Example Street\n"
        assert shop.ok("text", "show", "us", "imprint", "--language", "en", "--version", "2") == "2 New Street\n"
        for args in (["set", "xx", "terms", "--language", "en", "--file", body], ["set", "us", "x", "--language", "en", "--file", body],
                     ["set", "us", "terms", "--language", "no_tag", "--file", body], ["set", "us", "terms", "--language", "en", "--file", body, "--withdraw"],
                     ["set", "us", "terms", "--language", "en", "--file", "/nowhere"], ["set", "us", "terms", "--language", "en", "--withdraw"],
                     ["show", "us", "terms", "--language", "en"], ["list", "xx"]):
            assert shop.run("text", *args)[0] != 0, args
        # The line about the shop stands at the end of each page.
        shop.ok("text", "set", "us", "about", "--language", "en", "--file", shop.file("about.md", "Books for <everybody>."))
        shop.until(lambda: "Books for &lt;everybody&gt;." in shop.get("/us/").text, "the line")
        assert '<p class="about" lang="en">' in shop.get("/us/zh-Hans/").text
        # Where it is still that day somewhere, the day is not over.
        west = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=12)
        assert shop.ok("text", "set", "us", "terms", "--language", "en", "--file", body, "--from", west.strftime("%Y-%m-%d")).strip() == "version 1"
        refused = shop.run("text", "set", "us", "terms", "--language", "en", "--file", shop.file("late.md", "Late"), "--from", day(-2))
        assert refused[0] != 0 and "that day is over" in refused[2], refused


def test_a_shop_adds_to_the_rules_of_reviews():
    with Shop(samples=False) as shop:
        shop.serve()
        plain = shop.get("/us/reviews-policy").text
        assert "What this shop adds" not in plain and "Who may write" in plain
        shop.ok("text", "set", "us", "reviews", "--language", "en", "--file", shop.file("r.md", "## Free copies\n\nWho got the book for *nothing* says so."))
        shop.until(lambda: "What this shop adds" in shop.get("/us/reviews-policy").text, "what it adds")
        page = shop.get("/us/reviews-policy").text
        assert "Who may write" in page and "Who got the book for <em>nothing</em> says so." in page and 'href="/us/texts/reviews"' in page
        assert links(page) == "" and shop.get("/us/texts/reviews").status == 200 and "What this shop adds" not in shop.get("/cn/en/reviews-policy").text
        assert '<div class="prose written" lang="en">' in shop.get("/us/zh-Hans/reviews-policy").text


def test_a_text_comes_into_force_by_time_alone():
    with Shop(samples=False) as shop:
        shop.ok("text", "set", "us", "terms", "--language", "en", "--file", shop.file("a.md", "The first."))
        shop.ok("text", "set", "us", "terms", "--language", "en", "--file", shop.file("b.md", "The second."), "--from", day(2))
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
        shop.serve(env={"COLOPHON_NOW": later})
        assert "The second." in shop.get("/us/texts/terms").text and "no longer in force" in shop.get("/us/texts/terms/en/1").text
