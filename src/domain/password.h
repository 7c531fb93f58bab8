/* Passwords that whoever guesses tries first: a rule, no list of leaked ones. */
#ifndef COLOPHON_DOMAIN_PASSWORD_H
#define COLOPHON_DOMAIN_PASSWORD_H

#include "base/str.h"

/* Whether it is a run of the keyboard or the alphabet, a piece said over and over, a year or day,
 * one of the words that people choose most with figures and signs around it, or the account's own
 * `name` or the first part of its `email` so; both may be empty. */
bool password_is_common(struct str password, struct str email, struct str name);

#endif
