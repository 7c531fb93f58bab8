#!/usr/bin/env python3
"""Turns gettext catalogues into C tables, or collects their messages.

    catalogues.py compile OUT.c LANGUAGE.po...
    catalogues.py collect OUT.pot SOURCE...

`compile` lets msgfmt check each catalogue and writes, for each language, its
messages sorted by msgid and its rule of plurals. `collect` finds _("…") and
n_("…", "…", …) in templates, N_("…"), NN_("…", "…") and word_text(p, "…") in C.
"""
import gettext
import os
import re
import subprocess
import sys
import tempfile

STRING = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'  # one literal, or several that C joins
ONE = re.compile(r'\b(?:(?:_|N_)\(|word_text\(&?p,)\s*%s' % STRING)
MANY = re.compile(r'\b(?:n_|NN_)\(\s*%s\s*,\s*%s' % (STRING, STRING))
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


def unquoted(literals):
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))
    return re.sub(r"\\(.)", lambda m: ESCAPES[m[1]], text)


def literal(text):
    out = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"%s"' % out


def plural_rule(po, text):
    m = re.search(r"Plural-Forms:\s*nplurals=(\d+);\s*plural=([^;\\]+);", text)
    if not m or not re.fullmatch(r"[n0-9 ()!=<>%&|?:]+", m[2]):
        sys.exit("%s: no usable Plural-Forms" % po)
    return m[2].strip()


def compile_one(po):
    with tempfile.TemporaryDirectory() as folder:
        mo = os.path.join(folder, "x.mo")
        subprocess.run(["msgfmt", "--check-format", "--check-domain", "-o", mo, po], check=True)
        with open(mo, "rb") as f:
            catalogue = gettext.GNUTranslations(f)._catalog
    messages = {}
    for key, text in catalogue.items():
        if isinstance(key, tuple):
            messages.setdefault(key[0], {})[key[1]] = text
        elif key:
            messages.setdefault(key, {})[0] = text
    return messages, plural_rule(po, open(po, encoding="utf-8").read())


def compile_all(out, pos):
    with open(out, "w", encoding="utf-8") as f:
        f.write('/* Made by tools/catalogues.py. */\n#include "web/catalogue.h"\n\n')
        rows = []
        for po in sorted(pos):
            tag = os.path.splitext(os.path.basename(po))[0]
            name = re.sub(r"\W", "_", tag)
            messages, rule = compile_one(po)
            f.write("static unsigned plural_%s(uint64_t n)\n{\n    (void)n;\n    return (%s);\n}\n\n"
                    % (name, rule))
            f.write("static const struct catalogue_message messages_%s[] = {\n" % name)
            for key in sorted(messages, key=lambda k: k.encode()):
                forms = messages[key]
                f.write("    {%s, {%s}},\n" % (literal(key), ", ".join(
                    literal(forms[i]) for i in sorted(forms))))
            f.write("    {NULL, {NULL}},\n};\n\n")
            rows.append('    {"%s", messages_%s, %d, plural_%s},\n' % (tag, name, len(messages), name))
        f.write("const struct catalogue catalogues[] = {\n%s    {NULL, NULL, 0, NULL},\n};\n" % "".join(rows))


def collect(out, sources):
    found = {}
    for path in sources:
        text = open(path, encoding="utf-8").read()
        for pattern in (ONE, MANY):
            for m in pattern.finditer(text):
                key = unquoted(m[1])
                plural = unquoted(m[2]) if pattern is MANY else None
                line = text.count("\n", 0, m.start()) + 1
                entry = found.setdefault(key, {"plural": plural, "places": []})
                entry["plural"] = entry["plural"] or plural
                entry["places"].append("%s:%d" % (path, line))
    with open(out, "w", encoding="utf-8") as f:
        f.write('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
                '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n')
        for key in sorted(found):
            entry = found[key]
            f.write("\n#: %s\nmsgid %s\n" % (" ".join(sorted(set(entry["places"]))), literal(key)))
            if entry["plural"]:
                f.write('msgid_plural %s\nmsgstr[0] ""\nmsgstr[1] ""\n' % literal(entry["plural"]))
            else:
                f.write('msgstr ""\n')


if __name__ == "__main__":
    {"compile": compile_all, "collect": collect}[sys.argv[1]](sys.argv[2], sys.argv[3:])
