#include "record/merkle.h"

/* Hash number i of level L stands for the 256^L leaves from i * 256^L on; tile
 * n of the level holds the hashes n * 256 … n * 256 + 255, as far as they are
 * complete. */

static unsigned tile_width(uint64_t size, unsigned level, uint64_t n)
{
    uint64_t hashes = level >= 8 ? 0 : size >> (8 * level);
    if (hashes <= n * TILE_WIDTH)
        return 0;
    uint64_t left = hashes - n * TILE_WIDTH;
    return left > TILE_WIDTH ? TILE_WIDTH : (unsigned)left;
}

/* The root of the complete subtree of 2^height leaves that begins at leaf
 * `start`: from the tile of its level, at most 256 hashes. */
static enum rc subtree(const struct tile_source *source, uint64_t size, uint64_t start,
                       unsigned height, struct hash *ret, struct fault *fault)
{
    unsigned level = height / 8, within = height % 8;
    uint64_t first = start >> (8 * level), n = first / TILE_WIDTH;
    unsigned at = (unsigned)(first % TILE_WIDTH), width = tile_width(size, level, n);
    struct hash hashes[TILE_WIDTH];
    if (at + (1u << within) > width)
        return fault_set(fault, RC_CORRUPT, "tile at level %u, number %llu is too narrow", level,
                         (unsigned long long)n);
    if (source->root != NULL)
        return source->root(source->context, level, n, width, at, within, ret, fault);
    enum rc rc = source->read(source->context, level, n, width, hashes, fault);
    if (rc == RC_OK)
        *ret = merkle_root(hashes + at, (size_t)1 << within);
    return rc;
}

/* The largest power of two below n, for n > 1. */
static uint64_t split(uint64_t n)
{
    return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

/* The root of leaves start .. start+n-1, where start is a multiple of the
 * smallest power of two that holds n: complete subtrees from left to right. */
static enum rc range_root(const struct tile_source *source, uint64_t size, uint64_t start,
                          uint64_t n, struct hash *ret, struct fault *fault)
{
    struct hash parts[64];
    unsigned count = 0;
    if (n == 0) {
        *ret = sha256("", 0);
        return RC_OK;
    }
    for (int bit = 63; bit >= 0; bit--) {
        uint64_t part = n & ((uint64_t)1 << bit);
        if (part == 0)
            continue;
        enum rc rc = subtree(source, size, start, (unsigned)bit, &parts[count++], fault);
        if (rc != RC_OK)
            return rc;
        start += part;
    }
    while (count > 1) {
        parts[count - 2] = merkle_node(&parts[count - 2], &parts[count - 1]);
        count--;
    }
    *ret = parts[0];
    return RC_OK;
}

static enum rc check_size(uint64_t size, struct fault *fault)
{
    if (size > TREE_SIZE_MAX)
        return fault_set(fault, RC_INVALID, "no tree has %llu entries", (unsigned long long)size);
    return RC_OK;
}

enum rc tiles_root(const struct tile_source *source, uint64_t size, struct hash *ret,
                   struct fault *fault)
{
    enum rc rc = check_size(size, fault);
    return rc != RC_OK ? rc : range_root(source, size, 0, size, ret, fault);
}

/* RFC 6962 section 2.1.1: PATH(index, D[size]), walked from the root down and
 * turned round, so that the leaf's sibling comes first. */
enum rc tiles_inclusion(const struct tile_source *source, uint64_t index, uint64_t size,
                        struct hash ret_proof[64], size_t *ret_n, struct fault *fault)
{
    struct hash down[64];
    size_t n = 0;
    uint64_t start = 0, left = size;
    enum rc rc = check_size(size, fault);
    if (rc != RC_OK)
        return rc;
    if (index >= size)
        return fault_set(fault, RC_INVALID, "index %llu is not in a tree of %llu",
                         (unsigned long long)index, (unsigned long long)size);
    while (left > 1) {
        uint64_t k = split(left);
        bool right = index - start >= k;
        rc = range_root(source, size, right ? start : start + k, right ? k : left - k, &down[n++],
                        fault);
        if (rc != RC_OK)
            return rc;
        if (right) {
            start += k;
            left -= k;
        } else {
            left = k;
        }
    }
    for (size_t i = 0; i < n; i++)
        ret_proof[i] = down[n - 1 - i];
    *ret_n = n;
    return RC_OK;
}

/* RFC 6962 section 2.1.2: SUBPROOF(old_size, D[size], true). */
enum rc tiles_consistency(const struct tile_source *source, uint64_t old_size, uint64_t size,
                          struct hash ret_proof[64], size_t *ret_n, struct fault *fault)
{
    struct hash down[64];
    size_t n = 0;
    uint64_t start = 0, left = size, m = old_size;
    bool whole = true; /* the old tree begins at `start` and is known to the verifier */
    if (old_size > size)
        return fault_set(fault, RC_INVALID, "a tree of %llu has no proof for a later %llu",
                         (unsigned long long)size, (unsigned long long)old_size);
    enum rc rc = check_size(size, fault);
    if (rc == RC_OK && (old_size == 0 || old_size == size)) {
        *ret_n = 0;
        return RC_OK;
    }
    while (rc == RC_OK && m < left) {
        uint64_t k = split(left);
        if (m <= k) {
            rc = range_root(source, size, start + k, left - k, &down[n++], fault);
            left = k;
        } else {
            rc = range_root(source, size, start, k, &down[n++], fault);
            start += k;
            left -= k;
            m -= k;
            whole = false;
        }
    }
    if (rc == RC_OK && !whole)
        rc = range_root(source, size, start, left, &down[n++], fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n; i++)
        ret_proof[i] = down[n - 1 - i];
    *ret_n = n;
    return RC_OK;
}

/* ---- growing ---- */

enum rc log_edge_load(struct log_edge *edge, const struct tile_source *source, uint64_t size,
                      struct fault *fault)
{
    memset(edge, 0, sizeof *edge);
    edge->size = size;
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        uint64_t n = (size >> (8 * level)) / TILE_WIDTH;
        edge->width[level] = tile_width(size, level, n);
        if (edge->width[level] == 0)
            continue;
        enum rc rc =
            source->read(source->context, level, n, edge->width[level], edge->hashes[level], fault);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc give(const struct tile_sink *sink, const struct log_edge *edge, unsigned level,
                    unsigned width, struct fault *fault)
{
    uint64_t n = (edge->size >> (8 * level)) / TILE_WIDTH;
    return sink->write == NULL
               ? RC_OK
               : sink->write(sink->context, level, n, edge->hashes[level], width, fault);
}

/* Adds one hash to a level; a tile that becomes full is written, and its root
 * goes up one level. */
static enum rc edge_put(struct log_edge *edge, unsigned level, const struct hash *hash,
                        bool touched[TILE_LEVELS], const struct tile_sink *sink,
                        struct fault *fault)
{
    for (struct hash up = *hash; level < TILE_LEVELS; level++) {
        touched[level] = true;
        edge->hashes[level][edge->width[level]++] = up;
        if (edge->width[level] < TILE_WIDTH)
            return RC_OK;
        enum rc rc = give(sink, edge, level, TILE_WIDTH, fault);
        if (rc != RC_OK)
            return rc;
        up = merkle_root(edge->hashes[level], TILE_WIDTH);
        edge->width[level] = 0;
        touched[level] = false;
    }
    return fault_set(fault, RC_LIMIT, "the log is full");
}

enum rc log_edge_append(struct log_edge *edge, const struct hash *leaves, size_t n,
                        const struct tile_sink *sink, struct fault *fault)
{
    bool touched[TILE_LEVELS] = {false};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        rc = edge_put(edge, 0, &leaves[i], touched, sink, fault);
        edge->size++;
    }
    for (unsigned level = 0; rc == RC_OK && level < TILE_LEVELS; level++)
        if (touched[level])
            rc = give(sink, edge, level, edge->width[level], fault);
    return rc;
}

struct hash log_edge_root(const struct log_edge *edge)
{
    struct hash root;
    bool any = false;
    /* From the right: each level's unfinished tile stands left of what the
     * levels below make. */
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        unsigned width = edge->width[level], at = width;
        for (unsigned bit = 0; bit < 8; bit++) {
            if (!(width & (1u << bit)))
                continue;
            at -= 1u << bit;
            struct hash part = merkle_root(edge->hashes[level] + at, (size_t)1 << bit);
            root = any ? merkle_node(&part, &root) : part;
            any = true;
        }
    }
    return any ? root : sha256("", 0);
}

/* ---- paths ---- */

void tile_path_add(struct buf *b, unsigned level, uint64_t n, unsigned width)
{
    char groups[8][4];
    int count = 0;
    do {
        snprintf(groups[count++], sizeof groups[0], "%03u", (unsigned)(n % 1000));
        n /= 1000;
    } while (n > 0 && count < 8);
    if (level == TILE_ENTRIES)
        BUF_LIT(b, "tile/entries");
    else
        buf_printf(b, "tile/%u", level);
    while (count-- > 0)
        buf_printf(b, count > 0 ? "/x%s" : "/%s", groups[count]);
    if (width < TILE_WIDTH)
        buf_printf(b, ".p/%u", width);
}

static bool strict_number(struct str s, uint64_t max, uint64_t *ret)
{
    return s.n > 0 && s.n <= 3 && (s.n == 1 || s.p[0] != '0') && str_to_u64(s, ret) && *ret <= max;
}

enum rc tile_path_parse(struct str path, unsigned *ret_level, uint64_t *ret_n, unsigned *ret_width)
{
    struct str piece;
    uint64_t level = TILE_ENTRIES, n = 0, width = TILE_WIDTH, group;
    if (str_ends(path, STR("/")) || !str_next(&path, '/', &piece))
        return RC_INVALID;
    if (!str_eq(piece, STR("entries")) && !strict_number(piece, 63, &level))
        return RC_INVALID;
    for (int groups = 0;; groups++) {
        if (groups == 6 || !str_next(&path, '/', &piece))
            return RC_INVALID;
        bool more = piece.n == 4 && piece.p[0] == 'x';
        bool partial = piece.n == 5 && str_ends(piece, STR(".p"));
        struct str digits = more ? str_sub(piece, 1, 4) : str_sub(piece, 0, 3);
        if (!(more || partial || piece.n == 3) || !str_to_u64(digits, &group))
            return RC_INVALID;
        if (more && groups == 0 && group == 0)
            return RC_INVALID; /* leading zeros */
        n = n * 1000 + group;
        if (more)
            continue;
        if (partial &&
            (!str_next(&path, '/', &piece) || !strict_number(piece, 255, &width) || width == 0))
            return RC_INVALID;
        break;
    }
    if (path.n > 0)
        return RC_INVALID;
    *ret_level = (unsigned)level;
    *ret_n = n;
    *ret_width = (unsigned)width;
    return RC_OK;
}

/* ---- bundles ---- */

void bundle_add(struct buf *b, struct str entry)
{
    if (entry.n > ENTRY_MAX) { /* its length would not be its length */
        b->failed = true;
        return;
    }
    buf_be(b, entry.n, 2);
    buf_str_add(b, entry);
}

enum rc bundle_next(struct str *rest, struct str *ret_entry)
{
    if (rest->n == 0)
        return RC_NOT_FOUND;
    if (rest->n < 2)
        return RC_INVALID;
    size_t n = (size_t)(uint8_t)rest->p[0] << 8 | (uint8_t)rest->p[1];
    if (rest->n - 2 < n)
        return RC_INVALID;
    *ret_entry = str_sub(*rest, 2, 2 + n);
    *rest = str_sub(*rest, 2 + n, rest->n);
    return RC_OK;
}
