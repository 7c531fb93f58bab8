/* Pages of the texts that a storefront owes its readers, and the desk at which they are written. */
#ifndef COLOPHON_WEB_TEXTS_H
#define COLOPHON_WEB_TEXTS_H

#include "base/diff.h"
#include "web/desk.h"
#include "web/markdown.h"

struct text_line {
    struct text_version version;
    bool in_force, coming;
    struct url url;
};
typedef LIST(struct text_line) text_lines;

struct text_view {
    struct shop_text text; /* the version that is shown */
    struct str lang;       /* where it is not the page's; else empty */
    struct str plain;      /* of the line about the shop */
    struct html_trusted body;
    bool in_force, coming; /* neither: it was */
    struct url present;    /* the page of the text that is in force */
    text_lines versions;
    uint64_t before;    /* the version that `changes` begin at; 0: none */
    choice_list others; /* that it can be compared with */
    struct url own;     /* this version's page */
    diff_list changes;
};

/* One text at the desk: one language of one kind. */
struct desk_text_line {
    enum text_kind kind;
    struct str language;             /* empty: it is written in none */
    const struct shop_text *present; /* NULL: none is in force */
    const struct shop_text *coming;  /* the next; may be NULL */
    struct url edit, page;
};
struct desk_texts_view {
    const struct storefront *storefront;
    choice_list storefronts, kinds, languages;
    LIST(struct desk_text_line) lines;
};

struct desk_text_view {
    struct str error;
    const struct storefront *storefront;
    enum text_kind kind;
    struct str language, body, from;
    bool withdraw;
    uint64_t after; /* the latest version */
    bool previewed;
    struct str plain;
    struct html_trusted preview;
    text_lines versions;
    struct url page;    /* the text as readers have it; empty: they have none */
    written_links dead; /* addresses in it that lead nowhere */
};

#endif
