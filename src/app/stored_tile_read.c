#include "app/stored_tiles.h"
#include "store/store.h"

enum rc stored_tile_read(void *context, unsigned level, uint64_t n, unsigned width,
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
