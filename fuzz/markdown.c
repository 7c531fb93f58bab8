/* Readers' texts as HTML: only the elements of the subset, each closed where it
 * was opened, no attribute but a link's, no link but to the web. */
#include <stdint.h>

#include "base/utf8.h"
#include "web/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { DEPTH_MAX = 64 };

static bool is_one_of(struct str name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (str_eq(name, str_of(*names)))
            return true;
    return false;
}

/* Inside <…>: pushes, pops or passes. */
static void check_tag(struct str tag, struct str *open, size_t *depth)
{
    static const char *const paired[] = {"p",  "blockquote", "ol",  "ul",   "li",
                                         "em", "strong",     "pre", "code", NULL};
    static const char *const alone[] = {"br", "hr", NULL};
    struct str const link = STR("a rel=\"nofollow ugc noopener\" href=\"http");
    if (tag.n > 0 && tag.p[0] == '/') {
        struct str name = str_sub(tag, 1, tag.n);
        if (*depth == 0 || !str_eq(open[--*depth], name))
            abort();
        return;
    }
    if (is_one_of(tag, alone))
        return;
    if (str_starts(tag, link)) {
        struct str url = str_sub(tag, link.n - 4, tag.n);
        if (str_find(url, '"') != url.n - 1 ||
            !(str_starts(url, STR("http://")) || str_starts(url, STR("https://"))))
            abort();
        tag = STR("a");
    } else if (!is_one_of(tag, paired)) {
        abort();
    }
    if (*depth == DEPTH_MAX)
        abort();
    open[(*depth)++] = tag;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str text = {(const char *)bytes, n}, open[DEPTH_MAX];
    size_t depth = 0;
    if (n > 20000 || !utf8_clean(text))
        return 0;
    struct str html = markdown_html(&arena, text).html;
    if (!utf8_valid(html, NULL))
        abort();
    for (size_t i = 0; i < html.n; i++) {
        unsigned char c = (unsigned char)html.p[i];
        if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f || c == '>')
            abort();
        if (c != '<')
            continue;
        struct str tag = str_sub(html, i + 1, html.n);
        tag = str_sub(tag, 0, str_find(tag, '>'));
        check_tag(tag, open, &depth);
        i += tag.n + 1;
    }
    if (depth != 0)
        abort();
    return 0;
}
