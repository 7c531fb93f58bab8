#include "app/sync.h"

#include "app/reading.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/devices.h"
#include "store/library.h"

/* Where the browser is, told to a device: "epubcfi(/6/8!…" is in the fourth part of the book, as an
 * XPointer counts them, too. */
static struct str chapter_of(struct arena *arena, struct str cfi)
{
    struct str head = STR("epubcfi(/6/");
    uint64_t step = 0;
    if (!str_starts(cfi, head))
        return STR_NONE;
    struct str rest = str_sub(cfi, head.n, cfi.n);
    size_t digits = 0;
    while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
        digits++;
    if (!str_to_u64(str_sub(rest, 0, digits), &step) || step < 2)
        return STR_NONE;
    return arena_printf(arena, "/body/DocFragment[%llu]/body", (unsigned long long)step / 2);
}

static enum rc get_of_book(struct store_conn *conn, struct arena *arena, uint64_t account,
                           uint64_t edition, struct sync_place *ret, struct fault *fault)
{
    struct place_row own;
    enum rc rc = reading_place_get(conn, arena, account, edition, STR_NONE, &own, fault);
    if (rc == RC_OK && !str_is(own.kind, "kosync"))
        own.locator = chapter_of(arena, own.locator);
    if (rc == RC_OK && own.locator.n == 0) /* an older one would take the reader back */
        rc = fault_set(fault, RC_NOT_FOUND, "the last place is nowhere that a device could go to");
    if (rc != RC_OK)
        return rc;
    ret->progress = own.locator;
    ret->millionths = own.millionths;
    ret->device = own.device.n > 0 ? own.device : STR("web");
    ret->device_id = own.device_id.n > 0 ? own.device_id : STR("web");
    ret->at = own.at;
    return RC_OK;
}

enum rc sync_place_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                       struct str document, struct sync_place *ret, struct fault *fault)
{
    uint64_t edition;
    struct sync_row row;
    *ret = (struct sync_place){.document = document};
    enum rc rc = sync_edition_of(conn, account, document, &edition, fault);
    if (rc == RC_OK)
        return get_of_book(conn, arena, account, edition, ret, fault);
    if (rc == RC_NOT_FOUND)
        rc = sync_row_get(conn, arena, account, document, &row, fault);
    if (rc == RC_OK)
        *ret = (struct sync_place){row.document, row.progress,  row.millionths,
                                   row.device,   row.device_id, row.at};
    return rc;
}

/* ---- kept ---- */

struct putting {
    uint64_t account;
    struct sync_row row;
    bool off;
};

static enum rc put_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct putting *p = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct sync_row before;
    uint64_t n = 0;
    enum rc rc = reading_off_get(conn, p->account, &p->off, fault);
    if (rc != RC_OK || p->off)
        return rc;
    rc = sync_row_get(conn, &arena, p->account, p->row.document, &before, fault);
    if (rc == RC_NOT_FOUND)
        rc = sync_rows_count(conn, p->account, &n, fault);
    if (rc == RC_OK && n >= SYNC_PLACES_MAX)
        return fault_set(fault, RC_LIMIT, "document: places of %d are kept already",
                         SYNC_PLACES_MAX);
    return rc == RC_OK ? sync_row_put(conn, p->account, &p->row, fault) : rc;
}

static bool is_line(struct str text, size_t most)
{
    return utf8_clean(text) && str_find(text, '\n') == text.n && utf8_length(text) <= most;
}

static enum rc check(const struct sync_place *place, struct fault *fault)
{
    if (place->document.n == 0 || !is_line(place->document, SYNC_DOCUMENT_MAX) ||
        str_find(place->document, ':') < place->document.n)
        return fault_set(fault, RC_INVALID, "document: a name without a colon");
    if (place->progress.n == 0 || !is_line(place->progress, LOCATOR_MAX))
        return fault_set(fault, RC_INVALID, "progress: where, in at most %d characters",
                         LOCATOR_MAX);
    if (place->device.n == 0 || !is_line(place->device, DEVICE_MAX) ||
        !is_line(place->device_id, DEVICE_MAX))
        return fault_set(fault, RC_INVALID, "device: at most %d characters", DEVICE_MAX);
    return place->millionths <= WHOLE_BOOK
               ? RC_OK
               : fault_set(fault, RC_INVALID, "percentage: from 0 to 1");
}

enum rc sync_place_put(struct writer *writer, struct store_conn *conn, uint64_t account,
                       const struct sync_place *place, int64_t *ret_at, struct fault *fault)
{
    uint64_t edition = 0;
    int64_t now = clock_now();
    bool kept = true;
    enum rc rc = check(place, fault);
    if (rc != RC_OK)
        return rc;
    rc = sync_edition_of(conn, account, place->document, &edition, fault);
    if (rc == RC_OK) {
        struct place_row row = {.edition = edition,
                                .millionths = place->millionths,
                                .kind = STR("kosync"),
                                .locator = place->progress,
                                .device = place->device,
                                .device_id = place->device_id,
                                .at = now};
        rc = reading_place_put(writer, account, &row, &kept, fault);
    } else if (rc == RC_NOT_FOUND) {
        struct putting p = {.account = account,
                            .row = {place->document, place->progress, place->device,
                                    place->device_id, place->millionths, now}};
        rc = writer_run_aside(writer, put_work, &p, fault);
        kept = !p.off;
    }
    if (rc == RC_OK && !kept)
        return fault_set(fault, RC_DENIED, "no places are kept");
    if (rc == RC_OK)
        *ret_at = now;
    return rc;
}

enum rc sync_places_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                       struct str after, size_t room, sync_places *ret, struct fault *fault)
{
    sync_rows rows;
    enum rc rc = sync_rows_of(conn, arena, account, after, room, &rows, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (sync_places){ARENA_ARRAY(arena, struct sync_place, rows.n), 0};
    for (size_t i = 0; i < rows.n; i++) {
        const struct sync_row *row = &rows.v[i];
        ret->v[ret->n++] = (struct sync_place){row->document, row->progress,  row->millionths,
                                               row->device,   row->device_id, row->at};
    }
    return RC_OK;
}
