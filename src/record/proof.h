/* C2SP tlog-proof: the proof that an entry stands under a signed checkpoint, as one
 * file that needs no network. What `extra` holds in ours is a receipt: the entry,
 * and what opens the commitment in it. Pure: bytes in, bytes out. */
#ifndef COLOPHON_RECORD_PROOF_H
#define COLOPHON_RECORD_PROOF_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/fault.h"
#include "record/key_chain.h"
#include "record/note.h"

#define PROOF_FIRST_LINE "c2sp.org/tlog-proof@v1"
/* A larger file is refused. */
#define PROOF_MAX (1024 * 1024)
#define PROOF_HASHES_MAX 64

struct tlog_proof {
    bool has_extra;
    struct str extra; /* decoded; nothing in it is signed */
    uint64_t index;
    struct hash path[PROOF_HASHES_MAX]; /* leaf's sibling first */
    size_t n;
    struct str note; /* the signed checkpoint, as it was published */
};

void proof_write(struct buf *b, const struct tlog_proof *proof);
/* Reads strictly: no other line, no other notation. RC_INVALID names the line.
 * `extra` lies in the arena, `note` points into `bytes`, which is not checked here. */
enum rc proof_read(struct arena *arena, struct str bytes, struct tlog_proof *ret,
                   struct fault *fault) MUST_CHECK;
/* Whether an entry with this leaf hash stands where the proof says, under a
 * checkpoint that `key` signed. */
enum rc proof_check(const struct tlog_proof *proof, const struct hash *leaf,
                    const struct note_key *key, struct checkpoint *ret,
                    struct fault *fault) MUST_CHECK;

/* The same, where the log may have gone over from one key to another. */
enum rc proof_check_keys(const struct tlog_proof *proof, const struct hash *leaf,
                         const struct key_chain *keys, struct checkpoint *ret,
                         struct fault *fault) MUST_CHECK;

/* ---- receipts ---- */

/* What opens a commitment: commitment_make(domain, salt, content). */
struct opening {
    struct str domain; /* empty: nothing is opened */
    uint8_t salt[32];
    bool has_content;
    struct str content;
};

struct receipt {
    struct tlog_proof proof;
    struct str entry; /* its canonical bytes: what the leaf is the hash of */
    struct opening opening;
};

/* Writes the whole file; proof.extra is not read, but made of the rest. */
enum rc receipt_write(struct buf *b, const struct receipt *receipt, struct fault *fault) MUST_CHECK;
/* RC_INVALID also for a proof without a receipt in it. Slices lie in the arena
 * or point into `bytes`. */
enum rc receipt_read(struct arena *arena, struct str bytes, struct receipt *ret,
                     struct fault *fault) MUST_CHECK;
/* Whether the opening, with its content or the one given instead, fits the entry:
 * RC_NOT_FOUND where there is nothing to open it with, RC_INVALID where it does not fit. */
enum rc receipt_opens(const struct receipt *receipt, const struct str *content,
                      struct fault *fault) MUST_CHECK;

#endif
