/* E-books that an account has: what was bought, and what is free and was put there. They stay its
 * own after their titles left the shop; where `delivery` is withheld here the slip stands for the
 * file, and once that is lifted the file is there again. Each is called what it was called when it
 * came: the reader's own thing, which nothing withholds from them. */
#ifndef COLOPHON_APP_LIBRARY_H
#define COLOPHON_APP_LIBRARY_H

#include "app/cover.h"
#include "app/shown.h"
#include "app/writer.h"
#include "domain/library.h"

enum { LIBRARY_FILES_MAX = 3 }; /* the latest ones; and the one that was bought */

/* What a sales line bought, inside a write transaction. Where the account has it already nothing
 * changes; RC_NOT_FOUND where there never was such an edition. *ret_file: it can be read at once.
 */
enum rc library_give(struct store_conn *conn, uint64_t account, uint64_t edition, uint64_t line,
                     int64_t now, bool *ret_file, struct fault *fault) MUST_CHECK;
enum rc library_take_back(struct store_conn *conn, uint64_t account, uint64_t edition, int64_t now,
                          struct fault *fault) MUST_CHECK;

struct library_file {
    uint64_t id, bytes;
    struct str name, version; /* among the files; "3.0" */
    struct hash digest;
    int64_t added, replaced; /* 0: it is the one */
};
/* The file of an e-book that some shop gives away here; RC_NOT_FOUND. */
enum rc library_free_file(const struct visit *visit, const struct shown_edition *e,
                          struct library_file *ret, struct fault *fault) MUST_CHECK;
/* Whether some shop gives the e-book away here, and has sent its file. */
bool library_is_free(const struct visit *visit, const struct shown_edition *e);
/* Puts it there for nothing. RC_CONFLICT where it is not given away here. */
enum rc library_add_free(const struct visit *visit, struct writer *writer,
                         const struct shown_edition *e, struct fault *fault) MUST_CHECK;
enum rc library_hide(struct writer *writer, uint64_t account, uint64_t edition, bool hidden,
                     struct fault *fault) MUST_CHECK;
enum rc library_has(const struct visit *visit, uint64_t edition, bool *ret,
                    struct fault *fault) MUST_CHECK;

struct library_book {
    struct library_row row;
    const struct restriction *withheld; /* delivery is, by; then there are no files */
    bool listed;                        /* its title is shown here: then there is a card */
    struct shown_card card;
    LIST(struct library_file) files; /* the latest first; none: nobody sent one */
};
typedef LIST(struct library_book) library_books;
struct library_choice {
    enum library_order order;
    bool hidden;
    struct str words; /* as typed */
};
struct library_page {
    uint64_t total, hidden; /* that fit; that are hidden of all */
    library_books books;
};
/* The viewer's. */
enum rc library_show(const struct visit *visit, const struct library_choice *choice, size_t offset,
                     size_t limit, struct library_page *ret, struct fault *fault) MUST_CHECK;
/* One of the viewer's, by ISBN; RC_NOT_FOUND. What is withheld of it stands there. */
enum rc library_book(const struct visit *visit, struct str isbn, struct library_book *ret,
                     struct fault *fault) MUST_CHECK;
/* All of the viewer's that are hidden, or are not, as plain facts without the gate: for their own
 * file. */
enum rc library_all(const struct visit *visit, bool hidden, size_t offset, size_t room,
                    library_rows *ret, struct fault *fault) MUST_CHECK;
/* What an edition of theirs is known by; RC_NOT_FOUND. */
enum rc library_key(const struct visit *visit, uint64_t edition, struct str *ret,
                    struct fault *fault) MUST_CHECK;
/* What the viewer is reading, the last one first, without what is withheld here. */
enum { READ_WHOLE = 990000 };
enum rc library_reading(const struct visit *visit, size_t room, library_books *ret,
                        struct fault *fault) MUST_CHECK;
/* A file of one, the caller's to close. */
enum rc library_open(struct cover_reader *reader, const struct visit *visit,
                     const struct library_file *file, struct file_source **ret,
                     struct fault *fault) MUST_CHECK;

#endif
