#include "app/new_address.h"

#include "app/mail_queue.h"
#include "app/security_letter.h"
#include "base/clock.h"
#include "store/account_tokens.h"
#include "store/letters.h"
#include "store/readers.h"
#include "store/store.h"

enum { LINK_SECONDS = 86400 };

struct ask {
    uint64_t account;
    struct str email, path, known, language;
};

/* One row and one letter, whichever it is, as in sign_up.c. */
static enum rc ask_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct ask *ask = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct account there;
    char token[TOKEN_SIZE + 1];
    int64_t now = clock_now();
    secret_make(token);
    struct hash link = sha256(token, TOKEN_SIZE);
    enum rc rc = readers_account_by_email(conn, &arena, ask->email, &there, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    bool taken = rc == RC_OK;
    /* Who asks learns nothing by a link from before, either: it ends in both cases. */
    rc = address_change_remove(conn, ask->account, fault);
    if (rc == RC_OK)
        rc = address_change_put(conn, &link, taken ? 0 : ask->account, ask->email, now,
                                now + LINK_SECONDS, fault);
    JSON_AUTO *values =
        taken ? json_pack("{s:o}", "path", json_from_str(ask->known))
              : json_pack("{s:o, s:s}", "path", json_from_str(ask->path), "token", token);
    struct letter letter = {.kind = taken ? "address-taken" : "new-address",
                            .recipient = ask->email,
                            .language = ask->language,
                            .values = values,
                            .until = now + LINK_SECONDS};
    return rc == RC_OK ? mail_queue(conn, &letter, fault) : rc;
}

enum rc new_address_ask(struct writer *writer, uint64_t account, struct str email, struct str path,
                        struct str known, struct str language, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct ask ask = {.account = account, .path = path, .known = known, .language = language};
    enum rc rc = address_for_mail(&arena, email, &ask.email, fault);
    return rc == RC_OK ? writer_run(writer, ask_work, &ask, fault) : rc;
}

static enum rc take_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct contact old;
    struct str email;
    uint64_t account;
    int64_t now = clock_now();
    enum rc rc = address_change_get(conn, &arena, context, now, &account, &email, fault);
    if (rc == RC_OK)
        rc = account_contact(conn, &arena, account, &old, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_DENIED, "this link was used already, or is too old");
    if (rc == RC_OK)
        rc = account_email_put(conn, account, email, now, fault);
    if (rc == RC_OK)
        rc = address_change_remove(conn, account, fault);
    if (rc == RC_OK)
        rc = account_token_remove(conn, account, "new-password", fault);
    if (rc == RC_OK)
        rc = account_token_remove(conn, account, "confirm", fault);
    if (rc == RC_OK)
        rc = security_letter(conn, account, SECURITY_ADDRESS_CHANGED, fault);
    return rc == RC_OK && old.confirmed
               ? security_letter_to(conn, old.email, old.language, SECURITY_ADDRESS_CHANGED, fault)
               : rc;
}

enum rc new_address_take(struct writer *writer, struct str link, struct fault *fault)
{
    struct hash hash = sha256(link.n > 0 ? link.p : "", link.n);
    return writer_run(writer, take_work, &hash, fault);
}
