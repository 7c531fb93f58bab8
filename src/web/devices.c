#include "web/devices.h"

#include "base/encode.h"
#include "base/json_text.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/routes.h"
#include "web/security.h"
#include "web/session.h"

#define N_(text) text

/* ---- the page ---- */

struct url link_device_remove(const struct page *p, const struct device *d)
{
    return link_to(
        p, arena_printf(p->arena, "account/devices/%llu/remove", (unsigned long long)d->id).p);
}

static enum rc show(struct context *c, struct devices_view *v, struct response *ret,
                    struct fault *fault)
{
    struct page p = page_begin(c, ret);
    enum rc rc = devices_read(c->worker->conn, c->arena, c->viewer.account, &v->devices, fault);
    if (rc != RC_OK)
        return rc;
    v->catalogue = ARENA_JOIN(c->arena, context_base_url(c), link_to(&p, "opds").text);
    v->server = ARENA_JOIN(c->arena, context_base_url(c), STR("/kosync"));
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("E-readers and reading apps"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    devices_page(&h, &p, v);
    return RC_OK;
}

enum rc handle_devices(struct context *c, struct response *ret, struct fault *fault)
{
    struct devices_view v = {.error = STR_NONE};
    return show(c, &v, ret, fault);
}

/* The page again, with what was wrong. */
static enum rc show_wrong(struct context *c, enum rc rc, struct response *ret, struct fault *fault)
{
    if (rc != RC_INVALID && rc != RC_DENIED && rc != RC_LIMIT && rc != RC_CONFLICT)
        return rc;
    struct devices_view v = {.error = arena_str(c->arena, str_of(fault->text)),
                             .typed = parameter_get(&c->form, "name")};
    enum rc shown = show(c, &v, ret, fault);
    ret->status = rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    return shown;
}

/* The password is on this page alone: it is kept nowhere. */
enum rc handle_device_add(struct context *c, struct response *ret, struct fault *fault)
{
    char login[DEVICE_LOGIN_SIZE + 1], password[DEVICE_PASSWORD_SIZE + 1];
    enum rc rc = security_check_whole(c, fault);
    if (rc == RC_OK)
        rc = security_check_password(c, parameter_get(&c->form, "password"), "password", fault);
    if (rc == RC_OK)
        rc = device_add(c->server->passwords, c->server->writer, c->viewer.account,
                        parameter_get(&c->form, "name"), login, password, fault);
    if (rc != RC_OK)
        return show_wrong(c, rc, ret, fault);
    struct devices_view v = {.login = arena_str(c->arena, str_of(login)),
                             .password = arena_str(c->arena, str_of(password))};
    return show(c, &v, ret, fault);
}

enum rc handle_device_remove(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = device_remove(c->server->writer, c->viewer.account, id, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND) /* it is gone, as was wished */
        return rc;
    struct page p = page_begin(c, ret);
    go_to(ret, link_to(&p, "account/devices").text);
    return RC_OK;
}

/* ---- signing in ---- */

enum rc device_read(struct context *c, struct str login, struct str key, struct fault *fault)
{
    struct device_desk desk = {.checks = c->server->device_checks,
                               .passwords = c->server->passwords,
                               .site = c->server->site,
                               .writer = c->server->writer,
                               .conn = c->worker->conn,
                               .arena = c->arena};
    enum rc rc = device_sign_in_again(&desk, login, key, &c->viewer, fault);
    if (rc != RC_DENIED)
        return rc;
    rc = limits_device(c, login, false, fault);
    if (rc == RC_OK)
        rc = device_sign_in(&desk, login, key, &c->viewer, fault);
    return rc == RC_DENIED && limits_device(c, login, true, NULL) != RC_OK ? RC_DENIED : rc;
}

enum rc device_read_basic(struct context *c, struct fault *fault)
{
    enum { SENT_MAX = 512 };
    char sent[SENT_MAX];
    size_t n;
    struct str header = c->request->authorization;
    if (!str_eq_nocase(str_sub(header, 0, 6), STR("Basic ")))
        return RC_OK;
    if (!base64_decode(str_trim(str_sub(header, 6, header.n)), sent, sizeof sent, &n))
        return fault_set(fault, RC_DENIED, "no device has this name and password");
    struct str both = {sent, n};
    size_t colon = str_find(both, ':');
    return device_read(c, arena_str(c->arena, str_sub(both, 0, colon)),
                       device_key(c->arena, str_sub(both, colon + 1, both.n)), fault);
}

static void put_link(struct buf *b, const char *rel, const char *type, struct str href)
{
    json_text_object(b, NULL);
    json_text_str(b, "rel", str_of(rel));
    json_text_str(b, "href", href);
    json_text_str(b, "type", str_of(type));
    json_text_object_end(b);
}

static struct str place(struct context *c, const struct page *p, const char *name)
{
    return ARENA_JOIN(c->arena, context_base_url(c), link_to(p, name).text);
}

/* Authentication for OPDS 1.0. */
static void write_document(struct context *c, struct response *ret)
{
    struct page p = page_begin(c, ret);
    struct html h = page_html(c, ret);
    struct buf *b = h.out;
    ret->content_type = "application/opds-authentication+json";
    ret->link[0] = arena_printf(c->arena, "<%.*s>; rel=\"http://opds-spec.org/auth/document\"",
                                STR_ARG(place(c, &p, "opds/authentication")));
    buf_char(b, '{');
    json_text_str(b, "id", place(c, &p, "opds/authentication"));
    json_text_str(b, "title",
                  ARENA_JOIN(c->arena, word_text(&p, N_("Colophon")), STR(" · "),
                             word_country(&p, c->storefront->country)));
    json_text_str(b, "description",
                  word_text(&p, N_("Your account gives each device a name and a password of its "
                                   "own. Your account’s own password opens nothing here.")));
    size_t begun = json_text_list(b, "links");
    put_link(b, "help", "text/html", place(c, &p, "account/devices"));
    put_link(b, "register", "text/html", place(c, &p, "sign-up"));
    put_link(b, "http://opds-spec.org/shelf", "application/opds+json", place(c, &p, "opds2/shelf"));
    json_text_list_end(b, begun);
    begun = json_text_list(b, "authentication");
    json_text_object(b, NULL);
    json_text_str(b, "type", STR("http://opds-spec.org/auth/basic"));
    json_text_object(b, "labels");
    json_text_str(b, "login", word_text(&p, N_("Name of the device")));
    json_text_str(b, "password", word_text(&p, N_("Its password")));
    json_text_object_end(b);
    json_text_object_end(b);
    json_text_list_end(b, begun);
    BUF_LIT(b, "}\n");
}

enum rc handle_opds_authentication(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    write_document(c, ret);
    return RC_OK;
}

void device_ask(struct context *c, struct response *ret)
{
    write_document(c, ret);
    ret->status = 401;
    ret->caching = CACHING_NEVER;
    ret->basic = true;
}
