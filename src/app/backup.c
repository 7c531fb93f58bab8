#include "app/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/database.h"
#include "app/lift_journal.h"
#include "app/site_files.h"
#include "base/crash.h"
#include "base/file.h"
#include "store/store.h"

/* What SQLite leaves beside a database whose writer was killed. */
static void remove_database(struct arena *arena, const char *path)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        unlink(arena_printf(arena, "%s%s", path, endings[i]).p);
}

/* Changes the database at `path`, in one transaction. */
static enum rc change_copy(const char *path,
                           enum rc (*change)(void *context, struct store_conn *conn,
                                             struct fault *fault),
                           void *context, struct fault *fault)
{
    struct store *store = NULL;
    struct store_conn *conn = NULL;
    enum rc rc = store_open(path, false, &store, fault);
    if (rc == RC_OK)
        rc = store_connect(store, true, &conn, fault);
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = change(context, conn, fault);
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    if (conn != NULL)
        store_rollback(conn);
    site_disconnect(conn);
    store_close(store);
    return rc;
}

/* Lifts that wait for the log stand in a file beside the database. */
static enum rc put_lifts(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct str *lifts = context;
    return store_setting_put(conn, "lifts", *lifts, fault);
}

/* ---- files ---- */

/* What the database at `path` names, from one folder into another. */
static enum rc copy_files(const char *path, const char *from, const char *to,
                          const struct files_watch *watch, struct files_count *ret,
                          struct fault *fault)
{
    struct store *store = NULL;
    struct store_conn *conn = NULL;
    struct files *source = NULL, *target = NULL;
    enum rc rc = store_open(path, false, &store, fault);
    if (rc == RC_OK)
        rc = store_connect(store, false, &conn, fault);
    if (rc == RC_OK)
        rc = files_open(str_of(from), NULL, NULL, &source, fault);
    if (rc == RC_OK)
        rc = files_open(str_of(to), NULL, NULL, &target, fault);
    if (rc == RC_OK)
        rc = files_copy(conn, source, target, watch, ret, fault);
    files_close(source);
    files_close(target);
    site_disconnect(conn);
    store_close(store);
    return rc;
}

static enum rc back_up_files(struct site *site, struct arena *arena, const char *fresh,
                             const char *to, const struct files_watch *watch,
                             struct backup_files *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct str address;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = site_files_address(site, conn, arena, &address, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    ret->elsewhere = files_is_remote(address);
    return ret->elsewhere
               ? RC_OK
               : copy_files(fresh, arena_z(arena, address), to, watch, &ret->count, fault);
}

enum rc backup_write(struct site *site, const char *path, const struct files_watch *watch,
                     struct backup_files *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *fresh = arena_printf(&arena, "%s.part", path).p;
    const char *files = arena_printf(&arena, "%s.files", path).p;
    *ret = (struct backup_files){0};
    if (access(path, F_OK) == 0)
        return fault_set(fault, RC_CONFLICT, "%s: the file exists", path);
    remove_database(&arena, fresh);
    /* It holds what the folder's mode protects: nobody else may read it. */
    int fd = open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return fault_set(fault, RC_IO, "%s: %s", fresh, strerror(errno));
    close(fd);
    /* Lifts are read first: one that is published meanwhile is in both. */
    struct str lifts;
    enum rc rc = lift_journal_dump(site, &arena, &lifts, fault);
    if (rc == RC_OK)
        rc = store_backup(site_store(site), fresh, fault);
    if (rc == RC_OK && lifts.n > 0)
        rc = change_copy(fresh, put_lifts, &lifts, fault);
    /* Files of an earlier try that was stopped are good: they are compared. */
    if (rc == RC_OK)
        rc = back_up_files(site, &arena, fresh, files, watch, ret, fault);
    crash_point("backup-written");
    if (rc == RC_OK && rename(fresh, path) != 0)
        rc = fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    if (rc == RC_OK)
        file_sync_folder_of(path);
    else
        remove_database(&arena, fresh);
    return rc;
}

/* ---- restoring ---- */

struct restoring {
    const char *dir;
    struct arena *arena;
    bool elsewhere; /* its files are */
};

/* Another machine has not the folders of the old one. */
static enum rc settle_files(struct restoring *r, struct store_conn *conn, struct fault *fault)
{
    struct str address;
    enum rc rc = files_place_get(conn, r->arena, &address, fault);
    r->elsewhere = rc == RC_OK && files_is_remote(address);
    if (rc == RC_OK && !r->elsewhere)
        return files_place_remove(conn, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Marks the copy, so that nothing is signed with it by mistake, and puts the
 * lifts back that waited. */
static enum rc settle_copy(void *context, struct store_conn *conn, struct fault *fault)
{
    struct restoring *r = context;
    struct str lifts = STR_NONE;
    enum rc rc = store_setting(conn, r->arena, "lifts", &lifts, fault);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = lift_journal_create(r->dir, lifts, fault);
    if (rc == RC_OK)
        rc = store_setting_remove(conn, "lifts", fault);
    if (rc == RC_OK)
        rc = settle_files(r, conn, fault);
    return rc == RC_OK ? store_setting_put(conn, "restored", STR("1"), fault) : rc;
}

static enum rc copy_file(const char *from, const char *to, struct fault *fault)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return fault_set(fault, RC_IO, "%s: %s", from, strerror(errno));
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum rc rc = RC_OK;
    if (out < 0) {
        rc = fault_set(fault, errno == EEXIST ? RC_CONFLICT : RC_IO, "%s: %s", to, strerror(errno));
        close(in);
        return rc;
    }
    char block[64 << 10];
    ssize_t n = 0;
    while (rc == RC_OK && (n = read(in, block, sizeof block)) > 0)
        if (write(out, block, (size_t)n) != n)
            rc = fault_set(fault, RC_IO, "%s: %s", to, strerror(errno));
    if (rc == RC_OK && (n < 0 || fsync(out) != 0))
        rc = fault_set(fault, RC_IO, "%s: %s", n < 0 ? from : to, strerror(errno));
    close(in);
    close(out);
    return rc;
}

enum rc backup_restore(const char *dir, const char *path, const struct files_watch *watch,
                       struct backup_files *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct restoring restoring = {.dir = dir, .arena = &arena};
    *ret = (struct backup_files){0};
    const char *database = arena_printf(&arena, "%s/colophon.db", dir).p;
    const char *fresh = arena_printf(&arena, "%s.part", database).p;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "%s: %s", dir, strerror(errno));
    /* Of a file, or of the one that DIR/database names. */
    const char *address;
    enum rc rc = database_address(dir, &arena, &address, fault);
    if (rc != RC_OK)
        return rc;
    if (strcmp(address, database) != 0 || access(database, F_OK) == 0)
        return fault_set(fault, RC_CONFLICT, "%s: there is a shop already", dir);
    remove_database(&arena, fresh);
    rc = copy_file(path, fresh, fault);
    if (rc == RC_OK)
        rc = change_copy(fresh, settle_copy, &restoring, fault);
    ret->elsewhere = restoring.elsewhere;
    if (rc == RC_OK && !ret->elsewhere)
        rc = copy_files(fresh, arena_printf(&arena, "%s.files", path).p,
                        arena_printf(&arena, "%s/files", dir).p, watch, &ret->count, fault);
    crash_point("restore-copied");
    if (rc == RC_OK && rename(fresh, database) != 0)
        rc = fault_set(fault, RC_IO, "%s: %s", database, strerror(errno));
    if (rc != RC_OK) {
        remove_database(&arena, fresh);
        return fault_prefix(fault, rc, "restoring %s", path);
    }
    file_sync_folder_of(database);
    return RC_OK;
}
