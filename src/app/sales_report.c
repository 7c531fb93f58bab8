#include "app/sales_report.h"

#include "base/clock.h"
#include "store/sales_sums.h"

enum { ROWS_MAX = 100000 };

/* What is not told apart is left out. */
static struct sales_sum key_of(const struct sales_sum *s, enum sold_by by)
{
    struct sales_sum key = {.currency = s->currency};
    if (by == SOLD_BY_DAY)
        key.day = s->day;
    else if (by == SOLD_BY_MONTH)
        key.day = s->day / 100 * 100;
    else if (by == SOLD_BY_COUNTRY)
        key.country = s->country;
    else
        key.kind = s->kind;
    return key;
}

static bool same_key(const struct sales_sum *a, const struct sales_sum *b)
{
    return a->day == b->day && str_eq(a->country, b->country) && str_eq(a->kind, b->kind) &&
           str_eq(a->currency, b->currency);
}

enum rc sales_report(struct store_conn *conn, struct arena *arena, uint64_t shop, int32_t from,
                     int32_t until, enum sold_by by, sales_sums *ret, struct fault *fault)
{
    sales_sums rows = {NULL, 0};
    enum rc rc = sales_sums_read(conn, arena, shop, date_start(from), date_start(until) + 86400,
                                 ROWS_MAX, &rows, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct sales_sum, rows.n);
    ret->n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        struct sales_sum key = key_of(&rows.v[i], by);
        size_t at = ret->n;
        /* Days and months come in their order: the last ones alone can be the same. */
        while (at > 0 && !same_key(&ret->v[at - 1], &key) &&
               (by > SOLD_BY_MONTH || ret->v[at - 1].day == key.day))
            at--;
        if (at == 0 || !same_key(&ret->v[at - 1], &key)) {
            ret->v[ret->n++] = key;
            at = ret->n;
        }
        ret->v[at - 1].copies += rows.v[i].copies;
        ret->v[at - 1].paid += rows.v[i].paid;
        ret->v[at - 1].tax += rows.v[i].tax;
        ret->v[at - 1].refunded += rows.v[i].refunded;
    }
    return RC_OK;
}
