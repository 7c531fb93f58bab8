/* A table that somebody sends: CSV (RFC 4180, by libcsv), whose first line names the columns. It
 * is read whole before anything is done with it. */
#ifndef COLOPHON_APP_CSV_TABLE_H
#define COLOPHON_APP_CSV_TABLE_H

#include "base/fault.h"
#include "base/list.h"

enum { CSV_COLUMNS = 16 };

struct csv_row {
    uint64_t line;            /* at which it begins */
    const struct str *v;      /* as the names were ordered; without white space around */
    const unsigned *column;   /* in which each stands, from 1; 0: in none */
    const char *const *names; /* as they were given */
};
/* Anything but RC_OK ends the reading. */
typedef enum rc (*csv_row_taker)(void *context, const struct csv_row *row, struct fault *fault);

/* Columns of other names are passed over; the first `needed` of the names have to be there.
 * RC_INVALID says in which line the table is none. */
enum rc csv_table_read(struct str text, const char *const *names, size_t n, size_t needed,
                       csv_row_taker take, void *context, struct fault *fault) MUST_CHECK;
/* "line 7, column 2 (stock): …"; RC_INVALID. */
enum rc csv_row_wrong(const struct csv_row *row, size_t at, const char *why, struct fault *fault);

#endif
