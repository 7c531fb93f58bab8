#include "web/session.h"

#include "app/shop_keys.h"
#include "base/encode.h"
#include "web/limits.h"
#include "web/routes.h"

/* Over https the prefix binds the cookie to this host and to https. */
static struct str cookie_name(const struct context *c, bool session)
{
    if (c->server->secure)
        return session ? STR("__Host-session") : STR("__Host-form");
    return session ? STR("session") : STR("form");
}

static struct str set_cookie(struct context *c, bool session, struct str value, const char *age)
{
    return arena_printf(c->arena, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s",
                        STR_ARG(cookie_name(c, session)), STR_ARG(value),
                        c->server->secure ? "; Secure" : "", age);
}

struct str session_cookie(struct context *c, struct str token)
{
    return set_cookie(c, true, token, "; Max-Age=2592000");
}

struct str session_cookie_end(struct context *c)
{
    return set_cookie(c, true, STR_NONE, "; Max-Age=0");
}

struct str language_cookie(struct context *c, struct str tag)
{
    return arena_printf(c->arena, "desk-language=%.*s; Path=/desk; HttpOnly; SameSite=Lax%s",
                        STR_ARG(tag), c->server->secure ? "; Secure" : "");
}

struct str language_cookie_get(const struct context *c)
{
    return cookie_get(c->request->cookie, STR("desk-language"));
}

struct str session_token(const struct context *c, bool api)
{
    if (!api)
        return cookie_get(c->request->cookie, cookie_name(c, true));
    if (str_starts(c->request->authorization, STR("Bearer ")))
        return str_trim(str_sub(c->request->authorization, 7, c->request->authorization.n));
    return STR_NONE;
}

/* A shop's program: where the route is for such, and the key for its duty. */
static enum rc read_key(struct context *c, struct str token, struct fault *fault)
{
    if (c->route->duty == SHOP_DUTY_NONE)
        return fault_set(fault, RC_DENIED, "a shop’s key opens nothing here");
    enum rc rc =
        shop_key_enter(c->worker->conn, c->server->writer, c->arena, token, &c->viewer, fault);
    return rc == RC_OK ? limits_key(c, fault) : rc;
}

enum rc session_read(struct context *c, struct fault *fault)
{
    bool api = c->route->kind == KIND_API;
    struct str token = session_token(c, api);
    if (token.n == 0)
        return RC_OK;
    if (api && shop_key_is(token))
        return read_key(c, token, fault);
    enum rc rc = account_viewer(c->worker->conn, c->arena, token, &c->viewer, fault);
    if (rc == RC_OK && c->viewer.bearer != api) {
        c->viewer = (struct viewer){0}; /* a cookie is no bearer token */
        return RC_OK;
    }
    if (rc == RC_OK) {
        c->session = token;
        known_add(c->server->known, token);
    }
    return rc == RC_DENIED && !api ? RC_OK : rc;
}

static struct str token_for(struct context *c, struct str secret)
{
    struct hash hash = sha256_parts((struct str[]){STR("form\n"), secret}, 2);
    return hex_str(c->arena, hash.b, 20);
}

static struct str form_secret(const struct context *c)
{
    return c->session.n > 0 ? c->session : cookie_get(c->request->cookie, cookie_name(c, false));
}

struct hash session_bound(const struct context *c, const char *purpose)
{
    return sha256_parts((struct str[]){str_of(purpose), form_secret(c)}, 2);
}

struct str session_form_token(struct context *c, struct response *ret)
{
    struct str secret = form_secret(c);
    if (secret.n == 0) {
        uint8_t bytes[20];
        random_bytes(bytes, sizeof bytes);
        secret = hex_str(c->arena, bytes, sizeof bytes);
        ret->set_cookie[1] = set_cookie(c, false, secret, "; Max-Age=7200");
    }
    return token_for(c, secret);
}

static bool is_foreign(const struct context *c)
{
    struct str site = c->request->fetch_site;
    bool foreign = site.n > 0 && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none"));
    return foreign ||
           (c->request->origin.n > 0 && !str_eq(c->request->origin, context_base_url(c)));
}

bool session_is_ours(const struct context *c)
{
    return !is_foreign(c) &&
           (c->request->origin.n > 0 || str_eq(c->request->fetch_site, STR("same-origin")));
}

enum rc session_check_form(struct context *c, struct fault *fault)
{
    struct str secret = form_secret(c);
    struct str sent = parameter_get(&c->form, "token");
    struct str wanted = token_for(c, secret);
    bool fits = secret.n > 0 && sent.n == wanted.n && secret_eq(sent.p, wanted.p, wanted.n);
    if (is_foreign(c) || !fits)
        return fault_set(fault, RC_DENIED,
                         "this form did not come from our page, or has waited too long; "
                         "load the page again and repeat");
    return RC_OK;
}

struct voice_desk voice_desk_of(struct context *c)
{
    return (struct voice_desk){.arena = c->arena,
                               .site = c->server->site,
                               .writer = c->server->writer,
                               .trees = c->server->trees,
                               .conn = c->worker->conn,
                               .view = c->view,
                               .storefront = c->storefront,
                               .viewer = &c->viewer,
                               .ret_withheld = &c->withheld,
                               .ret_reason = &c->reason};
}
