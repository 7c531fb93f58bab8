#include "app/account.h"

#include <pthread.h>
#include <sodium.h>

#include "app/account_parts.h"
#include "app/confirm.h"
#include "app/session_lacks.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/password.h"
#include "store/catalogue.h"
#include "store/readers.h"
#include "store/staff_rows.h"
#include "store/store.h"

enum {
    HASHES_AT_ONCE = 2,
    HASHES_WAITING = 1, /* writes of others share the threads: the next is sent away */
};

/* OWASP's argon2id floor: 19 MiB, two passes; about 40 ms here. */
enum { ARGON_PASSES = 2, ARGON_MEMORY = 19 << 20 };

/* Hashing takes 19 MiB each: more at once would let strangers spend our memory. */
struct passwords {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int running, waiting;
};

struct passwords *passwords_new(void)
{
    struct passwords *p = calloc(1, sizeof *p);
    if (p == NULL)
        abort();
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->left, NULL);
    return p;
}

void passwords_free(struct passwords *p)
{
    if (p == NULL)
        return;
    pthread_cond_destroy(&p->left);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static enum rc hash_enter(struct passwords *p, struct fault *fault)
{
    enum rc rc = RC_OK;
    pthread_mutex_lock(&p->lock);
    if (p->running >= HASHES_AT_ONCE && p->waiting >= HASHES_WAITING) {
        rc = fault_set(fault, RC_BUSY, "many sign in at this moment; try again in a moment");
    } else {
        p->waiting++;
        while (p->running >= HASHES_AT_ONCE)
            pthread_cond_wait(&p->left, &p->lock);
        p->waiting--;
        p->running++;
    }
    pthread_mutex_unlock(&p->lock);
    return rc;
}

static void hash_leave(struct passwords *p)
{
    pthread_mutex_lock(&p->lock);
    p->running--;
    pthread_cond_signal(&p->left);
    pthread_mutex_unlock(&p->lock);
}

static enum rc hash_password(struct passwords *p, struct str password,
                             char ret[crypto_pwhash_STRBYTES], struct fault *fault)
{
    enum rc rc = hash_enter(p, fault);
    if (rc != RC_OK)
        return rc;
    int failed = crypto_pwhash_str_alg(ret, password.p, password.n, ARGON_PASSES, ARGON_MEMORY,
                                       crypto_pwhash_ALG_ARGON2ID13);
    hash_leave(p);
    return failed ? fault_set(fault, RC_BUSY, "no memory to hash a password now") : RC_OK;
}

static enum rc check_new(struct str password, struct str email, struct str name,
                         struct fault *fault)
{
    if (utf8_length(password) < PASSWORD_MIN || password.n > PASSWORD_MAX)
        return fault_set(fault, RC_INVALID, "password: at least %d characters, at most %d bytes",
                         PASSWORD_MIN, PASSWORD_MAX);
    if (password_is_common(password, email, name))
        return fault_set(fault, RC_INVALID, "password: it is one of those that are guessed first");
    return RC_OK;
}

enum rc account_hash_password(struct passwords *p, struct str password, struct str email,
                              struct str name, char *ret, struct fault *fault)
{
    enum rc rc = check_new(password, email, name, fault);
    return rc == RC_OK ? hash_password(p, password, ret, fault) : rc;
}

enum rc account_check_password(struct passwords *p, struct str hash, struct str password,
                               struct fault *fault)
{
    char encoded[crypto_pwhash_STRBYTES] = {0};
    if (hash.n >= sizeof encoded || password.n > PASSWORD_MAX)
        return RC_DENIED;
    memcpy(encoded, hash.p, hash.n);
    enum rc rc = hash_enter(p, fault);
    if (rc != RC_OK)
        return rc;
    bool fits =
        crypto_pwhash_str_verify(encoded, password.n > 0 ? password.p : "", password.n) == 0;
    hash_leave(p);
    return fits ? RC_OK : RC_DENIED;
}

/* Marks that turn or hide text let one name pass for another. */
static bool name_readable(struct str name)
{
    uint32_t c;
    bool seen = false;
    if (!utf8_clean(name) || str_find(name, '\n') < name.n || str_find(name, '\t') < name.n)
        return false;
    while (utf8_next(&name, &c)) {
        bool joiner = c == 0x200C || c == 0x200D; /* Persian and Indic names hold them */
        if (c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
            (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF))
            return false;
        seen = seen || !(joiner || c == ' ' || c == 0xA0 || c == 0x3000 || c == 0x3164 ||
                         (c >= 0x2000 && c <= 0x200A));
    }
    return seen;
}

bool account_name_readable(struct str name)
{
    return name_readable(name) && utf8_length(name) <= NAME_MAX_POINTS;
}

struct add_account {
    struct account account;
    struct str confirm, shop;
    uint64_t id;
};

static enum rc bind_partner(const struct add_account *work, struct store_conn *conn,
                            struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct shop shop;
    enum rc rc = catalogue_shop(conn, &arena, work->shop, &shop, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "shop: there is no shop %.*s", STR_ARG(work->shop));
    return rc == RC_OK ? partner_row_put(conn, work->id, shop.id, fault) : rc;
}

static enum rc add_account_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct add_account *work = context;
    const struct account *a = &work->account;
    enum rc rc = readers_account_add(conn, a, &work->id, fault);
    if (rc == RC_OK && work->shop.n > 0)
        rc = bind_partner(work, conn, fault);
    return rc == RC_OK && a->confirmed == 0
               ? confirm_queue(conn, work->id, a->email, work->confirm, a->language, fault)
               : rc;
}

enum rc account_read(struct passwords *passwords, struct arena *arena, const struct sign_up *s,
                     struct account *ret, struct fault *fault)
{
    char hash[crypto_pwhash_STRBYTES];
    struct str name = str_trim(s->name), role = s->role.n > 0 ? s->role : STR("reader"), email;
    enum rc rc = address_for_mail(arena, s->email, &email, fault);
    if (rc == RC_OK && !account_name_readable(name))
        rc = fault_set(fault, RC_INVALID, "name: 1 to %d characters that can be seen, on one line",
                       NAME_MAX_POINTS);
    if (rc == RC_OK)
        rc = check_new(s->password, email, name, fault);
    bool partner = str_eq(role, STR("partner"));
    if (rc == RC_OK && !partner && !str_eq(role, STR("reader")) && !str_eq(role, STR("operator")))
        rc = fault_set(fault, RC_INVALID, "role: %.*s is neither reader, operator nor partner",
                       STR_ARG(role));
    if (rc == RC_OK && partner != (s->shop.n > 0))
        rc = fault_set(fault, RC_INVALID, "shop: a partner has one, and nobody else");
    if (rc == RC_OK)
        rc = hash_password(passwords, s->password, hash, fault);
    if (rc == RC_OK)
        *ret = (struct account){.email = email,
                                .name = name,
                                .password = arena_str(arena, str_of(hash)),
                                .role = role,
                                .created = clock_now(),
                                .language = s->language};
    return rc;
}

enum rc account_add(struct passwords *passwords, struct writer *writer, const struct sign_up *s,
                    uint64_t *ret_id, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct add_account work = {.confirm = s->confirm, .shop = s->shop};
    enum rc rc = account_read(passwords, &arena, s, &work.account, fault);
    if (rc != RC_OK)
        return rc;
    work.account.confirmed = s->confirm.n == 0 ? work.account.created : 0;
    rc = writer_run(writer, add_account_work, &work, fault);
    if (rc == RC_OK && ret_id != NULL)
        *ret_id = work.id;
    return rc;
}

/* ---- sessions ---- */

bool account_is_staff(struct str role)
{
    return !str_eq(role, STR("reader"));
}

static enum rc begin_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return session_begin(conn, context, fault);
}

/* The connections that pages are made with do not see passwords. */
static enum rc find_account(struct site *site, struct arena *arena, struct str email,
                            struct account *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = readers_account_by_email(conn, arena, email, ret, fault);
    site_disconnect(conn);
    return rc;
}

enum rc account_sign_in(struct passwords *passwords, struct site *site, struct writer *writer,
                        struct str email, struct str password, const struct session_how *how,
                        char ret_token[TOKEN_SIZE + 1], struct fault *fault)
{
    /* Hashed when nobody has the address, so that an answer takes as long. Of
     * no password anybody could send. */
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    ARENA_AUTO arena = ARENA_INIT;
    struct str address;
    struct account account = {.password = str_of(nobody)};
    enum rc rc = address_read(&arena, email, &address, NULL);
    if (rc == RC_OK)
        rc = find_account(site, &arena, address, &account, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND && rc != RC_INVALID)
        return rc;
    bool known = rc == RC_OK;
    rc = account_check_password(passwords, account.password, password, fault);
    if (rc == RC_DENIED || (rc == RC_OK && !known))
        return fault_set(fault, RC_DENIED, "the address or the password is not right");
    if (rc != RC_OK)
        return rc;
    char token[TOKEN_SIZE + 1];
    secret_make(token);
    struct store_act act = {.account = account.id,
                            .who = account.email,
                            .what = STR("sign in"),
                            .subject = str_of(how->kind)};
    struct session_begin begin = {str_of(token), account.id, *how,
                                  account_is_staff(account.role) ? &act : NULL};
    rc = writer_run(writer, begin_work, &begin, fault);
    if (rc == RC_OK)
        memcpy(ret_token, token, sizeof token);
    return rc;
}

enum rc account_confirm(struct passwords *passwords, struct site *site, struct str email,
                        struct str password, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct account account;
    enum rc rc = find_account(site, &arena, email, &account, fault);
    if (rc == RC_OK)
        rc = account_check_password(passwords, account.password, password, fault);
    if (rc == RC_DENIED || rc == RC_NOT_FOUND)
        return fault_set(fault, RC_DENIED, "password: it is not right");
    return rc;
}

enum rc account_viewer(struct store_conn *conn, struct arena *arena, struct str token,
                       struct viewer *ret, struct fault *fault)
{
    struct account account;
    struct str kind;
    int lacks = 0;
    struct hash hash = session_hash(token);
    enum rc rc = token.n == TOKEN_SIZE ? readers_session(conn, arena, &hash, clock_now(), &account,
                                                         &kind, &lacks, fault)
                                       : RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_DENIED, "this session has ended; sign in again");
    if (rc == RC_OK)
        *ret = (struct viewer){
            .account = account.id,
            .name = account.name,
            .email = account.email,
            .operator_role = lacks == LACKS_NOTHING && str_eq(account.role, STR("operator")),
            .shop =
                lacks == LACKS_NOTHING && str_eq(account.role, STR("partner")) ? account.shop : 0,
            .partner = str_eq(account.role, STR("partner")),
            .since = account.created,
            .lacks = lacks,
            .bearer = str_eq(kind, STR("bearer"))};
    return rc;
}

static enum rc sign_out_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return readers_session_remove(conn, context, fault);
}

enum rc account_sign_out(struct writer *writer, struct str token, struct fault *fault)
{
    struct hash hash = session_hash(token);
    return writer_run(writer, sign_out_work, &hash, fault);
}

static enum rc sign_out_everywhere_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return readers_session_remove_all(conn, *(uint64_t *)context, fault);
}

enum rc account_sign_out_everywhere(struct writer *writer, uint64_t account, struct fault *fault)
{
    return writer_run(writer, sign_out_everywhere_work, &account, fault);
}
