/* Who is connected, and since when in which phase of a request: so that those who
 * take too long are ended, and counted.
 *
 * A phase is noted without a lock or a clock by the thread that serves the
 * connection; who sweeps sees whether it moved since the last time. */
#ifndef COLOPHON_WEB_CONNECTIONS_H
#define COLOPHON_WEB_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "app/counters.h"

enum phase {
    PHASE_HEAD,    /* nothing yet, or a part of a request's head */
    PHASE_BODY,    /* a part of its body */
    PHASE_WORK,    /* it is answered: the client can do nothing */
    PHASE_SENDING, /* the answer is on its way */
    PHASE_COUNT,
};

/* What was answered, counted by each serving thread for itself. */
enum { ANSWER_KINDS = 4, ANSWER_CLASSES = 6 };
enum answer_source {
    ANSWER_MEMORY, /* from the page cache, or what needs neither view nor database */
    ANSWER_READ,
    ANSWER_WRITTEN, /* what changed something, or tried to */
    ANSWER_SOURCES,
};
struct traffic {
    counter answers[ANSWER_KINDS][ANSWER_CLASSES]; /* by route_kind, by status / 100 */
    struct durations took[ANSWER_SOURCES];         /* from the whole request to its answer */
};

struct connections;
struct connection;

/* `most`: how many there can be; near that, those who do nothing go sooner. */
struct connections *connections_new(size_t most);
void connections_free(struct connections *cs);

/* Both on the thread that serves it. */
struct connection *connection_begin(struct connections *cs, int fd);
void connection_end(struct connections *cs, struct connection *c);

/* How many more there may be. */
size_t connections_room(struct connections *cs);
size_t connections_open(struct connections *cs); /* and how many there are */

void connection_phase(struct connection *c, enum phase phase);
/* The counts of the thread that serves it. */
struct traffic *connection_traffic(struct connection *c);

/* Once a second: ends those who are too slow. */
void connections_sweep(struct connections *cs);

/* Ends it, as its client sees it, with what was sent so far. */
void connection_hang_up(struct connection *c);
/* While the server ends, since `ms`: ends those who have asked nothing for a while,
 * sooner where they had an answer before. How many there still are. */
size_t connections_leave(struct connections *cs, unsigned ms);

struct connections_state {
    size_t open;
    uint64_t accepted, ended; /* ended: for being slow */
    struct traffic traffic;   /* of all threads */
};
void connections_read(struct connections *cs, struct connections_state *ret);

#endif
