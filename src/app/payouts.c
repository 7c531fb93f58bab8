#include "app/payouts.h"

#include "base/clock.h"
#include "store/catalogue.h"
#include "store/ledger.h"
#include "store/payments.h"

enum { BALANCES_MAX = 10000 };

/* 0 for the empty slug: all shops. */
static enum rc shop_number(struct store_conn *conn, struct arena *arena, struct str slug,
                           uint64_t *ret, struct fault *fault)
{
    struct shop shop = {.id = 0};
    enum rc rc = slug.n == 0 ? RC_OK : catalogue_shop(conn, arena, slug, &shop, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no shop %.*s", STR_ARG(slug));
    *ret = shop.id;
    return rc;
}

static enum rc book(struct store_conn *conn, struct arena *arena, const char *kind,
                    const struct payout_row *p, const struct ledger_lines *lines, int64_t at,
                    struct fault *fault)
{
    struct ledger_entry entry = {
        .key = arena_printf(arena, "%s/%llu", kind, (unsigned long long)p->id),
        .kind = str_of(kind),
        .currency = p->currency,
        .at = at};
    return ledger_add(conn, &entry, lines, fault);
}

struct making {
    struct arena *arena;
    struct str shop;
    payout_rows *ret;
};

static enum rc make_one(struct store_conn *conn, struct arena *arena, const struct ledger_sum *owed,
                        payout_rows *made, struct fault *fault)
{
    struct payout_row *p = &made->v[made->n];
    struct ledger_lines lines;
    *p = (struct payout_row){.shop = owed->shop,
                             .currency = owed->currency,
                             .amount = -owed->amount,
                             .until = owed->last,
                             .created = clock_now()};
    if (owed->amount >= 0 || !ledger_moved(LEDGER_SHOP, LEDGER_PAYOUTS, p->shop, p->amount, &lines))
        return RC_OK;
    made->n++;
    enum rc rc = payout_row_add(conn, p, fault);
    return rc == RC_OK ? book(conn, arena, "payout", p, &lines, p->created, fault) : rc;
}

static enum rc make_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct making *m = context;
    ledger_sums owed = {NULL, 0};
    uint64_t shop = 0;
    enum rc rc = shop_number(conn, m->arena, m->shop, &shop, fault);
    if (rc == RC_OK)
        rc = ledger_balances(conn, m->arena, shop, INT64_MAX, BALANCES_MAX, &owed, fault);
    m->ret->v = ARENA_ARRAY(m->arena, struct payout_row, owed.n);
    m->ret->n = 0;
    for (size_t i = 0; rc == RC_OK && i < owed.n; i++)
        rc = make_one(conn, m->arena, &owed.v[i], m->ret, fault);
    return rc;
}

enum rc payout_make(struct writer *writer, struct arena *arena, struct str shop, payout_rows *ret,
                    struct fault *fault)
{
    struct making m = {arena, shop, ret};
    return writer_run(writer, make_work, &m, fault);
}

struct sending {
    struct arena *arena;
    const uint64_t *ids;
    size_t n;
};

static enum rc sent_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct sending *s = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < s->n; i++) {
        struct payout_row p;
        struct ledger_lines lines;
        int64_t now = clock_now();
        rc = payout_row_sent(conn, s->ids[i], now, fault);
        if (rc == RC_OK)
            rc = payout_row_get(conn, s->arena, s->ids[i], &p, fault);
        if (rc == RC_OK &&
            ledger_moved(LEDGER_PAYOUTS, LEDGER_MONEY_TRANSFER, p.shop, p.amount, &lines))
            rc = book(conn, s->arena, "payout-sent", &p, &lines, now, fault);
    }
    return rc;
}

enum rc payouts_sent(struct writer *writer, struct arena *arena, const uint64_t *ids, size_t n,
                     struct fault *fault)
{
    struct sending s = {arena, ids, n};
    return writer_run(writer, sent_work, &s, fault);
}

/* ---- looking ---- */

enum rc payouts_list(struct store_conn *conn, struct arena *arena, struct str shop, bool unsent,
                     size_t room, payout_rows *ret, struct fault *fault)
{
    uint64_t id = 0;
    enum rc rc = shop_number(conn, arena, shop, &id, fault);
    return rc == RC_OK ? payout_rows_read(conn, arena, id, unsent, 0, room, ret, fault) : rc;
}

enum rc shop_statement(struct store_conn *conn, struct arena *arena, struct str shop, int64_t from,
                       int64_t until, size_t room, ledger_statement *ret, struct fault *fault)
{
    uint64_t id = 0;
    enum rc rc = shop_number(conn, arena, shop, &id, fault);
    return rc == RC_OK ? ledger_statement_read(conn, arena, id, from, until, room, ret, fault) : rc;
}

enum rc ledger_accounts(struct store_conn *conn, struct arena *arena, int64_t from, int64_t until,
                        size_t room, ledger_sums *ret, struct fault *fault)
{
    return ledger_sums_read(conn, arena, from, until, room, ret, fault);
}
