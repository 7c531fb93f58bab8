/* Books as EPUB 2 and 3: the container looked at before it is believed, the package read, and
 * the first chapters cleaned for a sample. The bytes are a stranger's. */
#ifndef COLOPHON_EPUB_EPUB_H
#define COLOPHON_EPUB_EPUB_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/list.h"

enum {
    EPUB_BYTES_MAX = 64 << 20,     /* as it comes */
    EPUB_UNPACKED_MAX = 256 << 20, /* all files of it */
    EPUB_FILES_MAX = 10000,
    EPUB_RATIO_MAX = 300, /* unpacked to packed, of a file above EPUB_RATIO_FROM */
    EPUB_RATIO_FROM = 1 << 20,
    EPUB_PROBLEMS_MAX = 200,
    EPUB_CHAPTERS_MAX = 60, /* of a sample */
    EPUB_CHAPTERS_ALL = 2000,
    EPUB_PICTURES_MAX = 12,
    EPUB_PICTURE_BYTES_MAX = 4 << 20,
    EPUB_SAMPLE_TEXT_MAX = 60000,      /* characters */
    EPUB_SAMPLE_BYTES_MAX = 384 << 10, /* of mark-up; it ends before the chapter that passes it */
};

/* Everything that may be wrong with one. */
enum epub_wrong {
    WRONG_NO_ZIP,
    WRONG_DAMAGED,
    WRONG_ENCRYPTED,
    WRONG_LARGE,
    WRONG_FILES,
    WRONG_BOMB,
    WRONG_MIMETYPE,
    WRONG_NAME,
    WRONG_NAME_OUTSIDE,
    WRONG_NAME_TWICE,
    WRONG_CONTAINER,
    WRONG_DRM,
    WRONG_PACKAGE_MISSING,
    WRONG_XML,
    WRONG_VERSION,
    WRONG_TITLE,
    WRONG_IDENTIFIER,
    WRONG_LANGUAGE,
    WRONG_MODIFIED,
    WRONG_ITEM,
    WRONG_ITEM_TWICE,
    WRONG_ITEM_MISSING,
    WRONG_ITEM_OUTSIDE,
    WRONG_SPINE,
    WRONG_SPINE_ITEM,
    WRONG_NAVIGATION,
    WRONG_COVER,
    WRONG_REMOTE,
    WRONG_SCRIPT,
    WRONG_ISBN,
    WRONG_NO_SAMPLE,
    WRONG_EPUBCHECK,
    WRONG_EPUBCHECK_WARNS,
    WRONG_UNCHECKED,
    WRONG_COUNT
};
/* "no-zip": for machines. */
const char *epub_wrong_code(enum epub_wrong wrong);
bool epub_wrong_parse(struct str code, enum epub_wrong *ret);
/* Whether it refuses the file, and whether it is an error or only worth knowing. */
bool epub_wrong_refuses(enum epub_wrong wrong);
struct epub_problem {
    enum epub_wrong wrong;
    bool refuses;
    struct str file;   /* within the EPUB; may be empty */
    struct str detail; /* a name, a number, a parser's words; may be empty */
};
typedef LIST(struct epub_problem) epub_problems;

typedef LIST(struct str) epub_words;

/* What the package says of accessibility. */
struct epub_access {
    epub_words modes, sufficient, features, hazards;
    struct str summary, conforms;
};

struct epub_chapter {
    struct str title, html, language, direction;
    uint64_t place; /* in the spine, from 1 on, as an EPUB CFI counts it: of a chapter of the whole
                       text */
};
struct epub_sample {
    LIST(struct epub_chapter) chapters;
    epub_words pictures; /* bytes; "pictures/1" in the chapters is the first */
    bool vertical, rtl;
    uint64_t text, whole; /* characters of the sample, of the book */
};

struct epub {
    struct str version; /* "2.0", "3.0" */
    struct str title, language;
    epub_words identifiers;
    bool fixed; /* laid out in pages */
    struct epub_access access;
    struct str cover; /* a picture's bytes; may be empty */
    struct epub_sample sample;
    epub_problems problems; /* those that refuse it first */
};
bool epub_is_refused(const struct epub *e);
void epub_add_problem(struct arena *arena, struct epub *e, enum epub_wrong wrong, struct str file,
                      struct str detail);

/* Whatever the bytes are; what is wrong with them is in its problems. */
void epub_read(struct arena *arena, struct str bytes, struct epub *ret);

/* One chapter, from 1 on, of the whole text: all chapters with their titles, of which that one
 * alone has its mark-up; links in it are numbers of others, "pictures/1" is its first picture. No
 * such chapter: none has. */
void epub_read_chapter(struct arena *arena, struct str bytes, uint64_t n, struct epub *ret);

/* By what KOReader knows a file: MD5 of up to twelve samples of it, in hex. */
struct str epub_partial_md5(struct arena *arena, struct str bytes);

#endif
