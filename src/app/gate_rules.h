/* Inside app/: what the gate decides by, a snapshot of what replay(Record) says at
 * one time. Made whole, never changed, freed by the last who holds it. */
#ifndef COLOPHON_APP_GATE_RULES_H
#define COLOPHON_APP_GATE_RULES_H

#include <stdatomic.h>

#include "app/gate.h"
#include "app/licences.h"
#include "app/parties.h"
#include "domain/shop_text.h"
#include "record/replay.h"

/* What one storefront withholds now. */
struct storefront_rules {
    size_t in_effect; /* restrictions, of whatever kind */
    /* On one edition, work, review or comment each: ascending by work. */
    const struct restriction **singles;
    size_t single_count;
    /* On sets. */
    const struct restriction **sets;
    size_t set_count;
    /* On accounts, with whose they are; whose is not known any more is left out. */
    const struct restriction **accounts;
    uint64_t *holders;
    size_t account_count;
    struct gate_filter listing, search, ratings, sale;
    /* Works of which single stars are withheld, ascending. */
    uint64_t *restarred;
    size_t restarred_count;
    /* Texts that are in force here, by kind and language. */
    const struct shop_text **texts;
    size_t text_count;
    struct licence_answer licences[LICENCE_FORMAT_COUNT];
};

/* What a snapshot was made from. Compared as bytes: no padding. */
struct gate_basis {
    uint64_t decisions;   /* index behind the latest entry taken in */
    uint64_t storefronts; /* their version */
    uint64_t lift;        /* the latest that waits in the database */
    struct hash lifts;    /* of the lift journal */
};

struct gate_rules {
    struct arena arena;
    atomic_uint holders;
    struct gate_rules *base; /* what it was revised from, in whose arena the facts lie */
    uint64_t epoch;
    struct gate_basis basis;
    int64_t clock;    /* when it was made */
    int64_t now;      /* the time it was made for */
    int64_t boundary; /* when time alone makes it stale */
    struct replay replay;
    uint64_t
        *subjects; /* beside replay.restrictions: the edition or account each is about; 0: none */
    LIST(struct storefront) storefronts;
    struct storefront_rules *by_storefront;
    disclosure_list disclosures;
    struct licences licences;
    shop_text_list texts; /* all versions, by storefront, kind, language and version */
};

/* What rules would be made from now. */
enum rc gate_basis_read(struct site *site, struct store_conn *conn, struct gate_basis *ret,
                        struct fault *fault) MUST_CHECK;
/* Rules from the database. What `earlier` (may be NULL, not kept) has proved of signed
 * lists is not proved again. `clock`: the larger of clock and last checkpoint. */
enum rc gate_rules_build(struct site *site, struct store_conn *conn,
                         const struct gate_rules *earlier, const struct gate_basis *basis,
                         int64_t clock, struct gate_rules **ret, struct fault *fault) MUST_CHECK;
/* The same facts under a later time and with the lifts that the journal holds now:
 * what must not wait for a database. */
enum rc gate_rules_revise(struct site *site, struct gate_rules *old, int64_t clock,
                          struct gate_rules **ret) MUST_CHECK;
void gate_rules_drop(struct gate_rules *rules); /* NULL is harmless */

#endif
