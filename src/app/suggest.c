#include "app/suggest.h"

#include "base/utf8.h"

enum { LOOKED_AT = 32, LETTERS_LEAST = 2 };

struct wanted {
    struct arena *arena;
    struct str typed; /* folded */
    suggestions list;
};

/* Whether each word that was typed begins a word of the text. */
static bool begins_words(struct arena *arena, struct str typed, struct str text)
{
    struct str folded = search_fold(arena, text), rest = typed, word;
    while (str_next(&rest, ' ', &word)) {
        size_t at = 0;
        while (at < folded.n && !((at == 0 || folded.p[at - 1] == ' ' || utf8_has_cjk(word)) &&
                                  str_starts(str_sub(folded, at, folded.n), word)))
            at++;
        if (at == folded.n)
            return false;
    }
    return true;
}

static void add(struct wanted *w, struct suggestion s)
{
    for (size_t i = 0; i < w->list.n; i++) {
        const struct suggestion *there = &w->list.v[i];
        if (s.contributor != 0 ? there->contributor == s.contributor
                               : str_eq(there->text, s.text) && str_eq(there->note, s.note))
            return;
    }
    if (w->list.n < SUGGESTIONS_MAX)
        w->list.v[w->list.n++] = s;
}

static void add_names(struct wanted *w, const struct shown_card *card)
{
    for (size_t i = 0; i < card->contributors.n && w->list.n < SUGGESTED_NAMES_MAX; i++) {
        const struct shown_contributor *c = &card->contributors.v[i];
        if (c->id != 0 && c->name.n > 0 && begins_words(w->arena, w->typed, c->name))
            add(w, (struct suggestion){.text = c->name, .contributor = c->id});
    }
}

/* How early a title is suggested: it begins as it was typed; it is sold here. */
static unsigned place_of(const struct wanted *w, const struct shown_card *card)
{
    bool begins = str_starts(search_fold(w->arena, card->title), w->typed);
    return (begins ? 0 : 2) + (verdict_sells(card->verdict) && card->withheld == NULL ? 0 : 1);
}

static void add_titles(struct wanted *w, const shown_cards *cards)
{
    for (unsigned place = 0; place < 4; place++)
        for (size_t i = 0; i < cards->n; i++) {
            const struct shown_card *card = &cards->v[i];
            if (card->unlisted != NULL || place_of(w, card) != place)
                continue;
            add(w, (struct suggestion){
                       .text = card->title,
                       .language = card->language,
                       .note = card->contributors.n > 0 ? card->contributors.v[0].name : STR_NONE,
                       .key = card->key});
        }
}

/* Works among them whose own page is withheld. */
static uint64_t unlisted(const shown_cards *cards)
{
    uint64_t n = 0;
    for (size_t i = 0; i < cards->n; i++) {
        size_t k = 0;
        while (k < i && (cards->v[k].unlisted == NULL || cards->v[k].work != cards->v[i].work))
            k++;
        n += cards->v[i].unlisted != NULL && k == i;
    }
    return n;
}

enum rc suggest(const struct visit *visit, struct indexer *indexer, struct str typed,
                suggestions *ret, uint64_t *ret_withheld, struct fault *fault)
{
    struct wanted w = {.arena = visit->arena, .typed = search_fold(visit->arena, typed)};
    struct find_order order = {.feature = FEATURE_SEARCH,
                               .text = typed,
                               .sort = SORT_RELEVANCE,
                               .unfinished = true,
                               .limit = LOOKED_AT};
    struct found *found = ARENA_NEW(visit->arena, struct found);
    *ret = (suggestions){0};
    *ret_withheld = 0;
    if (typed.n > SUGGEST_BYTES_MAX ||
        utf8_length(w.typed) < (utf8_has_cjk(w.typed) ? 1 : LETTERS_LEAST))
        return RC_OK;
    enum rc rc = find_run(visit, indexer, &order, found, fault);
    if (rc != RC_OK)
        return rc;
    w.list.v = ARENA_ARRAY(visit->arena, struct suggestion, SUGGESTIONS_MAX);
    for (size_t i = 0; i < found->cards.n; i++)
        if (found->cards.v[i].unlisted == NULL)
            add_names(&w, &found->cards.v[i]);
    add_titles(&w, &found->cards);
    *ret = w.list;
    *ret_withheld = found->withheld.works + found->withheld.partly + unlisted(&found->cards);
    return RC_OK;
}
