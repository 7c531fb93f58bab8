#include "app/security_letter.h"

#include "app/mail_queue.h"
#include "base/clock.h"
#include "domain/storefront.h"
#include "store/catalogue.h"

static const char *const names[] = {
    [SECURITY_PASSWORD_CHANGED] = "password-changed",
    [SECURITY_PASSKEY_ADDED] = "passkey-added",
    [SECURITY_PASSKEY_REMOVED] = "passkey-removed",
    [SECURITY_FACTOR_SET_UP] = "factor-set-up",
    [SECURITY_FACTOR_OFF] = "factor-off",
    [SECURITY_ADDRESS_CHANGED] = "address-changed",
    [SECURITY_DEVICE_ADDED] = "device-added",
};

/* Below the first storefront, where another password is asked for: a command has no page of its
 * own to lead to. */
static enum rc help_path(struct store_conn *conn, struct arena *arena, struct str *ret,
                         struct fault *fault)
{
    struct storefront *storefronts;
    size_t n = 0;
    enum rc rc = catalogue_storefronts(conn, arena, &storefronts, &n, fault);
    if (rc == RC_OK)
        *ret = n == 0 ? STR("/") : ARENA_JOIN(arena, STR("/"), storefronts[0].slug, STR("/forgot"));
    return rc;
}

static enum rc write_it(struct store_conn *conn, struct letter *letter, enum security_event event,
                        struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str path;
    enum rc rc = help_path(conn, &arena, &path, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *values = json_pack("{s:s, s:I, s:o}", "event", names[event], "at",
                                  (json_int_t)clock_now(), "path", json_from_str(path));
    letter->kind = "security";
    letter->values = values;
    return mail_queue(conn, letter, fault);
}

enum rc security_letter(struct store_conn *conn, uint64_t account, enum security_event event,
                        struct fault *fault)
{
    struct letter letter = {.account = account};
    return write_it(conn, &letter, event, fault);
}

enum rc security_letter_to(struct store_conn *conn, struct str address, struct str language,
                           enum security_event event, struct fault *fault)
{
    struct letter letter = {.recipient = address, .language = language};
    return write_it(conn, &letter, event, fault);
}
