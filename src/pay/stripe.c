/* Asking the provider, through libcurl: forms go there, JSON comes back. */
#include "pay/stripe.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "pay/stripe_parts.h"

enum { ANSWER_MAX = 256 << 10, FORM_MAX = 32 << 10 };

struct call {
    const struct stripe *stripe;
    struct str path;
    bool post;
    struct buf form; /* of a POST; may be empty */
    struct str key;  /* Idempotency-Key */
    struct buf answer;
    long status;
    char error[CURL_ERROR_SIZE];
};

/* application/x-www-form-urlencoded; brackets are part of the API's names. */
static void put(struct buf *form, const char *name, struct str value)
{
    if (form->n > 0)
        buf_char(form, '&');
    for (int of_value = 0; of_value < 2; of_value++) {
        struct str s = of_value ? value : str_of(name);
        for (size_t i = 0; i < s.n; i++) {
            unsigned char c = (unsigned char)s.p[i];
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '-' || c == '_' || c == '.')
                buf_char(form, (char)c);
            else
                buf_printf(form, "%%%02X", c);
        }
        if (!of_value)
            buf_char(form, '=');
    }
}

static void put_number(struct buf *form, const char *name, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    put(form, name, str_of(digits));
}

static size_t take_answer(char *bytes, size_t size, size_t n, void *context)
{
    struct call *c = context;
    buf_add(&c->answer, bytes, size * n);
    return c->answer.failed ? 0 : size * n;
}

static struct curl_slist *headers_of(struct arena *arena, const struct call *c)
{
    struct curl_slist *list = curl_slist_append(
        NULL, arena_printf(arena, "Authorization: Bearer %.*s", STR_ARG(c->stripe->key)).p);
    list = curl_slist_append(list, "Stripe-Version: " STRIPE_VERSION);
    list = curl_slist_append(list, "Expect:");
    if (c->key.n > 0)
        list = curl_slist_append(list,
                                 arena_printf(arena, "Idempotency-Key: %.*s", STR_ARG(c->key)).p);
    if (c->stripe->account.n > 0)
        list = curl_slist_append(
            list, arena_printf(arena, "Stripe-Account: %.*s", STR_ARG(c->stripe->account)).p);
    if (list == NULL)
        abort();
    return list;
}

static CURLcode perform(struct arena *arena, struct call *c)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = headers_of(arena, c);
    if (curl == NULL)
        abort();
    curl_easy_setopt(curl, CURLOPT_URL,
                     arena_printf(arena, "%.*s%.*s", STR_ARG(c->stripe->api), STR_ARG(c->path)).p);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "colophon");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, c->stripe->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, c->stripe->timeout_ms / 2);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, c);
    if (c->post) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, c->form.n > 0 ? c->form.p : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->form.n);
    }
    CURLcode done = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &c->status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return done;
}

/* Its code alone: its message may repeat what was sent. */
static enum rc refused(const struct call *c, const json_t *json, struct fault *fault)
{
    const json_t *error = json_object_get(json, "error");
    struct str code = json_member_str(error, "code");
    if (code.n == 0)
        code = json_member_str(error, "type");
    if (code.n == 0 || code.n > 80 || !utf8_clean(code))
        code = STR("it does not say why");
    enum rc rc = c->status == 401 || c->status == 403                       ? RC_DENIED
                 : c->status == 404                                         ? RC_NOT_FOUND
                 : c->status == 409 || c->status == 429 || c->status >= 500 ? RC_BUSY
                                                                            : RC_INVALID;
    return fault_set(fault, rc, "the payment provider refuses (%ld): %.*s", c->status,
                     STR_ARG(code));
}

static enum rc ask(struct arena *arena, struct call *c, json_t **ret, struct fault *fault)
{
    if (buf_check(&c->form) != RC_OK)
        return fault_set(fault, RC_LIMIT, "more than the payment provider takes");
    c->answer = BUF_INIT(ANSWER_MAX);
    CURLcode done = perform(arena, c);
    enum rc rc = RC_OK;
    JSON_AUTO *json = NULL;
    if (done != CURLE_OK)
        rc = fault_set(fault, RC_BUSY, "the payment provider does not answer: %s",
                       c->error[0] != 0 ? c->error : curl_easy_strerror(done));
    else if (json_read(buf_str(&c->answer), &json, NULL) != RC_OK)
        rc = fault_set(fault, RC_BUSY, "the payment provider's answer (%ld) cannot be read",
                       c->status);
    else if (c->status < 200 || c->status > 299)
        rc = refused(c, json, fault);
    buf_free(&c->answer);
    if (rc == RC_OK) {
        *ret = json;
        json = NULL;
    }
    return rc;
}

/* A page of the provider's, and nobody else's: the reader is sent there. */
static enum rc check_url(const struct stripe *stripe, const struct stripe_session *s,
                         struct fault *fault)
{
    for (size_t i = 0; i < s->url.n; i++)
        if (s->url.p[i] <= ' ' || s->url.p[i] > '~')
            return fault_set(fault, RC_INVALID, "the payment provider's page has no address");
    return str_starts(s->url, stripe->pages)
               ? RC_OK
               : fault_set(fault, RC_INVALID, "the payment provider's page is not among its own");
}

enum rc stripe_checkout(const struct stripe *stripe, struct arena *arena,
                        const struct stripe_order *order, struct stripe_session *ret,
                        struct fault *fault)
{
    struct call c = {
        .stripe = stripe,
        .path = STR("/v1/checkout/sessions"),
        .post = true,
        .form = BUF_INIT(FORM_MAX),
        .key = arena_printf(arena, "session-%.*s-%u", STR_ARG(order->reference), order->attempt)};
    JSON_AUTO *json = NULL;
    int64_t amount;
    if (!stripe_amount(order->amount, order->currency, &amount))
        return fault_set(fault, RC_INVALID, "the payment provider cannot take this amount in %.*s",
                         STR_ARG(order->currency));
    put(&c.form, "mode", STR("payment"));
    put(&c.form, "client_reference_id", order->reference);
    put(&c.form, "success_url", order->success);
    put(&c.form, "cancel_url", order->cancel);
    put(&c.form, "line_items[0][quantity]", STR("1"));
    put(&c.form, "line_items[0][price_data][currency]", order->currency);
    put_number(&c.form, "line_items[0][price_data][unit_amount]", amount);
    put(&c.form, "line_items[0][price_data][product_data][name]", order->name);
    put(&c.form, "payment_intent_data[metadata][reference]", order->reference);
    if (order->email.n > 0)
        put(&c.form, "customer_email", order->email);
    put(&c.form, "locale", order->language.n > 0 ? order->language : STR("auto"));
    put_number(&c.form, "expires_at", order->expires);
    enum rc rc = ask(arena, &c, &json, fault);
    buf_free(&c.form);
    if (rc == RC_OK)
        rc = stripe_session_read(arena, json, ret, fault);
    return rc == RC_OK ? check_url(stripe, ret, fault) : rc;
}

static bool is_id(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= 'A' && id.p[i] <= 'Z') ||
              (id.p[i] >= '0' && id.p[i] <= '9') || id.p[i] == '_'))
            return false;
    return id.n > 0 && id.n <= 255;
}

static enum rc ask_session(const struct stripe *stripe, struct arena *arena, struct str id,
                           bool end, struct stripe_session *ret, struct fault *fault)
{
    struct call c = {.stripe = stripe,
                     .path = arena_printf(arena, "/v1/checkout/sessions/%.*s%s", STR_ARG(id),
                                          end ? "/expire" : ""),
                     .post = end,
                     .form = BUF_INIT(1)};
    JSON_AUTO *json = NULL;
    if (!is_id(id))
        return fault_set(fault, RC_INVALID, "that is no session of the payment provider's");
    enum rc rc = ask(arena, &c, &json, fault);
    if (rc == RC_OK)
        rc = stripe_session_read(arena, json, ret, fault);
    return rc == RC_OK && ret->url.n > 0 ? check_url(stripe, ret, fault) : rc;
}

enum rc stripe_session(const struct stripe *stripe, struct arena *arena, struct str id,
                       struct stripe_session *ret, struct fault *fault)
{
    return ask_session(stripe, arena, id, false, ret, fault);
}

enum rc stripe_session_end(const struct stripe *stripe, struct arena *arena, struct str id,
                           struct stripe_session *ret, struct fault *fault)
{
    return ask_session(stripe, arena, id, true, ret, fault);
}

enum rc stripe_refund(const struct stripe *stripe, struct arena *arena, struct str intent,
                      struct str currency, int64_t amount, struct str key,
                      struct stripe_refund *ret, struct fault *fault)
{
    struct call c = {.stripe = stripe,
                     .path = STR("/v1/refunds"),
                     .post = true,
                     .form = BUF_INIT(FORM_MAX),
                     .key = key};
    JSON_AUTO *json = NULL;
    int64_t theirs;
    if (!stripe_amount(amount, currency, &theirs))
        return fault_set(fault, RC_INVALID, "the payment provider cannot take this amount in %.*s",
                         STR_ARG(currency));
    put(&c.form, "payment_intent", intent);
    put_number(&c.form, "amount", theirs);
    put(&c.form, "metadata[refund]", key);
    enum rc rc = ask(arena, &c, &json, fault);
    buf_free(&c.form);
    /* It was taken, whatever stands there: asked for again, it is the same one. */
    return rc == RC_OK && stripe_refund_read(arena, json, ret, fault) != RC_OK ? RC_BUSY : rc;
}
