#include "app/passkeys.h"

#include <arpa/inet.h>
#include <sodium.h>

#include "app/account_parts.h"
#include "app/passkey_check.h"
#include "app/security_letter.h"
#include "base/clock.h"
#include "store/passkeys.h"
#include "store/store.h"

enum { CHALLENGE_SECONDS = 300, SENT_MAX = 64 << 10, USER_BYTES = 32 };

/* ---- names and bytes ---- */

enum rc passkey_rp_of(struct arena *arena, struct str origin, struct str *ret)
{
    bool secure = str_starts(origin, STR("https://"));
    struct str host = str_sub(origin, secure ? 8 : 7, origin.n);
    struct in_addr v4;
    host = str_sub(host, 0, str_find(host, ':'));
    if ((!secure && !(str_starts(origin, STR("http://")) && str_eq(host, STR("localhost")))) ||
        host.n == 0 || host.p[0] == '[' || inet_pton(AF_INET, arena_z(arena, host), &v4) == 1)
        return RC_NOT_FOUND;
    *ret = host;
    return RC_OK;
}

static struct str text_of(struct arena *arena, struct str bytes)
{
    size_t room = sodium_base64_encoded_len(bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = ARENA_ARRAY(arena, char, room);
    sodium_bin2base64(text, room, (const unsigned char *)bytes.p, bytes.n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(text);
}

static bool bytes_of(struct arena *arena, struct str text, struct str *ret)
{
    if (text.n > SENT_MAX)
        return false;
    char *bytes = ARENA_ARRAY(arena, char, text.n + 1);
    size_t n = 0;
    if (sodium_base642bin((unsigned char *)bytes, text.n + 1, text.n > 0 ? text.p : "", text.n,
                          NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    *ret = (struct str){bytes, n};
    return true;
}

/* By what devices knew an account whose passkeys are from before there was a random name. */
static struct str user_by_hash(struct arena *arena, uint64_t account, struct str rp)
{
    struct str text =
        arena_printf(arena, "passkey of %llu at %.*s", (unsigned long long)account, STR_ARG(rp));
    struct hash hash = sha256(text.p, text.n);
    return text_of(arena, (struct str){(const char *)hash.b, sizeof hash.b});
}

/* ---- challenges ---- */

struct challenge {
    struct hash hash, bound;
    uint64_t account; /* that is to have a new one; 0: none */
    struct arena *arena;
    struct str user; /* the account's */
};

static enum rc name_user(struct challenge *w, struct store_conn *conn, struct fault *fault)
{
    uint8_t user[USER_BYTES];
    enum rc rc = passkey_user_get(conn, w->arena, w->account, &w->user, fault);
    if (rc != RC_OK || w->user.n > 0)
        return rc;
    random_bytes(user, sizeof user);
    w->user = arena_str(w->arena, (struct str){(const char *)user, sizeof user});
    return passkey_user_put(conn, w->account, user, sizeof user, fault);
}

static enum rc put_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct challenge *w = context;
    int64_t now = clock_now();
    enum rc rc = w->account == 0 ? RC_OK : name_user(w, conn, fault);
    return rc == RC_OK ? passkey_challenge_put(conn, &w->hash, &w->bound, now,
                                               now + CHALLENGE_SECONDS, fault)
                       : rc;
}

static enum rc put_challenge(struct writer *writer, const struct passkey_place *place,
                             struct challenge *w, char ret[TOKEN_SIZE + 1], struct fault *fault)
{
    char token[TOKEN_SIZE + 1];
    secret_make(token);
    w->hash = sha256(token, TOKEN_SIZE);
    w->bound = place->bound;
    enum rc rc = writer_run(writer, put_work, w, fault);
    if (rc == RC_OK)
        memcpy(ret, token, sizeof token);
    return rc;
}

enum rc passkey_challenge(struct writer *writer, const struct passkey_place *place,
                          char ret[TOKEN_SIZE + 1], struct fault *fault)
{
    struct challenge w = {.account = 0};
    return put_challenge(writer, place, &w, ret, fault);
}

enum rc passkey_make_challenge(struct writer *writer, struct arena *arena,
                               const struct passkey_place *place, uint64_t account,
                               char ret[TOKEN_SIZE + 1], struct str *ret_user, struct fault *fault)
{
    struct challenge w = {.account = account, .arena = arena};
    enum rc rc = put_challenge(writer, place, &w, ret, fault);
    if (rc == RC_OK)
        *ret_user = text_of(arena, w.user);
    return rc;
}

static enum rc take_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct challenge *w = context;
    return passkey_challenge_take(conn, &w->hash, &w->bound, clock_now(), fault);
}

/* The challenge that was answered: used up now, whatever the answer is worth. */
static enum rc take_challenge(struct writer *writer, struct arena *arena,
                              const struct passkey_place *place, struct str client_data,
                              struct passkey_wanted *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = passkey_challenge_of(arena, client_data, &text, fault);
    if (rc != RC_OK)
        return rc;
    struct challenge w = {.hash = sha256(text.n > 0 ? text.p : "", text.n), .bound = place->bound};
    rc = writer_run(writer, take_work, &w, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_DENIED, "passkey: the challenge was used, or is too old");
    if (rc == RC_OK)
        *ret = (struct passkey_wanted){place->origin, place->rp, text};
    return rc;
}

/* ---- an account's own ---- */

enum rc passkeys_read(struct site *site, struct arena *arena, uint64_t account, passkey_list *ret,
                      struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct passkey_row *rows = NULL;
    size_t n = 0;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = passkey_rows(conn, arena, account, PASSKEYS_MAX, &rows, &n, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct passkey, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct passkey){rows[i].id,      rows[i].rp,
                                     rows[i].name,    text_of(arena, rows[i].credential),
                                     rows[i].created, rows[i].used};
    return RC_OK;
}

/* How many the account has, and the id of the oldest. */
static enum rc count_own(struct store_conn *conn, uint64_t account, size_t *ret_n,
                         uint64_t *ret_oldest, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct passkey_row *rows;
    enum rc rc = passkey_rows(conn, &arena, account, PASSKEYS_MAX, &rows, ret_n, fault);
    if (rc == RC_OK)
        *ret_oldest = *ret_n > 0 ? rows[0].id : 0;
    return rc;
}

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct passkey_row *row = context;
    uint64_t oldest;
    size_t n;
    enum rc rc = count_own(conn, row->account, &n, &oldest, fault);
    if (rc == RC_OK && n == PASSKEYS_MAX)
        rc = fault_set(fault, RC_LIMIT, "passkey: at most %d", PASSKEYS_MAX);
    if (rc == RC_OK)
        rc = passkey_row_add(conn, row, fault);
    if (rc == RC_CONFLICT)
        return fault_set(fault, rc, "passkey: this device has one already");
    return rc == RC_OK ? security_letter(conn, row->account, SECURITY_PASSKEY_ADDED, fault) : rc;
}

enum rc passkey_add(struct writer *writer, const struct passkey_place *place, uint64_t account,
                    struct str name, const struct passkey_sent *sent, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str client_data, attestation;
    struct passkey_wanted wanted;
    struct passkey_key key;
    name = str_trim(name);
    if (!account_name_readable(name))
        return fault_set(fault, RC_INVALID,
                         "name: 1 to %d characters that can be seen, on one line", NAME_MAX_POINTS);
    if (!bytes_of(&arena, sent->client_data, &client_data) ||
        !bytes_of(&arena, sent->attestation, &attestation))
        return fault_set(fault, RC_DENIED, "passkey: what was sent is no base64url");
    enum rc rc = take_challenge(writer, &arena, place, client_data, &wanted, fault);
    if (rc == RC_OK)
        rc = passkey_check_made(&arena, &wanted, client_data, attestation, &key, fault);
    if (rc != RC_OK)
        return rc;
    struct passkey_row row = {.account = account,
                              .rp = place->rp,
                              .credential = key.credential,
                              .algorithm = key.algorithm,
                              .key = key.key,
                              .counter = key.counter,
                              .name = name,
                              .created = clock_now()};
    return writer_run(writer, add_work, &row, fault);
}

struct removal {
    uint64_t account, id;
    bool password_given;
};

static enum rc remove_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct removal *w = context;
    uint64_t oldest;
    size_t n;
    enum rc rc = count_own(conn, w->account, &n, &oldest, fault);
    if (rc == RC_OK && n == 1 && oldest == w->id && !w->password_given)
        rc = fault_set(fault, RC_DENIED, "password: removing the last passkey needs it");
    if (rc == RC_OK)
        rc = passkey_row_remove(conn, w->account, w->id, fault);
    return rc == RC_OK ? security_letter(conn, w->account, SECURITY_PASSKEY_REMOVED, fault) : rc;
}

enum rc passkey_remove(struct writer *writer, uint64_t account, uint64_t id, bool password_given,
                       struct fault *fault)
{
    struct removal w = {account, id, password_given};
    return writer_run(writer, remove_work, &w, fault);
}

/* ---- signing in ---- */

static enum rc does_not_fit(struct fault *fault)
{
    return fault_set(fault, RC_DENIED, "passkey: it does not fit, or is not known here");
}

static enum rc find(struct site *site, struct arena *arena, struct str credential,
                    struct passkey_row *row, struct store_act *act, struct str *ret_role,
                    struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = passkey_row_by_credential(conn, arena, credential, row, &act->who, ret_role, fault);
    site_disconnect(conn);
    return rc;
}

struct signing_in {
    struct session_begin begin;
    uint64_t passkey;
    uint32_t counter;
};

static enum rc sign_in_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct signing_in *w = context;
    enum rc rc =
        passkey_row_used(conn, w->passkey, w->counter, date_start(date_of(clock_now())), fault);
    if (rc == RC_CONFLICT)
        return does_not_fit(fault);
    return rc == RC_OK ? session_begin(conn, &w->begin, fault) : rc;
}

/* Whose it is, whoever they say they are, and whether the signature is theirs. */
static enum rc check(struct arena *arena, const struct passkey_place *place,
                     const struct passkey_wanted *wanted, const struct passkey_row *row,
                     const struct passkey_sent *sent, struct str client_data, uint32_t *ret_counter)
{
    struct passkey_key key = {row->credential, row->algorithm, row->key, row->counter};
    struct str data, signature;
    struct str user =
        row->user.n > 0 ? text_of(arena, row->user) : user_by_hash(arena, row->account, row->rp);
    if (!str_eq(row->rp, place->rp) || !str_eq(sent->user, user) ||
        !bytes_of(arena, sent->authenticator_data, &data) ||
        !bytes_of(arena, sent->signature, &signature))
        return RC_DENIED;
    return passkey_check_used(arena, wanted, &key, client_data, data, signature, ret_counter, NULL);
}

enum rc passkey_sign_in(struct site *site, struct writer *writer, const struct passkey_place *place,
                        const struct passkey_sent *sent, const struct session_how *how,
                        char ret_token[TOKEN_SIZE + 1], struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str credential, client_data, role;
    struct passkey_wanted wanted;
    struct passkey_row row;
    struct store_act act = {.what = STR("sign in"), .subject = STR("passkey")};
    char token[TOKEN_SIZE + 1];
    if (!bytes_of(&arena, sent->client_data, &client_data) ||
        !bytes_of(&arena, sent->credential, &credential))
        return does_not_fit(fault);
    enum rc rc = take_challenge(writer, &arena, place, client_data, &wanted, fault);
    if (rc == RC_OK)
        rc = find(site, &arena, credential, &row, &act, &role, fault);
    struct signing_in w = {.passkey = row.id};
    if (rc == RC_OK)
        rc = check(&arena, place, &wanted, &row, sent, client_data, &w.counter);
    if (rc == RC_NOT_FOUND || rc == RC_DENIED)
        return does_not_fit(fault);
    if (rc != RC_OK)
        return rc;
    secret_make(token);
    act.account = row.account;
    w.begin = (struct session_begin){str_of(token), row.account, *how,
                                     account_is_staff(role) ? &act : NULL};
    rc = writer_run(writer, sign_in_work, &w, fault);
    if (rc == RC_OK)
        memcpy(ret_token, token, sizeof token);
    return rc;
}
