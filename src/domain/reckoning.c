#include "domain/reckoning.h"

#include "domain/tax.h"

static struct reckoned_shop *shop_of(struct reckoning *r, uint64_t shop)
{
    for (size_t i = 0; i < r->shops.n; i++)
        if (r->shops.v[i].shop == shop)
            return &r->shops.v[i];
    return NULL;
}

void reckoning_shops(struct reckoning *r, struct arena *arena)
{
    r->shops.v = ARENA_ARRAY(arena, struct reckoned_shop, r->lines.n);
    r->shops.n = 0;
    for (size_t i = 0; i < r->lines.n; i++)
        if (shop_of(r, r->lines.v[i].shop) == NULL)
            r->shops.v[r->shops.n++] = (struct reckoned_shop){.shop = r->lines.v[i].shop};
}

static bool is_amount(int64_t amount)
{
    return amount >= 0 && amount <= AMOUNT_MAX;
}

/* What is paid for it, and the tax in that. */
static void charge(int64_t amount, bool included, int32_t rate, int64_t *ret_total,
                   int64_t *ret_tax)
{
    *ret_tax = included ? tax_within(amount, rate) : tax_upon(amount, rate);
    *ret_total = included ? amount : amount + *ret_tax;
}

static enum rc reckon_line(struct reckoned_line *l, struct fault *fault)
{
    if (l->quantity < 1)
        return fault_set(fault, RC_INVALID, "quantity: 1 or more");
    if (!is_amount(l->unit) || l->quantity > AMOUNT_MAX || l->rate < 0 || l->rate > TAX_RATE_MAX ||
        __builtin_mul_overflow(l->unit, l->quantity, &l->goods) || l->goods > AMOUNT_MAX)
        return fault_set(fault, RC_LIMIT, "that is more than can be sold at once");
    if (l->discount < 0 || l->discount > l->goods)
        return fault_set(fault, RC_INVALID, "discount: more than there is to pay");
    charge(l->goods - l->discount, l->tax_included, l->rate, &l->total, &l->tax);
    return RC_OK;
}

/* In its place by rate. */
static void add_tax(struct reckoning *r, int32_t rate, int64_t total, int64_t tax)
{
    size_t at = 0;
    while (at < r->taxes.n && r->taxes.v[at].rate < rate)
        at++;
    if (at == r->taxes.n || r->taxes.v[at].rate != rate) {
        memmove(&r->taxes.v[at + 1], &r->taxes.v[at], (r->taxes.n - at) * sizeof *r->taxes.v);
        r->taxes.v[at] = (struct reckoned_tax){.rate = rate};
        r->taxes.n++;
    }
    r->taxes.v[at].net += total - tax;
    r->taxes.v[at].tax += tax;
}

static enum rc reckon_lines(struct reckoning *r, struct fault *fault)
{
    for (size_t i = 0; i < r->lines.n; i++) {
        struct reckoned_line *l = &r->lines.v[i];
        struct reckoned_shop *shop = shop_of(r, l->shop);
        enum rc rc = reckon_line(l, fault);
        if (rc != RC_OK)
            return rc;
        shop->goods += l->goods;
        shop->discount += l->discount;
        shop->tax += l->tax;
        shop->total += l->total;
        add_tax(r, l->rate, l->total, l->tax);
        if (shop->total > AMOUNT_MAX || shop->goods > AMOUNT_MAX)
            return fault_set(fault, RC_LIMIT, "that is more than can be sold at once");
    }
    return RC_OK;
}

enum rc reckoning_make(struct reckoning *r, struct arena *arena, struct fault *fault)
{
    r->taxes.v = ARENA_ARRAY(arena, struct reckoned_tax, r->lines.n + r->shops.n + 1);
    r->taxes.n = 0;
    r->goods = r->discount = r->shipping = r->tax = r->total = 0;
    for (size_t i = 0; i < r->shops.n; i++) {
        struct reckoned_shop *s = &r->shops.v[i];
        s->goods = s->discount = s->tax = s->total = 0;
    }
    enum rc rc = reckon_lines(r, fault);
    for (size_t i = 0; rc == RC_OK && i < r->shops.n; i++) {
        struct reckoned_shop *s = &r->shops.v[i];
        if (!is_amount(s->shipping_price) || s->shipping_rate < 0 ||
            s->shipping_rate > TAX_RATE_MAX)
            return fault_set(fault, RC_LIMIT, "shipping: no price that can be asked");
        charge(s->shipping_price, s->shipping_tax_included, s->shipping_rate, &s->shipping,
               &s->shipping_tax);
        if (s->shipping > 0)
            add_tax(r, s->shipping_rate, s->shipping, s->shipping_tax);
        s->tax += s->shipping_tax;
        s->total += s->shipping;
        r->goods += s->goods;
        r->discount += s->discount;
        r->shipping += s->shipping;
        r->tax += s->tax;
        r->total += s->total;
        if (r->total > AMOUNT_MAX || r->goods > AMOUNT_MAX)
            return fault_set(fault, RC_LIMIT, "that is more than can be sold at once");
    }
    return rc;
}

struct hash reckoning_hash(const struct reckoning *r, struct str currency)
{
    BUF_AUTO b = BUF_INIT((r->lines.n + r->shops.n + 1) * 256);
    buf_printf(&b, "%.*s %lld %lld\n", STR_ARG(currency), (long long)r->total, (long long)r->tax);
    for (size_t i = 0; i < r->lines.n; i++) {
        const struct reckoned_line *l = &r->lines.v[i];
        buf_printf(&b, "%llu %llu %lld %lld %d %lld %lld %lld\n", (unsigned long long)l->shop,
                   (unsigned long long)l->edition, (long long)l->quantity, (long long)l->unit,
                   (int)l->rate, (long long)l->discount, (long long)l->tax, (long long)l->total);
    }
    for (size_t i = 0; i < r->shops.n; i++) {
        const struct reckoned_shop *s = &r->shops.v[i];
        buf_printf(&b, "%llu %lld %lld %d\n", (unsigned long long)s->shop, (long long)s->shipping,
                   (long long)s->shipping_tax, (int)s->shipping_rate);
    }
    return sha256(b.p, b.n);
}
