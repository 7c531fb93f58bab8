#include "app/stored_tiles.h"

#include "store/store.h"

struct str log_origin(const struct site *site, struct arena *arena, enum log_id log)
{
    if (log == LOG_DECISIONS)
        return site_origin(site);
    return arena_printf(arena, "%.*s/voices", STR_ARG(site_origin(site)));
}

static enum rc read_stored_tile(void *context, unsigned level, uint64_t n, unsigned width,
                                struct hash *ret_hashes, struct fault *fault)
{
    struct stored_tiles *tiles = context;
    struct hash hashes[TILE_WIDTH];
    unsigned stored;
    enum rc rc = record_log_tile_get(tiles->conn, tiles->log, level, n, hashes, &stored, fault);
    if (rc != RC_OK)
        return rc;
    if (stored < width)
        return fault_set(fault, RC_CORRUPT, "tile at level %u, number %llu is not wide enough",
                         level, (unsigned long long)n);
    memcpy(ret_hashes, hashes, width * sizeof *hashes);
    return RC_OK;
}

struct tile_source stored_tile_source(struct stored_tiles *tiles)
{
    return (struct tile_source){tiles, read_stored_tile,
                                tiles->trees != NULL ? tile_trees_root : NULL};
}
