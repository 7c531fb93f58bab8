#include "web/record.h"

#include "app/publication.h"
#include "app/ranking.h"
#include "templates.h"
#include "web/handlers.h"

#define N_(text) text

/* ---- one entry ---- */

enum rc record_proof(struct context *c, uint64_t index, struct proof_view *ret, struct fault *fault)
{
    struct published_entry entry;
    enum rc rc = publication_entry(c->worker->conn, c->server->trees, c->arena, PUBLIC_DECISIONS,
                                   index, &entry, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct proof_view){.index = index,
                               .size = entry.size,
                               .leaf = hex_str(c->arena, entry.leaf.b, sizeof entry.leaf.b),
                               .json = entry.json};
    ret->path.v = ARENA_ARRAY(c->arena, struct str, entry.path.n);
    for (; ret->path.n < entry.path.n; ret->path.n++)
        ret->path.v[ret->path.n] =
            hex_str(c->arena, entry.path.v[ret->path.n].b, sizeof entry.path.v[ret->path.n].b);
    return RC_OK;
}

enum rc handle_record_entry(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct proof_view v;
    uint64_t index;
    if (!str_to_u64(c->captures[0], &index))
        return fault_set(fault, RC_NOT_FOUND, "entries have numbers");
    enum rc rc = record_proof(c, index, &v, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("The Record"));
    struct html h = page_html(c, ret);
    entry_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_record_check(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct check_view v = {.base = context_base_url(c)};
    enum rc rc = publication_vkey(c->server->site, c->worker->conn, c->arena, PUBLIC_DECISIONS,
                                  &v.vkey, fault);
    if (rc == RC_OK)
        rc = publication_vkey(c->server->site, c->worker->conn, c->arena, PUBLIC_VOICES,
                              &v.voices_vkey, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("Check it yourself"));
    struct html h = page_html(c, ret);
    check_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_agreements(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct agreements_view v;
    enum rc rc = agreements_read(c->server->site, c->arena, &v.agreements, fault);
    if (rc == RC_OK)
        rc = disclosures_read(c->worker->conn, c->arena, &v.disclosures, fault);
    if (rc == RC_OK)
        rc = disclosures_tell(c->server->site, c->arena, &v.disclosures, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("Agreements and owners"));
    struct html h = page_html(c, ret);
    agreements_page(&h, &p, &v);
    return RC_OK;
}

struct url link_agreement_copy(const struct page *p, const struct agreement *a)
{
    return link_below_record(p,
                             (struct url){arena_printf(p->arena, "/record/agreements/%llu/document",
                                                       (unsigned long long)a->id)});
}

enum rc handle_agreement_copy(struct context *c, struct response *ret, struct fault *fault)
{
    struct str bytes, type;
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = agreement_copy(c->server->site, c->arena, id, &bytes, &type, fault);
    if (rc == RC_OK)
        answer_paper(ret, type, STR("attachment; filename=\"agreement\""), bytes);
    return rc;
}

enum rc handle_ranking(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct ranking_published latest;
    enum rc rc = ranking_latest(c->worker->conn, &latest, fault);
    if (rc != RC_OK)
        return rc;
    struct str rule = ranking_rule(c->arena);
    struct hash hash = sha256(rule.p, rule.n);
    struct ranking_view v = {.version = latest.version,
                             .index = latest.index,
                             .same = hash_eq(&hash, &latest.rule),
                             .rule = rule,
                             .hash = hex_str(c->arena, hash.b, sizeof hash.b)};
    p.title = word_text(&p, N_("What stands first, and why"));
    struct html h = page_html(c, ret);
    ranking_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_ranking_text(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    buf_renew(&ret->body, 64 << 10);
    ret->content_type = "text/plain; charset=utf-8";
    buf_str_add(&ret->body, ranking_rule(c->arena));
    return RC_OK;
}
