#include "app/sellers.h"

#include "app/address.h"
#include "app/papers.h"
#include "app/partner.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/names.h"
#include "store/catalogue.h"
#include "store/papers.h"

void seller_fee_add(struct buf *b, int64_t fee)
{
    buf_i64(b, fee / 1000);
    if (fee % 1000 == 0)
        return;
    char digits[8];
    int n = snprintf(digits, sizeof digits, ".%03d", (int)(fee % 1000));
    while (digits[n - 1] == '0')
        n--;
    buf_add(b, digits, (size_t)n);
}

bool seller_fee_parse(struct str s, int64_t *ret)
{
    size_t point = str_find(s, '.');
    struct str rest = str_sub(s, point < s.n ? point + 1 : s.n, s.n);
    uint64_t whole, part = 0;
    if (!str_to_u64(str_sub(s, 0, point), &whole) || whole > 100 || rest.n > 3 ||
        (point < s.n && !str_to_u64(rest, &part)))
        return false;
    for (size_t i = rest.n; i < 3; i++)
        part *= 10;
    if (whole * 1000 + part > SELLER_FEE_MAX)
        return false;
    *ret = (int64_t)(whole * 1000 + part);
    return true;
}

/* ---- setting ---- */

struct setting {
    const struct seller_order *order;
    struct arena *arena;
};

static void take(struct str said, struct str *field)
{
    if (said.p != NULL)
        *field = str_trim(said);
}

static enum rc check_line(const char *field, struct str s, size_t max, struct fault *fault)
{
    return s.n == 0 ? RC_OK : text_check(field, s, TEXT_LINE, max, fault);
}

static enum rc check(struct arena *arena, struct seller *s, struct fault *fault)
{
    enum rc rc = text_check("name", s->name, TEXT_LINE, SELLER_NAME_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("address", s->address, TEXT_NEEDED, SELLER_ADDRESS_MAX, fault);
    if (rc == RC_OK && !country_code_valid(s->country))
        rc = fault_set(fault, RC_INVALID, "country: %.*s is none: a code of two capitals as US",
                       STR_ARG(s->country));
    if (rc == RC_OK)
        rc = address_for_mail(arena, s->email, &s->email, fault);
    if (rc == RC_OK)
        rc = check_line("tax-number", s->tax_number, SELLER_NUMBER_MAX, fault);
    if (rc == RC_OK && !str_is(s->remits, SELLER_REMITS_SHOP) &&
        !str_is(s->remits, SELLER_REMITS_OPERATOR))
        rc =
            fault_set(fault, RC_INVALID, "taxes: shop or operator: who pays them to the countries");
    return rc == RC_OK ? check_line("account", s->account, SELLER_NUMBER_MAX, fault) : rc;
}

/* A form's lines end in CR LF. */
static struct str without_returns(struct arena *arena, struct str s)
{
    char *copy = arena_z(arena, s);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r')
            copy[n++] = s.p[i];
    return (struct str){copy, n};
}

static enum rc set_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct setting *w = context;
    const struct seller_order *o = w->order;
    struct shop shop;
    struct seller s = {0};
    enum rc rc = catalogue_shop(conn, w->arena, o->shop, &shop, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no shop %.*s", STR_ARG(o->shop));
    if (rc == RC_OK)
        rc = seller_row_get(conn, w->arena, shop.id, &s, fault);
    if (rc == RC_NOT_FOUND) {
        s = (struct seller){.shop = shop.id, .name = shop.name, .remits = STR(SELLER_REMITS_SHOP)};
        rc = RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    take(o->name, &s.name);
    take(o->address, &s.address);
    take(o->country, &s.country);
    take(o->email, &s.email);
    take(o->tax_number, &s.tax_number);
    take(o->account, &s.account);
    take(o->remits, &s.remits);
    s.address = without_returns(w->arena, s.address);
    if (o->fee.p != NULL && !seller_fee_parse(str_trim(o->fee), &s.fee))
        return fault_set(fault, RC_INVALID, "fee: per cent, from 0 to 100, as 7.5");
    rc = check(w->arena, &s, fault);
    s.changed = clock_now();
    if (rc == RC_OK)
        rc = seller_row_put(conn, &s, fault);
    return rc == RC_OK ? papers_catch_up(conn, shop.id, s.changed, fault) : rc;
}

enum rc seller_set(struct writer *writer, const struct seller_order *order, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct setting work = {order, &arena};
    return writer_run(writer, set_work, &work, fault);
}

/* ---- reading ---- */

enum rc seller_read(struct site *site, struct arena *arena, uint64_t shop, struct seller *ret,
                    struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = seller_row_get(conn, arena, shop, ret, fault);
    site_disconnect(conn);
    return rc;
}

enum rc sellers_read(struct site *site, struct arena *arena, seller_list *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct shop *shops = NULL;
    size_t n = 0;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = catalogue_shops(conn, arena, PARTNER_SHOPS_MAX, &shops, &n, fault);
    *ret = (seller_list){ARENA_ARRAY(arena, struct seller_line, n), 0};
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct seller_line *line = &ret->v[ret->n];
        line->slug = shops[i].slug;
        rc = seller_row_get(conn, arena, shops[i].id, &line->seller, fault);
        ret->n += rc == RC_OK;
        if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    site_disconnect(conn);
    return rc;
}
