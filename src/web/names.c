/* Lists of names by the alphabet: contributors, series, collections, publishers. */
#include "search/directory.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/lists.h"

#define N_(text) text

enum { NAMES_A_PAGE = 48, PAGES_MAX = 2000 };

static struct url link_name(const struct page *p, enum directory_kind kind,
                            const struct shown_name *n)
{
    switch (kind) {
    case DIRECTORY_CONTRIBUTORS:
        return link_contributor(p, n->id);
    case DIRECTORY_SERIES:
        return link_series(p, n->slug);
    case DIRECTORY_COLLECTIONS:
        return link_collection(p, n->slug);
    default:
        return link_publisher(p, n->name);
    }
}

static void sort_places(const struct page *p, shown_places *places, choice_list *ret)
{
    ret->v = ARENA_ARRAY(p->arena, struct page_choice, places->n);
    for (size_t i = 0; i < places->n; i++)
        ret->v[ret->n++] = (struct page_choice){.name = places->v[i].name,
                                                .url = link_collection(p, places->v[i].slug)};
    page_choices_sort(p, ret);
}

static enum rc show_names(struct context *c, enum directory_kind kind, const char *place,
                          const char *heading, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct names_view v = {.kind = kind};
    struct str letter = parameter_get(&c->request->query, "letter");
    shown_places own = {NULL, 0};
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_names(&c->visit, c->server->indexer, kind, language_tag(c->language), letter,
                         (page - 1) * NAMES_A_PAGE, NAMES_A_PAGE, &v.names, fault);
    if (rc == RC_OK && kind == DIRECTORY_COLLECTIONS)
        rc = shown_own_collections(&c->visit, &own, fault);
    if (rc != RC_OK)
        return rc;
    struct url list = link_to(&p, place), chosen = list;
    if (letter.n > 0)
        chosen = url_with(c->arena, list, STR("letter"), letter);
    v.pager = pager_make(&p, chosen, v.names.total, NAMES_A_PAGE, page);
    if (pager_is_past(&p, &v.pager, chosen, ret))
        return RC_OK;
    sort_places(&p, &own, &v.own);
    v.letters.v = ARENA_ARRAY(c->arena, struct page_choice, v.names.letters.n);
    for (size_t i = 0; i < v.names.letters.n; i++) {
        struct str label = v.names.letters.v[i];
        v.letters.v[v.letters.n++] =
            (struct page_choice){.name = label,
                                 .url = url_with(c->arena, list, STR("letter"), label),
                                 .chosen = str_eq(label, v.names.letter)};
    }
    v.links = ARENA_ARRAY(c->arena, struct url, v.names.names.n);
    struct str *named = ARENA_ARRAY(c->arena, struct str, v.names.names.n);
    for (size_t i = 0; i < v.names.names.n; i++) {
        v.links[i] = link_name(&p, kind, &v.names.names.v[i]);
        named[i] = v.names.names.v[i].name;
    }
    p.title = word_text(&p, heading);
    page_describe_names(&p, p.title, named, v.names.names.n);
    struct html h = page_html(c, ret);
    names_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_contributors(struct context *c, struct response *ret, struct fault *fault)
{
    return show_names(c, DIRECTORY_CONTRIBUTORS, "contributors/", N_("Contributors"), ret, fault);
}

enum rc handle_all_series(struct context *c, struct response *ret, struct fault *fault)
{
    return show_names(c, DIRECTORY_SERIES, "series/", N_("All series"), ret, fault);
}

enum rc handle_publishers(struct context *c, struct response *ret, struct fault *fault)
{
    return show_names(c, DIRECTORY_PUBLISHERS, "publishers/", N_("Publishers"), ret, fault);
}

enum rc handle_collections(struct context *c, struct response *ret, struct fault *fault)
{
    return show_names(c, DIRECTORY_COLLECTIONS, "collections/", N_("Collections"), ret, fault);
}
