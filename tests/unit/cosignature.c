/* Cosignatures against a line made by another implementation; policies and
 * add-checkpoint bodies read strictly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/add_checkpoint.h"
#include "record/cosignature.h"
#include "record/policy.h"

/* Made with Python's cryptography from the seed 00 01 … 1f. */
#define WITNESS_KEY "witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define WITNESS_SECRET                                                                             \
    "PRIVATE+KEY+witness.example/w1+e75f6532+BAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
#define WITNESS_LINE                                                                               \
    "\xE2\x80\x94 witness.example/w1 "                                                             \
    "519lMgAAAABrSdIANgalZ1Cia1djjhUyxIy5USYjHLhq1eaKSVXWfHzaUF/"                                  \
    "0iYOTGJJXDOP7Ji1NvRfVkPuGlrSUPd5eBUBIAe65Dw=="
#define FOO_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
enum { TIME = 1800000000 };

static void make_text(struct buf *b)
{
    struct hash root = sha256("tree", 4);
    BUF_LIT(b, "books.example/record\n7\n");
    base64_add(b, root.b, sizeof root.b);
    BUF_LIT(b, "\n");
}

static void test_a_foreign_line(void **state)
{
    (void)state;
    struct cosigner_key key;
    struct cosigner cosigner;
    struct fault fault;
    int64_t time = 0;
    BUF_AUTO text = BUF_INIT(1000);
    BUF_AUTO line = BUF_INIT(1000);
    make_text(&text);
    assert_int_equal(cosigner_key_parse(&key, STR(WITNESS_KEY), &fault), RC_OK);
    assert_int_equal(cosignature_verify(STR(WITNESS_LINE), buf_str(&text), &key, &time, &fault),
                     RC_OK);
    assert_int_equal(time, TIME);
    assert_int_equal(cosigner_parse(&cosigner, STR(WITNESS_SECRET), &fault), RC_OK);
    cosignature_add(&line, buf_str(&text), TIME, &cosigner);
    assert_true(str_eq(buf_str(&line), STR(WITNESS_LINE "\n")));
    buf_clear(&line);
    cosigner_key_add(&line, &cosigner.key);
    assert_true(str_eq(buf_str(&line), STR(WITNESS_KEY)));
    buf_clear(&line);
    cosigner_add(&line, &cosigner);
    assert_true(str_eq(buf_str(&line), STR(WITNESS_SECRET)));
}

static void test_what_was_touched_is_refused(void **state)
{
    (void)state;
    struct cosigner_key key, other;
    struct cosigner stranger;
    struct fault fault;
    int64_t time = 4711;
    BUF_AUTO text = BUF_INIT(1000);
    BUF_AUTO line = BUF_INIT(1000);
    make_text(&text);
    assert_int_equal(cosigner_key_parse(&key, STR(WITNESS_KEY), &fault), RC_OK);
    text.p[text.n - 5]++;
    assert_int_equal(cosignature_verify(STR(WITNESS_LINE), buf_str(&text), &key, &time, &fault),
                     RC_INVALID);
    text.p[text.n - 5]--;
    /* The time is signed too. */
    BUF_LIT(&line, WITNESS_LINE);
    size_t space = str_find(str_sub(buf_str(&line), 4, line.n), ' ') + 4;
    line.p[space + 12] = 'T';
    assert_int_equal(cosignature_verify(buf_str(&line), buf_str(&text), &key, &time, &fault),
                     RC_INVALID);
    assert_int_equal(cosigner_generate(&stranger, STR("witness.example/w2"), &fault), RC_OK);
    assert_int_equal(
        cosignature_verify(STR(WITNESS_LINE), buf_str(&text), &stranger.key, &time, &fault),
        RC_NOT_FOUND);
    assert_int_equal(time, 4711);
    /* A log's key is no witness's, nor the other way round. */
    struct note_key log;
    assert_int_equal(cosigner_key_parse(&other, STR(FOO_KEY), &fault), RC_INVALID);
    assert_int_equal(note_key_parse(&log, STR(WITNESS_KEY), &fault), RC_INVALID);
}

static void test_a_note_with_cosignatures(void **state)
{
    (void)state;
    struct note_signer signer;
    struct cosigner a, b;
    struct fault fault;
    struct checkpoint read, c = {STR("books.example/record"), 7, sha256("tree", 4)};
    struct str text, lines;
    BUF_AUTO note = BUF_INIT(NOTE_MAX);
    BUF_AUTO policy_text = BUF_INIT(4000);
    static struct policy policy;
    assert_int_equal(note_signer_generate(&signer, c.origin, &fault), RC_OK);
    assert_int_equal(cosigner_generate(&a, STR("a.example"), &fault), RC_OK);
    assert_int_equal(cosigner_generate(&b, STR("b.example"), &fault), RC_OK);
    BUF_LIT(&policy_text, "# two of two\nwitness A ");
    cosigner_key_add(&policy_text, &a.key);
    BUF_LIT(&policy_text, " http://a.example/w/\nwitness\tB\t");
    cosigner_key_add(&policy_text, &b.key);
    BUF_LIT(&policy_text, "\n\ngroup both all A B\nquorum both\n");
    assert_int_equal(policy_parse(&policy, buf_str(&policy_text), &fault), RC_OK);
    assert_true(str_eq(policy.witnesses[0].url, STR("http://a.example/w")));
    checkpoint_sign(&note, &c, &signer);
    assert_int_equal(policy_check(&policy, buf_str(&note), &fault), RC_DENIED);
    assert_int_equal(note_split(buf_str(&note), &text, &lines, &fault), RC_OK);
    BUF_AUTO body = BUF_INIT(NOTE_MAX);
    buf_str_add(&body, text);
    cosignature_add(&note, buf_str(&body), TIME, &a);
    assert_int_equal(policy_check(&policy, buf_str(&note), &fault), RC_DENIED);
    cosignature_add(&note, buf_str(&body), TIME, &a); /* the same again is not another */
    assert_int_equal(policy_check(&policy, buf_str(&note), &fault), RC_DENIED);
    cosignature_add(&note, buf_str(&body), TIME, &b);
    assert_int_equal(policy_check(&policy, buf_str(&note), &fault), RC_OK);
    assert_int_equal(checkpoint_verify(&read, buf_str(&note), &signer.key, &fault), RC_OK);
    note.p[note.n - 10] ^= 1;
    assert_int_not_equal(policy_check(&policy, buf_str(&note), &fault), RC_OK);
}

#define W "witness A " WITNESS_KEY "\n"

static void refuse(const char *text, const char *about)
{
    static struct policy policy;
    struct fault fault = {""};
    assert_int_equal(policy_parse(&policy, str_of(text), &fault), RC_INVALID);
    if (strstr(fault.text, about) == NULL)
        fail_msg("%s: \"%s\" is not in \"%s\"", text, about, fault.text);
}

static void test_policies_are_read_strictly(void **state)
{
    (void)state;
    static struct policy policy;
    struct fault fault;
    assert_int_equal(policy_parse(&policy, STR("log " FOO_KEY "\n" W "quorum A"), &fault), RC_OK);
    assert_int_equal(policy.log_count, 1);
    assert_false(policy_satisfied(&policy, (bool[POLICY_WITNESSES_MAX]){false}));
    assert_true(policy_satisfied(&policy, (bool[POLICY_WITNESSES_MAX]){true}));
    assert_int_equal(policy_parse(&policy, STR("quorum none\n"), &fault), RC_OK);
    assert_true(policy_satisfied(&policy, (bool[POLICY_WITNESSES_MAX]){false}));
    refuse("", "no quorum");
    refuse(W, "no quorum");
    refuse("quorum A\n" W, "line 1: quorum: A");
    refuse(W "quorum A\nquorum none\n", "line 3: quorum: it is given twice");
    refuse(W W "quorum A\n", "line 2: A: the name is taken");
    refuse(W "witness B " WITNESS_KEY "\nquorum A\n", "line 2: witness: this key is named twice");
    refuse("witness none " WITNESS_KEY "\nquorum none\n", "line 1: none");
    refuse("witness A " FOO_KEY "\nquorum A\n", "line 1: key type 1");
    refuse(W "group g 2 A\nquorum g\n", "line 2: group: it has 1 members, not 2");
    refuse(W "group g 0 A\nquorum g\n", "line 2: group: 0");
    refuse(W "group g all A A\nquorum g\n", "A is in one already");
    refuse(W "group g all A\ngroup h any A\nquorum g\n", "line 3: group: A is in one already");
    refuse(W "group g all g\nquorum g\n", "line 2: group: g is not named");
    refuse("witness A " WITNESS_KEY " ftp://x\nquorum A\n", "line 1: ftp://x");
    refuse("log " FOO_KEY "\nlog " FOO_KEY "\nquorum none\n", "line 2: log: this key");
    refuse("mirror x\nquorum none\n", "line 1: mirror");
    refuse("quorum none\r\n", "control");
}

static void refuse_body(const char *text, const char *about)
{
    struct add_checkpoint a;
    struct fault fault = {""};
    assert_int_equal(add_checkpoint_parse(&a, str_of(text), &fault), RC_INVALID);
    if (strstr(fault.text, about) == NULL)
        fail_msg("%s: \"%s\" is not in \"%s\"", text, about, fault.text);
}

static void test_bodies_are_read_strictly(void **state)
{
    (void)state;
    struct add_checkpoint b, a = {.old_size = 5, .proof_n = 2, .note = STR("note\n")};
    struct fault fault;
    BUF_AUTO body = BUF_INIT(ADD_CHECKPOINT_MAX);
    uint64_t size;
    a.proof[0] = sha256("a", 1);
    a.proof[1] = sha256("b", 1);
    add_checkpoint_write(&body, &a);
    assert_int_equal(add_checkpoint_parse(&b, buf_str(&body), &fault), RC_OK);
    assert_int_equal(b.old_size, 5);
    assert_int_equal(b.proof_n, 2);
    assert_true(hash_eq(&b.proof[1], &a.proof[1]));
    assert_true(str_eq(b.note, a.note));
    refuse_body("", "line 1");
    refuse_body("old\n\nnote\n", "line 1");
    refuse_body("old 05\n\nnote\n", "line 1");
    refuse_body("old -1\n\nnote\n", "line 1");
    refuse_body("old 1\nnote\n", "line 2");
    refuse_body("old 1\n", "line 2");
    refuse_body("old 1\n\n", "line 3");
    buf_clear(&body);
    BUF_LIT(&body, "old 1\n");
    for (int i = 0; i < 64; i++) {
        base64_add(&body, a.proof[0].b, 32);
        BUF_LIT(&body, "\n");
    }
    BUF_LIT(&body, "\nnote\n");
    assert_int_equal(add_checkpoint_parse(&b, buf_str(&body), &fault), RC_INVALID);
    assert_int_equal(tlog_size_parse(STR("17\n"), &size, &fault), RC_OK);
    assert_int_equal(size, 17);
    assert_int_equal(tlog_size_parse(STR("17"), &size, &fault), RC_INVALID);
    assert_int_equal(tlog_size_parse(STR("017\n"), &size, &fault), RC_INVALID);
    assert_int_equal(tlog_size_parse(STR("\n"), &size, &fault), RC_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_foreign_line),
        cmocka_unit_test(test_what_was_touched_is_refused),
        cmocka_unit_test(test_a_note_with_cosignatures),
        cmocka_unit_test(test_policies_are_read_strictly),
        cmocka_unit_test(test_bodies_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
