#include "app/move.h"

#include <errno.h>
#include <unistd.h>

#include "app/database.h"
#include "app/publication.h"
#include "app/site.h"
#include "base/crash.h"
#include "store/copy.h"
#include "store/store.h"

/* In both databases while a move is under way: the name of where it goes. */
#define MOVING "moving"

struct move {
    const char *dir;
    struct arena arena;
    const char *from_address, *to_address;
    struct str mark; /* tells the target from others, and no password */
    struct store *from, *to;
    struct store_conn *read, *write, *target;
    const struct move_watch *watch;
    enum move_phase phase;
    uint64_t written; /* in this phase */
};

static bool tell(struct move *m, const struct move_table *table)
{
    return m->watch == NULL || m->watch->tell(m->watch->context, m->phase, table);
}

static enum rc begin_phase(struct move *m, enum move_phase phase, struct fault *fault)
{
    m->phase = phase;
    m->written = 0;
    if (!tell(m, NULL))
        return fault_set(fault, RC_CONFLICT, "stopped; the same command goes on");
    return RC_OK;
}

static bool tell_table(void *context, const struct copied_table *table, bool done)
{
    struct move *m = context;
    struct move_table t = {table->name, table->rows, table->written, table->digest, done};
    if (done)
        m->written += table->written;
    return tell(m, &t);
}

static enum rc copy(struct move *m, struct store_conn *from, enum copy_part part,
                    struct fault *fault)
{
    struct copy_watch watch = {m, tell_table};
    return store_copy(from, m->target, part, &watch, fault);
}

/* ---- beginning ---- */

static enum rc put_setting(struct store_conn *conn, const char *name, struct str value,
                           struct fault *fault)
{
    enum rc rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = store_setting_put(conn, name, value, fault);
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    else
        store_rollback(conn);
    return rc;
}

/* Nothing, or what an earlier try of this very move left. */
static enum rc claim_target(struct move *m, struct fault *fault)
{
    struct str there;
    enum rc rc = store_setting(m->target, &m->arena, MOVING, &there, fault);
    if (rc == RC_OK && str_eq(there, m->mark))
        return RC_OK;
    if (rc == RC_NOT_FOUND)
        rc = store_setting(m->target, &m->arena, "origin", &there, fault);
    if (rc == RC_OK)
        return fault_set(fault, RC_CONFLICT, "--to: there is something else already: %.*s",
                         STR_ARG(there));
    return rc == RC_NOT_FOUND ? put_setting(m->target, MOVING, m->mark, fault) : rc;
}

static enum rc name_target(struct move *m, struct str to, struct fault *fault)
{
    enum rc rc = database_address(m->dir, &m->arena, &m->from_address, fault);
    if (rc != RC_OK)
        return rc;
    if (str_eq(to, STR("sqlite")))
        to = arena_printf(&m->arena, "%s/colophon.db", m->dir);
    else if (!store_is_url(to))
        return fault_set(fault, RC_INVALID, "--to %.*s: postgresql://… or sqlite is needed",
                         STR_ARG(to));
    if (str_eq(to, str_of(m->from_address)))
        return fault_set(fault, RC_INVALID, "--to: the shop is there already");
    m->to_address = arena_z(&m->arena, to);
    struct hash hash = sha256(to.p, to.n);
    m->mark = hex_str(&m->arena, hash.b, sizeof hash.b);
    return RC_OK;
}

static enum rc open_both(struct move *m, struct fault *fault)
{
    enum rc rc = store_open(m->from_address, false, &m->from, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "%s: no shop here", m->dir);
    if (rc == RC_OK)
        rc = store_connect(m->from, false, &m->read, fault);
    if (rc == RC_OK)
        rc = store_connect(m->from, true, &m->write, fault);
    if (rc == RC_OK)
        rc = store_open(m->to_address, true, &m->to, fault);
    if (rc == RC_OK)
        rc = store_connect(m->to, true, &m->target, fault);
    return rc;
}

/* ---- the end ---- */

static enum rc wait_for_lock(struct move *m, const struct site *site, const char *name, int *ret_fd,
                             struct fault *fault)
{
    enum rc rc;
    bool told = false;
    while ((rc = site_lock(site, name, ret_fd, fault)) == RC_BUSY) {
        if (!told && (rc = begin_phase(m, MOVE_WAITING, fault)) != RC_OK)
            return rc;
        told = true;
        if (!tell(m, NULL))
            return fault_set(fault, RC_CONFLICT, "stopped; the same command goes on");
        usleep(200000);
    }
    return rc;
}

static enum rc verify_target(struct move *m, struct fault *fault)
{
    struct site *site;
    uint64_t sizes[2];
    enum rc rc = site_open_at(m->dir, m->to_address, &site, fault);
    if (rc != RC_OK)
        return rc;
    rc = publication_verify(site, sizes, fault);
    site_close(site);
    return rc;
}

/* Holding the turn to write: nothing can come in any more. */
static enum rc catch_up(struct move *m, struct fault *fault)
{
    enum rc rc = begin_phase(m, MOVE_CATCHING, fault);
    if (rc == RC_OK)
        rc = store_begin(m->write, fault);
    if (rc == RC_OK)
        rc = store_may_rest(m->write, fault);
    if (rc == RC_OK)
        rc = copy(m, m->write, COPY_ALL, fault);
    if (rc == RC_OK)
        rc = begin_phase(m, MOVE_CHECKING, fault);
    if (rc == RC_OK)
        rc = copy(m, m->write, COPY_ALL, fault);
    if (rc == RC_OK && m->written > 0)
        rc = fault_set(fault, RC_CORRUPT, "%llu rows still differ; the shop stays where it is",
                       (unsigned long long)m->written);
    if (rc == RC_OK)
        rc = verify_target(m, fault);
    crash_point("move-verified");
    if (rc == RC_OK)
        rc = store_setting_put(m->write, STORE_MOVED, m->mark, fault);
    if (rc == RC_OK)
        rc = store_commit(m->write, fault);
    else
        store_rollback(m->write);
    crash_point("move-marked");
    return rc;
}

static enum rc switch_over(struct move *m, struct fault *fault)
{
    enum rc rc = database_switch(m->dir, m->to_address, fault);
    if (rc == RC_OK)
        rc = store_begin(m->target, fault);
    if (rc == RC_OK)
        rc = store_setting_remove(m->target, MOVING, fault);
    if (rc == RC_OK)
        rc = store_commit(m->target, fault);
    return rc;
}

/* The file that was left stands aside, so that moving back finds its place free;
 * with what SQLite keeps beside it while somebody else has it open: a log that
 * stayed would be taken for the next file's. */
static void put_aside(struct move *m)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    if (store_is_url(str_of(m->from_address)))
        return;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        (void)!rename(arena_printf(&m->arena, "%s%s", m->from_address, endings[i]).p,
                      arena_printf(&m->arena, "%s.moved%s", m->from_address, endings[i]).p);
}

static void close_all(struct move *m)
{
    store_disconnect(m->read);
    store_disconnect(m->write);
    store_disconnect(m->target);
    store_close(m->from);
    store_close(m->to);
}

static enum rc move_all(struct move *m, struct site *site, struct fault *fault)
{
    int sequencer = -1, index = -1;
    struct str left;
    enum rc rc = store_setting(m->read, &m->arena, STORE_MOVED, &left, fault);
    if (rc == RC_OK && str_eq(left, m->mark))
        return switch_over(m, fault); /* an earlier try came as far as this */
    if (rc != RC_NOT_FOUND)
        return rc == RC_OK ? fault_set(fault, RC_CONFLICT, "the shop has moved elsewhere") : rc;
    rc = claim_target(m, fault);
    if (rc == RC_OK)
        rc = put_setting(m->write, MOVING, m->mark, fault);
    if (rc == RC_OK)
        rc = begin_phase(m, MOVE_COPYING, fault);
    if (rc == RC_OK)
        rc = store_begin(m->read, fault);
    if (rc == RC_OK)
        rc = copy(m, m->read, COPY_WITHOUT_SETTINGS, fault);
    store_rollback(m->read);
    if (rc == RC_OK)
        rc = wait_for_lock(m, site, "sequencer", &sequencer, fault);
    if (rc == RC_OK)
        rc = wait_for_lock(m, site, "index", &index, fault);
    if (rc == RC_OK)
        rc = catch_up(m, fault);
    if (rc == RC_OK) {
        store_analyze(m->write);
        rc = switch_over(m, fault);
    }
    site_unlock(sequencer);
    site_unlock(index);
    return rc;
}

enum rc move_run(const char *dir, struct str to, const struct move_watch *watch,
                 struct fault *fault)
{
    struct move m = {.dir = dir, .arena = ARENA_INIT, .watch = watch};
    struct site *site = NULL;
    enum rc rc = name_target(&m, to, fault);
    if (rc == RC_OK)
        rc = site_open(dir, &site, fault);
    if (rc == RC_OK)
        rc = open_both(&m, fault);
    if (rc == RC_OK)
        rc = move_all(&m, site, fault);
    close_all(&m);
    site_close(site);
    if (rc == RC_OK)
        put_aside(&m);
    arena_free(&m.arena);
    return rc;
}
