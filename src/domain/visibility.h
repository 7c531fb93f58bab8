/* The one rule of what a viewer may see. Everything that shows a byte of a
 * work asks it, through app/gate.h. */
#ifndef COLOPHON_DOMAIN_VISIBILITY_H
#define COLOPHON_DOMAIN_VISIBILITY_H

#include "domain/restriction.h"

/* What the rule has to know of the thing shown. */
struct visibility_facts {
    uint64_t work;
    struct str isbn13; /* of the edition shown; empty for the work as a whole */
    struct str shop;   /* slug of the offer's shop, for sale and delivery; else empty */
    /* What one reader said, by the index of its accepted entry in the voices log;
     * NULL: the work as a whole. */
    const uint64_t *review;  /* the review or its stars */
    const uint64_t *comment; /* the comment; `review` then is NULL */
    struct str account;      /* a commitment to who submits, as target_key; else empty */
};

struct visibility {
    feature_mask withheld;
    /* Per withheld feature: the restriction that withholds it (the earliest
     * entry where several do). Whoever gave the restrictions keeps them. */
    const struct restriction *by[FEATURE_COUNT];
};

/* True where the restriction is about this thing, whatever the time. A shop's
 * restriction withholds sale and delivery of that shop's offers only, and
 * everything else of the works it lists. An edition's restriction is about
 * that edition alone: ratings, reviews, comments and submissions belong to the
 * work, so that for them it speaks only on the edition's own page. A review's, a
 * comment's or an account's is about that one alone, and only about what
 * target_features allows. */
bool visibility_concerns(const struct restriction *r, const struct visibility_facts *facts,
                         enum feature feature);

/* Takes one more restriction into a decision that began as all zero: the order
 * does not matter. */
void visibility_add(struct visibility *v, const struct restriction *r, struct str storefront,
                    const struct visibility_facts *facts, int64_t now);

/* Pure: restrictions, storefront, facts and time in, decision out. */
struct visibility visibility_decide(const struct restriction *const *restrictions, size_t n,
                                    struct str storefront, const struct visibility_facts *facts,
                                    int64_t now);

static inline bool visibility_withholds(const struct visibility *v, enum feature feature)
{
    return (v->withheld & FEATURE_BIT(feature)) != 0;
}

#endif
