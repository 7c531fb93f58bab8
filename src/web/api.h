/* Inside web/: what the API's handlers share. */
#ifndef COLOPHON_WEB_API_H
#define COLOPHON_WEB_API_H

#include <jansson.h>

#include "web/server.h"

/* Takes the JSON, which becomes the body. */
void api_answer(struct response *ret, json_t *json);

#endif
