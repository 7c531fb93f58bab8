#include "record/state_map.h"
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

/* Where a subtree is: nothing, a leaf or a node, by its place in their array. */
typedef uint32_t ref;
enum { NOTHING = 0 };
#define LEAF_BIT ((ref)1 << 31)

struct leaf {
    struct hash key, value, hash;
    void *item;
};
struct node {
    struct hash hash;
    ref child[2];
    bool stale;
};

/* Freed places are chained: through `child[0]` of nodes, and for leaves beside them. */
struct state_map {
    ref root;
    struct leaf *leaves;
    struct node *nodes;
    ref *leaf_chain;
    size_t leaf_room, chain_room, node_room;
    uint32_t leaf_n, leaf_free, node_n, node_free;
    size_t count;
};

struct state_map *state_map_new(void)
{
    struct state_map *map = calloc(1, sizeof *map);
    if (map == NULL)
        abort();
    map->leaf_n = map->node_n = 1; /* place 0 is nothing */
    return map;
}

void state_map_free(struct state_map *map)
{
    if (map == NULL)
        return;
    free(map->leaves);
    free(map->leaf_chain);
    free(map->nodes);
    free(map);
}

static ref leaf_new(struct state_map *map)
{
    if (map->leaf_free != 0) {
        uint32_t at = map->leaf_free;
        map->leaf_free = map->leaf_chain[at];
        return at | LEAF_BIT;
    }
    HEAP_ROOM(map->leaves, map->leaf_n, map->leaf_room);
    HEAP_ROOM(map->leaf_chain, map->leaf_n, map->chain_room);
    return map->leaf_n++ | LEAF_BIT;
}

static ref node_new(struct state_map *map)
{
    uint32_t at = map->node_free;
    if (at != 0) {
        map->node_free = map->nodes[at].child[0];
    } else {
        HEAP_ROOM(map->nodes, map->node_n, map->node_room);
        at = map->node_n++;
    }
    map->nodes[at] = (struct node){.stale = true};
    return at;
}

static bool is_leaf(ref r)
{
    return (r & LEAF_BIT) != 0;
}

static struct leaf *leaf_at(const struct state_map *map, ref r)
{
    return &map->leaves[r & ~LEAF_BIT];
}

static int bit_of(const struct hash *key, unsigned depth)
{
    return key->b[depth / 8] >> (7 - depth % 8) & 1;
}

static struct hash nothing_hash(void)
{
    return sha256("", 0);
}

static struct hash leaf_hash(const struct hash *key, const struct hash *value)
{
    struct str parts[] = {STR("\x02"),
                          {(const char *)key->b, sizeof key->b},
                          {(const char *)value->b, sizeof value->b}};
    return sha256_parts(parts, 3);
}

static struct hash node_hash(const struct hash *left, const struct hash *right)
{
    struct str parts[] = {STR("\x03"),
                          {(const char *)left->b, sizeof left->b},
                          {(const char *)right->b, sizeof right->b}};
    return sha256_parts(parts, 3);
}

/* The subtree with the leaf in it. */
static ref insert(struct state_map *map, ref r, unsigned depth, ref leaf)
{
    const struct hash *key = &leaf_at(map, leaf)->key;
    if (r == NOTHING)
        return leaf;
    if (is_leaf(r)) {
        ref node = node_new(map);
        map->nodes[node].child[bit_of(&leaf_at(map, r)->key, depth)] = r;
        r = node;
    }
    int side = bit_of(key, depth);
    ref child = insert(map, map->nodes[r].child[side], depth + 1, leaf);
    map->nodes[r].child[side] = child;
    map->nodes[r].stale = true;
    return r;
}

/* Where the way to the key ends, and the nodes on it. */
static ref walk(const struct state_map *map, const struct hash *key, ref *ret_way, unsigned *ret_n)
{
    ref r = map->root;
    unsigned n = 0;
    while (r != NOTHING && !is_leaf(r)) {
        ret_way[n] = r;
        r = map->nodes[r].child[bit_of(key, n)];
        n++;
    }
    *ret_n = n;
    return r;
}

void state_map_put(struct state_map *map, const struct hash *key, const struct hash *value,
                   void *item)
{
    ref way[STATE_PROOF_MAX + 1];
    unsigned n;
    ref at = walk(map, key, way, &n);
    bool there = at != NOTHING && hash_eq(&leaf_at(map, at)->key, key);
    ref leaf = there ? at : leaf_new(map);
    *leaf_at(map, leaf) =
        (struct leaf){.key = *key, .value = *value, .hash = leaf_hash(key, value), .item = item};
    for (unsigned i = 0; i < n; i++)
        map->nodes[way[i]].stale = true;
    if (there)
        return;
    map->root = insert(map, map->root, 0, leaf);
    map->count++;
}

void state_map_remove(struct state_map *map, const struct hash *key)
{
    ref way[STATE_PROOF_MAX + 1];
    unsigned n;
    ref at = walk(map, key, way, &n), left = NOTHING;
    if (at == NOTHING || !hash_eq(&leaf_at(map, at)->key, key))
        return;
    map->leaf_chain[at & ~LEAF_BIT] = map->leaf_free;
    map->leaf_free = at & ~LEAF_BIT;
    map->count--;
    /* Upwards: a node with nothing but one leaf is that leaf. */
    while (n > 0) {
        struct node *node = &map->nodes[way[--n]];
        int side = bit_of(key, n);
        ref other = node->child[!side];
        if ((left == NOTHING && is_leaf(other)) || (is_leaf(left) && other == NOTHING)) {
            left = left == NOTHING ? other : left;
            node->child[0] = map->node_free;
            map->node_free = way[n];
            continue;
        }
        node->child[side] = left;
        node->stale = true;
        left = way[n];
    }
    map->root = left;
}

void *state_map_get(const struct state_map *map, const struct hash *key)
{
    ref way[STATE_PROOF_MAX + 1];
    unsigned n;
    ref at = walk(map, key, way, &n);
    return at != NOTHING && hash_eq(&leaf_at(map, at)->key, key) ? leaf_at(map, at)->item : NULL;
}

size_t state_map_count(const struct state_map *map)
{
    return map->count;
}

static struct hash hash_of(struct state_map *map, ref r)
{
    if (r == NOTHING)
        return nothing_hash();
    if (is_leaf(r))
        return leaf_at(map, r)->hash;
    if (map->nodes[r].stale) {
        struct hash left = hash_of(map, map->nodes[r].child[0]);
        struct hash right = hash_of(map, map->nodes[r].child[1]);
        map->nodes[r].hash = node_hash(&left, &right);
        map->nodes[r].stale = false;
    }
    return map->nodes[r].hash;
}

struct hash state_map_root(struct state_map *map)
{
    return hash_of(map, map->root);
}

void state_map_prove(struct state_map *map, const struct hash *key, struct state_proof *ret)
{
    ref way[STATE_PROOF_MAX + 1];
    unsigned n;
    ref at = walk(map, key, way, &n);
    memset(ret, 0, sizeof *ret);
    for (unsigned i = 0; i < n; i++)
        ret->path[i] = hash_of(map, map->nodes[way[i]].child[!bit_of(key, i)]);
    ret->n = n;
    ret->has_leaf = at != NOTHING;
    if (ret->has_leaf) {
        ret->leaf_key = leaf_at(map, at)->key;
        ret->leaf_value = leaf_at(map, at)->value;
    }
}

static bool same_beginning(const struct hash *a, const struct hash *b, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        if (bit_of(a, i) != bit_of(b, i))
            return false;
    return true;
}

enum rc state_proof_check(const struct state_proof *proof, const struct hash *root,
                          const struct hash *key, const struct hash *value)
{
    if (proof->n > STATE_PROOF_MAX)
        return RC_INVALID;
    bool own = proof->has_leaf && hash_eq(&proof->leaf_key, key);
    if (own != (value != NULL) || (own && !hash_eq(&proof->leaf_value, value)))
        return RC_INVALID;
    if (proof->has_leaf && !same_beginning(&proof->leaf_key, key, proof->n))
        return RC_INVALID;
    struct hash hash = nothing_hash();
    if (proof->has_leaf)
        hash = leaf_hash(&proof->leaf_key, &proof->leaf_value);
    for (unsigned i = proof->n; i-- > 0;)
        hash =
            bit_of(key, i) ? node_hash(&proof->path[i], &hash) : node_hash(&hash, &proof->path[i]);
    return hash_eq(&hash, root) ? RC_OK : RC_INVALID;
}
