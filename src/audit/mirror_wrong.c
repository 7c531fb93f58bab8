/* A log was forked where two signed checkpoints contradict each other, and nowhere else: a
 * cache that is behind, or a bundle with a wrong byte, is no fork. */
#include "audit/mirror_parts.h"
#include "base/file.h"

static const struct tile_sink nobody = {NULL, NULL};

/* The root over the first entries that lie here. */
static enum rc root_here(struct mirror *m, const struct mirrored_log *log, uint64_t size,
                         struct hash *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct log_edge *edge = ARENA_NEW(&arena, struct log_edge);
    enum rc rc = RC_OK;
    for (uint64_t n = 0; rc == RC_OK && n * TILE_WIDTH < size; n++) {
        ARENA_AUTO scratch = ARENA_INIT;
        struct hash leaves[TILE_WIDTH];
        struct str bundle, rest;
        uint64_t here = log->edge.size - n * TILE_WIDTH, left = size - n * TILE_WIDTH;
        unsigned width = here < TILE_WIDTH ? (unsigned)here : TILE_WIDTH;
        const char *path = mirror_bundle(m, &scratch, log, n, width, &rest);
        rc = file_read(path, FILE_MAX, &scratch, &bundle, fault);
        if (rc == RC_OK)
            rc = mirror_leaves(bundle, width, leaves, fault);
        if (rc == RC_OK)
            rc = log_edge_append(edge, leaves, left < width ? left : width, &nobody, fault);
        if (rc != RC_OK)
            rc = fault_prefix(fault, RC_CORRUPT, "damaged: %s", path);
    }
    *ret = log_edge_root(edge);
    return rc;
}

static enum rc tell_fork(const struct mirrored_log *log, const struct checkpoint *c,
                         struct fault *fault)
{
    return fault_set(fault, RC_CORRUPT,
                     "forked: of %.*s two checkpoints are signed that contradict each other, of "
                     "%llu entries, which are mirrored, and of %llu",
                     STR_ARG(log->name), (unsigned long long)log->edge.size,
                     (unsigned long long)c->size);
}

enum rc mirror_tell_old(struct mirror *m, const struct mirrored_log *log,
                        const struct checkpoint *c, struct fault *fault)
{
    struct hash root;
    enum rc rc = root_here(m, log, c->size, &root, fault);
    if (rc != RC_OK)
        return rc;
    if (!hash_eq(&root, &c->root))
        return tell_fork(log, c, fault);
    return fault_set(fault, RC_CONFLICT,
                     "old: the checkpoint served of %.*s has %llu entries, the first of the %llu "
                     "mirrored: a copy that is behind, or a log that was rolled back",
                     STR_ARG(log->name), (unsigned long long)c->size,
                     (unsigned long long)log->edge.size);
}

/* What the log's own hash tiles say: the root over all, and over as many as lie here. */
static enum rc roots_of_tiles(struct mirror *m, const struct mirrored_log *log, uint64_t size,
                              struct hash *ret, struct hash *ret_known, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct log_edge *all = ARENA_NEW(&arena, struct log_edge);
    struct log_edge *known = ARENA_NEW(&arena, struct log_edge);
    enum rc rc = RC_OK;
    for (uint64_t n = 0; rc == RC_OK && n * TILE_WIDTH < size; n++) {
        ARENA_AUTO scratch = ARENA_INIT;
        BUF_AUTO path = BUF_INIT(256);
        struct hash leaves[TILE_WIDTH];
        struct str tile;
        uint64_t left = size - n * TILE_WIDTH, more = log->edge.size - known->size;
        unsigned width = left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
        buf_printf(&path, "%s/", log->base);
        tile_path_add(&path, 0, n, width);
        rc = fetch_body(m->fetcher, &scratch, buf_str(&path), &tile, fault);
        if (rc == RC_OK && tile.n != width * sizeof *leaves)
            rc = fault_set(fault, RC_CONFLICT, "damaged: what is served at %.*s",
                           STR_ARG(buf_str(&path)));
        if (rc != RC_OK)
            break;
        memcpy(leaves, tile.p, tile.n);
        rc = log_edge_append(all, leaves, width, &nobody, fault);
        if (rc == RC_OK && more > 0)
            rc = log_edge_append(known, leaves, more < width ? more : width, &nobody, fault);
    }
    *ret = log_edge_root(all);
    *ret_known = log_edge_root(known);
    return rc == RC_NOT_FOUND ? RC_IO : rc;
}

enum rc mirror_tell_wrong(struct mirror *m, const struct mirrored_log *log,
                          const struct checkpoint *c, struct fault *fault)
{
    struct hash root, known;
    enum rc rc = roots_of_tiles(m, log, c->size, &root, &known, fault);
    if (rc != RC_OK)
        return rc;
    if (!hash_eq(&root, &c->root))
        return fault_set(fault, RC_CONFLICT,
                         "damaged: neither the entries nor the tiles served of %.*s make the root "
                         "that is signed",
                         STR_ARG(log->name));
    if (log->edge.size > 0 && !hash_eq(&known, &log->root))
        return tell_fork(log, c, fault);
    return fault_set(fault, RC_CONFLICT,
                     "damaged: the entries served of %.*s are others than those signed",
                     STR_ARG(log->name));
}
