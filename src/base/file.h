/* Small files that are whole or not there at all, and durable. Mode 0600: what a
 * shop keeps is its owner's. */
#ifndef COLOPHON_BASE_FILE_H
#define COLOPHON_BASE_FILE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

/* The whole file, in the arena. RC_NOT_FOUND where there is none, RC_LIMIT where it is
 * larger than `max` bytes. */
enum rc file_read(const char *path, size_t max, struct arena *arena, struct str *ret,
                  struct fault *fault) MUST_CHECK;
/* The same; "-" is the standard input. */
enum rc file_read_or_input(const char *path, size_t max, struct arena *arena, struct str *ret,
                           struct fault *fault) MUST_CHECK;

/* The same, of a secret: RC_DENIED where others than the file's owner may read or change it. */
enum rc file_read_secret(const char *path, size_t max, struct arena *arena, struct str *ret,
                         struct fault *fault) MUST_CHECK;

/* Made anew in the place of what is there. A reader may see it half written: it
 * is for names that nobody reads yet. RC_IO leaves nothing behind. */
enum rc file_write(const char *path, struct str bytes, struct fault *fault) MUST_CHECK;
/* Written beside ("PATH.part") and renamed: readers see the old file or the new. */
enum rc file_replace(const char *path, struct str bytes, struct fault *fault) MUST_CHECK;

/* Makes names that were given or taken in the folder durable; a folder that
 * cannot be synced is as durable as its file system makes it. */
void file_sync_folder(const char *folder);
void file_sync_folder_of(const char *path); /* the one that holds it */

#endif
