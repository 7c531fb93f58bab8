#include "web/card.h"

#include "web/handlers.h"
#include "web/limits.h"
#include "web/orders.h"

#define N_(text) text

enum { ASKS_AT_ONCE = 4 }; /* a provider that is slow does not take all threads */

enum rc card_send(struct context *c, const struct page *p, const struct own_sale_wish *wish,
                  struct str place, struct response *ret, struct fault *fault)
{
    struct server *s = c->server;
    struct str back = ARENA_JOIN(c->arena, place, STR("?card=back"));
    struct str home = ARENA_JOIN(c->arena, context_base_url(c), back);
    struct card_visit visit = {.wish = *wish,
                               .name = word_text(p, N_("Your order")),
                               .language = language_tag(c->language),
                               .success = home,
                               .cancel = home};
    struct card_way way = {.away = true};
    enum rc rc = limits_checkout(c, fault);
    if (rc != RC_OK)
        return rc;
    if (atomic_fetch_add(&s->card_asks, 1) < ASKS_AT_ONCE)
        rc = payment_go(s->card, s->writer, c->arena, &visit, &way, fault);
    atomic_fetch_sub(&s->card_asks, 1);
    if (rc == RC_OK)
        go_to(ret, way.url.n > 0 ? way.url
                   : way.away    ? ARENA_JOIN(c->arena, place, STR("?card=away"))
                                 : back);
    return rc;
}

enum rc card_back(struct context *c, const struct own_sale_wish *wish, struct fault *fault)
{
    struct server *s = c->server;
    enum rc rc = RC_OK;
    if (s->card == NULL || !parameter_has(&c->request->query, "card", STR("back")))
        return RC_OK;
    if (atomic_fetch_add(&s->card_asks, 1) < ASKS_AT_ONCE)
        rc = payment_ask(s->card, s->site, s->writer, c->arena, wish, fault);
    atomic_fetch_sub(&s->card_asks, 1);
    return rc;
}

void card_form(const struct context *c, struct response *ret)
{
    ret->forms_to = card_origin(c->server->card);
}

/* What says of an event that it is the provider's is its signature: what is not signed is told
 * that and nothing else. */
enum rc handle_card_event(struct context *c, struct response *ret, struct fault *fault)
{
    struct server *s = c->server;
    if (s->card == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no payment provider here");
    enum rc rc =
        card_told(s->card, s->writer, c->arena, c->request->body, c->request->signature, fault);
    if (rc == RC_DENIED || rc == RC_INVALID)
        c->failed_status = 400;
    if (rc != RC_OK)
        return rc;
    ret->content_type = "application/json";
    buf_str_add(&ret->body, STR("{}\n"));
    return RC_OK;
}
