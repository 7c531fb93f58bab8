/* Demands: somebody asks that something be withheld. Who asks, what such a
 * paper has to say by law, and how it can end. Pure words and rules. */
#ifndef COLOPHON_DOMAIN_DEMAND_H
#define COLOPHON_DOMAIN_DEMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

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

/* The elements that a demand of this sender has to contain. */
element_mask demand_elements(enum demand_sender sender);
/* Orders come from authorities and courts; the rest are notices. */
bool sender_orders(enum demand_sender sender);

/* Words of the interface, the entries and the command line; names are static. */
const char *sender_name(enum demand_sender sender);
bool sender_parse(struct str s, enum demand_sender *ret);
const char *element_name(enum demand_element element);
const char *outcome_name(enum demand_outcome outcome);
bool outcome_parse(struct str s, enum demand_outcome *ret);

#endif
