"""EPUBs: what is taken, what is refused and why, and the samples that are made of them."""
import contextlib
import glob
import http.client
import io
import os
import shutil
import zipfile

from ebooks import CONTAINER, EBOOK, NAV, NONE, add, book, chapter, item, package, paragraphs
from shop import EMMA, SAMPLES, Shop, Skipped, onix, product, shared
from test_demands import send
from test_files import jpeg_size, need_vips, png
from test_partner import HOME, partner

def nothing_changed(shop):
    assert shop.look("SELECT COUNT(*) FROM epub") == "0" and shop.look("SELECT COUNT(*) FROM sample_chapter") == "0"
    kept = [n for _, _, names in os.walk(os.path.join(shop.dir, "files")) for n in names]
    assert kept == [], kept


def bombs():
    """What is wrong with each, by the code that the report says."""
    zeros = b"\0" * (40 << 20)
    many = {"E/f%d" % i: "" for i in range(10001)}
    deep = "<html xmlns='http://www.w3.org/1999/xhtml'><body>" + "<div>" * 5000 + "</body></html>"
    laughs = ('<?xml version="1.0"?><!DOCTYPE package [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
              '<!ENTITY c SYSTEM "file:///etc/passwd">]><package version="3.0"><metadata>&b;&c;</metadata></package>')
    drm = ('<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
           '<enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></enc:EncryptedData></encryption>')
    return [
        ("no-zip", b"%PDF-1.7 a book of another kind, and long enough to be looked at"),
        ("no-zip", b""),
        ("damaged", book()[:400]),
        ("mimetype", book(first=False)),
        ("mimetype", book(stored=False)),
        ("mimetype", book(mimetype=b"application/epub+zip\n")),
        ("bomb", book({"E/zeros.bin": zeros})),
        ("files", book(many)),
        ("name-outside", book({"../../outside.txt": "x"})),
        ("name-outside", book({"/etc/absolute.txt": "x"})),
        ("name-outside", book({"E/in\\back.txt": "x"})),
        ("name-outside", book({"E\\back.txt": "x"}, system=0)),  # made under DOS
        ("name", book({"E/what?.txt": "x"})),
        ("name-twice", book({"E/C1.xhtml": "x"})),
        ("container", book({"META-INF/container.xml": None})),
        ("container", book({"META-INF/container.xml": "<container/>"})),
        ("package-missing", book({"E/p.opf": None})),
        ("drm", book({"META-INF/encryption.xml": drm})),
        ("xml", book({"E/p.opf": "<package>"})),
        ("xml", book({"E/c2.xhtml": deep})),
        ("xml", book({"E/p.opf": laughs})),
        ("item-missing", book({"E/c2.xhtml": None})),
        ("item-outside", book(package_file=package([item("nav.xhtml", properties="nav"), item("c1.xhtml"), item("c2.xhtml").replace('href="c', 'href="../../c')], ["c1"]))),
        ("spine", book(package_file=package([item("nav.xhtml", properties="nav")], []))),
        ("navigation", book(package_file=package([item("c1.xhtml")], ["c1"]))),
        ("xml", book({"E/c1.xhtml": "<html><body><p>never closed</body></html>"})),
    ]


def test_what_is_wrong_is_refused_by_name_and_changes_nothing():
    with Shop() as shop:
        for code, content in bombs():
            status, out, err = add(shop, content)
            assert status == 1 and "refused" in err and "error %s" % code in out, (code, status, out, err)
        nothing_changed(shop)
        # The one they were made from is good.
        status, out, err = add(shop, book())
        assert status == 0 and "a sample of 2 chapters" in out, (out, err)


def test_the_bad_ones_of_others_are_refused():
    folder = shared("epub", "bad")
    with Shop() as shop:
        for path in sorted(glob.glob(os.path.join(folder, "*", "*.epub"))):
            status, out, err = shop.run("epub", "add", EBOOK, path, env=NONE)
            assert status == 1 and "refused" in err and "error " in out, (path, out, err)
        nothing_changed(shop)
        for name in "la-Liber_Esther", "idpf-wasteland-otf-obf", "zh-Hant-sanzijing-qianziwen-vertical", "idpf-page-blanche":
            status, out, err = shop.run("epub", "add", EBOOK, shared("epub", "good", name + ".epub"), env=NONE)
            assert status == 0, (name, out, err)


def test_only_an_e_book_of_the_catalogue_takes_one():
    with Shop() as shop:
        status, _, err = add(shop, book(), isbn=EMMA)
        assert status == 1 and "is no e-book" in err, err
        status, _, err = add(shop, book(), isbn="9780000099990")
        assert status == 1 and "not in the catalogue" in err, err
        nothing_changed(shop)
        status, out, _ = add(shop, book(package_file=package(
            [item("nav.xhtml", properties="nav"), item("c1.xhtml"), item("c2.xhtml"), item("s.css", "text/css")], ["c1", "c2"], isbn="9780306406157")))
        assert status == 0 and "note isbn" in out and "note cover" in out and "note unchecked" in out, out


def test_a_later_one_takes_the_place_of_the_one_before():
    with Shop() as shop:
        first, second = book(), book({"E/c1.xhtml": chapter("One", paragraphs(9))})
        assert add(shop, first)[0] == 0 and add(shop, second)[0] == 0
        assert shop.look("SELECT COUNT(*) FROM epub") == "2"
        assert shop.look("SELECT COUNT(*) FROM epub WHERE replaced = 0 AND bytes = %d" % len(second)) == "1"
        # Each is kept as it came, and found again.
        assert shop.ok("files", "check").startswith("2 files")
        new = os.path.join(shop.base, "moved")
        shop.ok("files", "move", "--to", new)
        kept = [os.path.join(folder, n) for folder, _, names in os.walk(new) for n in names]
        assert sorted(open(path, "rb").read() for path in kept) == sorted([first, second])
        # By what KOReader knows it: samples at 0, 1024, 4096 ... of 1024 bytes.
        import hashlib
        md5, at = hashlib.md5(second[:1024]), 1024
        while at < len(second):
            md5.update(second[at:at + 1024])
            at *= 4
        assert shop.look("SELECT partial_md5 FROM epub WHERE replaced = 0") == md5.hexdigest()


def hostile():
    """A chapter that brings everything that must not come through, and a picture that may."""
    body = ('<p>Before <em>all</em> <script>alert(1)</script><a href="c2.xhtml#x">on</a> <a href="javascript:alert(1)">bad</a> '
            '<a href="https://example.org/">out</a></p><p onclick="alert(1)"><img src="https://evil.example/t.png" alt="spy"/>'
            '<img src="pic.png" alt="A square"/><img src="../../../etc/passwd" alt="no"/></p>'
            '<iframe src="https://evil.example/"></iframe><style>p { color: red }</style>' + paragraphs(8))
    items = [item("nav.xhtml", properties="nav"), item("c1.xhtml"), item("c2.xhtml"), item("s.css", "text/css"), item("pic.png", "image/png", "cover-image")]
    access = ('<meta property="schema:accessibilityFeature">tableOfContents</meta><meta property="schema:accessModeSufficient">textual</meta>'
              '<meta property="schema:accessibilitySummary">Read aloud well.</meta>')
    return book({"E/c1.xhtml": chapter("One", body), "E/pic.png": png(30, 40)}, package_file=package(items, ["c1", "c2"], access))


def test_a_sample_is_read_chapter_by_chapter_and_holds_nothing_hostile():
    need_vips()
    with Shop() as shop:
        assert shop.run("epub", "add", EBOOK, shop.file("a.epub", hostile()), env=NONE)[0] == 0
        shop.serve()
        page = shop.get("/us/books/" + EBOOK).text
        assert 'href="/us/books/%s/sample"' % EBOOK in page
        # What the file says of itself, where the record says nothing.
        assert "a table of contents to move by" in page and "everything can be read without sight" in page
        assert "Read aloud well." in page and "Said by the e-book" in page and " KB" in page
        contents = shop.get("/us/books/%s/sample" % EBOOK).text
        assert "Of Government" in contents and "Of Kings" in contents
        first = shop.get("/us/books/%s/sample/1" % EBOOK)
        text = first.text.split('<div class="sample"')[1].split("</div>")[0]
        assert first.status == 200 and "<h2>One</h2>" in text and "<em>all</em>" in text
        for bad in "script", "evil", "onclick", "iframe", "style", "javascript", "passwd":
            assert bad not in text, bad
        assert '<a href="2">on</a>' in text and 'rel="nofollow ugc" href="https://example.org/"' in text
        assert '<img loading="lazy" src="pictures/1" alt="A square">' in text and text.count("<img") == 1
        picture = shop.get("/us/books/%s/sample/pictures/1" % EBOOK)
        assert picture.status == 200 and picture.headers["Content-Type"] == "image/jpeg" and jpeg_size(picture.body) == (30, 40)
        assert shop.get("/us/books/%s/sample/pictures/1" % EBOOK, If_None_Match=picture.headers["ETag"]).status == 304
        # A tenth and a little more, then back to the book.
        last = shop.get("/us/books/%s/sample/2" % EBOOK).text
        assert "The sample ends here" in last and "59." not in last and "0. It was" in last
        for wrong in "sample/3", "sample/x", "sample/0", "sample/pictures/2", "sample/pictures/0":
            assert shop.get("/us/books/%s/%s" % (EBOOK, wrong)).status == 404, wrong
        assert shop.get("/us/books/%s/sample" % EMMA).status == 404
        # The cover out of the EPUB, where nobody gave one; one that is given stands over it.
        assert jpeg_size(shop.get("/us/covers/" + EBOOK).body) == (30, 40)
        shop.ok("cover", "put", "--isbn", EBOOK, shop.file("c.png", png(50, 60)))
        assert shop.run("epub", "add", EBOOK, shop.file("a.epub", hostile()), env=NONE)[0] == 0
        shop.until(lambda: jpeg_size(shop.get("/us/covers/" + EBOOK).body) == (50, 60), "the cover that was given")


def test_what_was_given_is_taken_away_and_what_was_said_of_it_stays():
    need_vips()
    with Shop() as shop:
        kept = lambda: len([n for folder, _, names in os.walk(os.path.join(shop.dir, "files")) for n in names])
        assert shop.run("epub", "remove", EBOOK)[0] == 1
        # Of one e-book the latest three files are kept, and a row of each there was.
        for n in range(4):
            assert add(shop, book({"E/c1.xhtml": chapter("One", paragraphs(8 + n))}))[0] == 0
        assert shop.look("SELECT COUNT(*) FROM epub") == "4" and shop.look("SELECT COUNT(*) FROM epub WHERE file <> ''") == "3" and kept() == 3
        assert add(shop, hostile())[0] == 0
        shop.serve(env=NONE)
        assert jpeg_size(shop.get("/us/covers/" + EBOOK).body) == (30, 40) and shop.get("/us/books/%s/sample/1" % EBOOK).status == 200
        pia = partner(shop)
        page = HOME + "titles/" + EBOOK
        shown = pia.get(page).text
        assert "Take the e-book’s file away" in shown and shown.count('data-epub="gone"') == 2 and shown.count('data-epub="replaced"') == 2
        assert send(pia, page, page + "/epub", ("remove", "1")).status == 303
        shown = pia.get(page).text
        assert "Take the e-book’s file away" not in shown and shown.count('data-epub="gone"') == 5 and "Its file is kept no more" in shown
        shop.until(lambda: shop.get("/us/books/%s/sample/1" % EBOOK).status == 404, "the sample is gone")
        assert "Read a sample" not in shop.get("/us/books/" + EBOOK).text
        assert shop.look("SELECT COUNT(*) FROM epub WHERE replaced = 0 OR file <> ''") == "0" and kept() == 0
        assert shop.look("SELECT COUNT(*) FROM cover") == "0" and shop.ok("files", "check").startswith("0 files")
        # Again, and at the command line, also where its record calls it an e-book no more: its sample is read no more either.
        assert add(shop, book())[0] == 0 and kept() == 1
        shop.until(lambda: shop.get("/us/books/%s/sample/1" % EBOOK).status == 200, "the sample is there again")
        printed = onix(product("print", EBOOK, "A printed book")).replace("20261120T", "20261125T")
        shop.import_feed(shop.file("print.xml", printed))
        shop.until(lambda: shop.get("/us/books/%s/sample/1" % EBOOK).status == 404, "no sample of a printed book")
        shown = pia.get(page).text
        assert "Take the e-book’s file away" in shown and "Give this file" not in shown
        assert add(shop, book())[0] == 1 and kept() == 1
        shop.ok("epub", "remove", EBOOK)
        status, _, err = shop.run("epub", "remove", EBOOK)
        assert status == 1 and "no EPUB is kept" in err and kept() == 0, err


def test_a_shop_fills_its_room_and_no_more_and_sends_not_without_end():
    with Shop() as shop:
        shop.serve(env={**NONE, "COLOPHON_EPUB_ROOM": str(len(book()) + 100), "COLOPHON_EPUBS_AN_HOUR": "3"})
        pia = partner(shop)
        page = HOME + "titles/" + EBOOK
        give = lambda: send(pia, page, page + "/epub", ("epub", "book.epub", book()))
        assert give().status == 303
        answer = give()
        assert answer.status == 422 and "fill the room they have" in answer.text
        shop.until(lambda: shop.look("SELECT COUNT(*) FROM epub") == "1", "the first of them")
        assert give().status == 422 and give().status == 429


def test_a_sample_is_no_heap_of_mark_up():
    with Shop() as shop:
        heavy = "<p>%s</p>" % "".join('<em id="x%s">a</em>' % os.urandom(20).hex() + "<br/>" * 170 for _ in range(4000))
        status, out, err = add(shop, book({"E/c1.xhtml": chapter("One", paragraphs(1)), "E/c2.xhtml": chapter("Two", heavy)}))
        assert status == 0 and "a sample of 1 chapters" in out, (out, err)
        assert int(shop.look("SELECT SUM(LENGTH(html)) FROM sample_chapter")) < 384 << 10


def test_what_is_withheld_of_a_title_is_withheld_of_its_sample():
    with Shop() as shop:
        assert add(shop, book())[0] == 0
        shop.serve()
        places = ["/us/books/%s/sample%s" % (EBOOK, part) for part in ("", "/1", "/2")]
        assert all(shop.get(p).status == 200 for p in places)
        shop.restrict("--storefront", "us", "--edition", EBOOK, "--withhold", "delivery", "--ground", "authority-order",
                      "--authority", "Example Authority", "--legal-basis", "Example Act 1", "--reference", "17")
        for p in places:
            answer = shop.get(p)
            assert answer.status == 451 and "plain sentence" not in answer.text and 'data-feature="delivery"' in answer.text
        # The book's page says so too, in the place of the button.
        page = shop.get("/us/books/" + EBOOK).text
        assert "Read a sample" not in page and page.count('data-feature="delivery"') == 1 and "The sample of this title is withheld here." in page
        assert 'data-feature="delivery"' not in shop.get("/us/books/" + EMMA).text
        # Elsewhere it is read as before, and here again once it is lifted.
        assert shop.get("/cn/books/%s/sample/1" % EBOOK).status == 200
        shop.ok("restriction", "lift", "1", "--reason", "It ended.")
        shop.until(lambda: all(shop.get(p).status == 200 for p in places), "the sample is back")
        shop.restrict("--storefront", "us", "--edition", EBOOK, "--withhold", "listing", "--ground", "authority-order",
                      "--authority", "Example Authority", "--legal-basis", "Example Act 1", "--reference", "17")
        for p in places:
            assert shop.get(p).status == 451 and "plain sentence" not in shop.get(p).text


def test_a_sample_is_read_only_where_rights_and_licences_let_the_book_be_sold():
    with Shop() as shop:
        assert add(shop, book())[0] == 0
        shop.serve()
        places = ["/cn/en/books/%s/sample%s" % (EBOOK, part) for part in ("", "/1", "/2")]
        page = lambda: shop.get("/cn/en/books/" + EBOOK).text

        def barred(by, word):
            assert "Read a sample" not in page() and 'data-sample="%s"' % by in page() and word in page(), by
            for place in places:
                answer = shop.get(place)
                assert answer.status == 404 and 'data-sample="%s"' % by in answer.text and "plain sentence" not in answer.text, place
            assert "Read a sample" in shop.get("/us/books/" + EBOOK).text and shop.get("/us/books/%s/sample/1" % EBOOK).status == 200

        assert "Read a sample" in page() and all(shop.get(p).status == 200 for p in places)
        need = ("licence", "need", "--country", "CN", "--formats", "ebook", "--activity", "publish-online", "--source", "Order 5 of 2016")
        shop.ok(*need, "--need", "required", "--kind", "activity")
        shop.until(lambda: "licence-missing" in page(), "the licence is asked for")
        barred("licence-missing", "No sample can be read here: a licence that this country asks for is missing.")
        # A restriction of the sale decides nothing of rights: what is barred stays so.
        shop.restrict("--storefront", "cn", "--edition", EBOOK, "--withhold", "sale", "--ground", "authority-order",
                      "--authority", "Example Authority", "--legal-basis", "Example Act 1", "--reference", "17")
        barred("licence-missing", "a licence that this country asks for is missing")
        shop.ok("restriction", "lift", "1", "--reason", "It ended.")
        shop.ok(*need, "--need", "not-required")
        shop.until(lambda: "Read a sample" in page(), "no licence is needed")
        lines = open(os.path.join(SAMPLES, "classics.xml"), encoding="utf-8").read().splitlines()
        record = next(line for line in lines if "riverside." + EBOOK in line)

        def change(old, new):
            assert old in record
            shop.ok("import", "--shop", "main", shop.file("changed.xml", "\n".join(lines[:3] + [record.replace(old, new), "</ONIXMessage>"])))

        # Not out yet, or without a price: it may be read in all the same.
        change("<ProductAvailability>20<", "<ProductAvailability>40<")
        shop.until(lambda: 'data-verdict="unavailable"' in page(), "it is not available")
        assert "Read a sample" in page() and all(shop.get(p).status == 200 for p in places)
        change("<SalesRights>", "<SalesRights><SalesRightsType>03</SalesRightsType><Territory><CountriesIncluded>CN</CountriesIncluded></Territory></SalesRights><SalesRights>")
        shop.until(lambda: "Read a sample" not in page(), "the rights changed")
        shop.until(lambda: 'data-sample="' in page(), "the reason")
        barred(page().split('data-sample="')[1].split('"')[0], "No sample can be read here: ")


def test_chinese_is_set_from_top_to_bottom_where_the_book_is():
    with Shop() as shop:
        assert shop.run("epub", "add", EBOOK, shared("epub", "good", "zh-Hant-sanzijing-qianziwen-vertical.epub"), env=NONE)[0] == 0
        shop.serve()
        text = shop.get("/cn/books/%s/sample/1" % EBOOK).text
        assert 'class="sample vertical"' in text and 'lang="zh-Hant"' in text and "人之初" in text


def test_a_partner_gives_one_at_the_desk_and_is_told_what_is_wrong():
    with Shop() as shop:
        shop.serve(env=NONE)
        pia = partner(shop)

        def give(content, **keywords):
            return send(pia, page, page + "/epub", ("epub", "my book.epub", content), **keywords)

        page = HOME + "titles/" + EBOOK
        shown = pia.get(page).text
        assert "No EPUB was given" in shown and 'name="epub"' in shown
        assert 'name="epub"' not in pia.get(HOME + "titles/" + EMMA).text  # a paperback takes none
        # It is looked at afterwards. Refused: the whole list of what was found, and nothing changed.
        assert give(book(first=False)).status == 303
        shop.until(lambda: 'data-upload="refused"' in pia.get(page).text, "the end of a bad one")
        shown = pia.get(page).text
        assert 'data-problem="mimetype"' in shown and "It must come first in the archive" in shown and "part-" not in shown
        nothing_changed(shop)
        assert os.listdir(os.path.join(shop.dir, "uploads")) == []
        # Somebody without the form's token gives nothing.
        assert give(book(), token=False).status == 403
        nothing_changed(shop)
        for content in book(), book({"E/c1.xhtml": chapter("One", paragraphs(9))}):
            answer = give(content)
            assert answer.status == 303 and answer.headers["Location"].endswith("#epub"), answer.text
        shop.until(lambda: 'data-epub="replaced"' in pia.get(page).text, "both of them")
        shown = pia.get(page).text
        assert "data-upload" not in shown
        assert shown.count('data-epub="present"') == 1 and shown.count('data-epub="replaced"') == 1
        assert "Not checked by EPUBCheck" in shown and 'data-problem="cover"' in shown
        assert shop.get("/us/books/%s/sample/1" % EBOOK).status == 200
        # Another shop's partner has no such title.
        shop.ok("shop", "add", "second", "--name", "Second", "--owner", "Second")
        eve = partner(shop, of="second", email="eve@press.example")
        assert eve.get(page).status == 404
        # A kill while it is looked at: the one before stays in force, and the next server looks again; one more when it is kept
        # already leaves it kept once.
        for point in "epub-upload-begun", "epub-named":
            shop.stop()
            shop.serve(env={**NONE, "COLOPHON_CRASH": point})
            before = int(shop.look("SELECT COUNT(*) FROM epub"))
            with contextlib.suppress(OSError, http.client.HTTPException):  # it may die before it has answered
                give(book({"E/c1.xhtml": chapter("Cut", paragraphs(10 + before))}))
            shop.until(lambda: shop.server.poll() is not None, "the kill")
            kept = int(shop.look("SELECT COUNT(*) FROM epub"))
            assert kept == before + (point == "epub-named") and shop.look("SELECT COUNT(*) FROM epub WHERE replaced = 0") == "1"
            shop.kill()
            shop.serve(env=NONE)
            shop.until(lambda: shop.look("SELECT COUNT(*) FROM epub_upload WHERE state = 'waiting'") == "0", "the end of it")
            assert int(shop.look("SELECT COUNT(*) FROM epub")) == before + 1 and 'data-upload' not in pia.get(page).text


def test_epubcheck_opens_pictures_behind_its_fence():
    jar = "/usr/share/java/epubcheck.jar"
    if not (shutil.which("java") and os.access(jar, os.R_OK)):
        raise Skipped("there is no EPUBCheck (Debian's epubcheck)")
    with Shop() as shop:
        status, out, err = add(shop, open(shared("epub", "good", "zh-Hant-sanzijing-qianziwen-vertical.epub"), "rb").read(),
                               env={"COLOPHON_EPUBCHECK": jar})
        assert status == 0 and "Corrupted image" not in out, (out, err)
