#include "store/redress.h"

#include "store/db.h"

/* ---- statements ---- */

static enum rc read_statement(const struct query *q, struct arena *arena, void *ret,
                              struct fault *fault)
{
    (void)fault;
    *(struct statement_row *)ret =
        (struct statement_row){.id = (uint64_t)query_get_int(q, 0),
                               .restriction = (uint64_t)query_get_int(q, 1),
                               .account = (uint64_t)query_get_int(q, 2),
                               .shop = (uint64_t)query_get_int(q, 3),
                               .at = query_get_int(q, 4),
                               .shop_name = query_get_str(q, 5, arena),
                               .complaint = (uint64_t)query_get_int(q, 6)};
    return RC_OK;
}

enum rc redress_statement_add(struct store_conn *conn, const struct statement_row *s,
                              const struct hash *token, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "statement", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_STATEMENT_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)s->restriction);
    query_int(&q, 3, (int64_t)s->account);
    query_int(&q, 4, (int64_t)s->shop);
    query_bytes(&q, 5, token->b, sizeof token->b);
    query_int(&q, 6, s->at);
    return query_run(&q, fault);
}

enum rc redress_statement(struct store_conn *conn, struct arena *arena, uint64_t id,
                          struct statement_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STATEMENT_GET);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = id <= INT64_MAX ? query_step(&q, fault) : RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no statement %llu", (unsigned long long)id);
    return rc == RC_OK ? read_statement(&q, arena, ret, fault) : rc;
}

enum rc redress_statement_of_token(struct store_conn *conn, const struct hash *token, uint64_t *ret,
                                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STATEMENT_OF_TOKEN);
    query_bytes(&q, 1, token->b, sizeof token->b);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no such statement");
    if (rc == RC_OK)
        *ret = (uint64_t)query_get_int(&q, 0);
    return rc;
}

enum rc redress_statements(struct store_conn *conn, struct arena *arena, uint64_t account,
                           size_t room, struct statement_row **ret, size_t *ret_n,
                           struct fault *fault)
{
    QUERY q = query_start(conn, account != 0 ? SQL_STATEMENT_LIST_OF_ACCOUNT : SQL_STATEMENT_LIST);
    if (account != 0)
        query_int(&q, 1, (int64_t)account);
    query_int(&q, account != 0 ? 2 : 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_statement, ret, ret_n, fault);
}

enum rc redress_shops(struct store_conn *conn, struct arena *arena, enum target_kind kind,
                      struct str key, uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    static const struct {
        enum statement find;
        bool number;
    } finds[] = {
        [TARGET_EDITION] = {SQL_STATEMENT_SHOPS_OF_EDITION, false},
        [TARGET_WORK] = {SQL_STATEMENT_SHOPS_OF_WORK, true},
        [TARGET_COLLECTION] = {SQL_STATEMENT_SHOPS_OF_COLLECTION, false},
        [TARGET_CONTRIBUTOR] = {SQL_STATEMENT_SHOPS_OF_CONTRIBUTOR, true},
        [TARGET_SHOP] = {SQL_STATEMENT_SHOPS_OF_SHOP, false},
    };
    uint64_t number = 0, *v = NULL;
    size_t n = 0, room = 0;
    QUERY q = query_start(conn, finds[kind].find);
    if (!finds[kind].number)
        query_str(&q, 1, key);
    else if (str_to_u64(key, &number))
        query_int(&q, 1, (int64_t)number);
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        if (n == room) {
            room = room == 0 ? 256 : 2 * room;
            uint64_t *grown = ARENA_ARRAY(arena, uint64_t, room);
            if (n > 0)
                memcpy(grown, v, n * sizeof *v);
            v = grown;
        }
        v[n++] = (uint64_t)query_get_int(&q, 0);
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = v;
    *ret_n = n;
    return RC_OK;
}

/* ---- authors of much that is withheld ---- */

enum rc redress_telling_add(struct store_conn *conn, const struct telling_row *t,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TELLING_ADD);
    query_int(&q, 1, (int64_t)t->entry_id);
    query_int(&q, 2, (int64_t)t->restriction);
    query_int(&q, 3, t->features);
    query_int(&q, 4, (int64_t)t->work);
    query_bytes(&q, 5, t->root.b, sizeof t->root.b);
    return query_run(&q, fault);
}

enum rc redress_telling_next(struct store_conn *conn, struct telling_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TELLING_NEXT);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    struct str root = query_peek(&q, 4);
    *ret = (struct telling_row){.entry_id = (uint64_t)query_get_int(&q, 0),
                                .restriction = (uint64_t)query_get_int(&q, 1),
                                .features = (feature_mask)query_get_int(&q, 2),
                                .work = (uint64_t)query_get_int(&q, 3),
                                .position = (uint64_t)query_get_int(&q, 5),
                                .last_account = (uint64_t)query_get_int(&q, 6)};
    if (root.n != sizeof ret->root.b)
        return fault_set(fault, RC_CORRUPT, "telling: a root has %zu bytes", root.n);
    memcpy(ret->root.b, root.p, root.n);
    return RC_OK;
}

enum rc redress_telling_move(struct store_conn *conn, const struct telling_row *t,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TELLING_MOVE);
    query_int(&q, 1, (int64_t)t->entry_id);
    query_int(&q, 2, (int64_t)t->position);
    query_int(&q, 3, (int64_t)t->last_account);
    return query_run(&q, fault);
}

enum rc redress_telling_remove(struct store_conn *conn, uint64_t entry_id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TELLING_REMOVE);
    query_int(&q, 1, (int64_t)entry_id);
    return query_run(&q, fault);
}

enum rc redress_authors(struct store_conn *conn, struct arena *arena, uint64_t work, uint64_t after,
                        feature_mask features, size_t room, uint64_t **ret, size_t *ret_n,
                        struct fault *fault)
{
    static const enum feature kinds[] = {FEATURE_REVIEWS, FEATURE_COMMENTS, FEATURE_RATINGS};
    uint64_t *v = ARENA_ARRAY(arena, uint64_t, room);
    size_t n = 0;
    QUERY q = query_start(conn, SQL_TELLING_AUTHORS);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)after);
    for (int i = 0; i < 3; i++)
        query_int(&q, 3 + i, (features & FEATURE_BIT(kinds[i])) != 0);
    query_int(&q, 6, (int64_t)room);
    enum rc rc = RC_OK;
    while (n < room && (rc = query_step(&q, fault)) == RC_OK)
        v[n++] = (uint64_t)query_get_int(&q, 0);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = v;
    *ret_n = n;
    return RC_OK;
}

enum rc redress_told(struct store_conn *conn, uint64_t restriction, uint64_t account, bool *ret,
                     struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STATEMENT_TOLD);
    query_int(&q, 1, (int64_t)restriction);
    query_int(&q, 2, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) > 0;
    return rc;
}

enum rc redress_contact(struct store_conn *conn, struct arena *arena, uint64_t shop,
                        struct str *ret_email, struct str *ret_language, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_CONTACT);
    query_int(&q, 1, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret_email = query_get_str(&q, 0, arena);
        *ret_language = query_get_str(&q, 1, arena);
    }
    return rc;
}

enum rc redress_contact_put(struct store_conn *conn, struct str slug, struct str email,
                            struct str language, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_CONTACT_PUT);
    query_str(&q, 1, slug);
    query_str(&q, 2, email);
    query_str(&q, 3, language);
    return query_run(&q, fault);
}

/* ---- complaints ---- */

static enum rc read_complaint(const struct query *q, struct arena *arena, void *ret,
                              struct fault *fault)
{
    (void)fault;
    struct complaint_row row = {.id = (uint64_t)query_get_int(q, 0),
                                .statement = (uint64_t)query_get_int(q, 1),
                                .restriction = (uint64_t)query_get_int(q, 2),
                                .at = query_get_int(q, 3),
                                .index = query_get_int(q, 4),
                                .decided = query_get_int(q, 5),
                                .outcome = query_get_str(q, 6, arena),
                                .decision_index = query_get_int(q, 7),
                                .text = query_get_str(q, 8, arena),
                                .reasons = query_get_str(q, 10, arena),
                                .demand = (uint64_t)query_get_int(q, 11),
                                .deciding = query_get_int(q, 12) != 0,
                                .about = (uint64_t)query_get_int(q, 13)};
    struct str salt = query_get_str(q, 9, arena);
    if (salt.n == sizeof row.salt)
        memcpy(row.salt, salt.p, sizeof row.salt);
    *(struct complaint_row *)ret = row;
    return RC_OK;
}

enum rc redress_complaint_add(struct store_conn *conn, const struct complaint_row *c,
                              uint64_t entry_id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMPLAINT_ADD);
    query_int(&q, 1, (int64_t)c->id);
    query_int(&q, 2, (int64_t)c->statement);
    query_int(&q, 3, (int64_t)c->restriction);
    query_int(&q, 4, c->at);
    query_int(&q, 5, (int64_t)entry_id);
    query_int(&q, 6, (int64_t)c->demand);
    query_int(&q, 7, (int64_t)c->about);
    return query_run(&q, fault);
}

enum rc redress_complaint_about(struct store_conn *conn, uint64_t about, uint64_t *ret,
                                struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMPLAINT_ABOUT);
    query_int(&q, 1, (int64_t)about);
    return query_number(&q, ret, fault);
}

enum rc redress_complaint(struct store_conn *conn, struct arena *arena, uint64_t id,
                          struct complaint_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMPLAINT_GET);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = id <= INT64_MAX ? query_step(&q, fault) : RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no complaint %llu", (unsigned long long)id);
    return rc == RC_OK ? read_complaint(&q, arena, ret, fault) : rc;
}

enum rc redress_complaints(struct store_conn *conn, struct arena *arena, size_t room,
                           struct complaint_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMPLAINT_LIST);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_complaint, ret, ret_n, fault);
}

enum rc redress_complaints_of(struct store_conn *conn, struct arena *arena, uint64_t restriction,
                              size_t room, struct complaint_row **ret, size_t *ret_n,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMPLAINT_OF_RESTRICTION);
    query_int(&q, 1, (int64_t)restriction);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_complaint, ret, ret_n, fault);
}

enum rc redress_complaint_decide(struct store_conn *conn, uint64_t id, uint64_t entry_id,
                                 int64_t now, const char *outcome, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMPLAINT_DECIDE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)entry_id);
    query_int(&q, 3, now);
    query_str(&q, 4, str_of(outcome));
    return query_run(&q, fault);
}

enum rc redress_complaint_latest(struct store_conn *conn, uint64_t demand, uint64_t *ret,
                                 struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMPLAINT_LATEST);
    query_int(&q, 1, (int64_t)demand);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK && query_get_int(&q, 0) == 0)
        return RC_NOT_FOUND;
    if (rc == RC_OK)
        *ret = (uint64_t)query_get_int(&q, 0);
    return rc;
}

static enum rc decided_by(struct store_conn *conn, enum statement name, uint64_t id,
                          struct str approval, bool first_alone, bool *ret, bool *ret_approved,
                          struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, approval);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    bool any = query_get_int(&q, 0) > 0, proposed = query_get_int(&q, 1) > 0;
    *ret = first_alone ? proposed : any;
    *ret_approved = any && !proposed;
    return RC_OK;
}

enum rc redress_decided_by(struct store_conn *conn, uint64_t restriction, struct str approval,
                           bool first_alone, bool *ret, bool *ret_approved, struct fault *fault)
{
    return decided_by(conn, SQL_RESTRICTION_DECIDED_BY, restriction, approval, first_alone, ret,
                      ret_approved, fault);
}

enum rc redress_entry_decided_by(struct store_conn *conn, uint64_t entry_id, struct str approval,
                                 bool first_alone, bool *ret, bool *ret_approved,
                                 struct fault *fault)
{
    return decided_by(conn, SQL_ENTRY_DECIDED_BY, entry_id, approval, first_alone, ret,
                      ret_approved, fault);
}
