/* The transparency report of a year, as a page, as CSV and as the queries that count the
 * same. */
#ifndef COLOPHON_WEB_RECORD_REPORT_H
#define COLOPHON_WEB_RECORD_REPORT_H

#include "app/record_report.h"
#include "web/page.h"
#include "web/record_story.h"

struct report_cell {
    struct str text;
    bool number, head; /* head: it names the row */
};
struct report_line {
    LIST(struct report_cell) cells;
};
/* One bar of a chart; numbers are percents of the longest, or of the chart's width. */
struct report_bar {
    struct str name, count;
    unsigned percent, x, top;
    unsigned of; /* the whole that `percent` is filled of; 0: it is the whole itself */
};
struct report_section {
    struct str id, heading, note;
    LIST(struct report_cell) columns;
    LIST(struct report_line) lines;
    LIST(struct report_bar) bars; /* empty: no chart */
    bool upright;                 /* columns beside each other, one for each month */
    unsigned chart_height;
    struct str program; /* in jq */
    struct url csv, jq;
};
struct report_view {
    struct str year;
    choice_list years;
    uint64_t size, voices_size;
    LIST(struct report_section) sections;
    struct url lines, voices_lines;
};

#endif
