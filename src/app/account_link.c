#include "app/account_link.h"

#include "app/mail_queue.h"
#include "app/secret.h"
#include "base/clock.h"
#include "store/account_tokens.h"

/* A new token in the place of the account's others of the kind. *ret_set: the shop sends mail;
 * where it does not, nothing is written. */
static enum rc put_token(struct store_conn *conn, const char *kind, uint64_t account,
                         int64_t expires, int64_t now, char ret[TOKEN_SIZE + 1], bool *ret_set,
                         struct fault *fault)
{
    enum rc rc = mail_is_set(conn, ret_set, fault);
    if (rc != RC_OK || !*ret_set)
        return rc;
    secret_make(ret);
    struct hash hash = sha256(ret, TOKEN_SIZE);
    return account_token_put(conn, &hash, account, kind, now, expires, fault);
}

enum rc account_link_send(struct store_conn *conn, const struct account_link *link,
                          struct fault *fault)
{
    char token[TOKEN_SIZE + 1];
    int64_t now = clock_now();
    bool set = false;
    enum rc rc =
        put_token(conn, link->kind, link->account, now + link->seconds, now, token, &set, fault);
    if (rc != RC_OK || !set)
        return rc;
    JSON_AUTO *values = json_pack("{s:o, s:s}", "path", json_from_str(link->path), "token", token);
    struct letter letter = {.kind = link->kind,
                            .recipient = link->email,
                            .language = link->language,
                            .values = values,
                            .until = now + link->seconds};
    return mail_queue(conn, &letter, fault);
}

enum rc account_link_none(struct store_conn *conn, const char *kind, int64_t seconds,
                          struct fault *fault)
{
    char token[TOKEN_SIZE + 1];
    int64_t now = clock_now();
    bool set = false;
    return put_token(conn, kind, 0, now + seconds, now, token, &set, fault);
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
