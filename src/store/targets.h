/* The things restrictions are about, and the works behind them. */
#ifndef COLOPHON_STORE_TARGETS_H
#define COLOPHON_STORE_TARGETS_H

#include "domain/restriction.h"
#include "store/store.h"

struct target {
    struct str name;       /* empty for editions and works */
    struct work_set works; /* ascending */
};

/* `key` in its canonical form (13 digits, number, slug). RC_NOT_FOUND where
 * there is no such thing. */
enum rc target_find(struct store_conn *conn, struct arena *arena, enum target_kind kind,
                    struct str key, struct target *ret, struct fault *fault) MUST_CHECK;

#endif
