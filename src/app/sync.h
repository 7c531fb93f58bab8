/* Places that devices keep here by KOReader's progress sync. What is an e-book of the account's
 * library shares how far it was read with the browser (reading.h); other documents have a place of
 * their own. Of who wants no places to be kept, none are, and nobody signs in to the sync. */
#ifndef COLOPHON_APP_SYNC_H
#define COLOPHON_APP_SYNC_H

#include "app/writer.h"
#include "base/arena.h"
#include "base/list.h"

enum { SYNC_DOCUMENT_MAX = 200, SYNC_PLACES_MAX = 5000 };

struct sync_place {
    struct str document; /* KOReader's name: the partial MD5, or that of a file's name */
    struct str progress; /* where exactly, as the device says it */
    uint64_t millionths; /* of the whole */
    struct str device, device_id;
    int64_t at;
};
/* RC_NOT_FOUND where none is kept. Of a book that was read on in the browser since: how far, and
 * the beginning of that chapter. */
enum rc sync_place_get(struct store_conn *conn, struct arena *arena, uint64_t account,
                       struct str document, struct sync_place *ret, struct fault *fault) MUST_CHECK;
/* The last one counts; *ret_at: as of when. RC_INVALID names the field; RC_LIMIT: there are too
 * many; RC_DENIED where none are kept. */
enum rc sync_place_put(struct writer *writer, struct store_conn *conn, uint64_t account,
                       const struct sync_place *place, int64_t *ret_at,
                       struct fault *fault) MUST_CHECK;
/* Those of documents that are none of the shop's, a part of them after one: for their reader. */
typedef LIST(struct sync_place) sync_places;
enum rc sync_places_of(struct store_conn *conn, struct arena *arena, uint64_t account,
                       struct str after, size_t room, sync_places *ret,
                       struct fault *fault) MUST_CHECK;

#endif
