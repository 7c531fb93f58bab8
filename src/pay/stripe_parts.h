/* Inside pay/: the provider's objects. */
#ifndef COLOPHON_PAY_STRIPE_PARTS_H
#define COLOPHON_PAY_STRIPE_PARTS_H

#include "base/json.h"
#include "pay/stripe.h"

enum rc stripe_session_read(struct arena *arena, const json_t *object, struct stripe_session *ret,
                            struct fault *fault) MUST_CHECK;
enum rc stripe_refund_read(struct arena *arena, const json_t *object, struct stripe_refund *ret,
                           struct fault *fault) MUST_CHECK;

#endif
