#include "app/gate.h"

#include <pthread.h>
#include <stdatomic.h>

#include "app/counters.h"
#include "app/lift_journal.h"
#include "base/clock.h"
#include "base/ids.h"
#include "record/merkle.h"
#include "record/replay.h"
#include "store/catalogue.h"
#include "store/record_log.h"
#include "store/store.h"

/* What one storefront withholds now. */
struct storefront_rules {
    /* On one edition or work each: ascending by work. */
    const struct restriction **singles;
    size_t single_count;
    /* On sets. */
    const struct restriction **sets;
    size_t set_count;
    struct gate_filter listing, search, ratings;
};

/* What a snapshot was made from. Compared as bytes: no padding. */
struct gate_basis {
    uint64_t decisions;   /* index behind the latest decision replayed */
    uint64_t storefronts; /* how many there are */
    uint64_t lift;        /* the latest that waits in the database */
    struct hash lifts;    /* of the lift journal */
};

/* A snapshot: made whole, never changed, freed by the last who holds it. */
struct gate_rules {
    struct arena arena;
    atomic_uint holders;
    uint64_t epoch;
    struct gate_basis basis;
    int64_t clock;    /* when it was made */
    int64_t now;      /* the time it was made for */
    int64_t boundary; /* when time alone makes it stale */
    struct replay replay;
    LIST(struct storefront) storefronts;
    struct storefront_rules *by_storefront;
};

struct gate {
    struct site *site;
    struct store_conn *conn;
    pthread_mutex_t reloading; /* one reload at a time */
    pthread_mutex_t lock;      /* what stands below */
    struct gate_rules *rules;
    uint64_t head_size;
    struct hash head_root;
    uint64_t version;
    int64_t lifts;       /* the journal's stamp before the last reload */
    atomic_bool unsound; /* the last reload failed */
    int64_t head_at;     /* the latest time a checkpoint was signed at */
};

/* ---- compiling ---- */

static int by_work(const void *a, const void *b)
{
    const struct restriction *x = *(const struct restriction *const *)a;
    const struct restriction *y = *(const struct restriction *const *)b;
    uint64_t wx = x->works.v[0], wy = y->works.v[0];
    return wx != wy ? (wx > wy) - (wx < wy) : (x->id > y->id) - (x->id < y->id);
}

/* All works and editions whose `feature` these restrictions withhold. */
static enum rc compile_filter(struct gate *gate, struct arena *arena,
                              const struct storefront_rules *rules, enum feature feature,
                              struct gate_filter *ret, struct fault *fault)
{
    const struct restriction **lists[] = {rules->singles, rules->sets};
    size_t const counts[] = {rules->single_count, rules->set_count};
    size_t works = 0, editions = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < counts[pass]; i++)
            if (lists[pass][i]->features & FEATURE_BIT(feature)) {
                works += lists[pass][i]->works.n;
                editions += lists[pass][i]->target == TARGET_EDITION;
            }
    uint64_t *w = ARENA_ARRAY(arena, uint64_t, works), *e = ARENA_ARRAY(arena, uint64_t, editions);
    works = editions = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < counts[pass]; i++) {
            const struct restriction *r = lists[pass][i];
            if (!(r->features & FEATURE_BIT(feature)))
                continue;
            if (r->target == TARGET_EDITION) {
                enum rc rc = catalogue_edition_id(gate->conn, r->target_key, &e[editions], fault);
                if (rc == RC_OK)
                    editions++;
                else if (rc != RC_NOT_FOUND)
                    return rc;
            } else {
                memcpy(w + works, r->works.v, r->works.n * sizeof *w);
                works += r->works.n;
            }
        }
    *ret = (struct gate_filter){w, ids_sort(w, works), e, ids_sort(e, editions)};
    return RC_OK;
}

static enum rc compile_storefront(struct gate *gate, struct gate_rules *rules, size_t at,
                                  struct fault *fault)
{
    struct storefront_rules *ret = &rules->by_storefront[at];
    size_t n = rules->replay.n;
    ret->singles = ARENA_ARRAY(&rules->arena, const struct restriction *, n);
    ret->sets = ARENA_ARRAY(&rules->arena, const struct restriction *, n);
    for (size_t i = 0; i < n; i++) {
        const struct restriction *r = rules->replay.restrictions[i];
        if (restriction_state(r, rules->now) != STATE_IN_EFFECT ||
            !restriction_in_storefront(r, rules->storefronts.v[at].slug))
            continue;
        if (r->target == TARGET_EDITION || r->target == TARGET_WORK)
            ret->singles[ret->single_count++] = r;
        else
            ret->sets[ret->set_count++] = r;
    }
    if (ret->single_count > 1)
        qsort(ret->singles, ret->single_count, sizeof *ret->singles, by_work);
    enum rc rc = compile_filter(gate, &rules->arena, ret, FEATURE_LISTING, &ret->listing, fault);
    if (rc == RC_OK)
        rc = compile_filter(gate, &rules->arena, ret, FEATURE_SEARCH, &ret->search, fault);
    if (rc == RC_OK)
        rc = compile_filter(gate, &rules->arena, ret, FEATURE_RATINGS, &ret->ratings, fault);
    return rc;
}

/* ---- replaying what is stored ---- */

static enum rc read_list(void *context, struct arena *arena, const struct hash *root,
                         struct work_set *ret, struct fault *fault)
{
    struct gate *gate = context;
    return record_log_list_get(gate->conn, arena, root, &ret->v, &ret->n, fault);
}

static enum rc replay_stored(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct gate_rules *rules = context;
    struct entry entry;
    enum rc rc = entry_read(&rules->arena, arena_str(&rules->arena, stored->bytes), &entry, fault);
    if (rc == RC_OK)
        rc = replay_add(&rules->replay, stored->index, &entry, fault);
    return rc;
}

/* A lift works at once, whatever the log does. */
static void apply_lift(void *context, const struct lift *lift)
{
    struct gate_rules *rules = context;
    for (size_t i = 0; i < rules->replay.n; i++) {
        struct restriction *r = rules->replay.restrictions[i];
        if (r->id == lift->restriction && r->lifted == 0) {
            r->lifted = lift->at;
            r->lift_pending = true;
        }
    }
}

/* Another node's lift, say, that waits for the one that signs. */
static enum rc apply_pending(void *context, uint64_t restriction, const struct log_entry *stored,
                             struct fault *fault)
{
    struct gate_rules *rules = context;
    struct entry entry;
    if (!str_eq(stored->type, str_of(entry_type_name(ENTRY_LIFT))))
        return RC_OK;
    enum rc rc = entry_read(&rules->arena, arena_str(&rules->arena, stored->bytes), &entry, fault);
    if (rc == RC_OK)
        apply_lift(rules, &(struct lift){restriction, entry.at, STR_NONE});
    return rc;
}

static void rules_drop(struct gate_rules *rules)
{
    if (rules == NULL || atomic_fetch_sub(&rules->holders, 1) != 1)
        return;
    struct arena arena = rules->arena;
    arena_free(&arena); /* the rules lie in it themselves */
}

/* What the rules were made from: while it stays the same, so do they. */
static enum rc read_basis(struct gate *gate, struct gate_basis *ret, struct fault *fault)
{
    enum rc rc = record_log_decisions_end(gate->conn, &ret->decisions, fault);
    if (rc == RC_OK)
        rc = lift_journal_digest(gate->site, &ret->lifts, fault);
    if (rc == RC_OK)
        rc = record_log_pending_lift_latest(gate->conn, &ret->lift, fault);
    if (rc == RC_OK)
        rc = catalogue_storefront_count(gate->conn, &ret->storefronts, fault);
    return rc;
}

static enum rc build_rules(struct gate *gate, const struct gate_basis *basis, int64_t clock,
                           struct gate_rules **ret, struct fault *fault)
{
    struct arena arena = ARENA_INIT;
    struct gate_rules *rules = ARENA_NEW(&arena, struct gate_rules);
    rules->arena = arena; /* from here on only this one is used */
    rules->basis = *basis;
    atomic_init(&rules->holders, 1);
    /* Only who reloads, and that is one at a time, lets go of the rules so far. */
    const struct replay *earlier = gate->rules == NULL ? NULL : &gate->rules->replay;
    replay_init(&rules->replay, &rules->arena, (struct list_source){earlier, gate, read_list});
    enum rc rc = record_log_decisions(gate->conn, replay_stored, rules, fault);
    rules->replay.lists.earlier = NULL;
    if (rc == RC_OK)
        rc = lift_journal_read(gate->site, apply_lift, rules, fault);
    if (rc == RC_OK)
        rc = record_log_restrictions_pending(gate->conn, apply_pending, rules, fault);
    if (rc == RC_OK)
        rc = catalogue_storefronts(gate->conn, &rules->arena, &rules->storefronts.v,
                                   &rules->storefronts.n, fault);
    rules->now = replay_now(&rules->replay, clock);
    rules->boundary = INT64_MAX;
    for (size_t i = 0; i < rules->replay.n; i++) {
        int64_t boundary = restriction_boundary(rules->replay.restrictions[i], rules->now);
        if (boundary < rules->boundary)
            rules->boundary = boundary;
    }
    rules->by_storefront =
        ARENA_ARRAY(&rules->arena, struct storefront_rules, rules->storefronts.n);
    for (size_t i = 0; rc == RC_OK && i < rules->storefronts.n; i++)
        rc = compile_storefront(gate, rules, i, fault);
    if (rc != RC_OK) {
        rules_drop(rules);
        return rc;
    }
    *ret = rules;
    return RC_OK;
}

/* ---- the gate ---- */

enum rc gate_open(struct site *site, struct gate **ret, struct fault *fault)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (gate == NULL)
        abort();
    gate->site = site;
    pthread_mutex_init(&gate->reloading, NULL);
    pthread_mutex_init(&gate->lock, NULL);
    enum rc rc = store_connect(site_store(site), false, &gate->conn, fault);
    if (rc == RC_OK)
        rc = gate_reload(gate, fault);
    if (rc != RC_OK) {
        gate_close(gate);
        return rc;
    }
    *ret = gate;
    return RC_OK;
}

void gate_close(struct gate *gate)
{
    if (gate == NULL)
        return;
    rules_drop(gate->rules);
    store_disconnect(gate->conn);
    pthread_mutex_destroy(&gate->lock);
    pthread_mutex_destroy(&gate->reloading);
    free(gate);
}

/* Size and root of the last checkpoint: its second and third line. */
static enum rc read_head(struct gate *gate, uint64_t *ret_size, struct hash *ret_root,
                         int64_t *ret_at, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct stored_checkpoint stored;
    enum rc rc = record_log_checkpoint(gate->conn, &arena, LOG_DECISIONS, &stored, fault);
    if (rc == RC_NOT_FOUND) {
        *ret_size = 0;
        *ret_root = merkle_root(NULL, 0);
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    struct str rest = stored.note, line;
    for (int i = 0; i < 3; i++)
        if (!str_next(&rest, '\n', &line))
            return fault_set(fault, RC_CORRUPT, "the stored checkpoint is cut short");
    if (!base64_decode_exact(line, ret_root->b, sizeof ret_root->b))
        return fault_set(fault, RC_CORRUPT, "the stored checkpoint has no root");
    *ret_size = stored.size;
    *ret_at = stored.at;
    return RC_OK;
}

/* The time to decide for: the larger of the clock and the last checkpoint's. */
static int64_t time_of(const struct gate *gate)
{
    int64_t clock = clock_now();
    return clock > gate->head_at ? clock : gate->head_at;
}

/* Rules made afresh where the present ones are out of date, else NULL. */
static enum rc renew_rules(struct gate *gate, struct gate_rules **ret, struct fault *fault)
{
    struct gate_basis basis;
    *ret = NULL;
    enum rc rc = read_basis(gate, &basis, fault);
    if (rc != RC_OK)
        return rc;
    pthread_mutex_lock(&gate->lock);
    int64_t clock = time_of(gate);
    const struct gate_rules *old = gate->rules;
    uint64_t epoch = old == NULL ? 1 : old->epoch + 1;
    bool good = old != NULL && memcmp(&old->basis, &basis, sizeof basis) == 0 &&
                clock < old->boundary && clock >= old->clock;
    pthread_mutex_unlock(&gate->lock);
    if (good)
        return RC_OK;
    rc = build_rules(gate, &basis, clock, ret, fault);
    if (rc == RC_OK) {
        (*ret)->epoch = epoch;
        (*ret)->clock = clock;
    }
    return rc;
}

enum rc gate_reload(struct gate *gate, struct fault *fault)
{
    uint64_t size = 0;
    int64_t at = 0, lifts = lift_journal_stamp(gate->site);
    struct hash root = {{0}};
    struct gate_rules *rules = NULL;
    pthread_mutex_lock(&gate->reloading);
    enum rc rc = store_begin(gate->conn, fault); /* one snapshot of the database */
    if (rc == RC_OK)
        rc = read_head(gate, &size, &root, &at, fault);
    if (rc == RC_OK) {
        pthread_mutex_lock(&gate->lock);
        gate->head_at = at > gate->head_at ? at : gate->head_at;
        pthread_mutex_unlock(&gate->lock);
    }
    if (rc == RC_OK)
        rc = renew_rules(gate, &rules, fault);
    store_rollback(gate->conn);
    if (rc == RC_OK) {
        struct gate_rules *old = NULL;
        pthread_mutex_lock(&gate->lock);
        gate->head_size = size;
        gate->head_root = root;
        gate->lifts = lifts;
        gate->version++;
        if (rules != NULL) {
            old = gate->rules;
            gate->rules = rules;
        }
        pthread_mutex_unlock(&gate->lock);
        rules_drop(old);
    } else {
        /* What was committed is not known: no page kept from before it is good. */
        pthread_mutex_lock(&gate->lock);
        gate->version++;
        pthread_mutex_unlock(&gate->lock);
    }
    atomic_store(&gate->unsound, rc != RC_OK);
    if (rc != RC_OK)
        count(&site_counters(gate->site)->gate_failures, 1);
    pthread_mutex_unlock(&gate->reloading);
    return rc;
}

bool gate_sound(const struct gate *gate)
{
    return !atomic_load(&gate->unsound);
}

/* Lifts are looked for at every request, so that one works at once even while the
 * database or the thread that writes it are stuck. */
bool gate_version(struct gate *gate, uint64_t *ret)
{
    int64_t lifts = lift_journal_stamp(gate->site);
    pthread_mutex_lock(&gate->lock);
    bool fresh = time_of(gate) < gate->rules->boundary && lifts == gate->lifts;
    *ret = gate->version;
    pthread_mutex_unlock(&gate->lock);
    return fresh;
}

const struct gate_view *gate_hold(struct gate *gate, struct arena *arena)
{
    uint64_t version;
    /* On failure the old rules stay; what each restriction says of its end is
     * still asked at every decision. */
    if (!gate_version(gate, &version))
        (void)!gate_reload(gate, NULL);
    return gate_hold_present(gate, arena);
}

const struct gate_view *gate_hold_present(struct gate *gate, struct arena *arena)
{
    struct gate_view *view = ARENA_NEW(arena, struct gate_view);
    pthread_mutex_lock(&gate->lock);
    int64_t clock = time_of(gate);
    struct gate_rules *rules = gate->rules;
    atomic_fetch_add(&rules->holders, 1);
    view->head_size = gate->head_size;
    view->head_root = gate->head_root;
    view->version = gate->version;
    pthread_mutex_unlock(&gate->lock);
    view->epoch = rules->epoch;
    view->now = replay_now(&rules->replay, clock);
    view->storefronts.v = rules->storefronts.v;
    view->storefronts.n = rules->storefronts.n;
    view->restrictions.v = (const struct restriction **)rules->replay.restrictions;
    view->restrictions.n = rules->replay.n;
    view->rules = rules;
    return view;
}

void gate_drop(const struct gate_view *view)
{
    if (view != NULL)
        rules_drop((struct gate_rules *)view->rules);
}

void gate_drop_at_end(const struct gate_view **view)
{
    gate_drop(*view);
}

/* ---- deciding ---- */

const struct storefront *gate_storefront(const struct gate_view *view, struct str slug)
{
    for (size_t i = 0; i < view->storefronts.n; i++)
        if (str_eq(view->storefronts.v[i].slug, slug))
            return &view->storefronts.v[i];
    return NULL;
}

const struct restriction *gate_restriction(const struct gate_view *view, uint64_t id)
{
    return replay_find(&view->rules->replay, id);
}

static const struct storefront_rules *rules_of(const struct gate_view *view,
                                               const struct storefront *storefront)
{
    return &view->rules->by_storefront[storefront - view->storefronts.v];
}

/* The first of those on one edition or work that may concern this work. */
static size_t first_single(const struct storefront_rules *rules, uint64_t work)
{
    size_t low = 0, high = rules->single_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rules->singles[middle]->works.v[0] < work)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct visibility gate_decide(const struct gate_view *view, const struct storefront *storefront,
                              const struct visibility_facts *facts)
{
    const struct storefront_rules *rules = rules_of(view, storefront);
    struct visibility v = {0};
    for (size_t i = first_single(rules, facts->work);
         i < rules->single_count && rules->singles[i]->works.v[0] == facts->work; i++)
        visibility_add(&v, rules->singles[i], storefront->slug, facts, view->now);
    for (size_t i = 0; i < rules->set_count; i++)
        visibility_add(&v, rules->sets[i], storefront->slug, facts, view->now);
    return v;
}

const struct gate_filter *gate_filter(const struct gate_view *view,
                                      const struct storefront *storefront, enum feature feature)
{
    const struct storefront_rules *rules = rules_of(view, storefront);
    if (feature == FEATURE_RATINGS)
        return &rules->ratings;
    return feature == FEATURE_SEARCH ? &rules->search : &rules->listing;
}

const struct restriction *gate_withholder(const struct gate_view *view,
                                          const struct storefront *storefront, enum feature feature,
                                          uint64_t work, struct str isbn13)
{
    struct visibility_facts facts = {.work = work, .isbn13 = isbn13};
    return gate_decide(view, storefront, &facts).by[feature];
}
