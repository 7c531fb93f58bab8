/* A reader's receipts: what they said here, what became of it, and for each the
 * proof to take home with what opens its commitment. The owner's alone: nothing
 * withholds from readers what is theirs. */
#ifndef COLOPHON_APP_RECEIPTS_H
#define COLOPHON_APP_RECEIPTS_H

#include "app/gate.h"
#include "app/prove.h"
#include "app/shown.h"

struct receipt_withheld {
    const struct storefront *storefront;
    const struct restriction *by;
};

struct own_receipt {
    const char *kind; /* "rating", "review", "comment" */
    uint64_t id;      /* of the review or comment */
    uint64_t index;   /* of the entry that accepted it, in the voices log */
    uint64_t latest;  /* of the entry that it stands by now: the latest change's */
    bool pending;     /* its entry is not published yet */
    uint64_t work;
    struct str key, work_title; /* as in struct own_review */
    struct str title, text;
    struct str language, isbn13; /* of a review; may be empty */
    unsigned stars;              /* of a rating */
    struct str state;
    int64_t created;
    LIST(struct receipt_withheld) withheld; /* where it does not show, by whom */
};
struct own_receipts {
    LIST(struct own_receipt) list;
    bool more;
};

enum rc receipts_of(const struct visit *visit, struct site *site, size_t offset, size_t room,
                    struct own_receipts *ret, struct fault *fault) MUST_CHECK;

/* The .tlog-proof of an entry of the voices log that the account made: accepted or
 * changed, with what opens it while that is kept; withdrawn or erased. RC_NOT_FOUND
 * where there is none, or somebody else made it. */
enum rc receipt_of(struct site *site, struct arena *arena, uint64_t account, uint64_t index,
                   struct str *ret, struct fault *fault) MUST_CHECK;

#endif
