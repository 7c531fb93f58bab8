/* One letter as bytes: RFC 5322, plain text in UTF-8 as quoted-printable (RFC 2045),
 * subjects and names as encoded words (RFC 2047) where they are not plain ASCII.
 *
 * Nothing that is handed in can begin a header of its own: what is no printable
 * character becomes a space, and addresses that hold anything unusual are refused. */
#ifndef COLOPHON_MAIL_MESSAGE_H
#define COLOPHON_MAIL_MESSAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"

struct mail_address {
    struct str name; /* may be empty */
    struct str address;
};

struct mail_message {
    struct mail_address from;
    struct str to;       /* an address alone */
    struct str subject;  /* UTF-8 */
    struct str text;     /* UTF-8, lines end in LF */
    struct str language; /* BCP 47, of the text; may be empty */
    struct str id;       /* "7.9f3c@books.example": the same for each attempt to send it */
    int64_t date;        /* seconds since 1970 */
    /* Where letters like it are ended (RFC 2369; by one POST, RFC 8058, where it is https);
     * empty: they are not. What a header cannot take is left out. */
    struct str unsubscribe;
};

/* ASCII, one @, no quoted local part, at most 254 bytes: what every server takes. */
bool mail_address_valid(struct str address);
/* "Riverside <post@books.example>" or an address alone. RC_INVALID says why not. */
enum rc mail_address_parse(struct str text, struct mail_address *ret,
                           struct fault *fault) MUST_CHECK;

/* RC_INVALID names the address or the id that cannot stand in a letter; RC_LIMIT
 * where `out` is too small. */
enum rc mail_message_write(const struct mail_message *m, struct buf *out,
                           struct fault *fault) MUST_CHECK;

#endif
