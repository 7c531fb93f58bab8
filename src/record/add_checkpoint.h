/* The body of C2SP tlog-witness's add-checkpoint: what a log hands its witness. */
#ifndef COLOPHON_RECORD_ADD_CHECKPOINT_H
#define COLOPHON_RECORD_ADD_CHECKPOINT_H

#include "base/buf.h"
#include "base/encode.h"
#include "base/fault.h"
#include "record/note.h"

#define ADD_CHECKPOINT_PROOF_MAX 63
/* A body larger than this is refused. */
#define ADD_CHECKPOINT_MAX (NOTE_MAX + 4096)

struct add_checkpoint {
    uint64_t old_size;
    struct hash proof[ADD_CHECKPOINT_PROOF_MAX]; /* from the old size to the note's */
    size_t proof_n;
    struct str note; /* signed by the log; whole, in no way checked */
};

void add_checkpoint_write(struct buf *b, const struct add_checkpoint *a);
/* Strict. `ret->note` points into `body`. */
enum rc add_checkpoint_parse(struct add_checkpoint *ret, struct str body,
                             struct fault *fault) MUST_CHECK;
/* A size in decimal and a newline: the body of a 409, text/x.tlog.size. */
enum rc tlog_size_parse(struct str body, uint64_t *ret, struct fault *fault) MUST_CHECK;

#endif
