#include "app/restrict.h"

#include "app/account.h"
#include "app/beside.h"
#include "app/lift_journal.h"
#include "app/ranking.h"
#include "app/sealed.h"
#include "app/sequencer.h"
#include "app/statement.h"
#include "app/telling.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "domain/names.h"
#include "record/entry.h"
#include "record/merkle.h"
#include "store/catalogue.h"
#include "store/readers.h"
#include "store/record_log.h"
#include "store/store.h"
#include "store/targets.h"

enum { REASON_MAX = 10000 };

/* ---- reading an order ---- */

/* A bare date lasts that day: it begins at its first second and ends after its
 * last. */
static bool read_time(struct str s, bool end, int64_t *ret)
{
    int32_t date;
    if (date_parse(s, &date)) {
        *ret = end ? date_end(date) : date_start(date);
        return true;
    }
    return time_parse(s, ret);
}

static enum rc read_times(const struct restriction_order *order, struct restriction *r,
                          struct fault *fault)
{
    static const char expected[] = "expected a date (2026-12-31) or a time (2026-12-31T12:00:00Z)";
    r->from = r->decided;
    if (order->from.n > 0 && !read_time(order->from, false, &r->from))
        return fault_set(fault, RC_INVALID, "from: %s", expected);
    /* Today's date means "from now on": an effect cannot lie before its entry. */
    if (r->from < r->decided)
        r->from = r->decided;
    if ((order->until.n > 0) == (order->review.n > 0))
        return fault_set(fault, RC_INVALID, "until, review: exactly one of the two is needed");
    if (order->until.n > 0 && !read_time(order->until, true, &r->until))
        return fault_set(fault, RC_INVALID, "until: %s", expected);
    if (order->review.n > 0 && !read_time(order->review, true, &r->review))
        return fault_set(fault, RC_INVALID, "review: %s", expected);
    int64_t end = r->until != 0 ? r->until : r->review;
    if (end <= r->from)
        return fault_set(fault, RC_INVALID, "%s: it would end before it begins",
                         r->until != 0 ? "until" : "review");
    return RC_OK;
}

static int compare_str(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum rc restriction_where(struct store_conn *conn, struct arena *arena,
                          const struct restriction_order *order, struct restriction *r,
                          struct fault *fault)
{
    struct storefront *known;
    size_t known_n, n = 0;
    enum rc rc = catalogue_storefronts(conn, arena, &known, &known_n, fault);
    if (rc != RC_OK)
        return rc;
    if (order->storefronts.n == 0)
        return fault_set(fault, RC_INVALID, "storefront: at least one is needed");
    if (order->storefronts.n > RESTRICTION_STOREFRONTS_MAX)
        return fault_set(fault, RC_INVALID, "storefront: too many");
    struct str *slugs = ARENA_ARRAY(arena, struct str, order->storefronts.n);
    for (size_t i = 0; i < order->storefronts.n; i++) {
        struct str slug = order->storefronts.v[i];
        bool found = false;
        for (size_t k = 0; k < known_n; k++)
            found = found || str_eq(known[k].slug, slug);
        if (!found)
            return fault_set(fault, RC_NOT_FOUND, "storefront: there is no %.*s", STR_ARG(slug));
        slugs[n++] = slug;
    }
    qsort(slugs, n, sizeof *slugs, compare_str);
    for (size_t i = 1; i < n; i++)
        if (str_eq(slugs[i - 1], slugs[i]))
            return fault_set(fault, RC_INVALID, "storefront: %.*s is named twice",
                             STR_ARG(slugs[i]));
    r->storefronts = slugs;
    r->storefront_count = n;
    return RC_OK;
}

/* An account by its address: the entry names it by a commitment of its own. */
static enum rc read_account(struct site *site, struct store_conn *conn, struct arena *arena,
                            struct str email, struct restriction *r, struct fault *fault)
{
    struct account account;
    uint8_t salt[32];
    enum rc rc = account_address(arena, email, &email, fault);
    if (rc == RC_OK)
        rc = readers_account_by_email(conn, arena, email, &account, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no account %.*s here", STR_ARG(email));
    if (rc != RC_OK)
        return rc;
    random_bytes(salt, sizeof salt);
    struct str domain = arena_printf(arena, "%.*s/account/v1", STR_ARG(site_origin(site)));
    struct hash commitment = commitment_make(domain, salt, account.email);
    BUF_AUTO hex = BUF_INIT(64);
    hex_add(&hex, commitment.b, sizeof commitment.b);
    r->target = TARGET_ACCOUNT;
    r->target_key = arena_str(arena, buf_str(&hex));
    return target_account_put(conn, r->target_key, account.id, salt, fault);
}

/* The target's canonical key, its name and its works as of now. */
enum rc restriction_what(struct site *site, struct store_conn *conn, struct arena *arena,
                         const struct restriction_order *order, struct restriction *r,
                         struct fault *fault)
{
    struct str key = order->target_key;
    char isbn[14];
    if (order->target == TARGET_ACCOUNT)
        return read_account(site, conn, arena, key, r, fault);
    if (order->target == TARGET_EDITION) {
        if (!isbn_parse(key, isbn))
            return fault_set(fault, RC_INVALID, "edition: %.*s is no ISBN", STR_ARG(key));
        key = arena_str(arena, str_of(isbn));
    }
    struct target target;
    enum rc rc = target_find(conn, arena, order->target, key, &target, fault);
    if (rc != RC_OK)
        return rc;
    bool set = target_is_set(order->target);
    if (set && target.works.n == 0)
        return fault_set(fault, RC_INVALID, "%s %.*s holds no work: there is nothing to withhold",
                         target_name(order->target), STR_ARG(key));
    r->target = order->target;
    r->target_key = key;
    r->target_name = target.name;
    r->works = target.works;
    r->works_count = target.works.n;
    if (set)
        r->works_root = work_list_root(target.works.v, target.works.n);
    return RC_OK;
}

/* ---- writing entries ---- */

/* Puts the entry in line, with the text beside it and the tie to its restriction. */
static enum rc put_entry(struct site *site, struct store_conn *conn, struct entry *entry,
                         uint64_t restriction, struct str text, uint64_t *ret_entry_id,
                         struct fault *fault)
{
    bool has_text = entry->type == ENTRY_RESTRICTION || entry->type == ENTRY_LIFT;
    uint64_t id = 0;
    enum rc rc = beside_entry(site, conn, entry, has_text ? "reasons" : NULL, text, &id, fault);
    if (rc == RC_OK)
        rc = record_log_restriction_add(conn, restriction, id, fault);
    if (rc == RC_OK && ret_entry_id != NULL)
        *ret_entry_id = id;
    return rc;
}

enum rc restriction_state_check(struct str country, struct fault *fault)
{
    return country.n == 0 || country_code_valid(country)
               ? RC_OK
               : fault_set(fault, RC_INVALID,
                           "state-involved: an ISO 3166-1 code is needed (GB, CN)");
}

enum rc restriction_resolve(struct site *site, struct store_conn *conn, struct arena *arena,
                            const struct restriction_order *order, struct restriction *ret,
                            struct fault *fault)
{
    struct restriction r = {.decided = clock_now(),
                            .features = order->features,
                            .ground = order->ground,
                            .authority = order->authority,
                            .legal_basis = order->legal_basis,
                            .reference = order->reference,
                            .state_involved = order->state_involved,
                            .terms_version = order->terms_version,
                            .demand = order->demand};
    if (order->features == 0)
        return fault_set(fault, RC_INVALID, "withhold: at least one feature is needed");
    if (order->terms_version.n > 0 && order->ground != GROUND_TERMS)
        return fault_set(fault, RC_INVALID,
                         "terms-version: only where the shop's terms are the ground");
    enum rc rc = restriction_state_check(order->state_involved, fault);
    if (rc == RC_OK)
        rc = read_times(order, &r, fault);
    if (rc == RC_OK)
        rc = restriction_where(conn, arena, order, &r, fault);
    if (rc == RC_OK)
        rc = restriction_what(site, conn, arena, order, &r, fault);
    if (rc == RC_OK)
        *ret = r;
    return rc;
}

/* Why it reaches so far: a text of its own, with a salt of its own. */
static enum rc make_scope(struct site *site, struct arena *arena, struct str reason,
                          struct beside *ret, struct restriction *r, struct fault *fault)
{
    if (reason.n == 0)
        return RC_OK;
    enum rc rc = restriction_reason_check(reason, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "scope");
    *ret = beside_make(site, arena, "scope", reason);
    r->scope_reason = ret->commitment;
    return RC_OK;
}

/* Where law forbids to name who asked: the entry says until when that is sealed, and a
 * commitment to the whole one follows it in the same batch. */
static enum rc put_sealed(struct site *site, struct store_conn *conn, struct arena *arena,
                          struct entry *entry, const struct restriction_order *order,
                          uint64_t *ret_entry_id, struct fault *fault)
{
    struct restriction *r = &entry->restriction;
    struct seal seal = {0};
    if (order->demand != 0)
        return fault_set(fault, RC_INVALID, "seal-until: the demand’s entry names who asked");
    enum rc rc = sealed_begin(conn, arena, order->seal_until, entry->at, &r->authority,
                              &r->reference, &seal, fault);
    if (rc == RC_OK)
        rc = put_entry(site, conn, entry, r->id, order->reason, ret_entry_id, fault);
    if (rc != RC_OK)
        return rc;
    r->authority = seal.authority;
    r->reference = seal.reference;
    return sealed_add(conn, entry, seal.id, seal.opens, fault);
}

enum rc restriction_put(struct site *site, struct store_conn *conn,
                        const struct restriction_order *order, const struct approvals *approvals,
                        uint64_t *ret_id, uint64_t *ret_entry_id, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry = {.type = ENTRY_RESTRICTION};
    struct restriction *r = &entry.restriction;
    struct beside scope = {0};
    enum rc rc = restriction_resolve(site, conn, &arena, order, r, fault);
    if (rc == RC_OK)
        rc = make_scope(site, &arena, order->scope_reason, &scope, r, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "restriction", 1, &r->id, fault);
    if (rc != RC_OK)
        return rc;
    entry.at = r->decided;
    r->approvals = *approvals;
    if (target_is_set(r->target))
        rc = record_log_list_put(conn, &r->works_root, r->works.v, r->works.n, fault);
    else if (r->works.n > 0)
        entry.work = r->works.v[0];
    if (rc == RC_OK)
        rc = order->seal_until.n == 0
                 ? put_entry(site, conn, &entry, r->id, order->reason, ret_entry_id, fault)
                 : put_sealed(site, conn, &arena, &entry, order, ret_entry_id, fault);
    if (rc == RC_OK && scope.member != NULL)
        rc = beside_put(conn, *ret_entry_id, &scope, fault);
    if (rc == RC_OK)
        rc = statement_make(site, conn, r, *ret_entry_id, fault);
    if (rc == RC_OK)
        *ret_id = r->id;
    return rc;
}

static enum rc check_reason(struct str reason, size_t max, struct fault *fault)
{
    if (str_trim(reason).n == 0)
        return fault_set(fault, RC_INVALID, "reason: it is needed; readers will see it");
    if (reason.n > max)
        return fault_set(fault, RC_INVALID, "reason: at most %zu bytes", max);
    if (!utf8_clean(reason))
        return fault_set(fault, RC_INVALID, "reason: no clean UTF-8 text");
    return RC_OK;
}

enum rc restriction_reason_check(struct str reason, struct fault *fault)
{
    return check_reason(reason, REASON_MAX, fault);
}

/* ---- lifting ---- */

struct lifts {
    struct arena arena;
    struct lift v[LIFT_JOURNAL_SLOTS];
    size_t n;
};

static void collect_lift(void *context, const struct lift *lift)
{
    struct lifts *lifts = context;
    if (lifts->n == LIFT_JOURNAL_SLOTS)
        return;
    lifts->v[lifts->n] = *lift;
    lifts->v[lifts->n].reason = arena_str(&lifts->arena, lift->reason);
    lifts->v[lifts->n++].who = arena_str(&lifts->arena, lift->who);
}

size_t restriction_lifts_waiting(const struct site *site)
{
    struct lifts lifts = {.arena = ARENA_INIT};
    enum rc rc = lift_journal_read(site, collect_lift, &lifts, NULL);
    arena_free(&lifts.arena);
    return rc == RC_OK ? lifts.n : 0;
}

/* RC_NOT_FOUND where there is no such restriction. */
static enum rc read_decision(struct store_conn *conn, struct arena *arena, uint64_t id,
                             struct entry *ret, struct fault *fault)
{
    struct log_entry first;
    size_t n;
    enum rc rc = record_log_restriction(conn, arena, id, &first, 1, &n, fault);
    if (rc == RC_OK && n == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no restriction %llu", (unsigned long long)id);
    return rc == RC_OK ? entry_read(arena, first.bytes, ret, fault) : rc;
}

/* Who lifted it goes into the trail with the entry: then, and not before, there surely is
 * a database that takes both. */
static enum rc note_lift(struct store_conn *conn, struct arena *arena, const struct lift *lift,
                         struct fault *fault)
{
    struct store_act act = {
        .account = lift->account,
        .who = lift->who,
        .what =
            lift->account != 0 ? STR("POST /desk/restrictions/{id}/lift") : STR("restriction lift"),
        .subject = arena_printf(arena, "%llu reason=…", (unsigned long long)lift->restriction)};
    return lift->who.n > 0 ? store_act_note(conn, &act, fault) : RC_OK;
}

static enum rc flush_lift(struct site *site, struct store_conn *conn, struct arena *arena,
                          const struct lift *lift, struct fault *fault)
{
    uint64_t index;
    struct entry decision, entry = {.type = ENTRY_LIFT, .at = lift->at};
    enum rc rc = record_log_restriction_lift(conn, lift->restriction, &index, fault);
    if (rc != RC_NOT_FOUND)
        return rc; /* in line already */
    rc = read_decision(conn, arena, lift->restriction, &decision, fault);
    /* Noted unchecked, for nothing that is there: it must not lift what will have
     * this number one day. */
    if (rc == RC_NOT_FOUND)
        return lift_journal_clear(site, lift->restriction, fault);
    if (rc == RC_OK && entry.at < decision.at)
        entry.at = decision.at; /* the clock went back in between */
    entry.restriction.id = lift->restriction;
    if (rc == RC_OK)
        rc = put_entry(site, conn, &entry, lift->restriction, lift->reason, NULL, fault);
    return rc == RC_OK ? note_lift(conn, arena, lift, fault) : rc;
}

enum rc restriction_lift_put(struct site *site, struct store_conn *conn, uint64_t id,
                             struct str reason, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry decision, entry = {.type = ENTRY_LIFT, .at = clock_now()};
    uint64_t index;
    enum rc rc = record_log_restriction_lift(conn, id, &index, fault);
    if (rc != RC_NOT_FOUND)
        return rc; /* lifted already */
    rc = read_decision(conn, &arena, id, &decision, fault);
    const struct restriction *r = &decision.restriction;
    if (rc != RC_OK || entry.at >= (r->until != 0 ? r->until : r->review))
        return rc; /* over */
    if (entry.at < decision.at)
        entry.at = decision.at;
    entry.restriction.id = id;
    return put_entry(site, conn, &entry, id, reason, NULL, fault);
}

static enum rc flush_lifts(struct site *site, struct store_conn *conn, struct fault *fault)
{
    struct lifts lifts = {.arena = ARENA_INIT};
    enum rc rc = lift_journal_read(site, collect_lift, &lifts, fault);
    for (size_t i = 0; rc == RC_OK && i < lifts.n; i++)
        rc = flush_lift(site, conn, &lifts.arena, &lifts.v[i], fault);
    arena_free(&lifts.arena);
    return rc;
}

static enum rc clear_lifts(struct site *site, struct store_conn *conn, struct fault *fault)
{
    struct lifts lifts = {.arena = ARENA_INIT};
    enum rc rc = lift_journal_read(site, collect_lift, &lifts, fault);
    for (size_t i = 0; rc == RC_OK && i < lifts.n; i++) {
        uint64_t index;
        rc = record_log_restriction_lift(conn, lifts.v[i].restriction, &index, fault);
        if (rc == RC_OK) /* also while it waits there: the gate knows of it */
            rc = lift_journal_clear(site, lifts.v[i].restriction, fault);
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    arena_free(&lifts.arena);
    return rc;
}

static enum rc flush_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return flush_lifts(context, conn, fault);
}

/* A restriction can be lifted once: it is known, and neither lifted nor over. */
static enum rc check_liftable(struct site *site, uint64_t id, int64_t now, int64_t *ret_decided,
                              struct fault *fault)
{
    struct store_conn *conn = NULL;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry decision;
    uint64_t index;
    enum rc rc = store_connect(site_store(site), false, &conn, fault);
    if (rc == RC_OK)
        rc = read_decision(conn, &arena, id, &decision, fault);
    if (rc == RC_OK) {
        rc = record_log_restriction_lift(conn, id, &index, fault);
        if (rc == RC_OK)
            rc = fault_set(fault, RC_CONFLICT, "restriction %llu is lifted already",
                           (unsigned long long)id);
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    store_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    const struct restriction *r = &decision.restriction;
    if (now >= (r->until != 0 ? r->until : r->review))
        return fault_set(fault, RC_CONFLICT, "restriction %llu has ended already",
                         (unsigned long long)id);
    *ret_decided = decision.at;
    return RC_OK;
}

/* From here on the journal carries the act's row. */
static enum rc note_in_journal(const char *dir, struct lift *lift, struct store_act *act,
                               struct fault *fault)
{
    lift->account = act->account;
    lift->who = act->who;
    enum rc rc = lift_journal_add(dir, lift, fault);
    if (rc == RC_OK)
        act->noted = true;
    return rc;
}

struct lift_work {
    struct site *site;
    const struct lift *lift;
};

static enum rc lift_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct lift_work *w = context;
    return restriction_lift_put(w->site, conn, w->lift->restriction, w->lift->reason, fault);
}

/* Into the journal, and from there into the log; or, where the journal has no room or
 * cannot be written, into the log at once. */
static enum rc take_lift(struct site *site, struct writer *writer, struct lift *lift,
                         struct store_act *act, struct fault *fault)
{
    struct lift_work work = {site, lift};
    enum rc rc = note_in_journal(site_dir(site), lift, act, fault);
    if (rc == RC_IO || rc == RC_LIMIT)
        return writer_run(writer, lift_work, &work, fault);
    if (rc != RC_OK)
        return rc;
    crash_point("lift-noted");
    /* It is lifted now. Whether the log can take it is another matter. */
    site_wake(site);
    (void)!writer_run(writer, flush_work, site, NULL);
    return RC_OK;
}

enum rc restriction_lift(struct site *site, struct writer *writer, uint64_t id, struct str reason,
                         struct store_act *act, bool *ret_published, struct fault *fault)
{
    int64_t decided = 0, now = clock_now();
    enum rc rc = check_reason(reason, LIFT_REASON_MAX, fault);
    if (rc == RC_OK)
        rc = check_liftable(site, id, now, &decided, fault);
    if (rc != RC_OK)
        return rc;
    struct lift lift = {.restriction = id, .at = now > decided ? now : decided, .reason = reason};
    rc = take_lift(site, writer, &lift, act, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t index = LOG_PENDING;
    struct store_conn *conn = NULL;
    if (store_connect(site_store(site), false, &conn, NULL) == RC_OK &&
        record_log_restriction_lift(conn, id, &index, NULL) != RC_OK)
        index = LOG_PENDING;
    store_disconnect(conn);
    site_wake(site); /* whose gate has the lift clears the journal */
    *ret_published = index != LOG_PENDING;
    return RC_OK;
}

enum rc restriction_lift_blind(const char *dir, uint64_t id, struct str reason,
                               struct store_act *act, struct fault *fault)
{
    struct lift lift = {.restriction = id, .at = clock_now(), .reason = reason};
    enum rc rc = check_reason(reason, LIFT_REASON_MAX, fault);
    return rc == RC_OK ? note_in_journal(dir, &lift, act, fault) : rc;
}

/* ---- sets that grow ---- */

/* The works of `now` that are not in `covered`. */
static struct work_set newcomers(struct arena *arena, struct work_set now, struct work_set covered)
{
    uint64_t *v = ARENA_ARRAY(arena, uint64_t, now.n);
    size_t n = 0;
    for (size_t i = 0; i < now.n; i++)
        if (!work_set_has(covered, now.v[i]))
            v[n++] = now.v[i];
    return (struct work_set){v, n};
}

static enum rc extend_one(struct site *site, struct store_conn *conn, struct arena *arena,
                          const struct restriction *r, struct fault *fault)
{
    struct target target;
    enum rc rc = target_find(conn, arena, r->target, r->target_key, &target, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK)
        return rc;
    struct work_set added = newcomers(arena, target.works, r->works);
    if (added.n == 0)
        return RC_OK;
    struct entry entry = {.type = ENTRY_EXTENDED, .at = clock_now()};
    uint64_t entry_id = 0;
    entry.restriction.id = r->id;
    entry.restriction.works_count = added.n;
    entry.restriction.works_root = work_list_root(added.v, added.n);
    rc = record_log_list_put(conn, &entry.restriction.works_root, added.v, added.n, fault);
    if (rc == RC_OK)
        rc = put_entry(site, conn, &entry, r->id, STR_NONE, &entry_id, fault);
    return rc == RC_OK ? telling_add(conn, r, added, entry_id, fault) : rc;
}

static enum rc extend_sets(void *context, struct store_conn *conn, struct fault *fault)
{
    struct site *site = context;
    struct gate *gate;
    enum rc rc = store_may_rest(conn, fault); /* a long Record is replayed meanwhile */
    if (rc == RC_OK)
        rc = gate_open(site, &gate, fault);
    if (rc != RC_OK)
        return rc;
    ARENA_AUTO arena = ARENA_INIT;
    {
        GATE_HELD view = gate_hold(gate, &arena);
        for (size_t i = 0; rc == RC_OK && i < view->restrictions.n; i++) {
            const struct restriction *r = view->restrictions.v[i];
            enum restriction_state state = restriction_state(r, view->now);
            if (target_is_set(r->target) && (state == STATE_IN_EFFECT || state == STATE_SCHEDULED))
                rc = extend_one(site, conn, &arena, r, fault);
        }
    }
    gate_close(gate);
    return rc;
}

enum rc restriction_extend(struct site *site, struct writer *writer, struct fault *fault)
{
    return writer_run(writer, extend_sets, site, fault);
}

/* What the Record was promised: the rule by which this program ranks, and what is sealed
 * at its date. */
static enum rc keep_promises(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    enum rc rc = ranking_declare(conn, fault);
    return rc == RC_OK ? sealed_open_due(conn, fault) : rc;
}

const struct writer_duties restriction_duties = {
    .waiting = restriction_lifts_waiting,
    .first = flush_lifts,
    .settled = clear_lifts,
    .at_rest = extend_sets,
    .with_head = keep_promises,
};

/* ---- reading back ---- */

struct pending_reader {
    struct arena *arena;
    struct restriction_view *v;
    size_t n, room;
};

static enum rc read_pending(void *context, uint64_t id, const struct log_entry *stored,
                            struct fault *fault)
{
    struct pending_reader *reader = context;
    struct entry entry;
    (void)id;
    if (!str_eq(stored->type, str_of(entry_type_name(ENTRY_RESTRICTION))) ||
        reader->n == reader->room)
        return RC_OK;
    enum rc rc = entry_read(reader->arena, arena_str(reader->arena, stored->bytes), &entry, fault);
    if (rc != RC_OK)
        return rc;
    struct restriction *r = ARENA_NEW(reader->arena, struct restriction);
    *r = entry.restriction;
    r->record_index = LOG_PENDING;
    reader->v[reader->n++] = (struct restriction_view){.r = r, .state = STATE_PENDING};
    return RC_OK;
}

enum rc restriction_all(struct site *site, struct store_conn *conn, struct arena *arena,
                        const struct gate_view *view, struct restriction_view **ret, size_t *ret_n,
                        struct fault *fault)
{
    enum { PENDING_MAX = 1000 };
    (void)site;
    size_t n = view->restrictions.n;
    struct pending_reader reader = {
        arena, ARENA_ARRAY(arena, struct restriction_view, PENDING_MAX + n), 0, PENDING_MAX};
    enum rc rc = record_log_restrictions_pending(conn, read_pending, &reader, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = n; i-- > 0;) {
        const struct restriction *r = view->restrictions.v[i];
        reader.v[reader.n++] =
            (struct restriction_view){.r = r, .state = restriction_state(r, view->now)};
    }
    *ret = reader.v;
    *ret_n = reader.n;
    return RC_OK;
}

/* The work whose title says what it is about; 0: none, or it is not known. Where only a
 * wish is known and no works, what it names says it. */
static enum rc titled_work(struct store_conn *conn, struct arena *arena,
                           const struct restriction *r, uint64_t *ret, struct fault *fault)
{
    struct log_entry stored;
    struct entry entry;
    uint64_t number;
    *ret = 0;
    if (target_is_set(r->target))
        return RC_OK;
    if (r->works.n > 0)
        *ret = r->works.v[0];
    if (r->works.n > 0 || !str_to_u64(r->target_key, &number))
        return RC_OK;
    if (r->target == TARGET_WORK)
        *ret = number;
    if (!target_is_voice(r->target))
        return RC_OK;
    enum rc rc = record_log_at(conn, arena, LOG_VOICES, number, &stored, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK)
        rc = entry_read(arena, stored.bytes, &entry, fault);
    if (rc == RC_OK)
        *ret = entry.work;
    return rc;
}

enum rc restriction_titles(struct store_conn *conn, struct arena *arena, struct restriction_view *v,
                           size_t n, struct fault *fault)
{
    for (size_t i = 0; i < n; i++) {
        const struct restriction *r = v[i].r;
        struct catalogue_edition one, *editions = &one;
        size_t found = 1;
        char title[1024];
        uint64_t work = 0;
        enum rc rc = r->target != TARGET_EDITION
                         ? titled_work(conn, arena, r, &work, fault)
                         : catalogue_edition_by_key(conn, arena, r->target_key, &one, fault);
        if (rc == RC_OK && r->target != TARGET_EDITION && work == 0)
            continue;
        if (rc == RC_OK && work != 0)
            rc = catalogue_work_editions(conn, arena, work, 1, &editions, &found, fault);
        if (rc == RC_OK && found > 0)
            v[i].title =
                arena_str(arena, edition_display_title(&editions[0].facts, title, sizeof title));
        else if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
    }
    return RC_OK;
}

enum rc restriction_show(struct site *site, struct store_conn *conn, struct arena *arena,
                         const struct gate_view *view, uint64_t id, struct restriction_view *ret,
                         struct fault *fault)
{
    enum { ENTRIES_MAX = 200 };
    struct restriction_view *all;
    size_t n;
    enum rc rc = restriction_all(site, conn, arena, view, &all, &n, fault);
    if (rc != RC_OK)
        return rc;
    const struct restriction_view *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (all[i].r->id == id)
            found = &all[i];
    if (found == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no restriction %llu",
                         (unsigned long long)id);
    struct log_entry *entries = ARENA_ARRAY(arena, struct log_entry, ENTRIES_MAX);
    size_t entry_n;
    rc = record_log_restriction(conn, arena, id, entries, ENTRIES_MAX, &entry_n, fault);
    if (rc != RC_OK)
        return rc;
    struct restriction_view shown = *found;
    shown.entries.v = ARENA_ARRAY(arena, struct restriction_entry_view, entry_n);
    for (size_t i = 0; rc == RC_OK && i < entry_n; i++) {
        struct entry entry;
        rc = entry_read(arena, entries[i].bytes, &entry, fault);
        if (rc == RC_OK)
            shown.entries.v[shown.entries.n++] = (struct restriction_entry_view){
                entries[i].index, entries[i].type, entries[i].bytes, entries[i].text, entry.at};
    }
    if (rc == RC_OK)
        *ret = shown;
    return rc;
}
