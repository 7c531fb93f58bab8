/* Which database a shop's folder is of, and as whom: the file DIR/database, mode
 * 0600, absent for DIR/colophon.db. Its first line is the URL of a PostgreSQL
 * database; where that has roles, the line "reader URL" follows, and the first one
 * is the writer's. */
#ifndef COLOPHON_APP_DATABASE_H
#define COLOPHON_APP_DATABASE_H

#include "base/arena.h"
#include "base/fault.h"

struct database {
    const char *address; /* as store_open takes it */
    const char *reader;  /* NULL: one role does everything */
};

/* In the arena. */
enum rc database_read(const char *dir, struct arena *arena, struct database *ret,
                      struct fault *fault) MUST_CHECK;
enum rc database_address(const char *dir, struct arena *arena, const char **ret,
                         struct fault *fault) MUST_CHECK;
/* From now on the folder's database is that one, as one role: all at once, or not
 * at all. */
enum rc database_switch(const char *dir, const char *address, struct fault *fault) MUST_CHECK;
/* RC_INVALID, which begins with `what`, for anything but a URL of PostgreSQL. */
enum rc database_check_url(struct str url, const char *what, struct fault *fault) MUST_CHECK;

/* Gives the folder's database three roles (store_grant), or renews them after an
 * upgrade: then writer and reader may be empty, and are those that the folder
 * names. The owner's URL is kept nowhere. */
enum rc database_grant(const char *dir, struct str owner, struct str writer, struct str reader,
                       struct fault *fault) MUST_CHECK;

#endif
