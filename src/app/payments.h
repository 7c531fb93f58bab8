/* Money that comes and goes. What is told of money (a bank's line, the provider's webhook, staff)
 * becomes a payment_event once, whoever says it how often; payment_settle is the only place where a
 * purchase comes to be paid, in one transaction with all that follows: its sales orders, the
 * ledger, e-books, invoices, letters.
 *
 * What is not what was asked for is held for people: part of the money (until the rest comes), more
 * than it, another currency, a purchase that ended, nobody's reference. It is booked as it came. */
#ifndef COLOPHON_APP_PAYMENTS_H
#define COLOPHON_APP_PAYMENTS_H

#include "app/writer.h"
#include "domain/payment.h"
#include "domain/sale.h"

/* ---- inside an open write transaction ---- */

/* What a purchase waits for: a payment by its method, and one by transfer, where that is possible;
 * whichever is paid first is enough. Only rows are written. One that costs nothing is settled at
 * once, so it comes after its sales orders and lines. */
enum rc payment_begin(struct store_conn *conn, struct arena *arena,
                      const struct purchase_row *purchase, struct payment_row *ret,
                      struct fault *fault) MUST_CHECK;

struct payment_news {
    struct str method, event; /* whose number it is, and which: the same again is nothing */
    struct str kind;          /* "statement", "session", "staff", "free" */
    struct str currency;
    int64_t amount;
    struct str text;        /* the reference as they gave it */
    uint64_t payment;       /* 0: the text says whose */
    struct str provider_id; /* the provider's session */
    bool strange;           /* people look in any case */
    int64_t told;
    uint64_t account; /* of staff */
};
enum payment_outcome {
    PAYMENT_KNOWN,   /* it was told before */
    PAYMENT_SETTLED, /* the purchase is paid */
    PAYMENT_PARTLY,  /* some of it is */
    PAYMENT_OVER,    /* it is paid, and something is left: people look */
    PAYMENT_UNCLEAR, /* people look */
};
const char *payment_outcome_name(enum payment_outcome outcome);
enum rc payment_take(struct store_conn *conn, struct arena *arena, const struct payment_news *news,
                     enum payment_outcome *ret, struct fault *fault) MUST_CHECK;
enum rc payment_settle(struct store_conn *conn, struct arena *arena,
                       const struct payment_news *news, struct fault *fault) MUST_CHECK;
/* It waits no more by this way, unless it was paid by it; what came in parts is people's to look
 * at. */
enum rc payment_end(struct store_conn *conn, struct payment_row *payment, int64_t now,
                    struct fault *fault) MUST_CHECK;

struct refund_order {
    struct str key; /* whatever is asked for twice under it is one */
    uint64_t order; /* the sales order that it is of */
    int64_t amount;
    struct str reason;
    int64_t now;
};
/* Owed from here on, with its credit note and letter; lines whose money it is have it in
 * sales_line.refunded before. RC_CONFLICT where the sales order was not paid, or less of it is
 * left; RC_INVALID for a key that stands for another sum. */
enum rc refund_ask(struct store_conn *conn, struct arena *arena, const struct refund_order *order,
                   struct fault *fault) MUST_CHECK;
/* The money left, by the provider's number of it or (empty) by transfer; again is nothing. */
enum rc refund_mark_sent(struct store_conn *conn, struct arena *arena, uint64_t refund,
                         struct str provider_id, int64_t now, struct fault *fault) MUST_CHECK;
/* The provider could not send it, or it came back: it is owed still, and people look. */
enum rc refund_mark_failed(struct store_conn *conn, struct arena *arena, uint64_t refund,
                           struct str provider_id, int64_t now, struct fault *fault) MUST_CHECK;

/* ---- for commands and the desk ---- */

/* Staff say that money came for a reference: the event is the note they give, or the reference. */
struct payment_said {
    struct str reference, amount, currency; /* empty currency: the payment's */
    struct str event;
    uint64_t account;
};
enum rc payment_say(struct writer *writer, struct arena *arena, const struct payment_said *said,
                    enum payment_outcome *ret, struct fault *fault) MUST_CHECK;
/* What is left of an event that is held is to go back to who sent it. */
enum rc payment_give_back(struct writer *writer, struct arena *arena, struct str method,
                          struct str event, struct fault *fault) MUST_CHECK;
/* What is held of nobody's reference belongs to this payment. */
enum rc payment_assign(struct writer *writer, struct arena *arena, struct str method,
                       struct str event, struct str reference, enum payment_outcome *ret,
                       struct fault *fault) MUST_CHECK;
enum rc refunds_sent(struct writer *writer, struct arena *arena, const uint64_t *ids, size_t n,
                     struct fault *fault) MUST_CHECK;
enum rc bank_account_set(struct writer *writer, const struct bank_account *account,
                         struct fault *fault) MUST_CHECK;

/* ---- looking: on a connection that sees everything ---- */

enum rc payments_list(struct store_conn *conn, struct arena *arena, struct str state,
                      uint64_t before, size_t room, payment_rows *ret,
                      struct fault *fault) MUST_CHECK;
struct payment_view {
    struct payment_row payment;
    struct purchase_row purchase;
    payment_events events;
    refund_rows refunds;
};
/* By its reference, as people type it. */
enum rc payment_find(struct store_conn *conn, struct arena *arena, struct str reference,
                     struct payment_view *ret, struct fault *fault) MUST_CHECK;
/* A purchase's: the one that is paid, else the latest. */
enum rc payment_of(struct store_conn *conn, struct arena *arena, uint64_t purchase,
                   struct payment_row *ret, struct fault *fault) MUST_CHECK;
/* What is told of money that people must look at. */
enum rc payments_held(struct store_conn *conn, struct arena *arena, size_t room,
                      payment_events *ret, struct fault *fault) MUST_CHECK;
enum rc payments_held_count(struct store_conn *conn, uint64_t *ret, struct fault *fault) MUST_CHECK;
enum rc refunds_list(struct store_conn *conn, struct arena *arena, struct str state, uint64_t after,
                     size_t room, refund_rows *ret, struct fault *fault) MUST_CHECK;
/* Of a sales order: what could not be sent back, and is owed still. */
enum rc refunds_failed(struct store_conn *conn, struct arena *arena, uint64_t order,
                       refund_rows *ret, struct fault *fault) MUST_CHECK;
enum rc bank_accounts_list(struct store_conn *conn, struct arena *arena, size_t room,
                           bank_accounts *ret, struct fault *fault) MUST_CHECK;
/* Where to pay in a currency; RC_NOT_FOUND where that cannot be done by transfer. */
enum rc bank_account_of(struct store_conn *conn, struct arena *arena, struct str currency,
                        struct bank_account *ret, struct fault *fault) MUST_CHECK;

/* A bank's statement: read whole, then line by line in transactions of their own; what was taken
 * before passes by, so that one that was cut off is brought again. */
struct statement_summary {
    size_t lines, known, settled, partly, over, unclear, left, pending;
    int64_t first, last; /* days; 0: none */
};
struct statement_order {
    struct str bytes;
    /* Of each line that people must look at. */
    void (*told)(void *context, uint64_t line, struct str text, enum payment_outcome outcome);
    void (*going)(void *context, uint64_t done, uint64_t all);
    void *context;
};
enum rc statement_take(struct writer *writer, const struct statement_order *order,
                       struct statement_summary *ret, struct fault *fault) MUST_CHECK;

/* What taking it would come to; nothing is changed. RC_LIMIT for more lines than `room`. */
struct statement_look {
    uint64_t line;
    int32_t day;
    struct str currency;
    int64_t amount;
    struct str text, payer;
    struct payment_row payment; /* whose it is; id 0: nobody's */
    enum payment_outcome outcome;
};
typedef LIST(struct statement_look) bank_looks;
enum rc statement_look(struct store_conn *conn, struct arena *arena, struct str bytes, size_t room,
                       bank_looks *ret, struct statement_summary *ret_sum,
                       struct fault *fault) MUST_CHECK;

#endif
