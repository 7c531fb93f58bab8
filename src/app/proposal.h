/* Inside app/: a proposal as the canonical JSON that is shown, approved and kept. */
#ifndef COLOPHON_APP_PROPOSAL_H
#define COLOPHON_APP_PROPOSAL_H

#include "app/decide.h"
#include "record/entry.h"
#include "store/demands.h"

/* Fills in what the order leaves to the demand. RC_INVALID where "granted" is not
 * what was demanded, "narrowed" is not less, or a reason for going beyond the
 * demanding country is missing. */
enum rc proposal_fit(struct arena *arena, struct decision_order *order, const struct entry *demand,
                     struct fault *fault) MUST_CHECK;
/* What the entry's own rules will ask of it. */
enum rc proposal_check(const struct restriction *r, struct fault *fault) MUST_CHECK;
/* `r`: what the order comes to now. */
enum rc proposal_write(struct arena *arena, const struct decision_order *order,
                       const struct restriction *r, struct str *ret_body,
                       struct fault *fault) MUST_CHECK;
enum rc proposal_read(struct arena *arena, const struct proposal_row *row,
                      struct proposal_view *ret, struct fault *fault) MUST_CHECK;
/* RC_CONFLICT where it would cover other works than those that were proposed. */
enum rc proposal_same(const struct proposal_row *row, const struct restriction *r,
                      struct fault *fault) MUST_CHECK;

#endif
