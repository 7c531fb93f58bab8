/* Inside audit/: one work, being compared with what the Record says of it. */
#ifndef COLOPHON_AUDIT_WORK_H
#define COLOPHON_AUDIT_WORK_H

#include <jansson.h>

#include "audit/parts.h"
#include "domain/visibility.h"

/* What a book's page shows of what readers say; the rest stands on further pages. */
enum { AUDIT_PAGE = 100, REVIEWS_ON_PAGE = 20, COMMENTS_ON_PAGE = 50 };

/* An edition as the storefronts list it between them. */
struct known_edition {
    struct str key;
    struct str title;
};

/* One work being compared. */
struct auditing {
    struct audit *a;
    struct arena *arena; /* of this work */
    uint64_t work;
    bool named;                      /* by an entry or a list; else its number was guessed */
    const struct voice_count *count; /* NULL: the voices log does not name it */
    struct known_edition *editions;  /* of all storefronts */
    size_t edition_count, edition_room;
    const struct restriction **candidates; /* those in effect that cover it */
    size_t candidate_count;
};

struct tally {
    uint64_t shown, withheld, withdrawn, erased;
};

/* A work in one storefront. */
struct work_here {
    struct tally tallies[VOICE_KIND_COUNT];
    /* Due on its editions' pages, where they withhold no more. */
    uint64_t reviews_on_page, comments_on_page, slips_on_page;
    feature_mask withheld; /* of the work as a whole */
};

extern const enum feature audit_kind_features[VOICE_KIND_COUNT];

struct visibility audit_expected(struct auditing *w, struct str storefront, struct str key,
                                 struct str shop);
/* What withholding is called that the Record does not know: over-enforced where a
 * restriction is published that concerns this work elsewhere, or that is named. */
const char *audit_beyond(const struct auditing *w, uint64_t restriction);
/* Whether the JSON says that this feature is withheld, and by what. */
bool audit_says(const json_t *list, enum feature feature, uint64_t *ret_restriction);

/* voices.c: sums, stars, reviews and comments. `alone`: so many of each kind are to be
 * withheld by restrictions on single reviews and comments. */
struct withheld_alone {
    uint64_t voices[VOICE_KIND_COUNT]; /* of ratings: at most */
};
struct withheld_alone audit_alone(struct auditing *w, struct str storefront);
void audit_sums(struct auditing *w, struct str where, const json_t *voices,
                const struct visibility *v, const struct withheld_alone *alone,
                struct tally ret[VOICE_KIND_COUNT]);
void audit_rating(struct auditing *w, struct str where, const json_t *rating,
                  const struct visibility *v, const struct tally *t);
/* Every review and comment that is said to be shown must be there, and a slip for each
 * that is withheld alone. */
enum rc audit_reviews(struct auditing *w, struct str storefront, const struct visibility *v,
                      struct work_here *here, struct fault *fault) MUST_CHECK;
/* One review or comment that a page or a JSON names by its kind and index: what is
 * withheld of it beyond what `around` withholds. */
feature_mask audit_voice(struct auditing *w, struct str storefront, enum target_kind kind,
                         uint64_t index, const struct visibility *around, struct visibility *ret);
/* proofs.c: the shop's own proof of what is withheld from this work. */
enum rc audit_proof(struct auditing *w, struct str storefront, struct fault *fault) MUST_CHECK;
/* Restrictions on reviews and comments that nobody wrote. */
void audit_voice_targets(struct audit *a);

#endif
