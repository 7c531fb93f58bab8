#include "web/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/wait.h"
#include "web/accept.h"
#include "web/connections.h"
#include "web/flow.h"
#include "web/head.h"
#include "web/lane.h"
#include "web/listen.h"
#include "web/multipart.h"
#include "web/reply_mhd.h"

/* Why a request was refused without being looked at. */
enum refused { REFUSED_READ, REFUSED_KNOWN, REFUSED_WRITE, REFUSED_WAITED, REFUSED_COUNT };

enum {
    /* Request line and headers together. A kept connection has all of it touched: it
     * is most of what an idle client costs. */
    HEADER_MEMORY = 16 << 10,
    CONNECTIONS_MAX = 10000,
    PER_ADDRESS_MAX = 250, /* where addresses are the clients' own */
    IDLE_SECONDS = 30,
    FILES_BESIDE = 1000, /* of databases and indexes, beside the connections */
    THREADS_MIN = 4,
    THREADS_MAX = 16,
    HEARD_OUT_MAX = 32 << 20, /* of a form with files that are too large */
    RENEWS = 512 << 10, /* so much of a file that goes to the disk, and its time begins anew */
    WRITERS = 8,        /* threads; most writes wait for their batch without one */
    WAITERS = 8,        /* threads, of what is read from a store or another process */
    FETCHERS = 4,       /* threads, of pieces of files in a remote store */
    ROOM = 2000,        /* in a lane's queue; few get to wait, by how long they do */
    READ_FULL_MS = 250, /* who would wait behind somebody who waited for so long is refused */
    WRITE_FULL_MS = 5000,
    READ_PATIENCE_MS = 2000, /* who was let in and waits for longer is given up */
    WRITE_PATIENCE_MS = 10000,
    FEW = 128,           /* connections: so many pages in a row keep nobody waiting for long */
    SLOW_US = 5000,      /* a page that took longer was not quick, */
    SLOW_MS = 200,       /* and for so long none is thought to be */
    SPARE_MAX = 32,      /* exchanges, each with some memory, that are kept for the next */
    FAREWELL_MS = 10000, /* for requests on their way when the server ends */
    ANSWERS_MS = 1000,   /* and for answers that were late */
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct http_handler handler;
    bool trust_proxy;
    int fd; /* that listens */
    struct acceptor *acceptor;
    int silent;             /* the other end of what stands for a listening socket */
    atomic_size_t arriving; /* taken, and not begun yet by a thread of the pool */
    struct lane *reads, *writes, *waits, *flows;
    struct connections *connections;
    counter refused[REFUSED_COUNT];
    struct sleeper sweeping;
    unsigned threads;               /* of the pool */
    atomic_uint making;             /* how many of them make a page */
    atomic_int_fast64_t slow_until; /* ms */
    atomic_bool leaving;            /* a connection ends with its answer */
    pthread_mutex_t spare_lock;
    struct exchange *spare; /* the last one that was used first: its memory is at hand */
    size_t spare_count;
    pthread_mutex_t lock; /* over what stands below */
    pthread_cond_t come;  /* nothing is under way any more */
    bool stopping;        /* nothing is handed to the lanes any more */
    size_t under_way;     /* handed over, and without an answer yet */
    size_t handed_over;   /* and not completed yet */
};

/* One request on its way in. */
struct exchange {
    struct waiting waiting; /* first: a lane is given this */
    struct http_server *server;
    struct MHD_Connection *connection; /* suspended; resumed with the reply */
    struct connection *client;
    struct reply *reply;
    struct exchange *next_spare;
    struct flow *flow;   /* what it sends, of which the next piece is not there */
    struct later *later; /* what it waits for, or an answer that needs only to be made */
    bool handed_over;
    struct arena arena;
    struct request request;
    struct str uri;
    bool begun;
    int64_t whole_us; /* when all of the request was there; 0: it never was */
    enum answer_source source;
    struct buf body;
    struct multipart *form; /* in place of the body */
    bool spooled;           /* its files go to the disk */
    size_t renewing;        /* bytes since its time began */
};

/* ---- sending ---- */

/* Its own thread goes on with it; x may be gone from here on. */
static void resume(struct exchange *x)
{
    struct http_server *server = x->server;
    MHD_resume_connection(x->connection);
    pthread_mutex_lock(&server->lock);
    if (--server->under_way == 0)
        pthread_cond_signal(&server->come);
    pthread_mutex_unlock(&server->lock);
}

static void fetch_piece(struct waiting *waiting)
{
    struct exchange *x = (struct exchange *)waiting;
    (void)flow_fetch(x->flow); /* who sends it asks how it went */
    resume(x);
}

/* The threads that send to everybody never wait for a store. */
static bool await_piece(void *context)
{
    struct exchange *x = context;
    struct http_server *server = x->server;
    pthread_mutex_lock(&server->lock);
    bool open = !server->stopping;
    if (open) {
        server->under_way++;
        x->waiting.run = fetch_piece;
        MHD_suspend_connection(x->connection);
        lane_add(server->flows, &x->waiting, false, clock_monotonic_ms());
    }
    pthread_mutex_unlock(&server->lock);
    return open;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct exchange *x,
                                  struct reply *reply)
{
    struct traffic *t = connection_traffic(x->client);
    int status, kind = reply_kind(reply);
    x->flow = reply_flow(reply);
    x->connection = connection;
    if (x->flow != NULL)
        flow_sent_by(x->flow, &(struct flow_sender){await_piece, x});
    enum MHD_Result result = reply_send(reply, connection, &x->request, &status);
    reply_drop(reply);
    count(&t->answers[kind][status / 100], 1);
    if (x->whole_us != 0)
        durations_add(&t->took[x->source], (uint64_t)(clock_monotonic_us() - x->whole_us));
    connection_phase(x->client, PHASE_SENDING);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, struct exchange *x, int status,
                              const char *reason)
{
    const struct http_handler *h = &x->server->handler;
    return send_reply(connection, x, h->refusal(h->context, &x->request, status, reason));
}

/* ---- libmicrohttpd's callbacks ---- */

static struct connection *client_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **place,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;
    if (code != MHD_CONNECTION_NOTIFY_STARTED) {
        connection_end(server->connections, *place);
        return;
    }
    *place = connection_begin(
        server->connections,
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
    atomic_fetch_sub(&server->arriving, 1);
}

/* One that was used before, with an empty arena. */
static struct exchange *exchange_take(struct http_server *server)
{
    pthread_mutex_lock(&server->spare_lock);
    struct exchange *x = server->spare;
    if (x != NULL) {
        server->spare = x->next_spare;
        server->spare_count--;
    }
    pthread_mutex_unlock(&server->spare_lock);
    struct arena arena = x != NULL ? x->arena : ARENA_INIT;
    if (x == NULL && (x = malloc(sizeof *x)) == NULL)
        abort();
    *x = (struct exchange){.server = server, .arena = arena};
    return x;
}

static void exchange_free(struct exchange *x)
{
    arena_free(&x->arena);
    free(x);
}

static void exchange_give(struct exchange *x)
{
    struct http_server *server = x->server;
    arena_reset(&x->arena);
    pthread_mutex_lock(&server->spare_lock);
    bool room = server->spare_count < SPARE_MAX;
    if (room) {
        x->next_spare = server->spare;
        server->spare = x;
        server->spare_count++;
    }
    pthread_mutex_unlock(&server->spare_lock);
    if (!room)
        exchange_free(x);
}

static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *x = exchange_take(context);
    x->request.arena = &x->arena;
    x->uri = arena_str(&x->arena, str_of(uri));
    x->client = client_of(connection);
    return x;
}

static void answer_later(struct waiting *waiting);
static void give_up_later(struct waiting *waiting);

static void come(void *context, bool at_once)
{
    struct exchange *x = context;
    if (at_once) {
        resume(x);
        return;
    }
    x->waiting.run = answer_later;
    x->waiting.give_up = give_up_later;
    lane_add(x->server->writes, &x->waiting, false, clock_monotonic_ms());
}

static void settle(struct exchange *x)
{
    if (x->reply != NULL)
        resume(x);
    else
        x->later->start(x->later, come, x);
}

static void answer_later(struct waiting *waiting)
{
    struct exchange *x = (struct exchange *)waiting;
    x->reply = x->later->answer(x->later);
    if (x->reply != NULL)
        x->later = NULL;
    settle(x);
}

static void answer_waiting(struct waiting *waiting)
{
    struct exchange *x = (struct exchange *)waiting;
    const struct http_handler *h = &x->server->handler;
    x->reply = h->answer(h->context, &x->request, &x->later);
    settle(x);
}

static void give_up_waiting(struct waiting *waiting)
{
    struct exchange *x = (struct exchange *)waiting;
    const struct http_handler *h = &x->server->handler;
    x->reply = h->busy(h->context, &x->request);
    count(&x->server->refused[REFUSED_WAITED], 1);
    resume(x);
}

/* Its write came to an end, but nobody has the time to say which. */
static void give_up_later(struct waiting *waiting)
{
    struct exchange *x = (struct exchange *)waiting;
    x->later->drop(x->later);
    x->later = NULL;
    give_up_waiting(waiting);
}

/* What is not in memory is work for a lane's thread; false where that has too
 * much of it, or the server is ending. */
static bool hand_over(struct exchange *x, struct MHD_Connection *connection)
{
    struct http_server *server = x->server;
    const struct http_handler *h = &server->handler;
    bool read = x->request.method == METHOD_GET;
    struct lane *lane = !read                               ? server->writes
                        : h->waits(h->context, &x->request) ? server->waits
                                                            : server->reads;
    bool preferred = lane == server->reads && h->preferred(h->context, &x->request);
    int64_t now = x->whole_us / 1000;
    x->source = read ? ANSWER_READ : ANSWER_WRITTEN;
    pthread_mutex_lock(&server->lock);
    bool open = !server->stopping && lane_open(lane, preferred, now);
    x->request.view_is_fresh = false; /* by the time it is answered */
    if (open) {
        server->handed_over++;
        server->under_way++;
        x->handed_over = true;
        x->connection = connection;
        x->waiting.run = answer_waiting;
        x->waiting.give_up = give_up_waiting;
        connection_phase(x->client, PHASE_WORK);
        MHD_suspend_connection(connection);
        lane_add(lane, &x->waiting, preferred, now);
    }
    pthread_mutex_unlock(&server->lock);
    if (!open)
        count(&server->refused[!read       ? REFUSED_WRITE
                               : preferred ? REFUSED_KNOWN
                                           : REFUSED_READ],
              1);
    return open;
}

static bool may_make_here(struct exchange *x)
{
    struct http_server *server = x->server;
    const struct http_handler *h = &server->handler;
    if (h->quick == NULL || !h->quick(h->context, &x->request) ||
        x->whole_us / 1000 < atomic_load(&server->slow_until) ||
        connections_open(server->connections) > FEW || lane_state(server->reads).waiting > 0)
        return false;
    /* Should the disk hang, half of the threads go on. */
    if (atomic_fetch_add(&server->making, 1) < server->threads / 2)
        return true;
    atomic_fetch_sub(&server->making, 1);
    return false;
}

/* Three threads' wake-ups less than by a lane, which is there for what may take long or
 * comes in crowds; NULL: that is where it has to go. */
static struct reply *make_here(struct exchange *x)
{
    struct http_server *server = x->server;
    const struct http_handler *h = &server->handler;
    if (!may_make_here(x))
        return NULL;
    x->source = ANSWER_READ;
    struct reply *reply = h->answer(h->context, &x->request, &x->later);
    int64_t now = clock_monotonic_us();
    if (now - x->whole_us > SLOW_US)
        atomic_store(&server->slow_until, now / 1000 + SLOW_MS);
    atomic_fetch_sub(&server->making, 1);
    return reply;
}

/* All of it is here. */
static enum MHD_Result answer_whole(struct exchange *x, struct MHD_Connection *connection)
{
    const struct http_handler *h = &x->server->handler;
    struct reply *reply = NULL;
    x->whole_us = clock_monotonic_us();
    x->request.body = buf_str(&x->body);
    if (x->form != NULL)
        multipart_end(x->form, &x->request);
    if (x->request.method == METHOD_GET)
        reply = h->at_once(h->context, &x->request);
    if (reply == NULL)
        reply = make_here(x);
    if (reply == NULL && hand_over(x, connection))
        return MHD_YES;
    return send_reply(connection, x, reply != NULL ? reply : h->busy(h->context, &x->request));
}

static enum MHD_Result take_head(struct exchange *x, struct MHD_Connection *connection,
                                 const struct head_line *line)
{
    const struct http_handler *h = &x->server->handler;
    uint64_t length;
    int status;
    const char *wrong =
        head_read(&x->request, connection, line, x->server->trust_proxy, &length, &status);
    if (wrong != NULL)
        return refuse(connection, x, status, wrong);
    x->body = BUF_INIT(h->body_max(h->context, &x->request));
    uint64_t max = x->body.max;
    const char *folder = h->spool != NULL ? h->spool(h->context, &x->request, &max) : NULL;
    /* Browsers look for no answer before all of a file is sent: they are heard out. */
    if (length <= HEARD_OUT_MAX || (folder != NULL && length <= max))
        x->form = multipart_new(connection, &x->request, max, folder);
    x->spooled = x->form != NULL && folder != NULL;
    if (length > x->body.max && x->form == NULL)
        return refuse(connection, x, 413, "the body is too large");
    connection_phase(x->client, PHASE_BODY);
    return MHD_YES;
}

/* A large file takes as long as it does, while it comes at a pace: 17 KB a second. */
static void renew(struct exchange *x, size_t n)
{
    x->renewing += n;
    if (!x->spooled || x->renewing < RENEWS)
        return;
    x->renewing = 0;
    connection_phase(x->client, PHASE_BODY);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **state)
{
    (void)context;
    (void)url;
    struct exchange *x = *state;
    if (!x->begun) {
        x->begun = true;
        return take_head(x, connection, &(struct head_line){method, version, x->uri});
    }
    if (*upload_n > 0) {
        if (x->form != NULL)
            multipart_add(x->form, upload, *upload_n);
        else
            buf_add(&x->body, upload, *upload_n); /* what is too much shows at the end */
        renew(x, *upload_n);
        *upload_n = 0;
        return MHD_YES;
    }
    if (x->later != NULL) { /* it has come, and needs nothing but memory */
        x->reply = x->later->answer(x->later);
        x->later = NULL;
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
    struct http_server *server = x->server;
    connection_phase(x->client, PHASE_HEAD);
    if (atomic_load_explicit(&server->leaving, memory_order_relaxed))
        connection_hang_up(x->client);
    if (x->handed_over) {
        pthread_mutex_lock(&server->lock);
        server->handed_over--;
        pthread_mutex_unlock(&server->lock);
    }
    if (x->later != NULL) /* its client has gone meanwhile */
        x->later->drop(x->later);
    reply_drop(x->reply);
    buf_free(&x->body);
    multipart_free(x->form);
    exchange_give(x);
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
 * leave none for the database. How many connections there is room for. */
static unsigned want_connections(void)
{
    struct rlimit limit;
    rlim_t wanted = CONNECTIONS_MAX + FILES_BESIDE;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return FILES_BESIDE;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted)
        return CONNECTIONS_MAX;
    return limit.rlim_cur > 2 * FILES_BESIDE ? (unsigned)limit.rlim_cur - FILES_BESIDE
                                             : (unsigned)limit.rlim_cur / 2;
}

static unsigned within(long n, unsigned least, unsigned most)
{
    return n < (long)least ? least : n > (long)most ? most : (unsigned)n;
}

/* Once a second, whoever is too slow: a client that holds its connection, a lane
 * that does not get to what waits in it. */
static void *sweep_thread(void *context)
{
    struct http_server *server = context;
    while (sleeper_rest(&server->sweeping, 1000)) {
        int64_t now = clock_monotonic_ms();
        connections_sweep(server->connections);
        lane_expire(server->reads, now - READ_PATIENCE_MS);
        lane_expire(server->writes, now - WRITE_PATIENCE_MS);
        lane_expire(server->waits, now - WRITE_PATIENCE_MS);
    }
    return NULL;
}

/* ---- who comes ---- */

static bool has_room(void *context)
{
    struct http_server *server = context;
    return connections_room(server->connections) > atomic_load(&server->arriving);
}

static void take(void *context, int fd, const struct sockaddr *from, socklen_t n)
{
    struct http_server *server = context;
    atomic_fetch_add(&server->arriving, 1);
    /* Refused, as one too many of an address, it is closed, and never begun. */
    if (MHD_add_connection(server->daemon, fd, from, n) != MHD_YES)
        atomic_fetch_sub(&server->arriving, 1);
}

/* The pool wants a socket that listens. It gets one on which nobody ever comes. */
static enum rc nobodys_socket(struct http_server *server, int *ret, struct fault *fault)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
        return fault_set(fault, RC_IO, "the HTTP server gets no socket");
    server->silent = pair[0];
    *ret = pair[1];
    return RC_OK;
}

static void http_free(struct http_server *server)
{
    if (server->silent >= 0)
        close(server->silent);
    lane_free(server->reads);
    lane_free(server->writes);
    lane_free(server->waits);
    lane_free(server->flows);
    connections_free(server->connections);
    sleeper_free(&server->sweeping);
    for (struct exchange *x = server->spare, *next; x != NULL; x = next) {
        next = x->next_spare;
        exchange_free(x);
    }
    pthread_mutex_destroy(&server->spare_lock);
    pthread_cond_destroy(&server->come);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

static struct MHD_Daemon *start_pool(struct http_server *server, int listening, unsigned threads,
                                     unsigned connections)
{
    enum { SLACK = 64 }; /* for each thread: the limit is ours, see has_room */
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0,
        NULL, NULL, on_request, NULL, MHD_OPTION_LISTEN_SOCKET, listening,
        MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
        connections + threads * SLACK, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, server->trust_proxy ? 0u : (unsigned)PER_ADDRESS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped,
        NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, server, MHD_OPTION_END);
}

static enum rc start_threads(struct http_server *server, unsigned threads, unsigned connections,
                             struct fault *fault)
{
    int listening = -1;
    struct acceptor_order order = {server->fd, has_room, take, server};
    enum rc rc = nobodys_socket(server, &listening, fault);
    if (rc != RC_OK)
        return rc;
    server->daemon = start_pool(server, listening, threads, connections);
    if (server->daemon == NULL) {
        close(listening);
        return fault_set(fault, RC_IO, "the HTTP server does not start");
    }
    rc = acceptor_start(&order, &server->acceptor, fault);
    if (rc == RC_OK) {
        rc = sleeper_start(&server->sweeping, sweep_thread, server, "ends slow clients", fault);
        if (rc != RC_OK)
            acceptor_stop(server->acceptor);
    }
    if (rc != RC_OK)
        MHD_stop_daemon(server->daemon);
    return rc;
}

enum rc http_start(const struct http_options *options, const struct http_handler *handler,
                   struct http_server **ret, struct fault *fault)
{
    unsigned connections = want_connections();
    unsigned threads = within(sysconf(_SC_NPROCESSORS_ONLN) * 2, THREADS_MIN, THREADS_MAX);
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        abort();
    *server = (struct http_server){
        .handler = *handler, .trust_proxy = options->trust_proxy, .fd = options->fd, .silent = -1};
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->spare_lock, NULL);
    sleeper_init(&server->sweeping);
    pthread_cond_init(&server->come, NULL);
    server->connections = connections_new(connections);
    server->threads = threads;
    size_t capacity = options->capacity > 0 ? options->capacity : threads;
    server->reads =
        lane_new(&(struct lane_order){capacity, (capacity + 3) / 4, ROOM, READ_FULL_MS});
    server->writes = lane_new(&(struct lane_order){WRITERS, 0, ROOM, WRITE_FULL_MS});
    server->waits = lane_new(&(struct lane_order){WAITERS, 0, ROOM, WRITE_FULL_MS});
    server->flows = lane_new(&(struct lane_order){FETCHERS, 0, ROOM, WRITE_FULL_MS});
    enum rc rc = start_threads(server, threads, connections, fault);
    if (rc != RC_OK) {
        http_free(server);
        return rc;
    }
    *ret = server;
    return RC_OK;
}

void http_read(struct http_server *server, struct http_state *ret)
{
    struct lane_state reads = lane_state(server->reads), writes = lane_state(server->writes),
                      waits = lane_state(server->waits);
    *ret = (struct http_state){
        .reads_working = reads.working + waits.working,
        .reads_waiting = reads.waiting + waits.waiting,
        .writes_working = writes.working,
        .writes_waiting = writes.waiting,
        .refused_reads = counted(&server->refused[REFUSED_READ]),
        .refused_known = counted(&server->refused[REFUSED_KNOWN]),
        .refused_writes = counted(&server->refused[REFUSED_WRITE]),
        .refused_waited = counted(&server->refused[REFUSED_WAITED]),
    };
    connections_read(server->connections, &ret->connections);
}

/* No more connections are taken; where others hold the socket too, those that come
 * wait in it for whoever is started next. */
static void stop_accepting(struct http_server *server, bool inherited)
{
    atomic_store(&server->leaving, true);
    acceptor_stop(server->acceptor);
    if (!inherited)
        shutdown(server->fd, SHUT_RDWR);
}

/* Everybody who is connected gets an answer to what they asked, or are about to. */
static void see_off(struct http_server *server)
{
    enum { TICK_MS = 10, STILL_TICKS = 5 };
    unsigned still = 0;
    for (unsigned ms = 0; ms < FAREWELL_MS && still < STILL_TICKS; ms += TICK_MS) {
        size_t there = connections_leave(server->connections, ms) + atomic_load(&server->arriving);
        still = there == 0 ? still + 1 : 0;
        usleep(TICK_MS * 1000);
    }
}

/* None is suspended any more; what was written is told before its connection ends. */
static void tell_answers(struct http_server *server)
{
    for (int ms = 0; ms < ANSWERS_MS; ms += 5) {
        pthread_mutex_lock(&server->lock);
        bool all_told = server->handed_over == 0;
        pthread_mutex_unlock(&server->lock);
        if (all_told)
            return;
        usleep(5000);
    }
}

void http_stop(struct http_server *server, bool inherited)
{
    if (server == NULL)
        return;
    stop_accepting(server, inherited);
    see_off(server);
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    while (server->under_way > 0)
        pthread_cond_wait(&server->come, &server->lock);
    pthread_mutex_unlock(&server->lock);
    sleeper_stop(&server->sweeping);
    tell_answers(server);
    /* A request that came behind another one may look at a lane until the daemon's threads end. */
    MHD_stop_daemon(server->daemon);
    lane_free(server->reads);
    lane_free(server->writes);
    lane_free(server->waits);
    lane_free(server->flows);
    server->reads = server->writes = server->waits = server->flows = NULL;
    close(server->fd);
    http_free(server);
}
