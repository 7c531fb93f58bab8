#include "app/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/lift_journal.h"
#include "store/store.h"

enum rc backup_write(struct site *site, const char *path, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str fresh = arena_printf(&arena, "%s.part", path);
    if (access(path, F_OK) == 0)
        return fault_set(fault, RC_CONFLICT, "%s: the file exists", path);
    enum rc rc = store_backup(site_store(site), fresh.p, fault);
    if (rc == RC_OK && rename(fresh.p, path) != 0)
        rc = fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    if (rc != RC_OK)
        unlink(fresh.p);
    return rc;
}

/* Marks the copy, so that nothing is signed with it by mistake. */
static enum rc mark_restored(const char *database, struct fault *fault)
{
    struct store *store = NULL;
    struct store_conn *conn = NULL;
    enum rc rc = store_open(database, false, &store, fault);
    if (rc == RC_OK)
        rc = store_connect(store, true, &conn, fault);
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = store_setting_put(conn, "restored", STR("1"), fault);
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    store_disconnect(conn);
    store_close(store);
    return rc;
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

enum rc backup_restore(const char *dir, const char *path, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct site *site = NULL;
    struct str database = arena_printf(&arena, "%s/colophon.db", dir);
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "%s: %s", dir, strerror(errno));
    enum rc rc = copy_file(path, database.p, fault);
    if (rc == RC_CONFLICT)
        return fault_set(fault, rc, "%s: there is a shop already", database.p);
    if (rc == RC_OK)
        rc = mark_restored(database.p, fault);
    if (rc == RC_OK)
        rc = site_open(dir, &site, fault);
    if (rc == RC_OK)
        rc = lift_journal_create(site, fault);
    site_close(site);
    if (rc != RC_OK)
        unlink(database.p);
    return rc;
}
