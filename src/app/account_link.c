#include "app/account_link.h"

#include "app/mail_queue.h"
#include "app/secret.h"
#include "base/clock.h"
#include "store/account_tokens.h"

enum rc account_link_send(struct store_conn *conn, const struct account_link *link,
                          struct fault *fault)
{
    char token[TOKEN_SIZE + 1];
    int64_t now = clock_now();
    bool set = false;
    enum rc rc = mail_is_set(conn, &set, fault);
    if (rc != RC_OK || !set)
        return rc;
    secret_make(token);
    struct hash hash = sha256(token, TOKEN_SIZE);
    rc = account_token_put(conn, &hash, link->account, link->kind, now, now + link->seconds, fault);
    JSON_AUTO *values = json_pack("{s:o, s:s}", "path", json_from_str(link->path), "token", token);
    struct letter letter = {.kind = link->kind,
                            .recipient = link->email,
                            .language = link->language,
                            .values = values,
                            .until = now + link->seconds};
    return rc == RC_OK ? mail_queue(conn, &letter, fault) : rc;
}

enum rc account_link_none(struct store_conn *conn, const char *kind, int64_t seconds,
                          struct fault *fault)
{
    char token[TOKEN_SIZE + 1];
    int64_t now = clock_now();
    bool set = false;
    enum rc rc = mail_is_set(conn, &set, fault);
    if (rc != RC_OK || !set)
        return rc;
    secret_make(token);
    struct hash hash = sha256(token, TOKEN_SIZE);
    return account_token_put(conn, &hash, 0, kind, now, now + seconds, fault);
}

enum rc account_link_take(struct store_conn *conn, const char *kind, struct str token,
                          uint64_t *ret_account, struct fault *fault)
{
    struct hash hash = sha256(token.n > 0 ? token.p : "", token.n);
    enum rc rc = account_token_get(conn, &hash, kind, clock_now(), ret_account, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_DENIED, "this link was used already, or is too old");
    return rc == RC_OK ? account_token_remove(conn, *ret_account, kind, fault) : rc;
}
