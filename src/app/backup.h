/* A copy of everything true but the key, which is kept apart. */
#ifndef COLOPHON_APP_BACKUP_H
#define COLOPHON_APP_BACKUP_H

#include "app/site.h"

/* Consistent while a server runs. RC_CONFLICT where the file exists. */
enum rc backup_write(struct site *site, const char *path, struct fault *fault) MUST_CHECK;
/* Makes DIR out of a backup. It has no key, and once the operator has put it
 * there it signs nothing until publication_resume has compared its head. */
enum rc backup_restore(const char *dir, const char *path, struct fault *fault) MUST_CHECK;

#endif
