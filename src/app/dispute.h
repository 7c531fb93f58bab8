/* Disputes before certified bodies out of court (Regulation (EU) 2022/2065, Art. 21): staff
 * note that a decision was taken to one, and what it said. Both are entries; where the body
 * reversed the decision, the restriction is lifted in the same batch, or the demand undecided
 * again, as with a complaint that is upheld. */
#ifndef COLOPHON_APP_DISPUTE_H
#define COLOPHON_APP_DISPUTE_H

#include "app/statement.h"
#include "domain/demand.h"

struct dispute_order {
    uint64_t complaint;           /* what it is about is then the complaint's; else one of: */
    uint64_t restriction, demand; /* a demand that was refused or narrowed */
    struct str body;              /* one of those that statements name */
    struct str submitted;         /* a date, or a time */
};
struct dispute_made {
    uint64_t id, record_index;
};
/* Returns once its entry is published. */
enum rc dispute_add(struct site *site, struct writer *writer, const struct dispute_order *order,
                    struct dispute_made *ret, struct fault *fault) MUST_CHECK;
/* What was noted of a dispute, or of its outcome, was wrong: all of it as it is. What of it is
 * empty stays as it was noted. */
struct dispute_correction {
    uint64_t id;
    bool state_stays;             /* open or settled, as noted */
    enum dispute_state state;     /* void: there was none */
    enum dispute_outcome outcome; /* settled */
    bool outcome_stays;
    struct str body, submitted, settled;
};
/* An entry in place of what stands before it; nothing is changed there. An outcome that is now
 * `reversed` is undone with it; what was undone before stays undone. RC_CONFLICT where there was
 * none, or nothing would change. */
enum rc dispute_correct(struct site *site, struct writer *writer, uint64_t staff,
                        const struct dispute_correction *correction, uint64_t *ret_index,
                        struct fault *fault) MUST_CHECK;
/* `staff`: the operator's account; 0: the command line. `settled`: a date, or a time. */
enum rc dispute_settle(struct site *site, struct writer *writer, uint64_t staff, uint64_t id,
                       enum dispute_outcome outcome, struct str settled, uint64_t *ret_index,
                       struct fault *fault) MUST_CHECK;

struct dispute_line {
    uint64_t id, restriction, demand, complaint;
    struct str body;
    int64_t submitted, settled; /* settled 0: open */
    enum dispute_outcome outcome;
    int64_t index, settlement_index; /* -1: not published */
    int64_t correction_index;        /* of what it stands as, the latest; -1: none */
    bool none;                       /* it was noted by mistake */
};
typedef LIST(struct dispute_line) dispute_lines;
/* Open ones first. */
enum rc dispute_list(struct site *site, struct arena *arena, size_t room, dispute_lines *ret,
                     struct fault *fault) MUST_CHECK;
enum rc disputes_of_complaint(struct site *site, struct arena *arena, uint64_t complaint,
                              dispute_lines *ret, struct fault *fault) MUST_CHECK;
enum rc dispute_show(struct site *site, struct arena *arena, uint64_t id, struct dispute_line *ret,
                     struct fault *fault) MUST_CHECK;

#endif
