/* Webhooks of the payment provider: signed bytes, and only those. */
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/encode.h"
#include "pay/stripe.h"

enum { NOW = 1800000000 };
static const char settings[] = "# ours\nkey sk_test_0123456789\nwebhook whsec_first00\n"
                               "webhook whsec_second0\naccount acct_00000001\n";
#define SESSION                                                                                    \
    "{\"object\":\"checkout.session\",\"id\":\"cs_test_1\",\"amount_total\":1290,"                 \
    "\"currency\":\"eur\",\"status\":\"complete\",\"payment_status\":\"%s\","                      \
    "\"client_reference_id\":\"ACDEFGHJK\",\"payment_intent\":\"pi_1\",\"livemode\":false}"

static struct stripe provider(struct arena *arena)
{
    struct stripe s = {0};
    assert_int_equal(stripe_read(arena, str_of(settings), &s, NULL), RC_OK);
    return s;
}

static struct str sign(struct arena *arena, const char *secret, int64_t at, struct str payload)
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    struct str text = arena_printf(arena, "%lld.%.*s", (long long)at, STR_ARG(payload));
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.p, text.n);
    crypto_auth_hmacsha256_final(&state, mac);
    return hex_str(arena, mac, sizeof mac);
}

static struct str event(struct arena *arena, const char *type, const char *payment,
                        const char *more)
{
    struct str session = arena_printf(arena, SESSION, payment);
    return arena_printf(arena,
                        "{\"object\":\"event\",\"id\":\"evt_1\",\"type\":\"%s\",\"created\":%d,"
                        "\"livemode\":false%s,\"data\":{\"object\":%.*s}}",
                        type, NOW, more, STR_ARG(session));
}

static enum rc read_signed(struct arena *arena, struct str payload, struct str header,
                           struct stripe_event *ret)
{
    struct stripe s = provider(arena);
    return stripe_event_read(&s, arena, payload, header, NOW, ret, NULL);
}

static struct str header(struct arena *arena, const char *secret, int64_t at, struct str payload)
{
    return arena_printf(arena, "t=%lld,v1=%.*s", (long long)at,
                        STR_ARG(sign(arena, secret, at, payload)));
}

static void settings_are_read(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct stripe s = provider(&arena);
    struct fault fault = {""};
    assert_true(str_is(s.api, "https://api.stripe.com") && s.secrets_n == 2 && !s.live);
    assert_int_equal(stripe_read(&arena,
                                 STR("key sk_live_0123\nwebhook whsec_000\n"
                                     "api http://127.0.0.1:99\npages https://pay.example/"),
                                 &s, NULL),
                     RC_OK);
    assert_true(s.live && str_is(s.api, "http://127.0.0.1:99"));
    static const char *const wrong[] = {
        "",
        "key sk_test_0123456789",
        "webhook whsec_0000000",
        "key sk_test_0123456789\nkey sk_test_0123456789\nwebhook whsec_0000000",
        "key sk_test_0123456789\nwebhook whsec_0000000\napi http://evil.example",
        "key sk_test_0123456789\nwebhook whsec_0000000\npages https://pay.example",
        "key sk_test_0123456789\nwebhook whsec_0000000\nsecret x",
        "key sk_test_SECRET\r\nX-Evil: 1\nwebhook whsec_0000000",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(stripe_read(&arena, str_of(wrong[i]), &s, &fault), RC_INVALID);
        assert_null(strstr(fault.text, "sk_"));
        assert_null(strstr(fault.text, "whsec"));
    }
}

static void a_signed_event_is_read(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct stripe_event e = {0};
    struct str payload = event(&arena, "checkout.session.completed", "paid", "");
    assert_int_equal(
        read_signed(&arena, payload, header(&arena, "whsec_first00", NOW, payload), &e), RC_OK);
    assert_int_equal(e.kind, STRIPE_PAID);
    assert_true(str_is(e.session.reference, "ACDEFGHJK") && str_is(e.session.currency, "EUR"));
    assert_int_equal(e.session.amount, 1290);
    payload = event(&arena, "checkout.session.completed", "unpaid", "");
    assert_int_equal(
        read_signed(&arena, payload, header(&arena, "whsec_second0", NOW - 300, payload), &e),
        RC_OK);
    assert_int_equal(e.kind, STRIPE_PENDING);
    /* Several of them, of which one is ours; other schemes are passed over. */
    struct str good = sign(&arena, "whsec_first00", NOW, payload);
    struct str several = arena_printf(&arena, "t=%d,v0=00,v1=%064d,v1=%.*s", NOW, 0, STR_ARG(good));
    assert_int_equal(read_signed(&arena, payload, several, &e), RC_OK);
    payload = event(&arena, "checkout.session.expired", "unpaid", ",\"account\":\"acct_00000001\"");
    assert_int_equal(
        read_signed(&arena, payload, header(&arena, "whsec_first00", NOW, payload), &e), RC_OK);
    assert_int_equal(e.kind, STRIPE_UNPAID);
    /* A platform is told of all its accounts: of another's nothing is read. */
    payload = event(&arena, "checkout.session.completed", "paid", ",\"account\":\"acct_other\"");
    assert_int_equal(
        read_signed(&arena, payload, header(&arena, "whsec_first00", NOW, payload), &e), RC_OK);
    assert_true(e.kind == STRIPE_OTHER && e.session.id.n == 0);
    payload = event(&arena, "customer.created", "paid", "");
    assert_int_equal(
        read_signed(&arena, payload, header(&arena, "whsec_first00", NOW, payload), &e), RC_OK);
    assert_int_equal(e.kind, STRIPE_OTHER);
}

static void what_nobody_signed_is_refused(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct stripe_event e = {.created = 77};
    struct str payload = event(&arena, "checkout.session.completed", "paid", "");
    struct str good = header(&arena, "whsec_first00", NOW, payload);
    struct str other = arena_printf(&arena, "%.*s ", STR_ARG(payload));
    struct str forged[] = {STR(""),
                           STR("t=1800000000"),
                           STR("v1=00"),
                           header(&arena, "whsec_other00", NOW, payload),
                           header(&arena, "whsec_first00", NOW - 301, payload),
                           header(&arena, "whsec_first00", NOW + 301, payload),
                           header(&arena, "whsec_first00", NOW, other),
                           arena_printf(&arena, "t=1,%.*s", STR_ARG(good))};
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++)
        assert_int_equal(read_signed(&arena, payload, forged[i], &e), RC_DENIED);
    assert_int_equal(read_signed(&arena, other, good, &e), RC_DENIED);
    static const char *const garbage[] = {
        "", "[]", "{}", "{\"object\":\"event\",\"id\":\"e\"}",
        "{\"object\":\"event\",\"id\":\"e\",\"created\":1,"
        "\"livemode\":false,\"type\":\"checkout.session.expired\","
        "\"data\":{\"object\":{}}}"};
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        payload = str_of(garbage[i]);
        assert_int_equal(
            read_signed(&arena, payload, header(&arena, "whsec_first00", NOW, payload), &e),
            RC_INVALID);
    }
    assert_int_equal(e.created, 77);
}

static void amounts_have_the_providers_decimals(void **state)
{
    (void)state;
    int64_t amount;
    assert_true(stripe_amount(1290, STR("EUR"), &amount) && amount == 1290);
    assert_true(stripe_amount(500, STR("JPY"), &amount) && amount == 500);
    assert_true(stripe_amount(500, STR("ISK"), &amount) && amount == 50000);
    assert_true(stripe_amount_read(50000, STR("ISK"), &amount) && amount == 500);
    assert_false(stripe_amount_read(50001, STR("ISK"), &amount));
    assert_true(stripe_amount(12340, STR("KWD"), &amount) && amount == 12340);
    assert_false(stripe_amount(12345, STR("KWD"), &amount));
    assert_false(stripe_amount(INT64_MAX, STR("ISK"), &amount));
    assert_false(stripe_amount(-1, STR("EUR"), &amount));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_read),
        cmocka_unit_test(a_signed_event_is_read),
        cmocka_unit_test(what_nobody_signed_is_refused),
        cmocka_unit_test(amounts_have_the_providers_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
