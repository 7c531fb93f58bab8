#include "web/receipts.h"

#include <stdlib.h>

#include "base/json.h"
#include "templates.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/session.h"

#define N_(text) text

enum { A_PAGE = 50, PAGES_MAX = 10000, PROOF_BODY_MAX = 2 << 20 };

struct url link_receipt(const struct page *p, uint64_t index)
{
    BUF_AUTO place = BUF_INIT(64);
    buf_printf(&place, "account/receipts/%llu", (unsigned long long)index);
    return link_to(p, arena_z(p->arena, buf_str(&place)));
}

struct url link_erase(const struct page *p, uint64_t index)
{
    BUF_AUTO place = BUF_INIT(64);
    buf_printf(&place, "account/receipts/%llu/erase", (unsigned long long)index);
    return link_to(p, arena_z(p->arena, buf_str(&place)));
}

struct str word_voice(const struct page *p, const struct own_receipt *r)
{
    if (strcmp(r->kind, "rating") == 0)
        return word_text(p, N_("Rating"));
    return word_text(p, strcmp(r->kind, "review") == 0 ? N_("Review") : N_("Comment"));
}

enum rc handle_receipts(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct receipts_view v = {0};
    uint64_t number;
    struct url list = link_to(&p, "account/receipts");
    enum rc rc = page_number(c, PAGES_MAX, &number, fault);
    if (rc == RC_OK)
        rc = receipts_of(&c->visit, c->server->site, (number - 1) * A_PAGE, A_PAGE, &v.own, fault);
    if (rc != RC_OK)
        return rc;
    if (number > 1)
        v.later = url_with(c->arena, list, STR("page"),
                           arena_printf(c->arena, "%llu", (unsigned long long)number - 1));
    if (v.own.more)
        v.earlier = url_with(c->arena, list, STR("page"),
                             arena_printf(c->arena, "%llu", (unsigned long long)number + 1));
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("My receipts"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    receipts_page(&h, &p, &v);
    return RC_OK;
}

/* The file; `proof` lies in the request's arena. */
static void answer_file(struct context *c, struct str proof, uint64_t index, struct response *ret)
{
    buf_renew(&ret->body, PROOF_BODY_MAX);
    buf_str_add(&ret->body, proof);
    ret->content_type = "text/plain; charset=utf-8";
    ret->disposition = arena_printf(c->arena, "attachment; filename=\"receipt-%llu.tlog-proof\"",
                                    (unsigned long long)index);
}

enum rc handle_receipt(struct context *c, struct response *ret, struct fault *fault)
{
    struct str proof;
    uint64_t index;
    enum rc rc = captured_id(c, 0, &index, fault);
    if (rc == RC_OK)
        rc = receipt_of(c->server->site, c->arena, c->viewer.account, index, &proof, fault);
    if (rc == RC_OK)
        answer_file(c, proof, index, ret);
    return rc;
}

/* ---- JSON ---- */

enum rc api_receipt(struct context *c, struct response *ret, struct fault *fault)
{
    return handle_receipt(c, ret, fault);
}

static json_t *withheld_json(const struct own_receipt *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->withheld.n; i++)
        json_array_append_new(list, json_pack("{s:o, s:I}", "storefront",
                                              json_from_str(r->withheld.v[i].storefront->slug),
                                              "restriction", (json_int_t)r->withheld.v[i].by->id));
    return list;
}

enum rc api_receipts(struct context *c, struct response *ret, struct fault *fault)
{
    struct own_receipts own;
    uint64_t offset, limit;
    enum rc rc = parameter_number(&c->request->query, "offset", 0, UINT32_MAX, &offset, fault);
    if (rc == RC_OK)
        rc = parameter_number(&c->request->query, "limit", A_PAGE, A_PAGE, &limit, fault);
    if (rc == RC_OK)
        rc = receipts_of(&c->visit, c->server->site, offset, limit, &own, fault);
    if (rc != RC_OK)
        return rc;
    json_t *list = json_array();
    for (size_t i = 0; i < own.list.n; i++) {
        const struct own_receipt *r = &own.list.v[i];
        json_t *json =
            json_pack("{s:s, s:I, s:o, s:o}", "kind", r->kind, "work", (json_int_t)r->work, "state",
                      json_from_str(r->state), "withheld", withheld_json(r));
        if (r->id != 0)
            json_object_set_new(json, "id", json_integer((json_int_t)r->id));
        if (!r->pending) {
            json_object_set_new(json, "accepted", json_integer((json_int_t)r->index));
            json_object_set_new(json, "latest", json_integer((json_int_t)r->latest));
        }
        json_array_append_new(list, json);
    }
    api_answer(ret, json_pack("{s:o, s:b}", "receipts", list, "more", own.more));
    return RC_OK;
}

enum rc api_voice(struct context *c, struct response *ret, struct fault *fault)
{
    struct published_entry entry;
    struct str proof;
    uint64_t index;
    json_t *json = NULL;
    enum rc rc = captured_id(c, 0, &index, fault);
    if (rc == RC_OK)
        rc = publication_entry(c->worker->conn, c->server->trees, c->arena, PUBLIC_VOICES, index,
                               &entry, fault);
    if (rc == RC_OK)
        rc = entry_prove(c->worker->conn, c->server->trees, c->arena, PUBLIC_VOICES, index, NULL,
                         &proof, fault);
    if (rc == RC_OK)
        rc = json_read(entry.json, &json, fault);
    if (rc != RC_OK)
        return rc;
    api_answer(ret,
               json_pack("{s:I, s:I, s:o, s:o}", "index", (json_int_t)index, "size",
                         (json_int_t)entry.size, "entry", json, "proof", json_from_str(proof)));
    return RC_OK;
}
