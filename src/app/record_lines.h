/* The whole Record as lines: entry n is line n + 1, in the very bytes that its leaf
 * hashes. The lines lie in a file that only grows and that has no name: it is derived,
 * made on the first request, and gone with the process. */
#ifndef COLOPHON_APP_RECORD_LINES_H
#define COLOPHON_APP_RECORD_LINES_H

#include "app/publication.h"

struct record_lines;
struct record_lines *record_lines_new(void);
void record_lines_free(struct record_lines *lines);

/* All published entries as of the connection's state. *ret_fd is the caller's, to be
 * read from offset 0 for *ret_bytes, and never with lseek: others read it too. RC_IO
 * where the disk takes no more. */
enum rc record_lines_get(struct record_lines *lines, struct site *site, struct store_conn *conn,
                         enum public_log log, int *ret_fd, uint64_t *ret_bytes,
                         uint64_t *ret_entries, struct fault *fault) MUST_CHECK;

#endif
