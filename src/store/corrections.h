/* Corrections of titles as they are stored, and what records said before them. Changing needs
 * an open write transaction. */
#ifndef COLOPHON_STORE_CORRECTIONS_H
#define COLOPHON_STORE_CORRECTIONS_H

#include "domain/correction.h"
#include "store/store.h"

enum { CORRECTIONS_MAX = 100 }; /* of one title */

struct correction_row {
    struct correction correction;
    int64_t at;
    struct str who; /* the name of whoever made it; empty where their account is gone */
};

/* In the place of what was there. */
enum rc correction_row_put(struct store_conn *conn, uint64_t shop, struct str key,
                           const struct correction *c, uint64_t account, int64_t at,
                           struct fault *fault) MUST_CHECK;
enum rc correction_row_remove(struct store_conn *conn, uint64_t shop, struct str key,
                              enum correction_field field, struct str said,
                              struct fault *fault) MUST_CHECK;
/* In the order in which they were made. */
enum rc correction_rows(struct store_conn *conn, struct arena *arena, uint64_t shop, struct str key,
                        struct correction_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* *ret_state is another number after every change of the shop's; *ret_n counts. */
enum rc correction_state(struct store_conn *conn, uint64_t shop, uint64_t *ret_n,
                         uint64_t *ret_state, struct fault *fault) MUST_CHECK;
/* The products of a shop that are corrected. */
enum rc correction_keys(struct store_conn *conn, uint64_t shop,
                        void (*each)(void *context, struct str key), void *context,
                        struct fault *fault) MUST_CHECK;

/* A record's packed facts as they were sent: RC_NOT_FOUND where nothing stands over them. */
enum rc record_said(struct store_conn *conn, struct arena *arena, uint64_t record, struct str *ret,
                    struct fault *fault) MUST_CHECK;
enum rc record_said_put(struct store_conn *conn, uint64_t record, struct str facts,
                        struct fault *fault) MUST_CHECK;
enum rc record_said_remove(struct store_conn *conn, uint64_t record,
                           struct fault *fault) MUST_CHECK;
/* What is shown of it. */
enum rc record_facts_put(struct store_conn *conn, uint64_t record, struct str facts,
                         struct fault *fault) MUST_CHECK;
/* The shop's records of a product, at most `room`: ids, and the edition of all. */
enum rc shop_records_by_key(struct store_conn *conn, uint64_t shop, struct str key, size_t room,
                            uint64_t *ret, size_t *ret_n, uint64_t *ret_edition,
                            struct fault *fault) MUST_CHECK;

#endif
