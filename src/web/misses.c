#include "web/misses.h"

#include "domain/isbn.h"
#include "templates.h"
#include "web/handlers.h"

#define N_(text) text

enum { MISSES_SHOWN = 500, MISSES_IN_TABLE = 10000 };

static const struct storefront *storefront_of(const struct context *c, unsigned id)
{
    for (size_t i = 0; i < c->view->storefronts.n; i++)
        if (c->view->storefronts.v[i].id == id)
            return &c->view->storefronts.v[i];
    return NULL;
}

static enum rc load_lines(struct context *c, size_t room, struct misses_view *v,
                          struct fault *fault)
{
    struct miss *rows;
    size_t n;
    enum rc rc = misses_read(c->server->misses, c->arena, room, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    v->lines.v = ARENA_ARRAY(c->arena, struct miss_line, n);
    for (size_t i = 0; i < n; i++) {
        const struct storefront *s = storefront_of(c, rows[i].storefront);
        struct miss_line *line = &v->lines.v[v->lines.n++];
        *line = (struct miss_line){.query = rows[i].query,
                                   .asked = rows[i].asked,
                                   .first = rows[i].first,
                                   .last = rows[i].last};
        if (s == NULL)
            continue;
        line->storefront = s->slug;
        line->search = url_with(c->arena, url_path(c->arena, 2, s->slug, STR("search")), STR("q"),
                                line->query);
    }
    return RC_OK;
}

enum rc handle_desk_misses(struct context *c, struct response *ret, struct fault *fault)
{
    struct misses_view v = {0};
    enum rc rc = load_lines(c, MISSES_SHOWN, &v, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Searched for and not found"), ret);
    struct html h = page_html(c, ret);
    desk_misses_page(&h, &p, &v);
    return RC_OK;
}

/* Folded words hold letters, digits and spaces alone: no field needs quotes, and none
 * begins as a formula does. */
enum rc handle_desk_misses_csv(struct context *c, struct response *ret, struct fault *fault)
{
    struct misses_view v = {0};
    enum rc rc = load_lines(c, MISSES_IN_TABLE, &v, fault);
    if (rc != RC_OK)
        return rc;
    ret->content_type = "text/csv; charset=utf-8; header=present";
    BUF_LIT(&ret->body, "query,storefront,asked,first,last\r\n");
    for (size_t i = 0; i < v.lines.n; i++) {
        const struct miss_line *line = &v.lines.v[i];
        buf_printf(&ret->body, "%.*s,%.*s,%llu,%04d-%02d-%02d,%04d-%02d-%02d\r\n",
                   STR_ARG(line->query), STR_ARG(line->storefront), (unsigned long long)line->asked,
                   line->first / 10000, line->first / 100 % 100, line->first % 100,
                   line->last / 10000, line->last / 100 % 100, line->last % 100);
    }
    return buf_check(&ret->body);
}
