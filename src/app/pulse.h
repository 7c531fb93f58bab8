/* Looks into the database every second, on a thread and a connection of its own,
 * so that who wants to know how the shop is need not: a database that does not
 * answer holds up nobody but this. */
#ifndef COLOPHON_APP_PULSE_H
#define COLOPHON_APP_PULSE_H

#include <stdbool.h>

#include "app/indexer.h"
#include "app/site.h"

struct pulse;

struct pulse_state {
    bool alive;         /* the database answered within the last seconds */
    double silent;      /* seconds since it did */
    uint64_t decisions; /* entries under the last checkpoint of each log */
    uint64_t voices;
    uint64_t changes;  /* in the feed that are not in the index */
    double behind;     /* seconds since the index had all of the feed */
    uint64_t position; /* the feed's end */
    uint64_t letters_waiting, letters_failed;
};

enum rc pulse_open(struct site *site, const struct indexer *indexer, struct pulse **ret,
                   struct fault *fault) MUST_CHECK;
void pulse_close(struct pulse *pulse);
/* Never waits. */
struct pulse_state pulse_read(const struct pulse *pulse);

#endif
