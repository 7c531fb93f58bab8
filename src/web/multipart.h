/* Forms with files (multipart/form-data), read by libmicrohttpd's post processor as they
 * come in. What is wrong with one is kept and said by whoever wanted the form; whatever
 * comes after it is not looked at. */
#ifndef COLOPHON_WEB_MULTIPART_H
#define COLOPHON_WEB_MULTIPART_H

#include <microhttpd.h>

#include "web/request.h"

struct multipart;
/* NULL where the request's Content-Type is another one. At most `max` bytes are read. Files go
 * to `folder`, which lives as long as the request; NULL: they are kept in memory. */
struct multipart *multipart_new(struct MHD_Connection *connection, const struct request *request,
                                uint64_t max, const char *folder);
void multipart_add(struct multipart *m, const char *bytes, size_t n);
/* All of it is here: fills in the request's form, which stays this one's. */
void multipart_end(struct multipart *m, struct request *request);
void multipart_free(struct multipart *m); /* NULL is harmless */

/* Whether a Content-Type is that of such a form, and names a boundary as RFC 2046 has it. */
bool multipart_type(struct str content_type, bool *ret_good);

#endif
