/* Who asks: sessions by cookie for people and by bearer token for programs, and
 * the token that proves a form comes from our own page. */
#ifndef COLOPHON_WEB_SESSION_H
#define COLOPHON_WEB_SESSION_H

#include "app/voice.h"
#include "web/server.h"

/* The token that the request brings, of a bearer or of a cookie; empty. */
struct str session_token(const struct context *c, bool api);
/* Reads the session into c->viewer and c->session; a token that is no longer
 * good is nobody's. API routes hear only bearers, pages only cookies. */
enum rc session_read(struct context *c, struct fault *fault) MUST_CHECK;

/* The token for this viewer's forms. Where there is no session, one is made for
 * a short-lived cookie, which goes into `ret`. */
struct str session_form_token(struct context *c, struct response *ret);
/* The hash of the secret that this browser's forms rest on, for one purpose: what is bound to
 * it is good in no other browser. */
struct hash session_bound(const struct context *c, const char *purpose);
/* The browser says that the form stands on one of our pages. */
bool session_is_ours(const struct context *c);
/* RC_DENIED where the posted form does not carry it, or another site sent it. */
enum rc session_check_form(struct context *c, struct fault *fault) MUST_CHECK;

/* The viewer's desk for ratings, reviews and comments; c->withheld says who
 * withholds, with RC_WITHHELD. */
struct voice_desk voice_desk_of(struct context *c);

struct str session_cookie(struct context *c, struct str token); /* Set-Cookie value */
struct str session_cookie_end(struct context *c);
/* The language that somebody chose at the desks, until the browser is closed. */
struct str language_cookie(struct context *c, struct str tag);
struct str language_cookie_get(const struct context *c);

#endif
