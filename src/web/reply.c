#include "web/reply.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "web/flow.h"
#include "web/gzip.h"
#include "web/reply_mhd.h"

enum { GZIP_FROM = 1024 };

/* In which it can be sent. */
enum form { FORM_PLAIN, FORM_GZIP, FORM_NOT_MODIFIED, FORMS };

/* Responses of libmicrohttpd count their users themselves, so that one can be sent on
 * many connections at once. Each takes three pieces of memory for every header, so that
 * one is made when it is first sent: most are never. */
struct reply {
    atomic_uint holders;
    int status, kind;
    char etag[72]; /* with its quotes; "" where there is none */
    pthread_mutex_t making;
    _Atomic(struct MHD_Response *) forms[FORMS];
    bool has[FORMS];
    struct {
        void *p; /* the form's, once that is made */
        size_t n;
    } bytes[FORMS];
    struct str packed; /* the gzip form, whoever owns it */
    struct flow *flow; /* the response's; NULL: none */
    char *headers;     /* name, NUL, value, NUL, and so on */
    size_t headers_n, size;
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

/* The same for pages with a script, which is a file of ours and asks this server alone; but for the
 * line that fetches such a file once the page stands (page_foot in base.html). */
static const char scripted_policy[] =
    "default-src 'none'; script-src 'self' "
    "'sha256-W7WeGevlJcg32xjGxs2CM3+rPrQ+G2hlKiDU3XAfvgQ='; connect-src 'self'; style-src 'self'; "
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

#define FORM_ACTION "form-action 'self'"

/* A browser asks the page's policy once more for where the answer to its form leads. */
static struct str policy_with_forms(const struct response *r, struct buf *b)
{
    struct str policy = policy_of(r);
    size_t at = str_find_str(policy, STR(FORM_ACTION));
    if (r->forms_to.n == 0 || at == policy.n)
        return policy;
    at += sizeof FORM_ACTION - 1;
    buf_str_add(b, str_sub(policy, 0, at));
    buf_char(b, ' ');
    buf_str_add(b, r->forms_to);
    buf_str_add(b, str_sub(policy, at, policy.n));
    return buf_str(b);
}

enum { VALUE_MAX = 2047, HEADERS_MAX = 64 << 10, HEADERS_USUAL = 1024 };

static void add(struct buf *b, const char *name, struct str value)
{
    if (value.n == 0 || value.n > VALUE_MAX)
        return;
    buf_str_add(b, str_of(name));
    buf_char(b, '\0');
    buf_str_add(b, value);
    buf_char(b, '\0');
}

/* As HTTP writes dates: "Sun, 06 Nov 1994 08:49:37 GMT". */
static void add_modified(struct buf *b, int64_t t)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    enum { DAY = 86400 };
    int32_t date = date_of(t);
    int second = (int)(t % DAY);
    char text[64];
    snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[t / DAY % 7],
             date % 100, months[date / 100 % 100 - 1], date / 10000, second / 3600,
             second / 60 % 60, second % 60);
    add(b, "Last-Modified", str_of(text));
}

static void add_headers(struct buf *b, const struct response *r, const struct reply *reply,
                        struct str record_head)
{
    if (r->content_type != NULL)
        add(b, "Content-Type", str_of(r->content_type));
    add(b, "Cache-Control", str_of(caching_words[r->caching]));
    add(b, "Vary",
        r->caching == CACHING_FOREVER || r->caching == CACHING_KEPT
            ? STR("Accept-Encoding")
            : STR("Accept-Encoding, Accept-Language, Cookie"));
    add(b, "Colophon-Record", record_head);
    if (reply->etag[0] != '\0') {
        char weak[80]; /* plain and gzip are one answer in two forms */
        snprintf(weak, sizeof weak, "%s%s", r->ranges ? "" : "W/", reply->etag);
        add(b, "ETag", str_of(weak));
    }
    if (r->modified > 0)
        add_modified(b, r->modified);
    add(b, "Content-Language", r->content_language);
    add(b, "Content-Disposition", r->disposition);
    add(b, "Accept-Ranges", r->ranges ? STR("bytes") : STR_NONE);
    add(b, "Content-Range", r->range);
    add(b, "Repr-Digest", r->digest);
    add(b, "Preference-Applied", r->preference);
    for (size_t i = 0; i < sizeof r->link / sizeof *r->link; i++)
        add(b, "Link", r->link[i]);
    for (size_t i = 0; i < sizeof r->set_cookie / sizeof *r->set_cookie; i++)
        add(b, "Set-Cookie", r->set_cookie[i]);
    add(b, "Location", r->location);
    add(b, "Allow", r->allow);
    BUF_AUTO policy = BUF_INIT(VALUE_MAX);
    add(b, "Content-Security-Policy", policy_with_forms(r, &policy));
    if (r->policy.n > 0) /* what strangers wrote is shown: no name in it is looked up ahead */
        add(b, "X-DNS-Prefetch-Control", STR("off"));
    add(b, "X-Content-Type-Options", STR("nosniff"));
    add(b, "Referrer-Policy", STR("same-origin"));
    add(b, "Cross-Origin-Opener-Policy", STR("same-origin"));
    if (r->bearer)
        add(b, "WWW-Authenticate", STR("Bearer"));
    if (r->basic)
        add(b, "WWW-Authenticate", STR("Basic realm=\"Colophon\", charset=\"UTF-8\""));
    if (r->close)
        add(b, "Connection", STR("close"));
    if (r->retry_after > 0) {
        char text[16];
        snprintf(text, sizeof text, "%d", r->retry_after);
        add(b, "Retry-After", str_of(text));
    }
}

static void keep_headers(struct reply *reply, const struct response *r, struct str record_head)
{
    struct buf b = BUF_INIT(HEADERS_MAX);
    buf_reserve(&b, HEADERS_USUAL);
    add_headers(&b, r, reply, record_head);
    reply->headers = b.p;
    reply->headers_n = b.n;
}

static void give_headers(const struct reply *reply, enum form form, struct MHD_Response *m)
{
    const char *at = reply->headers, *end = at + reply->headers_n;
    while (at < end) {
        const char *name = at, *value = name + strlen(name) + 1;
        at = value + strlen(value) + 1;
        MHD_add_response_header(m, name, value);
    }
    if (form == FORM_GZIP)
        MHD_add_response_header(m, "Content-Encoding", "gzip");
}

/* For one thread at a time. */
static struct MHD_Response *make(struct reply *reply, enum form form)
{
    if (form == FORM_PLAIN && reply->bytes[form].p == NULL && reply->packed.n > 0)
        reply->bytes[form].p = gzip_undo(reply->packed, reply->bytes[form].n);
    struct MHD_Response *m = MHD_create_response_from_buffer(
        reply->bytes[form].n, reply->bytes[form].p, MHD_RESPMEM_MUST_FREE);
    if (m == NULL)
        abort();
    reply->bytes[form].p = NULL;
    give_headers(reply, form, m);
    atomic_store(&reply->forms[form], m);
    return m;
}

static void make_of_file(struct reply *reply, const struct response *r)
{
    struct MHD_Response *m =
        MHD_create_response_from_fd_at_offset64(r->file_size, r->file, r->file_at);
    if (m == NULL)
        abort();
    give_headers(reply, FORM_PLAIN, m);
    atomic_store(&reply->forms[FORM_PLAIN], m);
}

static ssize_t take_piece(void *context, uint64_t at, char *to, size_t room)
{
    struct flow *flow = context;
    size_t n = flow_take(flow, at, to, room);
    if (n > 0)
        return (ssize_t)n;
    return flow_await(flow) ? 0 : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void end_flow(void *context)
{
    flow_free(context);
}

static void make_of_flow(struct reply *reply, const struct response *r)
{
    enum { BLOCK = 64 << 10 };
    struct MHD_Response *m =
        MHD_create_response_from_callback(r->file_size, BLOCK, take_piece, r->flow, end_flow);
    if (m == NULL)
        abort();
    reply->flow = r->flow;
    give_headers(reply, FORM_PLAIN, m);
    atomic_store(&reply->forms[FORM_PLAIN], m);
}

struct flow *reply_flow(const struct reply *reply)
{
    return reply->flow;
}

static struct MHD_Response *form_of(struct reply *reply, enum form form)
{
    struct MHD_Response *m = atomic_load(&reply->forms[form]);
    if (m != NULL)
        return m;
    pthread_mutex_lock(&reply->making);
    m = atomic_load(&reply->forms[form]);
    if (m == NULL)
        m = make(reply, form);
    pthread_mutex_unlock(&reply->making);
    return m;
}

static bool compressible(const char *type)
{
    struct str t = str_of(type);
    return str_starts(t, STR("text/")) || str_starts(t, STR("application/json")) ||
           str_starts(t, STR("application/problem+json")) || str_starts(t, STR("image/svg+xml")) ||
           str_starts(t, STR("application/atom+xml")) || str_starts(t, STR("application/opds"));
}

/* Of the form that is sent most, which is the shortest. */
static void tag(struct reply *reply, const struct response *r)
{
    enum form form = reply->has[FORM_GZIP] ? FORM_GZIP : FORM_PLAIN;
    struct str bytes = {reply->bytes[form].p, reply->bytes[form].n};
    if (r->etag.n > 0) {
        snprintf(reply->etag, sizeof reply->etag, "%.*s", STR_ARG(r->etag));
        return;
    }
    struct hash hash = sha256(bytes.n > 0 ? bytes.p : "", bytes.n);
    BUF_AUTO digits = BUF_INIT(24);
    hex_add(&digits, hash.b, 8);
    snprintf(reply->etag, sizeof reply->etag, "\"%.*s\"", STR_ARG(buf_str(&digits)));
}

static void take_bytes(struct reply *reply, struct response *r, struct gzip_pool *pool)
{
    size_t gzip_n = 0;
    void *gzip = NULL;
    if (pool != NULL && (r->only == NULL || r->only->gzip) && r->body.n >= GZIP_FROM &&
        compressible(r->content_type))
        gzip = gzip_make(pool, buf_str(&r->body), r->caching == CACHING_FOREVER, &gzip_n);
    reply->size = sizeof *reply + r->body.n + gzip_n + 4096;
    if (gzip != NULL) {
        reply->has[FORM_GZIP] = true;
        reply->bytes[FORM_GZIP].p = gzip;
        reply->bytes[FORM_GZIP].n = gzip_n;
        reply->packed = (struct str){gzip, gzip_n};
    }
    if (gzip != NULL && r->only != NULL) {
        buf_free(&r->body);
        return;
    }
    reply->has[FORM_PLAIN] = true;
    if (gzip != NULL && r->packed) {
        reply->bytes[FORM_PLAIN].n = r->body.n;
        buf_free(&r->body);
        return;
    }
    reply->bytes[FORM_PLAIN].n = r->body.n;
    reply->bytes[FORM_PLAIN].p = buf_fitted(&r->body);
}

struct reply *reply_seal(struct response *r, struct str record_head, struct gzip_pool *pool)
{
    struct reply *reply = calloc(1, sizeof *reply);
    if (reply == NULL)
        abort();
    atomic_init(&reply->holders, 1);
    pthread_mutex_init(&reply->making, NULL);
    reply->status = r->status == 0 ? 200 : r->status;
    reply->kind = r->kind;
    if ((r->file > 0 || r->flow != NULL) && r->body.n == 0)
        buf_free(&r->body); /* room that a page would have taken */
    take_bytes(reply, r, pool);
    reply->has[FORM_NOT_MODIFIED] =
        (reply->status == 200 || r->ranges) && r->caching != CACHING_NEVER && !r->no_etag;
    if (reply->has[FORM_NOT_MODIFIED])
        tag(reply, r);
    keep_headers(reply, r, record_head);
    if (r->flow != NULL)
        make_of_flow(reply, r);
    else if (reply->bytes[FORM_PLAIN].p == NULL && r->file > 0)
        make_of_file(reply, r);
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
    for (int form = 0; form < FORMS; form++) {
        struct MHD_Response *m = atomic_load(&reply->forms[form]);
        if (m != NULL)
            MHD_destroy_response(m);
        free(reply->bytes[form].p);
    }
    free(reply->headers);
    pthread_mutex_destroy(&reply->making);
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
    enum form form = FORM_PLAIN;
    *ret_status = reply->status;
    if (reply->has[FORM_NOT_MODIFIED] &&
        etag_matches(request->if_none_match, str_of(reply->etag))) {
        form = FORM_NOT_MODIFIED;
        *ret_status = 304;
    } else if (reply->has[FORM_GZIP] && (request->gzip || !reply->has[FORM_PLAIN])) {
        form = FORM_GZIP;
    }
    return MHD_queue_response(connection, (unsigned)*ret_status, form_of(reply, form));
}

bool take_range(struct arena *arena, struct response *ret, const struct request *request)
{
    uint64_t at, n;
    bool none;
    unsigned long long whole = ret->file_size;
    ret->ranges = true;
    if (etag_matches(request->if_none_match, ret->etag))
        return false;
    /* A weak tag, or a date, says too little of bytes. */
    if (request->range.n == 0 ||
        (request->if_range.n > 0 && !str_eq(request->if_range, ret->etag)) ||
        !range_read(request->range, ret->file_size, &at, &n, &none))
        return true;
    if (none) {
        ret->status = 416;
        ret->content_type = "text/plain; charset=utf-8";
        ret->range = arena_printf(arena, "bytes */%llu", whole);
        return false;
    }
    ret->status = 206;
    ret->file_at = at;
    ret->file_size = n;
    ret->range = arena_printf(arena, "bytes %llu-%llu/%llu", (unsigned long long)at,
                              (unsigned long long)(at + n - 1), whole);
    return true;
}

void go_to(struct response *ret, struct str path)
{
    ret->status = 303;
    ret->location = path;
    ret->content_type = "text/plain; charset=utf-8";
}
