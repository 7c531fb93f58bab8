#include "mail/smtp.h"

#include <curl/curl.h>

#include "base/clock.h"
#include "mail/message.h"

enum {
    CONNECT_MS = 15000,
    LAST_WORD_MS = 10000, /* a letter that was handed over whole: so long its answer is awaited */
    REPLY_MAX = 200,
    GOODBYE = 221,
};

/* ---- addresses ---- */

static bool is_here(struct str host)
{
    return str_eq(host, STR("localhost")) || str_eq(host, STR("::1")) ||
           str_starts(host, STR("127."));
}

bool mail_server_is_here(const struct mail_server *s)
{
    return is_here(s->host);
}

static bool host_valid(struct str host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '-' || c == ':'))
            return false;
    }
    return host.n > 0 && host.n <= 253 && host.p[0] != '-' && host.p[0] != '.';
}

enum rc mail_server_parse(struct arena *arena, struct str address, struct str tls,
                          struct mail_server *ret, struct fault *fault)
{
    struct mail_server s = {.timeout_ms = 60000};
    bool at_once = str_starts(address, STR("smtps://"));
    struct str rest = str_sub(address, at_once ? 8 : 7, address.n);
    uint64_t port = at_once ? 465 : 25;
    if (!at_once && !str_starts(address, STR("smtp://")))
        return fault_set(fault, RC_INVALID, "%.*s: smtp://HOST:PORT or smtps://HOST:PORT",
                         STR_ARG(address));
    if (rest.n > 0 && rest.p[rest.n - 1] == '/')
        rest.n--;
    bool bracket = rest.n > 0 && rest.p[0] == '[';
    bool closed = str_find(rest, ']') < rest.n;
    size_t end = bracket ? str_find(rest, ']') : str_find(rest, ':');
    s.host = bracket ? str_sub(rest, 1, end) : str_sub(rest, 0, end);
    rest = str_sub(rest, bracket ? end + 1 : end, rest.n);
    bool port_said = rest.n > 0;
    if (!host_valid(s.host) || (bracket && !closed) ||
        (!bracket && str_find(s.host, ':') < s.host.n) ||
        (port_said && (rest.p[0] != ':' || !str_to_u64(str_sub(rest, 1, rest.n), &port) ||
                       port < 1 || port > 65535)))
        return fault_set(fault, RC_INVALID, "%.*s: smtp://HOST:PORT or smtps://HOST:PORT",
                         STR_ARG(address));
    s.host = arena_str(arena, s.host);
    s.port = (unsigned)port;
    s.tls = at_once ? MAIL_TLS_AT_ONCE : is_here(s.host) ? MAIL_TLS_NONE : MAIL_TLS_STARTTLS;
    if (tls.n > 0 && at_once)
        return fault_set(fault, RC_INVALID, "tls: smtps:// has it from the beginning");
    if (str_eq(tls, STR("none")))
        s.tls = MAIL_TLS_NONE;
    else if (str_eq(tls, STR("starttls")))
        s.tls = MAIL_TLS_STARTTLS;
    else if (tls.n > 0)
        return fault_set(fault, RC_INVALID, "tls: %.*s is neither none nor starttls", STR_ARG(tls));
    *ret = s;
    return RC_OK;
}

/* ---- sending ---- */

struct mail_sender {
    CURL *curl;
    struct arena arena;
    struct mail_server server;
    const char *url;
};

/* One letter on its way. */
struct sending {
    struct str rest; /* not handed over yet */
    bool begun;      /* the server was told of a letter */
    int code;        /* of its last word */
    char reply[REPLY_MAX];
    bool (*stop)(void *context);
    void *context;
    int64_t stop_at; /* when it was said to stop; 0: it was not */
};

struct mail_sender *mail_sender_new(const struct mail_server *server)
{
    struct mail_sender *s = calloc(1, sizeof *s);
    if (s == NULL || (s->curl = curl_easy_init()) == NULL)
        abort();
    s->arena = ARENA_INIT;
    s->server = *server;
    s->server.host = arena_str(&s->arena, server->host);
    s->server.user = str_of(arena_z(&s->arena, server->user));
    s->server.password = str_of(arena_z(&s->arena, server->password));
    s->server.ca_file = str_of(arena_z(&s->arena, server->ca_file));
    bool six = str_find(server->host, ':') < server->host.n;
    s->url =
        arena_printf(&s->arena, "%s://%s%.*s%s:%u/%.*s",
                     server->tls == MAIL_TLS_AT_ONCE ? "smtps" : "smtp", six ? "[" : "",
                     STR_ARG(server->host), six ? "]" : "", server->port, STR_ARG(server->hello))
            .p;
    return s;
}

void mail_sender_free(struct mail_sender *s)
{
    if (s == NULL)
        return;
    curl_easy_cleanup(s->curl);
    arena_free(&s->arena);
    free(s);
}

static size_t give_body(char *to, size_t size, size_t n, void *context)
{
    struct sending *s = context;
    size_t room = size * n, part = s->rest.n < room ? s->rest.n : room;
    memcpy(to, s->rest.p, part);
    s->rest = str_sub(s->rest, part, s->rest.n);
    return part;
}

/* What is said on the line. Of what we say only that a letter has begun: the rest
 * may hold a password. */
static int listen_in(CURL *curl, curl_infotype type, char *bytes, size_t n, void *context)
{
    struct sending *s = context;
    struct str line = str_trim((struct str){bytes, n});
    (void)curl;
    if (type == CURLINFO_HEADER_OUT && str_starts(line, STR("MAIL FROM:")))
        s->begun = true;
    if (type != CURLINFO_HEADER_IN || line.n < 3)
        return 0;
    uint64_t code;
    if (!str_to_u64(str_sub(line, 0, 3), &code) || code == GOODBYE)
        return 0; /* what it says to our QUIT is no answer to the letter */
    s->code = (int)code;
    size_t kept = 0;
    for (size_t i = 0; i < line.n && kept + 1 < sizeof s->reply; i++)
        s->reply[kept++] = line.p[i] >= ' ' && line.p[i] <= '~' ? line.p[i] : '?';
    s->reply[kept] = '\0';
    return 0;
}

static int go_on(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct sending *s = context;
    (void)a, (void)b, (void)c, (void)d;
    if (s->stop == NULL || !s->stop(s->context))
        return 0;
    if (s->stop_at == 0)
        s->stop_at = clock_monotonic_ms();
    return s->rest.n > 0 || clock_monotonic_ms() > s->stop_at + LAST_WORD_MS;
}

static void set_up(const struct mail_sender *sender, struct sending *s)
{
    CURL *curl = sender->curl;
    const struct mail_server *server = &sender->server;
    curl_easy_reset(curl); /* its connection stays */
    curl_easy_setopt(curl, CURLOPT_URL, sender->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, server->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     server->timeout_ms < CONNECT_MS ? server->timeout_ms : (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(server->tls == MAIL_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (server->ca_file.n > 0)
        curl_easy_setopt(curl, CURLOPT_CAINFO, server->ca_file.p);
    if (server->user.n > 0) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, server->user.p);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password.p);
    }
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(curl, CURLOPT_READDATA, s);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->rest.n);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* to listen_in, nowhere else */
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen_in);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, s);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, s);
}

enum rc mail_send(struct mail_sender *sender, struct str from, struct str to, struct str message,
                  bool (*stop)(void *context), void *context, bool *ret_reached,
                  struct fault *fault)
{
    char error[CURL_ERROR_SIZE] = "";
    struct sending s = {.rest = message, .stop = stop, .context = context};
    const struct mail_server *server = &sender->server;
    ARENA_AUTO arena = ARENA_INIT;
    set_up(sender, &s);
    struct curl_slist *receivers =
        curl_slist_append(NULL, arena_printf(&arena, "<%.*s>", STR_ARG(to)).p);
    if (receivers == NULL)
        abort();
    curl_easy_setopt(sender->curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(sender->curl, CURLOPT_MAIL_FROM,
                     arena_printf(&arena, "<%.*s>", STR_ARG(from)).p);
    curl_easy_setopt(sender->curl, CURLOPT_MAIL_RCPT, receivers);
    CURLcode done = curl_easy_perform(sender->curl);
    /* What the handle keeps until its next letter must not point here. */
    curl_easy_reset(sender->curl);
    curl_slist_free_all(receivers);
    *ret_reached = s.begun;
    if (done == CURLE_OK)
        return RC_OK;
    bool said = s.code >= 400 && s.code < 600 && done != CURLE_OPERATION_TIMEDOUT;
    enum rc rc = said && s.begun && s.code >= 500 ? RC_DENIED : RC_BUSY;
    return fault_set(fault, rc, "%.*s:%u: %s", STR_ARG(server->host), server->port,
                     said               ? s.reply
                     : error[0] != '\0' ? error
                                        : curl_easy_strerror(done));
}
