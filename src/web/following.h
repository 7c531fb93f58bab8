/* What readers follow: the button on the page of a contributor or a series, one's own page with the
 * news, feeds, and letters that end without signing in. */
#ifndef COLOPHON_WEB_FOLLOWING_H
#define COLOPHON_WEB_FOLLOWING_H

#include "app/follow.h"
#include "web/page.h"

/* On the page of what may be followed. */
struct follow_view {
    enum follow_kind kind;
    uint64_t id;
    bool followed;
    struct url page, feed; /* feed empty: this may not be followed */
};
/* And the token of its form, where somebody is signed in. */
enum rc follow_view_fill(struct context *c, struct page *p, enum follow_kind kind, uint64_t id,
                         struct url page, struct response *ret, struct follow_view *ret_view,
                         struct fault *fault) MUST_CHECK;

struct following_view {
    followed_list following;
    struct shown_news news;
    struct str error;
    struct url feed;      /* whole, to be handed on; empty: there is none yet */
    bool mail;            /* the shop sends some */
    bool letters;         /* they are wanted */
    struct str elsewhere; /* the country of the storefront they tell of, where it is another */
    bool confirmed;       /* the address: else no letters go there */
};

struct stop_view {
    bool done;
    struct url action;
};

struct url link_followed(const struct page *p, const struct followed *f);
/* Why an item is news: the name of what is followed; empty where it is followed no more. */
struct str news_reason(const struct following_view *v, const struct news_item *item);
bool news_is_first_of_day(const struct following_view *v, const struct news_item *item);

#endif
