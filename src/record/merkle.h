/* RFC 6962 section 2.1 hashing and proofs (checked as RFC 9162 section 2.1.3.2
 * and 2.1.4.2 say), and the tiles of C2SP tlog-tiles. Pure: bytes in, bytes out. */
#ifndef COLOPHON_RECORD_MERKLE_H
#define COLOPHON_RECORD_MERKLE_H

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"

struct hash merkle_leaf(struct str entry);
struct hash merkle_node(const struct hash *left, const struct hash *right);
/* The root over leaf hashes; the hash of nothing for n = 0. */
struct hash merkle_root(const struct hash *leaves, size_t n);

#define TILE_WIDTH 256
#define TILE_LEVELS 8
/* A larger tree is refused: no proof is longer than 64 hashes. */
#define TREE_SIZE_MAX (((uint64_t)1 << 62) - 1)

/* Where tiles come from: the database for the log itself, HTTP for an auditor. */
struct tile_source {
    void *context;
    /* The first `width` (1 to 256) hashes of a tile. A fuller tile may be used. */
    enum rc (*read)(void *context, unsigned level, uint64_t n, unsigned width,
                    struct hash *ret_hashes, struct fault *fault);
    /* NULL, or for who keeps the trees over tiles: the root over the 2^height hashes (height
     * up to 8) of a tile from `at` on, which is a multiple of their number. `width` as above. */
    enum rc (*root)(void *context, unsigned level, uint64_t n, unsigned width, unsigned at,
                    unsigned height, struct hash *ret, struct fault *fault);
};

/* Root of the tree of `size` entries, from its right-edge tiles. */
enum rc tiles_root(const struct tile_source *source, uint64_t size, struct hash *ret,
                   struct fault *fault) MUST_CHECK;
/* Proofs from tiles, leaf's sibling first; at most 64 hashes. */
enum rc tiles_inclusion(const struct tile_source *source, uint64_t index, uint64_t size,
                        struct hash ret_proof[64], size_t *ret_n, struct fault *fault) MUST_CHECK;
enum rc tiles_consistency(const struct tile_source *source, uint64_t old_size, uint64_t size,
                          struct hash ret_proof[64], size_t *ret_n, struct fault *fault) MUST_CHECK;
/* RC_INVALID where the proof does not show what it should, is too long or too short. */
enum rc merkle_check_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
                               const struct hash *proof, size_t n,
                               const struct hash *root) MUST_CHECK;
enum rc merkle_check_consistency(uint64_t old_size, const struct hash *old_root, uint64_t size,
                                 const struct hash *root, const struct hash *proof,
                                 size_t n) MUST_CHECK;

/* A growing tree: what the sequencer keeps between batches. Holds the right
 * edge only: per level the hashes of the unfinished tile. */
struct log_edge {
    uint64_t size;
    struct hash hashes[TILE_LEVELS][TILE_WIDTH];
    unsigned width[TILE_LEVELS];
};

/* Called for each tile that an append touched: once when it becomes full, and
 * once at the end of the batch for each partial one. `write` NULL: nobody keeps them. */
struct tile_sink {
    void *context;
    enum rc (*write)(void *context, unsigned level, uint64_t n, const struct hash *hashes,
                     unsigned width, struct fault *fault);
};

enum rc log_edge_load(struct log_edge *edge, const struct tile_source *source, uint64_t size,
                      struct fault *fault) MUST_CHECK;
enum rc log_edge_append(struct log_edge *edge, const struct hash *leaves, size_t n,
                        const struct tile_sink *sink, struct fault *fault) MUST_CHECK;
struct hash log_edge_root(const struct log_edge *edge);

/* "tile/0/x001/067.p/44" (no leading slash); width 256 writes no ".p". Level
 * TILE_ENTRIES writes "tile/entries/…". */
#define TILE_ENTRIES 255u
void tile_path_add(struct buf *b, unsigned level, uint64_t n, unsigned width);
/* Reads what follows "tile/" strictly; width 256 for a full tile. */
enum rc tile_path_parse(struct str path, unsigned *ret_level, uint64_t *ret_n,
                        unsigned *ret_width) MUST_CHECK;

/* Entry bundles: per entry a big-endian 16-bit length and the bytes. One longer
 * than ENTRY_MAX marks the buffer failed. */
#define ENTRY_MAX 65535
void bundle_add(struct buf *b, struct str entry);
/* Cuts the next entry off `*rest`; RC_NOT_FOUND at the end, RC_INVALID where cut short. */
enum rc bundle_next(struct str *rest, struct str *ret_entry) MUST_CHECK;

/* Root over a set of work ids (big-endian 64-bit leaves, ascending): what an
 * entry about a set commits to. */
struct hash work_list_root(const uint64_t *works, size_t n);

#endif
