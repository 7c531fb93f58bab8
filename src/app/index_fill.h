/* Inside app/: from the database to the search index. */
#ifndef COLOPHON_APP_INDEX_FILL_H
#define COLOPHON_APP_INDEX_FILL_H

#include "app/fresh_editions.h"
#include "app/indexer.h"
#include "domain/storefront.h"

/* Who fills: one connection, and the index that is written now. */
/* The index lies in mapped files with holes: writing into a hole for which the
 * disk has no room ends the process. So nothing is written while less than this
 * is free. RC_IO says it. */
enum { INDEX_RESERVE = 32 << 20 };
bool index_has_room(const struct site *site);
enum rc index_check_room(const struct site *site, struct fault *fault) MUST_CHECK;

struct filling {
    struct site *site;
    struct arena arena; /* the folder's name */
    char *folder;
    struct store_conn *conn;
    struct search_index *index;   /* open for writing; NULL before */
    uint64_t position;            /* in the change feed: everything up to it is in the index */
    bool halted;                  /* by the next change, which asks for building */
    struct fresh_editions *fresh; /* of an import beside; NULL: none */
    struct {
        uint64_t *v;
        size_t first, n, room;
        bool any; /* since the build began */
    } ahead; /* changes of the fresh ones that were put before they were committed, ascending */
    struct storefront *storefronts;
    size_t storefront_count;
    struct arena basis;  /* the storefronts lie here */
    uint32_t mean_milli; /* of all ratings */
};

enum rc filling_open(struct site *site, struct filling *ret, struct fault *fault) MUST_CHECK;
void filling_close(struct filling *f);

/* The index as it is, for writing; RC_NOT_FOUND or RC_CORRUPT: build one. */
enum rc filling_resume(struct filling *f, struct fault *fault) MUST_CHECK;

/* Whether following the feed is not enough: storefronts changed, somebody asks
 * for it, or so much is new that building is faster. */
enum rc filling_must_build(struct filling *f, bool *ret, struct fault *fault) MUST_CHECK;

/* Takes in the next changes, at most `room`, and none from one on that asks for
 * building: *ret_n is 0 then, and filling_must_build says why. */
enum rc filling_follow(struct filling *f, size_t room, size_t *ret_n,
                       struct fault *fault) MUST_CHECK;

/* Fills a new index with everything, goes on while `more` says that more is
 * coming, and makes it the current one; f->index is then that one. RC_BUSY where it
 * was not wanted any more: as after any failure, f is as it was. */
struct build_watch {
    void *context;
    bool (*more)(void *context, size_t taken); /* asked when caught up; may wait */
    bool (*wanted)(void *context);             /* asked now and then; NULL: always */
    const struct index_progress *progress;
};
enum rc filling_build(struct filling *f, const struct build_watch *watch,
                      struct fault *fault) MUST_CHECK;

#endif
