#include "record/note.h"

#include <sodium.h>

#include "base/utf8.h"
#include "record/merkle.h"

enum { SEED_SIZE = 32 };

bool note_name_valid(struct str name)
{
    uint32_t c;
    struct str rest = name;
    if (name.n == 0 || !utf8_clean(name))
        return false;
    while (utf8_next(&rest, &c))
        if (c <= ' ' || c == '+' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
            c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0x85)
            return false;
    return true;
}

static uint32_t read_id(const uint8_t b[4])
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

uint32_t note_key_id(struct str name, uint8_t type, const uint8_t public_key[32])
{
    struct str const parts[] = {
        name, STR("\n"), {(const char *)&type, 1}, {(const char *)public_key, 32}};
    struct hash h = sha256_parts(parts, 4);
    return read_id(h.b);
}

static uint32_t key_id(struct str name, const uint8_t public_key[32])
{
    return note_key_id(name, NOTE_ED25519, public_key);
}

static void signer_from_seed(struct note_signer *ret, struct str name, const uint8_t *seed)
{
    ret->key.name = name;
    crypto_sign_seed_keypair(ret->key.public_key, ret->secret, seed);
    ret->key.id = key_id(name, ret->key.public_key);
}

enum rc note_signer_generate(struct note_signer *ret, struct str name, struct fault *fault)
{
    uint8_t seed[SEED_SIZE];
    if (!note_name_valid(name))
        return fault_set(fault, RC_INVALID, "a key's name may hold no space and no '+'");
    random_bytes(seed, sizeof seed);
    signer_from_seed(ret, name, seed);
    sodium_memzero(seed, sizeof seed);
    return RC_OK;
}

void note_signer_clear(struct note_signer *signer)
{
    sodium_memzero(signer, sizeof *signer);
}

enum rc note_key_parts(struct str text, struct str *ret_name, uint32_t *ret_id, uint8_t *ret_type,
                       uint8_t ret_bytes[32], struct fault *fault)
{
    uint8_t id[4], bytes[33];
    size_t first = str_find(text, '+');
    struct str rest = str_sub(text, first + 1, text.n);
    size_t second = str_find(rest, '+');
    struct str name = str_sub(text, 0, first);
    if (!note_name_valid(name) || !hex_decode(str_sub(rest, 0, second), id, sizeof id) ||
        !base64_decode_exact(str_sub(rest, second + 1, rest.n), bytes, sizeof bytes))
        return fault_set(fault, RC_INVALID, "no key of the form name+id+base64");
    *ret_name = name;
    *ret_id = read_id(id);
    *ret_type = bytes[0];
    memcpy(ret_bytes, bytes + 1, 32);
    sodium_memzero(bytes, sizeof bytes);
    return RC_OK;
}

void note_key_parts_add(struct buf *b, struct str name, uint32_t id, uint8_t type,
                        const uint8_t bytes[32])
{
    uint8_t all[33] = {type};
    memcpy(all + 1, bytes, 32);
    buf_printf(b, "%.*s+%08x+", STR_ARG(name), id);
    base64_add(b, all, sizeof all);
    sodium_memzero(all, sizeof all);
}

/* The same of a log's key. */
static enum rc parse_key(struct str text, struct str *ret_name, uint32_t *ret_id,
                         uint8_t ret_bytes[32], struct fault *fault)
{
    uint8_t type;
    enum rc rc = note_key_parts(text, ret_name, ret_id, &type, ret_bytes, fault);
    if (rc == RC_OK && type != NOTE_ED25519)
        rc = fault_set(fault, RC_INVALID, "key type %u is not Ed25519", type);
    return rc;
}

enum rc note_signer_parse(struct note_signer *ret, struct str text, struct fault *fault)
{
    static const char head[] = "PRIVATE+KEY+";
    struct note_signer signer;
    struct str name;
    uint32_t id;
    uint8_t bytes[SEED_SIZE];
    if (!str_starts(text, str_of(head)))
        return fault_set(fault, RC_INVALID, "no signing key: it must begin with %s", head);
    enum rc rc = parse_key(str_sub(text, sizeof head - 1, text.n), &name, &id, bytes, fault);
    if (rc == RC_OK) {
        signer_from_seed(&signer, name, bytes);
        if (signer.key.id != id)
            rc = fault_set(fault, RC_INVALID, "the signing key's id does not fit it");
        else
            *ret = signer;
    }
    sodium_memzero(bytes, sizeof bytes);
    return rc;
}

void note_signer_add(struct buf *b, const struct note_signer *signer)
{
    uint8_t seed[SEED_SIZE];
    crypto_sign_ed25519_sk_to_seed(seed, signer->secret);
    BUF_LIT(b, "PRIVATE+KEY+");
    note_key_parts_add(b, signer->key.name, signer->key.id, NOTE_ED25519, seed);
    sodium_memzero(seed, sizeof seed);
}

enum rc note_signer_rename(struct note_signer *ret, const struct note_signer *signer,
                           struct str name, struct fault *fault)
{
    uint8_t seed[SEED_SIZE];
    if (!note_name_valid(name))
        return fault_set(fault, RC_INVALID, "a key's name may hold no space and no '+'");
    crypto_sign_ed25519_sk_to_seed(seed, signer->secret);
    signer_from_seed(ret, name, seed);
    sodium_memzero(seed, sizeof seed);
    return RC_OK;
}

enum rc note_key_parse(struct note_key *ret, struct str vkey, struct fault *fault)
{
    struct note_key key;
    enum rc rc = parse_key(str_trim(vkey), &key.name, &key.id, key.public_key, fault);
    if (rc != RC_OK)
        return rc;
    if (key_id(key.name, key.public_key) != key.id)
        return fault_set(fault, RC_INVALID, "the key's id does not fit it");
    *ret = key;
    return RC_OK;
}

void note_key_add(struct buf *b, const struct note_key *key)
{
    note_key_parts_add(b, key->name, key->id, NOTE_ED25519, key->public_key);
}

/* ---- checkpoints ---- */

void note_sign_bytes(uint8_t ret[64], struct str text, const struct note_signer *signer)
{
    crypto_sign_detached(ret, NULL, (const uint8_t *)text.p, text.n, signer->secret);
}

bool note_check_bytes(const uint8_t signature[64], struct str text, const struct note_key *key)
{
    return crypto_sign_verify_detached(signature, (const uint8_t *)text.p, text.n,
                                       key->public_key) == 0;
}

void note_sign_line(struct buf *b, struct str text, const struct note_signer *signer)
{
    uint8_t signature[crypto_sign_BYTES];
    note_sign_bytes(signature, text, signer);
    note_line_add(b, signer->key.name, signer->key.id, signature, sizeof signature);
}

void note_sign(struct buf *b, struct str text, const struct note_signer *signer)
{
    buf_str_add(b, text);
    if (b->failed)
        return;
    BUF_LIT(b, "\n");
    note_sign_line(b, text, signer);
}

void checkpoint_text(struct buf *b, const struct checkpoint *c)
{
    buf_printf(b, "%.*s\n%llu\n", STR_ARG(c->origin), (unsigned long long)c->size);
    base64_add(b, c->root.b, sizeof c->root.b);
    BUF_LIT(b, "\n");
}

void checkpoint_sign(struct buf *b, const struct checkpoint *c, const struct note_signer *signer)
{
    BUF_AUTO text = BUF_INIT(NOTE_MAX);
    checkpoint_text(&text, c);
    note_sign(b, buf_str(&text), signer);
}

void note_line_add(struct buf *b, struct str name, uint32_t id, const void *bytes, size_t n)
{
    BUF_AUTO payload = BUF_INIT(4096);
    buf_be(&payload, id, 4);
    buf_add(&payload, bytes, n);
    buf_printf(b, "\xE2\x80\x94 %.*s ", STR_ARG(name));
    base64_add(b, payload.p, payload.n);
    BUF_LIT(b, "\n");
}

enum rc checkpoint_parse_text(struct checkpoint *ret, struct str text, struct fault *fault)
{
    struct str size, root, extension;
    if (!str_next(&text, '\n', &ret->origin) || !str_next(&text, '\n', &size) ||
        !str_next(&text, '\n', &root))
        return fault_set(fault, RC_INVALID, "checkpoint: three lines are needed");
    if (ret->origin.n == 0)
        return fault_set(fault, RC_INVALID, "checkpoint: no origin");
    if (!str_to_u64(size, &ret->size) || (size.n > 1 && size.p[0] == '0') ||
        ret->size > TREE_SIZE_MAX)
        return fault_set(fault, RC_INVALID, "checkpoint: the size is no number");
    if (!base64_decode_exact(root, ret->root.b, sizeof ret->root.b))
        return fault_set(fault, RC_INVALID, "checkpoint: the root is no hash");
    while (str_next(&text, '\n', &extension))
        if (extension.n == 0)
            return fault_set(fault, RC_INVALID, "checkpoint: an empty line");
    return RC_OK;
}

enum rc note_line_parse(struct note_line *ret, struct str line, struct fault *fault)
{
    static const char dash[] = "\xE2\x80\x94 ";
    uint8_t bytes[4096];
    size_t n;
    if (!str_starts(line, str_of(dash)))
        return fault_set(fault, RC_INVALID, "note: a signature line must begin with a dash");
    line = str_sub(line, sizeof dash - 1, line.n);
    size_t space = str_find(line, ' ');
    struct str name = str_sub(line, 0, space), payload = str_sub(line, space + 1, line.n);
    if (!note_name_valid(name) || !base64_decode(payload, bytes, sizeof bytes, &n) || n < 5)
        return fault_set(fault, RC_INVALID, "note: a malformed signature line");
    ret->name = name;
    ret->id = read_id(bytes);
    ret->n = n - 4;
    memcpy(ret->bytes, bytes + 4, n - 4);
    return RC_OK;
}

/* RC_NOT_FOUND for somebody else's. */
static enum rc check_signature(struct str line, struct str text, const struct note_key *key,
                               struct fault *fault)
{
    struct note_line parsed;
    enum rc rc = note_line_parse(&parsed, line, fault);
    if (rc != RC_OK)
        return rc;
    if (parsed.id != key->id || !str_eq(parsed.name, key->name))
        return RC_NOT_FOUND;
    if (parsed.n != crypto_sign_BYTES || !note_check_bytes(parsed.bytes, text, key))
        return fault_set(fault, RC_INVALID, "note: the signature of %.*s is bad",
                         STR_ARG(key->name));
    return RC_OK;
}

enum rc note_split(struct str note, struct str *ret_text, struct str *ret_lines,
                   struct fault *fault)
{
    if (note.n > NOTE_MAX)
        return fault_set(fault, RC_INVALID, "note: larger than %d bytes", NOTE_MAX);
    if (!utf8_valid(note, NULL) || note.n == 0 || note.p[note.n - 1] != '\n')
        return fault_set(fault, RC_INVALID, "note: it must be UTF-8 and end with a line");
    for (size_t i = 0; i < note.n; i++)
        if ((uint8_t)note.p[i] < 0x20 && note.p[i] != '\n')
            return fault_set(fault, RC_INVALID, "note: a control character");
    size_t cut = note.n; /* the last empty line */
    for (size_t i = 0; i + 1 < note.n; i++)
        if (note.p[i] == '\n' && note.p[i + 1] == '\n')
            cut = i;
    if (cut == note.n)
        return fault_set(fault, RC_INVALID, "note: no signatures");
    *ret_text = str_sub(note, 0, cut + 1);
    *ret_lines = str_sub(note, cut + 2, note.n);
    return RC_OK;
}

enum rc note_verify(struct str *ret_text, struct str note, const struct note_key *key,
                    struct fault *fault)
{
    struct str line, text, rest;
    bool good = false;
    int lines = 0;
    enum rc rc = note_split(note, &text, &rest, fault);
    if (rc != RC_OK)
        return rc;
    while (str_next(&rest, '\n', &line)) {
        if (++lines > NOTE_SIGNATURES_MAX)
            return fault_set(fault, RC_INVALID, "note: more than %d signatures",
                             NOTE_SIGNATURES_MAX);
        rc = check_signature(line, text, key, fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
        good = good || rc == RC_OK;
    }
    if (!good)
        return fault_set(fault, RC_INVALID, "note: no signature by %.*s", STR_ARG(key->name));
    *ret_text = text;
    return RC_OK;
}

enum rc checkpoint_verify(struct checkpoint *ret, struct str note, const struct note_key *key,
                          struct fault *fault)
{
    struct checkpoint checkpoint;
    struct str text;
    enum rc rc = note_verify(&text, note, key, fault);
    if (rc == RC_OK)
        rc = checkpoint_parse_text(&checkpoint, text, fault);
    if (rc == RC_OK && !str_eq(checkpoint.origin, key->name))
        rc = fault_set(fault, RC_INVALID, "checkpoint: the origin is %.*s, not %.*s",
                       STR_ARG(checkpoint.origin), STR_ARG(key->name));
    if (rc == RC_OK)
        *ret = checkpoint;
    return rc;
}

enum rc note_key_rename(struct note_key *ret, const struct note_key *key, struct str name,
                        struct fault *fault)
{
    if (!note_name_valid(name))
        return fault_set(fault, RC_INVALID, "a key's name may hold no space and no '+'");
    struct note_key renamed = *key;
    renamed.name = name;
    renamed.id = key_id(name, key->public_key);
    *ret = renamed;
    return RC_OK;
}
