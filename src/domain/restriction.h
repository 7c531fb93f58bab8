/* Restrictions: what a storefront withholds, on what ground, from when to when.
 * Pure rules; the published entries of the Record are their only source. */
#ifndef COLOPHON_DOMAIN_RESTRICTION_H
#define COLOPHON_DOMAIN_RESTRICTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/encode.h"
#include "base/str.h"

/* What can be withheld, each alone. */
enum feature {
    FEATURE_LISTING,     /* the title's own page and every list it would stand in */
    FEATURE_SEARCH,      /* results and suggestions */
    FEATURE_SALE,        /* the offer */
    FEATURE_DELIVERY,    /* downloads and reading of what was bought */
    FEATURE_RATINGS,     /* stars wherever they show, rating order, JSON-LD */
    FEATURE_REVIEWS,     /* the texts */
    FEATURE_COMMENTS,    /* remarks under reviews */
    FEATURE_SUBMISSIONS, /* taking new ratings, reviews and comments */
};
#define FEATURE_COUNT 8
typedef uint16_t feature_mask; /* 1 << enum feature */
#define FEATURE_BIT(feature) ((feature_mask)(1u << (feature)))

enum target_kind {
    TARGET_EDITION,
    TARGET_WORK,
    TARGET_COLLECTION,
    TARGET_CONTRIBUTOR,
    TARGET_SHOP,
    TARGET_REVIEW,  /* one reader's review, and the stars with it */
    TARGET_COMMENT, /* one comment */
    TARGET_ACCOUNT, /* what its holder may still submit */
};
#define TARGET_COUNT 8

enum ground {
    GROUND_AUTHORITY_ORDER,
    GROUND_COURT_ORDER,
    GROUND_LAW,
    GROUND_RIGHTSHOLDER,
    GROUND_LICENCE,
    GROUND_TERMS,
    GROUND_OPERATOR,
};
#define GROUND_COUNT 7

enum restriction_state {
    STATE_PENDING,   /* its entry is not published yet: no effect */
    STATE_SCHEDULED, /* published, starts later */
    STATE_IN_EFFECT,
    STATE_LIFTED,
    STATE_EXPIRED, /* its end, or its missed review date, has passed */
};
#define STATE_COUNT 5

/* Works a set restriction covers: ascending, without repeats. */
struct work_set {
    const uint64_t *v;
    size_t n;
};

#define RESTRICTION_STOREFRONTS_MAX 64

/* Salted commitments of the staff accounts that decided: who proposed, who approved. */
struct approvals {
    struct hash v[2];
    size_t n; /* 0 where one person decided alone, as the command line of old could */
};

struct restriction {
    uint64_t id;
    uint64_t record_index; /* of its entry in the decisions log */
    enum target_kind target;
    struct str target_key;  /* ISBN-13, work id, collection slug, contributor id, shop slug;
                               review and comment: index of its accepted entry in the voices log;
                               account: a commitment, 64 hex digits, that names nobody */
    struct str target_name; /* as of the decision, for people; may be empty */
    struct work_set works;  /* what it covers; for an edition, review or comment, its work */
    uint64_t works_count;   /* as the entry says */
    struct hash works_root; /* as the entry says; zero where the target is no set */
    const struct str *storefronts;
    size_t storefront_count;
    feature_mask features;
    enum ground ground;
    struct str authority; /* who demanded it; may be empty */
    struct str legal_basis;
    struct str reference;
    uint64_t demand; /* what it follows; 0: none */
    /* The works of the set that was demanded, of which this is less; 0: it is all, or no set. */
    uint64_t demanded_count;
    struct hash demanded_root;
    struct approvals approvals;
    struct str
        state_involved; /* country whose state had a hand in it, whatever the ground; or empty */
    struct str terms_version; /* of the shop's terms, where they are the ground; or empty */
    struct hash scope_reason; /* commitment of why it reaches beyond one country; zero: none */
    int64_t decided;          /* the entry's time */
    int64_t from;             /* first second of effect */
    int64_t until;            /* first second after it; 0: none */
    int64_t review;           /* lapses at this second unless renewed; 0: none */
    bool published;
    int64_t lifted;      /* 0: not */
    uint64_t lift_index; /* of the lift's entry; valid where lifted and not lift_pending */
    bool lift_pending;   /* lifted, its entry not published yet */
};

/* The rule of time. A lift counts before everything else. */
enum restriction_state restriction_state(const struct restriction *r, int64_t now);
/* The next second at which its state changes by itself; INT64_MAX where none. */
int64_t restriction_boundary(const struct restriction *r, int64_t now);
bool restriction_in_storefront(const struct restriction *r, struct str storefront);
/* The grounds that HTTP 451 is for (RFC 7725): orders, court orders,
 * rightsholders' statutory notices. */
bool ground_is_legal_demand(enum ground ground);

/* Collections, contributors, shops: their works are a signed list, which can grow. */
/* Somebody orders it: an authority, or a court. */
bool ground_orders(enum ground ground);
bool target_is_set(enum target_kind kind);
/* Reviews and comments: one voice of one work. */
bool target_is_voice(enum target_kind kind);
/* What can be withheld of it. Of a review, its text and its stars; of a comment,
 * its text; from an account, taking new ones: each text that is withheld has a
 * restriction of its own, so that a slip stands in its place and anybody can check
 * it, and nobody has to be told which texts are one person's. */
feature_mask target_features(enum target_kind kind);

bool work_set_has(struct work_set set, uint64_t work);

/* Words of the interface, the entries and the command line. The parsers return
 * false for anything else. Names are static. */
const char *feature_name(enum feature feature);
bool feature_parse(struct str s, enum feature *ret);
/* "ratings,reviews": each known, none twice, at least one. */
bool feature_mask_parse(struct str s, feature_mask *ret);
const char *target_name(enum target_kind kind);
bool target_parse(struct str s, enum target_kind *ret);
const char *ground_name(enum ground ground);
bool ground_parse(struct str s, enum ground *ret);
const char *state_name(enum restriction_state state);

#endif
