/* What the API's handlers share, with each other and with commands that print
 * the same. */
#ifndef COLOPHON_WEB_API_H
#define COLOPHON_WEB_API_H

#include <jansson.h>

#include "app/follow.h"
#include "app/restriction_view.h"
#include "web/server.h"

/* Takes the JSON, which becomes the body. */
void api_answer(struct response *ret, json_t *json);

/* The body, which has to be an object; the caller's. Else the answer is 400. */
enum rc api_object(struct context *c, json_t **ret, struct fault *fault) MUST_CHECK;

/* null where there is nothing. */
json_t *api_text(struct str s);
json_t *api_date(int32_t date); /* a day, a month or a year, as far as it is known */
/* What the record says, in its codes; and what stands beside the edition. */
void api_fill_facts(json_t *json, const struct edition *e);
void api_fill_neighbours(json_t *json, const struct shown_neighbours *n);

/* What there is, in works: found = shown + withheld, withheld = the sum of `by` + others. */
json_t *api_works(uint64_t shown, const struct shown_withheld *w);
/* What somebody follows, as GET /api/v1/following lists it. */
json_t *api_followed_list(const followed_list *list);

/* The viewer's demands, the newest first, as GET /api/v1/demands/mine lists them; the caller's. */
enum rc api_own_demand_list(struct context *c, size_t room, json_t **ret,
                            struct fault *fault) MUST_CHECK;
/* A published demand as GET /api/v1/demands shows it. */
json_t *api_demand(const struct demand_view *d);
struct licences;
/* All that the Record says of licences, as GET /api/v1/record/licences shows it; the caller's. */
json_t *api_licences(const struct licences *all, int64_t now);
/* A restriction as GET /api/v1/restrictions and `restriction list` show it. */
json_t *api_restriction(const struct restriction_view *v);

#endif
