/* The process that has the keys: it signs checkpoints that grow, hand-overs to the key
 * that its own operator prepared, and nothing else. So whoever takes the server over can
 * publish, but neither fork the logs nor take the key away. */
#ifndef COLOPHON_APP_SIGNER_SERVE_H
#define COLOPHON_APP_SIGNER_SERVE_H

#include "base/fault.h"

/* Serves until SIGINT or SIGTERM. The sizes and roots it signed last lie in `state`, on
 * disk before it answers. RC_BUSY where another signer has that file. */
enum rc signer_serve(const char *key_path, const char *socket_path, const char *state,
                     void (*ready)(void *context), void *context, struct fault *fault) MUST_CHECK;

#endif
