/* Money at the operator's desk: what came and is waited for, refunds that are owed, payouts, taxes,
 * and whether all of it agrees. */
#ifndef COLOPHON_WEB_DESK_PAYMENTS_H
#define COLOPHON_WEB_DESK_PAYMENTS_H

#include "app/payments.h"
#include "app/payouts.h"
#include "app/sales_check.h"
#include "web/papers.h"
#include "web/partner.h"

struct context;

struct payments_view {
    struct str error;
    struct str state; /* of the list */
    sales_findings findings;
    int64_t checked; /* 0: never */
    payment_events held;
    bool held_cut;
    payment_rows payments;
    struct url next; /* empty: there are no more */
    refund_rows refunds;
    struct str reference, amount; /* as they were typed */
};

struct bank_view {
    bank_looks lines;
    struct statement_summary sum;
    struct str content; /* base64: the form that takes it sends it once more */
};

struct payouts_view {
    struct str error;
    payout_rows payouts;
    tax_lines taxes;
    struct str country, currency, until; /* as they were typed */
};

struct partner_payouts_view {
    struct partner_shop shop;
    payout_rows payouts;
    ledger_statement statement; /* the latest; with its balances */
    bool cut;
    LIST(struct ledger_sum) owed; /* by currency: what the next payout would be, above nought */
};

struct str word_payment_reference(const struct page *p, struct str reference);
struct str word_payment_state(const struct page *p, struct str state);
struct str word_payment_outcome(const struct page *p, enum payment_outcome outcome);
struct str word_sales_finding(const struct page *p, const struct sales_finding *f);
struct str word_ledger_kind(const struct page *p, struct str kind);
struct url link_payments(const struct page *p, const char *state);
/* The numbers ("id") that are ticked in a form; RC_INVALID where none is. */
enum rc desk_ticked(struct context *c, uint64_t **ret, size_t *ret_n,
                    struct fault *fault) MUST_CHECK;
/* Of what a payer wrote. */
struct str first_line(struct str text);

#endif
