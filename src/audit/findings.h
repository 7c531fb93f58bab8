/* Inside audit/: what one attempt found. It is told only once nothing was published
 * meanwhile: a review that came between two requests is no contradiction. */
#ifndef COLOPHON_AUDIT_FINDINGS_H
#define COLOPHON_AUDIT_FINDINGS_H

#include "audit/audit.h"

struct findings;

struct findings *findings_new(void);
void findings_free(struct findings *findings);
/* In the order in which they were found, fifty of a kind, and how many more there are: none
 * drowns another. */
void findings_tell(const struct findings *findings, const struct audit_order *order);

#endif
