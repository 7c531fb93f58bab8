/* Complaints about restrictions, and about demands that were refused or narrowed (Art. 20):
 * within six months, free of charge, decided by somebody else than who decided what it is about.
 * Complaint and outcome are entries; an upheld one lifts the restriction in the same batch,
 * or makes the demand undecided again. */
#ifndef COLOPHON_APP_COMPLAINT_H
#define COLOPHON_APP_COMPLAINT_H

#include "app/statement.h"

enum { COMPLAINT_TEXT_MAX = 20000 };

struct complaint_made {
    uint64_t id, record_index;
};
/* About the statement; whose it is, the caller has checked. Returns once its entry is
 * published. RC_CONFLICT where there is one already, or it comes too late. */
enum rc complaint_add(struct site *site, struct writer *writer, uint64_t statement, struct str text,
                      struct complaint_made *ret, struct fault *fault) MUST_CHECK;
/* About the decision that refused this demand or narrowed it, likewise. RC_CONFLICT also where
 * it was granted whole. */
enum rc complaint_add_decision(struct site *site, struct writer *writer, uint64_t demand,
                               struct str text, struct complaint_made *ret,
                               struct fault *fault) MUST_CHECK;
/* `staff`: the operator's account; 0: the command line. RC_DENIED where the shop has two
 * operators or more and this one decided the restriction, or is not named. */
enum rc complaint_decide(struct site *site, struct writer *writer, uint64_t staff, uint64_t id,
                         bool upheld, struct str reasons, uint64_t *ret_index,
                         struct fault *fault) MUST_CHECK;
/* The complainant's proof to keep: it opens the commitment to what was written.
 * RC_NOT_FOUND where there is no complaint. */
enum rc complaint_receipt(struct site *site, struct arena *arena, uint64_t id, struct str *ret,
                          struct fault *fault) MUST_CHECK;

struct complaint_line {
    uint64_t id, statement, restriction; /* 0: about a demand's decision */
    uint64_t demand;                     /* of this one; else 0 */
    int64_t at, decided;                 /* decided 0: open */
    struct str outcome, reasons;
    int64_t index, decision_index; /* -1: not published */
};
typedef LIST(struct complaint_line) complaint_lines;
/* Open ones first. */
enum rc complaint_list(struct site *site, struct arena *arena, size_t room, complaint_lines *ret,
                       struct fault *fault) MUST_CHECK;
/* About one restriction, as everybody may know. */
enum rc complaints_of(struct store_conn *conn, struct arena *arena, uint64_t restriction,
                      complaint_lines *ret, struct fault *fault) MUST_CHECK;
/* One with what was written; staff's and the complainant's. */
struct complaint_view {
    struct complaint_line line;
    struct str text;
};
enum rc complaint_show(struct site *site, struct arena *arena, uint64_t id,
                       struct complaint_view *ret, struct fault *fault) MUST_CHECK;
/* The latest about what was decided on this demand (id 0: none), and whether there may be one
 * about the decision as it stands. */
struct contest_view {
    bool may_complain;
    uint64_t operators; /* of the shop: one alone decides complaints about itself */
    int64_t complain_until;
    struct complaint_view complaint;
};
enum rc complaint_of_decision(struct site *site, struct arena *arena, uint64_t demand,
                              struct contest_view *ret, struct fault *fault) MUST_CHECK;
/* The same of several, one each; what *ret holds where it fails is nothing. */
enum rc complaints_of_decisions(struct site *site, struct arena *arena, const uint64_t *demands,
                                size_t n, struct contest_view *ret, struct fault *fault) MUST_CHECK;

#endif
