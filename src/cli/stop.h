/* Inside cli/: long work that Ctrl-C ends in good order, between two of its parts. */
#ifndef COLOPHON_CLI_STOP_H
#define COLOPHON_CLI_STOP_H

#include <stdbool.h>

/* From now on SIGINT and SIGTERM wait to be asked for, in threads begun later too. */
void stop_wait_to_be_asked(void);
/* Whether one came; waits for it so long. */
bool stop_asked(int milliseconds);

#endif
