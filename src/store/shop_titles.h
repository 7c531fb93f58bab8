/* The titles of one shop, as its own records tell them. */
#ifndef COLOPHON_STORE_SHOP_TITLES_H
#define COLOPHON_STORE_SHOP_TITLES_H

#include "base/arena.h"
#include "base/fault.h"
#include "domain/edition.h"
#include "store/store.h"

struct shop_title_row {
    uint64_t edition, work;
    struct str key;       /* the edition's product key */
    uint64_t record;      /* the shop's best one of it */
    struct edition facts; /* as that one has them */
    bool cover;           /* one was given */
    bool file;            /* the shop sent one, which it sells */
    bool describes;       /* that record is what readers are shown of the edition */
};

/* The next ones after an edition, ascending, from `room` rows at most; *ret_after is where
 * to go on, 0 at the end. */
enum rc shop_titles_after(struct store_conn *conn, struct arena *arena, uint64_t shop,
                          uint64_t after, size_t room, struct shop_title_row **ret, size_t *ret_n,
                          uint64_t *ret_after, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the shop has no record of it. */
enum rc shop_title_by_key(struct store_conn *conn, struct arena *arena, uint64_t shop,
                          struct str key, struct shop_title_row *ret,
                          struct fault *fault) MUST_CHECK;

#endif
