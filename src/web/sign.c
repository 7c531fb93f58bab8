#include "web/sign.h"

#include "app/sign_up.h"
#include "templates.h"
#include "web/basket.h"
#include "web/browser_kind.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/passkey_place.h"
#include "web/session.h"

#define N_(text) text

struct str safe_return(struct str path, struct str otherwise)
{
    bool ours = path.n > 0 && path.n < 1000 && path.p[0] == '/' &&
                !(path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\'));
    for (size_t i = 0; ours && i < path.n; i++)
        ours = (unsigned char)path.p[i] > ' ' && path.p[i] != 0x7f && path.p[i] != '\\';
    return ours ? path : otherwise;
}

struct str letter_path(const struct context *c, const char *place)
{
    const struct storefront *s = c->storefront != NULL || c->view->storefronts.n == 0
                                     ? c->storefront
                                     : &c->view->storefronts.v[0];
    struct str tag = language_tag(c->language);
    if (s == NULL)
        return ARENA_JOIN(c->arena, STR("/"), str_of(place));
    bool first = c->storefront == NULL || str_eq(s->languages.v[0], tag);
    return arena_printf(c->arena, "/%.*s%s%.*s/%s", STR_ARG(s->slug), first ? "" : "/",
                        STR_ARG(first ? STR_NONE : tag), place);
}

/* ---- signing in and up ---- */

void sign_with_passkeys(struct context *c, struct page *p, struct url passkey, struct url challenge,
                        struct sign_view *v, struct response *ret)
{
    struct str rp;
    if (!passkeys_known(c, &rp))
        return;
    page_script(p, ret, "passkey.js");
    v->passkey = passkey;
    v->challenge = challenge;
}

static void show_sign(struct context *c, bool up, struct str error, struct response *ret)
{
    struct page p = page_begin(c, ret);
    bool posted = c->request->method == METHOD_POST;
    const parameters *from = posted ? &c->form : &c->request->query;
    struct sign_view v = {.error = error,
                          .back = safe_return(parameter_get(from, "return"), STR_NONE),
                          .email = posted ? parameter_get(from, "email") : STR_NONE,
                          .name = posted ? parameter_get(from, "name") : STR_NONE,
                          .action = link_to(&p, up ? "sign-up" : "sign-in"),
                          .mail = mailer_is_set(c->server->mailer)};
    if (!up)
        sign_with_passkeys(c, &p, link_to(&p, "sign-in/passkey"), link_to(&p, "sign-in/challenge"),
                           &v, ret);
    v.other = url_with(c->arena, link_to(&p, up ? "sign-in" : "sign-up"), STR("return"), v.back);
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, up ? N_("Make an account") : N_("Sign in"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    if (up)
        sign_up_page(&h, &p, &v);
    else
        sign_in_page(&h, &p, &v);
}

void signed_in(struct context *c, const char *token, struct str home, struct response *ret)
{
    go_to(ret, safe_return(parameter_get(&c->form, "return"), home));
    ret->set_cookie[0] = session_cookie(c, arena_str(c->arena, str_of(token)));
    basket_bring(c, str_of(token), ret);
}

enum rc sign_in(struct context *c, struct str home, struct response *ret, struct fault *fault)
{
    char token[TOKEN_SIZE + 1];
    struct session_how how = {.kind = "cookie",
                              .browser = browser_kind(c->arena, c->request->user_agent)};
    enum rc rc = limits_sign_in(c, parameter_get(&c->form, "email"), fault);
    if (rc == RC_OK)
        rc = account_sign_in(c->server->passwords, c->server->site, c->server->writer,
                             parameter_get(&c->form, "email"), parameter_get(&c->form, "password"),
                             &how, token, fault);
    if (rc != RC_OK)
        return rc;
    signed_in(c, token, home, ret);
    return RC_OK;
}

bool is_readers_fault(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_CONFLICT || rc == RC_DENIED || rc == RC_LIMIT ||
           rc == RC_NOT_FOUND;
}

struct str sign_home(struct context *c, struct response *ret)
{
    struct page p = page_begin(c, ret);
    return link_home(&p).text;
}

enum rc handle_sign_in_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show_sign(c, false, STR_NONE, ret);
    return RC_OK;
}

enum rc answer_sign(struct context *c, enum rc rc, bool up, struct response *ret,
                    struct fault *fault)
{
    if (!is_readers_fault(rc))
        return rc;
    show_sign(c, up, arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_DENIED ? 422 : status_of(rc); /* who signs in is asked again */
    ret->retry_after = c->retry_after;
    return RC_OK;
}

enum rc handle_sign_in(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_sign(c, sign_in(c, sign_home(c, ret), ret, fault), false, ret, fault);
}

enum rc handle_sign_up_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show_sign(c, true, STR_NONE, ret);
    return RC_OK;
}

static void show_sign_up(struct context *c, enum sign_up_stage stage, struct str error,
                         struct response *ret)
{
    struct page p = page_begin(c, ret);
    bool posted = c->request->method == METHOD_POST;
    struct sign_up_view v = {.stage = stage,
                             .error = error,
                             .email = str_trim(parameter_get(&c->form, "email")),
                             .link = parameter_get(posted ? &c->form : &c->request->query, "link"),
                             .action = {c->request->path}};
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, stage == SIGN_UP_ASKED ? N_("One more step") : N_("Welcome"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    sign_up_stage_page(&h, &p, &v);
}

/* Where the shop sends mail, the same page whether or not the address has an account. */
static enum rc sign_up(struct context *c, const struct sign_up *s, struct response *ret,
                       struct fault *fault)
{
    if (mailer_is_set(c->server->mailer)) {
        enum rc asked = sign_up_ask(c->server->passwords, c->server->writer, s,
                                    letter_path(c, "forgot"), fault);
        if (asked == RC_OK)
            show_sign_up(c, SIGN_UP_ASKED, STR_NONE, ret);
        return asked;
    }
    enum rc rc = account_add(c->server->passwords, c->server->writer, s, NULL, fault);
    if (rc == RC_CONFLICT)
        limits_address_taken(c);
    return rc == RC_OK ? sign_in(c, sign_home(c, ret), ret, fault) : rc;
}

enum rc handle_sign_up(struct context *c, struct response *ret, struct fault *fault)
{
    bool mail = mailer_is_set(c->server->mailer);
    struct sign_up s = {.email = parameter_get(&c->form, "email"),
                        .password = parameter_get(&c->form, "password"),
                        .name = parameter_get(&c->form, "name"),
                        .language = language_tag(c->language),
                        .confirm = letter_path(c, mail ? "sign-up/confirm" : "confirm")};
    enum rc rc = limits_sign_up(c, s.email, fault);
    if (rc == RC_OK)
        rc = sign_up(c, &s, ret, fault);
    return answer_sign(c, rc, true, ret, fault);
}

enum rc handle_sign_up_confirm_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show_sign_up(c, SIGN_UP_GIVE, STR_NONE, ret);
    return RC_OK;
}

enum rc handle_sign_up_confirm(struct context *c, struct response *ret, struct fault *fault)
{
    char token[TOKEN_SIZE + 1];
    struct str link = parameter_get(&c->form, "link");
    struct session_how how = {.kind = "cookie",
                              .browser = browser_kind(c->arena, c->request->user_agent)};
    enum rc rc = limits_sign_in(c, link, fault);
    if (rc == RC_OK)
        rc = sign_up_confirm(c->server->passwords, c->server->site, c->server->writer, link,
                             parameter_get(&c->form, "password"), &how, token, fault);
    if (rc == RC_OK) {
        signed_in(c, token, sign_home(c, ret), ret);
        return RC_OK;
    }
    if (!is_readers_fault(rc))
        return rc;
    show_sign_up(c, SIGN_UP_GIVE, arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    return RC_OK;
}

enum rc handle_sign_out(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = account_sign_out(c->server->writer, c->session, fault);
    struct str home = sign_home(c, ret);
    if (rc == RC_OK) {
        ret->set_cookie[0] = session_cookie_end(c);
        go_to(ret, home);
    }
    return rc;
}

enum rc handle_sign_out_everywhere(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = account_sign_out_everywhere(c->server->writer, c->viewer.account, fault);
    struct str home = sign_home(c, ret);
    if (rc == RC_OK) {
        ret->set_cookie[0] = session_cookie_end(c);
        go_to(ret, home);
    }
    return rc;
}
