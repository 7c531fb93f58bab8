"""The Record as anybody reads it: what is withheld, where, at whose wish; found,
filtered, followed."""
import csv
import hashlib
import html
import json
import os
import re
import subprocess
import xml.etree.ElementTree as xml

from shop import EMMA, Shop

OTHERS = True  # see run.py

ATOM = "{http://www.w3.org/2005/Atom}"


def ids_on(page):
    return [int(i) for i in re.findall(r'<li class="entry" data-restriction="(\d+)"', page)]


def test_search_filter_and_follow():
    with Shop(samples=True) as shop:
        shop.serve()
        page = shop.get("/record/?language=en").text
        assert "Nothing is withheld today" in page and "Nothing was ever withheld" in page
        assert shop.get("/record/countries/CN?language=en").text.count("Nothing was ever withheld") == 1
        work = str(shop.work(EMMA))
        isbns = shop.file("isbns", EMMA + "\n")
        shop.ok("collection", "add", "speeches", "--name", "Speeches", "--isbn", isbns)
        shop.ok("shop", "add", "other", "--name", "Other")
        a = shop.authority("--storefront", "cn", "--collection", "speeches", "--withhold", "ratings,reviews")["id"]
        b = shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "sale", "--ground", "operator")["id"]
        c = shop.restrict("--storefront", "us", "--storefront", "cn", "--work", work, "--withhold", "comments", "--ground", "court-order",
                          "--authority", "Court / 3", "--legal-basis", "§ 7", "--reference", "O 45", "--scope-reason", "Both are named.")["id"]
        d = shop.restrict("--storefront", "us", "--work", work, "--withhold", "submissions", "--ground", "terms", "--from", "2098-01-01")["id"]
        shop.ok("restriction", "lift", str(c), "--reason", "over")

        # One address, in four forms: page, feed, JSON, and the words of the feed's title.
        for asked, fits in [("", {a, b, c, d}), ("country=CN", {a, c}), ("country=US", {b, c, d}), ("country=FR", set()),
                            ("authority=Example Authority", {a}), ("ground=operator", {b}), ("feature=reviews", {a}),
                            ("target=work", {c, d}), ("state=lifted", {c}), ("state=in effect", {a, b}), ("state=scheduled", {d}),
                            ("shop=main", {a, b, c, d}), ("shop=other", set()), ("shop=none", set()), ("q=SPEECHES", {a}),
                            ("q=emma austen", set()), ("q=emma", {b, c, d}), ("q=court 7", {c}), ("q=2026/17", {a}), ("q=" + EMMA, {b}),
                            ("from=2090&to=2097-12-31", {a, b}), ("from=2098", {a, b, d}), ("to=2001", set()),
                            ("country=US&state=lifted&ground=court-order", {c}), ("q=%25", {a, b, c, d})]:
            page = shop.get("/record/?language=en&" + asked)
            assert page.status == 200 and set(ids_on(page.text)) == fits, (asked, ids_on(page.text), fits)
            listed = shop.api("GET", "/restrictions?" + asked).json()["restrictions"]
            assert {r["id"] for r in listed} == fits, asked
            feed = xml.fromstring(shop.get("/record/feed.atom?" + asked).body)
            assert {int(e.find(ATOM + "id").text.rsplit("/", 1)[1]) for e in feed.findall(ATOM + "entry")} == fits, asked
            if not fits:
                assert "No restriction fits" in page.text
            # The page names its feed and its JSON.
            for kind, path in (("Atom", "/record/feed.atom"), ("JSON", "/api/v1/restrictions")):
                link = re.search(r'<a href="(%s[^"]*)">%s' % (path, kind), page.text)[1].replace("&amp;", "&")
                assert shop.get(link).status == 200, link
        for wrong in ("ground=bad", "feature=bad", "target=bad", "state=bad", "from=yesterday", "to=2026-02-30", "q=" + "x" * 300, "page=0"):
            for path in ("/record/?", "/record/feed.atom?", "/api/v1/restrictions?"):
                if "page" in wrong and path != "/record/?":
                    continue
                answer = shop.get(path + wrong)
                told = "This is too long." if wrong[:2] == "q=" and "/api/" not in path else wrong.split("=")[0]
                assert answer.status == 422 and told in answer.text, (path, wrong, answer.status)

        # The first page answers the three questions in one table.
        page = shop.get("/record/?language=en").text
        rows = re.findall(r'data-in-effect="(\d)"><th scope="row"><a href="/record/countries/(\w\w)', page)
        assert sorted(rows) == [("1", "CN"), ("1", "US")], rows
        china = re.search(r'<tr[^>]*><th scope="row"><a href="/record/countries/CN.*?</tr>', page, re.S)[0]
        assert "ratings" in china and "Example Authority" in china and "1 work" in china
        assert 'value="Court / 3"' in page and 'value="submissions"' in page
        # A country's and an authority's own page, also where a name has a slash in it.
        country = shop.get("/record/countries/CN?language=en").text
        assert set(ids_on(country)) == {a, c} and "Example Authority" in country and "What is withheld in China" in country
        assert "中国" in shop.get("/record/countries/CN?language=zh-Hans").text
        assert shop.get("/record/countries/FR").status == 404
        link = re.search(r'href="(/record/authorities/Court[^"]*)"', country)[1]
        authority = shop.get(link).text
        assert set(ids_on(authority)) == {c}
        assert shop.get("/record/authorities/Nobody").status == 404

        # Pages: 60 more, newest first, each on one of the pages.
        for _ in range(52):
            shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "delivery", "--ground", "terms")
        # A command is answered when its entry is published; the server shows it a moment later.
        listed = json.loads(shop.ok("restriction", "list", "--json"))["restrictions"]
        shop.until(lambda: shop.api("GET", "/restrictions").json()["restrictions"] == listed, "all of them")
        first = shop.get("/record/?feature=delivery").text
        second = shop.get(re.search(r'rel="next" href="([^"]*)"', first)[1].replace("&amp;", "&")).text
        assert len(ids_on(first)) == 50 and len(ids_on(second)) == 2 and not set(ids_on(first)) & set(ids_on(second))


def steps_of(page):
    return re.findall(r'<li data-step="(\w+)"( class="ahead")?>', page)


def counted(shop, year):
    """The rows of each table of a year's report: what its query counts out of the entries alone, and what CSV and page say."""
    kept = {}
    for name, path in ("d.jsonl", "/record/entries.jsonl"), ("v.jsonl", "/record/voices/entries.jsonl"):
        shop.file(name, shop.get(path).body)
    page = shop.get("/record/report/%s?language=en" % year).text
    tables = re.findall(r'<section id="(\w+)" class="report-part">(.*?)</section>', page, re.S)
    assert len(tables) == 12
    for name, part in tables:
        query = shop.file("q.jq", shop.get("/record/report/report-%s.jq" % name).body)
        said = subprocess.run(["jq", "-n", "-r", "--arg", "year", year, "--slurpfile", "decisions", os.path.join(shop.base, "d.jsonl"),
                               "--slurpfile", "voices", os.path.join(shop.base, "v.jsonl"), "-f", query], capture_output=True, check=True).stdout
        answer = shop.get("/record/report/%s/%s.csv" % (year, name))
        assert answer.status == 200 and answer.body == said, (year, name, answer.text, said.decode())
        rows = list(csv.reader(said.decode().splitlines()))[1:]
        shown = re.findall(r"<tr>(.*?)</tr>", part.split("<tbody>")[1], re.S) if rows else []
        assert len(shown) == len(rows)
        for line, row in zip(shown, rows):
            if name not in ("delays", "times", "disputes"):
                assert re.findall(r'<td class="n">(\d+)</td>', line) == [x for x in row if x.isdigit()], (line, row)
        # Where something is drawn, it is drawn from the same rows, and named for who does not see it.
        bars = re.findall(r'<(?:text|span) class="count"', part)
        assert len(bars) in (0, len(rows)) and ('role="img" aria-labelledby="%s-title' % name in part) == bool(bars), (name, part)
        kept[name] = rows
    return kept


def test_a_year_of_demands_and_complaints_is_counted():
    with Shop(samples=True) as shop:
        def at(when):
            shop.env["COLOPHON_NOW"] = when

        def demand(sender, country, ground, received, *more):
            return str(json.loads(shop.ok("demand", "add", "--sender", sender, *(["--country", country] if country else []), "--authority", "Office",
                                          "--edition", EMMA, "--withhold", "ratings,sale", "--ground", ground, "--legal-basis", "L",
                                          "--reference", "R", "--received", received, "--json", *more))["id"])

        def decide(number, outcome, *more):
            return json.loads(shop.ok("demand", "decide", number, "--outcome", outcome, "--reason", "r", "--json", *more))
        at("2098-05-10T00:00:00Z")
        shop.serve()
        token = shop.reader("ann")
        work = shop.work(EMMA)
        review = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "T", "text": "Good.", "language": "en", "stars": 4}, token).json()
        shop.stop()
        a = demand("authority", "CN", "authority-order", "2098-05-08T00:00:00Z")
        b = demand("authority", "CN", "authority-order", "2098-05-01T00:00:00Z")
        c = demand("court", "US", "court-order", "2098-05-09T00:00:00Z")
        demand("reader", "", "law", "2098-05-09T00:00:00Z", "--storefront", "us")
        at("2098-05-12T00:00:00Z")
        decide(a, "granted", "--until", "2099-01-01", "--from", "2098-05-13")
        decide(b, "refused")
        shop.ok("demand", "acknowledge", str(a), "--sent", "2098-05-09")
        assert shop.run("demand", "acknowledge", str(a), "--sent", "2098-05-10")[0] == 1
        for number, when in (b, "2098-04-30"), (b, "2098-06-01"), (77, "2098-05-09"):
            assert shop.run("demand", "acknowledge", str(number), "--sent", when)[0] == 1, (number, when)
        decide(c, "narrowed", "--until", "2099-01-01", "--withhold", "sale")
        shop.restrict("--storefront", "us", "--target", "review:%d" % review["record_index"], "--withhold", "reviews", "--ground", "terms")
        shop.restrict("--storefront", "us", "--target", "account:ann@example.org", "--withhold", "submissions", "--ground", "terms")
        shop.serve()
        statements = lambda: shop.api("GET", "/us/statements", token=token).json()["statements"]
        shop.until(lambda: len(statements()) >= 2, "statements")
        assert shop.api("POST", "/statements/%d/complaint" % statements()[-1]["id"], {"text": "No."}, token).status == 201
        shop.stop()
        at("2098-05-14T00:00:00Z")
        shop.ok("complaint", "decide", "1", "--rejected", "--reason", "It stands.")
        shop.ok("redress", "set", "--body", "Appeals Centre=https://appeals.example/", "--body", "User Rights=https://rights.example/")
        at("2098-05-20T00:00:00Z")
        for about, number, body in ("complaint", 1, "Appeals Centre"), ("demand", b, "Appeals Centre"), ("restriction", 2, "User Rights"), \
                ("demand", b, "User Rights"):
            shop.ok("dispute", "add", "--" + about, str(number), "--body", body, "--submitted", "2098-05-15")
        for number, outcome, when in (1, "reversed", "2098-05-18"), (2, "reversed", "2098-05-20"), (3, "partly", "2098-05-20"):
            shop.ok("dispute", "settle", str(number), "--outcome", outcome, "--settled", when)
        decide(b, "refused")
        shop.ok("key", "prepare")
        shop.ok("key", "rotate")
        shop.serve()
        day = 86400
        kept = counted(shop, "2098")
        assert kept["demands"] == [["authority", "CN", "authority-order", "2", "1", "0", "1", "0"], ["court", "US", "court-order", "1", "0", "1", "0", "0"],
                                   ["reader", "", "law", "1", "0", "0", "0", "1"]]
        assert kept["times"] == [["authority", "1", str(day), "3", str(11 * day), "1", str(5 * day)], ["court", "0", "0", "1", str(3 * day), "1", str(3 * day)]], kept["times"]
        assert kept["targets"] == [["account", "1", "0"], ["edition", "2", "0"], ["review", "1", "1"]], kept["targets"]
        assert kept["delays"][3:] == [["received-decided", "4", str(4 * day), str(19 * day)], ["complaint-decided", "1", str(2 * day), str(2 * day)]]
        assert kept["complaints"] == [["1", "0", "1", "0"]]
        # The prepared shop's key of refusals began before.
        assert kept["keys"] == [["decisions", "1", "1"], ["voices", "1", "1"], ["refusals", "0", "0"]], kept["keys"]
        first = next(e for e in map(json.loads, shop.get("/record/entries.jsonl").text.splitlines()) if e["type"] == "refusal_key")
        assert counted(shop, first["at"][:4])["keys"][2] == ["refusals", "1", "0"]
        assert kept["disputes"] == [["Appeals Centre", "2", "0", "0", "2", "0", "0", "2", "2", str(3 * day)],
                                    ["User Rights", "2", "1", "0", "0", "1", "0", "0", "1", str(5 * day)]], kept["disputes"]
        page = shop.get("/record/report/2098?language=en").text
        assert 'data-step="acknowledged"' in shop.get("/record/demands/%s" % a).text
        assert "1 out of 2" in page and "a demand and its decision" in page and "median to the decision" in page
        assert "中位数" in shop.get("/record/report/2098?language=zh-Hans").text


def test_a_story_a_report_and_the_whole_record():
    with Shop(samples=True) as shop:
        def at(when):
            shop.env["COLOPHON_NOW"] = when
        work = None
        shop.serve()
        work = str(shop.work(EMMA))
        shop.stop()
        at("2097-05-01T12:00:00Z")
        a = shop.restrict("--storefront", "cn", "--storefront", "us", "--work", work, "--withhold", "ratings,sale", "--ground", "operator",
                          "--from", "2097-06-01")["id"]
        at("2098-01-02T00:00:00Z")
        b = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "ratings")["id"]
        at("2098-03-02T00:00:00Z")
        shop.ok("restriction", "lift", str(a), "--reason", "over")
        at("2098-03-03T00:00:00Z")
        c = shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "comments", "--ground", "terms", "--from", "2098-12-01")["id"]
        shop.serve()
        token = shop.reader("ann")
        for stars in (5, 4):
            assert shop.api("PUT", "/us/works/%s/rating" % work, {"stars": stars}, token).status in (200, 201)
        assert shop.api("POST", "/us/works/%s/reviews" % work, {"title": "T", "text": "Good.", "language": "en", "stars": 4}, token).status == 201

        # Each page tells what happened, in order, with how long it took.
        page = shop.get("/record/restrictions/%d?language=en" % a).text
        assert steps_of(page) == [("decided", ""), ("began", ""), ("lifted", "")], steps_of(page)
        assert "30 days later" in page and "274 days later" in page
        assert steps_of(shop.get("/record/restrictions/%d" % b).text) == [("decided", ""), ("began", ""), ("ended", ' class="ahead"')]
        assert steps_of(shop.get("/record/restrictions/%d" % c).text)[1] == ("began", ' class="ahead"')

        # All entries, in the very bytes that are signed.
        def lines(path):
            answer = shop.get(path)
            assert answer.status == 200 and answer.headers["Content-Type"].startswith("application/jsonl")
            return answer.body
        shop.stop()
        at("2098-03-03T01:00:00Z")
        shop.serve()
        shop.until(lambda: any(json.loads(e).get("size") == 3 for e in lines("/record/entries.jsonl").splitlines()), "a head over the voices", 20)
        decisions, voices = lines("/record/entries.jsonl"), lines("/record/voices/entries.jsonl")
        size = int(shop.get("/record/checkpoint").text.split("\n")[1])
        assert decisions.count(b"\n") == size and decisions.endswith(b"\n")
        for i, line in enumerate(decisions.splitlines()):
            assert html.escape(line.decode()) in shop.get("/record/entries/%d" % i).text
        assert voices.count(b"\n") == int(shop.get("/record/voices/checkpoint").text.split("\n")[1]) >= 3

        # Every table is what its query counts out of the entries, and the page says the same.
        assert shop.get("/record/report/").headers["Location"] == "/record/report/2098"
        kept = {(year, name): rows for year in ("2097", "2098") for name, rows in counted(shop, year).items()}
        assert kept["2097", "restrictions"] == [["cn", "operator", "1", "0"], ["us", "operator", "1", "0"]]
        assert kept["2098", "restrictions"] == [["cn", "authority-order", "1", "0"], ["cn", "operator", "0", "1"],
                                                ["us", "operator", "0", "1"], ["us", "terms", "1", "0"]]
        assert kept["2098", "delays"][2] == ["in-effect-lifted", "1", str(274 * 86400), str(274 * 86400)]
        assert kept["2098", "voices"][0][:3] == ["rating", "1", "1"] and kept["2098", "voices"][1][1] == "1", kept["2098", "voices"]
        assert shop.get("/record/report/2099").status == 404 and shop.get("/record/report/x").status == 404
        assert shop.get("/record/report/2098/none.csv").status == 404 and shop.get("/record/report/none.jq").status == 404
        assert "透明度报告" in shop.get("/record/report/2098?language=zh-Hans").text


def test_embedded_ranked_and_sealed():
    with Shop(samples=True) as shop:
        def at(when):
            shop.env["COLOPHON_NOW"] = when
        at("2097-05-01T12:00:00Z")
        shop.serve()
        entries = lambda kind: [e for e in map(json.loads, shop.get("/record/entries.jsonl").text.splitlines()) if e["type"] == kind]
        # The rule of ranking stands in the Record, once, whatever starts again.
        shop.until(lambda: entries("ranking_version"), "the ranking rule's entry", 20)
        text = shop.get("/record/ranking.txt").body
        assert entries("ranking_version")[0]["rule"] == hashlib.sha256(text).hexdigest() and b"no demotion" in text
        page = shop.get("/record/ranking?language=en").text
        assert "version 1" in page and hashlib.sha256(text).hexdigest() in page and "title * 10" in page

        # Who asked is sealed until its date.
        sealed = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "ratings", "--seal-until", "2098-01-01")["id"]
        for wrong, word in (("2097-01-01", "seal-until"), ("soon", "seal-until")):
            status, _, err = shop.run("restriction", "add", "--storefront", "cn", "--edition", EMMA, "--withhold", "sale", "--ground",
                                      "authority-order", "--authority", "A", "--legal-basis", "L", "--reference", "R", "--reason", "r",
                                      "--until", "2099-01-01", "--seal-until", wrong)
            assert status == 1 and word in err, err
        assert shop.run("restriction", "add", "--storefront", "cn", "--edition", EMMA, "--withhold", "sale", "--ground", "operator",
                        "--reason", "r", "--until", "2099-01-01", "--seal-until", "2098-01-01")[0] == 1
        everything = "".join(shop.get(p).text for p in ("/record/", "/record/restrictions/%d" % sealed, "/record/entries.jsonl",
                                                        "/record/feed.atom", "/api/v1/restrictions", "/cn/en/books/" + EMMA))
        assert "Example Authority" not in everything and "2026/17" not in everything
        assert "sealed until 2098-01-01" in shop.get("/cn/en/books/" + EMMA).text
        assert shop.audit()[0] == 0, shop.audit()
        shop.stop()

        # It is opened by itself.
        at("2098-01-01T00:00:10Z")
        shop.serve()
        shop.until(lambda: entries("opened"), "the opening", 20)
        assert len(entries("opened")) == 1 and len(entries("ranking_version")) == 1
        full = json.loads(entries("opened")[0]["entry"])
        assert full["authority"] == "Example Authority" and full["id"] == sealed and full["reference"] == "2026/17"
        page = shop.get("/record/restrictions/%d?language=en" % sealed).text
        assert "Example Authority (2026/17)" in page and ("opened", "") in steps_of(page)
        assert shop.audit()[0] == 0, shop.audit()

        # In other people's pages.
        frame = shop.get("/record/embed?language=en&country=CN")
        assert frame.status == 200 and "frame-ancestors *" in frame.headers["Content-Security-Policy"] and ids_on(frame.text) == [sealed]
        page = shop.get("/record/?country=CN")
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        link = re.search(r'<([^>]*)>; rel="alternate"; type="application/json\+oembed"', page.headers["Link"])[1]
        offered = shop.get(link).json()
        assert offered["type"] == "rich" and "/record/embed?country=CN" in offered["html"], offered
        assert shop.get("/record/oembed?url=https://elsewhere.example/record/").status == 404
        assert shop.get("/record/oembed?format=xml&url=%s/record/" % shop.url).status == 501
        assert "No restriction fits" in shop.get("/record/embed?language=en&country=US").text
        assert shop.get("/record/embed?ground=bad").status == 422

        # What is kept sealed beyond its date is an error of the shop.
        shop.stop()
        at("2098-02-01T00:00:00Z")
        late = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "sale", "--seal-until", "2098-03-01")
        shop.tamper("DELETE FROM entry_text WHERE entry_id = (SELECT MAX(id) FROM entry WHERE type = 'sealed')")
        at("2098-03-02T00:00:00Z")
        shop.serve()
        # An audit goes by the Record's own time: that of its first head after the date.
        shop.until(lambda: entries("head")[-1]["at"] >= "2098-03-02", "a head after the date", 20)
        status, out, err = shop.audit()
        assert status == 1 and "should have been opened" in out + err and late, out + err


def test_a_day_of_review_is_told_as_what_it_is():
    """Nothing ends on it by itself but what nobody has reviewed."""
    with Shop() as shop:
        made = json.loads(shop.ok("restriction", "add", "--storefront", "us", "--edition", EMMA, "--withhold", "comments", "--ground", "law", "--legal-basis", "Act 1",
                                  "--reason", "As the law says.", "--review", "2098-09-01", "--json"))["id"]
        shop.serve()
        page = shop.get("/record/restrictions/%d?language=en" % made).text
        assert steps_of(page)[-1] == ("lapsed", ' class="ahead"') and "<b>Lapses unless reviewed" in page
