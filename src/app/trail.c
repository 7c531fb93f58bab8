#include "app/trail.h"

#include "base/clock.h"
#include "store/trail.h"

enum { VALUE_MAX = 120, SUBJECT_MAX = 2000, ROOM = 1000 };

struct store_act *trail_act(struct arena *arena, uint64_t account, struct str who, struct str what)
{
    struct store_act *act = ARENA_NEW(arena, struct store_act);
    *act = (struct store_act){
        .account = account, .who = arena_str(arena, who), .what = arena_str(arena, what)};
    return act;
}

static bool holds(struct str name, const char *part)
{
    return str_find_str(name, str_of(part)) < name.n;
}

static bool is_told(struct str name, struct str value)
{
    static const char *const never[] = {"password", "token",  "code", "secret", "reason",
                                        "text",     "return", "name", "email",  "address"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (holds(name, never[i]))
            return false;
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] <= ' ' || value.p[i] == 0x7f)
            return false;
    return value.n <= VALUE_MAX && !holds(value, "password=");
}

/* Of an address, where it leads: who asks there, with which password and what else stands
 * behind it is not told. Empty where it cannot be told apart. */
static struct str address_told(struct arena *arena, struct str value)
{
    size_t at = str_find_str(value, STR("://"));
    struct str scheme = str_sub(value, 0, at), rest = str_sub(value, at + 3, value.n);
    size_t host_end = 0, path_end;
    while (host_end < rest.n && strchr("/?#", rest.p[host_end]) == NULL)
        host_end++;
    struct str host = str_sub(rest, 0, host_end), behind = str_sub(rest, host_end, rest.n);
    for (size_t i; (i = str_find(host, '@')) < host.n;)
        host = str_sub(host, i + 1, host.n);
    if (str_find(behind, '@') < behind.n)
        return STR_NONE; /* a password with a slash in it */
    path_end = str_find(behind, '?');
    if (str_find(behind, '#') < path_end)
        path_end = str_find(behind, '#');
    return arena_printf(arena, "%.*s://%.*s%.*s", STR_ARG(scheme), STR_ARG(host),
                        STR_ARG(str_sub(behind, 0, path_end)));
}

void trail_about(struct arena *arena, struct store_act *act, struct str name, struct str value)
{
    if (value.n == 0 || act->subject.n > SUBJECT_MAX)
        return;
    if (holds(value, "://"))
        value = address_told(arena, value);
    /* Whom staff let in, and whom they put out, is what the trail is for. */
    bool of_staff = str_eq(name, STR("email")) && str_starts(act->what, STR("POST /desk/staff"));
    if (value.n == 0 || !is_told(of_staff ? STR("who") : name, value))
        value = STR("…");
    act->subject = arena_printf(arena, "%.*s%s%.*s%s%.*s", STR_ARG(act->subject),
                                act->subject.n > 0 ? " " : "", STR_ARG(name), name.n > 0 ? "=" : "",
                                STR_ARG(value));
}

bool trail_noted(const struct store_act *act)
{
    return act->noted;
}

static enum rc note_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return store_act_note(conn, context, fault);
}

enum rc trail_note(struct writer *writer, struct store_act *act, struct fault *fault)
{
    return act->noted ? RC_OK : writer_run(writer, note_work, act, fault);
}

static enum rc read_day(struct str day, int64_t *ret_since, int64_t *ret_until, struct fault *fault)
{
    int32_t date;
    *ret_since = 0;
    *ret_until = INT64_MAX;
    if (day.n == 0)
        return RC_OK;
    if (!date_parse(day, &date))
        return fault_set(fault, RC_INVALID, "day: a date such as 2027-12-31");
    *ret_since = date_start(date);
    *ret_until = date_end(date);
    return RC_OK;
}

enum rc trail_read(struct site *site, struct arena *arena, const struct trail_choice *choice,
                   size_t offset, size_t room, trail_list *ret, uint64_t *ret_total,
                   struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct trail_row *rows = NULL;
    int64_t since, until;
    size_t n = 0;
    enum rc rc = read_day(choice->day, &since, &until, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = trail_row_count(conn, choice->who, since, until, ret_total, fault);
    if (rc == RC_OK)
        rc = trail_rows(conn, arena, choice->who, since, until, offset, room, &rows, &n, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct trail_entry, n);
    for (ret->n = 0; ret->n < n; ret->n++) {
        const struct trail_row *r = &rows[ret->n];
        ret->v[ret->n] = (struct trail_entry){
            r->id, r->at, r->who, r->what, r->subject, hex_str(arena, r->hash.b, sizeof r->hash.b)};
    }
    return RC_OK;
}

enum rc trail_verify(struct site *site, uint64_t *ret_rows, struct hash *ret_head,
                     struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct hash before = {{0}};
    uint64_t last = 0;
    size_t n = 1;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    while (rc == RC_OK && n > 0) {
        struct trail_row *rows;
        arena_reset(&arena);
        rc = trail_rows_after(conn, &arena, last, ROOM, &rows, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            struct hash made = trail_row_hash(&rows[i], &before);
            if (rows[i].id != last + 1)
                rc = fault_set(fault, RC_CORRUPT, "the trail: row %llu is missing",
                               (unsigned long long)last + 1);
            else if (!hash_eq(&made, &rows[i].hash))
                rc = fault_set(fault, RC_CORRUPT,
                               "the trail: row %llu is not as it was written, or the one before",
                               (unsigned long long)rows[i].id);
            before = rows[i].hash;
            last = rows[i].id;
        }
    }
    site_disconnect(conn);
    if (rc == RC_OK) {
        *ret_rows = last;
        *ret_head = before;
    }
    return rc;
}
