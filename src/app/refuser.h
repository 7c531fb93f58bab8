/* Signs what the shop refuses (record/refusal.h) with a key that signs nothing else:
 * DIR/refusals.key, made where there is none. The keys of all nodes and of all times
 * are published (refusal_list.h). */
#ifndef COLOPHON_APP_REFUSER_H
#define COLOPHON_APP_REFUSER_H

#include "app/site.h"
#include "app/writer.h"

struct refuser;

enum rc refuser_open(struct site *site, struct refuser **ret, struct fault *fault) MUST_CHECK;
void refuser_close(struct refuser *refuser); /* harmless with NULL */

/* Has the Record name the key, where it does not yet; waits for it, but not for long. */
void refuser_declare(struct refuser *refuser, struct writer *writer); /* harmless with NULL */

/* The list of keys (record/refusal_keys.h); of a shop whose server never ran: empty. */
enum rc refuser_keys(struct site *site, struct arena *arena, struct str *ret,
                     struct fault *fault) MUST_CHECK;

struct refused {
    const char *reason; /* "rate-limit": lower-case letters and hyphens */
    unsigned status;
    const char *method;
    struct str path;        /* as sent */
    const struct str *sent; /* the body; NULL: it was not read */
    uint64_t restriction;   /* that stood in the way; 0: none */
};
/* The statement, in the arena; empty where it would be too long. Any thread. */
struct str refuser_sign(const struct refuser *refuser, struct arena *arena,
                        const struct refused *refused);

#endif
