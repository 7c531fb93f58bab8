/* What is to be published of parties, as it was handed in, and the entry that says it. Pure:
 * papers and what stands beside an entry are parties.h's. */
#ifndef COLOPHON_APP_PARTY_ORDERS_H
#define COLOPHON_APP_PARTY_ORDERS_H

#include "app/demand.h"

struct entry;

enum { PARTIES_TEXT_MAX = 20000 };

/* `text`: what else is said, beside the entry. */
struct disclosure_order {
    struct str shop, owner, controlled_by, country, text;
};
struct agreement_order {
    struct str authority, country, text;
    int64_t from, until;         /* until 0: open-ended */
    struct paper document, copy; /* the paper itself; redacted, for everybody */
};

/* RC_INVALID names the option. Texts in `ret` are the order's; what an entry cannot say,
 * entry_write refuses. */
enum rc disclosure_order_entry(const struct disclosure_order *order, int64_t now, struct entry *ret,
                               struct fault *fault) MUST_CHECK;
enum rc agreement_order_entry(const struct agreement_order *order, uint64_t id, int64_t now,
                              struct entry *ret, struct fault *fault) MUST_CHECK;

#endif
