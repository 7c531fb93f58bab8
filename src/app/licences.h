/* Licences to sell, on the Record: what countries ask for, what is held, what is not sold for
 * want of one. All of it is entries of the decisions, and the gate goes by what is published
 * of them and by the time (domain/licence.h). */
#ifndef COLOPHON_APP_LICENCES_H
#define COLOPHON_APP_LICENCES_H

#include "app/site.h"
#include "app/writer.h"
#include "domain/licence.h"

/* One gap as the Record says it: the last word on each format of a storefront counts. */
struct licence_gap {
    struct str storefront, gap;
    licence_mask formats;
    int64_t at;
    uint64_t index;
};
/* What was said of a licence once, and the term that was said with it. */
struct licence_step {
    uint64_t id; /* the licence's */
    enum licence_status status;
    int64_t at, from, until;
    uint64_t index;
};
struct licences {
    struct licence_book book;
    LIST(struct licence_step) steps;
    LIST(struct licence_gap) gaps;
    size_t step_room, gap_room;
};
/* What is published, in the arena. */
enum rc licences_read(struct store_conn *conn, struct arena *arena, struct licences *ret,
                      struct fault *fault) MUST_CHECK;
/* And what waits for publication. */
enum rc licences_read_pending(struct store_conn *conn, struct arena *arena, struct licences *ret,
                              struct fault *fault) MUST_CHECK;
/* Why a need was stated, as it was written; empty where it was erased or nothing was. */
typedef LIST(struct str) licence_reasons; /* beside book.needs */
enum rc licences_reasons(struct site *site, struct arena *arena, const struct licence_book *book,
                         licence_reasons *ret, struct fault *fault) MUST_CHECK;

/* ---- stating ---- */

/* `order`: all but id, since, index. RC_INVALID names what is wrong. RC_BUSY where the entry
 * waits, here and below. */
enum rc licence_add(struct site *site, struct writer *writer, const struct licence *order,
                    uint64_t *ret_id, uint64_t *ret_index, struct fault *fault) MUST_CHECK;
/* `change`: id, and what is another of status (or LICENCE_AS_IT_IS), from and until. */
enum rc licence_change(struct site *site, struct writer *writer, const struct licence *change,
                       uint64_t *ret_index, struct fault *fault) MUST_CHECK;
enum { LICENCE_REASONS_MAX = 4000 };
enum rc licence_state_need(struct site *site, struct writer *writer,
                           const struct licence_need *order, struct str reasons,
                           uint64_t *ret_index, struct fault *fault) MUST_CHECK;
/* The same within a transaction; what storefronts sell by it is not looked at. */
enum rc licence_need_put(struct site *site, struct store_conn *conn,
                         const struct licence_need *order, struct str reasons,
                         uint64_t *ret_entry_id, struct fault *fault) MUST_CHECK;
/* An entry for each gap that opened or closed since the last one was said; within a
 * transaction. */
enum rc licence_gaps_declare(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
