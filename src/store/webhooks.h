/* What programs of shops are told, as it is stored. Changing needs an open write transaction. */
#ifndef COLOPHON_STORE_WEBHOOKS_H
#define COLOPHON_STORE_WEBHOOKS_H

#include "base/arena.h"
#include "base/fault.h"
#include "domain/webhook.h"
#include "store/store.h"

/* Without its secret; RC_NOT_FOUND. */
enum rc webhook_row_shown(struct store_conn *conn, struct arena *arena, uint64_t shop,
                          struct webhook *ret, struct fault *fault) MUST_CHECK;
enum rc webhook_row_get(struct store_conn *conn, struct arena *arena, uint64_t shop,
                        struct webhook *ret, struct fault *fault) MUST_CHECK;
/* An empty url: it is removed, and nothing waits any more. */
enum rc webhook_row_put(struct store_conn *conn, uint64_t shop, const struct webhook *webhook,
                        struct fault *fault) MUST_CHECK;

/* Something happened; nothing where the shop has no webhook, or was told of it in this second. */
enum rc webhook_tell(struct store_conn *conn, uint64_t shop, const char *kind, struct str subject,
                     int64_t at, struct fault *fault) MUST_CHECK;
/* The same of a sales order; "order." and what happened. */
enum rc webhook_tell_order(struct store_conn *conn, uint64_t order, struct str what, int64_t at,
                           struct fault *fault) MUST_CHECK;

/* The next that is due; RC_NOT_FOUND. */
enum rc webhook_event_next(struct store_conn *conn, struct arena *arena, int64_t now,
                           struct webhook_event *ret, struct fault *fault) MUST_CHECK;
/* False where somebody else did meanwhile. */
enum rc webhook_event_claim(struct store_conn *conn, const struct webhook_event *event,
                            int64_t until, bool *ret, struct fault *fault) MUST_CHECK;
enum rc webhook_event_end(struct store_conn *conn, const struct webhook_event *event,
                          struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where it is not the shop's. */
enum rc webhook_event_again(struct store_conn *conn, uint64_t shop, uint64_t id, int64_t now,
                            struct fault *fault) MUST_CHECK;
/* A shop's, the latest first. */
enum rc webhook_events_of(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                          webhook_events *ret, struct fault *fault) MUST_CHECK;
enum rc webhook_events_forget(struct store_conn *conn, int64_t before,
                              struct fault *fault) MUST_CHECK;

#endif
