/* Feeds that partners send: a queue in the database, which a server's thread
 * (feed_runner.h) imports one after the other. The files lie in the folder of the node that
 * took them:
 *
 *   DIR/feeds/                  what forms brought, until it is imported
 *   DIR/inbox/SHOP/             where partners drop files, by SFTP for one
 *   DIR/inbox/SHOP/done, held   where those go afterwards */
#ifndef COLOPHON_APP_FEEDS_H
#define COLOPHON_APP_FEEDS_H

#include "app/partner.h"
#include "app/writer.h"

/* No file of a form is larger. */
#define FEED_BYTES_MAX ((uint64_t)1 << 30)
/* Nor have a shop's forms that wait more in all. */
#define FEED_OPEN_BYTES_MAX ((uint64_t)4 << 30)
enum { FEED_NAME_MAX = 200, FINDINGS_MAX = 50000, FEEDS_KEPT = 200, FEEDS_OPEN_MAX = 20 };

enum feed_state {
    FEED_WAITING,
    FEED_RUNNING,
    FEED_TAKEN, /* read to its end, whatever became of its records */
    FEED_HELD,  /* it broke off, or was none */
};

struct feed {
    uint64_t id;
    struct str name;
    bool dropped; /* into the folder; else by a form */
    int64_t received, started, ended;
    enum feed_state state;
    unsigned attempts;
    uint64_t bytes, bytes_all; /* read so far; of the file */
    uint64_t records, added, changed, unchanged, deleted, refused;
    uint64_t errors, warnings, informations; /* findings that are kept; of feed_get alone */
    struct str reason;                       /* why it is held, or tried again */
    bool halted;                             /* it ends soon, or was ended, at the desk */
};
typedef LIST(struct feed) feed_list;

/* The one that came before under the same name, and what has become of what was found in it. */
struct feed_before {
    struct feed feed;     /* id 0: there is none */
    uint64_t found, gone; /* errors and warnings that are new, and that are not found any more */
};

struct feed_finding {
    uint64_t n;          /* counted from 1 */
    struct str severity; /* "error": the record was refused; "warning", "information" */
    uint64_t line;
    struct str reference, isbn, element, code, reason;
    uint64_t times; /* so many records have it; the place is the first one's */
};
typedef LIST(struct feed_finding) finding_list;

/* DIR/feeds, made where it is missing. */
enum rc feeds_folder(const struct site *site, struct arena *arena, const char **ret,
                     struct fault *fault) MUST_CHECK;
/* Which node this is: by which one a feed's file lies. DIR/node, made where it is missing. */
enum rc feeds_node(const struct site *site, struct arena *arena, struct str *ret,
                   struct fault *fault) MUST_CHECK;
/* Takes over a file that lies in that folder, and queues it. The file is gone where this
 * fails; RC_INVALID where too many of the shop's wait. `name`: as its sender calls it. */
enum rc feed_add(struct site *site, struct writer *writer, const struct viewer *viewer,
                 const struct partner_shop *shop, struct str name, const char *path,
                 uint64_t *ret_id, struct fault *fault) MUST_CHECK;
/* One that waits or runs ends, held, with what was read of it before; its node notices within a
 * second. Nothing where it is over. RC_NOT_FOUND also for another shop's. */
enum rc feed_stop(struct writer *writer, const struct partner_shop *shop, uint64_t id,
                  struct fault *fault) MUST_CHECK;
/* Makes a file that a form brought last; false where it cannot be. */
struct stat;
bool feed_file_durable(const char *path, struct stat *ret);
/* "catalogue.xml.gz" out of whatever a client called the file: its last part, clean and short. */
struct str feed_name_clean(struct arena *arena, struct str name);

/* The newest first. */
enum rc feeds_read(struct store_conn *conn, struct arena *arena, const struct partner_shop *shop,
                   size_t offset, size_t room, feed_list *ret, uint64_t *ret_total,
                   struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND also for another shop's. */
enum rc feed_get(struct store_conn *conn, struct arena *arena, const struct partner_shop *shop,
                 uint64_t id, struct feed *ret, struct fault *fault) MUST_CHECK;
/* Of one that was taken. */
enum rc feed_compare(struct store_conn *conn, struct arena *arena, const struct partner_shop *shop,
                     const struct feed *feed, struct feed_before *ret,
                     struct fault *fault) MUST_CHECK;
/* Findings after the `after`th, of one severity or (empty) of all. */
enum rc feed_findings(struct store_conn *conn, struct arena *arena, uint64_t feed,
                      struct str severity, uint64_t after, size_t room, finding_list *ret,
                      struct fault *fault) MUST_CHECK;

#endif
