#include "app/import_apply.h"

#include "base/clock.h"
#include "base/encode.h"
#include "domain/correction.h"
#include "domain/edition_update.h"
#include "domain/work_key.h"
#include "store/corrections.h"
#include "store/follows.h"
#include "store/pack.h"
#include "store/stock.h"

enum { KEYS_MAX = 32 };

/* ---- ids ---- */

static void add_corrected(void *context, struct str key)
{
    name_map_put(context, key, 1);
}

/* Somebody may correct titles while a long feed is imported. */
static enum rc load_corrected(struct applying *a, struct fault *fault)
{
    uint64_t n, state;
    enum rc rc = correction_state(a->conn, a->shop, &n, &state, fault);
    if (rc != RC_OK || state == a->corrections)
        return rc;
    name_map_free(a->corrected);
    a->corrections = state;
    a->corrected = n > 0 ? name_map_new() : NULL;
    return n > 0 ? correction_keys(a->conn, a->shop, add_corrected, a->corrected, fault) : RC_OK;
}

enum rc applying_begin_batch(struct applying *a, struct fault *fault)
{
    return load_corrected(a, fault);
}

enum rc applying_end_batch(struct applying *a, struct fault *fault)
{
    enum rc rc = RC_OK;
    /* When they came, for whoever follows what they are of. */
    if (a->last_edition != 0)
        rc = arrival_add(a->conn, a->last_edition, clock_now(), fault);
    a->last_edition = 0;
    return rc;
}

/* ---- names to ids: memory first, then the database ---- */

typedef enum rc (*finder)(struct store_conn *conn, struct str key, uint64_t *ret,
                          struct fault *fault);

static enum rc find_name(struct applying *a, struct name_map *map, finder find, struct str key,
                         uint64_t *ret, struct fault *fault)
{
    if (name_map_get(map, key, ret))
        return RC_OK;
    if (a->complete && !name_map_full(map))
        return RC_NOT_FOUND;
    enum rc rc = find(a->conn, key, ret, fault);
    if (rc == RC_OK)
        name_map_put(map, key, *ret);
    return rc;
}

/* ---- works ---- */

static enum rc find_edition_work(struct store_conn *conn, struct str isbn, uint64_t *ret,
                                 struct fault *fault)
{
    uint64_t id;
    return catalogue_edition_known(conn, isbn, &id, ret, fault);
}

/* "isbn:" keys are editions' own; every other key has a row. */
static enum rc find_work(struct applying *a, struct str key, uint64_t *ret, struct fault *fault)
{
    if (str_starts(key, STR("isbn:")))
        return find_name(a, a->editions, find_edition_work, str_sub(key, 5, key.n), ret, fault);
    return find_name(a, a->works, catalogue_work_key_find, key, ret, fault);
}

/* The work that shares a key with this edition, or a new one; then all keys are
 * its keys. */
static enum rc place_in_work(struct applying *a, const struct str *keys, size_t n, uint64_t known,
                             uint64_t *ret, bool *ret_new, struct fault *fault)
{
    uint64_t work = known, found;
    size_t missing = 0; /* so many of the keys have no row: they were looked for */
    enum rc rc = RC_OK;
    for (; work == 0 && missing < n; missing += work == 0) {
        rc = find_work(a, keys[missing], &found, fault);
        if (rc == RC_OK)
            work = found;
        else if (rc != RC_NOT_FOUND)
            return rc;
    }
    *ret_new = work == 0;
    if (work == 0) {
        rc = catalogue_id_take(a->conn, IDS_WORK, &work, fault);
        if (rc == RC_OK)
            rc = catalogue_work_add(a->conn, work, fault);
        if (rc != RC_OK)
            return rc;
    }
    for (size_t i = 0; i < n; i++) {
        if (str_starts(keys[i], STR("isbn:")))
            continue;
        rc = i < missing ? RC_NOT_FOUND : find_work(a, keys[i], &found, fault);
        if (rc == RC_NOT_FOUND) {
            rc = catalogue_work_key_add(a->conn, keys[i], work, fault);
            name_map_put(a->works, keys[i], work);
        }
        if (rc != RC_OK)
            return rc;
    }
    *ret = work;
    return RC_OK;
}

/* ---- contributors and collections of a work ---- */

static enum rc link_contributor(struct applying *a, struct arena *arena,
                                const struct contributor *c, uint64_t work, struct fault *fault)
{
    struct contributor_row row = {.key = catalogue_contributor_key(arena, c), .name = c->name};
    if (row.key.n == 0)
        return RC_OK;
    enum rc rc = find_name(a, a->contributors, catalogue_contributor_find, row.key, &row.id, fault);
    if (rc == RC_NOT_FOUND) {
        rc = catalogue_id_take(a->conn, IDS_CONTRIBUTOR, &row.id, fault);
        if (rc == RC_OK)
            rc = catalogue_contributor_add(a->conn, &row, fault);
        if (rc == RC_OK)
            name_map_put(a->contributors, row.key, row.id);
    }
    return rc == RC_OK ? catalogue_work_contributor_add(a->conn, row.id, work, fault) : rc;
}

/* "tidewater-letters"; a name without Latin letters gets a digest of itself. */
static struct str slug_of(struct arena *arena, struct str name, unsigned attempt)
{
    struct str folded = work_key_fold(arena, name);
    BUF_AUTO slug = BUF_INIT(80);
    bool latin = folded.n > 0;
    for (size_t i = 0; i < folded.n; i++)
        latin = latin && (unsigned char)folded.p[i] < 0x80;
    if (latin) {
        bool gap = false;
        for (size_t i = 0; i < name.n && slug.n < 60; i++) {
            char c = name.p[i];
            if (c >= 'A' && c <= 'Z')
                c = (char)(c + 32);
            bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (plain && gap && slug.n > 0)
                buf_char(&slug, '-');
            if (plain)
                buf_char(&slug, c);
            gap = !plain && c != '\'';
        }
    }
    if (slug.n == 0) {
        struct hash hash = sha256(name.p, name.n);
        BUF_LIT(&slug, "c-");
        hex_add(&slug, hash.b, 5);
    }
    if (attempt > 1)
        buf_printf(&slug, "-%u", attempt);
    return arena_str(arena, buf_str(&slug));
}

static enum rc find_collection(struct applying *a, struct arena *arena, struct str name,
                               uint64_t *ret, struct fault *fault)
{
    enum { ATTEMPTS = 50 };
    struct str key = catalogue_collection_key(arena, name);
    enum rc rc = find_name(a, a->collections, catalogue_collection_find, key, ret, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    uint64_t id;
    rc = catalogue_id_take(a->conn, IDS_COLLECTION, &id, fault);
    if (rc != RC_OK)
        return rc;
    for (unsigned attempt = 1; attempt <= ATTEMPTS; attempt++) {
        rc = catalogue_collection_put(a->conn, id, slug_of(arena, name, attempt), name, key, fault);
        if (rc != RC_CONFLICT)
            break;
    }
    if (rc == RC_OK) {
        name_map_put(a->collections, key, id);
        *ret = id;
    }
    return rc;
}

static enum rc link_work(struct applying *a, struct arena *arena, const struct edition *e,
                         uint64_t work, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < e->contributors.n; i++)
        rc = link_contributor(a, arena, &e->contributors.v[i], work, fault);
    for (size_t i = 0; rc == RC_OK && i < e->collections.n; i++) {
        uint64_t collection;
        rc = find_collection(a, arena, e->collections.v[i].name, &collection, fault);
        if (rc == RC_OK)
            rc = catalogue_collection_work_put(a->conn, collection, work, e->collections.v[i].part,
                                               fault);
    }
    return rc;
}

static bool names_contributor(struct arena *arena, const struct catalogue_edition *editions,
                              size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < editions[i].facts.contributors.n; k++)
            if (str_eq(catalogue_contributor_key(arena, &editions[i].facts.contributors.v[k]), key))
                return true;
    return false;
}

static bool names_collection(struct arena *arena, const struct catalogue_edition *editions,
                             size_t n, struct str name)
{
    struct str folded = work_key_fold(arena, name);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < editions[i].facts.collections.n; k++)
            if (str_eq(work_key_fold(arena, editions[i].facts.collections.v[k].name), folded))
                return true;
    return false;
}

/* A record changed: what no edition of the work says any more is unlinked. */
static enum rc unlink_stale(struct applying *a, struct arena *arena, uint64_t work,
                            struct fault *fault)
{
    enum { EDITIONS_MAX = 500 };
    struct catalogue_edition *editions;
    struct contributor_row *contributors;
    struct collection_place *places;
    size_t n, contributors_n = 0, places_n = 0;
    enum rc rc = catalogue_work_editions(a->conn, arena, work, EDITIONS_MAX, &editions, &n, fault);
    if (rc == RC_OK)
        rc = catalogue_work_contributors(a->conn, arena, work, &contributors, &contributors_n,
                                         fault);
    for (size_t i = 0; rc == RC_OK && i < contributors_n; i++)
        if (!names_contributor(arena, editions, n, contributors[i].key))
            rc = catalogue_work_contributor_remove(a->conn, contributors[i].id, work, fault);
    if (rc == RC_OK)
        rc = catalogue_work_feed_collections(a->conn, arena, work, &places, &places_n, fault);
    for (size_t i = 0; rc == RC_OK && i < places_n; i++)
        if (!names_collection(arena, editions, n, places[i].collection.name))
            rc = catalogue_collection_work_remove(a->conn, places[i].collection.id, work, fault);
    return rc;
}

/* ---- one record ---- */

static void find_problem(struct applying *a, const struct onix_record *record,
                         enum severity severity, const char *element, const char *code,
                         const char *reason)
{
    a->finding(a->context, record, severity, element, code, reason);
}

static enum rc refuse_record(struct applying *a, const struct onix_record *record,
                             const char *element, const char *code, const char *reason,
                             enum applied *ret)
{
    find_problem(a, record, SEVERITY_ERROR, element, code, reason);
    *ret = APPLIED_REFUSED;
    return RC_OK;
}

/* RecordSourceType, list 3: whose word it is. */
static unsigned precedence_of(struct str source)
{
    if (str_eq(source, STR("01")))
        return PRECEDENCE_PUBLISHER;
    if (str_eq(source, STR("02")))
        return PRECEDENCE_DISTRIBUTOR;
    return PRECEDENCE_OTHER;
}

/* An ISBN in another identifier's place: where the product has no valid one,
 * this is a mistaken one, and no key. */
static bool is_mistaken_isbn(const struct identifier *id)
{
    return str_eq(id->type, STR("02")) || str_eq(id->type, STR("15")) ||
           (str_eq(id->type, STR("03")) &&
            (str_starts(id->value, STR("978")) || str_starts(id->value, STR("979"))));
}

/* A number's key among all products. A proprietary one is unique only with the
 * name of its type; without a name it is its sender's own. */
static struct str number_key(struct arena *arena, const struct applying *a,
                             const struct identifier *id)
{
    if (str_eq(id->type, STR("01")) && id->type_name.n == 0)
        return arena_printf(arena, "01:sender-%llu:%.*s", (unsigned long long)a->sender,
                            STR_ARG(id->value));
    return arena_printf(arena, "%.*s:%.*s:%.*s", STR_ARG(id->type), STR_ARG(id->type_name),
                        STR_ARG(id->value));
}

/* The ISBN-13, else the strongest other number. */
static struct str product_key(struct arena *arena, const struct applying *a,
                              const struct edition *e)
{
    static const char *const types[] = {"06", "22", "25", "14", "03", "01"};
    if (e->isbn13[0] != '\0')
        return arena_str(arena, str_of(e->isbn13));
    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        for (size_t i = 0; i < e->ids.n; i++)
            if (str_eq(e->ids.v[i].type, str_of(types[t])) && !is_mistaken_isbn(&e->ids.v[i]))
                return number_key(arena, a, &e->ids.v[i]);
    for (size_t i = 0; i < e->ids.n; i++)
        if (e->ids.v[i].value.n > 0 && !is_mistaken_isbn(&e->ids.v[i]))
            return number_key(arena, a, &e->ids.v[i]);
    return STR_NONE;
}

/* ---- corrections ---- */

/* *e as it is to be shown; *ret_corrected where that is not as it was said. */
static enum rc correct(struct applying *a, struct arena *arena, struct str key, struct edition *e,
                       bool *ret_corrected, struct fault *fault)
{
    struct correction_row *rows;
    struct correction list[CORRECTIONS_MAX];
    size_t n;
    enum rc rc = correction_rows(a->conn, arena, a->shop, key, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        list[i] = rows[i].correction;
    if (rc == RC_OK)
        edition_correct(e, list, n, arena);
    *ret_corrected = rc == RC_OK && n > 0;
    return rc;
}

/* What a new record of the feed says is kept beside what is shown of it. */
static enum rc keep_said(struct applying *a, uint64_t record, bool corrected, struct str said,
                         struct fault *fault)
{
    if (corrected)
        return record_said_put(a->conn, record, said, fault);
    return a->corrected != NULL ? record_said_remove(a->conn, record, fault) : RC_OK;
}

/* The facts that the sender said last. */
static enum rc said_facts(struct applying *a, struct arena *arena, uint64_t record, struct str *ret,
                          struct fault *fault)
{
    enum rc rc =
        a->corrected != NULL ? record_said(a->conn, arena, record, ret, fault) : RC_NOT_FOUND;
    return rc == RC_NOT_FOUND ? catalogue_record_facts(a->conn, arena, record, ret, fault) : rc;
}

static enum rc tell_change(struct applying *a, uint64_t edition, uint64_t *ret_seq,
                           struct fault *fault)
{
    enum rc rc = catalogue_id_take(a->conn, IDS_CHANGE, ret_seq, fault);
    return rc == RC_OK ? catalogue_change_add(a->conn, *ret_seq, "edition", edition, fault) : rc;
}

static enum rc describe(struct applying *a, uint64_t edition, struct record_standing *standing,
                        struct fault *fault)
{
    uint64_t seq;
    enum rc rc = catalogue_record_standing(a->conn, edition, a->sender, standing, fault);
    if (rc == RC_OK)
        rc = catalogue_edition_describe(a->conn, edition, standing, fault);
    return rc == RC_OK ? tell_change(a, edition, &seq, fault) : rc;
}

static enum rc delete_record(struct applying *a, struct arena *arena,
                             const struct onix_record *record, struct record_row *row,
                             enum applied *ret, struct fault *fault)
{
    struct record_standing standing;
    struct str key;
    uint64_t work;
    if (row->id == 0) {
        find_problem(a, record, SEVERITY_WARNING, "NotificationType", "no-record",
                     "there is no such record to delete");
        *ret = APPLIED_UNCHANGED;
        return RC_OK;
    }
    if (row->deleted) {
        *ret = APPLIED_UNCHANGED;
        return RC_OK;
    }
    row->sent = a->sent;
    memcpy(row->digest, record->digest, sizeof row->digest);
    enum rc rc = catalogue_record_delete(a->conn, row, fault);
    if (rc == RC_OK)
        rc = describe(a, row->edition, &standing, fault);
    if (rc == RC_OK)
        rc = catalogue_edition_head(a->conn, arena, row->edition, &key, &work, fault);
    if (rc == RC_OK)
        rc = unlink_stale(a, arena, work, fault);
    *ret = APPLIED_DELETED;
    return rc;
}

/* The edition behind the key, made where it is new, and then noted as fresh. */
static enum rc find_edition(struct applying *a, struct arena *arena, struct str key,
                            const struct edition *e, uint64_t record, uint64_t *ret_id,
                            uint64_t *ret_work, bool *ret_new, struct fault *fault)
{
    struct str keys[KEYS_MAX];
    bool new_work;
    uint64_t known = 0, id = 0;
    enum rc rc = RC_NOT_FOUND;
    if (!a->complete || name_map_full(a->editions) || name_map_get(a->editions, key, &known))
        rc = catalogue_edition_known(a->conn, key, &id, &known, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret_new = rc == RC_NOT_FOUND;
    if (*ret_new)
        known = 0;
    size_t n = work_keys(arena, e, keys, KEYS_MAX);
    rc = place_in_work(a, keys, n, known, ret_work, &new_work, fault);
    if (rc == RC_OK && *ret_new) {
        rc = catalogue_id_take(a->conn, IDS_EDITION, &id, fault);
        if (rc == RC_OK)
            rc = catalogue_edition_add(a->conn, id, key, *ret_work, record, fault);
        if (rc == RC_OK)
            name_map_put(a->editions, key, *ret_work);
        a->fresh =
            (struct fresh_edition){.id = id, .work = *ret_work, .only_one = new_work, .key = key};
        a->last_edition = id;
    }
    *ret_id = id;
    return rc;
}

static enum rc add_record(struct applying *a, struct arena *arena, const struct onix_record *record,
                          const struct edition *e, struct record_row *row, struct str facts,
                          enum applied *ret, struct fault *fault)
{
    struct str key = product_key(arena, a, &record->edition);
    uint64_t work;
    bool fresh;
    enum rc rc = catalogue_id_take(a->conn, IDS_RECORD, &row->id, fault);
    if (rc == RC_OK)
        rc = find_edition(a, arena, key, &record->edition, row->id, &row->edition, &work, &fresh,
                          fault);
    if (rc == RC_OK)
        rc =
            catalogue_record_add(a->conn, row, a->sender, record->reference, a->shop, facts, fault);
    if (rc != RC_OK)
        return rc;
    *ret = APPLIED_ADDED;
    if (fresh) {
        a->fresh.facts = *e;
        rc = tell_change(a, row->edition, &a->fresh.seq, fault);
        return rc == RC_OK ? link_work(a, arena, e, work, fault) : rc;
    }
    struct record_standing standing;
    rc = describe(a, row->edition, &standing, fault);
    if (rc == RC_OK && standing.of_sender > 1)
        find_problem(a, record, SEVERITY_WARNING, "RecordReference", "record-reference-changed",
                     "the sender describes this product under another RecordReference too");
    if (rc == RC_OK && standing.best == row->id)
        rc = link_work(a, arena, e, work, fault);
    return rc;
}

static enum rc replace_record(struct applying *a, struct arena *arena,
                              const struct onix_record *record, const struct edition *e,
                              struct record_row *row, struct str facts, enum applied *ret,
                              struct fault *fault)
{
    struct str key = product_key(arena, a, e), old_key;
    uint64_t old_edition = row->edition, old_work, work;
    struct record_standing standing;
    bool fresh = false;
    enum rc rc = catalogue_edition_head(a->conn, arena, old_edition, &old_key, &old_work, fault);
    work = old_work;
    if (rc == RC_OK && key.n > 0 && !str_eq(key, old_key)) {
        find_problem(a, record, SEVERITY_WARNING, "ProductIdentifier", "product-changed",
                     "the record describes another product than before");
        rc = find_edition(a, arena, key, e, row->id, &row->edition, &work, &fresh, fault);
    }
    if (rc == RC_OK)
        rc = catalogue_record_replace(a->conn, row, facts, fault);
    if (rc == RC_OK)
        rc = describe(a, row->edition, &standing, fault);
    if (rc == RC_OK && standing.best == row->id)
        rc = link_work(a, arena, e, work, fault);
    if (rc == RC_OK && row->edition != old_edition) {
        rc = describe(a, old_edition, &standing, fault);
        if (rc == RC_OK)
            rc = unlink_stale(a, arena, old_work, fault);
    }
    if (rc == RC_OK)
        rc = unlink_stale(a, arena, work, fault);
    *ret = APPLIED_CHANGED;
    return rc;
}

/* Lays a block update over the stored facts. */
static enum rc update_facts(struct applying *a, struct arena *arena,
                            const struct onix_record *record, const struct record_row *row,
                            struct edition *ret, struct fault *fault)
{
    struct str stored;
    enum rc rc = said_facts(a, arena, row->id, &stored, fault);
    if (rc == RC_OK)
        rc = unpack_edition(stored, arena, ret, fault);
    if (rc == RC_OK && record->partial)
        edition_apply_partial(ret, &record->edition, arena);
    else if (rc == RC_OK)
        edition_apply_update(ret, &record->edition, record->emptied, arena);
    return rc;
}

/* NULL, or why the record does nothing here. */
static const char *not_taken(const struct onix_record *record)
{
    switch (record->notification) {
    case NOTIFY_TEST:
    case NOTIFY_TEST_UPDATE:
        return "a test record: it is never published";
    case NOTIFY_SALE:
    case NOTIFY_ACQUISITION:
        return "a notice of sale or acquisition: a record of the new publisher is awaited";
    default:
        return NULL;
    }
}

static enum rc find_record(struct applying *a, const struct onix_record *record,
                           struct record_row *ret, struct fault *fault)
{
    bool again = name_map_meet(a->references, record->reference, record->line);
    *ret = (struct record_row){0};
    if (again)
        find_problem(a, record, SEVERITY_WARNING, "RecordReference", "duplicate-reference",
                     "it stands in this message more than once; the last one counts");
    if (a->sender_empty && !again && !name_map_full(a->references))
        return RC_OK;
    enum rc rc = catalogue_record_find(a->conn, a->sender, record->reference, ret, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void take_bytes(struct record_row *row, const struct onix_record *record)
{
    row->has_bytes = record->has_bytes;
    memcpy(row->bytes, record->bytes, sizeof row->bytes);
}

/* The same record in other bytes, or taken before bytes were kept: next time it passes. */
static enum rc keep_bytes(struct applying *a, const struct onix_record *record,
                          struct record_row *row, struct fault *fault)
{
    if (!record->has_bytes ||
        (row->has_bytes && memcmp(row->bytes, record->bytes, sizeof row->bytes) == 0))
        return RC_OK;
    take_bytes(row, record);
    return catalogue_record_bytes(a->conn, row, fault);
}

/* A day without a time of day is that day to its end. */
static int64_t counted_as_of(int64_t sent)
{
    enum { DAY = 86400 };
    return sent % DAY == 0 ? sent + DAY - 1 : sent;
}

/* So many copies, as of when the message was sent: whoever counted later is right. `e` NULL: the
 * record is the one that was there. */
static enum rc take_stock(struct applying *a, const struct onix_record *record,
                          const struct edition *e, uint64_t edition, struct fault *fault)
{
    struct stock_row stock;
    if (record->on_hand < 0)
        return RC_OK;
    enum rc rc = stock_row(a->conn, a->shop, edition, &stock, fault);
    if (rc == RC_NOT_FOUND && (e == NULL || edition_is_digital(e)))
        return RC_OK;
    if (rc == RC_OK && a->sent != 0 && counted_as_of(a->sent) < stock.counted) {
        if (stock.on_hand != (uint64_t)record->on_hand)
            find_problem(a, record, SEVERITY_WARNING, "ProductSupply/SupplyDetail/Stock",
                         "stock-older", "it was counted after the message was sent; that stays");
        return RC_OK;
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    /* A message says what was there when it was sent, however late it is taken. */
    int64_t now = clock_now(), counted = a->sent != 0 ? counted_as_of(a->sent) : now;
    return stock_row_put(a->conn, a->shop, edition, (uint64_t)record->on_hand,
                         counted < now ? counted : now, fault);
}

enum rc apply_record(struct applying *a, struct arena *arena, const struct onix_record *record,
                     enum applied *ret, struct fault *fault)
{
    BUF_AUTO said = BUF_INIT(PACK_MAX);
    struct buf *facts = &a->facts;
    struct record_row row;
    struct edition updated;
    const struct edition *e = &record->edition;
    a->fresh.seq = 0;
    if (not_taken(record) != NULL)
        return refuse_record(a, record, "NotificationType", "not-published", not_taken(record),
                             ret);
    enum rc rc = find_record(a, record, &row, fault);
    if (rc != RC_OK)
        return rc;
    if (row.id != 0 && !row.deleted && memcmp(row.digest, record->digest, DIGEST_SIZE) == 0) {
        *ret = APPLIED_UNCHANGED;
        rc = take_stock(a, record, NULL, row.edition, fault);
        return rc == RC_OK ? keep_bytes(a, record, &row, fault) : rc;
    }
    bool update = record->notification == NOTIFY_BLOCK_UPDATE;
    if (row.id != 0 && a->sent != 0 && a->sent < row.sent) {
        if (update)
            return refuse_record(a, record, "Header/SentDateTime", "older",
                                 "the update is older than what it updates", ret);
        find_problem(a, record, SEVERITY_WARNING, "Header/SentDateTime", "older",
                     "a later record was taken already; this one is passed over");
        *ret = APPLIED_UNCHANGED;
        return RC_OK;
    }
    if (record->notification == NOTIFY_DELETE)
        return delete_record(a, arena, record, &row, ret, fault);
    if (update) {
        if (row.id == 0 || row.deleted)
            return refuse_record(a, record, "NotificationType", "no-record",
                                 "a block update needs a record to update; send a full one", ret);
        rc = update_facts(a, arena, record, &row, &updated, fault);
        if (rc != RC_OK)
            return rc;
        e = &updated;
    }
    struct edition corrected_edition;
    bool corrected = false;
    uint64_t mark;
    buf_clear(facts);
    pack_edition(e, facts);
    struct str key = a->corrected != NULL ? product_key(arena, a, e) : STR_NONE;
    if (key.n > 0 && name_map_get(a->corrected, key, &mark)) {
        corrected_edition = *e;
        rc = correct(a, arena, key, &corrected_edition, &corrected, fault);
        if (rc != RC_OK)
            return rc;
        buf_str_add(&said, buf_str(facts));
        buf_clear(facts);
        e = &corrected_edition;
        pack_edition(e, facts);
    }
    if (buf_check(facts) != RC_OK || buf_check(&said) != RC_OK)
        return refuse_record(a, record, "", "product-size", "the product is too large", ret);
    row.precedence = precedence_of(record->source_type);
    row.sent = a->sent;
    memcpy(row.digest, record->digest, DIGEST_SIZE);
    take_bytes(&row, record);
    bool fresh = row.id == 0;
    row.deleted = false;
    rc = fresh ? add_record(a, arena, record, e, &row, buf_str(facts), ret, fault)
               : replace_record(a, arena, record, e, &row, buf_str(facts), ret, fault);
    if (rc == RC_OK)
        rc = take_stock(a, record, e, row.edition, fault);
    return rc == RC_OK && (corrected || !fresh)
               ? keep_said(a, row.id, corrected, buf_str(&said), fault)
               : rc;
}

/* ---- corrections that changed ---- */

static enum rc correct_record(struct applying *a, struct arena *arena, struct str key,
                              uint64_t record, struct edition *ret, struct fault *fault)
{
    BUF_AUTO facts = BUF_INIT(PACK_MAX);
    struct str said;
    bool corrected = false;
    enum rc rc = record_said(a->conn, arena, record, &said, fault);
    if (rc == RC_NOT_FOUND)
        rc = catalogue_record_facts(a->conn, arena, record, &said, fault);
    if (rc == RC_OK)
        rc = unpack_edition(said, arena, ret, fault);
    if (rc == RC_OK)
        rc = correct(a, arena, key, ret, &corrected, fault);
    if (rc != RC_OK)
        return rc;
    pack_edition(ret, &facts);
    if (buf_check(&facts) != RC_OK)
        return fault_set(fault, RC_INVALID, "description: the title would be too large");
    rc = corrected ? record_said_put(a->conn, record, said, fault)
                   : record_said_remove(a->conn, record, fault);
    return rc == RC_OK ? record_facts_put(a->conn, record, buf_str(&facts), fault) : rc;
}

static void begin_maps(struct applying *a)
{
    a->editions = name_map_new();
    a->works = name_map_new();
    a->contributors = name_map_new();
    a->collections = name_map_new();
    a->references = name_map_new();
}

void applying_forget(struct applying *a)
{
    name_map_free(a->editions);
    name_map_free(a->works);
    name_map_free(a->contributors);
    name_map_free(a->collections);
    name_map_free(a->references);
    name_map_free(a->corrected);
    buf_free(&a->facts);
}

enum rc apply_corrections(struct applying *a, struct arena *arena, struct str key,
                          struct fault *fault)
{
    enum { RECORDS_MAX = 100 };
    uint64_t records[RECORDS_MAX], edition = 0, work = 0, seq;
    struct record_standing standing;
    struct str own_key;
    size_t n = 0;
    begin_maps(a);
    enum rc rc = applying_begin_batch(a, fault);
    if (rc == RC_OK)
        rc = shop_records_by_key(a->conn, a->shop, key, RECORDS_MAX, records, &n, &edition, fault);
    if (rc == RC_OK && n == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no such thing");
    if (rc == RC_OK)
        rc = catalogue_edition_head(a->conn, arena, edition, &own_key, &work, fault);
    if (rc == RC_OK)
        rc = catalogue_record_standing(a->conn, edition, 0, &standing, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct edition e;
        rc = correct_record(a, arena, key, records[i], &e, fault);
        if (rc == RC_OK && records[i] == standing.best)
            rc = link_work(a, arena, &e, work, fault);
    }
    if (rc == RC_OK)
        rc = unlink_stale(a, arena, work, fault);
    if (rc == RC_OK)
        rc = tell_change(a, edition, &seq, fault);
    return rc == RC_OK ? applying_end_batch(a, fault) : rc;
}
