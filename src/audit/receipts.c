#include "audit/receipts.h"

#include "record/entry.h"
#include "record/merkle.h"
#include "record/policy.h"
#include "record/proof.h"
#include "record/refusal_keys.h"

/* The first key that signed it; the reason of the last one where none did. */
static enum rc check_with_keys(const struct receipt_question *question,
                               const struct receipt *receipt, struct checkpoint *ret,
                               struct fault *fault)
{
    struct hash leaf = merkle_leaf(receipt->entry);
    enum rc rc = fault_set(fault, RC_INVALID, "no key is given to check the signature with");
    for (size_t i = 0; i < question->keys_n; i++) {
        struct key_chain keys;
        struct fault why = {""};
        enum rc tried = key_chain_follow(&keys, question->keys[i], question->list, fault);
        if (tried != RC_OK)
            return tried;
        tried = proof_check_keys(&receipt->proof, &leaf, &keys, ret, &why);
        if (tried == RC_OK)
            return RC_OK;
        /* What the log's own key says counts more than that another did not sign. */
        struct str note = receipt->proof.note;
        bool meant = str_eq(keys.v[0].key.name, str_sub(note, 0, str_find(note, '\n')));
        if (meant || rc != RC_CORRUPT)
            rc = fault_set(fault, meant ? RC_CORRUPT : RC_INVALID, "%s", why.text);
    }
    return RC_INVALID;
}

/* How many of the policy's witnesses saw the checkpoint that the receipt rests on. */
static enum rc check_quorum(struct arena *arena, const struct str *text, struct str note,
                            unsigned *ret_cosigned, struct fault *fault)
{
    struct policy *policy = ARENA_NEW(arena, struct policy);
    int64_t when;
    *ret_cosigned = 0;
    if (text == NULL)
        return RC_OK;
    enum rc rc = policy_parse(policy, *text, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "the policy");
    if (policy_check(policy, note, fault) != RC_OK)
        return RC_INVALID;
    for (unsigned i = 0; i < policy->witness_count; i++)
        *ret_cosigned += cosignature_find(note, &policy->witnesses[i].key, &when, NULL) == RC_OK;
    return RC_OK;
}

static enum rc verify_refusal(const struct receipt_question *question, struct receipt_answer *ret,
                              struct fault *fault)
{
    struct refusal refusal;
    enum rc rc = fault_set(fault, RC_INVALID, "no key is given to check the signature with");
    for (size_t i = 0; i < question->keys_n; i++) {
        struct refusal_key key;
        rc = refusal_key_read(&key, question->keys[i], fault);
        if (rc != RC_OK)
            return rc;
        rc = refusal_key_verify(&refusal, question->file, &key, question->content, fault);
        if (rc == RC_CONFLICT)
            return RC_INVALID;
        if (rc == RC_OK)
            break;
    }
    if (rc == RC_OK)
        *ret = (struct receipt_answer){.refused = true,
                                       .at = refusal.at,
                                       .reason = refusal.reason,
                                       .request = refusal.request,
                                       .status = refusal.status,
                                       .restriction = refusal.restriction,
                                       .origin = refusal.origin,
                                       .opened = question->content != NULL};
    return rc;
}

enum rc receipt_verify(struct arena *arena, const struct receipt_question *question,
                       struct receipt_answer *ret, struct fault *fault)
{
    struct receipt receipt;
    struct checkpoint checkpoint;
    struct entry entry;
    struct fault why = {""};
    unsigned cosigned;
    if (str_starts(question->file, STR(REFUSAL_FIRST_LINE)))
        return verify_refusal(question, ret, fault);
    enum rc rc = receipt_read(arena, question->file, &receipt, fault);
    if (rc == RC_OK)
        rc = check_with_keys(question, &receipt, &checkpoint, fault);
    if (rc == RC_OK)
        rc = check_quorum(arena, question->policy, receipt.proof.note, &cosigned, fault);
    if (rc == RC_OK)
        rc = entry_read(arena, receipt.entry, &entry, fault);
    if (rc != RC_OK)
        return rc;
    enum rc opens = receipt_opens(&receipt, question->content, &why);
    if (opens == RC_INVALID || (opens != RC_OK && question->content != NULL))
        return fault_set(fault, RC_INVALID, "%s", why.text);
    *ret = (struct receipt_answer){.origin = checkpoint.origin,
                                   .index = receipt.proof.index,
                                   .size = checkpoint.size,
                                   .cosigned = cosigned,
                                   .entry = receipt.entry,
                                   .opened = opens == RC_OK,
                                   .domain = receipt.opening.domain,
                                   .opening_note = arena_str(arena, str_of(why.text))};
    return RC_OK;
}
