/* Asking for a new password, and giving it. */
#include "app/new_password.h"

#include "templates.h"
#include "web/accounts.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

static void show(struct context *c, enum password_stage stage, struct str error,
                 struct response *ret)
{
    struct page p = page_begin(c, ret);
    bool posted = c->request->method == METHOD_POST;
    const parameters *from = posted ? &c->form : &c->request->query;
    struct new_password_view v = {.stage = stage,
                                  .error = error,
                                  .email = posted ? parameter_get(from, "email") : STR_NONE,
                                  .link = parameter_get(from, "link"),
                                  .action = {c->request->path},
                                  .contact = c->server->contact};
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("A new password"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    new_password_page(&h, &p, &v);
}

enum rc handle_forgot_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show(c, mailer_is_set(c->server->mailer) ? PASSWORD_ASK : PASSWORD_NO_MAIL, STR_NONE, ret);
    return RC_OK;
}

enum rc handle_forgot(struct context *c, struct response *ret, struct fault *fault)
{
    struct str email = parameter_get(&c->form, "email");
    if (!mailer_is_set(c->server->mailer))
        return handle_forgot_page(c, ret, fault);
    enum rc rc = limits_forgot(c, email, fault);
    if (rc == RC_OK)
        rc = new_password_ask(c->server->writer, email, letter_path(c, "new-password"),
                              language_tag(c->language), fault);
    if (rc != RC_OK && rc != RC_INVALID && rc != RC_LIMIT)
        return rc;
    show(c, rc == RC_OK ? PASSWORD_ASKED : PASSWORD_ASK,
         rc == RC_OK ? STR_NONE : arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_OK ? 200 : status_of(rc);
    ret->retry_after = c->retry_after;
    return RC_OK;
}

enum rc handle_new_password_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show(c, PASSWORD_GIVE, STR_NONE, ret);
    return RC_OK;
}

enum rc handle_new_password(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = limits_forgot(c, STR_NONE, fault);
    if (rc == RC_OK)
        rc = new_password_set(c->server->passwords, c->server->writer,
                              parameter_get(&c->form, "link"), parameter_get(&c->form, "password"),
                              fault);
    if (rc == RC_OK) {
        struct page p = page_begin(c, ret);
        go_to(ret, link_to(&p, "sign-in").text);
        return RC_OK;
    }
    if (rc != RC_INVALID && rc != RC_DENIED && rc != RC_LIMIT)
        return rc;
    show(c, PASSWORD_GIVE, arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    return RC_OK;
}
