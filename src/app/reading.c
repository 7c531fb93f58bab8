#include "app/reading.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "store/library.h"

struct writing {
    uint64_t account;
    struct place_row place;
    struct mark_row mark;
    struct str note;
    bool flag; /* on; with the marks */
    bool kept;
};

static enum rc check_text(const char *field, struct str text, size_t most, struct fault *fault)
{
    /* A line may end in a note, and nowhere else. */
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' && text.p[i] != '\n' && text.p[i] != '\r' &&
            text.p[i] != '\t')
            return fault_set(fault, RC_INVALID, "%s: it holds a control character", field);
    if (!utf8_valid(text, NULL))
        return fault_set(fault, RC_INVALID, "%s: it is not UTF-8", field);
    if (utf8_length(text) > most)
        return fault_set(fault, RC_INVALID, "%s: it is longer than %zu characters", field, most);
    return RC_OK;
}

static enum rc check_far(uint64_t millionths, struct fault *fault)
{
    return millionths <= WHOLE_BOOK ? RC_OK
                                    : fault_set(fault, RC_INVALID, "place: it is behind the book");
}

/* ---- places ---- */

static enum rc put_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct writing *w = context;
    bool off = false;
    enum rc rc = reading_off_get(conn, w->account, &off, fault);
    w->kept = rc == RC_OK && !off;
    return w->kept ? place_row_put(conn, w->account, &w->place, fault) : rc;
}

enum rc reading_place_put(struct writer *writer, uint64_t account, const struct place_row *place,
                          bool *ret_kept, struct fault *fault)
{
    struct writing w = {.account = account, .place = *place};
    if (w.place.at == 0)
        w.place.at = clock_now();
    if (!str_is(place->kind, "web") && !str_is(place->kind, "kosync"))
        return fault_set(fault, RC_INVALID, "kind: there is no such one");
    enum rc rc = check_far(place->millionths, fault);
    if (rc == RC_OK)
        rc = check_text("locator", place->locator, LOCATOR_MAX, fault);
    if (rc == RC_OK)
        rc = check_text("device", place->device, DEVICE_MAX, fault);
    if (rc == RC_OK)
        rc = check_text("device_id", place->device_id, DEVICE_MAX, fault);
    if (rc == RC_OK)
        rc = writer_run_aside(writer, put_work, &w, fault);
    if (rc == RC_OK)
        *ret_kept = w.kept;
    return rc;
}

enum rc reading_place_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                          uint64_t edition, struct str kind, struct place_row *ret,
                          struct fault *fault)
{
    return place_row_get(conn, arena, account, edition, kind, ret, fault);
}

/* ---- whether they are kept ---- */

static enum rc switch_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct writing *w = context;
    enum rc rc = reading_off_put(conn, w->account, !w->flag, clock_now(), fault);
    return rc == RC_OK && !w->flag ? places_remove(conn, w->account, false, fault) : rc;
}

enum rc reading_switch(struct writer *writer, uint64_t account, bool on, struct fault *fault)
{
    struct writing w = {.account = account, .flag = on};
    return writer_run_aside(writer, switch_work, &w, fault);
}

enum rc reading_is_on(struct store_conn *conn, uint64_t account, bool *ret, struct fault *fault)
{
    bool off = false;
    enum rc rc = reading_off_get(conn, account, &off, fault);
    if (rc == RC_OK)
        *ret = !off;
    return rc;
}

static enum rc erase_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct writing *w = context;
    return places_remove(conn, w->account, w->flag, fault);
}

enum rc reading_erase(struct writer *writer, uint64_t account, bool marks, struct fault *fault)
{
    struct writing w = {.account = account, .flag = marks};
    return writer_run_aside(writer, erase_work, &w, fault);
}

/* ---- marks ---- */

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct writing *w = context;
    uint64_t n = 0;
    enum rc rc = mark_rows_count(conn, w->account, w->mark.edition, &n, fault);
    if (rc == RC_OK && n >= MARKS_MAX)
        rc = fault_set(fault, RC_CONFLICT, "there are %d marks in this book already", MARKS_MAX);
    if (rc == RC_OK)
        rc = mark_rows_count(conn, w->account, 0, &n, fault);
    if (rc == RC_OK && n >= MARKS_OF_ACCOUNT_MAX)
        rc = fault_set(fault, RC_CONFLICT, "there are %d marks in your books already",
                       MARKS_OF_ACCOUNT_MAX);
    return rc == RC_OK ? mark_row_add(conn, w->account, &w->mark, fault) : rc;
}

enum rc reading_mark_add(struct writer *writer, uint64_t account, const struct mark_row *mark,
                         uint64_t *ret_id, struct fault *fault)
{
    struct writing w = {.account = account, .mark = *mark};
    w.mark.created = clock_now();
    if (!str_is(mark->kind, "bookmark") && !str_is(mark->kind, "highlight"))
        return fault_set(fault, RC_INVALID, "kind: there is no such one");
    enum rc rc = check_far(mark->millionths, fault);
    if (rc == RC_OK && mark->locator.n == 0)
        rc = fault_set(fault, RC_INVALID, "locator: it is empty");
    if (rc == RC_OK)
        rc = check_text("locator", mark->locator, LOCATOR_MAX, fault);
    if (rc == RC_OK)
        rc = check_text("excerpt", mark->excerpt, EXCERPT_MAX, fault);
    if (rc == RC_OK)
        rc = check_text("note", mark->note, NOTE_MAX, fault);
    if (rc == RC_OK)
        rc = writer_run_aside(writer, add_work, &w, fault);
    if (rc == RC_OK)
        *ret_id = w.mark.id;
    return rc;
}

static enum rc note_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct writing *w = context;
    return mark_row_note(conn, w->account, w->mark.id, w->note, fault);
}

enum rc reading_mark_note(struct writer *writer, uint64_t account, uint64_t id, struct str note,
                          struct fault *fault)
{
    struct writing w = {.account = account, .mark.id = id, .note = note};
    enum rc rc = check_text("note", note, NOTE_MAX, fault);
    return rc == RC_OK ? writer_run_aside(writer, note_work, &w, fault) : rc;
}

static enum rc remove_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct writing *w = context;
    return mark_row_remove(conn, w->account, w->mark.id, fault);
}

enum rc reading_mark_remove(struct writer *writer, uint64_t account, uint64_t id,
                            struct fault *fault)
{
    struct writing w = {.account = account, .mark.id = id};
    return writer_run_aside(writer, remove_work, &w, fault);
}

enum rc reading_marks_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                         uint64_t edition, mark_rows *ret, struct fault *fault)
{
    return mark_rows_of(conn, arena, account, edition, 0, MARKS_MAX, ret, fault);
}

enum rc reading_marks_after(struct store_conn *conn, struct arena *arena, uint64_t account,
                            uint64_t after, size_t room, mark_rows *ret, struct fault *fault)
{
    return mark_rows_of(conn, arena, account, 0, after, room, ret, fault);
}

enum rc reading_marks_left(struct store_conn *conn, struct arena *arena, uint64_t account,
                           uint64_t after, size_t room, mark_rows *ret, struct fault *fault)
{
    return mark_rows_left(conn, arena, account, after, room, ret, fault);
}

enum rc reading_places_after(struct store_conn *conn, struct arena *arena, uint64_t account,
                             uint64_t after, size_t room, place_rows *ret, struct fault *fault)
{
    return place_rows_of(conn, arena, account, after, room, ret, fault);
}
