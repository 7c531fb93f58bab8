#!/usr/bin/env python3
"""Writes the table of named characters: entities.py OUT.c

The names of HTML 5, as Python knows them: among them are those of XHTML and of the ISO
sets that ONIX 2.1 allows (all 1,455 of its DTD). Sorted, for a binary search.
"""
import html.entities
import sys


def main():
    names = {name[:-1]: text for name, text in html.entities.html5.items() if name.endswith(";")}
    with open(sys.argv[1], "w", encoding="utf-8") as f:
        f.write('/* Made by tools/entities.py. */\n#include "onix/entities.h"\n\n'
                "const struct entity_name entity_names[] = {\n")
        for name in sorted(names):
            data = names[name].encode()
            assert name.isalnum() and name.isascii() and len(data) < 8, name
            f.write('    {"%s", "%s"},\n' % (name, "".join("\\%03o" % b for b in data)))
        f.write("};\nconst size_t entity_name_n = %d;\n" % len(names))


if __name__ == "__main__":
    main()
