/* Names to ids in memory, for the length of an import. Keys are kept as 128-bit
 * keyed hashes: nobody can make two names meet, and chance does not. */
#ifndef COLOPHON_APP_NAME_MAP_H
#define COLOPHON_APP_NAME_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct name_map;
struct name_map *name_map_new(void);
struct name_map *name_map_new_of(size_t entries_max);
void name_map_free(struct name_map *map);
bool name_map_get(const struct name_map *map, struct str name, uint64_t *ret);
/* Past a limit of entries nothing is added: it is a cache. False then. */
bool name_map_put(struct name_map *map, struct str name, uint64_t value);
/* The same; true where the name was there before. */
bool name_map_meet(struct name_map *map, struct str name, uint64_t value);
bool name_map_full(const struct name_map *map);

#endif
