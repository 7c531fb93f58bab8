/* Statements of reasons and complaints, as stored. Adding and changing needs an open
 * write transaction. */
#ifndef COLOPHON_STORE_REDRESS_H
#define COLOPHON_STORE_REDRESS_H

#include "base/encode.h"
#include "domain/restriction.h"
#include "store/store.h"

struct statement_row {
    uint64_t id, restriction;
    uint64_t account; /* 0: a shop's */
    uint64_t shop;    /* 0: an account's */
    int64_t at;
    struct str shop_name;
    uint64_t complaint; /* 0: none */
};
/* `s->id`, name and complaint are not read. */
enum rc redress_statement_add(struct store_conn *conn, const struct statement_row *s,
                              const struct hash *token, struct fault *fault) MUST_CHECK;
enum rc redress_statement(struct store_conn *conn, struct arena *arena, uint64_t id,
                          struct statement_row *ret, struct fault *fault) MUST_CHECK;
enum rc redress_statement_of_token(struct store_conn *conn, const struct hash *token, uint64_t *ret,
                                   struct fault *fault) MUST_CHECK;
/* Newest first; `account` 0: everybody's. */
enum rc redress_statements(struct store_conn *conn, struct arena *arena, uint64_t account,
                           size_t room, struct statement_row **ret, size_t *ret_n,
                           struct fault *fault) MUST_CHECK;
/* The shops that list what a restriction on works is about. */
enum rc redress_shops(struct store_conn *conn, struct arena *arena, enum target_kind kind,
                      struct str key, uint64_t **ret, size_t *ret_n,
                      struct fault *fault) MUST_CHECK;

/* Authors that are to be told of a decision (app/telling.h), and how far that has come. */
struct telling_row {
    uint64_t entry_id, restriction;
    feature_mask features; /* whose voices */
    uint64_t work;         /* 0: the works of the list under `root` */
    struct hash root;
    uint64_t position, last_account;
};
enum rc redress_telling_add(struct store_conn *conn, const struct telling_row *t,
                            struct fault *fault) MUST_CHECK;
/* The first whose entry is published; RC_NOT_FOUND. */
enum rc redress_telling_next(struct store_conn *conn, struct telling_row *ret,
                             struct fault *fault) MUST_CHECK;
enum rc redress_telling_move(struct store_conn *conn, const struct telling_row *t,
                             struct fault *fault) MUST_CHECK;
enum rc redress_telling_remove(struct store_conn *conn, uint64_t entry_id,
                               struct fault *fault) MUST_CHECK;
/* Whose reviews, comments or ratings (as `features` says) stand at the work: the first
 * `room` above `after`, in order. */
enum rc redress_authors(struct store_conn *conn, struct arena *arena, uint64_t work, uint64_t after,
                        feature_mask features, size_t room, uint64_t **ret, size_t *ret_n,
                        struct fault *fault) MUST_CHECK;
enum rc redress_told(struct store_conn *conn, uint64_t restriction, uint64_t account, bool *ret,
                     struct fault *fault) MUST_CHECK;

enum rc redress_contact(struct store_conn *conn, struct arena *arena, uint64_t shop,
                        struct str *ret_email, struct str *ret_language,
                        struct fault *fault) MUST_CHECK;
enum rc redress_contact_put(struct store_conn *conn, struct str slug, struct str email,
                            struct str language, struct fault *fault) MUST_CHECK;

struct complaint_row {
    uint64_t id;
    uint64_t statement, restriction; /* 0: it is about a demand's decision */
    uint64_t demand, about;          /* of this demand, whose decision this entry is; else 0 */
    int64_t at;
    int64_t index;   /* of its entry in the decisions log; -1 while it waits */
    bool deciding;   /* there is a decision; its entry may still wait */
    int64_t decided; /* when; 0: no decision is published */
    struct str outcome;
    int64_t decision_index; /* -1: none yet */
    struct str text;        /* with its salt, only from redress_complaint */
    uint8_t salt[32];
    struct str reasons; /* of the decision */
};
/* Of `c`: id, statement and restriction, or demand and about, and at. */
enum rc redress_complaint_add(struct store_conn *conn, const struct complaint_row *c,
                              uint64_t entry_id, struct fault *fault) MUST_CHECK;
/* The one about the decision that this entry is; RC_NOT_FOUND. */
enum rc redress_complaint_about(struct store_conn *conn, uint64_t about, uint64_t *ret,
                                struct fault *fault) MUST_CHECK;
/* The last one about a demand; RC_NOT_FOUND. */
enum rc redress_complaint_latest(struct store_conn *conn, uint64_t demand, uint64_t *ret,
                                 struct fault *fault) MUST_CHECK;
enum rc redress_complaint(struct store_conn *conn, struct arena *arena, uint64_t id,
                          struct complaint_row *ret, struct fault *fault) MUST_CHECK;
/* Open ones first, oldest first. */
enum rc redress_complaints(struct store_conn *conn, struct arena *arena, size_t room,
                           struct complaint_row **ret, size_t *ret_n,
                           struct fault *fault) MUST_CHECK;
/* What everybody may know of those about one restriction. */
enum rc redress_complaints_of(struct store_conn *conn, struct arena *arena, uint64_t restriction,
                              size_t room, struct complaint_row **ret, size_t *ret_n,
                              struct fault *fault) MUST_CHECK;
enum rc redress_complaint_decide(struct store_conn *conn, uint64_t id, uint64_t entry_id,
                                 int64_t now, const char *outcome, struct fault *fault) MUST_CHECK;
/* Whether this is among what stands beside an entry, or a restriction's, for who decided
 * it; of `first_alone`, whether it is who proposed it. *ret_approved: it is there, and
 * second. */
enum rc redress_entry_decided_by(struct store_conn *conn, uint64_t entry_id, struct str approval,
                                 bool first_alone, bool *ret, bool *ret_approved,
                                 struct fault *fault) MUST_CHECK;
enum rc redress_decided_by(struct store_conn *conn, uint64_t restriction, struct str approval,
                           bool first_alone, bool *ret, bool *ret_approved,
                           struct fault *fault) MUST_CHECK;

#endif
