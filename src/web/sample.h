/* Samples of books, chapter by chapter. */
#ifndef COLOPHON_WEB_SAMPLE_H
#define COLOPHON_WEB_SAMPLE_H

#include "app/shown_sample.h"
#include "web/book.h"

struct sample_view {
    struct book_view book; /* of which the edition is filled, or what is withheld */
    struct shown_sample sample;
    shown_slips slips;
    enum verdict barred;
    unsigned percent; /* of the book's text */
    choice_list chapters;
    /* Of a chapter's page. */
    uint64_t n;
    struct shown_chapter chapter;
    struct str name, language, direction;
    bool headed; /* its text begins with its heading */
    struct url previous, next;
};

/* What all pages of one begin with. Not RC_OK, or *ret_done: that is the answer. */
enum rc sample_begin(struct context *c, struct page *p, struct sample_view *v, struct response *ret,
                     bool *ret_done, struct fault *fault) MUST_CHECK;
struct url link_read_sample(const struct page *p, struct str key);

#endif
