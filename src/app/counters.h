/* What is counted while a shop is served, for whoever watches it. Written without
 * locks by those who do the work, read at any moment. */
#ifndef COLOPHON_APP_COUNTERS_H
#define COLOPHON_APP_COUNTERS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef atomic_uint_fast64_t counter;

static inline void count(counter *c, uint64_t n)
{
    atomic_fetch_add_explicit(c, n, memory_order_relaxed);
}

static inline uint64_t counted(const counter *c)
{
    return atomic_load_explicit(c, memory_order_relaxed);
}

/* How often something took how long: up to each bound, and longer. */
enum { DURATION_BOUNDS = 16 };
extern const uint64_t duration_bounds[DURATION_BOUNDS]; /* microseconds, ascending */
struct durations {
    counter within[DURATION_BOUNDS + 1]; /* each for itself, the last beyond all bounds */
    counter sum;                         /* microseconds */
};
void durations_add(struct durations *d, uint64_t us);

/* What became of an attempt to send a letter. */
enum letter_outcome { LETTER_SENT, LETTER_LATER, LETTER_FAILED, LETTER_OUTCOMES };

/* Of one process on one shop; each is handed out by its site (site_counters). */
struct counters {
    struct durations batches; /* the writer's transactions, commit included */
    counter batch_jobs;       /* what they did */
    counter batches_failed;
    counter gate_failures; /* reloads of the gate that left it as it was */
    counter probe_failures;
    counter connections; /* for reading, made; and those that could not be */
    counter connection_failures;
    counter replica_reads;    /* pages made from a replica; and not, because it was */
    counter replica_behind;   /* behind, */
    counter replica_failures; /* or away */
    counter letters[LETTER_OUTCOMES];
    counter replica_lag; /* of the one asked last: how much it lacked */
};

#endif
