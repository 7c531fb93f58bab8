/* The page of one restriction. */
#include "app/publication.h"
#include "app/restriction_view.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/record.h"

#define N_(text) text

struct url link_log_entry(const struct page *p, int64_t index)
{
    return (struct url){arena_printf(p->arena, "/record/entries/%lld", (long long)index)};
}

static struct str entry_heading(const struct page *p, struct str type)
{
    if (str_eq(type, STR("restriction")))
        return word_text(p, N_("The decision and its reasons"));
    if (str_eq(type, STR("lift")))
        return word_text(p, N_("The lift and its reasons"));
    return word_text(p, N_("Works that joined the set"));
}

enum rc handle_record_restriction(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct restriction_page_view v = {0};
    uint64_t id;
    if (!str_to_u64(c->captures[0], &id))
        return fault_set(fault, RC_NOT_FOUND, "restrictions have numbers");
    enum rc rc = restriction_show(c->worker->conn, c->arena, c->view, id, &v.restriction, fault);
    if (rc != RC_OK)
        return rc;
    const struct restriction *r = v.restriction.r;
    if (target_is_set(r->target)) {
        v.root = hex_str(c->arena, r->works_root.b, sizeof r->works_root.b);
        v.list = (struct url){arena_printf(c->arena, "/record/lists/%.*s", STR_ARG(v.root))};
    }
    v.entries.v = ARENA_ARRAY(c->arena, struct record_entry_view, v.restriction.entries.n);
    for (size_t i = 0; rc == RC_OK && i < v.restriction.entries.n; i++) {
        const struct restriction_entry_view *e = &v.restriction.entries.v[i];
        struct record_entry_view *entry = &v.entries.v[v.entries.n++];
        *entry = (struct record_entry_view){.heading = entry_heading(&p, e->type),
                                            .text = e->text,
                                            .at = e->at,
                                            .published = e->index != UINT64_MAX};
        if (entry->published)
            rc = record_proof(c, e->index, &entry->proof, fault);
    }
    if (rc != RC_OK)
        return rc;
    rc = complaints_of(c->worker->conn, c->arena, id, &v.complaints, fault);
    if (rc == RC_OK)
        rc = restriction_titles(c->worker->conn, c->arena, &v.restriction, 1, fault);
    if (rc != RC_OK)
        return rc;
    struct story story;
    rc = record_story(c->worker->conn, c->arena, c->view, r, &story, fault);
    if (rc != RC_OK)
        return rc;
    v.story = story_view_make(&p, &story);
    p.title = restriction_title(&p, &v.restriction);
    struct html h = page_html(c, ret);
    restriction_page(&h, &p, &v);
    return RC_OK;
}
