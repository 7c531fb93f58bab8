#include "domain/work_key.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* Most titles are ASCII: they need no ICU. */
static bool fold_ascii(struct str s, char *ret, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80)
            return false;
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            ret[n++] = (char)c;
    }
    *ret_n = n;
    return true;
}

/* Accents, which catalogues set or leave out, and the optional vowel points of
 * Hebrew and Arabic. A mark of any other script is a letter of its own: without
 * its vowel signs one Hindi title is another one. */
static bool is_accent(UChar32 c)
{
    return (c >= 0x300 && c <= 0x36F) || (c >= 0x591 && c <= 0x5C7) || (c >= 0x610 && c <= 0x61A) ||
           (c >= 0x64B && c <= 0x65F) || c == 0x670 || (c >= 0x1AB0 && c <= 0x1AFF) ||
           (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
           (c >= 0xFE20 && c <= 0xFE2F);
}

static bool is_kept(UChar32 c)
{
    return u_isalnum(c) || ((U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 && !is_accent(c));
}

struct str work_key_fold(struct arena *arena, struct str s)
{
    char *ascii = arena_alloc(arena, s.n);
    size_t n;
    if (fold_ascii(s, ascii, &n))
        return (struct str){ascii, n};
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&error);
    /* The widest: U+FDFA, 3 bytes, becomes 18 units. */
    int32_t room = (int32_t)s.n * 6 + 16, length = 0, folded_n, wide_n = 0;
    UChar *wide = arena_alloc_array(arena, (size_t)room, sizeof *wide);
    UChar *other = arena_alloc_array(arena, (size_t)room, sizeof *other);
    u_strFromUTF8WithSub(wide, room, &wide_n, s.p, (int32_t)s.n, 0xFFFD, NULL, &error);
    length = u_strFoldCase(other, room, wide, wide_n, U_FOLD_CASE_DEFAULT, &error);
    folded_n = unorm2_normalize(nfkd, other, length, wide, room, &error);
    if (U_FAILURE(error))
        return (struct str){ascii, 0};
    int32_t kept = 0;
    for (int32_t i = 0; i < folded_n;) {
        UChar32 c;
        U16_NEXT(wide, i, folded_n, c);
        if (is_kept(c))
            U16_APPEND_UNSAFE(other, kept, c);
    }
    int32_t bytes = 0;
    char *out = arena_alloc(arena, (size_t)kept * 3 + 1);
    u_strToUTF8(out, kept * 3 + 1, &bytes, other, kept, &error);
    return U_FAILURE(error) ? (struct str){ascii, 0} : (struct str){out, (size_t)bytes};
}

static const struct contributor *first_named(const struct edition *e)
{
    for (size_t i = 0; i < e->contributors.n; i++)
        if (e->contributors.v[i].name.n > 0)
            return &e->contributors.v[i];
    return NULL;
}

static size_t title_key(struct arena *arena, const struct edition *e, struct str *ret)
{
    const struct contributor *by = first_named(e);
    struct str name = by != NULL ? by->name : edition_publisher(e);
    struct str title = work_key_fold(arena, e->title.text);
    struct str who = work_key_fold(arena, name);
    if (title.n == 0 || who.n == 0)
        return 0;
    struct str part = work_key_fold(arena, e->title.part), language = edition_language(e);
    *ret = arena_printf(arena, "title:%.*s|%.*s|%s%.*s|%.*s", STR_ARG(title), STR_ARG(part),
                        by != NULL ? "" : "publisher ", STR_ARG(who), STR_ARG(language));
    return 1;
}

size_t work_keys(struct arena *arena, const struct edition *e, struct str *ret, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < e->related_works.n && n < room; i++) {
        const struct related *r = &e->related_works.v[i];
        if (str_eq(r->relation, STR("01")) && r->id.value.n > 0)
            ret[n++] = arena_printf(arena, "work:%.*s:%.*s%.*s", STR_ARG(r->id.type),
                                    STR_ARG(r->id.type_name), STR_ARG(r->id.value));
    }
    if (e->isbn13[0] != 0 && n < room)
        ret[n++] = arena_printf(arena, "isbn:%s", e->isbn13);
    for (size_t i = 0; i < e->related_products.n && n < room; i++) {
        const struct related *r = &e->related_products.v[i];
        bool same = str_eq(r->relation, STR("06")) || str_eq(r->relation, STR("13")) ||
                    str_eq(r->relation, STR("27"));
        bool isbn = str_eq(r->id.type, STR("15")) || str_eq(r->id.type, STR("03"));
        if (same && isbn && r->id.value.n == 13)
            ret[n++] = arena_printf(arena, "isbn:%.*s", STR_ARG(r->id.value));
    }
    if (n < room)
        n += title_key(arena, e, &ret[n]);
    return n;
}
