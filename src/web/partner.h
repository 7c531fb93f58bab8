/* The partners' desk: one shop's feeds and titles. */
#ifndef COLOPHON_WEB_PARTNER_H
#define COLOPHON_WEB_PARTNER_H

#include <stdio.h>

#include "app/corrections.h"
#include "app/epub_uploads.h"
#include "app/feeds.h"
#include "app/partner.h"
#include "app/shop_titles.h"
#include "web/page.h"

struct partner_desk_view {
    partner_shop_list shops;
};

struct partner_shop_view {
    struct partner_shop shop;
    struct str error; /* of the file that was sent */
    feed_list feeds;
    uint64_t total;
    struct pager pager;
};

/* How the shop's titles stand in one storefront. */
struct storefront_standing {
    struct str country;
    uint64_t titles, sold;
    struct url sold_url;
    struct str reason; /* why most of the others are not sold; empty: all are */
    uint64_t reason_n;
    struct url reason_url;
};

struct feed_view {
    struct partner_shop shop;
    struct feed feed;
    struct feed_before before;                  /* once it was taken */
    LIST(struct storefront_standing) standings; /* once something of the feed is in */
    uint64_t rightless;                         /* titles, as title_counts has them */
    struct url rightless_url;
    unsigned percent;    /* of the file that is read */
    uint64_t estimated;  /* records in all; 0: nobody knows yet */
    uint64_t rate;       /* records a second */
    uint64_t remaining;  /* seconds; 0: nobody knows */
    bool under_way;      /* it waits or runs: the page asks for itself again */
    bool still;          /* unless it was told not to */
    struct url stop;     /* so */
    struct str severity; /* of the findings shown; empty: of both */
    finding_list findings;
    struct url first, next; /* pages of findings; empty where there is none */
};

/* How many titles stand so in a storefront, and where they are listed. */
struct reason_cell {
    struct str country;
    uint64_t n;
    struct url url;
};
struct reason_row {
    struct str name;
    bool sells;
    LIST(struct reason_cell) cells; /* by the view's storefronts */
};

struct titles_view {
    struct partner_shop shop;
    struct str query, where, why; /* as they were asked for */
    bool coverless;
    shop_title_list titles;
    uint64_t total;
    struct title_counts counts;
    LIST(struct reason_row) reasons;
    choice_list wheres, whys; /* of the form */
    struct pager pager;
    struct url csv, missing; /* the list to take along; titles without a cover */
};

/* What became of the cover that a title's record names (app/cover_fetch.h). */
void fill_cover_news(struct context *c, struct shop_title *t);
bool cover_is_fetched(const struct shop_title *t);
/* Why it could not be fetched, as a sentence; empty where nothing is wrong. */
struct str word_cover_trouble(const struct page *p, const struct shop_title *t);

struct title_view {
    struct partner_shop shop;
    struct shop_title title;
    corrected_fields fields;
    struct str error; /* of the corrections that were sent */
    bool done;        /* they are made */
    bool digital;     /* it takes an EPUB */
    epub_versions epubs;
    bool epub_kept;            /* a file of one is still here */
    struct epub_upload upload; /* the last one that was sent */
};

/* The title's page, once more, with what `v` says of what was just sent. */
enum rc show_partner_title(struct context *c, struct title_view *v, struct response *ret,
                           struct fault *fault) MUST_CHECK;
/* EPUBs of the title, for its page. */
enum rc fill_epubs(struct context *c, struct title_view *v, struct fault *fault) MUST_CHECK;

/* What every page of one shop's desk begins with: its shop, which is the first capture, and
 * RC_NOT_FOUND where it is not the viewer's. `title` is a msgid. */
enum rc partner_begin(struct context *c, const char *title, struct partner_shop *ret_shop,
                      struct page *ret_page, struct response *ret, struct fault *fault) MUST_CHECK;
/* The shop's own page, with what was wrong with the file that was sent, or nothing. */
enum rc show_partner_shop(struct context *c, struct page *p, const struct partner_shop *shop,
                          struct str error, struct response *ret, struct fault *fault) MUST_CHECK;
/* What was written to `out` is the answer, as a file to take along. */
enum rc answer_download(struct response *ret, FILE *out, const char *type, struct str name,
                        struct arena *arena, struct fault *fault) MUST_CHECK;

/* "/desk/partner/SHOP/PLACE", and a feed's page with what follows it. */
struct url link_partner(const struct page *p, const struct partner_shop *shop, const char *place);
struct url link_feed(const struct page *p, const struct partner_shop *shop, uint64_t id,
                     const char *part);
struct url link_feed_of(const struct feed_view *v, const struct page *p, const char *severity);

struct url link_title(const struct page *p, const struct partner_shop *shop, struct str key,
                      const char *part);
/* The title's page for readers, in that storefront. */
struct url link_title_there(const struct page *p, const struct title_offer *o, struct str key);
/* "Withheld: restriction 3", or the verdict. */
struct str word_offering(const struct page *p, const struct title_offer *o);
/* "Corrected by Pia on 30 November 2026." */
struct str word_corrected(const struct page *p, const struct corrected_field *f);
struct str word_field(const struct page *p, const struct corrected_field *f);
bool offer_sells(const struct title_offer *o);
/* A verdict, or OFFERING_WITHHELD: as queries name it, and in words. */
struct str offering_name(int standing);
struct str word_offering_of(const struct page *p, int standing);
/* The shop's titles that stand so in a storefront; `why`: "sold", or an offering's name. */
struct url link_titles_of(const struct page *p, const struct partner_shop *shop,
                          const struct storefront *in, struct str why);

struct str word_feed_state(const struct page *p, const struct feed *f);
const char *feed_state_class(const struct feed *f);
/* Whether what was found is why the feed is held, which its page says first. */
bool finding_stands_above(const struct feed *f, const struct feed_finding *x);
struct url link_partner_desk(const struct page *p, struct str slug);
struct str word_bytes(const struct page *p, uint64_t bytes);   /* "12.5 MB" */
struct str word_while(const struct page *p, uint64_t seconds); /* "2 minutes" */

#endif
