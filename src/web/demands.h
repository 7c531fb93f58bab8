/* Demands: the form that anybody fills in, the sender's page, the Record's page, and
 * the desk's queue. */
#ifndef COLOPHON_WEB_DEMANDS_H
#define COLOPHON_WEB_DEMANDS_H

#include "app/complaint.h"
#include "app/decide.h"
#include "app/demand.h"
#include "app/demand_voice.h"
#include "app/restriction_view.h"
#include "app/shown.h"
#include "web/page.h"
#include "web/record_story.h"

struct demand_form_view {
    struct str error;
    struct url action;
    choice_list senders, targets, storefronts, features, grounds;
    struct str key, country, authority, legal_basis, reference, explanation, scope_reason,
        state_involved, name, email;
    bool redress, report_to, declared_language, good_faith;
    bool of_list;   /* a reader's list led here */
    bool key_wrong; /* a fault is about what is meant, under whatever name */
};

/* What a reader reports: one review or comment, by the form that asks no more than that takes. */
struct report_form_view {
    struct str error;
    struct url action, whole;
    struct str target, key, feature, storefront;
    struct shown_quote quote; /* without text: there is none to be shown */
    choice_list titles;       /* of a reader's list, one of which is meant; none: `key` says it */
    choice_list grounds;
    struct str explanation, name, email;
    bool good_faith;
};

/* One demand in words. */
struct demand_page_view {
    const struct demand_view *d;
    struct restriction_view wish; /* what it asks for, in the shape that words take */
    struct str sender, missing, standing;
    struct str claimed;      /* what the sender names and nobody checked; empty */
    bool waits;              /* undecided */
    struct story_view story; /* empty while the entry waits, and in lists */
    struct url proof;        /* empty while the entry waits */
    struct url receipt;
    struct url copy, document;         /* empty: none */
    const struct own_demand_view *own; /* the sender's page; NULL: everybody's */
};

/* What the sender alone sees. */
struct own_demand_view {
    bool secret; /* by the secret in its address */
    struct contest_view contest;
    struct str error, text;
    struct url action, receipt; /* of a complaint; receipt empty: there is none */
};
struct own_demand_line {
    struct demand_page_view demand;
    struct url page, receipt; /* receipt empty while the entry waits */
};
typedef LIST(struct own_demand_line) own_demand_lines;

struct desk_demand_view {
    struct demand_page_view demand;
    struct demand_private private;
    bool of_voice;             /* it is about a review or comment */
    struct demand_voice voice; /* that; without text: it was withdrawn */
    struct url voice_page;     /* empty: there is none */
    struct str error, reason, until, review, scope_reason, state_involved, terms_version;
    struct str authority, legal_basis, reference; /* to be checked, where the sender named them */
    choice_list outcomes, storefronts, features;
    struct url action;
    struct str copy_text;
    struct url copy_action;
    bool acknowledged; /* an entry says when its sender was told that it came in */
    bool telling;      /* that form was sent */
    struct str sent;
    struct url told_action;
};

struct desk_queue_line {
    struct demand_page_view demand;
    struct url page;
    bool late;
};
struct proposal_line {
    const struct proposal_view *proposal;
    struct restriction_view wish;
    struct str what, shown;
    struct url approve, drop;
    bool own; /* whoever looks proposed it */
};
struct desk_queue_view {
    struct str error;
    LIST(struct desk_queue_line) demands;
    LIST(struct proposal_line) proposals;
};

struct url link_demand(const struct page *p, uint64_t id);
struct str word_sender(const struct page *p, enum demand_sender sender);
struct str word_outcome(const struct page *p, enum demand_outcome outcome);
struct str word_missing(const struct page *p, element_mask missing);
/* What it asks for, in the shape that words take; without a title. */
struct restriction_view demand_wish(struct arena *arena, const struct demand_entry *d);
/* Fills in everything but its story and links of the sender's own. */
enum rc demand_page_fill(struct context *c, const struct page *p, const struct demand_view *d,
                         struct demand_page_view *ret, struct fault *fault) MUST_CHECK;
/* A demand by its number, for its page. */
enum rc demand_page_load(struct context *c, uint64_t id, const struct page *p,
                         struct demand_page_view *ret, struct fault *fault) MUST_CHECK;
/* A paper: what others handed in. */
void answer_paper(struct response *ret, struct str type, struct str disposition, struct str bytes);
struct url link_own_demand(const struct page *p, uint64_t id);
/* Those of whoever is signed in. */
enum rc own_demand_lines_fill(struct context *c, const struct page *p, own_demand_lines *ret,
                              struct fault *fault) MUST_CHECK;

#endif
