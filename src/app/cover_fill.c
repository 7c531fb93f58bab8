#include "app/cover_fill.h"

#include "app/cover.h"
#include "app/outside.h"
#include "base/clock.h"
#include "store/catalogue.h"
#include "store/cover_queue.h"
#include "store/covers.h"
#include "store/store.h"

/* How far in the change feed the queue has come. */
#define SEEN "covers-seen"

enum { AT_ONCE = 200, LINK_MAX = 2000 };

struct str cover_link(const struct edition *e)
{
    for (size_t i = 0; i < e->resources.n; i++) {
        const struct resource *r = &e->resources.v[i];
        /* List 161: 02 may be downloaded; 01 is to be linked to, and 03 embedded. */
        bool may_be_kept = r->form.n == 0 || str_eq(r->form, STR("02"));
        bool is_image = r->mode.n == 0 || str_eq(r->mode, STR("03"));
        if (str_eq(r->type, STR("01")) && may_be_kept && is_image && r->link.n > 0 &&
            r->link.n <= LINK_MAX)
            return str_trim(r->link);
    }
    return STR_NONE;
}

/* Some editions' links, for one transaction. */
struct filling {
    struct writer *writer;
    struct store_conn *conn;
    struct arena arena;
    struct {
        uint64_t edition;
        struct str link, host;
    } v[AT_ONCE];
    size_t n;
    uint64_t gone[AT_ONCE]; /* editions whose covers go */
    size_t gone_n;
    uint64_t seen; /* 0: not told yet */
};

static enum rc put_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct filling *f = context;
    enum rc rc = RC_OK;
    int64_t now = clock_machine();
    for (size_t i = 0; rc == RC_OK && i < f->n; i++)
        rc = cover_fetch_put(conn, f->v[i].edition, f->v[i].link, f->v[i].host, now, fault);
    if (rc == RC_OK && f->seen > 0)
        rc = store_setting_put(conn, SEEN,
                               arena_printf(&f->arena, "%llu", (unsigned long long)f->seen), fault);
    return rc;
}

static enum rc flush(struct filling *f, struct fault *fault)
{
    enum rc rc = RC_OK;
    if (f->gone_n > 0) /* before a link of the same edition, which was seen later */
        rc = cover_drop(f->writer, f->gone, f->gone_n, fault);
    if (rc == RC_OK && (f->n > 0 || f->seen > 0))
        rc = writer_run_aside(f->writer, put_work, f, fault);
    f->n = f->gone_n = 0;
    f->seen = 0;
    arena_reset(&f->arena);
    return rc;
}

/* A link that is gone takes its cover with it; most editions never had one. */
static enum rc note_gone(struct filling *f, uint64_t edition, struct fault *fault)
{
    struct cover_fetch_row row;
    struct cover_row cover;
    enum rc rc = cover_fetch_get(f->conn, &f->arena, edition, &row, fault);
    if (rc == RC_NOT_FOUND)
        rc = cover_row_get(f->conn, &f->arena, edition, &cover, fault);
    if (rc == RC_OK)
        f->gone[f->gone_n++] = edition;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc note_edition(struct filling *f, const struct catalogue_edition *e,
                            struct fault *fault)
{
    struct str link = cover_link(&e->facts), host = STR_NONE;
    if (link.n == 0)
        return note_gone(f, e->id, fault);
    /* What is no address is told of, too, once it is its turn. */
    if (!outside_host(&f->arena, link, &host))
        host = STR_NONE;
    f->v[f->n].edition = e->id;
    f->v[f->n].link = arena_str(&f->arena, link);
    f->v[f->n++].host = host;
    return RC_OK;
}

/* All that there are: the first time, and where the feed of changes does not say which. */
static enum rc fill_all(struct filling *f, bool (*stop)(void *context), void *context,
                        struct fault *fault)
{
    uint64_t after = 0, latest = 0;
    size_t n = AT_ONCE;
    enum rc rc = store_change_latest(f->conn, &latest, fault);
    while (rc == RC_OK && n == AT_ONCE) {
        ARENA_AUTO arena = ARENA_INIT;
        struct catalogue_edition *editions;
        if (stop != NULL && stop(context))
            return RC_OK;
        rc = catalogue_editions_after(f->conn, &arena, after, AT_ONCE, &editions, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = note_edition(f, &editions[i], fault);
        if (rc == RC_OK && n > 0)
            after = editions[n - 1].id;
        if (rc == RC_OK)
            rc = flush(f, fault);
    }
    f->seen = latest > 0 ? latest : 1;
    return rc == RC_OK ? flush(f, fault) : rc;
}

static enum rc fill_one(struct filling *f, uint64_t id, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct catalogue_edition edition;
    enum rc rc = catalogue_edition(f->conn, &arena, id, &edition, fault);
    if (rc == RC_NOT_FOUND) /* all its records are deleted */
        return note_gone(f, id, fault);
    return rc == RC_OK ? note_edition(f, &edition, fault) : rc;
}

static enum rc follow(struct filling *f, uint64_t seen, bool (*stop)(void *context), void *context,
                      struct fault *fault)
{
    for (;;) {
        ARENA_AUTO arena = ARENA_INIT;
        struct change *changes = ARENA_ARRAY(&arena, struct change, AT_ONCE);
        size_t n = 0;
        enum rc rc = store_changes(f->conn, &arena, seen, changes, AT_ONCE, &n, fault);
        if (rc != RC_OK || n == 0 || (stop != NULL && stop(context)))
            return rc;
        bool any = false;
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            seen = f->seen = changes[i].seq;
            if (str_eq(changes[i].kind, STR("rebuild"))) {
                f->n = f->gone_n = 0;
                f->seen = 0;
                return fill_all(f, stop, context, fault);
            }
            if (!str_eq(changes[i].kind, STR("edition")))
                continue;
            any = true;
            rc = fill_one(f, changes[i].key, fault);
        }
        /* Other changes are passed by without a commit each: with the next that counts. */
        if (rc == RC_OK && (any || n == AT_ONCE))
            rc = flush(f, fault);
        if (rc != RC_OK)
            return rc;
    }
}

enum rc cover_fill(struct writer *writer, struct store_conn *conn, bool (*stop)(void *context),
                   void *context, struct fault *fault)
{
    struct filling f = {.writer = writer, .conn = conn, .arena = ARENA_INIT};
    struct str text;
    uint64_t seen;
    enum rc rc = store_setting(conn, &f.arena, SEEN, &text, fault);
    if (rc == RC_OK && str_to_u64(text, &seen))
        rc = follow(&f, seen, stop, context, fault);
    else if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = fill_all(&f, stop, context, fault);
    arena_free(&f.arena);
    return rc;
}
