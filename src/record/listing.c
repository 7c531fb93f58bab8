#include "record/listing.h"

#include <string.h>

#include "record/merkle.h"

void listing_write(const struct listing *listing, struct buf *out)
{
    buf_str_add(out, listing->storefront);
    buf_char(out, ' ');
    buf_u64(out, listing->against);
    buf_char(out, '\n');
    for (size_t i = 0; i < listing->titles.n; i++) {
        buf_u64(out, listing->titles.v[i].isbn);
        buf_char(out, ' ');
        buf_u64(out, listing->titles.v[i].work);
        buf_char(out, '\n');
    }
}

/* As buf_u64 writes it: no zero in front. */
static bool read_number(struct str s, uint64_t *ret)
{
    return str_to_u64(s, ret) && (s.n == 1 || s.p[0] != '0');
}

static bool read_title(struct str line, uint64_t after, struct listed_title *ret)
{
    struct str isbn = str_sub(line, 0, 13);
    return line.n > 14 && line.p[13] == ' ' && read_number(isbn, &ret->isbn) &&
           read_number(str_sub(line, 14, line.n), &ret->work) && ret->isbn > after;
}

enum rc listing_read(struct arena *arena, struct str text, struct listing *ret, struct fault *fault)
{
    struct listing list = {.storefront = STR_NONE};
    struct str line;
    size_t lines = 0;
    uint64_t last = 0;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    if (text.n == 0 || text.p[text.n - 1] != '\n' || !str_next(&text, '\n', &line) ||
        !str_next(&line, ' ', &list.storefront) || list.storefront.n == 0 ||
        !read_number(line, &list.against))
        return fault_set(fault, RC_INVALID, "line 1: a storefront and a number are needed");
    list.titles.v = ARENA_ARRAY(arena, struct listed_title, lines);
    while (str_next(&text, '\n', &line)) {
        struct listed_title *title = &list.titles.v[list.titles.n];
        if (!read_title(line, last, title))
            return fault_set(fault, RC_INVALID,
                             "line %zu: an ISBN above the last one and a work are needed",
                             list.titles.n + 2);
        last = title->isbn;
        list.titles.n++;
    }
    *ret = list;
    return RC_OK;
}

struct hash listing_root(struct str text)
{
    struct hash stack[64];
    unsigned heights[64], top = 0;
    struct str line;
    while (str_next(&text, '\n', &line)) {
        stack[top] = merkle_leaf(line);
        heights[top++] = 0;
        while (top > 1 && heights[top - 1] == heights[top - 2]) {
            stack[top - 2] = merkle_node(&stack[top - 2], &stack[top - 1]);
            heights[--top - 1]++;
        }
    }
    if (top == 0)
        return sha256("", 0);
    for (; top > 1; top--)
        stack[top - 2] = merkle_node(&stack[top - 2], &stack[top - 1]);
    return stack[0];
}

void listing_compare(const struct listing *before, const struct listing *now,
                     void (*joined)(void *context, const struct listed_title *title),
                     void (*left)(void *context, const struct listed_title *title), void *context)
{
    size_t b = 0, n = 0;
    while (b < before->titles.n || n < now->titles.n) {
        const struct listed_title *old = b < before->titles.n ? &before->titles.v[b] : NULL;
        const struct listed_title *new = n < now->titles.n ? &now->titles.v[n] : NULL;
        if (new == NULL || (old != NULL && old->isbn < new->isbn)) {
            left(context, old);
            b++;
        } else if (old == NULL || new->isbn < old->isbn) {
            joined(context, new);
            n++;
        } else {
            b++;
            n++;
        }
    }
}
