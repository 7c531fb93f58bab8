/* A growing buffer with a mandatory maximum.
 *
 * A write that would pass the maximum is dropped whole and the buffer is marked
 * failed; later writes are dropped too. Check once, at the end. */
#ifndef COLOPHON_BASE_BUF_H
#define COLOPHON_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"

struct buf {
    char *p;
    size_t n;
    size_t room;
    size_t max;
    bool failed;
};

#define BUF_INIT(maximum) ((struct buf){NULL, 0, 0, (maximum), false})
#define BUF_AUTO __attribute__((cleanup(buf_free))) struct buf

void buf_free(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory; forgets the failure */
/* As buf_clear, with another maximum: what has more room than that is let go of. */
void buf_renew(struct buf *b, size_t max);
/* Its bytes in memory of their own that has room for no more, for whoever keeps them (free); NULL
 * where there are none. The buffer is empty then. Shrunk in place, what is left of each buffer
 * would be a hole between two that are kept, too small for the next buffer. */
void *buf_fitted(struct buf *b);
/* RC_LIMIT where a write was dropped. */
enum rc buf_check(const struct buf *b) MUST_CHECK;
/* Valid until the next write. */
static inline struct str buf_str(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

void buf_add_growing(struct buf *b, const void *bytes, size_t n);
/* Where there is room, without a call. */
static inline void buf_add(struct buf *b, const void *bytes, size_t n)
{
    if (b->failed || n == 0 || n > b->room - b->n) {
        buf_add_growing(b, bytes, n);
        return;
    }
    memcpy(b->p + b->n, bytes, n);
    b->n += n;
}

static inline void buf_str_add(struct buf *b, struct str s)
{
    buf_add(b, s.p, s.n);
}

#define BUF_LIT(b, literal) buf_add((b), "" literal, sizeof(literal) - 1)
void buf_u64(struct buf *b, uint64_t value);
void buf_i64(struct buf *b, int64_t value);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_be(struct buf *b, uint64_t value, unsigned bytes); /* big-endian */
/* Room for n more bytes (and for a NUL behind them), or NULL where the maximum
 * forbids it; then b->n += n is the caller's to do. */
char *buf_reserve(struct buf *b, size_t n);

static inline void buf_char(struct buf *b, char c)
{
    if (!b->failed && b->n < b->room)
        b->p[b->n++] = c;
    else
        buf_add(b, &c, 1);
}

#endif
