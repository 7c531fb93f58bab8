/* Hex, base32, base64 and SHA-256. Encoders write to a buffer; decoders check strictly
 * (no white space, right padding, exact length). */
#ifndef COLOPHON_BASE_ENCODE_H
#define COLOPHON_BASE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

struct hash {
    uint8_t b[32];
};

void hex_add(struct buf *b, const void *bytes, size_t n); /* lower case */
struct str hex_str(struct arena *arena, const void *bytes, size_t n);
bool hex_decode(struct str s, void *ret, size_t n); /* exactly n bytes */
/* RFC 4648 section 6, without padding: as authenticators take a secret. */
void base32_add(struct buf *b, const uint8_t *bytes, size_t n);
void base64_add(struct buf *b, const void *bytes, size_t n);
/* Decodes at most `room` bytes of RFC 4648 section 4 base64. */
bool base64_decode(struct str s, void *ret, size_t room, size_t *ret_n);
bool base64_decode_exact(struct str s, void *ret, size_t n);

struct hash sha256(const void *bytes, size_t n);
/* The hash of the parts one after another, as if they were joined. */
struct hash sha256_parts(const struct str *parts, size_t count);
/* MD5 of the parts, for names that others give files by it and for nothing that has to be safe;
 * empty where the system has none. */
struct str md5_hex_of_parts(struct arena *arena, const struct str *parts, size_t count);
bool hash_eq(const struct hash *a, const struct hash *b);

/* Cryptographically random bytes (libsodium). */
void random_bytes(void *ret, size_t n);
/* Compares secrets without telling by the time taken how far they agree. */
bool secret_eq(const void *a, const void *b, size_t n);

/* Eight bytes as one number that sorts like them. */
static inline uint64_t big_endian(const uint8_t bytes[8])
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

#endif
