#include "app/webhooks.h"

#include <sodium.h>
#include <stdio.h>

#include "app/outside.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/json.h"
#include "base/knob.h"
#include "base/wait.h"
#include "store/feeds.h"
#include "store/store.h"
#include "store/webhooks.h"

enum {
    LOOK_MS = 1000,
    REST_MS = 10000, /* where it is our own trouble */
    SECONDS = 20,    /* for one event */
    CLAIM_S = 120,   /* whoever claimed it is taken for gone after so long */
    ANSWER_MAX = 64 << 10,
    URL_BYTES = 500,
    KEPT_S = 30 * 86400,
};

/* After so many tries that were in vain; behind the last it is given up, after a day. */
static int64_t pause_after(unsigned attempts)
{
    static const int64_t pauses[] = {30, 120, 600, 3600, 3 * 3600, 6 * 3600, 13 * 3600};
    enum { N = sizeof pauses / sizeof *pauses };
    int64_t all = knob("COLOPHON_WEBHOOK_PAUSE", 0);
    if (all > 0) /* tests', however long they take */
        return all;
    return attempts < 1 || attempts > N ? 0 : pauses[attempts - 1];
}

/* ---- at the desk ---- */

enum rc webhook_shown(struct store_conn *conn, struct arena *arena, uint64_t shop,
                      struct webhook *ret, struct fault *fault)
{
    return webhook_row_shown(conn, arena, shop, ret, fault);
}

enum rc webhook_told(struct store_conn *conn, struct arena *arena, uint64_t shop,
                     webhook_events *ret, struct fault *fault)
{
    return webhook_events_of(conn, arena, shop, WEBHOOK_EVENTS_SHOWN, ret, fault);
}

struct setting {
    uint64_t shop;
    struct webhook webhook;
};

static enum rc set_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct setting *s = context;
    return webhook_row_put(conn, s->shop, &s->webhook, fault);
}

enum rc webhook_set(struct writer *writer, uint64_t shop, struct str url, bool loopback,
                    char ret_secret[TOKEN_SIZE + 1], struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str host;
    struct setting s = {.shop = shop, .webhook = {.url = str_trim(url), .made = clock_now()}};
    bool good = s.webhook.url.n <= URL_BYTES && outside_host(&arena, s.webhook.url, &host) &&
                (loopback || str_starts(s.webhook.url, STR("https://")));
    if (s.webhook.url.n > 0 && !good)
        return fault_set(fault, RC_INVALID, "url: an address is needed that begins with https://");
    secret_make(ret_secret);
    s.webhook.secret = str_of(ret_secret);
    return writer_run(writer, set_work, &s, fault);
}

struct repeating {
    uint64_t shop, id;
};

static enum rc again_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct repeating *r = context;
    return webhook_event_again(conn, r->shop, r->id, clock_machine(), fault);
}

enum rc webhook_again(struct writer *writer, uint64_t shop, uint64_t id, struct fault *fault)
{
    struct repeating r = {shop, id};
    return writer_run(writer, again_work, &r, fault);
}

/* ---- sending ---- */

struct webhook_sender {
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* for reading */
    bool loopback;
    struct sleeper sleeper;
    int64_t forgot; /* when the old ones were, last */
};

static bool is_stopping(void *context)
{
    const struct webhook_sender *s = context;
    return sleeper_ended(&s->sleeper) || writer_turn(s->writer) == 0;
}

static struct str body_of(struct arena *arena, const struct webhook_event *e, struct str slug)
{
    BUF_AUTO b = BUF_INIT(2048);
    JSON_AUTO *json = json_pack("{s:I, s:o, s:o, s:o, s:o}", "id", (json_int_t)e->id, "kind",
                                json_from_str(e->kind), "shop", json_from_str(slug), "subject",
                                json_from_str(e->subject), "at", json_from_time(e->at));
    json_write(json, &b);
    return arena_str(arena, buf_str(&b));
}

/* "t=1796112000,v1=…": HMAC-SHA256 of the time, a full stop and the body, under the secret's
 * characters. */
static struct str sign(struct arena *arena, struct str secret, int64_t now, struct str body)
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    struct str head = arena_printf(arena, "%lld.", (long long)now);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.p, secret.n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.p, head.n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.p, body.n);
    crypto_auth_hmacsha256_final(&state, mac);
    return arena_printf(arena, "t=%lld,v1=%.*s", (long long)now,
                        STR_ARG(hex_str(arena, mac, sizeof mac)));
}

struct claiming {
    struct webhook_event *event;
    bool mine;
};

static enum rc claim_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct claiming *c = context;
    return webhook_event_claim(conn, c->event, clock_machine() + CLAIM_S, &c->mine, fault);
}

static enum rc end_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return webhook_event_end(conn, context, fault);
}

static void judge(struct webhook_event *e, const struct outside_answer *a, int64_t now)
{
    static const char *const words[] = {[OUTSIDE_LINK] = "link",
                                        [OUTSIDE_NOT_PUBLIC] = "address",
                                        [OUTSIDE_UNREACHABLE] = "unreachable",
                                        [OUTSIDE_SLOW] = "slow",
                                        [OUTSIDE_LARGE] = "taken"};
    bool taken = (a->end == OUTSIDE_ANSWERED && a->status >= 200 && a->status < 300) ||
                 a->end == OUTSIDE_LARGE;
    if (a->end == OUTSIDE_STOPPED) {
        e->due = now;
        return;
    }
    e->attempts++;
    e->tried = now;
    e->status = a->status;
    e->said = taken                        ? STR("taken")
              : a->end == OUTSIDE_ANSWERED ? STR("status")
                                           : str_of(words[a->end]);
    int64_t pause = taken ? 0 : pause_after(e->attempts);
    e->due = pause > 0 ? now + pause : 0;
}

static enum rc send_one(struct webhook_sender *s, struct arena *arena, struct webhook_event *e,
                        struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(ANSWER_MAX);
    struct outside_answer a = {.end = OUTSIDE_LINK};
    struct webhook webhook;
    struct str slug = STR_NONE;
    struct fault broke = {""};
    enum rc rc = webhook_row_get(s->conn, arena, e->shop, &webhook, fault);
    if (rc == RC_OK)
        rc = feed_shop_slug(s->conn, arena, e->shop, &slug, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    bool wanted = rc == RC_OK;
    int64_t now = clock_machine();
    struct str body = body_of(arena, e, slug);
    struct outside_order order = {.url = wanted ? webhook.url : STR_NONE,
                                  .post = body,
                                  .bytes_max = ANSWER_MAX - 8192,
                                  .seconds = (unsigned)knob("COLOPHON_FETCH_SECONDS", SECONDS),
                                  .loopback = s->loopback,
                                  .stop = is_stopping,
                                  .context = s};
    if (wanted) {
        order.signature = sign(arena, webhook.secret, now, body);
        rc = outside_fetch(arena, &order, &bytes, &a, &broke);
        if (rc == RC_CORRUPT)
            a = (struct outside_answer){.end = OUTSIDE_UNREACHABLE};
        else if (rc != RC_OK)
            return fault_set(fault, rc, "%s", broke.text);
    }
    judge(e, &a, clock_machine());
    return writer_run_aside(s->writer, end_work, e, fault);
}

static enum rc forget_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return webhook_events_forget(conn, *(int64_t *)context, fault);
}

static enum rc run_round(struct webhook_sender *s, struct fault *fault)
{
    enum rc rc = RC_OK;
    int64_t now = clock_machine(), before = now - KEPT_S;
    if (s->conn == NULL)
        rc = site_connect_wholly(s->site, &s->conn, fault);
    if (rc == RC_OK && now - s->forgot > 86400) {
        rc = writer_run_aside(s->writer, forget_work, &before, fault);
        s->forgot = now;
    }
    while (rc == RC_OK && !is_stopping(s)) {
        ARENA_AUTO arena = ARENA_INIT;
        struct webhook_event event;
        struct claiming claim = {.event = &event};
        rc = webhook_event_next(s->conn, &arena, clock_machine(), &event, fault);
        if (rc == RC_OK)
            rc = writer_run_aside(s->writer, claim_work, &claim, fault);
        if (rc == RC_OK && claim.mine)
            rc = send_one(s, &arena, &event, fault);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void *sender_thread(void *context)
{
    struct webhook_sender *s = context;
    int64_t rest = 0;
    while (sleeper_rest(&s->sleeper, rest)) {
        struct fault fault = {""};
        rest = LOOK_MS;
        if (is_stopping(s) || run_round(s, &fault) == RC_OK)
            continue;
        fprintf(stderr, "colophon: webhooks are not sent: %s\n", fault.text);
        site_disconnect(s->conn); /* perhaps the database went away */
        s->conn = NULL;
        rest = REST_MS;
    }
    site_disconnect(s->conn);
    return NULL;
}

enum rc webhook_sender_open(struct site *site, struct writer *writer, bool loopback,
                            struct webhook_sender **ret, struct fault *fault)
{
    struct webhook_sender *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    *s = (struct webhook_sender){
        .site = site, .writer = writer, .loopback = loopback, .forgot = clock_machine()};
    sleeper_init(&s->sleeper);
    enum rc rc = sleeper_start(&s->sleeper, sender_thread, s, "sends webhooks", fault);
    *ret = s;
    if (rc != RC_OK) {
        webhook_sender_close(s);
        *ret = NULL;
    }
    return rc;
}

void webhook_sender_close(struct webhook_sender *sender)
{
    if (sender == NULL)
        return;
    sleeper_stop(&sender->sleeper);
    sleeper_free(&sender->sleeper);
    free(sender);
}
