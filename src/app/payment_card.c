/* The provider's settings, and the way to its page. */
#include <stdio.h>

#include "app/payment_card_parts.h"
#include "app/payment_parts.h"
#include "app/sales_own_parts.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/file.h"
#include "store/card_sessions.h"
#include "store/payments.h"
#include "store/sales.h"

enum {
    SETTINGS_MAX = 8 << 10,
    HURRIED_MS = 5000,
    SESSION_S = 3600, /* the provider wants half an hour at least */
    RETRY_S = 1200,   /* so long one whose answer was lost is asked for under its first key */
    ATTEMPTS_MAX = 50,
    ORDERS_MAX = 20,
    WAYS_MAX = 8,
};

/* ---- settings ---- */

static struct str origin_of(struct str url)
{
    size_t host = str_find(url, '/') + 2; /* behind "https://" */
    return str_sub(url, 0, host + str_find(str_sub(url, host, url.n), '/'));
}

enum rc card_open(const char *path, struct card **ret, struct fault *fault)
{
    struct card *card = calloc(1, sizeof *card);
    struct str text;
    if (card == NULL)
        abort();
    enum rc rc = file_read_secret(path, SETTINGS_MAX, &card->arena, &text, fault);
    if (rc == RC_OK) {
        rc = stripe_read(&card->arena, text, &card->stripe, fault);
        if (rc != RC_OK)
            rc = fault_prefix(fault, rc, "%s", path);
    }
    if (rc != RC_OK) {
        card_close(card);
        return rc;
    }
    card->origin = origin_of(card->stripe.pages);
    card->hurried = card->stripe;
    card->hurried.timeout_ms = HURRIED_MS;
    *ret = card;
    return RC_OK;
}

void card_close(struct card *card)
{
    if (card == NULL)
        return;
    arena_free(&card->arena);
    free(card);
}

struct str card_origin(const struct card *card)
{
    return card == NULL ? STR_NONE : card->origin;
}

bool card_takes(const struct card *card, struct str currency, int64_t amount)
{
    int64_t theirs;
    return card != NULL && amount > 0 && stripe_amount(amount, currency, &theirs);
}

void card_log(const struct fault *fault)
{
    fprintf(stderr, "colophon: payment by card: %s\n", fault->text);
}

/* ---- to its page ---- */

struct going {
    const struct card *card;
    struct arena *arena;
    const struct card_visit *visit;
    bool anew; /* the one that is open is none to go to */
    struct purchase_row purchase;
    struct payment_row payment;
    struct card_session_row session;
    bool fresh; /* begun just now */
    struct str numbers;
};

static enum rc waits_not(struct fault *fault)
{
    return fault_set(fault, RC_CONFLICT, "this order does not wait for its payment any more");
}

/* Nobody is sent to pay what would then be held for people. */
static enum rc check_waits(struct going *g, struct store_conn *conn, struct fault *fault)
{
    payment_rows rows;
    bool nobodys = false;
    const struct purchase_row *p = &g->purchase;
    if (!str_is(p->state, PURCHASE_WAITING) || p->expires <= clock_now())
        return waits_not(fault);
    if (!card_takes(g->card, p->currency, p->total))
        return fault_set(fault, RC_CONFLICT, "this order cannot be paid by card");
    enum rc rc = purchase_undeliverable(conn, p->id, p->account, &nobodys, fault);
    if (rc == RC_OK && nobodys)
        return waits_not(fault);
    if (rc == RC_OK)
        rc = payment_rows_of_purchase(conn, g->arena, p->id, WAYS_MAX, &rows, fault);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        if (rows.v[i].received > 0 || !str_is(rows.v[i].state, PAYMENT_WAITING))
            return fault_set(fault, RC_CONFLICT,
                             "some money came for this order: it is not paid by card any more");
    return rc;
}

static enum rc read_numbers(struct going *g, struct store_conn *conn, struct fault *fault)
{
    struct sales_order_row *orders;
    size_t n;
    enum rc rc =
        sales_order_rows_of(conn, g->arena, g->purchase.id, ORDERS_MAX, &orders, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        g->numbers =
            ARENA_JOIN(g->arena, g->numbers, i > 0 ? STR(", ") : STR(" "), orders[i].number);
    return rc;
}

static enum rc begin_session(struct going *g, struct store_conn *conn, unsigned attempt,
                             struct fault *fault)
{
    int64_t now = clock_now();
    if (attempt > ATTEMPTS_MAX)
        return fault_set(fault, RC_CONFLICT, "this order cannot be paid by card");
    g->fresh = true;
    g->session = (struct card_session_row){
        .payment = g->payment.id, .attempt = attempt, .state = STR(CARD_OPEN), .begun = now};
    g->session.ask = card_ask_again(&g->session, now);
    return card_session_row_add(conn, &g->session, fault);
}

static enum rc go_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct going *g = context;
    g->fresh = false;
    g->numbers = STR_NONE;
    enum rc rc = own_purchase_find(conn, g->arena, &g->visit->wish, &g->purchase, fault);
    if (rc == RC_OK)
        rc = check_waits(g, conn, fault);
    if (rc == RC_OK)
        rc = read_numbers(g, conn, fault);
    if (rc == RC_OK)
        rc = payment_by_card(conn, g->arena, &g->purchase, &g->payment, fault);
    if (rc != RC_OK)
        return rc;
    rc = card_session_row_latest(conn, g->arena, g->payment.id, &g->session, fault);
    unsigned last = rc == RC_OK ? g->session.attempt : 0;
    if (rc == RC_OK && str_is(g->session.state, CARD_PENDING))
        return RC_OK;
    if (rc == RC_OK && !g->anew && str_is(g->session.state, CARD_OPEN) &&
        (g->session.session.n > 0 || g->session.begun + RETRY_S > clock_now()))
        return RC_OK;
    return rc == RC_OK || rc == RC_NOT_FOUND ? begin_session(g, conn, last + 1, fault) : rc;
}

/* As the provider's pages speak. */
static struct str language_of(struct str tag)
{
    static const struct {
        const char *ours, *theirs;
    } known[] = {{"zh-Hans", "zh"}, {"zh-Hant", "zh-TW"}, {"de", "de"},
                 {"en", "en"},      {"es", "es"},         {"fr", "fr"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(tag, known[i].ours))
            return str_of(known[i].theirs);
    return STR_NONE;
}

static enum rc ask_for_session(struct going *g, struct stripe_session *ret, struct fault *fault)
{
    const struct card_visit *visit = g->visit;
    struct stripe_order order = {.reference = g->payment.reference,
                                 .attempt = g->session.attempt,
                                 .currency = g->payment.currency,
                                 .amount = g->payment.amount,
                                 .name = ARENA_JOIN(g->arena, visit->name, g->numbers),
                                 .email = g->purchase.email,
                                 .language = language_of(visit->language),
                                 .success = visit->success,
                                 .cancel = visit->cancel,
                                 .expires = g->session.begun + SESSION_S};
    enum rc rc = stripe_checkout(&g->card->hurried, g->arena, &order, ret, fault);
    crash_point("card-session-made");
    if (rc == RC_OK &&
        (!str_eq(ret->reference, g->payment.reference) || ret->live != g->card->stripe.live ||
         !str_eq(ret->currency, g->payment.currency) || ret->amount != g->payment.amount))
        rc = fault_set(fault, RC_INVALID, "the payment provider's session is for something else");
    return rc;
}

static enum rc keep_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct going *g = context;
    struct card_session_row now;
    enum rc rc = card_session_row_latest(conn, g->arena, g->payment.id, &now, fault);
    /* A webhook was faster, or another click. */
    if (rc != RC_OK || now.attempt != g->session.attempt || now.session.n > 0)
        return rc;
    now.session = g->session.session;
    return card_session_row_set(conn, &now, fault);
}

/* A page to go to is in ret->url; *ret_again: another session may be. */
static enum rc go_once(struct going *g, struct writer *writer, struct card_way *ret,
                       bool *ret_again, struct fault *fault)
{
    struct stripe_session session = {.url = STR_NONE};
    bool known = g->session.session.n > 0;
    enum stripe_kind kind = STRIPE_OTHER;
    enum rc rc =
        known ? stripe_session(&g->card->hurried, g->arena, g->session.session, &session, fault)
              : ask_for_session(g, &session, fault);
    *ret_again = false;
    if (rc != RC_OK) {
        card_log(fault);
        ret->away = true;
        *ret_again = !g->fresh && (rc == RC_INVALID || rc == RC_NOT_FOUND);
        return RC_OK;
    }
    ret->away = false;
    if (known && !str_is(session.state, "open")) {
        rc = card_take_answer(writer, g->arena, g->card, &session, &kind, fault);
        *ret_again = kind == STRIPE_UNPAID;
        return rc;
    }
    ret->url = session.url;
    ret->away = session.url.n == 0;
    g->session.session = session.id;
    return known ? RC_OK : writer_run_aside(writer, keep_work, g, fault);
}

enum rc payment_go(const struct card *card, struct writer *writer, struct arena *arena,
                   const struct card_visit *visit, struct card_way *ret, struct fault *fault)
{
    struct going g = {.card = card, .arena = arena, .visit = visit};
    struct card_way way = {.away = false};
    bool again = true;
    enum rc rc =
        card == NULL ? fault_set(fault, RC_CONFLICT, "this order cannot be paid by card") : RC_OK;
    for (int turn = 0; rc == RC_OK && again && turn < 2; turn++) {
        g.anew = turn > 0;
        rc = writer_run_aside(writer, go_work, &g, fault);
        again = false;
        if (rc == RC_OK && !str_is(g.session.state, CARD_PENDING))
            rc = go_once(&g, writer, &way, &again, fault);
    }
    if (rc == RC_OK)
        *ret = way;
    return rc;
}
