#!/usr/bin/env python3
"""How well searching finds, on the real catalogues: nDCG@10 over judged queries.

    measure.py [--products N] [--url http://… | COLOPHON] [--each]

Makes a shop of N products out of the real catalogues (../shared/data), or asks the shop at
--url, which has the same; asks each query of judged.py as a person's page does (forgiving)
and says nDCG@10 of each and the mean. 1 is the best order there can be of what the
catalogue holds. Without the catalogues it says so, and nothing else."""
import argparse
import html
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../blackbox")]
from judged import JUDGED  # noqa: E402

DATA = os.path.join(os.environ.get("COLOPHON_SHARED", os.path.join(HERE, "../../../shared")), "data")
DEPTH = 10


def plain(text):
    decomposed = unicodedata.normalize("NFKD", html.unescape(text).lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip()


def editions(feed):
    """ISBN -> (title, names), of a feed as make_onix.py writes them."""
    found = {}
    with open(feed, encoding="utf-8") as f:
        for product in re.findall(r"<Product>.*?</Product>", f.read(), re.S):
            isbn = re.search(r"<ProductIDType>15</ProductIDType><IDValue>(\d+)", product)
            title = re.search(r"<TitleText>(.*?)</TitleText>", product)
            names = re.findall(r"<(?:PersonName|CorporateName|PersonNameInverted)>(.*?)</", product)
            if isbn and title:
                found[isbn[1]] = (plain(title[1]), plain("; ".join(names)))
    return found


def grade(judgement, edition):
    title, names = edition
    return next((g for g, t, n in judgement if re.search(t, title) and re.search(n, names)), 0)


def gain(grades):
    return sum((2 ** g - 1) / math.log2(i + 2) for i, g in enumerate(grades[:DEPTH]))


def ndcg(url, storefront, query, judgement, catalogue):
    address = "%s/api/v1/%s/search?forgiving=1&limit=%d&q=%s" % (url, storefront, DEPTH, urllib.parse.quote(query))
    with urllib.request.urlopen(address) as answer:
        hits = [r["isbn13"] for r in json.load(answer)["results"]]
    best = gain(sorted((grade(judgement, e) for e in catalogue.values()), reverse=True))
    return gain([grade(judgement, catalogue.get(h, ("", ""))) for h in hits]) / best if best else None


def report(url, feed, each):
    catalogue, values = editions(feed), []
    for storefront, query, judgement in JUDGED:
        value = ndcg(url, storefront, query, judgement, catalogue)
        if each:
            print("%-34s %s" % (query, "nothing in this catalogue fits" if value is None else "%.3f" % value))
        values += [] if value is None else [value]
    print("nDCG@%d of %d queries: %.3f" % (DEPTH, len(values), sum(values) / len(values)))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("colophon", nargs="?", default="build/colophon")
    parser.add_argument("--products", type=int, default=90000)
    parser.add_argument("--url")
    parser.add_argument("--feed", help="that the shop at --url was made of")
    parser.add_argument("--each", action="store_true", help="each query's too")
    options = parser.parse_args()
    maker = os.path.join(DATA, "make_onix.py")
    if not os.path.exists(maker):
        print("measure: left out: there is no %s" % maker)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        feed = options.feed or os.path.join(folder, "real.xml")
        if not options.feed:
            subprocess.run([sys.executable, maker, "-n", str(options.products), "-o", feed], check=True)
        if options.url:
            return report(options.url, feed, options.each)
        os.environ["COLOPHON"] = os.path.abspath(options.colophon)
        from shop import Shop
        with Shop(samples=False) as shop:
            shop.ok("import", "--shop", "main", feed)
            shop.serve()
            shop.until(lambda: shop.api("GET", "/us/search?q=").json()["total"] > 0, "the index", 300)
            return report(shop.url, feed, options.each)


if __name__ == "__main__":
    sys.exit(main())
