/* How an account is signed in to: its password, where it is signed in. */
#ifndef COLOPHON_WEB_SECURITY_H
#define COLOPHON_WEB_SECURITY_H

#include "app/sessions.h"
#include "web/page.h"

struct security_view {
    struct str error; /* of the form that was sent */
    own_sessions sessions;
    bool changed; /* the password was, a moment ago */
};
/* "Firefox on Android"; "A program". */
struct str word_session(const struct page *p, const struct own_session *s);
struct url link_session_end(const struct page *p, const struct own_session *s);

#endif
