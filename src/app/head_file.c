#include "app/head_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/head_file_parts.h"
#include "app/publication.h"
#include "app/stored_tiles.h"
#include "base/crash.h"
#include "base/file.h"
#include "store/store.h"

struct head_file {
    struct arena arena;
    char *path[LOG_COUNT];
    char *lock_path;
    int lock;                    /* -1: not taken */
    struct buf kept[LOG_COUNT];  /* what was seen or put there last */
    struct buf fresh[LOG_COUNT]; /* signed, not kept yet */
};

struct head_file *head_file_open(const struct site *site)
{
    const char *path = site_head_path(site);
    if (path == NULL)
        return NULL;
    struct head_file *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    f->lock = -1;
    f->path[LOG_DECISIONS] = arena_z(&f->arena, str_of(path));
    f->path[LOG_VOICES] = arena_z(&f->arena, arena_printf(&f->arena, "%s.voices", path));
    f->lock_path = arena_z(&f->arena, arena_printf(&f->arena, "%s.lock", path));
    for (int log = 0; log < LOG_COUNT; log++)
        f->kept[log] = f->fresh[log] = BUF_INIT(NOTE_MAX);
    return f;
}

static void unlock(struct head_file *f)
{
    if (f->lock >= 0)
        close(f->lock);
    f->lock = -1;
}

void head_file_close(struct head_file *f)
{
    if (f == NULL)
        return;
    unlock(f);
    for (int log = 0; log < LOG_COUNT; log++) {
        buf_free(&f->kept[log]);
        buf_free(&f->fresh[log]);
    }
    arena_free(&f->arena);
    free(f);
}

/* Empty where nothing was ever kept. */
static enum rc read_kept(const char *path, struct arena *arena, struct str *ret,
                         struct fault *fault)
{
    *ret = STR_NONE;
    enum rc rc = file_read(path, NOTE_MAX, arena, ret, fault);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    return fault_prefix(fault, RC_IO, "the head's file");
}

/* Who died between a commit and this left an older one there: it is kept now, not only when
 * this log is signed again, which may be long. */
static enum rc catch_up(struct head_file *f, struct store_conn *conn, struct arena *arena,
                        enum log_id log, struct fault *fault)
{
    struct stored_checkpoint stored;
    enum rc rc = record_log_checkpoint(conn, arena, log, &stored, fault);
    if (rc == RC_OK && f->fresh[log].n == 0 && !str_eq(stored.note, buf_str(&f->kept[log])))
        buf_str_add(&f->fresh[log], stored.note);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What no key of this copy signed: where it says that it is longer, the log has gone over to
 * another key since, of which the copy knows nothing. Whether that is so is no matter: either
 * way nothing is signed here. */
static enum rc unknown(const struct head_file *f, enum log_id log, struct str found,
                       const struct key_chain *keys, uint64_t size, struct fault *fault)
{
    struct str text, lines;
    struct checkpoint said;
    if (note_split(found, &text, &lines, NULL) != RC_OK ||
        checkpoint_parse_text(&said, text, NULL) != RC_OK ||
        !str_eq(said.origin, keys->v[0].key.name) || said.size <= size)
        return fault_prefix(fault, RC_DENIED, "the head's file %s", f->path[log]);
    return fault_set(fault, RC_DENIED,
                     "%.*s: %llu entries were published (%s), signed by a key that this copy, of "
                     "%llu, does not know: signing would fork the log. Restore a later backup, or "
                     "stop the server that has gone on",
                     STR_ARG(said.origin), (unsigned long long)said.size, f->path[log],
                     (unsigned long long)size);
}

static enum rc compare(struct head_file *f, struct store_conn *conn, enum log_id log,
                       const struct key_chain *keys, uint64_t size, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str found;
    struct stored_tiles tiles = {conn, log};
    struct tile_source source = stored_tile_source(&tiles);
    struct checkpoint checkpoint;
    struct hash root;
    enum rc rc = read_kept(f->path[log], &arena, &found, fault);
    if (rc != RC_OK || found.n == 0 || str_eq(found, buf_str(&f->kept[log])))
        return rc;
    struct str name = keys->v[0].key.name;
    rc = key_chain_verify(&checkpoint, found, keys, fault);
    if (rc != RC_OK)
        return unknown(f, log, found, keys, size, fault);
    if (checkpoint.size > size)
        return fault_set(
            fault, RC_DENIED,
            "%.*s: %llu entries were published (%s), this copy has %llu: signing would "
            "fork the log. Restore a later backup, or stop the server that has gone on",
            STR_ARG(name), (unsigned long long)checkpoint.size, f->path[log],
            (unsigned long long)size);
    rc = tiles_root(&source, checkpoint.size, &root, fault);
    if (rc == RC_OK && !hash_eq(&root, &checkpoint.root))
        rc =
            fault_set(fault, RC_DENIED,
                      "%.*s: what was published (%s) is not in this copy: another went on with the "
                      "log. This one must not sign",
                      STR_ARG(name), f->path[log]);
    if (rc != RC_OK)
        return rc;
    buf_clear(&f->kept[log]);
    buf_str_add(&f->kept[log], found);
    return catch_up(f, conn, &arena, log, fault);
}

static enum rc keep(struct head_file *f, enum log_id log, struct fault *fault)
{
    if (f->fresh[log].n == 0)
        return RC_OK;
    crash_point("head-to-keep");
    enum rc rc = file_replace(f->path[log], buf_str(&f->fresh[log]), fault);
    crash_point("head-kept");
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "the head's file");
    buf_clear(&f->kept[log]);
    buf_str_add(&f->kept[log], buf_str(&f->fresh[log]));
    buf_clear(&f->fresh[log]);
    return RC_OK;
}

enum rc head_file_take(struct head_file *f, struct store_conn *conn,
                       struct key_chain *const keys[LOG_COUNT], const uint64_t sizes[LOG_COUNT],
                       struct fault *fault)
{
    enum rc rc = RC_OK;
    if (f == NULL)
        return RC_OK;
    f->lock = open(f->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (f->lock < 0 || flock(f->lock, LOCK_EX) != 0)
        rc = fault_set(fault, RC_IO, "the head's file: %s: %s", f->lock_path, strerror(errno));
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        rc = compare(f, conn, (enum log_id)log, keys[log], sizes[log], fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        rc = keep(f, (enum log_id)log, fault);
    if (rc != RC_OK)
        unlock(f);
    return rc;
}

void head_file_sign(struct head_file *f, enum log_id log, struct str note)
{
    if (f == NULL)
        return;
    buf_clear(&f->fresh[log]);
    buf_str_add(&f->fresh[log], note);
}

void head_file_give(struct head_file *f, bool committed)
{
    if (f == NULL || f->lock < 0)
        return;
    for (int log = 0; log < LOG_COUNT; log++)
        if (!committed)
            buf_clear(&f->fresh[log]);
        else
            (void)!keep(f, (enum log_id)log, NULL);
    unlock(f);
}

/* Whether the file would lie in the data folder, by whatever way it is named: its own
 * folder has to be there. */
static enum rc check_apart(struct site *site, struct arena *arena, struct str path,
                           struct fault *fault)
{
    size_t slash = path.n;
    while (slash > 1 && path.p[slash - 1] != '/')
        slash--;
    struct str folder = str_sub(path, 0, slash);
    char *real = realpath(arena_z(arena, folder), NULL), *data = realpath(site_dir(site), NULL);
    enum rc rc = RC_OK;
    if (real == NULL)
        rc = fault_set(fault, RC_INVALID, "%.*s: %s", STR_ARG(folder), strerror(errno));
    else if (data == NULL)
        rc = fault_set(fault, RC_IO, "%s: %s", site_dir(site), strerror(errno));
    else {
        struct str within = arena_printf(arena, "%s/", data);
        if (str_starts(arena_printf(arena, "%s/", real), within))
            rc = fault_set(fault, RC_INVALID,
                           "%.*s: it lies in the data folder, with which it would be restored",
                           STR_ARG(path));
    }
    free(real);
    free(data);
    return rc;
}

enum rc head_file_keep(struct site *site, const char *path, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    char *absolute = arena_z(&arena, str_of(path));
    if (path[0] != '/')
        return fault_set(fault, RC_INVALID, "%s: a path from the root on is needed", path);
    enum rc rc = check_apart(site, &arena, str_of(path), fault);
    if (rc != RC_OK)
        return rc;
    site_use_head(site, absolute);
    struct head_file *f = head_file_open(site);
    rc = site_connect_wholly(site, &conn, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++) {
        struct stored_checkpoint stored;
        struct str there;
        rc = read_kept(f->path[log], &arena, &there, fault);
        if (rc != RC_OK || there.n > 0)
            continue; /* what is kept there is compared, never replaced by this */
        rc = record_log_checkpoint(conn, &arena, (enum log_id)log, &stored, fault);
        if (rc == RC_OK) {
            head_file_sign(f, (enum log_id)log, stored.note);
            rc = keep(f, (enum log_id)log, fault);
        } else if (rc == RC_NOT_FOUND) {
            rc = RC_OK;
        }
    }
    site_disconnect(conn);
    head_file_close(f);
    return rc == RC_OK ? file_replace(site_path(site, &arena, "head-file"), str_of(absolute), fault)
                       : rc;
}
