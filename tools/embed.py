#!/usr/bin/env python3
"""Embeds files as they are: embed.py OUT.c FILE...

The table says name, bytes, and the SHA-256's first eight bytes in hex, which
stand in the file's URL, so that it can be cached for ever.
"""
import hashlib
import os
import sys


def main():
    out, *paths = sys.argv[1:]
    with open(out, "w", encoding="utf-8") as f:
        f.write('/* Made by tools/embed.py. */\n#include "web/assets.h"\n\n')
        rows = []
        for i, path in enumerate(paths):
            data = open(path, "rb").read()
            f.write("static const unsigned char file%d[] = {" % i)
            for at in range(0, len(data), 20):
                f.write("\n    " + "".join("%d," % b for b in data[at:at + 20]))
            f.write("\n    0};\n\n")
            rows.append('    {"%s", {(const char *)file%d, %d}, "%s"},\n' % (
                os.path.basename(path), i, len(data), hashlib.sha256(data).hexdigest()[:16]))
        f.write("const struct asset assets[] = {\n%s    {NULL, {NULL, 0}, NULL},\n};\n" % "".join(rows))


if __name__ == "__main__":
    main()
