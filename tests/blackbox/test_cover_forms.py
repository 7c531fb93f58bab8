"""The forms of a cover on pages: formats and widths by digest, and what a restriction makes of them."""
import json
import re
import struct

from shop import EMMA, Shop
from test_files import OTHER, cover, files_of, is_drawn, is_picture, jpeg_size, need_vips, png

WIDTHS = {"120", "240", "480", "960"}


def noisy(width, height):
    """A picture of some detail, so that its forms differ."""
    import zlib
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    row = bytes((x * x // 7 + x) & 255 for x in range(width * 3))
    rows = b"".join(b"\0" + row[y % 97:] + row[:y % 97] for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def picture_of(page, key=EMMA):
    """The <picture> of this book: the sources' srcsets by type, and the attributes of its img."""
    for found in re.findall(r"<picture>.*?</picture>", page, re.S):
        if "/covers/%s/" % key in found:
            sources = {kind: dict((w, u) for u, w in re.findall(r"(\S+) (\d+)w", of))
                       for kind, of in re.findall(r'<source type="image/(\w+)" srcset="([^"]*)" sizes="[^"]+">', found)}
            return sources, dict(re.findall(r' (\w+)="([^"]*)"', found[found.index("<img"):]))
    raise AssertionError("no picture of %s" % key)


def test_pages_show_a_cover_in_all_its_forms():
    need_vips()
    with Shop() as shop:
        shop.serve()
        drawn = shop.get("/us/books/" + EMMA).text
        assert 'src="/us/covers/%s" alt="" width="240" height="360"' % EMMA in drawn and "<picture>" not in drawn
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", noisy(1000, 1400)))
        shop.until(lambda: "<picture>" in shop.get("/us/books/" + EMMA).text, "the picture on the page")
        sources, img = picture_of(shop.get("/us/books/" + EMMA).text)
        assert set(sources) == {"avif", "webp"} and all(set(of) == WIDTHS for of in sources.values()), sources
        # The place it takes is known before it comes; it stands in the first view.
        assert (img["width"], img["height"]) == ("1000", "1400") and "loading" not in img
        assert "Emma" in img["alt"] and "Jane Austen" in img["alt"]
        digest = re.search(r"/covers/%s/([0-9a-f]{16})" % EMMA, img["src"])[1]
        magic = {"avif": lambda b: b[4:12] == b"ftypavif", "webp": lambda b: b[:4] == b"RIFF" and b[8:12] == b"WEBP",
                 "jpeg": lambda b: b[:3] == b"\xff\xd8\xff"}
        sources["jpeg"] = dict((w, u) for u, w in re.findall(r"(\S+) (\d+)w", img["srcset"]))
        for kind, of in sources.items():
            sizes = []
            for width, url in sorted(of.items(), key=lambda one: int(one[0])):
                got = shop.get(url)
                assert got.status == 200 and got.headers["Content-Type"] == "image/" + kind, url
                assert magic[kind](got.body) and "%s-%s." % (digest, width) in url
                assert got.headers["Cache-Control"] == "private, max-age=31536000, immutable"
                assert "Cookie" not in got.headers["Vary"]
                assert shop.get(url, If_None_Match=got.headers["ETag"]).status == 304
                sizes.append(len(got.body))
            assert sizes == sorted(sizes), (kind, sizes)
        assert jpeg_size(shop.get(sources["jpeg"]["240"]).body) == (240, 336)
        # In lists it waits until it is seen, and says nothing that the title beside it says.
        sources, img = picture_of(shop.get("/us/search?q=emma").text)
        assert img["alt"] == "" and img["loading"] == "lazy" and (img["width"], img["height"]) == ("1000", "1400")
        # Machines are told of the largest.
        page = shop.get("/us/books/" + EMMA).text
        told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])["image"]
        assert told.endswith("/us/covers/%s/%s.jpg" % (EMMA, digest))
        assert '<meta property="og:image" content="%s">' % told in page
        about_image = {"width": "1000", "height": "1400", "alt": "Emma, Jane Austen"}
        assert dict(re.findall(r'<meta property="og:image:(\w+)" content="([^"]*)">', page)) == about_image
        api = json.loads(shop.get("/api/v1/us/editions/" + EMMA).body)["cover"]
        assert api == {"url": told, "width": 1000, "height": 1400}
        assert json.loads(shop.get("/api/v1/us/editions/" + OTHER).body)["cover"] is None
        assert jpeg_size(shop.get("/us/covers/%s/%s.jpg" % (EMMA, digest)).body) == (1000, 1400)
        # Those who know no SVG are shown the drawn one as a picture: of its size, and kept from nobody but by a restriction.
        card = "/us/cards/" + OTHER
        assert '<meta property="og:image" content="http://127.0.0.1:%d%s">' % (shop.port, card) in shop.get("/us/books/" + OTHER).text
        assert jpeg_size(shop.get(card).body) == (1200, 630)
        assert '<meta property="og:image:width" content="1200">\n<meta property="og:image:height" content="630">' in shop.get("/us/books/" + OTHER).text
        assert shop.get("/us/cards/" + EMMA).headers["Location"].endswith(told.partition(str(shop.port))[2])
        assert shop.get("/us/cards/9780000000002").status == 404
        # Forms that there are none of.
        for name in digest + "-777.avif", digest + "-240.png", digest, "0" * 16 + "-240.avif", "x":
            other = shop.get("/us/covers/%s/%s" % (EMMA, name))
            assert is_picture(other) and other.headers["Cache-Control"] == "no-cache", name
        assert is_drawn(shop.get("/us/covers/%s/%s-240.avif" % (OTHER, digest)))
        assert len(files_of(shop)) == 1 and shop.ok("files", "check").startswith("1 files")


def test_a_small_picture_is_made_no_larger_and_another_takes_its_place():
    need_vips()
    with Shop() as shop:
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", noisy(200, 300)))
        shop.serve()
        sources, img = picture_of(shop.get("/us/books/" + EMMA).text)
        assert set(sources["avif"]) == {"120", "200"} and img["width"] == "200"
        old = img["src"]
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("b.png", png(100, 150)))
        shop.until(lambda: 'width="100"' in shop.get("/us/books/" + EMMA).text, "the new one on the page")
        sources, img = picture_of(shop.get("/us/books/" + EMMA).text)
        assert img["src"] != old and set(sources["webp"]) == {"100"}
        # Who still has the page of before sees what stands there now, and keeps it under no such name.
        now = shop.get(old)
        assert jpeg_size(now.body) == (100, 150) and now.headers["Cache-Control"] == "no-cache"
        shop.ok("cover", "remove", "--isbn", EMMA)
        shop.until(lambda: "<picture>" not in shop.get("/us/books/" + EMMA).text, "the drawn one on the page")
        assert is_drawn(shop.get(old))


def test_what_is_withheld_shows_its_cover_by_no_address():
    need_vips()
    with Shop() as shop:
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", noisy(300, 450)))
        shop.serve()
        sources, img = picture_of(shop.get("/cn/books/" + EMMA).text)
        urls = [u for of in sources.values() for u in of.values()] + [img["src"]]
        urls += [u for u, _ in re.findall(r"(\S+) (\d+)w", img["srcset"])]
        urls += ["/cn/covers/" + EMMA, "/cn/covers/%s/%s.jpg" % (EMMA, re.search("[0-9a-f]{16}", img["src"])[0])]
        before = {url: shop.get(url) for url in urls}
        assert all(answer.status == 200 for answer in before.values()) and len(urls) > 8
        entry = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        for url in urls:
            for tag in {}, {"If_None_Match": before[url].headers["ETag"]}:
                gone = shop.get(url, **tag)
                assert gone.status == 451 and gone.headers["Cache-Control"] == "private, no-cache", url
                assert len(gone.body) < 300
        card = shop.get("/cn/cards/" + EMMA)
        assert card.status == 451 and card.headers["Cache-Control"] == "private, no-cache" and len(card.body) < 300
        for page in "/cn/", "/cn/search?q=emma", "/cn/books/" + EMMA, "/api/v1/cn/search?q=emma", \
                "/api/v1/cn/editions/" + EMMA:
            assert "/covers/%s/" % EMMA not in shop.get(page).text, page
        assert shop.get(urls[0].replace("/cn/", "/us/")).status == 200
        shop.ok("restriction", "lift", str(entry["id"]), "--reason", "It was withdrawn.")
        assert all(shop.get(url).body == before[url].body for url in urls)
        assert picture_of(shop.get("/cn/books/" + EMMA).text) == (sources, img)
