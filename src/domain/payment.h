/* Payments, what was told of them, refunds and payouts, as they are kept: plain facts. What they
 * mean together says app/payments.h, what stands behind them migration 0055. */
#ifndef COLOPHON_DOMAIN_PAYMENT_H
#define COLOPHON_DOMAIN_PAYMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

#define PAYMENT_TRANSFER "transfer"
#define PAYMENT_CARD "card"

#define PAYMENT_WAITING "waiting"
#define PAYMENT_PAID "paid"
#define PAYMENT_FAILED "failed"
#define PAYMENT_HELD "held" /* not what was asked for: people look */

struct payment_row {
    uint64_t id, purchase;
    struct str method, reference;
    struct str provider_id; /* the session that paid it */
    struct str currency;
    int64_t amount, received, refunded;
    struct str state;
    int64_t created, ended;
};
typedef LIST(struct payment_row) payment_rows;

#define CARD_OPEN "open"
#define CARD_PENDING "pending" /* the money is on its way */
#define CARD_PAID "paid"
#define CARD_ENDED "ended"

/* A reader was sent to the provider's page. */
struct card_session_row {
    uint64_t payment;
    unsigned attempt;
    struct str session, intent; /* the provider's numbers; empty until it gave one */
    struct str state;
    int64_t begun, ask; /* ask: when the provider is asked for it next */
};
typedef LIST(struct card_session_row) card_session_rows;

#define EVENT_SETTLED "settled"     /* it is the payment's */
#define EVENT_PART "part"           /* it is some of the payment's */
#define EVENT_OVER "over"           /* something of it is left: people look */
#define EVENT_OVER_BACK "over-back" /* that is given back */
#define EVENT_CONFIRMED "confirmed" /* people said it before: booked then */
#define EVENT_HELD "held"           /* people look */
#define EVENT_LOOKED "looked"       /* they did */

struct payment_event {
    struct str method;
    struct str event; /* their number; of a transfer, a hash of the statement's line */
    uint64_t payment; /* 0: nobody knows yet whose */
    struct str kind, currency;
    int64_t amount;
    struct str text, outcome;
    int64_t told, taken;
    int64_t left; /* of what is held: so much of it is nobody's; read by payments_held */
};
typedef LIST(struct payment_event) payment_events;

#define REFUND_OWED "owed"
#define REFUND_SENT "sent"
#define REFUND_FAILED "failed"

struct refund_row {
    uint64_t id;
    struct str key;
    uint64_t order, payment;
    struct str currency;
    int64_t amount;
    struct str reason, state, provider_id;
    int64_t created, ended;
    struct str intent; /* what it goes back by, at the provider; empty: by transfer */
    bool asked;        /* the provider was asked to send it, or is being asked */
};
typedef LIST(struct refund_row) refund_rows;

#define REFUND_CANCELLED "cancelled"
#define REFUND_RETURNED "returned"
#define REFUND_WITHDRAWN "withdrawn"
#define REFUND_GOODWILL "goodwill"
#define REFUND_OVERPAID "overpaid"

struct bank_account {
    struct str currency, holder, account, bank;
    int64_t changed;
};
typedef LIST(struct bank_account) bank_accounts;

struct payout_row {
    uint64_t id, shop;
    struct str currency;
    int64_t amount;
    uint64_t until; /* transactions up to this one */
    struct str reference;
    int64_t created, sent;      /* sent 0: not yet */
    int64_t tax;                /* of the amount: what the shop pays to countries */
    struct str shop_code, name; /* read only */
    struct str account;         /* as it was when it was made; read only, as those below */
    struct str account_before;  /* of the shop's payout before it; empty: there was none */
};
typedef LIST(struct payout_row) payout_rows;
/* It goes elsewhere than the one before it did: whoever sends it asks the shop first. */
static inline bool payout_moved(const struct payout_row *p)
{
    return p->account_before.n > 0 && !str_eq(p->account, p->account_before);
}

#endif
