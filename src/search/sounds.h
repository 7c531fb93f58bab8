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

/* How Wade-Giles writes each, without its marks; sorted by text, one text for up to six. */
struct older_spelling {
    char text[SYLLABLE_ROOM];
    uint16_t syllable; /* its place */
};
extern const size_t older_count;
extern const struct older_spelling older_spellings[];

/* The syllables of what is Chinese in a folded text, with spaces between; may be empty. `name`: of
 * a person, whose family stands first. */
struct str sounds_of(struct arena *arena, struct str folded, bool name);
/* The same, and behind it every other way to read it: where more than three characters have
 * another reading, all of them at once only. */
struct str sounds_all(struct arena *arena, struct str folded, bool name);

struct sounds {
    struct str question; /* in Groonga's query language */
    size_t words, syllables;
};
/* False where what was typed cannot be pinyin. */
bool sounds_read(struct arena *arena, struct str typed, struct sounds *ret);
/* The same of Wade-Giles, of two syllables at least, each a word or joined by hyphens. */
bool sounds_read_older(struct arena *arena, struct str typed, struct sounds *ret);

#endif
