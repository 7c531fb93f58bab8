/* A demand as its sender sees it: behind the secret of their link, or in the account they
 * filed it with. How it stands, the receipt, and a complaint where it was refused or narrowed. */
#include "templates.h"
#include "web/accounts.h"
#include "web/demands.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"

#define N_(text) text

enum { RECEIPT_MAX = 2 << 20 };

struct url link_own_demand(const struct page *p, uint64_t id)
{
    char place[60];
    snprintf(place, sizeof place, "account/demands/%llu", (unsigned long long)id);
    return link_to(p, place);
}

/* Which one, and where its page is. */
static enum rc find(struct context *c, const struct page *p, bool secret, uint64_t *ret_id,
                    struct str *ret_here, struct fault *fault)
{
    enum rc rc;
    if (secret) {
        *ret_here =
            link_to(p, arena_z(c->arena, ARENA_JOIN(c->arena, STR("demand/"), c->captures[0])))
                .text;
        return demand_of_secret(c->worker->conn, c->captures[0], ret_id, fault);
    }
    rc = captured_id(c, 0, ret_id, fault);
    if (rc == RC_OK)
        rc = demand_of_account(c->server->site, c->viewer.account, *ret_id, fault);
    *ret_here = link_own_demand(p, *ret_id).text;
    return rc;
}

static enum rc show(struct context *c, bool secret, struct str error, struct response *ret,
                    struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct demand_page_view v;
    struct own_demand_view own = {.error = error, .text = parameter_get(&c->form, "text")};
    struct str here;
    uint64_t id;
    enum rc rc = find(c, &p, secret, &id, &here, fault);
    if (rc == RC_OK)
        rc = demand_page_load(c, id, &p, &v, fault);
    if (rc == RC_OK)
        rc = complaint_of_decision(c->server->site, c->arena, id, &own.contest, fault);
    if (rc != RC_OK)
        return rc;
    own.secret = secret;
    own.action = (struct url){ARENA_JOIN(c->arena, here, STR("/complaint"))};
    if (own.contest.complaint.line.id != 0)
        own.receipt = (struct url){ARENA_JOIN(c->arena, here, STR("/complaint/receipt"))};
    if (v.proof.text.n > 0)
        v.receipt = (struct url){ARENA_JOIN(c->arena, here, STR("/receipt"))};
    v.own = &own;
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Your demand"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    demand_page(&h, &p, &v);
    return RC_OK;
}

static void answer_proof(struct response *ret, struct str proof)
{
    buf_renew(&ret->body, RECEIPT_MAX);
    ret->content_type = "text/plain; charset=utf-8";
    buf_str_add(&ret->body, proof);
}

static enum rc receipt(struct context *c, bool secret, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct str text, here;
    uint64_t id;
    enum rc rc = find(c, &p, secret, &id, &here, fault);
    if (rc == RC_OK)
        rc = demand_receipt(c->server->site, c->worker->conn, c->arena, id, &text, fault);
    if (rc == RC_OK)
        answer_proof(ret, text);
    return rc;
}

static enum rc complaint_proof(struct context *c, bool secret, struct response *ret,
                               struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct contest_view contest;
    struct str text, here;
    uint64_t id;
    enum rc rc = find(c, &p, secret, &id, &here, fault);
    if (rc == RC_OK)
        rc = complaint_of_decision(c->server->site, c->arena, id, &contest, fault);
    if (rc == RC_OK)
        rc = complaint_receipt(c->server->site, c->arena, contest.complaint.line.id, &text, fault);
    if (rc == RC_OK)
        answer_proof(ret, text);
    return rc;
}

static enum rc show_by_secret(struct context *c, struct str error, struct response *ret,
                              struct fault *fault)
{
    return show(c, true, error, ret, fault);
}

static enum rc show_in_account(struct context *c, struct str error, struct response *ret,
                               struct fault *fault)
{
    return show(c, false, error, ret, fault);
}

static enum rc complain(struct context *c, bool secret, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct complaint_made made;
    struct str here;
    uint64_t id;
    enum rc rc = find(c, &p, secret, &id, &here, fault);
    if (rc != RC_OK)
        return rc;
    rc = complaint_add_decision(c->server->site, c->server->writer, id,
                                str_trim(parameter_get(&c->form, "text")), &made, fault);
    if (rc == RC_OK)
        go_to(ret, here);
    return show_refused(c, rc, secret ? show_by_secret : show_in_account, ret, fault);
}

enum rc handle_demand_status(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, true, STR_NONE, ret, fault);
}

enum rc handle_own_demand(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, false, STR_NONE, ret, fault);
}

enum rc handle_demand_receipt(struct context *c, struct response *ret, struct fault *fault)
{
    return receipt(c, true, ret, fault);
}

enum rc handle_own_demand_receipt(struct context *c, struct response *ret, struct fault *fault)
{
    return receipt(c, false, ret, fault);
}

enum rc handle_demand_complaint(struct context *c, struct response *ret, struct fault *fault)
{
    return complain(c, true, ret, fault);
}

enum rc handle_own_demand_complaint(struct context *c, struct response *ret, struct fault *fault)
{
    return complain(c, false, ret, fault);
}

enum rc handle_demand_complaint_receipt(struct context *c, struct response *ret,
                                        struct fault *fault)
{
    return complaint_proof(c, true, ret, fault);
}

enum rc handle_own_demand_complaint_receipt(struct context *c, struct response *ret,
                                            struct fault *fault)
{
    return complaint_proof(c, false, ret, fault);
}

/* ---- in the account ---- */

enum rc own_demand_lines_fill(struct context *c, const struct page *p, own_demand_lines *ret,
                              struct fault *fault)
{
    enum { LISTED_MAX = 100 };
    struct demand_view *v;
    size_t n;
    enum rc rc =
        demand_list_own(c->server->site, c->arena, c->viewer.account, LISTED_MAX, &v, &n, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(c->arena, struct own_demand_line, n);
    for (ret->n = 0; rc == RC_OK && ret->n < n; ret->n++) {
        struct own_demand_line *line = &ret->v[ret->n];
        rc = demand_page_fill(c, p, &v[ret->n], &line->demand, fault);
        line->page = link_own_demand(p, v[ret->n].id);
        if (v[ret->n].index != UINT64_MAX)
            line->receipt = (struct url){ARENA_JOIN(c->arena, line->page.text, STR("/receipt"))};
    }
    return rc;
}
