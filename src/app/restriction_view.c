#include "app/restriction_view.h"

#include "record/entry.h"
#include "store/catalogue.h"
#include "store/record_log.h"

struct pending_reader {
    struct arena *arena;
    struct restriction_view *v;
    size_t n, room;
    uint64_t alone; /* one restriction; 0: all */
};

static enum rc read_pending(void *context, uint64_t id, const struct log_entry *stored,
                            struct fault *fault)
{
    struct pending_reader *reader = context;
    struct entry entry;
    if ((reader->alone != 0 && id != reader->alone) ||
        !str_eq(stored->type, str_of(entry_type_name(ENTRY_RESTRICTION))) ||
        reader->n == reader->room)
        return RC_OK;
    enum rc rc = entry_read(reader->arena, arena_str(reader->arena, stored->bytes), &entry, fault);
    if (rc != RC_OK)
        return rc;
    struct restriction *r = ARENA_NEW(reader->arena, struct restriction);
    *r = entry.restriction;
    r->record_index = LOG_PENDING;
    reader->v[reader->n++] = (struct restriction_view){.r = r, .state = STATE_PENDING};
    return RC_OK;
}

enum rc restriction_all(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                        struct restriction_view **ret, size_t *ret_n, struct fault *fault)
{
    enum { PENDING_MAX = 1000 };
    size_t n = view->restrictions.n;
    struct pending_reader reader = {
        arena, ARENA_ARRAY(arena, struct restriction_view, PENDING_MAX + n), 0, PENDING_MAX, 0};
    enum rc rc = record_log_restrictions_pending(conn, read_pending, &reader, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = n; i-- > 0;) {
        const struct restriction *r = view->restrictions.v[i];
        reader.v[reader.n++] =
            (struct restriction_view){.r = r, .state = restriction_state(r, view->now)};
    }
    *ret = reader.v;
    *ret_n = reader.n;
    return RC_OK;
}

/* The work whose title says what it is about; 0: none, or it is not known. Where only a
 * wish is known and no works, what it names says it. */
static enum rc titled_work(struct store_conn *conn, struct arena *arena,
                           const struct restriction *r, uint64_t *ret, struct fault *fault)
{
    struct log_entry stored;
    struct entry entry;
    uint64_t number;
    *ret = 0;
    if (target_is_set(r->target))
        return RC_OK;
    if (r->works.n > 0)
        *ret = r->works.v[0];
    if (r->works.n > 0 || !str_to_u64(r->target_key, &number))
        return RC_OK;
    if (r->target == TARGET_WORK)
        *ret = number;
    if (!target_is_voice(r->target))
        return RC_OK;
    enum rc rc = record_log_at(conn, arena, LOG_VOICES, number, &stored, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK)
        rc = entry_read(arena, stored.bytes, &entry, fault);
    if (rc == RC_OK)
        *ret = entry.work;
    return rc;
}

enum rc restriction_titles(struct store_conn *conn, struct arena *arena, struct restriction_view *v,
                           size_t n, struct fault *fault)
{
    for (size_t i = 0; i < n; i++) {
        const struct restriction *r = v[i].r;
        struct catalogue_edition one, *editions = &one;
        size_t found = 1;
        char title[1024];
        uint64_t work = 0;
        enum rc rc = r->target != TARGET_EDITION
                         ? titled_work(conn, arena, r, &work, fault)
                         : catalogue_edition_by_key(conn, arena, r->target_key, &one, fault);
        if (rc == RC_OK && r->target != TARGET_EDITION && work == 0)
            continue;
        if (rc == RC_OK && work != 0)
            rc = catalogue_work_editions(conn, arena, work, 1, &editions, &found, fault);
        if (rc == RC_OK && found > 0)
            v[i].title =
                arena_str(arena, edition_display_title(&editions[0].facts, title, sizeof title));
        else if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
    }
    return RC_OK;
}

/* Published, or waiting for it. */
static enum rc find_one(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                        uint64_t id, struct restriction_view *ret, struct fault *fault)
{
    const struct restriction *r = gate_restriction(view, id);
    struct pending_reader reader = {arena, ret, 0, 1, id};
    if (r != NULL) {
        *ret = (struct restriction_view){.r = r, .state = restriction_state(r, view->now)};
        return RC_OK;
    }
    enum rc rc = record_log_restrictions_pending(conn, read_pending, &reader, fault);
    if (rc == RC_OK && reader.n == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no restriction %llu", (unsigned long long)id);
    return rc;
}

enum rc restriction_show(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                         uint64_t id, struct restriction_view *ret, struct fault *fault)
{
    enum { ENTRIES_MAX = 200 };
    struct restriction_view shown;
    enum rc rc = find_one(conn, arena, view, id, &shown, fault);
    if (rc != RC_OK)
        return rc;
    struct log_entry *entries = ARENA_ARRAY(arena, struct log_entry, ENTRIES_MAX);
    size_t entry_n;
    rc = record_log_restriction(conn, arena, id, entries, ENTRIES_MAX, &entry_n, fault);
    if (rc != RC_OK)
        return rc;
    shown.entries.v = ARENA_ARRAY(arena, struct restriction_entry_view, entry_n);
    for (size_t i = 0; rc == RC_OK && i < entry_n; i++) {
        struct entry entry;
        rc = entry_read(arena, entries[i].bytes, &entry, fault);
        if (rc == RC_OK)
            shown.entries.v[shown.entries.n++] = (struct restriction_entry_view){
                entries[i].index, entries[i].type, entries[i].bytes, entries[i].text, entry.at};
    }
    if (rc == RC_OK)
        *ret = shown;
    return rc;
}
