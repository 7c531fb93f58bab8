#include "store/ledger.h"

#include "store/db.h"

enum rc ledger_has(struct store_conn *conn, struct str key, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_HAS);
    query_str(&q, 1, key);
    return query_step(&q, fault);
}

enum rc ledger_amount(struct store_conn *conn, struct str key, struct str account, int64_t *ret,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_AMOUNT);
    query_str(&q, 1, key);
    query_str(&q, 2, account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0);
    return rc;
}

static enum rc add_line(struct store_conn *conn, uint64_t id, size_t n, const struct ledger_line *l,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_LINE_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)n);
    query_str(&q, 3, l->account);
    query_int(&q, 4, (int64_t)l->shop);
    query_str(&q, 5, l->country);
    query_int(&q, 6, l->amount);
    return query_run(&q, fault);
}

static enum rc add_transaction(struct store_conn *conn, const struct ledger_entry *e, uint64_t id,
                               bool *ret_new, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_TRANSACTION_ADD);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, e->key);
    query_str(&q, 3, e->kind);
    query_str(&q, 4, e->currency);
    query_int(&q, 5, (int64_t)e->order);
    query_int(&q, 6, e->at);
    enum rc rc = query_run(&q, fault);
    *ret_new = query_changes(&q) > 0;
    return rc;
}

enum rc ledger_add(struct store_conn *conn, const struct ledger_entry *entry,
                   const struct ledger_lines *lines, struct fault *fault)
{
    uint64_t id;
    bool new = false;
    if (lines->n == 0)
        return RC_OK;
    if (!ledger_balanced(lines->v, lines->n))
        return fault_set(fault, RC_CORRUPT, "ledger %.*s: its lines do not sum to nought",
                         STR_ARG(entry->key));
    enum rc rc = ledger_has(conn, entry->key, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    rc = store_take_ids(conn, "ledger_transaction", 1, &id, fault);
    if (rc == RC_OK)
        rc = add_transaction(conn, entry, id, &new, fault);
    for (size_t i = 0; rc == RC_OK && new &&i < lines->n; i++)
        rc = add_line(conn, id, i, &lines->v[i], fault);
    return rc;
}

static enum rc read_sum(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct ledger_sum *)ret = (struct ledger_sum){.account = query_get_str(q, 0, arena),
                                                    .shop = (uint64_t)query_get_int(q, 1),
                                                    .country = query_get_str(q, 2, arena),
                                                    .currency = query_get_str(q, 3, arena),
                                                    .amount = query_get_int(q, 4),
                                                    .last = (uint64_t)query_get_int(q, 5)};
    return RC_OK;
}

enum rc ledger_sums_read(struct store_conn *conn, struct arena *arena, int64_t from, int64_t until,
                         size_t room, ledger_sums *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_SUMS);
    query_int(&q, 1, from);
    query_int(&q, 2, until);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_sum, &ret->v, &ret->n, fault);
}

enum rc ledger_balances(struct store_conn *conn, struct arena *arena, uint64_t shop, int64_t before,
                        size_t room, ledger_sums *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_SHOP_BALANCES);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, before);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_sum, &ret->v, &ret->n, fault);
}

enum rc ledger_taxes(struct store_conn *conn, struct arena *arena, uint64_t shop, int64_t before,
                     size_t room, ledger_sums *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_TAXES);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, before);
    query_int(&q, 3, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_sum, &ret->v, &ret->n, fault);
}

static enum rc read_of_shop(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct ledger_of_shop *)ret = (struct ledger_of_shop){.id = (uint64_t)query_get_int(q, 0),
                                                            .kind = query_get_str(q, 1, arena),
                                                            .currency = query_get_str(q, 2, arena),
                                                            .order = (uint64_t)query_get_int(q, 3),
                                                            .number = query_get_str(q, 4, arena),
                                                            .at = query_get_int(q, 5),
                                                            .shop = query_get_int(q, 6),
                                                            .fee = query_get_int(q, 7),
                                                            .tax = query_get_int(q, 8)};
    return RC_OK;
}

enum rc ledger_statement_read(struct store_conn *conn, struct arena *arena, uint64_t shop,
                              int64_t from, int64_t until, size_t room, ledger_statement *ret,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_OF_SHOP);
    query_int(&q, 1, (int64_t)shop);
    query_int(&q, 2, from);
    query_int(&q, 3, until);
    query_int(&q, 4, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_of_shop, &ret->v, &ret->n, fault);
}

static enum rc read_row(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct ledger_row *)ret =
        (struct ledger_row){.id = (uint64_t)query_get_int(q, 0),
                            .entry = {.key = query_get_str(q, 1, arena),
                                      .kind = query_get_str(q, 2, arena),
                                      .currency = query_get_str(q, 3, arena),
                                      .order = (uint64_t)query_get_int(q, 4),
                                      .at = query_get_int(q, 5)},
                            .line = {.account = query_get_str(q, 6, arena),
                                     .shop = (uint64_t)query_get_int(q, 7),
                                     .country = query_get_str(q, 8, arena),
                                     .amount = query_get_int(q, 9)}};
    return RC_OK;
}

enum rc ledger_rows_read(struct store_conn *conn, struct arena *arena, int64_t from, int64_t until,
                         uint64_t after, size_t room, ledger_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_LINES_ALL);
    query_int(&q, 1, from);
    query_int(&q, 2, until);
    query_int(&q, 3, (int64_t)after);
    query_int(&q, 4, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_row, &ret->v, &ret->n, fault);
}

static enum rc read_key(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    (void)fault;
    *(struct ledger_row *)ret = (struct ledger_row){.id = (uint64_t)query_get_int(q, 0),
                                                    .entry.key = query_get_str(q, 1, arena)};
    return RC_OK;
}

enum rc ledger_unbalanced(struct store_conn *conn, struct arena *arena, size_t room,
                          ledger_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_LEDGER_UNBALANCED);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_key, &ret->v, &ret->n, fault);
}
