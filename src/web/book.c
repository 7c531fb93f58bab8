#include "web/book.h"

#include "app/helpful.h"
#include "base/clock.h"
#include "templates.h"
#include "web/covers.h"
#include "web/handlers.h"
#include "web/receipts.h"
#include "web/session.h"
#include "web/structured.h"

#define N_(text) text

enum { REVIEWS_A_PAGE = 20, PAGES_MAX = 100000 };

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

struct url link_wrong(const struct page *p, const struct book_view *v)
{
    struct url url = url_with(p->arena, link_to(p, "demand"), STR("target"), STR("edition"));
    url = url_with(p->arena, url, STR("key"), v->edition.key);
    return url_with(p->arena, url, STR("storefront"), p->storefront->slug);
}

struct url link_reviews_in(const struct page *p, const struct book_view *v, enum review_order order)
{
    struct url list = link_book_part(p, v->edition.key, "reviews");
    return order == REVIEWS_NEWEST
               ? list
               : url_with(p->arena, list, STR("sort"), str_of(review_order_name(order)));
}

const struct shown_card *review_edition(const struct book_view *v, const struct shown_review *r)
{
    for (size_t i = 0; r->isbn13.n > 0 && i < v->others.n; i++)
        if (str_eq(v->others.v[i].key, r->isbn13))
            return &v->others.v[i];
    return NULL;
}

struct url link_comment(const struct page *p, const struct book_view *v, uint64_t review)
{
    return below_book(p, v, "reviews/%llu/comments", review);
}

bool review_asks(const struct page *p, const struct shown_review *r)
{
    return !r->own && p->viewer->account != 0 && p->token.n > 0 &&
           (r->helped || clock_now() - p->viewer->since >= HELPFUL_ACCOUNT_S);
}

struct url link_helpful(const struct page *p, const struct book_view *v, uint64_t review)
{
    struct str anchor = review_anchor(p, review); /* where a refusal is told */
    return url_fragment(p->arena, below_book(p, v, "reviews/%llu/helpful", review),
                        arena_z(p->arena, anchor));
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

/* "translator and introduction"; empty where an author is nothing else, and the language
 * says "by" before the names. */
static struct str role_words(const struct page *p, const struct shown_contributor *c)
{
    enum { ROLES_MAX = 6 };
    struct str words[ROLES_MAX];
    size_t n = 0;
    bool author = c->roles.n == 1 && str_eq(c->roles.v[0], STR("A01"));
    if (author && !str_eq(word_text(p, N_("by %1")), STR("%1")))
        return STR_NONE;
    for (size_t i = 0; i < c->roles.n && n < ROLES_MAX; i++) {
        struct str word = word_role(p, c->roles.v[i]);
        bool said = false;
        for (size_t k = 0; k < n && !said; k++)
            said = str_eq(words[k], word);
        if (!said)
            words[n++] = word;
    }
    struct str all = n > 0 ? language_list(p->language, p->arena, words, n) : STR_NONE;
    return n > 0 ? word_filled(p, N_("(%1)"), &all, 1) : STR_NONE;
}

static void fill_names(struct page *p, struct book_view *v)
{
    v->names.v = ARENA_ARRAY(p->arena, struct book_name, v->edition.contributors.n);
    for (size_t i = 0; i < v->edition.contributors.n; i++) {
        const struct shown_contributor *c = &v->edition.contributors.v[i];
        if (c->name.n == 0)
            continue;
        v->names.v[v->names.n] = (struct book_name){
            .first = v->names.n == 0,
            .url = c->id != 0 ? link_contributor(p, c->id) : (struct url){STR_NONE},
            .name = c->name,
            .transliterated = str_eq(c->transliterated, c->name) ? STR_NONE : c->transliterated,
            .role = role_words(p, c)};
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

static void fill_slips(struct context *c, const struct page *p, struct book_view *v)
{
    const struct visibility *shown = &v->edition.visibility;
    v->star_slips = star_slips_of(&c->visit, shown);
    v->text_slips = shown_slips_for(&c->visit, shown,
                                    FEATURE_BIT(FEATURE_REVIEWS) | FEATURE_BIT(FEATURE_COMMENTS));
    v->sample_slips = shown_slips_for(&c->visit, shown, FEATURE_BIT(FEATURE_DELIVERY));
    v->submission_slips = shown_submission_slips(&c->visit, &v->edition);
    v->reviews_withheld = visibility_withholds(shown, FEATURE_REVIEWS);
    v->comments_withheld = visibility_withholds(shown, FEATURE_COMMENTS);
    v->may_submit = v->submission_slips.n == 0;
    /* What is withheld elsewhere changes nothing of this storefront's page. */
    if (visibility_withholds(shown, FEATURE_RATINGS) || v->reviews_withheld)
        v->silent = word_silent(p, &c->visit, &v->edition);
}

static bool ever_said(const struct shown_tally *t)
{
    return t->shown + t->withheld + t->withdrawn + t->erased > 0;
}

/* A page of them; of those that the address chooses, on the page that has nothing else. */
static enum rc load_reviews(struct context *c, struct page *p, struct book_view *v,
                            struct fault *fault)
{
    uint64_t page;
    struct url list = link_book_part(p, v->edition.key, "reviews");
    bool asked = false;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK && v->reviews_alone)
        rc = review_choice_read(c, &v->choices.made, &asked, fault);
    if (rc == RC_OK)
        rc = shown_reviews(&c->visit, &v->edition.visibility, v->edition.work,
                           v->reviews_alone ? &v->choices.made : NULL, (page - 1) * REVIEWS_A_PAGE,
                           REVIEWS_A_PAGE, &v->reviews, fault);
    if (rc != RC_OK)
        return rc;
    if (v->reviews_alone) {
        review_choices_fill(p, list, &v->reviews, &v->choices);
        list = v->choices.list;
        p->noindex = asked;
    }
    v->pager = pager_make(p, list, v->reviews.places, REVIEWS_A_PAGE, page);
    return RC_OK;
}

static enum rc fill_reviews(struct context *c, struct page *p, struct book_view *v,
                            struct fault *fault)
{
    struct own_review own;
    unsigned stars = 0;
    enum rc rc = load_reviews(c, p, v, fault);
    if (rc != RC_OK)
        return rc;
    v->any_voice = ever_said(&v->reviews.ratings) || ever_said(&v->reviews.reviews) ||
                   ever_said(&v->reviews.comments);
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
    v->own_stars = stars;
    v->star_choices = star_choices_make(p, stars);
    return RC_OK;
}

enum rc answer_listing_withheld(struct context *c, struct page *p, struct book_view *v,
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
    p->book = true;
    v->cover_alt = v->edition.title;
    if (v->edition.contributors.n > 0)
        v->cover_alt =
            ARENA_JOIN(c->arena, v->cover_alt, STR(", "), v->edition.contributors.v[0].name);
    p->image = card_url(c, v->edition.key, &v->edition.cover);
    p->image_alt = v->cover_alt;
    p->image_width = v->edition.cover.file.n > 0 ? v->edition.cover.width : CARD_WIDTH;
    p->image_height = v->edition.cover.file.n > 0 ? v->edition.cover.height : CARD_HEIGHT;
    if (c->viewer.account != 0)
        p->token = session_form_token(c, ret);
    fill_slips(c, p, v);
    *ret_done = false;
    return RC_OK;
}

/* Whether the review stands on the page, so that what is said of it can stand with it. */
static uint64_t on_page(const struct book_view *v, struct str review)
{
    uint64_t id;
    for (size_t i = 0; str_to_u64(review, &id) && i < v->reviews.reviews_page.n; i++)
        if (v->reviews.reviews_page.v[i].id == id)
            return id;
    return 0;
}

static enum rc show_book(struct context *c, bool reviews_alone, struct str vote_error,
                         struct response *ret, struct fault *fault)
{
    struct book_view v = {.reviews_alone = reviews_alone, .vote_error = vote_error};
    struct page p;
    bool done;
    enum rc rc = begin_book(c, &p, &v, ret, &done, fault);
    if (rc != RC_OK || done)
        return rc;
    rc = fill_reviews(c, &p, &v, fault);
    if (rc == RC_OK && vote_error.n > 0)
        v.vote_on = on_page(&v, c->captures[1]);
    if (rc == RC_OK)
        rc = shown_other_editions(&c->visit, &v.edition, &v.others, fault);
    if (rc == RC_OK && !reviews_alone)
        rc = shown_neighbours(&c->visit, &v.edition, &v.neighbours, fault);
    if (rc != RC_OK)
        return rc;
    if (c->viewer.account != 0 && !reviews_alone)
        rc = reader_lists_own(&c->visit, v.edition.work, &v.lists, fault);
    if (rc != RC_OK)
        return rc;
    rc = shown_file(&c->visit, &v.edition, &v.file, fault);
    if (rc == RC_OK)
        rc = library_has(&c->visit, v.edition.id, &v.owned, fault);
    if (rc != RC_OK)
        return rc;
    v.is_free = !v.owned && library_is_free(&c->visit, &v.edition);
    shown_formats(&c->visit, &v.edition, &v.others, &v.formats);
    book_offers_fill(&p, &v);
    fill_crumbs(&p, &v);
    fill_names(&p, &v);
    page_sort_by_name(&p, v.edition.collections.v, v.edition.collections.n,
                      sizeof *v.edition.collections.v, offsetof(struct shown_place, name));
    book_facts_fill(&p, &v);
    book_texts_fill(&p, &v);
    v.lead_plain = html_plain(c->arena, v.lead.html);
    page_describe(&p, v.lead_plain.n > 0 ? v.lead_plain : v.cite);
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
    return show_book(c, false, STR_NONE, ret, fault);
}

enum rc handle_book_reviews(struct context *c, struct response *ret, struct fault *fault)
{
    return show_book(c, true, STR_NONE, ret, fault);
}

enum rc show_vote_refused(struct context *c, struct str error, struct response *ret,
                          struct fault *fault)
{
    return show_book(c, parameter_get(&c->form, "return").n > 0, error, ret, fault);
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
