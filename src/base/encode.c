#include "base/encode.h"

#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sodium.h>

void hex_add(struct buf *b, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *p = bytes;
    char *to = buf_reserve(b, 2 * n);
    if (to == NULL)
        return;
    for (size_t i = 0; i < n; i++) {
        *to++ = digits[p[i] >> 4];
        *to++ = digits[p[i] & 15];
    }
    b->n += 2 * n;
}

struct str hex_str(struct arena *arena, const void *bytes, size_t n)
{
    BUF_AUTO b = BUF_INIT(2 * n);
    hex_add(&b, bytes, n);
    return arena_str(arena, buf_str(&b));
}

/* Of each byte, one more than what it says as a digit; 0: nothing. Lower case alone: each
 * value has one spelling. */
static const uint8_t digits[256] = {
    ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16};

bool hex_decode(struct str s, void *ret, size_t n)
{
    uint8_t *to = ret;
    bool all = true;
    if (s.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned high = digits[(uint8_t)s.p[2 * i]], low = digits[(uint8_t)s.p[2 * i + 1]];
        all &= high > 0 && low > 0;
        to[i] = (uint8_t)((high - 1) << 4 | (low - 1));
    }
    return all;
}

void base32_add(struct buf *b, const uint8_t *bytes, size_t n)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < n; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 5; held -= 5)
            buf_char(b, letters[bits >> (held - 5) & 31]);
    }
    if (held > 0)
        buf_char(b, letters[bits << (5 - held) & 31]);
}

void base64_add(struct buf *b, const void *bytes, size_t n)
{
    size_t length = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL) - 1;
    char *to = buf_reserve(b, length);
    if (to == NULL || n == 0)
        return;
    EVP_EncodeBlock((unsigned char *)to, bytes, (int)n); /* and a NUL, for which there is room */
    b->n += length;
}

/* libsodium takes some bytes beyond ASCII for digits: two texts, one meaning. */
static bool base64_alphabet(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '+' || c == '/' || c == '='))
            return false;
    }
    return true;
}

bool base64_decode(struct str s, void *ret, size_t room, size_t *ret_n)
{
    if (s.n == 0) {
        *ret_n = 0;
        return true;
    }
    size_t n;
    const char *end;
    if (s.n % 4 != 0 || !base64_alphabet(s) ||
        sodium_base642bin(ret, room, s.p, s.n, NULL, &n, &end, sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    if (end != s.p + s.n)
        return false;
    *ret_n = n;
    return true;
}

bool base64_decode_exact(struct str s, void *ret, size_t n)
{
    size_t got;
    return base64_decode(s, ret, n, &got) && got == n;
}

/* The low-level functions: EVP looks its digest up by name at every call, which
 * costs several times what hashing a tree's node does. */
struct hash sha256_parts(const struct str *parts, size_t count)
{
    struct hash h;
    SHA256_CTX ctx;
    SHA256_Init(&ctx);
    for (size_t i = 0; i < count; i++)
        SHA256_Update(&ctx, parts[i].p, parts[i].n);
    SHA256_Final(h.b, &ctx);
    return h;
}

struct hash sha256(const void *bytes, size_t n)
{
    return sha256_parts(&(struct str){bytes, n}, 1);
}

struct str md5_hex_of_parts(struct arena *arena, const struct str *parts, size_t count)
{
    uint8_t made[16] = {0};
    unsigned n = sizeof made;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_md5(), NULL) == 1;
    for (size_t i = 0; good && i < count; i++)
        good = EVP_DigestUpdate(ctx, parts[i].p, parts[i].n) == 1;
    good = good && EVP_DigestFinal_ex(ctx, made, &n) == 1;
    EVP_MD_CTX_free(ctx);
    return good ? hex_str(arena, made, sizeof made) : STR_NONE;
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
    return memcmp(a->b, b->b, sizeof a->b) == 0;
}

void random_bytes(void *ret, size_t n)
{
    randombytes_buf(ret, n);
}

bool secret_eq(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}
