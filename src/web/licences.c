#include "web/licences.h"

#include "app/find.h"
#include "app/licence_orders.h"
#include "base/clock.h"
#include "base/knob.h"
#include "templates.h"
#include "web/choices.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/language.h"

#define N_(text) text

/* ---- words ---- */

struct str word_licence_format(const struct page *p, enum licence_format format)
{
    static const char *const words[LICENCE_FORMAT_COUNT] = {
        [LICENCE_PRINT] = N_("printed books"),
        [LICENCE_EBOOK] = N_("e-books"),
        [LICENCE_AUDIO] = N_("audiobooks"),
    };
    return word_text(p, words[format]);
}

struct str word_licence_activity(const struct page *p, enum licence_activity activity)
{
    static const char *const words[LICENCE_ACTIVITY_COUNT] = {
        [ACTIVITY_RETAIL] = N_("retail"), [ACTIVITY_PUBLISH_ONLINE] = N_("publishing online"),
        [ACTIVITY_IMPORT] = N_("import"), [ACTIVITY_WHOLESALE] = N_("wholesale"),
        [ACTIVITY_LEND] = N_("lending"),
    };
    return word_text(p, words[activity]);
}

static struct str word_kind(const struct page *p, enum licence_kind kind)
{
    static const char *const words[LICENCE_KIND_COUNT] = {
        [LICENCE_OPERATOR] = N_("licence of the seller"),
        [LICENCE_ACTIVITY] = N_("licence for one kind of business"),
        [LICENCE_REGISTRATION] = N_("entry in a register"),
        [LICENCE_NOTIFICATION] = N_("notification to an authority"),
    };
    return word_text(p, words[kind]);
}

static struct str word_need(const struct page *p, enum licence_need_kind need)
{
    static const char *const words[LICENCE_NEED_COUNT] = {
        [NEED_NOT_RESEARCHED] = N_("not researched"),
        [NEED_NOT_REQUIRED] = N_("none is needed"),
        [NEED_REQUIRED] = N_("one is needed"),
    };
    return word_text(p, words[need]);
}

struct str word_licence_status(const struct page *p, enum licence_status status)
{
    static const char *const words[LICENCE_STATUS_COUNT] = {
        [LICENCE_APPLIED] = N_("applied for"),
        [LICENCE_INFO_REQUESTED] = N_("the authority asked for more"),
        [LICENCE_GRANTED] = N_("granted by the authority"),
        [LICENCE_CONDITIONAL] = N_("granted under conditions that are not met yet"),
        [LICENCE_REFUSED] = N_("refused by the authority"),
        [LICENCE_WITHDRAWN] = N_("given back"),
        [LICENCE_SUSPENDED] = N_("suspended"),
        [LICENCE_REVOKED] = N_("revoked"),
    };
    return word_text(p, words[status]);
}

struct str word_licence_status_named(const struct page *p, struct str name)
{
    for (int s = 0; s < LICENCE_STATUS_COUNT; s++)
        if (str_is(name, licence_status_name((enum licence_status)s)))
            return word_licence_status(p, (enum licence_status)s);
    return name;
}

static struct str list_words(const struct page *p, licence_mask mask, int n,
                             struct str (*word)(const struct page *p, int which))
{
    struct str words[16];
    size_t count = 0;
    for (int i = 0; i < n; i++)
        if (mask & LICENCE_BIT(i))
            words[count++] = word(p, i);
    return language_list(p->language, p->arena, words, count);
}

static struct str format_word(const struct page *p, int which)
{
    return word_licence_format(p, (enum licence_format)which);
}

static struct str activity_word(const struct page *p, int which)
{
    return word_licence_activity(p, (enum licence_activity)which);
}

static struct str word_formats(const struct page *p, licence_mask mask)
{
    return list_words(p, mask, LICENCE_FORMAT_COUNT, format_word);
}

struct str licence_formats(const struct page *p, const struct licence_answer *answers,
                           enum licence_standing standing)
{
    licence_mask mask = 0;
    for (int f = 0; f < LICENCE_FORMAT_COUNT; f++)
        if (answers[f].standing == standing)
            mask |= LICENCE_BIT(f);
    return word_formats(p, mask);
}

static struct str word_answer(const struct page *p, const struct licence_answer *a)
{
    if (a->licence != NULL && a->standing == LICENCE_FINE) {
        struct str id = word_number(p, a->licence->id);
        return word_filled(p, N_("sold under licence %1"), &id, 1);
    }
    static const char *const words[LICENCE_STANDING_COUNT] = {
        [LICENCE_FINE] = N_("sold: no licence is needed"),
        [LICENCE_TOLERATED] = N_("sold as before; not researched"),
        [LICENCE_MISSING] = N_("not sold: the licence is missing"),
        [LICENCE_NOT_RESEARCHED] = N_("not sold: not researched"),
    };
    return word_text(p, words[a->standing]);
}

/* ---- what is published ---- */

static void fill_places(const struct context *c, const struct page *p, struct licences_view *v)
{
    v->places.v = ARENA_ARRAY(c->arena, struct licence_place, c->view->storefronts.n);
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        const struct licence_answer *answers = gate_licences(c->view, s);
        struct licence_place *place = &v->places.v[v->places.n++];
        *place = (struct licence_place){.storefront = s};
        place->cells.v = ARENA_ARRAY(c->arena, struct licence_cell, LICENCE_FORMAT_COUNT);
        for (int f = 0; f < LICENCE_FORMAT_COUNT; f++)
            place->cells.v[place->cells.n++] =
                (struct licence_cell){.format = format_word(p, f),
                                      .word = word_answer(p, &answers[f]),
                                      .answer = &answers[f],
                                      .sells = licence_sells(answers[f].standing)};
    }
}

static bool is_former(const struct licence_book *book, const struct licence_need *n)
{
    for (int f = 0; f < LICENCE_FORMAT_COUNT; f++)
        if ((n->formats & LICENCE_BIT(f)) &&
            licence_need_of(book, n->country, (enum licence_format)f, n->activity) == n)
            return false;
    return true;
}

static struct str kind_named(const struct page *p, struct str name)
{
    for (int k = 0; k < LICENCE_KIND_COUNT; k++)
        if (str_is(name, licence_kind_name((enum licence_kind)k)))
            return word_kind(p, (enum licence_kind)k);
    return STR_NONE;
}

static void fill_needs(const struct context *c, const struct page *p,
                       const struct licence_book *book, const licence_reasons *reasons,
                       struct licences_view *v)
{
    v->needs.v = ARENA_ARRAY(c->arena, struct need_line, book->needs.n);
    for (size_t i = book->needs.n; i-- > 0;) {
        const struct licence_need *n = &book->needs.v[i];
        v->needs.v[v->needs.n++] =
            (struct need_line){.need = n,
                               .formats = word_formats(p, n->formats),
                               .activity = word_licence_activity(p, n->activity),
                               .kind = kind_named(p, n->kind),
                               .reasons = reasons->v[i],
                               .former = is_former(book, n)};
    }
}

static void fill_state(const struct page *p, const struct licence *l, int64_t now,
                       struct licence_line *line)
{
    line->state_class = licence_permits(l, now) ? "lifted" : "other";
    if (licence_expired(l, now)) {
        line->state = word_text(p, N_("expired"));
        line->state_class = "in";
    } else if (l->status == LICENCE_GRANTED && l->from > now) {
        line->state = word_text(p, N_("granted, and begins later"));
    } else {
        line->state = word_licence_status(p, l->status);
        if (l->status >= LICENCE_REFUSED)
            line->state_class = "in";
    }
}

static void fill_steps(const struct context *c, const struct licences *all,
                       struct licence_line *line)
{
    line->steps.v = ARENA_ARRAY(c->arena, struct licence_step, all->steps.n);
    for (size_t i = 0; i < all->steps.n; i++)
        if (all->steps.v[i].id == line->licence->id)
            line->steps.v[line->steps.n++] = all->steps.v[i];
}

static void fill_licences(const struct context *c, const struct page *p, const struct licences *all,
                          struct licences_view *v)
{
    int64_t now = c->view->now;
    v->licences.v = ARENA_ARRAY(c->arena, struct licence_line, all->book.licences.n);
    for (size_t i = 0; i < all->book.licences.n; i++) {
        const struct licence *l = &all->book.licences.v[i];
        struct licence_line line = {
            .licence = l,
            .kind = word_kind(p, l->kind),
            .formats = word_formats(p, l->formats),
            .activities = list_words(p, l->activities, LICENCE_ACTIVITY_COUNT, activity_word),
            .soon = licence_ends_soon(l, now, (int64_t)LICENCE_WARN_DAYS * 86400)};
        fill_state(p, l, now, &line);
        fill_steps(c, all, &line);
        size_t at = v->licences.n++;
        for (; at > 0 && str_cmp(l->country, v->licences.v[at - 1].licence->country) < 0; at--)
            v->licences.v[at] = v->licences.v[at - 1];
        v->licences.v[at] = line;
    }
}

static void fill_gaps(const struct context *c, const struct page *p, const struct licences *all,
                      struct licences_view *v)
{
    v->gaps.v = ARENA_ARRAY(c->arena, struct gap_line, all->gaps.n);
    for (size_t i = all->gaps.n; i-- > 0;) {
        const struct licence_gap *g = &all->gaps.v[i];
        const struct storefront *s = gate_storefront(c->view, g->storefront);
        struct gap_line line = {.gap = g,
                                .country = s == NULL ? g->storefront : word_country(p, s->country),
                                .formats = word_formats(p, g->formats)};
        for (int k = 0; k < LICENCE_STANDING_COUNT; k++)
            if (str_is(g->gap, licence_standing_name((enum licence_standing)k)))
                line.standing = (enum licence_standing)k;
        v->gaps.v[v->gaps.n++] = line;
    }
}

static enum rc fill(const struct context *c, const struct page *p, struct licences_view *v,
                    struct fault *fault)
{
    const struct licences *all = gate_licences_published(c->view);
    licence_reasons reasons;
    enum rc rc = licences_reasons(c->server->site, c->arena, &all->book, &reasons, fault);
    if (rc != RC_OK)
        return rc;
    fill_places(c, p, v);
    fill_needs(c, p, &all->book, &reasons, v);
    fill_licences(c, p, all, v);
    fill_gaps(c, p, all, v);
    return RC_OK;
}

enum { LICENCES_A_PAGE = 100, LICENCE_PAGES_MAX = 1000000 };

/* What of a list of n stands on a page: from where on, and how many. */
static size_t cut(size_t n, size_t per_page, uint64_t page, size_t *ret_from)
{
    uint64_t from = (page - 1) * per_page;
    *ret_from = from < n ? (size_t)from : n;
    return n - *ret_from < per_page ? n - *ret_from : per_page;
}

/* Each of the three lists has so many a page. */
static void cut_lists(const struct page *p, uint64_t page, struct licences_view *v)
{
    size_t per_page = knob("COLOPHON_LICENCES", LICENCES_A_PAGE), from;
    size_t longest = v->needs.n > v->licences.n ? v->needs.n : v->licences.n;
    longest = longest > v->gaps.n ? longest : v->gaps.n;
    v->pager = pager_make(p, link_record(p, "licences/"), longest, per_page, page);
    v->needs.n = cut(v->needs.n, per_page, page, &from);
    v->needs.v += from;
    v->licences.n = cut(v->licences.n, per_page, page, &from);
    v->licences.v += from;
    v->gaps.n = cut(v->gaps.n, per_page, page, &from);
    v->gaps.v += from;
}

enum rc handle_record_licences(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct licences_view v = {.places = {NULL, 0}};
    uint64_t page = 1;
    enum rc rc = page_number(c, LICENCE_PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = fill(c, &p, &v, fault);
    if (rc != RC_OK)
        return rc;
    cut_lists(&p, page, &v);
    if (pager_is_past(&p, &v.pager, link_record(&p, "licences/"), ret))
        return RC_OK;
    p.title = word_text(&p, N_("Licences"));
    struct html h = page_html(c, ret);
    licences_page(&h, &p, &v);
    return RC_OK;
}

/* ---- the desk ---- */

/* Titles that are on sale in a storefront now, by format. Where the index is being made, nobody
 * can tell. */
static void count_place(struct context *c, struct licence_place *place)
{
    struct found *found = ARENA_NEW(c->arena, struct found);
    struct find_order order = {
        .feature = FEATURE_LISTING, .sort = SORT_NEWEST, .facets = true, .limit = 1};
    struct visit visit = c->visit;
    struct fault why;
    order.chosen[FACET_AVAILABILITY] = STR("here");
    visit.storefront = place->storefront;
    if (find_run(&visit, c->server->indexer, &order, found, &why) != RC_OK)
        return;
    for (size_t i = 0; i < place->cells.n; i++)
        place->cells.v[i].counted = true;
    for (size_t i = 0; i < found->facet_counts[FACET_FORMAT]; i++) {
        const struct search_facet_value *value = &found->facets[FACET_FORMAT][i];
        enum licence_format f = str_eq(value->value, STR("ebook"))   ? LICENCE_EBOOK
                                : str_eq(value->value, STR("audio")) ? LICENCE_AUDIO
                                                                     : LICENCE_PRINT;
        place->cells.v[f].titles += value->count;
    }
}

/* What nobody could buy any more if it ended now: the rule is asked once more, without it. */
static void fill_stops(const struct context *c, const struct page *p, const struct licences_view *v,
                       struct licence_line *line)
{
    const struct licence_book *book = &gate_licences_published(c->view)->book;
    struct str *words = ARENA_ARRAY(p->arena, struct str, v->places.n * LICENCE_FORMAT_COUNT);
    size_t n = 0;
    for (size_t i = 0; i < v->places.n; i++)
        for (size_t f = 0; f < v->places.v[i].cells.n; f++) {
            const struct licence_cell *cell = &v->places.v[i].cells.v[f];
            const struct storefront *s = v->places.v[i].storefront;
            struct licence_answer left =
                licence_decide_without(book, s->country, (enum licence_format)f, s->unresearched,
                                       line->licence, c->view->now);
            if (!cell->sells || licence_sells(left.standing))
                continue;
            struct str args[] = {cell->format, word_country(p, s->country),
                                 word_number(p, cell->titles)};
            words[n++] = cell->counted ? word_filled(p, N_("%1 in %2: %3"), args, 3)
                                       : word_filled(p, N_("%1 in %2"), args, 2);
        }
    line->stops = language_list(p->language, p->arena, words, n);
}

static choice_list choices_of(const struct page *p, int n, const char *(*name)(int which),
                              struct str (*word)(const struct page *p, int which), struct str asked)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, (size_t)n), 0};
    for (int i = 0; i < n; i++)
        choices_add(&list, str_of(name(i)), word(p, i), asked);
    return list;
}

#define WORDS(which, type, name_of, word_of)                                                       \
    static const char *which##_names(int i)                                                        \
    {                                                                                              \
        return name_of((enum type)i);                                                              \
    }                                                                                              \
    static struct str which##_words(const struct page *p, int i)                                   \
    {                                                                                              \
        return word_of(p, (enum type)i);                                                           \
    }
WORDS(format, licence_format, licence_format_name, word_licence_format)
WORDS(activity, licence_activity, licence_activity_name, word_licence_activity)
WORDS(kind, licence_kind, licence_kind_name, word_kind)
WORDS(status, licence_status, licence_status_name, word_licence_status)
WORDS(need, licence_need_kind, licence_need_name, word_need)

/* Which of the three forms was sent. */
static struct str form_value(const struct context *c, const char *form, const char *name)
{
    return parameter_has(&c->form, "form", str_of(form)) ? parameter_get(&c->form, name) : STR_NONE;
}

static void keep_chosen(const struct context *c, const char *form, const char *name,
                        choice_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        list->v[i].chosen = parameter_has(&c->form, "form", str_of(form)) &&
                            parameter_has(&c->form, name, list->v[i].tag);
}

static void list_choices(const struct context *c, const struct page *p,
                         struct desk_licences_view *v)
{
    v->need_countries = choices_of_countries(p, form_value(c, "need", "country"));
    v->countries = choices_of_countries(p, form_value(c, "add", "country"));
    v->needs =
        choices_of(p, LICENCE_NEED_COUNT, need_names, need_words, form_value(c, "need", "need"));
    v->need_kinds =
        choices_of(p, LICENCE_KIND_COUNT, kind_names, kind_words, form_value(c, "need", "kind"));
    v->kinds =
        choices_of(p, LICENCE_KIND_COUNT, kind_names, kind_words, form_value(c, "add", "kind"));
    v->need_activities = choices_of(p, LICENCE_ACTIVITY_COUNT, activity_names, activity_words,
                                    form_value(c, "need", "activity"));
    v->activities = choices_of(p, LICENCE_ACTIVITY_COUNT, activity_names, activity_words, STR_NONE);
    v->formats = choices_of(p, LICENCE_FORMAT_COUNT, format_names, format_words, STR_NONE);
    v->need_formats = choices_of(p, LICENCE_FORMAT_COUNT, format_names, format_words, STR_NONE);
    keep_chosen(c, "add", "activities", &v->activities);
    keep_chosen(c, "add", "formats", &v->formats);
    keep_chosen(c, "need", "formats", &v->need_formats);
    v->statuses = choices_of(p, LICENCE_STATUS_COUNT, status_names, status_words,
                             form_value(c, "add", "status"));
    v->new_statuses = choices_of(p, LICENCE_STATUS_COUNT, status_names, status_words,
                                 form_value(c, "change", "status"));
}

struct str licence_field(const struct desk_licences_view *v, const char *name)
{
    const char *dot = strchr(name, '.');
    struct str form = {name, (size_t)(dot - name)};
    return parameter_has(v->form, "form", form) ? parameter_get(v->form, dot + 1) : STR_NONE;
}

static bool chosen_licence(const struct context *c, const struct licence *l)
{
    uint64_t id;
    return str_to_u64(form_value(c, "change", "licence"), &id) && id == l->id;
}

static enum rc show_desk(struct context *c, struct str error, struct response *ret,
                         struct fault *fault)
{
    struct page p = desk_begin(c, N_("Licences"), ret);
    struct desk_licences_view v = {.error = error, .form = &c->form};
    enum rc rc = fill(c, &p, &v.all, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < v.all.places.n; i++)
        count_place(c, &v.all.places.v[i]);
    for (size_t i = 0; i < v.all.licences.n; i++) {
        fill_stops(c, &p, &v.all, &v.all.licences.v[i]);
        v.soon += v.all.licences.v[i].soon;
        v.all.licences.v[i].chosen = chosen_licence(c, v.all.licences.v[i].licence);
    }
    list_choices(c, &p, &v);
    struct html h = page_html(c, ret);
    desk_licences_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_licences(struct context *c, struct response *ret, struct fault *fault)
{
    return show_desk(c, STR_NONE, ret, fault);
}

/* All that is chosen of a field, with commas between. */
static struct str chosen_words(const struct context *c, const char *name)
{
    BUF_AUTO b = BUF_INIT(1024);
    for (size_t i = 0; i < c->form.n; i++)
        if (str_is(c->form.v[i].name, name)) {
            if (b.n > 0)
                buf_char(&b, ',');
            buf_str_add(&b, c->form.v[i].value);
        }
    return buf_check(&b) == RC_OK ? arena_str(c->arena, buf_str(&b)) : STR_NONE;
}

static enum rc done(struct context *c, enum rc rc, struct response *ret, struct fault *fault)
{
    if (rc == RC_OK)
        go_to(ret, STR("/desk/licences?done=1"));
    return show_refused(c, rc, show_desk, ret, fault);
}

enum rc handle_desk_licence_need(struct context *c, struct response *ret, struct fault *fault)
{
    struct licence_need_words words = {.country = parameter_get(&c->form, "country"),
                                       .formats = chosen_words(c, "formats"),
                                       .activity = parameter_get(&c->form, "activity"),
                                       .need = parameter_get(&c->form, "need"),
                                       .kind = parameter_get(&c->form, "kind"),
                                       .source = parameter_get(&c->form, "source"),
                                       .read = parameter_get(&c->form, "read")};
    struct licence_need order;
    uint64_t index;
    enum rc rc = licence_need_read(&words, &order, fault);
    if (rc == RC_OK)
        rc = licence_state_need(c->server->site, c->server->writer, &order,
                                parameter_get(&c->form, "reasons"), &index, fault);
    return done(c, rc, ret, fault);
}

static struct licence_words read_words(const struct context *c)
{
    return (struct licence_words){.country = parameter_get(&c->form, "country"),
                                  .kind = parameter_get(&c->form, "kind"),
                                  .authority = parameter_get(&c->form, "authority"),
                                  .holder = parameter_get(&c->form, "holder"),
                                  .number = parameter_get(&c->form, "number"),
                                  .activities = chosen_words(c, "activities"),
                                  .formats = chosen_words(c, "formats"),
                                  .status = parameter_get(&c->form, "status"),
                                  .from = parameter_get(&c->form, "from"),
                                  .until = parameter_get(&c->form, "until")};
}

enum rc handle_desk_licence_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct licence_words words = read_words(c);
    struct licence order;
    uint64_t id, index;
    enum rc rc = licence_words_read(&words, &order, fault);
    if (rc == RC_OK)
        rc = licence_add(c->server->site, c->server->writer, &order, &id, &index, fault);
    return done(c, rc, ret, fault);
}

enum rc handle_desk_licence_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct licence_words words = read_words(c);
    struct licence order;
    uint64_t id, index;
    enum rc rc = RC_OK;
    if (!str_to_u64(parameter_get(&c->form, "licence"), &id) || id == 0)
        rc = fault_set(fault, RC_INVALID, "licence: choose one of the licences");
    if (rc == RC_OK)
        rc = licence_change_read(&words, id, &order, fault);
    if (rc == RC_OK)
        rc = licence_change(c->server->site, c->server->writer, &order, &index, fault);
    return done(c, rc, ret, fault);
}
