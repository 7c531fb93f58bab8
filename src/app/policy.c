#include "app/policy.h"

#include "record/policy.h"
#include "store/candidates.h"

enum rc policy_text(struct store_conn *conn, struct arena *arena, struct str *ret,
                    struct fault *fault)
{
    enum rc rc = candidate_policy(conn, arena, ret, fault);
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "no witness policy is set") : rc;
}

enum rc policy_in_force(struct store_conn *conn, struct arena *arena, struct policy *ret,
                        struct fault *fault)
{
    struct str text;
    enum rc rc = candidate_policy(conn, arena, &text, fault);
    if (rc == RC_NOT_FOUND) {
        *ret = (struct policy){.none = true};
        return RC_OK;
    }
    return rc == RC_OK ? policy_parse(ret, text, fault) : rc;
}

enum rc policy_asks(struct store_conn *conn, bool *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str text;
    enum rc rc = candidate_policy(conn, &arena, &text, fault);
    if (rc == RC_NOT_FOUND) { /* as in most shops: nothing is parsed */
        *ret = false;
        return RC_OK;
    }
    struct policy *policy = ARENA_NEW(&arena, struct policy);
    if (rc == RC_OK)
        rc = policy_parse(policy, text, fault);
    if (rc == RC_OK)
        *ret = !policy->none;
    return rc;
}
