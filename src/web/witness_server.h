/* A witness over HTTP: POST /add-checkpoint, GET /<sha256 of origin>/checkpoint. */
#ifndef COLOPHON_WEB_WITNESS_SERVER_H
#define COLOPHON_WEB_WITNESS_SERVER_H

#include "app/witness.h"

/* Runs until the process is told to end (SIGINT, SIGTERM). `ready` is told the
 * address once requests are taken. */
enum rc witness_server_run(struct witness *witness, const char *listen,
                           void (*ready)(void *context, const char *address), void *context,
                           struct fault *fault) MUST_CHECK;

#endif
