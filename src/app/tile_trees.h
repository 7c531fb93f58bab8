/* The trees over the tiles that proofs are made of. A batch of a thousand answers needs a
 * thousand proofs under one head, from the same few tiles: each is read, and hashed into its
 * tree, once. What is in a tile never changes; it only gets wider. Shared by threads. */
#ifndef COLOPHON_APP_TILE_TREES_H
#define COLOPHON_APP_TILE_TREES_H

struct tile_trees;

struct tile_trees *tile_trees_new(void);
void tile_trees_free(struct tile_trees *trees); /* harmless with NULL */

#endif
