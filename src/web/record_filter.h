/* What of the Record a page, a feed or JSON is asked for: the same GET parameters
 * everywhere, so that a list, its feed and its JSON are one address but for the path. */
#ifndef COLOPHON_WEB_RECORD_FILTER_H
#define COLOPHON_WEB_RECORD_FILTER_H

#include "app/record_query.h"
#include "web/page.h"

struct record_query record_filter_read(const struct context *c);
/* `path` with what is asked behind it. */
struct url record_filter_url(struct arena *arena, struct url path, const struct record_query *q);
/* The same with another value for one field; empty: without it. */
struct url record_filter_with(struct arena *arena, struct url path, const struct record_query *q,
                              enum record_field field, struct str value);

/* The form: its choices with their words. `authorities` are the known ones. */
struct record_form {
    struct str text, shop, from, to;
    struct str any, anything; /* what stands where nothing is chosen */
    choice_list countries, authorities, grounds, features, targets, states; /* .tag: the value */
    bool open;
};
struct record_form record_form_make(const struct page *p, const struct record_query *q,
                                    const record_sums *wishes);

/* "Restrictions in China, at the wish of …": for titles of pages and feeds. */
struct str record_filter_words(const struct page *p, const struct record_query *q);

struct str word_target_kind(const struct page *p, enum target_kind kind); /* "a collection" */
struct url link_authority(const struct page *p, struct str authority);

#endif
