#include "app/sealed.h"

#include "base/clock.h"
#include "base/crash.h"
#include "store/record_log.h"
#include "store/store.h"

/* Longer than any entry is by itself: it holds one, escaped. */
enum { OPENED_MAX = 64 << 10, DUE_MAX = 100 };

static enum rc put(struct store_conn *conn, const struct entry *entry, uint64_t *ret_entry,
                   struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(OPENED_MAX);
    enum rc rc = entry_write(entry, &bytes, fault);
    if (rc == RC_OK)
        rc = record_log_add(conn, LOG_DECISIONS, entry_type_name(entry->type), buf_str(&bytes),
                            ret_entry, fault);
    return rc;
}

enum rc sealed_check(struct str until, struct str authority, int64_t now, int64_t *ret_opens,
                     struct fault *fault)
{
    int64_t opens;
    int32_t date;
    if (str_trim(authority).n == 0)
        return fault_set(fault, RC_INVALID, "seal-until: there is no authority to seal");
    if (date_parse(until, &date))
        opens = date_start(date);
    else if (!time_parse(until, &opens))
        return fault_set(fault, RC_INVALID,
                         "seal-until: expected a date (2026-12-31) or a time "
                         "(2026-12-31T12:00:00Z)");
    if (opens <= now)
        return fault_set(fault, RC_INVALID, "seal-until: that is over");
    *ret_opens = opens;
    return RC_OK;
}

enum rc sealed_begin(struct store_conn *conn, struct arena *arena, struct str until, int64_t now,
                     struct str *authority, struct str *reference, struct seal *ret,
                     struct fault *fault)
{
    struct seal seal = {.authority = *authority, .reference = *reference};
    if (until.n == 0)
        return RC_OK;
    enum rc rc = sealed_check(until, *authority, now, &seal.opens, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "sealed", 1, &seal.id, fault);
    if (rc != RC_OK)
        return rc;
    BUF_AUTO day = BUF_INIT(32);
    time_add(&day, seal.opens);
    *authority = arena_printf(arena, "sealed until %.*s", STR_ARG(str_sub(buf_str(&day), 0, 10)));
    *reference = arena_printf(arena, "seal %llu", (unsigned long long)seal.id);
    *ret = seal;
    return RC_OK;
}

enum rc sealed_add(struct store_conn *conn, const struct entry *full, uint64_t id, int64_t opens,
                   struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(ENTRY_SEALED_MAX);
    uint8_t salt[32];
    uint64_t entry_id = 0;
    struct entry sealed = {.type = ENTRY_SEALED, .at = full->at};
    enum rc rc = entry_write(full, &bytes, fault);
    if (rc != RC_OK)
        return rc;
    random_bytes(salt, sizeof salt);
    sealed.sealed.id = id;
    sealed.sealed.opens = opens;
    sealed.commitment = commitment_make(SEALED_DOMAIN, salt, buf_str(&bytes));
    rc = put(conn, &sealed, &entry_id, fault);
    return rc == RC_OK ? record_log_text_put(conn, entry_id, buf_str(&bytes), salt, fault) : rc;
}

struct due {
    int64_t now;
    struct {
        uint64_t id, entry;
    } v[DUE_MAX]; /* the rest comes with the next head */
    size_t n;
};

static enum rc note_sealed(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct due *due = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, stored->bytes, &entry, fault);
    if (rc == RC_OK && entry.sealed.opens <= due->now && due->n < DUE_MAX) {
        due->v[due->n].id = entry.sealed.id;
        due->v[due->n++].entry = stored->id;
    }
    return rc;
}

static enum rc drop_opened(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct due *due = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, stored->bytes, &entry, fault);
    for (size_t i = 0; rc == RC_OK && i < due->n; i++)
        if (due->v[i].id == entry.opened.id)
            due->v[i--] = due->v[--due->n];
    return rc;
}

enum rc sealed_open_due(struct store_conn *conn, struct fault *fault)
{
    struct due due = {.now = clock_now()};
    ARENA_AUTO arena = ARENA_INIT;
    enum rc rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_SEALED), 0,
                                    note_sealed, &due, fault);
    if (rc == RC_OK && due.n > 0)
        rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_OPENED), 0, drop_opened,
                                &due, fault);
    for (size_t i = 0; rc == RC_OK && i < due.n; i++) {
        uint64_t ignored;
        struct entry opened = {.type = ENTRY_OPENED, .at = due.now};
        opened.opened.id = due.v[i].id;
        rc = record_log_text_get(conn, &arena, due.v[i].entry, &opened.opened.content,
                                 opened.opened.salt.b, fault);
        if (rc == RC_OK)
            rc = put(conn, &opened, &ignored, fault);
        crash_point("sealed-opened");
    }
    return rc;
}
