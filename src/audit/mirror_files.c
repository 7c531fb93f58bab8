/* What a mirror keeps, as files laid out as they are served. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/mirror_parts.h"
#include "base/file.h"

const char *mirror_path(struct mirror *m, struct arena *arena, const char *base, struct str rest)
{
    return arena_printf(arena, "%s%s/%.*s", m->order->dir, base, STR_ARG(rest)).p;
}

enum rc mirror_folders(const char *path, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    char *copy = (char *)arena_printf(&arena, "%s", path).p;
    for (char *p = copy + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0755) == 0)
            file_sync_folder_of(copy);
        else if (errno != EEXIST)
            return fault_set(fault, RC_IO, "%s: %s", copy, strerror(errno));
        *p = '/';
    }
    return RC_OK;
}

/* For a web server to read: what is mirrored is public. */
enum rc mirror_put(const char *path, struct str bytes, struct fault *fault)
{
    enum rc rc = mirror_folders(path, fault);
    if (rc == RC_OK)
        rc = file_replace(path, bytes, fault);
    if (rc == RC_OK && chmod(path, 0644) != 0)
        rc = fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    return rc;
}

const char *mirror_bundle(struct mirror *m, struct arena *arena, const struct mirrored_log *log,
                          uint64_t n, unsigned width, struct str *ret_rest)
{
    BUF_AUTO path = BUF_INIT(256);
    tile_path_add(&path, TILE_ENTRIES, n, width);
    *ret_rest = arena_str(arena, buf_str(&path));
    return mirror_path(m, arena, log->base, *ret_rest);
}

/* The leaf hashes of a bundle of exactly `width` entries. */
enum rc mirror_leaves(struct str bundle, unsigned width, struct hash ret[TILE_WIDTH],
                      struct fault *fault)
{
    struct str entry;
    for (unsigned i = 0; i < width; i++) {
        if (bundle_next(&bundle, &entry) != RC_OK)
            return fault_set(fault, RC_INVALID, "it is cut short");
        ret[i] = merkle_leaf(entry);
    }
    return bundle.n == 0 ? RC_OK : fault_set(fault, RC_INVALID, "it holds more than it should");
}
