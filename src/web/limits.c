#include "web/limits.h"

static enum rc by_client(struct context *c, const char *what, struct limit limit,
                         struct fault *fault)
{
    struct str key = arena_printf(c->arena, "%s:%.*s", what, STR_ARG(c->request->client));
    return limiter_take(c->server->limiter, key, limit, fault);
}

static enum rc by_account(struct context *c, const char *what, struct limit limit,
                          struct fault *fault)
{
    struct str key = arena_printf(c->arena, "%s:%llu", what, (unsigned long long)c->viewer.account);
    return limiter_take(c->server->limiter, key, limit, fault);
}

enum rc limits_sign_in(struct context *c, struct str email, struct fault *fault)
{
    struct str key = arena_printf(c->arena, "sign-in-to:%.*s", STR_ARG(str_sub(email, 0, 254)));
    enum rc rc = by_client(c, "sign-in", (struct limit){300, 1200}, fault);
    return rc == RC_OK ? limiter_take(c->server->limiter, key, (struct limit){20, 60}, fault) : rc;
}

enum rc limits_sign_up(struct context *c, struct fault *fault)
{
    return by_client(c, "sign-up", (struct limit){300, 600}, fault);
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
