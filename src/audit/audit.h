/* The audit from outside: over public HTTP alone, does the Record hold together,
 * and does the shop withhold what it says there, all of it, and nothing else? */
#ifndef COLOPHON_AUDIT_AUDIT_H
#define COLOPHON_AUDIT_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

struct audit_seen; /* inside audit/: parts.h */
struct audit_receipt;

struct audit_order {
    struct str url;    /* the shop's base URL */
    struct str vkey;   /* of the decisions log; empty: the saved one, else the shop's own word */
    struct str policy; /* a witness policy's text; empty: no quorum is asked for */
    const char *save;  /* file with what was seen last time; NULL: none */
    bool all;          /* every work there is, not a sample */
    /* A monitor's round: a late head and times that cannot be are contradictions. */
    bool watching;
    /* How many decisions the round before was shown, and when by its own clock; 0: none. */
    uint64_t last_size;
    int64_t last_at;
    /* A monitor's rounds look at all works in turn: behind this one. */
    uint64_t last_work;
    const struct audit_seen *seen;
    size_t seen_count;
    struct audit_receipt *receipts; /* their fates are noted in them */
    size_t receipt_count;
    void *context;
    /* A contradiction, as found: a word for machines and a sentence. */
    void (*contradiction)(void *context, const char *kind, const char *text);
    void (*note)(void *context, const char *text);
    void (*progress)(void *context, uint64_t done, uint64_t all);
};

struct audit_result {
    uint64_t decisions, voices; /* entries verified */
    uint64_t works;             /* compared with what is served */
    uint64_t proofs;            /* of absence, held against both */
    uint64_t restrictions, in_effect, lifts_pending;
    uint64_t contradictions;
    /* As this run was shown the decisions, whatever came of it; 0: it was not. */
    uint64_t shown_size;
    int64_t shown_at;
    uint64_t last_work; /* where the next round goes on */
};

/* RC_OK also where contradictions were found: the result counts them. Anything
 * else means that the audit could not be made (RC_IO), or that a signature, a
 * tile or an entry is wrong (RC_CORRUPT, counted too). */
enum rc audit_run(const struct audit_order *order, struct audit_result *ret,
                  struct fault *fault) MUST_CHECK;

#endif
