#include "web/security.h"

#include "app/new_address.h"
#include "app/new_password.h"
#include "templates.h"
#include "web/browser_kind.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/passkey_place.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

/* "Firefox/Android". */
static struct str word_browser(const struct page *p, struct str kind)
{
    size_t cut = str_find(kind, '/');
    struct str parts[] = {str_sub(kind, 0, cut), str_sub(kind, cut + 1, kind.n)};
    if (parts[0].n > 0 && parts[1].n > 0)
        return word_filled(p, N_("%1 on %2"), parts, 2);
    if (parts[0].n + parts[1].n > 0)
        return parts[0].n > 0 ? parts[0] : parts[1];
    return word_text(p, N_("A browser"));
}

struct str word_session(const struct page *p, const struct own_session *s)
{
    return s->program ? word_text(p, N_("A program, by the API")) : word_browser(p, s->browser);
}

struct url link_session_end(const struct page *p, const struct own_session *s)
{
    return link_to(p, arena_printf(p->arena, "account/sessions/%.*s/end", STR_ARG(s->id)).p);
}

struct url link_passkey_remove(const struct page *p, const struct passkey *k)
{
    return link_to(
        p, arena_printf(p->arena, "account/passkeys/%llu/remove", (unsigned long long)k->id).p);
}

/* Who has staff's password alone sees nothing but the session that it began. */
static enum rc read_sessions(struct context *c, own_sessions *ret, struct fault *fault)
{
    own_sessions all = {0};
    enum rc rc =
        sessions_read(c->worker->conn, c->arena, c->viewer.account, c->session, &all, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (own_sessions){.v = ARENA_ARRAY(c->arena, struct own_session, all.n)};
    for (size_t i = 0; i < all.n; i++)
        if (c->viewer.lacks == 0 || all.v[i].here)
            ret->v[ret->n++] = all.v[i];
    return RC_OK;
}

static enum rc show(struct context *c, enum security_form form, struct str error,
                    struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    bool address = form == SECURITY_ADDRESS;
    struct str typed = address ? str_trim(parameter_get(&c->form, "email")) : STR_NONE;
    struct security_view v = {.form = form,
                              .error = error,
                              .mail = mailer_is_set(c->server->mailer) && c->viewer.lacks == 0,
                              .asked = address && error.n == 0 ? typed : STR_NONE,
                              .address = address && error.n > 0 ? typed : STR_NONE,
                              .changed = parameter_has(&c->request->query, "changed", STR("1"))};
    enum rc rc = read_sessions(c, &v.sessions, fault);
    if (rc == RC_OK && c->viewer.lacks == 0)
        rc = passkeys_read(c->server->site, c->arena, c->viewer.account, &v.passkeys, fault);
    if (rc != RC_OK)
        return rc;
    v.known = passkeys_known(c, &v.rp);
    if (v.known)
        page_script(&p, ret, "passkey.js");
    v.device = form == SECURITY_PASSKEY
                   ? parameter_get(&c->form, "name")
                   : word_browser(&p, browser_kind(c->arena, c->request->user_agent));
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Signing in"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    security_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_security(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, SECURITY_NONE, STR_NONE, ret, fault);
}

enum rc security_answer(struct context *c, enum rc rc, enum security_form form,
                        struct response *ret, struct fault *fault)
{
    if (rc == RC_OK) {
        struct page p = page_begin(c, ret);
        bool changed = form == SECURITY_PASSWORD;
        go_to(ret, link_to(&p, changed ? "account/security?changed=1" : "account/security").text);
        return RC_OK;
    }
    if (rc != RC_INVALID && rc != RC_DENIED && rc != RC_LIMIT && rc != RC_CONFLICT)
        return rc;
    enum rc shown = show(c, form, arena_str(c->arena, str_of(fault->text)), ret, fault);
    ret->status = rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    return shown;
}

enum rc security_check_whole(const struct context *c, struct fault *fault)
{
    return c->viewer.lacks == 0 ? RC_OK : fault_set(fault, RC_DENIED, "give your code first");
}

enum rc security_check_password(struct context *c, struct str password, const char *field,
                                struct fault *fault)
{
    enum rc rc = limits_sign_in(c, c->viewer.email, fault);
    if (rc == RC_OK)
        rc = account_confirm(c->server->passwords, c->server->site, c->viewer.email, password,
                             fault);
    return rc == RC_DENIED ? fault_set(fault, rc, "%s: it is not right", field) : rc;
}

enum rc handle_password_change(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = security_check_whole(c, fault);
    if (rc == RC_OK)
        rc = limits_sign_in(c, c->viewer.email, fault);
    if (rc == RC_OK)
        rc = new_password_change(c->server->passwords, c->server->site, c->server->writer,
                                 &c->viewer, c->session, parameter_get(&c->form, "password"),
                                 parameter_get(&c->form, "new-password"), fault);
    return security_answer(c, rc, SECURITY_PASSWORD, ret, fault);
}

enum rc handle_session_end(struct context *c, struct response *ret, struct fault *fault)
{
    own_sessions seen = {0};
    bool ends = c->viewer.lacks == 0;
    enum rc rc = ends ? RC_OK : read_sessions(c, &seen, fault);
    for (size_t i = 0; rc == RC_OK && i < seen.n; i++)
        ends |= str_eq(seen.v[i].id, c->captures[0]);
    if (rc == RC_OK && !ends)
        rc = security_check_whole(c, fault);
    if (rc == RC_OK)
        rc = session_end(c->server->writer, c->viewer.account, c->captures[0], fault);
    /* It ended by itself a moment ago: as was wished. */
    return security_answer(c, rc == RC_NOT_FOUND ? RC_OK : rc, SECURITY_NONE, ret, fault);
}

enum rc handle_sessions_end_others(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = security_check_whole(c, fault);
    if (rc == RC_OK)
        rc = sessions_end_others(c->server->writer, c->viewer.account, c->session, fault);
    return security_answer(c, rc, SECURITY_NONE, ret, fault);
}

/* Answered alike whether or not somebody has the address. */
enum rc handle_address_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct str email = str_trim(parameter_get(&c->form, "email"));
    enum rc rc = security_check_whole(c, fault);
    if (rc == RC_OK && !mailer_is_set(c->server->mailer))
        rc = fault_set(fault, RC_INVALID, "email: no letter can be addressed like this");
    if (rc == RC_OK)
        rc = security_check_password(c, parameter_get(&c->form, "password"), "password", fault);
    if (rc == RC_OK)
        rc = limits_forgot(c, email, fault);
    if (rc == RC_OK)
        rc = new_address_ask(c->server->writer, c->viewer.account, email,
                             letter_path(c, "new-address"), letter_path(c, "forgot"),
                             language_tag(c->language), fault);
    return rc == RC_OK ? show(c, SECURITY_ADDRESS, STR_NONE, ret, fault)
                       : security_answer(c, rc, SECURITY_ADDRESS, ret, fault);
}

static void show_new_address(struct context *c, bool done, struct str error, struct response *ret)
{
    struct page p = page_begin(c, ret);
    bool posted = c->request->method == METHOD_POST;
    struct new_address_view v = {.done = done,
                                 .error = error,
                                 .link =
                                     parameter_get(posted ? &c->form : &c->request->query, "link"),
                                 .action = {c->request->path}};
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Your e-mail address"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    new_address_page(&h, &p, &v);
}

enum rc handle_new_address_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show_new_address(c, false, STR_NONE, ret);
    return RC_OK;
}

enum rc handle_new_address(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = limits_forgot(c, STR_NONE, fault);
    if (rc == RC_OK)
        rc = new_address_take(c->server->writer, parameter_get(&c->form, "link"), fault);
    if (rc != RC_OK && !is_readers_fault(rc))
        return rc;
    show_new_address(c, rc == RC_OK,
                     rc == RC_OK ? STR_NONE : arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_OK ? 200 : rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    return RC_OK;
}
