/* The witness policy in force: that of the last published `policy` entry. Setting
 * one is published under the quorum of the one before. */
#ifndef COLOPHON_APP_POLICY_H
#define COLOPHON_APP_POLICY_H

#include "app/site.h"
#include "app/writer.h"

struct policy; /* record/policy.h */

/* Bytes; a larger file is refused. */
#define POLICY_FILE_MAX (64 * 1024)

/* `ret->none` where no policy was ever set. Its texts lie in `arena`. */
enum rc policy_in_force(struct store_conn *conn, struct arena *arena, struct policy *ret,
                        struct fault *fault) MUST_CHECK;
/* Its file; RC_NOT_FOUND where none was ever set. */
enum rc policy_text(struct store_conn *conn, struct arena *arena, struct str *ret,
                    struct fault *fault) MUST_CHECK;
/* Checks that it names both logs of this shop, and that the witnesses who have a URL
 * make its quorum. *ret_index: of its entry. */
enum rc policy_set(struct site *site, struct writer *writer, struct str text, uint64_t *ret_index,
                   struct fault *fault) MUST_CHECK;

#endif
