"""Restrictions on one review, one comment, one account: what is withheld, what stays, and what a stranger finds."""
import json
import re

from shop import EMMA, Browser, Shop


def voices(shop):
    """Three readers' reviews of one work, two comments under Ann's."""
    work = shop.work(EMMA)
    readers = {name: shop.reader(name) for name in ("ann", "ben", "cleo")}
    reviews, comments = {}, {}
    for name, stars in [("ann", 1), ("ben", 5), ("cleo", 4)]:
        made = shop.api("POST", "/us/works/%d/reviews" % work,
                        {"title": "By " + name, "text": "What %s thinks." % name, "language": "en", "stars": stars}, readers[name])
        reviews[name] = made.json()
    for name in ("ben", "cleo"):
        made = shop.api("POST", "/reviews/%d/comments" % reviews["ann"]["id"], {"text": "%s answers." % name}, readers[name])
        comments[name] = made.json()
    return work, readers, reviews, comments


def tallies(shop, work, storefront):
    v = shop.api("GET", "/%s/works/%d" % (storefront, work)).json()["voices"]
    for kind, t in v.items():
        assert sum(t[s] for s in ("shown", "withheld", "withdrawn", "erased")) == {"ratings": 3, "reviews": 3, "comments": 2}[kind], v
        assert sum(by["count"] for by in t["by"]) == t["withheld"], v
    return {kind: (t["shown"], t["withheld"]) for kind, t in v.items()}


def audit_is_clean(shop):
    status, out, err = shop.audit()
    assert status == 0, out + err


def test_one_review_and_its_stars():
    with Shop() as shop:
        shop.serve()
        work, _, reviews, _ = voices(shop)
        before = {path: shop.get(path).text for path in ("/cn/books/" + EMMA, "/api/v1/cn/works/%d/reviews" % work, "/api/v1/cn/editions/" + EMMA)}
        made = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews,ratings", "--target", "review:%d" % reviews["ann"]["record_index"])
        # Its text and its stars are gone in one storefront, all the rest stays.
        assert tallies(shop, work, "cn") == {"ratings": (2, 1), "reviews": (2, 1), "comments": (2, 0)}
        assert tallies(shop, work, "us") == {"ratings": (3, 0), "reviews": (3, 0), "comments": (2, 0)}
        rating = shop.edition(EMMA, "cn")["rating"]
        assert rating["histogram"] == [0, 0, 0, 1, 1] and rating["count"] == 2 and rating["mean"] == 4.5, rating
        assert shop.edition(EMMA)["rating"]["histogram"] == [1, 0, 0, 1, 1]
        listed = shop.api("GET", "/cn/works/%d/reviews" % work).json()
        assert listed["total"] == 3 and listed["withheld"] == []
        place = [r for r in listed["reviews"] if r["record_index"] == reviews["ann"]["record_index"]][0]
        assert {w["feature"] for w in place["withheld"]} == {"reviews", "ratings"} and {w["restriction"] for w in place["withheld"]} == {made["id"]}
        assert "text" not in place and "author" not in place and place["comment_count"] == 2
        page = shop.get("/cn/books/" + EMMA).text
        assert "What ann thinks" not in page and "By ann" not in page and "What ben thinks" in page and "ben answers" in page
        slip = re.search(r'data-voice="review:%d".*?</section>' % reviews["ann"]["record_index"], page, re.S)[0]
        assert "/record/restrictions/%d" % made["id"] in slip, slip
        assert "What ann thinks" in shop.get("/us/books/" + EMMA).text
        for path in ("/cn/books/%s/reviews" % EMMA, "/cn/books/%s/reviews/%d/comments" % (EMMA, reviews["ann"]["id"])):
            assert "What ann thinks" not in shop.get(path).text, path
        # The Record names the review by its entry, and nobody.
        text = "convert_from(bytes, 'UTF8')" if shop.database else "CAST(bytes AS TEXT)"
        entry = json.loads(shop.look("SELECT %s FROM entry WHERE log = 0 AND type = 'restriction'" % text))
        assert entry["target"] == {"kind": "review", "key": str(reviews["ann"]["record_index"]), "work": work}, entry
        assert "Emma" in shop.get("/record/restrictions/%d" % made["id"]).text
        # The author sees in their account what became of it.
        ann = Browser(shop)
        ann.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret"})
        account = ann.get("/us/account").text
        assert "By ann" in account and 'data-restriction="%d"' % made["id"] in account
        audit_is_clean(shop)
        # Lifting brings everything back to the byte.
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Upheld.")
        for path, text in before.items():
            strip = lambda s: re.sub(r"(size|entries|head|root)[^<]*|<footer.*", "", s, flags=re.S) if path.startswith("/cn") else s
            assert strip(shop.get(path).text) == strip(text), path
        audit_is_clean(shop)


def test_stars_alone_and_text_alone():
    with Shop() as shop:
        shop.serve()
        work, readers, reviews, _ = voices(shop)
        target = "review:%d" % reviews["ann"]["record_index"]
        stars = shop.restrict("--ground", "operator", "--storefront", "cn", "--withhold", "ratings", "--target", target)
        assert tallies(shop, work, "cn") == {"ratings": (2, 1), "reviews": (3, 0), "comments": (2, 0)}
        place = [r for r in shop.api("GET", "/cn/works/%d/reviews" % work).json()["reviews"] if r["title"] == "By ann"][0]
        assert place["stars"] is None and place["withheld"][0]["feature"] == "ratings"
        audit_is_clean(shop)
        text = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews", "--target", target)
        assert tallies(shop, work, "cn") == {"ratings": (2, 1), "reviews": (2, 1), "comments": (2, 0)}
        # Once more on the same: it counts once.
        shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews,ratings", "--target", target)
        assert tallies(shop, work, "cn") == {"ratings": (2, 1), "reviews": (2, 1), "comments": (2, 0)}
        audit_is_clean(shop)
        # Beside a restriction on the whole work, too.
        whole = shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "reviews")
        assert tallies(shop, work, "cn") == {"ratings": (2, 1), "reviews": (0, 3), "comments": (2, 0)}
        audit_is_clean(shop)
        shop.ok("restriction", "lift", str(whole["id"]), "--reason", "Over.")
        shop.ok("restriction", "lift", str(stars["id"]), "--reason", "Over.")
        shop.ok("restriction", "lift", str(text["id"]), "--reason", "Over.")
        assert tallies(shop, work, "cn") == {"ratings": (2, 1), "reviews": (2, 1), "comments": (2, 0)}
        # What its author withdraws is withheld no more, but withdrawn.
        assert shop.api("DELETE", "/reviews/%d" % reviews["ann"]["id"], token=readers["ann"]).status == 200
        v = shop.api("GET", "/cn/works/%d" % work).json()["voices"]
        assert v["reviews"] == {"shown": 2, "withheld": 0, "withdrawn": 1, "erased": 0, "by": []} and v["ratings"]["withheld"] == 0, v
        audit_is_clean(shop)


def test_one_comment():
    with Shop() as shop:
        shop.serve()
        work, _, reviews, comments = voices(shop)
        made = shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "comments", "--target", "comment:%d" % comments["ben"]["record_index"])
        assert tallies(shop, work, "us") == {"ratings": (3, 0), "reviews": (3, 0), "comments": (1, 1)}
        listed = shop.api("GET", "/us/reviews/%d/comments" % reviews["ann"]["id"]).json()
        assert listed["total"] == 2 and [("text" in c, "withheld" in c) for c in listed["comments"]] == [(False, True), (True, False)]
        page = shop.get("/us/books/" + EMMA).text
        assert "ben answers" not in page and "cleo answers" in page and 'data-voice="comment:%d"' % comments["ben"]["record_index"] in page
        assert "ben answers" in shop.get("/cn/books/" + EMMA).text
        audit_is_clean(shop)
        ben = Browser(shop)
        ben.post("/us/sign-in", "/us/sign-in", {"email": "ben@example.org", "password": "a long enough secret"})
        assert 'data-restriction="%d"' % made["id"] in ben.get("/us/account").text
        # With all reviews withheld, comments stand alone, this one not.
        shop.authority("--storefront", "us", "--work", str(work), "--withhold", "reviews")
        page = shop.get("/us/books/" + EMMA).text
        assert "ben answers" not in page and "cleo answers" in page
        audit_is_clean(shop)


def test_one_account():
    with Shop() as shop:
        shop.serve()
        work, readers, reviews, _ = voices(shop)
        made = shop.restrict("--ground", "terms", "--storefront", "us", "--storefront", "cn", "--withhold", "submissions", "--target", "account:Ann@example.org")
        refused = shop.api("POST", "/reviews/%d/comments" % reviews["ben"]["id"], {"text": "More."}, readers["ann"])
        assert refused.status == 403 and refused.json()["withheld"][0]["restriction"] == made["id"] and "account" in refused.json()["detail"], refused.text
        assert shop.api("PUT", "/us/works/%d/rating" % shop.work("9780000000057"), {"stars": 5}, readers["ann"]).status == 403
        assert shop.api("POST", "/reviews/%d/comments" % reviews["ann"]["id"], {"text": "More."}, readers["ben"]).status == 201
        # What stands may be changed and read; the page and the account say why no more is taken.
        assert shop.api("PUT", "/reviews/%d" % reviews["ann"]["id"], {"title": "By ann", "text": "Changed.", "language": "en"}, readers["ann"]).status == 200
        ann = Browser(shop)
        ann.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret"})
        for page in ("/us/books/" + EMMA, "/us/account", "/us/books/%s/review" % EMMA):
            text = ann.get(page).text
            assert 'data-restriction="%d"' % made["id"] in text and "your account" in text, page
        assert 'data-restriction="%d"' % made["id"] not in shop.get("/us/books/" + EMMA).text
        # Nobody learns whose account it is.
        for path in ("/record/restrictions/%d" % made["id"], "/api/v1/restrictions", "/record/", "/record/feed.atom"):
            text = shop.get(path).text
            assert "ann@" not in text.lower() and "Ann" not in text, path
        target = shop.api("GET", "/restrictions").json()["restrictions"][0]["target"]
        assert target["kind"] == "account" and re.fullmatch("[0-9a-f]{64}", target["key"])
        audit_is_clean(shop)
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Over.")
        assert shop.api("POST", "/reviews/%d/comments" % reviews["ben"]["id"], {"text": "More."}, readers["ann"]).status == 201


def test_what_is_not_there_or_cannot_be_withheld():
    with Shop() as shop:
        shop.serve()
        _, _, reviews, comments = voices(shop)
        index = reviews["ann"]["record_index"]
        for target, features, word in [("review:99999", "reviews", "review 99999"), ("review:%d" % comments["ben"]["record_index"], "reviews", "review"),
                                       ("comment:%d" % index, "comments", "comment"), ("review:x", "reviews", "review"),
                                       ("review:%d" % index, "comments", "features"), ("account:ann@example.org", "reviews", "features"),
                                       ("account:nobody@example.org", "submissions", "account"), ("publisher:3", "sale", "--target")]:
            status, _, err = shop.run("restriction", "add", "--storefront", "cn", "--ground", "terms", "--legal-basis", "Terms, § 3", "--withhold", features, "--target", target,
                                      "--reason", "No.", "--until", "2099-12-31")
            assert status in (1, 2) and word in err, (target, err)
        assert shop.api("GET", "/restrictions").json()["restrictions"] == []


def test_the_audit_finds_a_review_hidden_beyond_its_entry():
    with Shop() as shop:
        shop.serve()
        work, _, reviews, _ = voices(shop)
        shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews,ratings", "--target", "review:%d" % reviews["ann"]["record_index"])
        audit_is_clean(shop)
        from test_audit import Rewriter

        def given(body):
            answer = json.loads(body)
            for review in answer["reviews"]:
                review.setdefault("text", "It stands there all the same.")
            return json.dumps(answer).encode()

        def rewrite(change):
            with Rewriter(shop, change) as between:
                return shop.audit(url=between.url)
        listed = "/api/v1/cn/works/%d/reviews" % work
        ann = reviews["ann"]["record_index"]
        # Another review is withheld in its name; a slip is dropped; the text is given all the same.
        for change, word in [
            (lambda p, s, b: (s, b.replace(b'"record_index":%d' % ann, b'"record_index":%d' % reviews["ben"]["record_index"])) if p.startswith(listed) else (s, b), "over-enforced"),
            (lambda p, s, b: (s, re.sub(rb'<section class="slip".*?</section>', b"", b, flags=re.S)) if p == "/cn/books/" + EMMA else (s, b), "notice-missing"),
            (lambda p, s, b: (s, given(b)) if p.startswith(listed) else (s, b), "entry-without-effect"),
            (lambda p, s, b: (s, b.replace(b'"ratings":{"shown":2,"withheld":1', b'"ratings":{"shown":1,"withheld":2')) if p == "/api/v1/cn/works/%d" % work else (s, b), "withheld-without-entry"),
        ]:
            status, out, err = rewrite(change)
            assert status == 1 and word in out, (word, out, err)
