#include "app/payouts.h"

#include "base/clock.h"
#include "base/crash.h"
#include "base/csv.h"
#include "domain/money.h"
#include "domain/names.h"
#include "domain/seller.h"
#include "store/catalogue.h"
#include "store/ledger.h"
#include "store/papers.h"
#include "store/payments.h"

enum { BALANCES_MAX = 10000, SHOPS_MAX = 10000 };

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

/* What a shop is owed in a currency: of its own, and of taxes that it pays itself. */
struct owing {
    uint64_t shop;
    struct str currency;
    int64_t owed;
    struct ledger_tax taxes[LEDGER_COUNTRIES_MAX];
    size_t taxes_n;
    uint64_t last;
};

static enum rc pays_taxes(struct store_conn *conn, struct arena *arena, uint64_t shop, bool *ret,
                          struct fault *fault)
{
    struct seller s = {0};
    enum rc rc = seller_row_get(conn, arena, shop, &s, fault);
    *ret = rc != RC_OK || str_is(s.remits, SELLER_REMITS_SHOP);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static struct owing *owing_of(struct owing *all, size_t *n, const struct ledger_sum *sum)
{
    for (size_t i = 0; i < *n; i++)
        if (all[i].shop == sum->shop && str_eq(all[i].currency, sum->currency))
            return &all[i];
    all[*n] = (struct owing){.shop = sum->shop, .currency = sum->currency};
    return &all[(*n)++];
}

static enum rc what_is_owed(struct store_conn *conn, struct arena *arena, uint64_t shop,
                            struct owing **ret, size_t *ret_n, struct fault *fault)
{
    ledger_sums own = {NULL, 0}, taxes = {NULL, 0};
    *ret_n = 0;
    enum rc rc = ledger_balances(conn, arena, shop, INT64_MAX, BALANCES_MAX, &own, fault);
    if (rc == RC_OK)
        rc = ledger_taxes(conn, arena, shop, INT64_MAX, BALANCES_MAX, &taxes, fault);
    if (rc != RC_OK)
        return rc;
    *ret = ARENA_ARRAY(arena, struct owing, own.n + taxes.n);
    for (size_t i = 0; i < own.n; i++) {
        struct owing *o = owing_of(*ret, ret_n, &own.v[i]);
        o->owed = own.v[i].amount;
        o->last = own.v[i].last;
    }
    for (size_t i = 0; rc == RC_OK && i < taxes.n; i++) {
        bool own_taxes = false;
        rc = pays_taxes(conn, arena, taxes.v[i].shop, &own_taxes, fault);
        if (rc != RC_OK || !own_taxes || taxes.v[i].amount == 0)
            continue;
        struct owing *o = owing_of(*ret, ret_n, &taxes.v[i]);
        if (o->taxes_n < LEDGER_COUNTRIES_MAX) /* the others go with the next payout */
            o->taxes[o->taxes_n++] = (struct ledger_tax){taxes.v[i].country, taxes.v[i].amount};
        o->last = taxes.v[i].last > o->last ? taxes.v[i].last : o->last;
    }
    return rc;
}

static enum rc make_one(struct store_conn *conn, struct arena *arena, const struct owing *owed,
                        payout_rows *made, struct fault *fault)
{
    struct payout_row *p = &made->v[made->n];
    struct ledger_lines lines;
    *p = (struct payout_row){.shop = owed->shop,
                             .currency = owed->currency,
                             .until = owed->last,
                             .created = clock_now()};
    for (size_t i = 0; i < owed->taxes_n; i++)
        p->tax -= owed->taxes[i].amount;
    if (!ledger_paid_out(owed->shop, owed->owed, owed->taxes, owed->taxes_n, &p->amount, &lines))
        return RC_OK;
    made->n++;
    enum rc rc = payout_row_add(conn, p, fault);
    if (rc == RC_OK)
        rc = book(conn, arena, "payout", p, &lines, p->created, fault);
    crash_point("payout-made");
    return rc;
}

static enum rc make_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct making *m = context;
    struct owing *owed = NULL;
    size_t n = 0;
    uint64_t shop = 0;
    enum rc rc = shop_number(conn, m->arena, m->shop, &shop, fault);
    if (rc == RC_OK)
        rc = what_is_owed(conn, m->arena, shop, &owed, &n, fault);
    m->ret->v = ARENA_ARRAY(m->arena, struct payout_row, n);
    m->ret->n = 0;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = make_one(conn, m->arena, &owed[i], m->ret, fault);
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

/* ---- taxes that the operator pays ---- */

struct remitting {
    struct arena *arena;
    const struct tax_remittance *what;
    int64_t before;
    int64_t amount;
};

static enum rc remit_one(struct remitting *r, struct store_conn *conn, const struct ledger_sum *tax,
                         struct fault *fault)
{
    struct ledger_lines lines;
    bool shops_own = false;
    enum rc rc = pays_taxes(conn, r->arena, tax->shop, &shops_own, fault);
    if (rc != RC_OK || shops_own ||
        !ledger_tax_remitted(tax->shop, tax->country, -tax->amount, &lines))
        return rc;
    struct ledger_entry entry = {.key = arena_printf(r->arena, "tax-remitted/%.*s/%.*s/%.*s/%llu",
                                                     STR_ARG(tax->country), STR_ARG(tax->currency),
                                                     STR_ARG(r->what->until),
                                                     (unsigned long long)tax->shop),
                                 .kind = STR("tax-remitted"),
                                 .currency = tax->currency,
                                 .at = clock_now()};
    rc = ledger_has(conn, entry.key, fault);
    if (rc !=
        RC_NOT_FOUND) /* of that day it was said before; what came since goes with a later one */
        return rc;
    r->amount += -tax->amount;
    return ledger_add(conn, &entry, &lines, fault);
}

static enum rc remit_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct remitting *r = context;
    ledger_sums taxes = {NULL, 0};
    r->amount = 0;
    enum rc rc = ledger_taxes(conn, r->arena, 0, r->before, BALANCES_MAX, &taxes, fault);
    for (size_t i = 0; rc == RC_OK && i < taxes.n; i++)
        if (str_eq(taxes.v[i].country, r->what->country) &&
            str_eq(taxes.v[i].currency, r->what->currency))
            rc = remit_one(r, conn, &taxes.v[i], fault);
    crash_point("tax-remitted");
    return rc;
}

enum rc taxes_remitted(struct writer *writer, struct arena *arena,
                       const struct tax_remittance *what, int64_t *ret_amount, struct fault *fault)
{
    struct remitting r = {.arena = arena, .what = what};
    int32_t day;
    if (!country_code_valid(what->country))
        return fault_set(fault, RC_INVALID, "country: %.*s is none: a code of two capitals as US",
                         STR_ARG(str_sub(what->country, 0, 40)));
    if (money_exponent(what->currency) < 0)
        return fault_set(fault, RC_INVALID, "currency: three capital letters (ISO 4217)");
    if (!date_parse(what->until, &day) || date_start(day) > clock_now())
        return fault_set(fault, RC_INVALID, "until: a day that has begun, as 2026-12-31");
    r.before = date_start(day) + 86400;
    enum rc rc = writer_run(writer, remit_work, &r, fault);
    if (rc == RC_OK && r.amount == 0)
        rc = fault_set(fault, RC_CONFLICT,
                       "no tax of %.*s in %.*s is kept up to %.*s, or it was said before",
                       STR_ARG(what->country), STR_ARG(what->currency), STR_ARG(what->until));
    if (rc == RC_OK)
        *ret_amount = r.amount;
    return rc;
}

/* ---- looking ---- */

enum rc taxes_kept(struct store_conn *conn, struct arena *arena, struct str shop, tax_lines *ret,
                   struct fault *fault)
{
    uint64_t id = 0;
    ledger_sums sums = {NULL, 0};
    enum rc rc = shop_number(conn, arena, shop, &id, fault);
    if (rc == RC_OK)
        rc = ledger_taxes(conn, arena, id, INT64_MAX, BALANCES_MAX, &sums, fault);
    struct shop *shops = NULL;
    size_t shops_n = 0;
    if (rc == RC_OK)
        rc = catalogue_shops(conn, arena, SHOPS_MAX, &shops, &shops_n, fault);
    *ret = (tax_lines){ARENA_ARRAY(arena, struct tax_line, sums.n), 0};
    for (size_t i = 0; rc == RC_OK && i < sums.n; i++) {
        struct tax_line *line = &ret->v[ret->n++];
        line->sum = sums.v[i];
        for (size_t k = 0; k < shops_n; k++)
            if (shops[k].id == sums.v[i].shop) {
                line->slug = shops[k].slug;
                line->name = shops[k].name;
            }
        rc = pays_taxes(conn, arena, sums.v[i].shop, &line->shops_own, fault);
    }
    return rc;
}

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

static struct str amount_text(struct arena *arena, int64_t minor, struct str currency)
{
    BUF_AUTO b = BUF_INIT(64);
    money_add(&b, minor, currency);
    return arena_str(arena, buf_str(&b));
}

void ledger_statement_csv(FILE *out, struct arena *arena, const ledger_statement *s)
{
    fputs("day,kind,order,currency,shop,fee,tax,shop_balance,tax_balance\r\n", out);
    for (size_t i = 0; i < s->n; i++) {
        const struct ledger_of_shop *t = &s->v[i];
        BUF_AUTO day = BUF_INIT(32);
        BUF_AUTO line = BUF_INIT(4096);
        date_add(&day, date_of(t->at));
        struct str cells[] = {buf_str(&day),
                              t->kind,
                              t->number,
                              t->currency,
                              amount_text(arena, -t->shop, t->currency),
                              amount_text(arena, -t->fee, t->currency),
                              amount_text(arena, -t->tax, t->currency),
                              amount_text(arena, -t->shop_balance, t->currency),
                              amount_text(arena, -t->tax_balance, t->currency)};
        csv_line_add(&line, cells, sizeof cells / sizeof *cells);
        fwrite(line.p, 1, line.n, out);
    }
}

enum rc ledger_accounts(struct store_conn *conn, struct arena *arena, int64_t from, int64_t until,
                        size_t room, ledger_sums *ret, struct fault *fault)
{
    return ledger_sums_read(conn, arena, from, until, room, ret, fault);
}
