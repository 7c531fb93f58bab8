/* Which of a work's reviews an address asks for, and the ways from there to other choices:
 * each value a link that takes it or lets it go. */
#ifndef COLOPHON_WEB_REVIEW_CHOICE_H
#define COLOPHON_WEB_REVIEW_CHOICE_H

#include "web/lists.h"

struct review_choices {
    bool any; /* something was chosen, order apart */
    struct review_choice made;
    choice_list orders;
    struct facet_view stars, languages, bought;
    LIST(struct facet_choice) taken; /* each with the way to the list without it */
    struct url all;                  /* without any of them */
    struct url list;                 /* as it is asked for, without its page */
};

/* Of the query: sort, bought, stars, language, the latter two as often as wished. */
enum rc review_choice_read(struct context *c, struct review_choice *ret, bool *ret_asked,
                           struct fault *fault) MUST_CHECK;
/* `base`: the list with nothing chosen. */
void review_choices_fill(const struct page *p, struct url base, const struct shown_reviews *shown,
                         struct review_choices *v);

#endif
