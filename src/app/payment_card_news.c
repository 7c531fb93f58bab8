/* What the provider says: of sessions and refunds, by webhook or when it is asked. */
#include "app/payment_card_parts.h"
#include "app/payment_parts.h"
#include "app/sales_own_parts.h"
#include "base/clock.h"
#include "store/card_sessions.h"
#include "store/payments.h"

enum { ASK_S = 60 };
#define REFUND_KEY "refund-"

int64_t card_ask_again(const struct card_session_row *row, int64_t now)
{
    int64_t age = now - row->begun;
    return now + (age / 8 > ASK_S ? age / 8 : ASK_S);
}

enum rc payment_intent(struct store_conn *conn, struct arena *arena, struct str session,
                       struct str *ret, struct fault *fault)
{
    struct card_session_row row;
    *ret = STR_NONE;
    if (session.n == 0)
        return RC_OK;
    enum rc rc = card_session_row_by_number(conn, arena, session, &row, fault);
    if (rc == RC_OK)
        *ret = row.intent;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* ---- sessions ---- */

/* One that it made without our having its answer takes the place of the one that was asked for. */
static enum rc find_by_reference(struct store_conn *conn, struct arena *arena,
                                 const struct stripe_session *s, struct card_session_row *ret,
                                 struct fault *fault)
{
    struct payment_row payment;
    enum rc rc = s->reference.n == 0
                     ? RC_NOT_FOUND
                     : payment_row_by_reference(conn, arena, s->reference, &payment, fault);
    if (rc == RC_OK && !str_is(payment.method, PAYMENT_CARD))
        rc = RC_NOT_FOUND;
    if (rc != RC_OK)
        return rc;
    rc = card_session_row_latest(conn, arena, payment.id, ret, fault);
    if (rc == RC_OK && ret->session.n == 0) {
        ret->session = s->id;
        return RC_OK;
    }
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = (struct card_session_row){.payment = payment.id,
                                     .attempt = rc == RC_OK ? ret->attempt + 1 : 1,
                                     .session = s->id,
                                     .state = STR(CARD_OPEN),
                                     .begun = clock_now()};
    return card_session_row_add(conn, ret, fault);
}

static enum rc take_money(struct store_conn *conn, struct arena *arena, const struct card *card,
                          const struct card_news *n, uint64_t id, struct fault *fault)
{
    const struct stripe_session *s = n->session;
    struct payment_row payment;
    enum payment_outcome outcome;
    enum rc rc = payment_row_get(conn, arena, id, &payment, fault);
    struct payment_news news = {.method = STR(PAYMENT_CARD),
                                .event = s->id,
                                .kind = STR("session"),
                                .currency = s->currency,
                                .amount = s->amount,
                                .text = s->reference,
                                .payment = id,
                                .provider_id = s->id,
                                .told = n->told};
    if (rc != RC_OK)
        return rc;
    news.strange = s->live != card->stripe.live || s->amount != payment.amount ||
                   !str_eq(s->reference, payment.reference);
    return payment_take(conn, arena, &news, &outcome, fault);
}

/* Whatever comes twice, late or out of order: what is paid stays paid, and what has ended may be
 * paid still. A session of nobody's here is another program's of the same account. */
enum rc card_take(struct store_conn *conn, struct arena *arena, const struct card *card,
                  const struct card_news *news, struct fault *fault)
{
    const struct stripe_session *s = news->session;
    struct card_session_row row;
    enum rc rc = card_session_row_by_number(conn, arena, s->id, &row, fault);
    if (rc == RC_NOT_FOUND)
        rc = find_by_reference(conn, arena, s, &row, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    bool paid = str_is(row.state, CARD_PAID), open = str_is(row.state, CARD_OPEN);
    if (s->intent.n > 0)
        row.intent = s->intent;
    if (news->kind == STRIPE_PAID)
        row.state = STR(CARD_PAID);
    else if (news->kind == STRIPE_PENDING && open)
        row.state = STR(CARD_PENDING);
    else if (news->kind == STRIPE_UNPAID && !paid)
        row.state = STR(CARD_ENDED);
    row.ask = card_ask_again(&row, clock_now());
    rc = card_session_row_set(conn, &row, fault);
    return rc == RC_OK && news->kind == STRIPE_PAID
               ? take_money(conn, arena, card, news, row.payment, fault)
               : rc;
}

/* As a webhook would say it. */
static enum stripe_kind kind_of(const struct stripe_session *s)
{
    if (str_is(s->payment, "paid"))
        return STRIPE_PAID;
    return str_is(s->state, "expired")    ? STRIPE_UNPAID
           : str_is(s->state, "complete") ? STRIPE_PENDING
                                          : STRIPE_OTHER;
}

struct taking_answer {
    const struct card *card;
    struct arena *arena;
    struct card_news news;
};

static enum rc answer_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct taking_answer *t = context;
    return card_take(conn, t->arena, t->card, &t->news, fault);
}

enum rc card_take_answer(struct writer *writer, struct arena *arena, const struct card *card,
                         const struct stripe_session *session, enum stripe_kind *ret_kind,
                         struct fault *fault)
{
    struct taking_answer t = {card, arena, {session, kind_of(session), clock_now()}};
    *ret_kind = t.news.kind;
    /* What is paid changes what is in stock, and so what pages say. */
    return t.news.kind == STRIPE_PAID ? writer_run(writer, answer_work, &t, fault)
                                      : writer_run_aside(writer, answer_work, &t, fault);
}

/* ---- asked for whoever looks ---- */

struct asking {
    struct arena *arena;
    const struct own_sale_wish *wish;
    struct card_session_row session; /* empty number: there is nothing to ask */
};

static enum rc find_asked(void *context, struct store_conn *conn, struct fault *fault)
{
    struct asking *a = context;
    struct purchase_row purchase;
    struct payment_row payment;
    a->session = (struct card_session_row){.session = STR_NONE};
    enum rc rc = own_purchase_find(conn, a->arena, a->wish, &purchase, fault);
    if (rc != RC_OK || !str_is(purchase.state, PURCHASE_WAITING))
        return rc;
    rc = payment_row_by_method(conn, a->arena, purchase.id, STR(PAYMENT_CARD), &payment, fault);
    if (rc == RC_OK)
        rc = card_session_row_latest(conn, a->arena, payment.id, &a->session, fault);
    if (rc == RC_OK && str_is(a->session.state, CARD_PAID))
        a->session.session = STR_NONE;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc payment_ask(const struct card *card, struct site *site, struct writer *writer,
                    struct arena *arena, const struct own_sale_wish *wish, struct fault *fault)
{
    struct asking a = {.arena = arena, .wish = wish};
    struct stripe_session session;
    struct fault why = {""};
    enum stripe_kind kind;
    enum rc rc = site_look_wholly(site, find_asked, &a, fault);
    if (rc != RC_OK || a.session.session.n == 0)
        return rc;
    if (stripe_session(&card->hurried, arena, a.session.session, &session, &why) == RC_OK)
        return card_take_answer(writer, arena, card, &session, &kind, fault);
    card_log(&why);
    return RC_OK;
}

/* ---- refunds ---- */

struct str card_refund_key(struct arena *arena, const struct refund_row *row)
{
    return arena_printf(arena, REFUND_KEY "%.*s-%llu", STR_ARG(row->intent),
                        (unsigned long long)row->id);
}

/* By its number, or by the key, where it is told before we had its answer. */
static enum rc find_refund(struct store_conn *conn, struct arena *arena,
                           const struct stripe_refund *told, struct refund_row *ret,
                           struct fault *fault)
{
    uint64_t id;
    enum rc rc = refund_row_by_provider(conn, arena, told->id, ret, fault);
    if (rc != RC_NOT_FOUND || !str_starts(told->key, STR(REFUND_KEY)))
        return rc;
    size_t at = told->key.n;
    while (at > 0 && told->key.p[at - 1] != '-')
        at--;
    if (!str_to_u64(str_sub(told->key, at, told->key.n), &id))
        return RC_NOT_FOUND;
    rc = refund_row_get(conn, arena, id, ret, fault);
    return rc == RC_OK && !str_eq(card_refund_key(arena, ret), told->key) ? RC_NOT_FOUND : rc;
}

enum rc card_take_refund(struct store_conn *conn, struct arena *arena,
                         const struct stripe_refund *told, int64_t now, struct fault *fault)
{
    struct refund_row row;
    bool failed = str_is(told->state, "failed") || str_is(told->state, "canceled");
    enum rc rc = find_refund(conn, arena, told, &row, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    if (failed)
        return refund_mark_failed(conn, arena, row.id, told->id, now, fault);
    return str_is(row.state, REFUND_OWED)
               ? refund_mark_sent(conn, arena, row.id, told->id, now, fault)
               : RC_OK;
}

/* ---- webhooks ---- */

struct telling_card {
    const struct card *card;
    struct arena *arena;
    struct stripe_event event;
};

static enum rc told_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct telling_card *t = context;
    const struct stripe_event *e = &t->event;
    struct card_news news = {&e->session, e->kind, e->created};
    return e->kind == STRIPE_REFUND
               ? card_take_refund(conn, t->arena, &e->refund, clock_now(), fault)
               : card_take(conn, t->arena, t->card, &news, fault);
}

enum rc card_told(const struct card *card, struct writer *writer, struct arena *arena,
                  struct str payload, struct str signature, struct fault *fault)
{
    struct telling_card t = {.card = card, .arena = arena};
    enum rc rc =
        stripe_event_read(&card->stripe, arena, payload, signature, clock_now(), &t.event, fault);
    if (rc != RC_OK || t.event.kind == STRIPE_OTHER)
        return rc;
    return t.event.kind == STRIPE_PAID ? writer_run(writer, told_work, &t, fault)
                                       : writer_run_aside(writer, told_work, &t, fault);
}
