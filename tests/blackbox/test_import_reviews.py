"""Ratings and reviews brought along from another shop: each is a voice with its entry, and said to be taken over."""
import csv
import io
import json
import lzma
import os
import re
import signal
import subprocess
import time

from shop import COLOPHON, EMMA, Browser, Shop, moment, shared
from test_targets import audit_is_clean

COLUMNS = ["isbn", "stars", "title", "text", "language", "author", "date", "source"]
LONG = "A long text about this book, long enough that the same words are known again wherever they stand, number %d."


def rows_of(*rows, columns=COLUMNS):
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue()


def row(n, stars=4, isbn="978-0-00-000004-0", **more):
    values = {"isbn": isbn, "stars": stars, "title": "Title %d" % n, "text": LONG % n, "language": "en", "author": "Reader %d" % n,
              "date": "2019-05-%02d" % (n % 28 + 1), "source": "Old Pages", **more}
    return [values[c] for c in COLUMNS]


def bring(shop, path, *options, status=0):
    got, out, err = shop.run("import-reviews", "--json", *options, path)
    assert got == status, (got, out, err)
    return json.loads(out) if out.strip() else None, err


def reviews(shop, isbn=EMMA):
    return shop.api("GET", "/us/works/%d/reviews" % shop.work(isbn)).json()["reviews"]


def stars_of(shop, isbn=EMMA):
    rating = shop.edition(isbn)["rating"]
    return rating["count"], rating["mean"] * rating["count"] if rating["count"] else 0


def voices(shop):
    return [json.loads(line)["entry"] for line in shop.ok("record", "export", "jsonl").splitlines() if '"log":"voices"' in line]


def test_each_row_is_a_voice_with_its_entry():
    with Shop() as shop:
        shop.serve()
        ann = shop.reader("ann")
        work = shop.work(EMMA)
        assert shop.api("POST", "/us/works/%d/reviews" % work, {"title": "Mine", "text": "Here.", "language": "en", "stars": 2}, ann).status == 201
        before, begun = len(voices(shop)), moment(time.time())
        quoted = row(1, 5, text='It said "read me",\r\nand I did.', author="Zoë Q.")
        bare = ["9780000000040", 3, "", "", "", "", "", "Old Pages"]
        path = shop.file("old.csv", "\ufeff" + rows_of(quoted, row(2, 1, language="zh-Hans", title="书"), bare))
        # Looked at first: nothing is written.
        assert bring(shop, path, "--dry-run")[0]["reviews"] == 2 and len(voices(shop)) == before
        summary, err = bring(shop, path)
        assert (summary["rows"], summary["reviews"], summary["ratings"], summary["refused"]) == (3, 2, 1, 0), (summary, err)
        # Two reviews with their stars, one rating: five entries, and of nobody.
        new = voices(shop)[before:]
        assert [(e["type"], e["kind"], e["work"]) for e in new] == \
            [("accepted", k, work) for k in ("review", "rating", "review", "rating", "rating")], new
        assert not any(word in json.dumps(voices(shop)) for word in ("Zo", "Old Pages", "Reader"))
        shop.until(lambda: len(reviews(shop)) == 3, "what was taken over")
        found = {r["author"]: r for r in reviews(shop)}
        zoe = found["Zoë Q."]
        assert zoe["text"] == 'It said "read me",\nand I did.' and zoe["stars"] == 5 and zoe["language"] == "en"
        assert zoe["taken_over"] == {"from": "Old Pages", "written": "2019-05-02T00:00:00Z"} and zoe["created"] >= begun
        assert "taken_over" not in found["Ann"] and found["Reader 2"]["language"] == "zh-Hans"
        # Its stars count as all others do.
        assert stars_of(shop)[0] == 4 and round(stars_of(shop)[1]) == 2 + 5 + 1 + 3
        page = Browser(shop).get("/us/books/%s" % EMMA).text
        assert "taken over from Old Pages, written " in page and "written 2 May 2019" in page, page
        assert '"datePublished":"2019-05-02"' in page.replace(" ", "")
        assert "Old Pages" not in Browser(shop).get("/us/").text  # what readers said lately is what they said here
        # Nobody's to change; commented and found helpful as all others; reported and withheld as all others.
        assert shop.api("PUT", "/reviews/%d" % zoe["id"], {"title": "x", "text": "y", "language": "en"}, ann).status == 403
        assert shop.api("POST", "/reviews/%d/comments" % zoe["id"], {"text": "Yes."}, ann).status == 201
        shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % zoe["record_index"])
        assert shop.look("SELECT COUNT(*) FROM statement") == "0"
        assert "Zoë" not in json.dumps(reviews(shop), ensure_ascii=False)
        audit_is_clean(shop)
        # Erased, its author's name goes as well.
        shop.ok("erase", "--voice", str(found["Reader 2"]["record_index"]), "--basis", "duty", "--law", "GDPR, Art. 17")
        assert shop.look("SELECT COUNT(*) FROM review WHERE author = 'Reader 2'") == "0" and stars_of(shop)[0] == 3
        audit_is_clean(shop)


def test_a_bad_row_is_named_and_refused_alone():
    with Shop() as shop:
        ok = row(1)
        bad = [
            (row(2, 6), "stars"), (row(3, "4.5"), "stars"), (row(4, isbn="9780000000041"), "isbn"), (row(5, isbn="9780140449136"), "isbn"),
            (row(6, isbn=""), "isbn"), (row(7, title=""), "title"), (row(8, text=""), "text"), (row(9, language="klingon!"), "language"),
            (row(10, author=""), "author"), (row(11, author="a\nb"), "author"), (row(12, date="May 2019"), "date"),
            (row(13, date=moment(time.time() + 400 * 86400)[:10]), "date"), (row(14, source=""), "source"), (row(15, text="\x01"), "text"),
            (row(1, author="Copy"), "text"), (row(17, stars="", title="", text=""), "stars"), (row(18)[:-1], "fields"),
        ]
        path = shop.file("bad.csv", rows_of(ok, *[b for b, _ in bad], row(20)))
        summary, err = bring(shop, path)
        lines = [line for line in err.splitlines() if line.startswith(path)]
        assert (summary["reviews"], summary["refused"], summary["rows"]) == (2, len(bad), len(bad) + 2), (summary, err)
        at = 3
        told = {int(re.search(r": line (\d+): ", line)[1]): line for line in lines}
        for bad_row, column in bad:
            assert at in told and column in told[at].split(": line ")[1], (at, column, told.get(at))
            at += 1 + sum(str(v).count("\n") for v in bad_row)
        # Quotes that do not fit: that row, and no other; an unknown column, and nothing of it.
        lines = rows_of(row(30), row(31), row(32)).split("\r\n")
        lines[2] = lines[2].replace("Title 31", '"Title" 31')
        summary, err = bring(shop, shop.file("quotes.csv", "\n".join(lines)))
        assert (summary["reviews"], summary["refused"]) == (2, 1) and "line 3" in err, (summary, err)
        summary, err = bring(shop, shop.file("open.csv", rows_of(row(40), row(41)).replace("Reader 41", '"Reader 41')))
        assert summary["reviews"] == 1 and summary["refused"] == 1 and "line 3" in err, (summary, err)
        for header in ("isbn,stars,password\r\n", "isbn,isbn,stars\r\n", "title,text\r\n", "", "\xff\xfe"):
            status, out, err = shop.run("import-reviews", shop.file("header.csv", header.encode("latin-1")))
            assert status == 1 and "line 1" in err and "taken over" not in out, (header, err)
        assert shop.run("import-reviews", shop.dir + "/none.csv")[0] == 1
        assert shop.look("SELECT COUNT(*) FROM review") == "5" == shop.look("SELECT COUNT(*) FROM taken_over")


def test_json_lines_and_names_given_once():
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        lines = [
            {"work": work, "stars": 5.0, "title": "T", "text": "One.", "author": "Cy", "date": "2020-02-29", "id": 7},
            {"isbn": "0-00-000004-4", "stars": 2, "id": "8"},
            {"isbn": EMMA, "stars": 4.5},
            {"isbn": EMMA, "stars": 4, "reviewer": "CANARY"},
            ["no object"],
        ]
        text = "\n".join(json.dumps(line) for line in lines) + '\n{"isbn": \n\n{"isbn": "%s", "stars": 1}' % EMMA
        path = shop.file("old.jsonl.xz", lzma.compress(text.encode()))
        summary, err = bring(shop, path, "--from", "Old Pages", "--language", "en")
        wrong = re.findall(r"line (\d+): (\w*)", err)
        assert [int(n) for n, _ in wrong][-4:] == [3, 4, 5, 6] or sorted(int(n) for n, _ in wrong) == [2, 3, 4, 5, 6], err
        found = reviews(shop)
        assert [r["author"] for r in found] == ["Cy"] and found[0]["taken_over"]["from"] == "Old Pages" and found[0]["language"] == "en"
        # By its number there a row is known again, whatever else has changed of it.
        lines[0]["title"] = "Another"
        again, _ = bring(shop, shop.file("again.jsonl", json.dumps(lines[0])), "--from", "Old Pages", "--language", "en")
        assert (again["unchanged"], again["reviews"]) == (1, 0) and reviews(shop)[0]["title"] == "T"


def test_brought_again_nothing_changes_and_a_stop_is_gone_on_from():
    with Shop() as shop:
        shop.serve()
        many = shop.file("many.csv", rows_of(*[row(n, n % 5 + 1) for n in range(1, 1201)]))
        # Killed in its midst, then asked to stop, then brought to its end, beside the server and without it.
        for end in (signal.SIGKILL, signal.SIGINT):
            before = int(shop.look("SELECT COUNT(*) FROM review"))
            command = subprocess.Popen([COLOPHON, "-d", shop.dir, "import-reviews", many], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            shop.until(lambda: int(shop.look("SELECT COUNT(*) FROM review")) > before or command.poll() is not None, "some of it")
            command.send_signal(end)
            out, err = command.communicate()
            assert command.returncode in (-signal.SIGKILL, 1, 0), err
        shop.stop()
        summary, err = bring(shop, many)
        assert summary["reviews"] + summary["unchanged"] == 1200 and summary["refused"] == 0, (summary, err)
        assert shop.look("SELECT COUNT(*) FROM review") == "1200" == shop.look("SELECT COUNT(*) FROM taken_over")
        entries = len(voices(shop))
        assert entries == 2400
        again, _ = bring(shop, many)
        assert again["unchanged"] == 1200 and again["reviews"] == 0 and len(voices(shop)) == entries
        shop.serve()
        assert stars_of(shop)[0] == 1200
        audit_is_clean(shop)


def test_equal_stars_are_as_many_readers():
    with Shop() as shop:
        stars = [["9780000000040", n] for n in [5] * 120 + [4] + [5] * 30]
        path = shop.file("stars.csv", rows_of(*stars, columns=["isbn", "stars"]))
        for options, found in (["--dry-run"], (151, 0)), ([], (151, 0)), ([], (0, 151)), (["--dry-run"], (0, 151)):
            summary, err = bring(shop, path, "--from", "Old Pages", *options)
            assert (summary["ratings"], summary["unchanged"], summary["refused"]) == (*found, 0), (options, summary, err)
        more = shop.file("more.csv", rows_of(*stars, stars[0], columns=["isbn", "stars"]))
        assert bring(shop, more, "--from", "Old Pages")[0]["ratings"] == 1
        assert shop.look("SELECT COUNT(*) FROM taken_over") == "152"
        # With numbers of the other shop's, or words, a row that stands there twice is one; looked at first, too.
        twice = shop.file("twice.csv", rows_of(["9780000000040", 5, "7"], ["9780000000040", 5, "7"], columns=["isbn", "stars", "id"]))
        words = shop.file("words.csv", rows_of(row(1), row(1)))
        for file, kind in (twice, "ratings"), (words, "reviews"):
            for options in ["--dry-run"], []:
                summary, err = bring(shop, file, "--from", "Old Pages", *options)
                assert (summary[kind], summary["unchanged"]) == (1, 1), (file, options, summary, err)


def test_what_is_withheld_and_what_cannot_be_written():
    with Shop() as shop:
        shop.restrict("--ground", "terms", "--storefront", "us", "--storefront", "cn", "--scope-reason", "Both.", "--edition", EMMA,
                      "--withhold", "submissions")
        path = shop.file("old.csv", rows_of(row(1), row(2, isbn="9780000000132")))
        summary, err = bring(shop, path)
        assert summary["refused"] >= 1 and "restriction 1" in err, (summary, err)
        assert shop.look("SELECT COUNT(*) FROM review WHERE work_id = (SELECT work_id FROM edition WHERE product_key = '%s')" % EMMA) == "0"
        # Without its entry nothing is taken.
        os.rename(os.path.join(shop.dir, "key"), os.path.join(shop.dir, "key.away"))
        entries, rows = len(voices(shop)), shop.look("SELECT COUNT(*) FROM review")
        status, out, err = shop.run("import-reviews", shop.file("more.csv", rows_of(row(3, isbn="9780000000057"))))
        assert status == 1 and shop.look("SELECT COUNT(*) FROM review") == rows and len(voices(shop)) == entries, (status, out, err)


def test_real_reviews_of_another_shop():
    """Amazon's of 2007, in English, and a Chinese shop's: as they are, on titles of the samples."""
    english, chinese = shared("reviews", "amazon_books_reviews_en.jsonl.xz"), shared("reviews", "zh_book_reviews.csv.xz")
    with lzma.open(english, "rt", encoding="utf-8") as f:
        old = [json.loads(line) for line in f][:400]
    with lzma.open(chinese, "rt", encoding="utf-8") as f:
        han = list(csv.DictReader(f))[:400]
    with Shop() as shop:
        shop.serve()
        lines = []
        for n, r in enumerate(old):
            day = time.strftime("%Y-%m-%d", time.strptime(r["date"], "%B %d, %Y"))
            lines.append({"isbn": EMMA, "stars": int(r["rating"]), "title": r["title"][:60] or "-", "text": r["text"],
                          "author": "Reader %d" % n, "date": day, "id": n})
        summary, err = bring(shop, shop.file("en.jsonl", "\n".join(json.dumps(line) for line in lines)), "--from", "Another shop", "--language", "en")
        assert summary["reviews"] + summary["refused"] == len(old) and summary["reviews"] > 350, (summary, err[:2000])
        rows = [[EMMA, 5 if r["label"] == "1" else 1, r["review"][:20].replace("\n", " "), r["review"], "读者%d" % n, "2018-01-01"] for n, r in enumerate(han)]
        path = shop.file("zh.csv", rows_of(*rows, columns=["isbn", "stars", "title", "text", "author", "date"]))
        summary, err = bring(shop, path, "--from", "某书店", "--language", "zh-Hans")
        assert summary["reviews"] + summary["refused"] == len(han) and summary["reviews"] > 350, (summary, err[:2000])
        assert Browser(shop).get("/cn/books/%s" % EMMA).status == 200
