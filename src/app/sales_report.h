/* What a shop sold, for its desk: by day, month, country or kind, each currency by itself. Nothing
 * of it is about a person. */
#ifndef COLOPHON_APP_SALES_REPORT_H
#define COLOPHON_APP_SALES_REPORT_H

#include "app/site.h"
#include "domain/sales_sum.h"

/* From a day to another, both included. On a connection that sees everything. */
enum rc sales_report(struct store_conn *conn, struct arena *arena, uint64_t shop, int32_t from,
                     int32_t until, enum sold_by by, sales_sums *ret,
                     struct fault *fault) MUST_CHECK;

#endif
