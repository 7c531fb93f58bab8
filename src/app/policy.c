#include "app/policy.h"

#include "app/beside.h"
#include "app/publication.h"
#include "app/sequencer.h"
#include "base/clock.h"
#include "record/entry.h"
#include "record/merkle.h"
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

struct setting {
    struct str text;
    uint64_t entry_id;
};

static enum rc set_in_transaction(void *context, struct store_conn *conn, struct fault *fault)
{
    struct setting *s = context;
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    struct entry entry = {.type = ENTRY_POLICY, .at = clock_now()};
    entry.policy.digest = sha256(s->text.p, s->text.n);
    entry.policy.size = s->text.n;
    enum rc rc = entry_write(&entry, &bytes, fault);
    if (rc == RC_OK)
        rc = record_log_add(conn, LOG_DECISIONS, entry_type_name(ENTRY_POLICY), buf_str(&bytes),
                            &s->entry_id, fault);
    return rc == RC_OK ? candidate_policy_add(conn, s->entry_id, s->text, fault) : rc;
}

/* A policy that nobody could fulfil would stop the shop for good. */
static enum rc check_usable(struct site *site, const struct policy *policy, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    bool can[POLICY_WITNESSES_MAX] = {false};
    enum rc rc = RC_OK;
    for (unsigned i = 0; i < policy->witness_count; i++)
        can[i] = policy->witnesses[i].url.n > 0;
    if (!policy_satisfied(policy, can))
        return fault_set(fault, RC_INVALID,
                         "policy: the witnesses that have a URL do not make the quorum");
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++) {
        struct str vkey;
        struct note_key key;
        bool named = false;
        rc = publication_vkey(site, NULL, &arena, (enum public_log)log, &vkey, fault);
        if (rc == RC_OK)
            rc = note_key_parse(&key, vkey, fault);
        for (unsigned i = 0; rc == RC_OK && i < policy->log_count; i++)
            named = named || (policy->logs[i].key.id == key.id &&
                              str_eq(policy->logs[i].key.name, key.name));
        if (rc == RC_OK && !named)
            rc = fault_set(fault, RC_INVALID, "policy: a line is missing: log %.*s", STR_ARG(vkey));
    }
    return rc;
}

enum rc policy_set(struct site *site, struct writer *writer, struct str text, uint64_t *ret_index,
                   struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct policy *policy = ARENA_NEW(&arena, struct policy);
    struct setting setting = {.text = text};
    enum rc rc = policy_parse(policy, text, fault);
    if (rc == RC_OK)
        rc = check_usable(site, policy, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, set_in_transaction, &setting, fault);
    return rc == RC_OK ? entry_published(site, setting.entry_id, ret_index, fault) : rc;
}
