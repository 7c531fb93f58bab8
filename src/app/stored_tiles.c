#include "app/stored_tiles.h"

#include "store/store.h"

struct str log_origin(const struct site *site, struct arena *arena, enum log_id log)
{
    if (log == LOG_DECISIONS)
        return site_origin(site);
    return arena_printf(arena, "%.*s/voices", STR_ARG(site_origin(site)));
}

struct tile_source stored_tile_source(struct stored_tiles *tiles)
{
    return (struct tile_source){tiles, stored_tile_read,
                                tiles->trees != NULL ? tile_trees_root : NULL};
}
