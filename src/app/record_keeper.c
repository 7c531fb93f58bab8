#include "app/record_keeper.h"

#include "record/entry.h"
#include "store/record_log.h"

struct record_keeper {
    struct arena arena;
    struct replay replay;
    struct record_state *state;
    struct store_conn *conn; /* while it follows */
};

static enum rc read_list(void *context, struct arena *arena, const struct hash *root,
                         struct work_set *ret, struct fault *fault)
{
    struct record_keeper *keeper = context;
    return record_log_list_get(keeper->conn, arena, root, &ret->v, &ret->n, fault);
}

struct record_keeper *record_keeper_new(void)
{
    struct record_keeper *keeper = calloc(1, sizeof *keeper);
    if (keeper == NULL)
        abort();
    keeper->arena = ARENA_INIT;
    keeper->state = record_state_new();
    replay_init(&keeper->replay, &keeper->arena, (struct list_source){NULL, keeper, read_list});
    return keeper;
}

void record_keeper_free(struct record_keeper *keeper)
{
    if (keeper == NULL)
        return;
    record_state_free(keeper->state);
    arena_free(&keeper->arena);
    free(keeper);
}

static enum rc take(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct record_keeper *keeper = context;
    struct entry entry;
    enum rc rc =
        entry_read(&keeper->arena, arena_str(&keeper->arena, stored->bytes), &entry, fault);
    if (rc == RC_OK)
        rc = replay_add(&keeper->replay, stored->index, &entry, fault);
    if (rc == RC_OK)
        record_state_take(keeper->state, &keeper->replay, &entry);
    return rc;
}

enum rc record_keeper_follow(struct record_keeper *keeper, struct store_conn *conn,
                             struct fault *fault)
{
    keeper->conn = conn;
    enum rc rc = record_log_decisions_from(conn, keeper->replay.next, take, keeper, fault);
    keeper->conn = NULL;
    return rc;
}

uint64_t record_keeper_next(const struct record_keeper *keeper)
{
    return keeper->replay.next;
}

struct record_state *record_keeper_state(struct record_keeper *keeper)
{
    return keeper->state;
}

const struct replay *record_keeper_replay(const struct record_keeper *keeper)
{
    return &keeper->replay;
}
