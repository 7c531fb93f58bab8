/* A new shop, or another node of one: the folder, and what has to lie in it. */
#ifndef COLOPHON_APP_SITE_INIT_H
#define COLOPHON_APP_SITE_INIT_H

#include "base/fault.h"
#include "base/str.h"

/* Makes the folder of another node of a shop that is there, in PostgreSQL. It has
 * no key: whoever shall be able to lead is given it (site_use_key). */
enum rc site_join(const char *dir, struct str database, struct fault *fault) MUST_CHECK;
/* Makes the folder, database and key. RC_CONFLICT where there is one already.
 * `origin` names the Record: a host name with an optional path. `database` is
 * empty for a file in the folder, else the URL of an empty PostgreSQL database;
 * `files` likewise where files are kept (site_files.h). */
enum rc site_init(const char *dir, struct str origin, struct str database, struct str files,
                  struct fault *fault) MUST_CHECK;

#endif
