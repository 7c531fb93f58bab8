/* The lists of titles that storefronts signed: lines, as they were signed. */
#include "app/listing.h"
#include "web/handlers.h"

enum { BODY_MAX = 80 << 20 };

static void answer(struct response *ret, const char *type, struct str bytes)
{
    buf_free(&ret->body);
    ret->body = BUF_INIT(BODY_MAX);
    ret->content_type = type;
    buf_str_add(&ret->body, bytes);
}

enum rc handle_listings(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = listing_index(c->worker->conn, c->arena, &text, fault);
    if (rc == RC_OK)
        answer(ret, "application/json", text);
    return rc;
}

enum rc handle_listing(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = listing_titles(c->worker->conn, c->arena, c->captures[0], &text, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8", text);
    return rc;
}

enum rc handle_listing_changes(struct context *c, struct response *ret, struct fault *fault)
{
    struct str text;
    enum rc rc = listing_changes(c->worker->conn, c->arena, c->captures[0], &text, fault);
    if (rc == RC_OK)
        answer(ret, "text/plain; charset=utf-8", text);
    return rc;
}
