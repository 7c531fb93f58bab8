#include "web/checkout.h"

#include "app/address.h"
#include "base/clock.h"
#include "domain/payment.h"
#include "domain/regions.h"
#include "templates.h"
#include "web/card.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/orders.h"
#include "web/session.h"

#define N_(text) text
#define DELIVERY "delivery-"

/* ---- words ---- */

struct str word_consent(const struct page *p)
{
    return word_text(p, N_("I want the e-books at once, as soon as they are paid, and I know that "
                           "by this I lose my right to withdraw from buying them."));
}

struct str checkout_delivery_name(const struct page *p, const struct delivery_shop *shop)
{
    return arena_printf(p->arena, DELIVERY "%llu", (unsigned long long)shop->shop);
}

struct str word_shipping_days(const struct page *p, const struct shipping_method *m)
{
    struct str days[] = {word_number(p, (uint64_t)m->days_least),
                         word_number(p, (uint64_t)m->days_most)};
    return m->days_least == m->days_most ? word_filled(p, N_("days on the way: %1"), &days[1], 1)
                                         : word_filled(p, N_("days on the way: %1 to %2"), days, 2);
}

/* What is not empty, on one line. */
static struct str line_of(struct arena *arena, struct str a, struct str b, struct str c)
{
    struct str line = ARENA_JOIN(arena, a, a.n > 0 && b.n > 0 ? STR(" ") : STR_NONE, b);
    return ARENA_JOIN(arena, line, line.n > 0 && c.n > 0 ? STR(" ") : STR_NONE, c);
}

struct str word_postal(const struct page *p, const struct postal *d)
{
    struct postal_shape shape = postal_shape(d->country);
    struct str place = shape.large_first      ? line_of(p->arena, d->postcode, d->region, d->city)
                       : shape.postcode_first ? line_of(p->arena, d->postcode, d->city, d->region)
                                              : line_of(p->arena, d->city, d->region, d->postcode);
    struct str first = shape.large_first ? place : d->lines,
               second = shape.large_first ? d->lines : place;
    return ARENA_JOIN(p->arena, d->name, STR("\n"), first, STR("\n"), second, STR("\n"),
                      word_country(p, d->country));
}

/* ---- what was filled in ---- */

static struct str field(const struct context *c, const char *name)
{
    return str_trim(parameter_get(&c->form, name));
}

static struct postal postal_of(const struct context *c)
{
    return (struct postal){.name = field(c, "name"),
                           .lines = field(c, "lines"),
                           .postcode = field(c, "postcode"),
                           .city = field(c, "city"),
                           .region = field(c, "region"),
                           .country = c->storefront->country};
}

/* False where the bill goes where the parcel does, or nowhere. */
static bool billing_of(const struct context *c, struct postal *ret)
{
    *ret = (struct postal){.name = field(c, "bill_name"),
                           .lines = field(c, "bill_lines"),
                           .postcode = field(c, "bill_postcode"),
                           .city = field(c, "bill_city"),
                           .region = field(c, "bill_region"),
                           .country = field(c, "bill_country")};
    if (ret->country.n == 0)
        ret->country = c->storefront->country;
    return ret->name.n + ret->lines.n + ret->postcode.n + ret->city.n + ret->region.n > 0;
}

static delivery_wishes wishes_of(const struct context *c)
{
    delivery_wishes list = {ARENA_ARRAY(c->arena, struct delivery_wish, c->form.n), 0};
    for (size_t i = 0; i < c->form.n; i++) {
        struct delivery_wish wish;
        struct str name = c->form.v[i].name;
        if (str_starts(name, STR(DELIVERY)) &&
            str_to_u64(str_sub(name, sizeof DELIVERY - 1, name.n), &wish.shop) &&
            str_to_u64(c->form.v[i].value, &wish.method))
            list.v[list.n++] = wish;
    }
    return list;
}

static bool by_card(const struct context *c)
{
    return str_is(field(c, "method"), PAYMENT_CARD);
}

static struct str once_of(const struct context *c)
{
    struct str once = parameter_get(&c->form, "once");
    char made[TOKEN_SIZE + 1];
    if (once.n == TOKEN_SIZE)
        return once;
    secret_make(made);
    return arena_str(c->arena, str_of(made));
}

/* ---- the page ---- */

static enum rc read_all(struct context *c, struct checkout *ret, struct fault *fault)
{
    struct basket_owner owner = basket_owner_of(c);
    delivery_wishes wishes = wishes_of(c);
    struct postal postal = postal_of(c), billing;
    bool bills = billing_of(c, &billing);
    struct sale_where where =
        sales_where(c->storefront->country, &postal, bills ? &billing : NULL, postal.region);
    return checkout_read(&c->visit, &where, &owner, &wishes, ret, fault);
}

static enum rc show(struct context *c, bool review, struct str error, struct response *ret,
                    struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct checkout_view v = {.error = error,
                              .email = field(c, "email"),
                              .postal = postal_of(c),
                              .shape = postal_shape(c->storefront->country),
                              .consents = field(c, "consent").n > 0,
                              .consent_text = word_consent(&p),
                              .once = once_of(c)};
    v.bills = billing_of(c, &v.billing);
    enum rc rc = read_all(c, &v.checkout, fault);
    if (rc != RC_OK)
        return rc;
    v.takes_card = card_takes(c->server->card, c->storefront->currency, v.checkout.reckoning.total);
    v.by_card = v.takes_card && by_card(c);
    if (v.takes_card)
        card_form(c, ret);
    v.review = review && v.checkout.lines.n > 0;
    v.hash = hex_str(c->arena, &v.checkout.hash, sizeof v.checkout.hash);
    v.sign_in = url_with(c->arena, link_to(&p, "sign-in"), STR("return"), link_checkout(&p).text);
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, v.review ? N_("Look it over and order") : N_("Checkout"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    checkout_page(&h, &p, &v);
    return RC_OK;
}

static enum rc show_parts(struct context *c, struct str error, struct response *ret,
                          struct fault *fault)
{
    return show(c, false, error, ret, fault);
}

static enum rc show_review(struct context *c, struct str error, struct response *ret,
                           struct fault *fault)
{
    return show(c, true, error, ret, fault);
}

enum rc handle_checkout(struct context *c, struct response *ret, struct fault *fault)
{
    return show(c, false, STR_NONE, ret, fault);
}

/* ---- ordering ---- */

static void add_wrong(struct arena *arena, struct str *wrong, struct str more)
{
    *wrong = ARENA_JOIN(arena, *wrong, wrong->n > 0 ? STR("\n") : STR_NONE, more);
}

/* All that is wrong at once, a line each. */
static enum rc check(struct context *c, const struct checkout *checkout, struct fault *fault)
{
    struct str wrong = STR_NONE, of_postal, email;
    struct postal postal = postal_of(c), billing;
    struct fault one = {0};
    if (c->viewer.account == 0 &&
        address_for_mail(c->arena, field(c, "email"), &email, &one) != RC_OK)
        wrong = arena_str(c->arena, str_of(one.text));
    if (checkout->printed && postal_check(c->arena, &postal, false, &of_postal, &one) != RC_OK)
        add_wrong(c->arena, &wrong, of_postal);
    else if (checkout->tax_later)
        add_wrong(c->arena, &wrong, STR("region: the tax depends on it"));
    if (billing_of(c, &billing) &&
        bill_check(c->arena, c->storefront, &billing, checkout->digital, &of_postal, &one) != RC_OK)
        add_wrong(c->arena, &wrong, of_postal);
    if (checkout->digital && field(c, "consent").n == 0)
        add_wrong(c->arena, &wrong, STR("consent: an e-book is sold with it alone"));
    return wrong.n == 0 ? RC_OK : fault_set(fault, RC_INVALID, "%.*s", STR_ARG(wrong));
}

void purchase_form_fill(struct context *c, struct purchase_form *form, const struct postal *postal)
{
    form->gate = c->server->gate;
    form->storefront = c->storefront->slug;
    form->viewer = c->viewer;
    form->language = language_tag(c->language);
    form->delivery = postal->name.n > 0 ? postal : NULL;
    form->region = postal->region;
    const struct region *region = region_find(c->storefront->country, postal->region);
    form->evidence = arena_printf(
        c->arena, "{\"storefront\": \"%.*s\", \"delivery\": \"%.*s\", \"region\": \"%s\"}",
        STR_ARG(c->storefront->country), STR_ARG(postal->name.n > 0 ? postal->country : STR_NONE),
        region == NULL ? "" : region->code);
}

static enum rc place(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct basket_owner owner = basket_owner_of(c);
    struct postal postal = postal_of(c), billing;
    struct hash reckoned = {{0}};
    struct purchase_placed placed;
    bool consents = field(c, "consent").n > 0;
    struct purchase_form form = {.email = c->viewer.account == 0 ? field(c, "email") : STR_NONE,
                                 .token = once_of(c),
                                 .basket = &owner,
                                 .delivery_by = wishes_of(c),
                                 .consent = consents ? clock_now() : 0,
                                 .consent_text = consents ? word_consent(&p) : STR_NONE,
                                 .method = by_card(c) ? STR(PAYMENT_CARD) : STR_NONE,
                                 .card = c->server->card,
                                 .reckoned = &reckoned};
    purchase_form_fill(c, &form, &postal);
    form.billing = billing_of(c, &billing) ? &billing : NULL;
    if (!hex_decode(parameter_get(&c->form, "reckoned"), &reckoned, sizeof reckoned))
        reckoned = (struct hash){{0}};
    enum rc rc = sales_place(c->server->site, c->server->writer, c->arena, &form, &placed, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, rc == RC_CONFLICT ? show_review : show_parts, ret, fault);
    struct own_sale_wish bought = {.secret = arena_str(c->arena, str_of(placed.secret))};
    struct str place = link_purchase(&p, bought.secret).text;
    /* Whatever becomes of paying, it is ordered, and its page says how it stands. */
    if (!by_card(c) || card_send(c, &p, &bought, place, ret, fault) != RC_OK)
        go_to(ret, place);
    return RC_OK;
}

enum rc handle_checkout_form(struct context *c, struct response *ret, struct fault *fault)
{
    struct checkout checkout;
    struct str act = field(c, "act");
    enum rc rc = limits_checkout(c, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, show_parts, ret, fault);
    if (str_is(act, "change"))
        return show_parts(c, STR_NONE, ret, fault);
    rc = read_all(c, &checkout, fault);
    /* What was placed already left nothing in the basket: whoever sends it again is led there. */
    if (rc == RC_OK && checkout.lines.n > 0)
        rc = check(c, &checkout, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, show_parts, ret, fault);
    return str_is(act, "order") ? place(c, ret, fault) : show_review(c, STR_NONE, ret, fault);
}
