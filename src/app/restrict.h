/* Decisions: adding restrictions. Lifting them: lifting.h; reading them back:
 * restriction_view.h. */
#ifndef COLOPHON_APP_RESTRICT_H
#define COLOPHON_APP_RESTRICT_H

#include "app/gate.h"
#include "app/writer.h"

/* What staff or the command line ask for; text as typed. */
struct restriction_order {
    LIST(struct str) storefronts;
    enum target_kind target;
    struct str target_key; /* ISBN in any notation, work id, slug, contributor id, slug;
                            * index in the voices log, an account's address */
    feature_mask features;
    enum ground ground;
    struct str authority, legal_basis, reference;
    struct str reason;         /* stands beside the entry */
    struct str terms_version;  /* where the ground is the shop's terms; or empty */
    struct str state_involved; /* ISO 3166-1 code, or empty */
    struct str scope_reason;   /* why it reaches beyond one country; stands beside, or empty */
    uint64_t demand;           /* what it follows; 0: none */
    struct str from;           /* "", a date or an RFC 3339 time */
    struct str until;          /* one of these two; a bare date lasts that day, UTC */
    struct str review;
    struct str seal_until;    /* "", or until when authority and reference are sealed */
    struct work_set demanded; /* where it follows a demand on a set, of which it is less: that
                               * set's works; nobody types them */
};

/* What an order comes to now: its target and works, storefronts and times as the
 * entry would have them. Within a transaction; writes nothing that has an effect.
 * RC_INVALID names the field; RC_NOT_FOUND names the target or storefront. */
enum rc restriction_resolve(struct site *site, struct store_conn *conn, struct arena *arena,
                            const struct restriction_order *order, struct restriction *ret,
                            struct fault *fault) MUST_CHECK;
/* The same of its storefronts and of its target alone. */
enum rc restriction_where(struct store_conn *conn, struct arena *arena,
                          const struct restriction_order *order, struct restriction *r,
                          struct fault *fault) MUST_CHECK;
enum rc restriction_what(struct site *site, struct store_conn *conn, struct arena *arena,
                         const struct restriction_order *order, struct restriction *r,
                         struct fault *fault) MUST_CHECK;
/* Puts its entry in line, within a transaction: in effect (or scheduled) once that is
 * published. Who decides, and whether two have to, decide.h knows. */
enum rc restriction_put(struct site *site, struct store_conn *conn,
                        const struct restriction_order *order, const struct approvals *approvals,
                        uint64_t *ret_id, uint64_t *ret_entry_id, struct fault *fault) MUST_CHECK;
/* What is not empty, not too long, and clean text; readers will see it. */
enum rc restriction_reason_check(struct str reason, struct fault *fault) MUST_CHECK;
/* A country's code, or empty. */
enum rc restriction_state_check(struct str country, struct fault *fault) MUST_CHECK;

#endif
