/* EPUBs that partners gave, and the samples made of them. Reading works on any connection; what
 * changes needs an open write transaction. */
#ifndef COLOPHON_STORE_EPUBS_H
#define COLOPHON_STORE_EPUBS_H

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"
#include "base/list.h"
#include "store/store.h"

struct epub_row {
    uint64_t id, edition;
    struct str file; /* empty: it was taken away */
    struct hash digest;
    struct str partial_md5; /* hex */
    uint64_t bytes;
    struct str version, facts; /* "3.0"; JSON */
    int64_t added, replaced;   /* 0: it is the one of its shop */
    uint64_t shop;             /* that sent it; 0: nobody stated whose it is */
};
typedef LIST(struct epub_row) epub_rows;

/* One of an edition that is in force, this shop's before another's; RC_NOT_FOUND. */
enum rc epub_row_get(struct store_conn *conn, struct arena *arena, uint64_t edition, uint64_t shop,
                     struct epub_row *ret, struct fault *fault) MUST_CHECK;
/* A hint that it will be asked for before the transaction ends (query_ask). */
void epub_row_ask(struct store_conn *conn, uint64_t edition, uint64_t shop);
/* All there ever were of it, the latest first. */
enum rc epub_rows_of(struct store_conn *conn, struct arena *arena, uint64_t edition, size_t room,
                     epub_rows *ret, struct fault *fault) MUST_CHECK;
/* For whoever has it of a shop (by its slug) since then: the `latest` of those whose files are
 * kept, the latest first, and the one of that time behind them; without their facts. */
enum rc epub_files_of(struct store_conn *conn, struct arena *arena, uint64_t edition,
                      struct str shop, int64_t since, size_t latest, epub_rows *ret,
                      struct fault *fault) MUST_CHECK;
/* The one that a shop sells or gives away; RC_NOT_FOUND. Without its facts. */
enum rc epub_of_shop(struct store_conn *conn, struct arena *arena, uint64_t edition, uint64_t shop,
                     struct epub_row *ret, struct fault *fault) MUST_CHECK;
/* The shops that have such a one; and asks early. */
typedef LIST(uint64_t) epub_sender_list;
enum rc epub_senders(struct store_conn *conn, struct arena *arena, uint64_t edition,
                     epub_sender_list *ret, struct fault *fault) MUST_CHECK;
void epub_senders_ask(struct store_conn *conn, uint64_t edition);
bool epub_sent_by(const epub_sender_list *senders, uint64_t shop);
/* The next ones after an id, of whatever edition. */
enum rc epub_rows_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                        epub_rows *ret, struct fault *fault) MUST_CHECK;
/* In the place of its shop's one before, which stays as a row. Its file stays for a while
 * (EPUB_FILES_KEPT), and where a reader bought it while it was the one, for good. Gives the row
 * its id and says so in the change feed. */
enum { EPUB_FILES_KEPT = 3 };
enum rc epub_row_put(struct store_conn *conn, struct epub_row *row, struct fault *fault) MUST_CHECK;

/* Takes away all files that a shop ever sent of it, but what was bought; the rows stay. The files
 * leave (covers.h). */
enum rc epub_files_remove(struct store_conn *conn, uint64_t edition, uint64_t shop, int64_t now,
                          struct fault *fault) MUST_CHECK;
/* Of all files that a shop sent. */
enum rc epub_bytes_of_shop(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                           struct fault *fault) MUST_CHECK;

struct sample_row {
    uint64_t edition, epub;
    struct str setting; /* "across", "vertical", "rtl" */
    uint64_t chapters, text, whole;
    struct str file; /* of its pictures; may be empty */
    struct hash digest;
    uint64_t bytes;
    struct str parts; /* rendition.h */
};
typedef LIST(struct sample_row) sample_rows;
struct sample_chapter_row {
    uint64_t n;
    struct str title, language, direction, html;
};
typedef LIST(struct sample_chapter_row) sample_chapter_rows;

enum rc sample_row_get(struct store_conn *conn, struct arena *arena, uint64_t edition,
                       struct sample_row *ret, struct fault *fault) MUST_CHECK;
enum rc sample_rows_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                          sample_rows *ret, struct fault *fault) MUST_CHECK;
/* Their titles, without mark-up. */
enum rc sample_contents(struct store_conn *conn, struct arena *arena, uint64_t edition, size_t room,
                        sample_chapter_rows *ret, struct fault *fault) MUST_CHECK;
enum rc sample_chapter_get(struct store_conn *conn, struct arena *arena, uint64_t edition,
                           uint64_t n, struct sample_chapter_row *ret,
                           struct fault *fault) MUST_CHECK;
/* Takes the edition's sample away; its file leaves (covers.h). */
enum rc sample_row_remove(struct store_conn *conn, uint64_t edition,
                          struct fault *fault) MUST_CHECK;
enum rc sample_row_add(struct store_conn *conn, const struct sample_row *row,
                       const sample_chapter_rows *chapters, struct fault *fault) MUST_CHECK;

#endif
