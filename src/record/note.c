#include "record/note.h"

#include <sodium.h>

#include "base/utf8.h"
#include "record/merkle.h"

enum { TYPE_ED25519 = 0x01, SEED_SIZE = 32 };

static bool name_valid(struct str name)
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

static uint32_t key_id(struct str name, const uint8_t public_key[32])
{
    char const type = TYPE_ED25519;
    struct str const parts[] = {name, STR("\n"), {&type, 1}, {(const char *)public_key, 32}};
    struct hash h = sha256_parts(parts, 4);
    return (uint32_t)h.b[0] << 24 | (uint32_t)h.b[1] << 16 | (uint32_t)h.b[2] << 8 | h.b[3];
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
    if (!name_valid(name))
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

/* "name+hexid+base64(type || 32 bytes)", the shape of both kinds of key. */
static enum rc parse_key(struct str text, struct str *ret_name, uint32_t *ret_id,
                         uint8_t ret_bytes[33], struct fault *fault)
{
    uint8_t id[4];
    size_t first = str_find(text, '+');
    struct str rest = str_sub(text, first + 1, text.n);
    size_t second = str_find(rest, '+');
    *ret_name = str_sub(text, 0, first);
    if (!name_valid(*ret_name) || !hex_decode(str_sub(rest, 0, second), id, sizeof id) ||
        !base64_decode_exact(str_sub(rest, second + 1, rest.n), ret_bytes, 33))
        return fault_set(fault, RC_INVALID, "no key of the form name+id+base64");
    if (ret_bytes[0] != TYPE_ED25519)
        return fault_set(fault, RC_INVALID, "key type %u is not Ed25519", ret_bytes[0]);
    *ret_id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    return RC_OK;
}

enum rc note_signer_parse(struct note_signer *ret, struct str text, struct fault *fault)
{
    static const char head[] = "PRIVATE+KEY+";
    struct note_signer signer;
    struct str name;
    uint32_t id;
    uint8_t bytes[33];
    if (!str_starts(text, str_of(head)))
        return fault_set(fault, RC_INVALID, "no signing key: it must begin with %s", head);
    enum rc rc = parse_key(str_sub(text, sizeof head - 1, text.n), &name, &id, bytes, fault);
    if (rc == RC_OK) {
        signer_from_seed(&signer, name, bytes + 1);
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
    uint8_t bytes[33] = {TYPE_ED25519};
    crypto_sign_ed25519_sk_to_seed(bytes + 1, signer->secret);
    buf_printf(b, "PRIVATE+KEY+%.*s+%08x+", STR_ARG(signer->key.name), signer->key.id);
    base64_add(b, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

enum rc note_signer_rename(struct note_signer *ret, const struct note_signer *signer,
                           struct str name, struct fault *fault)
{
    uint8_t seed[SEED_SIZE];
    if (!name_valid(name))
        return fault_set(fault, RC_INVALID, "a key's name may hold no space and no '+'");
    crypto_sign_ed25519_sk_to_seed(seed, signer->secret);
    signer_from_seed(ret, name, seed);
    sodium_memzero(seed, sizeof seed);
    return RC_OK;
}

enum rc note_key_parse(struct note_key *ret, struct str vkey, struct fault *fault)
{
    struct note_key key;
    uint8_t bytes[33];
    enum rc rc = parse_key(str_trim(vkey), &key.name, &key.id, bytes, fault);
    if (rc != RC_OK)
        return rc;
    memcpy(key.public_key, bytes + 1, 32);
    if (key_id(key.name, key.public_key) != key.id)
        return fault_set(fault, RC_INVALID, "the key's id does not fit it");
    *ret = key;
    return RC_OK;
}

void note_key_add(struct buf *b, const struct note_key *key)
{
    uint8_t bytes[33] = {TYPE_ED25519};
    memcpy(bytes + 1, key->public_key, 32);
    buf_printf(b, "%.*s+%08x+", STR_ARG(key->name), key->id);
    base64_add(b, bytes, sizeof bytes);
}

/* ---- checkpoints ---- */

static void add_signature(struct buf *b, struct str text, const struct note_signer *signer)
{
    uint8_t line[4 + crypto_sign_BYTES];
    for (int i = 0; i < 4; i++)
        line[i] = (uint8_t)(signer->key.id >> (24 - 8 * i));
    crypto_sign_detached(line + 4, NULL, (const uint8_t *)text.p, text.n, signer->secret);
    buf_printf(b, "\n\xE2\x80\x94 %.*s ", STR_ARG(signer->key.name));
    base64_add(b, line, sizeof line);
    BUF_LIT(b, "\n");
}

void note_sign(struct buf *b, struct str text, const struct note_signer *signer)
{
    buf_str_add(b, text);
    if (!b->failed)
        add_signature(b, text, signer);
}

void checkpoint_sign(struct buf *b, const struct checkpoint *c, const struct note_signer *signer)
{
    size_t start = b->n;
    buf_printf(b, "%.*s\n%llu\n", STR_ARG(c->origin), (unsigned long long)c->size);
    base64_add(b, c->root.b, sizeof c->root.b);
    BUF_LIT(b, "\n");
    if (!b->failed)
        add_signature(b, str_sub(buf_str(b), start, b->n), signer);
}

static enum rc parse_text(struct checkpoint *ret, struct str text, struct fault *fault)
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

/* One signature line without its end; RC_NOT_FOUND for somebody else's. */
static enum rc check_signature(struct str line, struct str text, const struct note_key *key,
                               struct fault *fault)
{
    static const char dash[] = "\xE2\x80\x94 ";
    uint8_t bytes[4096];
    size_t n;
    if (!str_starts(line, str_of(dash)))
        return fault_set(fault, RC_INVALID, "note: a signature line must begin with a dash");
    line = str_sub(line, sizeof dash - 1, line.n);
    size_t space = str_find(line, ' ');
    struct str name = str_sub(line, 0, space), payload = str_sub(line, space + 1, line.n);
    if (!name_valid(name) || !base64_decode(payload, bytes, sizeof bytes, &n) || n < 5)
        return fault_set(fault, RC_INVALID, "note: a malformed signature line");
    uint32_t id =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    if (id != key->id || !str_eq(name, key->name))
        return RC_NOT_FOUND;
    if (n != 4 + crypto_sign_BYTES ||
        crypto_sign_verify_detached(bytes + 4, (const uint8_t *)text.p, text.n, key->public_key) !=
            0)
        return fault_set(fault, RC_INVALID, "note: the signature of %.*s is bad", STR_ARG(name));
    return RC_OK;
}

enum rc note_verify(struct str *ret_text, struct str note, const struct note_key *key,
                    struct fault *fault)
{
    struct str line;
    bool good = false;
    int lines = 0;
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
    struct str text = str_sub(note, 0, cut + 1), rest = str_sub(note, cut + 2, note.n);
    while (str_next(&rest, '\n', &line)) {
        if (++lines > NOTE_SIGNATURES_MAX)
            return fault_set(fault, RC_INVALID, "note: more than %d signatures",
                             NOTE_SIGNATURES_MAX);
        enum rc rc = check_signature(line, text, key, fault);
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
        rc = parse_text(&checkpoint, text, fault);
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
    if (!name_valid(name))
        return fault_set(fault, RC_INVALID, "a key's name may hold no space and no '+'");
    struct note_key renamed = *key;
    renamed.name = name;
    renamed.id = key_id(name, key->public_key);
    *ret = renamed;
    return RC_OK;
}
