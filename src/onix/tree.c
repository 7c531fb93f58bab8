#include <stdarg.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "onix/old.h"
#include "onix/reading.h"

const struct node *node_child(const struct node *parent, enum tag tag)
{
    for (const struct node *n = parent == NULL ? NULL : parent->child; n != NULL; n = n->next)
        if (n->tag == tag)
            return n;
    return NULL;
}

struct str node_text(const struct node *parent, enum tag tag)
{
    const struct node *n = node_child(parent, tag);
    return n == NULL ? STR_NONE : n->text;
}

size_t node_count(const struct node *parent, enum tag tag)
{
    size_t count = 0;
    for (const struct node *n = parent == NULL ? NULL : parent->child; n != NULL; n = n->next)
        count += n->tag == tag;
    return count;
}

struct str shown(struct str value)
{
    return utf8_cut(value, 40);
}

static void put_path(struct buf *b, const struct node *node)
{
    if (node != NULL && node->origin != NULL)
        node = node->origin;
    if (node == NULL || node->tag == TAG_Product || node->tag == TAG_Header)
        return;
    put_path(b, node->parent);
    if (b->n > 0)
        buf_char(b, '/');
    buf_str_add(b, node->tag == TAG_UNKNOWN ? node->text : str_of(tag_names[node->tag].reference));
}

/* What the sender takes for the ISBN of the product that `node` is of. */
static struct str claimed_isbn(const struct node *node)
{
    while (node != NULL && node->parent != NULL)
        node = node->parent;
    if (node == NULL || node->tag != TAG_Product)
        return STR_NONE;
    /* It stands near the beginning; a hostile record has as many children as findings. */
    unsigned looked = 0;
    for (const struct node *n = node->child; n != NULL && looked < 32; n = n->next, looked++)
        if (n->tag == TAG_ProductIdentifier && str_eq(node_text(n, TAG_ProductIDType), STR("15")))
            return utf8_cut(node_text(n, TAG_IDValue), 40);
    return STR_NONE;
}

void find_fault(struct finding_place *place, enum severity severity, const struct node *node,
                enum tag missing_child, const char *code, const char *format, ...)
{
    struct onix_finding f = {.severity = severity,
                             .line = node == NULL ? 0 : node->line,
                             .reference = place->reference,
                             .isbn = claimed_isbn(node),
                             .code = str_of(code)};
    BUF_AUTO path = BUF_INIT(512);
    put_path(&path, node);
    if (missing_child != TAG_UNKNOWN) {
        if (path.n > 0)
            buf_char(&path, '/');
        bool old = node != NULL && node->origin != NULL;
        buf_str_add(&path,
                    str_of(old ? old_name(missing_child) : tag_names[missing_child].reference));
    }
    f.element = buf_str(&path);
    va_list args;
    va_start(args, format);
    vsnprintf(f.reason, sizeof f.reason, format, args);
    va_end(args);
    /* Cut at a character, not within one. */
    size_t bad;
    if (!utf8_valid(str_of(f.reason), &bad))
        f.reason[bad] = '\0';
    if (severity == SEVERITY_ERROR)
        place->errors++;
    place->sink->finding(place->sink->context, &f);
}

bool says_nothing(struct str text)
{
    static const char *const words[] = {"n/a",
                                        "na",
                                        "n.a.",
                                        "tbc",
                                        "tba",
                                        "tbd",
                                        "none",
                                        "unknown",
                                        "null",
                                        "-",
                                        "not available",
                                        "?",
                                        "title not known",
                                        "author unknown",
                                        "to be announced",
                                        "to be confirmed"};
    if (text.n > 16) /* longer than each of them */
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(text, str_of(words[i])))
            return true;
    return text.n == 0;
}

struct str spoken_text(struct reading *r, const struct node *parent, enum tag tag)
{
    const struct node *n = node_child(parent, tag);
    if (n == NULL || !says_nothing(n->text))
        return n == NULL ? STR_NONE : n->text;
    if (n->text.n > 0)
        find_fault(&r->place, SEVERITY_WARNING, n, TAG_UNKNOWN, "placeholder",
                   "“%.*s” stands for nothing and is left out", STR_ARG(n->text));
    return STR_NONE;
}

struct identifier read_identifier(const struct node *node, enum tag type)
{
    return (struct identifier){node_text(node, type), node_text(node, TAG_IDTypeName),
                               node_text(node, TAG_IDValue)};
}
