#include "audit/keys.h"

/* A list that says nothing of the log that it was asked for hides its keys. A shop from
 * before keys had followers has one, and no list. */
static enum rc follow(struct key_chain *chain, struct arena *arena, struct str list,
                      const struct note_key *trusted, struct fault *fault)
{
    BUF_AUTO vkey = BUF_INIT(2048);
    note_key_add(&vkey, trusted);
    enum rc rc = key_chain_follow(chain, arena_str(arena, buf_str(&vkey)), list, fault);
    if (rc == RC_OK && list.n > 0 && str_find_str(list, chain->v[0].vkey) == list.n)
        rc = fault_set(fault, RC_CORRUPT, "/record/vkeys names no key of %.*s",
                       STR_ARG(trusted->name));
    return rc;
}

enum rc keys_fetch(struct fetcher *fetcher, struct arena *arena, struct str vkey,
                   struct log_keys *ret, struct fault *fault)
{
    struct str body;
    struct note_key trusted, voices;
    *ret = (struct log_keys){.own_word = vkey.n == 0};
    ret->decisions = ARENA_NEW(arena, struct key_chain);
    ret->voices = ARENA_NEW(arena, struct key_chain);
    enum rc rc = RC_OK;
    if (ret->own_word) {
        rc = fetch_body(fetcher, arena, STR("/record/vkey"), &body, fault);
        if (rc == RC_OK && !str_next(&body, '\n', &vkey))
            rc = fault_set(fault, RC_IO, "/record/vkey is empty");
    }
    if (rc == RC_OK) {
        rc = note_key_parse(&trusted, vkey, fault);
        if (rc != RC_OK)
            return fault_prefix(fault, rc, ret->own_word ? "/record/vkey" : "--vkey");
        rc = note_key_rename(&voices, &trusted,
                             arena_printf(arena, "%.*s/voices", STR_ARG(trusted.name)), fault);
    }
    if (rc == RC_OK)
        rc = fetch_body(fetcher, arena, STR("/record/vkeys"), &ret->text, fault);
    if (rc == RC_NOT_FOUND) {
        ret->text = STR_NONE;
        rc = RC_OK;
    }
    if (rc == RC_OK)
        rc = follow(ret->decisions, arena, ret->text, &trusted, fault);
    if (rc == RC_OK)
        rc = follow(ret->voices, arena, ret->text, &voices, fault);
    if (rc == RC_OK)
        ret->went_over =
            memcmp(key_chain_last(ret->decisions)->key.public_key, trusted.public_key, 32) != 0;
    return rc;
}
