#include "search/romans.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { WORD_MAX = 60, WORDS_MAX = 8, TEXT_ROOM = 16 << 10 };

/* ---- ICU ---- */

/* How a script is transliterated, once and perhaps in a second way that people use. */
static const struct way {
    UScriptCode script;
    const char *ids[2];
    bool consonants; /* its vowels are not written, or not as they are spoken */
} ways[] = {
    {USCRIPT_CYRILLIC, {"Cyrillic-Latin", "Russian-Latin/BGN"}, false},
    {USCRIPT_GREEK, {"Greek-Latin", "Greek-Latin/UNGEGN"}, false},
    {USCRIPT_HANGUL, {"Hangul-Latin", NULL}, false},
    {USCRIPT_HIRAGANA, {"Hiragana-Latin", NULL}, false},
    {USCRIPT_KATAKANA, {"Katakana-Latin", NULL}, false},
    {USCRIPT_GEORGIAN, {"Georgian-Latin", NULL}, false},
    {USCRIPT_ARMENIAN, {"Armenian-Latin", NULL}, false},
    {USCRIPT_ARABIC, {"Arabic-Latin", NULL}, true},
    {USCRIPT_HEBREW, {"Hebrew-Latin", NULL}, true},
    {USCRIPT_DEVANAGARI, {"Devanagari-Latin", NULL}, true},
    {USCRIPT_BENGALI, {"Bengali-Latin", NULL}, true},
    {USCRIPT_GUJARATI, {"Gujarati-Latin", NULL}, true},
    {USCRIPT_GURMUKHI, {"Gurmukhi-Latin", NULL}, true},
    {USCRIPT_KANNADA, {"Kannada-Latin", NULL}, true},
    {USCRIPT_MALAYALAM, {"Malayalam-Latin", NULL}, true},
    {USCRIPT_TAMIL, {"Tamil-Latin", NULL}, true},
    {USCRIPT_TELUGU, {"Telugu-Latin", NULL}, true},
};
enum { WAYS = sizeof ways / sizeof *ways };

/* Opened when the first text asks for one, never changed; ICU's own are not asked by two
 * threads at once. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct opened {
    bool tried;
    UTransliterator *by[2];
} opened[WAYS];

static UTransliterator *transliterator(size_t way, size_t which)
{
    struct opened *o = &opened[way];
    for (size_t i = 0; !o->tried && i < 2 && ways[way].ids[i] != NULL; i++) {
        UErrorCode status = U_ZERO_ERROR;
        UChar id[64];
        u_uastrcpy(id, ways[way].ids[i]);
        o->by[i] = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
        if (U_FAILURE(status))
            o->by[i] = NULL;
    }
    o->tried = true;
    return o->by[which];
}

/* Not of Latin, Han, digits and marks; WAYS where nobody knows it. */
static size_t way_of(uint32_t c)
{
    UErrorCode status = U_ZERO_ERROR;
    if (c < 0x370 || (c >= HAN_FIRST && c <= HAN_LAST) || (c >= 0x2000 && c < 0x3041))
        return WAYS;
    UScriptCode script = uscript_getScript((UChar32)c, &status);
    size_t way = 0;
    while (way < WAYS && ways[way].script != script)
        way++;
    return way;
}

/* A word in Latin letters, folded: letters of ASCII alone. */
static struct str in_latin(struct arena *arena, size_t way, size_t which, struct str word)
{
    enum { ROOM = WORD_MAX * 8 };
    UChar text[ROOM];
    char out[ROOM * 3];
    int32_t n = 0, limit, written = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(text, ROOM, &n, word.p, (int32_t)word.n, &status);
    limit = n;
    pthread_mutex_lock(&lock);
    UTransliterator *t = transliterator(way, which);
    if (t != NULL && U_SUCCESS(status))
        utrans_transUChars(t, text, &n, ROOM, 0, &limit, &status);
    pthread_mutex_unlock(&lock);
    for (int32_t i = 0; U_SUCCESS(status) && i + 1 < n; i++)
        if (text[i] == 0x1e41 && text[i + 1] != 'b' && text[i + 1] != 'p' && text[i + 1] != 'm')
            text[i] = 'n'; /* anusvara, as the next letter has it */
    u_strToUTF8(out, sizeof out, &written, text, n, &status);
    if (t == NULL || U_FAILURE(status))
        return STR_NONE;
    struct str folded = search_fold(arena, (struct str){out, (size_t)written});
    char *kept = arena_z(arena, folded);
    size_t kept_n = 0;
    for (size_t i = 0; i < folded.n; i++)
        if ((kept[i] >= 'a' && kept[i] <= 'z') || kept[i] == ' ')
            kept[kept_n++] = kept[i];
    return (struct str){kept, kept_n};
}

/* ---- one plain spelling ---- */

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* What is written in several ways, the longest first. */
static const struct {
    const char *from, *to;
} same[] = {
    {"shch", "s"}, {"tsch", "c"}, {"sch", "s"}, {"tch", "c"}, {"ch", "c"}, {"sh", "s"}, {"zh", "z"},
    {"kh", "h"},   {"ph", "f"},   {"th", "t"},  {"gh", "g"},  {"ts", "c"}, {"tz", "c"}, {"ck", "k"},
    {"oo", "u"},   {"ou", "o"},   {"w", "v"},   {"q", "k"},   {"x", "ks"}, {"y", "i"},  {"j", "i"},
};

static void substitute(struct str word, char out[2 * WORD_MAX], size_t *ret_n)
{
    size_t n = 0;
    for (size_t at = 0; at < word.n;) {
        struct str rest = str_sub(word, at, word.n);
        size_t s = strchr("sctzkpgowqxyj", word.p[at]) == NULL ? sizeof same / sizeof *same : 0;
        while (s < sizeof same / sizeof *same && !str_starts(rest, str_of(same[s].from)))
            s++;
        if (s == sizeof same / sizeof *same) {
            out[n++] = word.p[at++];
            continue;
        }
        for (const char *c = same[s].to; *c != '\0'; c++)
            out[n++] = *c;
        at += strlen(same[s].from);
    }
    *ret_n = n;
}

/* "dostoyevskiy", "dostoevskij", "dostoyevsky": "dostoevski". Empty for what is no word of
 * ASCII letters. */
static struct str plain_of(struct arena *arena, struct str word)
{
    char spelt[2 * WORD_MAX], *out = arena_alloc(arena, 2 * WORD_MAX);
    size_t spelt_n, n = 0;
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < 'a' || word.p[i] > 'z')
            return STR_NONE;
    if (word.n > WORD_MAX)
        return STR_NONE;
    substitute(word, spelt, &spelt_n);
    for (size_t i = 0; i < spelt_n; i++) {
        bool glide = spelt[i] == 'i' && i + 1 < spelt_n && is_vowel(spelt[i + 1]);
        if (!glide && (n == 0 || out[n - 1] != spelt[i]))
            out[n++] = spelt[i];
    }
    return (struct str){out, n};
}

/* "najib", "naguib", "njyb": "qngb". A letter that stands in no plain spelling begins it. */
static struct str consonants_of(struct arena *arena, struct str word)
{
    char *swapped = arena_z(arena, word);
    for (size_t i = 0; i < word.n; i++)
        if (swapped[i] == 'j')
            swapped[i] = 'g';
    struct str plain = plain_of(arena, (struct str){swapped, word.n});
    char *out = arena_alloc(arena, plain.n + 1);
    size_t n = 0;
    out[n++] = 'q';
    for (size_t i = 0; i < plain.n; i++)
        if (!is_vowel(plain.p[i]) && plain.p[i] != 'v' && plain.p[i] != out[n - 1])
            out[n++] = plain.p[i];
    return n > 2 ? (struct str){out, n} : STR_NONE;
}

/* ---- texts ---- */

static void add_word(struct buf *b, struct str word)
{
    if (word.n == 0)
        return;
    if (b->n > 0)
        buf_char(b, ' ');
    buf_str_add(b, word);
}

/* Korean names are written as one word, and in Latin letters often as several; a syllable's
 * first letter and its last are heard hard or soft. */
static void add_syllables(struct arena *arena, struct str word, size_t way, struct buf *ret)
{
    struct str rest = word;
    uint32_t c;
    for (size_t from = 0; utf8_next(&rest, &c); from = word.n - rest.n) {
        struct str latin = in_latin(arena, way, 0, str_sub(word, from, word.n - rest.n));
        static const char soft[] = "gdbj", hard[] = "ktpc";
        char *other = arena_z(arena, latin);
        size_t last = latin.n > 0 ? latin.n - 1 : 0;
        for (size_t i = 0; i < 4 && latin.n > 1; i++) {
            if (other[0] == soft[i])
                other[0] = hard[i];
            if (other[last] == soft[i] && other[last - 1] != 'n')
                other[last] = hard[i];
        }
        add_word(ret, plain_of(arena, latin));
        if (!str_eq(latin, (struct str){other, latin.n}))
            add_word(ret, plain_of(arena, (struct str){other, latin.n}));
    }
}

/* Surnames that are not written as any rule has them. */
static void add_usual(struct str word, struct buf *ret)
{
    static const struct {
        const char *name, *usual;
    } names[] = {{"이", "le"},     {"박", "park"}, {"최", "coi"},    {"정", "cung iung"},
                 {"임", "lim im"}, {"유", "io"},   {"노", "roh no"}, {"우", "vu"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts(word, str_of(names[i].name)))
            add_word(ret, str_of(names[i].usual));
}

static void add_roman(struct arena *arena, struct str word, size_t way, struct buf *ret)
{
    struct str plain[2] = {STR_NONE, STR_NONE};
    for (size_t i = 0; i < 2 && ways[way].ids[i] != NULL; i++) {
        struct str latin = in_latin(arena, way, i, word), rest = latin, part;
        plain[i] = plain_of(arena, latin);
        if (i == 0 || !str_eq(plain[0], plain[i]))
            while (str_next(&rest, ' ', &part))
                add_word(ret, plain_of(arena, part));
        if (i == 0 && ways[way].consonants)
            add_word(ret, consonants_of(arena, latin));
    }
    if (ways[way].script == USCRIPT_HANGUL) {
        add_syllables(arena, word, way, ret);
        add_usual(word, ret);
    }
}

/* Of which single letters are no words. */
static bool is_kana(size_t way)
{
    return ways[way].script == USCRIPT_HIRAGANA || ways[way].script == USCRIPT_KATAKANA;
}

/* Whether any letter is behind Latin ones, and none of Han: by the first bytes of UTF-8. */
static bool has_other_script(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= 0xcd && c != 0xe2 && c != 0xef && !(c >= 0xe4 && c <= 0xe9))
            return true;
    }
    return false;
}

struct str romans_of(struct arena *arena, struct str text)
{
    if (!has_other_script(text))
        return STR_NONE;
    BUF_AUTO out = BUF_INIT(TEXT_ROOM);
    struct str rest = text;
    uint32_t c;
    size_t from = 0, way = WAYS, letters = 0, at = 0;
    for (bool more = true; more; at = text.n - rest.n) {
        more = utf8_next(&rest, &c);
        /* Marks, and the long vowel of kana, go on with what stands before them. */
        bool goes_on = more && way < WAYS &&
                       (way_of(c) == way || c == 0x30fc || (c >= 0x300 && c <= 0x36f) ||
                        (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK) != 0);
        letters += goes_on;
        if (goes_on)
            continue;
        if (way < WAYS && (letters > 1 || !is_kana(way)) &&
            utf8_length(str_sub(text, from, at)) <= WORD_MAX && out.n < TEXT_ROOM / 2)
            add_roman(arena, str_sub(text, from, at), way, &out);
        from = at;
        letters = 1;
        way = more ? way_of(c) : WAYS;
    }
    return arena_str(arena, buf_str(&out));
}

struct str romans_spelt(struct arena *arena, struct str folded)
{
    BUF_AUTO out = BUF_INIT(TEXT_ROOM);
    struct str rest = folded, word;
    while (out.n < TEXT_ROOM / 2 && str_next(&rest, ' ', &word)) {
        struct str plain = plain_of(arena, word);
        if (plain.n > 2 && !str_eq(plain, word))
            add_word(&out, plain);
    }
    return arena_str(arena, buf_str(&out));
}

/* ---- what is typed ---- */

static bool is_known(grn_ctx *ctx, grn_obj *words, struct str word)
{
    return word.n > 0 && grn_table_get(ctx, words, word.p, (unsigned)word.n) != GRN_ID_NIL;
}

static void ask(struct buf *b, struct str word)
{
    buf_printf(b, "%s\"%.*s\"", b->n > 0 ? " " : "", STR_ARG(word));
}

/* As it was typed or in plain spelling. */
static void ask_either(struct buf *b, struct str word, struct str plain)
{
    if (str_eq(word, plain))
        ask(b, word);
    else
        buf_printf(b, "%s(\"%.*s\" OR \"%.*s\")", b->n > 0 ? " " : "", STR_ARG(word),
                   STR_ARG(plain));
}

bool romans_read(struct search_reader *reader, struct arena *arena, struct str typed,
                 struct romans *ret)
{
    enum { LETTERS_LEAST = 3, CONSONANTS_LEAST = 4 };
    BUF_AUTO strict = BUF_INIT(TEXT_ROOM);
    BUF_AUTO either = BUF_INIT(TEXT_ROOM);
    BUF_AUTO consonants = BUF_INIT(TEXT_ROOM);
    BUF_AUTO loose = BUF_INIT(2 * TEXT_ROOM);
    grn_obj *words = grn_ctx_get(reader->ctx, "Romans", -1);
    grn_obj *titles = grn_ctx_get(reader->ctx, "Words", -1);
    grn_obj *names = grn_ctx_get(reader->ctx, "Names", -1);
    struct str rest = search_fold(arena, typed), word;
    struct romans romans = {.words = 0};
    size_t letters = 0, spoken = 0;
    bool all = true, all_spoken = true, any = false, somewhere = true;
    while (words != NULL && titles != NULL && names != NULL && str_next(&rest, ' ', &word)) {
        struct str plain = plain_of(arena, word), skeleton = consonants_of(arena, word);
        if (plain.n == 0 || ++romans.words > WORDS_MAX)
            return false;
        bool known = is_known(reader->ctx, words, plain);
        all = all && known;
        bool elsewhere = is_known(reader->ctx, titles, word) || is_known(reader->ctx, names, word);
        any = any || (known && !(elsewhere && str_eq(plain, word))); /* words find that as well */
        all_spoken = all_spoken && is_known(reader->ctx, words, skeleton);
        letters += plain.n;
        spoken += skeleton.n > 0 ? skeleton.n - 1 : 0;
        ask(&strict, plain);
        ask(&consonants, skeleton);
        ask_either(&either, word, plain);
        somewhere = somewhere && (known || elsewhere);
    }
    all_spoken = all_spoken && spoken >= CONSONANTS_LEAST;
    any = any && somewhere;
    if (romans.words == 0 || letters < LETTERS_LEAST || (!all && !any && !all_spoken))
        return false;
    if (all)
        romans.strict = arena_str(arena, buf_str(&strict));
    if (any)
        buf_printf(&loose, "(%.*s)", (int)either.n, either.p);
    if (all_spoken)
        buf_printf(&loose, "%s(%.*s)", any ? " OR " : "", (int)consonants.n, consonants.p);
    romans.loose = arena_str(arena, buf_str(&loose));
    *ret = romans;
    return true;
}
