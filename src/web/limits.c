#include "web/limits.h"

static enum rc by_client(struct context *c, const char *what, struct limit limit,
                         struct fault *fault)
{
    struct str key = arena_printf(c->arena, "%s:%.*s", what, STR_ARG(c->request->client));
    return limiter_take(c->server->limiter, key, limit, &c->retry_after, fault);
}

static enum rc by_account(struct context *c, const char *what, struct limit limit,
                          struct fault *fault)
{
    struct str key = arena_printf(c->arena, "%s:%llu", what, (unsigned long long)c->viewer.account);
    return limiter_take(c->server->limiter, key, limit, &c->retry_after, fault);
}

enum rc limits_sign_in(struct context *c, struct str email, struct fault *fault)
{
    struct str key = arena_printf(c->arena, "sign-in-to:%.*s", STR_ARG(str_sub(email, 0, 254)));
    enum rc rc = by_client(c, "sign-in", (struct limit){300, 1200}, fault);
    if (rc != RC_OK)
        return rc;
    return limiter_take(c->server->limiter, key, (struct limit){20, 60}, &c->retry_after, fault);
}

/* Who is told again and again that an address is taken asks who has accounts. */
static const struct limit taken_limit = {6, 20};

static struct str taken_key(struct context *c)
{
    return arena_printf(c->arena, "taken:%.*s", STR_ARG(c->request->client));
}

enum rc limits_sign_up(struct context *c, struct fault *fault)
{
    enum rc rc =
        limiter_peek(c->server->limiter, taken_key(c), taken_limit, &c->retry_after, fault);
    return rc == RC_OK ? by_client(c, "sign-up", (struct limit){300, 600}, fault) : rc;
}

void limits_address_taken(struct context *c)
{
    int wait;
    (void)!limiter_take(c->server->limiter, taken_key(c), taken_limit, &wait, NULL);
}

enum rc limits_demand(struct context *c, struct fault *fault)
{
    return by_client(c, "demand", (struct limit){20, 60}, fault);
}

enum rc limits_rating(struct context *c, struct fault *fault)
{
    return by_account(c, "rating", (struct limit){120, 600}, fault);
}

enum rc limits_review(struct context *c, struct fault *fault)
{
    return by_account(c, "review", (struct limit){60, 120}, fault);
}

enum rc limits_comment(struct context *c, struct fault *fault)
{
    return by_account(c, "comment", (struct limit){60, 240}, fault);
}
