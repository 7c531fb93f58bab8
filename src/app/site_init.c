#include "app/site_init.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/database.h"
#include "app/key.h"
#include "app/lift_journal.h"
#include "app/site.h"
#include "app/site_files.h"
#include "base/crash.h"
#include "base/file.h"
#include "store/store.h"

/* A host name with an optional path: what a checkpoint's origin may be. */
static bool origin_valid(struct str origin)
{
    if (origin.n == 0 || origin.n > 200 || origin.p[0] == '/' || origin.p[origin.n - 1] == '/')
        return false;
    for (size_t i = 0; i < origin.n; i++) {
        char c = origin.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == ':' || c == '/' || c == '_';
        if (!ok)
            return false;
    }
    return true;
}

/* Notes the URL of a new shop's database; one that stands there already must be
 * the same. */
static enum rc note_database(const char *dir, struct str url, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *address = NULL;
    enum rc rc = database_check_url(url, "--database", fault);
    if (rc == RC_OK)
        rc = database_address(dir, &arena, &address, fault);
    if (rc != RC_OK)
        return rc;
    if (access(address, F_OK) == 0)
        return fault_set(fault, RC_CONFLICT, "%s: there is a shop already", address);
    if (store_is_url(str_of(address)) && !str_eq(str_of(address), url))
        return fault_set(fault, RC_CONFLICT, "%s/database: it names another database", dir);
    /* It may hold a password: nobody else reads it. */
    return file_replace(arena_printf(&arena, "%s/database", dir).p, url, fault);
}

/* A new key, or the one that an init which was cut short has made. */
static enum rc own_key(const char *path, struct arena *arena, struct str origin,
                       struct str *ret_public, struct fault *fault)
{
    struct note_signer signer;
    BUF_AUTO text = BUF_INIT(1024);
    enum rc rc = key_create(path, origin, fault);
    if (rc != RC_OK && rc != RC_CONFLICT)
        return rc;
    rc = key_load(path, arena, &signer, fault);
    if (rc != RC_OK)
        return rc;
    if (!str_eq(signer.key.name, origin))
        rc = fault_set(fault, RC_CONFLICT, "%s: there is a key for %.*s already", path,
                       STR_ARG(signer.key.name));
    note_key_add(&text, &signer.key);
    *ret_public = arena_str(arena, buf_str(&text));
    note_signer_clear(&signer);
    return rc;
}

static enum rc refuse_shop(struct store_conn *conn, struct arena *arena, struct fault *fault)
{
    struct str origin;
    enum rc rc = store_setting(conn, arena, "origin", &origin, fault);
    if (rc == RC_OK)
        return fault_set(fault, RC_CONFLICT, "there is a shop already: %.*s", STR_ARG(origin));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc site_init(const char *dir, struct str origin, struct str database, struct str files,
                  struct fault *fault)
{
    if (!origin_valid(origin))
        return fault_set(fault, RC_INVALID,
                         "--origin %.*s: a lower-case host name with an optional path is needed",
                         STR_ARG(origin));
    if (files.n > 0 && site_files_check(files, fault) != RC_OK)
        return RC_INVALID;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "%s: %s", dir, strerror(errno));
    ARENA_AUTO arena = ARENA_INIT;
    struct store *store = NULL;
    struct store_conn *conn = NULL;
    struct str public_key = STR_NONE;
    const char *address, *key = arena_printf(&arena, "%s/key", dir).p;
    enum rc rc = database.n > 0 ? note_database(dir, database, fault) : RC_OK;
    if (rc == RC_OK)
        rc = database_address(dir, &arena, &address, fault);
    /* The origin is set last: without it nothing was ever signed, so that an
     * init which was cut short goes on here. A key alone may have signed: a new
     * log under it would be a fork. */
    if (rc == RC_OK && !store_is_url(str_of(address)) && access(address, F_OK) != 0 &&
        access(key, F_OK) == 0)
        rc = fault_set(fault, RC_CONFLICT,
                       "%s: a key without its database; restore the backup, or make the new shop "
                       "elsewhere",
                       key);
    if (rc == RC_OK)
        rc = store_open(address, true, &store, fault);
    if (rc == RC_OK)
        rc = store_connect(store, true, &conn, fault);
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = refuse_shop(conn, &arena, fault);
    if (rc == RC_OK)
        rc = own_key(key, &arena, origin, &public_key, fault);
    if (rc == RC_OK)
        rc = lift_journal_create(dir, STR_NONE, fault);
    crash_point("init-prepared");
    if (rc == RC_OK && files.n > 0)
        rc = files_place_put(conn, files, fault);
    if (rc == RC_OK)
        rc = store_setting_put(conn, SITE_PUBLIC_KEY, public_key, fault);
    if (rc == RC_OK)
        rc = store_setting_put(conn, "origin", origin, fault);
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    if (conn != NULL)
        store_rollback(conn);
    store_disconnect(conn);
    store_close(store);
    return rc;
}

enum rc site_join(const char *dir, struct str database, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct site *site = NULL;
    enum rc rc = database_check_url(database, "--database", fault);
    if (rc != RC_OK)
        return rc;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "%s: %s", dir, strerror(errno));
    rc = site_open_at(dir, arena_z(&arena, database), &site, fault);
    if (rc == RC_NOT_FOUND)
        rc = fault_set(fault, rc, "--database: there is no shop yet; `colophon init` makes one");
    if (rc == RC_OK && site_public_key(site).n == 0)
        rc = fault_set(fault, RC_CONFLICT,
                       "--database: its first node has to be started once with this version");
    if (rc == RC_OK)
        rc = note_database(dir, database, fault);
    if (rc == RC_OK)
        rc = lift_journal_create(dir, STR_NONE, fault);
    site_close(site);
    return rc;
}
