/* Threads for requests that take work, and who is let in to wait for one.
 *
 * The threads that read from sockets hand over whatever is not answered from
 * memory, so that nothing stands behind a page that is being made, a write on its
 * way to the disk or a database that does not answer. A lane is full when the
 * first in its queue has waited too long: that is measured, follows the machine
 * and the work by itself, and bounds how long anybody waits who is let in. */
#ifndef COLOPHON_WEB_LANE_H
#define COLOPHON_WEB_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lane;

/* A piece of work lies in what asks for it. One of the two is called, once. */
struct waiting {
    void (*run)(struct waiting *w);     /* on one of the lane's threads */
    void (*give_up)(struct waiting *w); /* it has waited in vain */
    struct waiting *next;
    int64_t since; /* ms, as lane_add was told */
};

struct lane_order {
    size_t threads; /* for everybody, the preferred first */
    size_t kept;    /* more threads, for the preferred alone */
    size_t room;    /* so many wait at most, of each kind */
    int64_t full_ms;
};

struct lane_state {
    size_t waiting, working;
};

struct lane *lane_new(const struct lane_order *order);
/* Whether one more is let in: before anything is spent on it. `now` in ms of
 * clock_monotonic_ms. */
bool lane_open(struct lane *lane, bool preferred, int64_t now);
/* In the order of coming, the preferred first. */
void lane_add(struct lane *lane, struct waiting *w, bool preferred, int64_t now);
/* Gives up those who have waited since before `since`. */
void lane_expire(struct lane *lane, int64_t since);
struct lane_state lane_state(struct lane *lane);
/* Ends when all that was added has run. */
void lane_free(struct lane *lane);

#endif
