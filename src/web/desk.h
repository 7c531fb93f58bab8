/* The operator's desk. */
#ifndef COLOPHON_WEB_DESK_H
#define COLOPHON_WEB_DESK_H

#include "app/restriction_view.h"
#include "app/running.h"
#include "web/page.h"

struct desk_view {
    LIST(struct restriction_view) restrictions;
    uint64_t lifts_waiting;
    uint64_t demands, proposals, complaints, hints; /* so many wait for somebody */
    uint64_t payments; /* that came and are held, and what the check of sales found */
    uint64_t findings;
    struct running running;
    uint64_t letters_waiting, letters_failed;
    struct url licence,
        zip_licence; /* of what the reader in the browser is made of; empty: there is none */
};

struct desk_add_view {
    struct str error, key, authority, legal_basis, reference, reason, from, until, review;
    struct str state_involved, scope_reason, seal_until, terms_version;
    bool key_wrong; /* the fault is about what is restricted, under whatever name */
    choice_list targets, storefronts, features, grounds;
};

/* Before it is published. */
struct desk_look_view {
    struct restriction_view wish;
    const struct restriction_order *order;
    parameters fields; /* of the form, to be sent once more */
};

struct desk_lift_view {
    struct restriction_view restriction;
    struct str error, reason;
};

/* Begins a page of the desk; `title` is a msgid. */
struct page desk_begin(struct context *c, const char *title, struct response *ret);

/* Whether it is about what is to be withheld, under whatever name. */
bool fault_is_of_key(struct str error);
/* To that page of the desk, which says that it is done. */
void go_to_done(struct context *c, struct response *ret, struct str path);

struct url link_lift(const struct page *p, uint64_t id);

#endif
