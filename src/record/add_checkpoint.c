#include "record/add_checkpoint.h"

#include "record/merkle.h"

void add_checkpoint_write(struct buf *b, const struct add_checkpoint *a)
{
    buf_printf(b, "old %llu\n", (unsigned long long)a->old_size);
    for (size_t i = 0; i < a->proof_n; i++) {
        base64_add(b, a->proof[i].b, sizeof a->proof[i].b);
        buf_char(b, '\n');
    }
    buf_char(b, '\n');
    buf_str_add(b, a->note);
}

static bool size_parse(struct str s, uint64_t *ret)
{
    return str_to_u64(s, ret) && !(s.n > 1 && s.p[0] == '0') && *ret <= TREE_SIZE_MAX;
}

enum rc add_checkpoint_parse(struct add_checkpoint *ret, struct str body, struct fault *fault)
{
    struct str line;
    size_t n = 0;
    if (body.n > ADD_CHECKPOINT_MAX)
        return fault_set(fault, RC_INVALID, "larger than %d bytes", ADD_CHECKPOINT_MAX);
    if (!str_next(&body, '\n', &line) || !str_starts(line, STR("old ")) ||
        !size_parse(str_sub(line, 4, line.n), &ret->old_size))
        return fault_set(fault, RC_INVALID, "line 1: \"old \" and a size are needed");
    for (;;) {
        if (!str_next(&body, '\n', &line))
            return fault_set(fault, RC_INVALID, "line %zu: the checkpoint is missing", n + 2);
        if (line.n == 0)
            break;
        if (n == ADD_CHECKPOINT_PROOF_MAX)
            return fault_set(fault, RC_INVALID, "line %zu: more than %d hashes", n + 2,
                             ADD_CHECKPOINT_PROOF_MAX);
        if (!base64_decode_exact(line, ret->proof[n].b, sizeof ret->proof[n].b))
            return fault_set(fault, RC_INVALID, "line %zu: no hash in base64", n + 2);
        n++;
    }
    if (body.n == 0)
        return fault_set(fault, RC_INVALID, "line %zu: the checkpoint is missing", n + 3);
    ret->proof_n = n;
    ret->note = body;
    return RC_OK;
}

enum rc tlog_size_parse(struct str body, uint64_t *ret, struct fault *fault)
{
    if (body.n < 2 || body.p[body.n - 1] != '\n' || !size_parse(str_sub(body, 0, body.n - 1), ret))
        return fault_set(fault, RC_INVALID, "no size in decimal, with a newline");
    return RC_OK;
}
