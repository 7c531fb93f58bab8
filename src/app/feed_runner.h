/* The thread of a server that imports what partners sent (feeds.h): one feed at a time, as
 * `colophon import` beside a server does, in short transactions and after readers. Of several
 * nodes one imports at a time, by the lease "import", and each takes only feeds whose file
 * it has. A feed that was cut off by a kill begins again; what it had brought in passes by. */
#ifndef COLOPHON_APP_FEED_RUNNER_H
#define COLOPHON_APP_FEED_RUNNER_H

#include "app/site.h"
#include "app/writer.h"

struct feed_runner;
enum rc feed_runner_open(struct site *site, struct writer *writer, struct feed_runner **ret,
                         struct fault *fault) MUST_CHECK;
void feed_runner_wake(struct feed_runner *runner); /* something was queued */
/* Stops between two batches, before the writer is closed. NULL is harmless. */
void feed_runner_close(struct feed_runner *runner);

#endif
