#include "app/new_password.h"

#include <sodium.h>

#include "app/account_parts.h"
#include "app/mail_queue.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "store/account_tokens.h"
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
    char token[TOKEN_SIZE + 1];
    int64_t now = clock_now();
    bool set = false;
    enum rc rc = readers_account_by_email(conn, &arena, ask->email, &account, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK)
        rc = mail_is_set(conn, &set, fault);
    if (rc != RC_OK || !set)
        return rc;
    account_secret(token);
    struct hash hash = sha256(token, TOKEN_SIZE);
    rc = account_token_put(conn, &hash, account.id, KIND, now, now + LINK_SECONDS, fault);
    JSON_AUTO *values = json_object();
    json_object_set_new(values, "path", json_from_str(ask->path));
    json_object_set_new(values, "token", json_string(token));
    struct letter letter = {.kind = KIND,
                            .recipient = account.email,
                            .language = ask->language,
                            .values = values,
                            .until = now + LINK_SECONDS};
    return rc == RC_OK ? mail_queue(conn, &letter, fault) : rc;
}

enum rc new_password_ask(struct writer *writer, struct str email, struct str path,
                         struct str language, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct ask ask = {.path = path, .language = language};
    enum rc rc = account_address(&arena, email, &ask.email, fault);
    return rc == RC_OK ? writer_run(writer, ask_work, &ask, fault) : rc;
}

struct set {
    struct hash token;
    struct str password;
};

static enum rc set_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct set *set = context;
    uint64_t account;
    enum rc rc = account_token_get(conn, &set->token, KIND, clock_now(), &account, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_DENIED, "this link was used already, or is too old");
    if (rc == RC_OK)
        rc = account_token_remove(conn, account, KIND, fault);
    if (rc == RC_OK)
        rc = account_password_put(conn, account, set->password, fault);
    return rc == RC_OK ? readers_session_remove_all(conn, account, fault) : rc;
}

enum rc new_password_set(struct passwords *passwords, struct writer *writer, struct str token,
                         struct str password, struct fault *fault)
{
    char hash[crypto_pwhash_STRBYTES];
    enum rc rc = account_hash_password(passwords, password, hash, fault);
    struct set set = {sha256(token.n > 0 ? token.p : "", token.n), str_of(hash)};
    return rc == RC_OK ? writer_run(writer, set_work, &set, fault) : rc;
}
