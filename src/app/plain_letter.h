/* One letter at once, for a command that has no shop behind it: no queue, no template. */
#ifndef COLOPHON_APP_PLAIN_LETTER_H
#define COLOPHON_APP_PLAIN_LETTER_H

#include "app/mail_settings.h"

/* Of the settings only server, from, tls, login_file, ca_file and timeout count. Whether
 * they can be right, without asking the server: RC_INVALID names what is not. */
enum rc plain_letter_check(const struct mail_settings *m, struct str to,
                           struct fault *fault) MUST_CHECK;
/* RC_OK: the server has taken it. Else as mail_send (mail/smtp.h). */
enum rc plain_letter_send(const struct mail_settings *m, struct str to, struct str subject,
                          struct str text, struct fault *fault) MUST_CHECK;

#endif
