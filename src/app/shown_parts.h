/* Inside app/: what the makers of shown types share. */
#ifndef COLOPHON_APP_SHOWN_PARTS_H
#define COLOPHON_APP_SHOWN_PARTS_H

#include "app/shown.h"
#include "record/entry.h"

struct catalogue_edition;

/* "paperback", "hardback", "ebook", "audio", "other": the index's facet too. */
struct str shown_form(const struct edition *e);
/* Title and key of one of the work's editions that may be listed here, so that it
 * can be named. Where there is none the title stays empty: the key alone leads to
 * what is the reader's own. */
enum rc shown_work_name(const struct visit *visit, uint64_t work, struct str *ret_key,
                        struct str *ret_title, struct fault *fault) MUST_CHECK;
/* Who wrote it first of all. */
bool shown_is_author(const struct shown_contributor *c);
/* So many works of theirs are looked at for the places of their shelf. */
enum { SHELF_WORKS = 2 * SHELF_PLACES };
/* The card of an edition without what takes questions of its own: stars, collections, the ids
 * of contributors. False where `feature` is withheld. */
enum rc shown_card_bare(const struct visit *visit, enum feature feature,
                        const struct catalogue_edition *stored, bool *ret_shown,
                        struct shown_card *ret, struct fault *fault) MUST_CHECK;
/* How well an edition stands for its work here. */
unsigned shown_fitness(const struct visit *visit, const struct shown_card *card);
struct market shown_market(const struct storefront *storefront, int64_t now,
                           const struct licence_answer *licences);
enum rc shown_stars_load(const struct visit *visit, uint64_t work, const struct visibility *v,
                         struct shown_stars *ret, struct fault *fault) MUST_CHECK;
/* What is withheld here of a work's voices by restrictions on single reviews and
 * comments, of those that stand. */
struct withheld_alone {
    uint64_t n[VOICE_KIND_COUNT];
    shown_bys by[VOICE_KIND_COUNT];
    struct rating_sum stars; /* of those ratings */
    LIST(uint64_t) under;    /* for each of those comments, the id of its review */
};
enum rc shown_withheld_alone(const struct visit *visit, uint64_t work, struct withheld_alone *ret,
                             struct fault *fault) MUST_CHECK;
/* The features of one review or comment that are withheld beyond what is withheld
 * around it. */
feature_mask shown_alone(const struct visit *visit, const struct visibility *around,
                         const struct visibility_facts *facts, struct visibility *ret);
/* A work's stars without those that are withheld alone. */
enum rc shown_stars_sum(const struct visit *visit, uint64_t work, struct rating_sum *ret,
                        struct fault *fault) MUST_CHECK;
/* What there is to choose from, among the latest. */
enum rc shown_choices(const struct visit *visit, const struct visibility *around, uint64_t work,
                      const struct review_choice *choice, struct shown_choice *ret,
                      struct fault *fault) MUST_CHECK;
/* The ids of the reviews that were chosen, those of one page, and what there is to count. */
enum rc shown_choose(const struct visit *visit, const struct visibility *around, uint64_t work,
                     const struct review_choice *choice, size_t offset, size_t limit,
                     uint64_t **ret, size_t *ret_n, struct shown_choice *ret_choice,
                     struct fault *fault) MUST_CHECK;
/* The restrictions in effect, in whatever storefront, on one review or comment. */
shown_slips shown_slips_on(const struct visit *visit, enum target_kind kind, uint64_t index);
/* Restrictions in effect here whose target is this very thing. */
/* Marks those that the viewer wants to read or rated; of nobody who is not signed in. */
enum rc shown_mark_own(const struct visit *visit, const shown_cards *cards,
                       struct fault *fault) MUST_CHECK;
shown_slips shown_slips_of(const struct visit *visit, enum target_kind kind, struct str key);
/* A page out of these works, in their order. */
enum rc shown_page_of(const struct visit *visit, const uint64_t *works, size_t n, size_t offset,
                      size_t limit, struct shown_page *ret, struct fault *fault) MUST_CHECK;
/* Who withholds a work that no list shows: the work's own restriction, or that of its first
 * edition; NULL where it has no edition any more. */
enum rc shown_withholder_of(const struct visit *visit, uint64_t work,
                            const struct restriction **ret, struct fault *fault) MUST_CHECK;
/* One edition of a list that is withheld by itself. */
struct withheld_edition {
    uint64_t work, edition;
    bool partly; /* the work is shown with another one */
};
/* What withholding one of `features` leaves out here of a list: these works (ascending), and
 * these editions (by work). A work of both counts among the works. */
enum rc shown_withholders(const struct visit *visit, feature_mask features, struct work_set works,
                          const struct withheld_edition *editions, size_t edition_n,
                          struct shown_withheld *ret, struct fault *fault) MUST_CHECK;
/* Counts one work more that `r` keeps from a shelf. */
void shown_withheld_add(const struct visit *visit, struct shown_withheld *ret,
                        const struct restriction *r);
/* Works one of whose editions is withheld here by itself: ascending. */
struct work_set shown_partly(const struct visit *visit, enum feature feature);

#endif
