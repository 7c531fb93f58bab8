#include "app/refuser.h"

#include "app/key.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "record/refusal.h"
#include "store/store.h"

#define KEYS_SETTING "refusal-keys"
enum { KEYS_MAX = 64 << 10, PATH_TOLD = 1000 };

struct refuser {
    struct arena arena;
    struct note_signer signer;
    struct str keys; /* all that were ever used, one a line */
};

/* Published before anything is signed with it. */
static enum rc publish_key(struct refuser *r, struct site *site, struct fault *fault)
{
    struct store_conn *conn = NULL;
    BUF_AUTO own = BUF_INIT(1024);
    BUF_AUTO keys = BUF_INIT(KEYS_MAX);
    note_key_add(&own, &r->signer.key);
    buf_char(&own, '\n');
    enum rc rc = store_connect(site_store(site), true, &conn, fault);
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK) {
        rc = store_setting(conn, &r->arena, KEYS_SETTING, &r->keys, fault);
        if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    if (rc == RC_OK && str_find_str(r->keys, buf_str(&own)) == r->keys.n) {
        buf_str_add(&keys, r->keys);
        buf_str_add(&keys, buf_str(&own));
        r->keys = arena_str(&r->arena, buf_str(&keys));
        rc = buf_check(&keys) == RC_OK ? store_setting_put(conn, KEYS_SETTING, r->keys, fault)
                                       : fault_set(fault, RC_LIMIT, "too many keys of refusals");
        if (rc == RC_OK)
            rc = store_commit(conn, fault);
    } else if (conn != NULL) {
        store_rollback(conn);
    }
    store_disconnect(conn);
    return rc;
}

enum rc refuser_open(struct site *site, struct refuser **ret, struct fault *fault)
{
    struct refuser *r = calloc(1, sizeof *r);
    if (r == NULL)
        abort();
    const char *path = site_path(site, &r->arena, "refusals.key");
    struct str origin = arena_printf(&r->arena, "%.*s/refusals", STR_ARG(site_origin(site)));
    enum rc rc = key_load(path, &r->arena, &r->signer, fault);
    if (rc == RC_NOT_FOUND) {
        rc = key_create(path, origin, fault);
        if (rc == RC_OK)
            rc = key_load(path, &r->arena, &r->signer, fault);
    }
    if (rc == RC_OK && !str_eq(r->signer.key.name, origin))
        rc = fault_set(fault, RC_INVALID, "%s: it is no key of %.*s", path, STR_ARG(origin));
    if (rc == RC_OK)
        rc = publish_key(r, site, fault);
    if (rc == RC_OK)
        *ret = r;
    else
        refuser_close(r);
    return rc;
}

void refuser_close(struct refuser *r)
{
    if (r == NULL)
        return;
    note_signer_clear(&r->signer);
    arena_free(&r->arena);
    free(r);
}

enum rc refuser_keys(struct site *site, struct arena *arena, struct str *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    *ret = STR_NONE;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = store_setting(conn, arena, KEYS_SETTING, ret, fault);
    site_disconnect(conn);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

struct str refuser_published(const struct refuser *r)
{
    return r->keys;
}

/* What a note can hold of it. */
static struct str told_path(struct arena *arena, struct str path)
{
    path = str_sub(path, 0, PATH_TOLD);
    char *told = arena_z(arena, path);
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)told[i] <= ' ' || (unsigned char)told[i] >= 0x7f)
            told[i] = '?';
    return (struct str){told, path.n};
}

struct str refuser_sign(const struct refuser *r, struct arena *arena, const struct refused *refused)
{
    BUF_AUTO text = BUF_INIT(8192);
    uint8_t salt[32] = {0};
    struct refusal refusal = {.origin = r->signer.key.name,
                              .at = clock_now(),
                              .reason = str_of(refused->reason),
                              .status = refused->status,
                              .request = arena_printf(arena, "%s %.*s", refused->method,
                                                      STR_ARG(told_path(arena, refused->path))),
                              .read = refused->sent != NULL,
                              .restriction = refused->restriction};
    if (refusal.read) {
        random_bytes(salt, sizeof salt);
        refusal.sent = refusal_commitment(refusal.origin, salt, *refused->sent);
    }
    refusal_write(&text, &refusal, salt, &r->signer);
    return buf_check(&text) == RC_OK ? arena_str(arena, buf_str(&text)) : STR_NONE;
}
