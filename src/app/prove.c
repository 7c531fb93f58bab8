#include "app/prove.h"

#include "record/proof.h"

enum rc entry_prove(struct store_conn *conn, struct tile_trees *trees, struct arena *arena,
                    enum public_log log, uint64_t index, const struct proof_opening *opening,
                    struct str *ret, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(PROOF_MAX);
    struct published_entry entry;
    struct receipt receipt = {0};
    enum rc rc = publication_entry(conn, trees, arena, log, index, &entry, fault);
    if (rc != RC_OK)
        return rc;
    receipt.entry = entry.json;
    receipt.proof.index = entry.index;
    receipt.proof.note = entry.note;
    receipt.proof.n = entry.path.n;
    if (entry.path.n > PROOF_HASHES_MAX)
        return fault_set(fault, RC_LIMIT, "the proof is too long");
    if (entry.path.n > 0)
        memcpy(receipt.proof.path, entry.path.v, entry.path.n * sizeof *entry.path.v);
    if (opening != NULL) {
        receipt.opening.domain = opening->domain;
        memcpy(receipt.opening.salt, opening->salt, sizeof receipt.opening.salt);
        receipt.opening.has_content = opening->content.n > 0;
        receipt.opening.content = opening->content;
    }
    rc = receipt_write(&text, &receipt, fault);
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&text));
    return rc;
}
