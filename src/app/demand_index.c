#include "app/demand_index.h"

#include <pthread.h>

#include "record/papers.h"
#include "store/record_log.h"

struct demand_index {
    pthread_rwlock_t lock;
    struct arena arena;
    struct replay_papers *papers;
    uint64_t next; /* of the decisions: the first that is not taken in */
};

struct demand_index *demand_index_new(void)
{
    struct demand_index *index = calloc(1, sizeof *index);
    if (index == NULL)
        abort();
    pthread_rwlock_init(&index->lock, NULL);
    index->arena = ARENA_INIT;
    index->papers = papers_new(&index->arena);
    return index;
}

void demand_index_free(struct demand_index *index)
{
    if (index == NULL)
        return;
    pthread_rwlock_destroy(&index->lock);
    arena_free(&index->arena);
    free(index);
}

/* Locked for one entry, never while the database is waited for. */
static enum rc take(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct demand_index *index = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, stored->bytes, &entry, fault);
    if (rc != RC_OK)
        return rc;
    pthread_rwlock_wrlock(&index->lock);
    rc = papers_add(index->papers, &entry, fault);
    pthread_rwlock_unlock(&index->lock);
    if (rc == RC_OK)
        index->next = stored->index + 1;
    return rc;
}

enum rc demand_index_follow(struct demand_index *index, struct store_conn *conn, uint64_t size,
                            struct fault *fault)
{
    if (size <= index->next)
        return RC_OK;
    enum rc rc = record_log_demands_from(conn, index->next, take, index, fault);
    if (rc == RC_OK && size > index->next)
        index->next = size; /* what stands between is nothing of theirs */
    return rc;
}

void demand_index_each(struct demand_index *index,
                       void (*each)(void *context, const struct paper_demand *demand),
                       void *context)
{
    pthread_rwlock_rdlock(&index->lock);
    for (size_t i = papers_demand_count(index->papers); i-- > 0;)
        each(context, papers_demand_at(index->papers, i));
    pthread_rwlock_unlock(&index->lock);
}
