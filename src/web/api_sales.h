/* What is sold, as JSON: the API's, and what commands print. Money is in the smallest unit of its
 * currency. New references all. */
#ifndef COLOPHON_WEB_API_SALES_H
#define COLOPHON_WEB_API_SALES_H

#include "app/sales_own.h"
#include "web/api.h"

json_t *api_sales_order(const struct sales_order_row *o);
/* The order with its lines, and what happened to it; what staff noted for staff alone where
 * `notes`. */
json_t *api_sales_view(const struct sales_view *v, bool notes);
/* And its papers, and what was sent of it. */
json_t *api_sales_whole(struct arena *arena, const struct sales_view *v, const paper_list *papers,
                        const shipped_lines *shipped, bool notes);
/* A purchase for whoever bought. */
json_t *api_own_purchase(struct context *c, const struct own_purchase *bought);
/* null where there is none. */
json_t *api_postal(const struct postal *postal);
/* What was stated of an order (app/sales_returns.h); the buyer's words where `words`. */
json_t *api_returns(const sales_returns *stated, bool words);
/* "parts": so many of each line. RC_INVALID for what is none. */
enum rc api_parts(const struct context *c, const json_t *json, sales_parts *ret,
                  struct fault *fault) MUST_CHECK;
/* "once": what makes a request that is sent twice one. RC_INVALID where it is not there. */
enum rc api_once(const struct context *c, const json_t *json, struct str *ret,
                 struct fault *fault) MUST_CHECK;

#endif
