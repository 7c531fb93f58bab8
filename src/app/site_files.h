/* Inside app/: where a shop keeps its files (files/files.h).
 *
 * The address is in the database, so that all nodes agree; where none is, it is the
 * folder DIR/files. An S3 store's key is not: it stands in DIR/files-key
 * (mode 0600; the key's id and its secret, a line each), or in the environment as
 * AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. */
#ifndef COLOPHON_APP_SITE_FILES_H
#define COLOPHON_APP_SITE_FILES_H

#include "app/cover.h"
#include "app/site.h"
#include "domain/rendition.h"
#include "files/files.h"
#include "store/covers.h"

/* RC_INVALID for what is neither an absolute folder nor an S3 store. */
enum rc site_files_check(struct str address, struct fault *fault) MUST_CHECK;
enum rc site_files_address(const struct site *site, struct store_conn *conn, struct arena *arena,
                           struct str *ret, struct fault *fault) MUST_CHECK;
/* For whom: with patience; soon or not at all, since readers wait; for who is sent a file, and
 * waits for a turn. */
enum files_use { FILES_KEPT, FILES_SERVED, FILES_SENT };
enum rc site_files_open(const struct site *site, struct str address, enum files_use use,
                        struct files **ret, struct fault *fault) MUST_CHECK;

/* A file that the database names with its digest, a cover or a paper: its bytes, checked;
 * RC_CORRUPT where others came. */
enum rc kept_file_get(struct files *files, struct str name, const struct hash *digest,
                      struct buf *ret, struct fault *fault) MUST_CHECK;
/* A part of such a file, by its own digest. */
enum rc kept_part_get(struct files *files, struct str name, const struct rendition *part,
                      struct buf *ret, struct fault *fault) MUST_CHECK;
/* Puts them, and reads them again to be sure. */
enum rc kept_file_put(struct files *files, struct str name, const struct hash *digest,
                      struct str bytes, const char *type, struct fault *fault) MUST_CHECK;

#endif
