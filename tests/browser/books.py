#!/usr/bin/env python3
"""books.py FOLDER SPY: what the reader's tests read: a feed of free e-books and their EPUBs, one hostile, which calls for SPY ("127.0.0.1:9"), one Chinese from top
to bottom, one Arabic."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "blackbox"))
from shop import onix  # noqa: E402
from ebooks import book, chapter, item, package, paragraphs  # noqa: E402
from test_library import e_book  # noqa: E402

PLAIN, CHINESE, ARABIC = "9780000099112", "9780000099136", "9780000099143"
SPY = "http://spy.invalid/"
HOSTILE = ('<p onclick="document.title=\'HACKED\'">One <em>lighthouse</em> stood there.</p><script>parent.document.title="HACKED";fetch("%(spy)sfetch")</script>'
           '<script src="c.js"></script><script src="/static/x.js"></script><img src="%(spy)simg.png" alt="spy" onerror="parent.document.title=\'HACKED\'"/>'
           '<iframe src="%(spy)sframe"></iframe><object data="%(spy)sobject"></object><form action="%(spy)sform"><input name="x"/></form>'
           '<a href="%(spy)sout">Out of here</a><svg xmlns="http://www.w3.org/2000/svg" onload="parent.document.title=\'HACKED\'"><script>parent.document.title="HACKED"</script></svg>' % {"spy": SPY})
# What a policy of contents says nothing of: each opens a connection, or looks a name up, where it is left in.
CALLS = "".join('<link rel="%s" href="http://%%s/%s"/>' % (rel.split(".")[0], rel.replace(" ", "-")) for rel in (
    "preconnect", "dns-prefetch", "prefetch", "modulepreload", "preload", "icon", "manifest", "stylesheet preconnect", "prerender"))
INNER = '<template shadowrootmode="open">%s</template><noscript>%s</noscript><iframe srcdoc="%s"></iframe>'
CSS = '@import url("%sstyle.css"); p { margin: 0; background-image: url("%sback.png") } @font-face { font-family: x; src: url("%sfont.woff") } h1 { font-family: x }' % (SPY, SPY, SPY)
NAMES = ["nav.xhtml", "c1.xhtml", "c2.xhtml", "s.css"]


def items(script=False):
    return [item("nav.xhtml", properties="nav"), item("c1.xhtml", properties="scripted" if script else ""), item("c2.xhtml"), item("s.css", "text/css"),
            *([item("c.js", "text/javascript")] if script else [])]


def calling(page, spy):
    """In the head and in the body, and out of it all."""
    calls = CALLS.replace("%s", spy)
    inner = INNER % (calls, calls, calls.replace("<", "&lt;").replace('"', "&quot;"))
    return page.replace("</head>", calls + '<base href="http://%s/base/"/><meta http-equiv="x-dns-prefetch-control" content="on"/></head>' % spy).replace(
        "<body>", '<body>%s%s<a href="http://%s/ping" ping="http://%s/pinged">Elsewhere</a>' % (calls, inner, spy, spy))


def main():
    folder, spy = sys.argv[1:]

    def put(name, content):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())

    put("free.xml", onix(e_book("r.1", PLAIN, "The Free One"), e_book("r.2", CHINESE, "西行漫记"), e_book("r.3", ARABIC, "كتاب الليل")))
    put(PLAIN + ".epub", book({"E/c1.xhtml": calling(chapter("One", HOSTILE + paragraphs(40)), spy), "E/c2.xhtml": chapter("Two", paragraphs(60, "A harbour in the rain, and nobody there.")),
                               "E/s.css": CSS, "E/c.js": 'parent.document.title = "HACKED"'},
                              package(items(True), ["c1", "c2"], isbn=PLAIN, title="The Free One")))
    upright = "html { writing-mode: vertical-rl; -epub-writing-mode: vertical-rl }"
    put(CHINESE + ".epub", book({"E/c1.xhtml": chapter("第一回", paragraphs(30, "话说天下大势，分久必合，合久必分。"), "zh-Hans"),
                                 "E/c2.xhtml": chapter("第二回", paragraphs(40, "滚滚长江东逝水，浪花淘尽英雄。"), "zh-Hans"), "E/s.css": upright},
                                package(items(), ["c1", "c2"], isbn=CHINESE, language="zh-Hans", title="西行漫记", direction=' page-progression-direction="rtl"')))
    put(ARABIC + ".epub", book({"E/c1.xhtml": chapter("الأول", paragraphs(30, "كان يا ما كان في قديم الزمان."), "ar").replace("<html ", '<html dir="rtl" '),
                                "E/c2.xhtml": chapter("الثاني", paragraphs(40, "وفي الليل جاء المطر."), "ar").replace("<html ", '<html dir="rtl" ')},
                               package(items(), ["c1", "c2"], isbn=ARABIC, language="ar", title="كتاب الليل", direction=' page-progression-direction="rtl"')))


if __name__ == "__main__":
    main()
