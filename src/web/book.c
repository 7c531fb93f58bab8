#include "web/book.h"

#include "templates.h"
#include "web/handlers.h"
#include "web/receipts.h"
#include "web/session.h"
#include "web/structured.h"

#define N_(text) text

enum { REVIEWS_A_PAGE = 20, FACTS_MAX = 16, PAGES_MAX = 100000 };

struct str review_anchor(const struct page *p, uint64_t id)
{
    return arena_printf(p->arena, "review-%llu", (unsigned long long)id);
}

static struct url below_book(const struct page *p, const struct book_view *v, const char *format,
                             uint64_t id)
{
    char part[80];
    snprintf(part, sizeof part, format, (unsigned long long)id);
    return link_book_part(p, v->edition.key, part);
}

struct url link_report(const struct page *p, enum target_kind kind, uint64_t index)
{
    enum feature text = kind == TARGET_REVIEW ? FEATURE_REVIEWS : FEATURE_COMMENTS;
    struct str key = arena_printf(p->arena, "%llu", (unsigned long long)index);
    struct url url = link_to(p, "demand");
    url = url_with(p->arena, url, STR("target"), str_of(target_name(kind)));
    url = url_with(p->arena, url, STR("key"), key);
    url = url_with(p->arena, url, STR("feature"), str_of(feature_name(text)));
    return url_with(p->arena, url, STR("storefront"), p->storefront->slug);
}

struct url link_comment(const struct page *p, const struct book_view *v, uint64_t review)
{
    return below_book(p, v, "reviews/%llu/comments", review);
}

struct url link_comment_change(const struct page *p, const struct book_view *v, uint64_t comment)
{
    return below_book(p, v, "comments/%llu", comment);
}

struct url link_comment_withdraw(const struct page *p, const struct book_view *v, uint64_t comment)
{
    return below_book(p, v, "comments/%llu/withdraw", comment);
}

void answer_withheld(struct context *c, const struct restriction *r, struct response *ret)
{
    struct str base = context_base_url(c);
    ret->caching = CACHING_PRIVATE;
    ret->link[0] = arena_printf(c->arena, "<%.*s/record/restrictions/%llu>; rel=\"describedby\"",
                                STR_ARG(base), (unsigned long long)r->id);
    if (!ground_is_legal_demand(r->ground))
        return;
    ret->status = 451;
    ret->link[1] = arena_printf(c->arena, "<%.*s/>; rel=\"blocked-by\"", STR_ARG(base));
}

/* ---- filling in ---- */

static void add_fact(struct page *p, struct book_view *v, const char *name, struct str value)
{
    if (value.n > 0 && v->facts.n < FACTS_MAX)
        v->facts.v[v->facts.n++] = (struct book_fact){word_text(p, name), value};
}

static struct str protection_word(const struct page *p, struct str code)
{
    if (str_eq(code, STR("00")))
        return word_text(p, N_("none"));
    if (str_eq(code, STR("02")))
        return word_text(p, N_("watermark"));
    if (code.n > 0)
        return word_text(p, N_("copy protection"));
    return STR_NONE;
}

/* ONIX list 28. */
static struct str audience_word(const struct page *p, struct str code)
{
    static const struct {
        const char *code, *word;
    } words[] = {
        {"01", N_("general readers")},     {"02", N_("children")},
        {"03", N_("teenagers")},           {"04", N_("schools")},
        {"05", N_("universities")},        {"06", N_("professionals")},
        {"07", N_("learners of English")}, {"08", N_("adult education")},
        {"09", N_("language learners")},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(code, str_of(words[i].code))) /* 11 to 14 are finer than 04 */
            return word_text(p, words[i].word);
    return str_starts(code, STR("1")) ? word_text(p, N_("schools")) : STR_NONE;
}

/* An age in years out of "17:03:8:04:12": from 8 to 12; empty where it is another range. */
static struct str age_word(const struct page *p, struct str range)
{
    struct str qualifier, precision, years, from = STR_NONE, to = STR_NONE;
    if (!str_next(&range, ':', &qualifier) || !str_eq(qualifier, STR("17")))
        return STR_NONE;
    while (str_next(&range, ':', &precision) && str_next(&range, ':', &years)) {
        if (str_eq(precision, STR("03")))
            from = years;
        else if (str_eq(precision, STR("04")))
            to = years;
        else if (str_eq(precision, STR("01")))
            from = to = years;
    }
    struct str both[] = {from, to};
    if (from.n > 0 && to.n > 0 && !str_eq(from, to))
        return word_filled(p, N_("%1 to %2 years"), both, 2);
    if (from.n > 0 && to.n > 0)
        return word_filled(p, N_("%1 years"), both, 1);
    if (from.n > 0)
        return word_filled(p, N_("%1 years and older"), both, 1);
    return to.n > 0 ? word_filled(p, N_("up to %1 years"), both + 1, 1) : STR_NONE;
}

static struct str audience_words(const struct page *p, const struct edition *e)
{
    enum { SAID_MAX = 6 };
    struct str words[SAID_MAX];
    size_t n = 0;
    for (size_t i = 0; i < e->audiences.n && n < SAID_MAX; i++) {
        const struct audience *a = &e->audiences.v[i];
        struct str word = str_eq(a->type, STR("01"))      ? audience_word(p, a->value)
                          : str_eq(a->type, STR("range")) ? age_word(p, a->value)
                                                          : STR_NONE;
        bool said = word.n == 0;
        for (size_t k = 0; k < n && !said; k++)
            said = str_eq(words[k], word);
        if (!said)
            words[n++] = word;
    }
    return n > 0 ? language_list(p->language, p->arena, words, n) : STR_NONE;
}

/* "2", or what is said of it; both where the one is not in the other. */
static struct str edition_words(const struct page *p, const struct edition *e)
{
    struct str both[] = {e->edition_number, e->edition_statement};
    if (both[1].n == 0)
        return both[0];
    if (both[0].n == 0 || str_find_str(both[1], both[0]) < both[1].n)
        return both[1];
    return word_filled(p, N_("%1 (%2)"), both, 2);
}

static void fill_facts(struct page *p, struct book_view *v)
{
    const struct edition *e = v->edition.facts;
    uint32_t pages = edition_pages(e);
    char title[1024];
    struct str original = edition_original_language(e);
    v->facts.v = ARENA_ARRAY(p->arena, struct book_fact, FACTS_MAX);
    if (edition_published(e) != 0)
        add_fact(p, v, N_("Published"), word_date(p, edition_published(e)));
    add_fact(p, v, N_("Publisher"), edition_publisher(e));
    add_fact(p, v, N_("Imprint"), edition_imprint(e));
    add_fact(p, v, N_("Language"), word_language(p, v->edition.language));
    add_fact(p, v, N_("Original title"),
             arena_str(p->arena, title_display(&e->original_title, title, sizeof title)));
    if (original.n > 0 && !str_eq(original, STR("und")) && !str_eq(original, v->edition.language))
        add_fact(p, v, N_("Original language"), word_language(p, original));
    add_fact(p, v, N_("Edition"), edition_words(p, e));
    add_fact(p, v, N_("Audience"), audience_words(p, e));
    if (pages > 0)
        add_fact(p, v, N_("Pages"), word_number(p, pages));
    if (edition_is_digital(e))
        add_fact(p, v, N_("Copy protection"), protection_word(p, e->protection));
    if (e->isbn13[0] != '\0')
        add_fact(p, v, N_("ISBN"), str_of(e->isbn13));
    BUF_AUTO number = BUF_INIT(24);
    buf_u64(&number, v->edition.work);
    add_fact(p, v, N_("Work no."), arena_str(p->arena, buf_str(&number)));
}

static void fill_names(struct page *p, struct book_view *v)
{
    v->names.v = ARENA_ARRAY(p->arena, struct book_name, v->edition.contributors.n);
    for (size_t i = 0; i < v->edition.contributors.n; i++) {
        const struct shown_contributor *c = &v->edition.contributors.v[i];
        if (c->name.n == 0)
            continue;
        /* English says "by" before its authors; Chinese says of each what they did. */
        bool author = c->roles.n > 0 && str_eq(c->roles.v[0], STR("A01"));
        struct str role = c->roles.n == 0 ? STR_NONE : word_role(p, c->roles.v[0]);
        bool said = role.n > 0 && (!author || str_starts(language_tag(p->language), STR("zh")));
        v->names.v[v->names.n] = (struct book_name){
            .first = v->names.n == 0,
            .url = c->id != 0 ? link_contributor(p, c->id) : (struct url){STR_NONE},
            .name = c->name,
            .role = said ? word_filled(p, N_("(%1)"), &role, 1) : STR_NONE};
        v->names.n++;
    }
}

static void fill_crumbs(struct page *p, struct book_view *v)
{
    struct str thema = edition_thema(v->edition.facts);
    v->crumbs.v = ARENA_ARRAY(p->arena, struct page_choice, 3);
    v->crumbs.v[v->crumbs.n++] =
        (struct page_choice){.name = word_text(p, N_("Subjects")), .url = link_to(p, "subjects/")};
    for (size_t n = 1; n <= 2 && n <= thema.n; n++) {
        struct str code = str_sub(thema, 0, n), name = word_subject(p, code);
        if (v->crumbs.n > 1 && str_eq(name, v->crumbs.v[v->crumbs.n - 1].name))
            continue;
        v->crumbs.v[v->crumbs.n++] =
            (struct page_choice){.name = name, .url = link_subject(p, code)};
    }
}

/* The description for shops' pages: long before short, in the page's language
 * where there is one. */
static struct str lead_of(const struct page *p, const struct edition *e)
{
    static const char *const types[] = {"03", "02", "10", "27"};
    bool chinese = str_starts(language_tag(p->language), STR("zh"));
    for (int pass = 0; pass < 2; pass++)
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            for (size_t i = 0; i < e->texts.n; i++) {
                const struct text_content *text = &e->texts.v[i];
                bool fits = chinese ? str_eq(text->language, STR("chi"))
                                    : str_eq(text->language, STR("eng"));
                bool open = text->audience.n == 0 || str_eq(text->audience, STR("00")) ||
                            str_eq(text->audience, STR("03"));
                if (str_eq(text->type, str_of(types[t])) && open && (fits || pass == 1))
                    return text->html;
            }
    return STR_NONE;
}

/* The slip at the stars' place names the reviews and comments too, where the
 * same restriction withholds them. */
static shown_slips star_slips_of(const struct visit *visit, const struct visibility *v)
{
    shown_slips slips = shown_slips_for(visit, v, FEATURE_BIT(FEATURE_RATINGS));
    for (size_t i = 0; i < slips.n; i++)
        for (int f = FEATURE_REVIEWS; f <= FEATURE_COMMENTS; f++)
            if (v->by[f] == slips.v[i].restriction && (v->withheld & FEATURE_BIT(f)))
                slips.v[i].features |= FEATURE_BIT(f);
    return slips;
}

static void fill_slips(struct context *c, struct book_view *v)
{
    const struct visibility *shown = &v->edition.visibility;
    v->star_slips = star_slips_of(&c->visit, shown);
    v->text_slips = shown_slips_for(&c->visit, shown,
                                    FEATURE_BIT(FEATURE_REVIEWS) | FEATURE_BIT(FEATURE_COMMENTS));
    v->submission_slips = shown_submission_slips(&c->visit, &v->edition);
    v->reviews_withheld = visibility_withholds(shown, FEATURE_REVIEWS);
    v->comments_withheld = visibility_withholds(shown, FEATURE_COMMENTS);
    v->may_submit = v->submission_slips.n == 0;
}

static bool ever_said(const struct shown_tally *t)
{
    return t->shown + t->withheld + t->withdrawn + t->erased > 0;
}

static enum rc fill_reviews(struct context *c, struct page *p, struct book_view *v,
                            struct fault *fault)
{
    uint64_t page;
    struct own_review own;
    unsigned stars = 0;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = shown_reviews(&c->visit, &v->edition.visibility, v->edition.work,
                           (page - 1) * REVIEWS_A_PAGE, REVIEWS_A_PAGE, &v->reviews, fault);
    if (rc != RC_OK)
        return rc;
    v->any_voice = ever_said(&v->reviews.ratings) || ever_said(&v->reviews.reviews) ||
                   ever_said(&v->reviews.comments);
    v->pager = pager_make(p, link_book_part(p, v->edition.key, "reviews"), v->reviews.places,
                          REVIEWS_A_PAGE, page);
    v->review_url = link_book_part(p, v->edition.key, "review");
    if (c->viewer.account != 0) {
        uint64_t said;
        if (str_to_u64(parameter_get(&c->request->query, "receipt"), &said))
            v->receipt = link_receipt(p, said);
        if (own_review_of(&c->visit, v->edition.work, &own, NULL) == RC_OK)
            v->own_review = own.id;
        if (own_stars_of(&c->visit, v->edition.work, &stars, NULL) != RC_OK)
            stars = 0;
    }
    v->star_choices = star_choices_make(p, stars);
    return RC_OK;
}

static enum rc answer_listing_withheld(struct context *c, struct page *p, struct book_view *v,
                                       struct response *ret)
{
    struct html h = page_html(c, ret);
    v->listing_slips =
        shown_slips_for(&c->visit, &v->edition.visibility, FEATURE_BIT(FEATURE_LISTING));
    p->title = word_text(p, N_("Withheld"));
    p->noindex = true;
    answer_withheld(c, v->edition.visibility.by[FEATURE_LISTING], ret);
    book_withheld_page(&h, p, v);
    return RC_OK;
}

/* What every page of a book begins with. Not RC_OK, or *ret_done: that is the answer. */
static enum rc begin_book(struct context *c, struct page *p, struct book_view *v,
                          struct response *ret, bool *ret_done, struct fault *fault)
{
    *p = page_begin(c, ret);
    enum rc rc = shown_edition_with(&c->visit, c->captures[0], REVIEWS_A_PAGE, &v->edition, fault);
    *ret_done = true;
    if (rc == RC_WITHHELD)
        return answer_listing_withheld(c, p, v, ret);
    if (rc != RC_OK)
        return rc;
    if (!str_eq(v->edition.key, c->captures[0])) {
        /* One address for each: the ISBN as thirteen digits. */
        ret->status = 301;
        ret->location = link_book(p, v->edition.key).text;
        return RC_OK;
    }
    p->title = v->edition.title;
    if (c->viewer.account != 0)
        p->token = session_form_token(c, ret);
    fill_slips(c, v);
    *ret_done = false;
    return RC_OK;
}

static enum rc show_book(struct context *c, bool reviews_alone, struct response *ret,
                         struct fault *fault)
{
    struct book_view v = {0};
    struct page p;
    bool done;
    enum rc rc = begin_book(c, &p, &v, ret, &done, fault);
    if (rc != RC_OK || done)
        return rc;
    rc = fill_reviews(c, &p, &v, fault);
    if (rc == RC_OK)
        rc = shown_other_editions(&c->visit, &v.edition, &v.others, fault);
    if (rc != RC_OK)
        return rc;
    fill_crumbs(&p, &v);
    fill_names(&p, &v);
    fill_facts(&p, &v);
    v.lead = lead_of(&p, v.edition.facts);
    v.json_ld = json_ld_of_book(c, &p, &v);
    ret->rests_on_work = v.edition.work;
    struct html h = page_html(c, ret);
    if (reviews_alone && v.reviews_withheld)
        answer_withheld(c, v.edition.visibility.by[FEATURE_REVIEWS], ret);
    if (reviews_alone)
        book_reviews_page(&h, &p, &v);
    else
        book_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_book(struct context *c, struct response *ret, struct fault *fault)
{
    return show_book(c, false, ret, fault);
}

enum rc handle_book_reviews(struct context *c, struct response *ret, struct fault *fault)
{
    return show_book(c, true, ret, fault);
}

/* ---- comments on pages of their own ---- */

static enum rc show_comments(struct context *c, bool of_review, struct response *ret,
                             struct fault *fault)
{
    struct book_view v = {0};
    struct page p;
    bool done;
    uint64_t review = 0, page;
    struct url list;
    enum rc rc = begin_book(c, &p, &v, ret, &done, fault);
    if (rc != RC_OK || done)
        return rc;
    rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK && of_review && !str_to_u64(c->captures[1], &review))
        rc = fault_set(fault, RC_NOT_FOUND, "there is no such review");
    if (rc != RC_OK)
        return rc;
    size_t offset = (page - 1) * COMMENTS_SHOWN;
    const struct visibility *seen = &v.edition.visibility;
    if (of_review) {
        list = link_comment(&p, &v, review);
        rc = shown_thread_of_review(&c->visit, seen, review, offset, COMMENTS_SHOWN, &v.thread,
                                    fault);
        if (rc == RC_OK && v.thread.work != v.edition.work)
            rc = fault_set(fault, RC_NOT_FOUND, "this work has no review %llu",
                           (unsigned long long)review);
    } else {
        list = link_book_part(&p, v.edition.key, "comments");
        rc = shown_thread_of_work(&c->visit, seen, v.edition.work, offset, COMMENTS_SHOWN,
                                  &v.thread, fault);
    }
    if (rc != RC_OK)
        return rc;
    v.pager = pager_make(&p, list, v.thread.places, COMMENTS_SHOWN, page);
    struct html h = page_html(c, ret);
    if (v.comments_withheld)
        answer_withheld(c, seen->by[FEATURE_COMMENTS], ret);
    book_comments_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_book_comments(struct context *c, struct response *ret, struct fault *fault)
{
    return show_comments(c, false, ret, fault);
}

enum rc handle_review_comments(struct context *c, struct response *ret, struct fault *fault)
{
    return show_comments(c, true, ret, fault);
}
