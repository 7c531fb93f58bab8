#include "app/confirm.h"

#include "app/account_link.h"
#include "base/clock.h"
#include "store/letters.h"
#include "store/store.h"

enum { LINK_SECONDS = 7 * 86400 };

#define KIND "confirm"

enum rc confirm_queue(struct store_conn *conn, uint64_t account, struct str email, struct str path,
                      struct str language, struct fault *fault)
{
    return account_link_send(
        conn, &(struct account_link){KIND, account, email, path, language, LINK_SECONDS}, fault);
}

struct ask {
    uint64_t account;
    struct str path, language;
};

static enum rc ask_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct ask *ask = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct contact contact;
    enum rc rc = account_contact(conn, &arena, ask->account, &contact, fault);
    return rc == RC_OK && !contact.confirmed
               ? confirm_queue(conn, ask->account, contact.email, ask->path, ask->language, fault)
               : rc;
}

enum rc confirm_ask(struct writer *writer, uint64_t account, struct str path, struct str language,
                    struct fault *fault)
{
    struct ask ask = {account, path, language};
    return writer_run(writer, ask_work, &ask, fault);
}

static enum rc take_work(void *context, struct store_conn *conn, struct fault *fault)
{
    uint64_t account;
    enum rc rc = account_link_take(conn, KIND, *(struct str *)context, &account, fault);
    return rc == RC_OK ? account_confirmed_put(conn, account, clock_now(), fault) : rc;
}

enum rc confirm_take(struct writer *writer, struct str token, struct fault *fault)
{
    return writer_run(writer, take_work, &token, fault);
}

enum rc confirm_stands(struct site *site, uint64_t account, bool *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct contact contact;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = account_contact(conn, &arena, account, &contact, fault);
    site_disconnect(conn);
    if (rc == RC_OK)
        *ret = contact.confirmed;
    return rc;
}
