/* Inside search/: Chinese as it is written in Latin letters. Titles and names are indexed
 * by their syllables too, and what is typed is read as pinyin, however it is spaced. */
#ifndef COLOPHON_SEARCH_SOUNDS_H
#define COLOPHON_SEARCH_SOUNDS_H

#include "search/index.h"

/* Every syllable of pinyin, in the alphabet's order, and which of them each character of
 * Han has (one more than its place; 0: none). Made at build time by tools/han.c. */
enum { SYLLABLE_ROOM = 8 };
extern const size_t syllable_count;
extern const char syllables[][SYLLABLE_ROOM];
extern const uint16_t han_sounds[HAN_COUNT];

/* The syllables of what is Chinese in a folded text, with spaces between; may be empty. */
struct str sounds_of(struct arena *arena, struct str folded);

struct sounds {
    struct str question; /* in Groonga's query language */
    size_t words, syllables;
};
/* False where what was typed cannot be pinyin. */
bool sounds_read(struct arena *arena, struct str typed, struct sounds *ret);

#endif
