"""A language is one .po file: what lies in po/ is offered, negotiated, and complete."""
import os
import re
import subprocess
import sys
import tempfile

from shop import EMMA, Shop, onix, product

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TAGS = ["en"] + sorted(f[:-3] for f in os.listdir(os.path.join(ROOT, "po")) if f.endswith(".po"))


def attribute(page, name):
    m = re.search(r'<html[^>]* %s="([^"]*)"' % name, page.text)
    return m and m[1]


def test_each_catalogue_is_a_language_of_every_page():
    with Shop() as shop:
        shop.serve()
        for front, own in (("/us", ["en", "zh-Hans"]), ("/cn", ["zh-Hans", "en"])):
            for tag in TAGS:
                root = front if tag == own[0] else "%s/%s" % (front, tag)
                page = shop.get(root + "/books/" + EMMA)
                assert page.status == 200, (root, page.status)
                assert attribute(page, "lang") == page.headers["Content-Language"] == tag
                assert attribute(page, "dir") == ("rtl" if tag in ("ar", "he", "fa", "ur") else None), tag
                assert 'rel="canonical" href="http://127.0.0.1:%d%s/books/%s"' % (shop.port, root, EMMA) in page.text
                # One can go on to each, stay in each, and a crawler learns of each.
                for other in TAGS:
                    there = "%s/books/%s" % (front if other == own[0] else "%s/%s" % (front, other), EMMA)
                    assert other == tag or 'href="%s" lang="%s"' % (there, other) in page.text, (tag, other)
                    assert 'hreflang="%s-%s"' % (other, front[1:].upper()) in page.text, (tag, other)
                assert 'href="%s/subjects/"' % root in page.text
        for tag in TAGS:
            page = shop.get("/record/?language=" + tag)
            assert attribute(page, "lang") == tag and page.status == 200
        assert shop.get("/us/xx/").status == 404 and shop.get("/us/en/").status == 404


def test_the_language_is_negotiated():
    """By script where a language has two, by weight, and never one that was ruled out."""
    with Shop() as shop:
        shop.serve()
        said = lambda header: shop.get("/record/", Accept_Language=header).headers["Content-Language"]
        assert said("zh-CN,en;q=0.5") == "zh-Hans" and said("zh-SG") == "zh-Hans"
        assert said("zh-TW") == said("zh-HK;q=0.9, en;q=0.1") == ("zh-Hant" if "zh-Hant" in TAGS else "zh-Hans")
        assert said("en;q=0.5, zh-CN;q=0.8") == "zh-Hans" and said("zh;q=0, en-US") == "en"
        for odd in ("", "*", ",,;", "x" * 60, "tlh", "zh;q=x", "zh;q=", "-", "_", "a-b-c-d-e-f-g-h-i-j-k"):
            assert said(odd) == "en", odd
        for tag in TAGS:
            assert said("%s-x-odd, en;q=0.1" % tag) == said(tag.lower()) == said(tag) == tag
        # What a link asks for stands over it; what there is not asks for nothing.
        ask = lambda tag: shop.get("/record/?language=" + tag, Accept_Language="zh-CN").headers["Content-Language"]
        assert ask("en") == ask("en-GB") == "en" and ask("zh-CN") == ask("tlh") == ask("..") == "zh-Hans"


def test_what_runs_the_other_way_is_set_apart():
    """In an Arabic page what is Latin, in an English page what is Arabic: by <bdi>, or where
    characters alone may stand by U+2068; and nowhere where nothing would turn."""
    title = "ألف ليلة وليلة"
    with Shop(samples=False) as shop:
        shop.import_feed(shop.file("two.xml", onix(
            product("arabic", "9780000000316", title=title), product("english", "9780000000323", title="C++ &amp; company (2nd)"))))
        shop.serve()
        shop.until(lambda: shop.get("/api/v1/us/search?q=company").json()["total"] == 1, "the index")
        arabic, english = shop.get("/us/books/9780000000316").text, shop.get("/us/books/9780000000323").text
        assert "<bdi>%s</bdi></h1>" % title in arabic and "<bdi>C++" not in english
        assert "<title>%s |" % title in arabic
        there, here = shop.get("/us/ar/books/9780000000316").text, shop.get("/us/ar/books/9780000000323").text
        assert ">%s</h1>" % title in there and "<bdi>C++ &amp; company (2nd)</bdi></h1>" in here
        found = shop.get("/us/ar/search?q=company").text
        assert "\u2066" not in found and "<bdi>" in found and "<bdi></bdi>" not in found
        # The letters of the currency stay on their side of its sign.
        assert "\u200eUS$\u200e" in here
        # Where there is a cover, its words run as they are read, and joined letters stay joined.
        drawn = shop.get("/us/covers/9780000000316").text
        assert 'direction="rtl"' in drawn and 'direction="rtl"' not in shop.get("/us/covers/9780000000323").text
        # Plural forms: six, of which two need no number.
        assert "عُثر على عمل واحد" in found and shop.get("/us/ar/search?q=zzzz").text.count("%1") == 0
        manifest = shop.get("/us/ar/manifest.webmanifest").json()
        assert manifest["dir"] == "rtl" and shop.get("/us/manifest.webmanifest").json()["dir"] == "ltr"


def test_names_are_sorted_as_the_language_sorts():
    with Shop(samples=False) as shop:
        for slug, country in (("zz", "AT"), ("om", "OM")):
            shop.ok("storefront", "add", slug, "--unresearched", "sell", "--country", country, "--language", "en", "--currency", "USD")
        shop.serve()
        order = lambda path: re.findall(r'href="/(zz|om|cn)[/"]', shop.get(path).text.split("<footer")[1])
        assert order("/us/") == ["zz", "cn", "om"]  # Austria, China, Oman
        assert order("/us/zh-Hans/") == ["om", "zz", "cn"]  # a man, ao di li, zhong guo


def compiled(**catalogues):
    """What the tool makes of a folder with these catalogues: its code and its words."""
    with tempfile.TemporaryDirectory() as folder:
        for tag, text in catalogues.items():
            with open(os.path.join(folder, tag.replace("_", "-") + ".po"), "w", encoding="utf-8") as f:
                f.write(text)
        out = os.path.join(folder, "out.c")
        run = subprocess.run([sys.executable, os.path.join(ROOT, "tools/catalogues.py"), "compile", out, out + ".d", folder],
                             capture_output=True, text=True)
        return run, open(out, encoding="utf-8").read() if run.returncode == 0 else ""


def test_a_catalogue_that_says_less_is_refused():
    head = ('msgid ""\nmsgstr ""\n"Language: %s\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
            '"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n%s\n')
    book = 'msgid "%1 book of %2"\nmsgid_plural "%1 books of %2"\nmsgstr[0] "{}"\nmsgstr[1] "{}"\n'
    good = head % ("eo", '"X-Locale: eo_001\\n"') + book.format("unu libro de %2", "%1 libroj de %2")
    run, c = compiled(eo=good)
    assert run.returncode == 0 and '{"eo", "eo_001", messages_eo, 1, plural_eo}' in c, run.stderr
    assert '{"%1 book of %2", {"unu libro de %2", "%1 libroj de %2"}}' in c
    for wrong, why in [
            (good.replace("Language: eo", "Language: de"), 'does not say "Language: eo"'),
            (good.replace("eo_001", "../x"), "X-Locale"),
            (good.replace("plural=n != 1", "plural=system(1)"), "Plural-Forms"),
            (good.replace("plural=n != 1", "plural=n"), "Plural-Forms"),
            (good.replace("nplurals=2", "nplurals=9"), "Plural-Forms"),
            (good.replace("%1 libroj", "libroj"), "lacks %1"),
            (good.replace("libro de %2", "libro"), "lacks %2"),
            (good.replace("libro de %2", "libro de %2 %3"), "has %3"),
            ("", "nothing in it")]:
        run, _ = compiled(eo=wrong)
        assert run.returncode != 0 and why in run.stderr and "eo.po" in run.stderr, (why, run.stderr)


def test_the_catalogues_say_everything():
    with tempfile.TemporaryDirectory() as folder:
        texts = os.path.join(folder, "texts.pot")
        sources = [os.path.join("src/web", f) for f in os.listdir(os.path.join(ROOT, "src/web")) if f.endswith(".c")]
        templates = os.path.join("src/web/templates")
        sources += [os.path.join(templates, f) for f in os.listdir(os.path.join(ROOT, templates))]
        subprocess.run([sys.executable, "tools/catalogues.py", "collect", texts, *sources], cwd=ROOT, check=True)
        for tag in TAGS[1:]:
            run = subprocess.run(["msgcmp", "po/%s.po" % tag, texts], cwd=ROOT, capture_output=True, text=True)
            assert run.returncode == 0, run.stderr
