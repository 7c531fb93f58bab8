/* A payment provider that speaks as Stripe's published API does: Checkout Sessions, refunds, and
 * signed webhooks. No card's number ever comes here: the reader types it on the provider's page.
 *
 * One API version is pinned; every request that makes something has an Idempotency-Key of ours, so
 * that whatever is asked twice is made once. Keys stand in no fault and no log. */
#ifndef COLOPHON_PAY_STRIPE_H
#define COLOPHON_PAY_STRIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

#define STRIPE_VERSION "2024-06-20"
enum { STRIPE_SECRETS_MAX = 4, STRIPE_TOLERANCE = 300, STRIPE_EVENT_MAX = 256 << 10 };

struct stripe {
    struct str api;     /* "https://api.stripe.com" */
    struct str pages;   /* where its pages are: "https://checkout.stripe.com/" */
    struct str key;     /* secret */
    struct str account; /* whose events are ours; '' where the keys are the account's own */
    struct str secrets[STRIPE_SECRETS_MAX]; /* that webhooks are signed with */
    size_t secrets_n;
    bool live; /* by the key: events of the other mode are none of ours */
    long timeout_ms;
};
/* A file of lines: "key sk_…", "webhook whsec_…" (up to four, while one is replaced), and, where
 * they are others, "api URL", "pages URL", "account acct_…". RC_INVALID names the line, never
 * what stands there. */
enum rc stripe_read(struct arena *arena, struct str text, struct stripe *ret,
                    struct fault *fault) MUST_CHECK;

struct stripe_order {
    struct str reference; /* ours: it comes back with the events */
    unsigned attempt;     /* the same one again is the same session, if all else is the same */
    struct str currency;
    int64_t amount;
    struct str name; /* what the provider's page says is paid for */
    struct str email, language;
    struct str success, cancel; /* URLs of ours */
    int64_t expires;
};
struct stripe_session {
    struct str id, url;
    struct str state;   /* "open", "complete", "expired" */
    struct str payment; /* "paid", "unpaid", "no_payment_required" */
    struct str reference, currency, intent;
    int64_t amount;
    bool live;
};
/* RC_BUSY: it may be asked again (with the same key); RC_DENIED: the keys are none;
 * RC_INVALID: it refuses this, and the fault has its code. */
enum rc stripe_checkout(const struct stripe *stripe, struct arena *arena,
                        const struct stripe_order *order, struct stripe_session *ret,
                        struct fault *fault) MUST_CHECK;
enum rc stripe_session(const struct stripe *stripe, struct arena *arena, struct str id,
                       struct stripe_session *ret, struct fault *fault) MUST_CHECK;
/* Nobody can pay by it any more, unless somebody did; RC_INVALID where it is open no more. */
enum rc stripe_session_end(const struct stripe *stripe, struct arena *arena, struct str id,
                           struct stripe_session *ret, struct fault *fault) MUST_CHECK;

struct stripe_refund {
    struct str key;       /* as it was asked for under */
    struct str id, state; /* "succeeded", "pending", "failed", "canceled", "requires_action" */
};
/* Of the payment that came by a session's `intent`; `key` makes it one. */
enum rc stripe_refund(const struct stripe *stripe, struct arena *arena, struct str intent,
                      struct str currency, int64_t amount, struct str key,
                      struct stripe_refund *ret, struct fault *fault) MUST_CHECK;

/* What a webhook tells. */
enum stripe_kind {
    STRIPE_OTHER,   /* nothing that we ask about, or another account's or mode's */
    STRIPE_PAID,    /* a session is paid */
    STRIPE_PENDING, /* it is complete, its money is on its way */
    STRIPE_UNPAID,  /* it will not be paid: it expired, or the money did not come */
    STRIPE_REFUND,  /* a refund came to an end */
};
struct stripe_event {
    enum stripe_kind kind;
    struct str id, type;
    int64_t created;
    struct stripe_session session; /* of the first four */
    struct stripe_refund refund;
};
/* `signature` is the header Stripe-Signature. RC_DENIED where nobody who has a secret signed these
 * bytes within five minutes of `now`; RC_INVALID where it is signed and cannot be read. */
enum rc stripe_event_read(const struct stripe *stripe, struct arena *arena, struct str payload,
                          struct str signature, int64_t now, struct stripe_event *ret,
                          struct fault *fault) MUST_CHECK;

/* Amounts as the provider counts them: some currencies have other decimals there. False where it
 * cannot take that. */
bool stripe_amount(int64_t minor, struct str currency, int64_t *ret);
bool stripe_amount_read(int64_t amount, struct str currency, int64_t *ret_minor);

#endif
