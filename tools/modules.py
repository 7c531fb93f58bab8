#!/usr/bin/env python3
"""Compiles an npm package's modules in: modules.py WANTED OUT.c FOLDER PACKAGE NAME... [--notice NAME PACKAGE FILE...]...

FOLDER holds package.json and its lock; `npm ci` takes the package from npm into a folder that goes
again. Its modules ask for each other by relative names, so all of them lie under one address, which
goes by what all of them are. A notice is what another package, which one of the modules was made of,
asks to be told with it: a LICENSE whole, of a module the comments at its beginning. WANTED is
"enabled": it has to be had; "disabled": nobody is asked; "auto": where npm cannot be reached the
table is empty, and the program goes without: remove OUT.c and build again once it can.
"""
import hashlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile

SECONDS_MAX = 180


def relative(data):
    """Without imports of other packages, which a browser cannot resolve: what there are give old browsers what ours have."""
    return re.sub(rb"(?m)^import '[a-z][^']*'\n", b"", data)


def notice(root, files):
    """What each file says of whose it is."""
    said = []
    for name in files:
        with open(os.path.join(root, name), encoding="utf-8") as f:
            text = f.read()
        said.append(re.match(r"(?s)(\s*/\*.*?\*/)*", text)[0] if name.endswith(".js") else text)
    return "\n\n".join(part.strip() for part in said).encode() + b"\n"


def fetch(folder, package, names, notices):
    """The files' bytes by their names, or the reason why there are none."""
    with tempfile.TemporaryDirectory() as place:
        for name in "package.json", "package-lock.json":
            shutil.copy(os.path.join(folder, name), place)
        try:
            done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], cwd=place,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_MAX)
        except (OSError, subprocess.TimeoutExpired) as reason:
            return None, str(reason)
        if done.returncode != 0:
            return None, done.stderr.strip().split("\n")[0]
        root = os.path.join(place, "node_modules", package)
        return [(name, relative(open(os.path.join(root, name), "rb").read())) for name in names] + [
            (name, notice(os.path.join(place, "node_modules", other), files)) for name, other, *files in notices], None


def main():
    (wanted, out, folder, package, *names), *notices = [list(part) for at, part in itertools.groupby(sys.argv[1:], lambda word: word == "--notice") if not at]
    found, reason = fetch(folder, package, names, notices) if wanted != "disabled" else (None, "nobody wants it: -Dreader=disabled")
    if found is None:
        stars = "*" * 100
        print("%s\n%s cannot be had from npm (%s).\nTHE PROGRAM GOES WITHOUT A READER IN THE BROWSER. Remove %s and build again once it can.\n%s" %
              (stars, package, reason, out, stars), file=sys.stderr)
    if found is None and wanted == "enabled":
        sys.exit(1)
    whole = hashlib.sha256()
    with open(out, "w", encoding="utf-8") as f:
        f.write('/* Made by tools/modules.py. */\n#include "web/assets.h"\n\n')
        rows = []
        for i, (name, data) in enumerate(found or []):
            whole.update(hashlib.sha256(data).digest())
            f.write("static const unsigned char file%d[] = {" % i)
            for at in range(0, len(data), 20):
                f.write("\n    " + "".join("%d," % b for b in data[at:at + 20]))
            f.write("\n    0};\n\n")
            rows.append((name, i, len(data)))
        digest = whole.hexdigest()[:16]
        f.write("const struct asset modules[] = {\n%s    {NULL, {NULL, 0}, NULL},\n};\n" % "".join(
            '    {"%s", {(const char *)file%d, %d}, "%s"},\n' % (name, i, n, digest) for name, i, n in rows))


if __name__ == "__main__":
    main()
