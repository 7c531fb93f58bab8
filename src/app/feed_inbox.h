/* DIR/inbox/SHOP/: files that partners drop, by SFTP for one. One that has rested for a while
 * is queued where it lies, and moved to done/ or held/ afterwards.
 *
 * Whoever drops files makes links as well: each folder and each file is opened by its name
 * within the folder above it, and links are refused. */
#ifndef COLOPHON_APP_FEED_INBOX_H
#define COLOPHON_APP_FEED_INBOX_H

#include <sys/stat.h>

#include "app/site.h"

struct feed_inbox;
struct feed_inbox *feed_inbox_new(const struct site *site);
void feed_inbox_free(struct feed_inbox *inbox);

/* Makes DIR/inbox/SHOP, for who is to drop files there. */
enum rc feed_inbox_make(const struct site *site, struct str shop, struct fault *fault) MUST_CHECK;
/* Looks once: what has looked the same for two seconds is queued over this writing connection. */
enum rc feed_inbox_look(struct feed_inbox *inbox, struct store_conn *conn,
                        struct fault *fault) MUST_CHECK;
/* A regular file, open, and how it looks; -1 where there is none (or a link). `file`:
 * "inbox/SHOP/NAME", or "feeds/NAME". */
int feed_file_open(const struct site *site, struct str file, struct stat *ret);
/* "inbox/SHOP/FILE" goes to "inbox/SHOP/done/FILE" or held, where it is still the one that
 * looked like `was`: another one of its name is another feed. */
void feed_inbox_put_away(struct feed_inbox *inbox, struct str file, const struct stat *was,
                         bool held);

#endif
