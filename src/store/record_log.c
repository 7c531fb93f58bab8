#include "store/record_log.h"

#include "store/db.h"

enum rc record_log_add(struct store_conn *conn, enum log_id log, const char *type, struct str bytes,
                       uint64_t *ret_id, struct fault *fault)
{
    uint64_t id;
    enum rc rc = store_take_ids(conn, "entry", 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_ENTRY_ADD);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, log);
    query_str(&q, 3, str_of(type));
    query_bytes(&q, 4, bytes.p, bytes.n);
    rc = query_run(&q, fault);
    if (rc == RC_OK)
        *ret_id = id;
    return rc;
}

enum rc record_log_pending(struct store_conn *conn, struct arena *arena, enum log_id log,
                           uint64_t until, struct log_entry *ret, size_t room, size_t *ret_n,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_PENDING);
    query_int(&q, 1, log);
    query_int(&q, 2, (int64_t)room);
    query_int(&q, 3, (int64_t)until);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && n < room)
        ret[n++] = (struct log_entry){.id = (uint64_t)query_get_int(&q, 0),
                                      .index = LOG_PENDING,
                                      .bytes = query_get_str(&q, 1, arena)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret_n = n;
    return RC_OK;
}

/* The one number of a statement that always has one row. */
static enum rc one_number(struct query *q, uint64_t *ret, struct fault *fault)
{
    enum rc rc = query_number(q, ret, fault);
    return rc == RC_NOT_FOUND ? fault_set(fault, RC_CORRUPT, "database: a count returned nothing")
                              : rc;
}

enum rc record_log_pending_latest(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_PENDING_LATEST);
    return one_number(&q, ret, fault);
}

enum rc record_log_pending_lift_latest(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_PENDING_LIFT_LATEST);
    return one_number(&q, ret, fault);
}

enum rc record_log_retractions(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_RETRACTIONS);
    return one_number(&q, ret, fault);
}

enum rc record_log_pending_until(struct store_conn *conn, uint64_t id, uint64_t *ret,
                                 struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_PENDING_UNTIL);
    query_int(&q, 1, (int64_t)id);
    return one_number(&q, ret, fault);
}

enum rc record_log_publish(struct store_conn *conn, uint64_t id, uint64_t index,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_PUBLISH);
    query_int(&q, 1, (int64_t)id);
    query_int(&q, 2, (int64_t)index);
    return query_run(&q, fault);
}

enum rc record_log_index(struct store_conn *conn, uint64_t id, uint64_t *ret_index,
                         struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_INDEX);
    query_int(&q, 1, (int64_t)id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "no entry %llu", (unsigned long long)id);
    if (rc == RC_OK)
        *ret_index = query_get_is_null(&q, 1) ? LOG_PENDING : (uint64_t)query_get_int(&q, 1);
    return rc;
}

enum rc record_log_at(struct store_conn *conn, struct arena *arena, enum log_id log, uint64_t index,
                      struct log_entry *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_AT);
    query_int(&q, 1, log);
    query_int(&q, 2, (int64_t)index);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "no entry with index %llu", (unsigned long long)index);
    if (rc == RC_OK)
        *ret = (struct log_entry){.id = (uint64_t)query_get_int(&q, 0),
                                  .index = index,
                                  .bytes = query_get_str(&q, 1, arena)};
    return rc;
}

enum rc record_log_latest(struct store_conn *conn, struct arena *arena, enum log_id log,
                          const char *type, struct log_entry *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_LATEST_OF_TYPE);
    query_int(&q, 1, log);
    query_str(&q, 2, str_of(type));
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret = (struct log_entry){.id = (uint64_t)query_get_int(&q, 2),
                                  .index = (uint64_t)query_get_int(&q, 0),
                                  .type = str_of(type),
                                  .bytes = query_get_str(&q, 1, arena)};
    return rc;
}

typedef enum rc (*entry_callback)(void *context, const struct log_entry *entry,
                                  struct fault *fault);

/* Which entries: read one page after another, so that a long log is never held
 * whole. */
struct entry_pages {
    enum statement name;
    enum log_id log;
    uint64_t from, to;
    const char *type;
};
enum { PAGE = 4096 };

static void bind_page(struct query *q, const struct entry_pages *pages, uint64_t from)
{
    bool decisions = pages->name == SQL_ENTRY_DECISIONS || pages->name == SQL_ENTRY_DEMANDS;
    int at = 1;
    if (!decisions)
        query_int(q, at++, pages->log);
    query_int(q, at++, (int64_t)from);
    if (pages->name == SQL_ENTRY_RANGE)
        query_int(q, at++, (int64_t)pages->to);
    if (pages->type != NULL)
        query_str(q, at++, str_of(pages->type));
    query_int(q, at, PAGE);
}

static enum rc each_entry(struct store_conn *conn, const struct entry_pages *pages,
                          entry_callback each, void *context, struct fault *fault)
{
    uint64_t from = pages->from;
    for (;;) {
        QUERY q = query_start(conn, pages->name);
        size_t n = 0;
        enum rc rc;
        bind_page(&q, pages, from);
        while ((rc = query_step(&q, fault)) == RC_OK) {
            struct log_entry entry = {.id = (uint64_t)query_get_int(&q, 2),
                                      .index = (uint64_t)query_get_int(&q, 0),
                                      .type = str_of(pages->type),
                                      .bytes = query_peek(&q, 1)};
            from = entry.index + 1;
            n++;
            rc = each(context, &entry, fault);
            if (rc != RC_OK)
                return rc;
        }
        if (rc != RC_NOT_FOUND)
            return rc;
        if (n < PAGE)
            return RC_OK;
    }
}

enum rc record_log_range(struct store_conn *conn, enum log_id log, uint64_t from, uint64_t to,
                         entry_callback each, void *context, struct fault *fault)
{
    struct entry_pages pages = {.name = SQL_ENTRY_RANGE, .log = log, .from = from, .to = to};
    return each_entry(conn, &pages, each, context, fault);
}

enum rc record_log_of_type(struct store_conn *conn, enum log_id log, const char *type,
                           uint64_t from, entry_callback each, void *context, struct fault *fault)
{
    struct entry_pages pages = {.name = SQL_ENTRY_OF_TYPE, .log = log, .from = from, .type = type};
    return each_entry(conn, &pages, each, context, fault);
}

/* There are few. */
enum rc record_log_licences(struct store_conn *conn, entry_callback each, void *context,
                            struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_LICENCES);
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        struct log_entry entry = {.id = (uint64_t)query_get_int(&q, 2),
                                  .index = (uint64_t)query_get_int(&q, 0), /* -1: LOG_PENDING */
                                  .bytes = query_peek(&q, 1)};
        rc = each(context, &entry, fault);
        if (rc != RC_OK)
            return rc;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc record_log_decisions(struct store_conn *conn, entry_callback each, void *context,
                             struct fault *fault)
{
    struct entry_pages pages = {.name = SQL_ENTRY_DECISIONS, .log = LOG_DECISIONS};
    return each_entry(conn, &pages, each, context, fault);
}

enum rc record_log_decisions_from(struct store_conn *conn, uint64_t from, entry_callback each,
                                  void *context, struct fault *fault)
{
    struct entry_pages pages = {.name = SQL_ENTRY_DECISIONS, .log = LOG_DECISIONS, .from = from};
    return each_entry(conn, &pages, each, context, fault);
}

enum rc record_log_demands_from(struct store_conn *conn, uint64_t from, entry_callback each,
                                void *context, struct fault *fault)
{
    struct entry_pages pages = {.name = SQL_ENTRY_DEMANDS, .log = LOG_DECISIONS, .from = from};
    return each_entry(conn, &pages, each, context, fault);
}

enum rc record_log_decisions_end(struct store_conn *conn, uint64_t *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_DECISIONS_LATEST);
    return one_number(&q, ret, fault);
}

enum rc record_log_tile_put(struct store_conn *conn, enum log_id log, unsigned level, uint64_t n,
                            const struct hash *hashes, unsigned width, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TILE_PUT);
    query_int(&q, 1, log);
    query_int(&q, 2, level);
    query_int(&q, 3, (int64_t)n);
    query_bytes(&q, 4, hashes, width * sizeof *hashes);
    return query_run(&q, fault);
}

enum rc record_log_tile_get(struct store_conn *conn, enum log_id log, unsigned level, uint64_t n,
                            struct hash *ret_hashes, unsigned *ret_width, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_TILE_GET);
    query_int(&q, 1, log);
    query_int(&q, 2, level);
    query_int(&q, 3, (int64_t)n);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "no tile at level %u, number %llu", level,
                         (unsigned long long)n);
    if (rc != RC_OK)
        return rc;
    struct str bytes = query_peek(&q, 0);
    if (bytes.n == 0 || bytes.n % sizeof *ret_hashes != 0 || bytes.n > 256 * sizeof *ret_hashes)
        return fault_set(fault, RC_CORRUPT, "tile at level %u, number %llu: %zu bytes", level,
                         (unsigned long long)n, bytes.n);
    memcpy(ret_hashes, bytes.p, bytes.n);
    *ret_width = (unsigned)(bytes.n / sizeof *ret_hashes);
    return RC_OK;
}

enum rc record_log_checkpoint(struct store_conn *conn, struct arena *arena, enum log_id log,
                              struct stored_checkpoint *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_CHECKPOINT_GET);
    query_int(&q, 1, log);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "the log has no checkpoint yet");
    if (rc == RC_OK)
        *ret = (struct stored_checkpoint){(uint64_t)query_get_int(&q, 0), query_get_int(&q, 1),
                                          query_get_str(&q, 2, arena)};
    return rc;
}

enum rc record_log_checkpoint_put(struct store_conn *conn, enum log_id log, uint64_t old_size,
                                  const struct stored_checkpoint *checkpoint, struct fault *fault)
{
    bool first = old_size == UINT64_MAX;
    QUERY q = query_start(conn, first ? SQL_CHECKPOINT_ADD : SQL_CHECKPOINT_REPLACE);
    query_int(&q, 1, log);
    query_int(&q, 2, (int64_t)checkpoint->size);
    query_int(&q, 3, checkpoint->at);
    query_str(&q, 4, checkpoint->note);
    if (!first)
        query_int(&q, 5, (int64_t)old_size);
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK && !first && query_changes(&q) != 1)
        rc = fault_set(fault, RC_CONFLICT, "another sequencer moved the checkpoint");
    return rc;
}

enum rc record_log_list_put(struct store_conn *conn, const struct hash *root, const uint64_t *works,
                            size_t n, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(SIZE_MAX / 2);
    for (size_t i = 0; i < n; i++)
        buf_be(&bytes, works[i], 8);
    QUERY q = query_start(conn, SQL_WORK_LIST_PUT);
    query_bytes(&q, 1, root->b, sizeof root->b);
    query_bytes(&q, 2, bytes.p, bytes.n);
    return query_run(&q, fault);
}

enum rc record_log_list_get(struct store_conn *conn, struct arena *arena, const struct hash *root,
                            const uint64_t **ret_works, size_t *ret_n, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_WORK_LIST_GET);
    query_bytes(&q, 1, root->b, sizeof root->b);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "no list with this root");
    if (rc != RC_OK)
        return rc;
    struct str bytes = query_peek(&q, 0);
    if (bytes.n % 8 != 0)
        return fault_set(fault, RC_CORRUPT, "a signed list is cut short");
    uint64_t *works = ARENA_ARRAY(arena, uint64_t, bytes.n / 8);
    for (size_t i = 0; i < bytes.n; i++)
        works[i / 8] = works[i / 8] << 8 | (uint8_t)bytes.p[i];
    *ret_works = works;
    *ret_n = bytes.n / 8;
    return RC_OK;
}

enum rc record_log_text_put(struct store_conn *conn, uint64_t entry_id, struct str text,
                            const uint8_t salt[32], struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_TEXT_PUT);
    query_int(&q, 1, (int64_t)entry_id);
    query_str(&q, 2, text);
    query_bytes(&q, 3, salt, 32);
    return query_run(&q, fault);
}

enum rc record_log_text_get(struct store_conn *conn, struct arena *arena, uint64_t entry_id,
                            struct str *ret_text, uint8_t ret_salt[32], struct fault *fault)
{
    QUERY q = query_start(conn, SQL_ENTRY_TEXT_GET);
    query_int(&q, 1, (int64_t)entry_id);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, RC_NOT_FOUND, "no text stands beside the entry");
    if (rc != RC_OK)
        return rc;
    struct str salt = query_get_str(&q, 1, arena);
    if (salt.n != 32)
        return fault_set(fault, RC_CORRUPT, "the text beside the entry has no salt");
    static const uint8_t none[32];
    if (memcmp(salt.p, none, sizeof none) == 0)
        return fault_set(fault, RC_NOT_FOUND, "the text beside the entry was erased");
    memcpy(ret_salt, salt.p, 32);
    *ret_text = query_get_str(&q, 0, arena);
    return RC_OK;
}

enum rc record_log_text_erase(struct store_conn *conn, uint64_t entry_id, struct fault *fault)
{
    static const uint8_t none[32];
    QUERY text = query_start(conn, SQL_ENTRY_TEXT_ERASE);
    query_int(&text, 1, (int64_t)entry_id);
    query_bytes(&text, 2, none, sizeof none);
    enum rc rc = query_run(&text, fault);
    if (rc != RC_OK)
        return rc;
    QUERY beside = query_start(conn, SQL_ENTRY_BESIDE_ERASE);
    query_int(&beside, 1, (int64_t)entry_id);
    return query_run(&beside, fault);
}

enum rc record_log_restriction_add(struct store_conn *conn, uint64_t restriction, uint64_t entry_id,
                                   struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RESTRICTION_ENTRY_ADD);
    query_int(&q, 1, (int64_t)restriction);
    query_int(&q, 2, (int64_t)entry_id);
    return query_run(&q, fault);
}

enum rc record_log_restriction(struct store_conn *conn, struct arena *arena, uint64_t restriction,
                               struct log_entry *ret, size_t room, size_t *ret_n,
                               struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RESTRICTION_ENTRIES);
    query_int(&q, 1, (int64_t)restriction);
    size_t n = 0;
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK && n < room)
        ret[n++] = (struct log_entry){
            .id = (uint64_t)query_get_int(&q, 0),
            .index = query_get_is_null(&q, 1) ? LOG_PENDING : (uint64_t)query_get_int(&q, 1),
            .type = query_get_str(&q, 2, arena),
            .bytes = query_get_str(&q, 3, arena),
            .text = query_get_str(&q, 4, arena)};
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret_n = n;
    return RC_OK;
}

enum rc record_log_restriction_lift(struct store_conn *conn, uint64_t restriction,
                                    uint64_t *ret_index, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RESTRICTION_LIFT);
    query_int(&q, 1, (int64_t)restriction);
    enum rc rc = query_step(&q, fault);
    if (rc == RC_OK)
        *ret_index = query_get_is_null(&q, 0) ? LOG_PENDING : (uint64_t)query_get_int(&q, 0);
    return rc;
}

enum rc record_log_restrictions_pending(struct store_conn *conn,
                                        enum rc (*each)(void *context, uint64_t restriction,
                                                        const struct log_entry *entry,
                                                        struct fault *fault),
                                        void *context, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_RESTRICTION_PENDING);
    enum rc rc;
    while ((rc = query_step(&q, fault)) == RC_OK) {
        struct log_entry entry = {
            .index = LOG_PENDING, .type = query_peek(&q, 1), .bytes = query_peek(&q, 2)};
        rc = each(context, (uint64_t)query_get_int(&q, 0), &entry, fault);
        if (rc != RC_OK)
            return rc;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
