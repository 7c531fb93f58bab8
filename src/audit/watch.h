/* The monitor: audits again and again, remembers what it saw, and raises an alarm once
 * for each thing that contradicts. Sees the shop over public HTTP alone. */
#ifndef COLOPHON_AUDIT_WATCH_H
#define COLOPHON_AUDIT_WATCH_H

#include "base/arena.h"
#include "base/fault.h"

struct watch_order {
    struct str url, vkey;
    struct str policy; /* a witness policy's text; empty: the shop's own */
    const char *state; /* folder; made where it is missing */
    const struct str
        *peers; /* URLs of other views of the same log, or files of saved checkpoints */
    size_t peer_count;
    const char *receipts; /* folder of an author's receipts; NULL: none */
    struct str webhook;   /* empty: none */
    const char *atom;     /* file; NULL: none */
    bool all;
    void *context;
    /* A new alarm. */
    void (*alarm)(void *context, const char *kind, unsigned threat, const char *text);
    void (*note)(void *context, const char *text);
    /* Sends a letter; NULL: none is sent. */
    enum rc (*letter)(void *context, struct str subject, struct str text, struct fault *fault);
};

struct watch_result {
    uint64_t alarms, fresh; /* of this round; those not told before */
    uint64_t decisions, voices, works, receipts;
};

/* One round. RC_OK also where there are alarms. That the shop does not answer is an
 * alarm, not a failure; a failure is what hinders the monitor itself. */
enum rc watch_once(const struct watch_order *order, struct watch_result *ret,
                   struct fault *fault) MUST_CHECK;

#endif
