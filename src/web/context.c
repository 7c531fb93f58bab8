/* One request: its route, who asks and whether they may, the handler, and what
 * becomes of a failure. */
#include "app/feeds.h"
#include "app/trail.h"
#include "web/answering.h"
#include "web/devices.h"
#include "web/handlers.h"
#include "web/routes.h"
#include "web/session.h"
#include "web/url.h"

/* Another host under the scheme and the port that the shop is reached by. */
static struct str url_of_host(const struct context *c, struct str host)
{
    struct str public_url = c->server->public_url, here = c->request->host;
    struct str scheme = c->server->secure ? STR("https://") : STR("http://");
    if (public_url.n > 0)
        here = str_sub(public_url, scheme.n, public_url.n);
    size_t bracket = str_find(here, ']'), colon = str_find(here, ':');
    if (bracket < here.n) /* "[::1]:8080" */
        colon = bracket + 1;
    return ARENA_JOIN(c->arena, scheme, host, str_sub(here, colon, here.n));
}

struct str context_base_url(const struct context *c)
{
    if (c->at_host != NULL)
        return url_of_host(c, c->at_host->host);
    if (c->server->public_url.n > 0)
        return c->server->public_url;
    return ARENA_JOIN(c->arena, STR("http://"), c->request->host);
}

static struct str root_below(const struct context *c, struct str base,
                             const struct storefront *storefront, bool own, struct str tag)
{
    bool first = str_eq(storefront->languages.v[0], tag);
    struct str slash = STR("/");
    return ARENA_JOIN(c->arena, base, own ? STR_NONE : slash, own ? STR_NONE : storefront->slug,
                      first ? STR_NONE : slash, first ? STR_NONE : tag);
}

struct str context_root(const struct context *c, const struct storefront *storefront,
                        struct str tag)
{
    return root_below(c, STR_NONE, storefront, storefront == c->at_host, tag);
}

struct str context_home(const struct context *c, const struct storefront *storefront,
                        struct str tag)
{
    if (storefront->host.n > 0)
        return root_below(c, url_of_host(c, storefront->host), storefront, true, tag);
    /* On another's own host, without --public-url, the shop's own is not known. */
    struct str base = c->at_host != NULL && c->server->public_url.n > 0 ? c->server->public_url
                                                                        : context_base_url(c);
    return root_below(c, base, storefront, false, tag);
}

/* On its own host "/de/" is the storefront of that name, if there is one. */
static bool is_spoken_too(const struct context *c, const struct storefront *s, struct str offered)
{
    for (size_t i = 0; i < s->languages.n; i++)
        if (str_eq(s->languages.v[i], offered))
            return false;
    return s->host.n == 0 || gate_storefront(c->view, offered) == NULL;
}

struct str context_spoken(const struct context *c, const struct storefront *storefront, size_t i)
{
    size_t own = storefront->languages.n;
    struct str offered;
    if (i < own)
        return storefront->languages.v[i];
    for (size_t k = 0, at = own; (offered = language_offered(k)).n > 0; k++)
        if (is_spoken_too(c, storefront, offered) && at++ == i)
            return offered;
    return STR_NONE;
}

enum rc captured_id(const struct context *c, size_t capture, uint64_t *ret, struct fault *fault)
{
    return str_to_u64(c->captures[capture], ret)
               ? RC_OK
               : fault_set(fault, RC_NOT_FOUND, "there is no such thing");
}

int status_of(enum rc rc)
{
    static const int statuses[RC_COUNT] = {
        [RC_OK] = 200,      [RC_NOT_FOUND] = 404, [RC_INVALID] = 422, [RC_CONFLICT] = 409,
        [RC_DENIED] = 403,  [RC_LIMIT] = 429,     [RC_BUSY] = 503,    [RC_IO] = 500,
        [RC_CORRUPT] = 500, [RC_WITHHELD] = 403,
    };
    return statuses[rc];
}

enum rc show_refused(struct context *c, enum rc rc, show_page show, struct response *ret,
                     struct fault *fault)
{
    if (rc == RC_OK || rc == RC_IO || rc == RC_CORRUPT || rc == RC_BUSY || rc == RC_NOT_FOUND)
        return rc;
    struct str why = arena_str(c->arena, str_of(fault->text));
    enum rc again = show(c, why, ret, fault);
    ret->status = status_of(rc);
    return again;
}

struct str record_head_of(struct arena *arena, uint64_t size, const struct hash *root)
{
    BUF_AUTO text = BUF_INIT(64);
    base64_add(&text, root->b, sizeof root->b);
    return arena_printf(arena, "%llu %.*s", (unsigned long long)size, STR_ARG(buf_str(&text)));
}

struct str record_head(const struct context *c)
{
    if (c->view == NULL)
        return STR_NONE;
    return record_head_of(c->arena, c->view->head_size, &c->view->head_root);
}

static void error_response(struct context *c, enum rc rc, int status, struct str reason,
                           struct response *ret)
{
    buf_free(&ret->body);
    *ret = (struct response){.body = BUF_INIT(BODY_MAX), .caching = CACHING_NEVER};
    if (status == 503)
        ret->retry_after = RETRY_AFTER;
    if (status == 429)
        ret->retry_after = c->retry_after > 0 ? c->retry_after : 1;
    bool api =
        c->route == NULL ? str_starts(c->request->path, STR("/api/")) : c->route->kind == KIND_API;
    refuse(c, rc, status, true);
    if (c->withheld != NULL && api)
        withheld_problem(c, c->withheld, reason, ret);
    else if (c->withheld != NULL)
        withheld_page(c, c->withheld, reason, ret);
    else if (api)
        error_problem(c, status, reason, ret);
    else
        error_page(c, status, reason, ret);
    ret->bearer = status == 401;
}

/* The language of pages outside of a storefront: ?language=, at the desks also the one that
 * was last asked for there, else what the client likes best of ours. */
static struct str free_language(struct context *c, struct response *ret)
{
    bool desk = str_starts(c->request->path, STR("/desk"));
    struct str nearest = language_nearest(parameter_get(&c->request->query, "language"));
    if (nearest.n > 0 && desk)
        ret->set_cookie[2] = language_cookie(c, nearest);
    if (nearest.n == 0 && desk)
        nearest = language_nearest(language_cookie_get(c));
    return nearest.n > 0 ? nearest : language_negotiated(c->request->accept_language);
}

/* To another page, to come back afterwards. */
static void send_on(struct context *c, struct str where, struct response *ret)
{
    BUF_AUTO back = BUF_INIT(1500);
    url_encode(&back, c->request->path);
    ret->status = 303;
    ret->caching = CACHING_NEVER;
    ret->location = where;
    if (buf_check(&back) == RC_OK)
        ret->location =
            arena_printf(c->arena, "%.*s?return=%.*s", STR_ARG(where), STR_ARG(buf_str(&back)));
}

/* Where somebody who is not signed in is sent. */
static void send_to_sign_in(struct context *c, struct response *ret)
{
    struct str where = STR("/desk/sign-in");
    if (c->storefront != NULL)
        where = arena_printf(c->arena, "%.*s/sign-in",
                             STR_ARG(context_root(c, c->storefront, language_tag(c->language))));
    send_on(c, where, ret);
}

/* "application/json; charset=utf-8" without what stands behind the semicolon. */
static bool is_media_type(struct str header, const char *type)
{
    return str_eq_nocase(str_trim(str_sub(header, 0, str_find(header, ';'))), str_of(type));
}

static enum rc read_form(struct context *c, struct fault *fault)
{
    const struct request *r = c->request;
    if (c->route->csrf == CSRF_UPLOAD && r->is_multipart) {
        if (r->multipart_too_large)
            c->failed_status = 413;
        if (r->multipart_wrong != NULL)
            return fault_set(fault, RC_INVALID, "%s", r->multipart_wrong);
        c->form = r->fields;
        return RC_OK;
    }
    if (!is_media_type(r->content_type, "application/x-www-form-urlencoded")) {
        c->failed_status = 415;
        return fault_set(fault, RC_INVALID, "a form is needed");
    }
    return form_decode(c->arena, r->body, &c->form, fault);
}

static bool is_staffs(const struct route *route)
{
    return route->access == ACCESS_OPERATOR || route->access == ACCESS_PARTNER;
}

static enum rc check_access(struct context *c, struct response *ret, bool *ret_answered,
                            struct fault *fault)
{
    const struct route *route = c->route;
    bool signed_in = c->viewer.account != 0;
    if (route->access == ACCESS_DEVICE && !signed_in) {
        enum rc rc = device_read_basic(c, fault);
        if (rc != RC_OK && rc != RC_DENIED)
            return rc;
        *ret_answered = c->viewer.account == 0;
        /* A browser that follows a link has a form to go to; a device would keep the form as the
         * book that it asked for. */
        bool sees_forms = str_find_str(c->request->accept, STR("text/html")) < c->request->accept.n;
        if (*ret_answered && route->kind == KIND_PAGE && sees_forms &&
            c->request->authorization.n == 0)
            send_to_sign_in(c, ret);
        else if (*ret_answered)
            device_ask(c, ret);
        return RC_OK;
    }
    if (route->access != ACCESS_PUBLIC && !signed_in) {
        if (route->kind == KIND_PAGE && route->method == METHOD_GET) {
            send_to_sign_in(c, ret);
            *ret_answered = true;
            return RC_OK;
        }
        return fault_set(fault, RC_DENIED, "sign in first");
    }
    if (is_staffs(route) && c->viewer.lacks != 0) {
        if (route->method == METHOD_GET) {
            send_on(c, STR("/desk/sign-in/code"), ret);
            *ret_answered = true;
            return RC_OK;
        }
        return fault_set(fault, RC_DENIED, "give your code first");
    }
    if (route->access == ACCESS_OPERATOR && !c->viewer.operator_role)
        return fault_set(fault, RC_DENIED, "this is for the shop's operators");
    if (route->access == ACCESS_PARTNER && !c->viewer.operator_role && c->viewer.shop == 0)
        return fault_set(fault, RC_DENIED, "this is for partners and operators");
    if (c->viewer.key != 0 && !(c->viewer.duties & SHOP_DUTY_BIT(route->duty)))
        return fault_set(fault, RC_DENIED, "this key is for something else");
    if ((route->csrf == CSRF_BEARER || route->csrf == CSRF_BEARER_BODY) && !c->viewer.bearer)
        return fault_set(fault, RC_DENIED, "a bearer token is needed");
    if ((route->csrf == CSRF_JSON || (route->csrf == CSRF_BEARER && c->request->body.n > 0)) &&
        !is_media_type(c->request->content_type, "application/json")) {
        c->failed_status = 415;
        return fault_set(fault, RC_INVALID, "Content-Type: application/json is needed");
    }
    if (route->csrf == CSRF_FORM || route->csrf == CSRF_UPLOAD || route->csrf == CSRF_ORIGIN) {
        enum rc rc = read_form(c, fault);
        bool ours = route->csrf == CSRF_ORIGIN && session_is_ours(c);
        return rc == RC_OK && !ours ? session_check_form(c, fault) : rc;
    }
    return RC_OK;
}

/* A file by its name; a row's words stand apart by spaces. */
static struct str file_told(struct arena *arena, struct str name)
{
    struct str clean = feed_name_clean(arena, name);
    char *told = arena_z(arena, clean);
    for (size_t i = 0; i < clean.n; i++)
        if (told[i] == ' ')
            told[i] = '_';
    return (struct str){told, clean.n};
}

/* What staff change leaves its row in the trail, whatever the handler does: in the
 * transaction of what it writes, or else by itself. */
static enum rc handle_act(struct context *c, struct response *ret, struct fault *fault)
{
    struct str method = c->request->method == METHOD_POST  ? STR("POST")
                        : c->request->method == METHOD_PUT ? STR("PUT")
                                                           : STR("DELETE");
    struct store_act *act =
        trail_act(c->arena, c->viewer.account, c->viewer.email,
                  ARENA_JOIN(c->arena, method, STR(" "), str_of(c->route->pattern)));
    for (size_t i = 0; i < sizeof c->captures / sizeof *c->captures; i++)
        trail_about(c->arena, act, STR_NONE, c->captures[i]);
    for (size_t i = 0; i < c->form.n; i++)
        if (!str_eq(c->form.v[i].name, STR("token"))) /* the form's own */
            trail_about(c->arena, act, c->form.v[i].name, c->form.v[i].value);
    for (size_t i = 0; i < c->request->spooled.n; i++)
        trail_about(c->arena, act, STR("file"),
                    file_told(c->arena, c->request->spooled.v[i].file_name));
    c->act = act;
    writer_act_begin(c->server->writer, act);
    enum rc rc = c->route->handle(c, ret, fault);
    writer_act_end(c->server->writer);
    return rc == RC_OK && ret->status < 400 && !c->tried ? trail_note(c->server->writer, act, fault)
                                                         : rc;
}

static enum rc run_handler(struct context *c, struct response *ret, struct fault *fault)
{
    bool answered = false;
    enum rc rc = RC_OK;
    /* A page is made from one state; what writes looks at the newest again and again. */
    if (c->request->method == METHOD_GET)
        rc = worker_snapshot(c->worker, fault);
    if (rc == RC_OK)
        rc = session_read(c, fault);
    if (rc == RC_OK)
        rc = check_access(c, ret, &answered, fault);
    if (rc != RC_OK || answered)
        return rc;
    c->visit = (struct visit){c->worker->conn, c->arena, c->view, c->storefront, &c->viewer};
    return is_staffs(c->route) && c->request->method != METHOD_GET
               ? handle_act(c, ret, fault)
               : c->route->handle(c, ret, fault);
}

/* Pages for those who are signed in are theirs alone. */
void settle_caching(const struct context *c, struct response *ret)
{
    if (ret->caching == CACHING_UNSET)
        ret->caching = c->route->caching;
    if (c->viewer.account != 0 && ret->caching == CACHING_REVALIDATE)
        ret->caching = CACHING_PRIVATE;
}

/* Whether a slash at the end is all that the path lacks. */
static bool lacks_slash(struct context *c)
{
    struct request *r = c->request;
    struct str tag, allow;
    if (r->method != METHOD_GET || r->segments.n == 0 || r->segments.n == SEGMENTS_MAX ||
        r->segments.v[r->segments.n - 1].n == 0)
        return false;
    r->segments.v[r->segments.n++] = STR_NONE;
    bool found = routes_match(c, &tag, &allow) == RC_OK;
    r->segments.n--;
    c->route = NULL;
    return found;
}

static void respond_unmatched(struct context *c, enum rc rc, struct str allow, struct response *ret)
{
    const struct request *r = c->request;
    if (rc == RC_NOT_FOUND && lacks_slash(c)) {
        bool query = r->query_text.n > 0;
        ret->status = 308;
        ret->caching = CACHING_REVALIDATE;
        ret->location = arena_printf(c->arena, "%.*s/%s%.*s", STR_ARG(r->path), query ? "?" : "",
                                     STR_ARG(r->query_text));
        return;
    }
    if (rc == RC_INVALID && r->method == METHOD_OPTIONS) {
        ret->status = 204;
        ret->caching = CACHING_NEVER;
    } else {
        error_response(c, rc, rc == RC_INVALID ? 405 : 404, STR_NONE, ret);
    }
    ret->allow = allow;
}

static int status_for(const struct context *c, enum rc rc)
{
    if (c->failed_status != 0)
        return c->failed_status;
    /* Who is nobody may sign in; a page says so as a form or a redirect. */
    if (rc == RC_DENIED && c->viewer.account == 0 && c->route->kind != KIND_PAGE)
        return 401;
    if (rc == RC_LIMIT && c->retry_after == 0)
        return 413; /* too large, not too often */
    return status_of(rc);
}

/* What came of the handler, as an answer. */
void conclude(struct context *c, enum rc rc, struct response *ret, struct fault *fault)
{
    if (rc == RC_OK && buf_check(&ret->body) != RC_OK)
        rc = fault_set(fault, RC_IO, "the page is too large");
    if (rc != RC_OK)
        error_response(c, rc, status_for(c, rc), str_of(fault->text), ret);
    settle_caching(c, ret);
}

/* False where the answer waits for a write. */
bool respond(struct context *c, struct response *ret)
{
    struct fault fault = {""};
    struct str tag = STR_NONE, allow = STR_NONE;
    enum rc rc = routes_match(c, &tag, &allow);
    c->language = worker_language(c->worker, tag.n > 0 ? tag : free_language(c, ret));
    if (rc != RC_OK) {
        respond_unmatched(c, rc, allow, ret);
        return true;
    }
    rc = run_handler(c, ret, &fault);
    if (rc == RC_OK && c->write != NULL)
        return false;
    conclude(c, rc, ret, &fault);
    return true;
}
