#include "app/sign_up.h"

#include "app/account_parts.h"
#include "app/mail_queue.h"
#include "base/clock.h"
#include "store/account_tokens.h"
#include "store/readers.h"
#include "store/store.h"

enum { LINK_SECONDS = 7 * 86400 };

/* ---- asking ---- */

struct ask {
    struct account account;
    struct str confirm, known;
};

static enum rc write_letter(struct store_conn *conn, const struct ask *ask, bool taken,
                            const char *link, struct fault *fault)
{
    JSON_AUTO *values =
        taken ? json_pack("{s:o}", "path", json_from_str(ask->known))
              : json_pack("{s:o, s:s}", "path", json_from_str(ask->confirm), "token", link);
    struct letter letter = {.kind = taken ? "sign-up-taken" : "sign-up",
                            .recipient = ask->account.email,
                            .language = ask->account.language,
                            .values = values};
    return mail_queue(conn, &letter, fault);
}

/* One row and one letter, whichever it is: nobody measures which. */
static enum rc ask_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct ask *ask = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct account there;
    char link[TOKEN_SIZE + 1];
    int64_t now = clock_now();
    bool set = false;
    struct sign_up_row row = {.expires = now + LINK_SECONDS};
    secret_make(link);
    row.link = sha256(link, TOKEN_SIZE);
    enum rc rc = mail_is_set(conn, &set, fault);
    if (rc == RC_OK && !set)
        rc = fault_set(fault, RC_BUSY, "the shop sends no mail any more; try again in a moment");
    if (rc == RC_OK)
        rc = sign_up_rows_forget(conn, now, fault);
    if (rc == RC_OK)
        rc = sign_up_rows_remove(conn, STR_NONE, fault); /* nobody's are one for all */
    if (rc == RC_OK)
        rc = readers_account_by_email(conn, &arena, ask->account.email, &there, fault);
    bool taken = rc == RC_OK;
    if (rc == RC_NOT_FOUND) {
        row.email = ask->account.email;
        row.name = ask->account.name;
        row.password = ask->account.password;
        row.language = ask->account.language;
        rc = RC_OK;
    }
    if (rc == RC_OK)
        rc = sign_up_row_add(conn, &row, fault);
    return rc == RC_OK ? write_letter(conn, ask, taken, link, fault) : rc;
}

enum rc sign_up_ask(struct passwords *passwords, struct writer *writer, const struct sign_up *s,
                    struct str known, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct ask ask = {.confirm = s->confirm, .known = known};
    enum rc rc = account_read(passwords, &arena, s, &ask.account, fault);
    return rc == RC_OK ? writer_run(writer, ask_work, &ask, fault) : rc;
}

/* ---- following the link ---- */

struct confirming {
    struct hash link;
    struct session_begin begin;
};

static enum rc find(struct store_conn *conn, struct arena *arena, const struct hash *link,
                    struct sign_up_row *ret, struct fault *fault)
{
    enum rc rc = sign_up_row_get(conn, arena, link, clock_now(), ret, fault);
    return rc == RC_NOT_FOUND
               ? fault_set(fault, RC_DENIED, "this link was used already, or is too old")
               : rc;
}

static enum rc confirm_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct confirming *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct sign_up_row row;
    int64_t now = clock_now();
    enum rc rc = find(conn, &arena, &w->link, &row, fault);
    if (rc != RC_OK)
        return rc;
    struct account account = {.email = row.email,
                              .name = row.name,
                              .password = row.password,
                              .role = STR("reader"),
                              .created = now,
                              .confirmed = now,
                              .language = row.language};
    rc = readers_account_add(conn, &account, &w->begin.account, fault);
    if (rc == RC_OK)
        rc = sign_up_rows_remove(conn, row.email, fault);
    return rc == RC_OK ? session_begin(conn, &w->begin, fault) : rc;
}

enum rc sign_up_confirm(struct passwords *passwords, struct site *site, struct writer *writer,
                        struct str link, struct str password, const struct session_how *how,
                        char ret_token[TOKEN_SIZE + 1], struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct sign_up_row row;
    char token[TOKEN_SIZE + 1];
    struct confirming w = {.link = sha256(link.n > 0 ? link.p : "", link.n)};
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = find(conn, &arena, &w.link, &row, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    rc = account_check_password(passwords, row.password, password, fault);
    if (rc != RC_OK)
        return rc == RC_DENIED ? fault_set(fault, rc, "password: it is not right") : rc;
    secret_make(token);
    w.begin = (struct session_begin){.token = str_of(token), .how = *how};
    rc = writer_run(writer, confirm_work, &w, fault);
    if (rc == RC_OK)
        memcpy(ret_token, token, sizeof token);
    return rc;
}
