/* What is charged, as people stated it (domain/tax.h). */
#ifndef COLOPHON_STORE_TAX_RATES_H
#define COLOPHON_STORE_TAX_RATES_H

#include "domain/tax.h"
#include "store/store.h"

/* All of a country, whenever they begin; empty: of all. RC_CORRUPT for a kind that nobody knows. */
enum rc tax_rates_of(struct store_conn *conn, struct arena *arena, struct str country,
                     tax_rate_list *ret, struct fault *fault) MUST_CHECK;
/* Within a transaction. One for the same country, region, kind and day takes its place. */
enum rc tax_rate_put(struct store_conn *conn, const struct tax_rate *r, int64_t now,
                     struct fault *fault) MUST_CHECK;

#endif
