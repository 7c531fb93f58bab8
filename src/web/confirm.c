/* Confirming the address of an account, and asking for the letter again. */
#include "app/confirm.h"

#include "templates.h"
#include "web/accounts.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

static void show(struct context *c, enum confirm_stage stage, struct str error,
                 struct response *ret)
{
    struct page p = page_begin(c, ret);
    bool posted = c->request->method == METHOD_POST;
    struct confirm_view v = {.stage = stage,
                             .error = error,
                             .link = parameter_get(posted ? &c->form : &c->request->query, "link"),
                             .action = {c->request->path}};
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Your e-mail address"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    confirm_page(&h, &p, &v);
}

enum rc handle_confirm_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show(c, CONFIRM_GIVE, STR_NONE, ret);
    return RC_OK;
}

enum rc handle_confirm(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = limits_forgot(c, STR_NONE, fault);
    if (rc == RC_OK)
        rc = confirm_take(c->server->writer, parameter_get(&c->form, "link"), fault);
    if (rc != RC_OK && rc != RC_DENIED && rc != RC_LIMIT)
        return rc;
    show(c, rc == RC_OK ? CONFIRM_DONE : CONFIRM_GIVE,
         rc == RC_OK ? STR_NONE : arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_OK ? 200 : rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    return RC_OK;
}

enum rc handle_confirm_ask(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = limits_confirm(c, fault);
    if (rc == RC_OK)
        rc = confirm_ask(c->server->writer, c->viewer.account, letter_path(c, "confirm"),
                         language_tag(c->language), fault);
    if (rc == RC_OK)
        show(c, CONFIRM_ASKED, STR_NONE, ret);
    return rc;
}
