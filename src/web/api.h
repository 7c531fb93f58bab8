/* What the API's handlers share, with each other and with commands that print
 * the same. */
#ifndef COLOPHON_WEB_API_H
#define COLOPHON_WEB_API_H

#include <jansson.h>

#include "app/restrict.h"
#include "web/server.h"

/* Takes the JSON, which becomes the body. */
void api_answer(struct response *ret, json_t *json);

/* null where there is nothing. */
json_t *api_text(struct str s);
json_t *api_time(int64_t t);

/* A restriction as GET /api/v1/restrictions and `restriction list` show it. */
json_t *api_restriction(const struct restriction_view *v);

#endif
