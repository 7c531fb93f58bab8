/* Inside pay/: the two kinds of statement, and what both do with a line. */
#ifndef COLOPHON_PAY_PARTS_H
#define COLOPHON_PAY_PARTS_H

#include "base/buf.h"
#include "pay/bank_statement.h"

struct statement_reading {
    struct arena *arena;
    struct bank_statement *statement;
    size_t room;
};
enum rc statement_add(struct statement_reading *r, const struct statement_line *line,
                      struct fault *fault) MUST_CHECK;
/* As "12.90", above nought. */
enum rc statement_amount(uint64_t line, struct str amount, struct str currency, int64_t *ret,
                         struct fault *fault) MUST_CHECK;
enum rc statement_csv(struct statement_reading *r, struct str bytes,
                      struct fault *fault) MUST_CHECK;
enum rc statement_camt(struct statement_reading *r, struct str bytes,
                       struct fault *fault) MUST_CHECK;

#endif
