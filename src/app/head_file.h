/* The last checkpoints of both logs, kept in a place apart from the data folder: PATH
 * and PATH.voices, each the signed note as it was published, replaced after every
 * commit and compared before every signature. So a backup that was restored, or a
 * second server on a copy of the folder, stops rather than forks the logs. */
#ifndef COLOPHON_APP_HEAD_FILE_H
#define COLOPHON_APP_HEAD_FILE_H

#include "app/site.h"
#include "record/key_chain.h"
#include "record/merkle.h"
#include "store/record_log.h"

struct head_file;

/* NULL in *ret where the site has none (site_head_path). */
enum rc head_file_open(const struct site *site, struct head_file **ret,
                       struct fault *fault) MUST_CHECK;
void head_file_close(struct head_file *file); /* harmless with NULL */

/* Has the place to itself until head_file_give, and compares: RC_DENIED where something
 * is kept there that the stored trees of `sizes` entries do not hold. All of these do
 * nothing with NULL. */
enum rc head_file_take(struct head_file *file, struct store_conn *conn,
                       struct key_chain *const keys[LOG_COUNT], const uint64_t sizes[LOG_COUNT],
                       struct fault *fault) MUST_CHECK;
/* What is signed now, to be kept once it is committed; copied. */
void head_file_sign(struct head_file *file, enum log_id log, struct str note);
/* What cannot be kept is tried again before the next signature, which waits for it. */
void head_file_give(struct head_file *file, bool committed);

#endif
