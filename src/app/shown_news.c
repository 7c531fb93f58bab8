/* What is new of what readers follow, through the gate. */
#include "app/follow.h"
#include "app/shown_parts.h"
#include "store/catalogue.h"
#include "store/catalogue_write.h"
#include "store/follows.h"

/* Rows that are looked at: an edition has one for each reason, a work several editions. */
enum { ROWS_MAX = 400 };

/* Names are the work's, and not each edition is theirs: a translator's is in one language. */
static bool is_theirs(const struct news_row *row, const struct shown_card *card)
{
    if (row->series)
        return true;
    for (size_t i = 0; i < card->contributors.n; i++)
        if (card->contributors.v[i].id == row->target)
            return true;
    return false;
}

struct gathering {
    const struct visit *visit;
    struct shown_news news;
    uint64_t *withheld; /* works that were counted */
    size_t withheld_n;
};

static enum rc count_withheld(struct gathering *g, uint64_t edition, struct fault *fault)
{
    const struct visit *visit = g->visit;
    struct str key;
    uint64_t work;
    enum rc rc = catalogue_edition_head(visit->conn, visit->arena, edition, &key, &work, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    const struct restriction *by =
        gate_withholder(visit->view, visit->storefront, FEATURE_LISTING, work, key);
    for (size_t i = 0; i < g->withheld_n; i++)
        if (g->withheld[i] == work)
            return RC_OK;
    if (by == NULL)
        return RC_OK; /* it left the catalogue meanwhile */
    g->withheld[g->withheld_n++] = work;
    shown_withheld_add(visit, &g->news.withheld, by);
    return RC_OK;
}

/* Of a work that stands there already, the edition that fits best here. */
static enum rc put_card(struct gathering *g, const struct news_row *row,
                        const struct shown_card *card, struct fault *fault)
{
    struct shown_news *news = &g->news;
    struct news_item item = {
        .card = *card, .kind = row->series ? FOLLOW_SERIES : FOLLOW_CONTRIBUTOR, .of = row->target};
    for (size_t i = 0; i < news->items.n; i++) {
        struct news_item *there = &news->items.v[i];
        if (there->card.work != card->work)
            continue;
        if (shown_fitness(g->visit, card) > shown_fitness(g->visit, &there->card))
            there->card = *card;
        return RC_OK;
    }
    enum rc rc = arrival_of(g->visit->conn, row->edition, &item.at, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    news->items.v[news->items.n++] = item;
    return RC_OK;
}

static enum rc gather(const struct visit *visit, const struct news_row *rows, size_t n,
                      struct shown_news *ret, struct fault *fault)
{
    struct gathering g = {.visit = visit, .news = {.more = n == ROWS_MAX}};
    g.news.items.v = ARENA_ARRAY(visit->arena, struct news_item, NEWS_MAX);
    g.withheld = ARENA_ARRAY(visit->arena, uint64_t, n);
    for (size_t i = 0; i < n; i++) {
        shown_cards cards = {0};
        g.news.more = g.news.more || g.news.items.n == NEWS_MAX;
        if (g.news.items.n == NEWS_MAX)
            break;
        if (i > 0 && rows[i].edition == rows[i - 1].edition)
            continue; /* one reason is enough */
        enum rc rc = shown_cards_of(visit, FEATURE_LISTING, &rows[i].edition, 1, &cards, fault);
        if (rc == RC_OK && cards.n == 0)
            rc = count_withheld(&g, rows[i].edition, fault);
        else if (rc == RC_OK && is_theirs(&rows[i], &cards.v[0]))
            rc = put_card(&g, &rows[i], &cards.v[0], fault);
        if (rc != RC_OK)
            return rc;
    }
    *ret = g.news;
    return RC_OK;
}

enum rc shown_news(const struct visit *visit, uint64_t account, uint64_t after,
                   struct shown_news *ret, struct fault *fault)
{
    struct news_row *rows;
    size_t n;
    enum rc rc = news_rows(visit->conn, visit->arena, account, after, ROWS_MAX, &rows, &n, fault);
    return rc == RC_OK ? gather(visit, rows, n, ret, fault) : rc;
}

static enum rc name_of(const struct visit *visit, enum follow_kind kind, uint64_t id,
                       struct str *ret, struct fault *fault)
{
    struct contributor_row contributor;
    struct collection collection;
    enum rc rc = kind == FOLLOW_SERIES
                     ? catalogue_collection_by_id(visit->conn, visit->arena, id, &collection, fault)
                     : catalogue_contributor(visit->conn, visit->arena, id, &contributor, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no %s %llu", follow_kind_name(kind),
                         (unsigned long long)id);
    if (rc == RC_OK)
        *ret = kind == FOLLOW_SERIES ? collection.name : contributor.name;
    return rc;
}

enum rc shown_news_of(const struct visit *visit, enum follow_kind kind, uint64_t id,
                      struct str *ret_name, struct shown_news *ret, struct fault *fault)
{
    struct news_row *rows;
    size_t n;
    enum rc rc = name_of(visit, kind, id, ret_name, fault);
    if (rc == RC_OK)
        rc = news_rows_of(visit->conn, visit->arena, kind == FOLLOW_SERIES, id, ROWS_MAX / 4, &rows,
                          &n, fault);
    return rc == RC_OK ? gather(visit, rows, n, ret, fault) : rc;
}
