/* How often what may be done. Generous for people, tight for guessing. */
#ifndef COLOPHON_WEB_LIMITS_H
#define COLOPHON_WEB_LIMITS_H

#include "web/server.h"

enum rc limits_forgot(struct context *c, struct str email, struct fault *fault) MUST_CHECK;
/* A letter to oneself, again. */
enum rc limits_confirm(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_code(struct context *c, struct fault *fault) MUST_CHECK;
/* The same before anybody is signed in. */
enum rc limits_code_of(struct context *c, struct str email, struct fault *fault) MUST_CHECK;
/* Being asked for a passkey, or answering: each challenge is a row. */
enum rc limits_passkey(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_sign_in(struct context *c, struct str email, struct fault *fault) MUST_CHECK;
enum rc limits_sign_up(struct context *c, struct fault *fault) MUST_CHECK;
/* Counts an answer that told of an account; too many, and signing up has to wait. */
void limits_address_taken(struct context *c);
enum rc limits_demand(struct context *c, bool paper, struct fault *fault) MUST_CHECK;
enum rc limits_rating(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_review(struct context *c, struct fault *fault) MUST_CHECK;
enum rc limits_comment(struct context *c, struct fault *fault) MUST_CHECK;

#endif
