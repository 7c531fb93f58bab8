#!/usr/bin/env python3
"""Writes an ONIX 3.0 feed of any size for measurements, the same bytes each time:
real titles in the public domain, their volumes, companions and studies, one in
eight Chinese.

    feed.py COUNT > feed.xml
"""
import itertools
import sys

from samples import CHINESE, ENGLISH, HEADER, product

ENGLISH_KINDS = ["%s", "%s: a reader’s companion", "Essays on %s", "%s retold", "The world of %s", "Letters about %s",
                 "%s, annotated", "Studies in %s", "The making of %s", "%s for the stage"]
CHINESE_KINDS = ["%s", "%s研究", "%s导读", "%s注释本", "读%s", "%s人物论", "%s的世界", "少年版%s"]
FORMS = ["BC", "ED", "BB"]


def titles():
    """Arguments of product() after its number and index, without end."""
    for volume in itertools.count(1):
        for place in range(max(len(ENGLISH), 8 * len(CHINESE))):
            kind = volume + place
            if place % 8 == 0:
                title, subtitle, author, year, thema, series, part, text = CHINESE[(kind + place // 8) % len(CHINESE)]
                inverted, language, words = author, "chi", CHINESE_KINDS
            else:
                title, subtitle, author, inverted, year, thema, series, part, text = ENGLISH[place % len(ENGLISH)]
                language, words = "eng", ENGLISH_KINDS
            title = words[kind % len(words)] % title
            if volume > 1:
                title += "（第%d卷）" % volume if language == "chi" else ", volume %d" % volume
            # The year tells works apart, as identifiers of works do in real feeds.
            yield title, subtitle, author, inverted, year, thema, series, part, " ".join([text] * 4), language


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", buffering=1 << 20)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference">\n')
    out.write(HEADER % (1, "20261120T0900Z") + "\n")
    for number, work in zip(range(1, int(sys.argv[1]) + 1), titles()):
        out.write(product(10000 + number, number, FORMS[number % 3], *work) + "\n")
    out.write("</ONIXMessage>\n")
    out.close()


if __name__ == "__main__":
    main()
