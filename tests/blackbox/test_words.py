"""What readers say of a work: which of it is shown first, and which at all, as an address asks."""
import html
import re

from shop import EMMA, Shop

SAID = [("ann", 5, "en"), ("ben", 1, "de"), ("cleo", 3, "en"), ("dora", 5, "zh-Hans")]


def readers_say(shop, said=SAID):
    work, made = shop.work(EMMA), {}
    for name, stars, language in said:
        answer = shop.api("POST", "/us/works/%d/reviews" % work,
                          {"title": "By " + name, "text": "What %s thinks." % name, "language": language, "stars": stars, "isbn13": EMMA},
                          shop.reader(name))
        assert answer.status == 201, answer.text
        made[name] = answer.json()
    return work, made


def shown(shop, query, storefront="us"):
    """Whose reviews stand on the page, in their order; "-" is a place that is withheld."""
    page = shop.get("/%s/books/%s/reviews%s" % (storefront, EMMA, query))
    assert page.status == 200, (query, page.status)
    articles = re.findall(r'<article class="review".*?</article>', page.text, re.S)
    return [(re.findall(r"<h3>By (\w+)</h3>", a) or ["-"])[0] for a in articles], page.text


def listed(shop, work, query, storefront="us"):
    answer = shop.api("GET", "/%s/works/%d/reviews%s" % (storefront, work, query))
    assert answer.status == 200, answer.text
    return [r.get("title", "-").replace("By ", "") for r in answer.json()["reviews"]], answer.json()


def links(text, name):
    nav = re.search(r'aria-label="%s".*?</(?:nav|ul)>' % name, text, re.S)[0]
    return {re.sub(r"<[^>]*>|\s+", " ", label).strip(): html.unescape(url) for url, label in re.findall(r'href="([^"]*)">(.*?)</a>', nav, re.S)}


def test_reviews_in_order_and_chosen():
    with Shop() as shop:
        shop.serve()
        work, made = readers_say(shop)
        for query, names in [("", ["dora", "cleo", "ben", "ann"]), ("?sort=highest", ["dora", "ann", "cleo", "ben"]),
                             ("?sort=lowest", ["ben", "cleo", "dora", "ann"]), ("?stars=5", ["dora", "ann"]),
                             ("?stars=5&stars=1&sort=lowest", ["ben", "dora", "ann"]), ("?language=en", ["cleo", "ann"]),
                             ("?language=en&language=de&stars=1", ["ben"]), ("?language=fr", [])]:
            page, text = shown(shop, query)
            there, answer = listed(shop, work, query)
            assert page == there == names, (query, page, there)
            if query:
                assert answer["choice"]["fitting"] == len(names) == answer["total"] and answer["choice"]["undecided"] == 0, (query, answer)
                if "sort" not in query:
                    assert 'data-fitting="%d"' % len(names) in text, query
        # Each choice comes off by itself, and what each would leave is counted beside the rest.
        _, text = shown(shop, "?language=en&stars=5&sort=highest")
        taken = links(text, "Your choices")
        assert len(taken) == 3 and shop.get(taken["Remove all"]).text.count('data-review="') == 4, taken
        without = [url for label, url in taken.items() if label.startswith("Stars")][0]
        assert "language=en" in without and "stars" not in without and "sort=highest" in without, without
        choice = listed(shop, work, "?language=en")[1]["choice"]
        assert choice["stars"] == [0, 0, 1, 0, 1] and {x["language"]: x["count"] for x in choice["languages"]} == {"en": 2, "de": 1, "zh-Hans": 1}
        # Each review in its language and of its edition; what the address says badly is said.
        assert 'lang="zh-Hans"' in text or 'lang="zh-Hans"' in shown(shop, "")[1]
        assert "this edition" in text
        for query in ("?sort=best", "?stars=6", "?stars=x", "?language=%22"):
            assert shop.get("/us/books/%s/reviews%s" % (EMMA, query)).status == 422, query
            assert shop.api("GET", "/us/works/%d/reviews%s" % (work, query)).status == 422, query
        # The book's own page leads there.
        book = links(shop.get("/us/books/" + EMMA).text, "Order")
        assert set(book) == {"most stars", "fewest stars", "choose by stars or language"}, book
        assert shop.get(book["most stars"]).status == 200


def test_what_is_withheld_decides_nothing_and_stays_said():
    with Shop() as shop:
        shop.serve()
        work, made = readers_say(shop)
        one = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews,ratings", "--target", "review:%d" % made["ann"]["record_index"])
        # Its place is in every choice, behind what fits, and says nothing of what it holds.
        for query, names in [("?sort=highest", ["dora", "cleo", "ben", "-"]), ("?sort=lowest", ["ben", "cleo", "dora", "-"]),
                             ("?stars=1", ["ben", "-"]), ("?language=de", ["ben", "-"]), ("?stars=5&language=fr", ["-"])]:
            page, text = shown(shop, query, "cn")
            there, answer = listed(shop, work, query, "cn")
            assert page == there == names, (query, page, there)
            assert "What ann thinks" not in text and "/record/restrictions/%d" % one["id"] in text
            assert answer["choice"]["undecided"] == (1), (query, answer["choice"])
            assert answer["total"] == len(names) == answer["choice"]["fitting"] + 1, (query, answer)
        assert listed(shop, work, "?stars=4", "cn")[1]["choice"]["stars"] == [1, 0, 1, 0, 1]
        # Where all stars are withheld, nobody can find out by them.
        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "ratings")
        for query in ("?sort=lowest", "?stars=1", "?sort=highest&stars=5"):
            there, answer = listed(shop, work, query, "cn")
            assert [n for n in there if n != "-"] == ["dora", "cleo", "ben"] and answer["choice"]["stars"] is None, (query, there)
            text = shown(shop, query, "cn")[1]
            assert "most stars" not in text and "星级从高到低" not in text
        assert listed(shop, work, "?stars=1")[0] == ["ben"]  # elsewhere nothing changed
        status, out, err = shop.audit()
        assert status == 0, out + err
