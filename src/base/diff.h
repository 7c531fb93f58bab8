/* What became of one text in another: pieces that stayed, that went and that came. By lines,
 * and by words within what was replaced. Of valid UTF-8. */
#ifndef COLOPHON_BASE_DIFF_H
#define COLOPHON_BASE_DIFF_H

#include "base/list.h"

enum diff_kind { DIFF_SAME, DIFF_GONE, DIFF_NEW };
struct diff_piece {
    enum diff_kind kind;
    struct str text;
};
typedef LIST(struct diff_piece) diff_list;

/* The pieces that are no DIFF_NEW are `old`, those that are no DIFF_GONE are `new`, byte by
 * byte. Texts too large to be compared wholly are told as replaced from their first difference
 * to their last; so is each part that would cost more than the whole may. The pieces point into
 * the texts. */
diff_list diff_texts(struct arena *arena, struct str old, struct str new);

#endif
