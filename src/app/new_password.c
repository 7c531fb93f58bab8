#include "app/new_password.h"

#include <sodium.h>

#include "app/account_link.h"
#include "app/account_parts.h"
#include "app/security_letter.h"
#include "base/clock.h"
#include "store/account_tokens.h"
#include "store/devices.h"
#include "store/letters.h"
#include "store/passkeys.h"
#include "store/readers.h"
#include "store/store.h"

enum { LINK_SECONDS = 3600 };

#define KIND "new-password"

struct ask {
    struct str email, path, language;
};

static enum rc ask_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct ask *ask = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct account account;
    enum rc rc = readers_account_by_email(conn, &arena, ask->email, &account, fault);
    if (rc == RC_NOT_FOUND)
        return account_link_none(conn, KIND, LINK_SECONDS, fault);
    if (rc != RC_OK)
        return rc;
    return account_link_send(conn,
                             &(struct account_link){KIND, account.id, account.email, ask->path,
                                                    ask->language, LINK_SECONDS},
                             fault);
}

enum rc new_password_ask(struct writer *writer, struct str email, struct str path,
                         struct str language, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct ask ask = {.path = path, .language = language};
    enum rc rc = address_read(&arena, email, &ask.email, fault);
    return rc == RC_OK ? writer_run(writer, ask_work, &ask, fault) : rc;
}

struct set {
    struct str token;
    struct str password;
};

/* Whoever has the link reads the account's letters: its address is confirmed, too. Somebody else
 * may have been in, and left a passkey or a device to come back by: all of them go with the
 * sessions. */
static enum rc set_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct set *set = context;
    uint64_t account;
    enum rc rc = account_link_take(conn, KIND, set->token, &account, fault);
    if (rc == RC_OK)
        rc = account_password_put(conn, account, set->password, fault);
    if (rc == RC_OK)
        rc = account_confirmed_put(conn, account, clock_now(), fault);
    if (rc == RC_OK)
        rc = passkey_rows_remove(conn, account, fault);
    if (rc == RC_OK)
        rc = device_rows_remove(conn, account, fault);
    if (rc == RC_OK)
        rc = security_letter(conn, account, SECURITY_PASSWORD_CHANGED, fault);
    return rc == RC_OK ? readers_session_remove_all(conn, account, fault) : rc;
}

enum rc new_password_set(struct passwords *passwords, struct writer *writer, struct str token,
                         struct str password, struct fault *fault)
{
    char hash[crypto_pwhash_STRBYTES];
    enum rc rc = account_hash_password(passwords, password, STR_NONE, STR_NONE, hash, fault);
    struct set set = {token, str_of(hash)};
    return rc == RC_OK ? writer_run(writer, set_work, &set, fault) : rc;
}

/* ---- by who is signed in ---- */

struct password_change {
    uint64_t account;
    struct str password;
    struct hash session;
};

static enum rc change_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct password_change *change = context;
    enum rc rc = account_password_put(conn, change->account, change->password, fault);
    if (rc == RC_OK)
        rc = account_token_remove(conn, change->account, KIND, fault);
    if (rc == RC_OK)
        rc = security_letter(conn, change->account, SECURITY_PASSWORD_CHANGED, fault);
    return rc == RC_OK
               ? readers_session_remove_others(conn, change->account, &change->session, fault)
               : rc;
}

enum rc new_password_change(struct passwords *passwords, struct site *site, struct writer *writer,
                            const struct viewer *viewer, struct str session, struct str present,
                            struct str password, struct fault *fault)
{
    char hash[crypto_pwhash_STRBYTES];
    enum rc rc = account_confirm(passwords, site, viewer->email, present, fault);
    if (rc != RC_OK)
        return rc;
    rc = account_hash_password(passwords, password, viewer->email, viewer->name, hash, fault);
    if (rc == RC_INVALID) { /* "password: …", of the other field */
        struct fault wrong = *fault;
        return fault_set(fault, rc, "new-%s", wrong.text);
    }
    struct password_change change = {viewer->account, str_of(hash), session_hash(session)};
    return rc == RC_OK ? writer_run(writer, change_work, &change, fault) : rc;
}
