/* Decisions with four eyes. Where the shop has two or more operators, one of them
 * proposes and another approves exactly what was shown; where it has one or none,
 * what is proposed is done at once. Lifting needs no second person (lifting.h). */
#ifndef COLOPHON_APP_DECIDE_H
#define COLOPHON_APP_DECIDE_H

#include "app/restrict.h"
#include "domain/demand.h"

/* A restriction, a decision of a demand, or both: the demand's decision and the
 * restriction that it grants are published in one batch. */
struct decision_order {
    uint64_t demand;             /* 0: a restriction of the shop's own */
    enum demand_outcome outcome; /* of the demand */
    /* What of it is empty or zero is as the demand has it; refused: not read. */
    struct restriction_order restriction;
};

/* What it would be, before anybody publishes it: resolved as of now, with the works it covers,
 * nothing written. Whatever is wrong with it goes into `faults`, one sentence a line; what could
 * not be read of it then stays empty. Target and ground may be their COUNT, where none was chosen:
 * whoever asked says so. */
enum rc decide_look(struct site *site, struct arena *arena, const struct restriction_order *order,
                    struct restriction *ret, struct buf *faults, struct fault *fault) MUST_CHECK;

struct decided {
    uint64_t proposal;     /* 0: it was done at once */
    struct hash shown;     /* of the proposal: what an approval is bound to */
    uint64_t demand;       /* 0: none */
    uint64_t restriction;  /* 0: none */
    uint64_t record_index; /* of the restriction's entry, else of the decision's */
};

/* `staff`: the account of whoever asks; 0: the command line without --as, which is
 * refused (RC_DENIED) where two operators there are. RC_CONFLICT for a demand that
 * is decided. */
enum rc decide_propose(struct site *site, struct writer *writer, uint64_t staff,
                       const struct decision_order *order, struct decided *ret,
                       struct fault *fault) MUST_CHECK;
/* By another operator than the one who proposed it: RC_DENIED. RC_CONFLICT where it
 * is open no more, is not what was shown (`shown` NULL: asked of the command line,
 * which shows it), or covers other works by now. */
enum rc decide_approve(struct site *site, struct writer *writer, uint64_t staff, uint64_t proposal,
                       const struct hash *shown, struct decided *ret,
                       struct fault *fault) MUST_CHECK;
/* Takes it back: any operator may. */
enum rc decide_drop(struct writer *writer, uint64_t staff, uint64_t proposal,
                    struct fault *fault) MUST_CHECK;

struct proposal_view {
    uint64_t id, demand;
    uint64_t account; /* who proposed it */
    struct str name;
    int64_t created;
    struct hash shown;
    bool decides;                /* it is of a demand */
    enum demand_outcome outcome; /* then */
    bool restricts;
    struct restriction_order restriction;
    uint64_t works;  /* that it covers */
    struct str body; /* canonical JSON */
};
/* Those that wait, the oldest first; reads on a connection of its own. */
enum rc decide_open(struct site *site, struct arena *arena, struct proposal_view **ret,
                    size_t *ret_n, struct fault *fault) MUST_CHECK;

/* The operator's account behind an address; RC_NOT_FOUND, RC_DENIED. */
enum rc decide_staff(struct site *site, struct str email, uint64_t *ret_account,
                     struct fault *fault) MUST_CHECK;
/* What an approval is a commitment to: by it, who decided is found again. 0: the command
 * line, which names nobody. */
struct str decide_who(struct arena *arena, uint64_t staff);

#endif
