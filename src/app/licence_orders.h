/* What is to be stated of licences, as it is typed at the desk or the command line. Pure. */
#ifndef COLOPHON_APP_LICENCE_ORDERS_H
#define COLOPHON_APP_LICENCE_ORDERS_H

#include "base/fault.h"
#include "domain/licence.h"

/* Lists are words with commas between; days as 2026-12-31, and `until` is the last of them, UTC. */
struct licence_words {
    struct str country, kind, authority, holder, number, activities, formats, status, from, until;
};
/* RC_INVALID begins with the field's name. Texts in `ret` are the words'. */
enum rc licence_words_read(const struct licence_words *w, struct licence *ret,
                           struct fault *fault) MUST_CHECK;
/* The same for what changes: status and days, as they are where they are not given. */
enum rc licence_change_read(const struct licence_words *w, uint64_t id, struct licence *ret,
                            struct fault *fault) MUST_CHECK;

struct licence_need_words {
    struct str country, formats, activity, need, kind, source, read;
};
enum rc licence_need_read(const struct licence_need_words *w, struct licence_need *ret,
                          struct fault *fault) MUST_CHECK;

#endif
