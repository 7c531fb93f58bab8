/* What the catalogues for e-readers list. */
#include "app/shown_range.h"
#include "web/facets.h"
#include "web/handlers.h"
#include "web/opds.h"

#define N_(text) text

enum { PAGES_MAX = 1000000, NAMES_A_PAGE = 100, WAYS_MAX = 200, RESULTS_MAX = 20000 };

static struct opds_feed navigation(struct context *c, const struct page *p, const char *title)
{
    struct opds_feed feed = opds_begin(c, p, false, word_text(p, title));
    feed.ways.v = ARENA_ARRAY(c->arena, struct opds_way, WAYS_MAX);
    return feed;
}

static void add_way(struct context *c, struct opds_feed *feed, struct str title, struct url path,
                    const char *rel, bool acquisition, uint64_t count)
{
    if (feed->ways.n < WAYS_MAX)
        feed->ways.v[feed->ways.n++] = (struct opds_way){.title = title,
                                                         .href = opds_absolute(c, path),
                                                         .rel = rel,
                                                         .acquisition = acquisition,
                                                         .count = count};
}

static struct url place(const struct page *p, const struct opds_feed *feed, const char *name)
{
    return link_to(
        p, arena_z(p->arena,
                   ARENA_JOIN(p->arena, feed->json ? STR("opds2/") : STR("opds/"), str_of(name))));
}

static struct url books_by(const struct page *p, const struct opds_feed *feed, const char *name,
                           struct str value)
{
    return url_with(p->arena, place(p, feed, "books"), str_of(name), value);
}

/* ---- ways ---- */

enum rc handle_opds(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct opds_feed feed = navigation(c, &p, N_("Catalogue"));
    struct str country = word_country(&p, c->storefront->country);
    (void)fault;
    feed.title = ARENA_JOIN(c->arena, word_text(&p, N_("Colophon")), STR(" · "), country);
    add_way(c, &feed, word_text(&p, N_("E-books")), books_by(&p, &feed, "format", STR("ebook")),
            "subsection", true, 0);
    add_way(c, &feed, word_text(&p, N_("New titles")), place(&p, &feed, "books"),
            "http://opds-spec.org/sort/new", true, 0);
    add_way(c, &feed, word_text(&p, N_("Best rated")), books_by(&p, &feed, "sort", STR("rating")),
            "http://opds-spec.org/sort/popular", true, 0);
    add_way(c, &feed, word_text(&p, N_("Coming soon")),
            books_by(&p, &feed, "availability", STR("soon")), "subsection", true, 0);
    add_way(c, &feed, word_text(&p, N_("Subjects")), place(&p, &feed, "subjects"), "subsection",
            false, 0);
    add_way(c, &feed, word_text(&p, N_("Languages")), place(&p, &feed, "languages"), "subsection",
            false, 0);
    add_way(c, &feed, word_text(&p, N_("Collections")), place(&p, &feed, "collections"),
            "subsection", false, 0);
    add_way(c, &feed, word_text(&p, N_("Contributors")), place(&p, &feed, "contributors"),
            "subsection", false, 0);
    add_way(c, &feed, word_text(&p, N_("Your library")), place(&p, &feed, "shelf"), "subsection",
            true, 0);
    opds_write(c, &feed, ret);
    return RC_OK;
}

/* What there is to choose from among all that is sold here. */
static enum rc find_counts(struct context *c, const struct page *p, struct opds_feed *feed,
                           struct found *found, struct fault *fault)
{
    struct find_order order = {.feature = FEATURE_LISTING,
                               .sort = SORT_NEWEST,
                               .facets = true,
                               .of_sold = true,
                               .limit = 1};
    order.chosen[FACET_AVAILABILITY] = STR("here");
    enum rc rc = find_run(&c->visit, c->server->indexer, &order, found, fault);
    if (rc == RC_OK)
        opds_tell_withheld(c, p, &found->withheld, feed);
    return rc;
}

static void add_up(struct context *c, const struct page *p, struct opds_feed *feed,
                   const char *where, const char *title)
{
    struct url up = opds_place(c, p, feed->json, where);
    opds_link_add(&feed->links, "up", opds_type(feed->json, false), up, word_text(p, title), 0);
}

/* A subject leads to those below it, where there are any. */
static bool has_below(const struct page *p, const struct found *found, struct str code)
{
    choice_list below;
    list_subjects_below(p, code, &below);
    for (size_t i = 0; i < below.n; i++)
        if (list_subject_count(found, below.v[i].tag) > 0)
            return true;
    return false;
}

static enum rc show_subjects(struct context *c, struct str code, struct response *ret,
                             struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct opds_feed feed = navigation(c, &p, N_("Subjects"));
    struct found *found = ARENA_NEW(c->arena, struct found);
    choice_list subjects;
    enum rc rc = find_counts(c, &p, &feed, found, fault);
    if (rc != RC_OK)
        return rc;
    add_up(c, &p, &feed, code.n > 0 ? "subjects" : "",
           code.n > 0 ? N_("Subjects") : N_("Catalogue"));
    list_subjects_below(&p, code, &subjects);
    if (code.n > 0 && subjects.n == 0)
        return fault_set(fault, RC_NOT_FOUND, "there are no subjects below %.*s", STR_ARG(code));
    if (code.n > 0) {
        feed.title = word_subject(&p, code);
        add_way(c, &feed, word_text(&p, N_("All books")), books_by(&p, &feed, "subject", code),
                "subsection", true, list_subject_count(found, code));
    }
    for (size_t i = 0; i < subjects.n; i++) {
        struct str below = subjects.v[i].tag;
        uint64_t count = list_subject_count(found, below);
        bool parted = code.n == 0 && has_below(&p, found, below);
        struct str where = ARENA_JOIN(c->arena, STR("subjects/"), below);
        if (count > 0)
            add_way(c, &feed, subjects.v[i].name,
                    parted ? place(&p, &feed, arena_z(c->arena, where))
                           : books_by(&p, &feed, "subject", below),
                    "subsection", !parted, count);
    }
    opds_write(c, &feed, ret);
    return RC_OK;
}

enum rc handle_opds_subjects(struct context *c, struct response *ret, struct fault *fault)
{
    return show_subjects(c, STR_NONE, ret, fault);
}

enum rc handle_opds_subject(struct context *c, struct response *ret, struct fault *fault)
{
    return show_subjects(c, c->captures[0], ret, fault);
}

enum rc handle_opds_languages(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct opds_feed feed = navigation(c, &p, N_("Languages"));
    struct found *found = ARENA_NEW(c->arena, struct found);
    enum rc rc = find_counts(c, &p, &feed, found, fault);
    if (rc != RC_OK)
        return rc;
    add_up(c, &p, &feed, "", N_("Catalogue"));
    for (size_t i = 0; i < found->facet_counts[FACET_LANGUAGE]; i++) {
        const struct search_facet_value *v = &found->facets[FACET_LANGUAGE][i];
        add_way(c, &feed, word_language(&p, v->value), books_by(&p, &feed, "language", v->value),
                "subsection", true, v->count);
    }
    opds_write(c, &feed, ret);
    return RC_OK;
}

/* Names by the alphabet: the letters, and those under the one that is asked for. */
static enum rc show_names(struct context *c, enum directory_kind kind, const char *where,
                          const char *title, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct opds_feed feed = navigation(c, &p, title);
    struct str letter = parameter_get(&c->request->query, "letter");
    struct shown_names names;
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_names(&c->visit, c->server->indexer, kind, language_tag(c->language), letter,
                         (page - 1) * NAMES_A_PAGE, NAMES_A_PAGE, &names, fault);
    if (rc != RC_OK)
        return rc;
    struct url list = place(&p, &feed, where);
    add_up(c, &p, &feed, letter.n > 0 ? where : "", letter.n > 0 ? title : N_("Catalogue"));
    for (size_t i = 0; letter.n == 0 && i < names.letters.n; i++)
        add_way(c, &feed, names.letters.v[i],
                url_with(c->arena, list, STR("letter"), names.letters.v[i]), "subsection", false,
                0);
    for (size_t i = 0; letter.n > 0 && i < names.names.n; i++) {
        const struct shown_name *n = &names.names.v[i];
        struct str key =
            n->slug.n > 0 ? n->slug : arena_printf(c->arena, "%llu", (unsigned long long)n->id);
        struct url below =
            url_path(c->arena, 3, feed.json ? STR("opds2") : STR("opds"), str_of(where), key);
        add_way(c, &feed, n->name, (struct url){ARENA_JOIN(c->arena, p.root, below.text)},
                "subsection", true, n->works);
    }
    if (letter.n > 0 && page * NAMES_A_PAGE < names.total) {
        struct url next = url_with(c->arena, list, STR("letter"), letter);
        struct str n = arena_printf(c->arena, "%llu", (unsigned long long)page + 1);
        opds_link_add(&feed.links, "next", opds_type(feed.json, false),
                      opds_absolute(c, url_with(c->arena, next, STR("page"), n)), STR_NONE, 0);
    }
    opds_write(c, &feed, ret);
    return RC_OK;
}

enum rc handle_opds_collections(struct context *c, struct response *ret, struct fault *fault)
{
    return show_names(c, DIRECTORY_COLLECTIONS, "collections", N_("Collections"), ret, fault);
}

enum rc handle_opds_contributors(struct context *c, struct response *ret, struct fault *fault)
{
    return show_names(c, DIRECTORY_CONTRIBUTORS, "contributors", N_("Contributors"), ret, fault);
}

/* ---- books ---- */

static void add_choice(struct context *c, struct opds_facet *facet, struct str name,
                       struct url path, uint64_t count, bool active)
{
    facet->choices.v[facet->choices.n++] =
        (struct opds_choice){name, opds_absolute(c, path), count, active};
}

/* The choices of a list's page; one alone is none. */
static void fill_facets(struct context *c, const struct page *p, struct url base,
                        const struct find_order *order, const struct found *found,
                        struct opds_feed *feed)
{
    enum { OWN = 2 }; /* availability and order */
    struct search_view v = {0};
    facets_fill(p, base, order, found, true, &v);
    facets_sorts(p, base, order, &v);
    feed->facets.v = ARENA_ARRAY(c->arena, struct opds_facet, v.facets.n + OWN);
    for (size_t i = 0; i < v.facets.n; i++) {
        const struct facet_view *from = &v.facets.v[i];
        struct opds_facet facet = {.name = from->name};
        bool chosen = order->chosen[i].n > 0;
        if (i == FACET_AVAILABILITY || (from->values.n < 2 && !chosen))
            continue;
        facet.choices.v = ARENA_ARRAY(c->arena, struct opds_choice, from->values.n + 1);
        for (size_t k = 0; k < from->values.n; k++)
            add_choice(c, &facet, from->values.v[k].name,
                       chosen ? facets_url(p, base, order, -1, STR_NONE) : from->values.v[k].url,
                       from->values.v[k].count, chosen);
        if (chosen)
            add_choice(c, &facet, word_text(p, N_("Any")),
                       facets_url(p, base, order, (int)i, STR_NONE), 0, false);
        feed->facets.v[feed->facets.n++] = facet;
    }
    struct opds_facet supply = {.name = word_text(p, N_("Availability"))};
    bool soon = str_is(order->chosen[FACET_AVAILABILITY], "soon");
    supply.choices.v = ARENA_ARRAY(c->arena, struct opds_choice, 2);
    add_choice(c, &supply, word_text(p, N_("Sold here")),
               facets_url(p, base, order, FACET_AVAILABILITY, STR_NONE), 0, !soon);
    add_choice(c, &supply, word_text(p, N_("Coming soon")),
               facets_url(p, base, order, FACET_AVAILABILITY, STR("soon")), 0, soon);
    feed->facets.v[feed->facets.n++] = supply;
    struct opds_facet sorts = {.name = word_text(p, N_("Sort by"))};
    sorts.choices.v = ARENA_ARRAY(c->arena, struct opds_choice, v.sorts.n);
    for (size_t i = 0; i < v.sorts.n; i++)
        add_choice(c, &sorts, v.sorts.v[i].name, v.sorts.v[i].url, 0, v.sorts.v[i].chosen);
    feed->facets.v[feed->facets.n++] = sorts;
}

/* OPDS 2.0 asks by `query`, title and author; Atom's description by `q`. */
static struct str words_of(struct context *c)
{
    static const char *const names[] = {"q", "query", "title", "author"};
    struct str words = STR_NONE;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str more = str_trim(parameter_get(&c->request->query, names[i]));
        if (more.n > 0)
            words = words.n > 0 ? ARENA_JOIN(c->arena, words, STR(" "), more) : more;
    }
    return words;
}

static enum rc read_order(struct context *c, struct find_order *order, uint64_t *ret_page,
                          struct fault *fault)
{
    struct str sort = parameter_get(&c->request->query, "sort");
    enum rc rc = list_order_read(c, order, ret_page, fault);
    if (rc == RC_OK)
        rc = page_number(c, PAGES_MAX, ret_page, fault);
    if (rc != RC_OK)
        return rc;
    order->text = words_of(c);
    if (order->text.n > 400)
        return fault_set(fault, RC_INVALID, "query: at most 400 bytes");
    if (sort.n == 0)
        order->sort = order->text.n > 0 ? SORT_RELEVANCE : SORT_NEWEST;
    struct str *supply = &order->chosen[FACET_AVAILABILITY];
    if (supply->n > 0 && !str_is(*supply, "here") && !str_is(*supply, "soon"))
        return fault_set(fault, RC_INVALID, "availability: here or soon");
    order->feature = order->text.n > 0 ? FEATURE_SEARCH : FEATURE_LISTING;
    order->of_sold = true;
    order->by_work = false;
    order->limit = OPDS_A_PAGE;
    order->offset = (uint32_t)((*ret_page - 1) * OPDS_A_PAGE);
    return RC_OK;
}

static enum rc show_books(struct context *c, const char *where, const char *title,
                          struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct find_order order = {.sort = SORT_NEWEST}, asked;
    struct found *found = ARENA_NEW(c->arena, struct found);
    uint64_t page;
    enum rc rc = read_order(c, &order, &page, fault);
    if (rc != RC_OK)
        return rc;
    struct opds_feed feed = opds_begin(c, &p, true, word_text(&p, title));
    asked = order;
    asked.feature = FEATURE_SEARCH; /* subjects are choices here, not places */
    if (str_is(asked.chosen[FACET_AVAILABILITY], "here"))
        asked.chosen[FACET_AVAILABILITY] = STR_NONE;
    if (order.chosen[FACET_AVAILABILITY].n == 0)
        order.chosen[FACET_AVAILABILITY] = STR("here");
    if (order.text.n > 0)
        feed.title = word_filled(&p, N_("Search: %1"), &order.text, 1);
    rc = find_forgiving(&c->visit, c->server->indexer, &order, found, fault);
    if (rc != RC_OK)
        return rc;
    struct url base = place(&p, &feed, where);
    feed.pages_max = RESULTS_MAX / OPDS_A_PAGE; /* what is behind them, /all has */
    add_up(c, &p, &feed, "", N_("Catalogue"));
    opds_tell_withheld(c, &p, &found->withheld, &feed);
    fill_facets(c, &p, base, &asked, found, &feed);
    rc =
        opds_paged(c, &feed, facets_url(&p, base, &asked, -1, STR_NONE), found->total, page, fault);
    if (rc == RC_OK)
        rc = opds_fill(c, &p, &found->cards, &feed, fault);
    if (rc == RC_OK)
        opds_write(c, &feed, ret);
    return rc;
}

enum rc handle_opds_books(struct context *c, struct response *ret, struct fault *fault)
{
    return show_books(c, "books", N_("All books"), ret, fault);
}

enum rc handle_opds_search(struct context *c, struct response *ret, struct fault *fault)
{
    return show_books(c, "search", N_("All books"), ret, fault);
}

/* A set's works, one edition of each. */
static enum rc show_set(struct context *c, struct page *p, struct str name, const char *up,
                        const char *up_title, const struct shown_page *works, uint64_t page,
                        struct response *ret, struct fault *fault)
{
    struct opds_feed feed = opds_begin(c, p, true, name);
    struct str path = c->request->path;
    add_up(c, p, &feed, up, up_title);
    opds_tell_withheld(c, p, &works->withheld, &feed);
    enum rc rc = opds_paged(c, &feed, (struct url){path}, works->total, page, fault);
    if (rc == RC_OK)
        rc = opds_fill(c, p, &works->cards, &feed, fault);
    if (rc == RC_OK)
        opds_write(c, &feed, ret);
    return rc;
}

enum rc handle_opds_collection(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct shown_collection collection;
    struct shown_page works = {0};
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_collection(&c->visit, c->captures[0], (page - 1) * OPDS_A_PAGE, OPDS_A_PAGE,
                              &collection, &works, fault);
    return rc == RC_OK ? show_set(c, &p, collection.name, "collections", N_("Collections"), &works,
                                  page, ret, fault)
                       : rc;
}

enum rc handle_opds_contributor(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct shown_person person;
    struct shown_page works = {0};
    uint64_t page, id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_contributor(&c->visit, id, (page - 1) * OPDS_A_PAGE, OPDS_A_PAGE, &person,
                               &works, fault);
    return rc == RC_OK ? show_set(c, &p, person.name, "contributors", N_("Contributors"), &works,
                                  page, ret, fault)
                       : rc;
}

enum rc handle_opds_book(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct shown_edition edition;
    struct opds_entry entry;
    bool json = opds_is_json(c);
    enum rc rc = shown_edition(&c->visit, c->captures[0], &edition, fault);
    if (rc == RC_WITHHELD)
        c->withheld = edition.visibility.by[FEATURE_LISTING];
    if (rc == RC_OK)
        rc = opds_entry_whole(c, &p, json, &edition, &entry, fault);
    if (rc == RC_OK)
        opds_write_entry(c, json, &entry, ret);
    return rc;
}

/* All that is listed here, with all that is said of it, the latest first. */
enum rc handle_opds_all(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct shown_range range;
    uint64_t part;
    enum rc rc = parameter_number(&c->request->query, "part", 0, UINT64_MAX >> 1, &part, fault);
    if (rc == RC_OK)
        rc = shown_range(&c->visit, part, &range, fault);
    if (rc != RC_OK)
        return rc;
    struct opds_feed feed = opds_begin(c, &p, true, word_text(&p, N_("All books")));
    feed.entries.v = ARENA_ARRAY(c->arena, struct opds_entry, range.editions.n);
    for (size_t i = 0; rc == RC_OK && i < range.editions.n; i++)
        rc = opds_entry_whole(c, &p, feed.json, &range.editions.v[i],
                              &feed.entries.v[feed.entries.n++], fault);
    if (rc != RC_OK)
        return rc;
    if (feed.entries.n > 0)
        feed.updated = feed.entries.v[0].updated;
    add_up(c, &p, &feed, "", N_("Catalogue"));
    opds_tell_withheld(c, &p, &range.withheld, &feed);
    feed.whole = range.count == 1;
    struct url list = place(&p, &feed, "all");
    opds_link_add(&feed.links, "first", opds_type(feed.json, true), opds_absolute(c, list),
                  STR_NONE, 0);
    const uint64_t parts[] = {range.number + 1, range.number - 1, 1};
    static const char *const rels[] = {"previous", "next", "last"};
    for (int i = 0; i < 3; i++) {
        struct str n = arena_printf(c->arena, "%llu", (unsigned long long)parts[i]);
        if (parts[i] >= 1 && parts[i] <= range.count)
            opds_link_add(&feed.links, rels[i], opds_type(feed.json, true),
                          opds_absolute(c, url_with(c->arena, list, STR("part"), n)), STR_NONE, 0);
    }
    opds_write(c, &feed, ret);
    return RC_OK;
}
