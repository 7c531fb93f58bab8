/* A restriction looked at before it is published: all that is wrong with it at once. */
#include "app/decide.h"
#include "app/proposal.h"
#include "app/restrict_parts.h"
#include "app/sealed.h"
#include "base/buf.h"
#include "base/clock.h"

struct look {
    struct buf *faults;
    enum rc broken; /* what is nobody's fault */
    struct fault fault;
};

static bool is_told(const struct look *l, struct str sentence)
{
    struct str rest = buf_str(l->faults), line;
    while (str_next(&rest, '\n', &line))
        if (str_eq(line, sentence))
            return true;
    return false;
}

/* Whether it is good. */
static bool check(struct look *l, enum rc rc)
{
    if (rc == RC_IO || rc == RC_CORRUPT || rc == RC_BUSY)
        l->broken = rc;
    else if (rc != RC_OK && !is_told(l, str_of(l->fault.text)))
        buf_printf(l->faults, "%s\n", l->fault.text);
    return rc == RC_OK;
}

/* The entry tells of one fault: what it misses is filled in, until it misses nothing. */
static void check_entry(struct look *l, struct restriction r)
{
    struct {
        const char *begins;
        struct str *value;
    } named[] = {{"authority:", &r.authority},
                 {"legal-basis:", &r.legal_basis},
                 {"reference:", &r.reference}};
    for (size_t again = 0; again <= sizeof named / sizeof *named; again++) {
        if (check(l, proposal_check(&r, &l->fault)))
            return;
        for (size_t i = 0; i < sizeof named / sizeof *named; i++)
            if (str_starts(str_of(l->fault.text), str_of(named[i].begins)))
                *named[i].value = STR("x");
    }
}

/* Where something cannot be read, the rest is looked at as if it could. */
static void fill_in(struct restriction *r, bool timed, bool placed, bool found)
{
    static struct str somewhere[] = {{"us", 2}};
    static const char nobody[] = "0000000000000000000000000000000000000000000000000000000000000000";
    if (!timed) {
        r->until = 0;
        r->review = r->from + 86400;
    }
    if (!placed) {
        r->storefronts = somewhere;
        r->storefront_count = 1;
    }
    if (!found && r->target == TARGET_ACCOUNT) {
        r->target_key = str_of(nobody);
    } else if (!found) {
        static uint64_t work[] = {1};
        r->target = TARGET_WORK;
        r->target_key = STR("1");
        r->works = (struct work_set){work, 1};
    }
    if (r->features == 0)
        r->features = target_features(r->target);
}

static void look_at(struct look *l, struct site *site, struct store_conn *conn, struct arena *arena,
                    const struct restriction_order *order, struct restriction *r)
{
    int64_t opens;
    bool placed = check(l, restriction_where(conn, arena, order, r, &l->fault));
    bool timed = check(l, restriction_times(order, r, &l->fault));
    bool found = false;
    if (order->features == 0)
        (void)!check(l,
                     fault_set(&l->fault, RC_INVALID, "withhold: at least one feature is needed"));
    /* An account is found when it is published: to look for it would be to note it. */
    if (order->target < TARGET_COUNT && order->target != TARGET_ACCOUNT)
        found = check(l, restriction_what(site, conn, arena, order, r, &l->fault));
    if (order->ground == GROUND_TERMS && str_trim(order->legal_basis).n == 0)
        (void)!check(l, fault_set(&l->fault, RC_INVALID,
                                  "legal-basis: the clause of the shop's terms is needed"));
    if (order->terms_version.n > 0 && order->ground != GROUND_TERMS)
        (void)!check(l, fault_set(&l->fault, RC_INVALID,
                                  "terms-version: only where the shop's terms are the ground"));
    else if (placed)
        (void)!check(l, restriction_terms(conn, arena, order, r->decided, &l->fault));
    (void)!check(l, restriction_state_check(order->state_involved, &l->fault));
    (void)!check(l, restriction_reason_check(order->reason, &l->fault));
    if (order->seal_until.n > 0)
        (void)!check(
            l, sealed_check(order->seal_until, order->authority, r->decided, &opens, &l->fault));
    if (placed && order->ground < GROUND_COUNT)
        (void)!check(l, restriction_reach(conn, arena, order, &l->fault));
    struct restriction filled = *r;
    fill_in(&filled, timed, placed, found);
    if (order->ground < GROUND_COUNT)
        check_entry(l, filled);
}

enum rc decide_look(struct site *site, struct arena *arena, const struct restriction_order *order,
                    struct restriction *ret, struct buf *faults, struct fault *fault)
{
    struct look l = {.faults = faults, .broken = RC_OK};
    struct store_conn *conn = NULL;
    *ret = (struct restriction){.decided = clock_now(),
                                .target = order->target,
                                .target_key = order->target_key,
                                .features = order->features,
                                .ground = order->ground,
                                .authority = order->authority,
                                .legal_basis = order->legal_basis,
                                .reference = order->reference,
                                .state_involved = order->state_involved,
                                .terms_version = order->terms_version};
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc != RC_OK)
        return rc;
    look_at(&l, site, conn, arena, order, ret);
    site_disconnect(conn);
    if (l.broken != RC_OK)
        *fault = l.fault;
    return l.broken;
}
