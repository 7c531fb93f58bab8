/* "Something wrong?": what anybody points out on a title's page reaches the desk of the shop
 * whose record readers are shown there. What they wrote, and their address, are erased once it
 * is done, and after HINT_DAYS in any case. */
#ifndef COLOPHON_APP_HINTS_H
#define COLOPHON_APP_HINTS_H

#include "app/partner.h"
#include "app/shown.h"
#include "app/writer.h"
#include "domain/hint.h"

struct hint_order {
    struct str what, words, address; /* as they are typed; the address may be empty */
};
/* About an edition that the visitor is shown. RC_INVALID names the field; RC_CONFLICT where its
 * shop has been told of more than it has looked at. */
enum rc hint_put(struct writer *writer, const struct visit *visit, const struct shown_edition *e,
                 const struct hint_order *order, struct fault *fault) MUST_CHECK;

/* ---- for the desk of the shop ---- */

/* One, with its title; empty where the shop has no record of it any more. */
struct hint_line {
    struct hint hint;
    struct str title, language;
};
typedef LIST(struct hint_line) hint_lines;

enum rc hints_open(struct store_conn *conn, const struct partner_shop *shop, uint64_t *ret,
                   struct fault *fault) MUST_CHECK;
/* The open ones, the first first; or those that are done, the last first. */
enum rc hints_read(struct site *site, struct arena *arena, const struct partner_shop *shop,
                   bool done, size_t room, hint_lines *ret, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where it is not one of the shop's that are open. */
enum rc hint_done(struct writer *writer, const struct viewer *viewer,
                  const struct partner_shop *shop, uint64_t id, struct fault *fault) MUST_CHECK;
/* So all that are open up to that one, the last they were shown; or those of them that ask for no
 * answer. */
enum rc hints_done(struct writer *writer, const struct viewer *viewer,
                   const struct partner_shop *shop, uint64_t last, bool unanswered,
                   struct fault *fault) MUST_CHECK;

/* Within a write transaction: ends those that grew old. */
enum rc hints_expire(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
