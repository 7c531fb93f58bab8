/* DIR/inbox/SHOP/: files that partners drop, by SFTP for one. One whose size rests is queued
 * where it lies, and moved to done/ or held/ afterwards. */
#ifndef COLOPHON_APP_FEED_INBOX_H
#define COLOPHON_APP_FEED_INBOX_H

#include "app/site.h"

struct feed_inbox;
struct feed_inbox *feed_inbox_new(const struct site *site);
void feed_inbox_free(struct feed_inbox *inbox);

/* Makes DIR/inbox/SHOP, for who is to drop files there. */
enum rc feed_inbox_make(const struct site *site, struct str shop, struct fault *fault) MUST_CHECK;
/* Looks once: what looks as it did at the look before, and at the one before that, is queued
 * over this writing connection. */
enum rc feed_inbox_look(struct feed_inbox *inbox, struct store_conn *conn,
                        struct fault *fault) MUST_CHECK;
/* "inbox/SHOP/FILE" goes to "inbox/SHOP/done/FILE" or held. */
void feed_inbox_put_away(struct feed_inbox *inbox, struct str file, bool held);

#endif
