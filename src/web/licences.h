/* Licences: the Record's page, and the operator's. */
#ifndef COLOPHON_WEB_LICENCES_H
#define COLOPHON_WEB_LICENCES_H

#include "app/licences.h"
#include "web/page.h"

/* One format in one storefront. */
struct licence_cell {
    struct str format, word;
    const struct licence_answer *answer;
    bool sells;
    bool counted;    /* at the desk, where the index could be asked */
    uint64_t titles; /* sold there now */
};
struct licence_place {
    const struct storefront *storefront;
    LIST(struct licence_cell) cells;
};
struct need_line {
    const struct licence_need *need;
    struct str formats, activity, kind, reasons;
    bool former; /* something else was stated since of all that it is about */
};
struct licence_line {
    const struct licence *licence;
    struct str kind, formats, activities, state;
    const char *state_class;
    LIST(struct licence_step) steps;
    bool chosen;      /* in the form that was sent */
    bool soon;        /* it ends within LICENCE_WARN_DAYS */
    struct str stops; /* what would not be sold any more without it; empty: nothing */
};
struct gap_line {
    const struct licence_gap *gap;
    struct str country, formats;
    enum licence_standing standing;
};
enum { LICENCE_WARN_DAYS = 90 };

struct licences_view {
    LIST(struct licence_place) places;
    LIST(struct need_line) needs;
    LIST(struct licence_line) licences; /* by country */
    LIST(struct gap_line) gaps;         /* the last first */
    struct pager pager;                 /* of the public page; the desk shows all */
};
struct desk_licences_view {
    struct licences_view all;
    struct str error;
    const parameters *form; /* as it was sent */
    choice_list need_countries, countries, needs, kinds, need_kinds, activities, need_activities,
        formats, need_formats, statuses, new_statuses;
    size_t soon;
};

struct str word_licence_format(const struct page *p, enum licence_format format);
struct str word_licence_activity(const struct page *p, enum licence_activity activity);
struct str word_licence_status(const struct page *p, enum licence_status status);
/* The formats that stand so, by enum licence_format; empty: none. */
struct str licence_formats(const struct page *p, const struct licence_answer *answers,
                           enum licence_standing standing);
struct str word_licence_status_named(const struct page *p, struct str name);
struct str licence_field(const struct desk_licences_view *v, const char *name);

#endif
