/* The search index beside the database: filled from it, kept up by following
 * the change feed, rebuilt and swapped whenever in doubt. */
#ifndef COLOPHON_APP_INDEXER_H
#define COLOPHON_APP_INDEXER_H

#include <stdatomic.h>

#include "app/gate.h"
#include "app/site.h"
#include "search/directory.h"

struct indexer;

/* The server's: takes the index's lock, brings the index up to date in a thread
 * of its own and keeps it so; RC_BUSY where another process has it. Searching
 * works as soon as there is an index, also while a new one is built. */
enum rc indexer_open(struct site *site, struct indexer **ret, struct fault *fault) MUST_CHECK;
void indexer_close(struct indexer *indexer);
/* There is news in the change feed. */
void indexer_wake(struct indexer *indexer);
/* Another number whenever searching may find something else than before. The
 * index follows a commit by some milliseconds: whoever keeps what was found
 * keeps it under this number too. */
uint64_t indexer_moves(const struct indexer *indexer);
/* How far in the change feed it has come. */
uint64_t indexer_position(const struct indexer *indexer);
/* Whether there is an index to search in. */
bool indexer_present(struct indexer *indexer);
/* RC_BUSY where there is no index yet. */
enum rc indexer_search(struct indexer *indexer, struct arena *arena,
                       const struct search_query *query, const struct search_filter *filter,
                       struct search_result *ret, struct fault *fault) MUST_CHECK;
enum rc indexer_instead(struct indexer *indexer, struct arena *arena,
                        const struct search_query *query, const struct search_filter *filter,
                        struct search_instead *ret, struct fault *fault) MUST_CHECK;

/* directory_read, directory_same and directory_count. */
enum rc indexer_names(struct indexer *indexer, struct arena *arena, enum directory_kind kind,
                      struct str language, struct str letter, size_t offset, size_t limit,
                      struct directory_page *ret, struct fault *fault) MUST_CHECK;
enum rc indexer_all_names(struct indexer *indexer, struct arena *arena, enum directory_kind kind,
                          size_t offset, size_t limit, struct directory_page *ret,
                          struct fault *fault) MUST_CHECK;
enum rc indexer_namesakes(struct indexer *indexer, struct arena *arena,
                          const struct directory_name *name, size_t most,
                          struct directory_page *ret, struct fault *fault) MUST_CHECK;
enum rc indexer_count_houses(struct indexer *indexer, const struct search_filter *filter,
                             struct directory_count *counts, size_t n,
                             struct fault *fault) MUST_CHECK;
/* search_better; empty where there is no index. */
enum rc indexer_better(struct indexer *indexer, struct arena *arena,
                       const struct search_query *query, const struct search_filter *filter,
                       uint64_t works, struct str *ret, struct fault *fault) MUST_CHECK;

struct index_progress {
    void *context;
    void (*tell)(void *context, uint64_t done, uint64_t all);
};

/* Commands: a new index from the database, swapped in. Where a server runs, it
 * does the work and this waits for it. */
enum rc indexer_rebuild(struct site *site, const struct index_progress *progress,
                        struct fault *fault) MUST_CHECK;
/* Waits until the index holds everything committed so far; where no server runs,
 * brings it there. */
enum rc indexer_catch_up(struct site *site, struct fault *fault) MUST_CHECK;

/* A command that writes much: where no server runs, the index is filled beside
 * it by a thread, which takes what it may from *ret_fresh (may be NULL; *ret_fresh lives until the
 * end); where one does, that server does it, and *ret_fresh is NULL. `index_follow_end` waits
 * until everything committed is in the index; where a server fills it, only as
 * long as `hurry` (may be NULL) is not set: that server goes on alone. */
struct index_follower;
struct fresh_editions;
enum rc index_follow(struct site *site, struct index_follower **ret,
                     struct fresh_editions **ret_fresh, struct fault *fault) MUST_CHECK;
enum rc index_follow_end(struct index_follower *follower, const atomic_bool *hurry,
                         struct fault *fault) MUST_CHECK;

/* The works a text finds: for a command that makes a collection. */
enum rc index_works(struct site *site, struct arena *arena, struct str text, uint64_t **ret,
                    size_t *ret_n, struct fault *fault) MUST_CHECK;

#endif
