#include "base/clean.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "base/buf.h"
#include "base/markup.h"
#include "base/utf8.h"

enum {
    HTML_MAX = 1 << 20,
    OPEN_MAX = 32,    /* elements open in the output; deeper ones lose their tags */
    NESTED_MAX = 200, /* in the input: libxml2 walks what is open at each end tag */
};

struct cleaning {
    struct buf out;
    const struct chapter_rules *book; /* of a book's chapter; NULL: of a feed */
    struct chapter *chapter;
    struct buf heading;
    bool in_heading;
    int first_level, last_level; /* of headings: the chapter's first, the one put out last */
    htmlParserCtxtPtr parser;
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
    "script", "style", "iframe", "object", "applet", "form",     "select",   "textarea", "button",
    "svg",    "math",  "video",  "audio",  "canvas", "noscript", "template", "head",     "title",
};

static const char *in_list(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return list[i];
    return NULL;
}

/* The same in a book's chapter, which stands below a page's heading. */
static const char *becomes_of_book(const char *name)
{
    static const char *const kept[] = {
        "p",  "br",   "em",         "strong",     "i",   "b",    "ul",     "ol",    "li",
        "dl", "dt",   "dd",         "sub",        "sup", "ruby", "rb",     "rp",    "rt",
        "a",  "span", "small",      "blockquote", "pre", "code", "figure", "table", "tr",
        "td", "th",   "figcaption", "hr",         "img", "cite", "q"};
    static const char *const paragraphs[] = {"div",    "section", "article", "header",
                                             "footer", "main",    "aside",   "address",
                                             "center", "caption", "hgroup",  "nav"};
    if (in_list(paragraphs, sizeof paragraphs / sizeof *paragraphs, name) != NULL)
        return "p";
    return in_list(kept, sizeof kept / sizeof *kept, name);
}

/* What an element becomes; NULL: its content alone is kept. */
static const char *becomes(const char *name)
{
    static const char *const paragraphs[] = {
        "div", "section", "article", "header", "footer",  "main", "aside", "figure", "figcaption",
        "pre", "address", "center",  "table",  "caption", "tr",   "td",    "th"};
    if (strcmp(name, "h1") == 0 || strcmp(name, "h2") == 0)
        return "h3";
    if (in_list(paragraphs, sizeof paragraphs / sizeof *paragraphs, name) != NULL)
        return "p";
    return in_list(allowed, sizeof allowed / sizeof *allowed, name);
}

static bool is_block(const char *name)
{
    static const char *const blocks[] = {
        "p",  "ul", "ol", "dl",  "blockquote", "h3", "h4", "h5",    "h6",     "li",        "dt",
        "dd", "h2", "hr", "pre", "td",         "th", "tr", "table", "figure", "figcaption"};
    return in_list(blocks, sizeof blocks / sizeof *blocks, name) != NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str attribute(const xmlChar **attributes, const char *name)
{
    for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
        if (strcmp((const char *)attributes[0], name) == 0)
            return str_of((const char *)attributes[1]);
    return STR_NONE;
}

static struct str language_in(const xmlChar **attributes)
{
    enum { LANGUAGE_MAX = 35 };
    struct str lang = attribute(attributes, "lang");
    if (lang.n == 0)
        lang = attribute(attributes, "xml:lang");
    bool good = lang.n <= LANGUAGE_MAX;
    for (size_t i = 0; good && i < lang.n; i++)
        good = is_letter(lang.p[i]) || lang.p[i] == '-' || (lang.p[i] >= '0' && lang.p[i] <= '9');
    return good ? lang : STR_NONE;
}

static struct str direction_in(const xmlChar **attributes)
{
    struct str dir = attribute(attributes, "dir");
    return str_is(dir, "rtl") || str_is(dir, "ltr") ? dir : STR_NONE;
}

static void open_element(struct cleaning *c, const char *name, const xmlChar **attributes)
{
    struct str lang = STR_NONE, dir = STR_NONE;
    if (c->book != NULL) {
        lang = language_in(attributes);
        dir = direction_in(attributes);
    }
    buf_printf(&c->out, "<%s", name);
    if (lang.n > 0)
        buf_printf(&c->out, " lang=\"%.*s\"", STR_ARG(lang));
    if (dir.n > 0)
        buf_printf(&c->out, " dir=\"%.*s\"", STR_ARG(dir));
    buf_char(&c->out, '>');
    c->open[c->depth++] = name;
}

static void close_last(struct cleaning *c)
{
    const char *name = c->open[--c->depth];
    if (strcmp(name, "p") == 0 && str_ends(buf_str(&c->out), STR("<p>")))
        c->out.n -= 3; /* an empty paragraph is none */
    else
        buf_printf(&c->out, "</%s>", name);
}

static bool is_open(const struct cleaning *c, const char *name)
{
    for (size_t i = 0; i < c->depth; i++)
        if (strcmp(c->open[i], name) == 0)
            return true;
    return false;
}

static bool is_web(struct str value)
{
    bool web = str_starts(value, STR("https://")) || str_starts(value, STR("http://"));
    for (size_t i = 0; web && i < value.n; i++)
        web = (unsigned char)value.p[i] > ' ';
    return web && value.n <= 2000;
}

/* A link that is kept; `ret_away`: it leads to somebody else's. */
static struct str href_in(const struct cleaning *c, const xmlChar **attributes, bool *ret_away)
{
    struct str value = attribute(attributes, "href");
    *ret_away = is_web(value);
    if (*ret_away)
        return value;
    return c->book == NULL ? STR_NONE : c->book->link(c->book->context, value);
}

static void add_link(struct cleaning *c, const xmlChar **attributes)
{
    bool away;
    struct str href = href_in(c, attributes, &away);
    if (href.n == 0 || is_open(c, "a"))
        return;
    if (away)
        BUF_LIT(&c->out, "<a rel=\"nofollow ugc\" href=\"");
    else
        BUF_LIT(&c->out, "<a href=\"");
    markup_escape(&c->out, href);
    BUF_LIT(&c->out, "\">");
    c->open[c->depth++] = "a";
}

static void add_picture(struct cleaning *c, const xmlChar **attributes)
{
    struct str src = c->book->picture(c->book->context, attribute(attributes, "src"));
    if (src.n == 0)
        return;
    if (c->depth == 0)
        open_element(c, "p", NULL);
    BUF_LIT(&c->out, "<img loading=\"lazy\" src=\"");
    markup_escape(&c->out, src);
    BUF_LIT(&c->out, "\" alt=\"");
    markup_escape(&c->out, attribute(attributes, "alt"));
    BUF_LIT(&c->out, "\">");
}

static int heading_level(const char *name)
{
    bool is = name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0';
    return is ? name[1] - '0' : 0;
}

static const char *becomes_of(const struct cleaning *c, const char *name)
{
    return c->book != NULL ? becomes_of_book(name) : becomes(name);
}

static const char *heading_opened(struct cleaning *c, int level)
{
    static const char *const names[] = {"h2", "h3", "h4", "h5", "h6"};
    if (c->first_level == 0)
        c->first_level = c->last_level = level;
    int most = c->last_level + 1; /* none is passed over */
    level = level < c->first_level ? c->first_level : level > most ? most : level;
    c->last_level = level;
    int at = level - c->first_level;
    return names[at > 4 ? 4 : at];
}

/* The innermost that is open: it need not be called as it was. */
static const char *heading_closed(const struct cleaning *c)
{
    for (size_t i = c->depth; i > 0; i--)
        if (heading_level(c->open[i - 1]) > 0)
            return c->open[i - 1];
    return NULL;
}

static void note_whole(struct cleaning *c, const xmlChar **attributes)
{
    struct str lang = language_in(attributes), dir = direction_in(attributes);
    if (lang.n > 0)
        c->chapter->language = arena_str(c->book->arena, lang);
    if (dir.n > 0)
        c->chapter->direction = arena_str(c->book->arena, dir);
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    struct cleaning *c = context;
    if (c->parser->nameNr > NESTED_MAX) {
        xmlStopParser(c->parser); /* the text ends here */
        return;
    }
    if (c->dropped > 0 ||
        in_list(dropped, sizeof dropped / sizeof *dropped, (const char *)name) != NULL) {
        c->dropped++;
        return;
    }
    int level = c->book == NULL ? 0 : heading_level((const char *)name);
    bool room = c->depth < OPEN_MAX;
    const char *element =
        level > 0 && room ? heading_opened(c, level) : becomes_of(c, (const char *)name);
    if (c->book != NULL &&
        (strcmp((const char *)name, "html") == 0 || strcmp((const char *)name, "body") == 0))
        note_whole(c, attributes);
    if (element == NULL || !room)
        return;
    if (strcmp(element, "br") == 0) {
        if (c->depth > 0)
            BUF_LIT(&c->out, "<br>");
        return;
    }
    if (strcmp(element, "img") == 0) {
        add_picture(c, attributes);
        return;
    }
    bool block = is_block(element);
    while (block && is_open(c, "p"))
        close_last(c); /* a block ends the paragraph before it */
    if (strcmp(element, "hr") == 0) {
        if (c->depth == 0)
            BUF_LIT(&c->out, "<hr>");
        return;
    }
    if (!block && c->depth == 0)
        open_element(c, "p", NULL);
    c->in_heading = c->in_heading || (c->book != NULL && element[0] == 'h' && c->heading.n == 0);
    if (strcmp(element, "a") == 0)
        add_link(c, attributes);
    else
        open_element(c, element, attributes);
}

/* Where a chapter was read as far as is wanted, it ends with a paragraph; one that never ends
 * is ended. */
static void stop_when_enough(struct cleaning *c, bool block)
{
    if (c->book == NULL || c->book->text_max == 0 || c->chapter->cut)
        return;
    size_t most = c->book->text_max;
    if (c->chapter->text < most || (!block && c->chapter->text < 2 * most))
        return;
    c->chapter->cut = true;
    c->dropped = 1; /* whatever comes yet */
    xmlStopParser(c->parser);
}

static void on_end(void *context, const xmlChar *name)
{
    struct cleaning *c = context;
    if (c->dropped > 0) {
        c->dropped--;
        return;
    }
    bool heading = c->book != NULL && heading_level((const char *)name) > 0;
    const char *element = heading ? heading_closed(c) : becomes_of(c, (const char *)name);
    if (element == NULL || strcmp(element, "br") == 0 || !is_open(c, element))
        return;
    if (element[0] == 'h')
        c->in_heading = false;
    for (bool closed = false; !closed;) {
        closed = strcmp(c->open[c->depth - 1], element) == 0;
        close_last(c);
    }
    stop_when_enough(c, is_block(element));
}

static void on_text(void *context, const xmlChar *text, int n)
{
    struct cleaning *c = context;
    struct str s = {(const char *)text, n > 0 ? (size_t)n : 0};
    if (c->dropped > 0)
        return;
    if (c->depth == 0 && str_trim(s).n > 0)
        open_element(c, "p", NULL);
    markup_escape(&c->out, s);
    if (c->book == NULL)
        return;
    if (str_trim(s).n > 0)
        c->chapter->text += utf8_length(s);
    if (c->in_heading && !c->heading.failed)
        buf_str_add(&c->heading, s);
    stop_when_enough(c, false);
}

/* ---- what is it? ---- */

/* "<p>", "</em>", "<a href": a tag, not a "less than". */
static bool has_tags(struct str s)
{
    for (size_t i = 0; i + 2 < s.n; i++) {
        if (s.p[i] != '<')
            continue;
        if (str_starts(str_sub(s, i, s.n), STR("<!--")))
            return true;
        size_t at = i + 1 + (s.p[i + 1] == '/');
        size_t name = at;
        while (at < s.n && (is_letter(s.p[at]) || (at > name && s.p[at] >= '0' && s.p[at] <= '9')))
            at++;
        if (at > name && at < s.n && strchr(" \t\r\n/>", s.p[at]) != NULL && s.p[at] != '\0' &&
            memchr(s.p + at, '>', s.n - at) != NULL)
            return true;
    }
    return false;
}

/* The character of "&name;" or "&#8217;" at the start of s; its length in s
 * in ret_n. 0 where there is none. */
static uint32_t reference_at(struct str s, size_t *ret_n)
{
    enum { REFERENCE_MAX = 12 };
    char name[REFERENCE_MAX + 1];
    size_t end = str_find(str_sub(s, 0, REFERENCE_MAX), ';');
    if (s.n < 3 || end >= s.n || end >= REFERENCE_MAX || end < 2)
        return 0;
    memcpy(name, s.p + 1, end - 1);
    name[end - 1] = '\0';
    *ret_n = end + 1;
    if (name[0] == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        char *rest;
        unsigned long point = strtoul(name + 1 + hex, &rest, hex ? 16 : 10);
        bool text = point == '\t' || point == '\n' || (point >= 0x20 && point < 0x7F) ||
                    (point >= 0xA0 && point < 0xD800) || (point >= 0xE000 && point < 0xFFFE) ||
                    (point >= 0x10000 && point <= 0x10FFFF);
        return *rest == '\0' && text ? (uint32_t)point : 0;
    }
    const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)name);
    return known == NULL ? strcmp(name, "apos") == 0 ? '\'' : 0 : known->value;
}

/* One level of escaping less. Never longer than before. */
static struct str unescaped(struct arena *arena, struct str s)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0, taken; i < s.n; i += taken) {
        uint32_t point = s.p[i] == '&' ? reference_at(str_sub(s, i, s.n), &taken) : 0;
        if (point != 0) {
            n += (size_t)xmlCopyCharMultiByte((xmlChar *)out + n, (int)point);
        } else {
            out[n++] = s.p[i];
            taken = 1;
        }
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
        markup_escape(&out, line);
    }
    if (open)
        BUF_LIT(&out, "</p>");
    return arena_str(arena, buf_str(&out));
}

static struct str parse(struct cleaning *c, struct arena *arena, struct str s)
{
    htmlSAXHandler handler = {.startElement = on_start,
                              .endElement = on_end,
                              .characters = on_text,
                              .cdataBlock = on_text,
                              .ignorableWhitespace = on_text};
    htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(s.p, (int)s.n);
    if (parser == NULL)
        abort();
    *parser->sax = handler;
    parser->userData = c;
    c->parser = parser;
    htmlCtxtUseOptions(parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                   HTML_PARSE_RECOVER | HTML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(parser);
    htmlFreeParserCtxt(parser);
    while (c->depth > 0)
        close_last(c);
    struct str html = c->out.failed || !utf8_valid(buf_str(&c->out), NULL)
                          ? STR_NONE
                          : arena_str(arena, buf_str(&c->out));
    buf_free(&c->out);
    return html;
}

static struct str from_html(struct arena *arena, struct str s)
{
    struct cleaning c = {.out = BUF_INIT(HTML_MAX)};
    return parse(&c, arena, s);
}

void chapter_clean(const struct chapter_rules *rules, struct str xhtml, struct chapter *ret)
{
    enum { HEADING_MAX = 1000, HEADING_SHOWN = 200 };
    *ret = (struct chapter){.text = 0};
    if (xhtml.n == 0 || xhtml.n > CHAPTER_BYTES_MAX)
        return;
    struct cleaning c = {.out = BUF_INIT(2 * CHAPTER_BYTES_MAX),
                         .book = rules,
                         .chapter = ret,
                         .heading = BUF_INIT(HEADING_MAX)};
    ret->html = str_trim(parse(&c, rules->arena, xhtml));
    if (!c.heading.failed && utf8_valid(buf_str(&c.heading), NULL))
        ret->heading =
            utf8_cut(arena_str(rules->arena, str_trim(buf_str(&c.heading))), HEADING_SHOWN);
    buf_free(&c.heading);
}

struct str html_clean(struct arena *arena, struct str text)
{
    enum { ESCAPED_MAX = 3 }; /* levels that senders have been seen to stack */
    text = str_trim(text);
    if (text.n > HTML_MAX / 4)
        return STR_NONE;
    for (int level = 0; level < ESCAPED_MAX; level++) {
        if (has_tags(text))
            return from_html(arena, text);
        if (str_find(text, '&') == text.n)
            break;
        text = unescaped(arena, text);
    }
    return has_tags(text) ? from_html(arena, text) : from_plain(arena, text);
}
