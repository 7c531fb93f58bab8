#include "app/devices.h"

#include <pthread.h>

#include "app/account_parts.h"
#include "app/security_letter.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "store/devices.h"
#include "store/store.h"

enum { CHECKS = 1024, HASH_ROOM = 256, DAY = 86400 };

enum rc devices_read(struct store_conn *conn, struct arena *arena, uint64_t account,
                     device_list *ret, struct fault *fault)
{
    device_rows rows;
    enum rc rc = device_rows_of(conn, arena, account, DEVICES_MAX, &rows, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (device_list){ARENA_ARRAY(arena, struct device, rows.n), 0};
    for (size_t i = 0; i < rows.n; i++)
        ret->v[ret->n++] = (struct device){rows.v[i].id, rows.v[i].name, rows.v[i].login,
                                           rows.v[i].made, rows.v[i].used};
    return RC_OK;
}

/* ---- made and taken back ---- */

/* Small letters and digits that are typed on any keyboard: five bits each. */
static void random_letters(char *to, size_t n)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    uint8_t bytes[32];
    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < n; i++)
        to[i] = letters[bytes[i] & 31];
    to[n] = 0;
}

static void make_password(char ret[DEVICE_PASSWORD_SIZE + 1])
{
    enum { GROUP = 6 };
    random_letters(ret, DEVICE_PASSWORD_SIZE);
    for (size_t i = GROUP - 1; i < DEVICE_PASSWORD_SIZE; i += GROUP)
        ret[i] = '-';
}

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct device_row *row = context;
    uint64_t n = 0;
    enum rc rc = device_rows_count(conn, row->account, &n, fault);
    if (rc == RC_OK && n >= DEVICES_MAX)
        return fault_set(fault, RC_CONFLICT, "name: there are %d devices; remove one first",
                         DEVICES_MAX);
    if (rc == RC_OK)
        rc = device_row_add(conn, row, fault);
    return rc == RC_OK ? security_letter(conn, row->account, SECURITY_DEVICE_ADDED, fault) : rc;
}

enum rc device_add(struct passwords *passwords, struct writer *writer, uint64_t account,
                   struct str name, char ret_login[DEVICE_LOGIN_SIZE + 1],
                   char ret_password[DEVICE_PASSWORD_SIZE + 1], struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    char login[DEVICE_LOGIN_SIZE + 1], password[DEVICE_PASSWORD_SIZE + 1], hash[HASH_ROOM];
    name = str_trim(name);
    if (!account_name_readable(name))
        return fault_set(fault, RC_INVALID,
                         "name: 1 to %d characters that can be seen, on one line", NAME_MAX_POINTS);
    random_letters(login, DEVICE_LOGIN_SIZE);
    make_password(password);
    enum rc rc = account_hash_password(passwords, device_key(&arena, str_of(password)), STR_NONE,
                                       STR_NONE, hash, fault);
    if (rc != RC_OK)
        return rc;
    struct device_row row = {.account = account,
                             .name = name,
                             .login = str_of(login),
                             .password = str_of(hash),
                             .made = clock_now()};
    rc = writer_run(writer, add_work, &row, fault);
    if (rc != RC_OK)
        return rc;
    memcpy(ret_login, login, sizeof login);
    memcpy(ret_password, password, sizeof password);
    return RC_OK;
}

struct removing {
    uint64_t account, id;
};

static enum rc remove_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct removing *r = context;
    return device_row_remove(conn, r->account, r->id, fault);
}

enum rc device_remove(struct writer *writer, uint64_t account, uint64_t id, struct fault *fault)
{
    struct removing r = {account, id};
    return writer_run(writer, remove_work, &r, fault);
}

/* ---- what was right lately ---- */

struct device_checks {
    pthread_mutex_t lock;
    struct hash known[CHECKS];
};

struct device_checks *device_checks_new(void)
{
    struct device_checks *checks = calloc(1, sizeof *checks);
    if (checks == NULL)
        abort();
    pthread_mutex_init(&checks->lock, NULL);
    return checks;
}

void device_checks_free(struct device_checks *checks)
{
    if (checks == NULL)
        return;
    pthread_mutex_destroy(&checks->lock);
    free(checks);
}

static struct hash check_of(uint64_t device, struct str key)
{
    return sha256_parts((struct str[]){{(const char *)&device, sizeof device}, key}, 2);
}

static bool is_known(struct device_checks *checks, const struct hash *check)
{
    pthread_mutex_lock(&checks->lock);
    bool known = hash_eq(&checks->known[big_endian(check->b) % CHECKS], check);
    pthread_mutex_unlock(&checks->lock);
    return known;
}

static void make_known(struct device_checks *checks, const struct hash *check)
{
    pthread_mutex_lock(&checks->lock);
    checks->known[big_endian(check->b) % CHECKS] = *check;
    pthread_mutex_unlock(&checks->lock);
}

/* ---- signing in ---- */

struct str device_key(struct arena *arena, struct str password)
{
    return md5_hex_of_parts(arena, &password, 1);
}

/* Pages' connections do not see passwords. */
static enum rc check_password(const struct device_desk *desk, uint64_t id, struct str key,
                              struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct str hash = STR_NONE;
    enum rc rc = site_connect_wholly(desk->site, &conn, fault);
    if (rc == RC_OK)
        rc = device_row_password(conn, desk->arena, id, &hash, fault);
    site_disconnect(conn);
    return rc == RC_OK ? account_check_password(desk->passwords, hash, key, fault) : rc;
}

struct use {
    uint64_t id;
    int64_t day;
};

static enum rc use_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct use *use = context;
    return device_row_used(conn, use->id, use->day, fault);
}

static enum rc note_use(const struct device_desk *desk, const struct device_row *row,
                        struct fault *fault)
{
    int64_t now = clock_now();
    struct use use = {row->id, now - now % DAY};
    return use.day == row->used ? RC_OK : writer_run(desk->writer, use_work, &use, fault);
}

static enum rc denied(struct fault *fault)
{
    return fault_set(fault, RC_DENIED, "no device has this name and password");
}

static enum rc sign_in(const struct device_desk *desk, struct str login, struct str key, bool again,
                       struct viewer *ret, struct fault *fault)
{
    struct device_row row;
    struct device_holder holder;
    if (login.n != DEVICE_LOGIN_SIZE || key.n != DEVICE_KEY_SIZE || !utf8_clean(login))
        return denied(fault);
    enum rc rc = device_row_get(desk->conn, desk->arena, login, &row, &holder, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? denied(fault) : rc;
    struct hash check = check_of(row.id, key);
    if (!is_known(desk->checks, &check)) {
        if (again)
            return denied(fault);
        rc = check_password(desk, row.id, key, fault);
        if (rc != RC_OK)
            return rc == RC_DENIED || rc == RC_NOT_FOUND ? denied(fault) : rc;
        make_known(desk->checks, &check);
    }
    rc = note_use(desk, &row, fault);
    if (rc == RC_OK)
        *ret = (struct viewer){.account = row.account,
                               .name = holder.name,
                               .email = holder.email,
                               .since = holder.since};
    return rc;
}

enum rc device_sign_in(const struct device_desk *desk, struct str login, struct str key,
                       struct viewer *ret, struct fault *fault)
{
    return sign_in(desk, login, key, false, ret, fault);
}

enum rc device_sign_in_again(const struct device_desk *desk, struct str login, struct str key,
                             struct viewer *ret, struct fault *fault)
{
    return sign_in(desk, login, key, true, ret, fault);
}
