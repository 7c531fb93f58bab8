#include "app/sales.h"

#include "app/address.h"
#include "app/papers.h"
#include "base/clock.h"
#include "domain/regions.h"
#include "store/readers.h"
#include "store/sales.h"
#include "store/tax_rates.h"

enum rc sales_view(struct store_conn *conn, struct arena *arena, struct str number,
                   struct sales_view *ret, struct fault *fault)
{
    *ret = (struct sales_view){.line_n = 0};
    enum rc rc = sales_order_row_by_number(conn, arena, number, &ret->order, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no sales order %.*s", STR_ARG(number));
    if (rc == RC_OK)
        rc = purchase_row(conn, arena, ret->order.purchase, &ret->purchase, fault);
    if (rc == RC_OK)
        rc = sales_line_rows(conn, arena, ret->order.id, SALE_LINES_MAX, &ret->lines, &ret->line_n,
                             fault);
    if (rc == RC_OK)
        rc = sales_event_rows(conn, arena, ret->order.id, SALES_EVENTS_MAX, &ret->events,
                              &ret->event_n, fault);
    return rc;
}

enum rc sales_list(struct store_conn *conn, struct arena *arena, uint64_t shop, struct str state,
                   uint64_t before, size_t room, struct sales_order_row **ret, size_t *ret_n,
                   struct fault *fault)
{
    return sales_order_rows(conn, arena, shop, state, before, room, ret, ret_n, fault);
}

enum rc purchase_of_secret(struct store_conn *conn, struct arena *arena, struct str secret,
                           struct purchase_row *ret, struct fault *fault)
{
    struct hash hash = sha256(secret.p, secret.n);
    uint64_t id;
    if (secret.n != TOKEN_SIZE)
        return RC_NOT_FOUND;
    enum rc rc = purchase_row_by_secret(conn, arena, &hash, ret, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    rc = papers_link(conn, secret, &id, fault);
    return rc == RC_OK ? purchase_row(conn, arena, id, ret, fault) : rc;
}

enum rc sales_orders_of(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                        struct sales_order_row **ret, size_t *ret_n, struct fault *fault)
{
    return sales_order_rows_of(conn, arena, purchase, SALE_LINES_MAX, ret, ret_n, fault);
}

enum rc sales_buyer(struct site *site, struct arena *arena, struct str email, struct viewer *ret,
                    struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct account account;
    struct str address;
    enum rc rc = address_read(arena, email, &address, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = readers_account_by_email(conn, arena, address, &account, fault);
    site_disconnect(conn);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no account %.*s", STR_ARG(address));
    if (rc == RC_OK)
        *ret = (struct viewer){.account = account.id, .name = account.name, .email = account.email};
    return rc;
}

/* ---- tax ---- */

static enum rc state_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return tax_rate_put(conn, context, clock_now(), fault);
}

static bool is_code(struct str s, size_t least, size_t most)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') && !(s.p[i] >= '0' && s.p[i] <= '9'))
            return false;
    return s.n >= least && s.n <= most;
}

enum rc tax_check(const struct tax_rate *rate, struct fault *fault)
{
    struct tax_rate r = *rate;
    if (!is_code(r.country, 2, 2))
        return fault_set(fault, RC_INVALID, "country: two capital letters, as in DE");
    /* What nobody is charged must not look as if it were: an address has to name it. */
    const struct region *region = region_find(r.country, r.region);
    if (r.region.n > 0 && (region == NULL || !str_eq(r.region, str_of(region->code))))
        return fault_set(fault, RC_INVALID,
                         "region: none that is known of this country, as CA of US");
    if (r.code.n > 0 && !is_code(r.code, 1, 1))
        return fault_set(fault, RC_INVALID, "code: one of ONIX list 62, as S, R or Z");
    if (r.rate < 0 || r.rate > TAX_RATE_MAX)
        return fault_set(fault, RC_INVALID, "rate: per cent, as in 7 or 5.5");
    if (!date_valid(r.starts) || r.starts % 100 == 0)
        return fault_set(fault, RC_INVALID, "from: a day, as in 2027-01-01");
    if (r.source.n == 0 || r.source.n > 400)
        return fault_set(fault, RC_INVALID, "source: the law, or who said so");
    return RC_OK;
}

enum rc tax_state(struct writer *writer, const struct tax_rate *rate, struct fault *fault)
{
    struct tax_rate r = *rate;
    enum rc rc = tax_check(&r, fault);
    return rc == RC_OK ? writer_run(writer, state_work, &r, fault) : rc;
}

enum rc tax_stated(struct store_conn *conn, struct arena *arena, struct str country,
                   tax_rate_list *ret, struct fault *fault)
{
    return tax_rates_of(conn, arena, country, ret, fault);
}
