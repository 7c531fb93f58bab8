"""Lists that readers keep: their own, private or shared; what is withheld keeps its place there."""
import html
import re

from shop import EMMA, Browser, Shop


def signed_up(shop, name):
    browser = Browser(shop)
    assert browser.sign_up("us", name).status == 303
    return browser


def titles(text):
    """The list's entries in their order; "-" is a place that is withheld."""
    items = re.findall(r'<li class="result[ "].*?</li>', text, re.S)
    return ["-" if "data-restriction" in item and 'class="result missing"' in item else re.search(r"/books/(\d+)", item)[1] for item in items]


def test_a_reader_keeps_lists_by_forms_alone():
    with Shop() as shop:
        shop.serve()
        found = {c["work_id"]: c["isbn13"] for c in shop.api("GET", "/us/search?q=austen").json()["results"]}
        ids = sorted(found)[:3]
        isbns = [found[work] for work in ids]
        works = lambda text: [t if t == "-" else shop.work(t) for t in titles(text)]
        book = "/us/books/" + isbns[0]
        assert 'href="/us/sign-in?return=' in re.search(r'<div class="keep">.*?</div>', shop.get(book).text, re.S)[0]
        ann = signed_up(shop, "Ann")

        def press(page, button, /, **fields):
            """The button of that name, with the fields of its form."""
            text = ann.get(page).text
            form = next(f for f in re.findall(r"<form[^>]*>.*?</form>", text, re.S) if re.search(r"<button[^>]*>(<span[^>]*>✓ </span>)?%s" % button, f))
            sent = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))
            return ann.ask("POST", re.search(r'action="([^"]*)"', form)[1], {**sent, **fields})

        assert press(book, "Want to read").headers["Location"] == book
        assert 'aria-pressed="true"><span aria-hidden="true">✓ </span>Want to read' in ann.get(book).text
        answer = press("/us/account/lists", "Make the list", name="  For the winter ")
        assert answer.status == 303, answer.text
        winter = answer.headers["Location"]
        for isbn in isbns[1:]:
            assert press("/us/books/" + isbn, "For the winter").status == 303
        assert works(ann.get(winter).text) == [ids[2], ids[1]]
        assert "For the winter" in ann.get("/us/account/lists").text
        # Private is its owner's alone; shared is whoever's has the address: its works, and no word of the owner's, which nothing could withhold.
        ben = signed_up(shop, "Ben")
        assert shop.get(winter).status == 404 and ben.get(winter).status == 404
        assert press(winter, "Save", name="For the winter", shared="1").status == 303
        for stranger in (shop, ben):
            text = stranger.get(winter).text
            assert works(text) == [ids[2], ids[1]] and "A reader’s list" in text and not re.search("For the winter|Ann\\b|ann@example.org", text) and "Take off" not in text
        assert 'name="robots" content="noindex"' in shop.get(winter).text
        # Anybody may report it: a title on it is what can be withheld, and its address stands among the reasons.
        report = html.unescape(re.search(r'href="([^"]*)">Report this list', shop.get(winter).text)[1])
        assert "Report this list" not in ann.get(winter).text
        form = shop.get(report).text
        assert re.search(r'<textarea name="explanation"[^>]*>About the list [^<]*%s</textarea>' % re.escape(winter), form) and "a title on it" in form
        assert shop.get("/us/demand?list=<script>").status == 200 and "About the list" not in shop.get("/us/demand?list=x").text
        # Of a list that is not there nothing can be chosen: the whole form.
        assert 'name="authority"' in shop.get("/us/demand?list=" + "x" * 43).text
        # As short as the report of a review: which title, what it breaks, why.
        assert 'name="authority"' not in form and 'name="feature" value="listing"' in form and re.findall(r'type="radio" name="key" value="(\d+)"', form) == [str(ids[2]), str(ids[1])]
        assert 'name="authority"' in shop.get(report + "&whole=1").text
        short = {"report": "1", "sender": "reader", "target": "work", "feature": "listing", "storefront": "us", "ground": "law", "explanation": "", "key": str(ids[2])}
        lacking = Browser(shop).post(report, html.unescape(re.search(r'<form class="write" method="post" action="([^"]*)"', form)[1]), short)
        assert lacking.status == 422 and lacking.text.split('id="error"')[1].split("</ul>")[0].count("<li>") == 2
        assert 'name="authority"' not in lacking.text and 'value="%d" checked' % ids[2] in lacking.text
        stranger = Browser(shop)
        fields = {"sender": "reader", "target": "work", "key": str(ids[1]), "feature": "listing", "storefront": "us", "ground": "law",
                  "explanation": "About the list %s: it calls for harm." % winter, "name": "Eve", "email": "eve@example.org", "good_faith": "yes"}
        action = html.unescape(re.search(r'<form class="write" method="post" action="([^"]*)"', form)[1])
        assert stranger.post(report, action, dict(fields, key="999999")).status == 422
        assert stranger.post(report, action, fields).status == 303
        assert ben.post("/us/account", winter, {"name": "Mine"}).status == 404 and ben.post("/us/account", winter, {"do": "remove"}).status == 404
        # What is withheld stands there as its slip, and comes off all the same.
        both = shop.authority("--storefront", "us", "--work", str(ids[2]), "--withhold", "listing")
        for viewer in (ann, ben):
            text = viewer.get(winter).text
            assert works(text) == ["-", ids[1]] and "/record/restrictions/%d" % both["id"] in text and "/books/" + isbns[2] not in text, titles(text)
            assert "2 titles" in text
        assert press(winter, "Take off the list", work=str(ids[2])).status == 303
        assert works(ann.get(winter).text) == [ids[1]] and "1 title" in ann.get(winter).text
        assert press(winter, "Save", name="").status == 422 and press(winter, "Save", name="a\nb").status == 422
        # Removing asks first, and needs no script for it.
        asked = re.search(r"<details[^>]*><summary>Remove this list</summary>.*?</details>", ann.get(winter).text, re.S)[0]
        assert "does not come back" in asked and asked.count("<button") == 1
        assert press(winter, "Yes, remove it").headers["Location"] == "/us/account/lists"
        assert ann.get(winter).status == 404


def test_lists_by_the_api_and_what_is_left_of_an_account():
    with Shop() as shop:
        shop.serve()
        ann, ben, work = shop.reader("ann"), shop.reader("ben"), shop.work(EMMA)
        lists = lambda token: shop.api("GET", "/us/lists", token=token).json()["lists"]
        assert lists(ann) == []
        assert shop.api("DELETE", "/lists/want/works/%d" % work, token=ann).status == 200 and lists(ann) == [], "what is not there is taken away by nothing"
        for _ in range(2):  # the same again changes nothing
            assert shop.api("PUT", "/lists/want/works/%d" % work, token=ann).status == 200
        want, = lists(ann)
        assert want["kind"] == "want" and want["works"] == 1 and not want["shared"] and want["own"]
        made = shop.api("POST", "/lists", {"name": "Shelf", "shared": True}, ann)
        assert made.status == 201, made.text
        shelf = made.json()["secret"]
        assert shop.api("PUT", "/lists/%s/works/%d" % (shelf, work), token=ann).status == 200
        page = shop.api("GET", "/cn/lists/" + shelf).json()
        assert page["list"]["by"] is None is page["list"]["name"] and not page["list"]["own"] and [w["work_id"] for w in page["works"]] == [work]
        assert shop.api("GET", "/us/lists/" + want["secret"]).status == 404 and shop.api("GET", "/us/lists/" + want["secret"], token=ben).status == 404
        for method, path, body in (("PUT", "/lists/" + shelf, {"name": "x"}), ("DELETE", "/lists/" + shelf, None),
                                   ("PUT", "/lists/%s/works/%d" % (shelf, work), None), ("DELETE", "/lists/%s/works/%d" % (shelf, work), None)):
            assert shop.api(method, path, body, ben).status == 404, (method, path)
            assert shop.api(method, path, body).status == 401, (method, path)
        assert shop.api("PUT", "/lists/want/works/999999", token=ann).status == 404
        assert shop.api("POST", "/lists", {"name": ""}, ann).status == 422 and shop.api("POST", "/lists", {"name": "x" * 121}, ann).status == 422
        made = shop.authority("--storefront", "us", "--work", str(work), "--withhold", "listing")
        withheld = shop.api("GET", "/us/lists/" + shelf).json()["works"]
        assert withheld == [{"work_id": work, "withheld": {"feature": "listing", "restriction": made["id"], "record_index": made["record_index"]}}], withheld
        assert "isbn13" in shop.api("GET", "/cn/lists/" + shelf).json()["works"][0]
        assert shop.api("POST", "/account/erase", {"password": "a long enough secret"}, ann).status == 200
        assert shop.api("GET", "/cn/lists/" + shelf).status == 404
        assert shop.look("SELECT COUNT(*) FROM reader_list") == "0" == shop.look("SELECT COUNT(*) FROM reader_list_work")


def test_how_much_there_may_be():
    with Shop() as shop:
        shop.serve()
        ann, work, other = shop.reader("ann"), shop.work(EMMA), shop.work("9780000000019")
        secrets = []
        for n in range(100):
            made = shop.api("POST", "/lists", {"name": "Shelf %d" % n}, ann)
            assert made.status == 201, made.text
            secrets.append(made.json()["secret"])
        # What one wants to read is beside them, and pushes none out.
        assert shop.api("PUT", "/lists/want/works/%d" % work, token=ann).status == 200
        assert [l["name"] for l in shop.api("GET", "/us/lists", token=ann).json()["lists"]] == [None] + ["Shelf %d" % n for n in range(100)]
        assert shop.api("POST", "/lists", {"name": "One more"}, ann).status == 409
        assert shop.api("PUT", "/lists/%s/works/%d" % (secrets[0], work), token=ann).status == 200
        shop.stop()
        for which in ("kind = 'want'", "name = 'Shelf 0'"):
            shop.tamper("INSERT INTO reader_list_work (list_id, work_id, place) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1999) "
                        "SELECT l.id, 1000000 + i, 1000000 + i FROM reader_list AS l, n WHERE l." + which)
        shop.serve()
        for of in ("want", secrets[0]):  # a full list keeps what is on it, and takes nothing new
            assert shop.api("PUT", "/lists/%s/works/%d" % (of, work), token=ann).status == 200
            assert shop.api("PUT", "/lists/%s/works/%d" % (of, other), token=ann).status == 409
