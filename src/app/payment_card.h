/* Payment by card through a provider (pay/stripe.h): the reader is sent to its page and comes
 * back; no card's number ever comes here. What it tells of money, by webhook or when it is asked,
 * is taken by payment_take like a bank's line, under the number of the session, so that whoever
 * tells it how often, it is one. Nothing is asked of the provider within a transaction. */
#ifndef COLOPHON_APP_PAYMENT_CARD_H
#define COLOPHON_APP_PAYMENT_CARD_H

#include "app/sales_own.h"
#include "app/writer.h"

/* A provider's settings; a process has one, or none (NULL). */
struct card;
/* From a file that nobody else may read (RC_DENIED); RC_INVALID names the line, never what it
 * says. */
enum rc card_open(const char *path, struct card **ret, struct fault *fault) MUST_CHECK;
void card_close(struct card *card); /* NULL is harmless */

/* Where its pages are: "https://checkout.stripe.com"; empty without a provider. */
struct str card_origin(const struct card *card);
/* Whether it can take such a sum. */
bool card_takes(const struct card *card, struct str currency, int64_t amount);

struct card_visit {
    struct own_sale_wish wish;
    struct str name;     /* what the provider's page says is paid for, before the order's number */
    struct str language; /* tag */
    struct str success, cancel; /* URLs of ours */
};
struct card_way {
    struct str url; /* the provider's page; empty: there is none to go to */
    bool away;      /* since the provider does not answer, or refuses; else it is paid, or its money
                       is on its way */
};
/* A session of the provider's for what a purchase waits for: the one that is open, or a new one.
 * RC_CONFLICT where it does not wait to be paid by card. */
enum rc payment_go(const struct card *card, struct writer *writer, struct arena *arena,
                   const struct card_visit *visit, struct card_way *ret,
                   struct fault *fault) MUST_CHECK;

/* The provider is asked how the latest session of a purchase stands, where that may still be paid.
 * What it says is taken; that it does not answer changes nothing. */
enum rc payment_ask(const struct card *card, struct site *site, struct writer *writer,
                    struct arena *arena, const struct own_sale_wish *wish,
                    struct fault *fault) MUST_CHECK;

enum { CARD_EVENT_MAX = 256 << 10 }; /* bytes of a webhook */
/* A webhook. RC_DENIED where it is not signed as it must be, RC_INVALID where it is and cannot be
 * read; RC_OK also where it is none of ours. */
enum rc card_told(const struct card *card, struct writer *writer, struct arena *arena,
                  struct str payload, struct str signature, struct fault *fault) MUST_CHECK;

/* The thread that does, where this node leads, what webhooks that were lost would have: asks for
 * sessions that wait, a few at once, less often the longer they do; and that sends what is owed to
 * readers who paid by card. */
struct card_rounds;
enum rc card_rounds_open(const struct card *card, struct site *site, struct writer *writer,
                         struct card_rounds **ret, struct fault *fault) MUST_CHECK;
/* Ends the thread, before the writer is closed. NULL is harmless. */
void card_rounds_close(struct card_rounds *rounds);

#endif
