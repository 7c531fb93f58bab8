/* Inside app/: secrets, for who has them: keys in files, and the process that signs. */
#ifndef COLOPHON_APP_SIGNER_PARTS_H
#define COLOPHON_APP_SIGNER_PARTS_H

#include "app/signer.h"

/* A key's file makes the keys of both logs: one seed, two names. RC_INVALID for a key
 * of another origin. */
enum rc key_load_both(const char *path, struct str origin, struct arena *arena,
                      struct note_signer ret[LOG_COUNT], struct fault *fault) MUST_CHECK;
void key_clear_both(struct note_signer signers[LOG_COUNT]);
/* Of PATH and PATH.next, the one that the chains end with; the second of them takes the
 * place of the first. RC_DENIED where it is neither. */
enum rc key_load_in_force(const char *path, struct str origin, struct key_chain *const chains[],
                          struct arena *arena, struct note_signer ret[LOG_COUNT],
                          struct fault *fault) MUST_CHECK;
struct str key_vkey(const struct note_key *key, struct arena *arena);
/* The log went over: the key at NEXT_PATH takes the place of the old one, which is kept
 * beside under its id. A failure leaves things as they are, which is as good. */
void key_adopt(const char *path, const char *next_path, uint32_t old_id);
/* The process at this socket. */
enum rc signer_connect(const char *path, struct key_chain *const chains[LOG_COUNT],
                       struct signer **ret, struct fault *fault) MUST_CHECK;
/* Both signatures, and a look at what came out. */
enum rc handover_sign(struct key_entry *handover, const struct note_signer *old,
                      const struct note_signer *next, struct fault *fault) MUST_CHECK;

#endif
