#include "app/gate_rules.h"

#include "app/lift_journal.h"
#include "base/ids.h"
#include "store/catalogue.h"
#include "store/record_log.h"
#include "store/shop_texts.h"
#include "store/store.h"
#include "store/targets.h"

/* ---- compiling ---- */

static int by_work(const void *a, const void *b)
{
    const struct restriction *x = *(const struct restriction *const *)a;
    const struct restriction *y = *(const struct restriction *const *)b;
    uint64_t wx = x->works.v[0], wy = y->works.v[0];
    return wx != wy ? (wx > wy) - (wx < wy) : (x->id > y->id) - (x->id < y->id);
}

/* The restrictions of one storefront that are in effect: indexes into the replay. */
struct in_effect {
    size_t *v;
    size_t n;
};

/* One review withholds nothing of its work, and a shop that may not sell leaves the work
 * to the others that may. */
static bool is_of_titles(const struct restriction *r, enum feature feature)
{
    return (r->features & FEATURE_BIT(feature)) && !target_is_voice(r->target) &&
           !(feature == FEATURE_SALE && r->target == TARGET_SHOP);
}

/* All works and editions whose `feature` these restrictions withhold. */
static struct gate_filter compile_filter(struct gate_rules *rules, struct in_effect effect,
                                         enum feature feature)
{
    size_t works = 0, editions = 0;
    for (size_t i = 0; i < effect.n; i++) {
        const struct restriction *r = rules->replay.restrictions[effect.v[i]];
        if (is_of_titles(r, feature)) {
            works += r->works.n;
            editions += r->target == TARGET_EDITION;
        }
    }
    uint64_t *w = ARENA_ARRAY(&rules->arena, uint64_t, works);
    uint64_t *e = ARENA_ARRAY(&rules->arena, uint64_t, editions);
    works = editions = 0;
    for (size_t i = 0; i < effect.n; i++) {
        const struct restriction *r = rules->replay.restrictions[effect.v[i]];
        uint64_t edition = rules->subjects[effect.v[i]];
        if (!is_of_titles(r, feature))
            continue;
        if (r->target != TARGET_EDITION) {
            if (r->works.n > 0)
                memcpy(w + works, r->works.v, r->works.n * sizeof *w);
            works += r->works.n;
        } else if (edition != 0) {
            e[editions++] = edition;
        }
    }
    return (struct gate_filter){w, ids_sort(w, works), e, ids_sort(e, editions)};
}

static void compile_storefront(struct gate_rules *rules, size_t at)
{
    struct storefront_rules *ret = &rules->by_storefront[at];
    size_t n = rules->replay.n;
    struct in_effect effect = {ARENA_ARRAY(&rules->arena, size_t, n), 0};
    ret->singles = ARENA_ARRAY(&rules->arena, const struct restriction *, n);
    ret->sets = ARENA_ARRAY(&rules->arena, const struct restriction *, n);
    ret->accounts = ARENA_ARRAY(&rules->arena, const struct restriction *, n);
    ret->holders = ARENA_ARRAY(&rules->arena, uint64_t, n);
    for (size_t i = 0; i < n; i++) {
        const struct restriction *r = rules->replay.restrictions[i];
        if (restriction_state(r, rules->now) != STATE_IN_EFFECT ||
            !restriction_in_storefront(r, rules->storefronts.v[at].slug))
            continue;
        effect.v[effect.n++] = i;
        if (r->target == TARGET_ACCOUNT) {
            ret->holders[ret->account_count] = rules->subjects[i];
            ret->accounts[ret->account_count] = r;
            ret->account_count += rules->subjects[i] != 0;
        } else if (target_is_set(r->target)) {
            ret->sets[ret->set_count++] = r;
        } else {
            ret->singles[ret->single_count++] = r;
        }
    }
    ret->in_effect = effect.n;
    if (ret->single_count > 1)
        qsort(ret->singles, ret->single_count, sizeof *ret->singles, by_work);
    ret->restarred = ARENA_ARRAY(&rules->arena, uint64_t, ret->single_count);
    for (size_t i = 0; i < ret->single_count; i++)
        if (ret->singles[i]->target == TARGET_REVIEW &&
            (ret->singles[i]->features & FEATURE_BIT(FEATURE_RATINGS)))
            ret->restarred[ret->restarred_count++] = ret->singles[i]->works.v[0];
    ret->restarred_count = ids_sort(ret->restarred, ret->restarred_count);
    ret->listing = compile_filter(rules, effect, FEATURE_LISTING);
    ret->search = compile_filter(rules, effect, FEATURE_SEARCH);
    ret->ratings = compile_filter(rules, effect, FEATURE_RATINGS);
    ret->sale = compile_filter(rules, effect, FEATURE_SALE);
}

/* One of each kind and language that has a version in force. */
static void compile_texts(struct gate_rules *rules, size_t at)
{
    struct storefront_rules *ret = &rules->by_storefront[at];
    const shop_text_list *all = &rules->texts;
    unsigned id = rules->storefronts.v[at].id;
    ret->texts = ARENA_ARRAY(&rules->arena, const struct shop_text *, all->n);
    for (size_t i = 0; i < all->n; i++) {
        const struct shop_text *t = &all->v[i];
        /* The first of a run stands for all of it. */
        if (t->storefront != id || (i > 0 && t[-1].storefront == id && t[-1].kind == t->kind &&
                                    str_eq(t[-1].language, t->language)))
            continue;
        t = shop_text_in_force(all, id, t->kind, t->language, rules->now);
        if (t != NULL && !t->gone)
            ret->texts[ret->text_count++] = t;
    }
}

static void compile_licences(struct gate_rules *rules, size_t at)
{
    const struct storefront *s = &rules->storefronts.v[at];
    for (int f = 0; f < LICENCE_FORMAT_COUNT; f++)
        rules->by_storefront[at].licences[f] = licence_decide(
            &rules->licences.book, s->country, (enum licence_format)f, s->unresearched, rules->now);
}

/* What follows from restrictions, storefronts, their texts, licences and time. */
static void compile(struct gate_rules *rules, int64_t clock)
{
    rules->clock = clock;
    rules->now = replay_now(&rules->replay, clock);
    rules->boundary = INT64_MAX;
    for (size_t i = 0; i < rules->replay.n; i++) {
        int64_t boundary = restriction_boundary(rules->replay.restrictions[i], rules->now);
        if (boundary < rules->boundary)
            rules->boundary = boundary;
    }
    for (size_t i = 0; i < rules->texts.n; i++)
        if (rules->texts.v[i].from > rules->now && rules->texts.v[i].from < rules->boundary)
            rules->boundary = rules->texts.v[i].from;
    int64_t licences = licence_boundary(&rules->licences.book, rules->now);
    if (licences < rules->boundary)
        rules->boundary = licences;
    rules->by_storefront =
        ARENA_ARRAY(&rules->arena, struct storefront_rules, rules->storefronts.n);
    for (size_t i = 0; i < rules->storefronts.n; i++)
        compile_storefront(rules, i);
    for (size_t i = 0; i < rules->storefronts.n; i++)
        compile_texts(rules, i);
    for (size_t i = 0; i < rules->storefronts.n; i++)
        compile_licences(rules, i);
}

/* ---- replaying what is stored ---- */

static enum rc read_list(void *context, struct arena *arena, const struct hash *root,
                         struct work_set *ret, struct fault *fault)
{
    struct store_conn *conn = context;
    return record_log_list_get(conn, arena, root, &ret->v, &ret->n, fault);
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

void gate_rules_drop(struct gate_rules *rules)
{
    if (rules == NULL || atomic_fetch_sub(&rules->holders, 1) != 1)
        return;
    gate_rules_drop(rules->base);
    struct arena arena = rules->arena;
    arena_free(&arena); /* the rules lie in it themselves */
}

static struct gate_rules *rules_new(void)
{
    struct arena arena = ARENA_INIT;
    struct gate_rules *rules = ARENA_NEW(&arena, struct gate_rules);
    rules->arena = arena; /* from here on only this one is used */
    atomic_init(&rules->holders, 1);
    return rules;
}

/* What the rules were made from: while it stays the same, so do they. */
enum rc gate_basis_read(struct site *site, struct store_conn *conn, struct gate_basis *ret,
                        struct fault *fault)
{
    enum rc rc = record_log_decisions_end(conn, &ret->decisions, fault);
    if (rc == RC_OK)
        rc = lift_journal_digest(site, &ret->lifts, fault);
    if (rc == RC_OK)
        rc = record_log_pending_lift_latest(conn, &ret->lift, fault);
    if (rc == RC_OK)
        rc = catalogue_storefront_version(conn, &ret->storefronts, fault);
    return rc;
}

/* The editions and accounts that restrictions are about, for as long as they may be
 * in effect. */
static enum rc find_subjects(struct store_conn *conn, struct gate_rules *rules, struct fault *fault)
{
    rules->subjects = ARENA_ARRAY(&rules->arena, uint64_t, rules->replay.n);
    for (size_t i = 0; i < rules->replay.n; i++) {
        const struct restriction *r = rules->replay.restrictions[i];
        enum restriction_state state = restriction_state(r, rules->now);
        enum rc rc = RC_OK;
        if (state != STATE_IN_EFFECT && state != STATE_SCHEDULED)
            continue;
        if (r->target == TARGET_EDITION)
            rc = catalogue_edition_id(conn, r->target_key, &rules->subjects[i], fault);
        else if (r->target == TARGET_ACCOUNT)
            rc = target_account(conn, r->target_key, &rules->subjects[i], fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
    }
    return RC_OK;
}

enum rc gate_rules_build(struct site *site, struct store_conn *conn,
                         const struct gate_rules *earlier, const struct gate_basis *basis,
                         int64_t clock, struct gate_rules **ret, struct fault *fault)
{
    struct gate_rules *rules = rules_new();
    const struct replay *proved = earlier == NULL ? NULL : &earlier->replay;
    rules->basis = *basis;
    replay_init(&rules->replay, &rules->arena, (struct list_source){proved, conn, read_list});
    enum rc rc = record_log_decisions(conn, replay_stored, rules, fault);
    rules->replay.lists.earlier = NULL;
    if (rc == RC_OK)
        rc = lift_journal_read(site, apply_lift, rules, fault);
    if (rc == RC_OK)
        rc = record_log_restrictions_pending(conn, apply_pending, rules, fault);
    if (rc == RC_OK)
        rc = catalogue_storefronts(conn, &rules->arena, &rules->storefronts.v,
                                   &rules->storefronts.n, fault);
    if (rc == RC_OK)
        rc = disclosures_read(conn, &rules->arena, &rules->disclosures, fault);
    if (rc == RC_OK)
        rc = licences_read(conn, &rules->arena, &rules->licences, fault);
    if (rc == RC_OK)
        rc = shop_text_rows(conn, &rules->arena, &rules->texts, fault);
    rules->now = replay_now(&rules->replay, clock);
    if (rc == RC_OK)
        rc = find_subjects(conn, rules, fault);
    if (rc != RC_OK) {
        gate_rules_drop(rules);
        return rc;
    }
    compile(rules, clock);
    *ret = rules;
    return RC_OK;
}

enum rc gate_rules_revise(struct site *site, struct gate_rules *old, int64_t clock,
                          struct gate_rules **ret)
{
    struct gate_rules *rules = rules_new();
    rules->base = old->base != NULL ? old->base : old;
    atomic_fetch_add(&rules->base->holders, 1);
    rules->basis = old->basis;
    rules->replay = old->replay;
    rules->replay.arena = &rules->arena;
    rules->replay.restrictions = ARENA_ARRAY(&rules->arena, struct restriction *, old->replay.n);
    for (size_t i = 0; i < old->replay.n; i++) {
        rules->replay.restrictions[i] = ARENA_NEW(&rules->arena, struct restriction);
        *rules->replay.restrictions[i] = *old->replay.restrictions[i];
    }
    rules->subjects = old->subjects;
    rules->disclosures = old->disclosures;
    rules->licences = old->licences;
    rules->texts = old->texts;
    rules->storefronts.v = old->storefronts.v;
    rules->storefronts.n = old->storefronts.n;
    enum rc rc = lift_journal_digest(site, &rules->basis.lifts, NULL);
    if (rc == RC_OK)
        rc = lift_journal_read(site, apply_lift, rules, NULL);
    if (rc != RC_OK) {
        gate_rules_drop(rules);
        return rc;
    }
    compile(rules, clock);
    rules->epoch = old->epoch + 1;
    *ret = rules;
    return RC_OK;
}
