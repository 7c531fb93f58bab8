#include "app/name_map.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Two thirds of 512 Ki slots of 32 bytes: five maps take 80 MiB at most. */
enum { ENTRIES_MAX = 349000 };

struct slot {
    uint8_t hash[16];
    uint64_t value;
    bool used;
};

struct name_map {
    uint8_t key[crypto_shorthash_siphashx24_KEYBYTES];
    struct slot *slots;
    size_t n, room, max;
};

struct name_map *name_map_new(void)
{
    return name_map_new_of(ENTRIES_MAX);
}

struct name_map *name_map_new_of(size_t entries_max)
{
    struct name_map *map = calloc(1, sizeof *map);
    if (map == NULL)
        abort();
    map->max = entries_max;
    randombytes_buf(map->key, sizeof map->key);
    return map;
}

void name_map_free(struct name_map *map)
{
    if (map == NULL)
        return;
    free(map->slots);
    free(map);
}

static struct slot *find(const struct name_map *map, const uint8_t hash[16])
{
    uint64_t h;
    memcpy(&h, hash, sizeof h);
    size_t at = (size_t)h & (map->room - 1);
    while (map->slots[at].used && memcmp(map->slots[at].hash, hash, 16) != 0)
        at = (at + 1) & (map->room - 1);
    return &map->slots[at];
}

static void grow(struct name_map *map)
{
    struct slot *old = map->slots;
    size_t old_room = map->room;
    map->room = old_room == 0 ? 1024 : 2 * old_room;
    map->slots = calloc(map->room, sizeof *map->slots);
    if (map->slots == NULL)
        abort();
    for (size_t i = 0; i < old_room; i++)
        if (old[i].used)
            *find(map, old[i].hash) = old[i];
    free(old);
}

static void hash_name(const struct name_map *map, struct str name, uint8_t ret[16])
{
    crypto_shorthash_siphashx24(ret, (const uint8_t *)(name.n > 0 ? name.p : ""), name.n, map->key);
}

bool name_map_get(const struct name_map *map, struct str name, uint64_t *ret)
{
    uint8_t hash[16];
    if (map->n == 0)
        return false;
    hash_name(map, name, hash);
    const struct slot *slot = find(map, hash);
    if (slot->used)
        *ret = slot->value;
    return slot->used;
}

bool name_map_full(const struct name_map *map)
{
    return map->n >= map->max;
}

static bool set(struct name_map *map, struct str name, uint64_t value, bool *ret_was)
{
    uint8_t hash[16];
    if (3 * (map->n + 1) > 2 * map->room)
        grow(map);
    hash_name(map, name, hash);
    struct slot *slot = find(map, hash);
    *ret_was = slot->used;
    if (!slot->used && name_map_full(map))
        return false;
    map->n += !slot->used;
    memcpy(slot->hash, hash, 16);
    slot->value = value;
    slot->used = true;
    return true;
}

bool name_map_put(struct name_map *map, struct str name, uint64_t value)
{
    bool was;
    return set(map, name, value, &was);
}

bool name_map_meet(struct name_map *map, struct str name, uint64_t value)
{
    bool was;
    (void)set(map, name, value, &was);
    return was;
}
