/* The keys that sign refusals, of all nodes and all times. Each is kept before it signs
 * anything, and is an entry of the decisions (`refusal_key`) as soon as one can be published,
 * with the key that it follows where its node had one. Served are those whose entry is
 * published: what the list says, the Record says. */
#ifndef COLOPHON_APP_REFUSAL_LIST_H
#define COLOPHON_APP_REFUSAL_LIST_H

#include "app/site.h"
#include "app/writer.h"

/* This node signs with `vkey` from now on. RC_CONFLICT where another replaced it: what it signed
 * until then stays good, and it signs nothing more. *ret_new: an entry of it is to be made. */
enum rc refusal_list_join(struct site *site, struct str vkey, bool *ret_new,
                          struct fault *fault) MUST_CHECK;
/* Makes the entries that are lacking; within a transaction. */
enum rc refusal_list_declare(struct store_conn *conn, struct fault *fault) MUST_CHECK;
/* As it is served (record/refusal_keys.h); of a shop whose server never ran: empty. `conn` reads
 * everything. */
enum rc refusal_list_text(struct store_conn *conn, struct arena *arena, struct str *ret,
                          struct fault *fault) MUST_CHECK;
/* RC_CORRUPT where it is not what the entries name. */
enum rc refusal_list_verify(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
