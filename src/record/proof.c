#include "record/proof.h"

#include "base/json.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "record/entry.h"
#include "record/merkle.h"

void proof_write(struct buf *b, const struct tlog_proof *proof)
{
    BUF_LIT(b, PROOF_FIRST_LINE "\n");
    if (proof->has_extra) {
        BUF_LIT(b, "extra ");
        base64_add(b, proof->extra.p, proof->extra.n);
        BUF_LIT(b, "\n");
    }
    buf_printf(b, "index %llu\n", (unsigned long long)proof->index);
    for (size_t i = 0; i < proof->n; i++) {
        base64_add(b, proof->path[i].b, sizeof proof->path[i].b);
        BUF_LIT(b, "\n");
    }
    BUF_LIT(b, "\n");
    buf_str_add(b, proof->note);
}

/* ---- reading ---- */

/* Decimal as it is written, and no other way. */
static bool read_number(struct str s, uint64_t *ret)
{
    return str_to_u64(s, ret) && !(s.n > 1 && s.p[0] == '0') && *ret <= TREE_SIZE_MAX;
}

static enum rc read_extra(struct arena *arena, struct str text, struct tlog_proof *ret,
                          struct fault *fault)
{
    char *bytes = arena_alloc(arena, text.n);
    size_t n;
    if (!base64_decode(text, bytes, text.n, &n))
        return fault_set(fault, RC_INVALID, "proof, line 2: what follows \"extra\" is no base64");
    ret->has_extra = true;
    ret->extra = (struct str){bytes, n};
    return RC_OK;
}

static enum rc read_path(struct str *rest, unsigned line_number, struct tlog_proof *ret,
                         struct fault *fault)
{
    struct str line;
    while (str_next(rest, '\n', &line)) {
        line_number++;
        if (line.n == 0) {
            ret->note = *rest;
            return RC_OK;
        }
        if (ret->n == PROOF_HASHES_MAX)
            return fault_set(fault, RC_INVALID, "proof, line %u: more than %d hashes", line_number,
                             PROOF_HASHES_MAX);
        if (!base64_decode_exact(line, ret->path[ret->n++].b, sizeof ret->path[0].b))
            return fault_set(fault, RC_INVALID, "proof, line %u: no hash in base64", line_number);
    }
    return fault_set(fault, RC_INVALID, "proof: no empty line before the checkpoint");
}

enum rc proof_read(struct arena *arena, struct str bytes, struct tlog_proof *ret,
                   struct fault *fault)
{
    struct tlog_proof proof = {0};
    struct str rest = bytes, line;
    unsigned line_number = 2;
    enum rc rc = RC_OK;
    if (bytes.n > PROOF_MAX)
        return fault_set(fault, RC_INVALID, "proof: larger than %d bytes", PROOF_MAX);
    if (!utf8_clean(bytes))
        return fault_set(fault, RC_INVALID, "proof: it is no clean UTF-8");
    if (!str_next(&rest, '\n', &line) || !str_eq(line, STR(PROOF_FIRST_LINE)))
        return fault_set(fault, RC_INVALID,
                         "proof, line 1: it must be \"" PROOF_FIRST_LINE "\", alone");
    bool more = str_next(&rest, '\n', &line);
    if (more && str_starts(line, STR("extra "))) {
        rc = read_extra(arena, str_sub(line, 6, line.n), &proof, fault);
        more = str_next(&rest, '\n', &line);
        line_number++;
    }
    if (rc != RC_OK)
        return rc;
    if (!more || !str_starts(line, STR("index ")) ||
        !read_number(str_sub(line, 6, line.n), &proof.index))
        return fault_set(fault, RC_INVALID, "proof, line %u: it must be \"index\" and a number",
                         line_number);
    rc = read_path(&rest, line_number, &proof, fault);
    if (rc == RC_OK && (proof.note.n == 0 || bytes.p[bytes.n - 1] != '\n'))
        rc = fault_set(fault, RC_INVALID, "proof: no checkpoint, or one that is cut short");
    if (rc == RC_OK)
        *ret = proof;
    return rc;
}

static enum rc check_included(const struct tlog_proof *proof, const struct hash *leaf,
                              const struct checkpoint *checkpoint, struct fault *fault)
{
    return merkle_check_inclusion(leaf, proof->index, checkpoint->size, proof->path, proof->n,
                                  &checkpoint->root) == RC_OK
               ? RC_OK
               : fault_set(fault, RC_INVALID,
                           "the proof does not show that the entry is number %llu of %llu",
                           (unsigned long long)proof->index, (unsigned long long)checkpoint->size);
}

enum rc proof_check(const struct tlog_proof *proof, const struct hash *leaf,
                    const struct note_key *key, struct checkpoint *ret, struct fault *fault)
{
    struct checkpoint checkpoint;
    enum rc rc = checkpoint_verify(&checkpoint, proof->note, key, fault);
    if (rc == RC_OK)
        rc = check_included(proof, leaf, &checkpoint, fault);
    if (rc == RC_OK)
        *ret = checkpoint;
    return rc;
}

enum rc proof_check_keys(const struct tlog_proof *proof, const struct hash *leaf,
                         const struct key_chain *keys, struct checkpoint *ret, struct fault *fault)
{
    struct checkpoint checkpoint;
    enum rc rc = key_chain_verify(&checkpoint, proof->note, keys, fault);
    if (rc == RC_OK)
        rc = check_included(proof, leaf, &checkpoint, fault);
    if (rc == RC_OK)
        *ret = checkpoint;
    return rc;
}

/* ---- receipts ---- */

enum rc receipt_write(struct buf *b, const struct receipt *receipt, struct fault *fault)
{
    const struct opening *o = &receipt->opening;
    BUF_AUTO extra = BUF_INIT(PROOF_MAX);
    buf_char(&extra, '{');
    json_text_int(&extra, "v", 1);
    json_text_bare(&extra, "entry", receipt->entry);
    if (o->domain.n > 0) {
        json_text_bare(&extra, "domain", o->domain);
        json_text_name(&extra, "salt");
        buf_char(&extra, '"');
        hex_add(&extra, o->salt, sizeof o->salt);
        buf_char(&extra, '"');
        if (o->has_content && utf8_valid(o->content, NULL))
            json_text_bare(&extra, "content", o->content);
    }
    buf_char(&extra, '}');
    struct tlog_proof proof = receipt->proof;
    proof.has_extra = true;
    proof.extra = buf_str(&extra);
    proof_write(b, &proof);
    if (buf_check(&extra) != RC_OK || buf_check(b) != RC_OK)
        return fault_set(fault, RC_LIMIT, "the receipt is too large");
    return RC_OK;
}

static enum rc read_opening(struct arena *arena, const json_t *json, struct opening *ret,
                            struct fault *fault)
{
    const json_t *content = json_object_get(json, "content");
    struct str salt = json_member_str(json, "salt");
    ret->domain = arena_str(arena, json_member_str(json, "domain"));
    if (ret->domain.n == 0 && (json_object_get(json, "domain") != NULL ||
                               json_object_get(json, "salt") != NULL || content != NULL))
        return fault_set(fault, RC_INVALID, "receipt: domain, salt and content go together");
    if (ret->domain.n == 0)
        return RC_OK;
    if (!utf8_clean(ret->domain) || !hex_decode(salt, ret->salt, sizeof ret->salt))
        return fault_set(fault, RC_INVALID, "receipt: the salt is no 32 bytes in hexadecimal");
    if (content != NULL && !json_is_string(content))
        return fault_set(fault, RC_INVALID, "receipt: the content is no text");
    ret->has_content = content != NULL;
    if (ret->has_content)
        ret->content = arena_str(arena, json_member_str(json, "content"));
    return RC_OK;
}

enum rc receipt_read(struct arena *arena, struct str bytes, struct receipt *ret,
                     struct fault *fault)
{
    static const char *const members[] = {"v", "entry", "domain", "salt", "content"};
    struct receipt receipt = {0};
    JSON_AUTO *json = NULL;
    size_t known = 0;
    int64_t version;
    enum rc rc = proof_read(arena, bytes, &receipt.proof, fault);
    if (rc == RC_OK && !receipt.proof.has_extra)
        rc = fault_set(fault, RC_INVALID, "there is none with the entry in it");
    if (rc == RC_OK && !utf8_valid(receipt.proof.extra, NULL))
        rc = fault_set(fault, RC_INVALID, "it is no UTF-8");
    if (rc == RC_OK)
        rc = json_read(receipt.proof.extra, &json, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "the extra of the receipt");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        known += json_object_get(json, members[i]) != NULL;
    if (!json_is_object(json) || known != json_object_size(json) ||
        !json_member_int(json, "v", &version) || version != 1)
        return fault_set(fault, RC_INVALID, "receipt: not of the form this program knows (v 1)");
    receipt.entry = arena_str(arena, json_member_str(json, "entry"));
    if (receipt.entry.n == 0 || receipt.entry.n > ENTRY_MAX)
        return fault_set(fault, RC_INVALID, "receipt: no entry");
    rc = read_opening(arena, json, &receipt.opening, fault);
    if (rc == RC_OK)
        *ret = receipt;
    return rc;
}

enum rc receipt_opens(const struct receipt *receipt, const struct str *content, struct fault *fault)
{
    const struct opening *o = &receipt->opening;
    BUF_AUTO quoted = BUF_INIT(80);
    if (o->domain.n == 0)
        return fault_set(fault, RC_NOT_FOUND, "the receipt holds nothing that opens a commitment");
    if (content == NULL && !o->has_content)
        return fault_set(fault, RC_NOT_FOUND,
                         "the receipt holds the salt alone; the content must be given");
    struct hash made = commitment_make(o->domain, o->salt, content != NULL ? *content : o->content);
    buf_char(&quoted, '"');
    hex_add(&quoted, made.b, sizeof made.b);
    buf_char(&quoted, '"');
    if (str_find_str(receipt->entry, buf_str(&quoted)) == receipt->entry.n)
        return fault_set(fault, RC_INVALID,
                         "the content is not the one that the entry is a commitment to");
    return RC_OK;
}
