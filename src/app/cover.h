/* Covers that were given for editions: taking them, and reading them for pages.
 *
 * What somebody gives is decoded elsewhere (thumbnail.h) and kept in all its forms
 * (renditions.h), the first a JPEG of at most COVER_WIDTH × COVER_HEIGHT, one behind the
 * other in a file whose name is its own. The file is
 * durable before the row that names it is committed, and removed after the row is. */
#ifndef COLOPHON_APP_COVER_H
#define COLOPHON_APP_COVER_H

#include "app/shown.h"
#include "app/writer.h"
#include "base/encode.h"

/* In pixels and bytes; none is ever larger. */
enum {
    COVER_WIDTH = 1200,
    COVER_HEIGHT = 1800,
    COVER_BYTES_MAX = 2 << 20, /* each form */
    COVER_FILE_MAX = 6 << 20,  /* all of them */
};

/* What became of what was given. */
struct cover_taken {
    unsigned width, height;
    uint64_t bytes;
    struct hash digest;
    size_t missing; /* forms of it that libvips could not make here */
};

/* Of the edition with this ISBN, out of a file: RC_NOT_FOUND where the catalogue
 * has no such edition; what thumbnail_make and files_put fail with. */
enum rc cover_put(struct site *site, struct writer *writer, struct str isbn, const char *path,
                  struct cover_taken *ret, struct fault *fault) MUST_CHECK;
/* What was fetched for a feed (cover_fetch.h) or lies in an EPUB (epub.h), as bytes; `note` runs
 * in the transaction that puts its row and may be NULL. One that somebody gave stays, and one
 * from a feed stays over an EPUB's: then nothing but `note` is done. */
enum cover_source { COVER_GIVEN, COVER_OF_FEED, COVER_OF_EPUB };
enum rc cover_take(struct site *site, struct writer *writer, uint64_t edition,
                   enum cover_source source, struct str bytes, write_work note, void *context,
                   struct fault *fault) MUST_CHECK;
/* Those that were fetched are shown no more: their records name none. Else nothing. Their files
 * go with covers_sweep. */
enum rc cover_drop(struct writer *writer, const uint64_t *editions, size_t n,
                   struct fault *fault) MUST_CHECK;
/* Removes the files that no cover names any more, also those of whoever was killed meanwhile. */
enum rc covers_sweep(struct site *site, struct writer *writer, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where there is none. The feed's own is fetched again. */
enum rc cover_remove(struct site *site, struct writer *writer, struct str isbn,
                     struct fault *fault) MUST_CHECK;

/* A server's way to the files, for many threads. It follows the setting; of a
 * remote store it keeps some files in memory. */
struct cover_reader;
struct cover_reader *cover_reader_new(struct site *site);
void cover_reader_free(struct cover_reader *reader);
/* Whether reading may take as long as a network does. */
bool cover_reader_waits(struct cover_reader *reader);
/* The bytes of what the gate let through: one of its forms, or the first. */
enum rc cover_read(struct cover_reader *reader, const struct visit *visit,
                   const struct shown_cover *cover, const struct rendition *part, struct buf *ret,
                   struct fault *fault) MUST_CHECK;
/* Any file that the database names, of so many bytes: a folder's is open, one of a remote store is
 * asked for piece by piece, and nothing was asked yet. RC_CORRUPT where it has another size. */
struct file_source;
enum rc file_source_open(struct cover_reader *reader, const struct visit *visit, struct str file,
                         uint64_t bytes, struct file_source **ret, struct fault *fault) MUST_CHECK;
void file_source_close(struct file_source *source);
/* The open file, which is the caller's from here on; -1: it is remote. */
int file_source_take_fd(struct file_source *source);
/* So many bytes from `at` on, added to `ret`. */
enum rc file_source_read(struct file_source *source, uint64_t at, size_t n, struct buf *ret,
                         struct fault *fault) MUST_CHECK;

#endif
