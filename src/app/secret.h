/* Secrets that nobody guesses, as an address takes them: of sessions, of links in letters, of
 * pages for one person. Kept is the SHA-256 alone. */
#ifndef COLOPHON_APP_SECRET_H
#define COLOPHON_APP_SECRET_H

#define TOKEN_SIZE 43 /* characters */

void secret_make(char ret[TOKEN_SIZE + 1]);

#endif
