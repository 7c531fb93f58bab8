/* Inside app/: what the makers of shown types share. */
#ifndef COLOPHON_APP_SHOWN_PARTS_H
#define COLOPHON_APP_SHOWN_PARTS_H

#include "app/shown.h"

/* "paperback", "hardback", "ebook", "audio", "other": the index's facet too. */
struct str shown_form(const struct edition *e);
/* Title and key of one of the work's editions that may be listed here, so that it
 * can be named. Where there is none the title stays empty: the key alone leads to
 * what is the reader's own. */
enum rc shown_work_name(const struct visit *visit, uint64_t work, struct str *ret_key,
                        struct str *ret_title, struct fault *fault) MUST_CHECK;
struct market shown_market(const struct storefront *storefront, int64_t now);
enum rc shown_stars_load(const struct visit *visit, uint64_t work, const struct visibility *v,
                         struct shown_stars *ret, struct fault *fault) MUST_CHECK;
/* Each restriction that withholds one of these works (ascending) or editions by
 * `feature` here, once; at most 50. */
enum rc shown_withholders(const struct visit *visit, enum feature feature, struct work_set works,
                          const uint64_t *editions, size_t edition_n, shown_slips *ret,
                          struct fault *fault) MUST_CHECK;
/* Works one of whose editions is withheld here by itself: ascending. */
struct work_set shown_partly(const struct visit *visit, enum feature feature);

#endif
