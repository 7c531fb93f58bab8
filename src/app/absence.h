/* What is withheld from a work in a storefront, or that nothing is, as a proof that
 * stands for itself (record/absence.h). */
#ifndef COLOPHON_APP_ABSENCE_H
#define COLOPHON_APP_ABSENCE_H

#include "app/site.h"
#include "domain/absence.h"

/* The work that an ISBN-13 is an edition of. */
enum rc absence_work(struct store_conn *conn, struct str isbn13, uint64_t *ret,
                     struct fault *fault) MUST_CHECK;

/* A proof is never larger, in bytes. */
#define ABSENCE_PROOF_MAX (8u << 20)

struct absence_maker; /* shared by threads */
struct absence_maker *absence_maker_new(void);
void absence_maker_free(struct absence_maker *maker);

/* `ret` is the proof's JSON, `ret_result` what it proves (in the arena). RC_NOT_FOUND
 * for a work or storefront that never was; RC_BUSY where no head carries the map yet. In a
 * snapshot of `conn`. */
enum rc absence_make(struct absence_maker *maker, struct store_conn *conn, struct arena *arena,
                     struct str storefront, uint64_t work, struct str *ret,
                     struct absence_result *ret_result, struct fault *fault) MUST_CHECK;

#endif
