/* Disputes before bodies out of court, as stored. Adding and changing needs an open write
 * transaction. */
#ifndef COLOPHON_STORE_DISPUTES_H
#define COLOPHON_STORE_DISPUTES_H

#include "store/store.h"

struct dispute_row {
    uint64_t id;
    uint64_t restriction;   /* 0: about a demand's decision */
    uint64_t demand, about; /* of this one, which this entry is; else 0 */
    uint64_t complaint;     /* what was decided here before; 0: nothing */
    struct str body;
    int64_t submitted;
    int64_t index;   /* of its entry in the decisions log; -1 while it waits */
    bool settling;   /* there is a settlement; its entry may still wait */
    int64_t settled; /* when; 0: no settlement is published */
    struct str outcome;
    int64_t settlement_index; /* -1: none yet */
    bool correcting;          /* a correction's entry waits */
    int64_t correction_index; /* of the latest; -1: none, or it waits */
    bool none;                /* it was noted by mistake */
};
/* Of `d`: all but what came of it. */
enum rc dispute_add_row(struct store_conn *conn, const struct dispute_row *d, uint64_t entry_id,
                        struct fault *fault) MUST_CHECK;
enum rc dispute_get_row(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct dispute_row *ret, struct fault *fault) MUST_CHECK;
/* Open ones first, oldest first. */
enum rc dispute_list_rows(struct store_conn *conn, struct arena *arena, size_t room,
                          struct dispute_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
enum rc dispute_rows_of_complaint(struct store_conn *conn, struct arena *arena, uint64_t complaint,
                                  size_t room, struct dispute_row **ret, size_t *ret_n,
                                  struct fault *fault) MUST_CHECK;
/* In place of what was noted: body, submitted, settled, outcome and none, as of when the entry is
 * published. An outcome's entry is then the correction. */
enum rc dispute_correct_row(struct store_conn *conn, const struct dispute_row *d, uint64_t entry_id,
                            struct fault *fault) MUST_CHECK;
enum rc dispute_settle_row(struct store_conn *conn, uint64_t id, uint64_t entry_id, int64_t settled,
                           const char *outcome, struct fault *fault) MUST_CHECK;

#endif
