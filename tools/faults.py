#!/usr/bin/env python3
"""Names each sentence of src/web/faults.c that no fault in src/ can say any more:
its translation would be lost in silence.

    faults.py FAULTS.c SOURCE.c...

In faults.c a "%" stands for whatever a sentence is filled with; so it does here
for each of printf's conversions in the sources.
"""
import re
import sys

LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
CONVERSION = re.compile(r"%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j)?[diouxXcsp]")


def strings(text):
    """Each string literal of C, with those joined that stand side by side."""
    for found in LITERALS.finditer(re.sub(r"/\*.*?\*/", "", text, flags=re.S)):
        parts = re.findall(r'"((?:[^"\\\n]|\\.)*)"', found[0])
        yield "".join(parts).replace('\\"', '"').replace("\\n", "\n").replace("%%", "%")


def fits(pattern, sentence):
    return re.fullmatch("(.+)".join(re.escape(part) for part in pattern.split("%")), sentence, re.S)


def main():
    own, *sources = sys.argv[1:]
    said = set()
    for path in sources:
        if path != own:
            with open(path, encoding="utf-8") as f:
                said.update(CONVERSION.sub("%", s) for s in strings(f.read()))
    # What is all filling says nothing about a sentence.
    said = [s for s in said if len(s.replace("%", "").strip(" :,")) >= 4]
    with open(own, encoding="utf-8") as f:
        table = re.search(r"faults\[\] = \{(.*?)\n\};", f.read(), re.S)[1]
    lost = [s for s in (next(strings(row)) for row in re.split(r"\n    \{", table)[1:])
            if not any(fits(s, said_one) or fits(said_one, s) for said_one in said)]
    for sentence in lost:
        print("%s: no fault says “%s”" % (own, sentence))
    return 1 if lost else 0


sys.exit(main())
