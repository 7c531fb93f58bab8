/* Inside app/: what whoever asks and whoever signs say to each other, over a socket of
 * the file system. One question and one answer a connection, in lines:
 *
 *   keys                                 -> ok, the keys of both logs, and of the next key
 *   sign, KEY, NEXT-KEY or -, OLD-SIZE,  -> ok, signature lines; at, the size it stands at;
 *     proof hashes, an empty line,          no, why
 *     the checkpoint's text
 *   hand-over, LOG, FROM, OLD, NEW       -> ok, two signatures; no, why
 */
#ifndef COLOPHON_APP_SIGNER_WIRE_H
#define COLOPHON_APP_SIGNER_WIRE_H

#include "base/buf.h"
#include "base/fault.h"

#define SIGNER_MESSAGE_MAX (32 << 10)
#define SIGNER_WAIT_MS 2000 /* for each half of a connection */

/* The socket's address; RC_INVALID for a path that is too long for one. */
struct sockaddr_un;
enum rc signer_address(const char *path, struct sockaddr_un *ret, struct fault *fault) MUST_CHECK;
/* Whole, and the end of it said. */
enum rc signer_send(int fd, struct str bytes, struct fault *fault) MUST_CHECK;
/* Until its end: RC_LIMIT where it has none, RC_BUSY where it does not come in time. */
enum rc signer_receive(int fd, struct buf *into, struct fault *fault) MUST_CHECK;

#endif
