/* The library: the e-books that a reader has, and their files. */
#ifndef COLOPHON_WEB_LIBRARY_H
#define COLOPHON_WEB_LIBRARY_H

#include "app/library.h"
#include "web/page.h"

struct library_line {
    const struct library_book *book;
    struct shown_slip slip;     /* where delivery is withheld */
    struct url file, read;      /* of the latest file; empty where there is none */
    struct str facts, progress; /* "EPUB 3.0 · 1.2 MB"; "34 % read" */
    struct str digest;          /* of the file, in hex */
    choice_list older;          /* files that were replaced */
};
struct library_view {
    struct library_page page;
    LIST(struct library_line) lines;
    choice_list sorts;
    struct pager pager;
    struct str words;
    bool hidden;             /* the hidden ones are shown */
    struct url list, others; /* without what was searched for; the hidden ones, or the rest */
    struct str back;         /* where a form of the page leads to */
};
/* In the place of a file that is withheld here. */
struct library_withheld_view {
    struct library_book book;
    shown_slips slips;
};

struct url link_library(const struct page *p); /* "account/library" */
struct url link_library_file(const struct page *p, const struct library_book *book,
                             const struct library_file *file);
struct url link_library_act(const struct page *p, const struct library_book *book, const char *act);
struct url link_read(const struct page *p, struct str isbn); /* in the browser */
/* The library's line of one book; where who is not signed in comes back to its page. */
struct url link_library_of(const struct page *p, struct str key);
struct url link_sign_in_back(const struct page *p, struct str key);
/* "EPUB 3.0 · 1.2 MB". */
struct str word_file(const struct page *p, const struct library_file *file);
/* A place below the storefront and the language, of whatever names. */
struct url link_below(const struct page *p, struct url place);
struct str word_progress(const struct page *p, uint64_t millionths);

/* The book of the viewer's that the path names: false where what stands in its place is answered,
 * or *ret_rc is why there is nothing. */
bool library_begin(struct context *c, struct str isbn, struct library_book *ret,
                   struct response *response, enum rc *ret_rc, struct fault *fault);

/* What of the library is asked for: words, order, the hidden ones. */
struct library_choice library_choice_of(const struct context *c);
/* The latest, or the version that is asked for; RC_NOT_FOUND. */
enum rc library_file_asked(const struct context *c, const struct library_book *book,
                           const struct library_file **ret, struct fault *fault) MUST_CHECK;

/* The file itself, whole or in part, by a name that stays. */
enum rc library_send(struct context *c, const struct library_file *file, struct str isbn,
                     struct response *ret, struct fault *fault) MUST_CHECK;

#endif
