/* Work on what strangers sent, in a process of its own: with limits on its memory, time and
 * output, without a new privilege, without our files and our database, and without a network
 * where it needs none and the system allows that; a call of the system that it does not need kills
 * it (system_calls.h). What it makes is looked at by who asked. */
#ifndef COLOPHON_APP_APART_H
#define COLOPHON_APP_APART_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

struct apart_order {
    const char *const *argv;        /* NULL-terminated; the program is found on PATH */
    bool ours;                      /* it is this very program, whatever argv[0] says */
    const char *const *environment; /* NULL-terminated; besides PATH */
    struct str input;               /* its standard input */
    size_t memory_max;
    unsigned cpu_seconds;
    int64_t wall_ms;
    bool network;
    bool any_call;               /* of the system: a virtual machine asks for more than is listed */
    bool any_status;             /* what it said counts whatever its exit status is */
    bool (*stop)(void *context); /* asked now and then: whether to give up; may be NULL */
    void *context;
};

enum apart_end { APART_EXITED, APART_SIGNAL, APART_TOO_LONG, APART_STOPPED };
struct apart_outcome {
    enum apart_end end;
    int status;      /* its exit status, or the signal */
    char told[4096]; /* what it said on standard error, printable */
};

/* Adds its standard output to `ret`, whose maximum bounds it. RC_IO where it does not start;
 * RC_LIMIT where it says more; else RC_OK, however it ended. */
enum rc apart_run(const struct apart_order *order, struct buf *ret, struct apart_outcome *outcome,
                  struct fault *fault) MUST_CHECK;

/* The last line it said that tells of anything. */
struct str apart_reason(const struct apart_outcome *outcome);

#endif
