#include "app/site.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/counters.h"
#include "app/database.h"
#include "app/key.h"
#include "app/lift_journal.h"
#include "app/site_files.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/file.h"
#include "store/store.h"

struct site {
    struct arena arena;
    char *dir;
    const char *key_path, *lifts_path, *head_path;
    const char *signer_path; /* NULL: none */
    struct str origin, public_key;
    struct store *store;
    struct counters counters;
    const char *replicas[SITE_REPLICAS_MAX];
    size_t replica_count;
    const char *reader; /* the URL by which pages are read; NULL: as everything else */
};

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

static struct site *site_new(const char *dir)
{
    struct site *site = calloc(1, sizeof *site);
    if (site == NULL)
        abort();
    site->arena = ARENA_INIT;
    site->dir = arena_z(&site->arena, str_of(dir));
    site->key_path = arena_printf(&site->arena, "%s/key", dir).p;
    site->lifts_path = arena_printf(&site->arena, "%s/lifts.journal", dir).p;
    return site;
}

static char *path_in(const char *dir, struct arena *arena, const char *name)
{
    return (char *)arena_printf(arena, "%s/%s", dir, name).p;
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
    return file_replace(path_in(dir, &arena, "database"), url, fault);
}

/* ---- making and opening ---- */

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
    struct site *site = site_new(dir);
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct str public_key = STR_NONE;
    const char *address, *key = site_key_path(site);
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
        rc = store_open(address, true, &site->store, fault);
    if (rc == RC_OK)
        rc = store_connect(site->store, true, &conn, fault);
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
    site_close(site);
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
    if (rc == RC_OK && site->public_key.n == 0)
        rc = fault_set(fault, RC_CONFLICT,
                       "--database: its first node has to be started once with this version");
    if (rc == RC_OK)
        rc = note_database(dir, database, fault);
    if (rc == RC_OK)
        rc = lift_journal_create(dir, STR_NONE, fault);
    site_close(site);
    return rc;
}

static enum rc read_identity(struct site *site, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = store_setting(conn, &site->arena, "origin", &site->origin, fault);
    if (rc != RC_OK)
        return rc;
    rc = store_setting(conn, &site->arena, SITE_PUBLIC_KEY, &site->public_key, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* DIR/head-file names the place; where it cannot be read though it is there, nothing
 * may be signed as if there were none. */
static enum rc read_head_path(struct site *site, const char *dir, struct fault *fault)
{
    enum { PATH_LONGEST = 4096 };
    struct str path;
    const char *name = arena_printf(&site->arena, "%s/head-file", dir).p;
    enum rc rc = file_read(name, PATH_LONGEST, &site->arena, &path, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    path = str_trim(path);
    if (path.n == 0)
        return fault_set(fault, RC_INVALID, "%s: it names no file", name);
    site->head_path = arena_z(&site->arena, path);
    return RC_OK;
}

enum rc site_open_at(const char *dir, const char *address, struct site **ret, struct fault *fault)
{
    if (sodium_init() < 0)
        return fault_set(fault, RC_IO, "libsodium does not start");
    struct site *site = site_new(dir);
    struct store_conn *conn = NULL;
    enum rc rc = store_open(address, false, &site->store, fault);
    if (rc == RC_NOT_FOUND)
        fault_set(fault, rc, "%s: no shop here; make one with `colophon -d %s init`", dir, dir);
    if (rc == RC_OK)
        rc = store_connect(site->store, false, &conn, fault);
    if (rc == RC_OK)
        rc = read_identity(site, conn, fault);
    if (rc == RC_OK)
        rc = read_head_path(site, dir, fault);
    store_disconnect(conn);
    if (rc != RC_OK) {
        site_close(site);
        return rc;
    }
    *ret = site;
    return RC_OK;
}

enum rc site_open(const char *dir, struct site **ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct database database;
    enum rc rc = database_read(dir, &arena, &database, fault);
    if (rc == RC_OK)
        rc = site_open_at(dir, database.address, ret, fault);
    if (rc == RC_OK && database.reader != NULL)
        (*ret)->reader = arena_z(&(*ret)->arena, str_of(database.reader));
    return rc;
}

void site_close(struct site *site)
{
    if (site == NULL)
        return;
    store_close(site->store);
    struct arena arena = site->arena;
    free(site);
    arena_free(&arena);
}

enum rc site_connect(struct site *site, struct store_conn **ret, struct fault *fault)
{
    if (site->reader != NULL)
        return store_connect_at(site->reader, ret, fault);
    return store_connect(site->store, false, ret, fault);
}

enum rc site_connect_wholly(struct site *site, struct store_conn **ret, struct fault *fault)
{
    return store_connect(site->store, false, ret, fault);
}

enum rc site_snapshot(struct store_conn *conn, struct fault *fault)
{
    return store_begin(conn, fault);
}

void site_snapshot_end(struct store_conn *conn)
{
    store_rollback(conn);
}

enum rc site_add_replica(struct site *site, struct str url, struct fault *fault)
{
    enum rc rc = database_check_url(url, "--replica", fault);
    if (rc == RC_OK && !store_is_shared(site->store))
        rc = fault_set(fault, RC_INVALID, "--replica: this shop's database is a file");
    if (rc == RC_OK && site->replica_count == SITE_REPLICAS_MAX)
        rc = fault_set(fault, RC_INVALID, "--replica: at most %d", SITE_REPLICAS_MAX);
    if (rc != RC_OK)
        return rc;
    site->replicas[site->replica_count++] = arena_z(&site->arena, url);
    return RC_OK;
}

size_t site_replicas(const struct site *site)
{
    return site->replica_count;
}

enum rc site_connect_replica(struct site *site, size_t at, struct store_conn **ret,
                             struct fault *fault)
{
    return store_connect_at(site->replicas[at], ret, fault);
}

uint64_t site_state(struct store_conn *conn)
{
    return store_version(conn);
}

void site_disconnect(struct store_conn *conn)
{
    store_disconnect(conn);
}

struct counters *site_counters(struct site *site)
{
    return &site->counters;
}

void site_act(struct site *site, struct store_act *act)
{
    store_act(site->store, act);
}

struct str site_public_key(const struct site *site)
{
    return site->public_key;
}

const char *site_lifts_path(const struct site *site)
{
    return site->lifts_path;
}

const char *site_key_path(const struct site *site)
{
    return site->key_path;
}

void site_use_key(struct site *site, const char *path)
{
    site->key_path = arena_z(&site->arena, str_of(path));
}

const char *site_signer_path(const struct site *site)
{
    return site->signer_path;
}

void site_use_signer(struct site *site, const char *path)
{
    site->signer_path = arena_z(&site->arena, str_of(path));
}

void site_use_head(struct site *site, const char *path)
{
    site->head_path = arena_z(&site->arena, str_of(path));
}

const char *site_head_path(const struct site *site)
{
    return site->head_path;
}

struct store *site_store(const struct site *site)
{
    return site->store;
}

const char *site_dir(const struct site *site)
{
    return site->dir;
}

struct str site_origin(const struct site *site)
{
    return site->origin;
}

char *site_path(const struct site *site, struct arena *arena, const char *name)
{
    return path_in(site->dir, arena, name);
}

enum rc site_lock(const struct site *site, const char *name, int *ret_fd, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *path = site_path(site, &arena, (char *)arena_printf(&arena, "%s.lock", name).p);
    int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int error = errno;
        close(fd);
        if (error == EWOULDBLOCK)
            return fault_set(fault, RC_BUSY, "%s: another process holds it", path);
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(error));
    }
    *ret_fd = fd;
    return RC_OK;
}

enum rc site_lock_soon(const struct site *site, const char *name, int *ret_fd, struct fault *fault)
{
    enum { SOON_MS = 3000, PAUSE_US = 20000 };
    int64_t end = clock_monotonic_ms() + SOON_MS;
    for (;;) {
        enum rc rc = site_lock(site, name, ret_fd, fault);
        if (rc != RC_BUSY || clock_monotonic_ms() > end)
            return rc;
        usleep(PAUSE_US);
    }
}

void site_unlock(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* Socket addresses hold 108 bytes at most; a path through /proc is short
 * whatever the folder's is. */
static bool wake_address(const struct site *site, int *ret_dir, struct sockaddr_un *ret)
{
    int dir = open(site->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return false;
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(ret->sun_path, sizeof ret->sun_path, "/proc/self/fd/%d/wake", dir);
    *ret_dir = dir;
    return true;
}

void site_wake(const struct site *site)
{
    struct sockaddr_un address;
    int dir;
    if (!wake_address(site, &dir, &address))
        return;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        /* Where nobody listens there is nobody to wake. */
        (void)!sendto(fd, "", 1, 0, (struct sockaddr *)&address, sizeof address);
        close(fd);
    }
    close(dir);
}

enum rc site_wake_open(const struct site *site, int *ret_fd, struct fault *fault)
{
    struct sockaddr_un address;
    int dir;
    if (!wake_address(site, &dir, &address))
        return fault_set(fault, RC_IO, "%s: %s", site->dir, strerror(errno));
    enum rc rc = RC_OK;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlinkat(dir, "wake", 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        rc = fault_set(fault, RC_IO, "%s/wake: %s", site->dir, strerror(errno));
        if (fd >= 0)
            close(fd);
    } else {
        *ret_fd = fd;
    }
    close(dir);
    return rc;
}
