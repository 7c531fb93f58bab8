/* Erasing what one said, or the whole account: asked for by the owner, with the
 * password once more. */
#include "app/erase.h"

#include "base/json.h"
#include "base/utf8.h"
#include "templates.h"
#include "web/accounts.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/receipts.h"
#include "web/security.h"
#include "web/session.h"

#define N_(text) text

static enum rc erase_own(struct context *c, uint64_t index, uint64_t *ret_entry,
                         struct fault *fault)
{
    struct erase_order order = {.index = index, .account = c->viewer.account, .basis = "author"};
    return erase_voice(c->server->site, c->server->writer, &order, ret_entry, fault);
}

/* Who keeps the shop answers for what it decided. */
static enum rc erase_all(struct context *c, struct fault *fault)
{
    if (c->viewer.operator_role || c->viewer.shop != 0 || c->viewer.lacks != 0)
        return fault_set(fault, RC_DENIED,
                         "an operator's account cannot be erased while it is one");
    return erase_account(c->server->site, c->server->writer, c->viewer.account, fault);
}

/* ---- pages ---- */

static void show_erase(struct context *c, bool all, struct str error, struct response *ret)
{
    struct page p = page_begin(c, ret);
    struct erase_view v = {.all = all, .error = error, .action = {c->request->path}};
    if (!all && !str_to_u64(c->captures[0], &v.index))
        v.index = 0;
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, all ? N_("Erase my account") : N_("Erase what I said"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    erase_page(&h, &p, &v);
}

enum rc handle_erase_page(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t index;
    enum rc rc = captured_id(c, 0, &index, fault);
    if (rc == RC_OK)
        show_erase(c, false, STR_NONE, ret);
    return rc;
}

enum rc handle_erase_account_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show_erase(c, true, STR_NONE, ret);
    return RC_OK;
}

/* Asked again where the password was wrong; anything else is told as any failure. */
static enum rc answer_erase(struct context *c, enum rc rc, bool all, struct response *ret,
                            struct fault *fault)
{
    if (rc != RC_DENIED && rc != RC_LIMIT)
        return rc;
    show_erase(c, all, arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    return RC_OK;
}

enum rc handle_erase(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t index, entry;
    enum rc rc = captured_id(c, 0, &index, fault);
    if (rc == RC_OK)
        rc = security_check_password(c, parameter_get(&c->form, "password"), "password", fault);
    if (rc == RC_OK)
        rc = erase_own(c, index, &entry, fault);
    if (rc != RC_OK)
        return answer_erase(c, rc, false, ret, fault);
    struct page p = page_begin(c, ret);
    go_to(ret, link_to(&p, "account/receipts").text);
    return RC_OK;
}

enum rc handle_erase_account(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = security_check_password(c, parameter_get(&c->form, "password"), "password", fault);
    if (rc == RC_OK)
        rc = erase_all(c, fault);
    if (rc != RC_OK)
        return answer_erase(c, rc, true, ret, fault);
    struct page p = page_begin(c, ret);
    ret->set_cookie[0] = session_cookie_end(c);
    go_to(ret, link_to(&p, "erased").text);
    return RC_OK;
}

/* To whoever comes: who was somebody here is nobody any more. */
enum rc handle_erased(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    struct page p = page_begin(c, ret);
    p.title = word_text(&p, N_("Your account is erased"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    erased_page(&h, &p);
    return RC_OK;
}

/* ---- JSON ---- */

static enum rc read_password(struct context *c, struct str *ret, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    enum rc rc = utf8_valid(c->request->body, NULL)
                     ? json_read(c->request->body, &json, fault)
                     : fault_set(fault, RC_INVALID, "the body is no UTF-8");
    if (rc != RC_OK)
        c->failed_status = 400;
    if (rc == RC_OK && !json_is_string(json_object_get(json, "password")))
        rc = fault_set(fault, RC_INVALID, "password: text is needed");
    if (rc == RC_OK)
        *ret = arena_str(c->arena, json_member_str(json, "password"));
    return rc;
}

enum rc api_erase(struct context *c, struct response *ret, struct fault *fault)
{
    struct str password;
    uint64_t index, entry = 0;
    enum rc rc = captured_id(c, 0, &index, fault);
    if (rc == RC_OK)
        rc = read_password(c, &password, fault);
    if (rc == RC_OK)
        rc = security_check_password(c, password, "password", fault);
    if (rc == RC_OK)
        rc = erase_own(c, index, &entry, fault);
    if (rc == RC_OK)
        api_answer(ret, json_pack("{s:I}", "record_index", (json_int_t)entry));
    return rc;
}

enum rc api_account_erase(struct context *c, struct response *ret, struct fault *fault)
{
    struct str password;
    enum rc rc = read_password(c, &password, fault);
    if (rc == RC_OK)
        rc = security_check_password(c, password, "password", fault);
    if (rc == RC_OK)
        rc = erase_all(c, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}
