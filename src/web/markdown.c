#include "web/markdown.h"

#include <cmark.h>

#include "base/buf.h"
#include "base/markup.h"
#include "base/utf8.h"

enum {
    HTML_MAX = 1 << 20,
    DEPTH_MAX = 16, /* deeper, only the text goes on: browsers choke on thousands */
};

/* References such as &#1; can stand for what no text may hold. */
static void put_text(struct buf *out, const char *s)
{
    struct str rest = str_of(s);
    while (rest.n > 0) {
        size_t good = 0;
        while (good < rest.n &&
               ((unsigned char)rest.p[good] >= ' ' ? rest.p[good] != 0x7f
                                                   : rest.p[good] == '\n' || rest.p[good] == '\t'))
            good++;
        markup_escape(out, str_sub(rest, 0, good));
        rest = str_sub(rest, good + 1, rest.n);
    }
}

/* Whose text it is: a reader's, or the shop's own, which has headings and links to itself. */
enum author { AUTHOR_READER, AUTHOR_SHOP };

static bool is_link(struct str s, enum author author)
{
    if (str_starts(s, STR("https://")) || str_starts(s, STR("http://")))
        return true;
    return author == AUTHOR_SHOP &&
           (str_starts(s, STR("mailto:")) || str_starts(s, STR("tel:")) ||
            (str_starts(s, STR("/")) && !str_starts(s, STR("//")) && !str_starts(s, STR("/\\"))));
}

/* A tight list's paragraphs are its items' own text. */
static bool in_tight_list(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    cmark_node *list = item == NULL ? NULL : cmark_node_parent(item);
    return list != NULL && cmark_node_get_type(list) == CMARK_NODE_LIST &&
           cmark_node_get_list_tight(list);
}

/* The shop's headings stand below the page's own, each at most one below the one before it,
 * whatever they were written as: those who listen go from one to the next by their level. */
static void level_headings(cmark_node *document)
{
    cmark_iter *iter = cmark_iter_new(document);
    int above[8] = {0}, depth = 0; /* the levels, as written, that are open */
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event != CMARK_EVENT_ENTER || cmark_node_get_type(node) != CMARK_NODE_HEADING)
            continue;
        int level = cmark_node_get_heading_level(node); /* 1 to 6 */
        while (depth > 0 && above[depth - 1] >= level)
            depth--;
        above[depth++] = level;
        cmark_node_set_heading_level(node, depth);
    }
    cmark_iter_free(iter);
}

static const char *heading_of(cmark_node *node)
{
    static const char *const names[] = {"h2", "h3", "h4", "h5", "h6", "h6"};
    return names[cmark_node_get_heading_level(node) - 1];
}

static const char *element_of(cmark_node *node, enum author author)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        return "blockquote";
    case CMARK_NODE_LIST:
        return cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? "ol" : "ul";
    case CMARK_NODE_ITEM:
        return "li";
    case CMARK_NODE_PARAGRAPH:
        return in_tight_list(node) ? NULL : "p";
    case CMARK_NODE_HEADING:
        return author == AUTHOR_SHOP ? heading_of(node) : "p";
    case CMARK_NODE_EMPH:
        return "em";
    case CMARK_NODE_STRONG:
        return "strong";
    default:
        return NULL;
    }
}

static void put_leaf(struct buf *out, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
        put_text(out, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_HTML_BLOCK:
        BUF_LIT(out, "<p>");
        put_text(out, cmark_node_get_literal(node));
        BUF_LIT(out, "</p>");
        break;
    case CMARK_NODE_CODE_BLOCK:
        BUF_LIT(out, "<pre>");
        put_text(out, cmark_node_get_literal(node));
        BUF_LIT(out, "</pre>");
        break;
    case CMARK_NODE_CODE:
        BUF_LIT(out, "<code>");
        put_text(out, cmark_node_get_literal(node));
        BUF_LIT(out, "</code>");
        break;
    case CMARK_NODE_SOFTBREAK:
        BUF_LIT(out, "\n");
        break;
    case CMARK_NODE_LINEBREAK:
        BUF_LIT(out, "<br>");
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        BUF_LIT(out, "<hr>");
        break;
    default:
        break;
    }
}

static void put_link(struct buf *out, cmark_node *node, enum author author, bool entering)
{
    if (!is_link(str_of(cmark_node_get_url(node)), author))
        return;
    if (!entering) {
        BUF_LIT(out, "</a>");
        return;
    }
    buf_printf(out, "<a rel=\"%snoopener\" href=\"",
               author == AUTHOR_READER ? "nofollow ugc " : "");
    put_text(out, cmark_node_get_url(node));
    BUF_LIT(out, "\">");
}

static void put_element(struct buf *out, const char *name, bool entering, unsigned *depth)
{
    if (!entering)
        (*depth)--;
    if (*depth < DEPTH_MAX)
        buf_printf(out, entering ? "<%s>" : "</%s>", name);
    if (entering)
        (*depth)++;
}

static void render_to(struct buf *out, struct str text, enum author author)
{
    cmark_node *document =
        cmark_parse_document(text.n > 0 ? text.p : "", text.n, CMARK_OPT_DEFAULT);
    if (author == AUTHOR_SHOP)
        level_headings(document);
    cmark_iter *iter = cmark_iter_new(document);
    unsigned depth = 0;
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        bool entering = event == CMARK_EVENT_ENTER;
        const char *element = element_of(node, author);
        if (cmark_node_get_type(node) == CMARK_NODE_LINK)
            put_link(out, node, author, entering);
        else if (element != NULL)
            put_element(out, element, entering, &depth);
        else if (entering)
            put_leaf(out, node);
    }
    cmark_iter_free(iter);
    cmark_node_free(document);
}

static struct html_trusted trusted(struct arena *arena, const struct buf *out)
{
    return buf_check(out) == RC_OK ? (struct html_trusted){arena_str(arena, buf_str(out))}
                                   : STR_TRUSTED_NONE;
}

static struct html_trusted render(struct arena *arena, struct str text, enum author author)
{
    BUF_AUTO out = BUF_INIT(HTML_MAX);
    render_to(&out, text, author);
    return trusted(arena, &out);
}

/* ---- what gives the story away ---- */

enum { FOLDED_MAX = 50 }; /* of one text; the last takes in all that is behind it */

/* The text up to the next fold, and what is in it; without one (false), the rest. One that is
 * not ended is none. */
static bool next_fold(struct str *rest, struct str *ret_open, struct str *ret_folded)
{
    struct str begin = STR(">!"), end = STR("!<");
    size_t from = str_find_str(*rest, begin);
    struct str inner = str_sub(*rest, from + begin.n, rest->n);
    size_t to = from == rest->n ? inner.n : str_find_str(inner, end);
    *ret_open = *rest;
    if (to == inner.n)
        return false;
    *ret_open = str_sub(*rest, 0, from);
    *ret_folded = str_sub(inner, 0, to);
    *rest = str_sub(inner, to + end.n, inner.n);
    return true;
}

/* The fold of this number, from 0 on. Where more than there may be are to come, it is the last, and
 * nothing behind it stands open. */
static bool numbered_fold(size_t n, struct str *rest, struct str *ret_open, struct str *ret_folded)
{
    if (n == FOLDED_MAX || !next_fold(rest, ret_open, ret_folded))
        return false;
    if (n + 1 == FOLDED_MAX && str_find_str(*rest, STR(">!")) < rest->n) {
        ret_folded->n = (size_t)(rest->p + rest->n - ret_folded->p);
        *rest = STR_NONE;
    }
    return true;
}

struct html_trusted markdown_folded(struct arena *arena, struct str text, struct str summary)
{
    BUF_AUTO out = BUF_INIT(HTML_MAX);
    struct str open, folded;
    for (size_t n = 0; numbered_fold(n, &text, &open, &folded); n++) {
        render_to(&out, open, AUTHOR_READER);
        BUF_LIT(&out, "<details class=\"fold\"><summary>");
        markup_escape(&out, summary);
        BUF_LIT(&out, "</summary>");
        render_to(&out, folded, AUTHOR_READER);
        BUF_LIT(&out, "</details>");
    }
    render_to(&out, text, AUTHOR_READER);
    return trusted(arena, &out);
}

struct str markdown_unspoilt(struct arena *arena, struct str text)
{
    BUF_AUTO out = BUF_INIT(HTML_MAX);
    struct str open, folded;
    if (str_find_str(text, STR(">!")) == text.n)
        return text;
    for (size_t n = 0; numbered_fold(n, &text, &open, &folded); n++)
        buf_printf(&out, "%.*s […] ", STR_ARG(open));
    buf_str_add(&out, text);
    return arena_str(arena, buf_str(&out));
}

struct html_trusted markdown_html(struct arena *arena, struct str text)
{
    return render(arena, text, AUTHOR_READER);
}

struct html_trusted markdown_of_shop(struct arena *arena, struct str text)
{
    return render(arena, text, AUTHOR_SHOP);
}

bool markdown_links_to(struct str address)
{
    return is_link(address, AUTHOR_SHOP);
}

written_links markdown_links(struct arena *arena, struct str text)
{
    cmark_node *document =
        cmark_parse_document(text.n > 0 ? text.p : "", text.n, CMARK_OPT_DEFAULT);
    /* Each takes four bytes at least: "[](" and ")". */
    written_links list = {ARENA_ARRAY(arena, struct str, text.n / 4 + 1), 0};
    cmark_iter *iter = cmark_iter_new(document);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_ENTER && cmark_node_get_type(node) == CMARK_NODE_LINK &&
            list.n < text.n / 4 + 1)
            list.v[list.n++] = arena_str(arena, str_of(cmark_node_get_url(node)));
    }
    cmark_iter_free(iter);
    cmark_node_free(document);
    return list;
}

struct str markdown_plain(struct arena *arena, struct str text, size_t characters)
{
    BUF_AUTO out = BUF_INIT(HTML_MAX);
    cmark_node *document =
        cmark_parse_document(text.n > 0 ? text.p : "", text.n, CMARK_OPT_DEFAULT);
    cmark_iter *iter = cmark_iter_new(document);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        const char *literal = cmark_node_get_literal(node);
        bool block = cmark_node_get_type(node) <= CMARK_NODE_LAST_BLOCK;
        if (literal != NULL && event == CMARK_EVENT_ENTER)
            buf_str_add(&out, str_of(literal));
        if ((block && event == CMARK_EVENT_EXIT) ||
            cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK ||
            cmark_node_get_type(node) == CMARK_NODE_LINEBREAK)
            BUF_LIT(&out, " ");
    }
    cmark_iter_free(iter);
    cmark_node_free(document);
    struct str all = str_trim(arena_str(arena, buf_str(&out))), cut = utf8_cut(all, characters);
    size_t word = cut.n;
    if (cut.n == all.n)
        return all;
    while (word > 0 && cut.p[word] != ' ' && all.p[word] != ' ')
        word--;
    return arena_printf(arena, "%.*s…", STR_ARG(word > cut.n / 2 ? str_sub(cut, 0, word) : cut));
}
