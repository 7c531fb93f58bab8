"""What readers say of a work: which of it is shown first, and which at all, as an address asks."""
import html
import re

from shop import EMMA, Browser, Shop, run

LONG = "A text of some length, which nobody writes twice by chance: about Emma, Miss Bates, and the whole of Highbury."

SAID = [("ann", 5, "en"), ("ben", 1, "de"), ("cleo", 3, "en"), ("dora", 5, "zh-Hans")]


def readers_say(shop, said=SAID):
    work, made = shop.work(EMMA), {}
    for name, stars, language in said:
        reader = shop.reader(name)
        answer = shop.api("POST", "/us/works/%d/reviews" % work,
                          {"title": "By " + name, "text": "What %s thinks." % name, "language": language, "stars": stars, "isbn13": EMMA},
                          reader)
        assert answer.status == 201, answer.text
        made[name] = {**answer.json(), "reader": reader}
    return work, made


def shown(shop, query, storefront="us"):
    """Whose reviews stand on the page, in their order; "-" is a place that is withheld."""
    page = shop.get("/%s/books/%s/reviews%s" % (storefront, EMMA, query))
    assert page.status == 200, (query, page.status)
    articles = re.findall(r'<article class="review".*?</article>', page.text, re.S)
    return [(re.findall(r"<h3[^>]*>By (\w+)</h3>", a) or ["-"])[0] for a in articles], page.text


def listed(shop, work, query, storefront="us"):
    answer = shop.api("GET", "/%s/works/%d/reviews%s" % (storefront, work, query))
    assert answer.status == 200, answer.text
    return [r.get("title", "-").replace("By ", "") for r in answer.json()["reviews"]], answer.json()


def links(text, name):
    nav = re.search(r'aria-label="%s".*?</(?:nav|ul)>' % name, text, re.S)[0]
    return {re.sub(r"<[^>]*>|\s+", " ", label).strip(): html.unescape(url) for url, label in re.findall(r'href="([^"]*)">(.*?)</a>', nav, re.S)}


def test_reviews_in_order_and_chosen():
    with Shop() as shop:
        shop.serve()
        work, made = readers_say(shop)
        for query, names in [("", ["dora", "cleo", "ben", "ann"]), ("?sort=highest", ["dora", "ann", "cleo", "ben"]),
                             ("?sort=lowest", ["ben", "cleo", "dora", "ann"]), ("?stars=5", ["dora", "ann"]),
                             ("?stars=5&stars=1&sort=lowest", ["ben", "dora", "ann"]), ("?language=en", ["cleo", "ann"]),
                             ("?language=en&language=de&stars=1", ["ben"]), ("?language=fr", [])]:
            page, text = shown(shop, query)
            there, answer = listed(shop, work, query)
            assert page == there == names, (query, page, there)
            if query:
                assert answer["choice"]["fitting"] == len(names) == answer["total"] and answer["choice"]["undecided"] == 0, (query, answer)
                if "sort" not in query:
                    assert 'data-fitting="%d"' % len(names) in text, query
        # Each choice comes off by itself, and what each would leave is counted beside the rest.
        _, text = shown(shop, "?language=en&stars=5&sort=highest")
        taken = links(text, "Your choices")
        assert len(taken) == 3 and shop.get(taken["Remove all"]).text.count('data-review="') == 4, taken
        without = [url for label, url in taken.items() if label.startswith("Stars")][0]
        assert "language=en" in without and "stars" not in without and "sort=highest" in without, without
        choice = listed(shop, work, "?language=en")[1]["choice"]
        assert choice["stars"] == [0, 0, 1, 0, 1] and {x["language"]: x["count"] for x in choice["languages"]} == {"en": 2, "de": 1, "zh-Hans": 1}
        # Each review in its language and of its edition; what the address says badly is said.
        assert 'lang="zh-Hans"' in text or 'lang="zh-Hans"' in shown(shop, "")[1]
        assert "this edition" in text
        for query in ("?sort=best", "?stars=6", "?stars=x", "?language=%22"):
            assert shop.get("/us/books/%s/reviews%s" % (EMMA, query)).status == 422, query
            assert shop.api("GET", "/us/works/%d/reviews%s" % (work, query)).status == 422, query
        # The book's own page leads there.
        book = links(shop.get("/us/books/" + EMMA).text, "Order")
        assert set(book) == {"most helpful", "most stars", "fewest stars", "choose by stars or language"}, book
        assert shop.get(book["most stars"]).status == 200


def test_more_reviews_than_are_looked_through():
    with Shop() as shop:
        shop.serve(env={"COLOPHON_MARKS": "3"})
        work, made = readers_say(shop)
        # The list itself has them all; what there is to choose from is known of the latest.
        names, text = shown(shop, "")
        assert names == ["dora", "cleo", "ben", "ann"] and "4 reviews" in text
        stars = links(re.sub(r'<div (class="sorts" role="group" aria-label="Stars")(.*?)</div>', r"<nav \1\2</nav>", text, flags=re.S), "Stars")
        assert set(stars) == {"5 stars", "3 stars", "1 star"}, stars
        assert "latest 3" not in text
        # A choice is of all.
        for query, there in (("?stars=5", ["dora", "ann"]), ("?sort=lowest", ["ben", "cleo", "dora", "ann"]), ("?sort=helpful&language=EN", ["cleo", "ann"])):
            names, text = shown(shop, query)
            assert names == there == listed(shop, work, query)[0] and "of the latest" not in text, (query, names)
        choice = listed(shop, work, "?language=en")[1]["choice"]
        assert choice["latest"] is None and choice["stars"] == [0, 0, 1, 0, 1] and choice["fitting"] == 2, choice


def test_a_page_of_a_choice_follows_its_stars():
    with Shop() as shop:
        shop.serve()
        work, made = readers_say(shop)
        pages = lambda query: [n for at in range(4) for n in listed(shop, work, query + "&limit=1&offset=%d" % at)[0]]
        assert pages("?sort=highest") == ["dora", "ann", "cleo", "ben"] and pages("?sort=lowest&stars=5&stars=1") == ["ben", "dora", "ann"]
        # Stars that are changed, taken back, or given later.
        ann, ben = made["ann"]["reader"], made["ben"]["reader"]
        assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 2}, ann).status == 200
        assert shop.api("DELETE", "/us/works/%d/rating" % work, None, ben).status in (200, 204)
        assert pages("?sort=highest") == ["dora", "cleo", "ann", "ben"] and pages("?sort=lowest") == ["ann", "cleo", "dora", "ben"]
        assert listed(shop, work, "?stars=2")[0] == ["ann"] and listed(shop, work, "?stars=1")[0] == []
        # One that is withheld keeps its place behind, on whatever page.
        shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "reviews,ratings", "--target", "review:%d" % made["cleo"]["record_index"])
        shop.until(lambda: pages("?sort=highest") == ["dora", "ann", "ben", "-"], "the restriction")
        assert pages("?stars=5&stars=3") == ["dora", "-"] and pages("?language=en") == ["ann", "-"]
        # The same numbers beside reviews as beside ratings.
        assert shop.look("SELECT COUNT(*) FROM review AS r LEFT JOIN rating AS s ON s.work_id = r.work_id AND s.account_id = r.account_id AND s.state = 'shown' "
                         "WHERE r.state = 'shown' AND r.stars <> COALESCE(s.stars, 0)") == "0"


def test_what_is_withheld_decides_nothing_and_stays_said():
    with Shop() as shop:
        shop.serve()
        work, made = readers_say(shop)
        one = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews,ratings", "--target", "review:%d" % made["ann"]["record_index"])
        # Its place is in every choice, behind what fits, and says nothing of what it holds.
        for query, names in [("?sort=highest", ["dora", "cleo", "ben", "-"]), ("?sort=lowest", ["ben", "cleo", "dora", "-"]),
                             ("?stars=1", ["ben", "-"]), ("?language=de", ["ben", "-"]), ("?stars=5&language=fr", ["-"])]:
            page, text = shown(shop, query, "cn")
            there, answer = listed(shop, work, query, "cn")
            assert page == there == names, (query, page, there)
            assert "What ann thinks" not in text and "/record/restrictions/%d" % one["id"] in text
            assert answer["choice"]["undecided"] == (1), (query, answer["choice"])
            assert answer["total"] == len(names) == answer["choice"]["fitting"] + 1, (query, answer)
        assert listed(shop, work, "?stars=4", "cn")[1]["choice"]["stars"] == [1, 0, 1, 0, 1]
        # Where all stars are withheld, nobody can find out by them.
        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "ratings")
        for query in ("?sort=lowest", "?stars=1", "?sort=highest&stars=5"):
            there, answer = listed(shop, work, query, "cn")
            assert [n for n in there if n != "-"] == ["dora", "cleo", "ben"] and answer["choice"]["stars"] is None, (query, there)
            text = shown(shop, query, "cn")[1]
            assert "most stars" not in text and "星级从高到低" not in text
        assert listed(shop, work, "?stars=1")[0] == ["ben"]  # elsewhere nothing changed
        status, out, err = shop.audit()
        assert status == 0, out + err


def signed_in(shop, name):
    browser = Browser(shop)
    assert browser.post("/us/sign-in", "/us/sign-in", {"email": name + "@example.org", "password": "a long enough secret"}).status == 303
    return browser


def refused_for(answer, reason, status):
    assert answer.status == status, (reason, answer.status, answer.text)
    assert "\nreason %s\n" % reason in answer.json()["refusal"], answer.text
    return answer


def test_helpful_votes():
    with Shop() as shop:
        shop.serve()
        work, made = readers_say(shop)
        tokens = {name: shop.api("POST", "/session", {"email": name + "@example.org", "password": "a long enough secret"}).json()["token"] for name in made}
        vote = lambda method, of, by: shop.api(method, "/us/reviews/%d/helpful" % made[of]["id"], token=tokens.get(by))
        refused_for(vote("PUT", "ben", "cleo"), "new-account", 403)
        page = "/us/books/%s/reviews" % EMMA
        assert "This helped me" not in signed_in(shop, "cleo").get(page).text, "what is refused is not offered"
        shop.stop()
        shop.tamper("UPDATE account SET created = created - 100000")
        shop.serve()
        # Once for each account and review, not for one's own, and it may be taken back.
        refused_for(vote("PUT", "ben", "ben"), "denied", 403)
        refused_for(vote("PUT", "ben", None), "not-signed-in", 401)
        for by, n in (("cleo", 1), ("cleo", 1), ("ann", 2)):
            answer = vote("PUT", "ben", by)
            assert answer.status == 200 and answer.json() == {"helpful": n, "own": True}, answer.text
        assert vote("DELETE", "ben", "dora").json() == {"helpful": 2, "own": False}
        assert vote("PUT", "ann", "dora").json()["helpful"] == 1
        assert listed(shop, work, "?sort=helpful")[0] == ["ben", "ann", "dora", "cleo"] == shown(shop, "?sort=helpful")[0]
        assert [r["helpful"] for r in listed(shop, work, "?sort=helpful")[1]["reviews"]] == [2, 1, 0, 0]
        assert "2 readers found this helpful" in shown(shop, "")[1]
        # By the page's form, there and back to where one was.
        ann, page = signed_in(shop, "ann"), "/us/books/%s/reviews?stars=1" % EMMA
        action = "/us/books/%s/reviews/%d/helpful" % (EMMA, made["ben"]["id"])
        assert "Take my vote back" in ann.get(page).text
        answer = ann.post(page, action, {"helpful": "0", "return": page})
        assert answer.status == 303 and answer.headers["Location"] == page + "#review-%d" % made["ben"]["id"], answer.headers
        assert "1 reader found this helpful" in ann.get(page).text and "This helped me" in ann.get(page).text
        assert ann.ask("POST", action, {"helpful": "1"}).status == 403, "a form without its token"
        # What is refused is said at the review, on the page where the button was, with its signed statement.
        book = "/us/books/" + EMMA
        for back, where in (({}, book), ({"return": page}, page)):
            mine = "%s/reviews/%d/helpful" % (book, made["ann"]["id"])
            answer = ann.post(page, mine, {"helpful": "1", **back})
            at = re.search(r'<article class="review" id="review-%d".*?</article>' % made["ann"]["id"], answer.text, re.S)[0]
            assert answer.status == 403 and '<p class="error" role="alert">This review is your own.</p>' in at and "refusal.txt" in answer.text, answer.text
        answer = ann.post(page, book + "/reviews/999999/helpful", {"helpful": "1"})
        assert answer.status == 404 and '<p class="error" role="alert">There is no review 999999.</p>' in answer.text and 'data-edition="%s"' % EMMA in answer.text
        assert ann.post(page, "/us/books/9999999999999/reviews/1/helpful", {"helpful": "1"}).status == 404
        # On phones a link at the head of the reviews leads to the form below them.
        assert 'href="#rate"' in ann.get(book).text and 'id="rate"' in ann.get(book).text
        own = ann.get("/us/books/%s/reviews?stars=5&sort=lowest" % EMMA).text
        assert own.count("This helped me") == 1, "nobody is asked about their own"
        # What is withheld takes none, and what is gone is not there.
        one = shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % made["ben"]["record_index"])
        answer = refused_for(vote("PUT", "ben", "dora"), "withheld", 403)
        assert "restriction %d" % one["id"] in answer.text
        assert listed(shop, work, "?sort=helpful")[0] == ["ann", "dora", "cleo", "-"], "its number is withheld with it"
        shop.api("DELETE", "/reviews/%d" % made["cleo"]["id"], token=tokens["cleo"])
        assert vote("PUT", "cleo", "ann").status == 404
        # Whoever leaves takes their votes along.
        assert listed(shop, work, "", "cn")[1]["reviews"][1]["helpful"] == 1
        gone = shop.api("POST", "/account/erase", {"password": "a long enough secret"}, tokens["cleo"])
        assert gone.status == 200, gone.text
        assert {r["title"]: r["helpful"] for r in listed(shop, work, "", "cn")[1]["reviews"]} == {"By dora": 0, "By ben": 0, "By ann": 1}
        assert shop.look("SELECT COUNT(*) FROM helpful") == "1"
        # Of a review that is erased no number of votes is left either.
        assert shop.api("POST", "/account/erase", {"password": "a long enough secret"}, tokens["ann"]).status == 200
        assert shop.look("SELECT SUM(helpful) FROM review WHERE state = 'erased'") == "0"
        assert shop.look("SELECT COUNT(*) FROM helpful") == "0"
        status, out, err = shop.audit()
        assert status == 0, out + err


def test_limits_refuse_and_say_why():
    with Shop() as shop:
        shop.ok("staff", "require-second-factor", "off")
        shop.ok("staff", "add", "pia@example.org", "--role", "partner", "--shop", "main", "--password-stdin", stdin=b"a long enough secret\n")
        shop.serve(env={"COLOPHON_BURST": "2"})
        work, other = shop.work(EMMA), shop.work("9780000000019")
        say = lambda token, text, of=work, **more: shop.api("POST", "/us/works/%d/reviews" % of, {"title": "T", "text": text, "language": "en", **more}, token)
        ann, ben, cleo, dora = [shop.reader(name) for name in ("ann", "ben", "cleo", "dora")]
        # The same words, however they are set, about another work or under another name.
        assert say(ann, LONG).status == 201
        refused_for(say(ann, LONG.upper() + "!!", other), "duplicate-text", 422)
        refused_for(say(ben, "  " + LONG.replace(" ", "  ")), "duplicate-text", 422)
        assert say(ben, "I liked it.").status == 201
        assert shop.api("PUT", "/us/works/%d/rating" % other, {"stars": 5}, ann).status == 200
        short = say(ann, "I liked it.", other)
        assert short.status == 201, "what is short is the same by chance"
        refused_for(shop.api("PUT", "/reviews/%d" % short.json()["id"], {"title": "T", "text": LONG, "language": "en"}, ann), "duplicate-text", 422)
        # A burst of new accounts about one work; an account of some age is none of it.
        refused_for(say(cleo, "Mine."), "burst", 429)
        refused_for(shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 1}, dora), "burst", 429)
        page = signed_in(shop, "dora")
        answer = page.post("/us/books/" + EMMA, "/us/books/%s/review" % EMMA, {"title": "T", "text": "Kept in the form.", "language": "en", "stars": "2"})
        assert answer.status == 429 and "Many new accounts" in answer.text and "Kept in the form." in answer.text
        # Partners keep their hands off what their shop sells, in every session.
        pia = shop.api("POST", "/session", {"email": "pia@example.org", "password": "a long enough secret"}).json()["token"]
        shop.stop()
        shop.tamper("UPDATE account SET created = created - 100000")
        shop.serve(env={"COLOPHON_BURST": "2"})
        assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 1}, dora).status == 200
        refused_for(shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 5}, pia), "interest", 403)
        refused_for(say(pia, "The best book of all."), "interest", 403)
        review = listed(shop, work, "")[1]["reviews"][0]["id"]
        assert shop.api("POST", "/reviews/%d/comments" % review, {"text": "We are glad."}, pia).status == 201
        counts = shop.api("GET", "/us/works/%d" % work).json()["voices"]
        assert counts["reviews"]["shown"] == 2 and counts["ratings"]["shown"] == 1, "what was refused is nowhere"
        status, out, err = shop.audit()
        assert status == 0, out + err


def test_one_account_silences_no_title():
    with Shop() as shop:
        shop.serve(env={"COLOPHON_BURST": "3"})
        assert "at most 3 ratings and reviews" in shop.get("/us/reviews-policy").text
        work, other = shop.work(EMMA), shop.work("9780000000019")
        eve = Browser(shop)
        assert eve.sign_up("us", "Eve").status == 303
        token = shop.api("POST", "/session", {"email": "eve@example.org", "password": "a long enough secret"}).json()["token"]
        book, rating = "/us/books/" + EMMA, "/us/works/%d/rating" % work
        review = {"title": "T", "text": LONG, "language": "en"}
        # What is no rating or review, is of somebody else's words, or is taken back at once, counts for one at most.
        for _ in range(4):
            assert eve.post(book, book + "/rating", {"stars": "0"}).status == 422
            assert eve.post(book, book + "/review", {**review, "text": "", "stars": "2"}).status == 422
            assert shop.api("POST", "/us/works/%d/reviews" % work, {**review, "language": "?"}, token).status == 422
        assert shop.api("POST", "/us/works/%d/reviews" % other, review, token).status == 201
        for _ in range(4):
            refused_for(shop.api("POST", "/us/works/%d/reviews" % work, review, token), "duplicate-text", 422)
        for _ in range(4):
            assert shop.api("PUT", rating, {"stars": 1}, token).status == 200
            assert shop.api("DELETE", rating, token=token).status == 200
        assert shop.api("PUT", rating, {"stars": 4}, shop.reader("fay")).status == 200
        refused_for(shop.api("PUT", rating, {"stars": 4}, shop.reader("gus")), "burst", 429)


def test_a_new_account_says_so_much_on_its_first_day():
    with Shop() as shop:
        shop.serve()
        work, made = readers_say(shop, SAID[:1])
        eve = shop.reader("eve")
        for n in range(45):  # who changes their mind is counted once
            assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": n % 5 + 1}, eve).status == 200, n
        comment = lambda n: shop.api("POST", "/reviews/%d/comments" % made["ann"]["id"], {"text": "Comment %d." % n}, eve)
        for n in range(60):
            assert comment(n).status == 201, n
        answer = refused_for(comment(60), "new-account", 429)
        assert int(answer.headers["Retry-After"]) > 0


def test_the_policy_of_reviews():
    with Shop() as shop:
        shop.serve()
        for path, words in (("/us/reviews-policy", ["How reviews work here", "Partners neither rate nor review", "at most 30 ratings and reviews"]),
                            ("/cn/reviews-policy", ["本店书评规则"])):
            text = shop.get(path).text
            for w in words:
                assert w in text, (path, w)
        assert 'href="/us/reviews-policy"' in shop.get("/us/books/" + EMMA).text
        assert "found\n  helpful" in shop.get("/record/ranking.txt").text


def test_what_gives_the_story_away_is_folded_up_and_a_review_is_seen_before_it_is_published():
    """Without a script; neither machines nor the home page tell it. And stars are taken back where they were given."""
    with Shop() as shop:
        shop.serve()
        shop.reader("ann")
        ann = Browser(shop)
        assert ann.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret"}).status == 303
        book, form = "/us/books/" + EMMA, "/us/books/%s/review" % EMMA
        text = "Slow at first.\n\n>!She **marries** Knightley & <b>all</b> is well.!<\n\nRead it. >!never ended"
        review = {"title": "Of matches", "text": text, "language": "en", "stars": "4"}
        seen = ann.post(form, form, dict(review, act="preview"))
        fold = r'<details class="fold"><summary>Gives the story away</summary><p>She <strong>marries</strong> Knightley &amp; &lt;b&gt;all&lt;/b&gt; is well.</p>\s*</details>'
        assert seen.status == 200 and re.search(fold, seen.text) and "Nothing is published yet." in seen.text, seen.text
        assert html.escape(text, quote=False) in seen.text.replace("&#39;", "'") and 'name="stars" value="4" checked' in seen.text
        # However many there are, none stands open: the last that there may be takes in all behind it.
        many = ann.post(form, form, dict(review, text=">!a!< " * 50 + "In between. >!The butler did it!<", act="preview")).text
        assert many.count('<details class="fold">') == 50
        assert "The butler did it" in many.split('<details class="fold">')[-1].split("</details>")[0] and "butler" not in many.split("</details>")[-1].split("<textarea")[0]
        assert "Of matches" not in shop.get(book).text
        assert ann.post(form, form, dict(review, act="publish")).status == 303
        page = shop.get(book).text
        article = re.search(r'<article class="review".*?</article>', page, re.S)[0]
        assert re.search(fold, article) and "never ended" in article, article
        assert "Knightley" not in re.search(r'<script type="application/ld.json">.*?</script>', page, re.S)[0]
        assert "Slow at first." in shop.get("/us/").text and "Knightley" not in shop.get("/us/").text
        # Stars alone, too: on the book's page, and where all of them stand.
        for place, there in (book, book + "#reviews"), ("/us/account", "/us/account"):
            assert ann.post(book, book + "/rating", {"stars": "2"}).status == 303
            assert shop.edition(EMMA)["rating"]["count"] == 1
            assert "Take my stars back" in ann.get(place).text
            back = ann.post(place, book + "/rating/withdraw", {"from": "account"} if place == "/us/account" else {})
            assert back.status == 303 and back.headers["Location"] == there, back.headers
            assert shop.edition(EMMA)["rating"]["count"] == 0 and "Take my stars back" not in ann.get(place).text
        assert "Of matches" in shop.get(book).text
        assert ann.post(book, book + "/rating/withdraw", {}).status == 404
