/* One file from a stranger's server, fetched by a process of its own (apart.h): this very
 * program as `colophon fetch-one`, which has no database, no key and no file of the shop, and
 * which connects to public addresses alone, wherever a link or a redirection leads. */
#ifndef COLOPHON_APP_OUTSIDE_H
#define COLOPHON_APP_OUTSIDE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

struct outside_order {
    struct str url;
    struct str etag, modified; /* of what is there already; may be empty */
    /* Not empty: this JSON is sent there, to https addresses alone and without following a
     * redirection, with its signature. */
    struct str post, signature;
    size_t bytes_max;
    unsigned seconds;
    bool loopback; /* tests' servers are reached too */
    bool (*stop)(void *context);
    void *context;
};

/* How it ended. */
enum outside_end {
    OUTSIDE_ANSWERED,
    OUTSIDE_LINK,        /* no http or https address */
    OUTSIDE_NOT_PUBLIC,  /* it leads to an address that is nobody's on the public network */
    OUTSIDE_UNREACHABLE, /* no such host, no connection, no good certificate */
    OUTSIDE_SLOW,
    OUTSIDE_LARGE,
    OUTSIDE_STOPPED,
};
struct outside_answer {
    enum outside_end end;
    unsigned status, retry_after; /* seconds; 0: it was not told */
    struct str etag, modified;    /* in the arena */
};

/* Adds the body of a 200 to `ret`, whose maximum is `bytes_max` and a few more. RC_OK whatever
 * came of it; RC_CORRUPT where the process broke over it, which says nothing of other files; else
 * the process could not be had. */
enum rc outside_fetch(struct arena *arena, const struct outside_order *order, struct buf *ret,
                      struct outside_answer *ret_answer, struct fault *fault) MUST_CHECK;

/* What that process does: reads its order from standard input, and answers on standard output.
 * Its exit status. */
int outside_serve(void);

/* "images.example:8080" of an address that may be asked for, in lower case; false for what is
 * none, or holds a name and a password. */
bool outside_host(struct arena *arena, struct str url, struct str *ret);

#endif
