/* Demands, what staff propose to do, and what stands beside entries, as stored.
 * Adding and changing needs an open write transaction. */
#ifndef COLOPHON_STORE_DEMANDS_H
#define COLOPHON_STORE_DEMANDS_H

#include "base/arena.h"
#include "base/encode.h"
#include "store/record_log.h"

/* A file that lies in files/ under this name; name empty: there is none. */
struct paper_row {
    struct str file, type;
    struct hash digest;
};

struct demand_add_row {
    uint64_t id, entry_id, account;
    struct hash token;
    int64_t received, due;
    struct str name, email, language;
    struct paper_row document, copy;
};
enum rc demands_add(struct store_conn *conn, const struct demand_add_row *d,
                    struct fault *fault) MUST_CHECK;

/* What everybody may know. Indexes are LOG_PENDING while an entry waits. */
struct demand_row {
    uint64_t id;
    uint64_t index;
    struct str bytes; /* of its entry */
    int64_t due;
    struct paper_row copy;
    uint64_t decision_entry_id; /* 0: undecided; else it may still wait */
    bool decided;               /* it is published */
    uint64_t decision_index;
    struct str decision_bytes, decision_text;
    struct str claims; /* beside its entry; empty: none */
    uint8_t claims_salt[32];
};
enum rc demands_get(struct store_conn *conn, struct arena *arena, uint64_t id,
                    struct demand_row *ret, struct fault *fault) MUST_CHECK;
/* By the token it was filed with, or one that was added. */
enum rc demands_of_token(struct store_conn *conn, const struct hash *token, uint64_t *ret_id,
                         struct fault *fault) MUST_CHECK;
enum rc demands_token_add(struct store_conn *conn, uint64_t id, const struct hash *token,
                          struct fault *fault) MUST_CHECK;
/* At most `room` with smaller ids, the newest first. */
enum rc demands_before(struct store_conn *conn, struct arena *arena, uint64_t id, size_t room,
                       struct demand_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* At most `room` that nobody decided, with larger ids, the oldest first. */
enum rc demands_undecided(struct store_conn *conn, struct arena *arena, uint64_t id, size_t room,
                          struct demand_row **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;

/* Those that the account filed while it was signed in: the newest. */
enum rc demands_of_account(struct store_conn *conn, struct arena *arena, uint64_t account,
                           size_t room, struct demand_row **ret, size_t *ret_n,
                           struct fault *fault) MUST_CHECK;

/* What is the sender's and the staff's; not on connections that make pages. */
struct demand_private_row {
    struct str name, email, language;
    struct paper_row document;
    struct str text; /* what the entry's commitment is of */
    uint8_t salt[32];
    uint64_t account; /* who was signed in; 0: nobody */
};
enum rc demands_private(struct store_conn *conn, struct arena *arena, uint64_t id,
                        struct demand_private_row *ret, struct fault *fault) MUST_CHECK;
/* The papers of a demand or an agreement, as files. */
enum paper_owner { PAPERS_OF_DEMAND, PAPERS_OF_AGREEMENT, PAPER_OWNERS };
struct papers_row {
    uint64_t id; /* the owner's */
    struct paper_row document, copy;
};
/* RC_NOT_FOUND where it has none. */
enum rc papers_get(struct store_conn *conn, struct arena *arena, enum paper_owner owner,
                   uint64_t id, struct papers_row *ret, struct fault *fault) MUST_CHECK;
/* At most `room` of owners with larger ids, the oldest first. */
enum rc papers_after(struct store_conn *conn, struct arena *arena, enum paper_owner owner,
                     uint64_t id, size_t room, struct papers_row **ret, size_t *ret_n,
                     struct fault *fault) MUST_CHECK;
/* Those of a demand stand in its own row. */
enum rc papers_add_of_agreement(struct store_conn *conn, const struct papers_row *p,
                                struct fault *fault) MUST_CHECK;
/* "demand", "agreement": of changes, and for people. */
const char *paper_owner_name(enum paper_owner owner);
enum rc demands_decide(struct store_conn *conn, uint64_t id, uint64_t entry_id,
                       struct fault *fault) MUST_CHECK;
/* Who filed it is gone. */
enum rc demands_sender_erase(struct store_conn *conn, uint64_t entry_id,
                             struct fault *fault) MUST_CHECK;
/* Which entry says that the sender was told of its receipt; 0: none. */
enum rc demands_acknowledged(struct store_conn *conn, uint64_t id, uint64_t *ret_entry_id,
                             struct fault *fault) MUST_CHECK;
enum rc demands_acknowledge(struct store_conn *conn, uint64_t id, uint64_t entry_id,
                            struct fault *fault) MUST_CHECK;
/* At most `room` whose letter of receipt was sent, and no entry says so yet. */
struct demand_told {
    uint64_t demand;
    int64_t sent;
};
enum rc demands_told(struct store_conn *conn, struct demand_told *ret, size_t room, size_t *ret_n,
                     struct fault *fault) MUST_CHECK;
/* The entry of what had been decided before it waited again; RC_NOT_FOUND. */
enum rc demands_former(struct store_conn *conn, struct arena *arena, uint64_t id, struct str *ret,
                       struct fault *fault) MUST_CHECK;
/* It waits for a decision again, unless it was decided anew since the entry `about`. */
enum rc demands_reopen(struct store_conn *conn, uint64_t id, uint64_t about, int64_t due,
                       struct fault *fault) MUST_CHECK;
enum rc demands_copy_put(struct store_conn *conn, uint64_t id, const struct paper_row *copy,
                         struct fault *fault) MUST_CHECK;

struct proposal_row {
    uint64_t id;
    uint64_t demand; /* 0: none */
    struct str body;
    uint64_t account;
    struct str name; /* the account's */
    int64_t created;
    struct str state; /* "open", "approved", "dropped" */
};
/* `p->id` is given, state and name are not read. */
enum rc demands_proposal_add(struct store_conn *conn, const struct proposal_row *p,
                             struct fault *fault) MUST_CHECK;
enum rc demands_proposal(struct store_conn *conn, struct arena *arena, uint64_t id,
                         struct proposal_row *ret, struct fault *fault) MUST_CHECK;
enum rc demands_proposals_open(struct store_conn *conn, struct arena *arena, size_t room,
                               struct proposal_row **ret, size_t *ret_n,
                               struct fault *fault) MUST_CHECK;
/* RC_CONFLICT where it is open no more. */
enum rc demands_proposal_end(struct store_conn *conn, uint64_t id, const char *state,
                             struct fault *fault) MUST_CHECK;
/* Every open one about this demand. */
enum rc demands_proposals_drop(struct store_conn *conn, uint64_t demand,
                               struct fault *fault) MUST_CHECK;

/* Every open one that this account proposed. */
enum rc demands_proposals_drop_of(struct store_conn *conn, uint64_t account,
                                  struct fault *fault) MUST_CHECK;

/* Whether this account may decide. */
enum rc demands_operator_is(struct store_conn *conn, uint64_t account, bool *ret,
                            struct fault *fault) MUST_CHECK;
/* How many accounts may decide. */
enum rc demands_operators(struct store_conn *conn, uint64_t *ret, struct fault *fault) MUST_CHECK;

enum rc demands_beside_put(struct store_conn *conn, uint64_t entry_id, const char *member,
                           struct str content, const uint8_t salt[32],
                           struct fault *fault) MUST_CHECK;

#endif
