/* The text of a book that somebody has, chapter by chapter, for pages without a script: read and
 * cleaned by a process apart (epub_apart.h), and cleaned once more here. What such a process said
 * is remembered by the digest of the file that it read, so that a chapter's pictures, or its next
 * reader, need none; few of them work at once. */
#ifndef COLOPHON_APP_WHOLE_TEXT_H
#define COLOPHON_APP_WHOLE_TEXT_H

#include "app/library.h"

enum {
    TEXTS_AT_ONCE = 2,          /* processes, each with a book in memory */
    TEXTS_AWAITED = 2,          /* so many more wait for one to end */
    TEXTS_BYTES_MAX = 48 << 20, /* remembered of all, */
    TEXTS_MAX = 256,
    TEXT_BYTES_MAX = 16 << 20, /* and of one chapter */
};

struct whole_texts;
struct whole_texts *whole_texts_new(void);
void whole_texts_free(struct whole_texts *texts);

struct whole_text {
    LIST(struct str) titles; /* of all chapters; each may be empty */
    uint64_t *places;        /* of each in the spine, from 1 on; 0: not known */
    bool vertical, rtl;
    struct str html, language, direction; /* of the one that is wanted */
    LIST(struct str) pictures;            /* of it: bytes */
};
/* Chapter `n` from 1 on; 0: the titles alone. A picture is "pictures/N-1", its chapter and its
 * number. RC_NOT_FOUND where there is no such chapter, or the file has no text; RC_BUSY where too
 * many are being read. It may wait: for a process, for a store. */
enum rc whole_text_read(struct whole_texts *texts, struct cover_reader *reader,
                        const struct visit *visit, const struct library_file *file, uint64_t n,
                        struct whole_text *ret, struct fault *fault) MUST_CHECK;

#endif
