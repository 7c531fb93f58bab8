/* What of a shop is on sale where, and why not: each title's offer in each storefront, as
 * domain/offer.h judges it, or the restriction that withholds its sale.
 *
 * Who looks for titles, or counts reasons, asks a survey of the whole shop, which is kept in
 * memory and made anew where the catalogue, the decisions or the day are others. */
#ifndef COLOPHON_APP_SHOP_TITLES_H
#define COLOPHON_APP_SHOP_TITLES_H

#include "app/cover_fetch.h"
#include "app/gate.h"
#include "app/partner.h"
#include "domain/offer.h"

struct title_offer {
    const struct storefront *storefront;
    enum verdict verdict;
    const struct restriction *withheld; /* whatever the verdict; NULL: nothing is */
    int64_t minor;                      /* of the price chosen; -1: none */
    struct str currency;
    bool tax_included;
    int32_t available; /* of a preorder */
    struct str evidence;
};
typedef LIST(struct title_offer) title_offers;

struct shop_title {
    uint64_t edition, work, record;
    struct str key, title, subtitle, names, language;
    bool cover;             /* one was given */
    bool cover_named;       /* the record names one */
    struct cover_news news; /* of that; filled by who shows it, `link` empty where there is none */
    title_offers offers;    /* one for each storefront */
    struct edition facts;   /* the shop's record */
};
typedef LIST(struct shop_title) shop_title_list;

/* A title as it stands now. RC_NOT_FOUND where the shop has none of this key. */
enum rc shop_title_get(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                       const struct partner_shop *shop, struct str key, struct shop_title *ret,
                       struct fault *fault) MUST_CHECK;
/* All of them, one after the other; each lives until the next. */
typedef enum rc (*title_each)(void *context, const struct shop_title *title, struct fault *fault);
enum rc shop_titles_each(struct store_conn *conn, const struct gate_view *view,
                         const struct partner_shop *shop, title_each each, void *context,
                         struct fault *fault) MUST_CHECK;

/* ---- the survey ---- */

/* How a title stands in a storefront, for choosing and counting: a verdict, or that its sale
 * is withheld. */
enum { OFFERING_WITHHELD = VERDICT_COUNT, OFFERING_COUNT };
enum title_wish { WISH_ANY, WISH_SOLD, WISH_NOT_SOLD, WISH_OFFERING };

struct title_choice {
    struct str query;                    /* words of title and names, or an ISBN; may be empty */
    const struct storefront *storefront; /* of `wish`; NULL: in any of them */
    enum title_wish wish;
    int standing; /* with WISH_OFFERING */
    bool coverless;
};
bool title_chosen(const struct title_choice *choice, const struct shop_title *title);

struct title_counts {
    uint64_t titles, coverless;
    uint64_t rightless; /* on sale nowhere, since nobody stated where they may be sold */
    uint64_t (*standing)[OFFERING_COUNT]; /* by the view's storefronts */
};

/* Surveys that are kept, and what is being made of shops. */
struct title_surveys;
struct title_surveys *title_surveys_new(void);
void title_surveys_free(struct title_surveys *surveys);
/* Walking a whole shop for somebody takes a thread for long: one at a time for each account,
 * RC_LIMIT for the second. Ended by title_walk_end. */
enum rc title_walk_begin(struct title_surveys *surveys, uint64_t account,
                         struct fault *fault) MUST_CHECK;
void title_walk_end(struct title_surveys *surveys, uint64_t account);
/* The titles chosen, by title: `room` of them from `offset` on, how many there are, and the counts
 * of the whole shop. One thread at a time surveys a shop: others take the survey before, or wait
 * for the first; RC_BUSY after ten seconds. */
enum rc title_survey_find(struct title_surveys *surveys, struct store_conn *conn,
                          struct arena *arena, const struct gate_view *view,
                          const struct partner_shop *shop, const struct title_choice *choice,
                          size_t offset, size_t room, shop_title_list *ret, uint64_t *ret_total,
                          struct title_counts *ret_counts, struct fault *fault) MUST_CHECK;

#endif
