#include "app/reader_lists.h"

#include "app/shown_parts.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "store/catalogue.h"
#include "store/reader_lists.h"

/* Nothing could withhold a list's name, nor its owner's beside it: so the owner alone sees them. */
static struct reader_list list_from(const struct visit *visit, const struct reader_list_row *row)
{
    bool own = row->account == visit->viewer->account;
    return (struct reader_list){.secret = row->secret,
                                .name = own ? row->name : STR_NONE,
                                .owner = own ? row->owner : STR_NONE,
                                .want = row->want,
                                .shared = row->shared,
                                .own = own,
                                .has = row->has,
                                .works = row->works};
}

enum rc reader_lists_own(const struct visit *visit, uint64_t work, reader_lists *ret,
                         struct fault *fault)
{
    struct reader_list_row *rows;
    size_t n;
    enum rc rc = reader_list_rows(visit->conn, visit->arena, visit->viewer->account, work,
                                  LISTS_MAX + 1, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    reader_lists lists = {ARENA_ARRAY(visit->arena, struct reader_list, n), n};
    for (size_t i = 0; i < n; i++)
        lists.v[i] = list_from(visit, &rows[i]);
    *ret = lists;
    return RC_OK;
}

static enum rc none(struct fault *fault)
{
    return fault_set(fault, RC_NOT_FOUND, "there is no such list");
}

/* ---- showing ---- */

static enum rc show_work(const struct visit *visit, uint64_t work, struct listed_work *ret,
                         struct fault *fault)
{
    shown_cards cards;
    *ret = (struct listed_work){.work = work};
    enum rc rc = shown_cards_of_works(visit, &work, 1, &cards, fault);
    if (rc == RC_OK && cards.n > 0)
        ret->card = cards.v[0];
    else if (rc == RC_OK)
        rc = shown_withholder_of(visit, work, &ret->withheld, fault);
    ret->gone = rc == RC_OK && cards.n == 0 && ret->withheld == NULL;
    return rc;
}

enum rc shown_list(const struct visit *visit, struct str secret, size_t offset, size_t limit,
                   struct shown_list *ret, struct fault *fault)
{
    struct reader_list_row row;
    uint64_t *works;
    size_t n;
    enum rc rc = reader_list_row(visit->conn, visit->arena, secret, 0, &row, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !row.shared && row.account != visit->viewer->account))
        return none(fault);
    if (rc == RC_OK)
        rc = reader_list_row_works(visit->conn, visit->arena, row.id, offset, limit, &works, &n,
                                   fault);
    if (rc != RC_OK)
        return rc;
    struct shown_list shown = {.list = list_from(visit, &row)};
    shown.works.v = ARENA_ARRAY(visit->arena, struct listed_work, n);
    for (; rc == RC_OK && shown.works.n < n; shown.works.n++)
        rc = show_work(visit, works[shown.works.n], &shown.works.v[shown.works.n], fault);
    if (rc == RC_OK)
        *ret = shown;
    return rc;
}

enum rc reader_list_kept(const struct visit *visit, struct str secret, kept_works *ret,
                         struct fault *fault)
{
    struct reader_list_row row;
    uint64_t *works;
    size_t n = 0;
    enum rc rc = reader_list_row(visit->conn, visit->arena, secret, 0, &row, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && row.account != visit->viewer->account))
        return none(fault);
    if (rc == RC_OK)
        rc = reader_list_row_works(visit->conn, visit->arena, row.id, 0, LIST_WORKS_MAX, &works, &n,
                                   fault);
    if (rc != RC_OK)
        return rc;
    *ret = (kept_works){ARENA_ARRAY(visit->arena, struct kept_work, n), 0};
    for (; rc == RC_OK && ret->n < n; ret->n++) {
        ARENA_AUTO arena = ARENA_INIT; /* whole editions are read for a name */
        struct visit here = *visit;
        struct str key = STR_NONE, title = STR_NONE;
        here.arena = &arena;
        rc = shown_work_name(&here, works[ret->n], &key, &title, fault);
        ret->v[ret->n] = (struct kept_work){works[ret->n], arena_str(visit->arena, key),
                                            arena_str(visit->arena, title)};
    }
    return rc;
}

/* ---- keeping ---- */

struct keeping {
    const struct list_order *order;
    struct str made; /* a new secret */
    uint64_t work;
    bool keep, remove;
    bool as_it_is; /* no list is made for it */
};

static enum rc add_list(const struct keeping *k, struct store_conn *conn, bool want,
                        struct reader_list_row *ret, struct fault *fault)
{
    struct reader_list_row row = {.account = k->order->account,
                                  .want = want,
                                  .name = want ? STR_NONE : k->order->name,
                                  .secret = k->made,
                                  .shared = !want && k->order->shared};
    enum rc rc = reader_list_row_add(conn, &row, clock_now(), &row.id, fault);
    if (rc == RC_OK)
        *ret = row;
    return rc;
}

/* The list that is meant, if it is whose it should be. */
static enum rc find_list(const struct keeping *k, struct store_conn *conn, struct arena *arena,
                         struct reader_list_row *ret, struct fault *fault)
{
    struct reader_list_row *rows, row;
    size_t n;
    enum rc rc;
    if (!str_is(k->order->secret, "want")) {
        rc = reader_list_row(conn, arena, k->order->secret, k->work, &row, fault);
        if (rc == RC_NOT_FOUND || (rc == RC_OK && row.account != k->order->account))
            return none(fault);
        if (rc == RC_OK)
            *ret = row;
        return rc;
    }
    rc = reader_list_rows(conn, arena, k->order->account, k->work, 1, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    if (n == 0 || !rows[0].want)
        return k->as_it_is ? none(fault) : add_list(k, conn, true, ret, fault);
    *ret = rows[0];
    return RC_OK;
}

static enum rc check_name(struct str name, struct fault *fault)
{
    return text_check("name", name, TEXT_LINE, LIST_NAME_MAX, fault);
}

static enum rc make_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct keeping *k = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct reader_list_row *rows, row;
    size_t n;
    enum rc rc =
        reader_list_rows(conn, &arena, k->order->account, 0, LISTS_MAX + 1, &rows, &n, fault);
    if (rc == RC_OK && n - (n > 0 && rows[0].want) >= LISTS_MAX)
        rc = fault_set(fault, RC_CONFLICT, "name: you have %d lists, and that is all", LISTS_MAX);
    return rc == RC_OK ? add_list(k, conn, false, &row, fault) : rc;
}

static enum rc change_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct keeping *k = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct reader_list_row row;
    enum rc rc = find_list(k, conn, &arena, &row, fault);
    if (rc == RC_OK && k->remove)
        return reader_list_row_remove(conn, row.id, fault);
    if (rc == RC_OK && !row.want)
        rc = check_name(k->order->name, fault);
    return rc == RC_OK ? reader_list_row_change(conn, row.id, row.want ? STR_NONE : k->order->name,
                                                k->order->shared, fault)
                       : rc;
}

static enum rc keep_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct keeping *k = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct reader_list_row row;
    enum rc rc = k->keep ? catalogue_work_known(conn, k->work, fault) : RC_OK;
    if (rc == RC_OK)
        rc = find_list(k, conn, &arena, &row, fault);
    if (rc == RC_NOT_FOUND && k->as_it_is && str_is(k->order->secret, "want"))
        return RC_OK; /* there is nothing to take away */
    if (rc == RC_OK && k->keep && !row.has && row.works >= LIST_WORKS_MAX)
        rc = fault_set(fault, RC_CONFLICT, "this list has %d works, and that is all",
                       LIST_WORKS_MAX);
    if (rc != RC_OK)
        return rc;
    return k->keep ? reader_list_row_put(conn, row.id, k->work, fault)
                   : reader_list_row_take(conn, row.id, k->work, fault);
}

static enum rc run(struct writer *writer, write_work work, struct keeping *k, struct fault *fault)
{
    char secret[TOKEN_SIZE + 1];
    secret_make(secret);
    k->made = str_of(secret);
    return writer_run(writer, work, k, fault);
}

enum rc reader_list_make(struct writer *writer, struct arena *arena, const struct list_order *order,
                         struct str *ret_secret, struct fault *fault)
{
    char secret[TOKEN_SIZE + 1];
    secret_make(secret);
    struct keeping k = {.order = order, .made = arena_str(arena, str_of(secret))};
    enum rc rc = check_name(order->name, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, make_work, &k, fault);
    if (rc == RC_OK)
        *ret_secret = k.made;
    return rc;
}

enum rc reader_list_change(struct writer *writer, const struct list_order *order,
                           struct fault *fault)
{
    struct keeping k = {.order = order};
    return run(writer, change_work, &k, fault);
}

enum rc reader_list_remove(struct writer *writer, const struct list_order *order,
                           struct fault *fault)
{
    struct keeping k = {.order = order, .remove = true, .as_it_is = true};
    return run(writer, change_work, &k, fault);
}

enum rc reader_list_keep(struct writer *writer, const struct list_order *order, uint64_t work,
                         bool keep, struct fault *fault)
{
    struct keeping k = {.order = order, .work = work, .keep = keep, .as_it_is = !keep};
    return run(writer, keep_work, &k, fault);
}
