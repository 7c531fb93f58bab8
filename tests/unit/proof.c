/* Proofs to take home: what is written verifies by the file alone; whatever is
 * touched in it does not; no second notation is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/entry.h"
#include "record/merkle.h"
#include "record/proof.h"

enum { ENTRIES = 7, OURS = 4 };

static struct note_signer signer;
static struct hash leaves[ENTRIES];
static struct str const content = {"{\"stars\":4}", 11};
static char entry_text[200];
static struct receipt made;
static struct buf file = BUF_INIT(PROOF_MAX);
static struct buf note = BUF_INIT(NOTE_MAX);

static enum rc read_leaves(void *context, unsigned level, uint64_t n, unsigned width,
                           struct hash *ret, struct fault *fault)
{
    (void)context;
    (void)n;
    (void)fault;
    assert_int_equal(level, 0);
    memcpy(ret, leaves, width * sizeof *ret);
    return RC_OK;
}

static int make(void **state)
{
    struct opening *o = &made.opening;
    struct tile_source source = {NULL, read_leaves};
    BUF_AUTO hex = BUF_INIT(80);
    (void)state;
    if (note_signer_generate(&signer, STR("books.example/voices"), NULL) != RC_OK)
        return -1;
    o->domain = STR("books.example/rating/v1");
    o->has_content = true;
    o->content = content;
    memset(o->salt, 7, sizeof o->salt);
    struct hash commitment = commitment_make(o->domain, o->salt, content);
    hex_add(&hex, commitment.b, sizeof commitment.b);
    snprintf(
        entry_text, sizeof entry_text,
        "{\"commitment\":\"%.*s\",\"kind\":\"rating\",\"type\":\"accepted\",\"v\":1,\"work\":3}",
        STR_ARG(buf_str(&hex)));
    made.entry = str_of(entry_text);
    for (int i = 0; i < ENTRIES; i++)
        leaves[i] = merkle_leaf(i == OURS ? made.entry : STR("another"));
    struct checkpoint c = {signer.key.name, ENTRIES, merkle_root(leaves, ENTRIES)};
    checkpoint_sign(&note, &c, &signer);
    made.proof.index = OURS;
    made.proof.note = buf_str(&note);
    if (tiles_inclusion(&source, OURS, ENTRIES, made.proof.path, &made.proof.n, NULL) != RC_OK)
        return -1;
    return receipt_write(&file, &made, NULL) == RC_OK ? 0 : -1;
}

/* Whether the bytes are a receipt that holds in every respect. */
static bool holds(struct str bytes, const struct note_key *key)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct receipt receipt;
    struct checkpoint checkpoint;
    if (receipt_read(&arena, bytes, &receipt, NULL) != RC_OK)
        return false;
    struct hash leaf = merkle_leaf(receipt.entry);
    return proof_check(&receipt.proof, &leaf, key, &checkpoint, NULL) == RC_OK &&
           checkpoint.size == ENTRIES && receipt_opens(&receipt, NULL, NULL) == RC_OK;
}

static void what_is_written_holds(void **state)
{
    struct note_signer stranger;
    (void)state;
    assert_true(holds(buf_str(&file), &signer.key));
    assert_int_equal(note_signer_generate(&stranger, signer.key.name, NULL), RC_OK);
    assert_false(holds(buf_str(&file), &stranger.key));
}

/* Each bit of it counts, but in signatures of others, of which there is none. */
static void whatever_is_touched_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < file.n; i++) {
        char was = file.p[i];
        file.p[i] = (char)(was ^ (was == '\n' ? 0x2a : 1));
        if (holds(buf_str(&file), &signer.key))
            fail_msg("byte %zu may be changed", i);
        file.p[i] = was;
    }
    for (size_t n = 0; n < file.n; n++)
        if (holds((struct str){file.p, n}, &signer.key))
            fail_msg("cut after %zu bytes it holds", n);
}

static void other_content_does_not_open(void **state)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct receipt receipt;
    struct str other = STR("{\"stars\":5}");
    (void)state;
    assert_int_equal(receipt_read(&arena, buf_str(&file), &receipt, NULL), RC_OK);
    assert_int_equal(receipt_opens(&receipt, &content, NULL), RC_OK);
    assert_int_equal(receipt_opens(&receipt, &other, NULL), RC_INVALID);
    receipt.opening.has_content = false;
    assert_int_equal(receipt_opens(&receipt, NULL, NULL), RC_NOT_FOUND);
}

static void no_other_notation(void **state)
{
    static const char *const bad[] = {
        "",
        "index 0\n\nx\n",
        PROOF_FIRST_LINE "\nindex 01\n\nx\n",
        PROOF_FIRST_LINE "\nindex -1\n\nx\n",
        PROOF_FIRST_LINE "\nindex 0\n",
        PROOF_FIRST_LINE "\nindex 0\n\n",
        PROOF_FIRST_LINE "\nindex 0\nAAAA\n\nx\n",
        PROOF_FIRST_LINE "\nextra !\nindex 0\n\nx\n",
        PROOF_FIRST_LINE "\nextra AA==\nextra AA==\nindex 0\n\nx\n",
        PROOF_FIRST_LINE "\r\nindex 0\n\nx\n",
        PROOF_FIRST_LINE "\nindex 0\n\nx",
    };
    ARENA_AUTO arena = ARENA_INIT;
    struct tlog_proof proof;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (proof_read(&arena, str_of(bad[i]), &proof, NULL) != RC_INVALID)
            fail_msg("%zu is read", i);
    assert_int_equal(proof_read(&arena, STR(PROOF_FIRST_LINE "\nindex 0\n\nx\n"), &proof, NULL),
                     RC_OK);
    assert_true(str_eq(proof.note, STR("x\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_holds),
        cmocka_unit_test(whatever_is_touched_fails),
        cmocka_unit_test(other_content_does_not_open),
        cmocka_unit_test(no_other_notation),
    };
    int failed = cmocka_run_group_tests(tests, make, NULL);
    buf_free(&file);
    buf_free(&note);
    return failed;
}
