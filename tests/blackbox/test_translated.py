"""Every kind of page, in every language that there is a catalogue of: nothing of it is left in English."""
import gettext
import json
import os
import re
import subprocess
import tempfile
from html.parser import HTMLParser

from shop import EMMA, ROOT, Browser, Shop

TAGS = sorted(f[:-3] for f in os.listdir(os.path.join(ROOT, "po")) if f.endswith(".po"))
SHOWN = ("alt", "aria-label", "placeholder", "title", "data-said")
DREAM = "9780000050014"  # 红楼梦
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"}
SILENT = {"script", "style", "code", "pre", "textarea", "bdi"}


class Texts(HTMLParser):
    """What a page says in its own language: texts and labels, without what is marked as another's, code and names."""

    def __init__(self, page):
        super().__init__()
        self.open, self.texts, self.lang = [], [], None
        self.feed(page)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "html":
            self.lang = said.get("lang")
        apart = tag in SILENT or said.get("lang", self.lang) != self.lang or (bool(self.open) and self.open[-1][1])
        assert said.get("lang") != "", tag
        if not apart:
            self.texts += [plain(said[name]) for name in SHOWN if said.get(name)]
        if tag not in VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append((tag, apart))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop()[0] == tag, tag

    def handle_data(self, text):
        if self.open and not self.open[-1][1] and text.strip():
            self.texts.append(plain(text))


def messages(tag):
    """{English: what stands for it}, each form for itself."""
    with tempfile.TemporaryDirectory() as folder:
        mo = os.path.join(folder, "x.mo")
        subprocess.run(["msgfmt", "-o", mo, os.path.join(ROOT, "po", tag + ".po")], check=True)
        with open(mo, "rb") as f:
            catalogue = gettext.GNUTranslations(f)._catalog
    return {(key[0] if isinstance(key, tuple) else key): text for key, text in catalogue.items() if key}


def plain(text):
    return " ".join(text.split())


def matcher(texts, words_least):
    """Whether a text is one of these messages, with anything in their places: of those with as many words of their own."""
    whole, filled = set(), []
    for text in map(plain, texts):
        words = re.split(r"%[1-9]", text)
        if len(words) == 1:
            whole.add(text)
        elif len(re.findall(r"[^\W\d_]+", "".join(words))) >= words_least:
            filled.append(".+".join(map(re.escape, words)))
    pattern = re.compile("|".join(filled) or "(?!)", re.S)
    return lambda text: text in whole or bool(pattern.fullmatch(text))


def left_in_english(tag):
    """{texts of a page in this language}: those that are the source's English, where the catalogue says something else."""
    catalogue = messages(tag)
    english = matcher((key for key, text in catalogue.items() if plain(text) != plain(key)), 2)
    translated = matcher(catalogue.values(), 1)
    return lambda texts: sorted(text for text in texts if english(text) and not translated(text))


def prepare(shop):
    """Something for each kind of page: said, decided, lifted, asked, answered, complained of. In Greek, which no page is in."""
    shop.ok("account", "add", "op@example.org", "--role", "operator", "--name", "Ωμέγα", "--password-stdin", stdin=b"a long enough secret\n")
    shop.serve()
    token, work = shop.reader("rita"), shop.work(EMMA)
    made = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "Ἄλφα", "text": "Βῆτα", "language": "el", "stars": 4}, token)
    assert made.status < 300, made.text
    shop.restrict("--ground", "court-order", "--authority", "Δικαστήριο", "--legal-basis", "§ 1", "--reference", "2", "--storefront", "us",
                  "--edition", DREAM, "--withhold", "reviews,sale")
    lifted = shop.restrict("--ground", "terms", "--storefront", "cn", "--shop", "main", "--withhold", "sale,search")["id"]
    shop.ok("restriction", "lift", str(lifted), "--reason", "Γάμμα")
    asked = ["demand", "add", "--sender", "authority", "--country", "CN", "--authority", "Δικαστήριο", "--edition", EMMA, "--withhold", "reviews,sale",
             "--ground", "authority-order", "--legal-basis", "§ 1", "--reference", "18", "--explanation", "Δέλτα", "--json"]
    refused, still_open = (json.loads(shop.ok(*asked)) for _ in range(2))
    shop.ok("demand", "decide", str(refused["id"]), "--outcome", "refused", "--reason", "Ἒψιλον")
    shop.ok("agreement", "add", "--authority", "Δικαστήριο", "--country", "CN", "--from", "2026-01-01", "--text", "Ζῆτα")
    return shop.edition(EMMA)["contributors"][0]["id"], refused, still_open


STOREFRONT = ["/", "/books/" + EMMA, "/books/" + DREAM, "/books/%s/reviews" % EMMA, "/books/%s/reviews" % DREAM, "/search?q=emma", "/search?q=qqqqzz", "/search?q=9780000000041", "/subjects/",
              "/subjects/F", "/collections/", "/collections/sherlock-holmes", "/contributors/%d", "/shops/main", "/sign-in", "/sign-up", "/forgot", "/reviews-policy", "/demand",
              "/demand?whole=1", "/nothing-here", "/search?page=0"]
STATUS = {"/nothing-here": 404, "/search?page=0": 422, "/books/%s/reviews" % DREAM: 451}
RECORD = ["/", "/record/", "/record/restrictions/1", "/record/restrictions/2", "/record/entries/1", "/record/countries/CN", "/record/countries/US",
          "/record/authorities/Δικαστήριο", "/record/ranking", "/record/check", "/record/agreements", "/record/absence",
          "/record/absence?work=%s&storefront=us" % EMMA, "/record/listed", "/record/demands/", "/record/demands/1", "/record/demands/2", "/record/embed",
          "/record/receipt-checker"]
OWN = ["/account", "/account/receipts", "/account/statements", "/account/erase", "/books/%s/review" % EMMA]
DESK = ["/desk/", "/desk/restrictions/add", "/desk/demands", "/desk/demands/2", "/desk/complaints", "/desk/disputes", "/desk/trail", "/desk/misses", "/desk/partner/",
        "/desk/partner/main/", "/desk/partner/main/titles", "/desk/partner/main/titles/" + EMMA]


def test_no_page_is_left_in_english():
    with Shop() as shop:
        person, refused, _ = prepare(shop)
        reader, operator = Browser(shop), Browser(shop)
        reader.post("/us/sign-in", "/us/sign-in", {"email": "rita@example.org", "password": "a long enough secret"})
        operator.post("/desk/sign-in", "/desk/sign-in", {"email": "op@example.org", "password": "a long enough secret"})
        english = []
        for tag in TAGS:
            left = left_in_english(tag)
            assert len(left(set(Texts(shop.get("/us/demand").text).texts))) > 20, tag  # the source itself is found
            at = lambda path: path + ("&" if "?" in path else "?") + "language=" + tag
            root = "/us/" + tag
            pages = [(shop.get, root + (path % person if "%d" in path else path)) for path in STOREFRONT + ["/demand/" + refused["secret"]]]
            pages += [(shop.get, at(path)) for path in RECORD] + [(shop.get, shop.get(at("/record/report/")).headers["Location"])]
            pages += [(reader.get, root + path) for path in OWN] + [(operator.get, at(path)) for path in DESK]
            for get, path in pages:
                page = get(path)
                assert page.status == STATUS.get(path[len(root):], 200), (path, page.status)
                said = Texts(page.text)
                assert said.lang == tag, (path, said.lang)
                assert len(said.texts) > 1, path
                english += [(path, text) for text in left(set(said.texts))]
        assert not english, english
