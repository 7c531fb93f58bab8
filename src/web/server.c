#include "web/server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "app/counters.h"
#include "app/cover.h"
#include "app/restrict.h"
#include "web/answering.h"
#include "web/handlers.h"
#include "web/listen.h"
#include "web/monitor.h"
#include "web/routes.h"
#include "web/service.h"
#include "web/session.h"
#include "web/url.h"

enum { CACHE_BYTES = 24 << 20, RETRY_AFTER = 2 /* seconds */, END_SECONDS = 25 };
/* Without an answer to the pulse, which asks every second. */
#define SILENT_S 2.5

/* ---- one request ---- */

/* Another host under the scheme and the port that the shop is reached by. */
static struct str url_of_host(const struct context *c, struct str host)
{
    struct str public_url = c->server->public_url, here = c->request->host;
    struct str scheme = c->server->secure ? STR("https://") : STR("http://");
    if (public_url.n > 0)
        here = str_sub(public_url, scheme.n, public_url.n);
    size_t bracket = str_find(here, ']'), colon = str_find(here, ':');
    if (bracket < here.n) /* "[::1]:8080" */
        colon = bracket + 1;
    return arena_printf(c->arena, "%.*s%.*s%.*s", STR_ARG(scheme), STR_ARG(host),
                        STR_ARG(str_sub(here, colon, here.n)));
}

struct str context_base_url(const struct context *c)
{
    if (c->at_host != NULL)
        return url_of_host(c, c->at_host->host);
    if (c->server->public_url.n > 0)
        return c->server->public_url;
    return arena_printf(c->arena, "http://%.*s", STR_ARG(c->request->host));
}

static struct str root_below(const struct context *c, struct str base,
                             const struct storefront *storefront, bool own, struct str tag)
{
    bool first = str_eq(storefront->languages.v[0], tag);
    return arena_printf(c->arena, "%.*s%s%.*s%s%.*s", STR_ARG(base), own ? "" : "/",
                        STR_ARG(own ? STR_NONE : storefront->slug), first ? "" : "/",
                        STR_ARG(first ? STR_NONE : tag));
}

struct str context_root(const struct context *c, const struct storefront *storefront,
                        struct str tag)
{
    return root_below(c, STR_NONE, storefront, storefront == c->at_host, tag);
}

struct str context_home(const struct context *c, const struct storefront *storefront,
                        struct str tag)
{
    if (storefront->host.n > 0)
        return root_below(c, url_of_host(c, storefront->host), storefront, true, tag);
    /* On another's own host, without --public-url, the shop's own is not known. */
    struct str base = c->at_host != NULL && c->server->public_url.n > 0 ? c->server->public_url
                                                                        : context_base_url(c);
    return root_below(c, base, storefront, false, tag);
}

enum rc captured_id(const struct context *c, size_t capture, uint64_t *ret, struct fault *fault)
{
    return str_to_u64(c->captures[capture], ret)
               ? RC_OK
               : fault_set(fault, RC_NOT_FOUND, "there is no such thing");
}

int status_of(enum rc rc)
{
    static const int statuses[RC_COUNT] = {
        [RC_OK] = 200,      [RC_NOT_FOUND] = 404, [RC_INVALID] = 422, [RC_CONFLICT] = 409,
        [RC_DENIED] = 403,  [RC_LIMIT] = 429,     [RC_BUSY] = 503,    [RC_IO] = 500,
        [RC_CORRUPT] = 500, [RC_WITHHELD] = 403,
    };
    return statuses[rc];
}

struct str record_head(const struct context *c)
{
    BUF_AUTO hex = BUF_INIT(16);
    if (c->view == NULL)
        return STR_NONE;
    hex_add(&hex, c->view->head_root.b, 6);
    return arena_printf(c->arena, "%llu %.*s", (unsigned long long)c->view->head_size,
                        STR_ARG(buf_str(&hex)));
}

static void error_response(struct context *c, int status, struct str reason, struct response *ret)
{
    buf_free(&ret->body);
    *ret = (struct response){.body = BUF_INIT(BODY_MAX), .caching = CACHING_NEVER};
    if (status == 503)
        ret->retry_after = RETRY_AFTER;
    if (status == 429)
        ret->retry_after = c->retry_after > 0 ? c->retry_after : 1;
    bool api =
        c->route == NULL ? str_starts(c->request->path, STR("/api/")) : c->route->kind == KIND_API;
    if (c->withheld != NULL && api)
        withheld_problem(c, c->withheld, reason, ret);
    else if (c->withheld != NULL)
        withheld_page(c, c->withheld, reason, ret);
    else if (api)
        error_problem(c, status, reason, ret);
    else
        error_page(c, status, reason, ret);
    ret->bearer = status == 401;
}

/* The language of pages outside of a storefront: ?language=, else the first of
 * ours that the client names. */
static struct str free_language(const struct context *c)
{
    struct str asked = parameter_get(&c->request->query, "language");
    if (asked.n > 0)
        return asked;
    struct str header = c->request->accept_language, piece, tag;
    while (str_next(&header, ',', &piece)) {
        piece = str_trim(piece);
        if (!str_next(&piece, ';', &tag))
            continue;
        if (language_known(tag))
            return tag;
        struct str offered, primary = str_sub(tag, 0, str_find(tag, '-'));
        for (size_t i = 0; (offered = language_offered(i)).n > 0; i++)
            if (str_eq_nocase(primary, str_sub(offered, 0, str_find(offered, '-'))))
                return offered;
    }
    return STR("en");
}

/* Where somebody who is not signed in is sent, to come back afterwards. */
static void send_to_sign_in(struct context *c, struct response *ret)
{
    BUF_AUTO back = BUF_INIT(1500);
    struct str where = STR("/desk/sign-in");
    if (c->storefront != NULL)
        where = arena_printf(c->arena, "%.*s/sign-in",
                             STR_ARG(context_root(c, c->storefront, language_tag(c->language))));
    url_encode(&back, c->request->path);
    ret->status = 303;
    ret->caching = CACHING_NEVER;
    ret->location = where;
    if (buf_check(&back) == RC_OK)
        ret->location =
            arena_printf(c->arena, "%.*s?return=%.*s", STR_ARG(where), STR_ARG(buf_str(&back)));
}

/* "application/json; charset=utf-8" without what stands behind the semicolon. */
static bool is_media_type(struct str header, const char *type)
{
    return str_eq_nocase(str_trim(str_sub(header, 0, str_find(header, ';'))), str_of(type));
}

static enum rc check_access(struct context *c, struct response *ret, bool *ret_answered,
                            struct fault *fault)
{
    const struct route *route = c->route;
    bool signed_in = c->viewer.account != 0;
    if (route->access != ACCESS_PUBLIC && !signed_in) {
        if (route->kind == KIND_PAGE && route->method == METHOD_GET) {
            send_to_sign_in(c, ret);
            *ret_answered = true;
            return RC_OK;
        }
        return fault_set(fault, RC_DENIED, "sign in first");
    }
    if (route->access == ACCESS_OPERATOR && !c->viewer.operator_role)
        return fault_set(fault, RC_DENIED, "this is for the shop's operators");
    if (route->csrf == CSRF_BEARER && !c->viewer.bearer)
        return fault_set(fault, RC_DENIED, "a bearer token is needed");
    if ((route->csrf == CSRF_JSON || (route->csrf == CSRF_BEARER && c->request->body.n > 0)) &&
        !is_media_type(c->request->content_type, "application/json")) {
        c->failed_status = 415;
        return fault_set(fault, RC_INVALID, "Content-Type: application/json is needed");
    }
    if (route->csrf == CSRF_FORM) {
        if (!is_media_type(c->request->content_type, "application/x-www-form-urlencoded")) {
            c->failed_status = 415;
            return fault_set(fault, RC_INVALID, "a form is needed");
        }
        enum rc rc = form_decode(c->arena, c->request->body, &c->form, fault);
        return rc == RC_OK ? session_check_form(c, fault) : rc;
    }
    return RC_OK;
}

static enum rc run_handler(struct context *c, struct response *ret, struct fault *fault)
{
    bool answered = false;
    enum rc rc = RC_OK;
    /* A page is made from one state; what writes looks at the newest again and again. */
    if (c->request->method == METHOD_GET)
        rc = worker_snapshot(c->worker, fault);
    if (rc == RC_OK)
        rc = session_read(c, fault);
    if (rc == RC_OK)
        rc = check_access(c, ret, &answered, fault);
    if (rc != RC_OK || answered)
        return rc;
    c->visit = (struct visit){c->worker->conn, c->arena, c->view, c->storefront, &c->viewer};
    return c->route->handle(c, ret, fault);
}

/* Pages for those who are signed in are theirs alone. */
void settle_caching(const struct context *c, struct response *ret)
{
    if (ret->caching == CACHING_UNSET)
        ret->caching = c->route->caching;
    if (c->viewer.account != 0 && ret->caching == CACHING_REVALIDATE)
        ret->caching = CACHING_PRIVATE;
}

/* Whether a slash at the end is all that the path lacks. */
static bool lacks_slash(struct context *c)
{
    struct request *r = c->request;
    struct str tag, allow;
    if (r->method != METHOD_GET || r->segments.n == 0 || r->segments.n == SEGMENTS_MAX ||
        r->segments.v[r->segments.n - 1].n == 0)
        return false;
    r->segments.v[r->segments.n++] = STR_NONE;
    bool found = routes_match(c, &tag, &allow) == RC_OK;
    r->segments.n--;
    c->route = NULL;
    return found;
}

static void respond_unmatched(struct context *c, enum rc rc, struct str allow, struct response *ret)
{
    const struct request *r = c->request;
    if (rc == RC_NOT_FOUND && lacks_slash(c)) {
        bool query = r->query_text.n > 0;
        ret->status = 308;
        ret->caching = CACHING_REVALIDATE;
        ret->location = arena_printf(c->arena, "%.*s/%s%.*s", STR_ARG(r->path), query ? "?" : "",
                                     STR_ARG(r->query_text));
        return;
    }
    if (rc == RC_INVALID && r->method == METHOD_OPTIONS) {
        ret->status = 204;
        ret->caching = CACHING_NEVER;
    } else {
        error_response(c, rc == RC_INVALID ? 405 : 404, STR_NONE, ret);
    }
    ret->allow = allow;
}

static int status_for(const struct context *c, enum rc rc)
{
    if (c->failed_status != 0)
        return c->failed_status;
    /* Who is nobody may sign in; a page says so as a form or a redirect. */
    if (rc == RC_DENIED && c->viewer.account == 0 && c->route->kind != KIND_PAGE)
        return 401;
    return status_of(rc);
}

/* What came of the handler, as an answer. */
void conclude(struct context *c, enum rc rc, struct response *ret, struct fault *fault)
{
    if (rc == RC_OK && buf_check(&ret->body) != RC_OK)
        rc = fault_set(fault, RC_IO, "the page is too large");
    if (rc != RC_OK)
        error_response(c, status_for(c, rc), str_of(fault->text), ret);
    settle_caching(c, ret);
}

/* False where the answer waits for a write. */
static bool respond(struct context *c, struct response *ret)
{
    struct fault fault = {""};
    struct str tag = STR_NONE, allow = STR_NONE;
    enum rc rc = routes_match(c, &tag, &allow);
    c->language = worker_language(c->worker, tag.n > 0 ? tag : free_language(c));
    if (rc != RC_OK) {
        respond_unmatched(c, rc, allow, ret);
        return true;
    }
    rc = run_handler(c, ret, &fault);
    if (rc == RC_OK && c->write != NULL)
        return false;
    conclude(c, rc, ret, &fault);
    return true;
}

static bool is_public_host(const struct context *c)
{
    struct str url = c->server->public_url;
    return url.n > 0 && str_eq(str_sub(url, c->server->secure ? 8 : 7, url.n), c->request->host);
}

static char *add_part(char *to, struct str part, char end)
{
    if (part.n > 0)
        memcpy(to, part.p, part.n);
    to[part.n] = end;
    return to + part.n + 1;
}

/* The key under which this answer may be kept; empty where it may not. Put together
 * by hand: it is most of what a cached page costs us. */
static struct str cache_key(const struct context *c)
{
    const struct request *r = c->request;
    if (r->method != METHOD_GET || r->cookie.n > 0 || r->authorization.n > 0)
        return STR_NONE;
    /* Below a storefront the path says the language. */
    bool negotiated = str_eq(r->path, STR("/")) || str_starts(r->path, STR("/record/"));
    /* Under another host name than the shop's, it may be a storefront's own. */
    struct str host = is_public_host(c) ? STR_NONE : r->host;
    struct str languages = negotiated ? r->accept_language : STR_NONE;
    size_t n = r->path.n + r->query_text.n + host.n + languages.n + 4;
    char *key = arena_alloc(c->arena, n), *end = add_part(key, r->path, '?');
    end = add_part(end, r->query_text, '\n');
    end = add_part(end, host, '\n');
    add_part(end, languages, '\n');
    return (struct str){key, n};
}

/* What an answer is made from: the view, and the index, which is a moment behind. */
static uint64_t state_version(const struct server *s, uint64_t view)
{
    return view << 32 | (uint32_t)indexer_moves(s->indexer);
}

/* Who is nobody may be shown what a replica holds: what is withheld of it is the
 * view's to say, which is the gate's. */
static bool may_read_replica(const struct context *c)
{
    const struct request *r = c->request;
    return r->method == METHOD_GET && r->cookie.n == 0 && r->authorization.n == 0;
}

/* What this page was a moment ago, where the database is away; NULL: nothing. */
static struct reply *last_reply(const struct context *c, struct str key)
{
    return key.n > 0 ? page_cache_last(c->server->cache, key, c->view->epoch) : NULL;
}

static struct reply *answer_with(struct answering *a, struct later **ret_later)
{
    struct context *c = &a->c;
    struct server *s = c->server;
    struct fault fault = {""};
    struct str key = cache_key(c);
    uint64_t version = state_version(s, c->view->version);
    struct reply *reply = key.n > 0 ? page_cache_get(s->cache, key, version, true) : NULL;
    if (reply == NULL)
        c->worker = worker_take(s, may_read_replica(c) ? &c->view->state : NULL, &fault);
    if (reply == NULL && c->worker == NULL)
        reply = last_reply(c, key);
    if (reply != NULL || c->worker == NULL) {
        answering_end(a);
        return reply != NULL ? reply : refusal(c->request, 503, "the database cannot be opened");
    }
    a->response.body = BUF_INIT(BODY_MAX);
    const struct context before = *c;
    bool complete = respond(c, &a->response);
    /* A replica that went away in the middle is left for the database itself. */
    if (c->worker->on_replica && a->response.status >= 500 && worker_leave_replica(s, c->worker)) {
        buf_free(&a->response.body);
        a->response = (struct response){.body = BUF_INIT(BODY_MAX)};
        *c = before;
        complete = respond(c, &a->response);
    }
    bool keep = complete && key.n > 0 && !c->worker->behind && c->route != NULL &&
                c->route->cached && (a->response.status == 0 || a->response.status == 200) &&
                a->response.set_cookie[1].n == 0 && !a->response.not_kept;
    answering_give_worker(a);
    if (!complete) {
        *ret_later = answering_later(a);
        return NULL;
    }
    uint64_t epoch = c->view->epoch;
    struct reply *last = a->response.status == 503 ? last_reply(c, key) : NULL;
    reply = answering_seal(a);
    if (keep)
        page_cache_put(s->cache, key, version, epoch, reply);
    if (last == NULL)
        return reply;
    reply_drop(reply);
    return last;
}

/* Where there is no page to be made: before the request is understood, or
 * without a database. */
struct reply *refusal(struct request *request, int status, const char *reason)
{
    struct context c = {.request = request, .arena = request->arena};
    struct response response = {.status = status,
                                .content_type = "text/plain; charset=utf-8",
                                .body = BUF_INIT(1024),
                                .caching = CACHING_NEVER,
                                .retry_after = status == 503 ? RETRY_AFTER : 0,
                                .close = true};
    if (str_starts(request->path, STR("/api/")))
        error_problem(&c, status, str_of(reason), &response);
    else
        buf_printf(&response.body, "%d: %s\n", status, reason);
    return reply_seal(&response, STR_NONE);
}

static struct reply *on_refusal(void *context, struct request *request, int status,
                                const char *reason)
{
    (void)context;
    return refusal(request, status, reason);
}

static struct reply *on_answer(void *context, struct request *request, struct later **ret_later)
{
    struct answering *a = ARENA_NEW(request->arena, struct answering);
    struct server *s = context;
    a->c = (struct context){.server = s, .request = request, .arena = request->arena};
    a->c.view = gate_hold(s->gate, request->arena);
    return answer_with(a, ret_later);
}

/* A page from the cache, or what takes neither view nor worker. */
static struct reply *on_at_once(void *context, struct request *request)
{
    struct server *s = context;
    struct fault fault = {""};
    struct context c = {.server = s, .request = request, .arena = request->arena};
    struct str key = cache_key(&c);
    uint64_t version, epoch;
    bool fresh = key.n > 0 && gate_version(s->gate, &version, &epoch);
    version = fresh ? state_version(s, version) : 0;
    struct reply *reply = fresh ? page_cache_get(s->cache, key, version, false) : NULL;
    /* Nobody need wait for a database that says nothing. */
    if (reply == NULL && fresh && pulse_read(s->pulse).silent > SILENT_S)
        reply = page_cache_last(s->cache, key, epoch);
    if (reply != NULL || !routes_match_at_once(&c))
        return reply;
    struct response response = {.body = BUF_INIT(BODY_MAX)};
    if (c.route->handle(&c, &response, &fault) != RC_OK) {
        buf_free(&response.body);
        return NULL; /* its error is a page like others */
    }
    settle_caching(&c, &response);
    response.kind = (int)c.route->kind;
    reply = reply_seal(&response, STR_NONE);
    if (fresh && c.route->cached)
        page_cache_put(s->cache, key, version, epoch, reply);
    return reply;
}

static bool on_preferred(void *context, const struct request *request)
{
    struct server *s = context;
    struct context c = {.server = s, .request = (struct request *)request};
    struct str token = session_token(&c, str_starts(request->path, STR("/api/")));
    return token.n > 0 && known_has(s->known, token);
}

static struct reply *on_busy(void *context, const struct request *request)
{
    struct server *s = context;
    return reply_hold(str_starts(request->path, STR("/api/")) ? s->busy_api : s->busy);
}

/* Answers that cost nothing when there is no time for any. */
static void prepare_busy(struct server *s)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct request request = {.arena = &arena, .path = STR("/")};
    struct context c = {.server = s, .request = &request, .arena = &arena};
    struct response page = {.status = 503,
                            .content_type = "text/plain; charset=utf-8",
                            .body = BUF_INIT(1024),
                            .caching = CACHING_NEVER,
                            .retry_after = RETRY_AFTER};
    struct response api = {.body = BUF_INIT(1024), .retry_after = RETRY_AFTER};
    static const char busy[] = "too much is asked for at this moment; try again in a few seconds";
    buf_printf(&page.body, "503: %s\n", busy);
    error_problem(&c, 503, str_of(busy), &api);
    api.caching = CACHING_NEVER;
    s->busy = reply_seal(&page, STR_NONE);
    s->busy_api = reply_seal(&api, STR_NONE);
}

/* The largest any route takes: which one it is, is known before the body. */
static size_t on_body_max(void *context, const struct request *request)
{
    struct server *s = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct request copy = *request;
    struct context c = {.server = s, .request = &copy, .arena = &arena};
    struct str tag, allow;
    if (request->method == METHOD_GET)
        return 0;
    GATE_HELD view = gate_hold_present(s->gate, &arena);
    c.view = view;
    return routes_match(&c, &tag, &allow) == RC_OK ? c.route->body_max : 64 << 10;
}

/* A cover may come over a network: nobody else waits for that. */
static bool on_waits(void *context, const struct request *request)
{
    struct server *s = context;
    for (size_t i = 1; i + 1 < request->segments.n; i++)
        if (str_eq(request->segments.v[i], STR("covers")))
            return cover_reader_waits(s->covers);
    return false;
}

/* ---- running ---- */

static bool on_commit(void *context)
{
    struct server *s = context;
    bool taken_in = gate_reload(s->gate, NULL) == RC_OK;
    indexer_wake(s->indexer);
    return taken_in;
}

static void server_close(struct server *s)
{
    /* The writer first: until it has ended, it tells the gate and the indexer. */
    writer_close(s->writer);
    pulse_close(s->pulse);
    indexer_close(s->indexer);
    gate_close(s->gate);
    cover_reader_free(s->covers);
    limiter_free(s->limiter);
    passwords_free(s->passwords);
    page_cache_free(s->cache);
    known_free(s->known);
    reply_drop(s->busy);
    reply_drop(s->busy_api);
    workers_free(s->workers);
}

static enum rc server_open(struct server *s, struct fault *fault)
{
    s->limiter = limiter_new();
    s->covers = cover_reader_new(s->site);
    s->passwords = passwords_new();
    s->cache = page_cache_new(CACHE_BYTES);
    s->known = known_new();
    prepare_busy(s);
    s->workers = workers_new();
    enum rc rc = routes_check(fault);
    if (rc == RC_OK)
        rc = writer_open(s->site, true, &restriction_duties, &s->writer, fault);
    if (rc == RC_OK)
        rc = gate_open(s->site, &s->gate, fault);
    if (rc == RC_OK)
        rc = indexer_open(s->site, &s->indexer, fault);
    if (rc == RC_OK)
        rc = pulse_open(s->site, s->indexer, &s->pulse, fault);
    if (rc == RC_OK) {
        writer_on_commit(s->writer, on_commit, s);
        (void)on_commit(s); /* of what it published meanwhile it told nobody */
    }
    return rc;
}

/* The socket handed in, or one of our own. */
static enum rc take_socket(const char *listen, int *ret_fd, bool *ret_inherited,
                           struct fault *fault)
{
    enum rc rc = service_socket(ret_fd, fault);
    *ret_inherited = *ret_fd >= 0;
    if (rc == RC_OK && *ret_inherited && listen != NULL)
        return fault_set(fault, RC_INVALID,
                         "--listen %s: a socket was handed in as well (LISTEN_FDS)", listen);
    if (rc == RC_OK && !*ret_inherited && listen == NULL)
        return fault_set(fault, RC_INVALID, "--listen is needed, or a socket in LISTEN_FDS");
    return rc == RC_OK && !*ret_inherited ? listen_at("--listen", listen, ret_fd, fault) : rc;
}

/* Who has not ended in time, or is told by a second Ctrl-C, ends at once, which
 * loses nothing that was answered: a database that hangs must not hold us. */
static void *hurry_thread(void *context)
{
    static const struct timespec patience = {END_SECONDS, 0};
    static const char said[] = "colophon: not everything had ended in time\n";
    sigset_t again;
    (void)context;
    sigemptyset(&again);
    sigaddset(&again, SIGINT);
    sigtimedwait(&again, NULL, &patience);
    (void)!write(STDERR_FILENO, said, sizeof said - 1);
    _exit(1);
}

/* The end, within its time. */
static void end_serving(struct server *s, struct monitor *monitor, bool inherited)
{
    pthread_t hurry;
    service_notify("STOPPING=1");
    bool hurried = pthread_create(&hurry, NULL, hurry_thread, NULL) == 0;
    monitor_stop(monitor);
    http_stop(s->http, inherited);
    server_close(s);
    if (hurried) {
        pthread_cancel(hurry);
        pthread_join(hurry, NULL);
    }
}

enum rc server_run(struct site *site, const struct server_options *options,
                   void (*ready)(void *context, const char *address), void *context,
                   struct fault *fault)
{
    struct server s = {.site = site,
                       .public_url = options->public_url,
                       .secure = str_starts(options->public_url, STR("https://"))};
    struct monitor *monitor = NULL;
    sigset_t signals, before;
    int fd = -1;
    bool inherited = false;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    /* Blocked before any thread starts, so that only we take them. */
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    signal(SIGPIPE, SIG_IGN);
    enum rc rc = take_socket(options->listen, &fd, &inherited, fault);
    if (rc == RC_OK)
        rc = server_open(&s, fault);
    struct http_handler handler = {&s,        on_body_max,  on_at_once, on_waits,
                                   on_answer, on_preferred, on_busy,    on_refusal};
    struct http_options http_options = {fd, options->trust_proxy, options->capacity};
    if (rc == RC_OK)
        rc = http_start(&http_options, &handler, &s.http, fault);
    if (rc == RC_OK && options->metrics_listen != NULL)
        rc = monitor_start(&s, options->metrics_listen, &monitor, fault);
    if (rc == RC_OK) {
        char address[128];
        snprintf(address, sizeof address, "http://%s", listen_name(fd).text);
        ready(context, address);
        service_notify("READY=1");
        int taken;
        sigwait(&signals, &taken);
    }
    if (s.http == NULL && fd >= 0)
        close(fd);
    end_serving(&s, monitor, inherited);
    /* Who told us several times means this end. */
    while (sigtimedwait(&signals, NULL, &(struct timespec){0, 0}) > 0)
        continue;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
