#include "app/decide.h"

#include "app/address.h"
#include "app/beside.h"
#include "app/demand.h"
#include "app/demand_letters.h"
#include "app/lifting.h"
#include "app/proposal.h"
#include "app/restrict_parts.h"
#include "app/sealed.h"
#include "base/clock.h"
#include "base/crash.h"
#include "domain/isbn.h"
#include "store/catalogue.h"
#include "store/demands.h"
#include "store/readers.h"
#include "store/store.h"
#include "store/targets.h"

enum { OPEN_MAX = 200 };

/* ---- who ---- */

enum rc decide_staff(struct site *site, struct str email, uint64_t *ret_account,
                     struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct account account;
    struct str address;
    enum rc rc = address_read(&arena, email, &address, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = readers_account_by_email(conn, &arena, address, &account, fault);
    site_disconnect(conn);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "--as: there is no account %.*s", STR_ARG(address));
    if (rc == RC_OK && !str_eq(account.role, STR("operator")))
        rc = fault_set(fault, RC_DENIED, "--as: %.*s is no operator", STR_ARG(address));
    if (rc == RC_OK)
        *ret_account = account.id;
    return rc;
}

struct str decide_who(struct arena *arena, uint64_t staff)
{
    return staff == 0 ? STR("command line")
                      : arena_printf(arena, "account %llu", (unsigned long long)staff);
}

/* As of this transaction: who was one when they were asked may be none by now. 0: the
 * command line. */
static enum rc check_operator(struct store_conn *conn, uint64_t staff, const char *who,
                              struct fault *fault)
{
    bool operator= true;
    enum rc rc = staff == 0 ? RC_OK : demands_operator_is(conn, staff, &operator, fault);
    return rc == RC_OK && !operator? fault_set(fault, RC_DENIED, "%s is no operator", who) : rc;
}

/* What stands for a member of staff in an entry: nobody can tell who, or whether
 * it is the same one as in another. */
static struct beside approval_of(struct site *site, struct arena *arena, uint64_t staff)
{
    return beside_make(site, arena, "approval", decide_who(arena, staff));
}

/* ---- doing it ---- */

struct decide_work {
    struct site *site;
    const struct decision_order *order; /* proposing */
    uint64_t staff;
    uint64_t proposal; /* approving */
    const struct hash *shown;
    struct decided done;
    uint64_t entry_id; /* whose index is asked for; 0: nothing was published */
};

/* Whether what is withheld lies within what was demanded, as the catalogue stands now; less of
 * a set says of which works. */
static enum rc check_within(struct store_conn *conn, struct arena *arena,
                            const struct demand_entry *d, struct restriction_order *r,
                            struct fault *fault)
{
    struct target given, demanded;
    char isbn[14];
    struct str key = r->target_key;
    if (r->target == TARGET_EDITION && isbn_parse(key, isbn))
        key = arena_str(arena, str_of(isbn));
    if (r->target == d->target && str_eq(key, d->target_key))
        return RC_OK;
    bool within = r->target != TARGET_ACCOUNT && demand_may_narrow(d->target, r->target);
    enum rc rc = within ? target_find(conn, arena, r->target, key, &given, fault) : RC_OK;
    if (rc == RC_OK && within)
        rc = target_find(conn, arena, d->target, d->target_key, &demanded, fault);
    for (size_t i = 0; rc == RC_OK && within && i < given.works.n; i++)
        within = work_set_has(demanded.works, given.works.v[i]);
    if (rc == RC_OK && !within)
        rc = fault_set(fault, RC_INVALID, "target: it reaches beyond what was demanded");
    if (rc == RC_OK && target_is_set(d->target))
        r->demanded = demanded.works;
    return rc;
}

/* What the demand says, where the order is silent; and whether the order is what
 * its outcome says. */
static enum rc fit_to_demand(struct store_conn *conn, struct arena *arena,
                             struct decision_order *order, struct fault *fault)
{
    struct restriction_order *r = &order->restriction;
    struct demand_row row;
    struct entry e;
    enum rc rc = demands_get(conn, arena, order->demand, &row, fault);
    if (rc == RC_OK && row.decision_entry_id != 0)
        rc = fault_set(fault, RC_CONFLICT, "demand %llu is decided already",
                       (unsigned long long)order->demand);
    if (rc == RC_OK)
        rc = entry_read(arena, row.bytes, &e, fault);
    if (rc == RC_OK)
        rc = entry_named_check(r->authority, r->legal_basis, r->reference, fault);
    if (rc != RC_OK || order->outcome == OUTCOME_REFUSED)
        return rc;
    rc = proposal_fit(arena, order, &e, fault);
    if (rc == RC_OK)
        rc = check_within(conn, arena, &e.demand, r, fault);
    return rc == RC_OK ? demand_scope_check(conn, arena, e.demand.country, r->storefronts.v,
                                            r->storefronts.n, r->scope_reason, fault)
                       : rc;
}

static struct str unsaid(struct str given, struct str said)
{
    return str_eq(given, said) ? STR_NONE : given;
}

/* An order without a demand says nowhere which country demands it: the state involved is
 * one, or all its storefronts are of one; wider needs a reason of its own. */
enum rc restriction_reach(struct store_conn *conn, struct arena *arena,
                          const struct restriction_order *r, struct fault *fault)
{
    struct storefront *all;
    size_t all_n;
    struct str country = r->state_involved;
    if (r->authority.n == 0 || !ground_orders(r->ground))
        return RC_OK;
    enum rc rc = catalogue_storefronts(conn, arena, &all, &all_n, fault);
    for (size_t i = 0; rc == RC_OK && country.n == 0 && i < all_n; i++)
        if (r->storefronts.n > 0 && str_eq(all[i].slug, r->storefronts.v[0]))
            country = all[i].country;
    return rc == RC_OK ? demand_scope_check(conn, arena, country, r->storefronts.v,
                                            r->storefronts.n, r->scope_reason, fault)
                       : rc;
}

/* What was granted before the demand was undecided again is over with the new decision. */
static enum rc lift_former(struct decide_work *w, struct store_conn *conn, struct arena *arena,
                           uint64_t demand, struct fault *fault)
{
    struct str bytes;
    struct entry former;
    enum rc rc = demands_former(conn, arena, demand, &bytes, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK)
        rc = entry_read(arena, bytes, &former, fault);
    if (rc != RC_OK || former.decision.restriction == 0)
        return rc;
    return restriction_lift_put(
        w->site, conn, former.decision.restriction,
        arena_printf(arena, "Demand %llu was decided anew.", (unsigned long long)demand), fault);
}

static enum rc put_decision(struct decide_work *w, struct store_conn *conn, struct arena *arena,
                            const struct decision_order *order, const struct approvals *approvals,
                            uint64_t restriction, uint64_t *ret_entry_id, struct fault *fault)
{
    struct demand_row row;
    struct entry e;
    struct entry decision = {.type = ENTRY_DECISION,
                             .at = clock_now(),
                             .decision = {.demand = order->demand,
                                          .outcome = order->outcome,
                                          .restriction = restriction,
                                          .approvals = *approvals}};
    enum rc rc = demands_get(conn, arena, order->demand, &row, fault);
    if (rc == RC_OK)
        rc = entry_read(arena, row.bytes, &e, fault);
    if (rc != RC_OK)
        return rc;
    if (row.copy.file.n > 0 && !hash_eq(&e.demand.document.copy, &row.copy.digest))
        decision.decision.copy = row.copy.digest; /* redacted since it came in */
    /* What the demand's entry does not say, since nobody had checked it. */
    decision.decision.authority = unsaid(order->restriction.authority, e.demand.authority);
    decision.decision.legal_basis = unsaid(order->restriction.legal_basis, e.demand.legal_basis);
    decision.decision.reference = unsaid(order->restriction.reference, e.demand.reference);
    if (decision.at < e.at)
        decision.at = e.at;
    rc = beside_entry(w->site, conn, &decision, entry_type_name(decision.type),
                      order->restriction.reason, ret_entry_id, fault);
    if (rc == RC_OK)
        rc = demands_decide(conn, order->demand, *ret_entry_id, fault);
    if (rc == RC_OK)
        rc = demands_proposals_drop(conn, order->demand, fault);
    if (rc == RC_OK)
        rc = lift_former(w, conn, arena, order->demand, fault);
    return rc == RC_OK ? demand_letter_decided(conn, arena, &e.demand, &decision.decision,
                                               order->restriction.reason, *ret_entry_id, fault)
                       : rc;
}

/* One entry or two, with who decided beside each. */
static enum rc publish(struct decide_work *w, struct store_conn *conn, struct arena *arena,
                       const struct decision_order *order, const uint64_t *staff, size_t n,
                       struct fault *fault)
{
    struct beside by[2];
    struct approvals approvals = {.n = n};
    uint64_t entry_ids[2] = {0}, entries = 0;
    enum rc rc = restriction_reason_check(order->restriction.reason, fault);
    for (size_t i = 0; i < n; i++) {
        by[i] = approval_of(w->site, arena, staff[i]);
        approvals.v[i] = by[i].commitment;
    }
    if (rc == RC_OK && (order->demand == 0 || order->outcome != OUTCOME_REFUSED))
        rc = restriction_put(w->site, conn, &order->restriction, &approvals, &w->done.restriction,
                             &entry_ids[entries++], fault);
    if (rc == RC_OK && order->demand != 0)
        rc = put_decision(w, conn, arena, order, &approvals, w->done.restriction,
                          &entry_ids[entries++], fault);
    for (size_t e = 0; rc == RC_OK && e < entries; e++)
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = beside_put(conn, entry_ids[e], &by[i], fault);
    w->done.demand = order->demand;
    w->entry_id = entry_ids[0];
    return rc;
}

/* Resolved as of now, so that what is proposed is known to be possible. */
static enum rc resolve(struct decide_work *w, struct store_conn *conn, struct arena *arena,
                       const struct decision_order *order, struct restriction *ret,
                       struct fault *fault)
{
    *ret = (struct restriction){0};
    if (order->demand != 0 && order->outcome == OUTCOME_REFUSED)
        return RC_OK;
    enum rc rc = restriction_resolve(w->site, conn, arena, &order->restriction, ret, fault);
    return rc == RC_OK ? proposal_check(ret, fault) : rc;
}

static enum rc propose(void *context, struct store_conn *conn, struct fault *fault)
{
    struct decide_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct decision_order order = *w->order;
    struct restriction r;
    struct proposal_row row = {.account = w->staff, .created = clock_now()};
    uint64_t operators;
    int64_t opens;
    order.restriction.demand = order.demand;
    enum rc rc = check_operator(conn, w->staff, "who proposes it", fault);
    if (rc == RC_OK)
        rc = demands_operators(conn, &operators, fault);
    if (rc == RC_OK && order.demand != 0)
        rc = fit_to_demand(conn, &arena, &order, fault);
    if (rc == RC_OK && order.demand == 0)
        rc = restriction_reach(conn, &arena, &order.restriction, fault);
    if (rc == RC_OK && operators < 2)
        return publish(w, conn, &arena, &order, &w->staff, 1, fault);
    if (rc == RC_OK && w->staff == 0)
        rc = fault_set(fault, RC_DENIED,
                       "the shop has %llu operators: --as EMAIL says which of them proposes",
                       (unsigned long long)operators);
    /* A proposal names to staff what its seal will hide from everybody else. */
    if (rc == RC_OK && order.restriction.seal_until.n > 0)
        rc = sealed_check(order.restriction.seal_until, order.restriction.authority, row.created,
                          &opens, fault);
    if (rc == RC_OK)
        rc = restriction_reason_check(order.restriction.reason, fault);
    if (rc == RC_OK)
        rc = resolve(w, conn, &arena, &order, &r, fault);
    if (rc == RC_OK)
        rc = proposal_write(&arena, &order, &r, &row.body, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "proposal", 1, &row.id, fault);
    row.demand = order.demand;
    if (rc == RC_OK)
        rc = demands_proposal_add(conn, &row, fault);
    if (rc == RC_OK)
        w->done = (struct decided){
            .proposal = row.id, .shown = sha256(row.body.p, row.body.n), .demand = order.demand};
    return rc;
}

static enum rc approve(void *context, struct store_conn *conn, struct fault *fault)
{
    struct decide_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct proposal_row row;
    struct proposal_view v;
    struct restriction r;
    enum rc rc = demands_proposal(conn, &arena, w->proposal, &row, fault);
    if (rc == RC_OK && !str_eq(row.state, STR("open")))
        rc = fault_set(fault, RC_CONFLICT, "proposal %llu is open no more",
                       (unsigned long long)w->proposal);
    if (rc == RC_OK && row.account == w->staff)
        rc = fault_set(fault, RC_DENIED, "who proposed it cannot approve it: somebody else has to");
    if (rc == RC_OK)
        rc = check_operator(conn, row.account, "who proposed it", fault);
    if (rc == RC_OK)
        rc = check_operator(conn, w->staff, "who approves it", fault);
    if (rc == RC_OK)
        rc = proposal_read(&arena, &row, &v, fault);
    if (rc == RC_OK && w->shown != NULL && !hash_eq(w->shown, &v.shown))
        rc = fault_set(fault, RC_CONFLICT, "proposal %llu is not what was shown: look again",
                       (unsigned long long)w->proposal);
    if (rc != RC_OK)
        return rc;
    struct decision_order order = {
        .demand = v.demand, .outcome = v.outcome, .restriction = v.restriction};
    uint64_t staff[] = {row.account, w->staff};
    if (v.demand != 0)
        rc = fit_to_demand(conn, &arena, &order, fault);
    if (rc == RC_OK)
        rc = resolve(w, conn, &arena, &order, &r, fault);
    if (rc == RC_OK && v.restricts)
        rc = proposal_same(&row, &r, fault);
    /* Before the rest: publishing drops the other proposals about the demand. */
    if (rc == RC_OK)
        rc = demands_proposal_end(conn, row.id, "approved", fault);
    if (rc == RC_OK)
        rc = publish(w, conn, &arena, &order, staff, 2, fault);
    crash_point("approved");
    return rc;
}

static enum rc run(struct writer *writer, write_work work, struct decide_work *w,
                   struct decided *ret, struct fault *fault)
{
    enum rc rc = writer_run(writer, work, w, fault);
    if (rc == RC_OK && w->entry_id != 0)
        rc = entry_published(w->site, w->entry_id, &w->done.record_index, fault);
    if (rc == RC_OK)
        *ret = w->done;
    return rc;
}

enum rc decide_propose(struct site *site, struct writer *writer, uint64_t staff,
                       const struct decision_order *order, struct decided *ret, struct fault *fault)
{
    struct decide_work w = {.site = site, .staff = staff, .order = order};
    return run(writer, propose, &w, ret, fault);
}

enum rc decide_approve(struct site *site, struct writer *writer, uint64_t staff, uint64_t proposal,
                       const struct hash *shown, struct decided *ret, struct fault *fault)
{
    struct decide_work w = {.site = site, .staff = staff, .proposal = proposal, .shown = shown};
    return run(writer, approve, &w, ret, fault);
}

static enum rc drop(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct decide_work *w = context;
    enum rc rc = check_operator(conn, w->staff, "who drops it", fault);
    return rc == RC_OK ? demands_proposal_end(conn, w->proposal, "dropped", fault) : rc;
}

enum rc decide_drop(struct writer *writer, uint64_t staff, uint64_t proposal, struct fault *fault)
{
    struct decide_work w = {.staff = staff, .proposal = proposal};
    return writer_run(writer, drop, &w, fault);
}

enum rc decide_open(struct site *site, struct arena *arena, struct proposal_view **ret,
                    size_t *ret_n, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct proposal_row *rows = NULL;
    size_t n = 0;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = demands_proposals_open(conn, arena, OPEN_MAX, &rows, &n, fault);
    site_disconnect(conn);
    struct proposal_view *v = ARENA_ARRAY(arena, struct proposal_view, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = proposal_read(arena, &rows[i], &v[i], fault);
    if (rc != RC_OK)
        return rc;
    *ret = v;
    *ret_n = n;
    return RC_OK;
}
