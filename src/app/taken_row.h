/* Inside app/: one row of another shop's ratings and reviews, looked at by itself. */
#ifndef COLOPHON_APP_TAKEN_ROW_H
#define COLOPHON_APP_TAKEN_ROW_H

#include "app/review_rows.h"
#include "app/voice.h"
#include "base/encode.h"

struct taken_row {
    uint64_t line;
    struct str isbn13; /* empty: `work` says it */
    uint64_t work;
    struct review_text review; /* text empty: stars alone */
    struct str author, source;
    int32_t written;  /* the day */
    struct hash mark; /* by which it is known again */
    /* Stars alone, without a number: another row that says the same is another reader's. */
    bool may_repeat;
    bool known;
};
/* In the arena. RC_INVALID with a fault of the column. */
enum rc taken_row_read(struct arena *arena, const struct review_fields *fields, struct str source,
                       struct str language, struct taken_row *ret, struct fault *fault) MUST_CHECK;
/* The mark of one that stood so many times in the file before. */
struct hash taken_row_mark(const struct taken_row *row, uint64_t times);

#endif
