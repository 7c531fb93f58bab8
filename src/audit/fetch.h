/* Inside audit/: GET, with one connection kept open. */
#ifndef COLOPHON_AUDIT_FETCH_H
#define COLOPHON_AUDIT_FETCH_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

struct fetcher;
enum rc fetcher_open(struct str base, struct fetcher **ret, struct fault *fault) MUST_CHECK;
void fetcher_close(struct fetcher *f);

struct fetched {
    long status;
    struct str body; /* in the arena */
};
/* `path` begins with "/". RC_IO where no answer comes; any status is an answer. */
enum rc fetch(struct fetcher *f, struct arena *arena, struct str path, struct fetched *ret,
              struct fault *fault) MUST_CHECK;
/* The body of a 200; RC_NOT_FOUND for a 404, RC_IO for other statuses. */
enum rc fetch_body(struct fetcher *f, struct arena *arena, struct str path, struct str *ret,
                   struct fault *fault) MUST_CHECK;
/* JSON of a 200 or 451; the caller frees it. */
enum rc fetch_json(struct fetcher *f, struct arena *arena, struct str path, json_t **ret,
                   long *ret_status, struct fault *fault) MUST_CHECK;

#endif
