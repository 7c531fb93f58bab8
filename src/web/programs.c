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
