#include "web/answering.h"

#include "web/handlers.h"
#include "web/routes.h"

enum rc answer_once_written(struct context *c, struct voice_write *write, written_handler written,
                            refused_handler refused)
{
    c->write = write;
    c->written = written;
    c->refused = refused;
    return RC_OK;
}

void answering_give_worker(struct answering *a)
{
    struct context *c = &a->c;
    a->language = arena_str(c->arena, language_tag(c->language));
    worker_give(c->server, c->worker);
    c->worker = NULL;
    c->visit.conn = NULL;
}

void answering_end(struct answering *a)
{
    gate_drop(a->c.view);
    a->c.view = NULL;
}

/* On the writing thread. */
static void on_written(void *context)
{
    struct answering *a = context;
    a->rc = voice_end(a->c.write, &a->made, &a->fault);
    a->come(a->exchange, a->rc == RC_OK && !a->c.wants_receipt);
}

static void start_writing(struct later *later, void (*come)(void *exchange, bool at_once),
                          void *exchange)
{
    struct answering *a = (struct answering *)later;
    a->come = come;
    a->exchange = exchange;
    voice_start(a->c.write, on_written, a);
}

struct reply *answering_seal(struct answering *a, bool kept)
{
    a->response.kind = a->c.route != NULL ? (int)a->c.route->kind : 0;
    if (!kept)
        a->response.only = a->c.request;
    a->response.packed = kept && a->c.request->gzip;
    struct reply *reply = reply_seal(&a->response, record_head(&a->c), a->c.server->gzip);
    answering_end(a);
    return reply;
}

/* It could not be written: an answer like others, with a worker. */
static struct reply *answer_refused(struct answering *a)
{
    struct context *c = &a->c;
    refused_handler refused = c->refused;
    struct fault fault = {""};
    buf_free(&a->response.body);
    a->response = (struct response){.body = BUF_INIT(BODY_MAX)};
    c->write = NULL;
    c->worker = worker_take(c->server, NULL, &fault);
    if (c->worker == NULL) {
        answering_end(a);
        return refusal(c->server, c->request, 503, "the database cannot be opened");
    }
    c->visit.conn = c->worker->conn;
    c->language = worker_language(c->worker, a->language);
    enum rc rc = refused == NULL ? a->rc : refused(c, a->rc, &a->response, &a->fault);
    bool again = rc == RC_OK && c->write != NULL;
    if (!again)
        conclude(c, rc, &a->response, &a->fault);
    answering_give_worker(a);
    return again ? NULL : answering_seal(a, false);
}

/* What was written stands, with a receipt or without: that can be fetched later. */
static void add_receipt(struct answering *a)
{
    struct context *c = &a->c;
    struct worker *worker = worker_take(c->server, NULL, NULL);
    if (worker == NULL)
        return;
    if (voice_receipt(c->write, worker->conn, c->arena, &c->receipt, NULL) != RC_OK)
        c->receipt = STR_NONE;
    worker_give(c->server, worker);
}

static struct reply *answer_written(struct later *later)
{
    struct answering *a = (struct answering *)later;
    if (a->rc != RC_OK)
        return answer_refused(a);
    if (a->c.wants_receipt)
        add_receipt(a);
    if (a->c.written != NULL)
        a->c.written(&a->c, &a->made, &a->response);
    settle_caching(&a->c, &a->response);
    return answering_seal(a, false);
}

static void drop_answering(struct later *later)
{
    struct answering *a = (struct answering *)later;
    buf_free(&a->response.body);
    answering_end(a);
}

struct later *answering_later(struct answering *a)
{
    a->later = (struct later){start_writing, answer_written, drop_answering};
    return &a->later;
}
