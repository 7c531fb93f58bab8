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

/* Of the last hour, minute by minute: how long what readers said took from when it was
 * handed in until it stood under a published checkpoint. */
enum { PACE_MINUTES = 60 };
struct pace {
    struct {
        atomic_int_fast64_t minute; /* of the monotonic clock, plus one */
        struct durations took;
    } v[PACE_MINUTES];
};
void pace_add(struct pace *pace, int64_t now_ms, uint64_t us);
struct pace_summary {
    uint64_t n;
    uint64_t half_us, most_us; /* a half, and 99 of 100, took no longer; UINT64_MAX: longer than any
                                  bound */
};
struct pace_summary pace_read(const struct pace *pace, int64_t now_ms);

/* What became of an attempt to send a letter. */
enum letter_outcome { LETTER_SENT, LETTER_LATER, LETTER_FAILED, LETTER_OUTCOMES };

/* Of one process on one shop; each is handed out by its site (site_counters). */
struct counters {
    struct durations batches; /* the writer's transactions, commit included */
    counter batch_jobs;       /* what they did */
    struct pace pace;         /* of ratings, reviews and comments */
    counter batches_failed;
    counter sales_findings;      /* of the last daily check; set, not counted */
    counter purchases_stuck;     /* times that one past its day did not end */
    counter cover_forms_missing; /* that libvips could not make */
    counter gate_failures;       /* reloads of the gate that left it as it was */
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
