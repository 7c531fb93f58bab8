/* What was searched for and not found, for those who buy books. Noted in memory by who makes
 * the page, written once a minute by a thread of the server; nothing says who asked. Words
 * that could be somebody's own (addresses, long numbers) are not noted. */
#ifndef COLOPHON_APP_MISSES_H
#define COLOPHON_APP_MISSES_H

#include "app/site.h"
#include "app/writer.h"
#include "domain/miss.h"

enum {
    MISSES_A_DAY = 500, /* of a storefront; what comes after them is dropped */
    MISSES_DAYS = 60,
    MISS_BYTES_MAX = 80, /* of the folded words */
};

struct misses;
enum rc misses_open(struct writer *writer, struct misses **ret, struct fault *fault) MUST_CHECK;
/* Writes what is noted; before the writer is closed. NULL is harmless. */
void misses_close(struct misses *misses);

/* Never waits for anything but a short lock. `query`: as it was typed. */
void misses_note(struct misses *misses, unsigned storefront, struct str query);

/* Those asked for most, with what was noted until now. */
enum rc misses_read(struct misses *misses, struct arena *arena, size_t room, struct miss **ret,
                    size_t *ret_n, struct fault *fault) MUST_CHECK;

#endif
