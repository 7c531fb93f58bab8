/* EPUBs that partners give for their e-books: looked at, kept, and a sample made of them. */
#ifndef COLOPHON_APP_EPUBS_H
#define COLOPHON_APP_EPUBS_H

#include "app/partner.h"
#include "app/writer.h"
#include "base/encode.h"
#include "epub/epub.h"

struct epub_giving {
    struct str isbn;
    const char *path;                /* of the file */
    const struct viewer *viewer;     /* NULL: the command line */
    const struct partner_shop *shop; /* whose desk it is given at; NULL with the former */
    struct str seller; /* the shop whose it is, where there is no desk; may be empty */
    uint64_t upload;   /* ends with it (epub_uploads.h); 0: it was none */
};
/* So much all files of a shop's e-books may hold that are given at its desk. */
#define EPUB_SHOP_BYTES_MAX ((uint64_t)32 << 30)
struct epub_taken {
    epub_problems problems;      /* in the arena, also where it was refused */
    struct str version, checked; /* "3.0"; EPUBCheck's own version, or empty */
    uint64_t bytes, chapters;
    bool cover; /* its cover is shown from now on */
};
/* In the place of its shop's one before: the file is that shop's to sell and to give away, and no
 * other's. The sample is made of the file of the shop whose record describes the title, or of
 * whose there is. RC_INVALID where it is refused for what `problems` tell: nothing was changed
 * then; also where the shop's room is full, or several shops list the title and none was named. */
enum rc epub_put(struct site *site, struct writer *writer, struct arena *arena,
                 const struct epub_giving *giving, struct epub_taken *ret,
                 struct fault *fault) MUST_CHECK;

/* Whether one of so many bytes might be put, without a look at it, inside a write transaction; and
 * of which edition. */
enum rc epub_may_put(struct site *site, struct store_conn *conn, struct arena *arena,
                     const struct epub_giving *giving, uint64_t bytes, uint64_t *ret_edition,
                     struct fault *fault) MUST_CHECK;
/* What was found, as JSON and back. */
struct str epub_problems_text(struct arena *arena, const epub_problems *problems);
void epub_problems_read(struct arena *arena, struct str text, epub_problems *ret);

/* All files there ever were of it (of the shop, where one is named), the sample and the cover that
 * came out of one; what was said of them stays. RC_NOT_FOUND where there is none; RC_INVALID where
 * readers have bought it, or an order of it waits for its payment. `path` is nobody's here. */
enum rc epub_remove(struct site *site, struct writer *writer, struct arena *arena,
                    const struct epub_giving *giving, struct fault *fault) MUST_CHECK;

/* One of those there ever were of an edition. */
struct epub_version {
    uint64_t bytes;
    bool gone;                   /* its file was taken away */
    bool unclaimed;              /* several shops list it, and nobody stated whose it is */
    struct str version, checked; /* "3.0"; EPUBCheck's version, or empty */
    struct hash digest;
    int64_t added, replaced; /* 0: it is the one */
    epub_problems problems;  /* none of which refused it */
};
typedef LIST(struct epub_version) epub_versions;
/* Of a shop, and unclaimed ones; the latest first. */
enum rc epub_history(struct store_conn *conn, struct arena *arena, uint64_t edition, uint64_t shop,
                     epub_versions *ret, struct fault *fault) MUST_CHECK;

#endif
