#include "web/programs.h"

#include "templates.h"
#include "web/desk.h"
#include "web/handlers.h"

#define N_(text) text

static struct str word_duty(const struct page *p, enum shop_duty duty)
{
    static const char *const words[SHOP_DUTY_COUNT] = {
        [SHOP_DUTY_STOCK] = N_("stock"),
        [SHOP_DUTY_ORDERS] = N_("sales orders"),
        [SHOP_DUTY_SALES] = N_("what was sold, and payouts"),
        [SHOP_DUTY_FEEDS] = N_("feeds"),
    };
    return word_text(p, words[duty]);
}

struct str word_duties(const struct page *p, const struct shop_key_row *key)
{
    struct str words[SHOP_DUTY_COUNT];
    size_t n = 0;
    for (int d = SHOP_DUTY_STOCK; d < SHOP_DUTY_COUNT; d++)
        if (key->duties & SHOP_DUTY_BIT(d))
            words[n++] = word_duty(p, (enum shop_duty)d);
    return language_list(p->language, p->arena, words, n);
}

struct url link_key_remove(const struct page *p, const struct programs_view *v,
                           const struct shop_key_row *key)
{
    return link_partner(
        p, &v->shop,
        arena_printf(p->arena, "programs/keys/%llu/remove", (unsigned long long)key->id).p);
}

/* ---- webhooks ---- */

struct str word_event_kind(const struct page *p, const struct webhook_event *e)
{
    static const struct code_word words[] = {
        {"order.paid", N_("a sales order was paid")},
        {"order.cancelled", N_("something of a sales order was cancelled")},
        {"order.expired", N_("a sales order ended unpaid")},
        {"order.sent", N_("something of a sales order was sent")},
        {"order.returned", N_("something of a sales order came back")},
        {"order.refunded", N_("money of a sales order goes back")},
        {"stock.low", N_("few copies are left")},
        {"feed.ended", N_("a feed is over")}};
    struct str word = WORD_OF(p, words, e->kind);
    return word.n > 0 ? word : e->kind;
}

struct str word_event_end(const struct page *p, const struct webhook_event *e)
{
    static const struct code_word words[] = {
        {"taken", N_("taken")},
        {"link", N_("the address is none")},
        {"address", N_("the address is not on the public network")},
        {"unreachable", N_("nobody was reached")},
        {"slow", N_("no answer came in time")}};
    if (e->tried == 0)
        return word_text(p, N_("waits"));
    struct str word = WORD_OF(p, words, e->said), number = word_number(p, e->status);
    if (word.n == 0)
        word = word_filled(p, N_("refused by status %1"), &number, 1);
    return word;
}

struct str word_event_next(const struct page *p, const struct webhook_event *e)
{
    if (e->tried == 0 || str_is(e->said, "taken"))
        return STR_NONE;
    if (e->due == 0)
        return word_text(p, N_("given up"));
    struct str at = word_time(p, e->due);
    return word_filled(p, N_("again at %1"), &at, 1);
}

const char *event_class(const struct webhook_event *e)
{
    return str_is(e->said, "taken") ? "lifted" : e->tried != 0 && e->due == 0 ? "in" : "other";
}

struct url link_event_again(const struct page *p, const struct programs_view *v,
                            const struct webhook_event *e)
{
    return link_partner(
        p, &v->shop,
        arena_printf(p->arena, "programs/told/%llu/again", (unsigned long long)e->id).p);
}

static enum rc read_webhook(struct context *c, struct programs_view *v, struct fault *fault)
{
    struct webhook webhook = {.made = 0};
    enum rc rc = webhook_shown(c->worker->conn, c->arena, v->shop.id, &webhook, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    if (v->url_error.n == 0)
        v->url = webhook.url;
    return webhook_told(c->worker->conn, c->arena, v->shop.id, &v->told, fault);
}

/* ---- the page ---- */

static unsigned duties_of(const struct context *c)
{
    unsigned duties = 0;
    for (int d = SHOP_DUTY_STOCK; d < SHOP_DUTY_COUNT; d++)
        if (parameter_has(&c->form, "duty", str_of(shop_duty_name((enum shop_duty)d))))
            duties |= SHOP_DUTY_BIT(d);
    return duties;
}

static enum rc show(struct context *c, struct page *p, struct programs_view *v,
                    struct response *ret, struct fault *fault)
{
    unsigned chosen = duties_of(c);
    enum rc rc = shop_keys_read(c->worker->conn, c->arena, v->shop.id, &v->keys, fault);
    if (rc == RC_OK)
        rc = read_webhook(c, v, fault);
    if (rc != RC_OK)
        return rc;
    v->duties.v = ARENA_ARRAY(c->arena, struct program_duty, SHOP_DUTY_COUNT);
    for (int d = SHOP_DUTY_STOCK; d < SHOP_DUTY_COUNT; d++)
        v->duties.v[v->duties.n++] = (struct program_duty){
            shop_duty_name((enum shop_duty)d), word_duty(p, (enum shop_duty)d),
            v->error.n > 0 && (chosen & SHOP_DUTY_BIT(d)) != 0};
    struct html h = page_html(c, ret);
    programs_page(&h, p, v);
    return RC_OK;
}

enum rc handle_programs(struct context *c, struct response *ret, struct fault *fault)
{
    struct programs_view v = {.error = STR_NONE};
    struct page p;
    enum rc rc = partner_begin(c, N_("Programs"), &v.shop, &p, ret, fault);
    return rc == RC_OK ? show(c, &p, &v, ret, fault) : rc;
}

/* The key is on this page alone: it is kept nowhere. */
enum rc handle_shop_key_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct programs_view v = {.error = STR_NONE};
    struct page p;
    char key[SHOP_KEY_SIZE + 1];
    enum rc rc = partner_begin(c, N_("Programs"), &v.shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    rc = shop_key_add(c->server->writer, v.shop.id, c->viewer.account,
                      parameter_get(&c->form, "name"), duties_of(c), key, fault);
    if (rc != RC_OK && rc != RC_INVALID && rc != RC_CONFLICT)
        return rc;
    if (rc == RC_OK) {
        v.key = arena_str(c->arena, str_of(key));
    } else {
        v.error = arena_str(c->arena, str_of(fault->text));
        v.typed = parameter_get(&c->form, "name");
        ret->status = status_of(rc);
    }
    return show(c, &p, &v, ret, fault);
}

enum rc handle_shop_key_remove(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    uint64_t id;
    enum rc rc = partner_begin(c, N_("Programs"), &shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = captured_id(c, 1, &id, fault);
    if (rc != RC_OK)
        return rc;
    rc = shop_key_remove(c->server->writer, shop.id, id, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND) /* it is gone, as was wished */
        return rc;
    go_to_done(c, ret, link_partner(&p, &shop, "programs").text);
    return RC_OK;
}

/* Its secret is on this page alone. */
enum rc handle_webhook_set(struct context *c, struct response *ret, struct fault *fault)
{
    struct programs_view v = {.error = STR_NONE};
    struct page p;
    struct str url = str_trim(parameter_get(&c->form, "url"));
    char secret[TOKEN_SIZE + 1];
    enum rc rc = partner_begin(c, N_("Programs"), &v.shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    rc =
        webhook_set(c->server->writer, v.shop.id, url, c->server->webhooks_loopback, secret, fault);
    if (rc != RC_OK && rc != RC_INVALID)
        return rc;
    if (rc == RC_INVALID) {
        v.url_error = arena_str(c->arena, str_of(fault->text));
        v.url = url;
        ret->status = status_of(rc);
    } else if (url.n > 0) {
        v.secret = arena_str(c->arena, str_of(secret));
    } else {
        go_to_done(c, ret, link_partner(&p, &v.shop, "programs").text);
        return RC_OK;
    }
    return show(c, &p, &v, ret, fault);
}

enum rc handle_webhook_again(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    uint64_t id;
    enum rc rc = partner_begin(c, N_("Programs"), &shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = captured_id(c, 1, &id, fault);
    if (rc == RC_OK)
        rc = webhook_again(c->server->writer, shop.id, id, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, link_partner(&p, &shop, "programs").text);
    return rc;
}
