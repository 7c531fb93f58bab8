"""What people look for in the real catalogues, and what has to stand first. Left out where
the catalogues are not there; tests/relevance/measure.py measures the whole order."""
import os
import re
import subprocess
import sys
import urllib.parse

from shop import Shop, shared

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "relevance"))
import measure  # noqa: E402
from judged import JUDGED  # noqa: E402

OTHERS = True  # tells of the order, not of memory, and loads 90,000 titles

# Typed, title, names: patterns, in lower case without accents.
ENGLISH = [
    ("pride and prejudice", "^pride and prejudice$", "austen"), ("hamlet", "^hamlet$", "shakespeare"), ("ulysses", "^ulysses$", "joyce"),
    ("tolstoy war and peace", "^war and peace$", "tolstoy"), ("frankenstien", "^frankenstein", "shelley"), ("moby dick", "^moby.dick", "melville"),
    ("pride and predjudice", "^pride and prejudice$", "austen"), ("treasureisland", "^treasure island", "stevenson"),
    ("shakespear hamlet", "^hamlet", "shakespeare"), ("middlemarch", "^middlemarch$", "eliot"),
    ("0-7432-7356-7", "^the great gatsby$", "fitzgerald")]
CHINESE = [
    ("红楼梦", "^紅樓夢$", "cao"), ("西游记", "^西遊記$", "wu"), ("三体", "^三体$", "刘慈欣"), ("史记", "^史记$", ""), ("道德经", "^道德经$", "老子"),
    ("村上春树", "", "村上春树"), ("鲁迅", "", "鲁迅"), ("機器學習", "机器学习", ""), ("hong lou meng", "^紅樓夢$", "cao"), ("xiyouji", "^西遊記$", "wu"),
    ("daode jing", "^道德经$", "老子")]


def test_what_people_look_for_stands_first():
    maker = shared("make_onix.py")
    with Shop(samples=False) as shop:
        feed = os.path.join(shop.base, "real.xml")
        subprocess.run([sys.executable, maker, "-n", "90000", "-o", feed], check=True)
        assert shop.import_feed(feed, report=False) is not None
        shop.serve()
        wrong = []
        for storefront, tasks in (("us", ENGLISH), ("cn", CHINESE)):
            for typed, title, names in tasks:
                hits = shop.api("GET", "/%s/search?forgiving=1&limit=1&q=%s" % (storefront, urllib.parse.quote(typed))).json()["results"]
                first = hits[0] if hits else {"title": "", "contributors": []}
                named = "; ".join(c["name"] for c in first["contributors"])
                if not (re.search(title, measure.plain(first["title"])) and re.search(names, measure.plain(named))):
                    wrong.append((typed, first["title"], named))
        assert not wrong, wrong
        catalogue = measure.editions(feed)
        values = [measure.ndcg(shop.url, sf, query, judgement, catalogue) for sf, query, judgement in JUDGED]
        assert len(values) >= 60 and None not in values
        assert sum(values) / len(values) > 0.88, sum(values) / len(values)


test_what_people_look_for_stands_first.slow = True
