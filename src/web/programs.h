/* Programs of a shop at its desk: keys for the API, and what is told to them. */
#ifndef COLOPHON_WEB_PROGRAMS_H
#define COLOPHON_WEB_PROGRAMS_H

#include "app/shop_keys.h"
#include "app/webhooks.h"
#include "web/partner.h"

struct program_duty {
    const char *name;
    struct str word;
    bool chosen; /* in the form as it was sent */
};
struct programs_view {
    struct partner_shop shop;
    struct str error, typed; /* of a key that was not made */
    struct str key;          /* that was made a moment ago; else empty */
    shop_key_rows keys;
    LIST(struct program_duty) duties;
    struct str url_error, url; /* of the webhook's form; where it goes now */
    struct str secret;         /* of one that was set a moment ago; else empty */
    webhook_events told;
};
/* "order.paid" in words, and what came of telling it. */
struct str word_event_kind(const struct page *p, const struct webhook_event *e);
struct str word_event_end(const struct page *p, const struct webhook_event *e);
/* What comes of it next; empty: nothing. */
struct str word_event_next(const struct page *p, const struct webhook_event *e);
const char *event_class(const struct webhook_event *e);
struct url link_event_again(const struct page *p, const struct programs_view *v,
                            const struct webhook_event *e);
struct str word_duties(const struct page *p, const struct shop_key_row *key);
struct url link_key_remove(const struct page *p, const struct programs_view *v,
                           const struct shop_key_row *key);

#endif
