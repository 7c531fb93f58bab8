#include "audit/fetch.h"

#include <curl/curl.h>

#include "base/json.h"

/* The other side may be hostile: no body is larger than a full tile of the
 * largest entries, none takes longer than this. */
enum { BODY_MAX = 32 << 20, SECONDS_MAX = 30 };

struct fetcher {
    CURL *curl;
    struct arena arena;
    struct str base;
};

enum rc fetcher_open(struct str base, struct fetcher **ret, struct fault *fault)
{
    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    if (!str_starts(base, STR("https://")) && !str_starts(base, STR("http://")))
        return fault_set(fault, RC_INVALID, "%.*s: an http or https address is needed",
                         STR_ARG(base));
    struct fetcher *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    f->arena = ARENA_INIT;
    f->base = arena_str(&f->arena, base);
    f->curl = curl_easy_init();
    if (f->curl == NULL) {
        fetcher_close(f);
        return fault_set(fault, RC_IO, "libcurl does not start");
    }
    *ret = f;
    return RC_OK;
}

void fetcher_close(struct fetcher *f)
{
    if (f == NULL)
        return;
    if (f->curl != NULL)
        curl_easy_cleanup(f->curl);
    struct arena arena = f->arena;
    free(f);
    arena_free(&arena);
}

static size_t take(char *bytes, size_t size, size_t n, void *context)
{
    struct buf *body = context;
    buf_add(body, bytes, size * n);
    return body->failed ? 0 : size * n;
}

enum rc fetch(struct fetcher *f, struct arena *arena, struct str path, struct fetched *ret,
              struct fault *fault)
{
    BUF_AUTO body = BUF_INIT(BODY_MAX);
    char error[CURL_ERROR_SIZE] = "";
    struct str url = arena_printf(arena, "%.*s%.*s", STR_ARG(f->base), STR_ARG(path));
    curl_easy_reset(f->curl);
    curl_easy_setopt(f->curl, CURLOPT_URL, url.p);
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "colophon-audit");
    curl_easy_setopt(f->curl, CURLOPT_TIMEOUT, (long)SECONDS_MAX);
    curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 0L); /* nobody sends us elsewhere */
    curl_easy_setopt(f->curl, CURLOPT_MAXFILESIZE, (long)BODY_MAX);
    curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(f->curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, &body);
    CURLcode done = curl_easy_perform(f->curl);
    if (done != CURLE_OK)
        return fault_set(fault, RC_IO, "%s: %s", url.p,
                         body.failed        ? "the answer is too large"
                         : error[0] != '\0' ? error
                                            : curl_easy_strerror(done));
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &ret->status);
    ret->body = arena_str(arena, buf_str(&body));
    return RC_OK;
}

enum rc fetch_body(struct fetcher *f, struct arena *arena, struct str path, struct str *ret,
                   struct fault *fault)
{
    struct fetched fetched;
    enum rc rc = fetch(f, arena, path, &fetched, fault);
    if (rc == RC_OK && fetched.status == 404)
        return fault_set(fault, RC_NOT_FOUND, "%.*s: 404", STR_ARG(path));
    if (rc == RC_OK && fetched.status != 200)
        return fault_set(fault, RC_IO, "%.*s: status %ld", STR_ARG(path), fetched.status);
    if (rc == RC_OK)
        *ret = fetched.body;
    return rc;
}

enum rc fetch_json(struct fetcher *f, struct arena *arena, struct str path, json_t **ret,
                   long *ret_status, struct fault *fault)
{
    struct fetched fetched;
    enum rc rc = fetch(f, arena, path, &fetched, fault);
    if (rc == RC_OK && fetched.status == 404)
        return fault_set(fault, RC_NOT_FOUND, "%.*s: 404", STR_ARG(path));
    if (rc == RC_OK && fetched.status != 200 && fetched.status != 451)
        return fault_set(fault, RC_IO, "%.*s: status %ld", STR_ARG(path), fetched.status);
    if (rc == RC_OK)
        rc = json_read(fetched.body, ret, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "%.*s", STR_ARG(path));
    *ret_status = fetched.status;
    return RC_OK;
}
