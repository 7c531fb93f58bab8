/* What is asked of the provider without anybody waiting for it. */
#include "app/payment_card_parts.h"
#include "app/payments.h"
#include "base/clock.h"
#include "base/wait.h"
#include "store/card_sessions.h"
#include "store/payments.h"

enum { LOOK_MS = 1000, AT_ONCE = 10, PAUSE_MS = 60000 };

struct card_rounds {
    const struct card *card;
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* the thread's; NULL while there is none */
    struct sleeper sleeper;
    int64_t rests_until; /* the provider does not answer */
};

/* ---- sessions ---- */

static enum rc later_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct card_session_row *row = context;
    row->ask = card_ask_again(row, clock_now());
    return card_session_row_set(conn, row, fault);
}

static enum rc ask_one(struct card_rounds *r, struct arena *arena, struct card_session_row *row,
                       struct fault *fault)
{
    struct stripe_session session;
    enum stripe_kind kind;
    struct payment_row payment;
    enum rc rc = payment_row_get(r->conn, arena, row->payment, &payment, fault);
    if (rc == RC_OK)
        rc = stripe_session(&r->card->stripe, arena, row->session, &session, fault);
    /* Paid by another way, or called off: nobody is to pay by this one, too. */
    if (rc == RC_OK && str_is(session.state, "open") && str_is(payment.state, PAYMENT_FAILED))
        rc = stripe_session_end(&r->card->stripe, arena, row->session, &session, fault);
    if (rc == RC_OK)
        return card_take_answer(r->writer, arena, r->card, &session, &kind, fault);
    if (rc == RC_BUSY || rc == RC_DENIED)
        return rc;
    card_log(fault); /* it knows of no such session, or says what cannot be read */
    return writer_run_aside(r->writer, later_work, row, fault);
}

static enum rc ask_all(struct card_rounds *r, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    card_session_rows due;
    enum rc rc = card_session_rows_due(r->conn, &arena, clock_now(), AT_ONCE, &due, fault);
    for (size_t i = 0; rc == RC_OK && i < due.n && !sleeper_ended(&r->sleeper); i++)
        rc = ask_one(r, &arena, &due.v[i], fault);
    return rc;
}

/* ---- refunds ---- */

struct sending_refund {
    struct arena *arena;
    uint64_t id;
    bool mine; /* it is owed, and is said to be asked for */
    bool refused;
    struct stripe_refund answer;
};

/* From here on nobody sends it by transfer. */
static enum rc reserve_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sending_refund *s = context;
    struct refund_row row;
    enum rc rc = refund_row_get(conn, s->arena, s->id, &row, fault);
    s->mine = rc == RC_OK && str_is(row.state, REFUND_OWED);
    if (!s->mine || row.asked)
        return rc;
    row.asked = true;
    return refund_row_set(conn, &row, fault);
}

static enum rc sent_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sending_refund *s = context;
    return s->refused ? refund_mark_failed(conn, s->arena, s->id, STR_NONE, clock_now(), fault)
                      : card_take_refund(conn, s->arena, &s->answer, clock_now(), fault);
}

static enum rc send_one(struct card_rounds *r, struct arena *arena, const struct refund_row *row,
                        struct fault *fault)
{
    struct sending_refund s = {.arena = arena, .id = row->id};
    enum rc rc = writer_run_aside(r->writer, reserve_work, &s, fault);
    if (rc != RC_OK || !s.mine)
        return rc;
    struct str key = card_refund_key(arena, row);
    rc = stripe_refund(&r->card->stripe, arena, row->intent, row->currency, row->amount, key,
                       &s.answer, fault);
    if (rc == RC_BUSY || rc == RC_DENIED)
        return rc;
    s.refused = rc != RC_OK;
    if (s.refused)
        card_log(fault);
    s.answer.key = key; /* of a row that has no number of the provider's yet */
    return writer_run_aside(r->writer, sent_work, &s, fault);
}

static enum rc send_all(struct card_rounds *r, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    refund_rows owed;
    enum rc rc = refund_rows_by_card(r->conn, &arena, 0, AT_ONCE, &owed, fault);
    for (size_t i = 0; rc == RC_OK && i < owed.n && !sleeper_ended(&r->sleeper); i++)
        rc = send_one(r, &arena, &owed.v[i], fault);
    return rc;
}

/* ---- the thread ---- */

static void look(struct card_rounds *r)
{
    struct fault fault = {""};
    enum rc rc = r->conn == NULL ? site_connect_wholly(r->site, &r->conn, &fault) : RC_OK;
    if (rc == RC_OK)
        rc = send_all(r, &fault);
    if (rc == RC_OK)
        rc = ask_all(r, &fault);
    if (rc == RC_OK)
        return;
    card_log(&fault);
    r->rests_until = clock_monotonic_ms() + PAUSE_MS;
    site_disconnect(r->conn); /* perhaps the database went away */
    r->conn = NULL;
}

static void *rounds_thread(void *context)
{
    struct card_rounds *r = context;
    while (sleeper_rest(&r->sleeper, LOOK_MS))
        if (writer_turn(r->writer) != 0 && clock_monotonic_ms() >= r->rests_until)
            look(r);
    site_disconnect(r->conn);
    return NULL;
}

enum rc card_rounds_open(const struct card *card, struct site *site, struct writer *writer,
                         struct card_rounds **ret, struct fault *fault)
{
    struct card_rounds *r = calloc(1, sizeof *r);
    if (r == NULL)
        abort();
    r->card = card;
    r->site = site;
    r->writer = writer;
    sleeper_init(&r->sleeper);
    enum rc rc = sleeper_start(&r->sleeper, rounds_thread, r, "asks the payment provider", fault);
    if (rc != RC_OK) {
        sleeper_free(&r->sleeper);
        free(r);
        return rc;
    }
    *ret = r;
    return RC_OK;
}

void card_rounds_close(struct card_rounds *rounds)
{
    if (rounds == NULL)
        return;
    sleeper_stop(&rounds->sleeper);
    sleeper_free(&rounds->sleeper);
    free(rounds);
}
