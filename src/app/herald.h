/* The thread that queues the letters about what is new of what readers follow (follow.h), where
 * this node leads: one a day at most to each who asked for it. It waits until the catalogue rests,
 * so that a feed that is being imported is told of whole. */
#ifndef COLOPHON_APP_HERALD_H
#define COLOPHON_APP_HERALD_H

#include "app/gate.h"
#include "app/writer.h"
#include "base/json.h"

struct herald;
enum rc herald_open(struct site *site, struct gate *gate, struct writer *writer,
                    struct herald **ret, struct fault *fault) MUST_CHECK;
/* Ends the thread, before the writer is closed. NULL is harmless. */
void herald_close(struct herald *herald);

enum { NEWS_LETTER_TITLES = 20 }; /* of one letter; the page has the rest */
/* Editions that a letter did not tell of. */
struct news_dropped {
    uint64_t v[NEWS_LETTER_TITLES];
    size_t n;
};
/* The gate is asked again when such a letter is sent: takes out of its values what is withheld
 * by then. How many titles are left: without any it is not sent. */
size_t news_letter_pass(const struct gate_view *view, json_t *values, struct news_dropped *ret);

#endif
