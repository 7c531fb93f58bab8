#include "web/server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "app/bookkeeper.h"
#include "app/counters.h"
#include "app/cover.h"
#include "app/cover_fetch.h"
#include "app/devices.h"
#include "app/epub_uploads.h"
#include "app/feed_runner.h"
#include "app/feeds.h"
#include "app/herald.h"
#include "app/liked.h"
#include "app/lister.h"
#include "app/misses.h"
#include "app/payment_card.h"
#include "app/record_lines.h"
#include "app/refuser.h"
#include "app/restrict.h"
#include "app/restrict_duties.h"
#include "app/shop_titles.h"
#include "app/teller.h"
#include "app/tile_trees.h"
#include "app/webhooks.h"
#include "app/whole_text.h"
#include "web/answering.h"
#include "web/gzip.h"
#include "web/handlers.h"
#include "web/letters.h"
#include "web/listen.h"
#include "web/monitor.h"
#include "web/routes.h"
#include "web/service.h"
#include "web/session.h"
#include "web/url.h"
#include "web/warming.h"

enum { CACHE_BYTES = 24 << 20, END_SECONDS = 25 };
/* Without an answer to the pulse, which asks every second. */
#define SILENT_S 2.5

/* ---- answers ---- */

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
    if (r->method != METHOD_GET || r->cookie.n > 0 || r->authorization.n > 0 || r->host.n == 0)
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
static struct page_state state_of(const struct server *s, uint64_t view, uint64_t standing)
{
    return (struct page_state){.version = view << 32 | (uint32_t)indexer_moves(s->indexer),
                               .view = view,
                               .standing = standing};
}

static bool still_good(void *context, uint64_t view, uint64_t work)
{
    struct server *s = context;
    return gate_still_good(s->gate, view, work);
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
    return key.n > 0 ? page_cache_last(c->server->cache, key, c->view->standing) : NULL;
}

static struct reply *answer_with(struct answering *a, struct later **ret_later)
{
    struct context *c = &a->c;
    struct server *s = c->server;
    struct fault fault = {""};
    struct str key = cache_key(c);
    struct page_state state = state_of(s, c->view->version, c->view->standing);
    struct reply *reply = key.n > 0 ? page_cache_get(s->cache, key, &state, true) : NULL;
    if (reply == NULL)
        c->worker = worker_take(s, may_read_replica(c) ? &c->view->state : NULL, &fault);
    if (reply == NULL && c->worker == NULL)
        reply = last_reply(c, key);
    if (reply != NULL || c->worker == NULL) {
        answering_end(a);
        return reply != NULL ? reply : refusal(s, c->request, 503, "the database cannot be opened");
    }
    a->response.body = BUF_INIT(BODY_MAX);
    if (c->request->method == METHOD_GET) /* others may wait for long, and many of them */
        buf_reserve(&a->response.body, BODY_USUAL);
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
    state.work = a->response.rests_on_work;
    struct reply *last = a->response.status == 503 ? last_reply(c, key) : NULL;
    reply = answering_seal(a, keep);
    if (keep)
        page_cache_put(s->cache, key, &state, reply);
    if (last == NULL)
        return reply;
    reply_drop(reply);
    return last;
}

/* The Record's head, where there is a gate yet to ask. */
static struct str head_now(struct server *s, struct arena *arena)
{
    uint64_t size;
    struct hash root;
    if (s->gate == NULL)
        return STR_NONE;
    gate_head(s->gate, &size, &root);
    return record_head_of(arena, size, &root);
}

/* Where there is no page to be made: before the request is understood, or
 * without a database. */
static struct reply *refusal_of(struct server *s, struct request *request, int status,
                                const char *reason, bool read)
{
    struct context c = {.server = s, .request = request, .arena = request->arena};
    refuse(&c, RC_INVALID, status, read);
    struct response response = {.status = status,
                                .content_type = "text/plain; charset=utf-8",
                                .body = BUF_INIT(16384),
                                .caching = CACHING_NEVER,
                                .retry_after = status == 503 ? RETRY_AFTER : 0,
                                .close = true};
    if (str_starts(request->path, STR("/api/")))
        error_problem(&c, status, str_of(reason), &response);
    else
        buf_printf(&response.body, "%d: %s\n%s%.*s", status, reason, c.refusal.n > 0 ? "\n" : "",
                   STR_ARG(c.refusal));
    return reply_seal(&response, head_now(s, request->arena), NULL);
}

struct reply *refusal(struct server *s, struct request *request, int status, const char *reason)
{
    return refusal_of(s, request, status, reason, true);
}

static struct reply *on_refusal(void *context, struct request *request, int status,
                                const char *reason)
{
    return refusal_of(context, request, status, reason, false);
}

static struct reply *on_answer(void *context, struct request *request, struct later **ret_later)
{
    struct answering *a = ARENA_NEW(request->arena, struct answering);
    struct server *s = context;
    a->c = (struct context){.server = s, .request = request, .arena = request->arena};
    a->c.view = request->view_is_fresh ? gate_hold_present(s->gate, request->arena)
                                       : gate_hold(s->gate, request->arena);
    return answer_with(a, ret_later);
}

/* A page from the cache, or what takes neither view nor worker. */
static struct reply *on_at_once(void *context, struct request *request)
{
    struct server *s = context;
    struct fault fault = {""};
    struct context c = {.server = s, .request = request, .arena = request->arena};
    struct str key = cache_key(&c);
    uint64_t version, standing;
    bool fresh = key.n > 0 && gate_version(s->gate, &version, &standing);
    request->view_is_fresh = fresh;
    struct page_state state = {0};
    if (fresh)
        state = state_of(s, version, standing);
    struct reply *reply = fresh ? page_cache_get(s->cache, key, &state, false) : NULL;
    /* Nobody need wait for a database that says nothing. Whose write was answered a
     * moment ago has heard from it, before the pulse may have. */
    if (reply == NULL && fresh && pulse_read(s->pulse).silent > SILENT_S &&
        gate_silent(s->gate) > SILENT_S)
        reply = page_cache_last(s->cache, key, standing);
    if (reply != NULL || !routes_match_at_once(&c))
        return reply;
    struct response response = {.body = BUF_INIT(BODY_MAX)};
    if (c.route->handle(&c, &response, &fault) != RC_OK) {
        buf_free(&response.body);
        return NULL; /* its error is a page like others */
    }
    settle_caching(&c, &response);
    response.kind = (int)c.route->kind;
    reply = reply_seal(&response, head_now(s, request->arena), s->gzip);
    if (fresh && c.route->cached)
        page_cache_put(s->cache, key, &state, reply);
    return reply;
}

static bool on_preferred(void *context, const struct request *request)
{
    struct server *s = context;
    struct context c = {.server = s, .request = (struct request *)request};
    struct str token = session_token(&c, str_starts(request->path, STR("/api/")));
    return token.n > 0 && known_has(s->known, token);
}

/* Which request it answers is not known beforehand: any, that was not read. */
static struct reply *busy_reply(struct server *s, bool api, bool sent)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct request request = {.arena = &arena, .path = STR("/")};
    struct context c = {.server = s, .request = &request, .arena = &arena};
    struct refused refused = {
        .reason = "unavailable", .status = 503, .method = "ANY", .path = STR("*")};
    struct response response = {.status = 503,
                                .content_type = "text/plain; charset=utf-8",
                                .body = BUF_INIT(16384),
                                .retry_after = RETRY_AFTER};
    static const char busy[] = "too much is asked for at this moment; try again in a few seconds";
    if (sent && s->refuser != NULL)
        c.refusal = refuser_sign(s->refuser, &arena, &refused);
    if (api)
        error_problem(&c, 503, str_of(busy), &response);
    else
        buf_printf(&response.body, "503: %s\n%s%.*s", busy, c.refusal.n > 0 ? "\n" : "",
                   STR_ARG(c.refusal));
    response.caching = CACHING_NEVER;
    return reply_seal(&response, head_now(s, &arena), NULL);
}

/* Answers that cost nothing when there is no time for any: four a second are made. */
static struct reply *on_busy(void *context, const struct request *request)
{
    struct server *s = context;
    bool api = str_starts(request->path, STR("/api/")), sent = request->method != METHOD_GET;
    int64_t now = clock_monotonic_ms() / 1000 + 1;
    pthread_mutex_lock(&s->busy_lock);
    for (int i = 0; now != s->busy_at && i < 4; i++) {
        reply_drop(s->busy[i / 2][i % 2]);
        s->busy[i / 2][i % 2] = busy_reply(s, i / 2 == 1, i % 2 == 1);
    }
    s->busy_at = now;
    struct reply *reply = reply_hold(s->busy[api][sent]);
    pthread_mutex_unlock(&s->busy_lock);
    return reply;
}

/* Which one it is, is known before the body; NULL: none. */
static const struct route *route_of(struct server *s, const struct request *request)
{
    struct request copy = *request;
    struct context c = {.server = s, .request = &copy, .arena = request->arena};
    struct str tag, allow;
    GATE_HELD view = gate_hold_present(s->gate, request->arena);
    c.view = view;
    return routes_match(&c, &tag, &allow) == RC_OK ? c.route : NULL;
}

static size_t on_body_max(void *context, const struct request *request)
{
    if (request->method == METHOD_GET)
        return 0;
    const struct route *route = route_of(context, request);
    return route != NULL ? route->body_max : 64 << 10;
}

/* Files that are larger than memory are taken from staff alone, who are asked for before the
 * first byte; whose desk it is and what the form proves is checked with all of it, as ever. */
static bool may_spool(struct server *s, struct request *request)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct context c = {.server = s, .request = request, .arena = &arena};
    struct str token = session_token(&c, false);
    /* The database is asked of those alone who were somebody lately: who makes cookies up
     * does not keep the threads waiting that read everybody's requests. */
    if (token.n == 0 || !known_has(s->known, token) || pulse_read(s->pulse).silent > SILENT_S)
        return false;
    struct worker *worker = worker_take(s, NULL, NULL);
    enum rc rc =
        worker != NULL ? account_viewer(worker->conn, &arena, token, &c.viewer, NULL) : RC_BUSY;
    if (worker != NULL)
        worker_give(s, worker);
    return rc == RC_OK && (c.viewer.operator_role || c.viewer.shop != 0);
}

static const char *on_spool(void *context, const struct request *request, uint64_t *ret_max)
{
    struct server *s = context;
    struct request copy = *request;
    const char *folder;
    if (request->method != METHOD_POST)
        return NULL;
    const struct route *route = route_of(s, request);
    if (route == NULL || route->spool_max == 0 || !may_spool(s, &copy) ||
        feeds_folder(s->site, request->arena, &folder, NULL) != RC_OK)
        return NULL;
    *ret_max = route->spool_max;
    return folder;
}

/* A cover, a sample's picture or an e-book may come over a network; a card, a PDF and the chapters
 * of one's own book from another process; who comes back from the payment provider has it asked:
 * nobody else waits for that. */
static bool on_waits(void *context, const struct request *request)
{
    struct server *s = context;
    size_t n = request->segments.n;
    for (size_t i = 0; i + 2 < n; i++)
        if (str_eq(request->segments.v[i], STR("read")))
            return true;
    if (n > 1 && (str_eq(request->segments.v[n - 2], STR("library")) ||
                  str_eq(request->segments.v[n - 2], STR("files"))))
        return cover_reader_waits(s->covers);
    if (n > 1 && (str_eq(request->segments.v[n - 2], STR("cards")) ||
                  str_eq(request->segments.v[n - 1], STR("pdf"))))
        return true;
    if (s->card != NULL && n > 1 && str_eq(request->segments.v[n - 2], STR("orders")) &&
        parameter_get(&request->query, "card").n > 0)
        return true;
    for (size_t i = 1; i + 1 < n; i++)
        if (str_eq(request->segments.v[i], STR("covers")) ||
            str_eq(request->segments.v[i], STR("pictures")))
            return cover_reader_waits(s->covers);
    return false;
}

/* A book takes a few pages of a file beside us. A database elsewhere, a search, a list take
 * what they take. */
static bool on_quick(void *context, const struct request *request)
{
    struct server *s = context;
    size_t n = request->segments.n;
    return request->method == METHOD_GET && n >= 2 &&
           str_eq(request->segments.v[n - 2], STR("books")) && !site_is_shared(s->site) &&
           pulse_read(s->pulse).silent <= SILENT_S;
}

/* ---- running ---- */

static enum rc take_in_voices(struct server *s, const struct write_job *voices)
{
    ARENA_AUTO arena = ARENA_INIT;
    size_t n = 0;
    for (const struct write_job *job = voices; job != NULL; job = job->next)
        n++;
    uint64_t *works = ARENA_ARRAY(&arena, uint64_t, n);
    n = 0;
    for (const struct write_job *job = voices; job != NULL; job = job->next)
        if (job->rc == RC_OK && job->voices_of != NULL)
            works[n++] = *job->voices_of;
    return gate_reload_voices(s->gate, works, n, NULL);
}

static bool on_commit(void *context, const struct write_job *voices)
{
    struct server *s = context;
    enum rc rc = voices != NULL ? take_in_voices(s, voices) : gate_reload(s->gate, NULL);
    bool taken_in = rc == RC_OK;
    indexer_wake(s->indexer);
    mailer_wake(s->mailer);
    return taken_in;
}

static void server_close(struct server *s)
{
    warming_end(s->warming);
    feed_runner_close(s->feeds);
    epub_checker_close(s->checker);
    cover_fetcher_close(s->fetcher);
    webhook_sender_close(s->webhooks);
    lister_close(s->lister);
    bookkeeper_close(s->bookkeeper);
    liker_close(s->liker);
    misses_close(s->misses);
    teller_close(s->teller);
    herald_close(s->herald);
    card_rounds_close(s->card_rounds);
    mailer_stop(s->mailer); /* it writes what became of its letter */
    /* Then the writer: until it has ended, it tells the gate and the indexer. */
    writer_close(s->writer);
    mailer_free(s->mailer);
    pulse_close(s->pulse);
    indexer_close(s->indexer);
    gate_close(s->gate);
    whole_texts_free(s->texts);
    cover_reader_free(s->covers);
    record_lines_free(s->lines);
    title_surveys_free(s->surveys);
    absence_maker_free(s->absence);
    tile_trees_free(s->trees);
    limiter_free(s->limiter);
    passwords_free(s->passwords);
    device_checks_free(s->device_checks);
    refuser_close(s->refuser);
    page_cache_free(s->cache);
    gzip_pool_free(s->gzip);
    known_free(s->known);
    for (int i = 0; i < 4; i++)
        reply_drop(s->busy[i / 2][i % 2]);
    pthread_mutex_destroy(&s->busy_lock);
    workers_free(s->workers);
}

static enum rc server_open(struct server *s, const struct server_options *options,
                           struct fault *fault)
{
    s->limiter = limiter_new();
    s->covers = cover_reader_new(s->site);
    s->texts = whole_texts_new();
    s->lines = record_lines_new();
    s->surveys = title_surveys_new();
    s->absence = absence_maker_new();
    s->trees = tile_trees_new();
    s->passwords = passwords_new();
    s->device_checks = device_checks_new();
    (void)!refuser_open(s->site, &s->refuser, NULL);
    s->cache = page_cache_new(CACHE_BYTES, still_good, s);
    s->gzip = gzip_pool_new();
    s->known = known_new();
    pthread_mutex_init(&s->busy_lock, NULL);
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
    if (rc == RC_OK)
        rc = mailer_open(s->site, s->gate, s->writer, letter_compose, &s->mailer, fault);
    if (rc == RC_OK)
        rc = lister_open(s->site, s->writer, &s->lister, fault);
    if (rc == RC_OK)
        rc = bookkeeper_open(s->site, s->writer, &s->bookkeeper, fault);
    if (rc == RC_OK)
        rc = liker_open(s->site, s->writer, &s->liker, fault);
    if (rc == RC_OK)
        rc = misses_open(s->writer, &s->misses, fault);
    if (rc == RC_OK)
        rc = teller_open(s->site, s->writer, &s->teller, fault);
    if (rc == RC_OK)
        rc = herald_open(s->site, s->gate, s->writer, &s->herald, fault);
    if (rc == RC_OK && s->card != NULL)
        rc = card_rounds_open(s->card, s->site, s->writer, &s->card_rounds, fault);
    if (rc == RC_OK)
        rc = feed_runner_open(s->site, s->writer, &s->feeds, fault);
    s->webhooks_loopback = options->fetch_from_loopback;
    if (rc == RC_OK)
        rc = webhook_sender_open(s->site, s->writer, options->fetch_from_loopback, &s->webhooks,
                                 fault);
    if (rc == RC_OK)
        rc = epub_checker_open(s->site, s->writer, &s->checker, fault);
    if (rc == RC_OK && options->fetch_covers)
        rc = cover_fetcher_open(s->site, s->writer, options->fetch_from_loopback, &s->fetcher,
                                fault);
    if (rc == RC_OK) {
        writer_on_commit(s->writer, on_commit, s);
        s->growth = (struct restriction_growth){.site = s->site, .gate = s->gate};
        writer_at_rest(s->writer, restriction_grow, &s->growth);
        (void)on_commit(s, NULL); /* of what it published meanwhile it told nobody */
        refuser_declare(s->refuser, s->writer);
        rc = warming_start(s, on_answer, &s->warming, fault);
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
                       .contact = options->contact,
                       .card = options->card,
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
        rc = server_open(&s, options, fault);
    struct http_handler handler = {&s,           on_body_max, on_at_once, on_waits,   on_answer,
                                   on_preferred, on_busy,     on_spool,   on_refusal, on_quick};
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
