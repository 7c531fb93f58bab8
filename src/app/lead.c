#include "app/lead.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "store/lease.h"
#include "store/store.h"

#define LEASE "sequencer"

enum {
    BEAT_MS = 1000,
    LOOK_MS = 300,
    CLOCK_OFF_MAX = 10, /* seconds */
    SILENT_MAX = 6,     /* the same; by the database's clock alone */
    GIVEN_MS = 10000,   /* who gave the lead away leaves it to others that long */
};

struct lead {
    const struct site *site;
    int lock;
    bool shared;
    bool leads;
    uint64_t term;
    int64_t beat_at;     /* our last beat outside of a batch */
    struct lease seen;   /* another's */
    int64_t seen_at;     /* since when it has looked like that; 0: never looked */
    int64_t looked_at;   /* 0: never */
    int64_t leave_until; /* not ours to take before */
    struct str holder;   /* tells this process from others in the table */
    struct arena arena;
};

enum rc lead_open(struct site *site, bool serve, struct lead **ret, struct fault *fault)
{
    int lock;
    enum rc rc = serve ? site_lock_soon(site, "sequencer", &lock, fault)
                       : site_lock(site, "sequencer", &lock, fault);
    if (rc != RC_OK)
        return rc;
    struct lead *lead = calloc(1, sizeof *lead);
    if (lead == NULL)
        abort();
    lead->site = site;
    lead->lock = lock;
    lead->arena = ARENA_INIT;
    lead->shared = store_is_shared(site_store(site));
    lead->leads = !lead->shared;
    uint8_t id[8];
    BUF_AUTO hex = BUF_INIT(32);
    random_bytes(id, sizeof id);
    hex_add(&hex, id, sizeof id);
    lead->holder = arena_str(&lead->arena, buf_str(&hex));
    *ret = lead;
    return RC_OK;
}

/* Ends the lease in a transaction of its own. */
static void give_back(struct lead *lead, struct store_conn *conn)
{
    if (!lead->shared || !lead->leads)
        return;
    lead->leads = false;
    enum rc rc = conn != NULL ? store_begin(conn, NULL) : RC_IO;
    if (rc == RC_OK)
        rc = lease_end(conn, LEASE, lead->term, NULL);
    if (rc == RC_OK)
        rc = store_commit_quietly(conn, NULL);
    else if (conn != NULL)
        store_rollback(conn);
    (void)rc; /* else it expires */
}

void lead_close(struct lead *lead, struct store_conn *conn)
{
    if (lead == NULL)
        return;
    give_back(lead, conn);
    site_unlock(lead->lock);
    arena_free(&lead->arena);
    free(lead);
}

void lead_give(struct lead *lead, struct store_conn *conn)
{
    if (!lead->shared)
        return;
    give_back(lead, conn);
    lead->leave_until = clock_monotonic_ms() + GIVEN_MS;
}

static enum rc hold(struct lead *lead, struct store_conn *conn, int64_t at, struct fault *fault)
{
    if (!lead->leads)
        return fault_set(fault, RC_CONFLICT, "another process leads now");
    enum rc rc = lease_beat(conn, LEASE, lead->term, at, fault);
    if (rc == RC_CONFLICT)
        lead->leads = false;
    return rc;
}

/* In a transaction of its own. */
static enum rc beat(struct lead *lead, struct store_conn *conn, struct fault *fault)
{
    int64_t at = 0;
    enum rc rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = store_clock(conn, &at, fault);
    if (rc == RC_OK)
        rc = hold(lead, conn, at, fault);
    if (rc == RC_OK)
        rc = store_commit_quietly(conn, fault);
    else
        store_rollback(conn);
    if (rc == RC_OK)
        lead->beat_at = clock_monotonic_ms();
    return rc;
}

static enum rc take(struct lead *lead, struct store_conn *conn, int64_t at, struct fault *fault)
{
    uint64_t term = 0;
    enum rc rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = lease_take(conn, LEASE, lead->holder, &lead->seen, at, &term, fault);
    if (rc == RC_OK)
        rc = store_commit_quietly(conn, fault);
    else
        store_rollback(conn);
    if (rc != RC_OK)
        return rc == RC_CONFLICT ? RC_BUSY : rc;
    lead->leads = true;
    lead->term = term;
    lead->beat_at = clock_monotonic_ms();
    return RC_OK;
}

/* Why this process must not lead, whoever else does. */
static enum rc check_able(struct lead *lead, struct store_conn *conn, int64_t *ret_at,
                          struct fault *fault)
{
    if (site_signer_path(lead->site) == NULL && access(site_key_path(lead->site), R_OK) != 0)
        return fault_set(fault, RC_DENIED, "no node that has the Record's key is there");
    enum rc rc = store_clock(conn, ret_at, fault);
    int64_t ahead = *ret_at - clock_machine();
    if (rc == RC_OK && (ahead > CLOCK_OFF_MAX || ahead < -CLOCK_OFF_MAX))
        rc = fault_set(fault, RC_DENIED,
                       "this machine's clock is %lld s away from the database's; it signs nothing",
                       (long long)(ahead < 0 ? -ahead : ahead));
    return rc;
}

static enum rc look(struct lead *lead, struct store_conn *conn, int64_t now, struct fault *fault)
{
    struct lease lease;
    enum rc rc = lease_look(conn, LEASE, &lease, fault);
    if (rc != RC_OK)
        return rc;
    bool moved = lease.held != lead->seen.held || lease.term != lead->seen.term ||
                 lease.beat != lead->seen.beat;
    if (lead->seen_at == 0 || moved)
        lead->seen_at = now;
    lead->seen = lease;
    lead->looked_at = now;
    return RC_OK;
}

enum rc lead_try(struct lead *lead, struct store_conn *conn, struct fault *fault)
{
    int64_t now = clock_monotonic_ms();
    if (!lead->shared)
        return RC_OK;
    if (lead->leads) {
        if (now < lead->beat_at + BEAT_MS)
            return RC_OK;
        enum rc rc = beat(lead, conn, fault);
        if (rc != RC_CONFLICT)
            return rc;
    }
    if (lead->looked_at == 0 || now >= lead->looked_at + LOOK_MS) {
        enum rc rc = look(lead, conn, now, fault);
        if (rc != RC_OK)
            return rc;
    }
    if (lead->seen.held && now < lead->seen_at + LEAD_EXPIRES_MS)
        return fault_set(fault, RC_BUSY, "another process leads");
    if (now < lead->leave_until)
        return fault_set(fault, RC_DENIED, "this node could not sign a moment ago");
    int64_t at = 0;
    enum rc rc = check_able(lead, conn, &at, fault);
    if (rc == RC_OK)
        rc = take(lead, conn, at, fault);
    if (rc != RC_OK)
        lead->looked_at = 0;
    return rc;
}

enum rc lead_hold(struct lead *lead, struct store_conn *conn, struct fault *fault)
{
    return lead->shared ? hold(lead, conn, 0, fault) : RC_OK;
}

enum rc lead_check_lives(struct site *site, struct store_conn *conn, struct fault *fault)
{
    struct lease lease;
    int64_t now = 0;
    if (!store_is_shared(site_store(site)))
        return RC_OK; /* who holds the folder's lock signs */
    enum rc rc = lease_look(conn, LEASE, &lease, fault);
    if (rc == RC_OK)
        rc = store_clock(conn, &now, fault);
    if (rc == RC_OK && (!lease.held || now > lease.at + SILENT_MAX))
        rc = fault_set(fault, RC_BUSY, "no node signs now");
    return rc;
}

bool lead_is_elsewhere(const struct lead *lead)
{
    return !lead->leads && lead->seen.held &&
           clock_monotonic_ms() < lead->seen_at + LEAD_EXPIRES_MS;
}

uint64_t lead_term(const struct lead *lead)
{
    return lead->term;
}
