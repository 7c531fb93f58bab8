#include "search/sounds.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/utf8.h"
#include "search/polyphones.h"

enum {
    READINGS_MAX = 4,
    SYLLABLES_MAX = 24,
    WORDS_MAX = 12,
    STEPS_MAX = 4000,
    QUESTION_MAX = 16 << 10
};

enum { BIOGRAPHY = 0x4f20 };

static unsigned sound_of(uint32_t c)
{
    return c >= HAN_FIRST && c <= HAN_LAST ? han_sounds[c - HAN_FIRST] : 0;
}

/* Each syllable; of the characters that have two readings those whose bit is in `others`, the
 * first one's the lowest, have the other one than they would have. *ret_n: so many there are. */
static struct str spell(struct arena *arena, struct str folded, bool name, uint64_t others,
                        size_t *ret_n)
{
    BUF_AUTO out = BUF_INIT(64 << 10);
    uint32_t c, next = 0;
    size_t n = 0;
    bool begins = true; /* a name does */
    for (bool more = utf8_next(&folded, &c); more; c = next) {
        unsigned sound = sound_of(c);
        const struct polyphone *p = sound > 0 ? polyphone_of(c) : NULL;
        more = utf8_next(&folded, &next);
        bool first = begins;
        begins = sound == 0;
        if (sound == 0)
            continue;
        /* A family's name; what a title ends with is a life and no handing on. */
        bool other = p != NULL && first && name && p->surname;
        other |= c == BIOGRAPHY && out.n > 0 && (!more || sound_of(next) == 0);
        other ^= p != NULL && n < 64 && (others >> n & 1) != 0;
        n += p != NULL;
        if (out.n > 0)
            buf_char(&out, ' ');
        buf_str_add(&out, other ? str_of(p->other) : str_of(syllables[sound - 1]));
    }
    *ret_n = n;
    return arena_str(arena, buf_str(&out));
}

struct str sounds_of(struct arena *arena, struct str folded, bool name)
{
    size_t n;
    return spell(arena, folded, name, 0, &n);
}

struct str sounds_all(struct arena *arena, struct str folded, bool name)
{
    enum { EACH_MAX = 3 };
    size_t n, again;
    struct str all = spell(arena, folded, name, 0, &n);
    uint64_t every = n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
    for (uint64_t others = n > EACH_MAX ? every : 1; others > 0 && others <= every; others++) {
        all = ARENA_JOIN(arena, all, STR(" "), spell(arena, folded, name, others, &again));
        if (others == UINT64_MAX)
            break;
    }
    return all;
}

/* ---- what is typed ---- */

static int by_letters(const void *key, const void *syllable)
{
    return str_cmp(*(const struct str *)key, str_of(syllable));
}

/* Interjections are left out: no word would be without a reading. */
static bool is_syllable(struct str s)
{
    bool vowel = false;
    for (size_t i = 0; i < s.n; i++)
        vowel |= s.p[i] == 'a' || s.p[i] == 'e' || s.p[i] == 'i' || s.p[i] == 'o' || s.p[i] == 'u';
    return vowel && bsearch(&s, syllables, syllable_count, sizeof *syllables, by_letters) != NULL;
}

/* The ways in which one word comes apart into syllables: "xian" is one, or two. */
struct readings {
    struct arena *arena;
    struct str word;
    struct str at[SYLLABLES_MAX];
    struct str texts[READINGS_MAX];
    size_t n, fewest; /* syllables of the shortest reading */
    size_t steps;
};

static void note_reading(struct readings *r, size_t depth)
{
    BUF_AUTO text = BUF_INIT(QUESTION_MAX);
    for (size_t i = 0; i < depth; i++) {
        if (i > 0)
            buf_char(&text, ' ');
        buf_str_add(&text, r->at[i]);
    }
    r->texts[r->n++] = arena_str(r->arena, buf_str(&text));
    r->fewest = r->fewest == 0 || depth < r->fewest ? depth : r->fewest;
}

/* Longer syllables first; a tone's number may stand behind each. */
static void read_from(struct readings *r, size_t from, size_t depth)
{
    if (from == r->word.n && depth > 0) {
        note_reading(r, depth);
        return;
    }
    for (size_t n = SYLLABLE_ROOM - 2; n > 0 && depth < SYLLABLES_MAX && r->n < READINGS_MAX; n--) {
        if (++r->steps > STEPS_MAX) /* made up to have many dead ends */
            return;
        if (from + n > r->word.n)
            continue;
        struct str syllable = str_sub(r->word, from, from + n);
        if (!is_syllable(syllable))
            continue;
        size_t next = from + n;
        if (next < r->word.n && r->word.p[next] >= '1' && r->word.p[next] <= '5')
            next++;
        r->at[depth] = syllable;
        read_from(r, next, depth + 1);
    }
}

/* Folded, an apostrophe being a border of syllables, and v what is typed for ü. */
static struct str plain(struct arena *arena, struct str typed)
{
    static const struct str marks[] = {{"'", 1}, {"\xe2\x80\x99", 3}, {"\xca\xbc", 2}};
    char *spaced = arena_z(arena, typed);
    for (size_t i = 0; i < typed.n; i++)
        for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
            if (str_starts(str_sub(typed, i, typed.n), marks[m]))
                memset(spaced + i, ' ', marks[m].n);
    struct str folded = search_fold(arena, (struct str){spaced, typed.n});
    char *out = arena_z(arena, folded);
    for (size_t i = 0; i < folded.n; i++)
        if (out[i] == 'v')
            out[i] = 'u';
    return (struct str){out, folded.n};
}

static void ask_word(struct buf *b, const struct readings *r)
{
    buf_char(b, '(');
    for (size_t i = 0; i < r->n; i++)
        buf_printf(b, "%s\"%.*s\"", i > 0 ? " OR " : "", STR_ARG(r->texts[i]));
    BUF_LIT(b, ")");
}

bool sounds_read(struct arena *arena, struct str typed, struct sounds *ret)
{
    BUF_AUTO whole = BUF_INIT(QUESTION_MAX);
    BUF_AUTO each = BUF_INIT(QUESTION_MAX);
    struct sounds sounds = {0};
    struct str rest = plain(arena, typed), word;
    while (str_next(&rest, ' ', &word)) {
        struct readings r = {.arena = arena, .word = word};
        read_from(&r, 0, 0);
        if (r.n == 0 || ++sounds.words > WORDS_MAX)
            return false;
        sounds.syllables += r.fewest;
        buf_printf(&whole, "%s%.*s", sounds.words > 1 ? " " : "", STR_ARG(r.texts[0]));
        if (sounds.words > 1)
            buf_char(&each, ' ');
        ask_word(&each, &r);
    }
    if (sounds.words == 0 || whole.failed || each.failed)
        return false;
    /* All of it in a row; where the words are longer than syllables, apart as well. */
    sounds.question = arena_printf(arena, "(\"%.*s\")%s%.*s%s", STR_ARG(buf_str(&whole)),
                                   sounds.syllables > sounds.words ? " OR (" : "",
                                   sounds.syllables > sounds.words ? (int)each.n : 0, each.p,
                                   sounds.syllables > sounds.words ? ")" : "");
    *ret = sounds;
    return true;
}

/* ---- Wade-Giles ---- */

/* The first of the spellings that are this word; *ret_n: so many. */
static size_t older_of(struct str word, size_t *ret_n)
{
    size_t low = 0, high = older_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_cmp(str_of(older_spellings[middle].text), word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (*ret_n = 0;
         low + *ret_n < older_count && str_eq(str_of(older_spellings[low + *ret_n].text), word);)
        ++*ret_n;
    return low;
}

bool sounds_read_older(struct arena *arena, struct str typed, struct sounds *ret)
{
    enum { OLDER_MAX = 8, PHRASES_MAX = 96 };
    BUF_AUTO out = BUF_INIT(QUESTION_MAX);
    size_t first[OLDER_MAX], n[OLDER_MAX], words = 0, phrases = 1;
    struct str rest = search_fold(arena, typed), word;
    while (str_next(&rest, ' ', &word)) {
        if (words == OLDER_MAX)
            return false;
        first[words] = older_of(word, &n[words]);
        phrases *= n[words] == 0 ? PHRASES_MAX + 1 : n[words];
        if (phrases > PHRASES_MAX)
            return false;
        words++;
    }
    if (words < 2)
        return false;
    for (size_t i = 0; i < phrases; i++) {
        size_t choice = i;
        buf_printf(&out, "%s\"", i > 0 ? " OR " : "");
        for (size_t w = 0; w < words; choice /= n[w], w++) {
            size_t place = older_spellings[first[w] + choice % n[w]].syllable;
            buf_printf(&out, "%s%s", w > 0 ? " " : "", syllables[place]);
        }
        buf_char(&out, '"');
    }
    *ret = (struct sounds){arena_str(arena, buf_str(&out)), words, words};
    return !out.failed;
}
