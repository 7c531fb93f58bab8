"""Storefronts under host names of their own: the country is in the name, never
guessed from an address."""
import re

from shop import EMMA, Browser, Shop

OTHERS = True  # see run.py

PUBLIC, CHINA = "https://books.example", "books.example.cn"


def at(shop, path, host=CHINA, **headers):
    return shop.get(path, Host=host, **headers)


def name_it(shop):
    """The running server follows."""
    shop.ok("storefront", "set", "cn", "--host", CHINA)
    shop.until(lambda: at(shop, "/books/" + EMMA).status == 200, "the host name")


class BrowserAt(Browser):
    """One that asks under a host name."""

    def __init__(self, shop, host):
        super().__init__(shop)
        self.host = host

    def ask(self, method, path, fields=None, headers=None):
        return super().ask(method, path, fields, {**(headers or {}), "Host": self.host})


def test_a_storefront_under_its_own_host():
    with Shop() as shop:
        shop.serve("--public-url", PUBLIC)
        path = "/books/" + EMMA
        assert at(shop, path).status == 404
        name_it(shop)
        # The path needs no country any more.
        page = at(shop, path)
        assert page.status == 200 and page.headers["Content-Language"] == "zh-Hans"
        assert 'href="/cn/' not in page.text and 'href="/books/%s' % EMMA in page.text
        assert '<link rel="canonical" href="https://%s%s">' % (CHINA, path) in page.text
        assert at(shop, "/").status == 200 and at(shop, "/").headers["Content-Language"] == "zh-Hans"
        assert at(shop, "/en" + path).headers["Content-Language"] == "en"
        assert at(shop, path, host=CHINA.upper()).status == 200 and at(shop, path, host=CHINA + ":443").status == 200
        assert at(shop, "/search?q=Emma").status == 200 and at(shop, "/covers/" + EMMA).status == 200
        # Everything that is the whole shop's is there, too.
        for whole in "/record/", "/record/checkpoint", "/healthz", "/robots.txt", "/desk/sign-in", "/api/v1/storefronts":
            assert at(shop, whole).status == 200, whole
        # Elsewhere it is told by its own name, and it tells the others by theirs.
        main = shop.get("/us" + path, Host="books.example")
        for text in page.text, main.text:
            alternates = dict(re.findall(r'hreflang="([^"]+)" href="([^"]+)"', text))
            assert alternates["zh-Hans-CN"] == "https://%s%s" % (CHINA, path), alternates
            assert alternates["en-CN"] == "https://%s/en%s" % (CHINA, path)
            assert alternates["en-US"] == "%s/us%s" % (PUBLIC, path)
        assert 'href="https://%s/en%s"' % (CHINA, path) in main.text
        assert 'href="%s/us%s"' % (PUBLIC, path) in at(shop, "/en" + path).text
        assert 'href="https://%s/"' % CHINA in shop.get("/", Host="books.example").text
        urls = {s["slug"]: s["url"] for s in shop.api("GET", "/storefronts").json()["storefronts"]}
        assert urls == {"us": PUBLIC + "/us/", "cn": "https://%s/" % CHINA}, urls
        # Under its slug it stays, for links of old, and names its new place.
        old = shop.get("/cn" + path, Host="books.example")
        assert old.status == 200 and 'rel="canonical" href="https://%s%s"' % (CHINA, path) in old.text
        assert 'href="/cn/books/%s' % EMMA in old.text
        # One host's pages are not another's, also out of the cache.
        for _ in range(2):
            assert shop.get(path, Host="books.example").status == 404
            assert at(shop, path).status == 200
            assert at(shop, path, host="s.example").status == 404
        status, out, _ = shop.audit()
        assert status == 0, out
        # Taken away again.
        shop.ok("storefront", "set", "cn", "--no-host")
        shop.until(lambda: at(shop, path).status == 404, "the end of the host name")


def test_what_is_withheld_is_withheld_there():
    with Shop() as shop:
        shop.serve("--public-url", PUBLIC)
        name_it(shop)
        path = "/books/" + EMMA
        before = at(shop, path)
        assert before.status == 200
        entry = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        for again in at(shop, path), at(shop, path, If_None_Match=before.headers["ETag"]), shop.get("/cn" + path):
            assert again.status == 451
        links = ", ".join(at(shop, path).headers.get_all("Link"))
        assert '<https://%s/>; rel="blocked-by"' % CHINA in links
        assert "<https://%s/record/restrictions/%d>" % (CHINA, entry["id"]) in links
        assert at(shop, "/record/restrictions/%d" % entry["id"]).status == 200
        assert at(shop, path, host="books.example").status == 404 and shop.get("/us" + path).status == 200
        assert at(shop, "/us" + path).status == 200  # another country, by its path


def test_readers_sign_in_on_each_host():
    with Shop() as shop:
        shop.serve("--public-url", PUBLIC)
        name_it(shop)
        reader = BrowserAt(shop, CHINA)
        asked = reader.get("/account")
        assert asked.status == 303 and asked.headers["Location"].startswith("/sign-in?return=%2Faccount")
        page = reader.get("/sign-up")
        token = re.search(r'name="token" value="([^"]*)"', page.text)[1]
        fields = {"name": "Li", "email": "li@example.org", "password": "a long enough secret", "token": token}
        for origin in PUBLIC, "https://elsewhere.example":
            assert reader.ask("POST", "/sign-up", fields, {"Origin": origin}).status == 403
        signed = reader.ask("POST", "/sign-up", fields, {"Origin": "https://" + CHINA})
        assert signed.status == 303 and signed.headers["Set-Cookie"].startswith("__Host-session="), signed.text
        assert "Domain" not in signed.headers["Set-Cookie"]
        assert reader.get("/account").status == 200
        review = reader.post("/books/%s/review" % EMMA, "/books/%s/review" % EMMA,
                             {"title": "好", "text": "很好看", "language": "zh-Hans", "stars": "5"})
        assert review.status == 303 and review.headers["Location"].startswith("/books/" + EMMA), review.headers


def test_hosts_that_are_none_are_refused():
    with Shop(samples=False) as shop:
        for wrong in ("Books.example", "books.example:8080", "127.0.0.1", "localhost", "a..example", "-a.example",
                      "a_b.example", "https://books.example", "books.example/", "x" * 64 + ".example", "bücher.example"):
            status, _, err = shop.run("storefront", "set", "cn", "--host", wrong)
            assert status == 1 and "host: " in err, (wrong, err)
        shop.ok("storefront", "set", "cn", "--host", CHINA)
        shop.ok("storefront", "set", "cn", "--host", CHINA)
        status, _, err = shop.run("storefront", "set", "us", "--host", CHINA)
        assert status == 1 and "storefront cn has it" in err
        status, _, err = shop.run("storefront", "set", "fr", "--host", "books.example.fr")
        assert status == 1 and "there is none" in err
        for call in (), ("--host", CHINA, "--no-host"), ("--host", ""):
            assert shop.run("storefront", "set", "cn", *call)[0] == 2, call
