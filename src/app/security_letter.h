/* Inside app/: a letter to whoever has an account when how it is signed in to has changed, so that
 * somebody else's doing is seen. It holds no secret, and says what to do. */
#ifndef COLOPHON_APP_SECURITY_LETTER_H
#define COLOPHON_APP_SECURITY_LETTER_H

#include "app/site.h"

enum security_event {
    SECURITY_PASSWORD_CHANGED,
    SECURITY_PASSKEY_ADDED,
    SECURITY_PASSKEY_REMOVED,
    SECURITY_FACTOR_SET_UP,
    SECURITY_FACTOR_OFF,
    SECURITY_ADDRESS_CHANGED,
    SECURITY_DEVICE_ADDED,
};
/* Within the transaction that does it; nothing where the shop sends no mail. */
enum rc security_letter(struct store_conn *conn, uint64_t account, enum security_event event,
                        struct fault *fault) MUST_CHECK;
/* The same to an address that is the account's no more. */
enum rc security_letter_to(struct store_conn *conn, struct str address, struct str language,
                           enum security_event event, struct fault *fault) MUST_CHECK;

#endif
