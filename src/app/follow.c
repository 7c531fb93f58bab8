#include "app/follow.h"

#include "app/secret.h"
#include "base/clock.h"
#include "store/catalogue.h"
#include "store/follows.h"

static const char *const kind_names[] = {
    [FOLLOW_CONTRIBUTOR] = "contributor",
    [FOLLOW_SERIES] = "series",
};

const char *follow_kind_name(enum follow_kind kind)
{
    return kind_names[kind];
}

bool follow_kind_parse(struct str name, enum follow_kind *ret)
{
    for (int k = 0; k <= FOLLOW_SERIES; k++)
        if (str_is(name, kind_names[k])) {
            *ret = (enum follow_kind)k;
            return true;
        }
    return false;
}

/* ---- what is followed ---- */

static int by_size(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

size_t followed_works_max(const struct follow_row *rows, size_t n)
{
    size_t sizes[FOLLOWS_MAX], all = 0;
    n = n < FOLLOWS_MAX ? n : FOLLOWS_MAX;
    for (size_t i = 0; i < n; i++)
        sizes[i] = rows[i].works;
    qsort(sizes, n, sizeof *sizes, by_size);
    for (size_t i = 0; i < n && sizes[i] <= FOLLOWED_WORKS_MAX; i++) {
        all += sizes[i];
        if (all > FOLLOWED_WORKS_ALL)
            return sizes[i] - 1;
    }
    return FOLLOWED_WORKS_MAX;
}

enum rc following_own(const struct visit *visit, followed_list *ret, struct fault *fault)
{
    struct follow_row *rows;
    size_t n;
    enum rc rc = follow_rows(visit->conn, visit->arena, visit->viewer->account, FOLLOWS_MAX,
                             FOLLOWED_WORKS_MAX, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    size_t works_max = followed_works_max(rows, n);
    *ret = (followed_list){ARENA_ARRAY(visit->arena, struct followed, n), n};
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct followed){.kind = rows[i].series ? FOLLOW_SERIES : FOLLOW_CONTRIBUTOR,
                                      .id = rows[i].target,
                                      .name = rows[i].name,
                                      .slug = rows[i].slug,
                                      .since = rows[i].created,
                                      .too_large = rows[i].works > works_max};
    return RC_OK;
}

enum rc following_has(const struct visit *visit, enum follow_kind kind, uint64_t id, bool *ret,
                      struct fault *fault)
{
    enum rc rc = visit->viewer->account == 0 ? RC_NOT_FOUND
                                             : follow_row_has(visit->conn, visit->viewer->account,
                                                              kind == FOLLOW_SERIES, id, fault);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        *ret = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

struct following {
    uint64_t account;
    enum follow_kind kind;
    uint64_t id;
    bool follow;
};

static enum rc check_there(const struct following *f, struct store_conn *conn, struct arena *arena,
                           struct fault *fault)
{
    struct contributor_row contributor;
    struct collection collection;
    enum rc rc = f->kind == FOLLOW_SERIES
                     ? catalogue_collection_by_id(conn, arena, f->id, &collection, fault)
                     : catalogue_contributor(conn, arena, f->id, &contributor, fault);
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "there is no %s %llu",
                                          follow_kind_name(f->kind), (unsigned long long)f->id)
                              : rc;
}

/* Each work of what is followed is looked at whenever the news are. */
static enum rc check_size(const struct following *f, struct store_conn *conn, struct arena *arena,
                          struct fault *fault)
{
    struct follow_row *rows;
    size_t n, works, all = 0;
    enum rc rc =
        follow_rows(conn, arena, f->account, FOLLOWS_MAX, FOLLOWED_WORKS_MAX, &rows, &n, fault);
    if (rc == RC_OK)
        rc = follow_works(conn, f->kind == FOLLOW_SERIES, f->id, FOLLOWED_WORKS_MAX, &works, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n; i++)
        all += rows[i].works;
    if (n >= FOLLOWS_MAX)
        return fault_set(fault, RC_CONFLICT, "you follow %d, and that is all", FOLLOWS_MAX);
    if (works > FOLLOWED_WORKS_MAX)
        return fault_set(fault, RC_CONFLICT, "this set is too large to be followed");
    return all + works > FOLLOWED_WORKS_ALL
               ? fault_set(fault, RC_CONFLICT, "together this would be too large to be followed")
               : RC_OK;
}

/* What an account has as soon as it follows something: an address for its feed, and another
 * that ends its letters. */
static enum rc begin(struct store_conn *conn, uint64_t account, struct fault *fault)
{
    char feed[TOKEN_SIZE + 1], stop[TOKEN_SIZE + 1];
    secret_make(feed);
    secret_make(stop);
    return follower_row_add(conn, account, str_of(feed), str_of(stop), fault);
}

static enum rc follow_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct following *f = context;
    ARENA_AUTO arena = ARENA_INIT;
    bool series = f->kind == FOLLOW_SERIES;
    if (!f->follow)
        return follow_row_put(conn, f->account, series, f->id, false, 0, fault);
    enum rc rc = follow_row_has(conn, f->account, series, f->id, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    rc = check_there(f, conn, &arena, fault);
    if (rc == RC_OK)
        rc = check_size(f, conn, &arena, fault);
    if (rc == RC_OK)
        rc = begin(conn, f->account, fault);
    return rc == RC_OK ? follow_row_put(conn, f->account, series, f->id, true, clock_now(), fault)
                       : rc;
}

enum rc follow_put(struct writer *writer, uint64_t account, enum follow_kind kind, uint64_t id,
                   bool follow, struct fault *fault)
{
    struct following f = {account, kind, id, follow};
    return writer_run(writer, follow_work, &f, fault);
}

/* ---- how they are told ---- */

enum rc follower_own(const struct visit *visit, struct follower *ret, struct fault *fault)
{
    struct follower own = {STR_NONE, STR_NONE};
    enum rc rc = follower_row(visit->conn, visit->arena, visit->viewer->account, &own.feed,
                              &own.letters, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = own;
    return RC_OK;
}

enum rc follower_feed(const struct visit *visit, struct str secret, uint64_t *ret_account,
                      struct fault *fault)
{
    enum rc rc = follower_of_feed(visit->conn, secret, ret_account, fault);
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "there is no such feed") : rc;
}

struct telling {
    uint64_t account;
    struct str secret, storefront, root;
};

static enum rc renew_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct telling *t = context;
    char feed[TOKEN_SIZE + 1];
    secret_make(feed);
    enum rc rc = begin(conn, t->account, fault);
    return rc == RC_OK ? follower_row_feed(conn, t->account, str_of(feed), fault) : rc;
}

enum rc follower_renew(struct writer *writer, uint64_t account, struct fault *fault)
{
    struct telling t = {.account = account};
    return writer_run(writer, renew_work, &t, fault);
}

static enum rc letters_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct telling *t = context;
    enum rc rc = begin(conn, t->account, fault);
    return rc == RC_OK ? follower_row_mail(conn, t->account, t->storefront, t->root, fault) : rc;
}

enum rc follower_letters(struct writer *writer, uint64_t account, struct str storefront,
                         struct str root, struct fault *fault)
{
    struct telling t = {.account = account, .storefront = storefront, .root = root};
    return writer_run(writer, letters_work, &t, fault);
}

static enum rc stop_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct telling *t = context;
    uint64_t account;
    enum rc rc = follower_of_stop(conn, t->secret, &account, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there are no letters to be ended by this address");
    return rc == RC_OK ? follower_row_mail(conn, account, STR_NONE, STR_NONE, fault) : rc;
}

enum rc follower_stop(struct writer *writer, struct str secret, struct fault *fault)
{
    struct telling t = {.secret = secret};
    return writer_run(writer, stop_work, &t, fault);
}
