/* Inside app/: what the makers of shown types share. */
#ifndef COLOPHON_APP_SHOWN_PARTS_H
#define COLOPHON_APP_SHOWN_PARTS_H

#include "app/shown.h"

/* "paperback", "hardback", "ebook", "audio", "other": the index's facet too. */
struct str shown_form(const struct edition *e);
struct market shown_market(const struct storefront *storefront, int64_t now);
enum rc shown_stars_load(const struct visit *visit, uint64_t work, const struct visibility *v,
                         struct shown_stars *ret, struct fault *fault) MUST_CHECK;

#endif
