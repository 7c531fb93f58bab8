/* JSON for reading: the same shown things as the pages. */
#include "app/counters.h"
#include "app/find.h"
#include "app/publication.h"
#include "app/restriction_view.h"
#include "base/json.h"
#include "domain/money.h"
#include "web/api.h"
#include "web/assets.h"
#include "web/book.h"
#include "web/cover_links.h"
#include "web/handlers.h"
#include "web/record_filter.h"

enum { BODY_MAX = 16 << 20, LIMIT_MAX = 100 };

void api_answer(struct response *ret, json_t *json)
{
    buf_renew(&ret->body, BODY_MAX);
    ret->content_type = "application/json";
    json_write(json, &ret->body);
    json_decref(json);
}

static json_t *number(uint64_t n)
{
    return json_integer((json_int_t)n);
}

json_t *api_text(struct str s)
{
    return s.n > 0 ? json_from_str(s) : json_null();
}

/* ---- parts ---- */

static json_t *withheld_json(const struct visibility *v)
{
    json_t *list = json_array();
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (visibility_withholds(v, (enum feature)f))
            json_array_append_new(list, json_pack("{s:s, s:I, s:I}", "feature",
                                                  feature_name((enum feature)f), "restriction",
                                                  (json_int_t)v->by[f]->id, "record_index",
                                                  (json_int_t)v->by[f]->record_index));
    return list;
}

static json_t *stars_json(const struct shown_stars *s)
{
    if (s->withheld != NULL)
        return json_null();
    json_t *histogram = json_array();
    for (int i = 0; i < 5; i++)
        json_array_append_new(histogram, number(s->sum.stars[i]));
    return json_pack("{s:o, s:o, s:o}", "mean",
                     s->count == 0 ? json_null() : json_real((double)s->mean_milli / 1000), "count",
                     number(s->count), "histogram", histogram);
}

static json_t *amount_json(int64_t minor, struct str currency)
{
    BUF_AUTO b = BUF_INIT(40);
    money_add(&b, minor, currency);
    return json_from_str(buf_str(&b));
}

static json_t *offer_json(const struct shown_offer *o)
{
    json_t *json = json_pack("{s:o, s:o, s:o}", "shop", json_from_str(o->shop), "shop_name",
                             json_from_str(o->shop_name), "controlled_by", json_null());
    const struct disclosure *d = o->disclosure;
    if (d != NULL) {
        json_object_set_new(json, "owner", json_from_str(d->owner));
        json_object_set_new(json, "controlled_by", api_text(d->controlled_by));
        json_object_set_new(json, "disclosure", number(d->index));
    }
    if (o->withheld != NULL) {
        json_object_set_new(json, "withheld", number(o->withheld->id));
        return json;
    }
    json_object_set_new(json, "verdict", json_string(verdict_name(o->offer.verdict)));
    json_object_set_new(json, "sold", json_boolean(verdict_sells(o->offer.verdict)));
    if (!verdict_sells(o->offer.verdict)) {
        json_object_set_new(json, "evidence", json_from_str(str_of(o->offer.evidence)));
        return json;
    }
    if (o->offer.supply != NULL)
        json_object_set_new(json, "availability", api_text(o->offer.supply->availability));
    if (o->counted)
        json_object_set_new(json, "in_stock", json_boolean(o->left > 0));
    if (o->offer.supply != NULL && o->offer.supply->order_days > 0)
        json_object_set_new(json, "order_days", number(o->offer.supply->order_days));
    if (o->offer.price != NULL && o->offer.price->minor >= 0) {
        json_object_set_new(json, "price",
                            amount_json(o->offer.price->minor, o->offer.price->currency));
        json_object_set_new(json, "currency", json_from_str(o->offer.price->currency));
        json_object_set_new(json, "tax_included", json_boolean(o->offer.price_includes_tax));
        json_object_set_new(json, "price_type", api_text(o->offer.price->type));
        json_object_set_new(json, "valid_until", api_date(o->offer.price->until));
    }
    return json;
}

static json_t *contributors_json(const struct shown_contributor *v, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *roles = json_array();
        for (size_t r = 0; r < v[i].roles.n; r++)
            json_array_append_new(roles, json_from_str(v[i].roles.v[r]));
        json_t *one = json_pack("{s:o, s:o, s:o}", "name", json_from_str(v[i].name), "id",
                                v[i].id != 0 ? number(v[i].id) : json_null(), "roles", roles);
        if (v[i].transliterated.n > 0)
            json_object_set_new(one, "transliterated", json_from_str(v[i].transliterated));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *tally_json(const struct shown_tally *t)
{
    json_t *by = json_array();
    for (size_t i = 0; i < t->by.n; i++)
        json_array_append_new(by, json_pack("{s:o, s:o}", "restriction",
                                            number(t->by.v[i].restriction->id), "count",
                                            number(t->by.v[i].n)));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "shown", number(t->shown), "withheld",
                     number(t->withheld), "withdrawn", number(t->withdrawn), "erased",
                     number(t->erased), "by", by);
}

static json_t *voices_json(const struct shown_reviews *r)
{
    return json_pack("{s:o, s:o, s:o}", "ratings", tally_json(&r->ratings), "reviews",
                     tally_json(&r->reviews), "comments", tally_json(&r->comments));
}

static json_t *withheld_one(enum feature feature, const struct restriction *r)
{
    return json_pack("{s:s, s:I, s:I}", "feature", feature_name(feature), "restriction",
                     (json_int_t)r->id, "record_index", (json_int_t)r->record_index);
}

static json_t *comment_json(const struct shown_comment *c)
{
    if (c->withheld != NULL)
        return json_pack("{s:o, s:o, s:[o]}", "id", number(c->id), "record_index", number(c->index),
                         "withheld", withheld_one(FEATURE_COMMENTS, c->withheld));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", number(c->id), "author",
                     json_from_str(c->author), "text", json_from_str(c->text), "created",
                     json_from_some_time(c->created), "record_index", number(c->index));
}

static json_t *comments_json(const struct shown_comment *v, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, comment_json(&v[i]));
    return list;
}

static json_t *withheld_alone(const struct shown_review *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->slips.n; i++)
        for (int f = 0; f < FEATURE_COUNT; f++)
            if (r->slips.v[i].features & FEATURE_BIT(f))
                json_array_append_new(list,
                                      withheld_one((enum feature)f, r->slips.v[i].restriction));
    return list;
}

static json_t *review_json(const struct shown_review *r)
{
    if (r->withheld & FEATURE_BIT(FEATURE_REVIEWS))
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "id", number(r->id), "record_index",
                         number(r->index), "withheld", withheld_alone(r), "comment_count",
                         number(r->comment_count), "comment_places", number(r->comment_places),
                         "comments", comments_json(r->comments.v, r->comments.n));
    json_t *json = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", number(r->id),
        "title", json_from_str(r->title), "text", json_from_str(r->text), "stars",
        r->stars > 0 ? number(r->stars) : json_null(), "language", json_from_str(r->language),
        "author", json_from_str(r->author), "created", json_from_some_time(r->created), "changed",
        r->changed > r->created ? json_from_some_time(r->changed) : json_null(), "record_index",
        number(r->index), "helpful", number(r->helpful), "comment_count", number(r->comment_count),
        "comment_places", number(r->comment_places), "comments",
        comments_json(r->comments.v, r->comments.n));
    if (r->bought)
        json_object_set_new(json, "bought_here", json_true());
    if (r->source.n > 0)
        json_object_set_new(json, "taken_over",
                            json_pack("{s:o, s:o}", "from", json_from_str(r->source), "written",
                                      json_from_time(r->written)));
    if (r->slips.n > 0)
        json_object_set_new(json, "withheld", withheld_alone(r));
    return json;
}

static json_t *reviews_json(const struct shown_reviews *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->reviews_page.n; i++)
        json_array_append_new(list, review_json(&r->reviews_page.v[i]));
    return list;
}

static void set_price(json_t *json, const struct shown_card *card)
{
    if (card->withheld == NULL && verdict_sells(card->verdict) && card->minor >= 0) {
        json_object_set_new(json, "price", amount_json(card->minor, card->currency));
        json_object_set_new(json, "currency", json_from_str(card->currency));
    } else {
        json_object_set_new(json, "price", json_null());
    }
}

/* null: it has none but the one that is drawn. */
static json_t *cover_json(struct context *c, struct str key, const struct shown_cover *cover)
{
    if (cover->file.n == 0)
        return json_null();
    return json_pack("{s:o, s:i, s:i}", "url", json_from_str(cover_url(c, key, cover).text),
                     "width", (int)cover->width, "height", (int)cover->height);
}

static json_t *card_json(struct context *c, const struct shown_card *card)
{
    json_t *json =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "isbn13",
                  json_from_str(card->key), "cover", cover_json(c, card->key, &card->cover),
                  "title", json_from_str(card->title), "sorted_as", json_from_str(card->sorted_as),
                  "published", api_date(card->published), "subtitle", api_text(card->subtitle),
                  "contributors", contributors_json(card->contributors.v, card->contributors.n),
                  "work_id", number(card->work), "format", json_from_str(card->form), "language",
                  json_from_str(card->language), "rating", stars_json(&card->stars));
    set_price(json, card);
    return json;
}

static json_t *cards_json(struct context *c, const shown_cards *cards)
{
    json_t *list = json_array();
    for (size_t i = 0; i < cards->n; i++)
        json_array_append_new(list, card_json(c, &cards->v[i]));
    return list;
}

static json_t *hidden_json(const struct shown_withheld *w)
{
    json_t *list = json_array();
    for (size_t i = 0; i < w->by.n; i++)
        json_array_append_new(list, number(w->by.v[i].restriction->id));
    return json_pack("{s:o, s:o}", "works", number(w->works), "restrictions", list);
}

json_t *api_works(uint64_t shown, const struct shown_withheld *w)
{
    json_t *by = json_array();
    for (size_t i = 0; i < w->by.n; i++)
        json_array_append_new(
            by, json_pack("{s:o, s:o, s:o}", "restriction", number(w->by.v[i].restriction->id),
                          "works", number(w->by.v[i].works), "partly", number(w->by.v[i].partly)));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "found", number(shown + w->works), "shown",
                     number(shown), "withheld", number(w->works), "partly", number(w->partly), "by",
                     by, "others", number(w->others));
}

/* ---- editions and works ---- */

static json_t *head_json(const struct shown_edition *e)
{
    return json_pack("{s:o, s:{s:o}, s:o}", "isbn13", json_from_str(e->key), "work", "id",
                     number(e->work), "withheld", withheld_json(&e->visibility));
}

static void fill_edition(struct context *c, json_t *json, const struct shown_edition *e)
{
    json_t *offers = json_array(), *collections = json_array();
    for (size_t i = 0; i < e->offers.n; i++)
        json_array_append_new(offers, offer_json(&e->offers.v[i]));
    for (size_t i = 0; i < e->collections.n; i++)
        json_array_append_new(
            collections, json_pack("{s:o, s:o, s:o, s:o}", "id", number(e->collections.v[i].id),
                                   "slug", json_from_str(e->collections.v[i].slug), "name",
                                   json_from_str(e->collections.v[i].name), "part",
                                   api_text(e->collections.v[i].part)));
    json_object_set_new(json, "title", json_from_str(e->title));
    json_object_set_new(json, "cover", cover_json(c, e->key, &e->cover));
    json_object_set_new(json, "subtitle", api_text(e->facts->title.subtitle));
    json_object_set_new(json, "contributors",
                        contributors_json(e->contributors.v, e->contributors.n));
    json_object_set_new(json, "collections", collections);
    json_object_set_new(json, "language", json_from_str(e->language));
    json_object_set_new(json, "format", json_from_str(e->form));
    json_object_set_new(json, "publisher", api_text(edition_publisher(e->facts)));
    api_fill_facts(json, e->facts);
    json_object_set_new(json, "offers", offers);
    json_object_set_new(json, "rating", stars_json(&e->stars));
}

enum rc api_edition(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    struct shown_reviews reviews;
    struct shown_neighbours neighbours;
    enum rc rc = shown_edition(&c->visit, c->captures[0], &e, fault);
    if (rc == RC_WITHHELD) {
        answer_withheld(c, e.visibility.by[FEATURE_LISTING], ret);
        json_t *json = head_json(&e);
        if (ret->status == 451) {
            json_object_set_new(json, "type", json_string("about:blank"));
            json_object_set_new(json, "title", json_string("Unavailable for legal reasons"));
            json_object_set_new(json, "status", json_integer(451));
        }
        api_answer(ret, json);
        if (ret->status == 451)
            ret->content_type = "application/problem+json";
        return RC_OK;
    }
    if (rc == RC_OK)
        rc = shown_reviews(&c->visit, &e.visibility, e.work, NULL, 0, 20, &reviews, fault);
    if (rc == RC_OK)
        rc = shown_neighbours(&c->visit, &e, &neighbours, fault);
    if (rc != RC_OK)
        return rc;
    json_t *json = head_json(&e);
    fill_edition(c, json, &e);
    api_fill_neighbours(json, &neighbours);
    json_object_set_new(json, "reviews", reviews_json(&reviews));
    json_object_set_new(json, "voices", voices_json(&reviews));
    api_answer(ret, json);
    return RC_OK;
}

enum rc api_work(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_reviews reviews;
    struct shown_stars stars = {0};
    shown_cards cards;
    uint64_t work;
    enum rc rc = captured_id(c, 0, &work, fault);
    if (rc == RC_OK)
        rc = shown_reviews(&c->visit, NULL, work, NULL, 0, 0, &reviews, fault);
    if (rc == RC_OK)
        rc = shown_work_editions(&c->visit, work, &cards, &stars, fault);
    if (rc != RC_OK)
        return rc;
    api_answer(ret,
               json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", number(work), "editions",
                         cards_json(c, &cards), "rating", stars_json(&stars), "voices",
                         voices_json(&reviews), "withheld", withheld_json(&reviews.visibility)));
    return RC_OK;
}

/* The page of a list that is meant, as "limit" and "offset" say. */
static enum rc read_page(const struct context *c, uint64_t *ret_limit, uint64_t *ret_offset,
                         struct fault *fault)
{
    const parameters *query = &c->request->query;
    enum rc rc = parameter_number(query, "limit", 20, LIMIT_MAX, ret_limit, fault);
    return rc == RC_OK ? parameter_number(query, "offset", 0, 10000000, ret_offset, fault) : rc;
}

/* What was chosen by sort, stars and language. */
static json_t *choice_json(const struct shown_choice *choice)
{
    json_t *languages = json_array(), *stars = choice->starless ? json_null() : json_array();
    for (int i = 1; i <= 5 && !choice->starless; i++)
        json_array_append_new(stars, number(choice->stars[i]));
    for (size_t i = 0; i < choice->languages.n; i++)
        json_array_append_new(languages, json_pack("{s:o, s:o}", "language",
                                                   json_from_str(choice->languages.v[i].tag),
                                                   "count", number(choice->languages.v[i].n)));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "fitting", number(choice->fitting), "undecided",
                     number(choice->undecided), "stars", stars, "languages", languages, "latest",
                     choice->latest > 0 ? number(choice->latest) : json_null());
}

enum rc api_reviews(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_reviews reviews;
    struct review_choice choice;
    uint64_t work, limit, offset;
    bool asked = false;
    enum rc rc = captured_id(c, 0, &work, fault);
    if (rc == RC_OK)
        rc = read_page(c, &limit, &offset, fault);
    if (rc == RC_OK)
        rc = review_choice_read(c, &choice, &asked, fault);
    if (rc == RC_OK)
        rc = shown_reviews(&c->visit, NULL, work, asked ? &choice : NULL, offset, limit, &reviews,
                           fault);
    if (rc != RC_OK)
        return rc;
    json_t *json = json_pack("{s:o, s:o, s:o, s:o}", "total", number(reviews.places), "reviews",
                             reviews_json(&reviews), "voices", voices_json(&reviews), "withheld",
                             withheld_json(&reviews.visibility));
    if (asked)
        json_object_set_new(json, "choice", choice_json(&reviews.choice));
    if (reviews.comments_alone.n > 0)
        json_object_set_new(json, "comments",
                            comments_json(reviews.comments_alone.v, reviews.comments_alone.n));
    if (visibility_withholds(&reviews.visibility, FEATURE_REVIEWS))
        answer_withheld(c, reviews.visibility.by[FEATURE_REVIEWS], ret);
    api_answer(ret, json);
    return RC_OK;
}

static enum rc answer_comments(struct context *c, bool of_review, struct response *ret,
                               struct fault *fault)
{
    struct shown_thread thread;
    uint64_t id, limit, offset;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = read_page(c, &limit, &offset, fault);
    if (rc == RC_OK)
        rc = (of_review ? shown_thread_of_review
                        : shown_thread_of_work)(&c->visit, NULL, id, offset, limit, &thread, fault);
    if (rc != RC_OK)
        return rc;
    if (visibility_withholds(&thread.visibility, FEATURE_COMMENTS))
        answer_withheld(c, thread.visibility.by[FEATURE_COMMENTS], ret);
    api_answer(ret, json_pack("{s:o, s:o, s:o, s:o}", "work_id", number(thread.work), "total",
                              number(thread.places), "comments",
                              comments_json(thread.comments.v, thread.comments.n), "withheld",
                              withheld_json(&thread.visibility)));
    return RC_OK;
}

enum rc api_comments(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_comments(c, true, ret, fault);
}

enum rc api_work_comments(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_comments(c, false, ret, fault);
}

/* ---- lists ---- */

static json_t *facets_json(const struct found *found)
{
    json_t *json = json_object();
    for (int f = 0; f < FACET_COUNT; f++) {
        json_t *values = json_array();
        for (size_t i = 0; i < found->facet_counts[f] && i < FACET_VALUES_MAX; i++)
            json_array_append_new(values, json_pack("{s:o, s:o}", "value",
                                                    json_from_str(found->facets[f][i].value),
                                                    "count", number(found->facets[f][i].count)));
        json_object_set_new(json, search_facet_name((enum search_facet)f), values);
    }
    return json;
}

/* Each work's result with the other editions of it that may be shown. */
static json_t *grouped_json(struct context *c, const struct found *found)
{
    json_t *list = cards_json(c, &found->cards);
    for (size_t i = 0; i < found->cards.n; i++) {
        const shown_cards *others = &found->beside[i].cards;
        json_t *editions = json_array();
        for (size_t k = 0; k < others->n; k++) {
            const struct shown_card *card = &others->v[k];
            json_t *json =
                json_pack("{s:o, s:o, s:o, s:o}", "isbn13", json_from_str(card->key), "title",
                          json_from_str(card->title), "format", json_from_str(card->form),
                          "language", json_from_str(card->language));
            set_price(json, card);
            json_array_append_new(editions, json);
        }
        json_t *by = json_array();
        for (size_t k = 0; k < found->beside[i].withheld.n; k++)
            json_array_append_new(by, number(found->beside[i].withheld.v[k].restriction->id));
        json_object_set_new(json_array_get(list, i), "editions", editions);
        json_object_set_new(json_array_get(list, i), "withheld", by);
    }
    return list;
}

enum rc api_search(struct context *c, struct response *ret, struct fault *fault)
{
    const parameters *query = &c->request->query;
    struct found *found = ARENA_NEW(c->arena, struct found);
    struct str sort = parameter_get(query, "sort");
    struct find_order order = {
        .feature = FEATURE_SEARCH, .text = str_trim(parameter_get(query, "q")), .facets = true};
    uint64_t limit, offset;
    order.sort = order.text.n > 0 ? SORT_RELEVANCE : SORT_NEWEST;
    if (sort.n > 0 && !search_sort_parse(sort, &order.sort))
        return fault_set(fault, RC_INVALID, "sort: relevance, newest, title, price or rating");
    if (order.text.n > 400)
        return fault_set(fault, RC_INVALID, "q: at most 400 bytes");
    for (int f = 0; f < FACET_COUNT; f++)
        order.chosen[f] = parameter_get(query, search_facet_name((enum search_facet)f));
    enum rc rc = parameter_number(query, "limit", 20, LIMIT_MAX, &limit, fault);
    if (rc == RC_OK)
        rc = parameter_number(query, "offset", 0, 20000, &offset, fault);
    if (rc != RC_OK)
        return rc;
    order.limit = (uint32_t)limit;
    order.offset = (uint32_t)offset;
    order.exact = !str_eq(parameter_get(query, "forgiving"), STR("1"));
    order.by_work = str_eq(parameter_get(query, "group"), STR("work"));
    rc = find_forgiving(&c->visit, c->server->indexer, &order, found, fault);
    if (rc != RC_OK)
        return rc;
    json_t *json =
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "total", number(found->total), "works",
                  api_works(found->works, &found->withheld), "results",
                  order.by_work ? grouped_json(c, found) : cards_json(c, &found->cards), "facets",
                  facets_json(found), "withheld", hidden_json(&found->withheld));
    if (found->instead.text.n > 0)
        json_object_set_new(json, "instead",
                            json_pack("{s:o, s:b}", "text", json_from_str(found->instead.text),
                                      "any_word", found->instead.any_word));
    api_answer(ret, json);
    return RC_OK;
}

enum rc api_collection(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_collection collection;
    struct shown_page page;
    uint64_t limit, offset;
    enum rc rc = read_page(c, &limit, &offset, fault);
    if (rc == RC_OK)
        rc = shown_collection(&c->visit, c->captures[0], offset, limit, &collection, &page, fault);
    if (rc != RC_OK)
        return rc;
    api_answer(ret,
               json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "slug", json_from_str(collection.slug),
                         "name", json_from_str(collection.name), "total", number(page.total),
                         "works", api_works(page.total, &page.withheld), "results",
                         cards_json(c, &page.cards), "withheld", hidden_json(&page.withheld)));
    return RC_OK;
}

enum rc api_storefronts(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    json_t *list = json_array();
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        struct str url =
            arena_printf(c->arena, "%.*s/", STR_ARG(context_home(c, s, s->languages.v[0])));
        json_t *languages = json_array();
        for (size_t l = 0; l < s->languages.n; l++)
            json_array_append_new(languages, json_from_str(s->languages.v[l]));
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "slug",
                                              json_from_str(s->slug), "url", json_from_str(url),
                                              "country", json_from_str(s->country), "currency",
                                              json_from_str(s->currency), "languages", languages));
    }
    api_answer(ret, json_pack("{s:o}", "storefronts", list));
    return RC_OK;
}

/* ---- the Record ---- */

json_t *api_restriction(const struct restriction_view *v)
{
    const struct restriction *r = v->r;
    json_t *storefronts = json_array(), *features = json_array();
    for (size_t i = 0; i < r->storefront_count; i++)
        json_array_append_new(storefronts, json_from_str(r->storefronts[i]));
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (r->features & FEATURE_BIT(f))
            json_array_append_new(features, json_string(feature_name((enum feature)f)));
    json_t *target = json_pack("{s:s, s:o, s:o, s:o}", "kind", target_name(r->target), "key",
                               json_from_str(r->target_key), "name", api_text(r->target_name),
                               "works", number(r->works_count));
    if (target_is_set(r->target))
        json_object_set_new(target, "root", json_from_hex(r->works_root.b, sizeof r->works_root.b));
    json_t *json = json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
        number(r->id), "record_index",
        v->state == STATE_PENDING ? json_null() : number(r->record_index), "state",
        state_name(v->state), "storefronts", storefronts, "target", target, "features", features,
        "ground", ground_name(r->ground), "authority", api_text(r->authority), "legal_basis",
        api_text(r->legal_basis), "reference", api_text(r->reference), "from",
        json_from_some_time(r->from), "until", json_from_some_time(r->until), "review",
        json_from_some_time(r->review), "lifted", json_from_some_time(r->lifted));
    json_object_set_new(json, "lift_pending", json_boolean(r->lift_pending));
    return json;
}

enum rc api_restrictions(struct context *c, struct response *ret, struct fault *fault)
{
    struct record_query q = record_filter_read(c);
    struct record_found found;
    json_t *list = json_array();
    enum rc rc = record_query_run(c->worker->conn, c->arena, c->view, &q, &found, fault);
    for (size_t i = 0; rc == RC_OK && i < found.restrictions.n; i++)
        json_array_append_new(list, api_restriction(&found.restrictions.v[i]));
    if (rc != RC_OK) {
        json_decref(list);
        return rc;
    }
    api_answer(ret, json_pack("{s:o}", "restrictions", list));
    return RC_OK;
}

static json_t *milliseconds(uint64_t us)
{
    return us == 0 || us == UINT64_MAX ? json_null() : json_real((double)us / 1000);
}

/* How fast what readers say stands in the Record, by this server. */
enum rc api_pace(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    struct pace_summary pace =
        pace_read(&site_counters(c->server->site)->pace, clock_monotonic_ms());
    api_answer(ret, json_pack("{s:i, s:o, s:o, s:o}", "seconds", 60 * PACE_MINUTES, "published",
                              number(pace.n), "p50_ms", milliseconds(pace.half_us), "p99_ms",
                              milliseconds(pace.most_us)));
    return RC_OK;
}

enum rc api_openapi(struct context *c, struct response *ret, struct fault *fault)
{
    (void)c;
    (void)fault;
    const struct asset *asset = asset_find(STR("openapi.json"));
    buf_renew(&ret->body, BODY_MAX);
    ret->content_type = "application/json";
    buf_str_add(&ret->body, asset->bytes);
    return RC_OK;
}
