#include "web/known.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"

enum { PLACES = 1 << 13, SECRET_SIZE = 16 };

struct known {
    uint8_t secret[SECRET_SIZE]; /* so that no place can be aimed at */
    atomic_uint_fast64_t places[PLACES];
};

struct known *known_new(void)
{
    struct known *known = calloc(1, sizeof *known);
    if (known == NULL)
        abort();
    random_bytes(known->secret, SECRET_SIZE);
    return known;
}

void known_free(struct known *known)
{
    free(known);
}

static uint64_t mark_of(const struct known *known, struct str token)
{
    uint64_t mark;
    struct str const parts[] = {{(const char *)known->secret, SECRET_SIZE}, token};
    struct hash digest = sha256_parts(parts, 2);
    memcpy(&mark, digest.b, sizeof mark);
    return mark | 1; /* 0 is an empty place's */
}

void known_add(struct known *known, struct str token)
{
    uint64_t mark = mark_of(known, token);
    atomic_store_explicit(&known->places[mark >> 1 & (PLACES - 1)], mark, memory_order_relaxed);
}

bool known_has(const struct known *known, struct str token)
{
    uint64_t mark = mark_of(known, token);
    return atomic_load_explicit(&known->places[mark >> 1 & (PLACES - 1)], memory_order_relaxed) ==
           mark;
}
