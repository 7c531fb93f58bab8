/* What somebody bought, for themselves: by the secret of a page or letter, or in their account.
 * Looking, and ending what was not paid. */
#ifndef COLOPHON_APP_SALES_OWN_H
#define COLOPHON_APP_SALES_OWN_H

#include "app/papers.h"
#include "app/sales_desk.h"
#include "domain/seller.h"
#include "domain/withdrawal.h"

struct own_sale_wish {
    struct str secret; /* empty: the account's, by the number of one of its sales orders */
    uint64_t account;
    struct str number;
};

/* What may be stated of a line. */
struct returnable {
    int64_t open; /* did not leave: it may be called off, whatever the law */
    int64_t kept; /* left, did not come back, and is not stated to */
    enum withdrawal law;
    int64_t until; /* of the right; 0: nothing says so yet */
};
struct own_sales_order {
    struct sales_view sale;
    paper_list papers;
    shipped_lines shipped;
    sales_returns stated;
    struct returnable *may; /* beside its lines */
    struct seller seller;   /* as others see it; without a name where nobody said who sells */
};
/* How to pay what waits for a transfer; `account` is empty where nothing does. */
struct own_transfer {
    struct str holder, account, bank, reference; /* as people type it */
    int64_t missing;                             /* of what is asked for */
};
struct own_purchase {
    struct purchase_row purchase;
    LIST(struct own_sales_order) orders;
    struct own_transfer transfer;
    bool untouched;    /* it waits, and nothing came for it yet by any way */
    bool card_pending; /* it was paid by card, and the money is on its way */
};
/* RC_NOT_FOUND alike for what is not there and for what is somebody else's. */
enum rc sales_own(struct site *site, struct arena *arena, const struct own_sale_wish *wish,
                  struct own_purchase *ret, struct fault *fault) MUST_CHECK;

struct own_sales_line {
    struct purchase_row purchase;
    LIST(struct sales_order_row) orders;
};
typedef LIST(struct own_sales_line) own_sales_list;
/* An account's purchases, the latest first; below `before` (0: from the latest). */
enum rc sales_own_list(struct site *site, struct arena *arena, uint64_t account, uint64_t before,
                       size_t room, own_sales_list *ret, struct fault *fault) MUST_CHECK;

/* Whoever bought wants it no more. RC_CONFLICT where it does not wait for its payment. */
enum rc sales_own_cancel(struct writer *writer, struct arena *arena,
                         const struct own_sale_wish *wish, struct fault *fault) MUST_CHECK;

/* Ends a purchase (`context`: its uint64_t) that waited past its day; nothing where it does not
 * wait any more. */
enum rc purchase_expire(void *context, struct store_conn *conn, struct fault *fault) MUST_CHECK;
/* Within an open write transaction: of an account that goes, what waits and has an e-book in it,
 * which would be nobody's. */
enum rc purchases_of_account_end(struct store_conn *conn, uint64_t account,
                                 struct fault *fault) MUST_CHECK;

#endif
