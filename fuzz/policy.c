/* Witness policies from anywhere: what is read has a quorum that all its witnesses
 * together reach, and that none of them does not. */
#include <stdint.h>

#include "record/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct policy *policy = calloc(1, sizeof *policy);
    bool all[POLICY_WITNESSES_MAX] = {false}, nobody[POLICY_WITNESSES_MAX] = {false};
    if (policy == NULL)
        abort();
    if (policy_parse(policy, (struct str){(const char *)bytes, n}, NULL) == RC_OK) {
        for (unsigned i = 0; i < policy->witness_count; i++)
            all[i] = true;
        if (!policy_satisfied(policy, all) || policy_satisfied(policy, nobody) != policy->none)
            abort();
    }
    free(policy);
    return 0;
}
