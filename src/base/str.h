/* A slice of text or bytes: pointer and length, never owned, never NUL-bound.
 *
 * Text slices are UTF-8 that was checked once at the edge (utf8.h). An empty
 * slice may have a NULL pointer. */
#ifndef COLOPHON_BASE_STR_H
#define COLOPHON_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})
/* For printf: printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).n ? (s).p : ""

/* What is asked everywhere is written here, so that it costs no call. */

/* NULL gives the empty slice. */
static inline struct str str_of(const char *z)
{
    return (struct str){z, z == NULL ? 0 : strlen(z)};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Clamped to s. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){s.p == NULL ? NULL : s.p + from, to - from};
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* The same for a text of C, which is not measured first. */
static inline bool str_is(struct str s, const char *z)
{
    for (size_t i = 0; i < s.n; i++)
        if (z[i] == 0 || z[i] != s.p[i])
            return false;
    return z[s.n] == 0;
}
bool str_eq_nocase(struct str a, struct str b); /* ASCII case only */
int str_cmp(struct str a, struct str b);        /* bytewise, like memcmp */
bool str_ends(struct str s, struct str suffix);
/* Position of the first `c` or of `needle`, or s.n where there is none. */
size_t str_find(struct str s, char c);
size_t str_find_str(struct str s, struct str needle);
struct str str_trim(struct str s); /* ASCII white space */
/* Cuts the next piece up to `separator` off `*rest`. False once nothing is
 * left; an empty last piece is not reported. */
bool str_next(struct str *rest, char separator, struct str *ret_piece);
/* Digits only, no sign, no spaces; false on overflow or anything else. */
bool str_to_u64(struct str s, uint64_t *ret);

#endif
