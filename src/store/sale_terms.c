#include "store/sale_terms.h"

#include "store/db.h"

enum { LAWS_MAX = 5000, METHODS_MAX = 2000 };

/* ---- laws of fixed prices ---- */

static enum rc read_law(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    struct price_law *l = ret;
    *l = (struct price_law){.id = (uint64_t)query_get_int(q, 0),
                            .country = query_get_str(q, 1, arena),
                            .starts = (int32_t)query_get_int(q, 3),
                            .ends = (int32_t)query_get_int(q, 4),
                            .discount = (int32_t)query_get_int(q, 5),
                            .shipping_least = query_get_int(q, 6),
                            .shipping_from = query_get_int(q, 7),
                            .law = query_get_str(q, 8, arena),
                            .currency = query_get_str(q, 9, arena)};
    return product_kind_parse(query_peek(q, 2), &l->kind)
               ? RC_OK
               : fault_set(fault, RC_CORRUPT, "price law %llu is of no kind",
                           (unsigned long long)l->id);
}

enum rc price_laws(struct store_conn *conn, struct arena *arena, price_law_list *ret,
                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PRICE_LAWS);
    return QUERY_ROWS(&q, arena, LAWS_MAX, read_law, &ret->v, &ret->n, fault);
}

enum rc price_law_put(struct store_conn *conn, const struct price_law *law, int64_t now,
                      struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "price_law", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_PRICE_LAW_PUT);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, law->country);
    query_str(&q, 3, str_of(product_kind_name(law->kind)));
    query_int(&q, 4, law->starts);
    query_int(&q, 5, law->ends);
    query_int(&q, 6, law->discount);
    query_int(&q, 7, law->shipping_least);
    query_int(&q, 8, law->shipping_from);
    query_str(&q, 9, law->law);
    query_int(&q, 10, now);
    query_str(&q, 11, law->currency);
    return query_run(&q, fault);
}

/* ---- shipping ---- */

static enum rc read_method(const struct query *q, struct arena *arena, void *ret,
                           struct fault *fault)
{
    (void)fault;
    *(struct shipping_method *)ret =
        (struct shipping_method){.id = (uint64_t)query_get_int(q, 0),
                                 .shop = (uint64_t)query_get_int(q, 1),
                                 .shop_slug = query_get_str(q, 2, arena),
                                 .name = query_get_str(q, 3, arena),
                                 .countries = query_get_str(q, 4, arena),
                                 .currency = query_get_str(q, 5, arena),
                                 .days_least = query_get_int(q, 6),
                                 .days_most = query_get_int(q, 7),
                                 .free_from = query_get_int(q, 8),
                                 .ended = query_get_int(q, 9)};
    return RC_OK;
}

static enum rc read_band(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)arena;
    (void)fault;
    *(struct shipping_band *)ret = (struct shipping_band){query_get_int(q, 0), query_get_int(q, 1)};
    return RC_OK;
}

enum rc shipping_methods_of(struct store_conn *conn, struct arena *arena, uint64_t shop, bool ended,
                            shipping_methods *ret, struct fault *fault)
{
    shipping_methods list = {NULL, 0};
    enum rc rc;
    {
        QUERY q = query_start(conn, SQL_SHIPPING_METHODS);
        query_int(&q, 1, (int64_t)shop);
        query_int(&q, 2, ended);
        rc = QUERY_ROWS(&q, arena, METHODS_MAX, read_method, &list.v, &list.n, fault);
    }
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        QUERY q = query_start(conn, SQL_SHIPPING_BANDS);
        query_int(&q, 1, (int64_t)list.v[i].id);
        rc = QUERY_ROWS(&q, arena, SHIPPING_BANDS_MAX, read_band, &list.v[i].bands.v,
                        &list.v[i].bands.n, fault);
    }
    if (rc == RC_OK)
        *ret = list;
    return rc;
}

enum rc shipping_method_add(struct store_conn *conn, const struct shipping_method *method,
                            uint64_t *ret_id, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "shipping_method", 1, ret_id, fault);
    if (rc != RC_OK)
        return rc;
    {
        QUERY q = query_start(conn, SQL_SHIPPING_METHOD_ADD);
        query_int(&q, 1, (int64_t)*ret_id);
        query_int(&q, 2, (int64_t)method->shop);
        query_str(&q, 3, method->name);
        query_str(&q, 4, method->countries);
        query_str(&q, 5, method->currency);
        query_int(&q, 6, method->days_least);
        query_int(&q, 7, method->days_most);
        query_int(&q, 8, method->free_from);
        rc = query_run(&q, fault);
    }
    for (size_t i = 0; rc == RC_OK && i < method->bands.n; i++) {
        QUERY q = query_start(conn, SQL_SHIPPING_BAND_ADD);
        query_int(&q, 1, (int64_t)*ret_id);
        query_int(&q, 2, method->bands.v[i].grams);
        query_int(&q, 3, method->bands.v[i].price);
        rc = query_run(&q, fault);
    }
    return rc;
}

static enum rc end_row(struct store_conn *conn, enum statement name, uint64_t id, uint64_t shop,
                       int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)shop);
    query_int(&q, 3, now);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK && query_changes(&q) == 0
               ? fault_set(fault, RC_NOT_FOUND, "there is none of this number that has not ended")
               : rc;
}

enum rc shipping_method_end(struct store_conn *conn, uint64_t id, uint64_t shop, int64_t now,
                            struct fault *fault)
{
    return end_row(conn, SQL_SHIPPING_METHOD_END, id, shop, now, fault);
}

/* ---- vouchers ---- */

static enum rc read_voucher(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct voucher *)ret = (struct voucher){.id = (uint64_t)query_get_int(q, 0),
                                              .name = query_get_str(q, 1, arena),
                                              .shop = (uint64_t)query_get_int(q, 2),
                                              .shop_slug = query_get_str(q, 3, arena),
                                              .currency = query_get_str(q, 4, arena),
                                              .amount = query_get_int(q, 5),
                                              .rate = (int32_t)query_get_int(q, 6),
                                              .least = query_get_int(q, 7),
                                              .starts = query_get_int(q, 8),
                                              .ends = query_get_int(q, 9),
                                              .uses = (uint64_t)query_get_int(q, 10),
                                              .used = (uint64_t)query_get_int(q, 11)};
    return RC_OK;
}

enum rc vouchers_of(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                    voucher_list *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_VOUCHERS);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_voucher, &ret->v, &ret->n, fault);
}

enum rc voucher_row_by_hash(struct store_conn *conn, struct arena *arena, const struct hash *hash,
                            struct voucher *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_VOUCHER_BY_HASH);
    query_bytes(&q, 1, hash->b, sizeof hash->b);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_voucher(&q, arena, ret, fault) : rc;
}

enum rc voucher_row(struct store_conn *conn, struct arena *arena, uint64_t id, struct voucher *ret,
                    struct fault *fault)
{
    QUERY q = query_start(conn, SQL_VOUCHER_BY_ID);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_voucher(&q, arena, ret, fault) : rc;
}

enum rc voucher_row_add(struct store_conn *conn, const struct voucher *v, int64_t now,
                        uint64_t *ret_id, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "voucher", 1, ret_id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_VOUCHER_ADD);
    query_int(&q, 1, (int64_t)*ret_id);
    query_bytes(&q, 2, v->hash.b, sizeof v->hash.b);
    query_str(&q, 3, v->name);
    query_int(&q, 4, (int64_t)v->shop);
    query_str(&q, 5, v->currency);
    query_int(&q, 6, v->amount);
    query_int(&q, 7, v->rate);
    query_int(&q, 8, v->least);
    query_int(&q, 9, v->starts);
    query_int(&q, 10, v->ends);
    query_int(&q, 11, (int64_t)v->uses);
    query_int(&q, 12, now);
    rc = query_run(&q, fault);
    return rc == RC_CONFLICT ? fault_set(fault, rc, "code: there is a voucher of this code") : rc;
}

enum rc voucher_row_end(struct store_conn *conn, uint64_t id, uint64_t shop, int64_t now,
                        struct fault *fault)
{
    return end_row(conn, SQL_VOUCHER_END, id, shop, now, fault);
}

enum rc voucher_use_add(struct store_conn *conn, uint64_t purchase, uint64_t voucher, int64_t now,
                        struct fault *fault)
{
    {
        QUERY q = query_start(conn, SQL_VOUCHER_USE);
        query_int(&q, 1, (int64_t)voucher);
        enum rc rc = query_run(&q, fault);
        if (rc == RC_OK && query_changes(&q) == 0)
            rc = fault_set(fault, RC_CONFLICT, "the voucher was used as often as it may be");
        if (rc != RC_OK)
            return rc;
    }
    QUERY q = query_start(conn, SQL_VOUCHER_USE_ADD);
    query_int(&q, 1, (int64_t)purchase);
    query_int(&q, 2, (int64_t)voucher);
    query_int(&q, 3, now);
    return query_run(&q, fault);
}

enum rc voucher_use_of(struct store_conn *conn, uint64_t purchase, uint64_t *ret_voucher,
                       uint64_t *ret_shop, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_VOUCHER_USE_OF);
    query_int(&q, 1, (int64_t)purchase);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret_voucher = (uint64_t)query_get_int(&q, 0);
    *ret_shop = (uint64_t)query_get_int(&q, 1);
    return RC_OK;
}

static enum rc run_with(struct store_conn *conn, enum statement name, uint64_t id,
                        struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)id);
    return query_run(&q, fault);
}

enum rc voucher_use_remove(struct store_conn *conn, uint64_t purchase, uint64_t voucher,
                           struct fault *fault)
{
    enum rc rc = run_with(conn, SQL_VOUCHER_USE_REMOVE, purchase, fault);
    return rc == RC_OK ? run_with(conn, SQL_VOUCHER_GIVE_BACK, voucher, fault) : rc;
}
