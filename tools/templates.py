#!/usr/bin/env python3
"""Compiles HTML templates to C.

    templates.py OUT.h OUT.c TEMPLATE.html...

A file holds templates and the includes that their arguments need:

    {% include "web/page.h" %}
    {% template greeting(const struct page *p, struct str name) %}
    <p class="{{ p->theme }}">{{ _("Good day, %1", name) }}</p>
    {% end %}

Each becomes `void greeting(struct html *h, const struct page *p, …)`.

    {{ value }}              escaped by its type; see web/html.h
    {{ _("text %1", a) }}    the text in the page's language; arguments escaped
    {{ n_("%1 book", "%1 books", n) }}   by number, %1 being n
    {% if c %} {% elif c %} {% else %} {% end %}
    {% for item in v->list %} … {% end %}   item is a pointer into the list
    {% let type name = value %}             a C declaration
    {% capture name %} … {% end %}          the mark-up as a value
    {% call other(p, item) %}
    {# a remark #}

The compiler follows the HTML, so that a value can stand only where escaping
makes it safe: in text, in a quoted attribute, or as the whole of a URL
attribute, where only `struct url` fits. Everything else is refused with file
and line: values in scripts, styles, comments, event handlers, tag or attribute
names, unquoted attributes; blocks that end in another state than they began.
"""
import re
import sys

URL_ATTRIBUTES = {"href", "src", "action", "formaction", "cite", "poster", "data", "srcset",
                  "ping", "manifest", "background"}
# Where characters alone may stand, and no <bdi>.
PLAIN = {"title", "option", "textarea", "text", "desc"}
TOKEN = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#.*?#\}", re.S)


class Refused(Exception):
    pass


class State:
    """Where in the HTML we are."""

    def __init__(self):
        self.where = "text"  # text, raw, comment, tag, value
        self.tag = ""
        self.attribute = ""
        self.begun = False  # something stands in the value already

    def key(self):
        return (self.where, "" if self.where == "text" else self.tag,
                self.attribute if self.where == "value" else "")

    def feed(self, text):
        i = 0
        while i < len(text):
            i = getattr(self, "in_" + self.where)(text, i)

    def in_text(self, text, i):
        j = text.find("<", i)
        if j < 0:
            return len(text)
        if text.startswith("<!--", j):
            self.where = "comment"
            return j + 4
        m = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*|!doctype)", re.I).match(text, j)
        if not m:
            raise Refused("a '<' that begins no tag")
        self.tag = m[1] + m[2].lower()
        self.where = "tag"
        return m.end()

    def in_comment(self, text, i):
        j = text.find("-->", i)
        if j < 0:
            return len(text)
        self.where = "text"
        return j + 3

    def in_raw(self, text, i):
        m = re.compile(r"</%s\s*>" % self.tag, re.I).search(text, i)
        if not m:
            return len(text)
        self.where = "text"
        return m.end()

    def in_tag(self, text, i):
        m = re.compile(r"\s+|/?>|([A-Za-z_:][-A-Za-z0-9_:.]*)(\s*=\s*(.?))?", re.S).match(text, i)
        if not m:
            raise Refused("unexpected %r in <%s>" % (text[i], self.tag))
        if m[0].endswith(">") and not m[1]:
            self.where = "raw" if self.tag in ("script", "style") else "text"
        elif m[2]:
            if m[3] != '"':
                raise Refused("attribute %s must be in double quotes" % m[1])
            self.attribute = m[1].lower()
            self.where = "value"
            self.begun = False
        return m.end()

    def in_value(self, text, i):
        j = text.find('"', i)
        if j < 0:
            self.begun = self.begun or len(text) > i
            return len(text)
        if self.begun == "whole" and j > i:
            raise Refused("a URL must be the whole of %s" % self.attribute)
        self.where = "tag"
        return j + 1

    def value_writer(self):
        if self.where == "text":
            return "HTML_ATTRIBUTE" if self.tag in PLAIN else "HTML_TEXT"
        if self.where == "value":
            if self.attribute.startswith("on") or self.attribute in ("style", "srcdoc"):
                raise Refused("no value may stand in %s" % self.attribute)
            if self.begun == "whole":
                raise Refused("a URL must be the whole of %s" % self.attribute)
            if self.attribute in URL_ATTRIBUTES:
                if self.begun:
                    raise Refused("a URL must be the whole of %s" % self.attribute)
                self.begun = "whole"
                return "HTML_URL"
            self.begun = True
            return "HTML_ATTRIBUTE"
        raise Refused("no value may stand in a %s" %
                      {"raw": self.tag, "comment": "comment", "tag": "tag"}[self.where])


def split_arguments(text):
    """Splits at commas that stand in no brackets and no quotes."""
    parts, depth, quoted, start, i = [], 0, False, 0, 0
    while i < len(text):
        c = text[i]
        if quoted:
            if c == "\\":
                i += 1
            elif c == '"':
                quoted = False
        elif c == '"':
            quoted = True
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
        i += 1
    parts.append(text[start:].strip())
    return [p for p in parts if p]


class Compiler:
    def __init__(self, path):
        self.path = path
        self.includes, self.prototypes, self.out = [], [], []
        self.state = None
        self.blocks = []  # (kind, state at its beginning, state at a branch's end)
        self.count = 0
        self.pending = ""

    def emit(self, line):
        self.flush()
        self.out.append("    " * (len(self.blocks)) + line)

    def flush(self):
        text, self.pending = self.pending, ""
        if not text:
            return
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        pieces = [quoted[i:i + 90] for i in range(0, len(quoted), 90)]
        # a backslash must not be cut from what it stands before
        for i in range(len(pieces) - 1):
            while re.search(r"(^|[^\\])(\\\\)*\\$", pieces[i]):
                pieces[i + 1] = "\\" + pieces[i + 1]
                pieces[i] = pieces[i][:-1]
        indent = "    " * len(self.blocks)
        self.out.append(indent + "HTML_LIT(h, " +
                        ("\n" + indent + "    ").join('"%s"' % p for p in pieces) + ");")

    def text(self, text):
        if self.state is None:
            if text.strip():
                raise Refused("text outside of a template")
            return
        if self.state.where == "text" or self.state.where == "tag":
            text = re.sub(r"\s*\n\s*", "\n", text)
        self.state.feed(text)
        self.pending += text

    def value(self, expression):
        expression = " ".join(expression.split())
        writer = self.state.value_writer()
        message = re.fullmatch(r"(_|n_)\((.*)\)", expression, re.S)
        if message and writer == "HTML_URL":
            raise Refused("a text is no URL")
        if not message:
            self.emit("%s(h, %s);" % (writer, expression))
            return
        arguments = split_arguments(message[2])
        texts = 1 if message[1] == "_" else 2
        for text in arguments[:texts]:
            if not re.fullmatch(r'"(?:[^"\\]|\\.)*"', text):
                raise Refused("%s needs a literal text" % message[1])
        values = arguments[texts:]
        self.flush()
        kind = "true" if writer == "HTML_ATTRIBUTE" else "false"
        listed = ", ".join("HTML_ARG(%s)" % v for v in values)
        number = "0" if texts == 1 else "(uint64_t)(%s)" % values[0]
        plural = "NULL" if texts == 1 else arguments[1]
        if values:
            self.emit("html_message(h, %s, %s, %s, %s, (struct html_arg[]){%s}, %d);" %
                      (kind, arguments[0], plural, number, listed, len(values)))
        else:
            self.emit("html_message(h, %s, %s, NULL, 0, NULL, 0);" % (kind, arguments[0]))

    def begin(self, kind, line):
        self.emit(line + " {")
        self.blocks.append([kind, self.state.key(), None])

    def branch(self, line):
        self.flush()
        block = self.blocks[-1] if self.blocks else None
        if not block or block[0] != "if":
            raise Refused("no {% if %} stands before this")
        self.check(block)
        self.blocks.pop()
        self.emit("} " + line + " {")
        self.blocks.append(block)
        self.restore(block[1])

    def check(self, block):
        if self.state.key() != block[1]:
            raise Refused("the block ends in another place of the HTML than it began")

    def restore(self, key):
        self.state.where, tag, self.state.attribute = key
        self.state.tag = tag or self.state.tag

    def statement(self, text):
        words = text.split(None, 1)
        word, rest = words[0], words[1].strip() if len(words) > 1 else ""
        if word == "include":
            self.includes.append(rest)
        elif word == "template":
            if self.state is not None:
                raise Refused("a template within a template")
            m = re.fullmatch(r"(\w+)\s*\((.*)\)", rest, re.S)
            if not m:
                raise Refused("template name(arguments) expected")
            arguments = " ".join(m[2].split())
            signature = "void %s(struct html *h%s)" % (m[1], ", " + arguments if arguments else "")
            self.prototypes.append(signature + ";")
            self.state = State()
            self.out.append("\n%s\n{" % signature)
            self.blocks.append(["template", self.state.key(), None])
        elif self.state is None:
            raise Refused("{%% %s %%} outside of a template" % word)
        elif word == "if":
            self.begin("if", "if (%s)" % rest)
        elif word == "elif":
            self.branch("else if (%s)" % rest)
        elif word == "else":
            self.branch("else")
        elif word == "for":
            m = re.fullmatch(r"(\w+) in (.+)", rest)
            if not m:
                raise Refused("for item in list expected")
            self.count += 1
            i = "i%d" % self.count
            self.begin("for", "for (size_t %s = 0; %s < (%s).n; %s++)" % (i, i, m[2], i))
            self.emit("__typeof__(&(%s).v[0]) %s = &(%s).v[%s];" % (m[2], m[1], m[2], i))
        elif word == "let":
            self.emit(rest + ";")
        elif word == "capture":
            self.emit("struct html_trusted %s = STR_TRUSTED_NONE;" % rest)
            self.begin("capture", "")
            self.blocks[-1][2] = rest
            self.emit("size_t begun = html_capture(h);")
        elif word == "call":
            m = re.fullmatch(r"(\w+)\s*\((.*)\)", rest, re.S)
            if not m:
                raise Refused("call name(arguments) expected")
            if self.state.where != "text":
                raise Refused("templates are called in text only")
            self.emit("%s(h%s);" % (m[1], ", " + m[2] if m[2].strip() else ""))
        elif word == "end":
            self.flush()
            if not self.blocks:
                raise Refused("nothing to end")
            block = self.blocks[-1]
            self.check(block)
            if block[0] == "capture":
                self.emit("%s = html_captured(h, begun);" % block[2])
            self.blocks.pop()
            self.emit("}")
            if block[0] == "template":
                self.state = None
        else:
            raise Refused("unknown {%% %s %%}" % word)

    def compile(self):
        source = open(self.path, encoding="utf-8").read()
        at = 0
        try:
            for m in TOKEN.finditer(source):
                self.text(source[at:m.start()])
                at = m.start()
                if m[1] is not None:
                    if self.state is None:
                        raise Refused("a value outside of a template")
                    self.value(m[1])
                elif m[2] is not None:
                    self.statement(m[2].strip())
                at = m.end()
            self.text(source[at:])
            if self.state is not None:
                raise Refused("{% end %} is missing")
        except Refused as refused:
            sys.exit("%s:%d: %s" % (self.path, source.count("\n", 0, at) + 1, refused))
        return self


def main():
    header, source, *paths = sys.argv[1:]
    compiled = [Compiler(path).compile() for path in paths]
    includes = sorted({i for c in compiled for i in c.includes})
    with open(header, "w", encoding="utf-8") as f:
        f.write("/* Made by tools/templates.py. */\n#pragma once\n\n#include \"web/html.h\"\n")
        f.write("".join("#include %s\n" % i for i in includes) + "\n")
        f.write("\n".join(p for c in compiled for p in c.prototypes) + "\n")
    with open(source, "w", encoding="utf-8") as f:
        f.write("/* Made by tools/templates.py. */\n#include \"templates.h\"\n")
        for c in compiled:
            f.write("\n".join(c.out) + "\n")


if __name__ == "__main__":
    main()
