#include "record/papers.h"
#include "base/list.h"

struct paper {
    uint64_t id;
    bool done;                  /* decided, or opened */
    bool acknowledged;          /* demand */
    uint64_t decision;          /* complaint or dispute about a decision: its demand */
    uint64_t restriction;       /* or about this */
    uint64_t round;             /* demand: how often it was decided; of the others: then */
    int64_t since;              /* dispute */
    bool none;                  /* dispute: void */
    struct hash commitment;     /* sealed */
    struct paper_demand *asked; /* demand: what for, and what came of it */
};

/* By id; ids ascend, so the end is the common place. */
struct pile {
    const char *name;
    struct paper *v;
    size_t n, room;
};

struct replay_papers {
    struct arena *arena;
    struct pile demands, complaints, disputes, sealed;
    struct refusal_keys refusal_keys;
    LIST(struct paper_wrong) wrong;
    size_t wrong_room;
};

struct replay_papers *papers_new(struct arena *arena)
{
    struct replay_papers *papers = ARENA_NEW(arena, struct replay_papers);
    *papers = (struct replay_papers){.arena = arena,
                                     .demands = {.name = "demand"},
                                     .complaints = {.name = "complaint"},
                                     .disputes = {.name = "dispute"},
                                     .sealed = {.name = "sealed entry"}};
    return papers;
}

static size_t place_of(const struct pile *pile, uint64_t id)
{
    size_t low = 0, high = pile->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pile->v[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct paper *find(const struct pile *pile, uint64_t id)
{
    size_t at = place_of(pile, id);
    return at < pile->n && pile->v[at].id == id ? &pile->v[at] : NULL;
}

const struct demand_entry *papers_demand(const struct replay_papers *papers, uint64_t id)
{
    const struct paper *paper = find(&papers->demands, id);
    return paper == NULL ? NULL : &paper->asked->facts;
}

size_t papers_demand_count(const struct replay_papers *papers)
{
    return papers->demands.n;
}

const struct paper_demand *papers_demand_at(const struct replay_papers *papers, size_t i)
{
    return papers->demands.v[i].asked;
}

const struct refusal_keys *papers_refusal_keys(const struct replay_papers *papers)
{
    return &papers->refusal_keys;
}

static enum rc lay(struct arena *arena, struct pile *pile, const struct paper *paper,
                   struct fault *fault)
{
    if (find(pile, paper->id) != NULL)
        return fault_set(fault, RC_CORRUPT, "%s %llu is there twice", pile->name,
                         (unsigned long long)paper->id);
    ARENA_ROOM(arena, pile->v, pile->n, pile->room);
    size_t at = place_of(pile, paper->id);
    memmove(pile->v + at + 1, pile->v + at, (pile->n - at) * sizeof *pile->v);
    pile->v[at] = *paper;
    pile->n++;
    return RC_OK;
}

/* Marks it done, once. */
static enum rc finish(const struct pile *pile, uint64_t id, struct paper **ret, struct fault *fault)
{
    struct paper *paper = find(pile, id);
    if (paper == NULL)
        return fault_set(fault, RC_CORRUPT, "it is about an unknown %s %llu", pile->name,
                         (unsigned long long)id);
    if (paper->done)
        return fault_set(fault, RC_CORRUPT, "%s %llu was decided or opened before", pile->name,
                         (unsigned long long)id);
    paper->done = true;
    *ret = paper;
    return RC_OK;
}

/* A complaint or a dispute, about a demand's decision where `about->decision` is one. */
static enum rc contest(struct replay_papers *papers, struct pile *pile, struct paper *about,
                       struct fault *fault)
{
    const struct paper *demand = find(&papers->demands, about->decision);
    if (about->decision != 0 && (demand == NULL || !demand->done))
        return fault_set(fault, RC_CORRUPT, "%s %llu is about demand %llu, undecided", pile->name,
                         (unsigned long long)about->id, (unsigned long long)about->decision);
    if (demand != NULL)
        about->round = demand->round;
    return lay(papers->arena, pile, about, fault);
}

size_t papers_wrong_count(const struct replay_papers *papers)
{
    return papers->wrong.n;
}

const struct paper_wrong *papers_wrong_at(const struct replay_papers *papers, size_t i)
{
    return &papers->wrong.v[i];
}

/* The restriction is to be lifted; the demand is undecided again, unless it was decided anew
 * since. */
static void undo(struct replay_papers *papers, const struct paper *about, int64_t at)
{
    struct paper *demand = find(&papers->demands, about->decision);
    if (about->restriction != 0) {
        ARENA_ROOM(papers->arena, papers->wrong.v, papers->wrong.n, papers->wrong_room);
        papers->wrong.v[papers->wrong.n++] = (struct paper_wrong){about->restriction, at};
    }
    if (demand != NULL && demand->round == about->round)
        demand->done = demand->asked->decided = false;
}

static enum rc decide(struct replay_papers *papers, const struct entry *entry, struct fault *fault)
{
    const struct decision_entry *d = &entry->decision;
    struct paper *demand;
    enum rc rc = finish(&papers->demands, d->demand, &demand, fault);
    if (rc != RC_OK)
        return rc;
    demand->round++;
    demand->asked->decided = true;
    demand->asked->decided_at = entry->at;
    demand->asked->outcome = d->outcome;
    demand->asked->checked_authority = arena_str(papers->arena, d->authority);
    return RC_OK;
}

/* A complaint about a decision that is upheld makes its demand undecided again. */
static enum rc decide_complaint(struct replay_papers *papers, const struct entry *entry,
                                struct fault *fault)
{
    const struct complaint_decision_entry *d = &entry->complaint_decision;
    struct paper *complaint;
    enum rc rc = finish(&papers->complaints, d->complaint, &complaint, fault);
    if (rc == RC_OK && d->outcome == COMPLAINT_UPHELD)
        undo(papers, complaint, entry->at);
    return rc;
}

static enum rc acknowledge(struct replay_papers *papers, uint64_t id, struct fault *fault)
{
    struct paper *demand = find(&papers->demands, id);
    if (demand == NULL || demand->acknowledged)
        return fault_set(fault, RC_CORRUPT, "demand %llu is unknown, or acknowledged twice",
                         (unsigned long long)id);
    demand->acknowledged = true;
    return RC_OK;
}

static enum rc settle(struct replay_papers *papers, const struct entry *entry, struct fault *fault)
{
    const struct settlement_entry *s = &entry->settlement;
    struct paper *dispute = find(&papers->disputes, s->dispute);
    if (dispute != NULL && s->settled < dispute->since)
        return fault_set(fault, RC_CORRUPT, "dispute %llu was settled before it was brought",
                         (unsigned long long)s->dispute);
    enum rc rc = finish(&papers->disputes, s->dispute, &dispute, fault);
    if (rc == RC_OK && s->outcome == DISPUTE_REVERSED)
        undo(papers, dispute, entry->at);
    return rc;
}

/* All that was noted of it before is no more; what followed from that, is. */
static enum rc correct(struct replay_papers *papers, const struct entry *entry, struct fault *fault)
{
    const struct dispute_corrected_entry *c = &entry->corrected;
    struct paper *dispute = find(&papers->disputes, c->dispute);
    if (dispute == NULL || dispute->none)
        return fault_set(fault, RC_CORRUPT, "it corrects dispute %llu, unknown or void",
                         (unsigned long long)c->dispute);
    dispute->none = c->state == DISPUTE_VOID;
    dispute->done = c->state != DISPUTE_OPEN;
    dispute->since = c->submitted;
    if (str_is(c->outcome, dispute_outcome_name(DISPUTE_REVERSED)))
        undo(papers, dispute, entry->at);
    return RC_OK;
}

static enum rc dispute(struct replay_papers *papers, const struct dispute_entry *d,
                       struct fault *fault)
{
    struct paper paper = {
        .id = d->id, .decision = d->decision, .restriction = d->restriction, .since = d->submitted};
    if (d->complaint != 0 && find(&papers->complaints, d->complaint) == NULL)
        return fault_set(fault, RC_CORRUPT, "dispute %llu follows an unknown complaint %llu",
                         (unsigned long long)d->id, (unsigned long long)d->complaint);
    return contest(papers, &papers->disputes, &paper, fault);
}

/* What restrictions that follow it are measured by, and what it is found by. */
static struct paper_demand *keep(struct arena *arena, const struct entry *entry)
{
    const struct demand_entry *d = &entry->demand;
    struct paper_demand *kept = ARENA_NEW(arena, struct paper_demand);
    *kept = (struct paper_demand){.at = entry->at,
                                  .facts = {.id = d->id,
                                            .received = d->received,
                                            .sender = d->sender,
                                            .country = arena_str(arena, d->country),
                                            .authority = arena_str(arena, d->authority),
                                            .ground = d->ground,
                                            .target = d->target,
                                            .target_key = arena_str(arena, d->target_key),
                                            .features = d->features}};
    struct str *slugs = ARENA_ARRAY(arena, struct str, d->storefronts.n);
    for (size_t i = 0; i < d->storefronts.n; i++)
        slugs[i] = arena_str(arena, d->storefronts.v[i]);
    kept->facts.storefronts.v = slugs;
    kept->facts.storefronts.n = d->storefronts.n;
    return kept;
}

static enum rc open_sealed(struct replay_papers *papers, const struct opened_entry *o,
                           struct fault *fault)
{
    struct paper *sealed;
    enum rc rc = finish(&papers->sealed, o->id, &sealed, fault);
    if (rc != RC_OK)
        return rc;
    struct hash real = commitment_make(SEALED_DOMAIN, o->salt.b, o->content);
    if (!hash_eq(&real, &sealed->commitment))
        return fault_set(fault, RC_CORRUPT, "what it opens is not what was sealed as %llu",
                         (unsigned long long)o->id);
    return RC_OK;
}

enum rc papers_add(struct replay_papers *papers, const struct entry *entry, struct fault *fault)
{
    struct paper complaint;
    switch (entry->type) {
    case ENTRY_DEMAND:
        return lay(papers->arena, &papers->demands,
                   &(struct paper){.id = entry->demand.id, .asked = keep(papers->arena, entry)},
                   fault);
    case ENTRY_DECISION:
        return decide(papers, entry, fault);
    case ENTRY_COMPLAINT:
        complaint = (struct paper){.id = entry->complaint.id,
                                   .decision = entry->complaint.decision,
                                   .restriction = entry->complaint.restriction};
        return contest(papers, &papers->complaints, &complaint, fault);
    case ENTRY_COMPLAINT_DECISION:
        return decide_complaint(papers, entry, fault);
    case ENTRY_ACKNOWLEDGED:
        return acknowledge(papers, entry->acknowledged.demand, fault);
    case ENTRY_DISPUTE:
        return dispute(papers, &entry->dispute, fault);
    case ENTRY_SETTLEMENT:
        return settle(papers, entry, fault);
    case ENTRY_DISPUTE_CORRECTED:
        return correct(papers, entry, fault);
    case ENTRY_REFUSAL_KEY:
        return refusal_keys_add(&papers->refusal_keys, papers->arena, entry, fault);
    case ENTRY_SEALED:
        return lay(papers->arena, &papers->sealed,
                   &(struct paper){.id = entry->sealed.id, .commitment = entry->commitment}, fault);
    default:
        return open_sealed(papers, &entry->opened, fault);
    }
}
