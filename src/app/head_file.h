/* The last checkpoints of both logs may be kept in a place apart from the data folder
 * (head_file_parts.h). */
#ifndef COLOPHON_APP_HEAD_FILE_H
#define COLOPHON_APP_HEAD_FILE_H

#include "app/site.h"

/* Keeps the last checkpoints in that place from here on, for servers and commands alike, those that
 * are published now first. What is there already is compared, never replaced by this.
 * RC_INVALID where it lies in the data folder. */
enum rc head_file_keep(struct site *site, const char *path, struct fault *fault) MUST_CHECK;

#endif
