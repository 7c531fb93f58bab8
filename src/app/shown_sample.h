/* What a viewer is shown of an edition's EPUB: what it says of itself, and the sample of it.
 * A sample is text of the book: restrictions of `delivery` withhold it, and those of `listing`
 * with the title's page; and it is given only where rights and licences let the book be sold,
 * though it may not be out yet, or have no price. */
#ifndef COLOPHON_APP_SHOWN_SAMPLE_H
#define COLOPHON_APP_SHOWN_SAMPLE_H

#include "app/shown.h"

typedef LIST(struct str) shown_words;

struct shown_file {
    uint64_t bytes;     /* 0: there is none */
    struct str version; /* "3.0" */
    shown_words modes, sufficient, features, hazards;
    struct str summary, conforms;
    bool sample;         /* there is one */
    bool withheld;       /* reading it is, here; `delivery` says by what */
    enum verdict barred; /* why it is not given here; VERDICT_OK: it is */
};
/* Also where there is none. */
enum rc shown_file(const struct visit *visit, const struct shown_edition *e, struct shown_file *ret,
                   struct fault *fault) MUST_CHECK;

enum { SAMPLE_CHAPTERS_MAX = 60 };
struct shown_sample {
    shown_words titles; /* of its chapters; each may be empty */
    bool vertical, rtl;
    uint64_t text, whole;        /* characters, of the sample and of the book */
    struct shown_cover pictures; /* "pictures/1" is the first of its parts */
};
struct shown_chapter {
    struct str title, language, direction;
    struct str html; /* clean (base/clean.h) */
};
/* VERDICT_OK where some shop's record lets it be read here; else what refuses it. */
enum verdict shown_sample_barred(const struct shown_edition *e);
/* RC_NOT_FOUND where there is none; RC_WITHHELD; RC_CONFLICT where it is barred. */
enum rc shown_sample(const struct visit *visit, const struct shown_edition *e,
                     struct shown_sample *ret, struct fault *fault) MUST_CHECK;
enum rc shown_sample_chapter(const struct visit *visit, const struct shown_edition *e, uint64_t n,
                             struct shown_chapter *ret, struct fault *fault) MUST_CHECK;

#endif
