/* Statements of reasons (Regulation (EU) 2022/2065, Art. 17): whoever a restriction
 * affects is told what is withheld, where, from when to when, why, and what can be done
 * about it. Made in the transaction that puts the restriction in line, for the author of
 * a review or comment, the holder of an account, and the shops that list a title; the many
 * authors of what is withheld with a work or a set, afterwards (telling.h). */
#ifndef COLOPHON_APP_STATEMENT_H
#define COLOPHON_APP_STATEMENT_H

#include "app/restrict.h"
#include "app/restriction_view.h"

enum { STATEMENT_SECRET = 43 }; /* characters in a letter's link */

/* Within the transaction; with a letter each, where the shop sends mail. */
enum rc statement_make(struct store_conn *conn, const struct restriction *r, uint64_t entry_id,
                       struct fault *fault) MUST_CHECK;

/* To an author of something that a restriction on a work or a set covers. */
enum rc statement_to_author(struct store_conn *conn, struct arena *arena, uint64_t restriction,
                            uint64_t account, uint64_t entry_id, struct fault *fault) MUST_CHECK;

/* A certified body out of court (Art. 21), as configured. */
struct redress_body {
    struct str name, url;
};
typedef LIST(struct redress_body) redress_bodies;

struct statement_view {
    uint64_t id, account;
    int64_t at;
    struct str shop; /* whose it is; empty: an account's */
    struct restriction_view restriction;
    struct str reasons;
    uint64_t index; /* of the restriction's entry; UINT64_MAX while it waits */
    int64_t complain_until;
    bool may_complain;
    uint64_t operators; /* of the shop: one alone decides complaints about itself */
    redress_bodies bodies;
    /* The complaint about it; id 0: none. */
    uint64_t complaint;
    int64_t complained, decided; /* decided 0: open */
    int64_t complaint_index, decision_index;
    struct str complaint_text, outcome, outcome_reasons;
};

/* By number; the caller says whose it must be. RC_NOT_FOUND for anybody else's.
 * `account` 0: staff. */
enum rc statement_show(struct site *site, struct store_conn *conn, struct arena *arena,
                       const struct gate_view *view, uint64_t account, uint64_t id,
                       struct statement_view *ret, struct fault *fault) MUST_CHECK;
/* Behind a letter's link. */
enum rc statement_of_secret(struct site *site, struct str secret, uint64_t *ret_id,
                            struct fault *fault) MUST_CHECK;

struct statement_line {
    uint64_t id, restriction, account, complaint;
    int64_t at;
    struct str shop;
};
typedef LIST(struct statement_line) statement_lines;
/* Newest first; `account` 0: everybody's. */
enum rc statement_list(struct site *site, struct arena *arena, uint64_t account, size_t room,
                       statement_lines *ret, struct fault *fault) MUST_CHECK;

/* Whom to write to about a shop. RC_INVALID, RC_NOT_FOUND. */
enum rc shop_contact_set(struct writer *writer, struct str slug, struct str email,
                         struct str language, struct fault *fault) MUST_CHECK;
/* The bodies that statements name; in place of those before. */
enum rc redress_set(struct writer *writer, const struct redress_body *bodies, size_t n,
                    struct fault *fault) MUST_CHECK;
/* On a connection that sees everything. */
enum rc redress_read(struct store_conn *conn, struct arena *arena, redress_bodies *ret,
                     struct fault *fault) MUST_CHECK;
enum rc redress_get(struct site *site, struct arena *arena, redress_bodies *ret,
                    struct fault *fault) MUST_CHECK;

/* The last second of at least six months from then on. */
int64_t statement_complain_until(int64_t at);

#endif
