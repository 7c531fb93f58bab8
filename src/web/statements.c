#include "web/statements.h"

#include "base/json.h"
#include "templates.h"
#include "web/accounts.h"
#include "web/api.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/session.h"

#define N_(text) text

enum { LISTED_MAX = 500, RECEIPT_MAX = 2 << 20 };

struct url link_statement(const struct page *p, uint64_t id)
{
    char place[60];
    snprintf(place, sizeof place, "account/statements/%llu", (unsigned long long)id);
    return link_to(p, place);
}

/* An address that the operator set, checked to be one of the web. */
struct url link_body(const struct page *p, const struct redress_body *b)
{
    (void)p;
    return (struct url){b->url};
}

struct url link_complaint_desk(const struct page *p, uint64_t id)
{
    return (struct url){arena_printf(p->arena, "/desk/complaints/%llu", (unsigned long long)id)};
}

/* ---- one statement ---- */

static struct str source_of(const struct page *p, const struct restriction *r)
{
    if (r->demand != 0 || ground_is_legal_demand(r->ground))
        return word_text(p, N_("It was demanded by others."));
    return word_text(p, N_("The shop acted of its own accord."));
}

static enum rc fill(struct context *c, const struct page *p, uint64_t account, uint64_t id,
                    struct statement_page_view *v, struct fault *fault)
{
    enum rc rc = statement_show(c->server->site, c->worker->conn, c->arena, c->view, account, id,
                                &v->s, fault);
    if (rc != RC_OK)
        return rc;
    const struct restriction *r = v->s.restriction.r;
    struct str what[] = {word_features(p, r->features), word_target(p, &v->s.restriction)};
    v->what = word_filled(p, N_("%1 of %2"), what, 2);
    v->where = word_storefronts(p, r);
    v->span = word_span(p, r);
    v->wish = word_wish(p, r);
    v->source = source_of(p, r);
    if (v->s.index != UINT64_MAX)
        v->proof = (struct url){
            arena_printf(c->arena, "/record/proofs/%llu", (unsigned long long)v->s.index)};
    return v->s.complaint == 0
               ? RC_OK
               : complaint_show(c->server->site, c->arena, v->s.complaint, &v->complaint, fault);
}

/* The address of the page: an account's own, or behind a letter's secret. */
static enum rc find_statement(struct context *c, bool secret, uint64_t *ret_account,
                              uint64_t *ret_id, struct fault *fault)
{
    *ret_account = secret ? 0 : c->viewer.account;
    return secret ? statement_of_secret(c->server->site, c->captures[0], ret_id, fault)
                  : captured_id(c, 0, ret_id, fault);
}

static enum rc show(struct context *c, bool secret, struct str error, struct response *ret,
                    struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct statement_page_view v = {.error = error, .text = parameter_get(&c->form, "text")};
    uint64_t account, id;
    enum rc rc = find_statement(c, secret, &account, &id, fault);
    if (rc == RC_OK)
        rc = fill(c, &p, account, id, &v, fault);
    if (rc != RC_OK)
        return rc;
    struct str here =
        secret ? arena_printf(c->arena, "/record/statements/%.*s", STR_ARG(c->captures[0]))
               : link_statement(&p, id).text;
    v.action = (struct url){arena_printf(c->arena, "%.*s/complaint", STR_ARG(here))};
    if (v.s.complaint != 0)
        v.receipt = (struct url){arena_printf(c->arena, "%.*s/receipt", STR_ARG(here))};
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Statement of reasons"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    statement_page(&h, &p, &v);
    return RC_OK;
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
    struct complaint_made made;
    struct statement_view s;
    uint64_t account, id;
    struct page p = page_begin(c, ret);
    enum rc rc = find_statement(c, secret, &account, &id, fault);
    if (rc == RC_OK)
        rc = statement_show(c->server->site, c->worker->conn, c->arena, c->view, account, id, &s,
                            fault);
    if (rc != RC_OK)
        return rc;
    rc = complaint_add(c->server->site, c->server->writer, id,
                       str_trim(parameter_get(&c->form, "text")), &made, fault);
    if (rc == RC_OK)
        go_to(ret, secret
                       ? arena_printf(c->arena, "/record/statements/%.*s", STR_ARG(c->captures[0]))
                       : link_statement(&p, id).text);
    return show_refused(c, rc, secret ? show_by_secret : show_in_account, ret, fault);
}

static enum rc receipt(struct context *c, bool secret, struct response *ret, struct fault *fault)
{
    struct statement_view s;
    struct str proof;
    uint64_t account, id;
    enum rc rc = find_statement(c, secret, &account, &id, fault);
    if (rc == RC_OK)
        rc = statement_show(c->server->site, c->worker->conn, c->arena, c->view, account, id, &s,
                            fault);
    if (rc == RC_OK)
        rc = complaint_receipt(c->server->site, c->arena, s.complaint, &proof, fault);
    if (rc != RC_OK)
        return rc;
    ret->content_type = "text/plain; charset=utf-8";
    buf_renew(&ret->body, RECEIPT_MAX);
    buf_str_add(&ret->body, proof);
    return RC_OK;
}

enum rc handle_statement(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, false, STR_NONE, ret, fault);
}

enum rc handle_statement_by_secret(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, true, STR_NONE, ret, fault);
}

enum rc handle_complaint(struct context *c, struct response *ret, struct fault *fault)
{
    return complain(c, false, ret, fault);
}

enum rc handle_complaint_by_secret(struct context *c, struct response *ret, struct fault *fault)
{
    return complain(c, true, ret, fault);
}

enum rc handle_complaint_receipt(struct context *c, struct response *ret, struct fault *fault)
{
    return receipt(c, false, ret, fault);
}

enum rc handle_complaint_receipt_by_secret(struct context *c, struct response *ret,
                                           struct fault *fault)
{
    return receipt(c, true, ret, fault);
}

enum rc handle_statements(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct statements_view v = {0};
    enum rc rc =
        statement_list(c->server->site, c->arena, c->viewer.account, LISTED_MAX, &v.lines, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("Statements of reasons"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    statements_page(&h, &p, &v);
    return RC_OK;
}

/* ---- the desk ---- */

enum rc handle_desk_complaints(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = desk_begin(c, N_("Complaints"), ret);
    struct desk_complaints_view v = {0};
    enum rc rc = complaint_list(c->server->site, c->arena, LISTED_MAX, &v.lines, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    desk_complaints_page(&h, &p, &v);
    return RC_OK;
}

static enum rc fill_decided(struct context *c, const struct page *p, uint64_t demand,
                            struct desk_complaint_view *v, struct fault *fault)
{
    struct demand_page_view *decided = ARENA_NEW(c->arena, struct demand_page_view);
    enum rc rc = demand_page_load(c, demand, p, decided, fault);
    v->decided = decided;
    return rc;
}

static enum rc show_desk(struct context *c, struct str error, struct response *ret,
                         struct fault *fault)
{
    struct page p = desk_begin(c, N_("Complaint"), ret);
    struct desk_complaint_view v = {.error = error, .reasons = parameter_get(&c->form, "reasons")};
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = complaint_show(c->server->site, c->arena, id, &v.complaint, fault);
    if (rc == RC_OK && v.complaint.line.demand != 0)
        rc = fill_decided(c, &p, v.complaint.line.demand, &v, fault);
    else if (rc == RC_OK)
        rc = fill(c, &p, 0, v.complaint.line.statement, &v.page, fault);
    if (rc == RC_OK)
        rc = disputes_of_complaint(c->server->site, c->arena, id, &v.disputes, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    desk_complaint_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_complaint(struct context *c, struct response *ret, struct fault *fault)
{
    return show_desk(c, STR_NONE, ret, fault);
}

enum rc handle_desk_complaint_decide(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id, index;
    struct str outcome = parameter_get(&c->form, "outcome");
    bool upheld = str_eq(outcome, STR("upheld"));
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK && !upheld && !str_eq(outcome, STR("rejected")))
        rc = fault_set(fault, RC_INVALID, "outcome: choose one");
    if (rc == RC_OK)
        rc = complaint_decide(c->server->site, c->server->writer, c->viewer.account, id, upheld,
                              str_trim(parameter_get(&c->form, "reasons")), &index, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, STR("/desk/complaints"));
    return show_refused(c, rc, show_desk, ret, fault);
}

/* ---- JSON ---- */

enum rc api_statements(struct context *c, struct response *ret, struct fault *fault)
{
    statement_lines lines;
    json_t *list = json_array();
    enum rc rc =
        statement_list(c->server->site, c->arena, c->viewer.account, LISTED_MAX, &lines, fault);
    for (size_t i = 0; rc == RC_OK && i < lines.n; i++) {
        const struct statement_line *s = &lines.v[i];
        json_array_append_new(
            list,
            json_pack("{s:I, s:I, s:o}", "id", (json_int_t)s->id, "restriction",
                      (json_int_t)s->restriction, "complaint",
                      s->complaint == 0 ? json_null() : json_integer((json_int_t)s->complaint)));
    }
    if (rc != RC_OK) {
        json_decref(list);
        return rc;
    }
    api_answer(ret, json_pack("{s:o}", "statements", list));
    return RC_OK;
}

enum rc api_complaint_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct complaint_made made;
    struct statement_view s;
    uint64_t id;
    JSON_AUTO *json = NULL;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = statement_show(c->server->site, c->worker->conn, c->arena, c->view, c->viewer.account,
                            id, &s, fault);
    if (rc == RC_OK)
        rc = complaint_add(c->server->site, c->server->writer, id, json_member_str(json, "text"),
                           &made, fault);
    if (rc != RC_OK)
        return rc;
    ret->status = 201;
    api_answer(ret, json_pack("{s:I, s:I}", "id", (json_int_t)made.id, "record_index",
                              (json_int_t)made.record_index));
    return RC_OK;
}
