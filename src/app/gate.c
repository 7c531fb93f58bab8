#include "app/gate.h"

#include <pthread.h>
#include <stdatomic.h>

#include "app/counters.h"
#include "app/demand_index.h"
#include "app/gate_rules.h"
#include "app/lift_journal.h"
#include "base/clock.h"
#include "record/merkle.h"
#include "store/record_log.h"
#include "store/store.h"

/* So long the database may say nothing, and pages made before are still good: it
 * says something at least every minute, and a failover takes less than one. */
enum { SILENT_MS = 600000 };

/* Works share a place where their numbers are alike: one more page is made anew. */
enum { TOUCHED = 4096 };

struct gate {
    struct site *site;
    struct store_conn *conn;
    pthread_mutex_t reloading; /* one reload at a time */
    pthread_mutex_t lock;      /* what stands below */
    struct gate_rules *rules;
    struct demand_index *demands;
    uint64_t head_size;
    struct hash head_root;
    uint64_t version;
    uint64_t changed;          /* the last version that changed more than voices */
    uint64_t touched[TOUCHED]; /* the last one that changed this work's */
    uint64_t retractions;      /* record_log_retractions at the last reload */
    uint64_t state;            /* of the database at the last reload, where replicas are read */
    int64_t lifts;             /* the journal's stamp before it was last read */
    int64_t heard_at;          /* when the database last answered; ms */
    atomic_bool unsound;       /* the last reload failed */
    int64_t head_at;           /* the latest time a checkpoint was signed at */
};

/* ---- the gate ---- */

/* NULL before there are any. */
static struct gate_rules *rules_hold(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    struct gate_rules *rules = gate->rules;
    if (rules != NULL)
        atomic_fetch_add(&rules->holders, 1);
    pthread_mutex_unlock(&gate->lock);
    return rules;
}

enum rc gate_open(struct site *site, struct gate **ret, struct fault *fault)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (gate == NULL)
        abort();
    gate->site = site;
    gate->demands = demand_index_new();
    pthread_mutex_init(&gate->reloading, NULL);
    pthread_mutex_init(&gate->lock, NULL);
    enum rc rc = site_connect_wholly(site, &gate->conn, fault);
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
    gate_rules_drop(gate->rules);
    demand_index_free(gate->demands);
    site_disconnect(gate->conn);
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
    enum rc rc = gate_basis_read(gate->site, gate->conn, &basis, fault);
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
    struct gate_rules *earlier = rules_hold(gate);
    rc = gate_rules_build(gate->site, gate->conn, earlier, &basis, clock, ret, fault);
    gate_rules_drop(earlier);
    if (rc == RC_OK)
        (*ret)->epoch = epoch;
    return rc;
}

/* Under the lock, before the rest is taken in: what the next version changes. Where nothing
 * of any page did, there is none. */
static void note_changes(struct gate *gate, bool all, const uint64_t *works, size_t n)
{
    if (!all && n == 0)
        return;
    gate->version++;
    if (all)
        gate->changed = gate->version;
    for (size_t i = 0; !all && i < n; i++)
        gate->touched[works[i] % TOUCHED] = gate->version;
}

/* `works` NULL: anything may have changed. */
static enum rc reload(struct gate *gate, const uint64_t *works, size_t n, struct fault *fault)
{
    uint64_t size = 0, state = 0, retractions = 0;
    int64_t at = 0, lifts = lift_journal_stamp_before(gate->site);
    struct hash root = {{0}};
    struct gate_rules *rules = NULL;
    pthread_mutex_lock(&gate->reloading);
    enum rc rc = store_begin(gate->conn, fault); /* one snapshot of the database */
    if (rc == RC_OK)
        rc = read_head(gate, &size, &root, &at, fault);
    if (rc == RC_OK)
        rc = record_log_retractions(gate->conn, &retractions, fault);
    if (rc == RC_OK) {
        pthread_mutex_lock(&gate->lock);
        gate->head_at = at > gate->head_at ? at : gate->head_at;
        pthread_mutex_unlock(&gate->lock);
    }
    if (rc == RC_OK)
        rc = renew_rules(gate, &rules, fault);
    if (rc == RC_OK)
        rc = demand_index_follow(gate->demands, gate->conn, size, fault);
    if (rc == RC_OK && site_replicas(gate->site) > 0)
        state = store_version(gate->conn);
    if (rc == RC_OK && site_replicas(gate->site) > 0 && state == 0)
        rc = fault_set(fault, RC_BUSY, "the database did not answer");
    store_rollback(gate->conn);
    if (rc == RC_OK) {
        struct gate_rules *old = NULL;
        pthread_mutex_lock(&gate->lock);
        bool all = works == NULL || rules != NULL || size != gate->head_size ||
                   !hash_eq(&root, &gate->head_root) || retractions != gate->retractions;
        note_changes(gate, all, works, n);
        gate->head_size = size;
        gate->head_root = root;
        gate->lifts = lifts;
        gate->retractions = retractions;
        gate->heard_at = clock_monotonic_ms();
        gate->state = state;
        if (rules != NULL) {
            old = gate->rules;
            gate->rules = rules;
            /* It may have been revised meanwhile. */
            if (old != NULL && rules->epoch <= old->epoch)
                rules->epoch = old->epoch + 1;
        }
        pthread_mutex_unlock(&gate->lock);
        gate_rules_drop(old);
    }
    atomic_store(&gate->unsound, rc != RC_OK);
    if (rc != RC_OK)
        count(&site_counters(gate->site)->gate_failures, 1);
    pthread_mutex_unlock(&gate->reloading);
    return rc;
}

enum rc gate_reload(struct gate *gate, struct fault *fault)
{
    return reload(gate, NULL, 0, fault);
}

enum rc gate_reload_voices(struct gate *gate, const uint64_t *works, size_t n, struct fault *fault)
{
    return reload(gate, works, n, fault);
}

bool gate_still_good(struct gate *gate, uint64_t version, uint64_t work)
{
    pthread_mutex_lock(&gate->lock);
    bool good = version >= gate->changed && version >= gate->touched[work % TOUCHED];
    pthread_mutex_unlock(&gate->lock);
    return good;
}

bool gate_sound(const struct gate *gate)
{
    return !atomic_load(&gate->unsound);
}

double gate_silent(struct gate *gate)
{
    int64_t now = clock_monotonic_ms();
    pthread_mutex_lock(&gate->lock);
    double silent = (double)(now - gate->heard_at) / 1000;
    pthread_mutex_unlock(&gate->lock);
    return silent;
}

/* Lifts are looked for at every request, so that one works at once even while the
 * database or the thread that writes it are stuck. */
bool gate_version(struct gate *gate, uint64_t *ret_version, uint64_t *ret_standing)
{
    int64_t lifts = lift_journal_stamp(gate->site), now = clock_monotonic_ms();
    pthread_mutex_lock(&gate->lock);
    bool fresh = time_of(gate) < gate->rules->boundary && lifts == gate->lifts &&
                 now <= gate->heard_at + SILENT_MS;
    *ret_version = gate->version;
    *ret_standing = gate->rules->epoch + gate->retractions;
    pthread_mutex_unlock(&gate->lock);
    return fresh;
}

void gate_head(struct gate *gate, uint64_t *ret_size, struct hash *ret_root)
{
    pthread_mutex_lock(&gate->lock);
    *ret_size = gate->head_size;
    *ret_root = gate->head_root;
    pthread_mutex_unlock(&gate->lock);
}

/* Takes in what is known without the database: time, and lifts in the journal. */
static void revise(struct gate *gate)
{
    int64_t lifts = lift_journal_stamp_before(gate->site), now = clock_monotonic_ms();
    struct gate_rules *old = rules_hold(gate), *rules = NULL;
    pthread_mutex_lock(&gate->lock);
    int64_t clock = time_of(gate);
    if (now > gate->heard_at + SILENT_MS) {
        note_changes(gate, true, NULL, 0); /* nobody knows what was committed elsewhere */
        gate->heard_at = now;
    }
    pthread_mutex_unlock(&gate->lock);
    if (gate_rules_revise(gate->site, old, clock, &rules) == RC_OK) {
        pthread_mutex_lock(&gate->lock);
        if (gate->rules == old) {
            gate->rules = rules;
            gate->lifts = lifts;
            note_changes(gate, true, NULL, 0);
            rules = old;
        }
        pthread_mutex_unlock(&gate->lock);
        gate_rules_drop(rules); /* the old ones, or these, which came too late */
    }
    gate_rules_drop(old);
}

const struct gate_view *gate_hold(struct gate *gate, struct arena *arena)
{
    uint64_t version, standing;
    if (!gate_version(gate, &version, &standing))
        revise(gate);
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
    view->demands = gate->demands;
    view->head_root = gate->head_root;
    view->version = gate->version;
    view->standing = rules->epoch + gate->retractions;
    view->state = gate->state;
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
        gate_rules_drop((struct gate_rules *)view->rules);
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

const struct storefront *gate_storefront_at(const struct gate_view *view, struct str host)
{
    host = str_sub(host, 0, str_find(host, ':'));
    for (size_t i = 0; i < view->storefronts.n; i++)
        if (host.n > 0 && str_eq_nocase(view->storefronts.v[i].host, host))
            return &view->storefronts.v[i];
    return NULL;
}

const struct restriction *gate_restriction(const struct gate_view *view, uint64_t id)
{
    return replay_find(&view->rules->replay, id);
}

const struct disclosure *gate_disclosure(const struct gate_view *view, struct str shop)
{
    return disclosures_find(&view->rules->disclosures, shop);
}

static const struct storefront_rules *rules_of(const struct gate_view *view,
                                               const struct storefront *storefront)
{
    return &view->rules->by_storefront[storefront - view->storefronts.v];
}

size_t gate_in_effect(const struct gate_view *view, const struct storefront *storefront)
{
    return rules_of(view, storefront)->in_effect;
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

struct visibility gate_decide_voice(const struct gate_view *view,
                                    const struct storefront *storefront,
                                    const struct visibility *around,
                                    const struct visibility_facts *facts)
{
    const struct storefront_rules *rules = rules_of(view, storefront);
    struct visibility v = *around;
    for (size_t i = first_single(rules, facts->work);
         i < rules->single_count && rules->singles[i]->works.v[0] == facts->work; i++)
        if (target_is_voice(rules->singles[i]->target))
            visibility_add(&v, rules->singles[i], storefront->slug, facts, view->now);
    return v;
}

struct visibility gate_decide_account(const struct gate_view *view,
                                      const struct storefront *storefront,
                                      const struct visibility_facts *facts, uint64_t account)
{
    const struct storefront_rules *rules = rules_of(view, storefront);
    struct visibility v = gate_decide(view, storefront, facts);
    for (size_t i = 0; i < rules->account_count; i++) {
        struct visibility_facts his = *facts;
        if (rules->holders[i] != account)
            continue;
        his.account = rules->accounts[i]->target_key;
        visibility_add(&v, rules->accounts[i], storefront->slug, &his, view->now);
    }
    return v;
}

const struct restriction **gate_voices(const struct gate_view *view, struct arena *arena,
                                       const struct storefront *storefront, uint64_t work,
                                       size_t *ret_n)
{
    const struct storefront_rules *rules = rules_of(view, storefront);
    size_t from = first_single(rules, work), end = from, n = 0;
    while (end < rules->single_count && rules->singles[end]->works.v[0] == work)
        end++;
    const struct restriction **v = ARENA_ARRAY(arena, const struct restriction *, end - from);
    for (size_t i = from; i < end; i++)
        if (target_is_voice(rules->singles[i]->target) &&
            restriction_state(rules->singles[i], view->now) == STATE_IN_EFFECT)
            v[n++] = rules->singles[i];
    *ret_n = n;
    return v;
}

const uint64_t *gate_restarred(const struct gate_view *view, const struct storefront *storefront,
                               size_t *ret_n)
{
    const struct storefront_rules *rules = rules_of(view, storefront);
    *ret_n = rules->restarred_count;
    return rules->restarred;
}

const struct restriction **gate_accounts(const struct gate_view *view, struct arena *arena,
                                         const struct storefront *storefront, uint64_t account,
                                         size_t *ret_n)
{
    const struct storefront_rules *rules = rules_of(view, storefront);
    const struct restriction **v =
        ARENA_ARRAY(arena, const struct restriction *, rules->account_count);
    size_t n = 0;
    for (size_t i = 0; i < rules->account_count; i++)
        if (rules->holders[i] == account &&
            restriction_state(rules->accounts[i], view->now) == STATE_IN_EFFECT)
            v[n++] = rules->accounts[i];
    *ret_n = n;
    return v;
}

const struct licence_answer *gate_licences(const struct gate_view *view,
                                           const struct storefront *storefront)
{
    return rules_of(view, storefront)->licences;
}

const struct licences *gate_licences_published(const struct gate_view *view)
{
    return &view->rules->licences;
}

const struct gate_filter *gate_filter(const struct gate_view *view,
                                      const struct storefront *storefront, enum feature feature)
{
    const struct storefront_rules *rules = rules_of(view, storefront);
    if (feature == FEATURE_RATINGS)
        return &rules->ratings;
    if (feature == FEATURE_SALE)
        return &rules->sale;
    return feature == FEATURE_SEARCH ? &rules->search : &rules->listing;
}

const struct restriction *gate_withholder(const struct gate_view *view,
                                          const struct storefront *storefront, enum feature feature,
                                          uint64_t work, struct str isbn13)
{
    struct visibility_facts facts = {.work = work, .isbn13 = isbn13};
    return gate_decide(view, storefront, &facts).by[feature];
}
