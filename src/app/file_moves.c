#include "app/file_moves.h"

#include "app/demand.h"
#include "app/site_files.h"
#include "base/crash.h"
#include "epub/epub.h"
#include "store/demands.h"
#include "store/epubs.h"
#include "store/store.h"

enum { AT_ONCE = 500 };

/* ---- all files ---- */

struct copying {
    struct files *from, *to; /* `to` NULL: they are only looked at */
    const struct files_watch *watch;
    struct files_count count;
};

/* One file that the database names; `key` is what a report calls it by. */
struct named {
    struct str key, file;
    struct hash digest;
    const char *type;
    size_t max; /* of its kind */
};

static enum rc copy_one(struct copying *k, const struct named *f, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(f->max);
    enum rc rc =
        k->to == NULL ? RC_NOT_FOUND : kept_file_get(k->to, f->file, &f->digest, &bytes, NULL);
    if (rc != RC_OK) {
        buf_clear(&bytes);
        rc = kept_file_get(k->from, f->file, &f->digest, &bytes, fault);
        if (rc == RC_OK && k->to != NULL) {
            rc = kept_file_put(k->to, f->file, &f->digest, buf_str(&bytes), f->type, fault);
            if (rc != RC_OK)
                return rc;
        }
    }
    if (rc == RC_OK) {
        k->count.files++;
        k->count.bytes += bytes.n;
    } else if (k->watch != NULL && k->watch->bad != NULL && fault != NULL) {
        k->count.bad++;
        k->watch->bad(k->watch->context, f->key, fault->text);
        rc = RC_OK;
    } else {
        /* A file that is named and is not there is an error: nobody above may take
         * it for the end of a list. */
        fault_prefix(fault, rc, "%.*s", STR_ARG(f->key));
        rc = rc == RC_NOT_FOUND ? RC_CORRUPT : rc;
    }
    if (k->watch != NULL && k->watch->done != NULL)
        k->watch->done(k->watch->context, k->count.files + k->count.bad);
    return rc;
}

static enum rc copy_cover(struct copying *k, const struct cover_row *c, struct fault *fault)
{
    struct named f = {c->key, c->file, c->digest, "image/jpeg", COVER_FILE_MAX};
    return copy_one(k, &f, fault);
}

/* What was not handed in has no file. */
static enum rc copy_papers(struct copying *k, struct arena *arena, enum paper_owner owner,
                           const struct papers_row *p, struct fault *fault)
{
    const struct paper_row *papers[] = {&p->document, &p->copy};
    static const char *const names[] = {"document", "public copy"};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < 2; i++) {
        if (papers[i]->file.n == 0)
            continue;
        struct named f = {.key = arena_printf(arena, "%s %llu, %s", paper_owner_name(owner),
                                              (unsigned long long)p->id, names[i]),
                          .file = papers[i]->file,
                          .digest = papers[i]->digest,
                          .type = arena_z(arena, papers[i]->type),
                          .max = DOCUMENT_MAX};
        rc = copy_one(k, &f, fault);
    }
    return rc;
}

static enum rc copy_all_covers(struct copying *k, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t after = 0;
    for (;;) {
        struct cover_row *rows;
        size_t n;
        arena_reset(&arena);
        enum rc rc = cover_rows_after(conn, &arena, after, AT_ONCE, &rows, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = copy_cover(k, &rows[i], fault);
        if (rc != RC_OK || n == 0)
            return rc;
        after = rows[n - 1].edition;
    }
}

static enum rc copy_all_papers(struct copying *k, struct store_conn *conn, enum paper_owner owner,
                               struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t after = 0;
    for (;;) {
        struct papers_row *rows;
        size_t n;
        arena_reset(&arena);
        enum rc rc = papers_after(conn, &arena, owner, after, AT_ONCE, &rows, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = copy_papers(k, &arena, owner, &rows[i], fault);
        if (rc != RC_OK || n == 0)
            return rc;
        after = rows[n - 1].id;
    }
}

static enum rc copy_epub(struct copying *k, struct arena *arena, const struct epub_row *e,
                         struct fault *fault)
{
    struct named f = {arena_printf(arena, "EPUB %llu", (unsigned long long)e->id), e->file,
                      e->digest, "application/epub+zip", EPUB_BYTES_MAX};
    return e->file.n == 0 ? RC_OK : copy_one(k, &f, fault);
}

static enum rc copy_sample(struct copying *k, struct arena *arena, const struct sample_row *s,
                           struct fault *fault)
{
    struct named f = {arena_printf(arena, "sample %llu", (unsigned long long)s->edition), s->file,
                      s->digest, "application/octet-stream", EPUB_BYTES_MAX};
    return s->file.n == 0 ? RC_OK : copy_one(k, &f, fault);
}

static enum rc copy_all_epubs(struct copying *k, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t after = 0;
    for (;;) {
        epub_rows rows;
        arena_reset(&arena);
        enum rc rc = epub_rows_after(conn, &arena, after, AT_ONCE, &rows, fault);
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
            rc = copy_epub(k, &arena, &rows.v[i], fault);
        if (rc != RC_OK || rows.n == 0)
            return rc;
        after = rows.v[rows.n - 1].id;
    }
}

static enum rc copy_all_samples(struct copying *k, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t after = 0;
    for (;;) {
        sample_rows rows;
        arena_reset(&arena);
        enum rc rc = sample_rows_after(conn, &arena, after, AT_ONCE, &rows, fault);
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
            rc = copy_sample(k, &arena, &rows.v[i], fault);
        if (rc != RC_OK || rows.n == 0)
            return rc;
        after = rows.v[rows.n - 1].edition;
    }
}

static enum rc copy_all(struct copying *k, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = copy_all_covers(k, conn, fault);
    if (rc == RC_OK)
        rc = copy_all_epubs(k, conn, fault);
    if (rc == RC_OK)
        rc = copy_all_samples(k, conn, fault);
    for (int owner = 0; rc == RC_OK && owner < PAPER_OWNERS; owner++)
        rc = copy_all_papers(k, conn, (enum paper_owner)owner, fault);
    return rc;
}

enum rc files_copy(struct store_conn *conn, struct files *from, struct files *to,
                   const struct files_watch *watch, struct files_count *ret, struct fault *fault)
{
    struct copying k = {.from = from, .to = to, .watch = watch};
    struct fault own = {""}; /* `bad` is told the reason, whoever asked */
    enum rc rc = copy_all(&k, conn, fault == NULL ? &own : fault);
    *ret = k.count;
    return rc;
}

enum rc files_verify(struct site *site, const struct files_watch *watch, struct files_count *ret,
                     struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct files *files = NULL;
    struct str address;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = site_files_address(site, conn, &arena, &address, fault);
    if (rc == RC_OK)
        rc = site_files_open(site, address, FILES_KEPT, &files, fault);
    if (rc == RC_OK)
        rc = files_copy(conn, files, NULL, watch, ret, fault);
    files_close(files);
    site_disconnect(conn);
    return rc;
}

/* ---- moving ---- */

struct moving {
    struct copying copying;
    struct str from, to;
    const struct site *site;
    uint64_t seen; /* of the change feed */
};

static enum rc copy_change(struct moving *m, struct store_conn *conn, struct arena *arena,
                           const struct change *change, struct fault *fault)
{
    struct cover_row c;
    struct papers_row papers;
    enum rc rc = RC_OK, found = RC_OK;
    if (str_eq(change->kind, STR("cover"))) {
        found = cover_row_get(conn, arena, change->key, &c, fault);
        if (found == RC_OK)
            rc = copy_cover(&m->copying, &c, fault);
    }
    if (str_eq(change->kind, STR("epub"))) {
        epub_rows epubs = {NULL, 0};
        struct sample_row s;
        found = epub_rows_of(conn, arena, change->key, AT_ONCE, &epubs, fault);
        for (size_t i = 0; found == RC_OK && rc == RC_OK && i < epubs.n; i++)
            rc = copy_epub(&m->copying, arena, &epubs.v[i], fault);
        if (found == RC_OK && rc == RC_OK)
            found = sample_row_get(conn, arena, change->key, &s, fault);
        if (found == RC_OK && rc == RC_OK)
            rc = copy_sample(&m->copying, arena, &s, fault);
    }
    for (int o = 0; found == RC_OK && rc == RC_OK && o < PAPER_OWNERS; o++) {
        enum paper_owner owner = (enum paper_owner)o;
        if (!str_eq(change->kind, str_of(paper_owner_name(owner))))
            continue;
        found = papers_get(conn, arena, owner, change->key, &papers, fault);
        if (found == RC_OK)
            rc = copy_papers(&m->copying, arena, owner, &papers, fault);
    }
    return found == RC_OK || found == RC_NOT_FOUND ? rc : found; /* removed again */
}

/* The files that changed since; bounded by what came while the others were copied. */
static enum rc copy_changed(struct moving *m, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    for (;;) {
        size_t n = 0;
        arena_reset(&arena);
        struct change *changes = ARENA_ARRAY(&arena, struct change, AT_ONCE);
        enum rc rc = store_changes(conn, &arena, m->seen, changes, AT_ONCE, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            m->seen = changes[i].seq;
            rc = copy_change(m, conn, &arena, &changes[i], fault);
        }
        if (rc != RC_OK || n == 0)
            return rc;
    }
}

/* In the write transaction: nothing can come in any more. */
static enum rc switch_over(void *context, struct store_conn *conn, struct fault *fault)
{
    struct moving *m = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct str now;
    enum rc rc = store_may_rest(conn, fault); /* a slow store is waited for */
    if (rc == RC_OK)
        rc = site_files_address(m->site, conn, &arena, &now, fault);
    if (rc == RC_OK && !str_eq(now, m->from))
        rc = fault_set(fault, RC_CONFLICT, "somebody moved the files meanwhile, to %.*s",
                       STR_ARG(now));
    if (rc == RC_OK)
        rc = copy_changed(m, conn, fault);
    crash_point("files-copied");
    return rc == RC_OK ? files_place_put(conn, m->to, fault) : rc;
}

static enum rc move_files(struct moving *m, struct writer *writer, struct store_conn *conn,
                          struct fault *fault)
{
    enum rc rc = store_change_latest(conn, &m->seen, fault);
    if (rc == RC_OK)
        rc = copy_all(&m->copying, conn, fault);
    if (rc == RC_OK)
        rc = copy_changed(m, conn, fault);
    return rc == RC_OK ? writer_run(writer, switch_over, m, fault) : rc;
}

enum rc files_move(struct site *site, struct writer *writer, struct str to,
                   const struct files_watch *watch, struct files_count *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct moving m = {.copying = {.watch = watch}, .to = to, .site = site};
    struct store_conn *conn = NULL;
    enum rc rc = site_files_check(to, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = site_files_address(site, conn, &arena, &m.from, fault);
    if (rc == RC_OK && str_eq(m.from, to))
        rc = fault_set(fault, RC_INVALID, "--to: the files are there already");
    if (rc == RC_OK)
        rc = site_files_open(site, m.from, FILES_KEPT, &m.copying.from, fault);
    if (rc == RC_OK)
        rc = site_files_open(site, to, FILES_KEPT, &m.copying.to, fault);
    if (rc == RC_OK)
        rc = move_files(&m, writer, conn, fault);
    files_close(m.copying.from);
    files_close(m.copying.to);
    site_disconnect(conn);
    *ret = m.copying.count;
    return rc;
}
