/* HTML from feeds. Whatever goes in, what comes out holds no more than the tags
 * that are allowed, each closed in its order, and only the attributes of links. */
#include <stdint.h>

#include "base/clean.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { DEPTH_MAX = 64 };

static const char *const names[] = {"p",  "br", "em", "strong", "i",   "b",   "ul",   "ol",
                                    "li", "dl", "dt", "dd",     "sub", "sup", "ruby", "rb",
                                    "rp", "rt", "h3", "h4",     "h5",  "h6",  "a",    "blockquote"};

static bool is_allowed(struct str name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, str_of(names[i])))
            return true;
    return false;
}

static void insist(bool right)
{
    if (!right)
        abort();
}

static void check_tag(struct str tag, struct str *open, size_t *depth)
{
    static const struct str link = {"a rel=\"nofollow ugc\" href=\"http", 31};
    if (str_starts(tag, STR("/"))) {
        insist(*depth > 0 && str_eq(open[--*depth], str_sub(tag, 1, tag.n)));
        return;
    }
    struct str name = str_sub(tag, 0, str_find(tag, ' '));
    insist(is_allowed(name));
    insist(name.n == tag.n || (str_starts(tag, link) && str_ends(tag, STR("\""))));
    insist(str_find(str_sub(tag, link.n, tag.n), '"') + link.n + 1 >= tag.n || name.n == tag.n);
    if (!str_eq(name, STR("br"))) {
        insist(*depth < DEPTH_MAX);
        open[(*depth)++] = name;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str text = {(const char *)bytes, n}, open[DEPTH_MAX];
    size_t depth = 0;
    ARENA_AUTO arena = ARENA_INIT;
    if (!utf8_clean(text))
        return 0;
    struct str html = html_clean(&arena, text);
    insist(utf8_valid(html, NULL));
    for (size_t at = str_find(html, '<'); at < html.n; at = str_find(html, '<')) {
        size_t end = str_find(html, '>');
        insist(end > at && end < html.n);
        check_tag(str_sub(html, at + 1, end), open, &depth);
        html = str_sub(html, end + 1, html.n);
    }
    insist(str_find(html, '>') == html.n && depth == 0);
    return 0;
}
