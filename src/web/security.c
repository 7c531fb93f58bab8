#include "web/security.h"

#include "app/new_password.h"
#include "templates.h"
#include "web/accounts.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"

#define N_(text) text

struct str word_session(const struct page *p, const struct own_session *s)
{
    size_t cut = str_find(s->browser, '/');
    struct str parts[] = {str_sub(s->browser, 0, cut), str_sub(s->browser, cut + 1, s->browser.n)};
    if (s->program)
        return word_text(p, N_("A program, by the API"));
    if (parts[0].n > 0 && parts[1].n > 0)
        return word_filled(p, N_("%1 on %2"), parts, 2);
    if (parts[0].n + parts[1].n > 0)
        return parts[0].n > 0 ? parts[0] : parts[1];
    return word_text(p, N_("A browser"));
}

struct url link_session_end(const struct page *p, const struct own_session *s)
{
    return link_to(p, arena_printf(p->arena, "account/sessions/%.*s/end", STR_ARG(s->id)).p);
}

static enum rc show(struct context *c, struct str error, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct security_view v = {.error = error,
                              .changed = parameter_has(&c->request->query, "changed", STR("1"))};
    enum rc rc =
        sessions_read(c->worker->conn, c->arena, c->viewer.account, c->session, &v.sessions, fault);
    if (rc != RC_OK)
        return rc;
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Password and sessions"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    security_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_security(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, STR_NONE, ret, fault);
}

/* Back to the page, or the page again with what was wrong. */
static enum rc answer(struct context *c, enum rc rc, const char *back, struct response *ret,
                      struct fault *fault)
{
    if (rc == RC_OK) {
        struct page p = page_begin(c, ret);
        go_to(ret, link_to(&p, back).text);
        return RC_OK;
    }
    if (rc != RC_INVALID && rc != RC_DENIED && rc != RC_LIMIT)
        return rc;
    enum rc shown = show(c, arena_str(c->arena, str_of(fault->text)), ret, fault);
    ret->status = rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    return shown;
}

/* Who has staff's password alone changes nothing about how staff sign in. */
static enum rc check_whole(const struct context *c, struct fault *fault)
{
    return c->viewer.lacks == 0 ? RC_OK : fault_set(fault, RC_DENIED, "give your code first");
}

enum rc handle_password_change(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = check_whole(c, fault);
    if (rc == RC_OK)
        rc = limits_sign_in(c, c->viewer.email, fault);
    if (rc == RC_OK)
        rc = new_password_change(c->server->passwords, c->server->site, c->server->writer,
                                 &c->viewer, c->session, parameter_get(&c->form, "password"),
                                 parameter_get(&c->form, "new-password"), fault);
    return answer(c, rc, "account/security?changed=1", ret, fault);
}

enum rc handle_session_end(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = session_end(c->server->writer, c->viewer.account, c->captures[0], fault);
    /* It ended by itself a moment ago: as was wished. */
    return answer(c, rc == RC_NOT_FOUND ? RC_OK : rc, "account/security", ret, fault);
}

enum rc handle_sessions_end_others(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = sessions_end_others(c->server->writer, c->viewer.account, c->session, fault);
    return answer(c, rc, "account/security", ret, fault);
}
