/* Inside store/: one connection and its prepared statements, whatever the
 * engine. Statements are named (the .sql files in sql/), never text. Nothing outside store/
 * includes this. */
#ifndef COLOPHON_STORE_DB_H
#define COLOPHON_STORE_DB_H

#include "base/arena.h"
#include "base/encode.h"
#include "base/fault.h"
#include "statements.h"
#include "store/store.h"

/* A statement being run. Bind, step until it has no more rows; it resets itself
 * at the end of the scope. Errors stick: a failed bind shows at the next step. */
struct query {
    struct store_conn *conn;
    void *statement;
    enum statement name;
    void *noted; /* it is not run, what is bound is noted (held.h); NULL: it is run */
};
#define QUERY __attribute__((cleanup(query_end))) struct query

struct query query_start(struct store_conn *conn, enum statement name);
void query_end(struct query *q);

/* Parameters count from 1. Text and bytes are not copied: they must live until
 * the query ends. */
void query_int(struct query *q, int parameter, int64_t value);
void query_str(struct query *q, int parameter, struct str value);
void query_bytes(struct query *q, int parameter, const void *bytes, size_t n);
void query_null(struct query *q, int parameter);

/* RC_OK with a row, RC_NOT_FOUND without (the end), else what failed:
 * RC_CONFLICT for a broken uniqueness, RC_BUSY, RC_IO, RC_CORRUPT. */
enum rc query_step(struct query *q, struct fault *fault) MUST_CHECK;
/* For statements that return no row: RC_OK once done. */
enum rc query_run(struct query *q, struct fault *fault) MUST_CHECK;

/* The same where nobody waits for what it did: an engine may send it on its way
 * and tell of a failure at the next statement that is waited for, or at the
 * commit. Within a transaction. */
enum rc query_post(struct query *q, struct fault *fault) MUST_CHECK;

/* Of a statement that reads, whose parameters are numbers: it will be run with these
 * before the transaction ends. An engine may send it on its way now, with others, so that
 * one journey brings the answers of all. Only a hint: nothing fails here, and whoever
 * runs it finds what it finds. */
void query_ask(struct query *q);

/* Rows changed by the statement that just ran. */
int64_t query_changes(const struct query *q);

/* Columns count from 0. Slices are copied into the arena; query_peek's live
 * until the next step. */
int64_t query_get_int(const struct query *q, int column);
bool query_get_is_null(const struct query *q, int column);
struct str query_get_str(const struct query *q, int column, struct arena *arena);
struct str query_peek(const struct query *q, int column);

/* The first column of the first row; RC_NOT_FOUND where there is none. */
enum rc query_number(struct query *q, uint64_t *ret, struct fault *fault) MUST_CHECK;

/* Reads the row that the query stands at into a struct of its table's, whose texts lie in the
 * arena. */
typedef enum rc (*row_reader)(const struct query *q, struct arena *arena, void *ret,
                              struct fault *fault);
/* All rows, of which no more than `room` are wanted: *ret is made an array of them. */
#define QUERY_ROWS(q, arena, room, read, ret, ret_n, fault)                                        \
    query_rows((q), (arena), (room), sizeof **(ret), (read), (ret), (ret_n), (fault))
enum rc query_rows(struct query *q, struct arena *arena, size_t room, size_t size, row_reader read,
                   void *ret, size_t *ret_n, struct fault *fault) MUST_CHECK;

#endif
