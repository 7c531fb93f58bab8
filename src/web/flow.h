/* The bytes of an answer that come from a remote store while it is sent: a piece of them at a time
 * lies in memory, however long the file and however slow its reader. */
#ifndef COLOPHON_WEB_FLOW_H
#define COLOPHON_WEB_FLOW_H

#include <stdatomic.h>

#include "app/cover.h"

enum {
    FLOW_PIECE = 256 << 10,
    FLOWS_MAX = 256, /* at once: so 64 MB of pieces */
};

struct flow;

/* `n` bytes of the source from `at` on, of which the first piece is there; the source is the
 * flow's from here on, also where it fails: RC_BUSY where too many are under way already, which
 * `under_way` counts, or as file_source_read fails. `told`: they are counted, not sent. */
enum rc flow_new(atomic_uint *under_way, struct file_source *source, uint64_t at, uint64_t n,
                 bool told, struct flow **ret, struct fault *fault) MUST_CHECK;
void flow_free(struct flow *flow);

/* What is there from the flow's byte `at` on, at most `room`; 0: flow_fetch has to bring it. */
size_t flow_take(struct flow *flow, uint64_t at, char *to, size_t room);
/* The piece that was asked for last: waits for the store. False: it does not come. */
bool flow_fetch(struct flow *flow);

/* Whoever sends it says how a piece is waited for: true where `await` has begun to, false where
 * nobody can; then, and where flow_fetch failed, the answer ends short. */
struct flow_sender {
    bool (*await)(void *context);
    void *context;
};
void flow_sent_by(struct flow *flow, const struct flow_sender *sender);
bool flow_await(struct flow *flow);
bool flow_failed(const struct flow *flow);

#endif
