/* What a proof of absence (record/absence.h) says: the restrictions that touch one work
 * in one storefront, whatever the time; most often none. */
#ifndef COLOPHON_DOMAIN_ABSENCE_H
#define COLOPHON_DOMAIN_ABSENCE_H

#include "domain/edition.h"
#include "domain/restriction.h"

/* A restriction that is published, not lifted, and touches the work. */
struct absence_restriction {
    uint64_t id;
    struct str kind, key;       /* its target */
    struct str part_kind, part; /* where it is about one edition, review or comment alone */
    feature_mask features;
    int64_t from, until, review; /* 0: none */
};
struct absence_result {
    struct str storefront;
    uint64_t work;
    uint64_t size; /* of the log */
    int64_t at;    /* the head's time: the proof says nothing of later */
    size_t keys;   /* proved */
    LIST(struct absence_restriction) restrictions;
};

/* Scheduled, in effect or expired at this time. */
enum restriction_state absence_state(const struct absence_restriction *r, int64_t now);

#endif
