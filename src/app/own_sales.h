/* What an account bought, as its holder takes it along; and what is left of it when the account
 * goes: what tax law demands, and nothing that says who they were but on the invoice. */
#ifndef COLOPHON_APP_OWN_SALES_H
#define COLOPHON_APP_OWN_SALES_H

#include "app/site.h"
#include "base/json.h"

enum {
    INVOICE_YEARS = 10, /* that tax law has invoices kept for */
    /* A guest's name, addresses and e-mail are kept beside what they bought for as long as a seller
     * answers for goods: three years in Spain and Portugal, two elsewhere in the EU (Directive
     * 2019/771, Article 10). What nobody paid for is kept for thirty days after it ended. */
    GUEST_YEARS = 3,
    GUEST_UNPAID_DAYS = 30,
};

/* Purchases with their orders, lines and papers, the latest first, added to a list. On a connection
 * that sees everything. */
enum rc own_sales_json(struct store_conn *conn, uint64_t account, json_t *list,
                       struct fault *fault) MUST_CHECK;
/* Within a write transaction: purchases whose account is gone, and that have ended since, lose
 * address and e-mail; guests' do once their time is over. */
enum rc own_sales_forget(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
