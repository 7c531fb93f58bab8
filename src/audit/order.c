/* The order of results, made again from what they say of themselves, by the published
 * ranking rule (app/ranking.c): newest, title, price, rating. Relevance counts words in
 * fields that are not all shown, and what is equal stands in the order of coming into the
 * catalogue, which is shown nowhere: neither can be made again outside. */
#include "audit/parts.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/wait.h"
#include "domain/title_order.h"

enum { A_PAGE = 100, DEEPEST = 20000, TRIES = 4, PAUSE_MS = 700, CLOSE = 900 };

static const char *const sorts[] = {"newest", "title", "price", "rating"};
enum { NEWEST, TITLE, PRICE, RATING, SORTS };

/* A result as far as an order looks at it. */
struct placed {
    bool known; /* else it says nothing by which it could be placed */
    struct str isbn;
    uint64_t key[2]; /* what is greater stands first */
};

static uint64_t digits_of(struct str s, size_t *ret_n)
{
    uint64_t value = 0;
    *ret_n = 0;
    for (size_t i = 0; i < s.n && *ret_n < 18; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9') {
            value = value * 10 + (uint64_t)(s.p[i] - '0');
            ++*ret_n;
        }
    return value;
}

/* "2020-06" stands before all of its days. */
static uint64_t day_of(struct str date)
{
    size_t n;
    uint64_t day = digits_of(date, &n);
    for (; n < 8; n++)
        day *= 10;
    return day;
}

static void rated(const json_t *rating, struct placed *p)
{
    int64_t count = 0;
    uint64_t sum = 0; /* of whatever is claimed */
    const json_t *histogram = json_object_get(rating, "histogram");
    if (!json_member_int(rating, "count", &count) || count < 0)
        count = 0;
    for (size_t i = 0; i < json_array_size(histogram); i++)
        sum += (i + 1) * (uint64_t)json_integer_value(json_array_get(histogram, i));
    p->known = true;
    p->key[0] = count > 0;
    p->key[1] = sum;
}

static struct placed place(const json_t *card, int sort)
{
    struct placed p = {.isbn = json_member_str(card, "isbn13")};
    struct str price = json_member_str(card, "price");
    size_t n;
    switch (sort) {
    case NEWEST:
        p.known = json_object_get(card, "published") != NULL;
        p.key[0] = day_of(json_member_str(card, "published"));
        break;
    case TITLE:
        p.known = json_object_get(card, "sorted_as") != NULL;
        title_order_key(json_member_str(card, "sorted_as"), &p.key[0], &p.key[1]);
        p.key[0] = ~p.key[0];
        p.key[1] = ~p.key[1];
        break;
    case PRICE: /* one storefront has one currency */
        p.known = price.n > 0;
        p.key[0] = UINT64_MAX - digits_of(price, &n);
        break;
    default:
        rated(json_object_get(card, "rating"), &p);
    }
    return p;
}

static int64_t count_of(const json_t *card)
{
    int64_t count = 0;
    return json_member_int(json_object_get(card, "rating"), "count", &count) ? count : 0;
}

/* Whether the second may not stand behind the first. Of two works with ratings the rule
 * needs the mean of all works, unless both have as many. */
static bool is_before(const json_t *first, const json_t *second, const struct placed *a,
                      const struct placed *b, int sort)
{
    if (!a->known || !b->known)
        return false;
    if (sort == RATING && a->key[0] == b->key[0] &&
        (count_of(first) != count_of(second) || count_of(first) > CLOSE))
        return false;
    return a->key[0] != b->key[0] ? a->key[0] < b->key[0] : a->key[1] < b->key[1];
}

/* Whether the price that is shown is the one that the list is sorted by: where several
 * shops sell, one of them may be withheld here, or have no price. */
static bool is_one_offer(struct audit *a, struct str storefront, const json_t *card)
{
    ARENA_AUTO arena = ARENA_INIT;
    JSON_AUTO *json = NULL;
    long status;
    struct str path = arena_printf(&arena, "/api/v1/%.*s/editions/%.*s", STR_ARG(storefront),
                                   STR_ARG(json_member_str(card, "isbn13")));
    return fetch_json(a->fetcher, &arena, path, &json, &status, NULL) == RC_OK &&
           json_array_size(json_object_get(json, "offers")) == 1;
}

/* A part of one list. `wrong`: a result that stands before one that comes first. */
struct part {
    struct str storefront;
    int sort;
    uint64_t offset, total;
    struct str wrong, right;
};

static enum rc read_part(struct audit *a, struct arena *arena, struct part *part,
                         struct fault *fault)
{
    JSON_AUTO *json = NULL;
    long status;
    int64_t total = 0;
    struct str path = arena_printf(arena, "/api/v1/%.*s/search?sort=%s&limit=%d&offset=%llu",
                                   STR_ARG(part->storefront), sorts[part->sort], A_PAGE,
                                   (unsigned long long)part->offset);
    enum rc rc = fetch_json(a->fetcher, arena, path, &json, &status, fault);
    const json_t *list = json_object_get(json, "results"), *before = NULL;
    struct placed last = {0};
    part->wrong = STR_NONE;
    if (rc != RC_OK)
        return rc;
    part->total = json_member_int(json, "total", &total) && total > 0 ? (uint64_t)total : 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *card = json_array_get(list, i);
        struct placed p = place(card, part->sort);
        if (before != NULL && part->wrong.n == 0 &&
            is_before(before, card, &last, &p, part->sort) &&
            (part->sort != PRICE || (is_one_offer(a, part->storefront, before) &&
                                     is_one_offer(a, part->storefront, card)))) {
            part->wrong = arena_str(arena, last.isbn);
            part->right = arena_str(arena, p.isbn);
        }
        if (p.known) {
            last = p;
            before = card;
        }
    }
    return RC_OK;
}

/* The index follows the catalogue a moment behind, and a busy shop's some seconds: an order
 * counts as wrong once it stays. */
static enum rc check_part(struct audit *a, struct part *part, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct sleeper sleeper;
    enum rc rc = read_part(a, &arena, part, fault);
    sleeper_init(&sleeper);
    for (int i = 1; rc == RC_OK && part->wrong.n > 0 && i < TRIES; i++) {
        (void)!sleeper_rest(&sleeper, PAUSE_MS << (i - 1));
        rc = read_part(a, &arena, part, fault);
    }
    sleeper_free(&sleeper);
    if (rc == RC_OK && part->wrong.n > 0)
        contradiction(
            a, "order",
            "%.*s, sort=%s, behind %llu: %.*s stands before %.*s, against the ranking rule",
            STR_ARG(part->storefront), sorts[part->sort], (unsigned long long)part->offset,
            STR_ARG(part->wrong), STR_ARG(part->right));
    part->wrong = STR_NONE; /* it lay in this arena */
    return rc;
}

/* With --all the whole list; else its first page, and in a monitor's rounds another in turn. */
static enum rc check_list(struct audit *a, struct part *part, struct fault *fault)
{
    enum { STEP = A_PAGE - 1 }; /* parts overlap by one */
    enum rc rc = check_part(a, part, fault);
    uint64_t parts = part->total / STEP + 1, turn = a->order->last_work / 40;
    for (uint64_t i = 1; rc == RC_OK && a->order->all && i < parts && i * STEP <= DEEPEST; i++) {
        part->offset = i * STEP;
        rc = check_part(a, part, fault);
    }
    part->offset = (turn % parts) * STEP;
    return rc == RC_OK && !a->order->all && part->offset > 0 && part->offset <= DEEPEST
               ? check_part(a, part, fault)
               : rc;
}

enum rc audit_order_of_results(struct audit *a, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t s = 0; rc == RC_OK && s < a->storefront_count; s++)
        for (int sort = 0; rc == RC_OK && sort < SORTS; sort++) {
            struct part part = {.storefront = a->storefronts[s].slug, .sort = sort};
            rc = check_list(a, &part, fault);
        }
    return rc;
}
