#include "app/passkey_check.h"

#include <cbor.h>
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include "base/encode.h"
#include "base/json.h"
#include "base/utf8.h"

enum {
    CLIENT_DATA_MAX = 4096,
    DEPTH_MAX = 4,
    /* Authenticator data: the hash of the rp's id, flags, a counter; then what flags say. */
    AT_FLAGS = 32,
    AT_CREDENTIAL = 37,
    AAGUID = 16,
    FLAG_PRESENT = 1 << 0,
    FLAG_VERIFIED = 1 << 2,
    FLAG_CREDENTIAL = 1 << 6,
    FLAG_EXTENSIONS = 1 << 7,
};

static enum rc no(struct fault *fault, const char *why)
{
    return fault_set(fault, RC_DENIED, "passkey: %s", why);
}

/* ---- client data ---- */

static enum rc read_client_data(struct str text, json_t **ret, struct fault *fault)
{
    if (text.n > CLIENT_DATA_MAX || !utf8_valid(text, NULL) || json_read(text, ret, NULL) != RC_OK)
        return no(fault, "the client data are none");
    if (!json_is_object(*ret))
        return no(fault, "the client data are no object");
    return RC_OK;
}

enum rc passkey_challenge_of(struct arena *arena, struct str client_data, struct str *ret,
                             struct fault *fault)
{
    JSON_AUTO *json = NULL;
    enum rc rc = read_client_data(client_data, &json, fault);
    if (rc == RC_OK)
        *ret = arena_str(arena, json_member_str(json, "challenge"));
    return rc;
}

static enum rc check_client_data(struct str text, const struct passkey_wanted *wanted,
                                 const char *type, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    enum rc rc = read_client_data(text, &json, fault);
    if (rc != RC_OK)
        return rc;
    json_t *cross = json_object_get(json, "crossOrigin");
    if (!str_is(json_member_str(json, "type"), type))
        return no(fault, "it is of another type");
    if (wanted->challenge.n == 0 || !str_eq(json_member_str(json, "challenge"), wanted->challenge))
        return no(fault, "it answers another challenge");
    if (!str_eq(json_member_str(json, "origin"), wanted->origin))
        return no(fault, "it was asked for by another origin");
    if ((cross != NULL && !json_is_false(cross)) || json_object_get(json, "topOrigin") != NULL)
        return no(fault, "it was asked for within another site's page");
    return RC_OK;
}

/* ---- CBOR, item by item ---- */

enum item_kind { ITEM_WRONG, ITEM_OTHER, ITEM_BYTES, ITEM_TEXT, ITEM_ARRAY, ITEM_MAP };
struct item {
    enum item_kind kind;
    struct str s;
    size_t n;
};

static void take_bytes(void *context, cbor_data bytes, size_t n)
{
    *(struct item *)context = (struct item){ITEM_BYTES, {(const char *)bytes, n}, 0};
}

static void take_text(void *context, cbor_data bytes, size_t n)
{
    *(struct item *)context = (struct item){ITEM_TEXT, {(const char *)bytes, n}, 0};
}

static void take_array(void *context, size_t n)
{
    *(struct item *)context = (struct item){.kind = ITEM_ARRAY, .n = n};
}

static void take_map(void *context, size_t n)
{
    *(struct item *)context = (struct item){.kind = ITEM_MAP, .n = n};
}

static void take_wrong(void *context)
{
    ((struct item *)context)->kind = ITEM_WRONG;
}

static void take_tag(void *context, uint64_t value)
{
    (void)value;
    take_wrong(context);
}

/* The next item of definite length, without what it contains. */
static bool next_item(struct str *rest, struct item *ret)
{
    struct cbor_callbacks callbacks = cbor_empty_callbacks;
    callbacks.byte_string = take_bytes;
    callbacks.string = take_text;
    callbacks.array_start = take_array;
    callbacks.map_start = take_map;
    callbacks.byte_string_start = callbacks.string_start = take_wrong;
    callbacks.indef_array_start = callbacks.indef_map_start = callbacks.indef_break = take_wrong;
    callbacks.tag = take_tag;
    *ret = (struct item){.kind = ITEM_OTHER};
    if (rest->n == 0)
        return false;
    struct cbor_decoder_result result =
        cbor_stream_decode((cbor_data)rest->p, rest->n, &callbacks, ret);
    if (result.status != CBOR_DECODER_FINISHED || ret->kind == ITEM_WRONG)
        return false;
    *rest = str_sub(*rest, result.read, rest->n);
    return true;
}

/* Past one item and all that it contains; what it says of its lengths is true. */
static bool skip_item(struct str *rest, int depth)
{
    struct item item;
    if (depth > DEPTH_MAX || !next_item(rest, &item) || item.n > rest->n)
        return false;
    size_t within = item.kind == ITEM_MAP ? 2 * item.n : item.n;
    for (size_t i = 0; i < within; i++)
        if (!skip_item(rest, depth + 1))
            return false;
    return true;
}

static bool skip_map(struct str *rest)
{
    struct str at = *rest;
    struct item item;
    return next_item(&at, &item) && item.kind == ITEM_MAP && skip_item(rest, 0);
}

/* ---- authenticator data ---- */

static uint8_t flags_of(struct str data)
{
    return (uint8_t)data.p[AT_FLAGS];
}

/* Past the credential that authenticator data tell of: the kind of device, an id, a key. */
static bool skip_credential(struct str *rest)
{
    if (rest->n < AAGUID + 2)
        return false;
    size_t n = (size_t)(uint8_t)rest->p[AAGUID] << 8 | (uint8_t)rest->p[AAGUID + 1];
    if (n == 0 || n > CREDENTIAL_MAX || n > rest->n - AAGUID - 2)
        return false;
    *rest = str_sub(*rest, AAGUID + 2 + n, rest->n);
    return skip_map(rest);
}

static enum rc check_data(struct str data, struct str rp, bool credential, struct fault *fault)
{
    struct hash hash = sha256(rp.p, rp.n);
    if (data.n < AT_CREDENTIAL)
        return no(fault, "the authenticator's data are cut off");
    struct str rest = str_sub(data, AT_CREDENTIAL, data.n);
    if (((flags_of(data) & FLAG_CREDENTIAL) != 0) != credential ||
        (credential && !skip_credential(&rest)) ||
        ((flags_of(data) & FLAG_EXTENSIONS) != 0 && !skip_map(&rest)) || rest.n > 0)
        return no(fault, "the authenticator's data are malformed");
    if (memcmp(data.p, hash.b, sizeof hash.b) != 0)
        return no(fault, "it belongs to another shop");
    if ((flags_of(data) & FLAG_PRESENT) == 0 || (flags_of(data) & FLAG_VERIFIED) == 0)
        return no(fault, "the device did not make sure who uses it");
    return RC_OK;
}

/* ---- keys ---- */

/* A key in libfido2's own form, of one of the algorithms. */
struct key {
    es256_pk_t *es256;
    eddsa_pk_t *eddsa;
    rs256_pk_t *rs256;
};
#define KEY_AUTO __attribute__((cleanup(key_free))) struct key

static void key_free(struct key *key)
{
    es256_pk_free(&key->es256);
    eddsa_pk_free(&key->eddsa);
    rs256_pk_free(&key->rs256);
}

/* The key to verify by; NULL where the bytes are none (a point off the curve). */
static const void *key_read(struct key *key, int algorithm, struct str bytes)
{
    int failed = FIDO_ERR_INVALID_ARGUMENT;
    if (algorithm == COSE_ES256 && (key->es256 = es256_pk_new()) != NULL)
        failed = es256_pk_from_ptr(key->es256, bytes.p, bytes.n);
    else if (algorithm == COSE_EDDSA && (key->eddsa = eddsa_pk_new()) != NULL)
        failed = eddsa_pk_from_ptr(key->eddsa, bytes.p, bytes.n);
    else if (algorithm == COSE_RS256 && (key->rs256 = rs256_pk_new()) != NULL)
        failed = rs256_pk_from_ptr(key->rs256, bytes.p, bytes.n);
    if (failed != FIDO_OK)
        return NULL;
    return algorithm == COSE_ES256   ? (const void *)key->es256
           : algorithm == COSE_EDDSA ? (const void *)key->eddsa
                                     : (const void *)key->rs256;
}

/* ---- one that was made ---- */

struct attestation {
    struct str format, statement, data;
};

static bool read_attestation(struct str bytes, struct attestation *ret)
{
    struct item map, name, value;
    *ret = (struct attestation){0};
    if (!next_item(&bytes, &map) || map.kind != ITEM_MAP || map.n != 3)
        return false;
    for (int i = 0; i < 3; i++) {
        if (!next_item(&bytes, &name) || name.kind != ITEM_TEXT)
            return false;
        struct str from = bytes;
        bool good = false;
        if (str_eq(name.s, STR("attStmt")) && ret->statement.p == NULL) {
            good = skip_map(&bytes);
            ret->statement = str_sub(from, 0, from.n - bytes.n);
        } else if (str_eq(name.s, STR("fmt")) && ret->format.p == NULL) {
            good = next_item(&bytes, &value) && value.kind == ITEM_TEXT;
            ret->format = value.s;
        } else if (str_eq(name.s, STR("authData")) && ret->data.p == NULL) {
            good = next_item(&bytes, &value) && value.kind == ITEM_BYTES;
            ret->data = value.s;
        }
        if (!good)
            return false;
    }
    return bytes.n == 0;
}

#define CRED_AUTO __attribute__((cleanup(cred_free))) fido_cred_t
static void cred_free(fido_cred_t **cred)
{
    fido_cred_free(cred);
}

/* Whether libfido2 reads a key of this algorithm in it. */
static bool cred_read(fido_cred_t *cred, int algorithm, const char *rp, struct str client_data,
                      struct str data)
{
    return cred != NULL && fido_cred_set_type(cred, algorithm) == FIDO_OK &&
           fido_cred_set_rp(cred, rp, NULL) == FIDO_OK &&
           fido_cred_set_uv(cred, FIDO_OPT_TRUE) == FIDO_OK &&
           fido_cred_set_clientdata(cred, (const unsigned char *)client_data.p, client_data.n) ==
               FIDO_OK &&
           fido_cred_set_authdata_raw(cred, (const unsigned char *)data.p, data.n) == FIDO_OK;
}

static bool statement_stands(fido_cred_t *cred, const struct attestation *a)
{
    if (str_eq(a->format, STR("none")))
        return a->statement.n == 1; /* an empty map */
    if (!str_eq(a->format, STR("packed")) || fido_cred_set_fmt(cred, "packed") != FIDO_OK ||
        fido_cred_set_attstmt(cred, (const unsigned char *)a->statement.p, a->statement.n) !=
            FIDO_OK)
        return false;
    return (fido_cred_x5c_len(cred) > 0 ? fido_cred_verify(cred) : fido_cred_verify_self(cred)) ==
           FIDO_OK;
}

enum rc passkey_check_made(struct arena *arena, const struct passkey_wanted *wanted,
                           struct str client_data, struct str attestation, struct passkey_key *ret,
                           struct fault *fault)
{
    static const int algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};
    struct attestation a;
    enum rc rc = check_client_data(client_data, wanted, "webauthn.create", fault);
    if (rc == RC_OK && !read_attestation(attestation, &a))
        rc = no(fault, "the attestation object is malformed");
    if (rc == RC_OK)
        rc = check_data(a.data, wanted->rp, true, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        CRED_AUTO *cred = fido_cred_new();
        KEY_AUTO key = {0};
        if (!cred_read(cred, algorithms[i], arena_z(arena, wanted->rp), client_data, a.data))
            continue;
        struct str bytes = {(const char *)fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred)};
        if (key_read(&key, algorithms[i], bytes) == NULL)
            return no(fault, "its key is none");
        if (!statement_stands(cred, &a))
            return no(fault, "its attestation does not stand");
        *ret = (struct passkey_key){
            .credential = arena_str(
                arena, (struct str){(const char *)fido_cred_id_ptr(cred), fido_cred_id_len(cred)}),
            .algorithm = algorithms[i],
            .key = arena_str(arena, bytes),
            .counter = fido_cred_sigcount(cred)};
        return RC_OK;
    }
    return no(fault, "its key is of no algorithm that was asked for");
}

/* ---- one that was used ---- */

#define ASSERT_AUTO __attribute__((cleanup(assert_free))) fido_assert_t
static void assert_free(fido_assert_t **assertion)
{
    fido_assert_free(assertion);
}

enum rc passkey_check_used(struct arena *arena, const struct passkey_wanted *wanted,
                           const struct passkey_key *known, struct str client_data,
                           struct str authenticator_data, struct str signature,
                           uint32_t *ret_counter, struct fault *fault)
{
    const unsigned char *data = (const unsigned char *)authenticator_data.p;
    KEY_AUTO key = {0};
    enum rc rc = check_client_data(client_data, wanted, "webauthn.get", fault);
    if (rc == RC_OK)
        rc = check_data(authenticator_data, wanted->rp, false, fault);
    if (rc != RC_OK)
        return rc;
    ASSERT_AUTO *assertion = fido_assert_new();
    const void *by = key_read(&key, known->algorithm, known->key);
    if (assertion == NULL || by == NULL || signature.n == 0 ||
        fido_assert_set_clientdata(assertion, (const unsigned char *)client_data.p,
                                   client_data.n) != FIDO_OK ||
        fido_assert_set_rp(assertion, arena_z(arena, wanted->rp)) != FIDO_OK ||
        fido_assert_set_up(assertion, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_uv(assertion, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_count(assertion, 1) != FIDO_OK ||
        fido_assert_set_authdata_raw(assertion, 0, data, authenticator_data.n) != FIDO_OK ||
        fido_assert_set_sig(assertion, 0, (const unsigned char *)signature.p, signature.n) !=
            FIDO_OK ||
        fido_assert_verify(assertion, 0, known->algorithm, by) != FIDO_OK)
        return no(fault, "its signature does not fit");
    *ret_counter = fido_assert_sigcount(assertion, 0);
    return RC_OK;
}
