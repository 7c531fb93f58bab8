#include "web/head.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/utf8.h"

enum { HOST_MAX = 255 };

struct header_scan {
    struct request *request;
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
    struct request *r = scan->request;
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
        {"Range", &r->range, "more than one Range"},
        {"If-Range", &r->if_range, NULL},
        {"Accept", &r->accept, NULL},
        {"Accept-Language", &r->accept_language, NULL},
        {"Prefer", &r->prefer, NULL},
        {"X-Auth-User", &r->auth_user, "more than one X-Auth-User"},
        {"X-Auth-Key", &r->auth_key, "more than one X-Auth-Key"},
        {"Stripe-Signature", &r->signature, "more than one Stripe-Signature"},
        {"User-Agent", &r->user_agent, NULL},
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

static void read_client(struct request *r, struct MHD_Connection *connection, bool trust_proxy,
                        struct str forwarded)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (trust_proxy && read_forwarded(r->arena, forwarded, &r->client))
        return;
    if (info != NULL && info->client_addr->sa_family == AF_INET)
        r->client =
            client_name(r->arena, AF_INET, &((struct sockaddr_in *)info->client_addr)->sin_addr);
    else if (info != NULL && info->client_addr->sa_family == AF_INET6)
        r->client =
            client_name(r->arena, AF_INET6, &((struct sockaddr_in6 *)info->client_addr)->sin6_addr);
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
static const char *check_framing(const struct request *r, const struct header_scan *scan,
                                 const char *version, uint64_t *ret_length)
{
    bool modern = strcmp(version, "HTTP/1.1") == 0;
    if (scan->wrong != NULL)
        return scan->wrong;
    if (!modern && strcmp(version, "HTTP/1.0") != 0)
        return "HTTP/1.1 or HTTP/1.0 is spoken here";
    if (modern && r->host.p == NULL)
        return "a Host header is needed";
    if (r->host.p != NULL && !is_host(r->host))
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
static bool take_absolute_form(struct request *r, struct str *uri)
{
    static const struct str schemes[] = {{"http://", 7}, {"https://", 8}};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (!str_starts(*uri, schemes[i]))
            continue;
        struct str rest = str_sub(*uri, schemes[i].n, uri->n);
        size_t slash = str_find(rest, '/');
        r->host = str_sub(rest, 0, slash);
        *uri = slash < rest.n ? str_sub(rest, slash, rest.n) : STR("/");
        return is_host(r->host);
    }
    return true;
}

const char *head_read(struct request *r, struct MHD_Connection *connection,
                      const struct head_line *line, bool trust_proxy, uint64_t *ret_length,
                      int *ret_status)
{
    struct header_scan scan = {.request = r};
    struct fault fault = {""};
    struct str uri = line->uri;
    *ret_length = 0;
    *ret_status = 400;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, scan_header, &scan);
    read_client(r, connection, trust_proxy, scan.forwarded);
    bool known = read_method(r, line->method);
    r->path = str_sub(uri, 0, str_find(uri, '?')); /* for those who refuse it */
    const char *wrong = check_framing(r, &scan, line->version, ret_length);
    if (wrong == NULL && !take_absolute_form(r, &uri))
        wrong = "the address names no host";
    if (wrong == NULL && (!utf8_clean(uri) || str_find(uri, '\t') < uri.n))
        wrong = "the address holds a control character or no UTF-8";
    if (wrong != NULL)
        return wrong;
    size_t question = str_find(uri, '?');
    enum rc rc =
        request_decode(r, str_sub(uri, 0, question), str_sub(uri, question + 1, uri.n), &fault);
    if (rc != RC_OK)
        return arena_z(r->arena, str_of(fault.text));
    if (!known) {
        *ret_status = 501;
        return "this method is not known here";
    }
    return NULL;
}
