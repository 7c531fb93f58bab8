/* Setting a witness policy (policy.h). */
#ifndef COLOPHON_APP_POLICY_SET_H
#define COLOPHON_APP_POLICY_SET_H

#include "app/site.h"
#include "app/writer.h"

/* Bytes; a larger file is refused. */
#define POLICY_FILE_MAX (64 * 1024)

/* Checks that it names both logs of this shop, and that the witnesses who have a URL
 * make its quorum. *ret_index: of its entry. */
enum rc policy_set(struct site *site, struct writer *writer, struct str text, uint64_t *ret_index,
                   struct fault *fault) MUST_CHECK;

#endif
