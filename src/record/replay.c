#include "record/replay.h"

#include "base/list.h"
#include "domain/restriction_filter.h"
#include "record/merkle.h"
#include "record/papers.h"

/* ---- decisions ---- */

void replay_init(struct replay *replay, struct arena *arena, struct list_source lists)
{
    *replay = (struct replay){.arena = arena, .lists = lists, .papers = papers_new(arena)};
}

/* Restrictions lie by id; ids ascend, so the end is the common place. */
static size_t place_of(const struct replay *replay, uint64_t id)
{
    size_t low = 0, high = replay->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (replay->restrictions[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct restriction *find(const struct replay *replay, uint64_t id)
{
    size_t at = place_of(replay, id);
    return at < replay->n && replay->restrictions[at]->id == id ? replay->restrictions[at] : NULL;
}

const struct restriction *replay_find(const struct replay *replay, uint64_t id)
{
    return find(replay, id);
}

enum rc replay_check_undone(const struct replay *replay, struct fault *fault)
{
    for (size_t i = 0; i < papers_wrong_count(replay->papers); i++) {
        const struct paper_wrong *wrong = papers_wrong_at(replay->papers, i);
        const struct restriction *r = replay_find(replay, wrong->restriction);
        if (r != NULL && r->lifted == 0 && restriction_end(r) > wrong->at)
            return fault_set(fault, RC_CORRUPT,
                             "restriction %llu was found wrong, and no entry lifts it",
                             (unsigned long long)r->id);
    }
    return RC_OK;
}

int64_t replay_now(const struct replay *replay, int64_t clock)
{
    return clock > replay->latest ? clock : replay->latest;
}

/* The list as a replay has proved it; false where none has that root. */
static bool proved(const struct replay *replay, const struct hash *root, uint64_t count,
                   struct work_set *ret)
{
    for (size_t i = 0; replay != NULL && i < replay->n; i++) {
        const struct restriction *r = replay->restrictions[i];
        /* One that was extended holds more than its root says. */
        if (target_is_set(r->target) && r->works.n == count && hash_eq(&r->works_root, root)) {
            *ret = r->works;
            return true;
        }
    }
    return false;
}

/* The list behind a root, checked: count, order and root are as signed. */
static enum rc read_list(struct replay *replay, struct arena *arena, const struct hash *root,
                         uint64_t count, struct work_set *ret, struct fault *fault)
{
    if (proved(replay, root, count, ret))
        return RC_OK;
    if (proved(replay->lists.earlier, root, count, ret)) {
        uint64_t *own = ARENA_ARRAY(arena, uint64_t, ret->n);
        memcpy(own, ret->v, ret->n * sizeof *own);
        ret->v = own;
        return RC_OK;
    }
    enum rc rc = replay->lists.read(replay->lists.context, arena, root, ret, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_CORRUPT, "the list of works behind an entry is missing");
    if (rc != RC_OK)
        return rc;
    for (size_t i = 1; i < ret->n; i++)
        if (ret->v[i - 1] >= ret->v[i])
            return fault_set(fault, RC_CORRUPT, "a list of works is not in order");
    struct hash real = work_list_root(ret->v, ret->n);
    if (ret->n != count || !hash_eq(&real, root))
        return fault_set(fault, RC_CORRUPT, "a list of works does not match its signed root");
    return RC_OK;
}

static void insert(struct replay *replay, struct restriction *r)
{
    ARENA_ROOM(replay->arena, replay->restrictions, replay->n, replay->room);
    size_t at = place_of(replay, r->id);
    memmove(replay->restrictions + at + 1, replay->restrictions + at,
            (replay->n - at) * sizeof *replay->restrictions);
    replay->restrictions[at] = r;
    replay->n++;
}

/* Of the very target that was demanded, by its key. */
static bool is_same(const struct restriction *r, const struct demand_entry *d)
{
    return r->target == d->target && str_eq(r->target_key, d->target_key);
}

bool replay_less_of_set(const struct replay *replay, const struct restriction *r)
{
    const struct demand_entry *d = papers_demand(replay->papers, r->demand);
    return d != NULL && target_is_set(d->target) && !is_same(r, d);
}

/* Less of a set that was demanded: its works were of that set. Entries from before there was
 * such a list do not say which those were. */
static enum rc check_demanded(struct replay *replay, const struct restriction *r,
                              struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct work_set demanded;
    const struct restriction *before =
        replay->lists.earlier == NULL ? NULL : find(replay->lists.earlier, r->id);
    if (r->demanded_count == 0 || (before != NULL && before->record_index == r->record_index))
        return RC_OK; /* or it was found good by an earlier replay */
    if (!replay_less_of_set(replay, r))
        return fault_set(fault, RC_CORRUPT,
                         "restriction %llu names the works of a set, of which it is no part",
                         (unsigned long long)r->id);
    enum rc rc = read_list(replay, &arena, &r->demanded_root, r->demanded_count, &demanded, fault);
    for (size_t i = 0; rc == RC_OK && i < r->works.n; i++)
        if (!work_set_has(demanded, r->works.v[i]))
            rc = fault_set(fault, RC_CORRUPT,
                           "restriction %llu withholds from work %llu, which was not in the set "
                           "that demand %llu asked for",
                           (unsigned long long)r->id, (unsigned long long)r->works.v[i],
                           (unsigned long long)r->demand);
    return rc;
}

/* A restriction that follows a demand withholds nothing else than what was demanded; of the
 * works of a set, check_demanded. */
static enum rc check_within(const struct replay *replay, const struct entry *entry,
                            struct fault *fault)
{
    const struct restriction *r = &entry->restriction;
    const struct demand_entry *d = papers_demand(replay->papers, r->demand);
    uint64_t work;
    if (d == NULL)
        return fault_set(fault, RC_CORRUPT, "restriction %llu follows an unknown demand %llu",
                         (unsigned long long)r->id, (unsigned long long)r->demand);
    bool within = (r->features & ~d->features) == 0 &&
                  (is_same(r, d) || demand_may_narrow(d->target, r->target));
    if (d->target == TARGET_WORK)
        within = within && str_to_u64(d->target_key, &work) && entry->work == work;
    for (size_t i = 0; within && i < r->storefront_count; i++) {
        bool asked = false;
        for (size_t k = 0; k < d->storefronts.n; k++)
            asked = asked || str_eq(d->storefronts.v[k], r->storefronts[i]);
        within = asked;
    }
    return within ? RC_OK
                  : fault_set(fault, RC_CORRUPT,
                              "restriction %llu withholds what demand %llu did not ask for",
                              (unsigned long long)r->id, (unsigned long long)r->demand);
}

static enum rc add_restriction(struct replay *replay, uint64_t index, const struct entry *entry,
                               struct fault *fault)
{
    if (find(replay, entry->restriction.id) != NULL)
        return fault_set(fault, RC_CORRUPT, "restriction %llu is there twice",
                         (unsigned long long)entry->restriction.id);
    enum rc within = entry->restriction.demand == 0 ? RC_OK : check_within(replay, entry, fault);
    if (within != RC_OK)
        return within;
    struct restriction *r = ARENA_NEW(replay->arena, struct restriction);
    *r = entry->restriction;
    r->record_index = index;
    r->published = true;
    r->lifted = 0;
    r->lift_index = 0;
    r->lift_pending = false;
    if (r->target == TARGET_ACCOUNT) {
        r->works = (struct work_set){NULL, 0};
    } else if (!target_is_set(r->target)) {
        uint64_t *work = ARENA_NEW(replay->arena, uint64_t);
        *work = entry->work;
        r->works = (struct work_set){work, 1};
    } else {
        enum rc rc =
            read_list(replay, replay->arena, &r->works_root, r->works_count, &r->works, fault);
        if (rc != RC_OK)
            return rc;
    }
    enum rc demanded = check_demanded(replay, r, fault);
    if (demanded == RC_OK)
        insert(replay, r);
    return demanded;
}

static struct work_set merge(struct arena *arena, struct work_set a, struct work_set b)
{
    uint64_t *v = ARENA_ARRAY(arena, uint64_t, a.n + b.n);
    size_t i = 0, k = 0, n = 0;
    while (i < a.n || k < b.n) {
        if (k == b.n || (i < a.n && a.v[i] < b.v[k]))
            v[n++] = a.v[i++];
        else if (i == a.n || b.v[k] < a.v[i])
            v[n++] = b.v[k++];
        else {
            v[n++] = a.v[i++];
            k++;
        }
    }
    return (struct work_set){v, n};
}

static enum rc extend(struct replay *replay, struct restriction *r, const struct entry *entry,
                      struct fault *fault)
{
    struct work_set added;
    if (!target_is_set(r->target))
        return fault_set(fault, RC_CORRUPT, "restriction %llu is on no set, yet extended",
                         (unsigned long long)r->id);
    enum rc rc = read_list(replay, replay->arena, &entry->restriction.works_root,
                           entry->restriction.works_count, &added, fault);
    if (rc == RC_OK)
        r->works = merge(replay->arena, r->works, added);
    return rc;
}

/* A decision that grants names the restriction that it made, published before it. */
static enum rc check_granted(const struct replay *replay, const struct decision_entry *d,
                             struct fault *fault)
{
    const struct restriction *r = replay_find(replay, d->restriction);
    if (d->outcome != OUTCOME_REFUSED && (r == NULL || r->demand != d->demand))
        return fault_set(fault, RC_CORRUPT,
                         "the decision of demand %llu grants restriction %llu, which does not "
                         "follow that demand",
                         (unsigned long long)d->demand, (unsigned long long)d->restriction);
    return RC_OK;
}

/* What a complaint or a dispute is about, where it is a restriction. */
static enum rc check_contested(const struct replay *replay, const char *what, uint64_t id,
                               uint64_t restriction, struct fault *fault)
{
    if (restriction != 0 && replay_find(replay, restriction) == NULL)
        return fault_set(fault, RC_CORRUPT, "%s %llu is about an unknown restriction %llu", what,
                         (unsigned long long)id, (unsigned long long)restriction);
    return RC_OK;
}

static enum rc add_paper(struct replay *replay, const struct entry *entry, struct fault *fault)
{
    enum rc rc = RC_OK;
    if (entry->type == ENTRY_DECISION)
        rc = check_granted(replay, &entry->decision, fault);
    if (entry->type == ENTRY_COMPLAINT)
        rc = check_contested(replay, entry_type_name(entry->type), entry->complaint.id,
                             entry->complaint.restriction, fault);
    if (entry->type == ENTRY_DISPUTE)
        rc = check_contested(replay, entry_type_name(entry->type), entry->dispute.id,
                             entry->dispute.restriction, fault);
    return rc == RC_OK ? papers_add(replay->papers, entry, fault) : rc;
}

bool replay_needs(enum entry_type type)
{
    switch (type) {
    case ENTRY_RESTRICTION:
    case ENTRY_LIFT:
    case ENTRY_EXTENDED:
    case ENTRY_DEMAND:
    case ENTRY_DECISION:
    case ENTRY_COMPLAINT:
    case ENTRY_COMPLAINT_DECISION:
    case ENTRY_ACKNOWLEDGED:
    case ENTRY_DISPUTE:
    case ENTRY_SETTLEMENT:
    case ENTRY_DISPUTE_CORRECTED:
    case ENTRY_REFUSAL_KEY:
    case ENTRY_SEALED:
    case ENTRY_OPENED:
        return true;
    default:
        return false;
    }
}

enum rc replay_add(struct replay *replay, uint64_t index, const struct entry *entry,
                   struct fault *fault)
{
    if (index < replay->next)
        return fault_set(fault, RC_INVALID, "entries must come in order");
    enum rc rc = RC_OK;
    struct restriction *r = NULL;
    if (entry->type == ENTRY_LIFT || entry->type == ENTRY_EXTENDED) {
        r = find(replay, entry->restriction.id);
        if (r == NULL)
            return fault_set(fault, RC_CORRUPT, "entry %llu is about an unknown restriction %llu",
                             (unsigned long long)index, (unsigned long long)entry->restriction.id);
        if (r->lifted != 0 && entry->type == ENTRY_LIFT)
            return fault_set(fault, RC_CORRUPT, "entry %llu lifts restriction %llu again",
                             (unsigned long long)index, (unsigned long long)r->id);
    }
    switch (entry->type) {
    case ENTRY_RESTRICTION:
        rc = add_restriction(replay, index, entry, fault);
        break;
    case ENTRY_LIFT:
        r->lifted = entry->at;
        r->lift_index = index;
        break;
    case ENTRY_EXTENDED:
        rc = extend(replay, r, entry, fault);
        break;
    case ENTRY_HEAD:
    case ENTRY_AGREEMENT:
    case ENTRY_DISCLOSURE:
    case ENTRY_LICENCE:
    case ENTRY_LICENCE_CHANGED:
    case ENTRY_LICENCE_NEED:
    case ENTRY_LICENCE_GAP:
    case ENTRY_POLICY:
    case ENTRY_LISTING:
    case ENTRY_UNLISTED:
    case ENTRY_RANKING_VERSION:
    case ENTRY_KEY:
        break;
    case ENTRY_TEXT_ERASED:
        if (entry->of >= index)
            rc = fault_set(fault, RC_CORRUPT, "entry %llu erases a text that is not there yet",
                           (unsigned long long)index);
        break;
    case ENTRY_DEMAND:
    case ENTRY_DECISION:
    case ENTRY_COMPLAINT:
    case ENTRY_COMPLAINT_DECISION:
    case ENTRY_ACKNOWLEDGED:
    case ENTRY_DISPUTE:
    case ENTRY_SETTLEMENT:
    case ENTRY_DISPUTE_CORRECTED:
    case ENTRY_REFUSAL_KEY:
    case ENTRY_SEALED:
    case ENTRY_OPENED:
        rc = add_paper(replay, entry, fault);
        break;
    default:
        rc = fault_set(fault, RC_CORRUPT, "entry %llu: a %s entry does not belong to the decisions",
                       (unsigned long long)index, entry_type_name(entry->type));
    }
    if (rc != RC_OK)
        return rc;
    replay->next = index + 1;
    if (entry->at > replay->latest)
        replay->latest = entry->at;
    return RC_OK;
}

/* ---- voices ---- */

/* Open addressing; 0 marks an empty place, keys are stored plus one. */
struct table {
    struct {
        uint64_t key, value;
    } * v;
    size_t room, n;
};

struct voices_replay {
    struct voice_count *counts;
    size_t n, room;
    struct table by_work; /* work -> place in counts */
    /* Of each entry, where it accepted something: work * 4 + kind, WITHDRAWN or GONE; else 0,
     * which no work has. Indexes have no gaps, so this is smaller than any table. */
    uint64_t *accepted;
    size_t accepted_room;
    uint64_t next; /* index of the next entry to be added */
};

static size_t slot_of(const struct table *t, uint64_t key)
{
    size_t at = (size_t)((key + 1) * 0x9E3779B97F4A7C15u >> 20) & (t->room - 1);
    while (t->v[at].key != 0 && t->v[at].key != key + 1)
        at = (at + 1) & (t->room - 1);
    return at;
}

static void table_put(struct table *t, uint64_t key, uint64_t value)
{
    if (4 * (t->n + 1) > 3 * t->room) {
        struct table bigger = {.room = t->room == 0 ? 1024 : 2 * t->room};
        bigger.v = calloc(bigger.room, sizeof *bigger.v);
        if (bigger.v == NULL)
            abort();
        for (size_t i = 0; i < t->room; i++)
            if (t->v[i].key != 0)
                table_put(&bigger, t->v[i].key - 1, t->v[i].value);
        free(t->v);
        *t = bigger;
    }
    size_t at = slot_of(t, key);
    t->n += t->v[at].key == 0;
    t->v[at].key = key + 1;
    t->v[at].value = value;
}

static bool table_get(const struct table *t, uint64_t key, uint64_t *ret)
{
    if (t->room == 0)
        return false;
    size_t at = slot_of(t, key);
    if (t->v[at].key == 0)
        return false;
    *ret = t->v[at].value;
    return true;
}

struct voices_replay *voices_replay_new(void)
{
    struct voices_replay *v = calloc(1, sizeof *v);
    if (v == NULL)
        abort();
    return v;
}

void voices_replay_free(struct voices_replay *v)
{
    if (v == NULL)
        return;
    free(v->by_work.v);
    free(v->accepted);
    free(v->counts);
    free(v);
}

/* No log has such a gap between entries: memory is for those that come. */
enum { GAP_MAX = 1 << 20 };

/* 0: it accepted nothing. */
static uint64_t standing_at(const struct voices_replay *v, uint64_t index)
{
    return index < v->accepted_room ? v->accepted[index] : 0;
}

static enum rc note_accepted(struct voices_replay *v, uint64_t index, uint64_t is,
                             struct fault *fault)
{
    if (index >= v->accepted_room) {
        size_t room = v->accepted_room == 0 ? 4096 : 2 * v->accepted_room;
        if (index - v->next > GAP_MAX)
            return fault_set(fault, RC_CORRUPT, "entry %llu does not follow entry %llu",
                             (unsigned long long)index, (unsigned long long)v->next);
        while (room <= index)
            room *= 2;
        v->accepted = realloc(v->accepted, room * sizeof *v->accepted);
        if (v->accepted == NULL)
            abort();
        memset(v->accepted + v->accepted_room, 0, (room - v->accepted_room) * sizeof *v->accepted);
        v->accepted_room = room;
    }
    v->accepted[index] = is;
    return RC_OK;
}

static struct voice_count *count_of(struct voices_replay *v, uint64_t work)
{
    uint64_t at;
    if (table_get(&v->by_work, work, &at))
        return &v->counts[at];
    HEAP_ROOM(v->counts, v->n, v->room);
    table_put(&v->by_work, work, v->n);
    v->counts[v->n] = (struct voice_count){.work = work};
    return &v->counts[v->n++];
}

/* A voice that was taken back can still be erased; nothing can happen to one that was. */
#define WITHDRAWN ((uint64_t)1 << 63)
#define GONE UINT64_MAX

static bool fits(const struct entry *entry, uint64_t was)
{
    uint64_t is = entry->work * 4 + entry->kind;
    return was == is || (entry->type == ENTRY_ERASED && was == (is | WITHDRAWN));
}

enum rc voices_replay_add(struct voices_replay *v, uint64_t index, const struct entry *entry,
                          struct fault *fault)
{
    uint64_t is = entry->work * 4 + entry->kind;
    uint64_t was = entry->type == ENTRY_ACCEPTED ? 0 : standing_at(v, entry->of);
    if (index < v->next)
        return fault_set(fault, RC_INVALID, "entries must come in order");
    if (!entry_is_voice(entry->type))
        return fault_set(fault, RC_CORRUPT, "entry %llu: a %s entry does not belong to the voices",
                         (unsigned long long)index, entry_type_name(entry->type));
    if (entry->type != ENTRY_ACCEPTED && (was == 0 || !fits(entry, was)))
        return fault_set(
            fault, RC_CORRUPT, "entry %llu is of entry %llu, which is no such %s that stands",
            (unsigned long long)index, (unsigned long long)entry->of, voice_kind_name(entry->kind));
    if (entry->type == ENTRY_ACCEPTED) {
        enum rc rc = note_accepted(v, index, is, fault);
        if (rc != RC_OK)
            return rc;
    }
    struct voice_count *count = count_of(v, entry->work);
    v->next = index + 1;
    switch (entry->type) {
    case ENTRY_ACCEPTED:
        count->accepted[entry->kind]++;
        break;
    case ENTRY_WITHDRAWN:
        v->accepted[entry->of] = is | WITHDRAWN;
        count->withdrawn[entry->kind]++;
        break;
    case ENTRY_ERASED:
        count->withdrawn[entry->kind] -= was == (is | WITHDRAWN);
        v->accepted[entry->of] = GONE;
        count->erased[entry->kind]++;
        break;
    default:
        break;
    }
    return RC_OK;
}

enum voice_standing voices_replay_find(const struct voices_replay *v, uint64_t index, uint64_t work,
                                       enum voice_kind kind)
{
    uint64_t was = standing_at(v, index);
    if (was == 0)
        return VOICE_UNKNOWN;
    uint64_t is = work * 4 + kind;
    if (was == GONE || was == (is | WITHDRAWN))
        return VOICE_GONE;
    return was == is ? VOICE_STANDS : VOICE_UNKNOWN;
}

size_t voices_replay_count(const struct voices_replay *v)
{
    return v->n;
}

const struct voice_count *voices_replay_at(const struct voices_replay *v, size_t i)
{
    return &v->counts[i];
}
