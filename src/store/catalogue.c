#include "store/catalogue.h"

#include "store/catalogue_rows.h"
#include "store/db.h"
#include "store/epubs.h"
#include "store/pack.h"

enum rc rows_ids(struct query *q, struct arena *arena, uint64_t **ret, size_t *ret_n,
                 struct fault *fault)
{
    uint64_t *ids = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    while ((rc = query_step(q, fault)) == RC_OK) {
        ARENA_ROOM(arena, ids, n, room);
        ids[n++] = (uint64_t)query_get_int(q, 0);
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = ids;
    *ret_n = n;
    return RC_OK;
}

/* ---- storefronts ---- */

static enum rc join_languages(const struct str *languages, size_t n, struct buf *ret,
                              struct fault *fault)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(ret, ',');
        buf_str_add(ret, languages[i]);
    }
    if (buf_check(ret) != RC_OK || n > STOREFRONT_LANGUAGES_MAX)
        return fault_set(fault, RC_LIMIT, "too many languages for one storefront");
    return RC_OK;
}

enum rc catalogue_storefront_add(struct store_conn *conn, const struct storefront *s,
                                 unsigned *ret_id, struct fault *fault)
{
    BUF_AUTO languages = BUF_INIT(1024);
    uint64_t id;
    enum rc rc = join_languages(s->languages.v, s->languages.n, &languages, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "storefront", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    id--; /* counters begin at 1, storefronts at 0 */
    QUERY q = query_start(conn, SQL_STOREFRONT_ADD);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, s->slug);
    query_str(&q, 3, s->country);
    query_str(&q, 4, s->currency);
    query_str(&q, 5, buf_str(&languages));
    query_int(&q, 6, s->tax_included);
    query_int(&q, 7, s->print_without_rights);
    query_int(&q, 8, s->unresearched);
    rc = query_run(&q, fault);
    if (rc == RC_CONFLICT)
        return fault_set(fault, rc, "storefront %.*s: there is one already", STR_ARG(s->slug));
    if (rc == RC_OK)
        rc = store_change(conn, "storefront", id, fault);
    if (rc == RC_OK)
        *ret_id = (unsigned)id;
    return rc;
}

static void read_languages(struct str joined, struct arena *arena, struct storefront *ret)
{
    struct str rest = joined, language;
    ret->languages.v = ARENA_ARRAY(arena, struct str, STOREFRONT_LANGUAGES_MAX);
    while (ret->languages.n < STOREFRONT_LANGUAGES_MAX && str_next(&rest, ',', &language))
        ret->languages.v[ret->languages.n++] = language;
}

enum rc catalogue_storefronts(struct store_conn *conn, struct arena *arena, struct storefront **ret,
                              size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STOREFRONT_ALL);
    struct storefront *list = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        ARENA_ROOM(arena, list, n, room);
        struct storefront *s = &list[n++];
        s->id = (unsigned)query_get_int(&q, 0);
        s->slug = query_get_str(&q, 1, arena);
        s->country = query_get_str(&q, 2, arena);
        s->currency = query_get_str(&q, 3, arena);
        read_languages(query_get_str(&q, 4, arena), arena, s);
        s->tax_included = query_get_int(&q, 5) != 0;
        s->print_without_rights = query_get_int(&q, 6) != 0;
        s->host = query_get_str(&q, 7, arena);
        s->unresearched = query_get_int(&q, 8) != 0;
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}

enum rc catalogue_storefront_version(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STOREFRONT_VERSION);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK) /* hosts are given and taken more often than storefronts are made */
        *ret = (uint64_t)query_get_int(&q, 1) << 20 | (uint64_t)query_get_int(&q, 0);
    return rc;
}

/* With a number that catalogue_storefront_version tells of; `kind` says who has to follow. */
static enum rc put_setting(struct query *q, struct store_conn *conn, struct str slug,
                           const char *kind, struct fault *fault)
{
    uint64_t id;
    query_str(q, 1, slug);
    enum rc rc = query_run(q, fault);
    if (rc == RC_OK && query_changes(q) == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "storefront %.*s: there is none", STR_ARG(slug));
    if (rc == RC_OK)
        rc = store_take_ids(conn, "host", 1, &id, fault);
    return rc == RC_OK ? store_change(conn, kind, id, fault) : rc;
}

enum rc catalogue_storefronts_changed(struct store_conn *conn, struct fault *fault)
{
    uint64_t id;
    return store_take_ids(conn, "host", 1, &id, fault);
}

enum rc catalogue_storefront_host_put(struct store_conn *conn, struct str slug, struct str host,
                                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STOREFRONT_HOST_PUT);
    query_str(&q, 2, host);
    return put_setting(&q, conn, slug, "host", fault);
}

enum rc catalogue_storefront_unstated_put(struct store_conn *conn, struct str slug, bool sell,
                                          struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STOREFRONT_UNSTATED_PUT);
    query_int(&q, 2, sell);
    return put_setting(&q, conn, slug, "storefront", fault);
}

enum rc catalogue_storefront_languages_put(struct store_conn *conn, struct str slug,
                                           const struct str *languages, size_t n,
                                           struct fault *fault)
{
    BUF_AUTO joined = BUF_INIT(1024);
    enum rc rc = join_languages(languages, n, &joined, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_STOREFRONT_LANGUAGES_PUT);
    query_str(&q, 2, buf_str(&joined));
    return put_setting(&q, conn, slug, "host", fault);
}

enum rc catalogue_storefront_prices_put(struct store_conn *conn, struct str slug,
                                        struct str currency, bool tax_included, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_STOREFRONT_PRICES_PUT);
    query_str(&q, 2, currency);
    query_int(&q, 3, tax_included);
    return put_setting(&q, conn, slug, "storefront", fault);
}

/* ---- shops ---- */

enum rc catalogue_shop_add(struct store_conn *conn, const struct shop *s, uint64_t *ret_id,
                           struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "shop", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SHOP_ADD);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, s->slug);
    query_str(&q, 3, s->name);
    query_str(&q, 4, s->controlled_by);
    query_int(&q, 5, s->created);
    rc = query_run(&q, fault);
    if (rc == RC_CONFLICT)
        return fault_set(fault, rc, "shop %.*s: there is one already", STR_ARG(s->slug));
    if (rc == RC_OK)
        rc = store_change(conn, "shop", id, fault);
    if (rc == RC_OK)
        *ret_id = id;
    return rc;
}

/* The five columns of a shop, the first of which is `column`. */
static struct shop read_shop(const struct query *q, int column, struct arena *arena)
{
    return (struct shop){
        .id = (uint64_t)query_get_int(q, column),
        .slug = query_get_str(q, column + 1, arena),
        .name = query_get_str(q, column + 2, arena),
        .controlled_by = query_get_str(q, column + 3, arena),
        .created = query_get_int(q, column + 4),
    };
}

static enum rc one_shop(struct query *q, struct arena *arena, struct shop *ret, struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    if (rc == RC_OK)
        *ret = read_shop(q, 0, arena);
    return rc;
}

enum rc catalogue_shop(struct store_conn *conn, struct arena *arena, struct str slug,
                       struct shop *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_BY_SLUG);
    query_str(&q, 1, slug);
    return one_shop(&q, arena, ret, fault);
}

enum rc catalogue_shops(struct store_conn *conn, struct arena *arena, size_t room,
                        struct shop **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_ALL);
    query_int(&q, 1, (int64_t)room);
    struct shop *shops = ARENA_ARRAY(arena, struct shop, room);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (n < room && (rc = query_step(&q, fault)) == RC_OK)
        shops[n++] = read_shop(&q, 0, arena);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = shops;
    *ret_n = n;
    return RC_OK;
}

enum rc catalogue_shop_works(struct store_conn *conn, struct arena *arena, uint64_t shop,
                             uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SHOP_WORKS);
    query_int(&q, 1, (int64_t)shop);
    return rows_ids(&q, arena, ret, ret_n, fault);
}

/* ---- editions and works ---- */

static enum rc read_edition(const struct query *q, struct arena *arena,
                            struct catalogue_edition *ret, struct fault *fault)
{
    struct catalogue_edition e = {
        .id = (uint64_t)query_get_int(q, 0),
        .work = (uint64_t)query_get_int(q, 1),
        .product_key = query_get_str(q, 2, arena),
        .shop = (uint64_t)query_get_int(q, 3),
        .record = (uint64_t)query_get_int(q, 5),
        .disputed = query_get_int(q, 6) != 0,
        .describer = read_shop(q, 7, arena),
    };
    enum rc rc = unpack_edition(query_get_str(q, 4, arena), arena, &e.facts, fault);
    if (rc == RC_OK)
        rc = cover_read_columns(q, 12, arena, &e.cover, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "edition %.*s", STR_ARG(e.product_key));
    *ret = e;
    return RC_OK;
}

/* Rows by work: once `each` has enough of one, its others are not unpacked. */
static enum rc each_of_works(struct query *q, struct arena *arena,
                             enum rc (*each)(void *context, const struct catalogue_edition *edition,
                                             enum enough *ret_enough, struct fault *fault),
                             void *context, size_t *ret_rows, struct fault *fault)
{
    uint64_t done = 0;
    enum rc rc;
    for (*ret_rows = 0; (rc = query_step(q, fault)) == RC_OK; ++*ret_rows) {
        enum enough enough = ENOUGH_NOT;
        if ((uint64_t)query_get_int(q, 1) == done)
            continue;
        struct catalogue_edition *edition = ARENA_NEW(arena, struct catalogue_edition);
        rc = read_edition(q, arena, edition, fault);
        if (rc == RC_OK)
            rc = each(context, edition, &enough, fault);
        if (rc != RC_OK || enough == ENOUGH_OF_ALL)
            return rc;
        if (enough == ENOUGH_OF_WORK)
            done = edition->work;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum { A_WORK = 8 }; /* editions of each that are looked at, on the average */

static struct query author_with(struct store_conn *conn, struct str key, uint64_t without,
                                size_t works)
{
    struct query q = query_start(conn, SQL_EDITION_OF_CONTRIBUTOR);
    query_str(&q, 1, key);
    query_int(&q, 2, (int64_t)without);
    query_int(&q, 3, (int64_t)works);
    query_int(&q, 4, (int64_t)(works * A_WORK));
    return q;
}

enum rc catalogue_author_editions(struct store_conn *conn, struct arena *arena, struct str key,
                                  uint64_t without, size_t works,
                                  enum rc (*each)(void *context,
                                                  const struct catalogue_edition *edition,
                                                  enum enough *ret_enough, struct fault *fault),
                                  void *context, bool *ret_all, struct fault *fault)
{
    size_t rows;
    QUERY q = author_with(conn, key, without, works);
    enum rc rc = each_of_works(&q, arena, each, context, &rows, fault);
    *ret_all = rc == RC_OK && rows < works * A_WORK;
    return rc;
}

static struct query liked_with(struct store_conn *conn, uint64_t work, size_t room)
{
    struct query q = query_start(conn, SQL_EDITION_LIKED);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)room);
    return q;
}

enum rc
catalogue_liked_editions(struct store_conn *conn, struct arena *arena, uint64_t work, size_t room,
                         enum rc (*each)(void *context, const struct catalogue_edition *edition,
                                         enum enough *ret_enough, struct fault *fault),
                         void *context, struct fault *fault)
{
    size_t rows;
    QUERY q = liked_with(conn, work, room);
    return each_of_works(&q, arena, each, context, &rows, fault);
}

static enum rc one_edition(struct query *q, struct arena *arena, struct catalogue_edition *ret,
                           struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    return rc == RC_OK ? read_edition(q, arena, ret, fault) : rc;
}

static enum rc many_editions(struct query *q, struct arena *arena, struct catalogue_edition **ret,
                             size_t *ret_n, struct fault *fault)
{
    struct catalogue_edition *list = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    while ((rc = query_step(q, fault)) == RC_OK) {
        ARENA_ROOM(arena, list, n, room);
        rc = read_edition(q, arena, &list[n], fault);
        if (rc != RC_OK)
            return rc;
        n++;
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}

enum rc catalogue_edition(struct store_conn *conn, struct arena *arena, uint64_t id,
                          struct catalogue_edition *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_BY_ID);
    query_int(&q, 1, (int64_t)id);
    return one_edition(&q, arena, ret, fault);
}

enum rc catalogue_edition_by_key(struct store_conn *conn, struct arena *arena, struct str key,
                                 struct catalogue_edition *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_BY_KEY);
    query_str(&q, 1, key);
    return one_edition(&q, arena, ret, fault);
}

enum rc catalogue_edition_id(struct store_conn *conn, struct str key, uint64_t *ret,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_KNOWN);
    query_str(&q, 1, key);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK && query_get_int(&q, 2) == 0)
        return RC_NOT_FOUND;
    if (rc == RC_OK)
        *ret = (uint64_t)query_get_int(&q, 0);
    return rc;
}

enum rc catalogue_edition_known(struct store_conn *conn, struct str key, uint64_t *ret_id,
                                uint64_t *ret_work, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_KNOWN);
    query_str(&q, 1, key);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret_id = (uint64_t)query_get_int(&q, 0);
    *ret_work = (uint64_t)query_get_int(&q, 1);
    return RC_OK;
}

static struct query editions_of(struct store_conn *conn, uint64_t work, uint64_t without,
                                size_t room)
{
    struct query q = query_start(conn, SQL_EDITION_OF_WORK);
    query_int(&q, 1, (int64_t)work);
    query_int(&q, 2, (int64_t)room);
    query_int(&q, 3, (int64_t)without);
    return q;
}

enum rc catalogue_other_editions(struct store_conn *conn, struct arena *arena, uint64_t work,
                                 uint64_t without, size_t room, struct catalogue_edition **ret,
                                 size_t *ret_n, struct fault *fault)
{
    QUERY q = editions_of(conn, work, without, room);
    return many_editions(&q, arena, ret, ret_n, fault);
}

enum rc catalogue_work_editions(struct store_conn *conn, struct arena *arena, uint64_t work,
                                size_t room, struct catalogue_edition **ret, size_t *ret_n,
                                struct fault *fault)
{
    return catalogue_other_editions(conn, arena, work, 0, room, ret, ret_n, fault);
}

/* `most` rows at most, whichever work they are of. */
static enum rc editions_at_once(struct store_conn *conn, struct arena *arena, const uint64_t *works,
                                size_t n, size_t most, struct catalogue_edition **ret,
                                size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_OF_WORKS);
    query_int(&q, 1, (int64_t)most);
    for (size_t i = 0; i < CATALOGUE_WORKS_AT_ONCE; i++)
        query_int(&q, 2 + (int)i, (int64_t)works[i < n ? i : 0]);
    return many_editions(&q, arena, ret, ret_n, fault);
}

/* One after the other: one of them has so many that it would leave the others no room. */
static enum rc editions_by_work(struct store_conn *conn, struct arena *arena, const uint64_t *works,
                                size_t n, size_t room, struct catalogue_edition **ret,
                                size_t *ret_n, struct fault *fault)
{
    struct catalogue_edition *all = ARENA_ARRAY(arena, struct catalogue_edition, n * room), *of;
    size_t all_n = 0, of_n;
    for (size_t i = 0; i < n; i++) {
        enum rc rc = catalogue_work_editions(conn, arena, works[i], room, &of, &of_n, fault);
        if (rc != RC_OK)
            return rc;
        if (of_n > 0)
            memcpy(all + all_n, of, of_n * sizeof *of);
        all_n += of_n;
    }
    *ret = all;
    *ret_n = all_n;
    return RC_OK;
}

enum rc catalogue_editions_of_works(struct store_conn *conn, struct arena *arena,
                                    const uint64_t *works, size_t n, size_t room,
                                    struct catalogue_edition **ret, size_t *ret_n,
                                    struct fault *fault)
{
    enum { ON_AVERAGE = 12 };
    size_t most = CATALOGUE_WORKS_AT_ONCE * ON_AVERAGE;
    if (n > CATALOGUE_WORKS_AT_ONCE)
        return fault_set(fault, RC_LIMIT, "at most %d works at once", CATALOGUE_WORKS_AT_ONCE);
    *ret_n = 0;
    if (n == 0)
        return RC_OK;
    enum rc rc = editions_at_once(conn, arena, works, n, most, ret, ret_n, fault);
    if (rc == RC_OK && *ret_n == most)
        rc = editions_by_work(conn, arena, works, n, room, ret, ret_n, fault);
    return rc;
}

enum rc catalogue_work_keys(struct store_conn *conn, uint64_t work,
                            enum rc (*each)(void *context, struct str key, struct fault *fault),
                            void *context, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_KEYS_OF_WORK);
    query_int(&q, 1, (int64_t)work);
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        rc = each(context, query_peek(&q, 0), fault);
        if (rc != RC_OK)
            return rc;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc catalogue_work_known(struct store_conn *conn, uint64_t work, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WORK_KNOWN);
    query_int(&q, 1, (int64_t)work);
    return query_step(&q, fault);
}

enum rc catalogue_latest(struct store_conn *conn, struct arena *arena, size_t room,
                         struct catalogue_edition **ret, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_LATEST);
    query_int(&q, 1, (int64_t)room);
    return many_editions(&q, arena, ret, ret_n, fault);
}

enum rc catalogue_editions_after(struct store_conn *conn, struct arena *arena, uint64_t after,
                                 size_t room, struct catalogue_edition **ret, size_t *ret_n,
                                 struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_AFTER);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)room);
    return many_editions(&q, arena, ret, ret_n, fault);
}

enum rc catalogue_untouched(struct store_conn *conn, bool *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_ANY);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rc == RC_NOT_FOUND;
    return RC_OK;
}

enum rc catalogue_edition_count(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_COUNT);
    return query_number(&q, ret, fault);
}

static void ask_of_work(struct store_conn *conn, enum statement name, uint64_t work)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)work);
    query_ask(&q);
}

static struct query shops_of(struct store_conn *conn, const struct catalogue_edition *edition)
{
    struct query q = query_start(conn, SQL_EDITION_SHOPS);
    query_int(&q, 1, (int64_t)edition->id);
    query_int(&q, 2, (int64_t)edition->record);
    return q;
}

void catalogue_edition_ask(struct store_conn *conn, const struct catalogue_edition *edition)
{
    if (edition->disputed) {
        QUERY q = shops_of(conn, edition);
        query_ask(&q);
    }
    if (edition_is_digital(&edition->facts))
        epub_senders_ask(conn, edition->id);
    ask_of_work(conn, SQL_CONTRIBUTOR_OF_WORK, edition->work);
    ask_of_work(conn, SQL_COLLECTION_OF_WORK, edition->work);
    ask_of_work(conn, SQL_WORK_STARS, edition->work);
}

void catalogue_author_ask(struct store_conn *conn, struct str key, uint64_t without, size_t works)
{
    QUERY q = author_with(conn, key, without, works);
    query_ask(&q);
}

void catalogue_others_ask(struct store_conn *conn, const struct catalogue_edition *edition,
                          size_t room)
{
    QUERY q = editions_of(conn, edition->work, edition->id, room);
    query_ask(&q);
    QUERY liked = liked_with(conn, edition->work, room);
    query_ask(&liked);
    ask_of_work(conn, SQL_VOICE_COUNTS, edition->work);
}

enum rc catalogue_edition_shops(struct store_conn *conn, struct arena *arena,
                                const struct catalogue_edition *edition, struct shop_record **ret,
                                size_t *ret_n, struct fault *fault)
{
    struct shop_record *list = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    if (!edition->disputed) { /* it came with its only record */
        list = ARENA_NEW(arena, struct shop_record);
        *list = (struct shop_record){edition->describer, edition->facts};
        *ret = list;
        *ret_n = 1;
        return RC_OK;
    }
    QUERY q = shops_of(conn, edition);
    while ((rc = query_step(&q, fault)) == RC_OK) {
        /* A shop's rows come best first. */
        if (n > 0 && list[n - 1].shop.id == (uint64_t)query_get_int(&q, 0))
            continue;
        ARENA_ROOM(arena, list, n, room);
        struct shop_record *r = &list[n++];
        r->shop = read_shop(&q, 0, arena);
        if ((uint64_t)query_get_int(&q, 6) == edition->record) {
            r->facts = edition->facts;
            continue;
        }
        rc = unpack_edition(query_get_str(&q, 5, arena), arena, &r->facts, fault);
        if (rc != RC_OK)
            return fault_prefix(fault, rc, "a record of shop %.*s", STR_ARG(r->shop.slug));
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}

/* ---- stars ---- */

static enum rc one_sum(struct query *q, struct rating_sum *ret, struct fault *fault)
{
    enum rc rc = query_step(q, fault);
    if (rc == RC_OK)
        for (int i = 0; i < 5; i++)
            ret->stars[i] = (uint64_t)query_get_int(q, i);
    if (rc == RC_NOT_FOUND) {
        *ret = (struct rating_sum){{0}};
        return RC_OK;
    }
    return rc;
}

enum rc catalogue_work_stars(struct store_conn *conn, uint64_t work, struct rating_sum *ret,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WORK_STARS);
    query_int(&q, 1, (int64_t)work);
    return one_sum(&q, ret, fault);
}

enum rc catalogue_all_stars(struct store_conn *conn, struct rating_sum *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ALL_STARS);
    return one_sum(&q, ret, fault);
}
