/* Where an account is signed in. Kept of a session are the hash of its token, the day it was
 * begun and the kind of browser; no address. */
#ifndef COLOPHON_APP_SESSIONS_H
#define COLOPHON_APP_SESSIONS_H

#include "app/account.h"
#include "base/list.h"

struct own_session {
    struct str id;      /* to end it by; nobody gets in with it */
    bool program, here; /* a bearer's; the one that asks */
    struct str browser; /* as session_how has it */
    int64_t begun;
};
typedef LIST(struct own_session) own_sessions;
/* Newest first; `here` is the token of the session that asks. */
enum rc sessions_read(struct store_conn *conn, struct arena *arena, uint64_t account,
                      struct str here, own_sessions *ret, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the account has none of that id. */
enum rc session_end(struct writer *writer, uint64_t account, struct str id,
                    struct fault *fault) MUST_CHECK;
enum rc sessions_end_others(struct writer *writer, uint64_t account, struct str here,
                            struct fault *fault) MUST_CHECK;

#endif
