/* Ratings and reviews of another shop as they come in a file: CSV (RFC 4180, by libcsv), whose
 * first line names the columns, or JSON lines, told by the first character. Pushed in pieces; each
 * row is handed on with the line it begins at. A row that is none is handed on as that, and the
 * next line begins another. */
#ifndef COLOPHON_APP_REVIEW_ROWS_H
#define COLOPHON_APP_REVIEW_ROWS_H

#include <stdint.h>

#include "base/fault.h"
#include "base/str.h"

enum review_column {
    REVIEW_ISBN,
    REVIEW_WORK, /* our number of it, in place of an ISBN */
    REVIEW_STARS,
    REVIEW_TITLE,
    REVIEW_TEXT,
    REVIEW_LANGUAGE,
    REVIEW_AUTHOR,
    REVIEW_DATE,
    REVIEW_SOURCE, /* the other shop's name */
    REVIEW_ID,     /* its number there */
    REVIEW_COLUMNS
};
const char *review_column_name(enum review_column c);

/* As they stand there, without white space around; empty where absent. UTF-8. */
struct review_fields {
    struct str v[REVIEW_COLUMNS];
};
/* `fields` NULL: this is no row, and `wrong` says why. Anything but RC_OK ends the reading. */
typedef enum rc (*review_row_taker)(void *context, uint64_t line,
                                    const struct review_fields *fields, const char *wrong,
                                    struct fault *fault);

struct review_rows;
struct review_rows *review_rows_new(review_row_taker take, void *context);
void review_rows_free(struct review_rows *r);
/* RC_INVALID where the first line names no columns that can be used. */
enum rc review_rows_push(struct review_rows *r, struct str bytes, struct fault *fault) MUST_CHECK;
enum rc review_rows_end(struct review_rows *r, struct fault *fault) MUST_CHECK;

#endif
