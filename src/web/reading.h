/* The reader in the browser: a thin page around foliate-js, which has the book to itself. */
#ifndef COLOPHON_WEB_READING_H
#define COLOPHON_WEB_READING_H

#include "app/reading.h"
#include "app/whole_text.h"
#include "web/library.h"
#include "web/sample.h"

struct reader_view {
    struct str nonce; /* of the one script that may run, with what it imports */
    struct url style, script, module;
    struct str title, language, key;
    struct url back, file; /* where one comes from; the book, or empty: a sample */
    struct str back_word;
    const struct sample_view *sample; /* whose chapters are read; NULL: the whole book */
    struct url act;                   /* what forms begin with: ".../place", ".../marks" */
    bool kept;                        /* places are */
    struct place_row own, latest;     /* of the browser; of whatever device */
    mark_rows marks;
};
/* Without a script: its chapters as pages. */
struct chapters_view {
    struct library_book book;
    struct whole_text text;
    uint64_t n, millionths; /* 0: the contents */
    struct str name, language, direction;
    struct str locator; /* where one reads on after it, as an EPUB CFI */
    bool headed;
    choice_list chapters;
    struct url previous, next, act;
};
struct url link_read_part(const struct page *p, struct str isbn, struct str part);

struct reading_view {
    bool on, done;
    uint64_t places;
    mark_rows left; /* marks in books that are there no more; more of them: the next page's */
    struct url more;
};

#endif
