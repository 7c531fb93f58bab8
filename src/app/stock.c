#include "app/stock.h"

#include "app/csv_table.h"
#include "app/name_map.h"
#include "base/clock.h"
#include "domain/isbn.h"
#include "store/catalogue_write.h"
#include "store/shop_titles.h"
#include "store/stock.h"
#include "store/webhooks.h"

enum { BATCH_LEAST = 100, BATCH_MOST = 20000, BATCH_MS = 100, ROWS_MAX = 10000000 };

/* ---- promising ---- */

enum rc stock_promise(struct store_conn *conn, uint64_t purchase, uint64_t shop, uint64_t edition,
                      uint64_t quantity, int64_t expires, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct stock_row row;
    struct str key;
    uint64_t work;
    enum rc rc = stock_row_promise(conn, purchase, shop, edition, quantity, expires, fault);
    if (rc != RC_OK)
        return rc;
    rc = stock_row(conn, shop, edition, &row, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    /* The step by which few are left. */
    uint64_t left = row.on_hand > row.promised ? row.on_hand - row.promised : 0;
    if (left > STOCK_LOW || left + quantity <= STOCK_LOW)
        return RC_OK;
    rc = catalogue_edition_head(conn, &arena, edition, &key, &work, fault);
    return rc == RC_OK ? webhook_tell(conn, shop, "stock.low", key, clock_now(), fault) : rc;
}

enum rc stock_keep(struct store_conn *conn, uint64_t purchase, struct fault *fault)
{
    return stock_holds_end(conn, purchase, false, fault);
}

enum rc stock_give_back(struct store_conn *conn, uint64_t purchase, struct fault *fault)
{
    return stock_holds_end(conn, purchase, true, fault);
}

enum rc stock_unpromise(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t quantity,
                        struct fault *fault)
{
    return stock_row_move(conn, STOCK_UNPROMISE, shop, edition, quantity, fault);
}

enum rc stock_leave(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t quantity,
                    struct fault *fault)
{
    return stock_row_move(conn, STOCK_LEAVE, shop, edition, quantity, fault);
}

enum rc stock_come_back(struct store_conn *conn, uint64_t shop, uint64_t edition, uint64_t quantity,
                        struct fault *fault)
{
    return stock_row_move(conn, STOCK_COME_BACK, shop, edition, quantity, fault);
}

/* ---- counting ---- */

struct counting {
    uint64_t shop, on_hand;
    struct str key;
    int64_t now;
};

static struct str key_of(struct arena *arena, struct str typed)
{
    char isbn[14];
    return arena_str(arena, isbn_parse(typed, isbn) ? str_of(isbn) : str_trim(typed));
}

/* RC_NOT_FOUND, and RC_INVALID for what is no thing to be counted. */
static enum rc count_one(struct store_conn *conn, struct arena *arena, const struct counting *c,
                         bool *ret_changed, struct fault *fault)
{
    struct stock_row row;
    struct shop_title_row title;
    enum rc rc = stock_row_by_key(conn, arena, c->shop, c->key, &row, fault);
    *ret_changed = rc != RC_OK || row.on_hand != c->on_hand;
    if (rc == RC_OK)
        return stock_row_put(conn, c->shop, row.edition, c->on_hand, c->now, fault);
    if (rc == RC_NOT_FOUND)
        rc = shop_title_by_key(conn, arena, c->shop, c->key, &title, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "the shop has no record of %.*s", STR_ARG(c->key));
    if (rc == RC_OK && edition_is_digital(&title.facts))
        return fault_set(fault, RC_INVALID, "%.*s is an e-book: there is nothing to count",
                         STR_ARG(c->key));
    return rc == RC_OK ? stock_row_put(conn, c->shop, title.edition, c->on_hand, c->now, fault)
                       : rc;
}

static enum rc count_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    bool changed;
    return count_one(conn, &arena, context, &changed, fault);
}

enum rc stock_count(struct writer *writer, uint64_t shop, struct str key, uint64_t on_hand,
                    struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct counting c = {shop, on_hand, key_of(&arena, key), clock_now()};
    if (on_hand > STOCK_MOST)
        return fault_set(fault, RC_INVALID, "stock: at most %d of one edition", STOCK_MOST);
    return writer_run(writer, count_work, &c, fault);
}

static enum rc uncount_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const struct counting *c = context;
    struct stock_row row;
    enum rc rc = stock_row_by_key(conn, &arena, c->shop, c->key, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "%.*s is not counted", STR_ARG(c->key));
    return rc == RC_OK ? stock_row_remove(conn, c->shop, row.edition, fault) : rc;
}

enum rc stock_uncount(struct writer *writer, uint64_t shop, struct str key, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct counting c = {.shop = shop, .key = key_of(&arena, key)};
    return writer_run(writer, uncount_work, &c, fault);
}

/* ---- a file of counts ---- */

enum outcome { OUTCOME_SAME, OUTCOME_CHANGED, OUTCOME_PASSED };

struct counted_line {
    uint64_t line;
    struct str key;
    uint32_t on_hand;
    enum outcome outcome;
};

struct importing {
    uint64_t shop;
    int64_t now;
    struct arena arena;
    struct name_map *seen; /* lines by key */
    const struct stock_watch *watch;
    struct stock_summary *summary;
    struct counted_line *v;
    size_t n, room;
    size_t at, end; /* of the batch */
};

static void wrong_line(struct importing *w, const struct csv_row *row, size_t at, const char *why)
{
    struct fault fault = {""};
    (void)!csv_row_wrong(row, at, why, &fault);
    w->summary->wrong++;
    w->watch->told(w->watch->context, row->line, fault.text);
}

static enum rc take_row(void *context, const struct csv_row *row, struct fault *fault)
{
    struct importing *w = context;
    uint64_t on_hand, before;
    char why[80];
    w->summary->rows++;
    if (row->v[0].n == 0 || row->v[0].n > 100 || isbn_mistyped(row->v[0])) {
        wrong_line(w, row, 0, row->v[0].n == 0 ? "it is empty" : "this is no ISBN");
        return RC_OK;
    }
    if (!str_to_u64(row->v[1], &on_hand) || on_hand > STOCK_MOST) {
        snprintf(why, sizeof why, "a whole number up to %d is needed", STOCK_MOST);
        wrong_line(w, row, 1, why);
        return RC_OK;
    }
    struct str key = key_of(&w->arena, row->v[0]);
    if (name_map_get(w->seen, key, &before)) {
        snprintf(why, sizeof why, "line %llu has it already", (unsigned long long)before);
        wrong_line(w, row, 0, why);
        return RC_OK;
    }
    if (w->n == ROWS_MAX || !name_map_put(w->seen, key, row->line))
        return fault_set(fault, RC_LIMIT, "there are more than %d lines", ROWS_MAX);
    HEAP_ROOM(w->v, w->n, w->room);
    w->v[w->n++] = (struct counted_line){row->line, key, (uint32_t)on_hand, OUTCOME_SAME};
    return RC_OK;
}

static enum rc batch_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct importing *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    for (size_t i = w->at; i < w->end; i++) {
        struct counted_line *l = &w->v[i];
        struct counting c = {w->shop, l->on_hand, l->key, w->now};
        bool changed;
        enum rc rc = count_one(conn, &arena, &c, &changed, fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND && rc != RC_INVALID)
            return rc;
        l->outcome = rc != RC_OK ? OUTCOME_PASSED : changed ? OUTCOME_CHANGED : OUTCOME_SAME;
        arena_reset(&arena);
    }
    return RC_OK;
}

static void tell_batch(struct importing *w)
{
    for (size_t i = w->at; i < w->end; i++) {
        const struct counted_line *l = &w->v[i];
        struct fault fault = {""};
        w->summary->changed += l->outcome == OUTCOME_CHANGED;
        w->summary->same += l->outcome == OUTCOME_SAME;
        if (l->outcome != OUTCOME_PASSED)
            continue;
        w->summary->passed++;
        (void)!fault_set(&fault, RC_OK, "line %llu: the shop has no printed edition %.*s",
                         (unsigned long long)l->line, STR_ARG(l->key));
        w->watch->told(w->watch->context, l->line, fault.text);
    }
}

/* Transactions are short, so that readers' writes go on beside them. */
static enum rc apply(struct importing *w, struct writer *writer, struct fault *fault)
{
    size_t size = BATCH_LEAST;
    enum rc rc = RC_OK;
    for (w->at = 0; rc == RC_OK && w->at < w->n; w->at = w->end) {
        int64_t begun = clock_monotonic_ms();
        w->end = w->n - w->at < size ? w->n : w->at + size;
        rc = writer_run(writer, batch_work, w, fault);
        if (rc != RC_OK)
            return rc;
        tell_batch(w);
        int64_t took = clock_monotonic_ms() - begun;
        size = took > BATCH_MS ? size / 2 : size * 2;
        size = size < BATCH_LEAST ? BATCH_LEAST : size > BATCH_MOST ? BATCH_MOST : size;
        if (w->watch->going != NULL)
            w->watch->going(w->watch->context, w->end, w->n);
    }
    return rc;
}

enum rc stock_import(struct writer *writer, uint64_t shop, struct str text,
                     const struct stock_watch *watch, struct stock_summary *ret,
                     struct fault *fault)
{
    static const char *const names[] = {"isbn", "stock"};
    struct importing w = {.shop = shop,
                          .now = clock_now(),
                          .seen = name_map_new_of(ROWS_MAX),
                          .watch = watch,
                          .summary = ret};
    *ret = (struct stock_summary){0};
    enum rc rc = csv_table_read(text, names, 2, 2, take_row, &w, fault);
    if (rc == RC_OK && ret->wrong > 0)
        rc = fault_set(fault, RC_INVALID, "%llu of %llu lines are wrong; nothing was changed",
                       (unsigned long long)ret->wrong, (unsigned long long)ret->rows);
    if (rc == RC_OK)
        rc = apply(&w, writer, fault);
    name_map_free(w.seen);
    arena_free(&w.arena);
    free(w.v);
    return rc;
}

/* ---- looking ---- */

static enum rc add_title(struct store_conn *conn, struct arena *arena, uint64_t shop,
                         struct stock_line *line, struct fault *fault)
{
    struct shop_title_row row;
    char text[1024];
    enum rc rc = shop_title_by_key(conn, arena, shop, line->row.key, &row, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    line->title = arena_str(arena, edition_display_title(&row.facts, text, sizeof text));
    line->language = edition_language(&row.facts);
    return RC_OK;
}

enum rc stock_read(struct store_conn *conn, struct arena *arena, uint64_t shop,
                   const struct stock_wish *wish, stock_lines *ret, struct stock_sums *ret_sums,
                   struct fault *fault)
{
    stock_rows rows = {ARENA_NEW(arena, struct stock_row), 1};
    enum rc rc = stock_rows_sum(conn, shop, ret_sums, fault);
    if (rc == RC_OK && wish->key.n > 0)
        rc = stock_row_by_key(conn, arena, shop, key_of(arena, wish->key), rows.v, fault);
    else if (rc == RC_OK)
        rc = stock_rows_after(conn, arena, shop, wish->after, wish->left, wish->room, &rows, fault);
    if (rc == RC_NOT_FOUND)
        rows.n = 0;
    else if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct stock_line, rows.n);
    ret->n = rows.n;
    rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        ret->v[i] = (struct stock_line){.row = rows.v[i]};
        rc = add_title(conn, arena, shop, &ret->v[i], fault);
    }
    return rc;
}
