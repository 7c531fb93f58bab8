/* The second step of signing in, for staff: the code, and setting it up. */
#ifndef COLOPHON_WEB_SIGN_IN_CODE_H
#define COLOPHON_WEB_SIGN_IN_CODE_H

#include "web/page.h"

/* Dark modules of a row that lie side by side. */
struct qr_run {
    unsigned x, y, n;
};
typedef LIST(struct qr_run) qr_runs;
/* The text as a QR code of *ret_size modules a side, its quiet zone included; RC_LIMIT
 * where it is too long. */
enum rc qr_make(struct arena *arena, struct str text, qr_runs *ret, unsigned *ret_size,
                struct fault *fault) MUST_CHECK;

struct code_view {
    bool set_up; /* it is to be set up, with this secret */
    struct str secret, error, back;
    qr_runs qr;
    unsigned size;
};

struct recovery_view {
    LIST(struct str) codes;
    struct url back;
};

#endif
