"""What readers follow: contributors and series; what is new of it on a page, in feeds and by letter, through the gate."""
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

from exim import Exim
from shop import Browser, Shop, Skipped, onix, product, shared
from test_by_work import moved, related
from test_feeds import isbn13
from test_letters import joined, wait_for
from test_mail import later, set_mail

ATOM = "{http://www.w3.org/2005/Atom}"
SERIES = ('<Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>02</TitleElementLevel>'
          '<PartNumber>%d</PartNumber><TitleText>Tidewater</TitleText></TitleElement></TitleDetail></Collection>')
DAY = 86400


def isbn(n):
    return isbn13("97800009%04d" % n)


def book(n, title, by="Ursula Vale", part=0):
    made = product("ref-%d" % n, isbn(n), title).replace("Somebody", by)
    return made.replace("<TitleDetail>", SERIES % part + "<TitleDetail>", 1) if part else made


def bring(shop, *books):
    status, summary, findings, err = shop.import_feed(shop.file("news.xml", onix(*books)))
    assert status == 0 and summary["added"] == len(books), (summary, findings, err)


def shelved():
    """A shop with a book of Ursula Vale's and one of the series Tidewater."""
    shop = Shop()
    bring(shop, book(1, "The First"), book(2, "Low Tide", "Ann Shore", 1))
    return shop


def ids(shop):
    """The numbers of the contributor, of the series, and the series' slug."""
    first, low = shop.edition(isbn(1)), shop.edition(isbn(2))
    return first["contributors"][0]["id"], low["collections"][0]["id"], low["collections"][0]["slug"]


def news(text):
    """The books among the news, in their order, with why they are told."""
    part = text[text.index("What is new"):text.index("Contributors and series")]
    return [(found, why) for found, why in re.findall(r'data-edition="(\d+)".*?because you follow ([^<]*)<', part, re.S)]


def feed(answer):
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("application/atom+xml"), answer.text
    root = ET.fromstring(answer.body)
    assert root.find(ATOM + "id").text.startswith("tag:books.example,2026:") and root.find(ATOM + "updated").text
    return [(e.find(ATOM + "title").text, e.find(ATOM + "link").get("href")) for e in root.iter(ATOM + "entry")]


def press(browser, page, button):
    """The button that says so, with the fields of its form."""
    text = browser.get(page).text
    form = next(f for f in re.findall(r"<form[^>]*>.*?</form>", text, re.S) if re.search(r"<button[^>]*>(<span[^>]*>✓ </span>)?%s" % button, f))
    return browser.ask("POST", re.search(r'action="([^"]*)"', form)[1], dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)))


def test_a_reader_follows_by_forms_alone():
    with shelved() as shop:
        shop.serve()
        person, _, slug = ids(shop)
        author, series = "/us/contributors/%d" % person, "/us/series/" + slug
        for page in (author, series):
            assert 'href="/us/sign-in?return=' in re.search(r'<div class="keep follow">.*?</div>', shop.get(page).text, re.S)[0]
        ann = Browser(shop)
        assert ann.sign_up("us", "Ann").status == 303
        assert "Nothing yet." in ann.get("/us/account/following").text
        for page in (author, series):
            assert 'aria-pressed="false">Follow' in ann.get(page).text
            assert press(ann, page, "Follow").headers["Location"] == page
            assert 'aria-pressed="true"><span aria-hidden="true">✓ </span>Following' in ann.get(page).text
        # What was there before is no news; what comes is, each work once, with the reason.
        text = ann.get("/us/account/following").text
        assert "Ursula Vale" in text and "Tidewater" in text and news(text) == []
        bring(shop, book(3, "The Second"), book(4, "High Tide", "Ann Shore", 2), book(5, "Elsewhere", "Nobody Followed"))
        shop.until(lambda: len(news(ann.get("/us/account/following").text)) == 2, "the news")
        assert news(ann.get("/us/account/following").text) == [(isbn(4), "Tidewater"), (isbn(3), "Ursula Vale")]
        # Withheld here: counted by what, and not named; given back as soon as it is lifted.
        work = shop.work(isbn(3))
        made = shop.authority("--storefront", "us", "--work", str(work), "--withhold", "listing")
        text = ann.get("/us/account/following").text
        assert news(text) == [(isbn(4), "Tidewater")] and "The Second" not in text
        assert 'data-withheld="1"' in text and "/record/restrictions/%d" % made["id"] in text
        assert (isbn(3), "Ursula Vale") in news(ann.get("/cn/en/account/following").text)
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "It was a mistake.")
        assert len(news(ann.get("/us/account/following").text)) == 2
        # Following ends on the list, and on the page; what is made up is refused.
        for _ in range(2):
            assert press(ann, "/us/account/following", "Stop following").headers["Location"] == "/us/account/following"
        for button in ("Follow", "Following"):
            assert press(ann, author, button).headers["Location"] == author
        text = ann.get("/us/account/following").text
        assert "None yet." in text and news(text) == []
        for fields, status in (({"kind": "shop", "of": "1", "follow": "1"}, 422), ({"kind": "series", "of": "999999", "follow": "1"}, 404),
                               ({"kind": "contributor", "of": "x", "follow": "1"}, 422), ({"kind": "contributor", "of": "999999", "follow": "1"}, 404)):
            assert ann.post("/us/account/following", "/us/account/following", fields).status == status, fields
        assert shop.ask("POST", "/us/account/following", "kind=series&of=1&follow=1", {"Content-Type": "application/x-www-form-urlencoded"}).status in (303, 403)


def test_feeds_of_titles_and_of_ones_own():
    with shelved() as shop:
        shop.serve()
        person, series, slug = ids(shop)
        by = "/us/contributors/%d" % person
        assert '<link rel="alternate" type="application/atom+xml" title="New titles: Ursula Vale" href="%s/feed.atom">' % by in shop.get(by).text
        assert [t for t, _ in feed(shop.get(by + "/feed.atom"))] == ["The First"]
        assert [t for t, _ in feed(shop.get("/us/series/%d/feed.atom" % series))] == ["Low Tide"]
        for none in ("/us/contributors/999999/feed.atom", "/us/series/999999/feed.atom", "/us/contributors/x/feed.atom", "/us/news/%s/feed.atom" % ("A" * 43)):
            assert shop.get(none).status == 404, none
        ann = Browser(shop)
        ann.sign_up("us", "Ann")
        press(ann, by, "Follow")
        own = lambda: re.search(r"(/us/news/[\w-]{43}/feed\.atom)", ann.get("/us/account/following").text)[1]
        first = own()
        assert feed(shop.get(first)) == []
        bring(shop, book(3, "The Second"))
        shop.until(lambda: feed(shop.get(first)), "the news")
        (title, link), = feed(shop.get(first))
        assert title == "The Second" and link.endswith("/us/books/" + isbn(3)), link
        assert [t for t, _ in feed(shop.get(by + "/feed.atom"))] == ["The Second", "The First"]
        answer = shop.get(first)
        assert shop.get(first, **{"If-None-Match": answer.headers["ETag"]}).status == 304 and "Set-Cookie" not in answer.headers
        # Through the gate, in the storefront that is asked.
        made = shop.authority("--storefront", "us", "--work", str(shop.work(isbn(3))), "--withhold", "listing")
        for path in (first, by + "/feed.atom"):
            text = shop.get(path).text
            assert "The Second" not in text and "1 work is withheld here: restriction %d" % made["id"] in text, text
            assert "The Second" in shop.get(path.replace("/us/", "/cn/")).text
        # Made anew: the old address leads nowhere.
        press(ann, "/us/account/following", "Make a new address")
        assert own() != first and shop.get(first).status == 404 and shop.get(own()).status == 200
        # It goes with the account.
        last = own()
        ann.post("/us/account/erase", "/us/account/erase", {"password": "a long enough secret"})
        assert shop.get(last).status == 404
        assert shop.look("SELECT COUNT(*) FROM follow") == "0" == shop.look("SELECT COUNT(*) FROM follower")


def test_the_letter_comes_once_a_day_and_ends_without_signing_in():
    with Exim() as exim, shelved() as shop:
        set_mail(shop, exim.server)
        shop.serve()
        shop.until(lambda: "A letter with a link" in Browser(shop).get("/us/sign-up").text, "the mailer")
        person, _, _ = ids(shop)
        ann, ben = joined(shop, exim, "ann"), joined(shop, exim, "ben")
        for browser, name in ((ann, "Ann"), (ben, "Ben")):
            press(browser, "/us/contributors/%d" % person, "Follow")
            bring(shop, book(10 + len(name) + ord(name[0]), "Too early for " + name))
        # Ben wants none: nobody gets what they did not ask for.
        assert press(ann, "/us/account/following", "Send me letters").status == 303
        two = "Ursula Vale</PersonName></Contributor><Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>A01</ContributorRole><PersonName>Ann Shore"
        bring(shop, book(3, "The Second"), book(4, "The Third", two), book(5, "Withheld"))
        shop.authority("--storefront", "us", "--edition", isbn(5), "--withhold", "listing")
        shop.serve(env=later(3600))  # what came a moment ago waits until the catalogue rests
        subject, text, links = wait_for(shop, exim, "ann@example.org", 2)
        letter = exim.letters("ann@example.org")[1]
        assert subject == "New from what you follow" and "The Second · Ursula Vale" in text and "The Third · Ursula Vale and Ann Shore" in text, text
        assert "Too early" not in text and "Withheld" not in text and "1 work is withheld here" in text, text
        assert "/us/books/" + isbn(3) in links and "/us/account/following" in links
        stop = links[-1]
        assert letter["List-Unsubscribe"] == "<https://books.example%s>" % stop and letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        # No second one that day; the next day's tells what came since, and that alone. Ben begins, and is told in the same round.
        press(ben, "/us/account/following", "Send me letters")
        bring(shop, book(6, "The Fourth"))
        shop.serve(env=later(2 * 3600))
        _, text, _ = wait_for(shop, exim, "ben@example.org", 2)
        assert "The Fourth" in text and "The Second" not in text and len(exim.letters("ann@example.org")) == 2
        shop.serve(env=later(3600 + DAY + 60))
        subject, text, links = wait_for(shop, exim, "ann@example.org", 3)
        assert subject == "New from what you follow: The Fourth" and "The Second" not in text, text
        # Looking at the address ends nothing; a mail program's post does, without cookie or token.
        assert links[-1] == stop and shop.get(stop).status == 200 and "Send me no letters" in ann.get("/us/account/following").text
        one_click = lambda path: shop.ask("POST", path, "List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"})
        for _ in range(40):  # a mail provider ends those of all its people from one address
            assert one_click(stop).status == 200
        assert "Send me letters" in ann.get("/us/account/following").text
        assert one_click(stop[:-6] + "x/stop").status == 404
        bring(shop, book(7, "The Fifth"))
        shop.serve(env=later(4 * DAY))
        _, text, _ = wait_for(shop, exim, "ben@example.org", 3)
        assert "The Fifth" in text and len(exim.letters("ann@example.org")) == 3


def test_following_by_the_api_and_what_is_left_of_it():
    with shelved() as shop:
        shop.serve()
        person, series, slug = ids(shop)
        ann, ben = shop.reader("ann"), shop.reader("ben")
        following = lambda token: shop.api("GET", "/following", token=token).json()
        assert following(ann) == {"following": [], "letters": None, "feed": None}
        for path in ("/following/contributor/%d" % person, "/following/series/%d" % series):
            assert shop.api("PUT", path).status == 401
            for _ in range(2):  # the same again changes nothing
                assert shop.api("PUT", path, token=ann).status == 200
        found = {f["kind"]: f for f in following(ann)["following"]}
        assert found["contributor"]["id"] == person and found["contributor"]["name"] == "Ursula Vale" and found["contributor"]["slug"] is None
        assert found["series"]["slug"] == slug and following(ben)["following"] == []
        for path in ("/following/shop/1", "/following/series/999999", "/following/contributor/x"):
            assert shop.api("PUT", path, token=ann).status == 404, path
        bring(shop, book(3, "The Second"))
        read = lambda storefront: shop.api("GET", "/%s/news" % storefront, token=ann).json()
        shop.until(lambda: read("us")["news"], "the news")
        (item,) = read("us")["news"]
        assert item["isbn13"] == isbn(3) and item["title"] == "The Second" and item["because"] == {"kind": "contributor", "id": person} and item["at"]
        shop.authority("--storefront", "us", "--work", str(item["work_id"]), "--withhold", "listing")
        hidden = read("us")
        assert hidden["news"] == [] and hidden["works"]["withheld"] == 1 == hidden["works"]["found"] and len(read("cn")["news"]) == 1
        own = shop.api("GET", "/us/account/data", token=ann).json()
        assert [f["id"] for f in own["following"]] == [f["id"] for f in following(ann)["following"]] and own["news_letters"] is None
        assert shop.api("DELETE", "/following/series/%d" % series, token=ann).status == 200
        assert [f["kind"] for f in following(ann)["following"]] == ["contributor"]
        assert shop.api("GET", "/us/news").status == 401
        # How it is told: the feed's address, another one, and letters.
        for method, path in ("POST", "/following/feed"), ("PUT", "/us/following/letters"), ("DELETE", "/following/letters"):
            assert shop.api(method, path).status == 401, path
        feeds = []
        for _ in range(2):
            assert shop.api("POST", "/following/feed", {}, token=ann).status == 200
            feeds.append(following(ann)["feed"])
            assert shop.ask("GET", feeds[-1][feeds[-1].index("/us/"):]).status == 200, feeds
        assert feeds[0] != feeds[1] and shop.ask("GET", feeds[0][feeds[0].index("/us/"):]).status == 404
        assert shop.api("PUT", "/cn/following/letters", {}, token=ann).status == 200 and following(ann)["letters"] == "cn"
        assert shop.api("PUT", "/xx/following/letters", {}, token=ann).status == 404
        assert shop.api("DELETE", "/following/letters", token=ann).status == 200 and following(ann)["letters"] is None
        assert following(ben)["feed"] is None


def test_what_is_withheld_before_a_letter_leaves_is_not_in_it():
    with Exim() as exim, shelved() as shop:
        set_mail(shop, exim.server)
        shop.serve()
        shop.until(lambda: "A letter with a link" in Browser(shop).get("/us/sign-up").text, "the mailer")
        ann = joined(shop, exim, "ann")
        press(ann, "/us/contributors/%d" % ids(shop)[0], "Follow")
        press(ann, "/us/account/following", "Send me letters")
        bring(shop, book(3, "The Second"), book(4, "The Third"))
        set_mail(shop, "smtp://localhost:9")  # nobody is there
        shop.serve(env=later(3600))
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM letter WHERE kind = 'news' AND state = 'waiting' AND attempts > 0 AND claimed = 0") == "1", "the letter", 120)
        made = shop.authority("--storefront", "us", "--edition", isbn(3), "--withhold", "listing")
        set_mail(shop, exim.server)
        shop.ok("mail", "retry", "--all")
        subject, text, _ = wait_for(shop, exim, "ann@example.org", 2)
        assert subject.endswith("The Third") and "The Second" not in text and "1 work is withheld here" in text, text
        # Withheld since the letter was made: another day's tells of it, as soon as that is lifted.
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM news_owed") == "1", "what is owed")
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "over")
        shop.serve(env=later(2 * DAY))
        subject, text, _ = wait_for(shop, exim, "ann@example.org", 3)
        assert subject.endswith("The Second") and "The Third" not in text and "withheld" not in text, text
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM news_owed") == "0", "nothing to be owed")


def test_what_was_withheld_on_the_day_of_a_letter_comes_in_a_later_one():
    """Once it is lifted, though nothing else is new; and of who wants letters no more nothing is kept."""
    with Exim() as exim, shelved() as shop:
        set_mail(shop, exim.server)
        shop.serve()
        shop.until(lambda: "A letter with a link" in Browser(shop).get("/us/sign-up").text, "the mailer")
        ann = joined(shop, exim, "ann")
        press(ann, "/us/contributors/%d" % ids(shop)[0], "Follow")
        press(ann, "/us/account/following", "Send me letters")
        bring(shop, book(3, "The Second"), book(4, "The Third"))
        made = [shop.authority("--storefront", "us", "--edition", isbn(n), "--withhold", "listing") for n in (3, 4)]
        owed = lambda: shop.look("SELECT COUNT(*) FROM news_owed")
        shop.serve(env=later(3600))  # all is withheld: no letter, and nothing forgotten
        shop.until(lambda: owed() == "2", "what is owed", 30)
        assert len(exim.letters("ann@example.org")) == 1
        shop.ok("restriction", "lift", str(made[0]["id"]), "--reason", "over")
        shop.serve(env=later(2 * 3600))
        subject, text, _ = wait_for(shop, exim, "ann@example.org", 2)
        assert subject.endswith("The Second") and "The Third" not in text and "1 work is withheld here" in text and owed() == "1", text
        shop.ok("restriction", "lift", str(made[1]["id"]), "--reason", "over")
        shop.serve(env=later(2 * DAY))
        subject, text, _ = wait_for(shop, exim, "ann@example.org", 3)
        assert subject.endswith("The Third") and "The Second" not in text and "withheld" not in text and owed() == "0", text
        bring(shop, book(6, "The Fourth"))
        shop.authority("--storefront", "us", "--edition", isbn(6), "--withhold", "listing")
        shop.serve(env=later(4 * DAY))
        shop.until(lambda: owed() == "1", "what is owed", 30)
        press(ann, "/us/account/following", "Send me no letters")
        assert owed() == "0"


def translated(text, by, number):
    """The same work as the edition of that number, by one more person, who put it into English."""
    two = ("<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole><PersonName>%s</PersonName></Contributor><Language>" % by) if by else "<Language>"
    return moved(related(text.replace("<Language>", two, 1), number))


def test_each_new_work_is_told_once_for_whichever_reason_holds():
    with shelved() as shop:
        bring(shop, book(3, "High Tide", "Ann Shore", 2), translated(book(4, "High Tide", "Ann Shore", 2), "Tess Bridge", isbn(3)))
        shop.serve()
        assert shop.work(isbn(3)) == shop.work(isbn(4))
        _, series, _ = ids(shop)
        tess = shop.edition(isbn(4))["contributors"][-1]
        assert tess["name"] == "Tess Bridge", tess
        ann = shop.reader("ann")
        for path in ("/following/contributor/%d" % tess["id"], "/following/series/%d" % series):
            assert shop.api("PUT", path, token=ann).status == 200
        # An edition of the work that she had no hand in, of the series that is followed as well: told for that.
        bring(shop, translated(book(5, "High Tide", "Ann Shore", 2), None, isbn(3)))
        read = lambda: shop.api("GET", "/us/news", token=ann).json()
        shop.until(lambda: read()["news"], "the news")
        (item,) = read()["news"]
        assert item["isbn13"] == isbn(5) and item["because"] == {"kind": "series", "id": series}, item
        # Of a work whose one edition is withheld and whose other one is listed, the other is shown, and nothing counted beside it.
        bring(shop, translated(book(6, "High Tide", "Ann Shore", 2), None, isbn(3)))
        shop.until(lambda: shop.get("/us/books/" + isbn(6)).status == 200, "the edition")
        shop.authority("--storefront", "us", "--edition", isbn(6), "--withhold", "listing")
        found = read()
        assert [i["isbn13"] for i in found["news"]] == [isbn(5)] and found["works"]["withheld"] == 0 and found["works"]["found"] == 1, found
        shop.authority("--storefront", "us", "--edition", isbn(5), "--withhold", "listing")
        found = read()
        assert found["news"] == [] and found["works"]["withheld"] == 1 == found["works"]["found"], found


def test_how_much_may_be_followed():
    with shelved() as shop:
        shop.serve()
        person, series, _ = ids(shop)
        ann = shop.reader("ann")
        assert shop.api("PUT", "/following/contributor/%d" % person, token=ann).status == 200
        numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT "
        shop.stop()
        shop.tamper("INSERT INTO follow (account_id, kind, target_id, after_edition, created) " + numbers % 199 + "account_id, 'contributor', 1000000 + i, 0, 1 FROM follow, n",
                    "INSERT INTO collection_work (collection_id, work_id, part, position) " + numbers % 5000 + "%d, 1000000 + i, '', 1 FROM n" % series)
        shop.serve()
        # All that may be: the same again is no fault, another one is; what is gone from the catalogue can be let go.
        assert shop.api("PUT", "/following/contributor/%d" % person, token=ann).status == 200
        other = shop.api("PUT", "/following/contributor/1", token=ann)
        assert other.status == 409 and "200" in other.text, other.text
        assert shop.api("DELETE", "/following/contributor/1000001", token=ann).status == 200
        assert shop.api("PUT", "/following/contributor/1", token=ann).status == 200
        # A set of thousands is no series, and is refused before it costs anybody anything.
        assert shop.api("DELETE", "/following/contributor/1", token=ann).status == 200
        large = shop.api("PUT", "/following/series/%d" % series, token=ann)
        assert large.status == 409 and "too large" in large.text, large.text
        # Nor is a name of thousands anybody's; what grew so after it was followed is told of no more, and that is said.
        found = lambda: {f["id"]: f["too_large"] for f in shop.api("GET", "/following", token=ann).json()["following"]}
        assert shop.api("DELETE", "/following/contributor/1000002", token=ann).status == 200
        assert found()[person] is False
        shop.stop()
        shop.tamper("INSERT INTO work_contributor (contributor_id, work_id) " + numbers % 5000 + "%d, 1000000 + i FROM n" % person)
        bring(shop, book(8, "One More"))
        shop.serve()
        assert found()[person] is True and shop.api("GET", "/us/news", token=ann).json()["news"] == []
        page = Browser(shop)
        page.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret"})
        assert "It has grown too large" in page.get("/us/account/following").text
        assert shop.api("DELETE", "/following/contributor/%d" % person, token=ann).status == 200
        large = shop.api("PUT", "/following/contributor/%d" % person, token=ann)
        assert large.status == 409 and "too large" in large.text, large.text
        # All together have a bound as well: here four of 5,000 works each.
        shop.stop()
        shop.tamper("DELETE FROM work_contributor WHERE work_id > 1000000",
                    "INSERT INTO work_contributor (contributor_id, work_id) SELECT f.target_id, 1000000 + i FROM (SELECT target_id FROM follow ORDER BY target_id LIMIT 4) AS f, (" + numbers % 5000 + "i FROM n) AS m")
        shop.serve()
        both = shop.api("PUT", "/following/contributor/%d" % person, token=ann)
        assert both.status == 409 and "together" in both.text, both.text
        assert not any(found().values())
        # And where all together has grown beyond it, the largest are passed over.
        shop.stop()
        shop.tamper("INSERT INTO work_contributor (contributor_id, work_id) SELECT MAX(target_id), 1000001 FROM follow")
        shop.serve()
        assert sum(found().values()) == 4 and shop.api("GET", "/us/news", token=ann).json()["news"] == []
        assert len(shop.api("GET", "/following", token=ann).json()["following"]) == 197


def test_every_feed_is_atom_by_its_schema():
    """RELAX NG of RFC 4287; and an empty feed is not from 1970."""
    if shutil.which("jing") is None:
        raise Skipped("jing is not installed")
    schema = shared("opds", "schema", "atom.rnc")
    with shelved() as shop:
        shop.serve()
        person, series, _ = ids(shop)
        ann = Browser(shop)
        ann.sign_up("us", "Ann")
        press(ann, "/us/contributors/%d" % person, "Follow")
        empty = re.search(r"(/us/news/[\w-]{43}/feed\.atom)", ann.get("/us/account/following").text)[1]
        shop.authority("--storefront", "us", "--edition", isbn(1), "--withhold", "ratings")
        places = ["/us/contributors/%d/feed.atom" % person, "/us/series/%d/feed.atom" % series, "/record/feed.atom", "/record/feed.atom?country=CN",
                  "/record/demands/feed.atom", empty]
        for n, place in enumerate(places):
            answer = shop.get(place)
            feed(answer)
            assert "<updated>1970" not in answer.text, place
            checked = subprocess.run(["jing", "-c", schema, shop.file("feed%d.xml" % n, answer.text)], capture_output=True, text=True)
            assert checked.returncode == 0, (place, checked.stdout)
        assert "<entry>" in shop.get(places[0]).text and "<entry>" not in shop.get(empty).text
