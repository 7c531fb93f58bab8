#include "store/sqlite_map.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    BEYOND = 256,     /* bytes that SQLite may look at behind a page that is damaged */
    STEP = 256 << 10, /* and an eighth: by less than that it grows without another map */
};
#define MOST ((sqlite3_int64)0x7fff0000) /* as much as SQLite maps of one file */

/* The file as it was at some time. A file of SQLite's own, since to close any other
 * would let go of the process's locks on it. */
struct mapped {
    struct mapped *older; /* pages of which somebody may still hold */
    char *start;
    sqlite3_int64 size, most; /* of the file; as much as SQLite maps of it */
    sqlite3_filename name;
    sqlite3_file file[];
};

struct sqlite_map {
    sqlite3_io_methods methods; /* first: whose file has these finds the map by them */
    pthread_mutex_t lock;       /* over making a newer one */
    _Atomic(struct mapped *) newest;
};

struct sqlite_map *sqlite_map_new(void)
{
    struct sqlite_map *map = calloc(1, sizeof *map);
    if (map == NULL)
        abort();
    pthread_mutex_init(&map->lock, NULL);
    return map;
}

static void mapped_free(struct mapped *m)
{
    if (m->start != NULL)
        m->file->pMethods->xUnfetch(m->file, 0, m->start);
    if (m->file->pMethods != NULL)
        m->file->pMethods->xClose(m->file);
    sqlite3_free_filename(m->name);
    free(m);
}

void sqlite_map_free(struct sqlite_map *map)
{
    for (struct mapped *m = atomic_load(&map->newest), *older; m != NULL; m = older) {
        older = m->older;
        mapped_free(m);
    }
    pthread_mutex_destroy(&map->lock);
    free(map);
}

/* NULL: it cannot be mapped. What is fetched once stays where it is until it is given back. */
static struct mapped *map_file(sqlite3_vfs *vfs, const char *path)
{
    struct mapped *m = calloc(1, sizeof *m + (size_t)vfs->szOsFile);
    if (m == NULL || (m->name = sqlite3_create_filename(path, "", "", 0, NULL)) == NULL)
        abort();
    sqlite3_int64 most = MOST, taken = -1; /* -1 asks what it is */
    void *start = NULL;
    int flags = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY;
    if (vfs->xOpen(vfs, m->name, m->file, flags, NULL) == SQLITE_OK &&
        m->file->pMethods->xFileControl(m->file, SQLITE_FCNTL_MMAP_SIZE, &most) == SQLITE_OK &&
        m->file->pMethods->xFileControl(m->file, SQLITE_FCNTL_MMAP_SIZE, &taken) == SQLITE_OK &&
        m->file->pMethods->xFileSize(m->file, &m->size) == SQLITE_OK &&
        m->file->pMethods->xFetch(m->file, 0, 1, &start) == SQLITE_OK && start != NULL) {
        m->start = start;
        /* SQLite may be built or configured to map less: what lies behind is not there. */
        m->most = taken;
        m->size = m->size < taken ? m->size : taken;
        return m;
    }
    mapped_free(m);
    return NULL;
}

static void map_more(struct sqlite_map *map, sqlite3_int64 size, const char *path)
{
    if (pthread_mutex_trylock(&map->lock) != 0)
        return; /* somebody is at it: SQLite reads the page itself meanwhile */
    struct mapped *now = atomic_load(&map->newest);
    bool worth = now == NULL || (now->size < now->most && size >= now->size + now->size / 8 + STEP);
    struct mapped *more = worth ? map_file(sqlite3_vfs_find(NULL), path) : NULL;
    if (more != NULL) {
        more->older = now;
        atomic_store(&map->newest, more);
    }
    pthread_mutex_unlock(&map->lock);
}

/* ---- in the place of two of SQLite's own ---- */

static int fetch(sqlite3_file *file, sqlite3_int64 at, int n, void **ret_page)
{
    struct sqlite_map *map = (struct sqlite_map *)file->pMethods;
    struct mapped *now = atomic_load_explicit(&map->newest, memory_order_acquire);
    *ret_page = NULL;
    sqlite3_int64 end = at + n + BEYOND, size;
    if (end > now->size && now->size < now->most &&
        file->pMethods->xFileSize(file, &size) == SQLITE_OK)
        map_more(map, size, now->name);
    now = atomic_load_explicit(&map->newest, memory_order_acquire);
    if (end <= now->size)
        *ret_page = now->start + at;
    return SQLITE_OK;
}

static int unfetch(sqlite3_file *file, sqlite3_int64 at, void *page)
{
    (void)file;
    (void)at;
    (void)page;
    return SQLITE_OK;
}

void sqlite_map_use(struct sqlite_map *map, sqlite3 *db)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        file == NULL || file->pMethods == NULL || file->pMethods->iVersion < 3)
        return;
    if (atomic_load(&map->newest) == NULL)
        map_more(map, 0, sqlite3_db_filename(db, "main"));
    pthread_mutex_lock(&map->lock);
    if (map->methods.iVersion == 0) {
        map->methods = *file->pMethods;
        map->methods.xFetch = fetch;
        map->methods.xUnfetch = unfetch;
    }
    pthread_mutex_unlock(&map->lock);
    if (atomic_load(&map->newest) != NULL)
        file->pMethods = &map->methods;
}
