#include "record/cosignature.h"

#include <sodium.h>

enum { STAMP = 8, PAYLOAD = STAMP + crypto_sign_BYTES };

static void from_seed(struct cosigner *ret, struct str name, const uint8_t seed[32])
{
    ret->key.name = name;
    ret->key.type = NOTE_COSIGNATURE;
    crypto_sign_seed_keypair(ret->key.public_key, ret->secret, seed);
    ret->key.id = note_key_id(name, NOTE_COSIGNATURE, ret->key.public_key);
}

enum rc cosigner_generate(struct cosigner *ret, struct str name, struct fault *fault)
{
    uint8_t seed[32];
    if (!note_name_valid(name))
        return fault_set(fault, RC_INVALID, "a key's name may hold no space and no '+'");
    random_bytes(seed, sizeof seed);
    from_seed(ret, name, seed);
    sodium_memzero(seed, sizeof seed);
    return RC_OK;
}

enum rc cosigner_parse(struct cosigner *ret, struct str text, struct fault *fault)
{
    static const char head[] = "PRIVATE+KEY+";
    struct cosigner cosigner;
    struct str name;
    uint32_t id;
    uint8_t type, seed[32];
    if (!str_starts(text, str_of(head)))
        return fault_set(fault, RC_INVALID, "no signing key: it must begin with %s", head);
    enum rc rc =
        note_key_parts(str_sub(text, sizeof head - 1, text.n), &name, &id, &type, seed, fault);
    if (rc == RC_OK && type != NOTE_COSIGNATURE)
        rc = fault_set(fault, RC_INVALID, "key type %u is not a witness's (4)", type);
    if (rc != RC_OK)
        return rc;
    from_seed(&cosigner, name, seed);
    sodium_memzero(seed, sizeof seed);
    if (cosigner.key.id != id)
        return fault_set(fault, RC_INVALID, "the signing key's id does not fit it");
    *ret = cosigner;
    return RC_OK;
}

void cosigner_add(struct buf *b, const struct cosigner *cosigner)
{
    uint8_t seed[32];
    crypto_sign_ed25519_sk_to_seed(seed, cosigner->secret);
    BUF_LIT(b, "PRIVATE+KEY+");
    note_key_parts_add(b, cosigner->key.name, cosigner->key.id, NOTE_COSIGNATURE, seed);
    sodium_memzero(seed, sizeof seed);
}

void cosigner_clear(struct cosigner *cosigner)
{
    sodium_memzero(cosigner, sizeof *cosigner);
}

enum rc cosigner_key_parse(struct cosigner_key *ret, struct str vkey, struct fault *fault)
{
    struct cosigner_key key;
    enum rc rc =
        note_key_parts(str_trim(vkey), &key.name, &key.id, &key.type, key.public_key, fault);
    if (rc != RC_OK)
        return rc;
    if (key.type != NOTE_COSIGNATURE)
        return fault_set(fault, RC_INVALID, "key type %u is not a witness's (4)", key.type);
    if (note_key_id(key.name, key.type, key.public_key) != key.id)
        return fault_set(fault, RC_INVALID, "the key's id does not fit it");
    *ret = key;
    return RC_OK;
}

void cosigner_key_add(struct buf *b, const struct cosigner_key *key)
{
    note_key_parts_add(b, key->name, key->id, key->type, key->public_key);
}

static void add_message(struct buf *b, struct str text, uint64_t time)
{
    buf_printf(b, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    buf_str_add(b, text);
}

void cosignature_add(struct buf *b, struct str text, int64_t time, const struct cosigner *cosigner)
{
    uint8_t payload[PAYLOAD];
    BUF_AUTO message = BUF_INIT(2 * NOTE_MAX);
    add_message(&message, text, (uint64_t)time);
    if (message.failed) {
        b->failed = true;
        return;
    }
    for (int i = 0; i < STAMP; i++)
        payload[i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
    crypto_sign_detached(payload + STAMP, NULL, (const uint8_t *)message.p, message.n,
                         cosigner->secret);
    note_line_add(b, cosigner->key.name, cosigner->key.id, payload, sizeof payload);
}

enum rc cosignature_verify(struct str line, struct str text, const struct cosigner_key *key,
                           int64_t *ret_time, struct fault *fault)
{
    struct note_line parsed;
    BUF_AUTO message = BUF_INIT(2 * NOTE_MAX);
    enum rc rc = note_line_parse(&parsed, line, fault);
    if (rc != RC_OK)
        return rc;
    /* The key id is made with the type: another type is another key. */
    if (parsed.id != key->id || !str_eq(parsed.name, key->name))
        return RC_NOT_FOUND;
    uint64_t time = 0;
    for (int i = 0; i < STAMP; i++)
        time = time << 8 | parsed.bytes[i];
    add_message(&message, text, time);
    if (parsed.n != PAYLOAD || time > INT64_MAX || message.failed ||
        crypto_sign_verify_detached(parsed.bytes + STAMP, (const uint8_t *)message.p, message.n,
                                    key->public_key) != 0)
        return fault_set(fault, RC_INVALID, "note: the cosignature of %.*s is bad",
                         STR_ARG(key->name));
    *ret_time = (int64_t)time;
    return RC_OK;
}

enum rc cosignature_find(struct str note, const struct cosigner_key *key, int64_t *ret_time,
                         struct fault *fault)
{
    struct str text, rest, line;
    size_t lines = 0;
    enum rc rc = note_split(note, &text, &rest, fault), found = RC_NOT_FOUND;
    while (rc == RC_OK && str_next(&rest, '\n', &line)) {
        int64_t time;
        if (++lines > NOTE_SIGNATURES_MAX)
            return fault_set(fault, RC_INVALID, "note: more than %d signatures",
                             NOTE_SIGNATURES_MAX);
        rc = cosignature_verify(line, text, key, &time, fault);
        if (rc == RC_OK) {
            *ret_time = time;
            found = RC_OK;
        } else if (rc == RC_NOT_FOUND) {
            rc = RC_OK;
        }
    }
    if (rc != RC_OK)
        return rc;
    return found == RC_OK
               ? RC_OK
               : fault_set(fault, RC_NOT_FOUND, "no cosignature by %.*s", STR_ARG(key->name));
}
