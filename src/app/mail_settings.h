/* Which mail server sends a shop's letters, and in whose name. It stands in the
 * database, so that all nodes agree; the login stands in a file of each node. */
#ifndef COLOPHON_APP_MAIL_SETTINGS_H
#define COLOPHON_APP_MAIL_SETTINGS_H

#include "app/site.h"
#include "app/writer.h"

/* As they were given; all empty where the shop sends no mail. */
struct mail_settings {
    struct str server;     /* "smtp://mail.example:587" */
    struct str from;       /* "Riverside <post@books.example>" */
    struct str url;        /* "https://books.example": where links in letters lead */
    struct str tls;        /* "none", "starttls"; empty: by the server's address */
    struct str login_file; /* user and password, a line each, mode 0600; may be empty */
    struct str ca_file;    /* may be empty */
    struct str timeout;    /* seconds of one letter; empty: 60 */
};

/* RC_NOT_FOUND where the shop sends no mail. On a connection that sees everything. */
enum rc mail_settings_get(struct store_conn *conn, struct arena *arena, struct mail_settings *ret,
                          struct fault *fault) MUST_CHECK;
/* In the place of what is there; what is empty is kept as it was. RC_INVALID names
 * what is wrong or missing. */
enum rc mail_settings_put(struct writer *writer, const struct mail_settings *m,
                          struct fault *fault) MUST_CHECK;
/* No mail from here on; what waits goes on waiting. */
enum rc mail_settings_remove(struct writer *writer, struct fault *fault) MUST_CHECK;

#endif
