#include "web/flow.h"

#include <stdlib.h>

/* One thread at a time has it: who sends it, or, while that waits, who fetches. */
struct flow {
    atomic_uint *under_way;
    struct file_source *source;
    uint64_t begins, bytes; /* in the source; of all of it */
    uint64_t at;            /* of the piece, counted from where it begins */
    struct buf piece;
    struct flow_sender sender;
    bool failed;
};

enum rc flow_new(atomic_uint *under_way, struct file_source *source, uint64_t at, uint64_t n,
                 bool told, struct flow **ret, struct fault *fault)
{
    struct flow *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    *f = (struct flow){.under_way = under_way,
                       .source = source,
                       .begins = at,
                       .bytes = n,
                       .piece = BUF_INIT(FLOW_PIECE)};
    enum rc rc = RC_OK;
    if (atomic_fetch_add(under_way, 1) >= FLOWS_MAX)
        rc = fault_set(fault, RC_BUSY, "%d files are being sent already; try again in some seconds",
                       FLOWS_MAX);
    if (rc == RC_OK && !told)
        rc =
            file_source_read(source, at, n < FLOW_PIECE ? (size_t)n : FLOW_PIECE, &f->piece, fault);
    if (rc == RC_OK)
        *ret = f;
    else
        flow_free(f);
    return rc;
}

void flow_free(struct flow *f)
{
    if (f == NULL)
        return;
    atomic_fetch_sub(f->under_way, 1);
    file_source_close(f->source);
    buf_free(&f->piece);
    free(f);
}

size_t flow_take(struct flow *f, uint64_t at, char *to, size_t room)
{
    if (at < f->at || at - f->at >= f->piece.n) {
        buf_free(&f->piece); /* nobody asks for it again */
        f->piece = BUF_INIT(FLOW_PIECE);
        f->at = at;
        return 0;
    }
    struct str left = str_sub(buf_str(&f->piece), (size_t)(at - f->at), f->piece.n);
    size_t n = left.n < room ? left.n : room;
    memcpy(to, left.p, n);
    return n;
}

bool flow_fetch(struct flow *f)
{
    uint64_t left = f->bytes - f->at;
    size_t n = left < FLOW_PIECE ? (size_t)left : FLOW_PIECE;
    f->failed =
        n == 0 || file_source_read(f->source, f->begins + f->at, n, &f->piece, NULL) != RC_OK;
    return !f->failed;
}

void flow_sent_by(struct flow *f, const struct flow_sender *sender)
{
    f->sender = *sender;
}

bool flow_await(struct flow *f)
{
    return !f->failed && f->sender.await != NULL && f->sender.await(f->sender.context);
}

bool flow_failed(const struct flow *f)
{
    return f->failed;
}
