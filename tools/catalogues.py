#!/usr/bin/env python3
"""Turns gettext catalogues into C tables, or collects their messages.

    catalogues.py compile OUT.c OUT.d FOLDER
    catalogues.py collect OUT.pot SOURCE...

`compile` takes each FOLDER/TAG.po, whose name is the language's tag (BCP 47), lets
msgfmt check it and writes, for each language, its messages sorted by msgid and its
rule of plurals; OUT.d names the folder, too, so that a new file is enough to build
anew. What a translation says of itself is in its header: Language, Plural-Forms and,
where ICU's locale is another than the tag, X-Locale ("ar@numbers=latn").
`collect` finds _("…") and n_("…", "…", …) in templates, N_("…"), NN_("…", "…") and
word_text(p, "…") in C.
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
PLACE = re.compile(r"%[1-9]")
FORMS_MAX = 6  # CATALOGUE_FORMS_MAX in web/catalogue.h
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


def unquoted(literals):
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))
    return re.sub(r"\\(.)", lambda m: ESCAPES[m[1]], text)


def literal(text):
    out = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"%s"' % out


def header(text, name):
    """The field of the header, which gettext keeps under the empty msgid."""
    m = re.search(r"^%s:[ \t]*(.*?)[ \t]*$" % re.escape(name), text, re.M)
    return m[1] if m else ""


def plural_rule(po, text):
    """The rule as C, how many forms it has, and which stand for one number alone."""
    m = re.fullmatch(r"nplurals=(\d+);\s*plural=([n0-9 ()!=<>%&|?:]+);?", header(text, "Plural-Forms"))
    if not m:
        sys.exit("%s: no usable Plural-Forms" % po)
    forms, rule, numbers = int(m[1]), gettext.c2py(m[2]), {}
    for n in range(1000):
        numbers.setdefault(rule(n), []).append(n)
    if not 1 <= forms <= FORMS_MAX or max(numbers) >= forms:
        sys.exit("%s: Plural-Forms: from 1 to %d forms, and none beyond them" % (po, FORMS_MAX))
    return m[2].strip(), forms, {form for form, of in numbers.items() if len(of) == 1}


def check_message(po, key, forms, alone):
    """What is filled in must be filled in everywhere; but "one book" needs no number."""
    wanted = set(PLACE.findall(key if isinstance(key, str) else key[0] + key[1]))
    for form, text in forms.items():
        missing = wanted - set(PLACE.findall(text)) - ({"%1"} if form in alone and len(forms) > 1 else set())
        other = set(PLACE.findall(text)) - wanted
        if text and (missing or other):
            sys.exit('%s: "%s": %s "%s"' % (po, key if isinstance(key, str) else key[0], ", ".join(
                ["lacks " + m for m in sorted(missing)] + ["has " + o for o in sorted(other)]), text))


def compile_one(po):
    with tempfile.TemporaryDirectory() as folder:
        mo = os.path.join(folder, "x.mo")
        subprocess.run(["msgfmt", "--check-format", "--check-domain", "-o", mo, po], check=True)
        if not os.path.exists(mo):
            sys.exit("%s: there is nothing in it" % po)
        try:
            with open(mo, "rb") as f:
                raw = gettext.GNUTranslations(f)
        except ValueError as wrong:  # it reads Plural-Forms, too
            sys.exit("%s: Plural-Forms or encoding: %s" % (po, wrong))
    tag = os.path.splitext(os.path.basename(po))[0]
    about = raw._catalog.get("", "")
    if header(about, "Language").replace("_", "-") != tag:
        sys.exit('%s: the header does not say "Language: %s"' % (po, tag.replace("-", "_")))
    locale = header(about, "X-Locale") or tag.replace("-", "_")
    if not re.fullmatch(r"[A-Za-z0-9_@=;-]{2,31}", locale):
        sys.exit("%s: no usable X-Locale" % po)
    rule, forms, alone = plural_rule(po, about)
    messages = {}
    for key, text in raw._catalog.items():
        if isinstance(key, tuple):
            messages.setdefault(key[0], {})[key[1]] = text
        elif key:
            messages.setdefault(key, {})[0] = text
    for key, texts in messages.items():
        if len(texts) not in (1, forms):
            sys.exit('%s: "%s": %d forms instead of %d' % (po, key, len(texts), forms))
        check_message(po, key, texts, alone)
    return tag, locale, messages, rule


def compile_all(out, depfile, folder):
    pos = sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(".po"))
    with open(out, "w", encoding="utf-8") as f:
        f.write('/* Made by tools/catalogues.py. */\n#include "web/catalogue.h"\n\n')
        rows = []
        for po in pos:
            tag, locale, messages, rule = compile_one(po)
            name = re.sub(r"\W", "_", tag)
            f.write("static unsigned plural_%s(uint64_t n)\n{\n    (void)n;\n    return (%s);\n}\n\n"
                    % (name, rule))
            f.write("static const struct catalogue_message messages_%s[] = {\n" % name)
            for key in sorted(messages, key=lambda k: k.encode()):
                forms = messages[key]
                f.write("    {%s, {%s}},\n" % (literal(key), ", ".join(
                    literal(forms[i]) for i in sorted(forms))))
            f.write("    {NULL, {NULL}},\n};\n\n")
            rows.append('    {"%s", "%s", messages_%s, %d, plural_%s},\n'
                        % (tag, locale, name, len(messages), name))
        f.write("const struct catalogue catalogues[] = {\n%s    {NULL, NULL, NULL, 0, NULL},\n};\n" % "".join(rows))
    with open(depfile, "w", encoding="utf-8") as f:
        f.write("%s: %s\n" % (out, " ".join(p.replace(" ", "\\ ") for p in [folder, *pos])))


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
    if sys.argv[1] == "compile":
        compile_all(*sys.argv[2:])
    else:
        collect(sys.argv[2], sys.argv[3:])
