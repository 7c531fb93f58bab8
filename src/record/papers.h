/* Inside record/: demands, decisions, complaints and sealed things, as far as
 * entries about them must fit one another. */
#ifndef COLOPHON_RECORD_PAPERS_H
#define COLOPHON_RECORD_PAPERS_H

#include "base/arena.h"
#include "record/entry.h"

struct replay_papers;

struct replay_papers *papers_new(struct arena *arena);
/* RC_CORRUPT for an id used twice, a decision of what nobody asked or that is
 * decided already, an opening that does not open what was sealed. */
enum rc papers_add(struct replay_papers *papers, const struct entry *entry,
                   struct fault *fault) MUST_CHECK;
/* What it asks for: target, storefronts and features; NULL where nobody asked. */
const struct demand_entry *papers_demand(const struct replay_papers *papers, uint64_t id);

#endif
