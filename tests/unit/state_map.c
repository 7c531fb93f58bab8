/* The Merkle map, against one that is made anew each time, as its definition says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record/state_map.h"

struct pair {
    struct hash key, value;
};

static int bit(const struct hash *h, unsigned depth)
{
    return h->b[depth / 8] >> (7 - depth % 8) & 1;
}

static struct hash joined(uint8_t prefix, const struct hash *a, const struct hash *b)
{
    uint8_t bytes[65];
    bytes[0] = prefix;
    memcpy(bytes + 1, a->b, 32);
    memcpy(bytes + 33, b->b, 32);
    return sha256(bytes, sizeof bytes);
}

/* Sorts `pairs` on its way. */
static struct hash naive(struct pair *pairs, size_t n, unsigned depth)
{
    if (n == 0)
        return sha256("", 0);
    if (n == 1)
        return joined(2, &pairs[0].key, &pairs[0].value);
    size_t zeros = 0;
    for (size_t i = 0; i < n; i++)
        if (bit(&pairs[i].key, depth) == 0) {
            struct pair swapped = pairs[zeros];
            pairs[zeros++] = pairs[i];
            pairs[i] = swapped;
        }
    struct hash left = naive(pairs, zeros, depth + 1);
    struct hash right = naive(pairs + zeros, n - zeros, depth + 1);
    return joined(3, &left, &right);
}

/* Keys with few free bits, so that they share long beginnings. */
static struct hash some_key(unsigned i, bool crowded)
{
    struct hash key = sha256(&i, sizeof i);
    if (crowded) {
        memset(key.b, 0, 31);
        key.b[31] &= 0x3f;
    }
    return key;
}

static void random_maps(bool crowded)
{
    enum { KEYS = 60, STEPS = 300 };
    struct pair there[KEYS];
    size_t n = 0;
    struct state_map *map = state_map_new();
    unsigned chance = crowded ? 7 : 1;
    for (unsigned step = 0; step < STEPS; step++) {
        chance = chance * 1103515245u + 12345u;
        struct hash key = some_key(chance >> 16 & 63, crowded), value = sha256(&step, sizeof step);
        size_t at = 0;
        while (at < n && !hash_eq(&there[at].key, &key))
            at++;
        if ((chance >> 8 & 3) == 0 || (at == n && n == KEYS)) {
            state_map_remove(map, &key);
            if (at < n)
                there[at] = there[--n];
        } else {
            state_map_put(map, &key, &value, &there[at]);
            there[at] = (struct pair){key, value};
            n += at == n;
        }
        struct hash root = state_map_root(map), expected = naive(there, n, 0);
        assert_true(hash_eq(&root, &expected));
        assert_int_equal(state_map_count(map), n);
        /* Each key: proved for what it is, and for nothing else. */
        for (unsigned k = step % 16; k < 64; k += crowded ? 16 : 4) {
            struct state_proof proof;
            key = some_key(k, crowded);
            at = 0;
            while (at < n && !hash_eq(&there[at].key, &key))
                at++;
            assert_int_equal(state_map_get(map, &key) != NULL, at < n);
            state_map_prove(map, &key, &proof);
            const struct hash *real = at < n ? &there[at].value : NULL;
            assert_int_equal(state_proof_check(&proof, &root, &key, real), RC_OK);
            assert_int_equal(state_proof_check(&proof, &root, &key, real == NULL ? &value : NULL),
                             RC_INVALID);
            if (proof.n > 0) {
                proof.path[proof.n - 1].b[7] ^= 1;
                assert_int_equal(state_proof_check(&proof, &root, &key, real), RC_INVALID);
                proof.path[proof.n - 1].b[7] ^= 1;
                proof.n--;
                assert_int_equal(state_proof_check(&proof, &root, &key, real), RC_INVALID);
            }
        }
    }
    state_map_free(map);
}

static void test_random(void **state)
{
    (void)state;
    random_maps(false);
}

static void test_crowded(void **state)
{
    (void)state;
    random_maps(true);
}

/* Another key's leaf shows that ours is not there only where ours would stand. */
static void test_a_leaf_from_elsewhere(void **state)
{
    (void)state;
    struct hash a = {{0x00}}, b = {{0x80}}, c = {{0xc0}}, value = {{1}};
    struct state_map *map = state_map_new();
    state_map_put(map, &a, &value, &a);
    state_map_put(map, &b, &value, &b);
    struct hash root = state_map_root(map);
    struct state_proof proof;
    state_map_prove(map, &a, &proof);
    assert_int_equal(state_proof_check(&proof, &root, &c, NULL), RC_INVALID);
    state_map_prove(map, &c, &proof);
    assert_int_equal(state_proof_check(&proof, &root, &c, NULL), RC_OK);
    /* Nothing claimed where something is. */
    proof.has_leaf = false;
    assert_int_equal(state_proof_check(&proof, &root, &c, NULL), RC_INVALID);
    state_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_crowded),
        cmocka_unit_test(test_a_leaf_from_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
