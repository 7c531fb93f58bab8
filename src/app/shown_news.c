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

struct passed_edition {
    uint64_t id, work;
    const struct restriction *by;
};

struct gathering {
    const struct visit *visit;
    struct shown_news news;
    LIST(struct passed_edition) withheld;
    uint64_t told; /* the edition that was put or noted last */
};

static enum rc note_withheld(struct gathering *g, uint64_t edition, struct fault *fault)
{
    const struct visit *visit = g->visit;
    struct passed_edition found = {.id = edition};
    struct str key;
    enum rc rc =
        catalogue_edition_head(visit->conn, visit->arena, edition, &key, &found.work, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    found.by = gate_withholder(visit->view, visit->storefront, FEATURE_LISTING, found.work, key);
    if (found.by != NULL) /* else it left the catalogue meanwhile */
        g->withheld.v[g->withheld.n++] = found;
    return RC_OK;
}

/* A work of which another edition stands there is shown: each work is one or the other. */
static void count_withheld(struct gathering *g)
{
    struct shown_news *news = &g->news;
    news->owed.v = ARENA_ARRAY(g->visit->arena, uint64_t, g->withheld.n);
    for (size_t i = 0; i < g->withheld.n; i++) {
        const struct passed_edition *e = &g->withheld.v[i];
        bool shown = false, counted = false;
        for (size_t k = 0; k < news->items.n && !shown; k++)
            shown = news->items.v[k].card.work == e->work;
        for (size_t k = 0; k < i && !counted; k++)
            counted = g->withheld.v[k].work == e->work;
        if (!shown && !counted)
            shown_withheld_add(g->visit, &news->withheld, e->by);
        if (!shown)
            news->owed.v[news->owed.n++] = e->id;
    }
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

static enum rc gather_row(struct gathering *g, const struct news_row *row, struct fault *fault)
{
    shown_cards cards = {0};
    if (row->edition == g->told)
        return RC_OK; /* one reason is enough */
    enum rc rc = shown_cards_of(g->visit, FEATURE_LISTING, &row->edition, 1, &cards, fault);
    if (rc != RC_OK || (cards.n > 0 && !is_theirs(row, &cards.v[0])))
        return rc; /* perhaps there is another reason */
    g->told = row->edition;
    return cards.n == 0 ? note_withheld(g, row->edition, fault)
                        : put_card(g, row, &cards.v[0], fault);
}

static enum rc gather(const struct visit *visit, const struct news_row *rows, size_t n,
                      struct shown_news *ret, struct fault *fault)
{
    struct gathering g = {.visit = visit, .news = {.more = n == ROWS_MAX}};
    g.news.items.v = ARENA_ARRAY(visit->arena, struct news_item, NEWS_MAX);
    g.withheld.v = ARENA_ARRAY(visit->arena, struct passed_edition, n);
    for (size_t i = 0; i < n; i++) {
        g.news.more = g.news.more || g.news.items.n == NEWS_MAX;
        if (g.news.items.n == NEWS_MAX)
            break;
        enum rc rc = gather_row(&g, &rows[i], fault);
        if (rc != RC_OK)
            return rc;
    }
    count_withheld(&g);
    *ret = g.news;
    return RC_OK;
}

enum rc shown_news(const struct visit *visit, uint64_t account, uint64_t after,
                   struct shown_news *ret, struct fault *fault)
{
    struct news_row *rows;
    struct follow_row *follows;
    size_t n;
    enum rc rc = follow_rows(visit->conn, visit->arena, account, FOLLOWS_MAX, FOLLOWED_WORKS_MAX,
                             &follows, &n, fault);
    if (rc == RC_OK)
        rc = news_rows(visit->conn, visit->arena, account, after, followed_works_max(follows, n),
                       ROWS_MAX, &rows, &n, fault);
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
