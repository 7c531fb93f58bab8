/* HTML as it is written: values are escaped by their type, and what has no safe
 * type does not compile. Templates (templates/, tools/templates.py) are the only
 * users of the macros. */
#ifndef COLOPHON_WEB_HTML_H
#define COLOPHON_WEB_HTML_H

#include "base/arena.h"
#include "base/buf.h"
#include "web/language.h"

/* Where a page is written to. */
struct html {
    struct buf *out;
    struct arena *arena;
    const struct language *language;
};

/* Mark-up that is safe as it stands: made by sanitisers and by captures. */
struct html_trusted {
    struct str html;
};
#define STR_TRUSTED_NONE ((struct html_trusted){STR_NONE})

/* A URL that is safe in href: made by url.h alone. */
struct url {
    struct str text;
};

#define HTML_LIT(h, literal) buf_add((h)->out, "" literal, sizeof(literal) - 1)

#define HTML_TEXT(h, value)                                                                        \
    _Generic((value), struct str                                                                   \
             : html_text, struct html_trusted                                                      \
             : html_raw, int                                                                       \
             : html_number, unsigned                                                               \
             : html_number, long                                                                   \
             : html_number, unsigned long                                                          \
             : html_number, long long                                                              \
             : html_number, unsigned long long                                                     \
             : html_number)(h, value)
#define HTML_ATTRIBUTE(h, value)                                                                   \
    _Generic((value), struct str                                                                   \
             : html_escaped, int                                                                   \
             : html_number, unsigned                                                               \
             : html_number, long                                                                   \
             : html_number, unsigned long                                                          \
             : html_number, long long                                                              \
             : html_number, unsigned long long                                                     \
             : html_number)(h, value)
#define HTML_URL(h, value) _Generic((value), struct url : html_url)(h, value)

void html_escaped(struct html *h, struct str s);
/* Within <bdi> where it runs in another direction than the page. */
void html_text(struct html *h, struct str s);
void html_raw(struct html *h, struct html_trusted s);
void html_number(struct html *h, long long n); /* digits only, for machines */
void html_url(struct html *h, struct url url);

/* What one reads of mark-up, for where there can be none. In `arena`. */
struct str html_plain(struct arena *arena, struct str html);

/* What stands between here and html_captured becomes a value. */
size_t html_capture(struct html *h);
struct html_trusted html_captured(struct html *h, size_t begun);

/* Arguments of a message: %1, %2 … */
struct html_arg {
    enum { HTML_ARG_STR, HTML_ARG_TRUSTED, HTML_ARG_NUMBER } kind;
    struct str str;
    long long number; /* written with the language's digits and separators */
};
struct html_arg html_arg_str(struct str s);
struct html_arg html_arg_trusted(struct html_trusted t);
struct html_arg html_arg_number(long long n);
#define HTML_ARG(value)                                                                            \
    _Generic((value), struct str                                                                   \
             : html_arg_str, struct html_trusted                                                   \
             : html_arg_trusted, int                                                               \
             : html_arg_number, unsigned                                                           \
             : html_arg_number, long                                                               \
             : html_arg_number, unsigned long                                                      \
             : html_arg_number, long long                                                          \
             : html_arg_number, unsigned long long                                                 \
             : html_arg_number)(value)

/* `singular` in the page's language; where `plural` is given, the form for
 * `count`. Where it is plain (an attribute, a title), mark-up is no argument. */
void html_message(struct html *h, bool plain, const char *singular, const char *plural,
                  uint64_t count, const struct html_arg *args, size_t n);

#endif
