/* Inside web/: an answer between its beginning and its end. Most are made at once;
 * what changes something waits for its write without a thread, a worker or a
 * database connection: all there is of it meanwhile lies in the request's arena. */
#ifndef COLOPHON_WEB_ANSWERING_H
#define COLOPHON_WEB_ANSWERING_H

#include "app/voice.h"
#include "web/server.h"
#include "web/workers.h"

enum { BODY_MAX = 4 << 20, BODY_USUAL = 40 << 10 };

struct answering {
    struct later later; /* first: it is what http.h gives back */
    struct context c;
    struct response response;
    struct str language; /* what the worker had lent */
    enum rc rc;
    struct voice_made made;
    struct fault fault;
    void (*come)(void *exchange, bool at_once);
    void *exchange;
};

/* The worker goes back to the others. */
void answering_give_worker(struct answering *a);
/* The view goes; nothing more is made from it. */
void answering_end(struct answering *a);
/* The finished answer, with which it ends. */
struct reply *answering_seal(struct answering *a, bool kept);
/* The answer once c.write is written, or could not be. */
struct later *answering_later(struct answering *a);

enum { RETRY_AFTER = 2 }; /* seconds, with a 503 */

/* The answer of the request's handler, or its refusal (context.c); false where it waits
 * for a write. */
bool respond(struct context *c, struct response *ret);
/* What context.c and server.c have for it. */
struct str record_head(const struct context *c);
struct str record_head_of(struct arena *arena, uint64_t size, const struct hash *root);
void conclude(struct context *c, enum rc rc, struct response *ret, struct fault *fault);
void settle_caching(const struct context *c, struct response *ret);
struct reply *refusal(struct server *s, struct request *request, int status, const char *reason);

#endif
