#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/buf.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "search/index.h"

enum { FOLD_MAX = 64 << 10 };

/* What splits words becomes a space; apostrophes go, so that O'Brien is one. */
static UChar32 folded_mark(UChar32 c)
{
    if (c == '\'' || c == 0x2019 || c == 0x02bc)
        return 0;
    return u_isalnum(c) || u_charType(c) == U_NON_SPACING_MARK ||
                   u_charType(c) == U_COMBINING_SPACING_MARK
               ? c
               : ' ';
}

static struct str fold_ascii(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            c = c == '\'' ? '\0' : ' ';
        if (c != '\0' && !(c == ' ' && (n == 0 || out[n - 1] == ' ')))
            out[n++] = c;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return (struct str){out, n};
}

/* Latin letters that no decomposition takes apart. */
static const char *plain_letters(UChar32 c)
{
    switch (c) {
    case 0x00f8:
        return "o";
    case 0x0153:
        return "oe";
    case 0x00e6:
        return "ae";
    case 0x0142:
        return "l";
    case 0x0111:
    case 0x00f0:
        return "d";
    case 0x00fe:
        return "th";
    case 0x0131:
        return "i";
    default:
        return NULL;
    }
}

/* Decomposed text without the accents of Latin, Greek and Cyrillic, and with
 * marks folded. */
static int32_t strip(const UChar *in, int32_t n, UChar *out, int32_t room)
{
    int32_t at = 0, written = 0;
    while (at < n && written + 4 < room) {
        UChar32 c;
        U16_NEXT(in, at, n, c);
        if (c >= 0x300 && c <= 0x36f)
            continue;
        const char *letters = plain_letters(c);
        for (; letters != NULL && *letters != '\0'; letters++)
            out[written++] = (UChar)*letters;
        if (letters != NULL)
            continue;
        c = folded_mark(c);
        if (c == 0 || (c == ' ' && (written == 0 || out[written - 1] == ' ')))
            continue;
        U16_APPEND_UNSAFE(out, written, c);
    }
    while (written > 0 && out[written - 1] == ' ')
        written--;
    return written;
}

struct str search_fold(struct arena *arena, struct str text)
{
    bool ascii = true;
    if (text.n > FOLD_MAX)
        text = utf8_cut(str_sub(text, 0, text.n), FOLD_MAX / 4);
    for (size_t i = 0; i < text.n && ascii; i++)
        ascii = (unsigned char)text.p[i] < 0x80;
    if (ascii)
        return fold_ascii(arena, text);
    UErrorCode status = U_ZERO_ERROR;
    /* Case folding and compatibility forms may lengthen what they take. */
    int32_t room = (int32_t)text.n * 6 + 64, n = 0;
    UChar *a = arena_alloc(arena, (size_t)room * sizeof *a);
    UChar *b = arena_alloc(arena, (size_t)room * sizeof *b);
    u_strFromUTF8(a, room, &n, text.p, (int32_t)text.n, &status);
    n = unorm2_normalize(unorm2_getNFKCCasefoldInstance(&status), a, n, b, room, &status);
    n = unorm2_normalize(unorm2_getNFDInstance(&status), b, n, a, room, &status);
    if (U_FAILURE(status))
        return STR_NONE;
    n = strip(a, n, b, room);
    n = unorm2_normalize(unorm2_getNFCInstance(&status), b, n, a, room, &status);
    for (int32_t i = 0; i < n; i++)
        if (a[i] >= HAN_FIRST && a[i] <= HAN_LAST)
            a[i] = simplified_han[a[i] - HAN_FIRST];
    char *out = arena_alloc(arena, (size_t)room * 3);
    int32_t written = 0;
    u_strToUTF8(out, room * 3, &written, a, n, &status);
    return U_FAILURE(status) ? STR_NONE : (struct str){out, (size_t)written};
}

/* How many bytes an apostrophe takes at the beginning of `s`; 0 where none is. */
static size_t apostrophe(struct str s)
{
    static const char *const marks[] = {"'", "\xe2\x80\x99", "\xca\xbc"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_starts(s, str_of(marks[i])))
            return strlen(marks[i]);
    return 0;
}

static bool is_in_word(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

struct str search_owners(struct arena *arena, struct str text)
{
    BUF_AUTO out = BUF_INIT(FOLD_MAX);
    for (size_t i = 0, from = 0; i + 1 < text.n; i++) {
        size_t mark = apostrophe(str_sub(text, i, text.n)), s = i + mark;
        if (mark == 0) {
            from = is_in_word(text.p[i]) ? from : i + 1;
            continue;
        }
        bool owner = i > from && s < text.n && (text.p[s] == 's' || text.p[s] == 'S') &&
                     (s + 1 == text.n || !is_in_word(text.p[s + 1]));
        if (owner) {
            buf_char(&out, ' ');
            buf_str_add(&out, str_sub(text, from, i));
        }
        from = s;
        i = s - 1;
    }
    return search_fold(arena, arena_str(arena, buf_str(&out)));
}

uint64_t pack_letters(struct str s)
{
    uint8_t bytes[8] = {0};
    memcpy(bytes, s.n > 0 ? s.p : "", s.n < 8 ? s.n : 8);
    return big_endian(bytes);
}

struct str unpack_letters(struct arena *arena, uint64_t packed)
{
    char *out = arena_alloc(arena, 9);
    size_t n = 0;
    for (int shift = 56; shift >= 0; shift -= 8)
        if ((packed >> shift & 0xff) != 0)
            out[n++] = (char)(packed >> shift & 0xff);
    return (struct str){out, n};
}
