/* Settings, amounts and signed webhooks of the provider: all that needs no network. */
#include <sodium.h>
#include <string.h>

#include "base/encode.h"
#include "base/json.h"
#include "base/utf8.h"
#include "pay/stripe_parts.h"

enum { SIGNATURES_MAX = 16, HEADER_MAX = 2000, TIMEOUT_MS = 10000 };

/* ---- settings ---- */

static bool is_url(struct str s, bool folder)
{
    bool safe = str_starts(s, STR("https://")) || str_starts(s, STR("http://127.0.0.1:")) ||
                str_starts(s, STR("http://localhost:"));
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("\"<>\\^`{|}?#@;,'", s.p[i]) != NULL)
            return false;
    return safe && s.n > 9 && (s.p[s.n - 1] == '/') == folder;
}

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
              (s.p[i] >= '0' && s.p[i] <= '9') || strchr("_-+/=", s.p[i]) != NULL))
            return false;
    return s.n >= 8 && s.n <= 255;
}

static bool take_line(struct stripe *s, struct str name, struct str value)
{
    if (str_is(name, "key") && s->key.n == 0 && is_word(value))
        s->key = value;
    else if (str_is(name, "account") && s->account.n == 0 && is_word(value))
        s->account = value;
    else if (str_is(name, "webhook") && s->secrets_n < STRIPE_SECRETS_MAX && is_word(value))
        s->secrets[s->secrets_n++] = value;
    else if (str_is(name, "api") && is_url(value, false))
        s->api = value;
    else if (str_is(name, "pages") && is_url(value, true))
        s->pages = value;
    else
        return false;
    return true;
}

enum rc stripe_read(struct arena *arena, struct str text, struct stripe *ret, struct fault *fault)
{
    struct stripe s = {.api = STR("https://api.stripe.com"),
                       .pages = STR("https://checkout.stripe.com/"),
                       .timeout_ms = TIMEOUT_MS};
    struct str rest = arena_str(arena, text), line;
    for (unsigned at = 1; str_next(&rest, '\n', &line); at++) {
        line = str_trim(line);
        size_t gap = str_find(line, ' ');
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (!take_line(&s, str_sub(line, 0, gap), str_trim(str_sub(line, gap, line.n))))
            return fault_set(fault, RC_INVALID,
                             "line %u: key, webhook (at most %d), account, api or pages, and one "
                             "value that is one",
                             at, STRIPE_SECRETS_MAX);
    }
    if (s.key.n == 0 || s.secrets_n == 0)
        return fault_set(fault, RC_INVALID, "a key and a webhook's secret are needed");
    s.live = str_find_str(s.key, STR("_live_")) < s.key.n;
    *ret = s;
    return RC_OK;
}

/* ---- amounts ---- */

/* What one of our minor units is there: numerator and denominator. */
static void units_of(struct str currency, int64_t *ret_up, int64_t *ret_down)
{
    *ret_up = str_is(currency, "ISK") || str_is(currency, "UGX") ? 100 : 1;
    *ret_down = str_is(currency, "MGA") ? 100 : 1;
}

static bool is_thousandths(struct str currency)
{
    static const char all[] = "BHD JOD KWD OMR TND";
    return currency.n == 3 && str_find_str(str_of(all), currency) < sizeof all - 1;
}

bool stripe_amount(int64_t minor, struct str currency, int64_t *ret)
{
    int64_t up, down;
    units_of(currency, &up, &down);
    if (minor < 0 || minor % down != 0 || (is_thousandths(currency) && minor % 10 != 0) ||
        __builtin_mul_overflow(minor, up, &up) || up / down > 99999999999)
        return false;
    *ret = up / down;
    return true;
}

bool stripe_amount_read(int64_t amount, struct str currency, int64_t *ret_minor)
{
    int64_t up, down;
    units_of(currency, &up, &down);
    if (amount < 0 || amount % up != 0 || __builtin_mul_overflow(amount, down, &down))
        return false;
    *ret_minor = down / up;
    return true;
}

/* ---- objects ---- */

static struct str kept(struct arena *arena, const json_t *object, const char *name)
{
    struct str s = json_member_str(object, name);
    return s.n <= 2000 && utf8_clean(s) ? arena_str(arena, s) : STR_NONE;
}

/* "eur" is EUR here. */
static struct str currency_of(struct arena *arena, const json_t *object)
{
    struct str s = kept(arena, object, "currency");
    char *upper = arena_z(arena, s);
    for (size_t i = 0; i < s.n; i++)
        if (upper[i] >= 'a' && upper[i] <= 'z')
            upper[i] = (char)(upper[i] - 'a' + 'A');
    return (struct str){upper, s.n};
}

enum rc stripe_session_read(struct arena *arena, const json_t *object, struct stripe_session *ret,
                            struct fault *fault)
{
    int64_t amount = -1;
    struct stripe_session s = {.id = kept(arena, object, "id"),
                               .url = kept(arena, object, "url"),
                               .state = kept(arena, object, "status"),
                               .payment = kept(arena, object, "payment_status"),
                               .reference = kept(arena, object, "client_reference_id"),
                               .intent = kept(arena, object, "payment_intent"),
                               .currency = currency_of(arena, object),
                               .live = json_is_true(json_object_get(object, "livemode"))};
    if (!str_is(json_member_str(object, "object"), "checkout.session") || s.id.n == 0 ||
        !json_member_int(object, "amount_total", &amount) ||
        !stripe_amount_read(amount, s.currency, &s.amount))
        return fault_set(fault, RC_INVALID, "the provider's session cannot be read");
    *ret = s;
    return RC_OK;
}

enum rc stripe_refund_read(struct arena *arena, const json_t *object, struct stripe_refund *ret,
                           struct fault *fault)
{
    struct stripe_refund r = {.id = kept(arena, object, "id"),
                              .state = kept(arena, object, "status"),
                              .key = kept(arena, json_object_get(object, "metadata"), "refund")};
    if (!str_is(json_member_str(object, "object"), "refund") || r.id.n == 0 || r.state.n == 0)
        return fault_set(fault, RC_INVALID, "the provider's refund cannot be read");
    *ret = r;
    return RC_OK;
}

/* ---- webhooks ---- */

static void mac_of(struct str secret, struct str at, struct str payload,
                   uint8_t ret[crypto_auth_hmacsha256_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.p, secret.n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)at.p, at.n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)payload.p, payload.n);
    crypto_auth_hmacsha256_final(&state, ret);
}

/* Every signature is compared with every secret's, whatever was found before. */
static bool is_signed(const struct stripe *stripe, struct str at, struct str payload,
                      uint8_t (*given)[crypto_auth_hmacsha256_BYTES], size_t given_n)
{
    unsigned good = 0;
    for (size_t i = 0; i < stripe->secrets_n; i++) {
        uint8_t mac[crypto_auth_hmacsha256_BYTES];
        mac_of(stripe->secrets[i], at, payload, mac);
        for (size_t g = 0; g < given_n; g++)
            good |= secret_eq(mac, given[g], sizeof mac);
    }
    return good != 0;
}

static enum rc check_signature(const struct stripe *stripe, struct str payload, struct str header,
                               int64_t now, struct fault *fault)
{
    uint8_t given[SIGNATURES_MAX][crypto_auth_hmacsha256_BYTES];
    size_t given_n = 0;
    struct str at = STR_NONE, part;
    uint64_t time = 0;
    bool twice = false;
    if (header.n > HEADER_MAX)
        return fault_set(fault, RC_DENIED, "Stripe-Signature: it is too long");
    while (str_next(&header, ',', &part)) {
        part = str_trim(part);
        if (str_starts(part, STR("t="))) {
            twice |= at.n > 0;
            at = str_sub(part, 2, part.n);
        } else if (str_starts(part, STR("v1=")) && given_n < SIGNATURES_MAX)
            given_n += hex_decode(str_sub(part, 3, part.n), given[given_n], sizeof given[given_n]);
    }
    if (twice || !str_to_u64(at, &time) || time > INT64_MAX || given_n == 0)
        return fault_set(fault, RC_DENIED, "Stripe-Signature: t and v1 are needed");
    if (!is_signed(stripe, at, payload, given, given_n))
        return fault_set(fault, RC_DENIED, "Stripe-Signature: nobody who has the secret signed it");
    if ((int64_t)time < now - STRIPE_TOLERANCE || (int64_t)time > now + STRIPE_TOLERANCE)
        return fault_set(fault, RC_DENIED, "Stripe-Signature: it was signed at another time");
    return RC_OK;
}

static enum stripe_kind kind_of(struct str type, struct str payment)
{
    if (str_is(type, "checkout.session.completed"))
        return str_is(payment, "unpaid") ? STRIPE_PENDING : STRIPE_PAID;
    if (str_is(type, "checkout.session.async_payment_succeeded"))
        return STRIPE_PAID;
    if (str_is(type, "checkout.session.async_payment_failed") ||
        str_is(type, "checkout.session.expired"))
        return STRIPE_UNPAID;
    return STRIPE_OTHER;
}

static enum rc read_event(const struct stripe *stripe, struct arena *arena, const json_t *json,
                          struct stripe_event *e, struct fault *fault)
{
    const json_t *object = json_object_get(json_object_get(json, "data"), "object");
    const json_t *live = json_object_get(json, "livemode");
    struct str account = json_member_str(json, "account");
    e->id = kept(arena, json, "id");
    e->type = kept(arena, json, "type");
    if (!str_is(json_member_str(json, "object"), "event") || e->id.n == 0 || e->id.n > 255 ||
        !json_member_int(json, "created", &e->created) || !json_is_object(object))
        return fault_set(fault, RC_INVALID, "the provider's event cannot be read");
    /* A platform is told of all its accounts, and of their tries, at one address. */
    if (json_is_true(live) != stripe->live || (account.n > 0 && !str_eq(account, stripe->account)))
        return RC_OK;
    if (str_is(e->type, "refund.updated") || str_is(e->type, "refund.failed") ||
        str_is(e->type, "charge.refund.updated")) {
        e->kind = STRIPE_REFUND;
        return stripe_refund_read(arena, object, &e->refund, fault);
    }
    if (!str_starts(e->type, STR("checkout.session.")))
        return RC_OK;
    enum rc rc = stripe_session_read(arena, object, &e->session, fault);
    if (rc == RC_OK)
        e->kind = kind_of(e->type, e->session.payment);
    return rc;
}

enum rc stripe_event_read(const struct stripe *stripe, struct arena *arena, struct str payload,
                          struct str signature, int64_t now, struct stripe_event *ret,
                          struct fault *fault)
{
    JSON_AUTO *json = NULL;
    struct stripe_event e = {.kind = STRIPE_OTHER};
    enum rc rc = check_signature(stripe, payload, signature, now, fault);
    if (rc == RC_OK && payload.n > STRIPE_EVENT_MAX)
        rc = fault_set(fault, RC_INVALID, "the provider's event is too long");
    if (rc == RC_OK)
        rc = json_read(payload, &json, fault);
    if (rc == RC_OK)
        rc = read_event(stripe, arena, json, &e, fault);
    if (rc == RC_OK)
        *ret = e;
    return rc;
}
