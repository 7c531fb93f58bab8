/* Which decisions belong into the DSA Transparency Database (Regulation (EU) 2022/2065,
 * Art. 24(5)), and what its form says of them: the database's closed words for a
 * restriction's target, features and ground. Pure. */
#ifndef COLOPHON_DOMAIN_DSA_H
#define COLOPHON_DOMAIN_DSA_H

#include "domain/demand.h"
#include "domain/restriction.h"

enum dsa_verdict {
    DSA_REPORTED,
    DSA_OWN_CATALOGUE, /* a shop's choice of what it sells: nobody else's content */
    DSA_ORDER,         /* Art. 17(5): orders under Art. 9 are told to who gave them */
    DSA_LICENCE,       /* no moderation: a sale that nobody may make */
    DSA_ELSEWHERE,     /* withholds nothing within the EU and the EEA */
    DSA_DATES,         /* begins after the last date that the form takes */
};
#define DSA_VERDICT_COUNT 6

/* Fields of the form; NULL: absent. Words are the database's own. */
struct dsa_fields {
    const char *visibility; /* decision_visibility: the one of its list */
    const char *provision;  /* decision_provision */
    const char *account_type;
    const char *ground; /* decision_ground */
    const char *content_type;
    const char *content_other; /* content_type_other */
    const char *category;
    const char *source;
};

/* `demanded`: a demand stands behind it, from this sender. `european`: it works in a
 * storefront of dsa_territory. */
enum dsa_verdict dsa_decide(const struct restriction *r, bool demanded, enum demand_sender sender,
                            bool european, struct dsa_fields *ret);
/* A country of the EU or the EEA, as the form's territorial_scope has them. */
bool dsa_territory(struct str country);
/* Dates as the form takes them. */
bool dsa_content_date(int32_t date);     /* 2000-01-01 to 2038-01-01 */
bool dsa_application_date(int32_t date); /* 2020-01-01 to 2038-01-01 */
bool dsa_end_date(int32_t date);         /* to 2038-01-01 */
const char *dsa_verdict_says(enum dsa_verdict verdict);

#endif
