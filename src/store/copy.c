#include "store/copy.h"

#include "store/engine.h"

enum { CHUNK = 2000, COLUMNS_MAX = PARAMETERS_MAX };

/* One value; texts and bytes lie in the chunk's arena. */
struct value {
    bool null;
    int64_t number;
    struct str bytes;
};

struct chunk {
    struct arena arena;
    struct value (*rows)[COLUMNS_MAX];
    size_t n;
};

struct copying {
    const struct table_text *table;
    int columns;
    struct store_conn *from, *to;
    const struct copy_watch *watch;
    struct copied_table done;
};

/* ---- values ---- */

static void bind_value(struct query *q, int parameter, char type, const struct value *v)
{
    if (v->null)
        query_null(q, parameter);
    else if (type == 'I')
        query_int(q, parameter, v->number);
    else if (type == 'T')
        query_str(q, parameter, v->bytes);
    else
        query_bytes(q, parameter, v->bytes.p, v->bytes.n);
}

static void bind_key(const struct copying *c, struct query *q, int first, const struct value *key)
{
    for (int k = 0; k < c->table->keys; k++)
        bind_value(q, first + k, c->table->types[k], &key[k]);
}

static bool rows_equal(const struct copying *c, const struct value *a, const struct value *b)
{
    for (int i = 0; i < c->columns; i++) {
        if (a[i].null != b[i].null)
            return false;
        bool same =
            c->table->types[i] == 'I' ? a[i].number == b[i].number : str_eq(a[i].bytes, b[i].bytes);
        if (!a[i].null && !same)
            return false;
    }
    return true;
}

static enum rc read_rows(const struct copying *c, struct query *q, size_t room, struct chunk *ret,
                         struct fault *fault)
{
    enum rc rc;
    ret->n = 0;
    ret->rows =
        (struct value(*)[COLUMNS_MAX])arena_alloc_array(&ret->arena, room, sizeof *ret->rows);
    while ((rc = query_step(q, fault)) == RC_OK) {
        if (ret->n == room) /* more than the source has in this range: equal it is not */
            return RC_OK;
        struct value *row = ret->rows[ret->n++];
        for (int i = 0; i < c->columns; i++) {
            row[i].null = query_get_is_null(q, i);
            if (c->table->types[i] == 'I')
                row[i].number = query_get_int(q, i);
            else
                row[i].bytes = query_get_str(q, i, &ret->arena);
        }
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Digests of tables are chained, chunk by chunk of CHUNK rows. */
static void digest_rows(struct copying *c, const struct chunk *chunk)
{
    BUF_AUTO bytes = BUF_INIT(SIZE_MAX / 2);
    buf_add(&bytes, c->done.digest.b, sizeof c->done.digest.b);
    for (size_t r = 0; r < chunk->n; r++)
        for (int i = 0; i < c->columns; i++) {
            const struct value *v = &chunk->rows[r][i];
            buf_char(&bytes, v->null ? 'N' : c->table->types[i]);
            if (c->table->types[i] == 'I') {
                buf_be(&bytes, (uint64_t)v->number, 8);
            } else {
                buf_be(&bytes, v->bytes.n, 8);
                buf_str_add(&bytes, v->bytes);
            }
        }
    c->done.digest = sha256(bytes.p, bytes.n);
}

/* ---- one table ---- */

static enum rc read_source(const struct copying *c, const struct value *after, struct chunk *ret,
                           struct fault *fault)
{
    QUERY q = query_start(c->from, c->table->read);
    bind_key(c, &q, 1, after);
    query_int(&q, c->table->keys + 1, CHUNK);
    return read_rows(c, &q, CHUNK, ret, fault);
}

static enum rc read_target(const struct copying *c, const struct value *after,
                           const struct value *until, struct chunk *ret, struct fault *fault)
{
    QUERY q = query_start(c->to, c->table->between);
    bind_key(c, &q, 1, after);
    bind_key(c, &q, c->table->keys + 1, until);
    return read_rows(c, &q, CHUNK + 1, ret, fault);
}

static bool chunks_equal(const struct copying *c, const struct chunk *a, const struct chunk *b)
{
    bool equal = a->n == b->n;
    for (size_t r = 0; equal && r < a->n; r++)
        equal = rows_equal(c, a->rows[r], b->rows[r]);
    return equal;
}

static enum rc write_rows(const struct copying *c, const struct chunk *chunk, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t r = 0; rc == RC_OK && r < chunk->n; r++) {
        QUERY q = query_start(c->to, c->table->write);
        for (int i = 0; i < c->columns; i++)
            bind_value(&q, i + 1, c->table->types[i], &chunk->rows[r][i]);
        rc = query_post(&q, fault);
    }
    return rc;
}

static enum rc replace_rows(const struct copying *c, const struct value *after,
                            const struct chunk *chunk, struct fault *fault)
{
    QUERY q = query_start(c->to, c->table->remove);
    bind_key(c, &q, 1, after);
    bind_key(c, &q, c->table->keys + 1, chunk->rows[chunk->n - 1]);
    enum rc rc = query_run(&q, fault);
    return rc == RC_OK ? write_rows(c, chunk, fault) : rc;
}

static enum rc remove_rest(struct copying *c, const struct value *after, struct fault *fault)
{
    QUERY q = query_start(c->to, c->table->remove_rest);
    bind_key(c, &q, 1, after);
    enum rc rc = query_run(&q, fault);
    if (rc == RC_OK)
        c->done.written += (uint64_t)query_changes(&q);
    return rc;
}

static enum rc in_transaction(struct copying *c, const struct value *after,
                              const struct chunk *chunk, struct fault *fault)
{
    enum rc rc = store_begin(c->to, fault);
    if (rc == RC_OK)
        rc = chunk->n > 0 ? replace_rows(c, after, chunk, fault) : remove_rest(c, after, fault);
    if (rc == RC_OK)
        rc = store_commit(c->to, fault);
    else
        store_rollback(c->to);
    return rc;
}

static bool tell(const struct copying *c, bool done)
{
    const struct copy_watch *watch = c->watch;
    return watch == NULL || watch->tell == NULL || watch->tell(watch->context, &c->done, done);
}

static enum rc copy_table(struct copying *c, struct fault *fault)
{
    /* Before every key there is: ids and log numbers are not negative. */
    struct value before[COLUMNS_MAX] = {{0}}, *after = before;
    for (int k = 0; k < c->table->keys; k++)
        before[k].number = -1;
    struct chunk source[2] = {{ARENA_INIT, NULL, 0}, {ARENA_INIT, NULL, 0}};
    struct chunk target = {ARENA_INIT, NULL, 0};
    enum rc rc = RC_OK;
    for (size_t round = 0; rc == RC_OK; round++) {
        /* The key behind which we read lies in the chunk before. */
        struct chunk *chunk = &source[round % 2];
        arena_reset(&chunk->arena);
        arena_reset(&target.arena);
        rc = read_source(c, after, chunk, fault);
        if (rc != RC_OK)
            break;
        if (chunk->n == 0) {
            rc = in_transaction(c, after, chunk, fault);
            break;
        }
        rc = read_target(c, after, chunk->rows[chunk->n - 1], &target, fault);
        if (rc == RC_OK && !chunks_equal(c, chunk, &target)) {
            rc = in_transaction(c, after, chunk, fault);
            c->done.written += chunk->n;
        }
        digest_rows(c, chunk);
        c->done.rows += chunk->n;
        after = chunk->rows[chunk->n - 1];
        if (rc == RC_OK && !tell(c, false))
            rc = fault_set(fault, RC_CONFLICT, "stopped; run it again to go on");
    }
    if (rc == RC_OK && !tell(c, true))
        rc = fault_set(fault, RC_CONFLICT, "stopped; run it again to go on");
    arena_free(&source[0].arena);
    arena_free(&source[1].arena);
    arena_free(&target.arena);
    return rc;
}

enum rc store_copy(struct store_conn *from, struct store_conn *to, enum copy_part part,
                   const struct copy_watch *watch, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < TABLE_COUNT; i++) {
        const struct table_text *table = &tables[i];
        struct copying c = {.table = table,
                            .columns = (int)strlen(table->types),
                            .from = from,
                            .to = to,
                            .watch = watch,
                            .done = {.name = table->name}};
        if (part == COPY_WITHOUT_SETTINGS && strcmp(table->name, "setting") == 0)
            continue;
        rc = copy_table(&c, fault);
        if (rc != RC_OK)
            fault_prefix(fault, rc, "table %s", table->name);
    }
    return rc;
}

/* ---- a whole copy in a file ---- */

enum rc store_copy_to_file(struct store_conn *from, const char *path, struct fault *fault)
{
    struct store *store = NULL;
    struct store_conn *to = NULL;
    enum rc rc = store_open(path, true, &store, fault);
    if (rc == RC_OK)
        rc = store_connect(store, true, &to, fault);
    if (rc == RC_OK)
        rc = store_begin(from, fault); /* one snapshot */
    if (rc == RC_OK)
        rc = store_copy(from, to, COPY_ALL, NULL, fault);
    store_rollback(from);
    store_disconnect(to);
    store_close(store);
    return rc;
}
