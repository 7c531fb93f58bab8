/* The Record's rows: entries waiting and published, tiles, checkpoints, signed
 * lists, and the texts that stand beside entries. What they mean is record/'s. */
#ifndef COLOPHON_STORE_RECORD_LOG_H
#define COLOPHON_STORE_RECORD_LOG_H

#include "base/encode.h"
#include "store/store.h"

enum log_id { LOG_DECISIONS = 0, LOG_VOICES = 1 };
#define LOG_COUNT 2

/* Adds an entry that waits for publication; within a transaction. */
enum rc record_log_add(struct store_conn *conn, enum log_id log, const char *type, struct str bytes,
                       uint64_t *ret_id, struct fault *fault) MUST_CHECK;

struct log_entry {
    uint64_t id;
    uint64_t index; /* LOG_PENDING while it waits */
    struct str type;
    struct str bytes;
    struct str text; /* what stands beside it; empty */
};
#define LOG_PENDING UINT64_MAX

/* At most `room` waiting entries up to this id, in the order they were made. */
enum rc record_log_pending(struct store_conn *conn, struct arena *arena, enum log_id log,
                           uint64_t until, struct log_entry *ret, size_t room, size_t *ret_n,
                           struct fault *fault) MUST_CHECK;
/* The id of the latest waiting entry of both logs, 0 where none waits. */
enum rc record_log_pending_latest(struct store_conn *conn, uint64_t *ret,
                                  struct fault *fault) MUST_CHECK;
/* How many entries up to this id still wait. */
enum rc record_log_pending_until(struct store_conn *conn, uint64_t id, uint64_t *ret,
                                 struct fault *fault) MUST_CHECK;
/* The id of the latest lift that waits, 0 where none does: lifts work before they
 * are published. */
enum rc record_log_pending_lift_latest(struct store_conn *conn, uint64_t *ret,
                                       struct fault *fault) MUST_CHECK;
/* A number that grows with every published withdrawal and erasure of a voice. */
enum rc record_log_retractions(struct store_conn *conn, uint64_t *ret,
                               struct fault *fault) MUST_CHECK;
enum rc record_log_publish(struct store_conn *conn, uint64_t id, uint64_t index,
                           struct fault *fault) MUST_CHECK;
/* LOG_PENDING while it waits; RC_NOT_FOUND where there is no such entry. */
enum rc record_log_index(struct store_conn *conn, uint64_t id, uint64_t *ret_index,
                         struct fault *fault) MUST_CHECK;
enum rc record_log_at(struct store_conn *conn, struct arena *arena, enum log_id log, uint64_t index,
                      struct log_entry *ret, struct fault *fault) MUST_CHECK;
/* The last published one of a type. RC_NOT_FOUND where there is none. */
enum rc record_log_latest(struct store_conn *conn, struct arena *arena, enum log_id log,
                          const char *type, struct log_entry *ret, struct fault *fault) MUST_CHECK;
/* Calls `each` for published entries from..to-1; slices live during the call. */
enum rc record_log_range(struct store_conn *conn, enum log_id log, uint64_t from, uint64_t to,
                         enum rc (*each)(void *context, const struct log_entry *entry,
                                         struct fault *fault),
                         void *context, struct fault *fault) MUST_CHECK;
/* The same for one type of entry, from an index on. */
enum rc record_log_of_type(struct store_conn *conn, enum log_id log, const char *type,
                           uint64_t from,
                           enum rc (*each)(void *context, const struct log_entry *entry,
                                           struct fault *fault),
                           void *context, struct fault *fault) MUST_CHECK;

/* Those about licences, in order; behind them those that wait. */
enum rc record_log_licences(struct store_conn *conn,
                            enum rc (*each)(void *context, const struct log_entry *entry,
                                            struct fault *fault),
                            void *context, struct fault *fault) MUST_CHECK;

/* The published decisions that change what is withheld (no heads), in order,
 * and the index behind the latest of them (0: none). */
enum rc record_log_decisions(struct store_conn *conn,
                             enum rc (*each)(void *context, const struct log_entry *entry,
                                             struct fault *fault),
                             void *context, struct fault *fault) MUST_CHECK;
/* The same from an index on. */
enum rc record_log_decisions_from(struct store_conn *conn, uint64_t from,
                                  enum rc (*each)(void *context, const struct log_entry *entry,
                                                  struct fault *fault),
                                  void *context, struct fault *fault) MUST_CHECK;
/* Of them, demands, decisions and what contests those alone. */
enum rc record_log_demands_from(struct store_conn *conn, uint64_t from,
                                enum rc (*each)(void *context, const struct log_entry *entry,
                                                struct fault *fault),
                                void *context, struct fault *fault) MUST_CHECK;
enum rc record_log_decisions_end(struct store_conn *conn, uint64_t *ret,
                                 struct fault *fault) MUST_CHECK;

enum rc record_log_tile_put(struct store_conn *conn, enum log_id log, unsigned level, uint64_t n,
                            const struct hash *hashes, unsigned width,
                            struct fault *fault) MUST_CHECK;
/* At most 256 hashes. */
enum rc record_log_tile_get(struct store_conn *conn, enum log_id log, unsigned level, uint64_t n,
                            struct hash *ret_hashes, unsigned *ret_width,
                            struct fault *fault) MUST_CHECK;

struct stored_checkpoint {
    uint64_t size;
    int64_t at;
    struct str note;
};
enum rc record_log_checkpoint(struct store_conn *conn, struct arena *arena, enum log_id log,
                              struct stored_checkpoint *ret, struct fault *fault) MUST_CHECK;
/* Compare-and-swap: RC_CONFLICT where the stored size is not `old_size`
 * (UINT64_MAX: there is none yet). */
enum rc record_log_checkpoint_put(struct store_conn *conn, enum log_id log, uint64_t old_size,
                                  const struct stored_checkpoint *checkpoint,
                                  struct fault *fault) MUST_CHECK;

enum rc record_log_list_put(struct store_conn *conn, const struct hash *root, const uint64_t *works,
                            size_t n, struct fault *fault) MUST_CHECK;
enum rc record_log_list_get(struct store_conn *conn, struct arena *arena, const struct hash *root,
                            const uint64_t **ret_works, size_t *ret_n,
                            struct fault *fault) MUST_CHECK;

enum rc record_log_text_put(struct store_conn *conn, uint64_t entry_id, struct str text,
                            const uint8_t salt[32], struct fault *fault) MUST_CHECK;
/* It and its salt are gone, and why it reached so far; what the entry commits to says
 * nothing any more. */
enum rc record_log_text_erase(struct store_conn *conn, uint64_t entry_id,
                              struct fault *fault) MUST_CHECK;
/* It and its salt; RC_NOT_FOUND where none stands there, or it was erased. */
enum rc record_log_text_get(struct store_conn *conn, struct arena *arena, uint64_t entry_id,
                            struct str *ret_text, uint8_t ret_salt[32],
                            struct fault *fault) MUST_CHECK;
/* Ties an entry to the restriction it is about. */
enum rc record_log_restriction_add(struct store_conn *conn, uint64_t restriction, uint64_t entry_id,
                                   struct fault *fault) MUST_CHECK;
/* The entries about one restriction with their texts, at most `room`: the
 * decision, its lift, then what extended it, oldest first. */
enum rc record_log_restriction(struct store_conn *conn, struct arena *arena, uint64_t restriction,
                               struct log_entry *ret, size_t room, size_t *ret_n,
                               struct fault *fault) MUST_CHECK;
/* Where its lift stands, LOG_PENDING while that waits; RC_NOT_FOUND: none. */
enum rc record_log_restriction_lift(struct store_conn *conn, uint64_t restriction,
                                    uint64_t *ret_index, struct fault *fault) MUST_CHECK;
/* Entries about restrictions that wait for publication. */
enum rc record_log_restrictions_pending(struct store_conn *conn,
                                        enum rc (*each)(void *context, uint64_t restriction,
                                                        const struct log_entry *entry,
                                                        struct fault *fault),
                                        void *context, struct fault *fault) MUST_CHECK;

#endif
