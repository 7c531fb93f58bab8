"""EPUBs that are good, or wrong where they are asked to be, and shops that have some."""
import io
import zipfile

EBOOK = "9780000000965"  # Common Sense, an e-book of the samples
NONE = {"COLOPHON_EPUBCHECK": "/nonexistent"}  # no EPUBCheck, so that all machines do the same
CONTAINER = ('<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
             '<rootfiles><rootfile full-path="%s" media-type="application/oebps-package+xml"/></rootfiles></container>')


def chapter(title, body, lang="en"):
    return ('<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml" lang="%s"><head><title>%s</title>'
            '<link rel="stylesheet" href="s.css"/></head><body><h1>%s</h1>%s</body></html>' % (lang, title, title, body))


def paragraphs(n, text="It was a plain sentence of this book, and it said what it had to say."):
    return "".join("<p>%d. %s</p>" % (i, text) for i in range(n))


def package(items, spine, metadata="", version="3.0", direction="", isbn=EBOOK, language="en", title="Common Sense"):
    return ('<?xml version="1.0" encoding="UTF-8"?><package xmlns="http://www.idpf.org/2007/opf" version="%s" unique-identifier="id">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:isbn:%s</dc:identifier>'
            '<dc:title>%s</dc:title><dc:language>%s</dc:language><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>%s'
            '</metadata><manifest>%s</manifest><spine%s>%s</spine></package>' %
            (version, isbn, title, language, metadata, "".join(items), direction, "".join('<itemref idref="%s"/>' % s for s in spine)))


def item(name, kind="application/xhtml+xml", properties=""):
    return '<item id="%s" href="%s" media-type="%s"%s/>' % (
        name.split(".")[0], name, kind, ' properties="%s"' % properties if properties else "")


NAV = chapter("Contents", '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc"><ol><li><a href="c1.xhtml">Of Government</a></li>'
              '<li><a href="c2.xhtml">Of Kings</a></li></ol></nav>')


def book(files=(), package_file=None, mimetype=b"application/epub+zip", first=True, stored=True, system=3):
    """A good EPUB, but for what is asked for: `files` replace those of the same name, None takes one away."""
    all_files = {
        "META-INF/container.xml": CONTAINER % "E/p.opf",
        "E/p.opf": package_file or package([item("nav.xhtml", properties="nav"), item("c1.xhtml"), item("c2.xhtml"), item("s.css", "text/css")], ["c1", "c2"]),
        "E/nav.xhtml": NAV, "E/c1.xhtml": chapter("One", paragraphs(8)), "E/c2.xhtml": chapter("Two", paragraphs(60)), "E/s.css": "p { margin: 0 }",
    }
    all_files.update(dict(files))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        if first:
            z.writestr("mimetype", mimetype, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
        for name, content in all_files.items():
            if content is not None:
                one = zipfile.ZipInfo(name)
                one.create_system, one.compress_type = system, zipfile.ZIP_DEFLATED
                z.writestr(one, content)
        if not first:
            z.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
    return out.getvalue()


def add(shop, content, isbn=EBOOK, env=NONE, name="book.epub", *more):
    return shop.run("epub", "add", isbn, shop.file(name, content), *more, env=env)


def give_files(shop, *isbns, seller=None):
    """What is sold as an e-book is a file that is there."""
    for isbn in isbns:
        status, out, err = add(shop, book(), isbn, NONE, "book.epub", *(("--shop", seller) if seller else ()))
        assert status == 0, (isbn, out, err)


def pretend_files(shop, index=True):
    """As if every e-book there is had a file of its shop: for what never opens one. Before it is served."""
    shop.tamper("INSERT INTO epub (id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced, shop_id)"
                " SELECT 1000000 + e.id, e.id, 'pretended', %s, '', 1, '3.0', '{}', 1, 0, MIN(r.shop_id) FROM edition AS e"
                " JOIN product_record AS r ON r.edition_id = e.id GROUP BY e.id" % shop.blob(b"0" * 32))
    if index:
        shop.ok("index", "rebuild")
