/* By what the same words are known again. */
#ifndef COLOPHON_APP_VOICE_PRINT_H
#define COLOPHON_APP_VOICE_PRINT_H

#include "base/arena.h"

/* A hash of the text without its ASCII spaces, punctuation and capitals; empty where little is
 * left, for short texts are the same by chance. */
struct str voice_print(struct arena *arena, struct str text);

#endif
