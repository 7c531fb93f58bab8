/* Shops as sellers: who a reader makes a contract with, what their papers say, where their money
 * goes and what the operator keeps of it. No entry of the Record: it withholds nothing. */
#ifndef COLOPHON_APP_SELLERS_H
#define COLOPHON_APP_SELLERS_H

#include "app/site.h"
#include "app/writer.h"
#include "base/buf.h"
#include "base/list.h"
#include "domain/seller.h"

/* As it was written. What has no text at all (NULL, unlike "") stays as it is. */
struct seller_order {
    struct str shop; /* its slug */
    struct str name, address, country, email, tax_number, account;
    struct str fee;    /* in per cent: "7.5" */
    struct str remits; /* who pays the taxes: "shop", "operator" */
};

/* RC_INVALID names the field, RC_NOT_FOUND says that there is no such shop. */
enum rc seller_set(struct writer *writer, const struct seller_order *order,
                   struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the shop is no seller yet. Reads on a connection of its own. */
enum rc seller_read(struct site *site, struct arena *arena, uint64_t shop, struct seller *ret,
                    struct fault *fault) MUST_CHECK;
struct seller_line {
    struct str slug;
    struct seller seller;
};
typedef LIST(struct seller_line) seller_list;
/* Of all shops, by slug. */
enum rc sellers_read(struct site *site, struct arena *arena, seller_list *ret,
                     struct fault *fault) MUST_CHECK;

/* "7.5", of thousandths of a per cent, and back; false for what is none, or more than all of it. */
void seller_fee_add(struct buf *b, int64_t fee);
bool seller_fee_parse(struct str s, int64_t *ret);

#endif
