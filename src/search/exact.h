/* Inside search/: whether a title, or a name, is what was typed, and not merely holds it.
 * Each edition keeps hashes of what it is called; what is typed has hashes of itself and of
 * its parts. Spaces and a leading article do not count. */
#ifndef COLOPHON_SEARCH_EXACT_H
#define COLOPHON_SEARCH_EXACT_H

#include "search/index.h"

/* Two hashes in one number, by which an edition is known. */
struct exact_names {
    uint64_t titles; /* whole; without what follows a colon or stands in brackets */
    uint64_t names;  /* the first one's, whole; its last word */
    uint64_t sounds; /* pinyin of that title; of that name */
    /* The title's letters, and before them a bit for each of these hashes: most editions
     * are known by it to be called otherwise. */
    uint64_t short_form;
};
/* `title` and `names` (on lines) as they were given. */
void exact_names_of(struct arena *arena, struct str title, struct str names,
                    struct exact_names *ret);

/* The first of names on lines, folded: without what stands in brackets, of Chinese its first word.
 */
struct str exact_first_name(struct arena *arena, struct str names);
/* Without the article that a folded title begins with. */
struct str exact_without_article(struct str folded);

/* What was typed: all of it, and every row of its words. */
enum { EXACT_PARTS_MAX = 80 };
struct exact_typed {
    struct {
        uint32_t hash;
        uint32_t share; /* of all letters that were typed, in thousandths */
    } parts[EXACT_PARTS_MAX];
    size_t n, words;
    uint64_t bits; /* as those of a short form */
};
/* The shorter a title, the larger. */
static inline uint64_t exact_shortness(uint64_t short_form)
{
    return UINT16_MAX - (short_form & UINT16_MAX);
}
void exact_typed_of(struct arena *arena, struct str typed, struct exact_typed *ret);

/* What it adds to an edition's score. */
uint32_t exact_bonus(const struct exact_typed *typed, uint64_t titles, uint64_t names,
                     uint64_t sounds);

#endif
