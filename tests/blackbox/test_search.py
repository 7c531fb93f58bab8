"""Search: what is found, how, and how fast it is there."""
import time

from shop import EMMA, Shop, onix, product


def found(shop, query, storefront="us", **parameters):
    more = "".join("&%s=%s" % p for p in parameters.items())
    return shop.api("GET", "/%s/search?q=%s%s" % (storefront, query, more)).json()


def titles(result):
    return [r["title"] for r in result["results"]]


def test_words_names_numbers():
    with Shop() as shop:
        shop.serve()
        assert "Emma" in titles(found(shop, "emma"))
        assert set(titles(found(shop, "austen emma"))) == {"Emma"}
        assert "Emma" in titles(found(shop, "AUSTEN"))
        assert "Jane Eyre" in titles(found(shop, "bronte")) and "Jane Eyre" in titles(found(shop, "Brontë"))
        assert "Alice’s Adventures in Wonderland" in titles(found(shop, "alice's adventures"))
        assert titles(found(shop, '"through the looking-glass"'))[0] == "Through the Looking-Glass"
        assert "The Hound of the Baskervilles" in titles(found(shop, "sherlock holmes"))
        for number in [EMMA, "978-0-000000-04-0", "978 0 000000 04 0"]:
            assert [r["isbn13"] for r in found(shop, number)["results"]] == [EMMA], number
        assert found(shop, "riverside press")["total"] > 100
        assert found(shop, "nothing has this word")["total"] == 0


def test_chinese():
    with Shop() as shop:
        shop.serve()
        for query in ["红楼梦", "红楼", "梦", "紅樓夢", "曹雪芹", "曹"]:
            assert "红楼梦" in titles(found(shop, query)), query
        assert "三国演义" in titles(found(shop, "三國演義"))
        assert "呐喊" in titles(found(shop, "鲁迅", "cn")) and "呐喊" in titles(found(shop, "魯迅", "cn"))


def test_hostile_queries():
    with Shop() as shop:
        shop.serve()
        for query in ["(", ")", '"', "\\", "title:emma", "*", "emma OR", "a" * 400, '"' * 50, "%", "_key:@x", "emma) || (true", "-emma", "~emma"]:
            answer = shop.ask("GET", "/api/v1/us/search?q=" + query.replace("%", "%25"))
            assert answer.status == 200, (query, answer.text)
        assert shop.ask("GET", "/api/v1/us/search?q=" + "a" * 500).status in (422, 429)
        assert found(shop, "title:emma")["total"] == 0


def test_facets_add_up():
    with Shop() as shop:
        shop.serve()
        result = found(shop, "", limit=1)
        assert sum(v["count"] for v in result["facets"]["format"]) == result["total"]
        for facet in ("format", "language", "subject", "year", "price"):
            value = result["facets"][facet][0]
            narrowed = found(shop, "", limit=100, **{facet: value["value"]})
            assert narrowed["total"] == value["count"], (facet, value)
        assert found(shop, "", subject="FFC")["total"] < found(shop, "", subject="F")["total"]


def test_sorts_and_pages():
    with Shop() as shop:
        shop.serve()
        everything = []
        for offset in range(0, 200, 50):
            everything += [r["isbn13"] for r in found(shop, "", sort="title", limit=50, offset=offset)["results"]]
        assert len(everything) == len(set(everything)) == found(shop, "")["total"]
        prices = [float(r["price"]) for r in found(shop, "", sort="price", limit=50)["results"] if r["price"]]
        assert prices == sorted(prices) and prices
        names = [t for t in titles(found(shop, "austen", sort="title", limit=50))]
        assert names == sorted(names)
        assert shop.get("/us/search?q=austen&sort=price&page=1").status == 200


def test_a_new_title_is_found_within_a_second():
    with Shop() as shop:
        shop.serve()
        shop.import_feed(shop.file("n.xml", onix(product("n", "9780010000016", "Quokka Nights"))))
        begun = time.time()
        shop.until(lambda: found(shop, "quokka")["total"] == 1, "the new title", 1)
        assert time.time() - begun < 1
        shop.import_feed(shop.file("n.xml", onix(product("n", "9780010000016", "Wombat Nights"))))
        shop.until(lambda: found(shop, "wombat")["total"] == 1 and found(shop, "quokka")["total"] == 0, "the change", 1)


def test_rebuilding_beside_a_server_and_after_a_kill():
    with Shop() as shop:
        shop.serve()
        before = found(shop, "")["total"]
        shop.ok("index", "rebuild")
        assert found(shop, "")["total"] == before
        for i in range(5):
            shop.import_feed(shop.file("n.xml", onix(*[product("k%d" % n, "978001%06d" % n + check(n), "Killed %d" % i)
                                                       for n in range(40)])))
            shop.kill()
            shop.serve()
            shop.until(lambda: found(shop, "killed %d" % i)["total"] == 40, "the index after a kill")
        shop.stop()
        shop.ok("index", "rebuild")
        shop.serve()
        assert found(shop, "")["total"] == before + 40


def check(n):
    digits = "978001%06d" % n
    return str(-sum(int(d) * (3 if k % 2 else 1) for k, d in enumerate(digits)) % 10)
