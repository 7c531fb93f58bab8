/* The lists of titles that each storefront signed: served whole, what left them
 * explained, what stands in them served. */
#include "audit/parts.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/list.h"
#include "record/listing.h"
#include "record/merkle.h"

enum { SAMPLE = 24, TOLD = 5, OVERDUE = 2 * 86400 };

static struct audited_listing *listing_of(struct audit *a, struct str storefront)
{
    struct audited_listing *l = a->listings;
    while (l != NULL && !str_eq(l->storefront, storefront))
        l = l->next;
    if (l == NULL) {
        l = ARENA_NEW(&a->arena, struct audited_listing);
        *l = (struct audited_listing){.storefront = arena_str(&a->arena, storefront),
                                      .next = a->listings};
        a->listings = l;
    }
    return l;
}

void audit_note_listing(struct audit *a, const struct entry *entry)
{
    struct audited_listing *l = listing_of(
        a, entry->type == ENTRY_LISTING ? entry->listing.storefront : entry->unlisted.storefront);
    if (entry->type == ENTRY_UNLISTED) {
        struct audited_unlisted *gone = ARENA_NEW(&a->arena, struct audited_unlisted);
        *gone = (struct audited_unlisted){entry->unlisted, l->waiting};
        gone->entry.storefront = gone->entry.reason = STR_NONE; /* of the entry's own arena */
        l->waiting = gone;
        return;
    }
    l->before = l->latest;
    l->latest = entry->listing;
    l->latest.storefront = l->storefront;
    l->at = entry->at;
    l->gone = l->waiting;
    l->waiting = NULL;
}

/* What explains that a title is in a list no more: editions and works that a restriction
 * took away, and what an entry says left by itself. Each ascending: a shop that makes
 * a million titles leave costs no more than sorting them. */
struct explanations {
    uint64_t *isbns, *works;
    size_t isbn_n, isbn_room, work_n, work_room, work_limit;
    uint64_t *gone; /* ISBNs that entries say left, and no restriction is why */
    size_t gone_n, gone_room;
};

/* One list being audited. */
struct listing_audit {
    struct audit *a;
    struct arena *arena;
    const struct audited_listing *l;
    struct explanations why;
    size_t unexplained;
    uint64_t *explained; /* of those that left */
    size_t explained_n;
};

/* False where it is not served as it was signed, which then is told. */
static enum rc fetch_list(struct listing_audit *la, const struct listing_entry *signed_one,
                          struct listing *ret, bool *ret_good, struct fault *fault)
{
    struct str text, where = la->l->latest.storefront;
    struct fault why = {""};
    BUF_AUTO path = BUF_INIT(256);
    *ret_good = false;
    buf_printf(&path, "/record/listings/");
    hex_add(&path, signed_one->root.b, sizeof signed_one->root.b);
    enum rc rc = fetch_body(la->a->fetcher, la->arena, buf_str(&path), &text, fault);
    if (rc == RC_NOT_FOUND) {
        contradiction(la->a, "listing", "%.*s: a signed list of titles is not served: %.*s",
                      STR_ARG(where), STR_ARG(buf_str(&path)));
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    struct hash root = listing_root(text);
    if (!hash_eq(&root, &signed_one->root))
        contradiction(la->a, "listing", "%.*s: %.*s is not the list that was signed",
                      STR_ARG(where), STR_ARG(buf_str(&path)));
    else if (listing_read(la->arena, text, ret, &why) != RC_OK)
        contradiction(la->a, "listing", "%.*s: %.*s: %s", STR_ARG(where), STR_ARG(buf_str(&path)),
                      why.text);
    else if (!str_eq(ret->storefront, where) || ret->titles.n != signed_one->titles ||
             ret->against != signed_one->against)
        contradiction(la->a, "listing", "%.*s: %.*s is not what its entry says", STR_ARG(where),
                      STR_ARG(buf_str(&path)));
    else
        *ret_good = true;
    return RC_OK;
}

/* ---- what left ---- */

static bool explains(const struct listing_audit *la, const struct restriction *r)
{
    feature_mask features = r->features & target_features(r->target);
    return r->record_index < la->l->latest.against &&
           (features & FEATURE_BIT(FEATURE_LISTING)) != 0 &&
           restriction_in_storefront(r, la->l->latest.storefront) && r->from <= la->l->at;
}

static int by_list(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)(*(const struct restriction *const *)a)->works.v;
    uintptr_t y = (uintptr_t)(*(const struct restriction *const *)b)->works.v;
    return (x > y) - (x < y);
}

static void add_works(struct listing_audit *la, struct work_set works)
{
    struct explanations *why = &la->why;
    for (size_t i = 0; i < works.n; i++) {
        /* Lists may be alike: what is there twice goes before it takes room. */
        if (why->work_n >= why->work_limit) {
            why->work_n = ids_sort(why->works, why->work_n);
            why->work_limit = 2 * why->work_n + 4096;
        }
        ARENA_ROOM(la->arena, why->works, why->work_n, why->work_room);
        why->works[why->work_n++] = works.v[i];
    }
}

/* Many restrictions may cover one and the same list: it is taken once. */
static void note_restrictions(struct listing_audit *la)
{
    struct explanations *why = &la->why;
    const struct replay *replay = &la->a->replay;
    const struct restriction **r = ARENA_ARRAY(la->arena, const struct restriction *, replay->n);
    size_t n = 0;
    for (size_t i = 0; i < replay->n; i++)
        if (explains(la, replay->restrictions[i]))
            r[n++] = replay->restrictions[i];
    if (n > 0)
        qsort(r, n, sizeof *r, by_list);
    for (size_t i = 0; i < n; i++) {
        if (r[i]->target == TARGET_EDITION) {
            ARENA_ROOM(la->arena, why->isbns, why->isbn_n, why->isbn_room);
            why->isbn_n += str_to_u64(r[i]->target_key, &why->isbns[why->isbn_n]);
        } else if (i == 0 || r[i - 1]->target == TARGET_EDITION ||
                   r[i]->works.v != r[i - 1]->works.v) {
            add_works(la, r[i]->works);
        }
    }
    why->isbn_n = ids_sort(why->isbns, why->isbn_n);
    why->work_n = ids_sort(why->works, why->work_n);
}

static void check_left(void *context, const struct listed_title *title)
{
    struct listing_audit *la = context;
    const struct explanations *why = &la->why;
    if (ids_have(why->isbns, why->isbn_n, title->isbn) ||
        ids_have(why->works, why->work_n, title->work))
        return;
    if (ids_have(why->gone, why->gone_n, title->isbn)) {
        la->explained[la->explained_n++] = title->isbn;
        return;
    }
    if (la->unexplained++ < TOLD)
        contradiction(la->a, "listing",
                      "%.*s: %llu left the list of titles, and no entry explains it",
                      STR_ARG(la->l->latest.storefront), (unsigned long long)title->isbn);
}

static void check_joined(void *context, const struct listed_title *title)
{
    (void)context;
    (void)title;
}

static enum rc is_served(struct listing_audit *la, struct str storefront, uint64_t isbn, bool *ret,
                         struct fault *fault)
{
    struct fetched answer;
    ARENA_AUTO arena = ARENA_INIT;
    struct str path = arena_printf(&arena, "/api/v1/%.*s/editions/%llu", STR_ARG(storefront),
                                   (unsigned long long)isbn);
    enum rc rc = fetch(la->a->fetcher, &arena, path, &answer, fault);
    *ret = rc == RC_OK && answer.status != 404;
    return rc;
}

/* The first other storefront that has it; empty: none. */
static enum rc find_elsewhere(struct listing_audit *la, uint64_t isbn, struct str *ret,
                              struct fault *fault)
{
    enum rc rc = RC_OK;
    *ret = STR_NONE;
    for (size_t i = 0; rc == RC_OK && ret->n == 0 && i < la->a->storefront_count; i++) {
        struct str other = la->a->storefronts[i].slug;
        bool served = false;
        if (!str_eq(other, la->l->latest.storefront))
            rc = is_served(la, other, isbn, &served, fault);
        if (served)
            *ret = other;
    }
    return rc;
}

/* Every so manieth of `n`, at most SAMPLE. */
static size_t step_of(const struct listing_audit *la, size_t n)
{
    return la->a->order->all || n <= SAMPLE ? 1 : (n + SAMPLE - 1) / SAMPLE;
}

/* The list behind one `unlisted` entry between the two lists. */
static void add_gone(struct listing_audit *la, const struct unlisted_entry *entry,
                     struct work_set isbns)
{
    struct explanations *why = &la->why;
    struct hash root = work_list_root(isbns.v, isbns.n);
    if (isbns.n != entry->titles || !hash_eq(&root, &entry->root))
        contradiction(la->a, "listing",
                      "%.*s: the list of titles that left is not the one that was signed",
                      STR_ARG(la->l->storefront));
    for (size_t i = 0; i < isbns.n; i++) {
        ARENA_ROOM(la->arena, why->gone, why->gone_n, why->gone_room);
        why->gone[why->gone_n++] = isbns.v[i];
    }
}

static enum rc read_gone(struct listing_audit *la, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (const struct audited_unlisted *u = la->l->gone; rc == RC_OK && u != NULL; u = u->next) {
        struct work_set isbns;
        rc = audit_read_list(la->a, la->arena, &u->entry.root, &isbns, fault);
        if (rc == RC_OK) {
            add_gone(la, &u->entry, isbns);
        } else if (rc == RC_NOT_FOUND || rc == RC_CORRUPT) {
            contradiction(la->a, "listing", "%.*s: the list of titles that left is not served",
                          STR_ARG(la->l->storefront));
            rc = RC_OK;
        }
    }
    la->why.gone_n = ids_sort(la->why.gone, la->why.gone_n);
    return rc;
}

/* Whom a supplier withdrew is gone from every storefront. */
static enum rc check_withdrawn(struct listing_audit *la, struct fault *fault)
{
    enum rc rc = RC_OK;
    size_t step = step_of(la, la->explained_n);
    for (size_t i = 0; rc == RC_OK && i < la->explained_n; i += step) {
        bool here = false;
        struct str other = STR_NONE;
        rc = is_served(la, la->l->latest.storefront, la->explained[i], &here, fault);
        if (rc == RC_OK && !here)
            rc = find_elsewhere(la, la->explained[i], &other, fault);
        if (other.n > 0)
            contradiction(
                la->a, "listing",
                "%.*s: %llu left the list as if its supplier had withdrawn it; %.*s still "
                "has it",
                STR_ARG(la->l->latest.storefront), (unsigned long long)la->explained[i],
                STR_ARG(other));
    }
    return rc;
}

static enum rc check_changes(struct listing_audit *la, const struct listing *before,
                             const struct listing *now, struct fault *fault)
{
    enum rc rc = read_gone(la, fault);
    if (rc != RC_OK)
        return rc;
    note_restrictions(la);
    la->explained = ARENA_ARRAY(la->arena, uint64_t, before->titles.n);
    listing_compare(before, now, check_joined, check_left, la);
    return check_withdrawn(la, fault);
}

/* ---- what stands there ---- */

static enum rc check_sample(struct listing_audit *la, const struct listing *now,
                            struct fault *fault)
{
    enum rc rc = RC_OK;
    size_t step = step_of(la, now->titles.n);
    for (size_t i = 0; rc == RC_OK && i < now->titles.n; i += step) {
        const struct listed_title *title = &now->titles.v[i];
        bool here = false;
        struct str other = STR_NONE;
        rc = is_served(la, now->storefront, title->isbn, &here, fault);
        if (rc != RC_OK || here)
            continue;
        rc = find_elsewhere(la, title->isbn, &other, fault);
        struct str isbn = arena_printf(la->arena, "%llu", (unsigned long long)title->isbn);
        if (other.n > 0)
            contradiction(la->a, "listing", "%.*s: %.*s is in the signed list and not served",
                          STR_ARG(now->storefront), STR_ARG(isbn));
        else if (rc == RC_OK)
            audit_note(la->a,
                       "%.*s: %.*s is in the signed list and gone from every storefront: the next "
                       "list must say why.",
                       STR_ARG(now->storefront), STR_ARG(isbn));
    }
    return rc;
}

static enum rc check_one(struct audit *a, const struct audited_listing *l, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct listing_audit la = {.a = a, .arena = &arena, .l = l};
    struct listing now, before;
    bool good, had = false;
    if (l->latest.storefront.n == 0)
        return RC_OK; /* no list yet */
    if (a->order->watching && l->at + OVERDUE < clock_now())
        contradiction(a, "listing", "%.*s: no list of titles was signed for two days",
                      STR_ARG(l->latest.storefront));
    enum rc rc = fetch_list(&la, &l->latest, &now, &good, fault);
    if (rc == RC_OK && good && l->before.storefront.n > 0)
        rc = fetch_list(&la, &l->before, &before, &had, fault);
    for (size_t i = 0; rc == RC_OK && good && i < now.titles.n; i++)
        if (now.titles.v[i].work > a->highest_work)
            a->highest_work = now.titles.v[i].work;
    if (rc == RC_OK && had)
        rc = check_changes(&la, &before, &now, fault);
    if (rc == RC_OK && good)
        rc = check_sample(&la, &now, fault);
    return rc;
}

enum rc audit_listings(struct audit *a, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (const struct audited_listing *l = a->listings; rc == RC_OK && l != NULL; l = l->next)
        rc = check_one(a, l, fault);
    return rc;
}
