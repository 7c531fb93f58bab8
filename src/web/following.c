#include "web/following.h"

#include "app/confirm.h"
#include "templates.h"
#include "web/accounts.h"
#include "web/atom.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"

#define N_(text) text

enum { DAY = 86400 };

/* ---- on the page of what may be followed ---- */

static struct url link_news_of(const struct page *p, enum follow_kind kind, uint64_t id)
{
    return (struct url){
        arena_printf(p->arena, "%.*s/%llu/feed.atom",
                     STR_ARG(link_to(p, kind == FOLLOW_SERIES ? "series" : "contributors").text),
                     (unsigned long long)id)};
}

enum rc follow_view_fill(struct context *c, struct page *p, enum follow_kind kind, uint64_t id,
                         struct url page, struct response *ret, struct follow_view *ret_view,
                         struct fault *fault)
{
    struct follow_view v = {
        .kind = kind, .id = id, .page = page, .feed = link_news_of(p, kind, id)};
    enum rc rc = following_has(&c->visit, kind, id, &v.followed, fault);
    if (rc != RC_OK)
        return rc;
    p->feed = v.feed;
    if (c->viewer.account != 0)
        p->token = session_form_token(c, ret);
    *ret_view = v;
    return RC_OK;
}

/* ---- one's own ---- */

struct url link_followed(const struct page *p, const struct followed *f)
{
    return f->kind == FOLLOW_SERIES ? link_series(p, f->slug) : link_contributor(p, f->id);
}

struct str news_reason(const struct following_view *v, const struct news_item *item)
{
    for (size_t i = 0; i < v->following.n; i++)
        if (v->following.v[i].kind == item->kind && v->following.v[i].id == item->of)
            return v->following.v[i].name;
    return STR_NONE;
}

bool news_is_first_of_day(const struct following_view *v, const struct news_item *item)
{
    return item == v->news.items.v || (item - 1)->at / DAY != item->at / DAY;
}

static struct url feed_url(struct context *c, const struct page *p, struct str secret)
{
    if (secret.n == 0)
        return (struct url){STR_NONE};
    return (struct url){arena_printf(c->arena, "%.*s%.*s/%.*s/feed.atom",
                                     STR_ARG(context_base_url(c)), STR_ARG(link_to(p, "news").text),
                                     STR_ARG(secret))};
}

static void fill_letters(struct context *c, const struct page *p, const struct follower *own,
                         struct following_view *v)
{
    const struct storefront *of = gate_storefront(c->view, own->letters);
    v->mail = mailer_is_set(c->server->mailer);
    v->letters = own->letters.n > 0;
    if (of != NULL && of != c->storefront)
        v->elsewhere = word_country(p, of->country);
}

static enum rc show_following(struct context *c, struct str error, struct response *ret,
                              struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct following_view v = {.error = error};
    struct follower own;
    enum rc rc = following_own(&c->visit, &v.following, fault);
    if (rc == RC_OK)
        rc = shown_news(&c->visit, c->viewer.account, 0, &v.news, fault);
    if (rc == RC_OK)
        rc = follower_own(&c->visit, &own, fault);
    if (rc != RC_OK)
        return rc;
    fill_letters(c, &p, &own, &v);
    if (v.mail)
        rc = confirm_stands(c->server->site, c->viewer.account, &v.confirmed, fault);
    if (rc != RC_OK)
        return rc;
    v.feed = feed_url(c, &p, own.feed);
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("What I follow"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    following_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_following(struct context *c, struct response *ret, struct fault *fault)
{
    return show_following(c, STR_NONE, ret, fault);
}

static enum rc go_back(struct context *c, struct response *ret)
{
    struct page p = page_begin(c, ret);
    go_to(ret,
          safe_return(parameter_get(&c->form, "return"), link_to(&p, "account/following").text));
    return RC_OK;
}

enum rc handle_follow(struct context *c, struct response *ret, struct fault *fault)
{
    bool follow = str_is(parameter_get(&c->form, "follow"), "1");
    enum follow_kind kind;
    uint64_t id;
    enum rc rc = parameter_number(&c->form, "of", 0, UINT64_MAX >> 1, &id, fault);
    if (rc == RC_OK && !follow_kind_parse(parameter_get(&c->form, "kind"), &kind))
        rc = fault_set(fault, RC_INVALID, "kind: contributor or series");
    if (rc == RC_OK)
        rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = follow_put(c->server->writer, c->viewer.account, kind, id, follow, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, show_following, ret, fault);
    return go_back(c, ret);
}

enum rc handle_following_feed(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = follower_renew(c->server->writer, c->viewer.account, fault);
    return rc == RC_OK ? go_back(c, ret) : show_refused(c, rc, show_following, ret, fault);
}

enum rc handle_following_letters(struct context *c, struct response *ret, struct fault *fault)
{
    bool wanted = str_is(parameter_get(&c->form, "letters"), "1");
    struct str root = letter_path(c, ""); /* ends in a slash */
    enum rc rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = follower_letters(c->server->writer, c->viewer.account,
                              wanted ? c->storefront->slug : STR_NONE,
                              wanted ? str_sub(root, 0, root.n - 1) : STR_NONE, fault);
    return rc == RC_OK ? go_back(c, ret) : show_refused(c, rc, show_following, ret, fault);
}

/* ---- letters that end ---- */

static void show_stop(struct context *c, bool done, struct response *ret)
{
    struct page p = page_begin(c, ret);
    struct stop_view v = {.done = done, .action = {c->request->path}};
    p.title = word_text(&p, N_("Letters about what is new"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    stop_letters_page(&h, &p, &v);
}

/* Programs that look at every link of a letter end nothing. */
enum rc handle_stop_letters_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show_stop(c, false, ret);
    return RC_OK;
}

/* RFC 8058: a mail program posts here by itself, without a session. */
enum rc handle_stop_letters(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = limits_stop_letters(c, fault);
    if (rc == RC_OK)
        rc = follower_stop(c->server->writer, c->captures[0], fault);
    if (rc == RC_OK)
        show_stop(c, true, ret);
    return rc;
}

/* ---- feeds ---- */

static struct str names_of(const struct page *p, const struct shown_card *card)
{
    struct str names[8];
    size_t n = 0;
    for (; n < card->contributors.n && n < 8; n++)
        names[n] = card->contributors.v[n].name;
    return n == 0 ? STR_NONE : language_list(p->language, p->arena, names, n);
}

/* What was there before anybody noted when it came is as old as its publication. */
static int64_t time_of(const struct context *c, const struct news_item *item)
{
    int64_t published = item->card.published != 0 ? date_start(item->card.published) : 0;
    if (item->at != 0)
        return item->at;
    return published < c->view->now ? published : c->view->now;
}

static void write_feed(struct context *c, const struct page *p, const struct shown_news *news,
                       struct atom_feed *feed, struct response *ret)
{
    feed->items = (atom_items){ARENA_ARRAY(c->arena, struct atom_item, news->items.n), 0};
    for (size_t i = 0; i < news->items.n; i++) {
        const struct news_item *item = &news->items.v[i];
        struct str by = names_of(p, &item->card), form = word_form(p, item->card.form);
        int64_t at = time_of(c, item);
        feed->items.v[feed->items.n++] = (struct atom_item){
            .kind = "edition",
            .id = item->card.id,
            .page = link_book(p, item->card.key),
            .title = item->card.title,
            .summary = by.n > 0 ? ARENA_JOIN(c->arena, by, STR(" · "), form) : form,
            .published = at,
            .updated = at};
    }
    feed->words = word_withheld(p, &news->withheld);
    atom_write(c, feed, ret);
}

/* Whoever has the address: there is no cookie, and nobody is signed in. */
enum rc handle_news_feed(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct shown_news news;
    uint64_t account;
    enum rc rc = follower_feed(&c->visit, c->captures[0], &account, fault);
    if (rc == RC_OK)
        rc = shown_news(&c->visit, account, 0, &news, fault);
    if (rc != RC_OK)
        return rc;
    struct atom_feed feed = {.title = word_text(&p, N_("New from what I follow")),
                             .id = ARENA_JOIN(c->arena, STR("news/"), c->captures[0]),
                             .self = {c->request->path}};
    write_feed(c, &p, &news, &feed, ret);
    return RC_OK;
}

static enum rc answer_feed_of(struct context *c, enum follow_kind kind, struct response *ret,
                              struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct shown_news news;
    struct str name;
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = shown_news_of(&c->visit, kind, id, &name, &news, fault);
    if (rc != RC_OK)
        return rc;
    struct atom_feed feed = {.title = word_filled(&p, N_("New titles: %1"), &name, 1),
                             .id = arena_printf(c->arena, "%.*s/%s/%llu",
                                                STR_ARG(c->storefront->slug),
                                                follow_kind_name(kind), (unsigned long long)id),
                             .self = link_news_of(&p, kind, id)};
    write_feed(c, &p, &news, &feed, ret);
    return RC_OK;
}

enum rc handle_contributor_feed(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_feed_of(c, FOLLOW_CONTRIBUTOR, ret, fault);
}

enum rc handle_series_feed(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_feed_of(c, FOLLOW_SERIES, ret, fault);
}
