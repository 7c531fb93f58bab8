/* A block update (ONIX NotificationType 04) laid over the record it updates. */
#ifndef COLOPHON_DOMAIN_EDITION_UPDATE_H
#define COLOPHON_DOMAIN_EDITION_UPDATE_H

#include "base/arena.h"
#include "domain/edition.h"

/* Replaces in `e` the blocks that `update->blocks` names, and clears those in
 * `emptied` (enum onix_block); the others stay, and so do the identifiers.
 *
 * Where every market of Block 6 has a MarketReference (ONIX 3.1), here and there,
 * only the markets named change, and one sent without supply details loses its own; else the
 * update's block takes the place of all. Lists are shared with both; new ones lie in the arena. */
void edition_apply_update(struct edition *e, const struct edition *update, unsigned emptied,
                          struct arena *arena);

/* The same for an update that has no blocks, of ONIX 2.1: each element that it
 * holds takes the place of the same in `e`, and nothing is emptied. The rights
 * are one statement, and so is the supply; a sales restriction that stands
 * with the supply stays where the update has none. */
void edition_apply_partial(struct edition *e, const struct edition *update, struct arena *arena);

#endif
