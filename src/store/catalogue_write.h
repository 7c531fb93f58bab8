/* The catalogue's rows as an import writes them, one by one: what they mean
 * together is app/import's. All of it within a write transaction. */
#ifndef COLOPHON_STORE_CATALOGUE_WRITE_H
#define COLOPHON_STORE_CATALOGUE_WRITE_H

#include "store/catalogue.h"

/* ---- ids ---- */

enum catalogue_counter {
    IDS_EDITION,
    IDS_WORK,
    IDS_RECORD,
    IDS_CONTRIBUTOR,
    IDS_COLLECTION,
    IDS_CHANGE,
};
#define CATALOGUE_COUNTERS 6

enum rc catalogue_id_take(struct store_conn *conn, enum catalogue_counter counter, uint64_t *ret,
                          struct fault *fault) MUST_CHECK;

/* A line of the change feed with an id of IDS_CHANGE. */
enum rc catalogue_change_add(struct store_conn *conn, uint64_t seq, const char *kind, uint64_t key,
                             struct fault *fault) MUST_CHECK;

/* ---- senders and their records ---- */

/* Makes it where it is new. `ret_empty`: there is no record of it yet. */
enum rc catalogue_sender(struct store_conn *conn, uint64_t shop, struct str key, struct str name,
                         uint64_t *ret_id, bool *ret_empty, struct fault *fault) MUST_CHECK;

#define DIGEST_SIZE 16

struct record_row {
    uint64_t id;
    uint64_t edition;
    unsigned precedence;
    int64_t sent;
    bool deleted;
    uint8_t digest[DIGEST_SIZE];
    bool has_bytes;
    uint8_t bytes[DIGEST_SIZE]; /* of the bytes it was made of (onix/onix.h) */
};

/* A message of the sender with this number came in. *ret_before: the number of the one before it,
 * also where the same is read again; 0 where there was none, or a later one came already. */
enum rc catalogue_sender_message(struct store_conn *conn, uint64_t sender, uint64_t number,
                                 uint64_t *ret_before, struct fault *fault) MUST_CHECK;
enum rc catalogue_record_find(struct store_conn *conn, uint64_t sender, struct str reference,
                              struct record_row *ret, struct fault *fault) MUST_CHECK;
/* The records of a shop's sender that may pass by their bytes, until `each` returns false;
 * RC_OK also where the sender is new. */
enum rc catalogue_records_known(struct store_conn *conn, uint64_t shop, struct str sender,
                                bool (*each)(void *context, struct str reference,
                                             const uint8_t bytes[DIGEST_SIZE]),
                                void *context, struct fault *fault) MUST_CHECK;
/* The record is the same, written in other bytes. */
enum rc catalogue_record_bytes(struct store_conn *conn, const struct record_row *r,
                               struct fault *fault) MUST_CHECK;
/* Its packed facts, in the arena. */
enum rc catalogue_record_facts(struct store_conn *conn, struct arena *arena, uint64_t id,
                               struct str *ret, struct fault *fault) MUST_CHECK;
enum rc catalogue_record_add(struct store_conn *conn, const struct record_row *r, uint64_t sender,
                             struct str reference, uint64_t shop, struct str facts,
                             struct fault *fault) MUST_CHECK;
/* By r->id; it is no longer deleted. */
enum rc catalogue_record_replace(struct store_conn *conn, const struct record_row *r,
                                 struct str facts, struct fault *fault) MUST_CHECK;
/* A tombstone: the facts stay, the record counts no more. */
enum rc catalogue_record_delete(struct store_conn *conn, const struct record_row *r,
                                struct fault *fault) MUST_CHECK;

/* What stands about an edition. */
struct record_standing {
    uint64_t best;    /* the record that describes it, 0 where all are deleted */
    size_t of_sender; /* living records of the sender asked for */
    size_t living;    /* of all senders */
};
enum rc catalogue_record_standing(struct store_conn *conn, uint64_t edition, uint64_t sender,
                                  struct record_standing *ret, struct fault *fault) MUST_CHECK;

/* ---- editions and works ---- */

/* Key and work of any edition, shown or not. */
enum rc catalogue_edition_head(struct store_conn *conn, struct arena *arena, uint64_t id,
                               struct str *ret_key, uint64_t *ret_work,
                               struct fault *fault) MUST_CHECK;
enum rc catalogue_edition_add(struct store_conn *conn, uint64_t id, struct str key, uint64_t work,
                              uint64_t record, struct fault *fault) MUST_CHECK;
/* By which record it is shown, if any, and whether others say something of it too. */
enum rc catalogue_edition_describe(struct store_conn *conn, uint64_t id,
                                   const struct record_standing *standing,
                                   struct fault *fault) MUST_CHECK;
enum rc catalogue_work_add(struct store_conn *conn, uint64_t id, struct fault *fault) MUST_CHECK;
enum rc catalogue_work_key_find(struct store_conn *conn, struct str key, uint64_t *ret_work,
                                struct fault *fault) MUST_CHECK;
/* Nothing happens where the key is some work's already. */
enum rc catalogue_work_key_add(struct store_conn *conn, struct str key, uint64_t work,
                               struct fault *fault) MUST_CHECK;

/* ---- sets ---- */

enum rc catalogue_contributor_find(struct store_conn *conn, struct str key, uint64_t *ret,
                                   struct fault *fault) MUST_CHECK;
enum rc catalogue_contributor_add(struct store_conn *conn, const struct contributor_row *c,
                                  struct fault *fault) MUST_CHECK;
enum rc catalogue_work_contributor_add(struct store_conn *conn, uint64_t contributor, uint64_t work,
                                       struct fault *fault) MUST_CHECK;
enum rc catalogue_work_contributor_remove(struct store_conn *conn, uint64_t contributor,
                                          uint64_t work, struct fault *fault) MUST_CHECK;

enum rc catalogue_collection_find(struct store_conn *conn, struct str key, uint64_t *ret,
                                  struct fault *fault) MUST_CHECK;
/* RC_CONFLICT, with nothing changed, where slug or key is taken. */
enum rc catalogue_collection_put(struct store_conn *conn, uint64_t id, struct str slug,
                                 struct str name, struct str key, struct fault *fault) MUST_CHECK;
/* Adds the work, or changes its number. */
enum rc catalogue_collection_work_put(struct store_conn *conn, uint64_t collection, uint64_t work,
                                      struct str part, struct fault *fault) MUST_CHECK;
enum rc catalogue_collection_work_remove(struct store_conn *conn, uint64_t collection,
                                         uint64_t work, struct fault *fault) MUST_CHECK;
/* The collections a work is in by its feeds, not by staff's choice. */
enum rc catalogue_work_feed_collections(struct store_conn *conn, struct arena *arena, uint64_t work,
                                        struct collection_place **ret, size_t *ret_n,
                                        struct fault *fault) MUST_CHECK;
#define FEED_COLLECTION "onix:" /* begins the key of a collection from a feed */

/* Where a part number stands in its collection: thousandths of a decimal or
 * Roman number; everything else after all of these. */
int64_t catalogue_part_position(struct str part);

#endif
