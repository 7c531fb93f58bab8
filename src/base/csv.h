/* Tables as RFC 4180 has them. */
#ifndef COLOPHON_BASE_CSV_H
#define COLOPHON_BASE_CSV_H

#include "base/buf.h"

/* One text, in quotes. */
void csv_add(struct buf *out, struct str s);
/* A line of texts by other people: what a spreadsheet would take for a formula is told from
 * one by an apostrophe before it. */
void csv_line_add(struct buf *out, const struct str *cells, size_t n);

#endif
