/* Signed notes: what we sign verifies, what anybody else wrote is read strictly,
 * and no note that was touched passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "record/note.h"

#define ORIGIN "books.example/record"
/* signed-note's own example of a verifier key. */
#define FOO_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define DASH "\xE2\x80\x94 "

static struct note_signer signer;
static struct note_signer witness;

static int make_keys(void **state)
{
    (void)state;
    return note_signer_generate(&signer, STR(ORIGIN), NULL) == RC_OK &&
                   note_signer_generate(&witness, STR("witness.example/w1"), NULL) == RC_OK
               ? 0
               : -1;
}

/* One signature line over `text`, also over texts that checkpoint_sign never makes. */
static void add_signature(struct buf *note, struct str text, const struct note_signer *by)
{
    uint8_t line[68];
    for (int i = 0; i < 4; i++)
        line[i] = (uint8_t)(by->key.id >> (24 - 8 * i));
    crypto_sign_detached(line + 4, NULL, (const uint8_t *)text.p, text.n, by->secret);
    buf_printf(note, DASH "%.*s ", STR_ARG(by->key.name));
    base64_add(note, line, sizeof line);
    BUF_LIT(note, "\n");
}

static void make_note(struct buf *note, struct str text)
{
    buf_str_add(note, text);
    BUF_LIT(note, "\n");
    add_signature(note, text, &signer);
}

static void make_checkpoint(struct buf *note, uint64_t size)
{
    struct checkpoint c = {STR(ORIGIN), size, sha256("tree", 4)};
    checkpoint_sign(note, &c, &signer);
    assert_int_equal(buf_check(note), RC_OK);
}

/* Refused, with a sentence that holds `about`; the result is untouched. */
static void refuse(struct str note, const char *about)
{
    struct checkpoint c = {.size = 4711};
    struct fault fault = {""};
    assert_int_equal(checkpoint_verify(&c, note, &signer.key, &fault), RC_INVALID);
    assert_int_equal(c.size, 4711);
    if (strstr(fault.text, about) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", fault.text, about);
}

static void accept(struct str note, uint64_t size)
{
    struct checkpoint c;
    struct fault fault = {""};
    if (checkpoint_verify(&c, note, &signer.key, &fault) != RC_OK)
        fail_msg("refused: %s", fault.text);
    assert_true(str_eq(c.origin, STR(ORIGIN)));
    assert_int_equal(c.size, size);
}

/* ---- keys ---- */

static void keys_come_back_from_their_text(void **state)
{
    (void)state;
    struct note_signer again;
    struct note_key key;
    BUF_AUTO text = BUF_INIT(1000);
    BUF_AUTO vkey = BUF_INIT(1000);
    note_signer_add(&text, &signer);
    note_key_add(&vkey, &signer.key);
    assert_int_equal(note_signer_parse(&again, buf_str(&text), NULL), RC_OK);
    assert_true(str_eq(again.key.name, STR(ORIGIN)));
    assert_memory_equal(again.secret, signer.secret, sizeof again.secret);
    assert_int_equal(note_key_parse(&key, buf_str(&vkey), NULL), RC_OK);
    assert_true(str_eq(key.name, STR(ORIGIN)));
    assert_int_equal(key.id, signer.key.id);
    assert_memory_equal(key.public_key, signer.key.public_key, 32);
    assert_true(str_starts(buf_str(&text), STR("PRIVATE+KEY+" ORIGIN "+")));
    assert_int_equal(vkey.n, strlen(ORIGIN) + 1 + 8 + 1 + 44);
}

static void the_example_key_of_signed_note_is_read(void **state)
{
    (void)state;
    struct note_key key;
    BUF_AUTO again = BUF_INIT(200);
    assert_int_equal(note_key_parse(&key, STR(FOO_KEY), NULL), RC_OK);
    assert_true(str_eq(key.name, STR("example.com/foo")));
    assert_int_equal(key.id, 0x530d903a);
    note_key_add(&again, &key);
    assert_true(str_eq(buf_str(&again), STR(FOO_KEY)));
    assert_int_equal(note_key_parse(&key, STR(" " FOO_KEY "\n"), NULL), RC_OK);
}

static void bad_keys_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "+",
        "++",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903a+",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fooo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAAAA",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k+",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYc rnKv3U2k",
        "example.com foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo +530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct note_key key;
        struct note_signer s;
        struct fault fault;
        BUF_AUTO secret = BUF_INIT(1000);
        buf_printf(&secret, "PRIVATE+KEY+%s", bad[i]);
        if (note_key_parse(&key, str_of(bad[i]), &fault) != RC_INVALID ||
            note_signer_parse(&s, buf_str(&secret), &fault) != RC_INVALID)
            fail_msg("accepted: \"%s\"", bad[i]);
    }
    struct note_signer s;
    assert_int_equal(note_signer_parse(&s, STR(FOO_KEY), NULL), RC_INVALID);
}

static void names_hold_no_space_and_no_plus(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " ",
                                      "a b",
                                      "a+b",
                                      "a\n",
                                      "\t",
                                      "a\xC2\xA0"
                                      "b",
                                      "a\xE3\x80\x80",
                                      "a\xE2\x80\x83"
                                      "b",
                                      "\xFF",
                                      "a\x7F"};
    struct note_signer s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(note_signer_generate(&s, str_of(bad[i]), NULL), RC_INVALID);
        assert_int_equal(note_signer_rename(&s, &signer, str_of(bad[i]), NULL), RC_INVALID);
    }
    assert_int_equal(note_signer_generate(&s, STR("书店.example/记录"), NULL), RC_OK);
}

/* The voices log is signed by the same seed under its own name; the id differs. */
static void a_renamed_key_is_another_key(void **state)
{
    (void)state;
    struct note_signer voices;
    assert_int_equal(note_signer_rename(&voices, &signer, STR(ORIGIN "/voices"), NULL), RC_OK);
    assert_memory_equal(voices.secret, signer.secret, sizeof voices.secret);
    assert_int_not_equal(voices.key.id, signer.key.id);
    BUF_AUTO note = BUF_INIT(1000);
    struct checkpoint c = {STR(ORIGIN "/voices"), 5, sha256("", 0)};
    checkpoint_sign(&note, &c, &voices);
    assert_int_equal(checkpoint_verify(&c, buf_str(&note), &voices.key, NULL), RC_OK);
    refuse(buf_str(&note), "no signature by " ORIGIN);
}

static void a_cleared_key_is_gone(void **state)
{
    (void)state;
    struct note_signer s;
    static const uint8_t zero[64];
    assert_int_equal(note_signer_generate(&s, STR("a"), NULL), RC_OK);
    note_signer_clear(&s);
    assert_memory_equal(s.secret, zero, sizeof zero);
}

/* ---- checkpoints ---- */

static void a_checkpoint_has_the_form_of_the_standard(void **state)
{
    (void)state;
    BUF_AUTO note = BUF_INIT(1000);
    struct checkpoint c = {STR(ORIGIN), 42, sha256("", 0)};
    checkpoint_sign(&note, &c, &signer);
    assert_true(
        str_starts(buf_str(&note),
                   STR(ORIGIN "\n42\n"
                              "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n" DASH ORIGIN " ")));
    assert_true(str_ends(buf_str(&note), STR("=\n")) || str_ends(buf_str(&note), STR("\n")));
    assert_int_equal(checkpoint_verify(&c, buf_str(&note), &signer.key, NULL), RC_OK);
    assert_int_equal(c.size, 42);
    struct hash empty = sha256("", 0);
    assert_true(hash_eq(&c.root, &empty));
}

static void sizes_come_back(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 9, 10, 255, 256, 1ull << 32, (1ull << 62) - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        BUF_AUTO note = BUF_INIT(1000);
        make_checkpoint(&note, sizes[i]);
        accept(buf_str(&note), sizes[i]);
    }
}

/* No single bit of a note is without meaning. */
static void any_changed_bit_is_seen(void **state)
{
    (void)state;
    BUF_AUTO note = BUF_INIT(1000);
    make_checkpoint(&note, 12);
    for (size_t i = 0; i < note.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            note.p[i] = (char)(note.p[i] ^ 1 << bit);
            refuse(buf_str(&note), "");
            note.p[i] = (char)(note.p[i] ^ 1 << bit);
        }
    for (size_t n = 0; n < note.n; n++)
        refuse((struct str){note.p, n}, "");
    accept(buf_str(&note), 12);
}

static void texts_that_are_no_checkpoint_are_refused(void **state)
{
    (void)state;
#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    static const struct {
        const char *text, *about;
    } bad[] = {{"\n", "checkpoint"},
               {ORIGIN "\n", "three lines"},
               {ORIGIN "\n5\n", "three lines"},
               {"\n5\n" ROOT, "origin"},
               {"books.example/other\n5\n" ROOT, "origin"},
               {ORIGIN " \n5\n" ROOT, "origin"},
               {ORIGIN "\n05\n" ROOT, "size"},
               {ORIGIN "\n00\n" ROOT, "size"},
               {ORIGIN "\n-5\n" ROOT, "size"},
               {ORIGIN "\n+5\n" ROOT, "size"},
               {ORIGIN "\n 5\n" ROOT, "size"},
               {ORIGIN "\n0x5\n" ROOT, "size"},
               {ORIGIN "\n\n" ROOT, "size"},
               {ORIGIN "\n4611686018427387904\n" ROOT, "size"},
               {ORIGIN "\n18446744073709551616\n" ROOT, "size"},
               {ORIGIN "\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n", "root"},
               {ORIGIN "\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==\n", "root"},
               {ORIGIN "\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", "root"},
               {ORIGIN "\n5\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n", "root"},
               {ORIGIN "\n5\n \n", "root"},
               {ORIGIN "\n5\n" ROOT "\nafter an empty line\n", "empty"},
               {ORIGIN "\n5\n" ROOT "\n", "empty"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        BUF_AUTO note = BUF_INIT(2000);
        make_note(&note, str_of(bad[i].text));
        refuse(buf_str(&note), bad[i].about);
    }
    BUF_AUTO extended = BUF_INIT(2000);
    make_note(&extended, STR(ORIGIN "\n5\n" ROOT "an extension line\n"));
    accept(buf_str(&extended), 5);
}

static void malformed_notes_are_refused(void **state)
{
    (void)state;
    static const struct str bad[] = {
        {"", 0},           {"\n", 1},
        {"\n\n", 2},       {"text", 4},
        {"text\n", 5},     {"text\n\n", 6},
        {"text\n\n\n", 7}, {"text\n\n" DASH "a AAAAAAA=\n", 6 + 4 + 11},
        {"\n\n" DASH, 6}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refuse(bad[i], "");
    BUF_AUTO note = BUF_INIT(2000);
    make_note(&note, STR(ORIGIN "\n5\n" ROOT "a\rb\n"));
    refuse(buf_str(&note), "control");
    buf_clear(&note);
    make_note(&note, STR(ORIGIN "\n5\n" ROOT "a\0b\n"));
    refuse(buf_str(&note), "control");
    buf_clear(&note);
    make_note(&note, STR(ORIGIN "\n5\n" ROOT "\xC3\n"));
    refuse(buf_str(&note), "UTF-8");
}

/* ---- signatures ---- */

#define TEXT ORIGIN "\n7\n" ROOT

static void other_signatures_may_stand_beside_ours(void **state)
{
    (void)state;
    BUF_AUTO note = BUF_INIT(8000);
    BUF_LIT(&note, TEXT "\n");
    for (int i = 0; i < 8; i++)
        add_signature(&note, STR("whatever\n"), &witness); /* unknown: not looked at */
    add_signature(&note, STR(TEXT), &signer);
    BUF_LIT(&note, DASH "someone.example AAAAAAA=\n");
    accept(buf_str(&note), 7);
}

static void one_bad_signature_of_ours_spoils_the_note(void **state)
{
    (void)state;
    BUF_AUTO note = BUF_INIT(8000);
    BUF_LIT(&note, TEXT "\n");
    add_signature(&note, STR(TEXT), &signer);
    add_signature(&note, STR("another text\n"), &signer);
    refuse(buf_str(&note), "bad");
}

static void without_our_signature_nothing_passes(void **state)
{
    (void)state;
    BUF_AUTO note = BUF_INIT(8000);
    BUF_LIT(&note, TEXT "\n");
    add_signature(&note, STR(TEXT), &witness);
    refuse(buf_str(&note), "no signature by");
    /* The right key under another name, another key under the right name. */
    struct note_signer liar = signer;
    liar.key.name = STR("elsewhere.example");
    buf_clear(&note);
    BUF_LIT(&note, TEXT "\n");
    add_signature(&note, STR(TEXT), &liar);
    refuse(buf_str(&note), "no signature by");
    liar = witness;
    liar.key.name = STR(ORIGIN);
    buf_clear(&note);
    BUF_LIT(&note, TEXT "\n");
    add_signature(&note, STR(TEXT), &liar);
    refuse(buf_str(&note), "no signature by");
    liar.key.id = signer.key.id;
    buf_clear(&note);
    BUF_LIT(&note, TEXT "\n");
    add_signature(&note, STR(TEXT), &liar);
    refuse(buf_str(&note), "is bad");
}

static void malformed_signature_lines_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"\n",
                                      "-- a AAAAAAA=\n",
                                      DASH "\n",
                                      DASH "a\n",
                                      DASH "a \n",
                                      DASH " AAAAAAA=\n",
                                      DASH "a AAAA\n",
                                      DASH "a AAAAAAA\n",
                                      DASH "a AAAAAAA= \n",
                                      DASH "a  AAAAAAA=\n",
                                      DASH "a+b AAAAAAA=\n",
                                      "\xE2\x80\x94"
                                      "a AAAAAAA=\n",
                                      DASH "a AAA_AAA=\n",
                                      " " DASH "a AAAAAAA=\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        BUF_AUTO note = BUF_INIT(8000);
        BUF_LIT(&note, TEXT "\n");
        add_signature(&note, STR(TEXT), &signer);
        buf_str_add(&note, str_of(bad[i]));
        refuse(buf_str(&note), "");
    }
}

static void notes_are_capped(void **state)
{
    (void)state;
    for (int more = 0; more <= 1; more++) {
        BUF_AUTO note = BUF_INIT(NOTE_MAX * 2);
        BUF_LIT(&note, TEXT "\n");
        add_signature(&note, STR(TEXT), &signer);
        for (int i = 1; i < NOTE_SIGNATURES_MAX + more; i++)
            add_signature(&note, STR(TEXT), &witness);
        if (more)
            refuse(buf_str(&note), "more than 64 signatures");
        else
            accept(buf_str(&note), 7);
    }
    BUF_AUTO text = BUF_INIT(NOTE_MAX * 2);
    BUF_AUTO note = BUF_INIT(NOTE_MAX * 2);
    BUF_LIT(&text, TEXT);
    while (text.n < NOTE_MAX)
        BUF_LIT(&text, "an extension line\n");
    make_note(&note, buf_str(&text));
    refuse(buf_str(&note), "larger than");
}

/* A witness's post-quantum signature is larger than ours, and none of our business. */
static void a_long_foreign_signature_is_passed_over(void **state)
{
    (void)state;
    static uint8_t long_one[4 + 8 + 2420];
    BUF_AUTO note = BUF_INIT(NOTE_MAX);
    BUF_LIT(&note, TEXT "\n");
    BUF_LIT(&note, DASH "witness.example ");
    base64_add(&note, long_one, sizeof long_one);
    BUF_LIT(&note, "\n");
    add_signature(&note, STR(TEXT), &signer);
    accept(buf_str(&note), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_back_from_their_text),
        cmocka_unit_test(the_example_key_of_signed_note_is_read),
        cmocka_unit_test(bad_keys_are_refused),
        cmocka_unit_test(names_hold_no_space_and_no_plus),
        cmocka_unit_test(a_renamed_key_is_another_key),
        cmocka_unit_test(a_cleared_key_is_gone),
        cmocka_unit_test(a_checkpoint_has_the_form_of_the_standard),
        cmocka_unit_test(sizes_come_back),
        cmocka_unit_test(any_changed_bit_is_seen),
        cmocka_unit_test(texts_that_are_no_checkpoint_are_refused),
        cmocka_unit_test(malformed_notes_are_refused),
        cmocka_unit_test(other_signatures_may_stand_beside_ours),
        cmocka_unit_test(one_bad_signature_of_ours_spoils_the_note),
        cmocka_unit_test(without_our_signature_nothing_passes),
        cmocka_unit_test(malformed_signature_lines_are_refused),
        cmocka_unit_test(notes_are_capped),
        cmocka_unit_test(a_long_foreign_signature_is_passed_over),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
