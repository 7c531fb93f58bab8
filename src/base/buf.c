#include "base/buf.h"

void buf_free(struct buf *b)
{
    free(b->p);
    *b = BUF_INIT(b->max);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
}

void buf_renew(struct buf *b, size_t max)
{
    if (b->room > max)
        buf_free(b);
    buf_clear(b);
    b->max = max;
}

void *buf_fitted(struct buf *b)
{
    char *fitted = NULL;
    if (b->n > 0 && (fitted = malloc(b->n)) == NULL)
        abort();
    if (b->n > 0)
        memcpy(fitted, b->p, b->n);
    buf_free(b);
    return fitted;
}

enum rc buf_check(const struct buf *b)
{
    return b->failed ? RC_LIMIT : RC_OK;
}

char *buf_reserve(struct buf *b, size_t n)
{
    if (b->failed || n > b->max - b->n) {
        b->failed = true;
        return NULL;
    }
    size_t need = b->n + n;
    if (need > b->room) {
        size_t room = b->room < 256 ? 256 : b->room + b->room / 2;
        if (room < need)
            room = need;
        if (room > b->max)
            room = b->max;
        char *p = realloc(b->p, room + 1); /* one more: C's writers end with a NUL */
        if (p == NULL)
            abort();
        b->p = p;
        b->room = room;
    }
    return b->p == NULL ? NULL : b->p + b->n;
}

void buf_add_growing(struct buf *b, const void *bytes, size_t n)
{
    if (n == 0)
        return;
    char *to = buf_reserve(b, n);
    if (to == NULL)
        return;
    memcpy(to, bytes, n);
    b->n += n;
}

void buf_u64(struct buf *b, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    buf_add(b, digits + at, sizeof digits - at);
}

void buf_i64(struct buf *b, int64_t value)
{
    if (value < 0)
        buf_char(b, '-');
    buf_u64(b, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *to = n < 0 ? NULL : buf_reserve(b, (size_t)n);
    if (to != NULL) {
        vsnprintf(to, (size_t)n + 1, format, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_be(struct buf *b, uint64_t value, unsigned bytes)
{
    while (bytes-- > 0)
        buf_char(b, (char)(value >> (8 * bytes)));
}
