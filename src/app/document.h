/* Inside app/: papers as files (files/files.h), under names that say nothing. */
#ifndef COLOPHON_APP_DOCUMENT_H
#define COLOPHON_APP_DOCUMENT_H

#include "app/demand.h"
#include "store/demands.h"

/* What kind of paper the bytes are; RC_INVALID for neither PDF nor plain text. An
 * empty one is none: the type stays empty. */
enum rc document_type(const char *what, struct str bytes, struct str *ret,
                      struct fault *fault) MUST_CHECK;
/* Durable when it returns, before the row that names it; an empty paper makes none. */
enum rc document_put(struct site *site, struct arena *arena, const char *what,
                     const struct paper *paper, struct paper_row *ret,
                     struct fault *fault) MUST_CHECK;
/* Where no row came to name it. */
void document_forget(struct site *site, const struct paper_row *row);
enum rc document_get(struct site *site, struct arena *arena, const struct paper_row *row,
                     struct str *ret, struct fault *fault) MUST_CHECK;

#endif
