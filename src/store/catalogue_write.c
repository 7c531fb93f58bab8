#include "store/catalogue_write.h"

#include "base/clock.h"
#include "store/catalogue_rows.h"
#include "store/db.h"

static const char *const counter_names[CATALOGUE_COUNTERS] = {
    [IDS_EDITION] = "edition",       [IDS_WORK] = "work",
    [IDS_RECORD] = "product_record", [IDS_CONTRIBUTOR] = "contributor",
    [IDS_COLLECTION] = "collection", [IDS_CHANGE] = "change",
};

enum rc catalogue_id_take(struct store_conn *conn, enum catalogue_counter counter, uint64_t *ret,
                          struct fault *fault)
{
    return store_take_ids(conn, counter_names[counter], 1, ret, fault);
}

enum rc catalogue_change_add(struct store_conn *conn, uint64_t seq, const char *kind, uint64_t key,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CHANGE_ADD);
    query_int(&q, 1, (int64_t)seq);
    query_str(&q, 2, str_of(kind));
    query_int(&q, 3, (int64_t)key);
    return query_post(&q, fault);
}

/* ---- senders and their records ---- */

static enum rc sender_add(struct store_conn *conn, uint64_t shop, struct str key, struct str name,
                          uint64_t *ret_id, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "sender", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SENDER_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)shop);
    query_str(&q, 3, key);
    query_str(&q, 4, name);
    rc = query_run(&q, fault);
    if (rc == RC_OK)
        *ret_id = id;
    return rc;
}

/* The one sender of that name, whatever else tells it from others; RC_NOT_FOUND where there are
 * more. */
static enum rc sender_named(struct store_conn *conn, uint64_t shop, struct str name,
                            uint64_t *ret_id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SENDERS_NAMED);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, name);
    enum rc rc = query_number(&q, ret_id, fault);
    if (rc != RC_OK)
        return rc;
    rc = query_step(&q, fault);
    return rc == RC_OK ? RC_NOT_FOUND : rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc sender_find(struct store_conn *conn, uint64_t shop, struct str key, uint64_t *ret_id,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SENDER_FIND);
    query_int(&q, 1, (int64_t)shop);
    query_str(&q, 2, key);
    enum rc rc = query_number(&q, ret_id, fault);
    /* A partner's systems do not all give its number: a name alone is whom it names. */
    struct str only_name = STR("name:");
    if (rc != RC_NOT_FOUND || !str_starts(key, only_name))
        return rc;
    return sender_named(conn, shop, str_sub(key, only_name.n, key.n), ret_id, fault);
}

enum rc catalogue_sender(struct store_conn *conn, uint64_t shop, struct str key, struct str name,
                         uint64_t *ret_id, bool *ret_empty, struct fault *fault)
{
    uint64_t id;
    enum rc rc = sender_find(conn, shop, key, &id, fault);
    if (rc == RC_NOT_FOUND)
        rc = sender_add(conn, shop, key, name, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_SENDER_HAS_RECORDS);
    query_int(&q, 1, (int64_t)id);
    rc = query_step(&q, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret_id = id;
    *ret_empty = rc == RC_NOT_FOUND;
    return RC_OK;
}

enum rc catalogue_sender_message(struct store_conn *conn, uint64_t sender, uint64_t number,
                                 uint64_t *ret_before, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SENDER_MESSAGE);
    query_int(&q, 1, (int64_t)sender);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t latest = (uint64_t)query_get_int(&q, 0), before = (uint64_t)query_get_int(&q, 1);
    *ret_before = number > latest ? latest : number == latest ? before : 0;
    if (number <= latest)
        return RC_OK;
    QUERY put = query_start(conn, SQL_SENDER_MESSAGE_PUT);
    query_int(&put, 1, (int64_t)sender);
    query_int(&put, 2, (int64_t)number);
    return query_run(&put, fault);
}

enum rc catalogue_record_find(struct store_conn *conn, uint64_t sender, struct str reference,
                              struct record_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_FIND);
    query_int(&q, 1, (int64_t)sender);
    query_str(&q, 2, reference);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    struct str digest = query_peek(&q, 5);
    if (digest.n != sizeof ret->digest)
        return fault_set(fault, RC_CORRUPT, "record %.*s: its digest is damaged",
                         STR_ARG(reference));
    *ret = (struct record_row){
        .id = (uint64_t)query_get_int(&q, 0),
        .edition = (uint64_t)query_get_int(&q, 1),
        .precedence = (unsigned)query_get_int(&q, 2),
        .sent = query_get_int(&q, 3),
        .deleted = query_get_int(&q, 4) != 0,
    };
    memcpy(ret->digest, digest.p, digest.n);
    struct str bytes = query_peek(&q, 6);
    ret->has_bytes = bytes.n == sizeof ret->bytes;
    if (ret->has_bytes)
        memcpy(ret->bytes, bytes.p, bytes.n);
    return RC_OK;
}

enum rc catalogue_records_known(struct store_conn *conn, uint64_t shop, struct str sender,
                                bool (*each)(void *context, struct str reference,
                                             const uint8_t bytes[DIGEST_SIZE]),
                                void *context, struct fault *fault)
{
    uint64_t id;
    enum rc rc = sender_find(conn, shop, sender, &id, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    QUERY q = query_start(conn, SQL_RECORDS_KNOWN);
    query_int(&q, 1, (int64_t)id);
    while ((rc = query_step(&q, fault)) == RC_OK) {
        struct str bytes = query_peek(&q, 1);
        if (bytes.n == DIGEST_SIZE && !each(context, query_peek(&q, 0), (const uint8_t *)bytes.p))
            return RC_OK;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void bind_bytes(struct query *q, int at, const struct record_row *r)
{
    if (r->has_bytes)
        query_bytes(q, at, r->bytes, sizeof r->bytes);
    else
        query_null(q, at);
}

enum rc catalogue_record_bytes(struct store_conn *conn, const struct record_row *r,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_BYTES);
    query_int(&q, 1, (int64_t)r->id);
    bind_bytes(&q, 2, r);
    return query_post(&q, fault);
}

enum rc catalogue_record_facts(struct store_conn *conn, struct arena *arena, uint64_t id,
                               struct str *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_FACTS);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = query_get_str(&q, 0, arena);
    return rc;
}

enum rc catalogue_record_add(struct store_conn *conn, const struct record_row *r, uint64_t sender,
                             struct str reference, uint64_t shop, struct str facts,
                             struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_ADD);
    query_int(&q, 1, (int64_t)r->id);
    query_int(&q, 2, (int64_t)sender);
    query_str(&q, 3, reference);
    query_int(&q, 4, (int64_t)shop);
    query_int(&q, 5, (int64_t)r->edition);
    query_int(&q, 6, r->precedence);
    query_int(&q, 7, r->sent);
    query_bytes(&q, 8, r->digest, sizeof r->digest);
    query_bytes(&q, 9, facts.p, facts.n);
    bind_bytes(&q, 10, r);
    return query_post(&q, fault);
}

enum rc catalogue_record_replace(struct store_conn *conn, const struct record_row *r,
                                 struct str facts, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_REPLACE);
    query_int(&q, 1, (int64_t)r->id);
    query_int(&q, 2, (int64_t)r->edition);
    query_int(&q, 3, r->precedence);
    query_int(&q, 4, r->sent);
    query_bytes(&q, 5, r->digest, sizeof r->digest);
    query_bytes(&q, 6, facts.p, facts.n);
    bind_bytes(&q, 7, r);
    return query_post(&q, fault);
}

enum rc catalogue_record_delete(struct store_conn *conn, const struct record_row *r,
                                struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_DELETE);
    query_int(&q, 1, (int64_t)r->id);
    query_int(&q, 2, r->sent);
    query_bytes(&q, 3, r->digest, sizeof r->digest);
    return query_post(&q, fault);
}

/* Precedence, then the later message, then the older record. */
static bool outranks(const struct record_row *a, const struct record_row *b)
{
    if (b->id == 0 || a->precedence != b->precedence)
        return b->id == 0 || a->precedence < b->precedence;
    return a->sent != b->sent ? a->sent > b->sent : a->id < b->id;
}

enum rc catalogue_record_standing(struct store_conn *conn, uint64_t edition, uint64_t sender,
                                  struct record_standing *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RECORD_OF_EDITION);
    query_int(&q, 1, (int64_t)edition);
    struct record_row best = {0};
    size_t of_sender = 0, living = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        struct record_row row = {.id = (uint64_t)query_get_int(&q, 0),
                                 .precedence = (unsigned)query_get_int(&q, 2),
                                 .sent = query_get_int(&q, 3)};
        if (query_get_int(&q, 4) != 0)
            continue;
        living++;
        of_sender += (uint64_t)query_get_int(&q, 1) == sender;
        if (outranks(&row, &best))
            best = row;
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = (struct record_standing){best.id, of_sender, living};
    return RC_OK;
}

/* ---- editions and works ---- */

enum rc catalogue_edition_head(struct store_conn *conn, struct arena *arena, uint64_t id,
                               struct str *ret_key, uint64_t *ret_work, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_KEY);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc != RC_OK)
        return rc;
    *ret_key = query_get_str(&q, 0, arena);
    *ret_work = (uint64_t)query_get_int(&q, 1);
    return RC_OK;
}

enum rc catalogue_edition_add(struct store_conn *conn, uint64_t id, struct str key, uint64_t work,
                              uint64_t record, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_ADD);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, key);
    query_int(&q, 3, (int64_t)work);
    query_int(&q, 4, (int64_t)record);
    return query_post(&q, fault);
}

enum rc catalogue_edition_describe(struct store_conn *conn, uint64_t id,
                                   const struct record_standing *standing, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EDITION_DESCRIBE);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)standing->best);
    query_int(&q, 3, standing->living > 1);
    return query_post(&q, fault);
}

enum rc catalogue_work_add(struct store_conn *conn, uint64_t id, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WORK_ADD);
    query_int(&q, 1, (int64_t)id);
    return query_post(&q, fault);
}

enum rc catalogue_work_key_find(struct store_conn *conn, struct str key, uint64_t *ret_work,
                                struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WORK_KEY_FIND);
    query_str(&q, 1, key);
    return query_number(&q, ret_work, fault);
}

enum rc catalogue_work_key_add(struct store_conn *conn, struct str key, uint64_t work,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WORK_KEY_ADD);
    query_str(&q, 1, key);
    query_int(&q, 2, (int64_t)work);
    return query_post(&q, fault);
}

/* ---- sets ---- */

enum rc catalogue_contributor_find(struct store_conn *conn, struct str key, uint64_t *ret,
                                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CONTRIBUTOR_FIND);
    query_str(&q, 1, key);
    return query_number(&q, ret, fault);
}

enum rc catalogue_contributor_add(struct store_conn *conn, const struct contributor_row *c,
                                  struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CONTRIBUTOR_ADD);
    query_int(&q, 1, (int64_t)c->id);
    query_str(&q, 2, c->key);
    query_str(&q, 3, c->name);
    return query_post(&q, fault);
}

static enum rc run_pair(struct store_conn *conn, enum statement name, uint64_t set, uint64_t work,
                        struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)set);
    query_int(&q, 2, (int64_t)work);
    return query_post(&q, fault);
}

enum rc catalogue_work_contributor_add(struct store_conn *conn, uint64_t contributor, uint64_t work,
                                       struct fault *fault)
{
    return run_pair(conn, SQL_WORK_CONTRIBUTOR_ADD, contributor, work, fault);
}

enum rc catalogue_work_contributor_remove(struct store_conn *conn, uint64_t contributor,
                                          uint64_t work, struct fault *fault)
{
    return run_pair(conn, SQL_WORK_CONTRIBUTOR_REMOVE, contributor, work, fault);
}

enum rc catalogue_collection_find(struct store_conn *conn, struct str key, uint64_t *ret,
                                  struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_FIND);
    query_str(&q, 1, key);
    return query_number(&q, ret, fault);
}

enum rc catalogue_collection_put(struct store_conn *conn, uint64_t id, struct str slug,
                                 struct str name, struct str key, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_ADD);
    query_int(&q, 1, (int64_t)id);
    query_str(&q, 2, slug);
    query_str(&q, 3, name);
    query_str(&q, 4, key);
    query_int(&q, 5, clock_now());
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK && query_changes(&q) == 0)
        rc = fault_set(fault, RC_CONFLICT, "collection %.*s: the name is taken", STR_ARG(slug));
    return rc;
}

enum rc catalogue_collection_work_put(struct store_conn *conn, uint64_t collection, uint64_t work,
                                      struct str part, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_WORK_SET);
    query_int(&q, 1, (int64_t)collection);
    query_int(&q, 2, (int64_t)work);
    query_str(&q, 3, part);
    query_int(&q, 4, catalogue_part_position(part));
    return query_post(&q, fault);
}

enum rc catalogue_collection_work_remove(struct store_conn *conn, uint64_t collection,
                                         uint64_t work, struct fault *fault)
{
    return run_pair(conn, SQL_COLLECTION_WORK_REMOVE, collection, work, fault);
}

enum rc catalogue_work_feed_collections(struct store_conn *conn, struct arena *arena, uint64_t work,
                                        struct collection_place **ret, size_t *ret_n,
                                        struct fault *fault)
{
    QUERY q = query_start(conn, SQL_COLLECTION_OF_WORK);
    query_int(&q, 1, (int64_t)work);
    struct collection_place *list = NULL;
    size_t n = 0, room = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        if (!str_starts(query_peek(&q, 5), STR(FEED_COLLECTION)))
            continue;
        ARENA_ROOM(arena, list, n, room);
        list[n++] = (struct collection_place){.collection = {.id = (uint64_t)query_get_int(&q, 0),
                                                             .slug = query_get_str(&q, 1, arena),
                                                             .name = query_get_str(&q, 2, arena),
                                                             .created = query_get_int(&q, 3)},
                                              .part = query_get_str(&q, 4, arena)};
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = list;
    *ret_n = n;
    return RC_OK;
}

/* ---- the order of parts ---- */

enum { PART_MAX = 1000000000 };

static int64_t decimal(struct str s)
{
    int64_t value = 0, unit = 1000;
    size_t i = 0;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && value < PART_MAX; i++)
        value = value * 10 + (s.p[i] - '0');
    if (i == 0 || value >= PART_MAX)
        return -1;
    value *= 1000;
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && unit > 1; i++)
            value += (s.p[i] - '0') * (unit /= 10);
    return value;
}

static int roman_digit(char c)
{
    static const struct {
        char letter;
        int value;
    } digits[] = {{'I', 1}, {'V', 5}, {'X', 10}, {'L', 50}, {'C', 100}, {'D', 500}, {'M', 1000}};
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
        if (digits[i].letter == c || digits[i].letter + 32 == c)
            return digits[i].value;
    return 0;
}

static int64_t roman(struct str s)
{
    int64_t value = 0;
    if (s.n == 0 || s.n > 15)
        return -1;
    for (size_t i = 0; i < s.n; i++) {
        int digit = roman_digit(s.p[i]), next = i + 1 < s.n ? roman_digit(s.p[i + 1]) : 0;
        if (digit == 0)
            return -1;
        value += digit < next ? -digit : digit;
    }
    return value * 1000;
}

int64_t catalogue_part_position(struct str part)
{
    struct str s = str_trim(part);
    int64_t position = decimal(s);
    if (position < 0)
        position = roman(s);
    return position < 0 ? PART_POSITION_NONE : position;
}
