#include "store/tax_rates.h"

#include "statements.h"
#include "store/db.h"

enum { RATES_MAX = 20000 };

static enum rc read_rate(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    struct tax_rate *r = ret;
    *r = (struct tax_rate){.id = (uint64_t)query_get_int(q, 0),
                           .country = query_get_str(q, 1, arena),
                           .region = query_get_str(q, 2, arena),
                           .starts = (int32_t)query_get_int(q, 4),
                           .rate = (int32_t)query_get_int(q, 5),
                           .code = query_get_str(q, 6, arena),
                           .source = query_get_str(q, 7, arena)};
    return product_kind_parse(query_peek(q, 3), &r->kind)
               ? RC_OK
               : fault_set(fault, RC_CORRUPT, "tax rate %llu is of no kind",
                           (unsigned long long)r->id);
}

enum rc tax_rates_of(struct store_conn *conn, struct arena *arena, struct str country,
                     tax_rate_list *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TAX_RATES_OF);
    query_str(&q, 1, country);
    return QUERY_ROWS(&q, arena, RATES_MAX, read_rate, &ret->v, &ret->n, fault);
}

enum rc tax_rate_put(struct store_conn *conn, const struct tax_rate *r, int64_t now,
                     struct fault *fault)
{
    uint64_t id = 0;
    enum rc rc = store_take_ids(conn, "tax_rate", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_TAX_RATE_PUT);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, r->country);
    query_str(&q, 3, r->region);
    query_str(&q, 4, str_of(product_kind_name(r->kind)));
    query_int(&q, 5, r->starts);
    query_int(&q, 6, r->rate);
    query_str(&q, 7, r->code);
    query_str(&q, 8, r->source);
    query_int(&q, 9, now);
    return query_run(&q, fault);
}
