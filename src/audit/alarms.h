/* Inside audit/: where alarms go. Each is told once; STATE/told has the digests of those
 * that were, STATE/alarms.jsonl what they said, a line each. */
#ifndef COLOPHON_AUDIT_ALARMS_H
#define COLOPHON_AUDIT_ALARMS_H

#include "audit/watch.h"

struct alarm {
    const char *kind;
    unsigned threat;
    struct str text;
    int64_t at;
};

/* Tells those that are new, every way there is, and then keeps them. Nothing that fails
 * hinders the rest, and the first failure is returned: what was not told every way, or
 * could not be noted as told, is told again in the next round. */
enum rc alarms_raise(const struct watch_order *order, const struct alarm *v, size_t n,
                     uint64_t *ret_fresh, struct fault *fault) MUST_CHECK;

#endif
