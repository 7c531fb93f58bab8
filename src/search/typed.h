/* Inside search/: what was typed, as a question to the index. */
#ifndef COLOPHON_SEARCH_TYPED_H
#define COLOPHON_SEARCH_TYPED_H

#include "search/index.h"

/* All records that match, with scores; NULL in *ret where nothing can. */
enum rc typed_select(struct search_reader *reader, struct str text, grn_obj **ret,
                     struct fault *fault) MUST_CHECK;

#endif
