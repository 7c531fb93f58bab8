/* Files that a shop keeps beside its database: in a folder, or in a store that
 * speaks S3. What they mean, the database says; here they are names and bytes.
 *
 * An address is
 *
 *   /srv/files                                    a folder; made where it is not there
 *   s3://bucket/prefix?endpoint=URL&region=NAME   both optional: AWS's own, us-east-1
 *
 * A file is written once and never changed: its name goes with its bytes, so that
 * what was read of it once stays true. Any number of threads may use one `files`. */
#ifndef COLOPHON_FILES_FILES_H
#define COLOPHON_FILES_FILES_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

struct files;

/* Who we are to an S3 store; empty for a folder. */
struct files_key {
    struct str id, secret;
};

/* How long one call may take, and how often it is tried. After a store failed to
 * answer, calls are refused at once (RC_BUSY) for `rest_ms`: 0 asks every time. Few
 * are under way at once: one more waits for its turn so long, and is refused then. */
struct files_patience {
    long timeout_ms;
    unsigned tries;
    long rest_ms, turn_ms;
};

/* Whether the text is an address; RC_INVALID says what is wrong with it. */
enum rc files_check(struct str address, struct fault *fault) MUST_CHECK;
/* Whether others reach it too: an S3 store. */
bool files_is_remote(struct str address);
/* Parts of lower-case letters, digits, '.', '_' and '-' with '/' in between; none
 * begins with a point. */
bool files_name_valid(struct str name);

enum rc files_open(struct str address, const struct files_key *key,
                   const struct files_patience *patience, struct files **ret,
                   struct fault *fault) MUST_CHECK;
void files_close(struct files *files);

/* Failures: RC_INVALID for a name that is none, RC_NOT_FOUND, RC_LIMIT for what is
 * larger than allowed, RC_DENIED where the store does not let us, RC_BUSY where it
 * asks us to come again or rests, RC_IO for everything else. */

/* Whole or not at all, and durable. `type` is its media type. */
enum rc files_put(struct files *files, struct str name, struct str bytes, const char *type,
                  struct fault *fault) MUST_CHECK;
/* Adds it to `ret`, whose maximum bounds it. */
enum rc files_get(struct files *files, struct str name, struct buf *ret,
                  struct fault *fault) MUST_CHECK;
/* So many bytes of it from `at` on; RC_CORRUPT where it ends before. */
enum rc files_get_part(struct files *files, struct str name, uint64_t at, size_t n, struct buf *ret,
                       struct fault *fault) MUST_CHECK;
enum rc files_size(struct files *files, struct str name, uint64_t *ret,
                   struct fault *fault) MUST_CHECK;
/* An open file to read it from, the caller's to close: of a folder alone, RC_INVALID else. */
enum rc files_open_file(struct files *files, struct str name, int *ret_fd, uint64_t *ret_size,
                        struct fault *fault) MUST_CHECK;
/* RC_OK also where it is not there. */
enum rc files_remove(struct files *files, struct str name, struct fault *fault) MUST_CHECK;

#endif
