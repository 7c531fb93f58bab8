"""Accounts, ratings, reviews, comments."""
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
