/* The Record's pages. */
#ifndef COLOPHON_WEB_RECORD_H
#define COLOPHON_WEB_RECORD_H

#include "app/complaint.h"
#include "app/counters.h"
#include "app/listing.h"
#include "app/parties.h"
#include "app/restriction_view.h"
#include "web/demand_list.h"
#include "web/page.h"
#include "web/record_filter.h"
#include "web/record_story.h"

/* One ground's line of the chart; percents are of the longest bar. */
struct ground_bar {
    struct str name;
    size_t in_effect, ended, all;
    unsigned now_percent, all_percent;
};

/* One country, or one who asked, with what that amounts to today. */
struct record_row {
    struct str name;
    struct url url; /* its page; empty where it has none */
    struct str what, wish;
    uint64_t works;
    size_t in_effect, all;
    struct str asked; /* "3 demands: 2 refused and 1 open"; empty: none */
    struct url asked_url;
};
typedef LIST(struct record_row) record_rows;

struct record_view {
    struct str kind, heading; /* of what is asked for; the whole Record has its own */
    bool whole;               /* nothing is asked for: the page begins with a summary */
    uint64_t in_effect, all, size;
    struct str withheld_today;    /* "2 editions and 1 collection" */
    record_rows places, wishes;   /* empty where the page does not show them */
    struct demand_part demands;   /* sum NULL: the page does not show them */
    LIST(struct ground_bar) bars; /* the most asked for first */
    int64_t signed_at;
    struct pace_summary pace;
    struct str checkpoint, vkey;
    struct record_form form;
    choice_list filters; /* by state */
    struct url feed, json, everything;
    bool titles_left_out;
    LIST(struct restriction_view) restrictions;
    struct pager pager;
};

struct embed_view {
    struct url all; /* what is shown, as the Record's page has it */
    struct str words, origin;
    uint64_t in_effect;
    LIST(struct restriction_view) restrictions;
};

struct agreements_view {
    agreement_list agreements;
    disclosure_list disclosures;
};

struct ranking_view {
    uint64_t version, index; /* version 0: its entry waits */
    bool same;               /* the published rule is the one below */
    struct str rule, hash;
};

struct proof_view {
    uint64_t index, size;
    struct str leaf, json;
    LIST(struct str) path;
};

struct record_entry_view {
    struct str heading, text; /* Markdown */
    int64_t at;
    bool published;
    struct proof_view proof;
};

struct restriction_page_view {
    struct restriction_view restriction;
    struct story_view story;
    struct url list;
    struct str root;
    LIST(struct record_entry_view) entries;
    complaint_lines complaints;
};
struct url link_agreement_copy(const struct page *p, const struct agreement *a);
struct url link_log_entry(const struct page *p, int64_t index); /* of the decisions */

/* A restriction that an absence proof names. */
struct absence_line_view {
    uint64_t id;
    struct str features, part;
    enum restriction_state state;
};

struct absence_view {
    struct str work; /* as it was asked for */
    struct str language;
    bool asked, unknown;
    choice_list storefronts;
    LIST(struct absence_line_view) restrictions;
    size_t in_effect, keys, bytes;
    uint64_t size;
    int64_t at;
    struct url proof;
};
/* The entry with its proof, of the decisions log. */
enum rc record_proof(struct context *c, uint64_t index, struct proof_view *ret,
                     struct fault *fault) MUST_CHECK;

struct listed_view {
    struct listing_overview overview;
    unsigned kept;
};
struct str word_listed(const struct page *p, struct str storefront); /* the country's name */
struct str word_left(const struct page *p, struct str reason);
struct url link_list(const struct page *p, const char *kind, struct str root, const char *more);

struct check_view {
    struct str base, vkey, voices_vkey;
};

#endif
