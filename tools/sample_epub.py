#!/usr/bin/env python3
"""sample_epub.py TEXT OUT: a small EPUB 3 of a text of samples/books, so that a newcomer's shop
has samples to read. TEXT is ISBN.txt: title, author and language on a line each, then
paragraphs, a line each, with "# " before a chapter's heading."""
import os
import sys
import zipfile
from xml.sax.saxutils import escape

PAGE = ('<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        'xml:lang="%s" lang="%s"><head><title>%s</title></head><body>%s</body></html>\n')


def read(path):
    with open(path, encoding="utf-8") as f:
        title, author, language, *lines = f.read().splitlines()
    chapters = []
    for line in lines:
        if line.startswith("# "):
            chapters.append((line[2:], []))
        elif line.strip():
            chapters[-1][1].append(line)
    return title, author, language, chapters


def package(isbn, title, author, language, count):
    items = "".join('<item id="c%d" href="c%d.xhtml" media-type="application/xhtml+xml"/>' % (n, n) for n in range(1, count + 1))
    spine = "".join('<itemref idref="c%d"/>' % n for n in range(1, count + 1))
    access = "".join('<meta property="schema:%s">%s</meta>' % pair for pair in (
        ("accessMode", "textual"), ("accessModeSufficient", "textual"), ("accessibilityFeature", "tableOfContents"),
        ("accessibilityFeature", "readingOrder"), ("accessibilityFeature", "displayTransformability"), ("accessibilityHazard", "none"),
        ("accessibilitySummary", "Text alone, with a table of contents.")))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:isbn:%s</dc:identifier><dc:title>%s</dc:title>'
            '<dc:creator>%s</dc:creator><dc:language>%s</dc:language><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>%s</metadata>'
            '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>%s</manifest><spine>%s</spine></package>\n'
            % (isbn, escape(title), escape(author), language, access, items, spine))


def main(path, out):
    isbn = os.path.basename(path).split(".")[0]
    title, author, language, chapters = read(path)
    links = "".join('<li><a href="c%d.xhtml">%s</a></li>' % (n, escape(name)) for n, (name, _) in enumerate(chapters, 1))
    files = {
        "META-INF/container.xml": '<?xml version="1.0"?>\n<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
                                  '<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n',
        "book/package.opf": package(isbn, title, author, language, len(chapters)),
        "book/nav.xhtml": PAGE % (language, language, escape(title), '<nav epub:type="toc"><h1>%s</h1><ol>%s</ol></nav>' % (escape(title), links)),
    }
    for n, (name, lines) in enumerate(chapters, 1):
        body = "<h1>%s</h1>" % escape(name) + "".join("<p>%s</p>" % escape(line) for line in lines)
        files["book/c%d.xhtml" % n] = PAGE % (language, language, escape(name), body)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip", zipfile.ZIP_STORED)
        for name, content in files.items():
            z.writestr(name, content)


if __name__ == "__main__":
    main(*sys.argv[1:])
