#include "app/rotation.h"

#include <unistd.h>

#include "app/key.h"
#include "app/policy.h"
#include "app/record_keys.h"
#include "app/rotation_order.h"
#include "app/signer_parts.h"
#include "base/clock.h"
#include "base/crash.h"
#include "record/policy.h"
#include "store/store.h"

enum { WAIT_MS = 30000 };

static const char *next_path(const struct site *site, struct arena *arena)
{
    return arena_printf(arena, "%s" KEY_NEXT_SUFFIX, site_key_path(site)).p;
}

/* Another's file, found good before it lies in the prepared key's place. The same again, where
 * the first time came no further than that, is no other. */
static enum rc take_from(struct site *site, const char *from, const char *path, struct arena *arena,
                         struct fault *fault)
{
    struct note_signer key[LOG_COUNT] = {0};
    struct key_chain *chains[LOG_COUNT];
    struct store_conn *conn = NULL;
    struct str text = STR_NONE, there = STR_NONE;
    enum rc rc = key_load_both(from, site_origin(site), arena, key, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = record_keys_load(site, conn, arena, chains, fault);
    if (rc == RC_OK && key_chain_find(chains[LOG_DECISIONS], &key[LOG_DECISIONS].key) != NULL)
        rc = fault_set(fault, RC_CONFLICT, "%s: this key is one that the log had already", from);
    if (rc == RC_OK)
        rc = key_read(from, arena, &text, fault);
    if (rc == RC_OK)
        rc = key_write(path, arena_printf(arena, "%.*s\n", STR_ARG(text)), fault);
    if (rc == RC_CONFLICT && text.n > 0 && key_read(path, arena, &there, NULL) == RC_OK &&
        str_eq(there, text))
        rc = RC_OK;
    site_disconnect(conn);
    key_clear_both(key);
    return rc;
}

enum rc key_prepare(struct site *site, const char *from, struct arena *arena,
                    struct str ret_vkeys[2], struct fault *fault)
{
    struct note_signer next[LOG_COUNT] = {0};
    const char *path = next_path(site, arena);
    enum rc rc = from == NULL ? key_create(path, site_origin(site), fault)
                              : take_from(site, from, path, arena, fault);
    if (rc == RC_CONFLICT && access(path, F_OK) == 0)
        rc = fault_set(fault, rc, "%s: a key is prepared already; remove it to take another", path);
    crash_point("key-prepared");
    if (rc == RC_OK)
        rc = key_load_both(path, site_origin(site), arena, next, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        ret_vkeys[log] = key_vkey(&next[log].key, arena);
    key_clear_both(next);
    return rc;
}

/* ---- ordering it ---- */

struct ordering {
    struct site *site;
    struct arena *arena;
    const struct str *vkeys; /* of the new key */
    bool done;
    uint64_t index;
};

static enum rc order(void *context, struct store_conn *conn, struct fault *fault)
{
    struct ordering *o = context;
    return rotation_order(conn, o->vkeys[LOG_DECISIONS], fault);
}

static enum rc take_back(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    return rotation_settle(conn, fault);
}

/* Whether the logs have gone over. */
static enum rc look(void *context, struct store_conn *conn, struct fault *fault)
{
    struct ordering *o = context;
    struct key_chain *chains[LOG_COUNT];
    enum rc rc = record_keys_load(o->site, conn, o->arena, chains, fault);
    if (rc != RC_OK)
        return rc;
    const struct key_link *last = key_chain_last(chains[LOG_DECISIONS]);
    o->done = str_eq(last->vkey, o->vkeys[LOG_DECISIONS]);
    o->index = last->from;
    return RC_OK;
}

/* Witnesses know the logs by their keys, and a policy names them. */
static enum rc check_policy(struct store_conn *conn, struct arena *arena, const struct str *vkeys,
                            struct fault *fault)
{
    struct policy *policy = ARENA_NEW(arena, struct policy);
    enum rc rc = policy_in_force(conn, arena, policy, fault);
    for (int log = 0; rc == RC_OK && !policy->none && log < LOG_COUNT; log++) {
        struct note_key key;
        bool named = false;
        rc = note_key_parse(&key, vkeys[log], fault);
        for (unsigned i = 0; rc == RC_OK && i < policy->log_count; i++)
            named = named || (policy->logs[i].key.id == key.id &&
                              str_eq(policy->logs[i].key.name, key.name));
        if (rc == RC_OK && !named)
            rc = fault_set(fault, RC_CONFLICT,
                           "the witness policy does not name the new key: set one with the line "
                           "“log %.*s” first, and tell the witnesses",
                           STR_ARG(vkeys[log]));
    }
    return rc;
}

/* Nothing is ordered that could not be done here. */
static enum rc check_ready(struct site *site, struct arena *arena, struct str ret_vkeys[2],
                           struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct key_chain *chains[LOG_COUNT];
    struct signer *signer = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = record_keys_load(site, conn, arena, chains, fault);
    if (rc == RC_OK)
        rc = signer_open(site, chains, &signer, fault);
    if (rc == RC_OK) {
        rc = signer->kind->next(signer, arena, ret_vkeys, fault);
        if (rc == RC_NOT_FOUND)
            rc = fault_set(fault, rc, "no new key is prepared: `colophon key prepare` makes one");
    }
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++) {
        struct note_key key;
        rc = note_key_parse(&key, ret_vkeys[log], fault);
        if (rc == RC_OK && key_chain_find(chains[log], &key) != NULL)
            rc = fault_set(fault, RC_CONFLICT, "the prepared key is one that the log had already");
    }
    if (rc == RC_OK)
        rc = check_policy(conn, arena, ret_vkeys, fault);
    signer_close(signer);
    site_disconnect(conn);
    return rc;
}

/* The files: whoever signs next would do the same. */
static void put_in_order(struct site *site, struct arena *arena)
{
    struct store_conn *conn = NULL;
    struct key_chain *chains[LOG_COUNT];
    struct signer *signer = NULL;
    enum rc rc = site_connect_wholly(site, &conn, NULL);
    if (rc == RC_OK)
        rc = record_keys_load(site, conn, arena, chains, NULL);
    if (rc == RC_OK)
        rc = signer_open(site, chains, &signer, NULL);
    if (rc == RC_OK)
        signer_close(signer);
    site_disconnect(conn);
}

enum rc key_rotate(struct site *site, struct writer *writer, struct arena *arena, struct str wanted,
                   struct str ret_vkeys[2], uint64_t *ret_index, struct fault *fault)
{
    struct ordering ordering = {.site = site, .arena = arena, .vkeys = ret_vkeys};
    enum rc rc = check_ready(site, arena, ret_vkeys, fault);
    if (rc == RC_OK && wanted.n > 0 && !str_eq(wanted, ret_vkeys[LOG_DECISIONS]))
        rc = fault_set(fault, RC_CONFLICT,
                       "whoever signs has another key prepared: %.*s; nothing was changed",
                       STR_ARG(ret_vkeys[LOG_DECISIONS]));
    if (rc == RC_OK)
        rc = writer_run(writer, order, &ordering, fault);
    crash_point("key-ordered");
    if (rc == RC_OK)
        rc = writer_until(writer, look, &ordering, &ordering.done, WAIT_MS, fault);
    if (rc == RC_BUSY && !ordering.done) {
        /* Nobody does it later, unseen. */
        (void)!writer_run(writer, take_back, NULL, NULL);
        if (writer_until(writer, look, &ordering, &ordering.done, 0, NULL) == RC_OK)
            rc = RC_OK;
        else
            rc =
                fault_prefix(fault, rc, "nothing was changed: nobody who has both keys could sign");
    }
    if (rc == RC_OK) {
        *ret_index = ordering.index;
        put_in_order(site, arena);
    }
    return rc;
}
