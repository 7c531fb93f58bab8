/* A mirror: both logs of a shop as plain files, laid out as they are served, so that
 * any web server can serve them on. Everything is verified before the checkpoint
 * that covers it is written, which is the last thing written; what was mirrored once
 * is never given up for something else. */
#ifndef COLOPHON_AUDIT_MIRROR_H
#define COLOPHON_AUDIT_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/str.h"

struct mirror;

struct mirror_order {
    struct str url;  /* the shop's base URL */
    const char *dir; /* made where it is not there */
    struct str
        vkey; /* of the decisions log; empty: the one mirrored before, else the shop's own word */
    struct str policy; /* a witness policy's text; empty: no quorum is asked for */
    struct str cosign; /* a cosigner's secret key, which cosigns what lies here whole; or empty */
    void *context;
    void (*note)(void *context, const char *text);
};

struct mirror_result {
    uint64_t decisions, voices; /* entries that lie here now */
    uint64_t fetched;           /* of them, this time */
};

/* RC_BUSY where another mirror works on the folder. */
enum rc mirror_open(const struct mirror_order *order, struct mirror **ret,
                    struct fault *fault) MUST_CHECK;
void mirror_close(struct mirror *mirror);
/* Once, up to what is public now. RC_IO: try again. RC_CONFLICT: what is served now is no
 * good and may be later; the sentence begins with "damaged", "old" (a beginning of what lies
 * here) or "unwitnessed". RC_CORRUPT, no later try makes it good: "forked" (two signed
 * checkpoints contradict each other) or "damaged" (what lies here is not what was written). */
enum rc mirror_run(struct mirror *mirror, struct mirror_result *ret,
                   struct fault *fault) MUST_CHECK;

#endif
