/* Decisions: adding and lifting restrictions, and reading them back. */
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
    struct str seal_until; /* "", or until when authority and reference are sealed */
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

/* In effect when it returns RC_OK, in every state of log, database and disk;
 * *ret_published says whether its entry stands in the log already. `act`: whose it is; its
 * row in the trail is written with the entry, however late that is. */
enum rc restriction_lift(struct site *site, struct writer *writer, uint64_t id, struct str reason,
                         struct store_act *act, bool *ret_published,
                         struct fault *fault) MUST_CHECK;

/* Within a transaction, beside another entry: a lift of what is in effect or scheduled
 * still. */
enum rc restriction_lift_put(struct site *site, struct store_conn *conn, uint64_t id,
                             struct str reason, struct fault *fault) MUST_CHECK;

/* The same where not even the database opens: noted unchecked, and in effect
 * for whoever reads the folder. */
enum rc restriction_lift_blind(const char *dir, uint64_t id, struct str reason,
                               struct store_act *act, struct fault *fault) MUST_CHECK;

/* How many lifts wait in the journal. */
size_t restriction_lifts_waiting(const struct site *site);
/* What every writer does besides: appends the lifts that wait, first of all
 * whenever the log can be written; and extends restrictions whose sets grew, also
 * where an import was killed before it could. */
extern const struct writer_duties restriction_duties;

/* Works that joined a set since its restriction was decided: an `extended`
 * entry for each restriction in effect whose set has grown. After imports and
 * changes of collections. */
enum rc restriction_extend(struct site *site, struct writer *writer,
                           struct fault *fault) MUST_CHECK;

/* One restriction with everything that is known of it: for the Record's pages,
 * the desk and `restriction list`. */
struct restriction_entry_view {
    uint64_t index; /* UINT64_MAX while it waits */
    struct str type;
    struct str json;
    struct str text; /* the reasons beside it; empty */
    int64_t at;
};
struct restriction_view {
    const struct restriction *r;
    enum restriction_state state;
    struct str
        title; /* of the edition or work, from restriction_titles: an ISBN alone says little */
    LIST(struct restriction_entry_view) entries; /* only from restriction_show */
};
/* Published ones from the view, and those whose entry waits; newest first. */
enum rc restriction_all(struct site *site, struct store_conn *conn, struct arena *arena,
                        const struct gate_view *view, struct restriction_view **ret, size_t *ret_n,
                        struct fault *fault) MUST_CHECK;
/* Fills in the titles of those that are about one edition or work. They are facts of
 * the catalogue as it stands; the entries hold none. */
enum rc restriction_titles(struct store_conn *conn, struct arena *arena, struct restriction_view *v,
                           size_t n, struct fault *fault) MUST_CHECK;
enum rc restriction_show(struct site *site, struct store_conn *conn, struct arena *arena,
                         const struct gate_view *view, uint64_t id, struct restriction_view *ret,
                         struct fault *fault) MUST_CHECK;

#endif
