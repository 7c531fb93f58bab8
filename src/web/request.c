#include "web/request.h"

#include "web/url.h"

enum { PARAMETERS_MAX = 200 };

enum rc form_decode(struct arena *arena, struct str text, parameters *ret, struct fault *fault)
{
    size_t n = 0, room = text.n > 0;
    for (size_t i = 0; i < text.n && room < PARAMETERS_MAX; i++)
        room += text.p[i] == '&';
    struct parameter *v = ARENA_ARRAY(arena, struct parameter, room);
    struct str rest = text, piece;
    while (str_next(&rest, '&', &piece)) {
        if (piece.n == 0)
            continue;
        size_t equals = str_find(piece, '=');
        struct parameter p;
        if (n == PARAMETERS_MAX)
            return fault_set(fault, RC_INVALID, "too many fields");
        if (!url_decode(arena, str_sub(piece, 0, equals), true, &p.name) ||
            !url_decode(arena, str_sub(piece, equals + 1, piece.n), true, &p.value))
            return fault_set(fault, RC_INVALID,
                             "field %zu: broken escape, control character or no UTF-8", n + 1);
        v[n++] = p;
    }
    ret->v = v;
    ret->n = n;
    return RC_OK;
}

enum rc request_decode(struct request *r, struct str path, struct str query, struct fault *fault)
{
    if (path.n == 0 || path.p[0] != '/')
        return fault_set(fault, RC_INVALID, "the path does not begin with /");
    r->path = path;
    r->query_text = query;
    r->segments.v = ARENA_ARRAY(r->arena, struct str, SEGMENTS_MAX);
    r->segments.n = 0;
    for (size_t at = 1; at <= path.n;) {
        size_t end = at + str_find(str_sub(path, at, path.n), '/');
        if (r->segments.n == SEGMENTS_MAX)
            return fault_set(fault, RC_INVALID, "the path has too many parts");
        struct str *segment = &r->segments.v[r->segments.n++];
        if (!url_decode(r->arena, str_sub(path, at, end), false, segment) ||
            str_find(*segment, '\n') < segment->n)
            return fault_set(fault, RC_INVALID,
                             "the path holds a broken escape, a control character or no UTF-8");
        at = end + 1;
    }
    return form_decode(r->arena, query, &r->query, fault);
}

struct str parameter_get(const parameters *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].name, str_of(name)))
            return list->v[i].value;
    return STR_NONE;
}

bool parameter_has(const parameters *list, const char *name, struct str value)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].name, str_of(name)) && str_eq(list->v[i].value, value))
            return true;
    return false;
}

enum rc parameter_number(const parameters *list, const char *name, uint64_t otherwise, uint64_t max,
                         uint64_t *ret, struct fault *fault)
{
    struct str text = parameter_get(list, name);
    uint64_t value = otherwise;
    if (text.n > 0 && (!str_to_u64(text, &value) || value > max))
        return fault_set(fault, RC_INVALID, "%s: a number from 0 to %llu", name,
                         (unsigned long long)max);
    *ret = value;
    return RC_OK;
}

struct str cookie_get(struct str header, struct str name)
{
    struct str found = STR_NONE, piece;
    while (str_next(&header, ';', &piece)) {
        piece = str_trim(piece);
        size_t equals = str_find(piece, '=');
        if (equals == piece.n || !str_eq(str_sub(piece, 0, equals), name))
            continue;
        if (found.n > 0)
            return STR_NONE; /* two of them: somebody plants one */
        found = str_sub(piece, equals + 1, piece.n);
    }
    for (size_t i = 0; i < found.n; i++)
        if ((unsigned char)found.p[i] <= ' ' || (unsigned char)found.p[i] >= 0x7f ||
            strchr("\",;\\", found.p[i]) != NULL)
            return STR_NONE;
    return found;
}

bool etag_matches(struct str header, struct str etag)
{
    struct str piece;
    while (str_next(&header, ',', &piece)) {
        piece = str_trim(piece);
        if (str_starts(piece, STR("W/")))
            piece = str_sub(piece, 2, piece.n);
        if (str_eq(piece, STR("*")) || str_eq(piece, etag))
            return true;
    }
    return false;
}

bool range_read(struct str header, uint64_t size, uint64_t *ret_at, uint64_t *ret_n, bool *ret_none)
{
    struct str rest = str_sub(header, 6, header.n);
    size_t dash = str_find(rest, '-');
    struct str from = str_trim(str_sub(rest, 0, dash)),
               to = str_trim(str_sub(rest, dash + 1, rest.n));
    uint64_t first = 0, last = 0;
    *ret_none = false;
    if (!str_starts(header, STR("bytes=")) || dash >= rest.n || str_find(rest, ',') < rest.n)
        return false;
    if ((from.n > 0 && !str_to_u64(from, &first)) || (to.n > 0 && !str_to_u64(to, &last)) ||
        (from.n == 0 && to.n == 0) || (from.n > 0 && to.n > 0 && last < first))
        return false;
    if (from.n == 0) { /* so many at the end */
        *ret_none = last == 0 || size == 0;
        *ret_n = last < size ? last : size;
        *ret_at = size - *ret_n;
        return true;
    }
    *ret_none = first >= size;
    *ret_at = first;
    *ret_n = (to.n > 0 && last < size ? last + 1 : size) - first;
    return true;
}

bool prefers(struct str header, struct str preference)
{
    struct str piece;
    while (str_next(&header, ',', &piece))
        if (str_eq_nocase(str_trim(str_sub(piece, 0, str_find(piece, ';'))), preference))
            return true;
    return false;
}
