/* What readers follow, and what is new of it, as JSON. */
#include "app/follow.h"
#include "base/json.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/sign.h"

static json_t *followed_json(const struct followed *f)
{
    return json_pack("{s:s, s:I, s:o, s:o, s:o, s:b}", "kind", follow_kind_name(f->kind), "id",
                     (json_int_t)f->id, "name", api_text(f->name), "slug", api_text(f->slug),
                     "since", json_from_time(f->since), "too_large", f->too_large);
}

json_t *api_followed_list(const followed_list *list)
{
    json_t *all = json_array();
    for (size_t i = 0; i < list->n; i++)
        json_array_append_new(all, followed_json(&list->v[i]));
    return all;
}

/* At the first storefront; the same secret leads to the news of any other. */
static struct str feed_address(const struct context *c, struct str secret)
{
    const struct storefront *s = c->view->storefronts.n > 0 ? &c->view->storefronts.v[0] : NULL;
    if (secret.n == 0 || s == NULL)
        return STR_NONE;
    struct str home = context_home(c, s, s->languages.v[0]);
    return ARENA_JOIN(c->arena, str_starts(home, STR("/")) ? context_base_url(c) : STR_NONE, home,
                      STR("/news/"), secret, STR("/feed.atom"));
}

enum rc api_following(struct context *c, struct response *ret, struct fault *fault)
{
    followed_list following;
    struct follower own;
    enum rc rc = following_own(&c->visit, &following, fault);
    if (rc == RC_OK)
        rc = follower_own(&c->visit, &own, fault);
    if (rc == RC_OK)
        api_answer(ret, json_pack("{s:o, s:o, s:o}", "following", api_followed_list(&following),
                                  "letters", api_text(own.letters), "feed",
                                  api_text(feed_address(c, own.feed))));
    return rc;
}

/* ---- how it is told ---- */

enum rc api_following_feed(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = follower_renew(c->server->writer, c->viewer.account, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}

static enum rc put_letters(struct context *c, struct str storefront, struct str root,
                           struct response *ret, struct fault *fault)
{
    enum rc rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = follower_letters(c->server->writer, c->viewer.account, storefront, root, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}

enum rc api_letters(struct context *c, struct response *ret, struct fault *fault)
{
    struct str root = letter_path(c, ""); /* ends in a slash */
    return put_letters(c, c->storefront->slug, str_sub(root, 0, root.n - 1), ret, fault);
}

enum rc api_letters_end(struct context *c, struct response *ret, struct fault *fault)
{
    return put_letters(c, STR_NONE, STR_NONE, ret, fault);
}

static json_t *item_json(const struct news_item *item)
{
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o}", "work_id", (json_int_t)item->card.work, "isbn13",
        json_from_str(item->card.key), "title", json_from_str(item->card.title), "at",
        json_from_some_time(item->at), "because",
        json_pack("{s:s, s:I}", "kind", follow_kind_name(item->kind), "id", (json_int_t)item->of));
}

enum rc api_news(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_news news;
    enum rc rc = shown_news(&c->visit, c->viewer.account, 0, &news, fault);
    if (rc != RC_OK)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < news.items.n; i++)
        json_array_append_new(items, item_json(&news.items.v[i]));
    api_answer(ret, json_pack("{s:o, s:o, s:b}", "works", api_works(news.items.n, &news.withheld),
                              "news", items, "more", news.more));
    return RC_OK;
}

static enum rc put(struct context *c, bool follow, struct response *ret, struct fault *fault)
{
    enum follow_kind kind;
    uint64_t id;
    if (!follow_kind_parse(c->captures[0], &kind))
        return fault_set(fault, RC_NOT_FOUND, "kind: contributor or series");
    enum rc rc = captured_id(c, 1, &id, fault);
    if (rc == RC_OK)
        rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = follow_put(c->server->writer, c->viewer.account, kind, id, follow, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}

enum rc api_follow(struct context *c, struct response *ret, struct fault *fault)
{
    return put(c, true, ret, fault);
}

enum rc api_follow_end(struct context *c, struct response *ret, struct fault *fault)
{
    return put(c, false, ret, fault);
}
