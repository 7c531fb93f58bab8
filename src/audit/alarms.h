/* Inside audit/: where alarms go. They are kept in STATE/alarms.jsonl, a line each, so
 * that none is told twice. */
#ifndef COLOPHON_AUDIT_ALARMS_H
#define COLOPHON_AUDIT_ALARMS_H

#include "audit/watch.h"

struct alarm {
    const char *kind;
    unsigned threat;
    struct str text;
    int64_t at;
};

/* Adds those that were not known to the file; `ret_fresh` marks them. */
enum rc alarms_keep(const struct watch_order *order, const struct alarm *v, size_t n,
                    bool *ret_fresh, struct fault *fault) MUST_CHECK;
/* Atom, webhook, mail. Each is tried; the first failure is returned. */
enum rc alarms_tell(const struct watch_order *order, const struct alarm *v, size_t n,
                    const bool *fresh, struct fault *fault) MUST_CHECK;

#endif
