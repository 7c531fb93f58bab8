#include "app/mail_queue.h"

#include "app/mail_way.h"
#include "base/clock.h"
#include "base/encode.h"
#include "store/letters.h"
#include "store/store.h"

enum { CONTENT_MAX = 256 << 10, DAY = 86400, RETRY_ROOM = 10000 };

/* "3f9c…@books.example": chosen once, so that whoever gets two copies can tell. */
static enum rc make_message_id(struct store_conn *conn, struct arena *arena, struct str *ret,
                               struct fault *fault)
{
    struct str origin;
    uint8_t id[12];
    BUF_AUTO hex = BUF_INIT(64);
    enum rc rc = store_setting(conn, arena, "origin", &origin, fault);
    if (rc != RC_OK)
        return rc;
    struct str host = str_sub(origin, 0, str_find(origin, '/'));
    host = str_sub(host, 0, str_find(host, ':'));
    random_bytes(id, sizeof id);
    hex_add(&hex, id, sizeof id);
    struct str made = arena_printf(arena, "%.*s@%.*s", STR_ARG(buf_str(&hex)), STR_ARG(host));
    *ret = mail_address_valid(made) ? made
                                    : arena_printf(arena, "%.*s@localhost", STR_ARG(buf_str(&hex)));
    return RC_OK;
}

enum rc mail_is_set(struct store_conn *conn, bool *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct mail_settings m;
    enum rc rc = mail_settings_get(conn, &arena, &m, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rc == RC_OK;
    return RC_OK;
}

enum rc mail_queue(struct store_conn *conn, const struct letter *letter, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO content = BUF_INIT(CONTENT_MAX);
    bool set = false;
    int64_t now = clock_now();
    struct letter_row row = {.kind = str_of(letter->kind),
                             .account = letter->account,
                             .entry_id = letter->entry_id,
                             .created = now,
                             .until = letter->until > 0 ? letter->until : now + MAIL_DAYS * DAY};
    enum rc rc = mail_is_set(conn, &set, fault);
    if (rc != RC_OK || !set)
        return rc;
    struct contact contact = {letter->recipient, letter->language, true};
    if (letter->account != 0)
        rc = account_contact(conn, &arena, letter->account, &contact, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK; /* who is gone reads no letters */
    if (rc != RC_OK || !contact.confirmed)
        return rc;
    row.recipient = contact.email;
    row.language = contact.language;
    if (rc == RC_OK)
        rc = make_message_id(conn, &arena, &row.message_id, fault);
    if (rc != RC_OK)
        return rc;
    json_write(letter->values, &content);
    if (!mail_address_valid(row.recipient))
        row.reason = STR("no letter can be addressed like this");
    else if (buf_check(&content) != RC_OK)
        row.reason = STR("what it says is too long");
    else
        row.content = buf_str(&content);
    return letter_row_add(conn, &row, fault);
}

/* ---- for the operator ---- */

static enum rc queue_test_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct mail_settings m;
    enum rc rc = mail_settings_get(conn, &arena, &m, fault);
    const struct letter *letter = context;
    if (rc == RC_OK && !mail_address_valid(letter->recipient))
        rc = fault_set(fault, RC_INVALID, "%.*s: no letter can be addressed like this",
                       STR_ARG(letter->recipient));
    return rc == RC_OK ? mail_queue(conn, letter, fault) : rc;
}

enum rc mail_queue_test(struct writer *writer, struct str to, struct str language,
                        struct fault *fault)
{
    JSON_AUTO *values = json_object();
    struct letter letter = {
        .kind = "test", .recipient = to, .language = language, .values = values};
    if (!mail_address_valid(to))
        return fault_set(fault, RC_INVALID, "%.*s: no letter can be addressed like this",
                         STR_ARG(to));
    return writer_run(writer, queue_test_work, &letter, fault);
}

enum rc mail_list(struct site *site, struct arena *arena, struct str state, size_t room,
                  letter_list *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct letter_row *rows = NULL;
    size_t n = 0;
    if (state.n > 0 && !str_eq(state, STR("waiting")) && !str_eq(state, STR("sent")) &&
        !str_eq(state, STR("failed")))
        return fault_set(fault, RC_INVALID, "state %.*s: waiting, sent or failed", STR_ARG(state));
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = letter_rows(conn, arena, UINT64_MAX, state, room, &rows, &n, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct letter_view, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct letter_view){
            rows[i].id,     rows[i].kind,    rows[i].recipient, rows[i].language, rows[i].state,
            rows[i].reason, rows[i].created, rows[i].due,       rows[i].ended,    rows[i].attempts};
    return RC_OK;
}

struct retry {
    uint64_t id, done;
};

static enum rc retry_work(void *context, struct store_conn *conn, struct fault *fault)
{
    static const struct str states[] = {{"waiting", 7}, {"failed", 6}};
    struct retry *work = context;
    ARENA_AUTO arena = ARENA_INIT;
    int64_t now = clock_now(), until = now + DAY;
    work->done = 0;
    if (work->id != 0) {
        work->done = 1;
        return letter_row_retry(conn, work->id, now, until, fault);
    }
    for (size_t s = 0; s < 2; s++) {
        struct letter_row *rows;
        size_t n;
        enum rc rc = letter_rows(conn, &arena, UINT64_MAX, states[s], RETRY_ROOM, &rows, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            rc = letter_row_retry(conn, rows[i].id, now, until, fault);
            work->done += rc == RC_OK;
            if (rc == RC_NOT_FOUND) /* it is on its way */
                rc = RC_OK;
        }
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc mail_retry(struct writer *writer, uint64_t id, uint64_t *ret_n, struct fault *fault)
{
    struct retry work = {.id = id};
    enum rc rc = writer_run(writer, retry_work, &work, fault);
    if (rc == RC_OK)
        *ret_n = work.done;
    return rc;
}
