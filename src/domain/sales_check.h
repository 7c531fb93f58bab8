/* What the check of sales finds: a number, and what is wrong with what has it. */
#ifndef COLOPHON_DOMAIN_SALES_CHECK_H
#define COLOPHON_DOMAIN_SALES_CHECK_H

#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

struct sales_finding {
    const char *code; /* "order-not-booked" */
    const char *what; /* "sales order": what the number is of */
    const char *says;
    uint64_t id;
    struct str name; /* as people know it; may be empty */
    int64_t since;   /* of those that are kept: when it was found first */
};
typedef LIST(struct sales_finding) sales_findings;

#endif
