/* Inside search/: names and titles of other scripts as they are written in Latin letters. What
 * ICU's transliterators make of them is indexed, and of Latin names what is spelled in several
 * ways; both are brought to one plain spelling, and so is what is typed. */
#ifndef COLOPHON_SEARCH_ROMANS_H
#define COLOPHON_SEARCH_ROMANS_H

#include "search/index.h"

/* The plain spellings of what is neither Latin nor Han in a text as it was given, with spaces
 * between; of scripts without vowels their consonants too. May be empty. */
struct str romans_of(struct arena *arena, struct str text);
/* Of folded Latin words those that a plain spelling changes, in it. */
struct str romans_spelt(struct arena *arena, struct str folded);

/* What was typed, in Groonga's query language; empty where it can be no such thing. */
struct romans {
    struct str strict; /* for the columns of other scripts alone: all words in plain spelling */
    struct str loose;  /* for all columns: each word as typed or in plain spelling, or all by
                          their consonants */
    size_t words;
};
bool romans_read(struct search_reader *reader, struct arena *arena, struct str typed,
                 struct romans *ret);

#endif
