/* What else may have been meant: spellings near to a word that nothing has, by Groonga's
 * fuzzy search over its tables of words, words that were written together or apart, and at
 * last fewer words. A word is known here as far as the gate's filter lets an edition
 * through that has it, so that no correction tells of what is withheld. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "search/index.h"
#include "search/sounds.h"
#include "search/typed.h"

enum {
    WORDS_MAX = 8,
    LETTERS_MAX = 40,
    NEAR_MAX = 64,    /* words near to one, before anybody asks how many have them */
    GUESSES = 3,      /* for one word */
    GUESSED_MAX = 40, /* for all words together */
    TRIES_MAX = 15,
    FAR_MAX = 2,        /* words for which two letters may differ; four times as dear as one */
    BUDGET_US = 150000, /* thrice what a text usually takes; then what was found has to do */
    BETTER_US = BUDGET_US / 3, /* beside what was found it is worth less */
    PART_LEAST = 3,            /* letters of a word that was written together with another */
    FUZZY_FROM = 3,            /* letters; shorter words are near to everything */
    FUZZY_FIRST = 5,           /* letters; of shorter words the first one is as it was typed */
    FUZZY_TWICE = 7,           /* from so many on, two letters may differ */
    COMMON = 20,               /* so many times as frequent as the rarest word: says nothing */
};

struct guess {
    struct str text;
    unsigned distance;
    uint64_t count;
};

struct word {
    struct str text; /* folded */
    uint64_t count;  /* works that are shown and have it */
    struct guess guesses[GUESSES];
    size_t guess_n;
};

struct forgiving {
    struct search_reader *reader;
    struct arena *arena;
    const struct search_query *query;
    const struct search_filter *filter;
    struct word words[WORDS_MAX];
    size_t n;
    unsigned guessed, tries, far;
    int64_t until; /* by what the thread has had of the processor */
};

/* A text may be made to cost; others wait for the same lane. */
static bool is_late(const struct forgiving *f)
{
    return clock_thread_us() > f->until;
}

/* How many works are shown that have all of the words, or any. */
static enum rc count_found(struct forgiving *f, struct str text, bool any_word, uint64_t *ret,
                           struct fault *fault)
{
    struct search_query query = {
        .text = text, .storefront = f->query->storefront, .any_word = any_word};
    struct search_result *result = ARENA_NEW(f->arena, struct search_result);
    if (is_late(f))
        return RC_OK;
    enum rc rc = search_run(f->reader, f->arena, &query, f->filter, result, fault);
    if (rc == RC_OK)
        *ret = result->works;
    return rc;
}

static enum rc count_works(struct forgiving *f, struct str text, uint64_t *ret, struct fault *fault)
{
    return count_found(f, text, false, ret, fault);
}

/* ---- how near two words are ---- */

static size_t letters_of(struct str s, uint32_t ret[LETTERS_MAX])
{
    size_t n = 0;
    while (n < LETTERS_MAX && utf8_next(&s, &ret[n]))
        n++;
    return n;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Letters left out, added, another, or two that changed places. */
static unsigned distance_between(struct str a, struct str b)
{
    uint32_t x[LETTERS_MAX], y[LETTERS_MAX];
    unsigned rows[3][LETTERS_MAX + 1];
    size_t n = letters_of(a, x), m = letters_of(b, y);
    for (size_t k = 0; k <= m; k++)
        rows[0][k] = (unsigned)k;
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t k = 1; k <= m; k++) {
            unsigned other = before[k - 1] + (x[i - 1] != y[k - 1]);
            now[k] = least(other, least(before[k], now[k - 1]) + 1);
            if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1])
                now[k] = least(now[k], earlier[k - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

/* ---- guesses at one word ---- */

static void keep_guess(struct word *w, struct guess guess)
{
    size_t at = w->guess_n;
    for (size_t i = 0; i < w->guess_n; i++)
        if (str_eq(w->guesses[i].text, guess.text))
            return;
    while (at > 0 && (guess.distance < w->guesses[at - 1].distance ||
                      (guess.distance == w->guesses[at - 1].distance &&
                       guess.count > w->guesses[at - 1].count))) {
        if (at < GUESSES)
            w->guesses[at] = w->guesses[at - 1];
        at--;
    }
    if (at < GUESSES) {
        w->guesses[at] = guess;
        w->guess_n += w->guess_n < GUESSES;
    }
}

static enum rc try_guess(struct forgiving *f, struct word *w, struct str text, unsigned distance,
                         struct fault *fault)
{
    struct guess guess = {.text = text, .distance = distance};
    if (f->guessed++ >= GUESSED_MAX || is_late(f))
        return RC_OK;
    enum rc rc = count_works(f, text, &guess.count, fault);
    if (rc == RC_OK && guess.count > 0)
        keep_guess(w, guess);
    return rc;
}

static int nearest_first(const void *a, const void *b)
{
    const struct guess *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return str_cmp(x->text, y->text);
}

/* Words of one table that are near. */
static void add_near(struct forgiving *f, const char *table, struct str word, unsigned farthest,
                     struct guess near[NEAR_MAX], size_t *n)
{
    grn_ctx *ctx = f->reader->ctx;
    grn_obj *words = grn_ctx_get(ctx, table, -1), key;
    grn_search_optarg how = {.mode = GRN_OP_FUZZY};
    if (words == NULL)
        return;
    grn_obj *found = grn_table_create(ctx, NULL, 0, NULL, GRN_OBJ_TABLE_HASH_KEY, words, NULL);
    how.fuzzy.max_distance = farthest;
    how.fuzzy.prefix_match_size = utf8_length(word) < FUZZY_FIRST ? utf8_cut(word, 1).n : 0;
    how.fuzzy.flags = GRN_TABLE_FUZZY_SEARCH_WITH_TRANSPOSITION;
    GRN_TEXT_INIT(&key, GRN_OBJ_DO_SHALLOW_COPY);
    GRN_TEXT_SET_REF(&key, word.p, word.n);
    grn_obj_search(ctx, words, &key, found, GRN_OP_OR, &how);
    GRN_OBJ_FIN(ctx, &key);
    grn_hash_cursor *cursor =
        grn_hash_cursor_open(ctx, (grn_hash *)found, NULL, 0, NULL, 0, 0, -1, 0);
    while (cursor != NULL && *n < NEAR_MAX && grn_hash_cursor_next(ctx, cursor) != GRN_ID_NIL) {
        char text[LETTERS_MAX * 4];
        void *id;
        grn_hash_cursor_get_key(ctx, cursor, &id);
        int length = grn_table_get_key(ctx, words, *(grn_id *)id, text, sizeof text);
        if (length <= 0 || length > (int)sizeof text)
            continue;
        struct str known = {text, (size_t)length};
        near[(*n)++] = (struct guess){.text = arena_str(f->arena, known),
                                      .distance = distance_between(word, known)};
    }
    if (cursor != NULL)
        grn_hash_cursor_close(ctx, cursor);
    grn_obj_unlink(ctx, found);
    ctx->rc = GRN_SUCCESS; /* that nothing is near is no failure */
}

static enum rc guess_spellings(struct forgiving *f, struct word *w, unsigned farthest,
                               struct fault *fault)
{
    struct guess near[NEAR_MAX];
    size_t n = 0, length = utf8_length(w->text);
    enum rc rc = RC_OK;
    if (length < FUZZY_FROM || length >= LETTERS_MAX - 2 || utf8_has_cjk(w->text) || is_late(f))
        return RC_OK;
    add_near(f, "Words", w->text, farthest, near, &n);
    add_near(f, "Names", w->text, farthest, near, &n);
    if (n > 1)
        qsort(near, n, sizeof *near, nearest_first);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        if (near[i].distance == 0 || (i > 0 && str_eq(near[i].text, near[i - 1].text)))
            continue;
        /* What is farther than GUESSES that were found would not be kept. */
        if (w->guess_n == GUESSES && near[i].distance > w->guesses[GUESSES - 1].distance)
            break;
        rc = try_guess(f, w, near[i].text, near[i].distance, fault);
    }
    return rc;
}

static bool is_word(struct forgiving *f, struct str s)
{
    grn_ctx *ctx = f->reader->ctx;
    grn_obj *words = grn_ctx_get(ctx, "Words", -1), *names = grn_ctx_get(ctx, "Names", -1);
    return (words != NULL && grn_table_get(ctx, words, s.p, (unsigned)s.n) != GRN_ID_NIL) ||
           (names != NULL && grn_table_get(ctx, names, s.p, (unsigned)s.n) != GRN_ID_NIL);
}

/* Two words that were written as one. */
static enum rc guess_parts(struct forgiving *f, struct word *w, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t at = PART_LEAST;
         rc == RC_OK && at + PART_LEAST <= w->text.n && !utf8_has_cjk(w->text); at++) {
        struct str first = str_sub(w->text, 0, at), second = str_sub(w->text, at, w->text.n);
        if (is_word(f, first) && is_word(f, second))
            rc = try_guess(f, w, ARENA_JOIN(f->arena, first, STR(" "), second), 1, fault);
    }
    return rc;
}

/* "Volume" in "earthsea volume 2" stands in no catalogue. */
static bool counts_volumes(struct str s)
{
    static const char *const words[] = {"book", "vol",   "volume", "part",  "no",   "nr",
                                        "num",  "band",  "bd",     "tome",  "tomo", "teil",
                                        "bk",   "issue", "number", "libro", "livre"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(s, words[i]))
            return true;
    return false;
}

/* ---- the whole text ---- */

static struct str with_guesses(struct forgiving *f, const size_t chosen[WORDS_MAX])
{
    BUF_AUTO text = BUF_INIT(8 << 10);
    for (size_t i = 0; i < f->n; i++) {
        const struct word *w = &f->words[i];
        struct str said = chosen[i] == 0 ? w->text : w->guesses[chosen[i] - 1].text;
        if (text.n > 0 && said.n > 0)
            buf_char(&text, ' ');
        buf_str_add(&text, said);
    }
    return arena_str(f->arena, buf_str(&text));
}

/* The nearest text that finds something; of those as near, what finds most. */
struct best {
    struct str text;
    unsigned distance;
    uint64_t count;
};

static enum rc try_whole(struct forgiving *f, const size_t chosen[WORDS_MAX], struct best *best,
                         struct fault *fault)
{
    struct best this = {.text = with_guesses(f, chosen)};
    for (size_t i = 0; i < f->n; i++)
        this.distance += chosen[i] == 0 ? 0 : f->words[i].guesses[chosen[i] - 1].distance;
    if (this.text.n == 0 || (best->count > 0 && this.distance > best->distance) ||
        f->tries++ >= TRIES_MAX)
        return RC_OK;
    enum rc rc = count_works(f, this.text, &this.count, fault);
    if (rc == RC_OK && this.count > 0 &&
        (best->count == 0 || this.distance < best->distance || this.count > best->count))
        *best = this;
    return rc;
}

/* The best guess at each word that nothing has; then, one word after the other, the
 * others. */
static enum rc correct(struct forgiving *f, struct best *best, struct fault *fault)
{
    size_t chosen[WORDS_MAX] = {0};
    for (size_t i = 0; i < f->n; i++) {
        if (f->words[i].count == 0 && f->words[i].guess_n == 0)
            return RC_OK; /* nothing has all of them */
        chosen[i] = f->words[i].count == 0;
    }
    enum rc rc = try_whole(f, chosen, best, fault);
    for (size_t i = 0; i < f->n; i++) {
        size_t first = chosen[i];
        for (size_t g = 1; rc == RC_OK && g <= f->words[i].guess_n; g++) {
            chosen[i] = g;
            if (g != first)
                rc = try_whole(f, chosen, best, fault);
        }
        chosen[i] = first;
    }
    return rc;
}

/* The words that something has, without those that nearly everything has; where hardly
 * anything of what was typed is left ("le" of "le petit prince"), nothing is. Syllables of a
 * name may be somewhere one by one, and no word by themselves: what is said finds something. */
static enum rc fewer_words(struct forgiving *f, struct search_instead *ret, struct fault *fault)
{
    enum { PART_OF_TYPED = 5 };
    BUF_AUTO text = BUF_INIT(8 << 10);
    uint64_t rarest = 0, works = 0;
    size_t typed = 0, left = 0;
    for (size_t i = 0; i < f->n; i++) {
        struct word *w = &f->words[i];
        typed += utf8_length(w->text);
        if (w->count == 0 && w->guess_n > 0) {
            w->text = w->guesses[0].text;
            w->count = w->guesses[0].count;
        }
        if (w->count > 0 && (rarest == 0 || w->count < rarest))
            rarest = w->count;
    }
    for (size_t i = 0; i < f->n; i++) {
        if (f->words[i].count == 0 || f->words[i].count > rarest * COMMON)
            continue;
        buf_printf(&text, "%s%.*s", text.n > 0 ? " " : "", STR_ARG(f->words[i].text));
        left += utf8_length(f->words[i].text);
    }
    if (left * PART_OF_TYPED <= typed)
        return RC_OK;
    enum rc rc = count_found(f, buf_str(&text), true, &works, fault);
    if (rc == RC_OK && works > 0)
        *ret =
            (struct search_instead){.text = arena_str(f->arena, buf_str(&text)), .any_word = true};
    return rc;
}

/* Characters that were typed by their sound are often others of the same sound: what is read
 * like them. One alone sounds like half of the dictionary. */
static enum rc same_sound(struct forgiving *f, struct best *best, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(8 << 10);
    size_t spoken = 0;
    for (size_t i = 0; i < f->n; i++) {
        struct str word = f->words[i].text, sounds = sounds_of(f->arena, word, false), each;
        if (!utf8_has_cjk(word) || sounds.n == 0)
            return RC_OK;
        buf_printf(&text, "%s%.*s", text.n > 0 ? " " : "", STR_ARG(sounds));
        while (str_next(&sounds, ' ', &each))
            spoken++;
    }
    if (spoken < 2 || text.failed)
        return RC_OK;
    struct best this = {.text = arena_str(f->arena, buf_str(&text))};
    enum rc rc = count_works(f, this.text, &this.count, fault);
    if (rc == RC_OK && this.count > 0)
        *best = this;
    return rc;
}

/* Chinese has no spaces to leave words out at: two characters stand for a word. */
static void add_word(struct forgiving *f, struct str folded)
{
    struct str rest = folded, word;
    while (str_next(&rest, ' ', &word))
        if (f->n < WORDS_MAX)
            f->words[f->n++].text = word;
}

static void pairs_of_han(struct forgiving *f)
{
    struct word before[WORDS_MAX];
    size_t n = f->n;
    memcpy(before, f->words, sizeof before);
    f->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct str rest = before[i].text;
        if (before[i].count > 0 || !utf8_has_cjk(rest)) {
            if (f->n < WORDS_MAX)
                f->words[f->n++] = before[i];
            continue;
        }
        for (; utf8_length(rest) >= 2 && f->n < WORDS_MAX;
             rest = str_sub(rest, utf8_cut(rest, 1).n, rest.n))
            f->words[f->n++] = (struct word){.text = utf8_cut(rest, 2)};
    }
}

static enum rc count_each(struct forgiving *f, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < f->n; i++)
        if (f->words[i].count == 0)
            rc = count_works(f, f->words[i].text, &f->words[i].count, fault);
    return rc;
}

static enum rc guess_unknown(struct forgiving *f, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < f->n; i++) {
        struct word *w = &f->words[i];
        uint64_t number;
        if (i + 1 < f->n && counts_volumes(w->text) && str_to_u64(f->words[i + 1].text, &number))
            keep_guess(w, (struct guess){.distance = 0});
        if (w->count > 0)
            continue;
        rc = guess_spellings(f, w, 1, fault);
        if (rc == RC_OK)
            rc = guess_parts(f, w, fault);
        if (rc == RC_OK && w->guess_n == 0 && utf8_length(w->text) >= FUZZY_TWICE &&
            f->far++ < FAR_MAX)
            rc = guess_spellings(f, w, 2, fault);
    }
    return rc;
}

/* Each of them is somewhere, and one may be a slip all the same. */
static enum rc guess_known(struct forgiving *f, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < f->n; i++)
        if (f->words[i].count > 0)
            rc = guess_spellings(f, &f->words[i], 1, fault);
    return rc;
}

static struct forgiving *begin(struct search_reader *reader, struct arena *arena,
                               const struct search_query *query, const struct search_filter *filter,
                               int64_t budget_us)
{
    struct forgiving *f = ARENA_NEW(arena, struct forgiving);
    struct str rest = query->text, term;
    *f = (struct forgiving){.reader = reader,
                            .arena = arena,
                            .query = query,
                            .filter = filter,
                            .until = clock_thread_us() + budget_us};
    while (f->n < WORDS_MAX && utf8_valid(query->text, NULL) && typed_next(&rest, &term))
        add_word(f, search_fold(arena, term));
    return f;
}

enum rc search_better(struct search_reader *reader, struct arena *arena,
                      const struct search_query *query, const struct search_filter *filter,
                      uint64_t works, struct str *ret, struct fault *fault)
{
    enum { RARE = 3, LETTERS_LEAST = 5, TIMES = 10 };
    struct forgiving *f = begin(reader, arena, query, filter, BETTER_US);
    size_t rarest = 0, chosen[WORDS_MAX] = {0};
    *ret = STR_NONE;
    enum rc rc = count_each(f, fault);
    for (size_t i = 1; i < f->n; i++)
        if (f->words[i].count < f->words[rarest].count)
            rarest = i;
    struct word *w = &f->words[rarest];
    if (rc != RC_OK || f->n == 0 || w->count > RARE || utf8_length(w->text) < LETTERS_LEAST)
        return rc;
    rc = guess_spellings(f, w, 1, fault);
    for (size_t g = 0; rc == RC_OK && g < w->guess_n && ret->n == 0; g++) {
        uint64_t count = 0;
        chosen[rarest] = g + 1;
        struct str text = with_guesses(f, chosen);
        if (w->guesses[g].count >= TIMES * (w->count + 1))
            rc = count_works(f, text, &count, fault);
        if (count >= TIMES * works)
            *ret = text;
    }
    return rc;
}

enum rc search_instead(struct search_reader *reader, struct arena *arena,
                       const struct search_query *query, const struct search_filter *filter,
                       struct search_instead *ret, struct fault *fault)
{
    struct forgiving *f = begin(reader, arena, query, filter, BUDGET_US);
    struct best best = {0};
    *ret = (struct search_instead){0};
    enum rc rc = count_each(f, fault);
    if (rc == RC_OK)
        rc = guess_unknown(f, fault);
    if (rc == RC_OK)
        rc = correct(f, &best, fault);
    if (rc == RC_OK && best.count == 0)
        rc = guess_known(f, fault);
    if (rc == RC_OK && best.count == 0)
        rc = correct(f, &best, fault);
    if (rc == RC_OK && best.count == 0)
        rc = same_sound(f, &best, fault);
    if (rc != RC_OK || best.count > 0) {
        ret->text = best.text;
        return rc;
    }
    pairs_of_han(f);
    rc = count_each(f, fault);
    return rc == RC_OK && f->n > 1 ? fewer_words(f, ret, fault) : rc;
}
