/* Inside app/: what one ONIX record does to the catalogue. */
#ifndef COLOPHON_APP_IMPORT_APPLY_H
#define COLOPHON_APP_IMPORT_APPLY_H

#include "app/fresh_editions.h"
#include "app/name_map.h"
#include "onix/onix.h"
#include "store/catalogue_write.h"

enum applied {
    APPLIED_ADDED,
    APPLIED_CHANGED,
    APPLIED_UNCHANGED,
    APPLIED_DELETED,
    APPLIED_REFUSED
};

struct applying {
    struct store_conn *conn;
    uint64_t shop;
    uint64_t sender;
    bool sender_empty; /* when the message began: nothing of it has to be looked up */
    int64_t sent;
    uint64_t last_edition; /* that the batch added; 0: none */
    /* Known names; complete where the catalogue was empty at the start. */
    struct name_map *editions, *works, *contributors, *collections, *references;
    bool complete;
    /* Products of the shop that somebody corrected (corrections.h), by their keys; NULL: none. */
    struct name_map *corrected;
    uint64_t corrections; /* correction_state when they were read */
    /* The edition that the record at hand added; `seq` is 0 where it added none. */
    struct fresh_edition fresh;
    struct buf facts; /* packed, of the record at hand; BUF_INIT(PACK_MAX) at first */
    /* Tells of a finding about the record at hand. */
    void *context;
    void (*finding)(void *context, const struct onix_record *record, enum severity severity,
                    const char *element, const char *code, const char *reason);
};

enum rc applying_begin_batch(struct applying *a, struct fault *fault) MUST_CHECK;
enum rc applying_end_batch(struct applying *a, struct fault *fault) MUST_CHECK;
enum rc apply_record(struct applying *a, struct arena *arena, const struct onix_record *record,
                     enum applied *ret, struct fault *fault) MUST_CHECK;

/* A record's corrections changed: what is shown of it is made anew from what its sender said.
 * A transaction's own; `a` has but its connection and its shop. */
enum rc apply_corrections(struct applying *a, struct arena *arena, struct str key,
                          struct fault *fault) MUST_CHECK;
void applying_forget(struct applying *a); /* its maps */

#endif
