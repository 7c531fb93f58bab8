/* Inside app/payment_card*.c. */
#ifndef COLOPHON_APP_PAYMENT_CARD_PARTS_H
#define COLOPHON_APP_PAYMENT_CARD_PARTS_H

#include "app/payment_card.h"
#include "domain/payment.h"
#include "pay/stripe.h"

struct card {
    struct stripe stripe, hurried; /* the second: while a reader waits */
    struct str origin;
    struct arena arena;
};

/* Says on the server's standard error what the provider did; it holds no secret. */
void card_log(const struct fault *fault);

/* When a session is asked for next: less often, the longer it has waited. */
int64_t card_ask_again(const struct card_session_row *row, int64_t now);

/* What the provider says of a session, within an open write transaction. */
struct card_news {
    const struct stripe_session *session;
    enum stripe_kind kind;
    int64_t told;
};
enum rc card_take(struct store_conn *conn, struct arena *arena, const struct card *card,
                  const struct card_news *news, struct fault *fault) MUST_CHECK;
/* What it answered when it was asked, in a transaction of its own. *ret_kind: how it stands. */
enum rc card_take_answer(struct writer *writer, struct arena *arena, const struct card *card,
                         const struct stripe_session *session, enum stripe_kind *ret_kind,
                         struct fault *fault) MUST_CHECK;
/* What it says of a refund, within an open write transaction. */
enum rc card_take_refund(struct store_conn *conn, struct arena *arena,
                         const struct stripe_refund *refund, int64_t now,
                         struct fault *fault) MUST_CHECK;
/* The key under which a refund is asked for: one for each, whoever asks how often. */
struct str card_refund_key(struct arena *arena, const struct refund_row *row);

#endif
