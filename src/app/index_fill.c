#include "app/index_fill.h"

#include <sys/statvfs.h>

#include "app/find.h"
#include "app/index_traits.h"
#include "app/shown_parts.h"
#include "base/clock.h"
#include "base/list.h"
#include "domain/part_number.h"
#include "search/directory.h"
#include "store/catalogue_write.h"
#include "store/epubs.h"
#include "store/liked.h"
#include "store/store.h"

/* So many changes are taken in faster by building anew than one by one, each of
 * which the index keeps durable: BUILD_GAIN times as fast an edition. */
enum { PAGE = 500, BUILD_FROM = 1000, BUILD_GAIN = 6 };

enum rc filling_open(struct site *site, struct filling *ret, struct fault *fault)
{
    struct filling f = {.site = site, .arena = ARENA_INIT};
    f.folder = site_path(site, &f.arena, "index");
    enum rc rc = site_connect_wholly(site, &f.conn, fault);
    if (rc != RC_OK) {
        arena_free(&f.arena);
        return rc;
    }
    *ret = f;
    return RC_OK;
}

void filling_close(struct filling *f)
{
    search_close(f->index);
    site_disconnect(f->conn);
    fresh_editions_free(f->fresh);
    free(f->ahead.v);
    arena_free(&f->basis);
    arena_free(&f->arena);
}

/* What all documents depend on. */
static enum rc load_basis(struct filling *f, struct fault *fault)
{
    struct rating_sum all;
    arena_reset(&f->basis);
    f->storefront_count = 0;
    enum rc rc =
        catalogue_storefronts(f->conn, &f->basis, &f->storefronts, &f->storefront_count, fault);
    if (rc == RC_OK)
        rc = catalogue_all_stars(f->conn, &all, fault);
    if (rc == RC_OK)
        f->mean_milli = rating_mean_milli(&all);
    return rc;
}

/* ---- documents ---- */

static struct str joined(struct arena *arena, struct buf *b)
{
    return arena_str(arena, buf_str(b));
}

static void add_line(struct buf *b, struct str s)
{
    if (s.n == 0)
        return;
    if (b->n > 0)
        buf_char(b, '\n');
    buf_str_add(b, s);
}

/* A volume's number as it is printed, and in the digits that people type. */
static void add_part(struct buf *b, struct str part)
{
    unsigned number = part_number(part);
    if (part.n == 0)
        return;
    buf_char(b, ' ');
    buf_str_add(b, part);
    if (number > 0)
        buf_printf(b, " %u", number);
}

static void fill_texts(struct arena *arena, const struct edition *e, struct search_doc *doc)
{
    enum { TEXT_MAX = 32 << 10 };
    BUF_AUTO names = BUF_INIT(TEXT_MAX);
    BUF_AUTO collections = BUF_INIT(TEXT_MAX);
    BUF_AUTO publishers = BUF_INIT(TEXT_MAX);
    BUF_AUTO keywords = BUF_INIT(TEXT_MAX);
    char title[1024];
    for (size_t i = 0; i < e->contributors.n; i++) {
        add_line(&names, e->contributors.v[i].name);
        add_line(&names, e->contributors.v[i].transliterated);
    }
    for (size_t i = 0; i < e->collections.n; i++) {
        add_line(&collections, e->collections.v[i].name);
        add_part(&collections, e->collections.v[i].part);
    }
    for (size_t i = 0; i < e->publishers.n; i++)
        add_line(&publishers, e->publishers.v[i].name);
    for (size_t i = 0; i < e->imprints.n; i++)
        add_line(&publishers, e->imprints.v[i]);
    for (size_t i = 0; i < e->subjects.n; i++)
        if (str_eq(e->subjects.v[i].scheme, STR("20")) ||
            str_eq(e->subjects.v[i].scheme, STR("B2")))
            add_line(&keywords, e->subjects.v[i].heading);
    doc->title = arena_str(arena, edition_display_title(e, title, sizeof title));
    doc->subtitle = e->title.subtitle;
    doc->original_title = e->original_title.text;
    doc->sort_title = e->title.text;
    doc->contributors = joined(arena, &names);
    doc->collections = joined(arena, &collections);
    doc->publisher = joined(arena, &publishers);
    doc->house = edition_publisher(e);
    doc->imprint = edition_imprint(e);
    doc->keywords = joined(arena, &keywords);
}

static void add_name(struct search_doc *doc, struct directory_name *names,
                     struct directory_name name)
{
    names[doc->name_n++] = name;
}

static void add_house(struct arena *arena, struct search_doc *doc, struct directory_name *names,
                      struct str house)
{
    add_name(doc, names,
             (struct directory_name){DIRECTORY_PUBLISHERS, house, STR_NONE,
                                     find_publisher_slug(arena, house)});
}

/* Under which names the edition is to be found. */
static void fill_names(struct arena *arena, const struct edition *e, struct search_doc *doc)
{
    enum { HOUSES = 2 };
    struct directory_name *names = ARENA_ARRAY(arena, struct directory_name,
                                               e->contributors.n + 2 * e->collections.n + HOUSES);
    for (size_t i = 0; i < e->contributors.n; i++) {
        const struct contributor *c = &e->contributors.v[i];
        add_name(doc, names,
                 (struct directory_name){DIRECTORY_CONTRIBUTORS, c->name,
                                         contributor_filed(arena, c),
                                         catalogue_contributor_key(arena, c)});
    }
    for (size_t i = 0; i < e->collections.n; i++) {
        const struct collection_part *c = &e->collections.v[i];
        struct directory_name name = {DIRECTORY_COLLECTIONS, c->name, STR_NONE,
                                      catalogue_collection_key(arena, c->name)};
        add_name(doc, names, name);
        name.kind = DIRECTORY_SERIES;
        if (c->part.n > 0)
            add_name(doc, names, name);
    }
    add_house(arena, doc, names, edition_publisher(e));
    add_house(arena, doc, names, edition_imprint(e));
    doc->names = names;
}

static bool sold_cheaper(const struct offer *offer, int64_t than)
{
    if (!verdict_sells(offer->verdict))
        return false;
    int64_t minor = offer->price == NULL || offer->price->minor < 0 ? 0 : offer->price->minor;
    return than < 0 || minor < than;
}

/* What the record's offer is worth in each storefront, where it is the best so
 * far. What a restriction withholds, or the want of a licence, is no matter of the
 * index: the gate filters it. */
static void add_prices(struct filling *f, const struct edition *facts, bool file, int64_t now,
                       struct search_doc *doc)
{
    for (size_t s = 0; s < f->storefront_count; s++) {
        unsigned column = f->storefronts[s].id;
        struct market market = shown_market(&f->storefronts[s], now, NULL);
        struct offer offer = {0};
        if (column >= SEARCH_STOREFRONTS_MAX)
            continue;
        offer_decide(facts, &market, &offer);
        offer_want_file(facts, file, &offer);
        if (sold_cheaper(&offer, doc->price[column]))
            doc->price[column] =
                offer.price == NULL || offer.price->minor < 0 ? 0 : offer.price->minor;
    }
}

static enum rc fill_prices(struct filling *f, struct arena *arena,
                           const struct catalogue_edition *edition, struct search_doc *doc,
                           struct fault *fault)
{
    struct shop_record *records;
    size_t n = 0;
    int64_t now = clock_now();
    for (size_t s = 0; s < SEARCH_STOREFRONTS_MAX; s++)
        doc->price[s] = -1;
    epub_sender_list senders = {NULL, 0};
    enum rc rc = RC_OK;
    /* Of what an import adds at this moment nobody has sent a file. */
    if (edition->record != 0 && (edition_is_digital(&edition->facts) || edition->disputed))
        rc = epub_senders(f->conn, arena, edition->id, &senders, fault);
    if (rc == RC_OK)
        rc = catalogue_edition_shops(f->conn, arena, edition, &records, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        add_prices(f, &records[i].facts, epub_sent_by(&senders, records[i].shop.id), now, doc);
    return rc;
}

static enum rc rating_of(struct filling *f, uint64_t work, uint32_t *ret_milli, struct fault *fault)
{
    struct rating_sum stars;
    enum rc rc = catalogue_work_stars(f->conn, work, &stars, fault);
    if (rc == RC_OK)
        *ret_milli = rating_count(&stars) == 0 ? 0 : rating_bayes_milli(&stars, f->mean_milli);
    return rc;
}

/* `unrated`: nobody can have said anything of its work. */
static enum rc put_edition(struct filling *f, struct arena *arena,
                           const struct catalogue_edition *edition, bool unrated,
                           struct fault *fault)
{
    const struct edition *e = &edition->facts;
    struct search_doc doc = {.isbn13 = edition->product_key,
                             .edition = edition->id,
                             .work = edition->work,
                             .format = shown_form(e),
                             .language = edition_language(e),
                             .subject = edition_thema(e),
                             .published = edition_published(e)};
    doc.year = doc.published / 10000;
    doc.traits = edition_traits(e);
    fill_texts(arena, e, &doc);
    fill_names(arena, e, &doc);
    enum rc rc = fill_prices(f, arena, edition, &doc, fault);
    if (rc == RC_OK && !unrated)
        rc = rating_of(f, edition->work, &doc.rating_milli, fault);
    return rc == RC_OK ? search_put(f->index, &doc, fault) : rc;
}

/* ---- following the change feed ---- */

/* Whether the edition of this change was put before the change was committed. */
static bool was_ahead(struct filling *f, uint64_t seq)
{
    while (f->ahead.first < f->ahead.n && f->ahead.v[f->ahead.first] < seq)
        f->ahead.first++;
    bool was = f->ahead.first < f->ahead.n && f->ahead.v[f->ahead.first] == seq;
    f->ahead.first += was;
    if (f->ahead.first == f->ahead.n)
        f->ahead.first = f->ahead.n = 0;
    return was;
}

static enum rc take_edition(struct filling *f, struct arena *arena, const struct change *change,
                            struct fault *fault)
{
    struct catalogue_edition edition;
    uint64_t id = change->key;
    if (was_ahead(f, change->seq))
        return RC_OK;
    enum rc rc = catalogue_edition(f->conn, arena, id, &edition, fault);
    if (rc == RC_OK)
        return put_edition(f, arena, &edition, false, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    struct str key;
    uint64_t work;
    rc = catalogue_edition_head(f->conn, arena, id, &key, &work, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    return rc == RC_OK ? search_remove(f->index, key, fault) : rc;
}

struct new_rating {
    struct search_index *index;
    uint32_t milli;
};

static enum rc take_rating(void *context, struct str key, struct fault *fault)
{
    const struct new_rating *rating = context;
    return search_put_rating(rating->index, key, rating->milli, fault);
}

/* Its stars are all that changes of a work itself. */
static enum rc take_work(struct filling *f, uint64_t work, struct fault *fault)
{
    struct new_rating rating = {.index = f->index};
    enum rc rc = rating_of(f, work, &rating.milli, fault);
    return rc == RC_OK ? catalogue_work_keys(f->conn, work, take_rating, &rating, fault) : rc;
}

/* Ratings that were made with different means do not stand in one order: all of the index are
 * made with one. It may lag a little behind the real one, else all are made anew. */
static enum rc settle_mean(struct filling *f, struct fault *fault)
{
    enum { PAGE_WORKS = 1000, CLOSE_MILLI = 10 };
    uint32_t before = search_mean(f->index), now = f->mean_milli;
    uint64_t after = 0, *works;
    enum rc rc = RC_OK;
    if (before != 0 && before < now + CLOSE_MILLI && now < before + CLOSE_MILLI) {
        f->mean_milli = before;
        return RC_OK;
    }
    for (size_t n = PAGE_WORKS; rc == RC_OK && n == PAGE_WORKS;) {
        ARENA_AUTO arena = ARENA_INIT;
        rc = liked_works_after(f->conn, &arena, after, PAGE_WORKS, &works, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            rc = take_work(f, after = works[i], fault);
    }
    if (rc == RC_OK)
        search_set_mean(f->index, now);
    return rc;
}

enum rc filling_resume(struct filling *f, struct fault *fault)
{
    search_close(f->index);
    f->index = NULL;
    enum rc rc = search_open(f->folder, true, &f->index, fault);
    if (rc == RC_OK) {
        f->position = search_position(f->index);
        rc = load_basis(f, fault);
    }
    return rc == RC_OK ? settle_mean(f, fault) : rc;
}

/* Documents that did not change themselves are others for it. */
static bool asks_for_building(const struct change *change)
{
    return str_eq(change->kind, STR("storefront")) || str_eq(change->kind, STR("rebuild"));
}

static enum rc take_changes(struct filling *f, const struct change *changes, size_t n,
                            struct fault *fault)
{
    ARENA_AUTO each = ARENA_INIT;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        arena_reset(&each);
        if (str_eq(changes[i].kind, STR("edition")) || str_eq(changes[i].kind, STR("epub")))
            rc = take_edition(f, &each, &changes[i], fault);
        else if (str_eq(changes[i].kind, STR("work")))
            rc = take_work(f, changes[i].key, fault);
        if (rc == RC_OK)
            f->position = changes[i].seq;
    }
    return rc;
}

bool index_has_room(const struct site *site)
{
    struct statvfs disk;
    return statvfs(site_dir(site), &disk) != 0 ||
           (uint64_t)disk.f_bavail * disk.f_frsize >= INDEX_RESERVE;
}

enum rc index_check_room(const struct site *site, struct fault *fault)
{
    if (index_has_room(site))
        return RC_OK;
    return fault_set(fault, RC_IO,
                     "%s: less than %d MB are free; the search index waits for more, what was "
                     "written is safe",
                     site_dir(site), INDEX_RESERVE >> 20);
}

enum rc filling_follow(struct filling *f, size_t room, size_t *ret_n, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct change *changes = ARENA_ARRAY(&arena, struct change, room);
    *ret_n = 0;
    enum rc rc = index_check_room(f->site, fault);
    if (rc == RC_OK)
        rc = store_begin(f->conn, fault); /* one snapshot for the whole batch */
    if (rc == RC_OK)
        rc = store_changes(f->conn, &arena, f->position, changes, room, ret_n, fault);
    f->halted = false;
    for (size_t i = 0; rc == RC_OK && i < *ret_n; i++)
        if (asks_for_building(&changes[i])) {
            *ret_n = i;
            f->halted = i == 0;
        }
    bool rated = false;
    for (size_t i = 0; rc == RC_OK && i < *ret_n && !rated; i++)
        rated = str_eq(changes[i].kind, STR("work"));
    if (rated)
        rc = load_basis(f, fault);
    if (rated && rc == RC_OK)
        rc = settle_mean(f, fault);
    if (rc == RC_OK)
        rc = take_changes(f, changes, *ret_n, fault);
    store_rollback(f->conn);
    return rc;
}

enum rc filling_must_build(struct filling *f, bool *ret, struct fault *fault)
{
    uint64_t latest = 0;
    enum rc rc = store_change_latest(f->conn, &latest, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t behind = latest > f->position ? latest - f->position : 0;
    *ret = behind >= BUILD_FROM && behind * BUILD_GAIN > search_count(f->index);
    if (*ret || behind == 0)
        return RC_OK;
    rc = store_changed_all(f->conn, f->position, fault);
    *ret = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* ---- building ---- */

static enum rc check_wanted(const struct build_watch *watch, struct fault *fault)
{
    return watch->wanted == NULL || watch->wanted(watch->context)
               ? RC_OK
               : fault_set(fault, RC_BUSY, "the index is not needed any more: the server ends");
}

static enum rc put_all(struct filling *f, const struct build_watch *watch, struct fault *fault)
{
    const struct index_progress *progress = watch->progress;
    uint64_t after = 0, done = 0, all = 0;
    enum rc rc = progress == NULL ? RC_OK : catalogue_edition_count(f->conn, &all, fault);
    for (size_t n = PAGE; rc == RC_OK && n == PAGE;) {
        ARENA_AUTO arena = ARENA_INIT;
        struct catalogue_edition *editions;
        rc = check_wanted(watch, fault);
        if (rc == RC_OK)
            rc = index_check_room(f->site, fault);
        if (rc == RC_OK)
            rc = catalogue_editions_after(f->conn, &arena, after, PAGE, &editions, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            rc = put_edition(f, &arena, &editions[i], false, fault);
            after = editions[i].id;
        }
        done += rc == RC_OK ? n : 0;
        if (progress != NULL)
            progress->tell(progress->context, done, all);
    }
    return rc;
}

/* What an import beside this build has added, committed or not. Whatever changes it later is a
 * later change. */
static enum rc put_ahead(struct filling *f, size_t *ret_n, struct fault *fault)
{
    enum rc rc = f->fresh == NULL ? RC_OK : index_check_room(f->site, fault);
    for (*ret_n = 0; rc == RC_OK && f->fresh != NULL && *ret_n < PAGE; ++*ret_n) {
        ARENA_AUTO arena = ARENA_INIT;
        const struct fresh_edition *fresh = fresh_editions_next(f->fresh, &arena);
        if (fresh == NULL)
            break;
        if (fresh->seq <= f->position) /* it was read from the database */
            continue;
        struct catalogue_edition edition = {
            .id = fresh->id, .work = fresh->work, .product_key = fresh->key, .facts = fresh->facts};
        rc = put_edition(f, &arena, &edition, fresh->only_one, fault);
        HEAP_ROOM(f->ahead.v, f->ahead.n, f->ahead.room);
        f->ahead.v[f->ahead.n++] = fresh->seq;
        f->ahead.any = true;
    }
    return rc;
}

static void want_fresh(struct filling *f, bool wanted)
{
    f->ahead.first = f->ahead.n = 0;
    f->ahead.any = false;
    if (f->fresh != NULL)
        fresh_editions_want(f->fresh, wanted);
}

/* Follows the change feed, and is ahead of it, until there is no more, or what asks for another
 * build. */
static enum rc put_what_comes(struct filling *f, const struct build_watch *watch,
                              struct fault *fault)
{
    enum rc rc;
    size_t n, ahead;
    do {
        n = 0;
        rc = put_ahead(f, &ahead, fault);
        if (rc == RC_OK && ahead < PAGE)
            rc = filling_follow(f, PAGE, &n, fault);
    } while (rc == RC_OK && !f->halted && (n > 0 || ahead > 0 || watch->more(watch->context, n)));
    if (rc == RC_OK)
        rc = check_wanted(watch, fault);
    if (rc == RC_OK && f->ahead.any && fresh_editions_broken(f->fresh))
        rc = fault_set(fault, RC_CONFLICT, "what was put into the index was not committed");
    return rc;
}

enum rc filling_build(struct filling *f, const struct build_watch *watch, struct fault *fault)
{
    struct search_index *before = f->index;
    uint64_t position = f->position;
    f->index = NULL;
    want_fresh(f, true);
    enum rc rc = store_change_latest(f->conn, &f->position, fault);
    if (rc == RC_OK)
        rc = load_basis(f, fault);
    if (rc == RC_OK)
        rc = search_build_start(f->folder, &f->index, fault);
    if (rc == RC_OK)
        search_set_mean(f->index, f->mean_milli);
    if (rc == RC_OK)
        rc = put_all(f, watch, fault);
    if (rc == RC_OK)
        rc = put_what_comes(f, watch, fault);
    want_fresh(f, false);
    if (rc == RC_OK)
        rc = search_build_finish(f->index, f->position, fault);
    if (rc != RC_OK) {
        search_close(f->index);
        f->index = before;
        f->position = position; /* that one's: what came since is not in it */
        return rc;
    }
    search_close(before);
    return RC_OK;
}
