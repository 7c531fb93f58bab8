/* Work on what strangers sent, in a process of its own: with limits on its memory, time and
 * output, without a new privilege, and without a network where it needs none and the system allows
 * that; a call of the system that it does not need kills it (system_calls.h). It reads programs,
 * their libraries and the resolver's files, and neither our files nor our database (fence.h): where
 * the kernel has no Landlock, nothing but their owner and mode keeps it from reading those, which
 * `serve` says in its log. Whoever takes over one that has a network may connect anywhere by TCP
 * and UDP, and has nothing of ours to carry there. What it makes is looked at by who asked. */
#ifndef COLOPHON_APP_APART_H
#define COLOPHON_APP_APART_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

struct apart_order {
    const char *const
        *argv; /* NULL-terminated; without a slash in it, the program is found on PATH */
    bool ours; /* it is this very program, whatever argv[0] says */
    const char *const *environment; /* NULL-terminated; besides PATH */
    struct str input;               /* its standard input */
    size_t memory_max;
    unsigned cpu_seconds;
    int64_t wall_ms;
    bool network;
    bool any_call;               /* of the system: a virtual machine asks for more than is listed */
    const char *writes;          /* a folder it may make files in, and read; may be NULL */
    const char *reads;           /* a file or folder that it reads besides; may be NULL */
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

/* Whether a program of that name is on PATH. */
bool apart_finds(const char *program);
/* What this kernel lacks to keep such a process from our files, in a sentence; NULL where nothing.
 */
const char *apart_lack(void);

/* No process of the same user may look into this one from here on, and the system writes no picture
 * of its memory when it breaks: keys are in it. */
void apart_close_memory(void);

/* The last line it said that tells of anything. */
struct str apart_reason(const struct apart_outcome *outcome);

#endif
