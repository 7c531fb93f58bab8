/* What a shop hands out where it does not take what somebody sent: when, why, and a
 * salted commitment to what it was, as a note that a key of its own signs. A log's key
 * never signs anything but checkpoints. Pure: bytes in, bytes out.
 *
 *   colophon-refusal@v1
 *   salt <hex>                    optional, not signed: opens the commitment
 *                                 (empty line)
 *   books.example/refusals
 *   refused 2026-11-30T05:25:00Z
 *   reason rate-limit
 *   status 429
 *   request POST /us/books/9780000000040/review
 *   sent <hex>|unread
 *   restriction 7                 only with the reason "withheld"
 *                                 (empty line)
 *   — books.example/refusals … */
#ifndef COLOPHON_RECORD_REFUSAL_H
#define COLOPHON_RECORD_REFUSAL_H

#include "record/note.h"

#define REFUSAL_FIRST_LINE "colophon-refusal@v1"
#define REFUSAL_KEY_SUFFIX "/refusals" /* of its key's name: the shop's origin before it */

struct refusal {
    struct str origin; /* the key's name */
    int64_t at;
    struct str reason; /* a word of lower-case letters and hyphens */
    unsigned status;   /* of HTTP */
    struct str request;
    bool read; /* what was sent; else only that something was */
    struct hash sent;
    uint64_t restriction; /* 0: none */
};

/* commitment_make with the domain "<origin>/v1". */
struct hash refusal_commitment(struct str origin, const uint8_t salt[32], struct str sent);
void refusal_write(struct buf *b, const struct refusal *refusal, const uint8_t salt[32],
                   const struct note_signer *signer);
/* Reads strictly and checks the signature. `sent`: what should have been sent, NULL where
 * that is not asked; *ret_fits where it was. Slices point into `bytes`. */
enum rc refusal_verify(struct refusal *ret, struct str bytes, const struct note_key *key,
                       const struct str *sent, struct fault *fault) MUST_CHECK;

#endif
