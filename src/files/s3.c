/* Files in a store that speaks S3, through libcurl, which signs each request
 * (SigV4). Buckets stand in the path: every such store knows that form. */
#include <curl/curl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/wait.h"
#include "files/engine.h"

/* So many requests at once, each on a connection of its own that stays open; an
 * answer that is no file is read so far and no further. */
/* Fewer than there are threads of writers, which ask for covers too. */
enum { HANDLES_MAX = 4, ANSWER_MAX = 4096, PAUSE_MS = 100 };

struct s3 {
    struct files files; /* first */
    struct arena arena;
    struct files_address address;
    const char *id, *secret, *signing;
    struct files_patience patience;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t free;  /* a handle is */
    CURL *idle[HANDLES_MAX];
    unsigned idle_n, busy_n;
    int64_t rests_until; /* on the monotonic clock */
};

/* One request, and what came back. */
struct call {
    const char *method;
    struct str name, bytes;
    const char *type;
    struct buf *body; /* of an answer that is a file; NULL: none is wanted */
    struct buf told;  /* the beginning of any other */
    uint64_t at;      /* of a part: from here on */
    size_t part;      /* so many bytes; 0: all of it */
    CURL *curl;
    long status;
    curl_off_t length;
    char error[CURL_ERROR_SIZE];
};

static struct s3 *s3_of(struct files *files)
{
    return (struct s3 *)files;
}

/* ---- connections ---- */

static void wait_for_turn(struct s3 *s)
{
    int64_t until = clock_monotonic_ms() + s->patience.turn_ms;
    while (s->busy_n == HANDLES_MAX && s->rests_until <= clock_monotonic_ms() &&
           wait_until(&s->free, &s->lock, until) == 0)
        continue;
}

static enum rc take_handle(struct s3 *s, CURL **ret, struct fault *fault)
{
    enum rc rc = RC_OK;
    CURL *curl = NULL;
    pthread_mutex_lock(&s->lock);
    wait_for_turn(s);
    if (s->rests_until > clock_monotonic_ms())
        rc = fault_set(fault, RC_BUSY, "s3://%.*s: it did not answer a moment ago",
                       STR_ARG(s->address.bucket));
    else if (s->busy_n == HANDLES_MAX)
        rc = fault_set(fault, RC_BUSY, "s3://%.*s: %d requests are under way already",
                       STR_ARG(s->address.bucket), HANDLES_MAX);
    else if (s->idle_n > 0)
        curl = s->idle[--s->idle_n];
    if (rc == RC_OK)
        s->busy_n++;
    pthread_mutex_unlock(&s->lock);
    if (rc == RC_OK && curl == NULL && (curl = curl_easy_init()) == NULL)
        abort();
    *ret = curl;
    return rc;
}

static void give_handle(struct s3 *s, CURL *curl, bool answered)
{
    pthread_mutex_lock(&s->lock);
    s->idle[s->idle_n++] = curl;
    s->busy_n--;
    if (!answered && s->patience.rest_ms > 0)
        s->rests_until = clock_monotonic_ms() + s->patience.rest_ms;
    pthread_cond_broadcast(&s->free);
    pthread_mutex_unlock(&s->lock);
}

/* ---- one request ---- */

/* A part is asked for, and whoever does not know parts would send everything. */
static bool is_good(const struct call *c)
{
    return c->status == (c->part > 0 ? 206 : 200);
}

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
    struct call *c = context;
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &c->status);
    if (c->body != NULL && is_good(c)) {
        buf_add(c->body, bytes, size * n);
        return c->body->failed ? 0 : size * n;
    }
    buf_add(&c->told, bytes, size * n);
    return c->told.failed ? 0 : size * n;
}

static struct curl_slist *headers_of(const struct call *c)
{
    char type[100], payload[100];
    BUF_AUTO hex = BUF_INIT(80);
    struct hash digest = sha256(c->bytes.n > 0 ? c->bytes.p : "", c->bytes.n);
    hex_add(&hex, digest.b, sizeof digest.b);
    snprintf(payload, sizeof payload, "x-amz-content-sha256: %.*s", STR_ARG(buf_str(&hex)));
    struct curl_slist *list = curl_slist_append(NULL, payload);
    if (c->type != NULL) {
        snprintf(type, sizeof type, "Content-Type: %s", c->type);
        list = curl_slist_append(list, type);
    }
    /* No waiting for a "100 Continue" that some stores never send. */
    list = curl_slist_append(list, "Expect:");
    if (list == NULL)
        abort();
    return list;
}

static CURLcode perform(struct s3 *s, struct call *c)
{
    char url[1600];
    CURL *curl = c->curl;
    struct curl_slist *headers = headers_of(c);
    snprintf(url, sizeof url, "%.*s/%.*s/%.*s%.*s", STR_ARG(s->address.endpoint),
             STR_ARG(s->address.bucket), STR_ARG(s->address.prefix), STR_ARG(c->name));
    curl_easy_reset(curl); /* its connections stay */
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L); /* nobody sends us elsewhere */
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "colophon");
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, s->signing);
    curl_easy_setopt(curl, CURLOPT_USERNAME, s->id);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, s->secret);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, s->patience.timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, s->patience.timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, c);
    if (strcmp(c->method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, c->method);
    if (strcmp(c->method, "PUT") == 0) {
        /* As a field rather than an upload: so its hash is signed, too. */
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, c->bytes.n > 0 ? c->bytes.p : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->bytes.n);
    }
    if (c->part > 0) {
        char range[60];
        snprintf(range, sizeof range, "%llu-%llu", (unsigned long long)c->at,
                 (unsigned long long)(c->at + c->part - 1));
        curl_easy_setopt(curl, CURLOPT_RANGE, range);
    }
    CURLcode done = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &c->status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &c->length);
    /* What the handle keeps until its next request must not point here. */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    curl_slist_free_all(headers);
    return done;
}

/* "AccessDenied" out of an answer's <Code>; else nothing. */
static struct str code_told(const struct call *c)
{
    struct str text = buf_str(&c->told);
    size_t at = str_find_str(text, STR("<Code>"));
    struct str code = str_sub(text, at + 6, text.n);
    code = str_sub(code, 0, str_find(code, '<'));
    for (size_t i = 0; i < code.n; i++)
        if (!((code.p[i] >= 'A' && code.p[i] <= 'Z') || (code.p[i] >= 'a' && code.p[i] <= 'z')))
            return STR_NONE;
    return at < text.n && code.n <= 60 ? code : STR_NONE;
}

static enum rc rc_of_status(long status)
{
    switch (status) {
    case 401:
    case 403:
        return RC_DENIED;
    case 404:
        return RC_NOT_FOUND;
    case 429:
    case 503:
        return RC_BUSY;
    default:
        return RC_IO;
    }
}

/* What came of it; *ret_again: it may go better soon. */
static enum rc outcome(const struct s3 *s, const struct call *c, CURLcode done, bool *ret_again,
                       struct fault *fault)
{
    const struct files_address *a = &s->address;
    bool good = is_good(c) || (c->status == 204 && c->body == NULL);
    *ret_again = false;
    if (c->body != NULL && c->body->failed)
        return fault_set(fault, RC_LIMIT, "s3://%.*s: %.*s is larger than allowed",
                         STR_ARG(a->bucket), STR_ARG(c->name));
    if (done == CURLE_OK && good)
        return RC_OK;
    /* Where only the rest of an error's text is missing, its status is known. */
    if (done != CURLE_OK && !(c->told.failed && !good)) {
        *ret_again = true;
        return fault_set(fault, RC_IO, "s3://%.*s: %s %.*s: %s", STR_ARG(a->bucket), c->method,
                         STR_ARG(c->name),
                         c->error[0] != '\0' ? c->error : curl_easy_strerror(done));
    }
    *ret_again = c->status >= 500 || c->status == 429;
    struct str code = code_told(c);
    return fault_set(fault, rc_of_status(c->status), "s3://%.*s: %s %.*s: %ld%s%.*s",
                     STR_ARG(a->bucket), c->method, STR_ARG(c->name), c->status,
                     code.n > 0 ? " " : "", STR_ARG(code));
}

static enum rc call(struct s3 *s, struct call *c, struct fault *fault)
{
    size_t had = c->body == NULL ? 0 : c->body->n;
    bool again = false;
    enum rc rc = take_handle(s, &c->curl, fault);
    if (rc != RC_OK)
        return rc;
    for (unsigned tried = 1;; tried++) {
        c->error[0] = '\0';
        c->status = 0;
        c->told = BUF_INIT(ANSWER_MAX);
        if (c->body != NULL)
            c->body->n = had;
        CURLcode done = perform(s, c);
        rc = outcome(s, c, done, &again, fault);
        buf_free(&c->told);
        if (!again || tried >= s->patience.tries)
            break;
        usleep((useconds_t)(PAUSE_MS * 1000 * (1 << (2 * (tried - 1)))));
    }
    if (rc != RC_OK && c->body != NULL)
        c->body->n = had;
    give_handle(s, c->curl, !again);
    return rc;
}

/* ---- the table ---- */

static enum rc s3_open(const struct files_address *address, const struct files_key *key,
                       const struct files_patience *patience, struct files **ret,
                       struct fault *fault)
{
    if (key == NULL || key->id.n == 0 || key->secret.n == 0)
        return fault_set(fault, RC_DENIED, "s3://%.*s: a key is needed", STR_ARG(address->bucket));
    struct s3 *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->files.engine = &s3_engine;
    s->arena = ARENA_INIT;
    s->address = (struct files_address){.remote = true,
                                        .bucket = arena_str(&s->arena, address->bucket),
                                        .prefix = arena_str(&s->arena, address->prefix),
                                        .endpoint = arena_str(&s->arena, address->endpoint)};
    s->id = arena_z(&s->arena, key->id);
    s->secret = arena_z(&s->arena, key->secret);
    s->signing = arena_printf(&s->arena, "aws:amz:%.*s:s3", STR_ARG(address->region)).p;
    s->patience = *patience;
    pthread_mutex_init(&s->lock, NULL);
    wait_init(&s->free);
    *ret = &s->files;
    return RC_OK;
}

static void s3_close(struct files *files)
{
    struct s3 *s = s3_of(files);
    for (unsigned i = 0; i < s->idle_n; i++)
        curl_easy_cleanup(s->idle[i]);
    pthread_cond_destroy(&s->free);
    pthread_mutex_destroy(&s->lock);
    arena_free(&s->arena);
    free(s);
}

static enum rc s3_put(struct files *files, struct str name, struct str bytes, const char *type,
                      struct fault *fault)
{
    struct call c = {.method = "PUT", .name = name, .bytes = bytes, .type = type};
    return call(s3_of(files), &c, fault);
}

static enum rc s3_get(struct files *files, struct str name, struct buf *ret, struct fault *fault)
{
    struct call c = {.method = "GET", .name = name, .body = ret};
    return call(s3_of(files), &c, fault);
}

static enum rc s3_get_part(struct files *files, struct str name, uint64_t at, size_t n,
                           struct buf *ret, struct fault *fault)
{
    size_t had = ret->n;
    struct call c = {.method = "GET", .name = name, .body = ret, .at = at, .part = n};
    enum rc rc = call(s3_of(files), &c, fault);
    if (rc != RC_OK || ret->n - had == n)
        return rc;
    ret->n = had;
    return fault_set(fault, RC_CORRUPT, "s3: %.*s: another part of it came", STR_ARG(name));
}

static enum rc s3_size(struct files *files, struct str name, uint64_t *ret, struct fault *fault)
{
    struct call c = {.method = "HEAD", .name = name};
    enum rc rc = call(s3_of(files), &c, fault);
    if (rc == RC_OK && c.length < 0)
        rc = fault_set(fault, RC_IO, "s3: HEAD %.*s: no length is told", STR_ARG(name));
    if (rc == RC_OK)
        *ret = (uint64_t)c.length;
    return rc;
}

static enum rc s3_remove(struct files *files, struct str name, struct fault *fault)
{
    struct call c = {.method = "DELETE", .name = name};
    enum rc rc = call(s3_of(files), &c, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

const struct files_engine s3_engine = {
    .open = s3_open,
    .close = s3_close,
    .put = s3_put,
    .get = s3_get,
    .get_part = s3_get_part,
    .size = s3_size,
    .remove = s3_remove,
};
