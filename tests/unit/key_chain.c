/* A log's keys: each hands over to the next and both sign it; nobody else gets in, and
 * each key's checkpoints are good for the sizes at which it held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/key_chain.h"
#include "record/merkle.h"

#define LOG "books.example"
enum { KEYS = 3 };

static struct note_signer signers[KEYS], stranger;
static struct arena texts;

static struct str vkey_of(const struct note_signer *signer)
{
    BUF_AUTO text = BUF_INIT(1024);
    note_key_add(&text, &signer->key);
    return arena_str(&texts, buf_str(&text));
}

static int make_keys(void **state)
{
    (void)state;
    bool good = note_signer_generate(&stranger, STR(LOG), NULL) == RC_OK;
    for (int i = 0; i < KEYS; i++)
        good = good && note_signer_generate(&signers[i], STR(LOG), NULL) == RC_OK;
    return good ? 0 : -1;
}

static int free_texts(void **state)
{
    (void)state;
    arena_free(&texts);
    return 0;
}

static struct key_entry hand_over(const struct note_signer *old, const struct note_signer *next,
                                  uint64_t from)
{
    BUF_AUTO text = BUF_INIT(4096);
    struct key_entry h = {
        .log = STR(LOG), .from = from, .old_vkey = vkey_of(old), .new_vkey = vkey_of(next)};
    key_handover_add(&text, h.log, h.from, h.old_vkey, h.new_vkey);
    note_sign_bytes(h.by_old, buf_str(&text), old);
    note_sign_bytes(h.by_new, buf_str(&text), next);
    return h;
}

/* Over at 5 and at 9. */
static struct key_chain three(void)
{
    struct key_chain chain;
    struct key_entry first = hand_over(&signers[0], &signers[1], 5);
    struct key_entry second = hand_over(&signers[1], &signers[2], 9);
    assert_int_equal(key_chain_begin(&chain, vkey_of(&signers[0]), NULL), RC_OK);
    assert_int_equal(key_chain_add(&chain, &first, NULL), RC_OK);
    assert_int_equal(key_chain_add(&chain, &second, NULL), RC_OK);
    return chain;
}

static void only_the_last_key_hands_over(void **state)
{
    (void)state;
    struct key_chain chain = three();
    struct key_entry again = hand_over(&signers[1], &stranger, 12);
    assert_int_equal(key_chain_add(&chain, &again, NULL), RC_INVALID);
    struct key_entry back = hand_over(&signers[2], &signers[0], 12);
    assert_int_equal(key_chain_add(&chain, &back, NULL), RC_INVALID);
    struct key_entry earlier = hand_over(&signers[2], &stranger, 8);
    assert_int_equal(key_chain_add(&chain, &earlier, NULL), RC_INVALID);
    /* By a stranger in the last one's name; by a new key that never signed. */
    struct key_entry good = hand_over(&signers[2], &stranger, 12), forged = good;
    forged.by_old[3] ^= 1;
    assert_int_equal(key_chain_add(&chain, &forged, NULL), RC_INVALID);
    forged = good;
    memset(forged.by_new, 0, sizeof forged.by_new);
    assert_int_equal(key_chain_add(&chain, &forged, NULL), RC_INVALID);
    forged = good;
    forged.from = 13;
    assert_int_equal(key_chain_add(&chain, &forged, NULL), RC_INVALID);
    assert_int_equal(chain.n, 3);
    assert_int_equal(key_chain_add(&chain, &good, NULL), RC_OK);
}

static void a_list_proves_itself(void **state)
{
    (void)state;
    struct key_chain chain = three(), read;
    BUF_AUTO text = BUF_INIT(1 << 20);
    BUF_AUTO forged = BUF_INIT(1 << 20);
    BUF_LIT(&text, "other.example+00000000+AAAA 7\n");
    key_chain_write(&text, &chain);
    assert_int_equal(key_chain_read(&read, buf_str(&text), STR(LOG), NULL), RC_OK);
    assert_true(key_chain_eq(&chain, &read));
    for (int i = 0; i < KEYS; i++) {
        struct str known = vkey_of(&signers[i]);
        assert_int_equal(key_chain_follow(&read, known, buf_str(&text), NULL), RC_OK);
        assert_int_equal(read.n, 3);
    }
    struct str strange = vkey_of(&stranger);
    assert_int_equal(key_chain_follow(&read, strange, buf_str(&text), NULL), RC_CORRUPT);
    assert_int_equal(key_chain_follow(&read, strange, STR_NONE, NULL), RC_OK);
    assert_int_equal(read.n, 1);
    /* Any other byte in a line of this log is no list. */
    size_t first = str_find(buf_str(&text), '\n') + 1;
    for (size_t i = first + strlen(LOG) + 1; i + 1 < text.n; i++) {
        if (text.p[i] == '\n' || text.p[i + 1] == '\n')
            continue;
        buf_clear(&forged);
        buf_str_add(&forged, buf_str(&text));
        forged.p[i] = forged.p[i] == 'x' ? 'y' : 'x';
        bool same_log = key_chain_read(&read, buf_str(&forged), STR(LOG), NULL) == RC_OK;
        /* Where the name of a log is touched, the line is of another one. */
        assert_true(!same_log || read.n < 3);
    }
}

static enum rc verify(const struct key_chain *chain, uint64_t size, const struct note_signer *by,
                      const struct note_signer *also)
{
    BUF_AUTO note = BUF_INIT(NOTE_MAX);
    BUF_AUTO text = BUF_INIT(NOTE_MAX);
    struct checkpoint c = {STR(LOG), size, merkle_root(NULL, 0)}, ret;
    checkpoint_text(&text, &c);
    note_sign(&note, buf_str(&text), by);
    if (also != NULL)
        note_sign_line(&note, buf_str(&text), also);
    return key_chain_verify(&ret, buf_str(&note), chain, NULL);
}

static void each_key_signs_for_its_sizes(void **state)
{
    (void)state;
    struct key_chain chain = three();
    for (uint64_t size = 0; size < 14; size++) {
        const bool good[KEYS] = {size <= 5, size >= 5 && size <= 9, size >= 9};
        for (int i = 0; i < KEYS; i++)
            assert_int_equal(verify(&chain, size, &signers[i], NULL), good[i] ? RC_OK : RC_INVALID);
        assert_int_equal(verify(&chain, size, &stranger, NULL), RC_INVALID);
    }
    /* The one that publishes the hand-over: by both. */
    assert_int_equal(verify(&chain, 8, &signers[0], &signers[1]), RC_OK);
    assert_int_equal(verify(&chain, 12, &signers[1], &signers[2]), RC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_the_last_key_hands_over),
                                       cmocka_unit_test(a_list_proves_itself),
                                       cmocka_unit_test(each_key_signs_for_its_sizes)};
    return cmocka_run_group_tests(tests, make_keys, free_texts);
}
