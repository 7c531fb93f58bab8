/* Inside app/: codes of a second factor, of six digits or for recovery, and that each is taken
 * once. Within a write transaction. */
#ifndef COLOPHON_APP_FACTOR_CODE_H
#define COLOPHON_APP_FACTOR_CODE_H

#include "base/encode.h"
#include "store/staff_rows.h"

/* "ABCD-EFGH-IJKL-MNOP", whatever way it is typed; hashed with the account, so that
 * equal codes do not look equal. They have 80 bits: no slow hash is needed. */
struct hash factor_recovery_hash(uint64_t account, struct str code);

/* Which code it is, and that it is used up now: RC_DENIED where it is none, or was used.
 * *ret_what names it for the trail. */
enum rc factor_code_take(struct store_conn *conn, uint64_t account, struct str code,
                         const struct factor_row *factor, struct str *ret_what,
                         struct fault *fault) MUST_CHECK;
/* The same of whoever has set one up: RC_DENIED also where none is. */
enum rc factor_code_use(struct store_conn *conn, uint64_t account, struct str code,
                        struct str *ret_what, struct fault *fault) MUST_CHECK;
enum rc factor_code_denied(struct fault *fault);

#endif
