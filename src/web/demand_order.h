/* What somebody asks for, as a form or JSON says it: read alike, whoever sent it. */
#ifndef COLOPHON_WEB_DEMAND_ORDER_H
#define COLOPHON_WEB_DEMAND_ORDER_H

#include "app/demand.h"
#include "base/json.h"
#include "web/request.h"

/* Nobody's account; the form's language and its paper are the caller's to add. What cannot be read
 * is told in `faults`, a line each, and stands in *ret as the count of its kind. */
void demand_order_of_form(struct arena *arena, const parameters *form, struct demand_order *ret,
                          struct buf *faults);
/* RC_INVALID names the field. */
enum rc demand_order_of_json(struct arena *arena, const json_t *json, struct demand_order *ret,
                             struct fault *fault) MUST_CHECK;

#endif
