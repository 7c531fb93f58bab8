/* The thread of a server that keeps what is sold in order: purchases that waited past their day
 * end, each in a transaction of its own; what was only kept for a while is forgotten; and once a
 * day it is checked whether all that was sold agrees (sales_check.h). Of several nodes the one that
 * leads does it; where nobody can sign the Record, this one does, for nothing of it needs an entry.
 * What fails is said, and passes by what follows it. */
#ifndef COLOPHON_APP_BOOKKEEPER_H
#define COLOPHON_APP_BOOKKEEPER_H

#include "app/site.h"
#include "app/writer.h"

struct bookkeeper;
enum rc bookkeeper_open(struct site *site, struct writer *writer, struct bookkeeper **ret,
                        struct fault *fault) MUST_CHECK;
/* Ends the thread, before the writer is closed. NULL is harmless. */
void bookkeeper_close(struct bookkeeper *bookkeeper);

#endif
