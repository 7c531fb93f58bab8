/* Home, search, browsing, collections, contributors, shops. */
#ifndef COLOPHON_WEB_LISTS_H
#define COLOPHON_WEB_LISTS_H

#include "app/find.h"
#include "app/library.h"
#include "web/following.h"
#include "web/page.h"

struct facet_choice {
    struct str name, of; /* `of`: the facet's, where it stands alone */
    struct url url;
    uint64_t count;
    bool chosen;
};

struct facet_view {
    struct str name;
    bool uncounted; /* it is only known that each has some */
    LIST(struct facet_choice) values;
};

/* A number that finds nothing: a good one that no title here has, or none at all. */
enum isbn_typed { ISBN_NONE, ISBN_UNKNOWN, ISBN_MISTYPED };

struct search_view {
    struct str kind, heading;      /* kind: of what the page is about; may be empty */
    struct search_instead instead; /* what was looked for, and the way to what was typed */
    struct url exactly;
    struct str better; /* a near text that finds many times as much, and the way to it */
    struct url to_better;
    struct url ask; /* a letter to the shop; empty where it named no address */
    enum isbn_typed isbn;
    uint64_t total, works, first; /* editions; of so many works */
    struct shown_withheld withheld;
    shown_cards cards;
    const struct shown_beside *beside; /* of each card */
    choice_list crumbs, subjects, sorts, views;
    bool grid;                 /* covers beside each other, instead of a list */
    struct html_trusted trail; /* the crumbs for machines */
    choice_list elsewhere;     /* subjects to go on with, where nothing is found */
    LIST(struct facet_view) facets;
    LIST(struct facet_choice) chosen; /* each with the way to the list without it */
    struct url unchosen;              /* without any; empty where there are not several */
    struct pager pager;
};

struct subject_branch {
    struct str name;
    struct url url;
    uint64_t count;
    LIST(struct facet_choice) below;
};
struct subjects_view {
    LIST(struct subject_branch) subjects;
};

/* What stands around the shelves of a home page. */
struct home_around {
    struct str unlicensed, unresearched; /* forms of books that are not sold here; may be empty */
    bool nothing;                        /* is sold here */
    choice_list subjects;                /* then: those there are books of */
    library_books reading;               /* that the viewer began; nobody else's page has them */
};

/* The doors of "/": each country with its languages. */
struct storefront_door {
    struct str country, currency;
    choice_list languages;
};
struct storefronts_view {
    LIST(struct storefront_door) doors;
};

/* What a list is asked for in the address: words, order, choices, which page. */
enum rc list_order_read(struct context *c, struct find_order *order, uint64_t *ret_page,
                        struct fault *fault) MUST_CHECK;
/* How many editions of a subject were found, and the subjects one level below it (empty: the
 * first). */
uint64_t list_subject_count(const struct found *found, struct str code);
void list_subjects_below(const struct page *p, struct str below, choice_list *ret);

struct url link_newest(const struct page *p); /* of all that is listed */
struct url link_soon(const struct page *p);
struct url link_best(const struct page *p);
struct url link_set(const struct page *p, const struct shown_shelf *set);
struct url link_reviews(const struct page *p, struct str key);

/* Names by the alphabet. */
struct names_view {
    enum directory_kind kind;
    struct shown_names names;
    struct url *links;   /* of each name */
    choice_list letters; /* with the way to each */
    choice_list own;     /* collections that the shop made */
    struct pager pager;
};

/* Works under one heading; empty: under none. */
struct works_group {
    struct str heading;
    uint64_t first;
    shown_cards cards;
};

struct works_view {
    struct follow_view follow; /* of a contributor */
    struct str kind, name;
    struct str transliterated; /* may be empty */
    bool person;               /* it is a contributor's page: */
    struct shown_person who;
    shown_namesakes namesakes;
    LIST(struct works_group) groups;
    struct str maker;                    /* who made a collection, and when; may be empty */
    const struct disclosure *disclosure; /* of a shop; NULL: none */
    const struct seller *seller;         /* of a shop; NULL: nobody said */
    shown_slips slips;
    struct shown_page page;
    struct pager pager;
    uint64_t first;
};

struct series_view {
    struct follow_view follow;
    struct shown_series series;
    choice_list orders; /* none where there is one alone */
    struct pager pager;
};

#endif
