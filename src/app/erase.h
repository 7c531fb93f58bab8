/* Erasing what somebody said: its text and its salt go, an `erased` entry says that
 * there was something and at whose wish it went, and no proof breaks. What others
 * cannot check from outside is whether a request was the author's own; docs/receipts.md
 * says so. */
#ifndef COLOPHON_APP_ERASE_H
#define COLOPHON_APP_ERASE_H

#include "app/account.h"

struct erase_order {
    uint64_t index;    /* of the entry that accepted or changed it, in the voices log; or, of
                          erase_text, in the decisions */
    uint64_t account;  /* whose it must be; 0: anybody's, by an operator */
    const char *basis; /* "author", "court", "duty" */
    struct str law;    /* what commands it; empty for the author's own wish */
};

/* *ret_entry: the index of the `erased` entry. A review takes its reader's stars with
 * it, erased likewise, and the comments of others under it, withdrawn. RC_NOT_FOUND
 * where there is none or it is somebody else's; RC_CONFLICT where it is erased. */
enum rc erase_voice(struct site *site, struct writer *writer, const struct erase_order *order,
                    uint64_t *ret_entry, struct fault *fault) MUST_CHECK;

/* What stands beside an entry of the decisions at order->index: the reasons of a decision,
 * what a demand or a complaint says (of a demand its sender's name and address, too), the
 * text of an agreement or a disclosure; by an operator. A paper that was handed in stays.
 * RC_INVALID where nothing of the kind stands there; RC_CONFLICT where it is erased. */
enum rc erase_text(struct site *site, struct writer *writer, const struct erase_order *order,
                   uint64_t *ret_entry, struct fault *fault) MUST_CHECK;

/* All that the account said, then the account. What was erased before a failure stays
 * erased; asked again, it goes on. */
enum rc erase_account(struct site *site, struct writer *writer, uint64_t account,
                      struct fault *fault) MUST_CHECK;

#endif
