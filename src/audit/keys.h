/* The keys of a shop's logs, followed from one that is trusted. */
#ifndef COLOPHON_AUDIT_KEYS_H
#define COLOPHON_AUDIT_KEYS_H

#include "audit/fetch.h"
#include "record/key_chain.h"

struct log_keys {
    struct key_chain *decisions, *voices;
    struct str text; /* the list as it was served; empty where the shop has none */
    bool own_word;   /* nobody but the shop said which key is its own */
    bool went_over;  /* another key than the trusted one signs now */
};

/* `vkey`: the trusted one, of the decisions; empty: the shop's own word. RC_CORRUPT where
 * the keys that the shop names are not its followers or forerunners. */
enum rc keys_fetch(struct fetcher *fetcher, struct arena *arena, struct str vkey,
                   struct log_keys *ret, struct fault *fault) MUST_CHECK;

#endif
