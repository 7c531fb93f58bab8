/* The text of a book that somebody has, chapter by chapter, for pages without a script: read and
 * cleaned by a process apart (epub_apart.h), and cleaned once more here. */
#ifndef COLOPHON_APP_WHOLE_TEXT_H
#define COLOPHON_APP_WHOLE_TEXT_H

#include "app/library.h"

struct whole_text {
    LIST(struct str) titles; /* of all chapters; each may be empty */
    bool vertical, rtl;
    struct str html, language, direction; /* of the one that is wanted */
    LIST(struct str) pictures;            /* of it: bytes */
};
/* Chapter `n` from 1 on; 0: the titles alone. A picture is "pictures/N-1", its chapter and its
 * number. RC_NOT_FOUND where there is no such chapter, or the file has no text. */
enum rc whole_text_read(struct cover_reader *reader, const struct visit *visit,
                        const struct library_file *file, uint64_t n, struct whole_text *ret,
                        struct fault *fault) MUST_CHECK;

#endif
