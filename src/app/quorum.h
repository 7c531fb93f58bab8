/* Asking witnesses (C2SP tlog-witness, add-checkpoint) for cosignatures on
 * checkpoints: all of them at once, for a short time. They may be slow, dead, or
 * lie: what counts is a good cosignature by the policy's key and nothing else. */
#ifndef COLOPHON_APP_QUORUM_H
#define COLOPHON_APP_QUORUM_H

#include "base/buf.h"
#include "base/encode.h"
#include "record/policy.h"

/* So long in all: shorter than another node waits before it takes the lead. */
#define QUORUM_MS 1500

struct quorum; /* remembers how far each witness is, and keeps connections */

struct quorum_question {
    unsigned log;       /* tells the questions apart, below QUORUM_LOGS */
    struct str note;    /* as signed by the log */
    struct str keys;    /* the log's, where it went over to another (record/key_chain.h) */
    uint64_t size;      /* its size */
    uint64_t published; /* where a witness that kept up stands */
    /* The consistency proof from an older size. */
    enum rc (*prove)(void *context, uint64_t old_size, struct hash ret_proof[64], size_t *ret_n,
                     struct fault *fault);
    void *context;
    struct buf *lines; /* gets the good cosignatures, a line each */
};
#define QUORUM_LOGS 2

struct quorum *quorum_new(void);
void quorum_free(struct quorum *quorum);
/* RC_BUSY where one of the questions did not get what the policy asks for; the
 * fault says whom it lacks. Outside of any transaction: it takes up to QUORUM_MS. */
enum rc quorum_ask(struct quorum *quorum, const struct policy *policy,
                   const struct quorum_question *questions, size_t n,
                   struct fault *fault) MUST_CHECK;

#endif
