"""Something wrong? What anybody points out on a title's page, and the queue at its shop's desk."""
import datetime
import re

from shop import EMMA, Browser, Shop
from test_partner import operator, partner, sign_in, trail

WRONG = "/us/books/%s/wrong" % EMMA
QUEUE = "/desk/partner/main/hints"


def hint(**more):
    return {"what": "contributor", "words": "The author is spelt Austen, not <Austin>.", "email": "reader@books.example", **more}


def personal(shop):
    return shop.look("SELECT COUNT(*) FROM hint WHERE words <> '' OR address <> ''")


def test_what_is_pointed_out_reaches_the_shops_desk():
    with Shop() as shop:
        shop.ok("shop", "add", "other", "--name", "Another Shop")
        shop.serve()
        ada, pia, reader = operator(shop), partner(shop), Browser(shop)
        assert 'href="%s"' % WRONG in shop.get("/us/books/" + EMMA).text
        form = reader.get(WRONG)
        assert form.status == 200 and "noindex" in form.text and "Emma" in form.text
        sent = reader.post(WRONG, WRONG, hint())
        assert sent.status == 303 and sent.headers["Location"] == WRONG + "?sent=yes" and "Thank you" in reader.get(WRONG + "?sent=yes").text
        assert reader.post(WRONG, WRONG, hint(what="price", words="It costs 10 in every other shop.", email="")).status == 303
        # Nothing of it is public, and no other shop's desk has it.
        assert "Austin" not in shop.get("/us/books/" + EMMA).text and reader.get(QUEUE).status == 303
        assert sign_in(shop, "pia@press.example").get(QUEUE.replace("main", "other")).status == 404
        page = pia.get(QUEUE).text
        # The number stands on the shop's tabs, at the list of desks and at the operator's own.
        assert "2 wait<" in pia.get("/desk/partner/main/titles").text and 'data-waits="hints">2 pointed out' in ada.get("/desk/").text
        assert "2 pointed out by readers" in ada.get("/desk/partner/").text and "pointed out" not in ada.get("/desk/partner/").text.split("Another Shop")[1].split("</li>")[0]
        assert "2 open" in page and "not &lt;Austin&gt;" in page and 'href="mailto:reader%40books.example"' in page
        assert 'href="/desk/partner/main/titles/%s#corrections"' % EMMA in page and 'href="/desk/partner/main/titles/%s"' % EMMA in page
        first = page.split('data-hint="')[1].split('"')[0]
        done = QUEUE + "/%s/done" % first
        assert reader.post(WRONG, done, {}).status in (303, 401, 403) and "2 open" in ada.get(QUEUE).text
        answer = pia.post(QUEUE, done, {})
        assert answer.status == 303 and 'class="done" role="status"' in pia.get(answer.headers["Location"]).text
        page = pia.get(QUEUE).text
        assert "1 open" in page and "Austin" not in page and "reader@books" not in page and ">pia</td>" in page
        assert personal(shop) == "1", "the other one is open"
        assert trail(shop)[0]["what"] == "POST /desk/partner/{shop}/hints/{id}/done"
        assert pia.post(QUEUE, done, {}).status == 404 and pia.post(QUEUE, QUEUE + "/99/done", {}).status == 404
        assert ada.post(QUEUE, done.replace("main", "other").replace(first, str(int(first) + 1)), {}).status == 404 and "1 open" in pia.get(QUEUE).text
        # Nothing of it stands on the Record.
        assert "Austin" not in shop.ok("record", "export", "jsonl") and "reader@books" not in shop.ok("staff", "trail")


def test_many_are_done_at_once():
    with Shop() as shop:
        shop.serve()
        pia, reader = partner(shop), Browser(shop)
        tell = lambda **more: reader.post(WRONG, WRONG, hint(**more)).status
        assert [tell(email=""), tell(), tell(email="")] == [303] * 3
        last = re.search(r'name="last" value="(\d+)"', pia.get(QUEUE).text)[1]
        assert tell(email="") == 303  # after they looked
        for wrong in {}, {"which": "some", "last": last}, {"which": "all", "last": "x"}:
            assert pia.post(QUEUE, QUEUE + "/done", wrong).status == 422, wrong
        assert pia.post(QUEUE, QUEUE.replace("main", "none") + "/done", {"which": "all", "last": last}).status == 404
        assert "4 open" in pia.get(QUEUE).text
        assert pia.post(QUEUE, QUEUE + "/done", {"which": "unanswered", "last": last}).status == 303
        page = pia.get(QUEUE).text
        assert "2 open" in page and "mailto:reader" in page and personal(shop) == "2", page
        assert pia.post(QUEUE, QUEUE + "/done", {"which": "all", "last": last}).status == 303
        page = pia.get(QUEUE).text
        assert "1 open" in page and "mailto:" not in page and personal(shop) == "1" and 'name="last"' not in page, page
        assert trail(shop)[0]["what"] == "POST /desk/partner/{shop}/hints/done"


def test_hostile_forms_are_refused_and_name_the_field():
    with Shop() as shop:
        shop.serve()
        reader = Browser(shop)
        for wrong in {"what": "everything"}, {"what": ""}, {"words": "  "}, {"words": "x" * 1001}, {"email": "nobody"}, {"email": "a@b.example\nBcc: c@d.example"}:
            refused = reader.post(WRONG, WRONG, hint(**wrong))
            assert refused.status in (400, 422), (wrong, refused.status)
            assert "\n" in str(wrong.values()) or 'id="error"' in refused.text or refused.status == 400, wrong
        assert shop.ask("POST", WRONG, "what=title&words=x", {"Content-Type": "application/x-www-form-urlencoded"}).status == 403, "a form of ours"
        assert reader.post(WRONG, WRONG.replace(EMMA, "9780000009998"), hint()).status == 404 and reader.get(WRONG.replace(EMMA, "x")).status == 404
        assert personal(shop) == "0"
        # Where the page is withheld there is nothing to be pointed out.
        shop.restrict("--storefront", "us", "--edition", EMMA, "--withhold", "listing", "--ground", "operator")
        assert reader.get(WRONG).status == 403 and 'name="words"' not in reader.get(WRONG).text
        other = WRONG.replace("/us/", "/cn/")
        answers = [reader.post(other, other, hint(email="")).status for _ in range(12)]
        assert answers[:4] == [303] * 4 and answers[-1] == 429, answers


def test_a_contributors_page_leads_to_the_form_of_the_book():
    with Shop() as shop:
        shop.serve()
        person = shop.edition(EMMA)["contributors"][0]["id"]
        page = shop.get("/us/contributors/%d" % person).text
        assert 'action="/us/wrong"' in page and '<option value="%s">' % EMMA in page
        assert 'action="/us/wrong"' not in shop.get("/us/shops/main").text
        led = shop.get("/us/wrong?book=" + EMMA)
        assert led.status == 303 and led.headers["Location"] == WRONG + "?what=contributor"
        assert 'value="contributor" checked' in shop.get(led.headers["Location"]).text
        assert shop.get("/us/wrong").status == 422
        assert shop.get("/us/wrong?book=//evil.example").headers["Location"].startswith("/us/books/%2F%2Fevil")


def test_what_people_wrote_is_erased_after_ninety_days():
    with Shop() as shop:
        shop.serve()
        reader = Browser(shop)
        assert reader.post(WRONG, WRONG, hint()).status == 303 and personal(shop) == "1"
        shop.stop()
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=91)).strftime("%Y-%m-%dT%H:%M:%SZ")
        shop.serve(env={"COLOPHON_NOW": later})
        shop.until(lambda: personal(shop) == "0", "what they wrote to be erased", 180)
        assert shop.look("SELECT COUNT(*) FROM hint WHERE done > 0 AND account_id = 0") == "1"
