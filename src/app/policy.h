/* The witness policy in force: that of the last published `policy` entry. Setting
 * one (policy_set.h) is published under the quorum of the one before. */
#ifndef COLOPHON_APP_POLICY_H
#define COLOPHON_APP_POLICY_H

#include "app/site.h"

struct policy; /* record/policy.h */

/* `ret->none` where no policy was ever set. Its texts lie in `arena`. */
enum rc policy_in_force(struct store_conn *conn, struct arena *arena, struct policy *ret,
                        struct fault *fault) MUST_CHECK;
/* Whether the policy in force asks for witnesses; within the transaction. */
enum rc policy_asks(struct store_conn *conn, bool *ret, struct fault *fault) MUST_CHECK;
/* Its file; RC_NOT_FOUND where none was ever set. */
enum rc policy_text(struct store_conn *conn, struct arena *arena, struct str *ret,
                    struct fault *fault) MUST_CHECK;

#endif
