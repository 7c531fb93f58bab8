/* Handing letters to a mail server (SMTP, RFC 5321, by libcurl).
 *
 * Who the server is, is an address: "smtp://mail.example:587", "smtps://mail.example"
 * (encrypted from the first byte), "smtp://127.0.0.1:25". Without another word,
 * STARTTLS is required but for servers on this machine. */
#ifndef COLOPHON_MAIL_SMTP_H
#define COLOPHON_MAIL_SMTP_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

enum mail_tls { MAIL_TLS_NONE, MAIL_TLS_STARTTLS, MAIL_TLS_AT_ONCE };

struct mail_server {
    struct str host; /* a name, or an address without brackets */
    unsigned port;
    enum mail_tls tls;
    struct str user, password; /* empty: no login */
    struct str ca_file;        /* PEM, instead of the system's authorities; may be empty */
    struct str hello;          /* the name we say we have */
    long timeout_ms;           /* of one letter */
};

/* `tls`: "none", "starttls", or empty for what the address says. RC_INVALID. */
enum rc mail_server_parse(struct arena *arena, struct str address, struct str tls,
                          struct mail_server *ret, struct fault *fault) MUST_CHECK;
bool mail_server_is_here(const struct mail_server *s); /* a loopback address */

/* One thread's; keeps its connection from letter to letter. */
struct mail_sender;
struct mail_sender *mail_sender_new(const struct mail_server *server);
void mail_sender_free(struct mail_sender *sender);

/* `message` as mail_message_write made it. RC_OK: the server has taken it. RC_DENIED:
 * it refused it for good (5xx). RC_BUSY: later, perhaps (4xx, no connection, no login,
 * no TLS); *ret_reached says whether the server was there and heard of the letter.
 * The fault holds the server's own words. `stop` (may be NULL) is asked now and then
 * whether to give up. */
enum rc mail_send(struct mail_sender *sender, struct str from, struct str to, struct str message,
                  bool (*stop)(void *context), void *context, bool *ret_reached,
                  struct fault *fault) MUST_CHECK;

#endif
