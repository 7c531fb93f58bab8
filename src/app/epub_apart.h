/* An EPUB read by a process of its own (apart.h): this very program as `colophon epub-one`,
 * without database, key, file or network. What it says of the book is no more trusted than the
 * book: chapters are cleaned once more here, pictures decoded apart. */
#ifndef COLOPHON_APP_EPUB_APART_H
#define COLOPHON_APP_EPUB_APART_H

#include "base/buf.h"
#include "epub/epub.h"

/* Whatever the bytes are: a process that broke over them is a problem of theirs
 * (WRONG_DAMAGED). `said` holds what it said, in which pictures and cover lie. Else the process
 * could not be had. */
enum rc epub_read_apart(struct arena *arena, struct str bytes, struct buf *said, struct epub *ret,
                        struct fault *fault) MUST_CHECK;
/* The same of one chapter (epub_read_chapter). */
enum rc epub_chapter_apart(struct arena *arena, struct str bytes, uint64_t n, struct buf *said,
                           struct epub *ret, struct fault *fault) MUST_CHECK;
/* What such a process said, once more. False: it is nothing such. */
bool epub_said_read(struct arena *arena, struct str said, struct epub *ret);
enum {
    EPUB_SAID_MAX = 72 << 20,
    EPUB_LINE_MAX = 8 << 20, /* of that, what is no picture */
};

/* What that process does: reads the book from standard input; `chapter`: NULL, or the number of the
 * one that is wanted. Its exit status. */
int epub_serve(const char *chapter);

/* EPUBCheck, where Debian's is installed, apart as well and behind the same fence, but under no
 * filter of calls, as a virtual machine asks for more than is listed: adds what it found to the
 * problems, and says which it is ("4.2.6") in the arena; empty where it was not checked, which is a
 * problem that refuses nothing. */
struct str epub_check(struct arena *arena, struct str bytes, struct epub *e);

#endif
