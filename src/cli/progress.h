/* Inside cli/: how far a long work is, on a terminal; nothing in a pipe. */
#ifndef COLOPHON_CLI_PROGRESS_H
#define COLOPHON_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress_line {
    const char *what;    /* "records": what is counted */
    int64_t begun, told; /* milliseconds; set by the first telling */
    bool shown;
};

/* `done` of `all` (0: unknown) parts; `counted` things in them. */
void progress_show(struct progress_line *line, uint64_t done, uint64_t all, uint64_t counted);
/* The same where parts and things are one. Fits index_progress. */
void progress_tell(void *line, uint64_t done, uint64_t all);
/* What is waited for once everything is counted. */
void progress_wait(struct progress_line *line, const char *sentence);
void progress_end(struct progress_line *line);

#endif
