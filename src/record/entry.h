/* Entries of the Record: one canonical JSON object (RFC 8785) each, of a closed
 * set of kinds. No free text and no personal data: texts stand beside the log,
 * the entry holds a salted commitment.
 *
 * Decisions log ("v" is 1 everywhere):
 *   {"type":"restriction","id":7,"at":"…Z","target":{"kind":"collection","key":"speeches",
 *    "name":"Speeches","works":41,"root":"<hex>"},"storefronts":["cn"],
 *    "features":["ratings","reviews"],"ground":"authority-order","authority":"…",
 *    "legal_basis":"…","reference":"…","from":"…Z","until":"…Z"|"review":"…Z",
 *    "reasons":"<hex commitment>"}
 *     (targets "edition", "work", "review" and "comment" have "work":<id> in place of
 *     name, works and root, "account" has none of them; the key of a review or comment
 *     is the index of its accepted entry in the voices log, an account's a commitment)
 *   {"type":"lift","id":7,"at":"…Z","reasons":"<hex>"}
 *   {"type":"extended","id":7,"at":"…Z","works":3,"root":"<hex>"}   works added to what 7 covers
 *   {"type":"head","at":"…Z","origin":"books.example/voices","size":12,"root":"<hex>"}
 * Voices log:
 *   {"type":"accepted","kind":"review","work":12,"commitment":"<hex>"}
 *   {"type":"changed","kind":"review","work":12,"of":<index>,"commitment":"<hex>"}
 *   {"type":"withdrawn","kind":"review","work":12,"of":<index>}
 *   {"type":"erased","kind":"review","work":12,"of":<index>,"basis":"author"|"court"|"duty"}
 *     ("of" is the index of the accepted entry) */
#ifndef COLOPHON_RECORD_ENTRY_H
#define COLOPHON_RECORD_ENTRY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/fault.h"
#include "domain/restriction.h"

enum entry_type {
    ENTRY_RESTRICTION,
    ENTRY_LIFT,
    ENTRY_EXTENDED,
    ENTRY_HEAD,
    ENTRY_ACCEPTED,
    ENTRY_CHANGED,
    ENTRY_WITHDRAWN,
    ENTRY_ERASED,
};
#define ENTRY_TYPE_COUNT 8

enum voice_kind { VOICE_RATING, VOICE_REVIEW, VOICE_COMMENT };
#define VOICE_KIND_COUNT 3

struct entry {
    enum entry_type type;
    int64_t at;                     /* decisions only */
    struct restriction restriction; /* RESTRICTION: all but works, published, lifted;
                                       LIFT, EXTENDED: id; EXTENDED: works_count, works_root */
    uint64_t work;                  /* RESTRICTION on edition or work; voices */
    struct hash commitment;         /* of reasons, or of the voice's text */
    struct str origin;              /* HEAD */
    uint64_t size;                  /* HEAD */
    struct hash root;               /* HEAD */
    enum voice_kind kind;           /* voices */
    uint64_t of;                    /* CHANGED, WITHDRAWN, ERASED */
    struct str basis;               /* ERASED */
};

const char *entry_type_name(enum entry_type type);
const char *voice_kind_name(enum voice_kind kind);

/* Writes the canonical bytes. RC_INVALID where a field breaks its rule (too
 * long, control characters, no storefront, until and review both or neither …),
 * naming the field. */
enum rc entry_write(const struct entry *entry, struct buf *out, struct fault *fault) MUST_CHECK;
/* Reads and checks everything: unknown types, versions or members, wrong
 * kinds, non-canonical bytes are RC_INVALID, loudly. Results lie in `arena`. */
enum rc entry_read(struct arena *arena, struct str bytes, struct entry *ret,
                   struct fault *fault) MUST_CHECK;

/* SHA-256(domain || 0x00 || salt || SHA-256(content)), domain e.g. "books.example/review/v1". */
struct hash commitment_make(struct str domain, const uint8_t salt[32], struct str content);

/* Longest texts in an entry, in bytes. */
#define ENTRY_FACT_MAX 400

#endif
