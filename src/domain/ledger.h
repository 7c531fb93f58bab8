/* The ledger: which lines a payment, a refund, a payout makes. Double entry: a debit is above
 * nought, a credit below, and the lines of a transaction sum to nought by construction, since the
 * last part of whatever is split is what the others leave.
 *
 * What belongs to several (the shop, the operator's fee, each country's tax) is split in proportion
 * without losing a unit: a refund takes the difference between the shares of all that was refunded
 * before it and with it, so that parts given back one by one make the whole. */
#ifndef COLOPHON_DOMAIN_LEDGER_H
#define COLOPHON_DOMAIN_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

/* Accounts by name, in the database and on paper. */
#define LEDGER_MONEY_TRANSFER "money/transfer" /* the operator's bank account */
#define LEDGER_MONEY_CARD "money/card"         /* at the provider */
#define LEDGER_SHOP "shop"                     /* owed to the shop */
#define LEDGER_FEE "fee"                       /* the operator's own */
#define LEDGER_TAX "tax"                       /* owed to a country for a shop's sales */
#define LEDGER_UNCLEAR "unclear"               /* came, and belongs to no sales order yet */
#define LEDGER_OVERPAID "overpaid"             /* more than was asked for: owed to whoever paid */
#define LEDGER_REFUNDS "refunds-owed"          /* to readers, until it is sent */
#define LEDGER_VOUCHERS "vouchers"             /* what its own vouchers cost the operator */
#define LEDGER_PAYOUTS "payouts-owed"          /* to shops, until it is sent */

bool ledger_account_known(struct str account);
/* Where the money of a method lies: a payment's method is 'transfer' or 'card'. */
const char *ledger_money(struct str method);

enum { LEDGER_COUNTRIES_MAX = 16, LEDGER_LINES_MAX = LEDGER_COUNTRIES_MAX + 4 };

struct ledger_line {
    struct str account;
    uint64_t shop;      /* 0: the operator's */
    struct str country; /* of a tax */
    int64_t amount;
};
struct ledger_lines {
    struct ledger_line v[LEDGER_LINES_MAX];
    size_t n;
};

/* A sales order, as money sees it. */
struct ledger_tax {
    struct str country;
    int64_t amount;
};
struct ledger_sale {
    uint64_t shop;
    int64_t total;    /* that is paid, with tax */
    int64_t fee_rate; /* of what was paid without tax, thousandths of a per cent */
    struct ledger_tax taxes[LEDGER_COUNTRIES_MAX];
    size_t taxes_n;
};
/* To the country's sum; false where they are too many. */
bool ledger_sale_tax(struct ledger_sale *sale, struct str country, int64_t amount);

/* Half up, exactly, for amounts that fill 63 bits; `rate` thousandths of a per cent. */
int64_t ledger_share(int64_t amount, int64_t part, int64_t whole);
int64_t ledger_fee(const struct ledger_sale *sale);

/* Below: `ret` is filled with lines that sum to nought; lines of nought are left out. False where
 * the numbers contradict themselves (taxes above the total, a refund above what is left), and
 * then nothing is written. */

/* Paid from `account`: what came just now ('money/…'), or came before ('unclear'). */
bool ledger_paid(const struct ledger_sale *sale, const char *account, struct ledger_lines *ret);
/* `amount` of it is to be given back, after `before` was. */
bool ledger_refunded(const struct ledger_sale *sale, int64_t before, int64_t amount,
                     struct ledger_lines *ret);
/* Of what a shop's accounts hold (credits below nought) all is owed to it by one payout: `owed` of
 * its own, and the taxes that it pays itself. False where that is nothing, or not above nought. */
bool ledger_paid_out(uint64_t shop, int64_t owed, const struct ledger_tax *taxes, size_t n,
                     int64_t *ret_amount, struct ledger_lines *ret);
/* A country's tax is remitted for a shop by the operator. */
bool ledger_tax_remitted(uint64_t shop, struct str country, int64_t amount,
                         struct ledger_lines *ret);
/* All else goes from one account to another: debit and credit of the same amount. */
bool ledger_moved(const char *debit, const char *credit, uint64_t shop, int64_t amount,
                  struct ledger_lines *ret);

/* Whether they sum to nought, without overflow. */
bool ledger_balanced(const struct ledger_line *lines, size_t n);

/* ---- as it is kept ---- */

struct ledger_entry {
    struct str key; /* 'paid/17', 'refund/3' */
    struct str kind, currency;
    uint64_t order; /* the sales order; 0: of none */
    int64_t at;
};

/* What an account holds, or how it changed. */
struct ledger_sum {
    struct str account;
    uint64_t shop;
    struct str country, currency;
    int64_t amount;
    uint64_t last; /* of lines: how many; of balances: the latest transaction */
};
typedef LIST(struct ledger_sum) ledger_sums;

/* A transaction as its shop sees it. */
struct ledger_of_shop {
    uint64_t id, order;
    struct str kind, currency, number;
    int64_t at;
    int64_t shop, fee, tax;            /* credits below nought */
    int64_t shop_balance, tax_balance; /* after it, in its currency; by ledger_statement_balances */
};
typedef LIST(struct ledger_of_shop) ledger_statement;

/* Of a statement that begins with the first transaction. */
void ledger_statement_balances(ledger_statement *s);

struct ledger_row {
    uint64_t id;
    struct ledger_entry entry;
    struct ledger_line line;
};
typedef LIST(struct ledger_row) ledger_rows;

#endif
