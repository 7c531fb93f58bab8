#include "app/telling.h"

#include <stdio.h>
#include <string.h>

#include "app/statement.h"
#include "base/crash.h"
#include "base/wait.h"
#include "record/merkle.h"
#include "store/record_log.h"
#include "store/redress.h"
#include "store/store.h"

enum {
    LOOK_MS = 1000,
    AUTHORS_AT_ONCE = 20, /* of one transaction: a statement and a letter each */
    WORKS_AT_ONCE = 200,  /* and so many works that are looked at */
};

enum {
    VOICES =
        FEATURE_BIT(FEATURE_REVIEWS) | FEATURE_BIT(FEATURE_COMMENTS) | FEATURE_BIT(FEATURE_RATINGS)
};

enum rc telling_add(struct store_conn *conn, const struct restriction *r, struct work_set works,
                    uint64_t entry_id, struct fault *fault)
{
    struct telling_row row = {
        .entry_id = entry_id, .restriction = r->id, .features = r->features & VOICES};
    if (row.features == 0 || works.n == 0)
        return RC_OK;
    if (target_is_set(r->target))
        row.root = work_list_root(works.v, works.n);
    else
        row.work = works.v[0];
    return redress_telling_add(conn, &row, fault);
}

/* ---- one transaction ---- */

struct tell_work {
    bool more;
};

static enum rc load_works(struct store_conn *conn, struct arena *arena,
                          const struct telling_row *row, struct work_set *ret, struct fault *fault)
{
    if (row->work == 0)
        return record_log_list_get(conn, arena, &row->root, &ret->v, &ret->n, fault);
    *ret = (struct work_set){&row->work, 1};
    return RC_OK;
}

/* Once for each restriction, whatever else of theirs it covers. */
static enum rc tell_author(struct store_conn *conn, struct arena *arena,
                           const struct telling_row *row, uint64_t account, struct fault *fault)
{
    bool told = false;
    enum rc rc = redress_told(conn, row->restriction, account, &told, fault);
    if (rc == RC_OK && !told)
        rc = statement_to_author(conn, arena, row->restriction, account, row->entry_id, fault);
    crash_point("author-told");
    return rc;
}

/* Goes on from where the row stands, and moves it. */
static enum rc tell_some(struct store_conn *conn, struct arena *arena, struct telling_row *row,
                         struct work_set works, struct fault *fault)
{
    size_t left = AUTHORS_AT_ONCE;
    enum rc rc = RC_OK;
    for (size_t w = 0; rc == RC_OK && w < WORKS_AT_ONCE && left > 0 && row->position < works.n;
         w++) {
        uint64_t *authors;
        size_t n = 0, room = left;
        rc = redress_authors(conn, arena, works.v[row->position], row->last_account, row->features,
                             room, &authors, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = tell_author(conn, arena, row, authors[i], fault);
        left -= n;
        if (rc == RC_OK && n == room) {
            row->last_account = authors[n - 1];
        } else if (rc == RC_OK) {
            row->position++;
            row->last_account = 0;
        }
    }
    return rc;
}

static enum rc tell(void *context, struct store_conn *conn, struct fault *fault)
{
    struct tell_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct telling_row row;
    struct work_set works = {0};
    w->more = false;
    enum rc rc = redress_telling_next(conn, &row, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK)
        rc = load_works(conn, &arena, &row, &works, fault);
    if (rc == RC_OK)
        rc = tell_some(conn, &arena, &row, works, fault);
    if (rc != RC_OK)
        return rc;
    w->more = true;
    return row.position < works.n ? redress_telling_move(conn, &row, fault)
                                  : redress_telling_remove(conn, row.entry_id, fault);
}

/* ---- the thread ---- */

struct teller {
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* the thread's, for looking; NULL while there is none */
    struct sleeper sleeper;
};

/* Whether somebody waits; a look without a transaction. */
static bool anybody_waits(struct teller *t)
{
    struct telling_row row;
    if (t->conn == NULL && site_connect_wholly(t->site, &t->conn, NULL) != RC_OK)
        return false;
    enum rc rc = redress_telling_next(t->conn, &row, NULL);
    if (rc != RC_OK && rc != RC_NOT_FOUND) { /* a database that went away */
        site_disconnect(t->conn);
        t->conn = NULL;
    }
    return rc == RC_OK;
}

static void tell_all(struct teller *t)
{
    struct tell_work work = {.more = true};
    struct fault fault = {""};
    while (work.more && !sleeper_ended(&t->sleeper) && writer_turn(t->writer) != 0) {
        if (writer_run(t->writer, tell, &work, &fault) != RC_OK) {
            fprintf(stderr, "colophon: authors are not told: %s\n", fault.text);
            return;
        }
        crash_point("authors-told");
    }
}

static void *teller_thread(void *context)
{
    struct teller *t = context;
    while (sleeper_rest(&t->sleeper, LOOK_MS))
        if (writer_turn(t->writer) != 0 && anybody_waits(t))
            tell_all(t);
    site_disconnect(t->conn);
    return NULL;
}

enum rc teller_open(struct site *site, struct writer *writer, struct teller **ret,
                    struct fault *fault)
{
    struct teller *t = calloc(1, sizeof *t);
    if (t == NULL)
        abort();
    t->site = site;
    t->writer = writer;
    sleeper_init(&t->sleeper);
    enum rc rc = sleeper_start(&t->sleeper, teller_thread, t, "tells authors", fault);
    if (rc != RC_OK) {
        sleeper_free(&t->sleeper);
        free(t);
        return rc;
    }
    *ret = t;
    return RC_OK;
}

void teller_close(struct teller *t)
{
    if (t == NULL)
        return;
    sleeper_stop(&t->sleeper);
    sleeper_free(&t->sleeper);
    free(t);
}
