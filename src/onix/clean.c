#include "onix/clean.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { HTML_MAX = 1 << 20, OPEN_MAX = 32 };

struct cleaning {
    struct buf out;
    /* What is open in the output, innermost last. */
    const char *open[OPEN_MAX];
    size_t depth;
    unsigned dropped; /* depth within an element that goes with what it holds */
};

static const char *const allowed[] = {
    "p",   "br",  "em",   "strong", "i",  "b",  "ul",         "ol", "li", "dl", "dt", "dd",
    "sub", "sup", "ruby", "rb",     "rp", "rt", "blockquote", "h3", "h4", "h5", "h6", "a",
};
static const char *const dropped[] = {
    "script", "style",    "iframe",   "object", "embed", "applet", "form",
    "select", "textarea", "button",   "svg",    "math",  "video",  "audio",
    "canvas", "noscript", "template", "head",   "title",
};

static const char *in_list(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return list[i];
    return NULL;
}

/* What an element becomes; NULL: its content alone is kept. */
static const char *becomes(const char *name)
{
    if (strcmp(name, "h1") == 0 || strcmp(name, "h2") == 0)
        return "h3";
    if (strcmp(name, "div") == 0 || strcmp(name, "section") == 0)
        return "p";
    return in_list(allowed, sizeof allowed / sizeof *allowed, name);
}

static bool is_block(const char *name)
{
    static const char *const blocks[] = {"p",  "ul", "ol", "dl", "blockquote",
                                         "h3", "h4", "h5", "h6"};
    return in_list(blocks, sizeof blocks / sizeof *blocks, name) != NULL;
}

static void put_escaped(struct buf *b, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (p[i]) {
        case '<':
            BUF_LIT(b, "&lt;");
            break;
        case '>':
            BUF_LIT(b, "&gt;");
            break;
        case '&':
            BUF_LIT(b, "&amp;");
            break;
        case '"':
            BUF_LIT(b, "&quot;");
            break;
        default:
            buf_char(b, p[i]);
        }
}

static void close_last(struct cleaning *c)
{
    buf_printf(&c->out, "</%s>", c->open[--c->depth]);
}

static bool is_open(const struct cleaning *c, const char *name)
{
    for (size_t i = 0; i < c->depth; i++)
        if (strcmp(c->open[i], name) == 0)
            return true;
    return false;
}

static struct str web_href(const xmlChar **attributes)
{
    for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
        struct str value = str_of((const char *)attributes[1]);
        if (strcmp((const char *)attributes[0], "href") != 0)
            continue;
        bool web = str_starts(value, STR("https://")) || str_starts(value, STR("http://"));
        for (size_t i = 0; web && i < value.n; i++)
            web = (unsigned char)value.p[i] > ' ';
        return web && value.n <= 2000 ? value : STR_NONE;
    }
    return STR_NONE;
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    struct cleaning *c = context;
    if (c->dropped > 0 ||
        in_list(dropped, sizeof dropped / sizeof *dropped, (const char *)name) != NULL) {
        c->dropped++;
        return;
    }
    const char *element = becomes((const char *)name);
    if (element == NULL || c->depth == OPEN_MAX)
        return;
    if (strcmp(element, "br") == 0) {
        BUF_LIT(&c->out, "<br>");
        return;
    }
    if (strcmp(element, "a") == 0) {
        struct str href = web_href(attributes);
        if (href.n == 0 || is_open(c, "a"))
            return;
        BUF_LIT(&c->out, "<a rel=\"nofollow ugc\" href=\"");
        put_escaped(&c->out, href.p, href.n);
        BUF_LIT(&c->out, "\">");
    } else {
        while (is_block(element) && is_open(c, "p"))
            close_last(c); /* a block ends the paragraph before it */
        buf_printf(&c->out, "<%s>", element);
    }
    c->open[c->depth++] = element;
}

static void on_end(void *context, const xmlChar *name)
{
    struct cleaning *c = context;
    if (c->dropped > 0) {
        c->dropped--;
        return;
    }
    const char *element = becomes((const char *)name);
    if (element == NULL || strcmp(element, "br") == 0 || !is_open(c, element))
        return;
    for (bool closed = false; !closed;) {
        closed = strcmp(c->open[c->depth - 1], element) == 0;
        close_last(c);
    }
}

static void on_text(void *context, const xmlChar *text, int n)
{
    struct cleaning *c = context;
    if (c->dropped == 0)
        put_escaped(&c->out, (const char *)text, (size_t)n);
}

/* ---- what is it? ---- */

/* "<p", "</em": a tag, not a "less than". */
static bool has_tags(struct str s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        char next = s.p[i + 1] == '/' && i + 2 < s.n ? s.p[i + 2] : s.p[i + 1];
        if (s.p[i] == '<' && ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')))
            return true;
    }
    return false;
}

static struct str replaced(struct arena *arena, struct str s)
{
    static const struct {
        struct str from;
        char to;
    } entities[] = {
        {{"&lt;", 4}, '<'}, {{"&gt;", 4}, '>'}, {{"&quot;", 6}, '"'}, {{"&amp;", 5}, '&'}};
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t before = n;
        for (size_t k = 0; n == before && k < sizeof entities / sizeof *entities; k++)
            if (str_starts(str_sub(s, i, s.n), entities[k].from)) {
                out[n++] = entities[k].to;
                i += entities[k].from.n;
            }
        if (n == before)
            out[n++] = s.p[i++];
    }
    return (struct str){out, n};
}

/* Paragraphs at empty lines. */
static struct str from_plain(struct arena *arena, struct str s)
{
    BUF_AUTO out = BUF_INIT(HTML_MAX);
    bool open = false;
    struct str line;
    while (str_next(&s, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0) {
            if (open)
                BUF_LIT(&out, "</p>");
            open = false;
            continue;
        }
        if (open)
            BUF_LIT(&out, " ");
        else
            BUF_LIT(&out, "<p>");
        open = true;
        put_escaped(&out, line.p, line.n);
    }
    if (open)
        BUF_LIT(&out, "</p>");
    return arena_str(arena, buf_str(&out));
}

static struct str from_html(struct arena *arena, struct str s)
{
    htmlSAXHandler handler = {.startElement = on_start,
                              .endElement = on_end,
                              .characters = on_text,
                              .cdataBlock = on_text,
                              .ignorableWhitespace = on_text};
    struct cleaning c = {.out = BUF_INIT(HTML_MAX)};
    htmlParserCtxtPtr parser = htmlCreatePushParserCtxt(&handler, &c, s.p, (int)(s.n < 4 ? s.n : 4),
                                                        NULL, XML_CHAR_ENCODING_UTF8);
    if (parser == NULL)
        abort();
    htmlCtxtUseOptions(parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                   HTML_PARSE_RECOVER | HTML_PARSE_NOIMPLIED);
    if (s.n > 4)
        htmlParseChunk(parser, s.p + 4, (int)(s.n - 4), 0);
    htmlParseChunk(parser, NULL, 0, 1);
    htmlFreeParserCtxt(parser);
    while (c.depth > 0)
        close_last(&c);
    struct str html = c.out.failed || !utf8_valid(buf_str(&c.out), NULL)
                          ? STR_NONE
                          : arena_str(arena, buf_str(&c.out));
    buf_free(&c.out);
    return html;
}

struct str html_clean(struct arena *arena, struct str text)
{
    text = str_trim(text);
    if (text.n > HTML_MAX / 4)
        return STR_NONE;
    /* Escaped once too often: read as what it was meant to be. */
    if (!has_tags(text) && str_find_str(text, STR("&")) < text.n) {
        struct str once = replaced(arena, text);
        if (has_tags(once))
            text = once;
        else if (has_tags(replaced(arena, once)))
            text = replaced(arena, once);
    }
    return has_tags(text) || str_find(text, '&') < text.n ? from_html(arena, text)
                                                          : from_plain(arena, text);
}
