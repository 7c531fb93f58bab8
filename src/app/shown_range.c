#include "app/shown_range.h"

#include "app/shown_parts.h"
#include "domain/library.h"
#include "store/follows.h"
#include "store/listings.h"

/* 2026-01-01: arrivals are noted since later that year. */
#define BEFORE INT64_C(1767225600)

enum rc shown_arrival(const struct visit *visit, uint64_t edition, int64_t *ret,
                      struct fault *fault)
{
    int64_t at = 0;
    enum rc rc = arrival_of(visit->conn, edition, &at, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = at < BEFORE ? BEFORE : at;
    return RC_OK;
}

struct keys {
    struct arena *arena;
    LIST(struct str) keys;
};

static void add_key(void *context, uint64_t edition, uint64_t work, struct str key)
{
    struct keys *k = context;
    (void)edition;
    (void)work;
    k->keys.v[k->keys.n++] = arena_str(k->arena, key);
}

/* A work counts once, however many editions of it are not listed. */
static void add_withheld(const struct visit *visit, const struct shown_edition *e, uint64_t *works,
                         size_t *n, struct shown_range *ret)
{
    for (size_t i = 0; i < *n; i++)
        if (works[i] == e->work)
            return;
    works[(*n)++] = e->work;
    shown_withheld_add(visit, &ret->withheld, e->visibility.by[FEATURE_LISTING]);
}

static enum rc load(const struct visit *visit, const struct keys *k, struct shown_range *ret,
                    struct fault *fault)
{
    uint64_t *withheld = ARENA_ARRAY(visit->arena, uint64_t, k->keys.n);
    size_t withheld_n = 0;
    ret->editions = (shown_editions){ARENA_ARRAY(visit->arena, struct shown_edition, k->keys.n), 0};
    for (size_t i = k->keys.n; i-- > 0;) {
        struct shown_edition *e = &ret->editions.v[ret->editions.n];
        *e = (struct shown_edition){0};
        enum rc rc = shown_edition(visit, k->keys.v[i], e, fault);
        if (rc == RC_WITHHELD)
            add_withheld(visit, e, withheld, &withheld_n, ret);
        else if (rc == RC_OK)
            ret->editions.n++;
        else if (rc != RC_NOT_FOUND)
            return rc;
    }
    return RC_OK;
}

enum rc shown_range(const struct visit *visit, uint64_t number, struct shown_range *ret,
                    struct fault *fault)
{
    uint64_t last = 0;
    enum rc rc = listing_edition_last(visit->conn, &last, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct shown_range){.count = (last + SHOWN_RANGE_IDS - 1) / SHOWN_RANGE_IDS};
    if (ret->count == 0)
        ret->count = 1;
    ret->number = number == 0 ? ret->count : number;
    if (number > ret->count)
        return fault_set(fault, RC_NOT_FOUND, "there are %llu parts",
                         (unsigned long long)ret->count);
    struct keys keys = {visit->arena, {ARENA_ARRAY(visit->arena, struct str, SHOWN_RANGE_IDS), 0}};
    rc = listing_range(visit->conn, (ret->number - 1) * SHOWN_RANGE_IDS,
                       ret->number * SHOWN_RANGE_IDS, add_key, &keys, fault);
    return rc == RC_OK ? load(visit, &keys, ret, fault) : rc;
}

struct shown_card shown_card_kept(const struct library_row *row)
{
    return (struct shown_card){.id = row->edition,
                               .work = row->work,
                               .key = row->isbn,
                               .title = row->title,
                               .language = row->language,
                               .form = STR("ebook"),
                               .media = "application/epub+zip",
                               .verdict = VERDICT_NO_SUPPLY,
                               .minor = -1};
}
