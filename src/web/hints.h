/* "Something wrong?": the form on a title's page, and the queue at the desk of its shop. */
#ifndef COLOPHON_WEB_HINTS_H
#define COLOPHON_WEB_HINTS_H

#include "app/hints.h"
#include "web/partner.h"

struct hint_form_view {
    struct str error;
    const struct shown_edition *edition;
    struct url book, action, demand;
    choice_list whats;
    struct str words, email;
    bool sent; /* it was: the page says thank you */
};

struct hints_view {
    struct partner_shop shop;
    hint_lines open, done;
    uint64_t total; /* of those that are open */
};

struct str word_hint_what(const struct page *p, enum hint_what what);
/* Where the title is corrected: its page at this desk, or its prices there. */
struct url link_hint_title(const struct page *p, const struct hints_view *v,
                           const struct hint_line *l);
struct url link_hint_done(const struct page *p, const struct hints_view *v,
                          const struct hint_line *l);
struct url link_hints_done(const struct page *p, const struct hints_view *v);
struct url link_mail_to(const struct page *p, struct str address);
struct str word_hint_storefront(const struct page *p, const struct hint_line *l);

#endif
