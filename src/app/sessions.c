#include "app/sessions.h"

#include "app/account_parts.h"
#include "app/factor_code.h"
#include "app/session_lacks.h"
#include "base/clock.h"
#include "store/readers.h"
#include "store/store.h"

enum {
    SESSION_SECONDS = 30 * 86400,
    SESSIONS_MAX = 50, /* of one account; the oldest end first */
    ID_BYTES = 8,
};

struct hash session_hash(struct str token)
{
    return sha256(token.p, token.n);
}

/* ---- beginning ---- */

enum rc session_put(struct store_conn *conn, struct str token, uint64_t account,
                    const struct session_how *how, int lacks, struct fault *fault)
{
    int64_t now = clock_now();
    struct session_row row = {.token = session_hash(token),
                              .kind = str_of(how->kind),
                              .lacks = lacks,
                              .browser = how->browser,
                              .created = now};
    return readers_session_add(conn, &row, account, now + SESSION_SECONDS, fault);
}

/* What a program's session of staff lacks, it is given at once. */
static enum rc give_code(const struct session_begin *begin, struct store_conn *conn,
                         enum session_lacks *lacks, struct fault *fault)
{
    if (strcmp(begin->how.kind, "bearer") != 0 || *lacks == LACKS_NOTHING)
        return RC_OK;
    if (*lacks == LACKS_FACTOR)
        return fault_set(fault, RC_DENIED,
                         "code: set up your second factor at the desk, where this one signs in");
    if (str_trim(begin->how.code).n == 0)
        return fault_set(fault, RC_DENIED, "code: your second factor's code is needed, too");
    *lacks = LACKS_NOTHING;
    return factor_code_use(conn, begin->account, begin->how.code, &begin->act->what, fault);
}

enum rc session_begin(struct store_conn *conn, const struct session_begin *begin,
                      struct fault *fault)
{
    enum session_lacks lacks = LACKS_NOTHING;
    enum rc rc = readers_session_remove_expired(conn, clock_now(), fault);
    if (rc == RC_OK && begin->act != NULL)
        rc = staff_session_lacks(conn, begin->account, &lacks, fault);
    if (rc == RC_OK && begin->act != NULL)
        rc = give_code(begin, conn, &lacks, fault);
    if (rc == RC_OK)
        rc = session_put(conn, begin->token, begin->account, &begin->how, (int)lacks, fault);
    if (rc == RC_OK)
        rc = readers_session_keep(conn, begin->account, SESSIONS_MAX, fault);
    return rc == RC_OK ? store_act_note(conn, begin->act, fault) : rc;
}

/* ---- seeing and ending ---- */

static struct str id_of(struct arena *arena, const struct session_row *row)
{
    return hex_str(arena, row->token.b, ID_BYTES);
}

enum rc sessions_read(struct store_conn *conn, struct arena *arena, uint64_t account,
                      struct str here, own_sessions *ret, struct fault *fault)
{
    struct session_row *rows;
    size_t n;
    struct hash own = session_hash(here);
    enum rc rc =
        readers_sessions(conn, arena, account, clock_now(), SESSIONS_MAX, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct own_session, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct own_session){.id = id_of(arena, &rows[i]),
                                         .program = str_eq(rows[i].kind, STR("bearer")),
                                         .here = hash_eq(&rows[i].token, &own),
                                         .browser = rows[i].browser,
                                         .begun = rows[i].created};
    return RC_OK;
}

struct end {
    uint64_t account;
    struct str id;
};

static enum rc end_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct end *end = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct session_row *rows;
    size_t n;
    enum rc rc =
        readers_sessions(conn, &arena, end->account, clock_now(), SESSIONS_MAX, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (str_eq(id_of(&arena, &rows[i]), end->id))
            return readers_session_remove(conn, &rows[i].token, fault);
    return rc == RC_OK ? fault_set(fault, RC_NOT_FOUND, "this session has ended already") : rc;
}

enum rc session_end(struct writer *writer, uint64_t account, struct str id, struct fault *fault)
{
    struct end end = {account, id};
    return writer_run(writer, end_work, &end, fault);
}

struct end_others {
    uint64_t account;
    struct hash here;
};

static enum rc end_others_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct end_others *end = context;
    return readers_session_remove_others(conn, end->account, &end->here, fault);
}

enum rc sessions_end_others(struct writer *writer, uint64_t account, struct str here,
                            struct fault *fault)
{
    struct end_others end = {account, session_hash(here)};
    return writer_run(writer, end_others_work, &end, fault);
}
