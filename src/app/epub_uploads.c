#include "app/epub_uploads.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/feeds.h"
#include "app/site.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/priority.h"
#include "base/wait.h"
#include "store/epub_uploads.h"
#include "store/store.h"

enum {
    LOOK_MS = 1000,
    TRIES_MAX = 6,  /* that failed for what is no fault of the file */
    KILLS_MAX = 20, /* as often it was begun, and never came to any end */
    AGAIN_S = 10,   /* after a try that failed; longer each time */
    SWEEP_MS = 3600 * 1000,
    ORPHAN_S = 600,
    GIVEN_UP_S = 7 * 86400,
};

/* ---- sending one ---- */

static enum rc uploads_folder(const struct site *site, struct arena *arena, const char **ret,
                              struct fault *fault)
{
    const char *path = site_path(site, arena, "uploads");
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    *ret = path;
    return RC_OK;
}

struct adding {
    struct site *site;
    const struct epub_giving *giving;
    struct epub_upload_row row;
};

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct adding *a = context;
    uint64_t open = 0, bytes = 0;
    enum rc rc = epub_uploads_open(conn, a->row.shop, &open, &bytes, fault);
    if (rc == RC_OK && open >= EPUBS_OPEN_MAX)
        return fault_set(
            fault, RC_INVALID,
            "epub: too many of this shop wait; send it when one of them was looked at");
    if (rc == RC_OK)
        rc = epub_may_put(a->site, conn, &arena, a->giving, bytes + a->row.bytes, &a->row.edition,
                          fault);
    return rc == RC_OK ? epub_upload_add(conn, &a->row, fault) : rc;
}

enum rc epub_upload(struct site *site, struct writer *writer, const struct epub_giving *giving,
                    struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *folder = NULL;
    uint8_t id[12];
    struct stat st;
    random_bytes(id, sizeof id);
    struct adding adding = {.site = site,
                            .giving = giving,
                            .row = {.shop = giving->shop->id,
                                    .account = giving->viewer->account,
                                    .file = arena_printf(&arena, "uploads/%.*s.epub",
                                                         STR_ARG(hex_str(&arena, id, sizeof id))),
                                    .received = clock_now()}};
    const char *kept = site_path(site, &arena, arena_z(&arena, adding.row.file));
    enum rc rc = uploads_folder(site, &arena, &folder, fault);
    if (rc == RC_OK)
        rc = feeds_node(site, &arena, &adding.row.node, fault);
    if (rc == RC_OK && (!feed_file_durable(giving->path, &st) || rename(giving->path, kept) != 0))
        rc = fault_set(fault, RC_IO, "%s: %s", kept, strerror(errno));
    if (rc != RC_OK)
        return rc;
    file_sync_folder_of(kept);
    adding.row.bytes = (uint64_t)st.st_size;
    rc = writer_run(writer, add_work, &adding, fault);
    if (rc != RC_OK)
        unlink(kept);
    return rc;
}

enum rc epub_upload_read(struct store_conn *conn, struct arena *arena, uint64_t edition,
                         uint64_t shop, struct epub_upload *ret, struct fault *fault)
{
    struct epub_upload_row row;
    enum rc rc = epub_upload_latest(conn, arena, edition, shop, &row, fault);
    *ret = (struct epub_upload){.state = UPLOAD_NONE};
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    *ret = (struct epub_upload){.state = str_is(row.state, "waiting") ? UPLOAD_WAITING
                                         : str_is(row.state, "taken") ? UPLOAD_TAKEN
                                                                      : UPLOAD_REFUSED,
                                .received = row.received,
                                .reason = row.reason};
    if (row.problems.n > 0)
        epub_problems_read(arena, row.problems, &ret->problems);
    return RC_OK;
}

/* ---- looking at it ---- */

struct epub_checker {
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* that reads; NULL: none yet */
    struct sleeper sleeper;
    struct arena node_arena;
    struct str node;
    int64_t sweep_at;
};

static enum rc begin_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct epub_upload_row *row = context;
    return epub_upload_begin(conn, row->id, fault);
}

static enum rc later_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct epub_upload_row *row = context;
    int64_t rest = AGAIN_S * (int64_t)(row->begun + 1);
    return epub_upload_later(conn, row->id, clock_now() + rest, fault);
}

static enum rc end_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return epub_upload_end(conn, context, fault);
}

/* What the file is to blame for, whatever is tried. */
static bool is_final(enum rc rc, uint64_t begun)
{
    return rc == RC_INVALID || rc == RC_NOT_FOUND || rc == RC_DENIED || rc == RC_LIMIT ||
           rc == RC_CONFLICT || (rc != RC_BUSY && begun + 1 >= TRIES_MAX);
}

static enum rc refuse(struct epub_checker *k, struct arena *arena, struct epub_upload_row *row,
                      const epub_problems *problems, const struct fault *why, struct fault *fault)
{
    row->state = STR("refused");
    row->ended = clock_now();
    row->reason = arena_str(arena, str_of(why->text));
    row->problems = epub_problems_text(arena, problems);
    return writer_run(k->writer, end_work, row, fault);
}

static enum rc check_one(struct epub_checker *k, struct epub_upload_row *row, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *path = site_path(k->site, &arena, arena_z(&arena, row->file));
    struct partner_shop shop = {.id = row->shop};
    struct epub_giving giving = {.isbn = row->isbn, .path = path, .shop = &shop, .upload = row->id};
    struct epub_taken taken = {.bytes = 0};
    struct fault why = {""};
    enum rc rc = writer_run(k->writer, begin_work, row, fault);
    if (rc != RC_OK)
        return rc;
    crash_point("epub-upload-begun");
    enum rc put = row->begun >= KILLS_MAX
                      ? fault_set(&why, RC_LIMIT, "epub: nobody came to an end with it")
                      : epub_put(k->site, k->writer, &arena, &giving, &taken, &why);
    crash_point("epub-upload-put");
    if (put != RC_OK && sleeper_ended(&k->sleeper))
        return RC_OK; /* the server ends: again, with the next one */
    if (put != RC_OK && !is_final(put, row->begun))
        return writer_run(k->writer, later_work, row, fault);
    if (put != RC_OK)
        rc = refuse(k, &arena, row, &taken.problems, &why, fault);
    if (rc == RC_OK)
        unlink(path);
    return rc;
}

static enum rc give_up_work(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    int64_t now = clock_now();
    return epub_uploads_give_up(conn, now - GIVEN_UP_S, now,
                                STR("epub: nobody came to an end with it"), fault);
}

/* Now and then: files that no row names, and rows of nodes that are gone. */
static enum rc sweep(struct epub_checker *k, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *folder = NULL;
    if (clock_monotonic_ms() < k->sweep_at)
        return RC_OK;
    k->sweep_at = clock_monotonic_ms() + SWEEP_MS;
    enum rc rc = writer_run_aside(k->writer, give_up_work, NULL, fault);
    DIR *dir = uploads_folder(k->site, &arena, &folder, NULL) == RC_OK ? opendir(folder) : NULL;
    for (const struct dirent *e; rc == RC_OK && dir != NULL && (e = readdir(dir)) != NULL;) {
        struct stat st;
        bool named = true;
        if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(st.st_mode) ||
            clock_machine() - st.st_ctim.tv_sec < ORPHAN_S)
            continue;
        rc = epub_upload_named(k->conn, arena_printf(&arena, "uploads/%s", e->d_name), &named,
                               fault);
        if (rc == RC_OK && !named)
            unlinkat(dirfd(dir), e->d_name, 0);
    }
    if (dir != NULL)
        closedir(dir);
    return rc;
}

static enum rc look(struct epub_checker *k, bool *ret_more, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct epub_upload_row row;
    *ret_more = false;
    enum rc rc = k->conn == NULL ? site_connect_wholly(k->site, &k->conn, fault) : RC_OK;
    if (rc == RC_OK)
        rc = sweep(k, fault);
    if (rc == RC_OK)
        rc = epub_upload_next(k->conn, &arena, k->node, clock_now(), &row, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    rc = check_one(k, &row, fault);
    *ret_more = rc == RC_OK;
    return rc;
}

static void *checker_thread(void *context)
{
    struct epub_checker *k = context;
    bool more = false;
    priority_lower(PRIORITY_LATER); /* readers first */
    while (sleeper_rest(&k->sleeper, more ? 0 : LOOK_MS)) {
        struct fault fault = {""};
        if (look(k, &more, &fault) == RC_OK)
            continue;
        if (!sleeper_ended(&k->sleeper))
            fprintf(stderr, "colophon: EPUBs are not looked at: %s\n", fault.text);
        site_disconnect(k->conn); /* perhaps the database went away */
        k->conn = NULL;
        more = false;
    }
    site_disconnect(k->conn);
    return NULL;
}

enum rc epub_checker_open(struct site *site, struct writer *writer, struct epub_checker **ret,
                          struct fault *fault)
{
    struct epub_checker *k = calloc(1, sizeof *k);
    if (k == NULL)
        abort();
    k->site = site;
    k->writer = writer;
    k->node_arena = ARENA_INIT;
    sleeper_init(&k->sleeper);
    enum rc rc = feeds_node(site, &k->node_arena, &k->node, fault);
    if (rc == RC_OK)
        rc = sleeper_start(&k->sleeper, checker_thread, k, "looks at EPUBs", fault);
    *ret = k;
    if (rc != RC_OK) {
        epub_checker_close(k);
        *ret = NULL;
    }
    return rc;
}

void epub_checker_wake(struct epub_checker *checker)
{
    sleeper_wake(&checker->sleeper);
}

void epub_checker_close(struct epub_checker *k)
{
    if (k == NULL)
        return;
    sleeper_stop(&k->sleeper);
    sleeper_free(&k->sleeper);
    arena_free(&k->node_arena);
    free(k);
}
