/* One index that is open for searching, held by whoever searches in it: the one that takes
 * its place closes it with its last holder. */
#ifndef COLOPHON_APP_INDEX_GENERATION_H
#define COLOPHON_APP_INDEX_GENERATION_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "search/search.h"

struct generation;

/* Held once. `owned`: its index is closed with the last holder; else the filling's to close. */
struct generation *generation_new(struct search_index *index, bool owned);
void generation_hold(struct generation *g);
void generation_drop(struct generation *g); /* harmless with NULL */
/* False, and nothing changes, where it is NULL or of another index. */
bool generation_own(struct generation *g, const struct search_index *index, bool owned);
/* A reader for one question at a time, to be given back. */
enum rc generation_reader_take(struct generation *g, struct search_reader **ret,
                               struct fault *fault) MUST_CHECK;
void generation_reader_give(struct generation *g, struct search_reader *reader);

#endif
