/* Where readers are in their books, and what they marked there. It is theirs alone: no page shows
 * it to anybody else, it is in their file of data, and it goes with the account, or before, at
 * their wish. Of who switched it off, no places are kept. */
#ifndef COLOPHON_APP_READING_H
#define COLOPHON_APP_READING_H

#include "app/writer.h"
#include "domain/library.h"

enum {
    WHOLE_BOOK = 1000000, /* millionths */
    LOCATOR_MAX = 1000,
    DEVICE_MAX = 100,
    EXCERPT_MAX = 1000, /* characters, as NOTE_MAX */
    NOTE_MAX = 4000,
    MARKS_MAX = 2000, /* in a book */
    MARKS_OF_ACCOUNT_MAX = 20000,
};

/* A place of the kind "web" (EPUB CFI) or "kosync" (KOReader's XPointer): `millionths` is shared,
 * the exact locator is each kind's own. `at` 0: now. *ret_kept: false where the account wants no
 * places to be kept; then nothing was. RC_INVALID names the field. */
enum rc reading_place_put(struct writer *writer, uint64_t account, const struct place_row *place,
                          bool *ret_kept, struct fault *fault) MUST_CHECK;
/* Of the kind, or the latest of any where that is empty; RC_NOT_FOUND. */
enum rc reading_place_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                          uint64_t edition, struct str kind, struct place_row *ret,
                          struct fault *fault) MUST_CHECK;

/* Of all books after an edition. */
enum rc reading_places_after(struct store_conn *conn, struct arena *arena, uint64_t account,
                             uint64_t after, size_t room, place_rows *ret,
                             struct fault *fault) MUST_CHECK;

/* Switches it on or off; off, what there is of places is erased. */
enum rc reading_switch(struct writer *writer, uint64_t account, bool on,
                       struct fault *fault) MUST_CHECK;
enum rc reading_is_on(struct store_conn *conn, uint64_t account, bool *ret,
                      struct fault *fault) MUST_CHECK;
/* All places, and with `marks` all bookmarks, passages and notes. */
enum rc reading_erase(struct writer *writer, uint64_t account, bool marks,
                      struct fault *fault) MUST_CHECK;

/* `kind`: "bookmark" or "highlight". RC_INVALID names the field, RC_CONFLICT: there are too many.
 */
enum rc reading_mark_add(struct writer *writer, uint64_t account, const struct mark_row *mark,
                         uint64_t *ret_id, struct fault *fault) MUST_CHECK;
/* All of theirs in a book, in the order in which they were made; and of all books, after an id. */
enum rc reading_marks_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                         uint64_t edition, mark_rows *ret, struct fault *fault) MUST_CHECK;
enum rc reading_marks_after(struct store_conn *conn, struct arena *arena, uint64_t account,
                            uint64_t after, size_t room, mark_rows *ret,
                            struct fault *fault) MUST_CHECK;
/* Those in books that are in the library no more, with these books' titles: their reader's all the
 * same. */
enum rc reading_marks_left(struct store_conn *conn, struct arena *arena, uint64_t account,
                           uint64_t after, size_t room, mark_rows *ret,
                           struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where it is not theirs. */
enum rc reading_mark_note(struct writer *writer, uint64_t account, uint64_t id, struct str note,
                          struct fault *fault) MUST_CHECK;
enum rc reading_mark_remove(struct writer *writer, uint64_t account, uint64_t id,
                            struct fault *fault) MUST_CHECK;

#endif
