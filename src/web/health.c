/* How the server is, for whoever watches it: nothing here waits for the database. */
#include "base/json.h"
#include "web/handlers.h"
#include "web/warming.h"

/* The process is alive and answers. */
enum rc handle_health(struct context *c, struct response *ret, struct fault *fault)
{
    (void)c;
    (void)fault;
    ret->content_type = "text/plain; charset=utf-8";
    BUF_LIT(&ret->body, "ok\n");
    return RC_OK;
}

/* It can do its work: a balancer may send readers here. */
enum rc handle_ready(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    const struct {
        const char *name;
        bool there;
    } parts[] = {{"database", pulse_read(c->server->pulse).alive},
                 {"gate", gate_sound(c->server->gate)},
                 {"index", indexer_present(c->server->indexer)},
                 {"pages", warming_done(c->server->warming)}}; /* the first after a start */
    JSON_AUTO *missing = json_array();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!parts[i].there)
            json_array_append_new(missing, json_string(parts[i].name));
    bool ready = json_array_size(missing) == 0;
    char why[WRITER_WHY_MAX];
    bool stuck = writer_cannot_sign(c->server->writer, why);
    /* Pages and lifts go on: no reason to send readers elsewhere. */
    JSON_AUTO *json =
        json_pack("{s:b, s:O, s:b}", "ready", (int)ready, "missing", missing, "signs", (int)!stuck);
    if (stuck)
        json_object_set_new(json, "why", json_string(why));
    ret->content_type = "application/json";
    ret->status = ready ? 200 : 503;
    ret->retry_after = ready ? 0 : 2;
    json_write(json, &ret->body);
    buf_char(&ret->body, '\n');
    return RC_OK;
}
