#include "store/readers.h"

#include "store/catalogue_rows.h"
#include "store/db.h"

/* ---- accounts and sessions ---- */

enum rc readers_account_add(struct store_conn *conn, const struct account *a, uint64_t *ret_id,
                            struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "account", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_ACCOUNT_ADD);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, a->email);
    query_str(&q, 3, a->name);
    query_str(&q, 4, a->password);
    query_str(&q, 5, a->role);
    query_int(&q, 6, a->created);
    query_int(&q, 7, a->confirmed);
    query_str(&q, 8, a->language);
    rc = query_run(&q, fault);
    if (rc == RC_CONFLICT)
        return fault_set(fault, rc, "email: there is an account with this address");
    if (rc == RC_OK)
        *ret_id = id;
    return rc;
}

static struct account read_account(const struct query *q, struct arena *arena)
{
    return (struct account){(uint64_t)query_get_int(q, 0), query_get_str(q, 1, arena),
                            query_get_str(q, 2, arena),    query_get_str(q, 3, arena),
                            query_get_str(q, 4, arena),    query_get_int(q, 5)};
}

enum rc readers_account_by_email(struct store_conn *conn, struct arena *arena, struct str email,
                                 struct account *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_BY_EMAIL);
    query_str(&q, 1, email);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_account(&q, arena);
    return rc;
}

enum rc readers_account_named(struct store_conn *conn, struct arena *arena, uint64_t id,
                              struct str *ret_name, struct str *ret_email, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ACCOUNT_NAMED);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) {
        *ret_name = query_get_str(&q, 0, arena);
        *ret_email = query_get_str(&q, 1, arena);
    }
    return rc;
}

enum rc readers_session_add(struct store_conn *conn, const struct session_row *s, uint64_t account,
                            int64_t expires, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_ADD);
    query_bytes(&q, 1, s->token.b, sizeof s->token.b);
    query_int(&q, 2, (int64_t)account);
    query_str(&q, 3, s->kind);
    query_int(&q, 4, s->created);
    query_int(&q, 5, expires);
    query_int(&q, 6, s->lacks);
    query_str(&q, 7, s->browser);
    return query_run(&q, fault);
}

enum rc readers_sessions(struct store_conn *conn, struct arena *arena, uint64_t account,
                         int64_t now, size_t room, struct session_row **ret, size_t *ret_n,
                         struct fault *fault)
{
    struct session_row *rows = ARENA_ARRAY(arena, struct session_row, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    QUERY q = query_start(conn, SQL_SESSION_LIST);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, now);
    query_int(&q, 3, (int64_t)room);
    while (n < room && (rc = query_step(&q, fault)) == RC_OK) {
        struct str token = query_peek(&q, 0);
        struct session_row *row = &rows[n++];
        *row = (struct session_row){.kind = query_get_str(&q, 1, arena),
                                    .created = query_get_int(&q, 2),
                                    .browser = query_get_str(&q, 3, arena)};
        if (token.n != sizeof row->token.b)
            return fault_set(fault, RC_CORRUPT, "a session's token has %zu bytes", token.n);
        memcpy(row->token.b, token.p, token.n);
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc readers_session(struct store_conn *conn, struct arena *arena, const struct hash *token,
                        int64_t now, struct account *ret, struct str *ret_kind, int *ret_lacks,
                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_GET);
    query_bytes(&q, 1, token->b, sizeof token->b);
    query_int(&q, 2, now);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct account){.id = (uint64_t)query_get_int(&q, 0),
                            .email = query_get_str(&q, 1, arena),
                            .name = query_get_str(&q, 2, arena),
                            .role = query_get_str(&q, 3, arena),
                            .created = query_get_int(&q, 4),
                            .shop = (uint64_t)query_get_int(&q, 7)};
    *ret_kind = query_get_str(&q, 5, arena);
    *ret_lacks = (int)query_get_int(&q, 6);
    return RC_OK;
}

enum rc readers_session_remove(struct store_conn *conn, const struct hash *token,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_REMOVE);
    query_bytes(&q, 1, token->b, sizeof token->b);
    return query_run(&q, fault);
}

enum rc readers_session_remove_all(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_REMOVE_ALL);
    query_int(&q, 1, (int64_t)account);
    return query_run(&q, fault);
}

enum rc readers_session_remove_others(struct store_conn *conn, uint64_t account,
                                      const struct hash *token, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_REMOVE_OTHERS);
    query_int(&q, 1, (int64_t)account);
    query_bytes(&q, 2, token->b, sizeof token->b);
    return query_run(&q, fault);
}

enum rc readers_session_remove_expired(struct store_conn *conn, int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_REMOVE_EXPIRED);
    query_int(&q, 1, now);
    return query_run(&q, fault);
}

enum rc readers_session_keep(struct store_conn *conn, uint64_t account, unsigned newest,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_KEEP);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, newest);
    return query_run(&q, fault);
}

enum rc readers_session_count(struct store_conn *conn, uint64_t account, int64_t now, uint64_t *ret,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SESSION_COUNT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, now);
    return query_number(&q, ret, fault);
}

/* ---- ratings ---- */

enum rc readers_rating(struct store_conn *conn, uint64_t work, uint64_t account,
                       struct rating_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RATING_OF);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)account);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct rating_row){(uint64_t)query_get_int(&q, 0), (unsigned)query_get_int(&q, 1),
                                   (uint64_t)query_get_int(&q, 2)};
    return rc;
}

/* Moves the aggregate from one number of stars to another; 0 is none. The review beside the rating
 * takes them over. */
static enum rc move_sum(struct store_conn *conn, uint64_t rating, uint64_t work, unsigned from,
                        unsigned to, struct fault *fault)
{
    QUERY beside = query_start(conn, SQL_REVIEW_STARS);
    query_int(&beside, 1, (int64_t)rating);
    enum rc rc = query_run(&beside, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_RATING_SUM_ADD);
    query_int(&q, 1, (int64_t)work);
    for (unsigned stars = 1; stars <= 5; stars++)
        query_int(&q, 1 + (int)stars, (stars == to) - (stars == from));
    rc = query_run(&q, fault);
    return rc == RC_OK ? store_change(conn, "work", work, fault) : rc;
}

enum rc readers_rating_add(struct store_conn *conn, uint64_t work, uint64_t account, unsigned stars,
                           int64_t now, uint64_t entry_id, const uint8_t salt[32],
                           struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "rating", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_RATING_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)work);
    query_int(&q, 3, (int64_t)account);
    query_int(&q, 4, stars);
    query_int(&q, 5, now);
    query_int(&q, 6, (int64_t)entry_id);
    query_bytes(&q, 7, salt, 32);
    rc = query_run(&q, fault);
    return rc == RC_OK ? move_sum(conn, id, work, 0, stars, fault) : rc;
}

enum rc readers_rating_change(struct store_conn *conn, uint64_t work, const struct rating_row *was,
                              unsigned stars, int64_t now, uint64_t said, const uint8_t salt[32],
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RATING_CHANGE);
    query_int(&q, 1, (int64_t)was->id);
    query_int(&q, 2, stars);
    query_int(&q, 3, now);
    query_bytes(&q, 4, salt, 32);
    query_int(&q, 5, (int64_t)said);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? move_sum(conn, was->id, work, was->stars, stars, fault) : rc;
}

enum rc readers_rating_withdraw(struct store_conn *conn, uint64_t work,
                                const struct rating_row *was, int64_t now, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RATING_WITHDRAW);
    query_int(&q, 1, (int64_t)was->id);
    query_int(&q, 2, now);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? move_sum(conn, was->id, work, was->stars, 0, fault) : rc;
}

/* ---- reviews ---- */

static struct review_row read_review(const struct query *q, struct arena *arena)
{
    return (struct review_row){.id = (uint64_t)query_get_int(q, 0),
                               .work = (uint64_t)query_get_int(q, 1),
                               .account = (uint64_t)query_get_int(q, 2),
                               .author = query_get_str(q, 3, arena),
                               .title = query_get_str(q, 4, arena),
                               .text = query_get_str(q, 5, arena),
                               .language = query_get_str(q, 6, arena),
                               .isbn13 = query_get_str(q, 7, arena),
                               .state = query_get_str(q, 8, arena),
                               .created = query_get_int(q, 9),
                               .changed = query_get_int(q, 10),
                               .entry_id = (uint64_t)query_get_int(q, 11),
                               .stars = (unsigned)query_get_int(q, 12),
                               .index = query_get_int(q, 13),
                               .helpful = (uint64_t)query_get_int(q, 14),
                               .source = query_get_str(q, 15, arena),
                               .written = (int32_t)query_get_int(q, 16)};
}

enum rc readers_review(struct store_conn *conn, struct arena *arena, uint64_t id,
                       struct review_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_BY_ID);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no review %llu", (unsigned long long)id);
    if (rc == RC_OK)
        *ret = read_review(&q, arena);
    return rc;
}

enum rc readers_review_of(struct store_conn *conn, uint64_t work, uint64_t account, uint64_t *ret,
                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_OF);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)account);
    return query_number(&q, ret, fault);
}

enum rc readers_review_add(struct store_conn *conn, const struct review_row *r,
                           const uint8_t salt[32], uint64_t *ret_id, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "review", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_REVIEW_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)r->work);
    query_int(&q, 3, (int64_t)r->account);
    query_str(&q, 4, r->title);
    query_str(&q, 5, r->text);
    query_str(&q, 6, r->language);
    query_str(&q, 7, r->isbn13);
    query_int(&q, 8, r->created);
    query_int(&q, 9, (int64_t)r->entry_id);
    query_bytes(&q, 10, salt, 32);
    query_str(&q, 11, r->print);
    query_str(&q, 12, r->source.n > 0 ? r->author : STR_NONE);
    query_str(&q, 13, r->source);
    query_int(&q, 14, r->written);
    rc = query_run(&q, fault);
    if (rc == RC_OK)
        *ret_id = id;
    return rc;
}

enum rc readers_review_change(struct store_conn *conn, const struct review_row *r, uint64_t said,
                              const uint8_t salt[32], struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_CHANGE);
    query_int(&q, 1, (int64_t)r->id);
    query_str(&q, 2, r->title);
    query_str(&q, 3, r->text);
    query_str(&q, 4, r->language);
    query_str(&q, 5, r->isbn13);
    query_int(&q, 6, r->changed);
    query_bytes(&q, 7, salt, 32);
    query_int(&q, 8, (int64_t)said);
    query_str(&q, 9, r->print);
    return query_run(&q, fault);
}

enum rc readers_review_printed(struct store_conn *conn, struct str print, uint64_t work,
                               uint64_t account, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_PRINTED);
    query_str(&q, 1, print);
    query_int(&q, 2, (int64_t)work);
    query_int(&q, 3, (int64_t)account);
    return query_number(&q, ret, fault);
}

static enum rc any_of(struct store_conn *conn, enum statement statement, uint64_t a, uint64_t b,
                      bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, statement);
    query_int(&q, 1, (int64_t)a);
    query_int(&q, 2, (int64_t)b);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_int(&q, 0) > 0;
    return rc;
}

enum rc readers_sells(struct store_conn *conn, uint64_t account, uint64_t work, bool *ret,
                      struct fault *fault)
{
    return any_of(conn, SQL_WORK_OF_PARTNER, account, work, ret, fault);
}

static bool may_have_bought(const struct review_row *r)
{
    return r->source.n == 0 && (int64_t)r->account > 0;
}

void readers_review_bought_ask(struct store_conn *conn, const struct review_row *r)
{
    if (!may_have_bought(r))
        return;
    QUERY q = query_start(conn, SQL_REVIEW_BOUGHT);
    query_int(&q, 1, (int64_t)r->id);
    query_int(&q, 2, (int64_t)r->account);
    query_ask(&q);
}

enum rc readers_review_bought(struct store_conn *conn, const struct review_row *r, bool *ret,
                              struct fault *fault)
{
    *ret = false;
    return may_have_bought(r) ? any_of(conn, SQL_REVIEW_BOUGHT, r->id, r->account, ret, fault)
                              : RC_OK;
}

enum rc readers_helpful(struct store_conn *conn, uint64_t review, uint64_t account, bool *ret,
                        struct fault *fault)
{
    return any_of(conn, SQL_HELPFUL_BY, review, account, ret, fault);
}

enum rc readers_helpful_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                           uint64_t after, size_t room, struct helpful_row **ret, size_t *ret_n,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_HELPFUL_OF_ACCOUNT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)after);
    query_int(&q, 3, (int64_t)room);
    struct helpful_row *v = ARENA_ARRAY(arena, struct helpful_row, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (n < room && (rc = query_step(&q, fault)) == RC_OK)
        v[n++] = (struct helpful_row){(uint64_t)query_get_int(&q, 0), query_get_int(&q, 1)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = v;
    *ret_n = n;
    return RC_OK;
}

enum rc readers_helpful_put(struct store_conn *conn, uint64_t review, uint64_t account,
                            bool helpful, int64_t now, struct fault *fault)
{
    bool was = false;
    enum rc rc = readers_helpful(conn, review, account, &was, fault);
    if (rc != RC_OK || was == helpful)
        return rc;
    QUERY q = query_start(conn, helpful ? SQL_HELPFUL_ADD : SQL_HELPFUL_REMOVE);
    query_int(&q, 1, (int64_t)review);
    query_int(&q, 2, (int64_t)account);
    if (helpful)
        query_int(&q, 3, now);
    rc = query_run(&q, fault);
    if (rc != RC_OK)
        return rc;
    QUERY count = query_start(conn, SQL_HELPFUL_COUNT);
    query_int(&count, 1, (int64_t)review);
    query_int(&count, 2, helpful ? 1 : -1);
    return query_run(&count, fault);
}

enum rc readers_review_withdraw(struct store_conn *conn, uint64_t id, int64_t now,
                                struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_WITHDRAW);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, now);
    return query_run(&q, fault);
}

static enum rc read_reviews(struct query *q, struct arena *arena, size_t room,
                            struct review_row **ret, size_t *ret_n, struct fault *fault)
{
    struct review_row *rows = NULL;
    size_t n = 0, have = 0;
    enum rc rc;
    while ((rc = query_step(q, fault)) == RC_OK && n < room) {
        ARENA_ROOM(arena, rows, n, have);
        rows[n++] = read_review(q, arena);
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

static struct query reviews_of(struct store_conn *conn, uint64_t work, size_t offset, size_t room)
{
    struct query q = query_start(conn, SQL_REVIEW_LIST);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)room);
    query_int(&q, 3, (int64_t)offset);
    return q;
}

void readers_reviews_ask(struct store_conn *conn, uint64_t work, size_t offset, size_t room)
{
    QUERY q = reviews_of(conn, work, offset, room);
    query_ask(&q);
}

enum rc readers_reviews(struct store_conn *conn, struct arena *arena, uint64_t work, size_t offset,
                        size_t room, struct review_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = reviews_of(conn, work, offset, room);
    return read_reviews(&q, arena, room, ret, ret_n, fault);
}

static struct review_mark read_mark(const struct query *q, struct arena *arena)
{
    return (struct review_mark){.id = (uint64_t)query_get_int(q, 0),
                                .language = query_get_str(q, 1, arena),
                                .stars = (unsigned)query_get_int(q, 2),
                                .index = query_get_int(q, 3),
                                .helpful = (uint64_t)query_get_int(q, 4),
                                .created = query_get_int(q, 5)};
}

static enum rc read_marks(struct query *q, struct arena *arena, struct review_mark **ret,
                          size_t *ret_n, struct fault *fault)
{
    struct review_mark *v = NULL;
    size_t n = 0, fits = 0;
    enum rc rc;
    while ((rc = query_step(q, fault)) == RC_OK) {
        ARENA_ROOM(arena, v, n, fits);
        v[n++] = read_mark(q, arena);
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = v;
    *ret_n = n;
    return RC_OK;
}

static enum rc latest_marks(struct store_conn *conn, enum statement statement, struct arena *arena,
                            uint64_t work, size_t room, struct review_mark **ret, size_t *ret_n,
                            struct fault *fault)
{
    QUERY q = query_start(conn, statement);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)room);
    return read_marks(&q, arena, ret, ret_n, fault);
}

enum rc readers_review_marks(struct store_conn *conn, struct arena *arena, uint64_t work,
                             size_t room, struct review_mark **ret, size_t *ret_n,
                             struct fault *fault)
{
    return latest_marks(conn, SQL_REVIEW_MARKS, arena, work, room, ret, ret_n, fault);
}

enum rc readers_review_marks_bought(struct store_conn *conn, struct arena *arena, uint64_t work,
                                    size_t room, struct review_mark **ret, size_t *ret_n,
                                    struct fault *fault)
{
    return latest_marks(conn, SQL_REVIEW_MARKS_BOUGHT, arena, work, room, ret, ret_n, fault);
}

enum rc readers_review_mark(struct store_conn *conn, struct arena *arena, uint64_t work,
                            uint64_t index, struct review_mark *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_MARK);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)index);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_mark(&q, arena);
    return rc;
}

enum rc readers_review_sums(struct store_conn *conn, struct arena *arena, uint64_t work,
                            struct review_sum **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_SUMS);
    query_int(&q, 1, (int64_t)work);
    struct review_sum *v = NULL;
    size_t n = 0, fits = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        ARENA_ROOM(arena, v, n, fits);
        v[n++] = (struct review_sum){query_get_str(&q, 0, arena), (unsigned)query_get_int(&q, 1),
                                     (uint64_t)query_get_int(&q, 2)};
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = v;
    *ret_n = n;
    return RC_OK;
}

/* As SQL's LOWER makes it: a tag has nothing but ASCII. */
static struct str lower_tag(struct arena *arena, struct str tag)
{
    char *low = ARENA_ARRAY(arena, char, tag.n + 1);
    for (size_t i = 0; i < tag.n; i++)
        low[i] = tag.p[i] >= 'A' && tag.p[i] <= 'Z' ? (char)(tag.p[i] + 32) : tag.p[i];
    return (struct str){low, tag.n};
}

enum rc readers_reviews_wished(struct store_conn *conn, struct arena *arena,
                               const struct review_wish *wish, size_t room,
                               struct review_mark **ret, size_t *ret_n, struct fault *fault)
{
    enum { STARS_AT = 4 + REVIEW_LANGUAGES_MAX, NO_STARS = -1 };
    bool one = !wish->helpful && (wish->stars & (wish->stars - 1)) == 0;
    if (wish->language_n > REVIEW_LANGUAGES_MAX)
        return fault_set(fault, RC_LIMIT, "language: at most %d", REVIEW_LANGUAGES_MAX);
    QUERY q = query_start(conn, wish->helpful ? SQL_REVIEW_MOST_HELPFUL
                                : one         ? SQL_REVIEW_NEWEST_OF_STARS
                                              : SQL_REVIEW_NEWEST);
    query_int(&q, 1, (int64_t)wish->work);
    query_int(&q, 2, (int64_t)room);
    query_str(&q, 3, wish->language_n > 0 ? wish->languages[0] : STR_NONE);
    for (size_t i = 0; i < REVIEW_LANGUAGES_MAX; i++)
        query_str(&q, 4 + (int)i,
                  i < wish->language_n ? lower_tag(arena, wish->languages[i]) : STR_NONE);
    for (int stars = 0; stars <= 5; stars++)
        if (one && (wish->stars >> stars & 1) != 0)
            query_int(&q, STARS_AT, stars);
        else if (!one)
            query_int(&q, STARS_AT + stars, (wish->stars >> stars & 1) != 0 ? stars : NO_STARS);
    return read_marks(&q, arena, ret, ret_n, fault);
}

enum rc readers_reviews_by(struct store_conn *conn, struct arena *arena, uint64_t account,
                           size_t room, struct review_row **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_LIST_BY_ACCOUNT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)room);
    return read_reviews(&q, arena, room, ret, ret_n, fault);
}

enum rc readers_ratings_by(struct store_conn *conn, struct arena *arena, uint64_t account,
                           size_t room, struct own_rating **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RATING_LIST_BY_ACCOUNT);
    query_int(&q, 1, (int64_t)account);
    query_int(&q, 2, (int64_t)room);
    struct own_rating *rows = ARENA_ARRAY(arena, struct own_rating, room);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && n < room)
        rows[n++] =
            (struct own_rating){(uint64_t)query_get_int(&q, 0), (unsigned)query_get_int(&q, 1),
                                query_get_int(&q, 2), query_get_int(&q, 3)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

/* ---- comments ---- */

static struct comment_row read_comment(const struct query *q, struct arena *arena)
{
    return (struct comment_row){
        (uint64_t)query_get_int(q, 0), (uint64_t)query_get_int(q, 1), (uint64_t)query_get_int(q, 2),
        (uint64_t)query_get_int(q, 3), query_get_str(q, 4, arena),    query_get_str(q, 5, arena),
        query_get_int(q, 6),           (uint64_t)query_get_int(q, 7), query_get_int(q, 8)};
}

enum rc readers_comment(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct comment_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMMENT_BY_ID);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no comment %llu", (unsigned long long)id);
    if (rc == RC_OK)
        *ret = read_comment(&q, arena);
    return rc;
}

enum rc readers_comment_add(struct store_conn *conn, const struct comment_row *c,
                            const uint8_t salt[32], uint64_t *ret_id, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "comment", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_COMMENT_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)c->review);
    query_int(&q, 3, (int64_t)c->work);
    query_int(&q, 4, (int64_t)c->account);
    query_str(&q, 5, c->text);
    query_int(&q, 6, c->created);
    query_int(&q, 7, (int64_t)c->entry_id);
    query_bytes(&q, 8, salt, 32);
    rc = query_run(&q, fault);
    if (rc == RC_OK)
        *ret_id = id;
    return rc;
}

enum rc readers_comment_same(struct store_conn *conn, struct arena *arena, uint64_t review,
                             uint64_t account, struct str text, struct comment_row *ret,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMMENT_SAME);
    query_int(&q, 1, (int64_t)review);
    query_int(&q, 2, (int64_t)account);
    query_str(&q, 3, text);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = read_comment(&q, arena);
    return rc;
}

enum rc readers_comment_change(struct store_conn *conn, uint64_t id, struct str text, uint64_t said,
                               const uint8_t salt[32], struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMMENT_CHANGE);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, text);
    query_bytes(&q, 3, salt, 32);
    query_int(&q, 4, (int64_t)said);
    return query_run(&q, fault);
}

enum rc readers_comment_withdraw(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMMENT_WITHDRAW);
    query_int(&q, 1, (int64_t)id);
    return query_run(&q, fault);
}

static enum rc read_comments(struct query *q, struct arena *arena, uint64_t of, size_t offset,
                             size_t room, struct comment_row **ret, size_t *ret_n,
                             struct fault *fault)
{
    query_int(q, 1, (int64_t)of);
    query_int(q, 2, (int64_t)room);
    query_int(q, 3, (int64_t)offset);
    struct comment_row *rows = ARENA_ARRAY(arena, struct comment_row, room);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(q, fault)) == RC_OK && n < room)
        rows[n++] = read_comment(q, arena);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rows;
    *ret_n = n;
    return RC_OK;
}

enum rc readers_comments(struct store_conn *conn, struct arena *arena, uint64_t review,
                         size_t offset, size_t room, struct comment_row **ret, size_t *ret_n,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMMENT_LIST);
    return read_comments(&q, arena, review, offset, room, ret, ret_n, fault);
}

enum rc readers_comments_of_work(struct store_conn *conn, struct arena *arena, uint64_t work,
                                 size_t offset, size_t room, struct comment_row **ret,
                                 size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMMENT_LIST_OF_WORK);
    return read_comments(&q, arena, work, offset, room, ret, ret_n, fault);
}

enum rc readers_comments_by(struct store_conn *conn, struct arena *arena, uint64_t account,
                            size_t room, struct comment_row **ret, size_t *ret_n,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMMENT_LIST_BY_ACCOUNT);
    return read_comments(&q, arena, account, 0, room, ret, ret_n, fault);
}

enum rc readers_comment_count(struct store_conn *conn, uint64_t review, uint64_t *ret,
                              struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COMMENT_COUNT);
    query_int(&q, 1, (int64_t)review);
    return query_number(&q, ret, fault);
}

/* ---- sums ---- */

enum rc readers_voice_counts(struct store_conn *conn, uint64_t work, struct voice_state_counts *ret,
                             struct fault *fault)
{
    struct voice_state_counts counts = {.shown = {0}};
    bool known = false;
    enum rc rc;
    QUERY q = query_start(conn, SQL_VOICE_COUNTS);
    query_int(&q, 1, (int64_t)work);
    while ((rc = query_step(&q, fault)) == RC_OK) {
        int64_t kind = query_get_int(&q, 0);
        struct str state = query_peek(&q, 1);
        uint64_t n = (uint64_t)query_get_int(&q, 2);
        if (kind == 3)
            known = true;
        else if (str_eq(state, STR("shown")))
            counts.shown[kind] = n;
        else if (str_eq(state, STR("withdrawn")))
            counts.withdrawn[kind] = n;
        else if (str_eq(state, STR("erased")))
            counts.erased[kind] = n;
    }
    if (rc != RC_NOT_FOUND || !known)
        return rc;
    *ret = counts;
    return RC_OK;
}

enum rc readers_best_works(struct store_conn *conn, struct arena *arena, uint64_t least,
                           uint32_t catalogue_mean_milli, size_t room, uint64_t **ret,
                           size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RATING_BEST_WORKS);
    query_int(&q, 1, (int64_t)least);
    query_int(&q, 2, catalogue_mean_milli / 100); /* ten ratings of the mean, in whole stars */
    query_int(&q, 3, (int64_t)room);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

enum rc readers_reviewed_lately(struct store_conn *conn, struct arena *arena, size_t room,
                                uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_REVIEW_LATELY);
    query_int(&q, 1, (int64_t)room);
    return rows_ids(&q, arena, ret, ret_n, fault);
}
