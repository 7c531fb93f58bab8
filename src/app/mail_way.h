/* Inside app/: the mail server's settings, ready to send by. */
#ifndef COLOPHON_APP_MAIL_WAY_H
#define COLOPHON_APP_MAIL_WAY_H

#include "app/mail_settings.h"
#include "mail/message.h"
#include "mail/smtp.h"

/* Reads the login. RC_DENIED where others may read that file. `site` gives the name by
 * which we greet the server; NULL: the sender's address does. */
struct mail_way {
    struct mail_server server;
    struct mail_address from;
};
enum rc mail_way_find(const struct site *site, const struct mail_settings *m, struct arena *arena,
                      struct mail_way *ret, struct fault *fault) MUST_CHECK;

#endif
