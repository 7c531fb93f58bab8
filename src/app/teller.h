/* The thread that tells authors what waits to be told them (telling.h), where this node
 * leads. */
#ifndef COLOPHON_APP_TELLER_H
#define COLOPHON_APP_TELLER_H

#include "app/site.h"
#include "app/writer.h"

struct teller;
enum rc teller_open(struct site *site, struct writer *writer, struct teller **ret,
                    struct fault *fault) MUST_CHECK;
/* Ends the thread, before the writer is closed. NULL is harmless. */
void teller_close(struct teller *teller);

#endif
