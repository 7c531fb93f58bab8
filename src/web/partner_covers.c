/* What became of a cover that a feed names, in words. */
#include "web/partner.h"

#define N_(text) text

static const struct {
    const char *said, *text;
} troubles[] = {
    {"link", N_("The link is no web address; it must begin with https:// or http://.")},
    {"address", N_("The link leads to an address that is not on the public network.")},
    {"unreachable", N_("The server that the link names cannot be reached.")},
    {"slow", N_("The server that the link names took too long.")},
    {"large", N_("The file is larger than 20 MB.")},
    {"status", N_("The server that the link names answered %1.")},
    {"picture",
     N_("What came is no picture that can be read: JPEG, PNG, WebP, AVIF, GIF or TIFF.")},
};

bool cover_is_fetched(const struct shop_title *t)
{
    return t->cover && str_eq(t->news.said, STR("fetched"));
}

struct str word_cover_trouble(const struct page *p, const struct shop_title *t)
{
    char status[16];
    snprintf(status, sizeof status, "%u", t->news.status);
    struct str args[] = {str_of(status)};
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        if (str_eq(t->news.said, str_of(troubles[i].said)))
            return word_filled(p, troubles[i].text, args, 1);
    return STR_NONE;
}

void fill_cover_news(struct context *c, struct shop_title *t)
{
    if (!cover_news(c->worker->conn, c->arena, t->edition, &t->news))
        t->news = (struct cover_news){STR_NONE, STR_NONE, 0, 0, 0};
}
