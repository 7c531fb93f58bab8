/* Threads for requests that wait: for a write to be published, for a password to
 * be hashed. The threads that read from sockets hand those over, so that no page
 * stands behind them, and so that many writes come together in one batch. */
#ifndef COLOPHON_WEB_WAITERS_H
#define COLOPHON_WEB_WAITERS_H

#include <stddef.h>

struct waiters;

/* A piece of work lies in what asks for it. */
struct waiting {
    void (*run)(struct waiting *w);
    struct waiting *next;
};

struct waiters *waiters_new(size_t threads);
/* In the order of coming; runs on one of the threads. */
void waiters_add(struct waiters *waiters, struct waiting *w);
/* Ends when all that was added has run. */
void waiters_free(struct waiters *waiters);

#endif
