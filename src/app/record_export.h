/* The Record for other people's databases: every entry as a line of JSON, statements
 * of reasons for the DSA Transparency Database, notices as Lumen collects them. From
 * published entries alone, streamed: what staff and readers wrote is in none of them. */
#ifndef COLOPHON_APP_RECORD_EXPORT_H
#define COLOPHON_APP_RECORD_EXPORT_H

#include "app/site.h"
#include "domain/dsa.h"

struct export_order {
    int64_t since; /* of the decision; 0: all */
    enum rc (*write)(void *context, struct str bytes, struct fault *fault);
    void *context;
    void (*progress)(void *context, uint64_t done, uint64_t all); /* may be NULL */
    void *progress_context;
};

/* {"log":"decisions","index":7,"entry":{…}} a line, decisions first. Of the voices,
 * which have no time, those behind the last head that was made before `since`. */
enum rc record_export_lines(struct site *site, const struct export_order *order,
                            struct fault *fault) MUST_CHECK;
/* {"statements":[…]} a line, at most 100 each: bodies of POST /api/v1/statements.
 * ret_counts: how many restrictions were reported, and why others were not. */
enum rc record_export_dsa(struct site *site, const struct export_order *order,
                          uint64_t ret_counts[DSA_VERDICT_COUNT], struct fault *fault) MUST_CHECK;
/* Each demand, and each restriction on somebody else's demand that has none: one JSON
 * object a line, or CSV (RFC 4180) with a head. */
enum rc record_export_notices(struct site *site, const struct export_order *order, bool csv,
                              struct fault *fault) MUST_CHECK;

#endif
