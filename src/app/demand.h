/* Demands: anybody files one, everybody can follow it. The entry holds the facts; what
 * was written, who wrote it and the paper stand beside it and are no page's to show,
 * but for the redacted copy. */
#ifndef COLOPHON_APP_DEMAND_H
#define COLOPHON_APP_DEMAND_H

#include "app/account.h"
#include "app/restrict.h"
#include "domain/demand.h"

enum { DEMAND_TEXT_MAX = 20000, CLAIM_MAX = 400, DOCUMENT_MAX = 8 << 20 };

/* A paper: PDF or plain text, by its bytes. */
struct paper {
    struct str bytes; /* empty: none */
};

/* As typed. */
struct demand_order {
    enum demand_sender sender;
    struct str country;            /* of the authority or court */
    struct str authority;          /* its name */
    struct restriction_order wish; /* target, storefronts (none: those of `country`), features,
                                      ground, legal_basis, reference, state_involved, scope_reason,
                                      seal_until: staff's alone */
    struct str explanation;
    struct str name, email, language;
    /* What an order says of itself, Art. 9(2). */
    bool redress, report_to, declared_language;
    bool good_faith; /* Art. 16(2)(d) */
    bool checked;    /* staff type it: authority, law and reference are facts, not claims */
    struct paper document;
    struct paper copy; /* redacted, public: staff's to add */
    uint64_t account;  /* who is signed in; 0: nobody */
    int64_t received;  /* 0: now; a paper may have come earlier */
};

struct demand_made {
    uint64_t id;
    uint64_t record_index;       /* LOG_PENDING: it is kept, and its entry waits for publication */
    char secret[TOKEN_SIZE + 1]; /* whoever has it may see how it stands */
    element_mask missing;
};

/* One more fault, in a line of its own. */
void demand_fault_add(struct buf *faults, const char *sentence);
/* All that is wrong with it as far as it can be said without the catalogue, a fault a line. Sender,
 * target and ground may be the counts of their kinds, of what could not be read. */
void demand_faults(const struct demand_order *order, struct buf *ret);

/* Returns once its entry is published, or once it is known that it will be later. RC_INVALID
 * names the field, and what is too large; RC_NOT_FOUND the target or the storefront. What the law
 * asks of such a paper and it lacks is no failure but ret->missing. */
enum rc demand_add(struct site *site, struct writer *writer, const struct demand_order *order,
                   struct demand_made *ret, struct fault *fault) MUST_CHECK;

/* RC_INVALID where one of the storefronts lies beyond the demanding country and
 * nothing says why; an empty country has no beyond. */
enum rc demand_scope_check(struct store_conn *conn, struct arena *arena, struct str country,
                           const struct str *storefronts, size_t n, struct str reason,
                           struct fault *fault) MUST_CHECK;

/* A redacted copy of its document, or of what was written, for everybody. RC_CONFLICT once it is
 * decided: the decision's entry has the copy's hash. */
enum rc demand_copy_put(struct site *site, struct writer *writer, uint64_t id,
                        const struct paper *copy, struct fault *fault) MUST_CHECK;

/* What a sender names and nobody checked: it stands beside the entry, which has a commitment
 * to `text` under "<origin>/claims/v1". */
struct demand_claims {
    struct str authority, legal_basis, reference;
    struct str text; /* canonical JSON; empty: nothing is claimed, or it is erased */
    uint8_t salt[32];
};

/* One demand as everybody may know it. */
struct demand_view {
    uint64_t id, index; /* UINT64_MAX while its entry waits */
    int64_t at;
    struct demand_entry facts; /* with what the decision says of them, once it is published */
    struct demand_claims claims;
    struct str json; /* of its entry */
    int64_t due;
    bool has_copy;
    struct str copy_type;
    bool deciding; /* a decision waits for publication, or is published */
    bool decided;  /* it is published */
    uint64_t decision_index;
    int64_t decided_at;
    struct decision_entry decision;
    struct str decision_json, decision_reasons;
};
enum rc demand_show(struct store_conn *conn, struct arena *arena, uint64_t id,
                    struct demand_view *ret, struct fault *fault) MUST_CHECK;
/* Behind a sender's link; RC_NOT_FOUND for another's. */
enum rc demand_of_secret(struct store_conn *conn, struct str secret, uint64_t *ret_id,
                         struct fault *fault) MUST_CHECK;
/* Of an account: its newest. Reads on a connection of its own. */
enum rc demand_list_own(struct site *site, struct arena *arena, uint64_t account, size_t room,
                        struct demand_view **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the account did not file it. */
enum rc demand_of_account(struct site *site, uint64_t account, uint64_t id,
                          struct fault *fault) MUST_CHECK;
/* `undecided`: those alone, the oldest first, ids above `from`; else the newest first,
 * ids below it (0: from the newest). */
enum rc demand_list(struct store_conn *conn, struct arena *arena, bool undecided, uint64_t from,
                    size_t room, struct demand_view **ret, size_t *ret_n,
                    struct fault *fault) MUST_CHECK;

/* What is the sender's and the staff's; reads on a connection of its own. */
struct demand_private {
    struct str name, email, language;       /* as typed */
    struct str account_name, account_email; /* of who was signed in; empty: nobody */
    struct str text;                        /* canonical JSON: what the commitment is of */
    struct str explanation, scope_reason;
    struct str authority, reference; /* what is sealed of its entry; empty: nothing */
    uint8_t salt[32];
    bool has_document;
};
enum rc demand_private(struct site *site, struct arena *arena, uint64_t id,
                       struct demand_private *ret, struct fault *fault) MUST_CHECK;
/* The bytes of the public copy, or of the paper itself, checked against the digest
 * that was noted with them. RC_NOT_FOUND where there is none. */
enum rc demand_paper(struct site *site, struct arena *arena, uint64_t id, bool copy,
                     struct str *ret_bytes, struct str *ret_type, struct fault *fault) MUST_CHECK;
/* The sender's proof to keep: a C2SP tlog-proof of its entry that opens the
 * commitment to what was written. */
enum rc demand_receipt(struct site *site, struct store_conn *conn, struct arena *arena, uint64_t id,
                       struct str *ret, struct fault *fault) MUST_CHECK;

#endif
