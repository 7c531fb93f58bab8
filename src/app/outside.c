#include "app/outside.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <unistd.h>

#include "app/apart.h"
#include "app/public_address.h"
#include "base/json.h"

enum {
    URL_MAX = 2000,
    HOST_MAX = 260,
    FIELD_MAX = 300,
    HEAD_MAX = 4096, /* of what goes to the process, and of what comes before a body */
    REDIRECTS_MAX = 5,
    CONNECT_SECONDS = 10,
    SLOWEST = 500, /* bytes a second, for as long as a connection may take */
    MEMORY_MAX = 1 << 28,
    GRACE_MS = 3000, /* beyond the time the process takes by itself */
};

bool outside_host(struct arena *arena, struct str url, struct str *ret)
{
    size_t begin = str_starts(url, STR("https://")) ? 8 : str_starts(url, STR("http://")) ? 7 : 0;
    size_t end = begin;
    while (end < url.n && url.p[end] != '/' && url.p[end] != '?' && url.p[end] != '#')
        end++;
    if (begin == 0 || end == begin || end - begin > HOST_MAX || url.n > URL_MAX)
        return false;
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f || (i < end && url.p[i] == '@'))
            return false;
    char *host = arena_z(arena, str_sub(url, begin, end));
    for (char *c = host; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    *ret = str_of(host);
    return true;
}

/* ---- within the process ---- */

struct fetching {
    CURL *curl;
    bool loopback, refused; /* an address was */
    struct buf body;
    struct str etag, modified;
    unsigned retry_after;
    struct arena arena;
};

/* What it is about to connect to, whatever name or redirection led there. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetching *f = context;
    bool fits =
        address_is_public(&address->addr) || (f->loopback && address_is_loopback(&address->addr));
    if (purpose != CURLSOCKTYPE_IPCXN || !fits) {
        f->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
    struct fetching *f = context;
    long status = 0;
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        return size * n; /* an error's page is nobody's */
    buf_add(&f->body, bytes, size * n);
    return f->body.failed ? 0 : size * n;
}

static bool is_header(struct str line, const char *name, struct str *ret)
{
    size_t n = strlen(name);
    if (line.n <= n || line.p[n] != ':')
        return false;
    for (size_t i = 0; i < n; i++)
        if (tolower((unsigned char)line.p[i]) != name[i])
            return false;
    *ret = str_trim(str_sub(line, n + 1, line.n));
    return true;
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || (unsigned char)s.p[i] >= 0x7f)
            return false;
    return true;
}

/* What names the picture as it is now. Bytes that are no plain text are no name to ask by again. */
static void keep_name(struct fetching *f, struct str value, struct str *ret)
{
    *ret = value.n <= FIELD_MAX && is_plain(value) ? arena_str(&f->arena, value) : STR_NONE;
}

static size_t take_header(char *bytes, size_t size, size_t n, void *context)
{
    struct fetching *f = context;
    struct str line = {bytes, size * n}, value;
    uint64_t seconds;
    if (str_starts(line, STR("HTTP/"))) /* another answer begins: of a redirection */
        f->etag = f->modified = STR_NONE;
    else if (is_header(line, "etag", &value))
        keep_name(f, value, &f->etag);
    else if (is_header(line, "last-modified", &value))
        keep_name(f, value, &f->modified);
    else if (is_header(line, "retry-after", &value) && str_to_u64(value, &seconds))
        f->retry_after = seconds > 86400 ? 86400 : (unsigned)seconds;
    return size * n;
}

static struct curl_slist *headers_of(const json_t *order)
{
    char text[FIELD_MAX + 40];
    const char *etag = json_string_value(json_object_get(order, "etag"));
    const char *modified = json_string_value(json_object_get(order, "modified"));
    struct curl_slist *list = curl_slist_append(
        NULL, "Accept: image/jpeg, image/png, image/webp, image/avif, image/gif, image/tiff");
    if (etag != NULL && *etag != '\0') {
        snprintf(text, sizeof text, "If-None-Match: %s", etag);
        list = curl_slist_append(list, text);
    } else if (modified != NULL && *modified != '\0') {
        snprintf(text, sizeof text, "If-Modified-Since: %s", modified);
        list = curl_slist_append(list, text);
    }
    return list;
}

/* Something is told in the place of being fetched. */
static struct curl_slist *set_post(struct fetching *f, const json_t *order, const char *post)
{
    char text[FIELD_MAX + 40];
    const char *signature = json_string_value(json_object_get(order, "signature"));
    curl_easy_setopt(f->curl, CURLOPT_POSTFIELDS, post);
    curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, f->loopback ? "http,https" : "https");
    curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "colophon-webhooks");
    snprintf(text, sizeof text, "Colophon-Signature: %s", signature == NULL ? "" : signature);
    return curl_slist_append(curl_slist_append(NULL, "Content-Type: application/json"), text);
}

static void set_limits(struct fetching *f, const json_t *order)
{
    long seconds = (long)json_integer_value(json_object_get(order, "seconds"));
    curl_easy_setopt(f->curl, CURLOPT_TIMEOUT, seconds);
    curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT,
                     seconds < CONNECT_SECONDS ? seconds : (long)CONNECT_SECONDS);
    curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST);
    curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_TIME, (long)CONNECT_SECONDS);
    curl_easy_setopt(f->curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)f->body.max);
    curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
}

static void set_way(struct fetching *f, const char *url)
{
    curl_easy_setopt(f->curl, CURLOPT_URL, url);
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(f->curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
    curl_easy_setopt(f->curl, CURLOPT_PROXY, ""); /* it would connect in our place */
    curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "colophon-covers");
    curl_easy_setopt(f->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(f->curl, CURLOPT_OPENSOCKETDATA, f);
    curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, f);
    curl_easy_setopt(f->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(f->curl, CURLOPT_HEADERDATA, f);
}

static enum outside_end end_of(const struct fetching *f, CURLcode done)
{
    if (done == CURLE_OK)
        return OUTSIDE_ANSWERED;
    if (f->refused)
        return OUTSIDE_NOT_PUBLIC;
    if (f->body.failed || done == CURLE_FILESIZE_EXCEEDED)
        return OUTSIDE_LARGE;
    if (done == CURLE_OPERATION_TIMEDOUT)
        return OUTSIDE_SLOW;
    if (done == CURLE_UNSUPPORTED_PROTOCOL || done == CURLE_URL_MALFORMAT)
        return OUTSIDE_LINK;
    return OUTSIDE_UNREACHABLE;
}

static bool write_all(struct str bytes)
{
    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = write(1, bytes.p + done, bytes.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

/* A line of JSON, and the body after it. */
static bool answer(const struct fetching *f, enum outside_end end)
{
    long status = 0;
    BUF_AUTO head = BUF_INIT(HEAD_MAX);
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
    JSON_AUTO *json = json_pack("{s:i, s:i, s:i, s:o, s:o}", "end", (int)end, "status", (int)status,
                                "retry_after", (int)f->retry_after, "etag", json_from_str(f->etag),
                                "modified", json_from_str(f->modified));
    if (json == NULL)
        return false;
    json_write(json, &head);
    buf_char(&head, '\n');
    return buf_check(&head) == RC_OK && write_all(buf_str(&head)) &&
           (end != OUTSIDE_ANSWERED || write_all(buf_str(&f->body)));
}

int outside_serve(void)
{
    char text[HEAD_MAX + 1];
    size_t n = fread(text, 1, HEAD_MAX, stdin);
    JSON_AUTO *order = NULL;
    if (json_read((struct str){text, n}, &order, NULL) != RC_OK)
        return 2;
    const char *url = json_string_value(json_object_get(order, "url"));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct fetching f = {.curl = curl_easy_init(),
                         .loopback = json_is_true(json_object_get(order, "loopback")),
                         .body =
                             BUF_INIT((size_t)json_integer_value(json_object_get(order, "bytes"))),
                         .arena = ARENA_INIT};
    const char *post = json_string_value(json_object_get(order, "post"));
    if (f.curl == NULL || url == NULL)
        return 2;
    set_way(&f, url);
    bool posts = post != NULL && *post != '\0';
    struct curl_slist *headers = posts ? set_post(&f, order, post) : headers_of(order);
    if (headers == NULL)
        return 2;
    set_limits(&f, order);
    curl_easy_setopt(f.curl, CURLOPT_HTTPHEADER, headers);
    CURLcode done = curl_easy_perform(f.curl);
    bool told = answer(&f, end_of(&f, done));
    curl_easy_cleanup(f.curl);
    curl_slist_free_all(headers);
    buf_free(&f.body);
    arena_free(&f.arena);
    curl_global_cleanup();
    return told ? 0 : 1;
}

/* ---- who asks it ---- */

static enum rc write_order(const struct outside_order *o, struct buf *ret)
{
    JSON_AUTO *json = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:I, s:i, s:b}", "url", json_from_str(o->url), "post",
        json_from_str(o->post), "signature", json_from_str(o->signature), "etag",
        json_from_str(is_plain(o->etag) ? o->etag : STR_NONE), "modified",
        json_from_str(is_plain(o->modified) ? o->modified : STR_NONE), "bytes",
        (json_int_t)o->bytes_max, "seconds", (int)o->seconds, "loopback", (int)o->loopback);
    json_write(json, ret);
    return buf_check(ret);
}

static struct str text_of(struct arena *arena, const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    struct str s = text == NULL ? STR_NONE : str_of(text);
    return s.n <= FIELD_MAX && is_plain(s) ? arena_str(arena, s) : STR_NONE;
}

/* What it said is no more to be trusted than what it was told. */
static enum rc read_answer(struct arena *arena, struct str said, struct buf *ret,
                           struct outside_answer *answer, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    size_t line = str_find(said, '\n');
    if (line >= said.n || line >= HEAD_MAX)
        return fault_set(fault, RC_CORRUPT, "what fetches files answered nothing");
    if (json_read(str_sub(said, 0, line), &json, NULL) != RC_OK)
        return fault_set(fault, RC_CORRUPT, "what fetches files answered nonsense");
    json_int_t end = json_integer_value(json_object_get(json, "end"));
    json_int_t status = json_integer_value(json_object_get(json, "status"));
    json_int_t retry = json_integer_value(json_object_get(json, "retry_after"));
    if (end < 0 || end > OUTSIDE_STOPPED || status < 0 || status > 999 || retry < 0 ||
        retry > 86400)
        return fault_set(fault, RC_CORRUPT, "what fetches files answered nonsense");
    *answer =
        (struct outside_answer){(enum outside_end)end, (unsigned)status, (unsigned)retry,
                                text_of(arena, json, "etag"), text_of(arena, json, "modified")};
    if (answer->end == OUTSIDE_ANSWERED && status == 200)
        buf_str_add(ret, str_sub(said, line + 1, said.n));
    return buf_check(ret);
}

enum rc outside_fetch(struct arena *arena, const struct outside_order *order, struct buf *ret,
                      struct outside_answer *ret_answer, struct fault *fault)
{
    static const char *const argv[] = {"colophon", "fetch-one", NULL};
    static const char *const environment[] = {"LC_ALL=C", NULL};
    struct str host;
    BUF_AUTO input = BUF_INIT(HEAD_MAX);
    BUF_AUTO said = BUF_INIT(order->bytes_max + HEAD_MAX);
    struct apart_outcome outcome;
    *ret_answer = (struct outside_answer){.end = OUTSIDE_LINK};
    if (!outside_host(arena, order->url, &host) || write_order(order, &input) != RC_OK)
        return RC_OK;
    struct apart_order apart = {.argv = argv,
                                .ours = true,
                                .environment = environment,
                                .input = buf_str(&input),
                                .memory_max = MEMORY_MAX,
                                .cpu_seconds = order->seconds,
                                .wall_ms = (int64_t)order->seconds * 1000 + GRACE_MS,
                                .network = true,
                                .stop = order->stop,
                                .context = order->context};
    enum rc rc = apart_run(&apart, &said, &outcome, fault);
    if (rc != RC_OK)
        return rc;
    if (outcome.end == APART_TOO_LONG || outcome.end == APART_STOPPED) {
        ret_answer->end = outcome.end == APART_STOPPED ? OUTSIDE_STOPPED : OUTSIDE_SLOW;
        return RC_OK;
    }
    if (outcome.end != APART_EXITED || outcome.status != 0)
        return fault_set(fault, RC_CORRUPT, "what fetches files ended by %s %d: %.*s",
                         outcome.end == APART_SIGNAL ? "signal" : "status", outcome.status,
                         STR_ARG(apart_reason(&outcome)));
    return read_answer(arena, buf_str(&said), ret, ret_answer, fault);
}
