/* Inside store/: what a database engine does. `sqlite.c` and `postgres.c` each
 * fill one table; everything else in store/ speaks to the table (db.h, store.h),
 * and so runs on both.
 *
 * An engine's store and connection begin with the structs here. */
#ifndef COLOPHON_STORE_ENGINE_H
#define COLOPHON_STORE_ENGINE_H

#include "store/db.h"
#include "store/ids.h"
#include "store/store.h"

struct store {
    const struct engine *engine;
    struct store_act *act; /* NULL: nobody's */
};

struct store_conn {
    const struct engine *engine;
    bool write;
    bool open;                    /* a transaction is */
    bool changed, changed_before; /* something in it; and before its mark */
    struct store_act *act;        /* whose changes these are; NULL: nobody's */
    struct held *held;            /* effects are noted (held.h); NULL: they are run */
    struct ids_taken ids;         /* of the transaction that is open */
};

/* Each is what the function of the same name in store.h or db.h promises. */
struct engine {
    bool shared; /* store_is_shared */
    enum rc (*open)(const char *address, bool create, struct store **ret, struct fault *fault);
    void (*close)(struct store *store);
    enum rc (*connect)(struct store *store, bool write, struct store_conn **ret,
                       struct fault *fault);
    void (*disconnect)(struct store_conn *conn);

    /* Text that this program holds itself: migrations. */
    enum rc (*execute)(struct store_conn *conn, const char *sql, struct fault *fault);
    enum rc (*begin)(struct store_conn *conn, struct fault *fault);
    enum rc (*begin_alone)(struct store_conn *conn, struct fault *fault); /* to migrate */
    enum rc (*commit)(struct store_conn *conn, struct fault *fault);
    void (*rollback)(struct store_conn *conn);
    enum rc (*mark)(struct store_conn *conn, struct fault *fault);
    enum rc (*mark_release)(struct store_conn *conn, struct fault *fault);
    void (*mark_undo)(struct store_conn *conn);
    enum rc (*may_rest)(struct store_conn *conn, struct fault *fault);
    void (*analyze)(struct store_conn *conn);
    void (*expect_much)(struct store_conn *conn);
    uint64_t (*version)(struct store_conn *conn);
    enum rc (*clock)(struct store_conn *conn, int64_t *ret, struct fault *fault);
    enum rc (*listen)(struct store_conn *conn, struct fault *fault);
    int (*news_fd)(const struct store_conn *conn);
    bool (*news_take)(struct store_conn *conn);
    enum rc (*backup)(struct store *store, const char *to_path, struct fault *fault);

    /* Statements. `start` returns what `query.statement` holds; NULL: it cannot
     * be prepared, which `step` then tells. */
    void *(*start)(struct store_conn *conn, enum statement name);
    void (*end)(struct query *q);
    void (*bind_int)(struct query *q, int parameter, int64_t value);
    void (*bind_str)(struct query *q, int parameter, struct str value);
    void (*bind_bytes)(struct query *q, int parameter, const void *bytes, size_t n);
    void (*bind_null)(struct query *q, int parameter);
    enum rc (*step)(struct query *q, struct fault *fault);
    enum rc (*post)(struct query *q, struct fault *fault);
    void (*ask)(struct query *q);
    int64_t (*changes)(const struct query *q);
    int64_t (*get_int)(const struct query *q, int column);
    bool (*get_is_null)(const struct query *q, int column);
    struct str (*peek)(const struct query *q, int column);
};

extern const struct engine sqlite_engine;
extern const struct engine postgres_engine;

#endif
