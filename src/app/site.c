#include "app/site.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/counters.h"
#include "app/database.h"
#include "base/clock.h"
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

/* ---- opening ---- */

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

enum rc site_look_wholly(struct site *site, site_look look, void *context, struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = look(context, conn, fault);
    site_disconnect(conn);
    return rc;
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

bool site_is_shared(const struct site *site)
{
    return store_is_shared(site->store);
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
