/* Which works the readers of one liked, too: derived from ratings alone, and made anew from
 * them at any time. No shelf rests on fewer than LIKED_READERS readers, and none says how many
 * they are, so that nobody is seen in it; it is made once a day, so that no single rating is
 * seen to change it. What is withheld is for the page to leave out (shown_neighbours). */
#ifndef COLOPHON_APP_LIKED_H
#define COLOPHON_APP_LIKED_H

#include "app/site.h"
#include "app/writer.h"

enum { LIKED_STARS = 4, LIKED_READERS = 5 };

/* All works; *ret_changed of them have another shelf now. */
enum rc liked_rebuild(struct site *site, struct writer *writer, size_t *ret_changed,
                      struct fault *fault) MUST_CHECK;

/* A server's thread that does it each day, on the node that leads. */
struct liker;
enum rc liker_open(struct site *site, struct writer *writer, struct liker **ret,
                   struct fault *fault) MUST_CHECK;
/* Ends the thread, before the writer is closed. NULL is harmless. */
void liker_close(struct liker *liker);

#endif
