/* Whether checkpoints have their policy's quorum, and since when. */
#include "audit/parts.h"
#include "base/clock.h"

enum { FRESH = 600 }; /* seconds that a mirror's cosignature counts */

bool audit_cosigned_at(const struct policy *p, struct str note, int64_t *ret_from,
                       int64_t *ret_until)
{
    int64_t times[POLICY_WITNESSES_MAX] = {0};
    bool has[POLICY_WITNESSES_MAX] = {false}, then[POLICY_WITNESSES_MAX] = {false};
    for (unsigned i = 0; i < p->witness_count; i++)
        has[i] = cosignature_find(note, &p->witnesses[i].key, &times[i], NULL) == RC_OK;
    if (p->none || !policy_satisfied(p, has))
        return false;
    *ret_from = 0;
    *ret_until = INT64_MAX;
    for (unsigned i = 0; i < p->witness_count; i++) {
        if (!has[i])
            continue;
        for (unsigned k = 0; k < p->witness_count; k++)
            then[k] = has[k] && times[k] >= times[i];
        if (times[i] > *ret_from && policy_satisfied(p, then))
            *ret_from = times[i];
        for (unsigned k = 0; k < p->witness_count; k++)
            then[k] = has[k] && times[k] <= times[i];
        if (times[i] < *ret_until && policy_satisfied(p, then))
            *ret_until = times[i];
    }
    return true;
}

enum rc audit_quorum(struct audit *a, const struct audited_log *log, struct str note,
                     struct fault *fault)
{
    enum rc rc = policy_check(a->policy, note, fault);
    for (size_t i = 0; rc == RC_DENIED && i < a->order->seen_count; i++) {
        const struct audit_seen *seen = &a->order->seen[i];
        struct checkpoint checkpoint;
        int64_t from, until;
        /* That it is a beginning of this log is checked with all that peers saw. */
        if (seen->live && key_chain_verify(&checkpoint, seen->note, log->keys, NULL) == RC_OK &&
            audit_cosigned_at(a->policy, seen->note, &from, &until) && from + FRESH >= clock_now())
            return RC_OK;
    }
    return rc;
}

void audit_check_quorum(struct audit *a, const struct policy *policy, const struct audited_log *log,
                        struct str source, struct str note)
{
    struct fault why = {""};
    enum rc rc =
        policy == a->policy ? audit_quorum(a, log, note, &why) : policy_check(policy, note, &why);
    if (rc != RC_OK)
        contradiction(a, "quorum", "%.*s: %s", STR_ARG(source), why.text);
}

void audit_seen_quorum(struct audit *a, const struct audit_seen *seen, bool decisions,
                       uint64_t size)
{
    bool since = decisions && a->policy_settled > 0 && size >= a->policy_settled;
    const struct audited_log *log = decisions ? &a->decisions : &a->voices;
    if (seen->alone)
        return;
    if (a->policy != NULL && (seen->live || since))
        audit_check_quorum(a, a->policy, log, seen->source, seen->note);
    else if (a->policy == NULL && a->own_policy != NULL && since)
        audit_check_quorum(a, a->own_policy, log, seen->source, seen->note);
}
