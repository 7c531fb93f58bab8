/* Who owns and controls a hosted shop, as it disclosed it, and what the bookstore agreed
 * with authorities. Both are entries of the decisions, and shown as soon as they are
 * published: never before. */
#ifndef COLOPHON_APP_PARTIES_H
#define COLOPHON_APP_PARTIES_H

#include "app/party_orders.h"
#include "app/writer.h"
#include "domain/edition.h"

struct disclosure {
    struct str shop;
    struct str owner;                  /* the legal entity */
    struct str controlled_by, country; /* empty where nothing was said */
    uint64_t index;
    struct str text; /* what else is said; disclosures_tell alone fills it */
};
struct agreement {
    uint64_t id;
    struct str authority, country;
    int64_t from, until; /* until 0: open-ended */
    uint64_t index;
    struct str text; /* what it says; agreements_read alone fills it */
    bool has_copy;   /* of its paper, for everybody; likewise */
};

/* The last published disclosure of each shop, by slug. */
typedef LIST(struct disclosure) disclosure_list;
enum rc disclosures_read(struct store_conn *conn, struct arena *arena, disclosure_list *ret,
                         struct fault *fault) MUST_CHECK;
/* Fills in what else they say; reads on a connection of its own. */
enum rc disclosures_tell(struct site *site, struct arena *arena, disclosure_list *list,
                         struct fault *fault) MUST_CHECK;
const struct disclosure *disclosures_find(const disclosure_list *list, struct str shop);
/* All published agreements, the latest first, with what they say. */
typedef LIST(struct agreement) agreement_list;
enum rc agreements_read(struct site *site, struct arena *arena, agreement_list *ret,
                        struct fault *fault) MUST_CHECK;

/* RC_INVALID names the option. Within a transaction, of a shop that is there. */
enum rc disclosure_put(struct site *site, struct store_conn *conn,
                       const struct disclosure_order *order, uint64_t *ret_entry_id,
                       struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where there is no such shop, RC_BUSY where its entry waits. */
enum rc disclose(struct site *site, struct writer *writer, const struct disclosure_order *order,
                 uint64_t *ret_index, struct fault *fault) MUST_CHECK;

/* The bytes of the public copy. RC_NOT_FOUND where there is none. */
enum rc agreement_copy(struct site *site, struct arena *arena, uint64_t id, struct str *ret_bytes,
                       struct str *ret_type, struct fault *fault) MUST_CHECK;
enum rc agreement_add(struct site *site, struct writer *writer, const struct agreement_order *order,
                      uint64_t *ret_id, uint64_t *ret_index, struct fault *fault) MUST_CHECK;

#endif
