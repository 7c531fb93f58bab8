#include "web/lists.h"

#include "app/misses.h"
#include "domain/isbn.h"
#include "templates.h"
#include "web/facets.h"
#include "web/handlers.h"
#include "web/licences.h"
#include "web/structured.h"

#define N_(text) text

enum { A_SHELF = 12, A_PAGE = 24, SERIES_A_PAGE = 50, PAGES_MAX = 800 };

/* "Collection: Four Great Classical Novels. Journey to the West, …" */
static void describe_cards(struct page *p, struct str kind, struct str name,
                           const shown_cards *cards)
{
    struct str *names = ARENA_ARRAY(p->arena, struct str, cards->n);
    size_t named = 0;
    for (size_t i = 0; i < cards->n; i++)
        if (cards->v[i].unlisted == NULL)
            names[named++] = cards->v[i].title;
    page_describe_names(p, kind.n > 0 ? ARENA_JOIN(p->arena, kind, STR(": "), name) : name, names,
                        named);
}

/* ---- home ---- */

enum { READING_ON = 3 };

static enum rc offer_subjects(struct context *c, const struct page *p, choice_list *ret,
                              struct fault *fault);

/* Where nothing is sold, the books are there all the same, and their pages say why. */
static enum rc look_around(struct context *c, const struct page *p, const struct shown_home *home,
                           struct home_around *ret, struct fault *fault)
{
    const struct licence_answer *licences = gate_licences(c->view, c->storefront);
    ret->unlicensed = licence_formats(p, licences, LICENCE_MISSING);
    ret->unresearched = licence_formats(p, licences, LICENCE_NOT_RESEARCHED);
    ret->nothing = home->all_looked_at && home->month.n + home->latest.n == 0;
    if (!ret->nothing)
        return RC_OK;
    enum rc rc = offer_subjects(c, p, &ret->subjects, fault);
    return rc == RC_BUSY ? RC_OK : rc; /* the index is being made: without them, as other shelves */
}

enum rc handle_home(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct home_around around = {.nothing = false};
    struct shown_home home;
    enum rc rc =
        shown_home(&c->visit, c->server->indexer, language_tag(c->language), A_SHELF, &home, fault);
    if (rc == RC_OK)
        rc = look_around(c, &p, &home, &around, fault);
    if (rc == RC_OK && c->viewer.account != 0)
        rc = library_reading(&c->visit, READING_ON, &around.reading, fault);
    if (rc != RC_OK)
        return rc;
    struct str currency = word_currency(&p, p.storefront->currency);
    page_describe(&p,
                  word_filled(&p, N_("Printed and electronic books, priced in %1"), &currency, 1));
    struct html h = page_html(c, ret);
    home_page(&h, &p, &home, &around);
    return RC_OK;
}

static struct url link_sorted(const struct page *p, enum search_sort sort)
{
    return url_with(p->arena, link_to(p, "search"), STR("sort"), str_of(search_sort_name(sort)));
}

struct url link_newest(const struct page *p)
{
    return link_sorted(p, SORT_NEWEST);
}

struct url link_soon(const struct page *p)
{
    return url_with(p->arena, link_newest(p), STR("availability"), STR("soon"));
}

struct url link_best(const struct page *p)
{
    return link_sorted(p, SORT_RATING);
}

struct url link_set(const struct page *p, const struct shown_shelf *set)
{
    return set->series ? link_series(p, set->slug) : link_collection(p, set->slug);
}

struct url link_reviews(const struct page *p, struct str key)
{
    return (struct url){ARENA_JOIN(p->arena, link_book(p, key).text, STR("#reviews"))};
}

/* A letter that names what somebody looked for. */
static struct url link_letter(const struct page *p, struct str address, struct str about)
{
    struct url letter = {ARENA_JOIN(p->arena, STR("mailto:"), address)};
    return url_with(p->arena, letter, STR("subject"), about);
}

/* ---- the doors ---- */

static void fill_door(const struct context *c, const struct page *p, const struct storefront *s,
                      struct storefront_door *door)
{
    door->country = word_country(p, s->country);
    door->currency = word_currency(p, s->currency);
    door->languages.v = ARENA_ARRAY(p->arena, struct page_choice, s->languages.n);
    for (size_t i = 0; i < s->languages.n; i++) {
        struct url url = {
            arena_printf(p->arena, "%.*s/", STR_ARG(page_root_of(c, s, s->languages.v[i])))};
        door->languages.v[door->languages.n++] = (struct page_choice){
            .name = language_own_name(c->language, p->arena, s->languages.v[i]),
            .tag = s->languages.v[i],
            .url = url};
    }
}

/* Those whose first language is the page's come first: an order is all that is
 * guessed, and nobody is sent anywhere. */
enum rc handle_storefronts(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    struct page p = page_begin(c, ret);
    struct storefronts_view v = {0};
    size_t n = c->view->storefronts.n;
    if (n == 1) {
        ret->status = 303;
        const struct storefront *only = &c->view->storefronts.v[0];
        ret->location =
            arena_printf(c->arena, "%.*s/", STR_ARG(page_root_of(c, only, only->languages.v[0])));
        return RC_OK;
    }
    v.doors.v = ARENA_ARRAY(c->arena, struct storefront_door, n);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            const struct storefront *s = &c->view->storefronts.v[i];
            if (str_eq(s->languages.v[0], language_tag(c->language)) == (pass == 0))
                fill_door(c, &p, s, &v.doors.v[v.doors.n++]);
        }
    struct html h = page_html(c, ret);
    p.title = word_text(&p, N_("Choose your country"));
    storefronts_page(&h, &p, &v);
    return RC_OK;
}

/* ---- search and browsing ---- */

enum rc list_order_read(struct context *c, struct find_order *order, uint64_t *ret_page,
                        struct fault *fault)
{
    const parameters *query = &c->request->query;
    struct str sort = parameter_get(query, "sort");
    order->text = str_trim(parameter_get(query, "q"));
    order->exact = str_eq(parameter_get(query, "exact"), STR("1"));
    if (order->text.n > 400)
        return fault_set(fault, RC_INVALID, "q: at most 400 bytes");
    for (int f = 0; f < FACET_COUNT; f++) {
        struct str value = parameter_get(query, search_facet_name((enum search_facet)f));
        if (value.n > 40)
            return fault_set(fault, RC_INVALID, "%s: there is no such value",
                             search_facet_name((enum search_facet)f));
        if (order->chosen[f].n == 0)
            order->chosen[f] = value;
    }
    order->sort = order->text.n > 0 ? SORT_RELEVANCE : SORT_NEWEST;
    if (sort.n > 0 && !search_sort_parse(sort, &order->sort))
        return fault_set(fault, RC_INVALID, "sort: relevance, newest, title, price or rating");
    enum rc rc = page_number(c, PAGES_MAX, ret_page, fault);
    order->facets = true;
    order->by_work = true;
    order->limit = A_PAGE;
    order->offset = (uint32_t)((*ret_page - 1) * A_PAGE);
    return rc;
}

/* Whoever types an ISBN wants that book: its page, where it is found. */
static bool is_the_book(const struct find_order *order, const struct found *found,
                        struct str *ret_key)
{
    char isbn[14];
    struct str key = STR_NONE;
    for (int f = 0; f < FACET_COUNT; f++)
        if (order->chosen[f].n > 0)
            return false;
    if (order->feature != FEATURE_SEARCH || !isbn_parse(order->text, isbn))
        return false;
    for (size_t i = 0; i < found->cards.n; i++) {
        const struct shown_card *card = &found->cards.v[i];
        const shown_cards *others = &found->beside[i].cards;
        if (str_eq(card->key, str_of(isbn)))
            key = card->key;
        for (size_t k = 0; k < others->n; k++)
            if (str_eq(others->v[k].key, str_of(isbn)))
                key = others->v[k].key;
    }
    *ret_key = key;
    return key.n > 0;
}

/* What is to be said of a number that finds nothing. */
static enum isbn_typed isbn_typed(const struct find_order *order)
{
    char isbn[14];
    if (isbn_parse(order->text, isbn))
        return ISBN_UNKNOWN;
    return isbn_mistyped(order->text) ? ISBN_MISTYPED : ISBN_NONE;
}

void list_subjects_below(const struct page *p, struct str below, choice_list *ret)
{
    *ret = (choice_list){ARENA_ARRAY(p->arena, struct page_choice, subject_word_count), 0};
    for (size_t i = 0; i < subject_word_count; i++) {
        struct str code = str_of(subject_words[i].code);
        if (code.n == below.n + 1 && str_starts(code, below))
            ret->v[ret->n++] = (struct page_choice){.name = word_text(p, subject_words[i].name),
                                                    .tag = code,
                                                    .url = link_subject(p, code)};
    }
}

/* What is classed by its one letter alone is counted with all below it (search.h). */
uint64_t list_subject_count(const struct found *found, struct str code)
{
    uint64_t count = 0;
    for (size_t i = 0; i < found->facet_counts[FACET_SUBJECT]; i++) {
        const struct search_facet_value *v = &found->facets[FACET_SUBJECT][i];
        if (str_eq(v->value, code))
            return v->count;
        if (str_starts(v->value, code))
            count += v->count;
    }
    return count;
}

static bool withholds_of(const struct found *found, struct str code)
{
    for (size_t i = 0; i < found->withheld_subject_count; i++)
        if (str_starts(found->withheld_subjects[i].value, code))
            return true;
    return false;
}

/* A subject that holds nothing here, shown or withheld, is no way to go; the others keep what
 * was chosen beside them. */
static void narrow_subjects(const struct page *p, const struct find_order *order,
                            const struct found *found, struct search_view *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->subjects.n; i++) {
        struct page_choice *s = &v->subjects.v[i];
        if (list_subject_count(found, s->tag) == 0 && !withholds_of(found, s->tag))
            continue;
        struct url url = v->grid ? url_with(p->arena, s->url, STR("view"), STR("grid")) : s->url;
        s->url = facets_url(p, url, order, -1, STR_NONE);
        v->subjects.v[n++] = *s;
    }
    v->subjects.n = n;
}

/* Nothing was found, not even in another spelling, nor is anything of it withheld: for those
 * who buy. What has but some of the words is another book than the one that was looked for. */
static void note_miss(struct context *c, const struct find_order *order, const struct found *found,
                      uint64_t page)
{
    bool nothing = found->instead.any_word ||
                   (found->total == 0 && found->withheld.works == 0 && found->withheld.partly == 0);
    for (int f = 0; f < FACET_COUNT; f++)
        nothing = nothing && order->chosen[f].n == 0;
    if (nothing && order->feature == FEATURE_SEARCH && order->text.n > 0 && !order->exact &&
        page == 1)
        misses_note(c->server->misses, c->storefront->id, order->text);
}

/* Where a list is empty: the subjects there are. */
static enum rc offer_subjects(struct context *c, const struct page *p, choice_list *ret,
                              struct fault *fault)
{
    struct find_order order = {.feature = FEATURE_LISTING, .sort = SORT_NEWEST, .facets = true};
    struct found *found = ARENA_NEW(c->arena, struct found);
    choice_list top;
    enum rc rc = find_run(&c->visit, c->server->indexer, &order, found, fault);
    if (rc != RC_OK)
        return rc;
    list_subjects_below(p, STR_NONE, &top);
    ret->v = ARENA_ARRAY(c->arena, struct page_choice, top.n);
    for (size_t i = 0; i < top.n; i++)
        if (list_subject_count(found, top.v[i].tag) > 0)
            ret->v[ret->n++] = top.v[i];
    return RC_OK;
}

/* A list of lines, or covers beside each other: *base leads to what was asked for. */
static enum rc read_view(const struct context *c, const struct page *p,
                         const struct find_order *order, struct url *base, struct search_view *v,
                         struct fault *fault)
{
    struct str view = parameter_get(&c->request->query, "view");
    struct url grid = url_with(p->arena, *base, STR("view"), STR("grid"));
    v->grid = str_is(view, "grid");
    if (view.n > 0 && !v->grid)
        return fault_set(fault, RC_INVALID, "view: grid");
    v->views.v = ARENA_ARRAY(p->arena, struct page_choice, 2);
    v->views.v[v->views.n++] =
        (struct page_choice){.name = word_text(p, N_("list")),
                             .url = facets_url(p, *base, order, -1, STR_NONE),
                             .chosen = !v->grid};
    v->views.v[v->views.n++] = (struct page_choice){.name = word_text(p, N_("grid")),
                                                    .url = facets_url(p, grid, order, -1, STR_NONE),
                                                    .chosen = v->grid};
    if (v->grid)
        *base = grid;
    return RC_OK;
}

static enum rc show_found(struct context *c, struct page *p, struct url base,
                          struct find_order *order, struct search_view *v, struct response *ret,
                          struct fault *fault)
{
    struct found *found = ARENA_NEW(c->arena, struct found);
    struct str key;
    uint64_t page;
    enum rc rc = list_order_read(c, order, &page, fault);
    if (rc == RC_OK)
        rc = read_view(c, p, order, &base, v, fault);
    if (rc == RC_OK)
        rc = find_forgiving(&c->visit, c->server->indexer, order, found, fault);
    if (rc != RC_OK)
        return rc;
    note_miss(c, order, found, page);
    /* Who orders results orders the next ones so; an order of all books is none of a search. */
    if (order->text.n > 0 && order->sort != SORT_RELEVANCE)
        p->sort = str_of(search_sort_name(order->sort));
    if (v->grid)
        p->look = STR("grid");
    if (is_the_book(order, found, &key)) {
        go_to(ret, link_book(p, key).text);
        return RC_OK;
    }
    v->total = found->total;
    v->works = found->works;
    v->withheld = found->withheld;
    v->cards = found->cards;
    v->beside = found->beside;
    v->first = order->offset + 1;
    v->instead = found->instead;
    if (found->instead.text.n > 0) {
        struct find_order exact = *order;
        exact.exact = true;
        v->exactly = facets_url(p, base, &exact, -1, STR_NONE);
    }
    if (found->better.n > 0) {
        struct find_order better = {.text = found->better, .feature = order->feature};
        better.sort = SORT_RELEVANCE;
        v->better = found->better;
        v->to_better = facets_url(p, base, &better, -1, STR_NONE);
    }
    if (found->total == 0 && found->withheld.works == 0 && c->server->contact.n > 0)
        v->ask = link_letter(p, c->server->contact, p->query);
    v->isbn = found->total == 0 && found->withheld.works == 0 ? isbn_typed(order) : ISBN_NONE;
    narrow_subjects(p, order, found, v);
    facets_fill(p, base, order, found, order->feature == FEATURE_SEARCH, v);
    if (v->chosen.n > 1)
        v->unchosen = facets_unchosen(p, base, order);
    facets_sorts(p, base, order, v);
    /* Results are not walked farther than that. */
    uint64_t reached = found->works < PAGES_MAX * A_PAGE ? found->works : PAGES_MAX * A_PAGE;
    struct url list = facets_url(p, base, order, -1, STR_NONE);
    v->pager = pager_make(p, list, reached, A_PAGE, page);
    if (pager_is_past(p, &v->pager, list, ret))
        return RC_OK;
    if (found->total == 0 && order->feature == FEATURE_SEARCH)
        rc = offer_subjects(c, p, &v->elsewhere, fault);
    if (rc != RC_OK)
        return rc;
    describe_cards(p, v->kind, v->heading, &v->cards);
    struct html h = page_html(c, ret);
    search_page(&h, p, v);
    return RC_OK;
}

enum rc handle_search(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct search_view v = {0};
    struct find_order order = {.feature = FEATURE_SEARCH};
    p.query = str_trim(parameter_get(&c->request->query, "q"));
    p.noindex = true;
    v.heading = p.query.n > 0 ? word_filled(&p, N_("Search: %1"), &p.query, 1)
                              : word_text(&p, N_("All books"));
    p.title = v.heading;
    return show_found(c, &p, link_to(&p, "search"), &order, &v, ret, fault);
}

/* The name as one of the books spells it, of which the address has but the letters. */
static struct str publisher_of(struct arena *arena, struct str slug, const shown_cards *cards)
{
    for (size_t i = 0; i < cards->n; i++) {
        const struct shown_card *card = &cards->v[i];
        if (str_eq(find_publisher_slug(arena, card->publisher), slug))
            return card->publisher;
        if (str_eq(find_publisher_slug(arena, card->imprint), slug))
            return card->imprint;
    }
    return find_publisher_name(arena, slug);
}

enum rc handle_publisher(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct search_view v = {.kind = word_text(&p, N_("Publisher"))};
    struct find_order order = {.feature = FEATURE_LISTING, .sort = SORT_NEWEST, .limit = 1};
    struct found *found = ARENA_NEW(c->arena, struct found);
    struct str slug = find_publisher_slug(c->arena, c->captures[0]);
    struct url url = link_publisher(&p, slug);
    order.publisher = find_publisher_name(c->arena, slug);
    if (!str_eq(slug, c->captures[0]) && slug.n > 0) {
        ret->status = 301;
        ret->location = url.text;
        return RC_OK;
    }
    enum rc rc = find_run(&c->visit, c->server->indexer, &order, found, fault);
    if (rc == RC_OK && (slug.n == 0 || found->total + found->withheld.works == 0))
        rc = fault_set(fault, RC_NOT_FOUND, "there is no publisher %.*s", STR_ARG(slug));
    if (rc != RC_OK)
        return rc;
    v.heading = publisher_of(c->arena, slug, &found->cards);
    p.title = v.heading;
    return show_found(c, &p, url, &order, &v, ret, fault);
}

enum rc handle_subjects(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct subjects_view v = {0};
    struct found *found = ARENA_NEW(c->arena, struct found);
    struct find_order order = {
        .feature = FEATURE_LISTING, .sort = SORT_NEWEST, .facets = true, .limit = 1};
    choice_list top, below;
    enum rc rc = find_run(&c->visit, c->server->indexer, &order, found, fault);
    if (rc != RC_OK)
        return rc;
    /* A subject that holds nothing here is no way to go. */
    list_subjects_below(&p, STR_NONE, &top);
    v.subjects.v = ARENA_ARRAY(c->arena, struct subject_branch, top.n);
    for (size_t i = 0; i < top.n; i++) {
        uint64_t all = list_subject_count(found, top.v[i].tag);
        if (all == 0)
            continue;
        struct subject_branch *branch = &v.subjects.v[v.subjects.n++];
        *branch = (struct subject_branch){.name = top.v[i].name, .url = top.v[i].url, .count = all};
        list_subjects_below(&p, top.v[i].tag, &below);
        branch->below.v = ARENA_ARRAY(c->arena, struct facet_choice, below.n);
        for (size_t k = 0; k < below.n; k++) {
            uint64_t count = list_subject_count(found, below.v[k].tag);
            if (count > 0)
                branch->below.v[branch->below.n++] = (struct facet_choice){
                    .name = below.v[k].name, .url = below.v[k].url, .count = count};
        }
    }
    p.title = word_text(&p, N_("Subjects"));
    struct html h = page_html(c, ret);
    subjects_page(&h, &p, &v);
    return RC_OK;
}

static bool is_subject(struct str code)
{
    if (code.n == 0 || code.n > 8 || code.p[0] < 'A' || code.p[0] > 'Y')
        return false;
    for (size_t i = 0; i < code.n; i++)
        if (!((code.p[i] >= 'A' && code.p[i] <= 'Z') || (code.p[i] >= '0' && code.p[i] <= '9')))
            return false;
    return true;
}

enum rc handle_subject(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct search_view v = {0};
    struct str code = c->captures[0];
    struct find_order order = {.feature = FEATURE_LISTING};
    if (!is_subject(code))
        return fault_set(fault, RC_NOT_FOUND, "there is no subject %.*s", STR_ARG(code));
    order.chosen[FACET_SUBJECT] = code;
    v.heading = word_subject(&p, code);
    p.title = v.heading;
    list_subjects_below(&p, code, &v.subjects);
    v.crumbs.v = ARENA_ARRAY(c->arena, struct page_choice, 3);
    v.crumbs.v[v.crumbs.n++] = (struct page_choice){.name = word_text(&p, N_("Subjects")),
                                                    .url = link_to(&p, "subjects/")};
    if (code.n > 1)
        v.crumbs.v[v.crumbs.n++] =
            (struct page_choice){.name = word_subject(&p, str_sub(code, 0, 1)),
                                 .url = link_subject(&p, str_sub(code, 0, 1))};
    v.trail = json_ld_of_trail(c, &v.crumbs, v.heading);
    return show_found(c, &p, link_subject(&p, code), &order, &v, ret, fault);
}

/* ---- lists of works ---- */

static enum rc show_works(struct context *c, struct page *p, struct url base, uint64_t page,
                          struct works_view *v, struct response *ret)
{
    p->title = v->name;
    v->first = (page - 1) * A_PAGE + 1;
    if (v->groups.n == 0) {
        v->groups.v = ARENA_NEW(p->arena, struct works_group);
        v->groups.v[v->groups.n++] =
            (struct works_group){.first = v->first, .cards = v->page.cards};
    }
    v->pager = pager_make(p, base, v->page.total, A_PAGE, page);
    if (pager_is_past(p, &v->pager, base, ret))
        return RC_OK;
    describe_cards(p, v->kind, v->name, &v->page.cards);
    struct html h = page_html(c, ret);
    works_page(&h, p, v);
    return RC_OK;
}

enum rc handle_collection(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct works_view v = {.kind = word_text(&p, N_("Collection"))};
    struct shown_collection collection;
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_collection(&c->visit, c->captures[0], (page - 1) * A_PAGE, A_PAGE, &collection,
                              &v.page, fault);
    if (rc != RC_OK)
        return rc;
    v.name = collection.name;
    struct str day = word_date(&p, date_of(collection.created));
    v.maker = word_filled(&p,
                          collection.own ? N_("Put together by this shop, %1.")
                                         : N_("A publisher’s collection, here since %1."),
                          &day, 1);
    v.slips = collection.slips;
    struct url url = link_collection(&p, collection.slug);
    rc = follow_view_fill(c, &p, FOLLOW_SERIES, collection.id, url, ret, &v.follow, fault);
    return rc == RC_OK ? show_works(c, &p, url, page, &v, ret) : rc;
}

/* A heading for each kind of contribution, above the cards of that kind. */
static void group_works(const struct page *p, const struct shown_person *person, uint64_t first,
                        struct works_view *v)
{
    static const char *const headings[] = {
        [COMING] = N_("To be published"),        [WROTE] = N_("Written"),
        [TRANSLATED] = N_("Translated"),         [EDITED] = N_("Edited"),
        [ILLUSTRATED] = N_("Illustrated"),       [READ_ALOUD] = N_("Read aloud"),
        [TOOK_PART] = N_("Other contributions"),
    };
    const shown_cards *cards = &v->page.cards;
    v->groups.v = ARENA_ARRAY(p->arena, struct works_group, cards->n);
    for (size_t i = 0; i < cards->n; i++) {
        if (i == 0 || person->contributions[i] != person->contributions[i - 1])
            v->groups.v[v->groups.n++] =
                (struct works_group){.heading = word_text(p, headings[person->contributions[i]]),
                                     .first = first + i,
                                     .cards = {cards->v + i, 0}};
        v->groups.v[v->groups.n - 1].cards.n++;
    }
}

enum rc handle_contributor(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct works_view v = {.kind = word_text(&p, N_("Contributor")), .person = true};
    struct shown_person person;
    uint64_t page, id;
    if (!str_to_u64(c->captures[0], &id))
        return fault_set(fault, RC_NOT_FOUND, "there is no contributor %.*s",
                         STR_ARG(c->captures[0]));
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_contributor(&c->visit, id, (page - 1) * A_PAGE, A_PAGE, &person, &v.page, fault);
    if (rc != RC_OK)
        return rc;
    v.name = person.name;
    v.transliterated = person.transliterated;
    v.who = person;
    if (person.sorted)
        group_works(&p, &person, (page - 1) * A_PAGE + 1, &v);
    rc = shown_namesakes_of(&c->visit, c->server->indexer, &person, &v.namesakes, fault);
    if (rc == RC_OK)
        rc = follow_view_fill(c, &p, FOLLOW_CONTRIBUTOR, id, link_contributor(&p, id), ret,
                              &v.follow, fault);
    return rc == RC_OK ? show_works(c, &p, link_contributor(&p, id), page, &v, ret) : rc;
}

enum rc handle_series(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct series_view v = {.series = {.total = 0}};
    struct str order = parameter_get(&c->request->query, "order");
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK && order.n > 0 && !str_is(order, "published"))
        rc = fault_set(fault, RC_INVALID, "order: published");
    if (rc == RC_OK)
        rc = shown_series(&c->visit, c->captures[0], order.n > 0, (page - 1) * SERIES_A_PAGE,
                          SERIES_A_PAGE, &v.series, fault);
    if (rc != RC_OK)
        return rc;
    struct url url = link_series(&p, v.series.place.slug);
    if (!str_eq(v.series.place.slug, c->captures[0])) {
        ret->status = 301;
        ret->location = url.text;
        return RC_OK;
    }
    p.title = v.series.place.name;
    if (v.series.other_by_date) {
        struct url dated = url_with(c->arena, url, STR("order"), STR("published"));
        v.orders.v = ARENA_ARRAY(c->arena, struct page_choice, 2);
        v.orders.v[v.orders.n++] = (struct page_choice){
            .name = word_text(&p, N_("as they are numbered")), .url = url, .chosen = order.n == 0};
        v.orders.v[v.orders.n++] =
            (struct page_choice){.name = word_text(&p, N_("as these editions came out")),
                                 .url = dated,
                                 .chosen = order.n > 0};
    }
    v.pager = pager_make(&p, url, v.series.total, SERIES_A_PAGE, page);
    if (pager_is_past(&p, &v.pager, url, ret))
        return RC_OK;
    page_describe(
        &p, ARENA_JOIN(c->arena, word_text(&p, N_("Series")), STR(": "), v.series.place.name));
    rc = follow_view_fill(c, &p, FOLLOW_SERIES, v.series.place.id, url, ret, &v.follow, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    series_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_shop(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct works_view v = {.kind = word_text(&p, N_("Shop"))};
    struct shown_shop shop;
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_shop(&c->visit, c->captures[0], (page - 1) * A_PAGE, A_PAGE, &shop, &v.page,
                        fault);
    if (rc != RC_OK)
        return rc;
    v.name = shop.name;
    v.disclosure = shop.disclosure;
    v.seller = shop.seller;
    v.slips = shop.slips;
    return show_works(c, &p, link_shop(&p, shop.slug), page, &v, ret);
}
