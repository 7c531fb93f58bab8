/* What is withheld from one work in one storefront, as a proof. */
#include "app/absence.h"

#include "domain/isbn.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/record.h"

#define N_(text) text

/* A number of a work, or the ISBN of one of its editions. */
static enum rc read_work(struct context *c, struct str given, uint64_t *ret, struct fault *fault)
{
    char isbn[14];
    if (given.n > 9 && isbn_parse(given, isbn))
        return absence_work(c->worker->conn, str_of(isbn), ret, fault);
    if (!str_to_u64(given, ret) || *ret == 0)
        return fault_set(fault, RC_INVALID, "work: the number of a work or an ISBN is needed");
    return RC_OK;
}

static enum rc make(struct context *c, struct str work, struct str storefront, struct str *ret,
                    struct absence_result *ret_result, struct fault *fault)
{
    uint64_t number;
    if (gate_storefront(c->view, storefront) == NULL)
        return fault_set(fault, RC_INVALID, "storefront: the short name of one is needed");
    enum rc rc = read_work(c, work, &number, fault);
    if (rc == RC_OK)
        rc = absence_make(c->server->absence, c->worker->conn, c->arena, storefront, number, ret,
                          ret_result, fault);
    return rc;
}

enum rc api_absence(struct context *c, struct response *ret, struct fault *fault)
{
    struct absence_result result;
    struct str proof;
    enum rc rc = make(c, parameter_get(&c->request->query, "work"),
                      parameter_get(&c->request->query, "storefront"), &proof, &result, fault);
    if (rc != RC_OK)
        return rc;
    ret->content_type = "application/json";
    buf_renew(&ret->body, ABSENCE_PROOF_MAX);
    buf_str_add(&ret->body, proof);
    return RC_OK;
}

static void fill_storefronts(const struct page *p, struct str chosen, struct absence_view *v)
{
    v->storefronts.v = ARENA_ARRAY(p->arena, struct page_choice, p->view->storefronts.n);
    for (size_t i = 0; i < p->view->storefronts.n; i++) {
        const struct storefront *s = &p->view->storefronts.v[i];
        v->storefronts.v[v->storefronts.n++] = (struct page_choice){
            .name = word_country(p, s->country), .tag = s->slug, .chosen = str_eq(s->slug, chosen)};
    }
}

/* "the edition 9780000000040"; empty where it is about all of the work. */
static struct str word_part(const struct page *p, const struct absence_restriction *r)
{
    struct restriction part = {.target_key = r->part};
    if (r->part.n == 0 || !target_parse(r->part_kind, &part.target))
        return r->part;
    return word_target(p, &(struct restriction_view){.r = &part});
}

static void fill_result(const struct page *p, const struct absence_result *result, size_t bytes,
                        struct absence_view *v)
{
    v->asked = true;
    v->size = result->size;
    v->at = result->at;
    v->keys = result->keys;
    v->bytes = bytes;
    v->restrictions.v = ARENA_ARRAY(p->arena, struct absence_line_view, result->restrictions.n);
    for (size_t i = 0; i < result->restrictions.n; i++) {
        const struct absence_restriction *r = &result->restrictions.v[i];
        enum restriction_state state = absence_state(r, p->view->now);
        v->in_effect += state == STATE_IN_EFFECT;
        v->restrictions.v[v->restrictions.n++] =
            (struct absence_line_view){.id = r->id,
                                       .features = word_features(p, r->features),
                                       .part = word_part(p, r),
                                       .state = state};
    }
}

enum rc handle_absence(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct absence_view v = {.work = parameter_get(&c->request->query, "work"),
                             .language = language_tag(p.language)};
    struct str storefront = parameter_get(&c->request->query, "storefront"), proof;
    struct absence_result result;
    fill_storefronts(&p, storefront, &v);
    if (v.work.n > 0) {
        enum rc rc = make(c, v.work, storefront, &proof, &result, fault);
        if (rc == RC_NOT_FOUND || rc == RC_INVALID)
            v.unknown = true;
        else if (rc != RC_OK)
            return rc;
        else
            fill_result(&p, &result, proof.n, &v);
        v.proof =
            url_with(c->arena,
                     url_with(c->arena, URL_LITERAL("/api/v1/record/absence"), STR("work"), v.work),
                     STR("storefront"), storefront);
    }
    p.title = word_text(&p, N_("Is anything withheld?"));
    struct html h = page_html(c, ret);
    absence_page(&h, &p, &v);
    return RC_OK;
}
