/* Who signs for the logs. The rest of Colophon never sees a secret: it asks for
 * signatures of checkpoints, and, when a log goes over to a new key, for that one
 * statement. Two kinds: keys in files, read by this process, and another process that
 * has them (`colophon signer serve`). */
#ifndef COLOPHON_APP_SIGNER_H
#define COLOPHON_APP_SIGNER_H

#include "app/site.h"
#include "record/key_chain.h"
#include "store/record_log.h"

struct signer;

/* The text of a checkpoint, and what shows that its log grew from an older size. */
struct asked {
    struct str text;
    enum rc (*prove)(void *context, uint64_t old_size, struct hash ret_proof[64], size_t *ret_n,
                     struct fault *fault);
    void *context;
};

/* What one kind does. Of `next`, the key that is prepared: RC_NOT_FOUND where none is. */
struct signer_kind {
    /* It is asked only for what stands in the database already, as witnesses are
     * (candidate.c): it remembers what it signed, also where we die of it. */
    bool remembers;
    /* Adds the signature lines of the key in force; `both`: of the next key, too. */
    enum rc (*sign)(struct signer *signer, enum log_id log, const struct asked *asked, bool both,
                    struct buf *lines, struct fault *fault);
    enum rc (*next)(struct signer *signer, struct arena *arena, struct str ret_vkeys[LOG_COUNT],
                    struct fault *fault);
    /* Both signatures of a hand-over to it. */
    enum rc (*hand_over)(struct signer *signer, enum log_id log, struct key_entry *handover,
                         struct fault *fault);
    void (*close)(struct signer *signer);
};

struct signer {
    const struct signer_kind *kind;
};

/* The one that this site has (site_use_signer: the process there), with the last keys of these
 * chains: RC_DENIED where it has others. */
enum rc signer_open(struct site *site, struct key_chain *const chains[LOG_COUNT],
                    struct signer **ret, struct fault *fault) MUST_CHECK;
void signer_close(struct signer *signer); /* harmless with NULL */

/* A key's file, and the one of the key that is to follow it. */
#define KEY_NEXT_SUFFIX ".next"

#endif
