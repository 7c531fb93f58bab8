/* A bank statement, read whole or not at all: camt.053 (ISO 20022, XML) or CSV, told by its first
 * byte. The first thing that is wrong refuses it, and the fault names the line.
 *
 * CSV (RFC 4180; semicolons where the first line has them) names its columns in the first line:
 * date (2026-11-30), amount, currency and text are needed, payer and id may be there, others are
 * passed over. An amount below nought is money that left. */
#ifndef COLOPHON_PAY_BANK_STATEMENT_H
#define COLOPHON_PAY_BANK_STATEMENT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/list.h"
#include "base/str.h"

enum { STATEMENT_MAX = 32 << 20, STATEMENT_LINES_MAX = 200000, STATEMENT_TEXT_MAX = 2000 };

/* Money that came. */
struct statement_line {
    uint64_t line; /* of the file, for people */
    int32_t day;
    struct str currency;
    int64_t amount;
    struct str text;  /* what the payer wrote: all of it that may hold a reference */
    struct str payer; /* '' where the bank does not say */
    struct str id;    /* the bank's; '' where it gives none */
    bool reversed;    /* money that had left and came back */
};
struct bank_statement {
    LIST(struct statement_line) lines;
    size_t left;    /* lines of money that left: nothing is done with them */
    size_t pending; /* that the bank has not booked: they come again when it has */
};
enum rc bank_statement_read(struct arena *arena, struct str bytes, struct bank_statement *ret,
                            struct fault *fault) MUST_CHECK;

#endif
