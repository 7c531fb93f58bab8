#include "web/witness_server.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "web/http.h"
#include "web/listen.h"

/* A note and a proof at their largest (record/add_checkpoint.h). */
enum { BODY_MAX = 68 << 10, ANSWER_MAX = 256 << 10 };

static struct reply *seal(struct witness_answer answer)
{
    struct response r = {.status = answer.status,
                         .content_type = answer.content_type,
                         .body = BUF_INIT(ANSWER_MAX),
                         .caching = CACHING_NEVER,
                         .no_etag = true};
    if (answer.status == 405)
        r.allow = STR("GET, HEAD, POST");
    if (answer.status == 503)
        r.retry_after = 2;
    buf_str_add(&r.body, answer.body);
    return reply_seal(&r, STR_NONE, NULL);
}

static struct reply *say(int status, const char *text)
{
    return seal((struct witness_answer){status, "text/plain; charset=utf-8", str_of(text)});
}

static bool is_key(const struct request *r)
{
    return r->segments.n == 1 && str_eq(r->segments.v[0], STR("add-key"));
}

static bool is_submission(const struct request *r)
{
    return is_key(r) || (r->segments.n == 1 && str_eq(r->segments.v[0], STR("add-checkpoint")));
}

static size_t on_body_max(void *context, const struct request *request)
{
    (void)context;
    return request->method == METHOD_POST && is_submission(request) ? BODY_MAX : 0;
}

static struct reply *on_at_once(void *context, struct request *request)
{
    (void)context;
    (void)request;
    return NULL;
}

static bool on_waits(void *context, const struct request *request)
{
    (void)context;
    (void)request;
    return false;
}

static struct reply *on_answer(void *context, struct request *r, struct later **ret_later)
{
    (void)ret_later;
    if (is_key(r) && r->method == METHOD_POST)
        return seal(witness_add_key(context, r->arena, r->body));
    if (is_submission(r))
        return r->method == METHOD_POST ? seal(witness_add_checkpoint(context, r->arena, r->body))
                                        : say(405, "a POST is needed\n");
    if (r->method != METHOD_GET)
        return say(405, "only add-checkpoint takes more than a GET\n");
    if (r->segments.n == 2 && str_eq(r->segments.v[1], STR("checkpoint")))
        return seal(witness_checkpoint(context, r->arena, r->segments.v[0]));
    return say(404, "a witness: POST /add-checkpoint, GET /<SHA-256 of the origin>/checkpoint\n");
}

static struct reply *on_busy(void *context, const struct request *request)
{
    (void)context;
    (void)request;
    return say(503, "too much is asked for at this moment\n");
}

static struct reply *on_refusal(void *context, struct request *request, int status,
                                const char *reason)
{
    (void)context;
    (void)request;
    return say(status, reason);
}

enum rc witness_server_run(struct witness *witness, const char *listen,
                           void (*ready)(void *context, const char *address), void *context,
                           struct fault *fault)
{
    struct http_server *http = NULL;
    sigset_t signals;
    int fd = -1, taken;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    enum rc rc = listen_at("--listen", listen, &fd, fault);
    struct http_handler handler = {witness,  on_body_max, on_at_once, on_waits,  on_answer,
                                   on_waits, on_busy,     NULL,       on_refusal};
    struct http_options options = {fd, false, 0};
    if (rc == RC_OK)
        rc = http_start(&options, &handler, &http, fault);
    if (rc == RC_OK) {
        char address[128];
        snprintf(address, sizeof address, "http://%s", listen_name(fd).text);
        ready(context, address);
        sigwait(&signals, &taken);
        http_stop(http, false);
    } else if (fd >= 0) {
        close(fd);
    }
    return rc;
}
