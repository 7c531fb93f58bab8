/* Demands, decisions, complaints and sealed things, as far as entries about them must fit
 * one another; and demands by what they are found by. */
#ifndef COLOPHON_RECORD_PAPERS_H
#define COLOPHON_RECORD_PAPERS_H

#include "base/arena.h"
#include "record/refusal_keys.h"

struct replay_papers;

/* A demand and what came of it: who asks, on what ground, what of which target, where. Texts
 * lie in the papers' arena. */
struct paper_demand {
    int64_t at; /* its entry's time */
    struct demand_entry facts;
    bool decided; /* and no complaint about that was upheld */
    int64_t decided_at;
    enum demand_outcome outcome;
    struct str checked_authority; /* as the decision names it; may be empty */
};

struct replay_papers *papers_new(struct arena *arena);
/* RC_CORRUPT for an id used twice, a decision of what nobody asked or that is
 * decided already, an opening that does not open what was sealed. */
enum rc papers_add(struct replay_papers *papers, const struct entry *entry,
                   struct fault *fault) MUST_CHECK;
/* What it asks for; NULL where nobody asked. */
const struct demand_entry *papers_demand(const struct replay_papers *papers, uint64_t id);
/* All of them, by id. */
size_t papers_demand_count(const struct replay_papers *papers);
const struct paper_demand *papers_demand_at(const struct replay_papers *papers, size_t i);

const struct refusal_keys *papers_refusal_keys(const struct replay_papers *papers);

/* A restriction that a complaint which was upheld, or a body out of court, found wrong. */
struct paper_wrong {
    uint64_t restriction;
    int64_t at; /* of the entry that says so */
};
size_t papers_wrong_count(const struct replay_papers *papers);
const struct paper_wrong *papers_wrong_at(const struct replay_papers *papers, size_t i);

#endif
