/* Inside search/: what was typed, as a question to the index. */
#ifndef COLOPHON_SEARCH_TYPED_H
#define COLOPHON_SEARCH_TYPED_H

#include "search/index.h"

enum typed_way {
    TYPED_WORDS,      /* all its words, or all its syllables of pinyin */
    TYPED_LITERAL,    /* all its words */
    TYPED_UNFINISHED, /* as TYPED_WORDS; the last one may be the beginning of a word */
    TYPED_ANY_WORD,   /* at least one of them */
};

/* All records that match, with scores; NULL in *ret where nothing can. */
enum rc typed_select(struct search_reader *reader, struct str text, enum typed_way way,
                     grn_obj **ret, struct fault *fault) MUST_CHECK;
/* The next word, or what stands between quotes. */
bool typed_next(struct str *rest, struct str *ret);

#endif
