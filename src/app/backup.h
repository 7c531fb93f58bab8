/* A copy of everything true but the key, which is kept apart.
 *
 * FILE is the database; FILE.files is a folder with the files of a shop that keeps
 * them in one. Those in a store elsewhere are no part of it. */
#ifndef COLOPHON_APP_BACKUP_H
#define COLOPHON_APP_BACKUP_H

#include "app/file_moves.h"
#include "app/site.h"

/* What became of the files. */
struct backup_files {
    bool elsewhere; /* in a store that both the shop and its copy name */
    struct files_count count;
};

/* Consistent while a server runs. RC_CONFLICT where the file exists. `watch->bad` is
 * told of files that are not as they were put: the rest is copied all the same. */
enum rc backup_write(struct site *site, const char *path, const struct files_watch *watch,
                     struct backup_files *ret, struct fault *fault) MUST_CHECK;
/* Makes DIR out of a backup. It has no key, and once the operator has put it
 * there it signs nothing until publication_resume has compared its head. Files that
 * lay in a folder lie in DIR/files from then on. */
enum rc backup_restore(const char *dir, const char *path, const struct files_watch *watch,
                       struct backup_files *ret, struct fault *fault) MUST_CHECK;

#endif
