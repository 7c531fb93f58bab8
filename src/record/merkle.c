#include "record/merkle.h"

struct hash merkle_leaf(struct str entry)
{
    struct str const parts[] = {STR("\0"), entry};
    return sha256_parts(parts, 2);
}

struct hash merkle_node(const struct hash *left, const struct hash *right)
{
    uint8_t bytes[65];
    bytes[0] = 1;
    memcpy(bytes + 1, left->b, 32);
    memcpy(bytes + 33, right->b, 32);
    return sha256(bytes, sizeof bytes);
}

/* The largest power of two below n, for n > 1. */
static uint64_t split(uint64_t n)
{
    uint64_t k = 1;
    while (k < n - k)
        k *= 2;
    return k;
}

struct hash merkle_root(const struct hash *leaves, size_t n)
{
    if (n == 0)
        return sha256("", 0);
    if (n == 1)
        return leaves[0];
    size_t k = split(n);
    struct hash left = merkle_root(leaves, k), right = merkle_root(leaves + k, n - k);
    return merkle_node(&left, &right);
}

/* RFC 9162 section 2.1.3.2. */
enum rc merkle_check_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
                               const struct hash *proof, size_t n, const struct hash *root)
{
    if (index >= size)
        return RC_INVALID;
    uint64_t fn = index, sn = size - 1;
    struct hash r = *leaf;
    for (size_t i = 0; i < n; i++) {
        if (sn == 0)
            return RC_INVALID;
        if ((fn & 1) != 0 || fn == sn) {
            r = merkle_node(&proof[i], &r);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = merkle_node(&r, &proof[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash_eq(&r, root) ? RC_OK : RC_INVALID;
}

/* RFC 9162 section 2.1.4.2. */
enum rc merkle_check_consistency(uint64_t old_size, const struct hash *old_root, uint64_t size,
                                 const struct hash *root, const struct hash *proof, size_t n)
{
    if (old_size > size)
        return RC_INVALID;
    if (old_size == size)
        return n == 0 && hash_eq(old_root, root) ? RC_OK : RC_INVALID;
    if (old_size == 0) { /* all trees grow from the empty one, which has one root */
        struct hash empty = sha256("", 0);
        return n == 0 && hash_eq(old_root, &empty) ? RC_OK : RC_INVALID;
    }
    struct hash fr, sr;
    size_t at = 0;
    if ((old_size & (old_size - 1)) == 0) {
        fr = sr = *old_root; /* a whole subtree: it is its own first node */
    } else {
        if (n == 0)
            return RC_INVALID;
        fr = sr = proof[at++];
    }
    uint64_t fn = old_size - 1, sn = size - 1;
    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    for (; at < n; at++) {
        if (sn == 0)
            return RC_INVALID;
        if ((fn & 1) != 0 || fn == sn) {
            fr = merkle_node(&proof[at], &fr);
            sr = merkle_node(&proof[at], &sr);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = merkle_node(&sr, &proof[at]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash_eq(&fr, old_root) && hash_eq(&sr, root) ? RC_OK : RC_INVALID;
}

/* A root without the tree in memory: complete subtrees on a stack. */
struct hash work_list_root(const uint64_t *works, size_t n)
{
    struct hash stack[64];
    unsigned heights[64], top = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t bytes[8];
        for (int k = 0; k < 8; k++)
            bytes[k] = (uint8_t)(works[i] >> (56 - 8 * k));
        stack[top] = merkle_leaf((struct str){(const char *)bytes, 8});
        heights[top++] = 0;
        while (top > 1 && heights[top - 1] == heights[top - 2]) {
            stack[top - 2] = merkle_node(&stack[top - 2], &stack[top - 1]);
            heights[--top - 1]++;
        }
    }
    if (top == 0)
        return sha256("", 0);
    while (top > 1) {
        stack[top - 2] = merkle_node(&stack[top - 2], &stack[top - 1]);
        top--;
    }
    return stack[0];
}
