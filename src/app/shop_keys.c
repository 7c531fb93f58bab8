#include "app/shop_keys.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "store/shop_keys.h"

enum { NAME_MAX_BYTES = 120, DAY = 86400 };

enum rc shop_keys_read(struct store_conn *conn, struct arena *arena, uint64_t shop,
                       shop_key_rows *ret, struct fault *fault)
{
    return shop_key_rows_of(conn, arena, shop, SHOP_KEYS_MAX, ret, fault);
}

/* ---- made and taken back ---- */

struct adding {
    struct shop_key_row row;
    struct hash hash;
};

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct adding *a = context;
    uint64_t n = 0;
    enum rc rc = shop_key_rows_count(conn, a->row.shop, &n, fault);
    if (rc == RC_OK && n >= SHOP_KEYS_MAX)
        return fault_set(fault, RC_CONFLICT, "name: there are %d keys; remove one first",
                         SHOP_KEYS_MAX);
    return rc == RC_OK ? shop_key_row_add(conn, &a->row, &a->hash, fault) : rc;
}

enum rc shop_key_add(struct writer *writer, uint64_t shop, uint64_t account, struct str name,
                     unsigned duties, char ret_key[SHOP_KEY_SIZE + 1], struct fault *fault)
{
    char secret[TOKEN_SIZE + 1];
    struct adding a = {.row = {.shop = shop,
                               .account = account,
                               .name = str_trim(name),
                               .duties = duties,
                               .made = clock_now()}};
    if (a.row.name.n == 0)
        return fault_set(fault, RC_INVALID, "name: it is needed");
    enum rc rc = text_check("name", a.row.name, TEXT_LINE, NAME_MAX_BYTES, fault);
    if (rc == RC_OK && duties == 0)
        rc = fault_set(fault, RC_INVALID, "duties: choose what the key is for");
    if (rc != RC_OK)
        return rc;
    secret_make(secret);
    snprintf(ret_key, SHOP_KEY_SIZE + 1, "%s%s", SHOP_KEY_PREFIX, secret);
    a.hash = sha256(ret_key, SHOP_KEY_SIZE);
    return writer_run(writer, add_work, &a, fault);
}

struct removing {
    uint64_t shop, id;
};

static enum rc remove_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct removing *r = context;
    return shop_key_row_remove(conn, r->shop, r->id, fault);
}

enum rc shop_key_remove(struct writer *writer, uint64_t shop, uint64_t id, struct fault *fault)
{
    struct removing r = {shop, id};
    return writer_run(writer, remove_work, &r, fault);
}

/* ---- coming in ---- */

bool shop_key_is(struct str token)
{
    return str_starts(token, STR(SHOP_KEY_PREFIX));
}

static enum rc use_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct shop_key_row *row = context;
    return shop_key_row_used(conn, row->id, row->used, fault);
}

enum rc shop_key_enter(struct store_conn *conn, struct writer *writer, struct arena *arena,
                       struct str token, struct viewer *ret, struct fault *fault)
{
    struct shop_key_row row;
    struct hash hash = sha256(token.p, token.n);
    enum rc rc =
        token.n == SHOP_KEY_SIZE ? shop_key_row_get(conn, arena, &hash, &row, fault) : RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !row.good))
        return fault_set(fault, RC_DENIED, "this key opens nothing; make one at the shop’s desk");
    int64_t now = clock_now(), day = now - now % DAY;
    if (rc == RC_OK && row.used != day) {
        row.used = day;
        rc = writer_run_aside(writer, use_work, &row, fault);
    }
    if (rc == RC_OK)
        *ret = (struct viewer){.account = row.account,
                               .name = row.name,
                               .email = arena_printf(arena, "key:%llu", (unsigned long long)row.id),
                               .shop = row.shop,
                               .partner = true,
                               .bearer = true,
                               .key = row.id,
                               .duties = row.duties};
    return rc;
}
