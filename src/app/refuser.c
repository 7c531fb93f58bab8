#include "app/refuser.h"

#include <errno.h>
#include <stdio.h>

#include "app/key.h"
#include "app/refusal_list.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "base/wait.h"
#include "record/refusal.h"
#include "store/store.h"

enum {
    PATH_TOLD = 1000,
    DECLARE_MS = 3000, /* while its entry waits for longer, nobody waits for it */
};

struct refuser {
    struct arena arena;
    struct note_signer signer;
    bool is_new; /* it has no entry yet */
    struct write_job job;
    struct sleeper declared;
};

static enum rc own_key(struct refuser *r, const char *path, struct str origin, struct fault *fault)
{
    enum rc rc = key_load(path, &r->arena, &r->signer, fault);
    if (rc == RC_NOT_FOUND) {
        rc = key_create(path, origin, fault);
        if (rc == RC_OK)
            rc = key_load(path, &r->arena, &r->signer, fault);
    }
    if (rc == RC_OK && !str_eq(r->signer.key.name, origin))
        rc = fault_set(fault, RC_INVALID, "%s: it is no key of %.*s", path, STR_ARG(origin));
    return rc;
}

/* In the list before anything is signed with it. */
static enum rc join(struct refuser *r, struct site *site, struct fault *fault)
{
    BUF_AUTO vkey = BUF_INIT(1024);
    note_key_add(&vkey, &r->signer.key);
    return refusal_list_join(site, buf_str(&vkey), &r->is_new, fault);
}

/* A key that came back, out of a backup perhaps: it stays where it can be found, and another is
 * made. */
static enum rc make_another(struct refuser *r, const char *path, struct str origin,
                            struct fault *fault)
{
    const char *away =
        arena_printf(&r->arena, "%s.replaced-%08x", path, (unsigned)r->signer.key.id).p;
    if (rename(path, away) != 0)
        return fault_set(fault, RC_IO, "%s: %s", away, strerror(errno));
    note_signer_clear(&r->signer);
    return own_key(r, path, origin, fault);
}

enum rc refuser_open(struct site *site, struct refuser **ret, struct fault *fault)
{
    struct refuser *r = calloc(1, sizeof *r);
    if (r == NULL)
        abort();
    const char *path = site_path(site, &r->arena, "refusals.key");
    sleeper_init(&r->declared);
    struct str origin =
        arena_printf(&r->arena, "%.*s" REFUSAL_KEY_SUFFIX, STR_ARG(site_origin(site)));
    enum rc rc = own_key(r, path, origin, fault);
    if (rc == RC_OK)
        rc = join(r, site, fault);
    if (rc == RC_CONFLICT) {
        rc = make_another(r, path, origin, fault);
        if (rc == RC_OK)
            rc = join(r, site, fault);
    }
    if (rc == RC_OK)
        *ret = r;
    else
        refuser_close(r);
    return rc;
}

/* ---- its entry ---- */

static enum rc declare_work(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    return refusal_list_declare(conn, fault);
}

static void on_declared(struct write_job *job)
{
    struct refuser *r = job->context;
    sleeper_wake(&r->declared);
}

void refuser_declare(struct refuser *r, struct writer *writer)
{
    if (r == NULL || !r->is_new)
        return;
    r->job = (struct write_job){.work = declare_work, .context = r, .done = on_declared};
    writer_post(writer, &r->job);
    (void)sleeper_rest(&r->declared, DECLARE_MS);
}

void refuser_close(struct refuser *r)
{
    if (r == NULL)
        return;
    note_signer_clear(&r->signer);
    sleeper_free(&r->declared);
    arena_free(&r->arena);
    free(r);
}

enum rc refuser_keys(struct site *site, struct arena *arena, struct str *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = refusal_list_text(conn, arena, ret, fault);
    if (conn != NULL)
        store_rollback(conn);
    site_disconnect(conn);
    return rc;
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
