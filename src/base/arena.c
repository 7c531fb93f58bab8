#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>

enum {
    BLOCK_SIZE = 16 * 1024,
    KEPT_MAX = 4, /* a usual page's: the next one takes nothing from the system's heap */
};

struct arena_block {
    struct arena_block *older;
    size_t size; /* of data */
    alignas(max_align_t) char data[];
};

static void new_block(struct arena *arena, size_t size)
{
    if (size < BLOCK_SIZE)
        size = BLOCK_SIZE;
    struct arena_block *block = size == BLOCK_SIZE ? arena->spare : NULL;
    if (block != NULL)
        arena->spare = block->older;
    else if ((block = malloc(sizeof *block + size)) == NULL)
        abort();
    block->older = arena->head;
    block->size = size;
    arena->head = block;
    arena->next = block->data;
    arena->left = size;
}

static void free_blocks(struct arena_block *block)
{
    for (struct arena_block *older; block != NULL; block = older) {
        older = block->older;
        free(block);
    }
}

void arena_free(struct arena *arena)
{
    free_blocks(arena->head);
    free_blocks(arena->spare);
    *arena = ARENA_INIT;
}

/* Those of the ordinary size, so that one large request does not make every later one large. */
void arena_reset(struct arena *arena)
{
    struct arena_block *kept = NULL;
    size_t n = 0;
    struct arena_block *lists[] = {arena->head, arena->spare};
    for (size_t i = 0; i < 2; i++)
        for (struct arena_block *block = lists[i], *older; block != NULL; block = older) {
            older = block->older;
            if (block->size == BLOCK_SIZE && n < KEPT_MAX) {
                block->older = kept;
                kept = block;
                n++;
            } else {
                free(block);
            }
        }
    *arena = ARENA_INIT;
    arena->spare = kept;
}

static size_t size_of(const struct arena_block *block)
{
    size_t size = 0;
    for (; block != NULL; block = block->older)
        size += sizeof *block + block->size;
    return size;
}

size_t arena_size(const struct arena *arena)
{
    return size_of(arena->head) + size_of(arena->spare);
}

/* Not zeroed: for what is filled at once. */
static void *arena_take(struct arena *arena, size_t size)
{
    size_t const align = alignof(max_align_t);
    size_t rounded;
    if (__builtin_add_overflow(size, align - 1, &rounded))
        abort();
    rounded -= rounded % align;
    if (rounded > arena->left || arena->head == NULL)
        new_block(arena, rounded);
    void *p = arena->next;
    arena->next += rounded;
    arena->left -= rounded;
    return p;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(arena_take(arena, size), 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        abort();
    return arena_alloc(arena, bytes);
}

struct str arena_str(struct arena *arena, struct str s)
{
    return (struct str){arena_z(arena, s), s.n};
}

char *arena_z(struct arena *arena, struct str s)
{
    char *copy = arena_take(arena, s.n + 1);
    if (s.n > 0)
        memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    return copy;
}

/* Written where the next thing is made anyway; once more where it has no room there. */
struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    char *there = arena->next;
    int n = vsnprintf(there, arena->left, format, args);
    va_end(args);
    if (n < 0)
        abort();
    char *text = arena_take(arena, (size_t)n + 1);
    if (text != there)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (struct str){text, (size_t)n};
}

struct str arena_concat(struct arena *arena, const struct str *parts, size_t n)
{
    size_t length = 0;
    for (size_t i = 0; i < n; i++)
        length += parts[i].n;
    char *text = arena_take(arena, length + 1), *end = text;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n > 0)
            memcpy(end, parts[i].p, parts[i].n);
        end += parts[i].n;
    }
    *end = '\0';
    return (struct str){text, length};
}
