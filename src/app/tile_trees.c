#include "app/tile_trees.h"

#include <pthread.h>

#include "app/stored_tiles.h"

enum {
    KEPT_MAX = 24, /* 16 KB each; a batch touches two or three of each of the lower levels */
    NODES = 2 * TILE_WIDTH,
};

/* The nodes of height h over a tile begin at NODES - (NODES >> h). */
struct tree {
    enum log_id log;
    unsigned level, width;
    uint64_t n, used;
    struct hash nodes[NODES];
};

struct tile_trees {
    pthread_mutex_t lock;
    uint64_t now; /* counts uses */
    struct tree *kept[KEPT_MAX];
};

struct tile_trees *tile_trees_new(void)
{
    struct tile_trees *trees = calloc(1, sizeof *trees);
    if (trees == NULL)
        abort();
    pthread_mutex_init(&trees->lock, NULL);
    return trees;
}

void tile_trees_free(struct tile_trees *trees)
{
    if (trees == NULL)
        return;
    for (size_t i = 0; i < KEPT_MAX; i++)
        free(trees->kept[i]);
    pthread_mutex_destroy(&trees->lock);
    free(trees);
}

static struct hash *node(struct tree *tree, unsigned height, unsigned i)
{
    return &tree->nodes[NODES - (NODES >> height) + i];
}

static void hash_tree(struct tree *tree)
{
    for (unsigned height = 1; tree->width >> height > 0; height++)
        for (unsigned i = 0; i < tree->width >> height; i++)
            *node(tree, height, i) =
                merkle_node(node(tree, height - 1, 2 * i), node(tree, height - 1, 2 * i + 1));
}

/* ---- under the lock ---- */

/* The place of a tile, or NULL. */
static struct tree **find(struct tile_trees *trees, enum log_id log, unsigned level, uint64_t n)
{
    for (size_t i = 0; i < KEPT_MAX; i++) {
        struct tree *tree = trees->kept[i];
        if (tree != NULL && tree->log == log && tree->level == level && tree->n == n)
            return &trees->kept[i];
    }
    return NULL;
}

static struct tree **oldest(struct tile_trees *trees)
{
    struct tree **found = &trees->kept[0];
    for (size_t i = 0; i < KEPT_MAX; i++) {
        if (trees->kept[i] == NULL)
            return &trees->kept[i];
        if (trees->kept[i]->used < (*found)->used)
            found = &trees->kept[i];
    }
    return found;
}

/* Whether it is kept, and wide enough. */
static bool look_up(struct tile_trees *trees, enum log_id log, unsigned level, uint64_t n,
                    unsigned at, unsigned height, struct hash *ret)
{
    struct tree **place = find(trees, log, level, n);
    if (place == NULL || (*place)->width < at + (1u << height))
        return false;
    (*place)->used = ++trees->now;
    *ret = *node(*place, height, at >> height);
    return true;
}

/* Takes `tree`; the one that is not kept is given back, or NULL. */
static struct tree *keep(struct tile_trees *trees, struct tree *tree)
{
    struct tree **place = find(trees, tree->log, tree->level, tree->n);
    if (place != NULL && (*place)->width >= tree->width)
        return tree;
    if (place == NULL)
        place = oldest(trees);
    struct tree *former = *place;
    tree->used = ++trees->now;
    *place = tree;
    return former;
}

/* ---- the source ---- */

static struct tree *tree_new(enum log_id log, unsigned level, uint64_t n, unsigned width)
{
    struct tree *tree = malloc(sizeof *tree);
    if (tree == NULL)
        abort();
    tree->log = log;
    tree->level = level;
    tree->n = n;
    tree->width = width;
    return tree;
}

enum rc tile_trees_root(void *context, unsigned level, uint64_t n, unsigned width, unsigned at,
                        unsigned height, struct hash *ret, struct fault *fault)
{
    struct stored_tiles *tiles = context;
    struct tile_trees *trees = tiles->trees;
    pthread_mutex_lock(&trees->lock);
    bool found = look_up(trees, tiles->log, level, n, at, height, ret);
    pthread_mutex_unlock(&trees->lock);
    if (found)
        return RC_OK;
    struct tree *tree = tree_new(tiles->log, level, n, width);
    enum rc rc = stored_tile_read(tiles, level, n, width, tree->nodes, fault);
    if (rc == RC_OK) {
        hash_tree(tree);
        *ret = *node(tree, height, at >> height);
        pthread_mutex_lock(&trees->lock);
        tree = keep(trees, tree);
        pthread_mutex_unlock(&trees->lock);
    }
    free(tree);
    return rc;
}
