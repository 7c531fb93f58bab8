#include "search/exact.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "search/sounds.h"

enum { TYPED_WORDS_MAX = 12 };

/* FNV-1a without spaces; 0 is what nothing has. */
static uint32_t hash_of(struct str folded)
{
    uint32_t hash = 2166136261u;
    bool any = false;
    for (size_t i = 0; i < folded.n; i++) {
        if (folded.p[i] == ' ')
            continue;
        hash = (hash ^ (unsigned char)folded.p[i]) * 16777619u;
        any = true;
    }
    if (!any)
        return 0;
    return hash == 0 ? 1 : hash;
}

/* Without the article that a title may begin with, where something follows it. */
struct str exact_without_article(struct str folded)
{
    static const char *const articles[] = {"the", "a",   "an", "der", "die", "das", "le",
                                           "la",  "les", "el", "los", "las", "il",  "l"};
    size_t space = str_find(folded, ' ');
    for (size_t i = 0; space < folded.n && i < sizeof articles / sizeof *articles; i++)
        if (str_is(str_sub(folded, 0, space), articles[i]))
            return str_sub(folded, space + 1, folded.n);
    return folded;
}

static uint32_t title_hash(struct arena *arena, struct str title)
{
    return hash_of(exact_without_article(search_fold(arena, title)));
}

/* Up to a colon, a semicolon, a bracket, a slash or a dash, of whatever width. */
static struct str head_of(struct str title)
{
    static const uint32_t ends[] = {':',    ';',    '(',    '[',    '/',
                                    0xff1a, 0xff1b, 0xff08, 0x3010, 0x2014};
    struct str rest = title;
    uint32_t c;
    for (size_t at = 0; utf8_next(&rest, &c); at = title.n - rest.n)
        for (size_t i = 0; at > 0 && i < sizeof ends / sizeof *ends; i++)
            if (c == ends[i])
                return str_sub(title, 0, at);
    return title;
}

static bool opens(uint32_t c)
{
    return c == '(' || c == '[' || c == 0xff08 || c == 0x3010 || c == 0x3014;
}

static bool closes(uint32_t c)
{
    return c == ')' || c == ']' || c == 0xff09 || c == 0x3011 || c == 0x3015;
}

/* The first line, without what stands in brackets ("[日] 村上春树"); of a Chinese name its
 * first word ("余华 著"). Folded. */
struct str exact_first_name(struct arena *arena, struct str names)
{
    BUF_AUTO out = BUF_INIT(64 << 10);
    struct str all = str_sub(names, 0, str_find(names, '\n')), rest = all;
    unsigned depth = 0;
    uint32_t c;
    for (size_t at = 0; utf8_next(&rest, &c); at = all.n - rest.n) {
        depth += opens(c);
        if (depth == 0)
            buf_str_add(&out, str_sub(all, at, all.n - rest.n));
        depth -= closes(c) && depth > 0;
    }
    struct str folded = search_fold(arena, arena_str(arena, buf_str(&out)));
    return utf8_has_cjk(folded) ? str_sub(folded, 0, str_find(folded, ' ')) : folded;
}

static struct str last_word(struct str folded)
{
    size_t at = folded.n;
    while (at > 0 && folded.p[at - 1] != ' ')
        at--;
    return str_sub(folded, at, folded.n);
}

static uint64_t both(uint32_t first, uint32_t second)
{
    return (uint64_t)first << 32 | second;
}

uint64_t search_name_key(struct arena *arena, struct str name)
{
    struct str folded = search_fold(arena, name);
    struct hash hash = sha256(folded.p, folded.n); /* partners choose names: none is made to fit */
    return folded.n == 0 ? 0 : big_endian(hash.b);
}

enum { LETTERS_BITS = 16, HASH_BITS = 64 - LETTERS_BITS };

static uint64_t bit_of(uint32_t hash)
{
    return hash == 0 ? 0 : (uint64_t)1 << (LETTERS_BITS + hash % HASH_BITS);
}

static uint64_t bits_of(uint64_t hashes)
{
    return bit_of((uint32_t)(hashes >> 32)) | bit_of((uint32_t)hashes);
}

void exact_names_of(struct arena *arena, struct str title, struct str names,
                    struct exact_names *ret)
{
    struct str head = head_of(title), name = exact_first_name(arena, names);
    struct str folded = search_fold(arena, head);
    size_t letters = utf8_length(title);
    ret->titles = both(title_hash(arena, title), hash_of(exact_without_article(folded)));
    ret->names = both(hash_of(name), hash_of(last_word(name)));
    ret->sounds =
        both(hash_of(sounds_of(arena, folded, false)), hash_of(sounds_of(arena, name, true)));
    ret->short_form = (letters < UINT16_MAX ? letters : UINT16_MAX) | bits_of(ret->titles) |
                      bits_of(ret->names) | bits_of(ret->sounds);
}

/* ---- what is typed ---- */

static void add_part(struct exact_typed *typed, struct str part, size_t all)
{
    uint32_t hash = hash_of(part);
    for (size_t i = 0; i < typed->n; i++)
        if (typed->parts[i].hash == hash)
            return;
    if (hash == 0 || typed->n == EXACT_PARTS_MAX)
        return;
    typed->bits |= bit_of(hash);
    typed->parts[typed->n].hash = hash;
    typed->parts[typed->n++].share = (uint32_t)(part.n * 1000 / all);
}

void exact_typed_of(struct arena *arena, struct str typed, struct exact_typed *ret)
{
    struct str folded = search_fold(arena, typed), bare = exact_without_article(folded);
    size_t starts[TYPED_WORDS_MAX], ends[TYPED_WORDS_MAX], n = 0;
    *ret = (struct exact_typed){0};
    for (size_t at = 0; at < folded.n && n < TYPED_WORDS_MAX; at++) {
        starts[n] = at;
        while (at < folded.n && folded.p[at] != ' ')
            at++;
        ends[n++] = at;
    }
    ret->words = n;
    if (n == 0)
        return;
    add_part(ret, folded, folded.n);
    add_part(ret, bare, bare.n);
    for (size_t length = n; length > 0; length--)
        for (size_t from = 0; from + length <= n; from++)
            add_part(ret, str_sub(folded, starts[from], ends[from + length - 1]), folded.n);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

uint32_t exact_bonus(const struct exact_typed *typed, uint64_t titles, uint64_t names,
                     uint64_t sounds)
{
    uint32_t title = 0, name = 0;
    for (size_t i = 0; i < typed->n; i++) {
        uint32_t hash = typed->parts[i].hash, share = typed->parts[i].share;
        if (titles >> 32 == hash)
            title = larger(title, SEARCH_EXACT_TITLE * share);
        else if ((uint32_t)titles == hash || sounds >> 32 == hash)
            title = larger(title, SEARCH_EXACT_HEAD * share);
        if (names >> 32 == hash || (uint32_t)sounds == hash)
            name = larger(name, SEARCH_EXACT_NAME * share);
        else if ((uint32_t)names == hash)
            name = larger(name, SEARCH_EXACT_LAST_NAME * share);
    }
    return (title + name) / 1000;
}
