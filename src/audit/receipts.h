/* What a shop gave somebody to take home, checked as a stranger would: from the
 * file, the keys and nothing else. */
#ifndef COLOPHON_AUDIT_RECEIPTS_H
#define COLOPHON_AUDIT_RECEIPTS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

/* What is served at /record/vkeys is never longer. */
#define KEY_LIST_MAX (256u << 10)
/* A longer policy is none. */
#define RECEIPT_POLICY_MAX (64u << 10)

struct receipt_question {
    struct str file;        /* its bytes */
    const struct str *keys; /* verifier keys; one of them must have signed */
    size_t keys_n;
    struct str list;           /* as at /record/vkeys: keys before and after those; may be empty */
    const struct str *content; /* what should be committed to; NULL: what the file holds */
    const struct str *policy;  /* of witnesses, whose quorum is asked for; NULL: it is not */
};

struct receipt_answer {
    bool refused; /* a refusal: when, why, and by what; else a receipt */
    int64_t at;
    struct str reason, request;
    unsigned status;
    uint64_t restriction; /* 0: none */

    struct str origin; /* of the log */
    uint64_t index, size;
    unsigned cosigned;       /* by so many of the policy's witnesses */
    struct str entry;        /* as it stands in the log */
    bool opened;             /* the content is the one that the entry is a commitment to */
    struct str domain;       /* of that commitment */
    struct str opening_note; /* why it was not opened */
};

/* RC_INVALID with what is wrong; nothing of the answer holds then. */
enum rc receipt_verify(struct arena *arena, const struct receipt_question *question,
                       struct receipt_answer *ret, struct fault *fault) MUST_CHECK;

#endif
