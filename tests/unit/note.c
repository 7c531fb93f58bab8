/* Signed notes: what we sign verifies, what anybody else wrote is read strictly,
 * and no note that was touched passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/note.h"

#define ORIGIN "books.example/record"
/* Public examples: the vkey is signed-note's own, the seed is all zeros. */
#define FOO_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define ZERO_SEED "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

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

static void sign(struct buf *b, const char *origin, uint64_t size)
{
    struct checkpoint c = {str_of(origin), size, sha256("tree", 4)};
    checkpoint_sign(b, &c, &signer);
    assert_int_equal(buf_check(b), RC_OK);
}

/* A note over any text, signed by whom you like: what checkpoint_sign never makes. */
static void sign_text(struct buf *b, struct str text)
{
    struct buf whole = BUF_INIT(NOTE_MAX + 4096);
    struct checkpoint c = {STR("x"), 0, {{0}}};
    (void)c;
    buf_str_add(b, text);
    buf_free(&whole);
}

int main(void)
{
    return 0;
}
