"""Accounts, ratings, reviews, comments."""
import re
import threading

from shop import EMMA, Browser, Shop


def test_accounts_and_sessions():
    with Shop() as shop:
        shop.serve()
        for body, word in [({"email": "x", "password": "long enough", "name": "N"}, "email"),
                           ({"email": "a@b.example", "password": "short", "name": "N"}, "password"),
                           ({"email": "a@b.example", "password": "long enough", "name": " "}, "name")]:
            answer = shop.api("POST", "/accounts", body)
            assert answer.status == 422 and word in answer.json()["detail"], answer.text
        token = shop.reader("ann")
        assert shop.api("POST", "/accounts", {"email": "ANN@example.org", "password": "long enough", "name": "N"}).status == 409
        assert shop.api("POST", "/session", {"email": "ann@example.org", "password": "wrong password"}).status in (401, 403)
        assert shop.api("POST", "/session", {"email": "nobody@example.org", "password": "wrong password"}).status in (401, 403)
        assert shop.api("DELETE", "/session", token=token).status == 200
        assert shop.api("PUT", "/us/works/1/rating", {"stars": 5}, token).status == 401


def test_signing_out_everywhere():
    with Shop() as shop:
        shop.serve()
        one, two = Browser(shop), Browser(shop)
        assert one.sign_up("us", "Ann").status == 303
        assert two.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret"}).status == 303
        assert one.get("/us/account").status == two.get("/us/account").status == 200
        assert one.post("/us/account", "/us/sign-out-everywhere", {}).status == 303
        assert one.get("/us/account").status == two.get("/us/account").status == 303


def test_guessing_is_slowed_down():
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        statuses = [shop.api("POST", "/session", {"email": "a@example.org", "password": "guess %d" % i}).status for i in range(40)]
        assert 429 in statuses


def test_returning_after_sign_in_stays_here():
    with Shop() as shop:
        shop.serve()
        reader = Browser(shop)
        reader.sign_up("us", "Ann")
        for target, lands in [("/us/books/" + EMMA, "/us/books/" + EMMA), ("//evil.example/", "/us/"), ("https://evil.example", "/us/"),
                              ("/\\evil.example", "/us/")]:
            other = Browser(shop)
            answer = other.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret", "return": target})
            assert answer.status == 303 and answer.headers["Location"] == lands, (target, answer.headers["Location"])


def test_one_review_for_each_reader_and_work():
    with Shop() as shop:
        shop.serve()
        ann, work = shop.reader("ann"), shop.work(EMMA)
        review = {"title": "Good", "text": "I liked it.", "language": "en", "stars": 4}
        made = shop.api("POST", "/us/works/%d/reviews" % work, review, ann)
        assert made.status == 201 and set(made.json()) >= {"id", "record_index"}
        assert shop.api("POST", "/us/works/%d/reviews" % work, review, ann).status == 409
        other_edition = [e for e in shop.api("GET", "/us/works/%d" % work).json()["editions"] if e["isbn13"] != EMMA][0]
        assert shop.edition(other_edition["isbn13"])["reviews"][0]["title"] == "Good"
        changed = shop.api("PUT", "/reviews/%d" % made.json()["id"], {**review, "title": "Better", "stars": 5}, ann)
        assert changed.status == 200 and changed.json()["record_index"] > made.json()["record_index"]
        seen = shop.edition(EMMA)
        assert seen["reviews"][0]["title"] == "Better" and seen["rating"] == {"mean": 5.0, "count": 1, "histogram": [0, 0, 0, 0, 1]}
        bob = shop.reader("bob")
        assert shop.api("PUT", "/reviews/%d" % made.json()["id"], review, bob).status == 403
        assert shop.api("DELETE", "/reviews/%d" % made.json()["id"], token=bob).status == 403
        comment = shop.api("POST", "/reviews/%d/comments" % made.json()["id"], {"text": "So did I."}, bob)
        assert comment.status == 201
        assert shop.edition(EMMA)["reviews"][0]["comments"][0]["text"] == "So did I."
        assert shop.api("DELETE", "/reviews/%d" % made.json()["id"], token=ann).status == 200
        gone = shop.edition(EMMA)
        assert gone["reviews"] == [] and gone["rating"]["count"] == 0
        assert gone["voices"]["comments"]["withdrawn"] == gone["voices"]["reviews"]["withdrawn"] == 1
        assert shop.audit()[0] == 0


def test_reviews_that_are_refused():
    with Shop() as shop:
        shop.serve()
        ann, work = shop.reader("ann"), shop.work(EMMA)
        good = {"title": "Good", "text": "I liked it.", "language": "en", "stars": 4}
        for change, word in [({"title": ""}, "title"), ({"title": "a\nb"}, "title"), ({"text": " "}, "text"), ({"text": "x" * 30000}, "text"),
                             ({"language": "<x>"}, "language"), ({"stars": 9}, "stars"), ({"text": "a\u0007b"}, "text"), ({"isbn13": "1"}, "isbn13")]:
            answer = shop.api("POST", "/us/works/%d/reviews" % work, {**good, **change}, ann)
            assert answer.status in (422, 429) and word in answer.json()["detail"], (change, answer.text)
        assert shop.api("POST", "/us/works/999999/reviews", good, ann).status == 404
        assert shop.api("POST", "/reviews/999999/comments", {"text": "x"}, ann).status == 404
        assert shop.edition(EMMA)["voices"]["reviews"]["shown"] == 0


def test_sums_are_right_to_the_unit_under_concurrent_writes():
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        tokens = [shop.reader("reader%d" % i) for i in range(12)]
        failures = []

        def rate(index, token):
            for round_ in range(8):
                stars = (index + round_) % 5 + 1
                answer = shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, token)
                if answer.status != 200:
                    failures.append(answer.text)

        threads = [threading.Thread(target=rate, args=item) for item in enumerate(tokens)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert not failures, failures[:3]
        expected = [0] * 5
        for index in range(12):
            expected[(index + 7) % 5] += 1
        assert shop.edition(EMMA)["rating"]["histogram"] == expected
        status, out, _ = shop.audit()
        assert status == 0, out


def test_the_order_by_rating_is_bayesian():
    with Shop() as shop:
        shop.serve()
        tokens = [shop.reader("reader%d" % i) for i in range(6)]
        emma, eyre = shop.work(EMMA), shop.api("GET", "/us/search?q=jane eyre").json()["results"][0]["work_id"]
        for token in tokens:
            shop.api("PUT", "/us/works/%d/rating" % emma, {"stars": 5}, token)
        shop.api("PUT", "/us/works/%d/rating" % eyre, {"stars": 5}, tokens[0])
        moby = shop.api("GET", "/us/search?q=moby").json()["results"][0]["work_id"]
        for token in tokens[:2]:
            shop.api("PUT", "/us/works/%d/rating" % moby, {"stars": 1}, token)
        order = lambda: list(dict.fromkeys(r["work_id"] for r in shop.api("GET", "/us/search?sort=rating&limit=20").json()["results"]))
        shop.until(lambda: order()[:2] == [emma, eyre], "the order by rating", 3)


def at_once(*calls):
    """Runs them beside each other; their results in order."""
    results, gate = [None] * len(calls), threading.Barrier(len(calls))

    def one(index):
        gate.wait()
        results[index] = calls[index]()

    threads = [threading.Thread(target=one, args=(i,)) for i in range(len(calls))]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return results


def test_what_one_reader_does_twice_at_once():
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        review = {"title": "Good", "text": "I liked it.", "language": "en", "stars": 4}
        for round_ in range(4):
            ann = shop.reader("ann%d" % round_)
            rated = at_once(*[lambda s=s: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": s}, ann) for s in (1, 2, 3, 3)])
            assert [a.status for a in rated] == [200] * 4, [a.text for a in rated]
            made = at_once(*[lambda: shop.api("POST", "/us/works/%d/reviews" % work, review, ann)] * 3)
            assert sorted(a.status for a in made) == [201, 409, 409], [a.text for a in made]
            id_ = [a for a in made if a.status == 201][0].json()["id"]
            said = at_once(*[lambda: shop.api("POST", "/reviews/%d/comments" % id_, {"text": "Twice?"}, ann)] * 3)
            assert [a.status for a in said] == [201] * 3 and len({a.json()["id"] for a in said}) == 1, [a.text for a in said]
            ended = at_once(lambda: shop.api("PUT", "/reviews/%d" % id_, {**review, "title": "Better"}, ann),
                            lambda: shop.api("DELETE", "/reviews/%d" % id_, token=ann),
                            lambda: shop.api("DELETE", "/reviews/%d" % id_, token=ann),
                            lambda: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 5}, ann))
            assert sorted(a.status for a in ended[1:3]) == [200, 404], [a.text for a in ended]
            assert ended[0].status in (200, 404) and ended[3].status == 200
            shop.api("DELETE", "/us/works/%d/rating" % work, token=ann)
        seen = shop.edition(EMMA)
        assert seen["reviews"] == [] and seen["rating"] == {"mean": None, "count": 0, "histogram": [0] * 5}
        status, out, _ = shop.audit()
        assert status == 0, out


def test_forms_sent_twice_say_it_once():
    with Shop() as shop:
        shop.serve()
        reader = Browser(shop)
        reader.sign_up("us", "Ann")
        page = "/us/books/%s/review" % EMMA
        token = reader.get(page).text.split('name="token" value="')[1].split('"')[0]
        fields = {"title": "Good", "text": "I liked it.\r\nMuch.", "language": "en", "stars": "4", "token": token}
        answers = at_once(*[lambda: reader.ask("POST", page, fields)] * 3)
        assert [a.status for a in answers] == [303] * 3, [a.text[:500] for a in answers]
        seen = shop.edition(EMMA)
        assert len(seen["reviews"]) == 1 and seen["rating"]["histogram"] == [0, 0, 0, 1, 0]
        assert seen["reviews"][0]["text"] == "I liked it.\nMuch."
        entries = shop.get("/record/voices/checkpoint").text.split("\n")[1]
        id_ = seen["reviews"][0]["id"]
        say = lambda: reader.ask("POST", "/us/books/%s/reviews/%d/comments" % (EMMA, id_), {"text": "And more.", "token": token})
        assert [a.status for a in at_once(say, say)] == [303, 303]
        comment = shop.edition(EMMA)["reviews"][0]["comments"]
        assert len(comment) == 1 and int(shop.get("/record/voices/checkpoint").text.split("\n")[1]) == int(entries) + 1
        changed = reader.ask("POST", "/us/books/%s/comments/%d" % (EMMA, comment[0]["id"]), {"text": "And less.", "token": token})
        assert changed.status == 303 and shop.edition(EMMA)["reviews"][0]["comments"][0]["text"] == "And less."
        other = Browser(shop)
        other.sign_up("us", "Bob")
        assert other.post("/us/account", "/us/books/%s/comments/%d" % (EMMA, comment[0]["id"]), {"text": "Mine."}).status == 403
        assert reader.post("/us/account", "/us/books/%s/review/withdraw" % EMMA, {}).status == 303
        gone = shop.edition(EMMA)
        assert gone["reviews"] == [] and gone["voices"]["comments"] == {"shown": 0, "withheld": 0, "withdrawn": 1, "erased": 0, "by": []}
        assert shop.audit()[0] == 0


def test_signing_out_while_others_write():
    with Shop() as shop:
        shop.serve()
        work, reader = shop.work(EMMA), Browser(shop)
        reader.sign_up("us", "Ann")
        signed = {"email": "ann@example.org", "password": "a long enough secret"}
        tokens = [shop.api("POST", "/session", signed).json()["token"] for _ in range(3)]
        rate = lambda token, stars: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, token)
        answers = at_once(*[lambda t=t, s=s: rate(t, s) for t in tokens for s in (1, 5)],
                          lambda: reader.post("/us/account", "/us/sign-out-everywhere", {}))
        assert answers[-1].status == 303 and all(a.status in (200, 401) for a in answers[:-1]), [a.text for a in answers]
        assert [rate(t, 3).status for t in tokens] == [401] * 3
        seen = shop.edition(EMMA)["rating"]
        assert seen["count"] == (1 if any(a.status == 200 for a in answers[:-1]) else 0) and sum(seen["histogram"]) == seen["count"]
        # An account has so many sessions and no more: the oldest end.
        first = shop.api("POST", "/session", signed).json()["token"]
        account = shop.look("SELECT account_id FROM session")
        shop.tamper("INSERT INTO session (token, account_id, kind, created, expires) VALUES " + ", ".join(
            "(%s, %s, 'bearer', %d, 9999999999)" % (shop.blob(b"%032d" % i), account, 9000000000 + i) for i in range(80)))
        shop.api("POST", "/session", signed)
        assert rate(first, 3).status == 401
        assert int(shop.look("SELECT COUNT(*) FROM session")) <= 51


def test_who_has_an_account_is_not_told():
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        shop.reader("ann")
        wrong = [shop.api("POST", "/session", {"email": e, "password": p}) for e, p in [
            ("ann@example.org", "not her secret"), ("nobody@example.org", "not her secret"), ("no address", "not her secret"),
            ("ann@example.org", "x" * 5000), ("nobody@example.org", "x" * 5000), ("ann@example.org", "")]]
        # The signed statement, too, says the same of each but for its salt, its time and the hash of what was sent.
        told = [{**a.json(), "refusal": re.sub(r"(?m)^(salt|refused|sent|—) .*", "", a.json()["refusal"])} for a in wrong]
        assert all(t == told[0] and a.status == 401 for t, a in zip(told, wrong)), told
        browser = Browser(shop)
        pages = [browser.post("/us/sign-in", "/us/sign-in", {"email": e, "password": "not her secret"}).text.replace(e, "")
                 for e in ("ann@example.org", "nobody@example.org")]
        assert pages[0] == pages[1]
        # Signing up has to tell, once or twice; asking for a list of addresses is slowed down.
        asked = [shop.api("POST", "/accounts", {"email": "ann@example.org", "password": "long enough", "name": "N"}).status for _ in range(9)]
        assert asked[0] == 409 and asked[-1] == 429
        # So many hash at once and no more: the others are sent away, not queued.
        many = at_once(*[lambda i=i: shop.api("POST", "/session", {"email": "a%d@example.org" % i, "password": "x" * 20}) for i in range(24)])
        assert {a.status for a in many} <= {401, 503}
        assert all(int(a.headers["Retry-After"]) > 0 for a in many if a.status == 503)


def test_what_readers_write_is_harmless():
    with Shop() as shop:
        shop.serve()
        ann, work = shop.reader("ann"), shop.work(EMMA)
        text = ("Look: <script>alert(1)</script> [a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x) [d](https://good.example/?a=\"b\") "
                "![e](https://pixel.example/x.png)\n\n<img src=x onerror=alert(1)>\n\n# Big\n\n&#1;&#x202e;\n\n" + "> " * 400 + "deep")
        made = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "<b>\"'&", "text": text, "language": "en"}, ann)
        assert made.status == 201, made.text
        page = shop.get("/us/books/" + EMMA).text
        own = page[page.index('data-review="%d"' % made.json()["id"]):]
        own = own[:own.index("</article>")]
        for bad in ["<script", "<img", "javascript:alert(1)\"", "href=\"data:", "href=\"JaVa", "<b>\"", "pixel.example/x.png\"", "\x01"]:
            assert bad not in own, bad
        assert 'href="https://good.example/' in own and "&lt;script&gt;" in own, own
        assert 1 <= own.count("<blockquote>") == own.count("</blockquote>") <= 20, own


def comments_of(shop, resource, status=200):
    """The texts on all its pages, and how many it says there are."""
    texts, total = [], None
    while total is None or len(texts) < total:
        answer = shop.get("/api/v1%s/comments?limit=100&offset=%d" % (resource, len(texts)))
        assert answer.status == status, answer.text
        page = answer.json()
        assert total in (None, page["total"])
        total = page["total"]
        texts += [c["text"] for c in page["comments"]]
        if not page["comments"]:
            break
    return texts, total


def test_more_comments_than_a_page_holds():
    """None is withheld in silence: the page says how many there are and leads to all of them."""
    with Shop() as shop:
        shop.serve()
        ann, work = shop.reader("ann"), shop.work(EMMA)
        review = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "T", "text": "X", "language": "en", "stars": 4}, ann).json()["id"]
        said = []
        for reader in range(3):
            token = shop.reader("r%d" % reader)
            for n in range(40):
                said.append("word %d of %d" % (n, reader))
                assert shop.api("POST", "/reviews/%d/comments" % review, {"text": said[-1]}, token).status == 201
        first = shop.get("/us/books/" + EMMA).text
        assert first.count('data-comment="') == 50 and 'data-comments-shown="120"' in first
        assert "All 120 comments" in first and 'href="/us/books/%s/reviews/%d/comments"' % (EMMA, review) in first
        listed = shop.edition(EMMA)["reviews"][0]
        assert listed["comment_count"] == 120 and [c["text"] for c in listed["comments"]] == said[:50]
        shown = []
        for page in (1, 2, 3, 4):
            text = shop.get("/us/books/%s/reviews/%d/comments?page=%d" % (EMMA, review, page)).text
            shown += re.findall(r"word \d+ of \d", text)
        assert shown == said
        assert comments_of(shop, "/us/reviews/%d" % review) == (said, 120)
        assert comments_of(shop, "/us/works/%d" % work) == (said, 120)
        assert "查看全部 120 条评论" in shop.get("/cn/books/" + EMMA).text
        assert shop.get("/us/books/%s/reviews/%d/comments" % (EMMA, review + 1000)).status == 404
        other = shop.get("/api/v1/us/search?q=pride").json()["results"][0]["isbn13"]
        assert shop.get("/us/books/%s/reviews/%d/comments" % (other, review)).status == 404
        assert shop.get("/us/books/%s/reviews/%d/comments?page=0" % (EMMA, review)).status == 422
        assert shop.get("/api/v1/us/reviews/%d/comments?limit=x" % review).status == 422
        status, out, err = shop.audit()
        assert status == 0, out + err

        # With the reviews withheld alone, the comments stand in one list; with the comments withheld, none.
        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "reviews")
        page = shop.get("/cn/en/books/" + EMMA).text
        assert page.count('data-comment="') == 50 and 'href="/cn/en/books/%s/comments"' % EMMA in page
        assert comments_of(shop, "/cn/works/%d" % work) == (said, 120)
        alone = [shop.get("/cn/books/%s/comments?page=%d" % (EMMA, n)).text for n in (1, 2, 3)]
        assert re.findall(r"word \d+ of \d", "".join(alone)) == said and 'data-review="' not in "".join(alone)
        assert shop.get("/api/v1/cn/works/%d/reviews" % work).json()["voices"]["comments"]["shown"] == 120
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "comments")
        closed = shop.get("/us/books/%s/reviews/%d/comments" % (EMMA, review))
        assert closed.status == 451 and "word 1" not in closed.text and 'data-restriction="%d"' % made["id"] in closed.text
        shop.authority("--storefront", "us", "--work", str(work), "--withhold", "comments")
        assert comments_of(shop, "/us/reviews/%d" % review, 451) == ([], 0)
        assert comments_of(shop, "/us/works/%d" % work, 451) == ([], 0)
        status, out, err = shop.audit()
        assert status == 0, out + err
        # A comment that is on no page is found missing.
        shop.tamper("UPDATE comment SET review_id = 0 WHERE id = (SELECT MAX(id) FROM comment)")
        shop.stop()
        shop.serve()
        for r in shop.get("/api/v1/restrictions").json()["restrictions"]:
            if r["state"] == "in effect":
                shop.ok("restriction", "lift", str(r["id"]), "--reason", "Over.")
        status, out, err = shop.audit()
        assert status == 1 and "119" in out, out + err
