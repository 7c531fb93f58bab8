#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "epub/parts.h"

enum { NAME_MAX_BYTES = 255, PATH_MAX_BYTES = 65535, DEPTH_MAX = 100 };

/* Through UTF-16, as ICU has it; itself where that cannot be had. */
static struct str changed(struct arena *arena, struct str name, bool fold)
{
    UErrorCode bad = U_ZERO_ERROR;
    int32_t room = (int32_t)name.n * 4 + 16, n = 0, made = 0, out = 0;
    UChar *a = ARENA_ARRAY(arena, UChar, (size_t)room),
          *b = ARENA_ARRAY(arena, UChar, (size_t)room);
    char *bytes = arena_alloc(arena, (size_t)room * 3);
    u_strFromUTF8(a, room, &n, name.p, (int32_t)name.n, &bad);
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&bad);
    made = unorm2_normalize(nfc, a, n, b, room, &bad);
    if (fold) {
        n = u_strFoldCase(a, room, b, made, U_FOLD_CASE_DEFAULT, &bad);
        made = unorm2_normalize(nfc, a, n, b, room, &bad);
    }
    u_strToUTF8(bytes, room * 3, &out, b, made, &bad);
    return U_FAILURE(bad) ? name : (struct str){bytes, (size_t)out};
}

static bool is_ascii(struct str s, bool *ret_upper)
{
    *ret_upper = false;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
        *ret_upper = *ret_upper || (s.p[i] >= 'A' && s.p[i] <= 'Z');
    }
    return true;
}

struct str name_composed(struct arena *arena, struct str name)
{
    bool upper;
    return is_ascii(name, &upper) ? name : changed(arena, name, false);
}

struct str name_folded(struct arena *arena, struct str name)
{
    bool upper;
    return is_ascii(name, &upper) && !upper ? name : changed(arena, name, true);
}

static bool is_forbidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xE000 && c < 0xF900) || c >= 0xF0000 ||
           (c >= 0xFDD0 && c < 0xFDF0) || (c & 0xFFFE) == 0xFFFE ||
           (c < 0x80 && strchr("\"*:<>?\\|", (int)c) != NULL);
}

enum epub_wrong name_wrong(struct str name)
{
    struct str rest = name, part;
    uint32_t point;
    if (!utf8_valid(name, NULL))
        return WRONG_NAME;
    if (name.n == 0 || name.p[0] == '/' || str_find(name, '\\') < name.n)
        return WRONG_NAME_OUTSIDE;
    if (name.n > PATH_MAX_BYTES)
        return WRONG_NAME;
    size_t depth = 0;
    while (str_next(&rest, '/', &part)) {
        if (str_is(part, "..") || str_is(part, "."))
            return WRONG_NAME_OUTSIDE;
        if (++depth > DEPTH_MAX || part.n > NAME_MAX_BYTES || str_ends(part, STR(".")) ||
            (part.n == 0 && rest.n > 0))
            return WRONG_NAME;
    }
    while (utf8_next(&name, &point))
        if (is_forbidden(point))
            return WRONG_NAME;
    return WRONG_COUNT;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static struct str decoded(struct arena *arena, struct str s)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = i + 2 < s.n && s.p[i] == '%' ? hex_digit(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
        if (low >= 0) {
            out[n++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[n++] = s.p[i];
        }
    }
    return (struct str){out, n};
}

/* "https:", "data:": a scheme comes before the first '/'. */
static bool has_scheme(struct str href)
{
    size_t colon = str_find(href, ':');
    return colon < href.n && colon < str_find(href, '/') && colon > 0;
}

bool name_resolve(struct arena *arena, struct str base, struct str href, struct str *ret)
{
    struct str parts[DEPTH_MAX], part;
    size_t n = 0;
    *ret = STR_NONE;
    href = str_sub(href, 0, str_find(href, '#'));
    href = str_sub(href, 0, str_find(href, '?'));
    if (has_scheme(href) || str_starts(href, STR("//")))
        return true;
    if (str_starts(href, STR("/")))
        return false;
    href = decoded(arena, href);
    if (!utf8_valid(href, NULL))
        return false;
    size_t folder = base.n;
    while (folder > 0 && base.p[folder - 1] != '/')
        folder--;
    struct str whole = ARENA_JOIN(arena, str_sub(base, 0, folder), href), rest = whole;
    while (str_next(&rest, '/', &part)) {
        if (part.n == 0 || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            if (n == 0)
                return false;
            n--;
        } else if (n == DEPTH_MAX) {
            return false;
        } else {
            parts[n++] = part;
        }
    }
    struct str path = STR_NONE;
    for (size_t i = 0; i < n; i++)
        path = i == 0 ? parts[0] : ARENA_JOIN(arena, path, STR("/"), parts[i]);
    *ret = name_composed(arena, path);
    return true;
}
