/* The keys of this shop's logs, as its published entries name them. Whatever lies in
 * a key's file, the last of these signs and no other. */
#ifndef COLOPHON_APP_RECORD_KEYS_H
#define COLOPHON_APP_RECORD_KEYS_H

#include "app/site.h"
#include "record/key_chain.h"
#include "store/record_log.h"

/* Of both logs, in `arena`. */
enum rc record_keys_load(struct site *site, struct store_conn *conn, struct arena *arena,
                         struct key_chain *ret[LOG_COUNT], struct fault *fault) MUST_CHECK;

#endif
