/* Inside app/: a log as it lies in the database, for proofs. */
#ifndef COLOPHON_APP_STORED_TILES_H
#define COLOPHON_APP_STORED_TILES_H

#include "app/site.h"
#include "app/tile_trees.h"
#include "record/merkle.h"
#include "store/record_log.h"

/* The origin of a log: "books.example" or "books.example/voices". */
struct str log_origin(const struct site *site, struct arena *arena, enum log_id log);

/* Tiles as they are stored. `context` is a `struct stored_tiles`. */
struct stored_tiles {
    struct store_conn *conn;
    enum log_id log;
    struct tile_trees *trees; /* NULL: nobody keeps what is read */
};
struct tile_source stored_tile_source(struct stored_tiles *tiles);
/* The source's `read`: from the database. */
enum rc stored_tile_read(void *context, unsigned level, uint64_t n, unsigned width,
                         struct hash *ret_hashes, struct fault *fault) MUST_CHECK;

/* The source's `root`, where trees are kept. */
enum rc tile_trees_root(void *context, unsigned level, uint64_t n, unsigned width, unsigned at,
                        unsigned height, struct hash *ret, struct fault *fault) MUST_CHECK;

#endif
