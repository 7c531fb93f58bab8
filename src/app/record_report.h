/* The transparency report of a year (Regulation (EU) 2022/2065, Art. 15, 23 and 24), counted
 * from the entries of the Record alone. Each table has a query beside it that counts
 * the same out of /record/entries.jsonl: web/static/report-*.jq. */
#ifndef COLOPHON_APP_RECORD_REPORT_H
#define COLOPHON_APP_RECORD_REPORT_H

#include "app/publication.h"

enum report_table {
    REPORT_RESTRICTIONS, /* by storefront and ground: decided and lifted within the year */
    REPORT_FEATURES,     /* what they withhold */
    REPORT_MONTHS,       /* decided and lifted, by month */
    REPORT_DEMANDS,      /* by sender, country and ground: received, and how they ended */
    REPORT_TIMES,        /* by sender: from the receipt to its confirmation, decision, effect */
    REPORT_TARGETS,      /* by the kind of what was withheld: an account is a suspension */
    REPORT_COMPLAINTS,   /* received, upheld, rejected, waiting at the year's end */
    REPORT_DISPUTES,     /* by body out of court: brought, and how they ended */
    REPORT_DELAYS,       /* between two moments: how many, the median, the slowest */
    REPORT_LICENCES,     /* by country and status, as they were said last at the year's end */
    REPORT_VOICES,       /* ratings, reviews, comments: accepted, changed, withdrawn, erased */
    REPORT_KEYS, /* by what they sign: keys that began within the year, and took the place of one */
};
#define REPORT_TABLES 12
const char *report_table_name(enum report_table table); /* "restrictions" … */

/* What a column holds, so that a page can say it in words. */
enum report_kind {
    REPORT_STOREFRONT,
    REPORT_GROUND,
    REPORT_FEATURE,
    REPORT_MONTH,
    REPORT_SENDER,
    REPORT_COUNTRY,
    REPORT_SPAN,
    REPORT_TARGET,
    REPORT_VOICE,
    REPORT_BODY,
    REPORT_LICENCE_STATUS,
    REPORT_KEY,
    REPORT_COUNT,
    REPORT_SECONDS
};

enum { REPORT_COLUMNS_MAX = 10 };
struct report_column {
    const char *name; /* in CSV */
    enum report_kind kind;
};
/* Words of the entries, or numbers; of all rows the columns of numbers come last. */
struct report_row {
    struct str text[REPORT_COLUMNS_MAX];
    uint64_t number[REPORT_COLUMNS_MAX];
};
struct report_rows {
    const struct report_column *columns;
    size_t column_n;
    LIST(struct report_row) rows;
};

struct report {
    int year;
    uint64_t size, voices_size; /* of the logs it was counted from */
    struct report_rows tables[REPORT_TABLES];
};
enum rc record_report(struct store_conn *conn, struct arena *arena, int year, struct report *ret,
                      struct fault *fault) MUST_CHECK;

/* RFC 4180, with a line of names; the same bytes as the query's. */
void report_csv(const struct report_rows *rows, struct buf *out);
static inline bool report_is_number(enum report_kind kind)
{
    return kind == REPORT_COUNT || kind == REPORT_SECONDS;
}

#endif
