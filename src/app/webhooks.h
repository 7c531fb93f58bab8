/* Webhooks: what happens to a shop's sales orders, stock and feeds is told to an address of its
 * choice. An event is a row of the transaction that causes it (store/webhooks.h); a thread of the
 * node that leads sends what is due by a limited process (outside.h), signed, to public https
 * addresses alone, and follows no redirection. What is not taken is sent again for a day, later
 * each time; by its number whoever is told twice knows. Nothing of persons is in it. */
#ifndef COLOPHON_APP_WEBHOOKS_H
#define COLOPHON_APP_WEBHOOKS_H

#include "app/secret.h"
#include "app/site.h"
#include "app/writer.h"
#include "domain/webhook.h"

enum { WEBHOOK_EVENTS_SHOWN = 30 };

/* RC_NOT_FOUND where the shop has none. */
enum rc webhook_shown(struct store_conn *conn, struct arena *arena, uint64_t shop,
                      struct webhook *ret, struct fault *fault) MUST_CHECK;
/* The latest first. */
enum rc webhook_told(struct store_conn *conn, struct arena *arena, uint64_t shop,
                     webhook_events *ret, struct fault *fault) MUST_CHECK;
/* With a new secret each time. An empty address: nothing is told any more. RC_INVALID for one that
 * is no https address; `loopback`: tests' are taken. */
enum rc webhook_set(struct writer *writer, uint64_t shop, struct str url, bool loopback,
                    char ret_secret[TOKEN_SIZE + 1], struct fault *fault) MUST_CHECK;
/* Once more, now. RC_NOT_FOUND where the shop has no such event. */
enum rc webhook_again(struct writer *writer, uint64_t shop, uint64_t id,
                      struct fault *fault) MUST_CHECK;

struct webhook_sender;
enum rc webhook_sender_open(struct site *site, struct writer *writer, bool loopback,
                            struct webhook_sender **ret, struct fault *fault) MUST_CHECK;
void webhook_sender_close(struct webhook_sender *sender); /* NULL is harmless */

#endif
