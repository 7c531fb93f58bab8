/* Demands: somebody asks that something be withheld. Who asks, what such a
 * paper has to say by law, and how it can end. Pure words and rules. */
#ifndef COLOPHON_DOMAIN_DEMAND_H
#define COLOPHON_DOMAIN_DEMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/encode.h"
#include "base/str.h"
#include "domain/restriction.h"

enum demand_sender {
    SENDER_AUTHORITY,
    SENDER_COURT,
    SENDER_RIGHTSHOLDER,
    SENDER_READER,
    SENDER_STAFF,
};
#define SENDER_COUNT 5

/* What Regulation (EU) 2022/2065 has an order (Art. 9(2), for authorities and
 * courts) or a notice (Art. 16(2), for everybody else) contain. What it concerns
 * is never missing: a demand without a target is no demand. */
enum demand_element {
    ELEMENT_LEGAL_BASIS, /* Art. 9(2)(a)(i) */
    ELEMENT_REASONS,     /* (a)(ii): why it is illegal, with the provisions */
    ELEMENT_AUTHORITY,   /* (a)(iii): who issues the order */
    ELEMENT_REDRESS,     /* (a)(v): how it can be contested */
    ELEMENT_REPORT_TO,   /* (a)(vi): whom to tell of its effect */
    ELEMENT_SCOPE,       /* (b): where it applies */
    ELEMENT_LANGUAGE,    /* (c): in a language that was declared */
    ELEMENT_EXPLANATION, /* Art. 16(2)(a) */
    ELEMENT_CONTACT,     /* (c): name and e-mail address */
    ELEMENT_GOOD_FAITH,  /* (d): the statement of good faith */
};
#define ELEMENT_COUNT 10
typedef uint16_t element_mask; /* 1 << enum demand_element */
#define ELEMENT_BIT(element) ((element_mask)(1u << (element)))

enum demand_outcome { OUTCOME_GRANTED, OUTCOME_NARROWED, OUTCOME_REFUSED };
#define OUTCOME_COUNT 3

/* ---- what the Record says ---- */

/* A paper that was handed in. */
struct document_hashes {
    struct hash full; /* commitment of the paper as it is; zero: there is none */
    struct hash copy; /* SHA-256 of the redacted copy, which is public; zero: none */
};

struct strs {
    const struct str *v;
    size_t n;
};

struct demand_entry {
    uint64_t id;
    int64_t received;
    enum demand_sender sender;
    struct str country; /* of the authority or court */
    struct str authority;
    enum ground ground;
    struct str legal_basis;
    struct str reference;
    struct str state_involved;
    enum target_kind target;
    struct str target_key, target_name; /* as in a restriction */
    struct strs storefronts;
    feature_mask features;
    struct hash claims; /* commitment of authority, law and reference, where nobody checked them */
    element_mask missing; /* of what the law has such a paper contain */
    struct document_hashes document;
};

struct decision_entry {
    uint64_t demand;
    enum demand_outcome outcome;
    uint64_t restriction; /* what was granted or narrowed */
    struct approvals approvals;
    struct str authority, legal_basis, reference; /* of the demand, as staff checked them */
    struct hash copy; /* of the demand's document, where it was redacted later; zero: none */
};

/* ---- rules and words ---- */

/* The elements that a demand of this sender has to contain. */
element_mask demand_elements(enum demand_sender sender);
/* Orders come from authorities and courts; the rest are notices. */
bool sender_orders(enum demand_sender sender);

/* Whether a restriction on the one can be less than what was demanded of the other. Which
 * works both hold is asked besides. */
bool demand_may_narrow(enum target_kind demanded, enum target_kind given);

/* When a demand that came in now is to be decided: orders without undue delay
 * (Art. 9(1)), notices in a timely manner (Art. 16(6)). */
int64_t demand_due(enum demand_sender sender, int64_t received);

/* Words of the interface, the entries and the command line; names are static. */
const char *sender_name(enum demand_sender sender);
bool sender_parse(struct str s, enum demand_sender *ret);
const char *element_name(enum demand_element element);
const char *outcome_name(enum demand_outcome outcome);
bool outcome_parse(struct str s, enum demand_outcome *ret);
/* What a body out of court said of the shop's decision. */
enum dispute_outcome { DISPUTE_CONFIRMED, DISPUTE_REVERSED, DISPUTE_PARTLY, DISPUTE_NONE };
#define DISPUTE_OUTCOME_COUNT 4
const char *dispute_outcome_name(enum dispute_outcome outcome);
bool dispute_outcome_parse(struct str s, enum dispute_outcome *ret);
/* How a dispute really stands, where what was noted of it was wrong. Void: there was none. */
enum dispute_state { DISPUTE_VOID, DISPUTE_OPEN, DISPUTE_SETTLED };
#define DISPUTE_STATE_COUNT 3
const char *dispute_state_name(enum dispute_state state);

#endif
