#include "app/mailer.h"

#include <stdatomic.h>

#include "app/acknowledge.h"
#include "app/counters.h"
#include "app/herald.h"
#include "app/mail_queue.h"
#include "app/mail_way.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/wait.h"
#include "store/account_tokens.h"
#include "store/follows.h"
#include "store/letters.h"
#include "store/record_log.h"
#include "store/store.h"

enum {
    LOOK_MS = 1000, /* for what other processes queued, and for what is due */
    QUIET_MS = 100, /* between two looks, however often it is woken */
    ROUND = 16,     /* letters of one look */
    REST_MS = 5000, /* after a server that was not there; doubled each time up to */
    REST_MAX = 60000,
    MESSAGE_MAX = 1 << 20,
    FORGET_S = 3600, /* between two looks for what is older than MAIL_KEPT_DAYS */
    DAY = 86400,
};

struct mailer {
    struct site *site;
    struct gate *gate;
    struct writer *writer;
    letter_composer compose;
    struct store_conn *conn; /* the thread's, for reading; NULL while there is none */
    struct sleeper sleeper;
    atomic_bool set; /* there is a mail server to send by */
    uint64_t turn;   /* of the lead under which claims were looked at */
    int64_t rests_until, rest_ms;
    int64_t forgot_at;
    bool sent; /* letters, since entries said which */
};

int64_t mail_pause(unsigned attempts)
{
    static const int64_t pauses[] = {60, 300, 900, 3600, 7200, 14400};
    enum { N = sizeof pauses / sizeof *pauses };
    return pauses[attempts < 1 ? 0 : attempts > N ? N - 1 : attempts - 1];
}

/* ---- one letter ---- */

/* Known only once it is published. */
static enum rc add_index(struct store_conn *conn, const struct letter_row *row, json_t *values,
                         struct fault *fault)
{
    uint64_t index;
    if (row->entry_id == 0)
        return RC_OK;
    enum rc rc = record_log_index(conn, row->entry_id, &index, fault);
    if (rc == RC_OK)
        json_object_set_new(values, LETTER_INDEX, json_integer((json_int_t)index));
    return rc;
}

/* What is withheld since it was queued is told to nobody. */
static enum rc pass_gate(struct gate *gate, const struct letter_row *row, json_t *values,
                         struct news_dropped *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    if (gate == NULL || !str_is(row->kind, "news"))
        return RC_OK;
    GATE_HELD view = gate_hold(gate, &arena);
    return news_letter_pass(view, values, ret) > 0
               ? RC_OK
               : fault_set(fault, RC_INVALID, "what it told of is withheld by now");
}

static enum rc make_message(struct store_conn *conn, struct gate *gate, letter_composer compose,
                            const struct mail_settings *settings, const struct mail_way *way,
                            const struct letter_row *row, struct arena *arena, struct buf *out,
                            struct news_dropped *dropped, struct fault *fault)
{
    JSON_AUTO *values = NULL;
    struct mail_message m = {.from = way->from,
                             .to = row->recipient,
                             .language = row->language.n > 0 ? row->language : STR("en"),
                             .id = row->message_id,
                             .date = row->created};
    enum rc rc = json_read(row->content, &values, fault);
    if (rc == RC_OK)
        rc = add_index(conn, row, values, fault);
    if (rc == RC_OK)
        rc = pass_gate(gate, row, values, dropped, fault);
    if (rc == RC_OK)
        rc = compose(arena, row->kind, m.language, settings->url, values, &m.subject, &m.text,
                     fault);
    struct str stop = json_member_str(values, LETTER_STOP);
    if (stop.n > 0)
        m.unsubscribe = ARENA_JOIN(arena, settings->url, stop);
    return rc == RC_OK ? mail_message_write(&m, out, fault) : rc;
}

/* What became of one, for the transaction that notes it. */
struct outcome {
    uint64_t id;
    enum rc rc; /* RC_OK sent, RC_BUSY later, else given up */
    int64_t at;
    struct str reason;
    uint64_t account;
    struct news_dropped dropped; /* withheld since it was queued: owed to a later one */
};

static enum rc claim_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return letter_row_claim(conn, ((struct outcome *)context)->id, fault);
}

static enum rc note_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct outcome *o = context;
    enum rc rc = RC_OK;
    if (o->rc == RC_BUSY)
        return letter_row_later(conn, o->id, o->at, o->reason, fault);
    for (size_t i = 0; rc == RC_OK && i < o->dropped.n; i++)
        rc = news_owed_add(conn, o->account, o->dropped.v[i], fault);
    if (rc != RC_OK)
        return rc;
    if (o->rc == RC_OK)
        return letter_row_sent(conn, o->id, o->at, fault);
    return letter_row_failed(conn, o->id, o->at, o->reason, fault);
}

static bool is_stopping(void *context)
{
    return sleeper_ended(&((struct mailer *)context)->sleeper);
}

/* What is not noted would be sent again: tried until the database takes it. */
static void note(struct mailer *m, struct outcome *o)
{
    while (writer_run_aside(m->writer, note_work, o, NULL) != RC_OK &&
           sleeper_rest(&m->sleeper, LOOK_MS))
        ;
}

/* Later, or given up where its time is over. */
static void settle(struct outcome *o, const struct letter_row *row, int64_t now,
                   const struct fault *fault)
{
    int64_t due = now + mail_pause(row->attempts + 1);
    o->reason = str_of(fault->text);
    if (o->rc == RC_BUSY && due > row->until)
        o->rc = RC_LIMIT;
    o->at = o->rc == RC_BUSY ? due : now;
}

/* False where the server is not there: the others need not try. */
static bool send_one(struct mailer *m, struct mail_sender *sender,
                     const struct mail_settings *settings, const struct mail_way *way,
                     const struct letter_row *row)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO message = BUF_INIT(MESSAGE_MAX);
    struct fault fault = {""};
    bool reached = true;
    struct outcome o = {.id = row->id, .at = clock_now(), .account = row->account};
    if (writer_run_aside(m->writer, claim_work, &o, NULL) != RC_OK)
        return true;
    crash_point("letter-claimed");
    if (o.at > row->until) /* its links lead nowhere; why it was not sent in time stays */
        o.rc = fault_set(
            &fault, RC_LIMIT, "%.*s",
            STR_ARG(row->reason.n > 0 ? row->reason : STR("its time was over before it was sent")));
    else
        o.rc = make_message(m->conn, m->gate, m->compose, settings, way, row, &arena, &message,
                            &o.dropped, &fault);
    if (o.rc == RC_OK)
        o.rc = mail_send(sender, way->from.address, row->recipient, buf_str(&message), is_stopping,
                         m, &reached, &fault);
    crash_point("letter-sent");
    if (o.rc != RC_OK)
        settle(&o, row, o.at, &fault);
    count(&site_counters(m->site)->letters[o.rc == RC_OK     ? LETTER_SENT
                                           : o.rc == RC_BUSY ? LETTER_LATER
                                                             : LETTER_FAILED],
          1);
    note(m, &o);
    return reached;
}

/* ---- a round ---- */

/* Sent when there is a server again, not before: only then does it count. */
static void server_is_away(struct mailer *m)
{
    m->rest_ms = m->rest_ms == 0 ? REST_MS : m->rest_ms * 2 < REST_MAX ? m->rest_ms * 2 : REST_MAX;
    m->rests_until = clock_monotonic_ms() + m->rest_ms;
}

static void send_due(struct mailer *m, const struct mail_settings *settings,
                     const struct letter_row *rows, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct mail_way way;
    struct fault fault = {""};
    if (mail_way_find(m->site, settings, &arena, &way, &fault) != RC_OK) {
        fprintf(stderr, "colophon: no mail can be sent: %s\n", fault.text);
        server_is_away(m);
        return;
    }
    struct mail_sender *sender = mail_sender_new(&way.server);
    bool reached = true;
    for (size_t i = 0; reached && i < n && !is_stopping(m); i++)
        reached = send_one(m, sender, settings, &way, &rows[i]);
    mail_sender_free(sender);
    if (reached)
        m->rest_ms = 0;
    else
        server_is_away(m);
}

static enum rc release_work(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    return letter_rows_release(conn, fault);
}

static enum rc forget_work(void *context, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = letter_rows_forget(conn, *(int64_t *)context, fault);
    if (rc == RC_OK)
        rc = address_changes_forget(conn, clock_now(), fault);
    return rc == RC_OK ? sign_up_rows_forget(conn, clock_now(), fault) : rc;
}

/* Whether there may be more at once. */
static bool look(struct mailer *m)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct mail_settings settings;
    struct letter_row *rows = NULL;
    size_t n = 0;
    if (m->conn == NULL && site_connect_wholly(m->site, &m->conn, NULL) != RC_OK)
        return false;
    enum rc rc = mail_settings_get(m->conn, &arena, &settings, NULL);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        atomic_store(&m->set, rc == RC_OK);
    if (rc == RC_OK && clock_monotonic_ms() >= m->rests_until)
        rc = letter_rows_due(m->conn, &arena, clock_now(), ROUND, &rows, &n, NULL);
    if (rc != RC_OK && rc != RC_NOT_FOUND) { /* a database that went away */
        site_disconnect(m->conn);
        m->conn = NULL;
    }
    if (rc != RC_OK || n == 0)
        return false;
    send_due(m, &settings, rows, n);
    m->sent = true;
    return n == ROUND;
}

/* An entry says of each demand when its letter of receipt was sent. What the log does not
 * take now, it is asked for again in the next round. */
static void acknowledge(struct mailer *m)
{
    bool more = true;
    if (m->sent && m->conn != NULL &&
        acknowledge_letters(m->site, m->writer, m->conn, &more, NULL) == RC_OK)
        m->sent = more;
}

static void forget_old(struct mailer *m)
{
    int64_t before = clock_now() - (int64_t)MAIL_KEPT_DAYS * DAY;
    if (m->forgot_at != 0 && clock_monotonic_ms() < m->forgot_at + FORGET_S * 1000LL)
        return;
    if (writer_run(m->writer, forget_work, &before, NULL) == RC_OK)
        m->forgot_at = clock_monotonic_ms();
}

static void *mailer_thread(void *context)
{
    struct mailer *m = context;
    while (!is_stopping(m)) {
        uint64_t turn = writer_turn(m->writer);
        bool more = false;
        /* Who had letters under another lead than this one has them no more. */
        if (turn != 0 && turn != m->turn &&
            writer_run(m->writer, release_work, NULL, NULL) == RC_OK)
            m->turn = turn;
        if (turn != 0 && turn == m->turn) {
            more = look(m);
            acknowledge(m);
            forget_old(m);
        }
        if (!more && !is_stopping(m)) {
            sleeper_rest(&m->sleeper, LOOK_MS);
            struct timespec quiet = {0, QUIET_MS * 1000000L};
            nanosleep(&quiet, NULL);
        }
    }
    site_disconnect(m->conn);
    return NULL;
}

enum rc mailer_open(struct site *site, struct gate *gate, struct writer *writer,
                    letter_composer compose, struct mailer **ret, struct fault *fault)
{
    struct mailer *m = calloc(1, sizeof *m);
    if (m == NULL)
        abort();
    m->site = site;
    m->gate = gate;
    m->writer = writer;
    m->sent = true;
    m->compose = compose;
    sleeper_init(&m->sleeper);
    enum rc rc = sleeper_start(&m->sleeper, mailer_thread, m, "sends mail", fault);
    if (rc != RC_OK) {
        sleeper_free(&m->sleeper);
        free(m);
        return rc;
    }
    *ret = m;
    return RC_OK;
}

void mailer_stop(struct mailer *m)
{
    if (m == NULL)
        return;
    sleeper_stop(&m->sleeper);
}

void mailer_free(struct mailer *m)
{
    if (m == NULL)
        return;
    sleeper_free(&m->sleeper);
    free(m);
}

bool mailer_is_set(const struct mailer *m)
{
    return m != NULL && atomic_load(&m->set);
}

void mailer_wake(struct mailer *m)
{
    if (m != NULL)
        sleeper_wake(&m->sleeper);
}

/* ---- a test ---- */

enum rc mail_test(struct site *site, letter_composer compose, struct str to, struct str language,
                  struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO message = BUF_INIT(MESSAGE_MAX);
    struct news_dropped dropped = {.n = 0};
    struct store_conn *conn = NULL;
    struct mail_settings settings;
    struct mail_way way;
    bool reached;
    struct letter_row row = {.kind = STR("test"),
                             .recipient = to,
                             .language = language,
                             .content = STR("{}"),
                             .created = clock_now()};
    row.message_id = arena_printf(&arena, "test.%lld.%lld@%.*s", (long long)row.created,
                                  (long long)clock_monotonic_us(), 9, "localhost");
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = mail_settings_get(conn, &arena, &settings, fault);
    if (rc == RC_OK)
        rc = mail_way_find(site, &settings, &arena, &way, fault);
    if (rc == RC_OK)
        rc = make_message(conn, NULL, compose, &settings, &way, &row, &arena, &message, &dropped,
                          fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    struct mail_sender *sender = mail_sender_new(&way.server);
    rc = mail_send(sender, way.from.address, to, buf_str(&message), NULL, NULL, &reached, fault);
    mail_sender_free(sender);
    return rc;
}
