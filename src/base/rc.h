/* Result codes: what every fallible function of Colophon returns.
 *
 * The code says what kind of thing went wrong, for the caller's decision; the
 * sentence for a person goes into the `struct fault` passed last (fault.h). What
 * status each is to HTTP and to a shell, the layers say that speak to them. */
#ifndef COLOPHON_BASE_RC_H
#define COLOPHON_BASE_RC_H

enum rc {
    RC_OK = 0,
    RC_NOT_FOUND, /* no such thing */
    RC_INVALID,   /* the input breaks a rule; nothing was changed */
    RC_CONFLICT,  /* the state does not allow it (taken name, lost race) */
    RC_DENIED,    /* this viewer may not */
    RC_LIMIT,     /* larger, longer or more often than allowed */
    RC_BUSY,      /* try again later */
    RC_IO,        /* the system failed: disk, network, database */
    RC_CORRUPT,   /* stored data contradicts itself */
    RC_WITHHELD,  /* a restriction in effect stands in the way */
};

#define RC_COUNT (RC_WITHHELD + 1)

#define MUST_CHECK __attribute__((warn_unused_result))

/* The code's name in lower case, for logs and tests. Static storage. */
const char *rc_name(enum rc rc);

#endif
