#include "app/absence.h"

#include <pthread.h>

#include "app/publication.h"
#include "app/record_keeper.h"
#include "record/absence.h"
#include "record/entry.h"
#include "store/catalogue.h"
#include "store/record_log.h"

enum { EDITIONS_MAX = 500 };

struct absence_maker {
    pthread_mutex_t lock;
    struct record_keeper *keeper;
};

struct absence_maker *absence_maker_new(void)
{
    struct absence_maker *maker = calloc(1, sizeof *maker);
    if (maker == NULL)
        abort();
    pthread_mutex_init(&maker->lock, NULL);
    maker->keeper = record_keeper_new();
    return maker;
}

void absence_maker_free(struct absence_maker *maker)
{
    if (maker == NULL)
        return;
    record_keeper_free(maker->keeper);
    pthread_mutex_destroy(&maker->lock);
    free(maker);
}

enum rc absence_work(struct store_conn *conn, struct str isbn13, uint64_t *ret, struct fault *fault)
{
    uint64_t edition;
    return catalogue_edition_known(conn, isbn13, &edition, ret, fault);
}

/* ---- what the work belongs to ---- */

struct keys {
    struct arena *arena;
    struct absence_key v[ABSENCE_KEYS_MAX];
    size_t n;
};

static enum rc add_key(struct keys *keys, enum target_kind kind, struct str key,
                       struct fault *fault)
{
    struct str name = str_of(target_name(kind));
    for (size_t i = 0; i < keys->n; i++)
        if (str_eq(keys->v[i].kind, name) && str_eq(keys->v[i].key, key))
            return RC_OK;
    if (keys->n == ABSENCE_KEYS_MAX)
        return fault_set(fault, RC_LIMIT, "it belongs to more than %d sets: too many for one proof",
                         ABSENCE_KEYS_MAX);
    keys->v[keys->n++] = (struct absence_key){name, arena_str(keys->arena, key)};
    return RC_OK;
}

static enum rc add_shops(struct store_conn *conn, struct keys *keys,
                         const struct catalogue_edition *edition, struct fault *fault)
{
    struct shop_record *shops;
    size_t n;
    enum rc rc = catalogue_edition_shops(conn, keys->arena, edition, &shops, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = add_key(keys, TARGET_SHOP, shops[i].shop.slug, fault);
    return rc;
}

static enum rc find_keys(struct store_conn *conn, uint64_t work, struct keys *keys,
                         struct fault *fault)
{
    struct catalogue_edition *editions;
    struct contributor_row *contributors;
    struct collection_place *collections;
    size_t n;
    enum rc rc =
        catalogue_work_editions(conn, keys->arena, work, EDITIONS_MAX, &editions, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        rc = add_key(keys, TARGET_EDITION, editions[i].product_key, fault);
        if (rc == RC_OK)
            rc = add_shops(conn, keys, &editions[i], fault);
    }
    if (rc == RC_OK)
        rc = catalogue_work_contributors(conn, keys->arena, work, &contributors, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = add_key(keys, TARGET_CONTRIBUTOR,
                     arena_printf(keys->arena, "%llu", (unsigned long long)contributors[i].id),
                     fault);
    if (rc == RC_OK)
        rc = catalogue_work_collections(conn, keys->arena, work, &collections, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = add_key(keys, TARGET_COLLECTION, collections[i].collection.slug, fault);
    return rc;
}

/* Sets that cover it by their signed lists, also where it left them since. */
static enum rc add_covering(struct record_keeper *keeper, struct str storefront, uint64_t work,
                            struct keys *keys, struct fault *fault)
{
    const struct replay *replay = record_keeper_replay(keeper);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < replay->n; i++) {
        const struct restriction *r = replay->restrictions[i];
        if (r->lifted == 0 && target_is_set(r->target) &&
            restriction_in_storefront(r, storefront) && work_set_has(r->works, work))
            rc = add_key(keys, r->target, r->target_key, fault);
    }
    return rc;
}

/* ---- the head that carries the map's root ---- */

static enum rc find_head(struct store_conn *conn, struct arena *arena, const struct hash *root,
                         struct absence_head *ret, struct fault *fault)
{
    struct log_entry stored;
    struct published_entry published;
    struct published_head signed_head;
    struct entry entry;
    enum rc rc =
        record_log_latest(conn, arena, LOG_DECISIONS, entry_type_name(ENTRY_HEAD), &stored, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_BUSY, "nothing has been signed yet");
    if (rc == RC_OK)
        rc = entry_read(arena, stored.bytes, &entry, fault);
    if (rc == RC_OK && !hash_eq(&entry.map, root))
        rc = fault_set(fault, RC_BUSY, "no head carries the state map's root yet");
    if (rc == RC_OK)
        rc =
            publication_entry(conn, NULL, arena, PUBLIC_DECISIONS, stored.index, &published, fault);
    if (rc == RC_OK)
        rc = publication_head(conn, arena, PUBLIC_DECISIONS, &signed_head, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct absence_head){
        .checkpoint = signed_head.note, .index = stored.index, .entry = published.json};
    ret->path.v = published.path.v;
    ret->path.n = published.path.n;
    return RC_OK;
}

static enum rc make_with(struct record_keeper *keeper, struct store_conn *conn, struct arena *arena,
                         struct str storefront, uint64_t work, struct keys *keys, json_t **ret,
                         struct fault *fault)
{
    struct record_state *state = record_keeper_state(keeper);
    struct hash root = record_state_root(state);
    struct absence_head head;
    enum rc rc = find_head(conn, arena, &root, &head, fault);
    if (rc == RC_OK)
        rc = add_covering(keeper, storefront, work, keys, fault);
    if (rc == RC_OK)
        rc = absence_write(state, &head, storefront, work, keys->v, keys->n, ret, fault);
    return rc;
}

enum rc absence_make(struct absence_maker *maker, struct store_conn *conn, struct arena *arena,
                     struct str storefront, uint64_t work, struct str *ret,
                     struct absence_result *ret_result, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    uint64_t end;
    struct keys *keys = ARENA_NEW(arena, struct keys);
    keys->arena = arena;
    enum rc rc = catalogue_work_known(conn, work, fault);
    if (rc == RC_OK)
        rc = find_keys(conn, work, keys, fault);
    if (rc == RC_OK)
        rc = record_log_decisions_end(conn, &end, fault);
    if (rc != RC_OK)
        return rc;
    pthread_mutex_lock(&maker->lock);
    if (record_keeper_next(maker->keeper) > end) {
        /* This snapshot is older than what another thread has seen, or the database
         * went back. */
        struct record_keeper *own = record_keeper_new();
        pthread_mutex_unlock(&maker->lock);
        rc = record_keeper_follow(own, conn, fault);
        if (rc == RC_OK)
            rc = make_with(own, conn, arena, storefront, work, keys, &json, fault);
        record_keeper_free(own);
    } else {
        rc = record_keeper_follow(maker->keeper, conn, fault);
        if (rc == RC_OK) {
            rc = make_with(maker->keeper, conn, arena, storefront, work, keys, &json, fault);
        } else {
            record_keeper_free(maker->keeper);
            maker->keeper = record_keeper_new();
        }
        pthread_mutex_unlock(&maker->lock);
    }
    BUF_AUTO text = BUF_INIT(ABSENCE_MAX);
    struct published_head signed_head;
    if (rc == RC_OK)
        rc = publication_head(conn, arena, PUBLIC_DECISIONS, &signed_head, fault);
    if (rc != RC_OK)
        return rc;
    json_write(json, &text);
    rc = buf_check(&text);
    if (rc == RC_OK) {
        *ret = arena_str(arena, buf_str(&text));
        /* What it proves is read from the proof itself, as everybody does. */
        rc = absence_check(arena, *ret, NULL, ret_result, fault);
        ret_result->size = signed_head.size;
    }
    return rc;
}
