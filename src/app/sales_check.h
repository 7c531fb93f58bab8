/* Whether sales orders, payments, ledger, stock and libraries agree: asked by the command, and once
 * a day by who leads (bookkeeper.h), which keeps what it found for the desk. */
#ifndef COLOPHON_APP_SALES_CHECK_H
#define COLOPHON_APP_SALES_CHECK_H

#include "app/writer.h"
#include "domain/sales_check.h"

/* On a connection that sees everything; of each kind no more than `room`. */
enum rc sales_check(struct store_conn *conn, struct arena *arena, size_t room, sales_findings *ret,
                    struct fault *fault) MUST_CHECK;

/* Makes the check where none was made on this day (UTC) and anything was ever sold; *ret_made says
 * whether. */
enum rc sales_check_daily(struct store_conn *conn, struct writer *writer, bool *ret_made,
                          struct fault *fault) MUST_CHECK;
/* What the last one found, and when that was (0: there was none). */
enum rc sales_check_kept(struct store_conn *conn, struct arena *arena, size_t room,
                         sales_findings *ret, int64_t *ret_at, struct fault *fault) MUST_CHECK;
enum rc sales_check_count(struct store_conn *conn, uint64_t *ret, struct fault *fault) MUST_CHECK;

#endif
