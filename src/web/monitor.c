#include "web/monitor.h"

#include <unistd.h>

#include "web/handlers.h"
#include "web/listen.h"
#include "web/reply_mhd.h"

enum { CONNECTIONS_MAX = 32, IDLE_SECONDS = 10, HEADER_MEMORY = 8 << 10, ANSWER_MAX = 1 << 20 };

struct monitor {
    struct MHD_Daemon *daemon;
    struct server *server;
};

static const struct {
    const char *path;
    route_handler handle;
} pages[] = {{"/metrics", handle_metrics}, {"/healthz", handle_health}, {"/readyz", handle_ready}};

static struct reply *answer(struct monitor *m, struct request *request, const char *method)
{
    struct fault fault = {""};
    struct context c = {.server = m->server, .request = request, .arena = request->arena};
    struct response r = {.body = BUF_INIT(ANSWER_MAX), .caching = CACHING_NEVER};
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    r.status = reads ? 404 : 405;
    for (size_t i = 0; reads && i < sizeof pages / sizeof *pages; i++)
        if (str_eq(request->path, str_of(pages[i].path))) {
            r.status = 0;
            if (pages[i].handle(&c, &r, &fault) != RC_OK)
                r.status = 500;
        }
    if (r.status == 405)
        r.allow = STR("GET, HEAD");
    return reply_seal(&r, STR_NONE, NULL);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **state)
{
    (void)version;
    (void)upload;
    if (*upload_n > 0)
        return MHD_NO;
    if (*state == NULL) {
        *state = context; /* asked again once all of it is here */
        return MHD_YES;
    }
    ARENA_AUTO arena = ARENA_INIT;
    struct request request = {.arena = &arena, .path = str_of(url)};
    struct reply *reply = answer(context, &request, method);
    int status;
    enum MHD_Result result = reply_send(reply, connection, &request, &status);
    reply_drop(reply);
    return result;
}

enum rc monitor_start(struct server *server, const char *at, struct monitor **ret,
                      struct fault *fault)
{
    int fd;
    enum rc rc = listen_at("--metrics-listen", at, &fd, fault);
    if (rc != RC_OK)
        return rc;
    struct monitor *m = calloc(1, sizeof *m);
    if (m == NULL)
        abort();
    m->server = server;
    m->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, m,
                                 MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
                                 (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                                 (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                 (size_t)HEADER_MEMORY, MHD_OPTION_END);
    if (m->daemon == NULL) {
        close(fd);
        free(m);
        return fault_set(fault, RC_IO, "--metrics-listen %s: it does not start", at);
    }
    *ret = m;
    return RC_OK;
}

void monitor_stop(struct monitor *m)
{
    if (m == NULL)
        return;
    MHD_stop_daemon(m->daemon);
    free(m);
}
