/* The signed statement that goes with each refusal of what somebody sent. */
#include "app/refuser.h"
#include "web/handlers.h"

static const char *reason_of(int status, enum rc rc)
{
    switch (status) {
    case 400:
    case 422:
        return "invalid";
    case 401:
        return "not-signed-in";
    case 404:
        return "not-found";
    case 405:
        return "method";
    case 409:
        return "duplicate";
    case 413:
        return "too-large";
    case 415:
        return "media-type";
    case 429:
        return "rate-limit";
    case 503:
        return "unavailable";
    default:
        return rc == RC_DENIED ? "denied" : status >= 500 ? "failure" : "refused";
    }
}

void refuse(struct context *c, enum rc rc, int status, bool read)
{
    static const char *const methods[] = {
        [METHOD_POST] = "POST", [METHOD_PUT] = "PUT", [METHOD_DELETE] = "DELETE"};
    enum method method = c->request->method;
    if (c->refusal.n > 0 || c->server == NULL || c->server->refuser == NULL ||
        (method != METHOD_POST && method != METHOD_PUT && method != METHOD_DELETE))
        return;
    if (c->withheld != NULL && ground_is_legal_demand(c->withheld->ground))
        status = 451; /* as answer_withheld says */
    struct refused refused = {.reason = c->withheld != NULL ? "withheld"
                                        : c->reason != NULL ? c->reason
                                                            : reason_of(status, rc),
                              .status = (unsigned)status,
                              .method = methods[method],
                              .path = c->request->path,
                              .sent = read ? &c->request->body : NULL,
                              .restriction = c->withheld != NULL ? c->withheld->id : 0};
    c->refusal = refuser_sign(c->server->refuser, c->arena, &refused);
}

enum rc handle_refusals_vkey(struct context *c, struct response *ret, struct fault *fault)
{
    struct str keys;
    enum rc rc = refuser_keys(c->server->site, c->arena, &keys, fault);
    if (rc == RC_OK) {
        ret->content_type = "text/plain; charset=utf-8";
        buf_str_add(&ret->body, keys);
    }
    return rc;
}
