#include "web/reply.h"

#include <stdatomic.h>

#include "base/encode.h"
#include "web/gzip.h"
#include "web/reply_mhd.h"

enum { GZIP_FROM = 1024 };

/* Responses of libmicrohttpd count their users themselves, so that one can be
 * sent on many connections at once. */
struct reply {
    atomic_uint holders;
    int status, kind;
    char etag[24];                     /* with its quotes; "" where there is none */
    struct MHD_Response *plain;        /* NULL where only the other one is sent */
    struct MHD_Response *gzip;         /* NULL where it would not be shorter */
    struct MHD_Response *not_modified; /* NULL where there is no tag */
    size_t size;
};

static const char *const caching_words[] = {
    [CACHING_FOREVER] = "public, max-age=31536000, immutable",
    [CACHING_KEPT] = "private, max-age=31536000, immutable",
    [CACHING_REVALIDATE] = "no-cache",
    [CACHING_PRIVATE] = "private, no-cache",
    [CACHING_NEVER] = "private, no-store",
};

/* Nothing from elsewhere, no scripts, no frames. Covers are fetched by us, never by readers. */
static const char content_policy[] = "default-src 'none'; style-src 'self'; img-src 'self' data:; "
                                     "manifest-src 'self'; form-action 'self'; "
                                     "base-uri 'none'; frame-ancestors 'none'";

/* The same for pages with a script, which is a file of ours and asks this server alone. */
static const char scripted_policy[] =
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

/* What may stand in anybody's page: it has nothing to press and leads elsewhere. */
static const char framed_policy[] = "default-src 'none'; style-src 'self'; form-action 'none'; "
                                    "base-uri 'none'; frame-ancestors *";

static struct str policy_of(const struct response *r)
{
    if (r->policy.n > 0)
        return r->policy;
    if (r->framed)
        return str_of(framed_policy);
    return str_of(r->scripted ? scripted_policy : content_policy);
}

static void add(struct MHD_Response *m, const char *name, struct str value)
{
    char text[2048];
    if (value.n == 0 || value.n >= sizeof text)
        return;
    memcpy(text, value.p, value.n);
    text[value.n] = '\0';
    MHD_add_response_header(m, name, text);
}

static void add_headers(struct MHD_Response *m, const struct response *r, const struct reply *reply,
                        struct str record_head)
{
    add(m, "Cache-Control", str_of(caching_words[r->caching]));
    add(m, "Vary",
        r->caching == CACHING_FOREVER || r->caching == CACHING_KEPT
            ? STR("Accept-Encoding")
            : STR("Accept-Encoding, Accept-Language, Cookie"));
    add(m, "Colophon-Record", record_head);
    if (reply->etag[0] != '\0') {
        char weak[32]; /* plain and gzip are one answer in two forms */
        snprintf(weak, sizeof weak, "W/%s", reply->etag);
        add(m, "ETag", str_of(weak));
    }
    add(m, "Content-Language", r->content_language);
    add(m, "Content-Disposition", r->disposition);
    add(m, "Preference-Applied", r->preference);
    for (size_t i = 0; i < sizeof r->link / sizeof *r->link; i++)
        add(m, "Link", r->link[i]);
    for (size_t i = 0; i < sizeof r->set_cookie / sizeof *r->set_cookie; i++)
        add(m, "Set-Cookie", r->set_cookie[i]);
    add(m, "Location", r->location);
    add(m, "Allow", r->allow);
    add(m, "Content-Security-Policy", policy_of(r));
    add(m, "X-Content-Type-Options", STR("nosniff"));
    add(m, "Referrer-Policy", STR("same-origin"));
    add(m, "Cross-Origin-Opener-Policy", STR("same-origin"));
    if (r->bearer)
        add(m, "WWW-Authenticate", STR("Bearer"));
    if (r->close)
        add(m, "Connection", STR("close"));
    if (r->retry_after > 0) {
        char text[16];
        snprintf(text, sizeof text, "%d", r->retry_after);
        add(m, "Retry-After", str_of(text));
    }
}

static struct MHD_Response *make(const struct response *r, const struct reply *reply,
                                 struct str record_head, void *bytes, size_t n)
{
    bool file = bytes == NULL && r->file > 0;
    struct MHD_Response *m = file
                                 ? MHD_create_response_from_fd_at_offset64(r->file_size, r->file, 0)
                                 : MHD_create_response_from_buffer(n, bytes, MHD_RESPMEM_MUST_FREE);
    if (m == NULL)
        abort();
    if (r->content_type != NULL)
        add(m, "Content-Type", str_of(r->content_type));
    add_headers(m, r, reply, record_head);
    return m;
}

static bool compressible(const char *type)
{
    struct str t = str_of(type);
    return str_starts(t, STR("text/")) || str_starts(t, STR("application/json")) ||
           str_starts(t, STR("application/problem+json")) || str_starts(t, STR("image/svg+xml")) ||
           str_starts(t, STR("application/atom+xml"));
}

struct reply *reply_seal(struct response *r, struct str record_head, struct gzip_pool *pool)
{
    struct reply *reply = calloc(1, sizeof *reply);
    if (reply == NULL)
        abort();
    atomic_init(&reply->holders, 1);
    reply->status = r->status == 0 ? 200 : r->status;
    reply->kind = r->kind;
    if (reply->status == 200 && r->caching != CACHING_NEVER && !r->no_etag) {
        struct hash hash = sha256(r->body.n > 0 ? r->body.p : "", r->body.n);
        BUF_AUTO tag = BUF_INIT(24);
        hex_add(&tag, hash.b, 8);
        if (r->etag.n > 0)
            snprintf(reply->etag, sizeof reply->etag, "%.*s", STR_ARG(r->etag));
        else
            snprintf(reply->etag, sizeof reply->etag, "\"%.*s\"", STR_ARG(buf_str(&tag)));
        reply->not_modified = make(r, reply, record_head, NULL, 0);
    }
    size_t gzip_n = 0;
    void *gzip = NULL;
    if (pool != NULL && (r->only == NULL || r->only->gzip) && r->body.n >= GZIP_FROM &&
        compressible(r->content_type))
        gzip = gzip_make(pool, buf_str(&r->body), r->caching == CACHING_FOREVER, &gzip_n);
    if (gzip != NULL) {
        reply->gzip = make(r, reply, record_head, gzip, gzip_n);
        add(reply->gzip, "Content-Encoding", STR("gzip"));
    }
    reply->size = sizeof *reply + r->body.n + gzip_n + 4096;
    if (gzip != NULL && r->only != NULL) {
        buf_free(&r->body);
        return reply;
    }
    /* It may be kept: no longer than it is. */
    char *fitted = r->body.n > 0 ? realloc(r->body.p, r->body.n) : NULL;
    reply->plain = make(r, reply, record_head, fitted != NULL ? fitted : r->body.p, r->body.n);
    r->body = BUF_INIT(0);
    return reply;
}

struct reply *reply_hold(struct reply *reply)
{
    atomic_fetch_add(&reply->holders, 1);
    return reply;
}

void reply_drop(struct reply *reply)
{
    if (reply == NULL || atomic_fetch_sub(&reply->holders, 1) != 1)
        return;
    if (reply->plain != NULL)
        MHD_destroy_response(reply->plain);
    if (reply->gzip != NULL)
        MHD_destroy_response(reply->gzip);
    if (reply->not_modified != NULL)
        MHD_destroy_response(reply->not_modified);
    free(reply);
}

size_t reply_size(const struct reply *reply)
{
    return reply->size;
}

struct str reply_etag(const struct reply *reply)
{
    return str_of(reply->etag);
}

int reply_status(const struct reply *reply)
{
    return reply->status;
}

int reply_kind(const struct reply *reply)
{
    return reply->kind;
}

enum MHD_Result reply_send(struct reply *reply, struct MHD_Connection *connection,
                           const struct request *request, int *ret_status)
{
    struct MHD_Response *form = reply->plain;
    *ret_status = reply->status;
    if (reply->not_modified != NULL && etag_matches(request->if_none_match, str_of(reply->etag))) {
        form = reply->not_modified;
        *ret_status = 304;
    } else if (reply->plain == NULL || (request->gzip && reply->gzip != NULL)) {
        form = reply->gzip;
    }
    return MHD_queue_response(connection, (unsigned)*ret_status, form);
}

void go_to(struct response *ret, struct str path)
{
    ret->status = 303;
    ret->location = path;
    ret->content_type = "text/plain; charset=utf-8";
}
