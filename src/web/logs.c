/* The logs' bytes, assets, health: answers without a page. */
#include "app/prove.h"
#include "app/record_lines.h"
#include "web/assets.h"
#include "web/handlers.h"

enum { BODY_MAX = 64 << 20 };

static void answer(struct response *ret, const char *type, struct str bytes)
{
    buf_renew(&ret->body, BODY_MAX);
    ret->content_type = type;
    buf_str_add(&ret->body, bytes);
}

static enum rc answer_checkpoint(struct context *c, enum public_log log, struct response *ret,
                                 struct fault *fault)
{
    struct published_head head;
    enum rc rc = publication_head(c->worker->conn, c->arena, log, &head, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8", head.note);
    return rc;
}

static enum rc answer_tile(struct context *c, enum public_log log, struct response *ret,
                           struct fault *fault)
{
    struct str bytes;
    bool full;
    enum rc rc =
        publication_tile(c->worker->conn, c->arena, log, c->captures[0], &bytes, &full, fault);
    if (rc != RC_OK)
        return rc;
    answer(ret, "application/octet-stream", bytes);
    /* A partial tile's path names its width, so that it never changes either. */
    ret->caching = CACHING_FOREVER;
    return RC_OK;
}

/* All of it, as it grows: whoever wants the news alone reads tiles. */
static enum rc answer_lines(struct context *c, enum public_log log, struct response *ret,
                            struct fault *fault)
{
    uint64_t entries;
    ret->content_type = "application/jsonl; charset=utf-8";
    ret->no_etag = ret->not_kept = true;
    return record_lines_get(c->server->lines, c->server->site, c->worker->conn, log, &ret->file,
                            &ret->file_size, &entries, fault);
}

enum rc handle_lines(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_lines(c, PUBLIC_DECISIONS, ret, fault);
}

enum rc handle_voices_lines(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_lines(c, PUBLIC_VOICES, ret, fault);
}

enum rc handle_checkpoint(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_checkpoint(c, PUBLIC_DECISIONS, ret, fault);
}

enum rc handle_voices_checkpoint(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_checkpoint(c, PUBLIC_VOICES, ret, fault);
}

enum rc handle_tile(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_tile(c, PUBLIC_DECISIONS, ret, fault);
}

enum rc handle_voices_tile(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_tile(c, PUBLIC_VOICES, ret, fault);
}

/* The entry and its proof under the last checkpoint, as a .tlog-proof. */
static enum rc answer_proof(struct context *c, enum public_log log, struct response *ret,
                            struct fault *fault)
{
    struct str text;
    uint64_t index;
    enum rc rc = captured_id(c, 0, &index, fault);
    if (rc == RC_OK)
        rc = entry_prove(c->worker->conn, c->server->trees, c->arena, log, index, NULL, &text,
                         fault);
    if (rc != RC_OK)
        return rc;
    answer(ret, "text/plain; charset=utf-8", text);
    ret->disposition =
        arena_printf(c->arena, "attachment; filename=\"%s-%llu.tlog-proof\"",
                     log == PUBLIC_VOICES ? "voice" : "entry", (unsigned long long)index);
    return RC_OK;
}

enum rc handle_proof(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_proof(c, PUBLIC_DECISIONS, ret, fault);
}

enum rc handle_voices_proof(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_proof(c, PUBLIC_VOICES, ret, fault);
}

enum rc handle_list(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = publication_list(c->worker->conn, c->arena, c->captures[0], &text, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8", text);
    return rc;
}

enum rc handle_vkey(struct context *c, struct response *ret, struct fault *fault)
{
    struct str decisions, voices;
    struct site *site = c->server->site;
    struct store_conn *conn = c->worker->conn;
    enum rc rc = publication_vkey(site, conn, c->arena, PUBLIC_DECISIONS, &decisions, fault);
    if (rc == RC_OK)
        rc = publication_vkey(site, conn, c->arena, PUBLIC_VOICES, &voices, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8",
               arena_printf(c->arena, "%.*s\n%.*s\n", STR_ARG(decisions), STR_ARG(voices)));
    return rc;
}

/* Every key there ever was, from which size on it holds, and who signed it over. */
enum rc handle_vkeys(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = publication_vkeys(c->server->site, c->worker->conn, c->arena, &text, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8", text);
    return rc;
}

enum rc handle_policy(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = publication_policy(c->worker->conn, c->arena, &text, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8", text);
    return rc;
}

enum rc handle_schemas(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    answer(ret, "application/json", publication_schemas(c->arena));
    return RC_OK;
}

enum rc handle_schema(struct context *c, struct response *ret, struct fault *fault)
{
    struct str file = c->captures[0], text;
    if (!str_ends(file, STR(".json")))
        return fault_set(fault, RC_NOT_FOUND, "there is no such file");
    enum rc rc = publication_schema(c->arena, str_sub(file, 0, file.n - 5), &text, fault);
    if (rc == RC_OK)
        answer(ret, "application/schema+json", text);
    return rc;
}

/* ---- assets ---- */

const struct asset *asset_find(struct str name)
{
    for (const struct asset *a = assets; a->name != NULL; a++)
        if (str_eq(name, str_of(a->name)))
            return a;
    return NULL;
}

/* A module of a package by its name below the package's own digest. */
static const struct asset *module_find(struct str digest, struct str name)
{
    for (const struct asset *a = modules; a->name != NULL; a++)
        if (str_is(digest, a->digest) && str_is(name, a->name))
            return a;
    return NULL;
}

static const char *type_of(struct str name)
{
    if (str_ends(name, STR("LICENSE")))
        return "text/plain; charset=utf-8";
    if (str_ends(name, STR(".css")))
        return "text/css; charset=utf-8";
    if (str_ends(name, STR(".js")))
        return "text/javascript; charset=utf-8";
    if (str_ends(name, STR(".svg")))
        return "image/svg+xml";
    return "application/json";
}

/* "/static/<digest>/<name>": another digest is another file. */
enum rc handle_asset(struct context *c, struct response *ret, struct fault *fault)
{
    struct str path = c->captures[0];
    size_t slash = str_find(path, '/');
    struct str digest = str_sub(path, 0, slash), name = str_sub(path, slash + 1, path.n);
    const struct asset *asset = module_find(digest, name);
    if (asset == NULL)
        asset = asset_find(name);
    if (asset == NULL || !str_eq(digest, str_of(asset->digest)))
        return fault_set(fault, RC_NOT_FOUND, "there is no such file");
    answer(ret, type_of(str_of(asset->name)), asset->bytes);
    return RC_OK;
}
