#include "web/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "web/lane.h"
#include "web/listen.h"
#include "web/reply_mhd.h"

enum {
    HEADER_MEMORY = 32 << 10, /* request line and headers together */
    CONNECTIONS_MAX = 1000,
    PER_ADDRESS_MAX = 250, /* where addresses are the clients' own */
    IDLE_SECONDS = 30,
    ARRIVAL_SECONDS = 60, /* a body that drips in for longer is given up */
    HOST_MAX = 255,
    FILES_BESIDE = 1000, /* of databases and indexes, beside the connections */
    THREADS_MIN = 4,
    THREADS_MAX = 16,
    WRITERS = 32,       /* writes that wait for one batch together */
    ROOM = 2000,        /* in a lane's queue; few get to wait, by how long they do */
    READ_FULL_MS = 250, /* who would wait behind somebody who waited for so long is refused */
    WRITE_FULL_MS = 5000,
    FAREWELL_MS = 1000, /* for answers on their way when the server ends */
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct http_handler handler;
    bool trust_proxy;
    int fd; /* that listens */
    struct lane *reads, *writes;
    pthread_mutex_t lock; /* over the two below */
    bool stopping;        /* nothing is handed to the lanes any more */
    size_t handed_over;   /* and not completed yet */
};

/* One request on its way in. */
struct exchange {
    struct waiting waiting; /* first: a lane is given this */
    struct http_server *server;
    struct MHD_Connection *connection; /* suspended; resumed with the reply */
    struct reply *reply;
    bool handed_over;
    struct arena arena;
    struct request request;
    struct str uri;
    int64_t begun_ms;
    bool begun;
    struct buf body;
};

/* ---- refusing ---- */

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct exchange *x,
                                  struct reply *reply)
{
    enum MHD_Result result = reply_send(reply, connection, &x->request);
    reply_drop(reply);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, struct exchange *x, int status,
                              const char *reason)
{
    const struct http_handler *h = &x->server->handler;
    return send_reply(connection, x, h->refusal(h->context, &x->request, status, reason));
}

/* ---- headers ---- */

struct header_scan {
    struct exchange *x;
    struct str length, encoding, forwarded;
    const char *wrong;
};

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7f)
            return true;
    return false;
}

/* "gzip, br;q=0.5": named and not refused by q=0. */
static bool takes_gzip(struct str header)
{
    struct str piece, name;
    while (str_next(&header, ',', &piece)) {
        piece = str_trim(piece);
        if (!str_next(&piece, ';', &name) || !str_eq_nocase(str_trim(name), STR("gzip")))
            continue;
        struct str q = str_trim(piece);
        return !(str_eq(q, STR("q=0")) || str_starts(q, STR("q=0.0")));
    }
    return false;
}

/* A name with a space before its colon is read by some as another header. */
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
        if (!ok)
            return false;
    }
    return s.n > 0;
}

/* A name or a number with a port: it comes back in links. */
static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  (c != '\0' && strchr("-._:[]", c) != NULL);
        if (!ok)
            return false;
    }
    return s.n > 0 && s.n <= HOST_MAX;
}

static enum MHD_Result scan_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   size_t name_n, const char *value, size_t value_n)
{
    (void)kind;
    struct header_scan *scan = context;
    struct request *r = &scan->x->request;
    struct str n = {name, name_n}, v = {value, value_n};
    struct {
        const char *name;
        struct str *place;
        const char *twice; /* NULL: the last one counts */
    } const wanted[] = {
        {"Host", &r->host, "more than one Host"},
        {"Content-Length", &scan->length, "more than one Content-Length"},
        {"Transfer-Encoding", &scan->encoding, "more than one Transfer-Encoding"},
        {"Cookie", &r->cookie, "more than one Cookie header"},
        {"Authorization", &r->authorization, "more than one Authorization"},
        {"Content-Type", &r->content_type, "more than one Content-Type"},
        {"Origin", &r->origin, "more than one Origin"},
        {"Sec-Fetch-Site", &r->fetch_site, "more than one Sec-Fetch-Site"},
        {"If-None-Match", &r->if_none_match, NULL},
        {"Accept-Language", &r->accept_language, NULL},
        {"X-Forwarded-For", &scan->forwarded, NULL},
    };
    if (!is_token(n))
        scan->wrong = "a header's name is none";
    if (has_control(v))
        scan->wrong = "a header holds a control character";
    if (str_eq_nocase(n, STR("Accept-Encoding")))
        r->gzip = takes_gzip(v);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (!str_eq_nocase(n, str_of(wanted[i].name)))
            continue;
        if (wanted[i].place->p != NULL && wanted[i].twice != NULL)
            scan->wrong = wanted[i].twice;
        *wanted[i].place = arena_str(r->arena, v);
    }
    return MHD_YES;
}

/* The address that limits count by. Whoever has one IPv6 address has 2^64 of
 * them: they count as one. */
static struct str client_name(struct arena *arena, int family, const void *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    struct in6_addr v6;
    if (family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        if (IN6_IS_ADDR_V4MAPPED(&v6))
            return client_name(arena, AF_INET, v6.s6_addr + 12);
        memset(v6.s6_addr + 8, 0, 8);
        address = &v6;
    }
    inet_ntop(family, address, text, sizeof text);
    return arena_str(arena, str_of(text));
}

/* The last address in X-Forwarded-For is the one that our own proxy saw. */
static bool read_forwarded(struct arena *arena, struct str forwarded, struct str *ret)
{
    struct str piece, last = STR_NONE;
    struct in6_addr v6;
    struct in_addr v4;
    while (str_next(&forwarded, ',', &piece))
        last = str_trim(piece);
    if (last.n == 0 || last.n >= INET6_ADDRSTRLEN)
        return false;
    const char *text = arena_z(arena, last);
    if (inet_pton(AF_INET, text, &v4) == 1)
        *ret = client_name(arena, AF_INET, &v4);
    else if (inet_pton(AF_INET6, text, &v6) == 1)
        *ret = client_name(arena, AF_INET6, &v6);
    else
        return false;
    return true;
}

static void read_client(struct exchange *x, struct MHD_Connection *connection, struct str forwarded)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (x->server->trust_proxy && read_forwarded(&x->arena, forwarded, &x->request.client))
        return;
    if (info != NULL && info->client_addr->sa_family == AF_INET)
        x->request.client =
            client_name(&x->arena, AF_INET, &((struct sockaddr_in *)info->client_addr)->sin_addr);
    else if (info != NULL && info->client_addr->sa_family == AF_INET6)
        x->request.client = client_name(&x->arena, AF_INET6,
                                        &((struct sockaddr_in6 *)info->client_addr)->sin6_addr);
}

static bool read_method(struct request *r, const char *method)
{
    static const struct {
        const char *name;
        enum method method;
    } methods[] = {{"GET", METHOD_GET},     {"HEAD", METHOD_GET},      {"POST", METHOD_POST},
                   {"PUT", METHOD_PUT},     {"DELETE", METHOD_DELETE}, {"OPTIONS", METHOD_OPTIONS},
                   {"PATCH", METHOD_OTHER}, {"TRACE", METHOD_OTHER},   {"CONNECT", METHOD_OTHER}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(method, methods[i].name) == 0) {
            r->method = methods[i].method;
            r->head = strcmp(method, "HEAD") == 0;
            return true;
        }
    return false;
}

/* NULL, or what is wrong with the way the request is framed. */
static const char *check_framing(const struct exchange *x, const struct header_scan *scan,
                                 const char *version, uint64_t *ret_length)
{
    bool modern = strcmp(version, "HTTP/1.1") == 0;
    if (scan->wrong != NULL)
        return scan->wrong;
    if (!modern && strcmp(version, "HTTP/1.0") != 0)
        return "HTTP/1.1 or HTTP/1.0 is spoken here";
    if (modern && x->request.host.p == NULL)
        return "a Host header is needed";
    if (x->request.host.p != NULL && !is_host(x->request.host))
        return "Host is no name of a host";
    if (scan->length.p != NULL && scan->encoding.p != NULL)
        return "Content-Length together with Transfer-Encoding";
    if (scan->encoding.p != NULL && (!modern || !str_eq_nocase(scan->encoding, STR("chunked"))))
        return "Transfer-Encoding: only chunked, and only in HTTP/1.1";
    if (scan->length.p != NULL && !str_to_u64(scan->length, ret_length))
        return "Content-Length is no number";
    return NULL;
}

/* "GET http://host/path" means the same as with a Host header, and stands over it. */
static bool take_absolute_form(struct exchange *x)
{
    static const struct str schemes[] = {{"http://", 7}, {"https://", 8}};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (!str_starts(x->uri, schemes[i]))
            continue;
        struct str rest = str_sub(x->uri, schemes[i].n, x->uri.n);
        size_t slash = str_find(rest, '/');
        x->request.host = str_sub(rest, 0, slash);
        x->uri = slash < rest.n ? str_sub(rest, slash, rest.n) : STR("/");
        return is_host(x->request.host);
    }
    return true;
}

/* NULL, or why the request is refused, and with which status. */
static const char *read_head(struct exchange *x, struct MHD_Connection *connection,
                             const char *method, const char *version, int *ret_status)
{
    struct request *r = &x->request;
    struct header_scan scan = {.x = x};
    struct fault fault = {""};
    uint64_t length = 0;
    *ret_status = 400;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, scan_header, &scan);
    read_client(x, connection, scan.forwarded);
    bool known = read_method(r, method);
    r->path = str_sub(x->uri, 0, str_find(x->uri, '?')); /* for those who refuse it */
    const char *wrong = check_framing(x, &scan, version, &length);
    if (wrong == NULL && !take_absolute_form(x))
        wrong = "the address names no host";
    if (wrong == NULL && (!utf8_clean(x->uri) || str_find(x->uri, '\t') < x->uri.n))
        wrong = "the address holds a control character or no UTF-8";
    if (wrong != NULL)
        return wrong;
    size_t question = str_find(x->uri, '?');
    enum rc rc = request_decode(r, str_sub(x->uri, 0, question),
                                str_sub(x->uri, question + 1, x->uri.n), &fault);
    if (rc != RC_OK)
        return arena_z(&x->arena, str_of(fault.text));
    if (!known) {
        *ret_status = 501;
        return "this method is not known here";
    }
    const struct http_handler *h = &x->server->handler;
    x->body = BUF_INIT(h->body_max(h->context, r));
    if (length > x->body.max) {
        *ret_status = 413;
        return "the body is too large";
    }
    return NULL;
}

/* ---- libmicrohttpd's callbacks ---- */

static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    (void)connection;
    struct exchange *x = calloc(1, sizeof *x);
    if (x == NULL)
        abort();
    x->server = context;
    x->arena = ARENA_INIT;
    x->request.arena = &x->arena;
    x->uri = arena_str(&x->arena, str_of(uri));
    x->begun_ms = clock_monotonic_ms();
    return x;
}

static void answer_waiting(struct waiting *waiting)
{
    struct exchange *x = (struct exchange *)waiting;
    const struct http_handler *h = &x->server->handler;
    x->reply = h->answer(h->context, &x->request);
    MHD_resume_connection(x->connection); /* x may be gone from here on */
}

static void give_up_waiting(struct waiting *waiting)
{
    struct exchange *x = (struct exchange *)waiting;
    const struct http_handler *h = &x->server->handler;
    x->reply = h->busy(h->context, &x->request);
    MHD_resume_connection(x->connection);
}

/* What is not in memory is work for a lane's thread; false where that has too
 * much of it, or the server is ending. */
static bool hand_over(struct exchange *x, struct MHD_Connection *connection)
{
    struct http_server *server = x->server;
    const struct http_handler *h = &server->handler;
    bool read = x->request.method == METHOD_GET;
    struct lane *lane = read ? server->reads : server->writes;
    bool preferred = read && h->preferred(h->context, &x->request);
    int64_t now = clock_monotonic_ms();
    pthread_mutex_lock(&server->lock);
    bool open = !server->stopping && lane_open(lane, preferred, now);
    if (open) {
        server->handed_over++;
        x->handed_over = true;
        x->connection = connection;
        x->waiting.run = answer_waiting;
        x->waiting.give_up = give_up_waiting;
        MHD_suspend_connection(connection);
        lane_add(lane, &x->waiting, preferred, now);
    }
    pthread_mutex_unlock(&server->lock);
    return open;
}

/* All of it is here. */
static enum MHD_Result answer_whole(struct exchange *x, struct MHD_Connection *connection)
{
    const struct http_handler *h = &x->server->handler;
    struct reply *reply = NULL;
    x->request.body = buf_str(&x->body);
    if (x->request.method == METHOD_GET)
        reply = h->at_once(h->context, &x->request);
    if (reply == NULL && hand_over(x, connection))
        return MHD_YES;
    return send_reply(connection, x, reply != NULL ? reply : h->busy(h->context, &x->request));
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **state)
{
    (void)context;
    (void)url;
    struct exchange *x = *state;
    if (!x->begun) {
        int status;
        x->begun = true;
        const char *wrong = read_head(x, connection, method, version, &status);
        return wrong == NULL ? MHD_YES : refuse(connection, x, status, wrong);
    }
    if (*upload_n > 0) {
        buf_add(&x->body, upload, *upload_n); /* what is too much shows at the end */
        *upload_n = 0;
        /* No answer fits between the parts of a body: the connection ends. */
        return clock_monotonic_ms() - x->begun_ms > ARRIVAL_SECONDS * 1000 ? MHD_NO : MHD_YES;
    }
    if (x->reply != NULL) {
        struct reply *reply = x->reply;
        x->reply = NULL;
        return send_reply(connection, x, reply);
    }
    if (buf_check(&x->body) != RC_OK)
        return refuse(connection, x, 413, "the body is too large");
    return answer_whole(x, connection);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    struct exchange *x = *state;
    if (x == NULL)
        return;
    if (x->handed_over) {
        pthread_mutex_lock(&x->server->lock);
        x->server->handed_over--;
        pthread_mutex_unlock(&x->server->lock);
    }
    reply_drop(x->reply); /* its client has gone meanwhile */
    buf_free(&x->body);
    arena_free(&x->arena);
    free(x);
    *state = NULL;
}

/* Escapes are decoded by url_decode, once and checked. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

/* ---- starting and stopping ---- */

/* Debian gives a process 1,024 files at first: a thousand idle clients would
 * leave none for the database. */
static void want_files(void)
{
    struct rlimit limit;
    rlim_t wanted = CONNECTIONS_MAX + FILES_BESIDE;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static unsigned within(long n, unsigned least, unsigned most)
{
    return n < (long)least ? least : n > (long)most ? most : (unsigned)n;
}

static void http_free(struct http_server *server)
{
    lane_free(server->reads);
    lane_free(server->writes);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

enum rc http_start(const struct http_options *options, const struct http_handler *handler,
                   struct http_server **ret, struct fault *fault)
{
    int fd = -1;
    enum rc rc = listen_at("--listen", options->listen, &fd, fault);
    if (rc != RC_OK)
        return rc;
    want_files();
    unsigned threads = within(sysconf(_SC_NPROCESSORS_ONLN) * 2, THREADS_MIN, THREADS_MAX);
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        abort();
    *server =
        (struct http_server){.handler = *handler, .trust_proxy = options->trust_proxy, .fd = fd};
    pthread_mutex_init(&server->lock, NULL);
    size_t capacity = options->capacity > 0 ? options->capacity : threads;
    server->reads =
        lane_new(&(struct lane_order){capacity, (capacity + 3) / 4, ROOM, READ_FULL_MS});
    server->writes = lane_new(&(struct lane_order){WRITERS, 0, ROOM, WRITE_FULL_MS});
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        on_request, NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        options->trust_proxy ? 0u : (unsigned)PER_ADDRESS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEADER_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri,
        server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, NULL, MHD_OPTION_END);
    if (server->daemon == NULL) {
        close(fd);
        http_free(server);
        return fault_set(fault, RC_IO, "--listen %s: the HTTP server does not start",
                         options->listen);
    }
    *ret = server;
    return RC_OK;
}

struct listen_name http_name(const struct http_server *server)
{
    return listen_name(server->fd);
}

/* What was written is told before the connections end. */
static void finish_waiting(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_mutex_unlock(&server->lock);
    lane_free(server->reads);
    lane_free(server->writes);
    server->reads = server->writes = NULL;
    for (int ms = 0; ms < FAREWELL_MS; ms += 5) {
        pthread_mutex_lock(&server->lock);
        bool all_told = server->handed_over == 0;
        pthread_mutex_unlock(&server->lock);
        if (all_told)
            return;
        usleep(5000);
    }
}

void http_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    finish_waiting(server);
    MHD_stop_daemon(server->daemon);
    http_free(server);
}
