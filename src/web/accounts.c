#include "web/accounts.h"

#include "app/confirm.h"
#include "app/voice.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

enum rc handle_account(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct account_view v;
    enum rc rc = own_things(&c->visit, &v.own, fault);
    if (rc == RC_OK)
        rc = own_demand_lines_fill(c, &p, &v.demands, fault);
    bool confirmed = true;
    if (rc == RC_OK && mailer_is_set(c->server->mailer))
        rc = confirm_stands(c->server->site, c->viewer.account, &confirmed, fault);
    v.unconfirmed = !confirmed;
    if (rc != RC_OK)
        return rc;
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Account"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    account_page(&h, &p, &v);
    return RC_OK;
}

/* ---- reviews ---- */

static void list_languages(struct context *c, const struct page *p, struct str chosen,
                           struct review_form_view *v)
{
    /* Beside those that the interface has. */
    static const struct str others[] = {{"en", 2}, {"zh-Hans", 7}, {"zh-Hant", 7}, {"de", 2},
                                        {"es", 2}, {"fr", 2},      {"ja", 2},      {"pt", 2},
                                        {"ru", 2}, {"it", 2},      {"ko", 2},      {"ar", 2}};
    size_t ours = 0, more = sizeof others / sizeof *others;
    while (language_offered(ours).n > 0)
        ours++;
    v->languages.v = ARENA_ARRAY(c->arena, struct page_choice, ours + more);
    for (size_t i = 0; i < ours + more; i++) {
        struct str tag = i < ours ? language_offered(i) : others[i - ours];
        if (i < ours || !language_is_offered(tag))
            v->languages.v[v->languages.n++] = (struct page_choice){
                .name = word_language(p, tag), .tag = tag, .chosen = str_eq(chosen, tag)};
    }
    page_choices_sort(p, &v->languages);
}

static enum rc show_review_form(struct context *c, const struct shown_edition *e, struct str error,
                                struct response *ret)
{
    struct page p = page_begin(c, ret);
    struct review_form_view v = {.key = e->key, .work_title = e->title, .error = error};
    struct own_review own;
    struct str language = language_tag(p.language);
    unsigned stars = 0;
    uint64_t number;
    v.change = own_review_of(&c->visit, e->work, &own, NULL) == RC_OK;
    if (own_stars_of(&c->visit, e->work, &stars, NULL) != RC_OK)
        stars = 0;
    if (c->request->method == METHOD_POST) {
        v.title = parameter_get(&c->form, "title");
        v.text = parameter_get(&c->form, "text");
        language = parameter_get(&c->form, "language");
        if (str_to_u64(parameter_get(&c->form, "stars"), &number) && number <= 5)
            stars = (unsigned)number;
    } else if (v.change) {
        v.title = own.title;
        v.text = own.text;
        language = own.language;
    }
    v.previewed = c->tried && str_trim(v.text).n > 0;
    v.language = language;
    v.slips = shown_submission_slips(&c->visit, e);
    v.silent = word_silent(&p, &c->visit, e);
    v.star_choices = star_choices_make(&p, stars);
    list_languages(c, &p, language, &v);
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Write a review"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    review_form_page(&h, &p, &v);
    return RC_OK;
}

/* As seen from the edition's page. */
static struct voice_desk desk_at(struct context *c, const struct shown_edition *e)
{
    struct voice_desk desk = voice_desk_of(c);
    if (e->facts->isbn13[0] != '\0')
        desk.isbn13 = str_of(e->facts->isbn13);
    return desk;
}

/* The edition that the path names; where its page is withheld, by whom. */
static enum rc edition_meant(struct context *c, struct shown_edition *ret, struct fault *fault)
{
    enum rc rc = shown_edition(&c->visit, c->captures[0], ret, fault);
    if (rc == RC_WITHHELD)
        c->withheld = ret->visibility.by[FEATURE_LISTING];
    return rc;
}

enum rc handle_review_page(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    enum rc rc = edition_meant(c, &e, fault);
    return rc == RC_OK ? show_review_form(c, &e, STR_NONE, ret) : rc;
}

static void back_to_account(struct context *c, struct response *ret)
{
    struct page p = page_begin(c, ret);
    go_to(ret, link_to(&p, "account").text);
}

static void back_to_book(struct context *c, struct str key, const char *fragment,
                         struct response *ret)
{
    struct page p = page_begin(c, ret);
    go_to(ret, url_fragment(c->arena, link_book(&p, key), fragment).text);
}

/* Once it is written, the book's page offers the receipt. */
static void offer_receipt(struct context *c, const struct voice_made *made, struct response *ret)
{
    size_t cut = str_find(ret->location, '#');
    ret->location =
        arena_printf(c->arena, "%.*s?receipt=%llu%.*s", STR_ARG(str_sub(ret->location, 0, cut)),
                     (unsigned long long)made->record_index,
                     STR_ARG(str_sub(ret->location, cut, ret->location.n)));
}

static enum rc refused_review(struct context *c, enum rc rc, struct response *ret,
                              struct fault *fault);

/* Writes the form's review, or changes the one there is. */
static enum rc write_review(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    struct voice_write *write;
    struct own_review own;
    uint64_t stars = 0;
    struct review_text review = {.title = str_trim(parameter_get(&c->form, "title")),
                                 .text = parameter_get(&c->form, "text"),
                                 .language = parameter_get(&c->form, "language")};
    enum rc rc = edition_meant(c, &e, fault);
    if (rc != RC_OK)
        return rc;
    struct voice_desk desk = desk_at(c, &e);
    review.isbn13 = desk.isbn13;
    rc = parameter_number(&c->form, "stars", 0, 5, &stars, fault);
    review.stars = (unsigned)stars;
    if (rc == RC_OK && own_review_of(&c->visit, e.work, &own, NULL) == RC_OK)
        rc = voice_review_change(&desk, own.id, &review, &write, fault);
    else if (rc == RC_OK && (rc = voice_review(&desk, e.work, &review, &write, fault)) == RC_OK)
        rc = limits_first_word(c, e.work, true, fault);
    if (rc != RC_OK)
        return refused_review(c, rc, ret, fault);
    back_to_book(c, e.key, "reviews", ret);
    return answer_once_written(c, write, offer_receipt, refused_review);
}

static enum rc refused_review(struct context *c, enum rc rc, struct response *ret,
                              struct fault *fault)
{
    struct shown_edition e;
    struct own_review own;
    /* There is one since a moment, by the same form sent twice: it is changed, once. */
    if (rc == RC_CONFLICT && !c->written_again && edition_meant(c, &e, NULL) == RC_OK &&
        own_review_of(&c->visit, e.work, &own, NULL) == RC_OK) {
        c->written_again = true;
        return write_review(c, ret, fault);
    }
    if (!is_readers_fault(rc))
        return rc;
    struct str why = arena_str(c->arena, str_of(fault->text));
    enum rc found = edition_meant(c, &e, fault);
    if (found != RC_OK)
        return found;
    refuse(c, rc, status_of(rc), true);
    show_review_form(c, &e, why, ret);
    ret->status = status_of(rc);
    ret->retry_after = c->retry_after;
    return RC_OK;
}

enum rc handle_review(struct context *c, struct response *ret, struct fault *fault)
{
    if (parameter_has(&c->form, "act", STR("preview"))) {
        c->tried = true;
        return handle_review_page(c, ret, fault);
    }
    enum rc rc = limits_review(c, fault);
    return rc == RC_OK ? write_review(c, ret, fault) : refused_review(c, rc, ret, fault);
}

enum rc handle_review_withdraw(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    struct voice_write *write;
    struct own_review own;
    struct voice_desk desk = voice_desk_of(c);
    enum rc rc = shown_edition(&c->visit, c->captures[0], &e, fault);
    bool withheld = rc == RC_WITHHELD;
    /* Nothing withholds from readers what is theirs to withdraw. */
    if (rc == RC_OK || withheld)
        rc = own_review_of(&c->visit, e.work, &own, fault);
    if (rc == RC_OK)
        rc = voice_review_withdraw(&desk, own.id, &write, fault);
    if (rc != RC_OK)
        return rc;
    if (withheld)
        back_to_account(c, ret);
    else
        back_to_book(c, e.key, "reviews", ret);
    return answer_once_written(c, write, offer_receipt, NULL);
}

enum rc handle_rating(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    struct voice_write *write;
    uint64_t stars;
    enum rc rc = edition_meant(c, &e, fault);
    if (rc != RC_OK)
        return rc;
    struct voice_desk desk = desk_at(c, &e);
    rc = parameter_number(&c->form, "stars", 0, 5, &stars, fault);
    if (rc == RC_OK)
        rc = limits_rating(c, fault);
    if (rc == RC_OK)
        rc = voice_rate(&desk, e.work, (unsigned)stars, &write, fault);
    if (rc == RC_OK)
        rc = limits_first_word(c, e.work, false, fault);
    if (rc != RC_OK)
        return rc;
    back_to_book(c, e.key, "reviews", ret);
    return answer_once_written(c, write, offer_receipt, NULL);
}

enum rc handle_unrate(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    struct voice_write *write;
    struct voice_desk desk = voice_desk_of(c);
    enum rc rc = shown_edition(&c->visit, c->captures[0], &e, fault);
    bool withheld = rc == RC_WITHHELD; /* as with reviews: what is theirs they take back */
    if (rc == RC_OK || withheld)
        rc = voice_unrate(&desk, e.work, &write, fault);
    if (rc != RC_OK)
        return rc;
    if (withheld || parameter_has(&c->form, "from", STR("account")))
        back_to_account(c, ret);
    else
        back_to_book(c, e.key, "reviews", ret);
    return answer_once_written(c, write, NULL, NULL);
}

enum rc handle_comment(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    struct voice_write *write;
    uint64_t review;
    enum rc rc = edition_meant(c, &e, fault);
    if (rc == RC_OK)
        rc = captured_id(c, 1, &review, fault);
    if (rc == RC_OK)
        rc = limits_comment(c, fault);
    if (rc != RC_OK)
        return rc;
    struct voice_desk desk = desk_at(c, &e);
    rc = voice_comment(&desk, review, parameter_get(&c->form, "text"), &write, fault);
    if (rc != RC_OK)
        return rc;
    back_to_book(c, e.key, "reviews", ret);
    return answer_once_written(c, write, offer_receipt, NULL);
}

enum rc handle_comment_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_write *write;
    struct voice_desk desk = voice_desk_of(c);
    uint64_t id;
    enum rc rc = captured_id(c, 1, &id, fault);
    if (rc == RC_OK)
        rc = limits_comment(c, fault);
    if (rc == RC_OK)
        rc = voice_comment_change(&desk, id, parameter_get(&c->form, "text"), &write, fault);
    if (rc != RC_OK)
        return rc;
    back_to_book(c, c->captures[0], "reviews", ret);
    return answer_once_written(c, write, offer_receipt, NULL);
}

enum rc handle_comment_withdraw(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_write *write;
    struct voice_desk desk = voice_desk_of(c);
    uint64_t id;
    enum rc rc = captured_id(c, 1, &id, fault);
    if (rc == RC_OK)
        rc = voice_comment_withdraw(&desk, id, &write, fault);
    if (rc != RC_OK)
        return rc;
    back_to_book(c, c->captures[0], "reviews", ret);
    return answer_once_written(c, write, offer_receipt, NULL);
}
