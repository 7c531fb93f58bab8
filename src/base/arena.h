/* An arena owns everything made for one request, one record or one command,
 * and frees it all at once.
 *
 * Running out of memory aborts: every write is a transaction, and a restart is
 * safe. What a user can make large has a cap of its own (buf.h). */
#ifndef COLOPHON_BASE_ARENA_H
#define COLOPHON_BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena_block;

struct arena {
    struct arena_block *head;
    char *next;
    size_t left;
    struct arena_block *spare; /* that new ones are taken from first */
};

#define ARENA_INIT ((struct arena){NULL, NULL, 0, NULL})

void arena_free(struct arena *arena);         /* gives everything back */
void arena_reset(struct arena *arena);        /* empties it, keeps a few blocks */
size_t arena_size(const struct arena *arena); /* what it holds of the process's memory */

/* Zeroed, aligned for any type. Never NULL; size 0 is allowed. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Copies. arena_z returns a NUL-terminated copy. */
struct str arena_str(struct arena *arena, struct str s);
char *arena_z(struct arena *arena, struct str s);
struct str arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One text out of several: a tenth of what arena_printf costs. NUL-terminated. */
struct str arena_concat(struct arena *arena, const struct str *parts, size_t n);
#define ARENA_JOIN(arena, ...)                                                                     \
    arena_concat((arena), (const struct str[]){__VA_ARGS__},                                       \
                 sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

/* An arena that frees itself at the end of the scope. */
#define ARENA_AUTO __attribute__((cleanup(arena_free))) struct arena

#endif
