#include "store/sales_sums.h"

#include "base/clock.h"
#include "store/db.h"

static enum rc read_sum(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct sales_sum *)ret = (struct sales_sum){.day = date_of(query_get_int(q, 0) * 86400),
                                                  .country = query_get_str(q, 1, arena),
                                                  .kind = query_get_str(q, 2, arena),
                                                  .currency = query_get_str(q, 3, arena),
                                                  .copies = query_get_int(q, 4),
                                                  .paid = query_get_int(q, 5),
                                                  .tax = query_get_int(q, 6),
                                                  .refunded = query_get_int(q, 7)};
    return RC_OK;
}

enum rc sales_sums_read(struct store_conn *conn, struct arena *arena, uint64_t shop, int64_t from,
                        int64_t until, size_t room, sales_sums *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SALES_SUMS);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, from);
    query_int(&q, 3, until);
    query_int(&q, 4, (int64_t)room + 1);
    enum rc rc = QUERY_ROWS(&q, arena, room + 1, read_sum, &ret->v, &ret->n, fault);
    return rc == RC_OK && ret->n > room
               ? fault_set(fault, RC_LIMIT, "these are too many days at once")
               : rc;
}
