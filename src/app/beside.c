#include "app/beside.h"

#include "record/merkle.h"
#include "store/demands.h"
#include "store/record_log.h"

struct beside beside_make(struct site *site, struct arena *arena, const char *member,
                          struct str content)
{
    struct beside b = {.member = member, .content = content};
    random_bytes(b.salt, sizeof b.salt);
    b.commitment = commitment_make(
        arena_printf(arena, "%.*s/%s/v1", STR_ARG(site_origin(site)), member), b.salt, content);
    return b;
}

enum rc beside_put(struct store_conn *conn, uint64_t entry_id, const struct beside *b,
                   struct fault *fault)
{
    return demands_beside_put(conn, entry_id, b->member, b->content, b->salt, fault);
}

enum rc beside_entry(struct site *site, struct store_conn *conn, struct entry *e,
                     const char *domain, struct str text, uint64_t *ret_entry_id,
                     struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    uint64_t id = 0;
    struct beside b = {.member = NULL};
    if (domain != NULL) {
        b = beside_make(site, &arena, domain, text);
        e->commitment = b.commitment;
    }
    enum rc rc = entry_write(e, &bytes, fault);
    if (rc == RC_OK)
        rc = record_log_add(conn, LOG_DECISIONS, entry_type_name(e->type), buf_str(&bytes), &id,
                            fault);
    if (rc == RC_OK && b.member != NULL)
        rc = record_log_text_put(conn, id, text, b.salt, fault);
    if (rc == RC_OK)
        *ret_entry_id = id;
    return rc;
}

enum rc beside_text(struct store_conn *conn, struct arena *arena, uint64_t index, struct str *ret,
                    struct fault *fault)
{
    struct log_entry stored;
    uint8_t salt[32];
    enum rc rc = record_log_at(conn, arena, LOG_DECISIONS, index, &stored, fault);
    if (rc == RC_OK)
        rc = record_log_text_get(conn, arena, stored.id, ret, salt, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc entry_published(struct site *site, uint64_t entry_id, uint64_t *ret_index,
                        struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = record_log_index(conn, entry_id, ret_index, fault);
    site_disconnect(conn);
    if (rc == RC_OK && *ret_index == LOG_PENDING)
        rc = fault_set(fault, RC_BUSY, "the entry waits for publication; it has no effect yet");
    return rc;
}
