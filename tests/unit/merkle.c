/* Trees against RFC 6962 as its definitions read, one recursion each; tiles
 * against the whole tree; proofs against the checkers; paths and bundles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/merkle.h"

/* ---- RFC 6962 section 2.1, word by word ---- */

static size_t power_below(size_t n)
{
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static struct hash naive_node(struct hash l, struct hash r)
{
    uint8_t bytes[65] = {1};
    memcpy(bytes + 1, l.b, 32);
    memcpy(bytes + 33, r.b, 32);
    return sha256(bytes, sizeof bytes);
}

static struct hash naive_root(const struct hash *d, size_t n)
{
    if (n == 0)
        return sha256("", 0);
    if (n == 1)
        return d[0];
    size_t k = power_below(n);
    return naive_node(naive_root(d, k), naive_root(d + k, n - k));
}

static size_t naive_path(size_t m, const struct hash *d, size_t n, struct hash *ret)
{
    if (n <= 1)
        return 0;
    size_t k = power_below(n);
    size_t got = m < k ? naive_path(m, d, k, ret) : naive_path(m - k, d + k, n - k, ret);
    ret[got] = m < k ? naive_root(d + k, n - k) : naive_root(d, k);
    return got + 1;
}

static size_t naive_subproof(size_t m, const struct hash *d, size_t n, bool whole, struct hash *ret)
{
    if (m == n) {
        if (whole)
            return 0;
        ret[0] = naive_root(d, n);
        return 1;
    }
    size_t k = power_below(n), got;
    if (m <= k) {
        got = naive_subproof(m, d, k, whole, ret);
        ret[got] = naive_root(d + k, n - k);
    } else {
        got = naive_subproof(m - k, d + k, n - k, false, ret);
        ret[got] = naive_root(d, k);
    }
    return got + 1;
}

/* ---- a log in memory that keeps every tile it was given ---- */

#define LEAVES_MAX (65536 + 300)
static struct hash leaves[LEAVES_MAX];

/* Level 0 to 2 are all that 65,836 leaves need. */
struct memory {
    struct hash level0[LEAVES_MAX + TILE_WIDTH];
    struct hash level1[LEAVES_MAX / TILE_WIDTH + TILE_WIDTH];
    struct hash level2[TILE_WIDTH];
    size_t known[3];
    size_t full_writes, reads;
    bool broken;
};

static struct memory memory;

static struct hash *level_of(struct memory *m, unsigned level)
{
    return level == 0 ? m->level0 : level == 1 ? m->level1 : m->level2;
}

static enum rc memory_write(void *context, unsigned level, uint64_t n, const struct hash *hashes,
                            unsigned width, struct fault *fault)
{
    struct memory *m = context;
    (void)fault;
    assert_true(level < 3);
    assert_in_range(width, 1, TILE_WIDTH);
    memcpy(level_of(m, level) + n * TILE_WIDTH, hashes, width * sizeof *hashes);
    m->full_writes += width == TILE_WIDTH;
    if (n * TILE_WIDTH + width > m->known[level])
        m->known[level] = n * TILE_WIDTH + width;
    return RC_OK;
}

static enum rc memory_read(void *context, unsigned level, uint64_t n, unsigned width,
                           struct hash *ret, struct fault *fault)
{
    struct memory *m = context;
    m->reads++;
    assert_true(level < 3);
    assert_in_range(width, 1, TILE_WIDTH);
    if (m->broken || n * TILE_WIDTH + width > m->known[level])
        return fault_set(fault, RC_IO, "tile %u/%llu is not there", level, (unsigned long long)n);
    memcpy(ret, level_of(m, level) + n * TILE_WIDTH, width * sizeof *ret);
    return RC_OK;
}

static const struct tile_source source = {&memory, memory_read};
static const struct tile_sink sink = {&memory, memory_write};

static void make_leaves(void)
{
    for (size_t i = 0; i < LEAVES_MAX; i++) {
        char text[24];
        int n = snprintf(text, sizeof text, "entry %zu", i);
        leaves[i] = merkle_leaf((struct str){text, (size_t)n});
    }
}

static void memory_fill(size_t size)
{
    struct log_edge edge = {0};
    memset(&memory, 0, sizeof memory);
    assert_int_equal(log_edge_append(&edge, leaves, size, &sink, NULL), RC_OK);
}

static void assert_hash(struct hash a, struct hash b)
{
    assert_memory_equal(a.b, b.b, sizeof a.b);
}

static void assert_hex(struct hash h, const char *hex)
{
    struct hash want;
    assert_true(hex_decode(str_of(hex), want.b, sizeof want.b));
    assert_hash(h, want);
}

/* ---- hashing ---- */

/* The vectors of certificate-transparency's reference implementation, known from
 * every RFC 6962 library. */
static void known_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *root; /* of the tree up to and with this entry */
    } vectors[] = {
        {"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\0", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8,
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
    struct hash tree[8];
    assert_hex(merkle_root(NULL, 0),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < 8; i++) {
        tree[i] = merkle_leaf((struct str){vectors[i].bytes, vectors[i].n});
        assert_hex(merkle_root(tree, i + 1), vectors[i].root);
    }
}

static void roots_are_those_of_the_definition(void **state)
{
    (void)state;
    struct hash root;
    memory_fill(LEAVES_MAX);
    for (size_t n = 0; n <= 300; n++) {
        struct hash want = naive_root(leaves, n);
        assert_hash(merkle_root(leaves, n), want);
        assert_int_equal(tiles_root(&source, n, &root, NULL), RC_OK);
        assert_hash(root, want);
    }
    for (size_t n = 65535 - 2; n <= 65536 + 258; n += n < 65538 ? 1 : 64) {
        assert_int_equal(tiles_root(&source, n, &root, NULL), RC_OK);
        assert_hash(root, naive_root(leaves, n));
    }
}

/* ---- proofs ---- */

static void check_inclusion(size_t index, size_t size)
{
    struct hash proof[64], want[64], root = merkle_root(leaves, size);
    size_t n;
    assert_int_equal(tiles_inclusion(&source, index, size, proof, &n, NULL), RC_OK);
    assert_int_equal(n, naive_path(index, leaves, size, want));
    assert_memory_equal(proof, want, n * sizeof *proof);
    assert_int_equal(merkle_check_inclusion(&leaves[index], index, size, proof, n, &root), RC_OK);
}

static void inclusion_of_every_entry(void **state)
{
    (void)state;
    memory_fill(LEAVES_MAX);
    for (size_t size = 1; size <= 70; size++)
        for (size_t i = 0; i < size; i++)
            check_inclusion(i, size);
    for (size_t size = 254; size <= 300; size += 3)
        for (size_t i = 0; i < size; i += 7)
            check_inclusion(i, size);
    static const size_t big[] = {65535, 65536, 65537, 65536 + 257};
    for (size_t k = 0; k < 4; k++) {
        check_inclusion(0, big[k]);
        check_inclusion(255, big[k]);
        check_inclusion(40000, big[k]);
        check_inclusion(big[k] - 1, big[k]);
    }
}

static void check_consistency(size_t old, size_t size)
{
    struct hash proof[64], want[64];
    struct hash old_root = merkle_root(leaves, old), root = merkle_root(leaves, size);
    size_t n;
    assert_int_equal(tiles_consistency(&source, old, size, proof, &n, NULL), RC_OK);
    assert_int_equal(n, old == 0 ? 0 : naive_subproof(old, leaves, size, true, want));
    if (n > 0)
        assert_memory_equal(proof, want, n * sizeof *proof);
    assert_int_equal(merkle_check_consistency(old, &old_root, size, &root, proof, n), RC_OK);
}

static void consistency_of_every_pair(void **state)
{
    (void)state;
    memory_fill(LEAVES_MAX);
    for (size_t size = 0; size <= 66; size++)
        for (size_t old = 0; old <= size; old++)
            check_consistency(old, size);
    for (size_t old = 0; old <= 300; old += 11)
        check_consistency(old, 300);
    static const size_t olds[] = {1, 255, 256, 257, 32768, 65535, 65536};
    for (size_t k = 0; k < 7; k++) {
        check_consistency(olds[k], 65537);
        check_consistency(olds[k], 65536 + 257);
    }
}

/* Whatever is changed in a proof, it proves nothing any more. */
static void wrong_inclusion_is_refused(void **state)
{
    (void)state;
    memory_fill(300);
    for (size_t size = 1; size <= 40; size++)
        for (size_t i = 0; i < size; i++) {
            struct hash proof[64], root = merkle_root(leaves, size), other = root;
            size_t n;
            assert_int_equal(tiles_inclusion(&source, i, size, proof, &n, NULL), RC_OK);
            proof[n] = leaves[0];
            assert_int_equal(merkle_check_inclusion(&leaves[i], i, size, proof, n + 1, &root),
                             RC_INVALID);
            if (n > 0)
                assert_int_equal(merkle_check_inclusion(&leaves[i], i, size, proof, n - 1, &root),
                                 RC_INVALID);
            for (size_t k = 0; k < n; k++) {
                proof[k].b[31] ^= 1;
                assert_int_equal(merkle_check_inclusion(&leaves[i], i, size, proof, n, &root),
                                 RC_INVALID);
                proof[k].b[31] ^= 1;
            }
            for (size_t k = 0; k < size; k++)
                if (k != i)
                    assert_int_equal(merkle_check_inclusion(&leaves[i], k, size, proof, n, &root),
                                     RC_INVALID);
            assert_int_equal(merkle_check_inclusion(&leaves[i], size, size, proof, n, &root),
                             RC_INVALID);
            assert_int_equal(merkle_check_inclusion(&leaves[i + 1], i, size, proof, n, &root),
                             RC_INVALID);
            other.b[0] ^= 0x80;
            assert_int_equal(merkle_check_inclusion(&leaves[i], i, size, proof, n, &other),
                             RC_INVALID);
        }
    struct hash nothing = merkle_root(NULL, 0);
    assert_int_equal(merkle_check_inclusion(&leaves[0], 0, 0, NULL, 0, &nothing), RC_INVALID);
}

static void refuse_consistency(size_t old, size_t size)
{
    struct hash proof[64], old_root = merkle_root(leaves, old), root = merkle_root(leaves, size);
    struct hash other = naive_node(root, root);
    size_t n;
    assert_int_equal(tiles_consistency(&source, old, size, proof, &n, NULL), RC_OK);
    proof[n] = leaves[0];
    assert_int_equal(merkle_check_consistency(old, &old_root, size, &root, proof, n + 1),
                     RC_INVALID);
    assert_int_equal(merkle_check_consistency(old, &other, size, &root, proof, n), RC_INVALID);
    assert_int_equal(merkle_check_consistency(old, &old_root, size, &other, proof, n), RC_INVALID);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(merkle_check_consistency(old, &old_root, size, &root, proof, k),
                         RC_INVALID);
        proof[k].b[0] ^= 1;
        assert_int_equal(merkle_check_consistency(old, &old_root, size, &root, proof, n),
                         RC_INVALID);
        proof[k].b[0] ^= 1;
    }
}

static void wrong_consistency_is_refused(void **state)
{
    (void)state;
    struct hash proof[64], root = merkle_root(leaves, 9), none = merkle_root(NULL, 0);
    size_t n;
    memory_fill(300);
    for (size_t size = 1; size <= 40; size++)
        for (size_t old = 1; old <= size; old++)
            refuse_consistency(old, size);
    assert_int_equal(merkle_check_consistency(9, &root, 8, &root, proof, 0), RC_INVALID);
    assert_int_equal(tiles_consistency(&source, 9, 8, proof, &n, NULL), RC_INVALID);
    /* The empty tree is consistent with all, and has one root only. */
    assert_int_equal(merkle_check_consistency(0, &none, 9, &root, proof, 1), RC_INVALID);
    assert_int_equal(merkle_check_consistency(0, &leaves[0], 9, &root, proof, 0), RC_INVALID);
}

static void proofs_outside_the_tree_are_refused(void **state)
{
    (void)state;
    struct hash proof[64];
    struct fault fault;
    size_t n;
    memory_fill(10);
    assert_int_equal(tiles_inclusion(&source, 10, 10, proof, &n, &fault), RC_INVALID);
    assert_int_equal(tiles_inclusion(&source, 0, 0, proof, &n, &fault), RC_INVALID);
    assert_int_equal(tiles_inclusion(&source, UINT64_MAX, 10, proof, &n, &fault), RC_INVALID);
}

static void a_missing_tile_is_told(void **state)
{
    (void)state;
    struct hash proof[64], root;
    struct log_edge edge;
    struct fault fault;
    size_t n;
    memory_fill(300);
    memory.broken = true;
    assert_int_equal(tiles_root(&source, 300, &root, &fault), RC_IO);
    assert_non_null(strstr(fault.text, "is not there"));
    assert_int_equal(tiles_inclusion(&source, 3, 300, proof, &n, &fault), RC_IO);
    assert_int_equal(tiles_consistency(&source, 3, 300, proof, &n, &fault), RC_IO);
    assert_int_equal(log_edge_load(&edge, &source, 300, &fault), RC_IO);
}

/* Whatever size a hostile checkpoint names, the answer comes and is no crash. */
static enum rc any_tile(void *context, unsigned level, uint64_t n, unsigned width, struct hash *ret,
                        struct fault *fault)
{
    (void)context, (void)fault;
    assert_true(level < TILE_LEVELS);
    assert_in_range(width, 1, TILE_WIDTH);
    for (unsigned i = 0; i < width; i++)
        ret[i] = leaves[(n + i + level) % 1000];
    return RC_OK;
}

static void huge_sizes_are_walked_or_refused(void **state)
{
    (void)state;
    static const uint64_t good[] = {TREE_SIZE_MAX, TREE_SIZE_MAX - 1, 1ull << 61, 1ull << 32};
    static const uint64_t bad[] = {TREE_SIZE_MAX + 1, (1ull << 63) + 1, UINT64_MAX};
    const struct tile_source any = {NULL, any_tile};
    struct hash proof[64], root;
    struct fault fault;
    size_t n;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(tiles_root(&any, good[i], &root, NULL), RC_OK);
        assert_int_equal(tiles_inclusion(&any, good[i] - 1, good[i], proof, &n, NULL), RC_OK);
        assert_int_equal(tiles_inclusion(&any, 0, good[i], proof, &n, NULL), RC_OK);
        assert_in_range(n, 32, 62);
        assert_int_equal(tiles_consistency(&any, 3, good[i], proof, &n, NULL), RC_OK);
        assert_in_range(n, 32, 64);
        assert_int_equal(tiles_consistency(&any, good[i] - 1, good[i], proof, &n, NULL), RC_OK);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(tiles_root(&any, bad[i], &root, &fault), RC_INVALID);
        assert_int_equal(tiles_inclusion(&any, 0, bad[i], proof, &n, &fault), RC_INVALID);
        assert_int_equal(tiles_consistency(&any, 3, bad[i], proof, &n, &fault), RC_INVALID);
    }
}

/* ---- growing ---- */

static void assert_same_edge(const struct log_edge *a, const struct log_edge *b)
{
    assert_int_equal(a->size, b->size);
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        assert_int_equal(a->width[level], b->width[level]);
        assert_memory_equal(a->hashes[level], b->hashes[level],
                            a->width[level] * sizeof(struct hash));
    }
}

/* A batch of any size leaves the tiles that one big batch leaves; a restart
 * between batches changes nothing. */
static void batches_add_up(void **state)
{
    (void)state;
    static struct memory whole;
    uint32_t chance = 12345;
    memory_fill(LEAVES_MAX);
    memcpy(&whole, &memory, sizeof whole);
    memset(&memory, 0, sizeof memory);
    struct log_edge edge = {0}, loaded;
    for (size_t at = 0; at < LEAVES_MAX;) {
        chance = chance * 1103515245 + 12345;
        size_t most = at < 1000 ? 5 : at < 10000 ? 700 : 9000;
        size_t n = (chance >> 8) % most;
        n = n < LEAVES_MAX - at ? n : LEAVES_MAX - at;
        assert_int_equal(log_edge_append(&edge, leaves + at, n, &sink, NULL), RC_OK);
        at += n;
        assert_int_equal(edge.size, at);
        assert_int_equal(log_edge_load(&loaded, &source, at, NULL), RC_OK);
        assert_same_edge(&edge, &loaded);
        assert_hash(log_edge_root(&edge), naive_root(leaves, at));
        edge = loaded;
    }
    assert_memory_equal(memory.level0, whole.level0, LEAVES_MAX * sizeof *leaves);
    assert_memory_equal(memory.level1, whole.level1, LEAVES_MAX / TILE_WIDTH * sizeof *leaves);
    assert_memory_equal(memory.level2, whole.level2, sizeof *leaves);
    assert_int_equal(memory.full_writes, whole.full_writes);
    assert_int_equal(whole.full_writes, LEAVES_MAX / 256 + LEAVES_MAX / 65536);
}

static enum rc refusing_sink(void *context, unsigned level, uint64_t n, const struct hash *hashes,
                             unsigned width, struct fault *fault)
{
    (void)context, (void)level, (void)n, (void)hashes, (void)width;
    return fault_set(fault, RC_IO, "disk full");
}

static void a_failed_write_is_told(void **state)
{
    (void)state;
    struct log_edge edge = {0};
    struct fault fault;
    const struct tile_sink full = {NULL, refusing_sink};
    assert_int_equal(log_edge_append(&edge, leaves, 1, &full, &fault), RC_IO);
    assert_string_equal(fault.text, "disk full");
}

static void the_empty_log_has_a_root(void **state)
{
    (void)state;
    struct log_edge edge;
    assert_int_equal(log_edge_load(&edge, &source, 0, NULL), RC_OK);
    assert_hash(log_edge_root(&edge), sha256("", 0));
    assert_int_equal(log_edge_append(&edge, NULL, 0, &sink, NULL), RC_OK);
    assert_int_equal(edge.size, 0);
}

/* ---- paths ---- */

static void paths_are_written_and_read(void **state)
{
    (void)state;
    static const struct {
        unsigned level;
        uint64_t n;
        unsigned width;
        const char *path;
    } cases[] = {{0, 0, 256, "tile/0/000"},
                 {0, 999, 256, "tile/0/999"},
                 {0, 1000, 256, "tile/0/x001/000"},
                 {2, 1234067, 256, "tile/2/x001/x234/067"},
                 {0, 273, 44, "tile/0/273.p/44"},
                 {1, 1067, 255, "tile/1/x001/067.p/255"},
                 {7, 0, 1, "tile/7/000.p/1"},
                 {TILE_ENTRIES, 0, 256, "tile/entries/000"},
                 {TILE_ENTRIES, 1234067, 9, "tile/entries/x001/x234/067.p/9"},
                 {0, 1000000000, 256, "tile/0/x001/x000/x000/000"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO b = BUF_INIT(100);
        unsigned level, width;
        uint64_t n;
        tile_path_add(&b, cases[i].level, cases[i].n, cases[i].width);
        assert_true(str_eq(buf_str(&b), str_of(cases[i].path)));
        assert_int_equal(tile_path_parse(str_sub(buf_str(&b), 5, b.n), &level, &n, &width), RC_OK);
        assert_int_equal(level, cases[i].level);
        assert_int_equal(n, cases[i].n);
        assert_int_equal(width, cases[i].width);
    }
}

static void paths_of_all_numbers_come_back(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < (uint64_t)1 << 54; n = n * 3 + 1) {
        BUF_AUTO b = BUF_INIT(100);
        unsigned level, width;
        uint64_t got;
        tile_path_add(&b, 3, n, 17);
        assert_int_equal(tile_path_parse(str_sub(buf_str(&b), 5, b.n), &level, &got, &width),
                         RC_OK);
        assert_int_equal(got, n);
    }
}

static void bad_paths_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "/",
                                      "0",
                                      "0/",
                                      "0//000",
                                      "0/0",
                                      "0/00",
                                      "0/0000",
                                      "0/000/",
                                      "0/000/000",
                                      "0/x000/000",
                                      "0/x000/x001/000",
                                      "0/x001",
                                      "0/x001/",
                                      "0/x001/x000",
                                      "0/x01/000",
                                      "0/X001/000",
                                      "0/1000/000",
                                      "00/000",
                                      "01/000",
                                      "64/000",
                                      "-1/000",
                                      "+1/000",
                                      " 0/000",
                                      "0/000 ",
                                      "0/-01",
                                      "0/0x1",
                                      "0/000.p",
                                      "0/000.p/",
                                      "0/000.p/0",
                                      "0/000.p/256",
                                      "0/000.p/01",
                                      "0/000.p/1/",
                                      "0/000.p/1/2",
                                      "0/000.p/-1",
                                      "0/000.p/ 1",
                                      "0/000.P/1",
                                      "0/x001.p/1",
                                      "0/x001.p/000",
                                      "0/000.p/x01",
                                      "0/.p/1",
                                      "0/00a",
                                      "0/\xEF\xBC\x90\xEF\xBC\x90",
                                      "a/000",
                                      "Entries/000",
                                      "entries",
                                      "entries/",
                                      "entries/x/000",
                                      "entries/../000",
                                      "0/..",
                                      "255/000",
                                      "0/x001/x000/x000/x000/x000/x000/000",
                                      "256/000",
                                      "99999999999999999999/000",
                                      "0/000.p/1x",
                                      "0/000.q/1",
                                      "//000",
                                      "entries//000",
                                      "0/000.p//1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        unsigned level = 77, width = 77;
        uint64_t n = 77;
        if (tile_path_parse(str_of(bad[i]), &level, &n, &width) != RC_INVALID)
            fail_msg("accepted: \"%s\"", bad[i]);
        assert_true(level == 77 && n == 77 && width == 77);
    }
    unsigned level, width;
    uint64_t n;
    assert_int_equal(tile_path_parse((struct str){"0/00\0", 5}, &level, &n, &width), RC_INVALID);
}

/* ---- bundles ---- */

static void bundles_come_back(void **state)
{
    (void)state;
    static char longest[ENTRY_MAX];
    memset(longest, 'x', sizeof longest);
    BUF_AUTO b = BUF_INIT(1u << 20);
    bundle_add(&b, STR("one"));
    bundle_add(&b, STR_NONE);
    bundle_add(&b, (struct str){longest, sizeof longest});
    bundle_add(&b, STR("a\0b"));
    assert_memory_equal(b.p, "\0\3one\0\0\xFF\xFF", 9);
    struct str rest = buf_str(&b), entry;
    assert_int_equal(bundle_next(&rest, &entry), RC_OK);
    assert_true(str_eq(entry, STR("one")));
    assert_int_equal(bundle_next(&rest, &entry), RC_OK);
    assert_int_equal(entry.n, 0);
    assert_int_equal(bundle_next(&rest, &entry), RC_OK);
    assert_true(str_eq(entry, (struct str){longest, sizeof longest}));
    assert_int_equal(bundle_next(&rest, &entry), RC_OK);
    assert_true(str_eq(entry, STR("a\0b")));
    assert_int_equal(bundle_next(&rest, &entry), RC_NOT_FOUND);
}

static void a_bundle_cut_anywhere_is_told(void **state)
{
    (void)state;
    BUF_AUTO b = BUF_INIT(100);
    bundle_add(&b, STR("two"));
    for (size_t n = 1; n < b.n; n++) {
        struct str rest = {b.p, n}, entry;
        assert_int_equal(bundle_next(&rest, &entry), RC_INVALID);
    }
}

/* An entry that a length of 16 bits cannot tell would tear the bundle. */
static void an_entry_too_long_is_not_written(void **state)
{
    (void)state;
    static char big[ENTRY_MAX + 1];
    BUF_AUTO b = BUF_INIT(1u << 20);
    bundle_add(&b, (struct str){big, sizeof big});
    assert_int_equal(buf_check(&b), RC_LIMIT);
    assert_int_equal(b.n, 0);
}

/* ---- lists of works ---- */

static void the_root_of_a_list_is_that_of_its_numbers(void **state)
{
    (void)state;
    static struct hash hashes[300];
    static uint64_t works[300];
    for (size_t i = 0; i < 300; i++) {
        uint64_t work = i * 1000003 + 7;
        uint8_t bytes[8];
        works[i] = work;
        for (int k = 7; k >= 0; k--, work >>= 8)
            bytes[k] = (uint8_t)work;
        hashes[i] = merkle_leaf((struct str){(const char *)bytes, 8});
        assert_hash(work_list_root(works, i), naive_root(hashes, i));
    }
}

int main(void)
{
    make_leaves();
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_vectors),
                                       cmocka_unit_test(roots_are_those_of_the_definition),
                                       cmocka_unit_test(inclusion_of_every_entry),
                                       cmocka_unit_test(consistency_of_every_pair),
                                       cmocka_unit_test(wrong_inclusion_is_refused),
                                       cmocka_unit_test(wrong_consistency_is_refused),
                                       cmocka_unit_test(proofs_outside_the_tree_are_refused),
                                       cmocka_unit_test(a_missing_tile_is_told),
                                       cmocka_unit_test(huge_sizes_are_walked_or_refused),
                                       cmocka_unit_test(batches_add_up),
                                       cmocka_unit_test(a_failed_write_is_told),
                                       cmocka_unit_test(the_empty_log_has_a_root),
                                       cmocka_unit_test(paths_are_written_and_read),
                                       cmocka_unit_test(paths_of_all_numbers_come_back),
                                       cmocka_unit_test(bad_paths_are_refused),
                                       cmocka_unit_test(bundles_come_back),
                                       cmocka_unit_test(a_bundle_cut_anywhere_is_told),
                                       cmocka_unit_test(an_entry_too_long_is_not_written),
                                       cmocka_unit_test(the_root_of_a_list_is_that_of_its_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
