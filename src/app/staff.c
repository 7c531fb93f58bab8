#include "app/staff.h"

#include <sodium.h>

#include "app/account_parts.h"
#include "app/address.h"
#include "app/factor_code.h"
#include "app/security_letter.h"
#include "app/session_lacks.h"
#include "app/totp.h"
#include "base/clock.h"
#include "base/encode.h"
#include "store/demands.h"
#include "store/readers.h"
#include "store/staff_rows.h"
#include "store/store.h"

enum { STAFF_ROOM = 1000, CODE_BYTES = 10 };

static enum rc require_work(void *context, struct store_conn *conn, struct fault *fault)
{
    if (!*(const bool *)context)
        return store_setting_put(conn, SESSION_FACTOR, STR("off"), fault);
    enum rc rc = store_setting_remove(conn, SESSION_FACTOR, fault);
    return rc == RC_OK ? session_remove_without_factor(conn, fault) : rc;
}

enum rc staff_require_second_factor(struct writer *writer, bool on, struct fault *fault)
{
    return writer_run(writer, require_work, &on, fault);
}

/* ---- who they are ---- */

struct staff_named {
    struct str email;
    enum staff_scope scope;
};

static enum rc find_staff(struct store_conn *conn, struct arena *arena,
                          const struct staff_named *named, uint64_t *ret_id, struct fault *fault)
{
    struct account account;
    struct str address;
    enum rc rc = address_read(arena, named->email, &address, NULL);
    if (rc == RC_OK)
        rc = readers_account_by_email(conn, arena, address, &account, fault);
    if (rc == RC_INVALID || rc == RC_NOT_FOUND ||
        (rc == RC_OK && str_eq(account.role, STR("reader"))))
        return fault_set(fault, RC_NOT_FOUND, "%.*s is none of the staff", STR_ARG(named->email));
    if (rc == RC_OK && named->scope == STAFF_PARTNERS && !str_eq(account.role, STR("partner")))
        return fault_set(fault, RC_NOT_FOUND, "%.*s is no partner", STR_ARG(named->email));
    if (rc == RC_OK)
        *ret_id = account.id;
    return rc;
}

enum rc staff_read(struct site *site, struct arena *arena, staff_list *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct staff_row *rows = NULL;
    size_t n = 0;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = staff_rows(conn, arena, STAFF_ROOM, &rows, &n, fault);
    site_disconnect(conn);
    ret->v = ARENA_ARRAY(arena, struct staff_member, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct staff_member){rows[i].email, rows[i].name, rows[i].role,
                                          rows[i].confirmed != 0, rows[i].shop};
    return rc;
}

/* Two who remove each other at the same moment take turns, as all writers do: the second one finds
 * that they are the last. */
static enum rc check_not_last(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    bool last = false;
    enum rc rc = staff_last_operator(conn, id, &last, fault);
    return rc == RC_OK && last
               ? fault_set(fault, RC_CONFLICT,
                           "this is the last operator: add another one before, who keeps the shop")
               : rc;
}

static enum rc remove_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t id = 0;
    enum rc rc = find_staff(conn, &arena, context, &id, fault);
    if (rc == RC_OK)
        rc = check_not_last(conn, id, fault);
    if (rc == RC_OK)
        rc = account_role_put(conn, id, STR("reader"), fault);
    if (rc == RC_OK)
        rc = partner_row_remove(conn, id, fault);
    if (rc == RC_OK)
        rc = demands_proposals_drop_of(conn, id, fault);
    if (rc == RC_OK)
        rc = factor_row_remove(conn, id, fault);
    return rc == RC_OK ? readers_session_remove_all(conn, id, fault) : rc;
}

enum rc staff_remove(struct writer *writer, struct str email, enum staff_scope scope,
                     struct fault *fault)
{
    struct staff_named named = {email, scope};
    return writer_run(writer, remove_work, &named, fault);
}

static enum rc reset_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t id = 0;
    enum rc rc = find_staff(conn, &arena, context, &id, fault);
    if (rc == RC_OK)
        rc = factor_row_remove(conn, id, fault);
    if (rc == RC_OK)
        rc = security_letter(conn, id, SECURITY_FACTOR_OFF, fault);
    return rc == RC_OK ? readers_session_remove_all(conn, id, fault) : rc;
}

enum rc staff_reset_second_factor(struct writer *writer, struct str email, enum staff_scope scope,
                                  struct fault *fault)
{
    struct staff_named named = {email, scope};
    return writer_run(writer, reset_work, &named, fault);
}

enum rc second_factor_offered(struct site *site, struct arena *arena, const struct viewer *viewer,
                              struct str *ret_secret, struct str *ret_uri, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct factor_row factor;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = factor_row_get(conn, viewer->account, &factor, fault);
    site_disconnect(conn);
    if (rc == RC_OK && factor.confirmed != 0)
        rc = fault_set(fault, RC_NOT_FOUND, "the second factor is set up");
    if (rc != RC_OK)
        return rc;
    BUF_AUTO secret = BUF_INIT(64);
    base32_add(&secret, factor.secret, sizeof factor.secret);
    sodium_memzero(factor.secret, sizeof factor.secret);
    *ret_secret = arena_str(arena, buf_str(&secret));
    /* The address was checked when the account was made; what has a meaning in a URI
     * is written as one. */
    BUF_AUTO label = BUF_INIT(1024);
    for (size_t i = 0; i < viewer->email.n; i++) {
        char c = viewer->email.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_')
            buf_char(&label, c);
        else
            buf_printf(&label, "%%%02X", (unsigned char)c);
    }
    struct str issuer = str_sub(site_origin(site), 0, str_find(site_origin(site), '/'));
    issuer = str_sub(issuer, 0, str_find(issuer, ':'));
    *ret_uri = arena_printf(arena,
                            "otpauth://totp/%.*s:%.*s?secret=%.*s&issuer=%.*s&algorithm=SHA1"
                            "&digits=%d&period=%d",
                            STR_ARG(issuer), STR_ARG(buf_str(&label)), STR_ARG(*ret_secret),
                            STR_ARG(issuer), TOTP_DIGITS, TOTP_SECONDS);
    return RC_OK;
}

/* ---- giving the code ---- */

struct give {
    struct arena *arena;
    const struct viewer *viewer;
    struct str session, code;
    struct session_how how;
    struct second_factor_given *ret;
};

static enum rc make_recovery(struct give *g, struct store_conn *conn, struct fault *fault)
{
    g->ret->recovery.v = ARENA_ARRAY(g->arena, struct str, RECOVERY_CODES);
    g->ret->recovery.n = 0;
    for (int i = 0; i < RECOVERY_CODES; i++) {
        uint8_t bytes[CODE_BYTES];
        BUF_AUTO text = BUF_INIT(64), code = BUF_INIT(64);
        random_bytes(bytes, sizeof bytes);
        base32_add(&text, bytes, sizeof bytes);
        for (size_t at = 0; at < text.n; at += 4) {
            if (at > 0)
                buf_char(&code, '-');
            buf_add(&code, text.p + at, 4);
        }
        struct hash hash = factor_recovery_hash(g->viewer->account, buf_str(&code));
        enum rc rc = recovery_row_add(conn, g->viewer->account, &hash, fault);
        if (rc != RC_OK)
            return rc;
        g->ret->recovery.v[g->ret->recovery.n++] = arena_str(g->arena, buf_str(&code));
    }
    return RC_OK;
}

static enum rc give_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct give *g = context;
    struct factor_row factor;
    struct str what;
    uint64_t account = g->viewer->account;
    struct hash old = session_hash(g->session);
    enum rc rc = factor_row_get(conn, account, &factor, fault);
    if (rc == RC_NOT_FOUND)
        return factor_code_denied(fault);
    if (rc == RC_OK)
        rc = factor_code_take(conn, account, g->code, &factor, &what, fault);
    if (rc == RC_OK && factor.confirmed == 0)
        rc = readers_session_remove_all(conn, account, fault);
    else if (rc == RC_OK)
        rc = readers_session_remove(conn, &old, fault);
    if (rc == RC_OK && factor.confirmed == 0)
        rc = make_recovery(g, conn, fault);
    if (rc == RC_OK && factor.confirmed == 0)
        rc = security_letter(conn, account, SECURITY_FACTOR_SET_UP, fault);
    sodium_memzero(factor.secret, sizeof factor.secret);
    if (rc != RC_OK)
        return rc;
    secret_make(g->ret->token);
    rc = session_put(conn, str_of(g->ret->token), account, &g->how, LACKS_NOTHING, fault);
    struct store_act act = {.account = account, .who = g->viewer->email, .what = what};
    return rc == RC_OK ? store_act_note(conn, &act, fault) : rc;
}

enum rc second_factor_give(struct writer *writer, struct arena *arena, const struct viewer *viewer,
                           struct str session, const struct session_how *how,
                           struct second_factor_given *ret, struct fault *fault)
{
    struct give g = {arena, viewer, session, str_trim(how->code), *how, ret};
    *ret = (struct second_factor_given){0};
    return writer_run(writer, give_work, &g, fault);
}
