/* Sessions of payments by card, as they are kept. Changing needs an open write transaction. */
#ifndef COLOPHON_STORE_CARD_SESSIONS_H
#define COLOPHON_STORE_CARD_SESSIONS_H

#include "domain/payment.h"
#include "store/store.h"

enum rc card_session_row_add(struct store_conn *conn, const struct card_session_row *row,
                             struct fault *fault) MUST_CHECK;
/* session, intent, state, ask. */
enum rc card_session_row_set(struct store_conn *conn, const struct card_session_row *row,
                             struct fault *fault) MUST_CHECK;
enum rc card_session_row_latest(struct store_conn *conn, struct arena *arena, uint64_t payment,
                                struct card_session_row *ret, struct fault *fault) MUST_CHECK;
/* By the provider's number. */
enum rc card_session_row_by_number(struct store_conn *conn, struct arena *arena, struct str number,
                                   struct card_session_row *ret, struct fault *fault) MUST_CHECK;
/* Those that the provider is to be asked for by `now`. */
enum rc card_session_rows_due(struct store_conn *conn, struct arena *arena, int64_t now,
                              size_t room, card_session_rows *ret, struct fault *fault) MUST_CHECK;

#endif
