#include "store/demands.h"

#include "store/db.h"

static enum rc get_bytes(const struct query *q, int column, void *ret, size_t n,
                         struct fault *fault)
{
    struct str bytes = query_peek(q, column);
    if (bytes.n != n)
        return fault_set(fault, RC_CORRUPT, "a digest or salt has %zu bytes", bytes.n);
    memcpy(ret, bytes.p, n);
    return RC_OK;
}

static enum rc get_paper(const struct query *q, int column, struct arena *arena,
                         struct paper_row *ret, struct fault *fault)
{
    *ret = (struct paper_row){.file = query_get_str(q, column, arena),
                              .type = query_get_str(q, column + 1, arena)};
    return get_bytes(q, column + 2, ret->digest.b, sizeof ret->digest.b, fault);
}

static void put_paper(struct query *q, int parameter, const struct paper_row *paper)
{
    query_str(q, parameter, paper->file);
    query_str(q, parameter + 1, paper->type);
    query_bytes(q, parameter + 2, paper->digest.b, sizeof paper->digest.b);
}

static uint64_t get_index(const struct query *q, int column)
{
    return query_get_is_null(q, column) ? LOG_PENDING : (uint64_t)query_get_int(q, column);
}

enum rc demands_add(struct store_conn *conn, const struct demand_add_row *d, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_ADD);
    query_int(&q, 1, (int64_t)d->id);
    query_int(&q, 2, (int64_t)d->entry_id);
    query_bytes(&q, 3, d->token.b, sizeof d->token.b);
    query_int(&q, 4, (int64_t)d->account);
    query_int(&q, 5, d->received);
    query_int(&q, 6, d->due);
    query_str(&q, 7, d->name);
    query_str(&q, 8, d->email);
    query_str(&q, 9, d->language);
    put_paper(&q, 10, &d->document);
    put_paper(&q, 13, &d->copy);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, "demand", d->id, fault) : rc;
}

static enum rc read_demand(const struct query *q, struct arena *arena, void *row,
                           struct fault *fault)
{
    struct demand_row *ret = row;
    *ret = (struct demand_row){.id = (uint64_t)query_get_int(q, 0),
                               .index = get_index(q, 1),
                               .bytes = query_get_str(q, 2, arena),
                               .due = query_get_int(q, 3),
                               .decision_entry_id = (uint64_t)query_get_int(q, 7)};
    ret->decided = ret->decision_entry_id != 0 && !query_get_is_null(q, 8);
    if (ret->decided) {
        ret->decision_index = get_index(q, 8);
        ret->decision_bytes = query_get_str(q, 9, arena);
        ret->decision_text = query_get_str(q, 10, arena);
    }
    ret->claims = query_get_str(q, 11, arena);
    if (ret->claims.n > 0 &&
        get_bytes(q, 12, ret->claims_salt, sizeof ret->claims_salt, fault) != RC_OK)
        return RC_CORRUPT;
    return get_paper(q, 4, arena, &ret->copy, fault);
}

enum rc demands_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                    struct demand_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_GET);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no demand %llu", (unsigned long long)id);
    return rc == RC_OK ? read_demand(&q, arena, ret, fault) : rc;
}

static enum rc find_token(struct store_conn *conn, enum statement name, const struct hash *token,
                          uint64_t *ret_id, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_bytes(&q, 1, token->b, sizeof token->b);
    return query_number(&q, ret_id, fault);
}

enum rc demands_of_token(struct store_conn *conn, const struct hash *token, uint64_t *ret_id,
                         struct fault *fault)
{
    enum rc rc = find_token(conn, SQL_DEMAND_OF_TOKEN, token, ret_id, fault);
    return rc == RC_NOT_FOUND ? find_token(conn, SQL_DEMAND_OF_LINK, token, ret_id, fault) : rc;
}

enum rc demands_token_add(struct store_conn *conn, uint64_t id, const struct hash *token,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_LINK_ADD);
    query_bytes(&q, 1, token->b, sizeof token->b);
    query_int(&q, 2, (int64_t)id);
    return query_run(&q, fault);
}

static enum rc read_demands(struct store_conn *conn, enum statement name, struct arena *arena,
                            uint64_t id, size_t room, struct demand_row **ret, size_t *ret_n,
                            struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_demand, ret, ret_n, fault);
}

enum rc demands_before(struct store_conn *conn, struct arena *arena, uint64_t id, size_t room,
                       struct demand_row **ret, size_t *ret_n, struct fault *fault)
{
    return read_demands(conn, SQL_DEMANDS_BEFORE, arena, id, room, ret, ret_n, fault);
}

enum rc demands_undecided(struct store_conn *conn, struct arena *arena, uint64_t id, size_t room,
                          struct demand_row **ret, size_t *ret_n, struct fault *fault)
{
    return read_demands(conn, SQL_DEMANDS_UNDECIDED, arena, id, room, ret, ret_n, fault);
}

enum rc demands_of_account(struct store_conn *conn, struct arena *arena, uint64_t account,
                           size_t room, struct demand_row **ret, size_t *ret_n, struct fault *fault)
{
    return read_demands(conn, SQL_DEMANDS_OF_ACCOUNT, arena, account, room, ret, ret_n, fault);
}

enum rc demands_private(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct demand_private_row *ret, struct fault *fault)
{
    struct demand_private_row row = {.name = STR_NONE};
    QUERY q = query_start(conn, SQL_DEMAND_PRIVATE);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no demand %llu", (unsigned long long)id);
    if (rc == RC_OK)
        rc = get_paper(&q, 3, arena, &row.document, fault);
    if (rc == RC_OK)
        rc = get_bytes(&q, 7, row.salt, sizeof row.salt, fault);
    if (rc != RC_OK)
        return rc;
    row.name = query_get_str(&q, 0, arena);
    row.email = query_get_str(&q, 1, arena);
    row.language = query_get_str(&q, 2, arena);
    row.text = query_get_str(&q, 6, arena);
    row.account = (uint64_t)query_get_int(&q, 8);
    *ret = row;
    return RC_OK;
}

static enum rc read_papers(const struct query *q, struct arena *arena, void *row,
                           struct fault *fault)
{
    struct papers_row *ret = row;
    ret->id = (uint64_t)query_get_int(q, 0);
    enum rc rc = get_paper(q, 1, arena, &ret->document, fault);
    return rc == RC_OK ? get_paper(q, 4, arena, &ret->copy, fault) : rc;
}

enum rc papers_get(struct store_conn *conn, struct arena *arena, enum paper_owner owner,
                   uint64_t id, struct papers_row *ret, struct fault *fault)
{
    QUERY q =
        query_start(conn, owner == PAPERS_OF_DEMAND ? SQL_DEMAND_PAPERS : SQL_AGREEMENT_PAPERS);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_papers(&q, arena, ret, fault) : rc;
}

enum rc papers_after(struct store_conn *conn, struct arena *arena, enum paper_owner owner,
                     uint64_t id, size_t room, struct papers_row **ret, size_t *ret_n,
                     struct fault *fault)
{
    QUERY q = query_start(conn, owner == PAPERS_OF_DEMAND ? SQL_DEMAND_PAPERS_AFTER
                                                          : SQL_AGREEMENT_PAPERS_AFTER);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_papers, ret, ret_n, fault);
}

enum rc papers_add_of_agreement(struct store_conn *conn, const struct papers_row *p,
                                struct fault *fault)
{
    QUERY q = query_start(conn, SQL_AGREEMENT_PAPER_ADD);
    query_int(&q, 1, (int64_t)p->id);
    put_paper(&q, 2, &p->document);
    put_paper(&q, 5, &p->copy);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, paper_owner_name(PAPERS_OF_AGREEMENT), p->id, fault)
                       : rc;
}

const char *paper_owner_name(enum paper_owner owner)
{
    return owner == PAPERS_OF_DEMAND ? "demand" : "agreement";
}

enum rc demands_decide(struct store_conn *conn, uint64_t id, uint64_t entry_id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_DECIDE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)entry_id);
    return query_run(&q, fault);
}

enum rc demands_sender_erase(struct store_conn *conn, uint64_t entry_id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_SENDER_ERASE);
    query_int(&q, 1, (int64_t)entry_id);
    enum rc rc = query_run(&q, fault);
    if (rc != RC_OK)
        return rc;
    QUERY claims = query_start(conn, SQL_CLAIMS_ERASE);
    query_int(&claims, 1, (int64_t)entry_id);
    return query_run(&claims, fault);
}

enum rc demands_acknowledged(struct store_conn *conn, uint64_t id, uint64_t *ret_entry_id,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_ACKNOWLEDGED);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no demand %llu", (unsigned long long)id);
    if (rc == RC_OK)
        *ret_entry_id = (uint64_t)query_get_int(&q, 0);
    return rc;
}

enum rc demands_acknowledge(struct store_conn *conn, uint64_t id, uint64_t entry_id,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_ACKNOWLEDGE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)entry_id);
    return query_run(&q, fault);
}

enum rc demands_told(struct store_conn *conn, struct demand_told *ret, size_t room, size_t *ret_n,
                     struct fault *fault)
{
    size_t n = 0;
    enum rc rc = RC_OK;
    QUERY q = query_start(conn, SQL_DEMANDS_TOLD);
    query_int(&q, 1, (int64_t)room);
    while (n < room && (rc = query_step(&q, fault)) == RC_OK)
        ret[n++] = (struct demand_told){(uint64_t)query_get_int(&q, 0), query_get_int(&q, 1)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret_n = n;
    return RC_OK;
}

enum rc demands_former(struct store_conn *conn, struct arena *arena, uint64_t id, struct str *ret,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_FORMER);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc demands_reopen(struct store_conn *conn, uint64_t id, uint64_t about, int64_t due,
                       struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_REOPEN);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, due);
    query_int(&q, 3, (int64_t)about);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, "demand", id, fault) : rc;
}

enum rc demands_copy_put(struct store_conn *conn, uint64_t id, const struct paper_row *copy,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_DEMAND_COPY_PUT);
    query_int(&q, 1, (int64_t)id);
    put_paper(&q, 2, copy);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, "demand", id, fault) : rc;
}

/* ---- proposals ---- */

enum rc demands_proposal_add(struct store_conn *conn, const struct proposal_row *p,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PROPOSAL_ADD);
    query_int(&q, 1, (int64_t)p->id);
    query_int(&q, 2, (int64_t)p->demand);
    query_str(&q, 3, p->body);
    query_int(&q, 4, (int64_t)p->account);
    query_int(&q, 5, p->created);
    return query_run(&q, fault);
}

static enum rc read_proposal(const struct query *q, struct arena *arena, void *ret,
                             struct fault *fault)
{
    (void)fault;
    *(struct proposal_row *)ret = (struct proposal_row){.id = (uint64_t)query_get_int(q, 0),
                                                        .demand = (uint64_t)query_get_int(q, 1),
                                                        .body = query_get_str(q, 2, arena),
                                                        .account = (uint64_t)query_get_int(q, 3),
                                                        .created = query_get_int(q, 4),
                                                        .state = query_get_str(q, 5, arena),
                                                        .name = query_get_str(q, 6, arena)};
    return RC_OK;
}

enum rc demands_proposal(struct store_conn *conn, struct arena *arena, uint64_t id,
                         struct proposal_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PROPOSAL_GET);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no proposal %llu", (unsigned long long)id);
    return rc == RC_OK ? read_proposal(&q, arena, ret, fault) : rc;
}

enum rc demands_proposals_open(struct store_conn *conn, struct arena *arena, size_t room,
                               struct proposal_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PROPOSALS_OPEN);
    query_int(&q, 1, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_proposal, ret, ret_n, fault);
}

enum rc demands_proposal_end(struct store_conn *conn, uint64_t id, const char *state,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PROPOSAL_END);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, str_of(state));
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK && query_changes(&q) != 1)
        rc = fault_set(fault, RC_CONFLICT, "proposal %llu is open no more", (unsigned long long)id);
    return rc;
}

enum rc demands_proposals_drop(struct store_conn *conn, uint64_t demand, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PROPOSALS_DROP);
    query_int(&q, 1, (int64_t)demand);
    return query_run(&q, fault);
}

enum rc demands_operators(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_OPERATOR_COUNT);
    return query_number(&q, ret, fault);
}

enum rc demands_proposals_drop_of(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_PROPOSALS_OF_ACCOUNT_DROP);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

enum rc demands_operator_is(struct store_conn *conn, uint64_t account, bool *ret,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_OPERATOR_IS);
    query_int(&q, 1, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) == 1;
    return rc;
}

/* ---- beside entries ---- */

enum rc demands_beside_put(struct store_conn *conn, uint64_t entry_id, const char *member,
                           struct str content, const uint8_t salt[32], struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_BESIDE_PUT);
    query_int(&q, 1, (int64_t)entry_id);
    query_str(&q, 2, str_of(member));
    query_str(&q, 3, content);
    query_bytes(&q, 4, salt, 32);
    return query_run(&q, fault);
}
