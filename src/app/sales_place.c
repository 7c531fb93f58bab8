#include <sodium.h>

#include "app/address.h"
#include "app/papers.h"
#include "app/payment_card.h"
#include "app/payments.h"
#include "app/sales.h"
#include "app/stock.h"
#include "app/vouchers.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/json.h"
#include "domain/regions.h"
#include "store/baskets.h"
#include "store/payments.h"
#include "store/sale_terms.h"
#include "store/sales.h"
#include "store/sales_returns.h"

enum { NUMBER_LENGTH = 10, DAY_S = 86400 };

struct placing {
    const struct purchase_form *form;
    struct arena *arena;
    struct purchase_placed *ret;
    struct str email;
    const struct gate_view *view;
    const struct storefront *storefront;
    struct basket_row basket; /* 0: the form's own wishes */
    struct voucher_use voucher;
    struct reckoning reckoning; /* its lines are those of ret->lines */
    struct purchase_row purchase;
    uint64_t first_order;
    struct delivery sent; /* of a basket: how */
};

/* ---- secrets and numbers ---- */

/* The page's secret follows from the form's token, so that whoever sends the form again is shown
 * the same page; kept are the hashes of both alone. */
static void derive_secret(struct str token, char ret[TOKEN_SIZE + 1])
{
    struct str parts[] = {STR("colophon: the page of a purchase\n"), token};
    struct hash hash = sha256_parts(parts, 2);
    sodium_bin2base64(ret, TOKEN_SIZE + 1, hash.b, sizeof hash.b,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* "K7M2Q-9XR4T": nobody tells from it how much is sold, and it is read over the telephone without
 * a mistake. */
static struct str make_number(struct arena *arena)
{
    static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint8_t chance[NUMBER_LENGTH];
    char number[NUMBER_LENGTH + 1];
    size_t n = 0;
    random_bytes(chance, sizeof chance);
    for (size_t i = 0; i < NUMBER_LENGTH; i++) {
        if (i == NUMBER_LENGTH / 2)
            number[n++] = '-';
        number[n++] = letters[chance[i] % 32];
    }
    return arena_str(arena, (struct str){number, n});
}

/* ---- rows ---- */

static enum rc add_line(struct placing *p, struct store_conn *conn, uint64_t order,
                        const struct sale_line *line, const struct reckoned_line *reckoned,
                        struct fault *fault)
{
    const struct shown_edition *e = &line->edition;
    struct sales_line_row row = {.order = order,
                                 .edition = e->id,
                                 .work = e->work,
                                 .isbn = e->key,
                                 .title = e->title,
                                 .contributor =
                                     e->contributors.n > 0 ? e->contributors.v[0].name : STR_NONE,
                                 .kind = str_of(product_kind_name(line->kind)),
                                 .digital = line->digital,
                                 .quantity = reckoned->quantity,
                                 .unit = reckoned->unit,
                                 .discount = reckoned->discount,
                                 .total = reckoned->total,
                                 .tax = reckoned->tax,
                                 .rate = reckoned->rate,
                                 .tax_country = p->storefront->country,
                                 .tax_code = line->tax == NULL ? STR_NONE : line->tax->code,
                                 .tax_id = line->tax == NULL ? 0 : line->tax->id,
                                 .price_type = line->price_type,
                                 .fixed = line->law != NULL,
                                 .available = line->available};
    enum rc rc = sales_line_row_add(conn, &row, fault);
    if (rc != RC_OK || line->digital)
        return rc;
    rc = stock_promise(conn, p->purchase.id, line->shop, e->id, (uint64_t)reckoned->quantity,
                       p->purchase.expires, fault);
    return rc == RC_CONFLICT ? fault_prefix(fault, rc, "%.*s", STR_ARG(e->key)) : rc;
}

/* What the cheapest way that was offered would have cost, with its tax, as the chosen one does. */
static int64_t least_of(const struct delivery_shop *sent, int64_t shipping)
{
    int64_t least = sent->chosen->price;
    for (size_t i = 0; i < sent->choices.n; i++)
        if (sent->choices.v[i].price < least)
            least = sent->choices.v[i].price;
    return sent->chosen->price > 0 ? shipping * least / sent->chosen->price : 0;
}

static enum rc add_order(struct placing *p, struct store_conn *conn,
                         const struct reckoned_shop *shop, struct fault *fault)
{
    struct sales_order_row order = {.number = make_number(p->arena),
                                    .purchase = p->purchase.id,
                                    .shop = shop->shop,
                                    .currency = p->storefront->currency,
                                    .goods = shop->goods,
                                    .discount = shop->discount,
                                    .shipping = shop->shipping,
                                    .tax = shop->tax,
                                    .total = shop->total,
                                    .shipping_tax = shop->shipping_tax,
                                    .shipping_rate = shop->shipping_rate,
                                    .state = STR(SALES_PLACED),
                                    .placed = p->purchase.placed};
    const struct delivery_shop *sent = delivery_of(&p->sent, shop->shop);
    if (sent != NULL)
        order.shipping_name = sent->chosen->method->name;
    enum rc rc = sales_order_row_add(conn, &order, fault);
    if (rc == RC_OK && sent != NULL)
        rc = sales_order_least_put(conn, order.id, least_of(sent, order.shipping), fault);
    const sale_line_list *lines = &p->ret->lines;
    for (size_t i = 0; rc == RC_OK && i < lines->n; i++)
        if (lines->v[i].shop == shop->shop)
            rc = add_line(p, conn, order.id, &lines->v[i], &p->reckoning.lines.v[i], fault);
    struct sales_event_row event = {.order = order.id,
                                    .kind = STR(SALES_EVENT_PLACED),
                                    .amount = order.total,
                                    .actor = p->form->by_staff ? STR(SALES_BY_STAFF)
                                                               : STR(SALES_BY_READER),
                                    .account = p->form->viewer.account,
                                    .at = order.placed};
    if (rc == RC_OK)
        rc = sales_event_row_add(conn, &event, fault);
    if (p->first_order == 0)
        p->first_order = order.id;
    return rc;
}

static bool has_kind(const struct placing *p, bool digital)
{
    for (size_t i = 0; i < p->ret->lines.n; i++)
        if (p->ret->lines.v[i].digital == digital)
            return true;
    return false;
}

/* Once, by whoever comes first: of the last use one buyer gets hold. In the basket it is no more,
 * unless it took nothing off. */
static enum rc use_voucher(struct placing *p, struct store_conn *conn, struct fault *fault)
{
    if (p->reckoning.discount == 0)
        return RC_OK;
    enum rc rc =
        voucher_use_add(conn, p->purchase.id, p->voucher.voucher.id, p->purchase.placed, fault);
    return rc == RC_OK && p->basket.id != 0 ? basket_row_voucher(conn, p->basket.id, 0, fault) : rc;
}

static enum rc add_purchase(struct placing *p, struct store_conn *conn, struct fault *fault)
{
    const struct purchase_form *form = p->form;
    int64_t now = clock_now();
    p->purchase.account = form->viewer.account;
    p->purchase.storefront = p->storefront->id;
    p->purchase.country = p->storefront->country;
    p->purchase.currency = p->storefront->currency;
    p->purchase.language = form->language;
    p->purchase.email = p->email;
    /* Of whoever is sent nothing, no address is kept. */
    bool kept = form->delivery != NULL && (form->basket == NULL || has_kind(p, false));
    if (kept)
        p->purchase.delivery = postal_json(p->arena, form->delivery);
    p->purchase.billing =
        form->billing != NULL ? postal_json(p->arena, form->billing) : p->purchase.delivery;
    p->purchase.evidence = form->evidence;
    p->purchase.consent = form->consent;
    p->purchase.consent_text = form->consent_text;
    p->purchase.method = form->method.n > 0 ? form->method : STR(PAYMENT_TRANSFER);
    p->purchase.total = p->reckoning.total;
    p->purchase.state = STR(PURCHASE_WAITING);
    p->purchase.placed = now;
    bool guest = form->basket != NULL && form->viewer.account == 0;
    p->purchase.expires = now + (guest ? SALES_GUEST_WAIT_DAYS : SALES_WAIT_DAYS) * (int64_t)DAY_S;
    enum rc rc = purchase_row_add(conn, &p->purchase, fault);
    for (size_t i = 0; rc == RC_OK && i < p->reckoning.shops.n; i++)
        rc = add_order(p, conn, &p->reckoning.shops.v[i], fault);
    struct payment_row payment;
    for (size_t i = 0; rc == RC_OK && p->basket.id != 0 && i < p->ret->lines.n; i++)
        rc = basket_bought(conn, p->basket.id, p->ret->lines.v[i].edition.id, fault);
    if (rc == RC_OK)
        rc = use_voucher(p, conn, fault);
    if (rc == RC_OK)
        rc = payment_begin(conn, p->arena, &p->purchase, &payment, fault);
    /* Last: it says how to pay. */
    if (rc == RC_OK && payment.amount > 0)
        rc = papers_letter(conn, p->first_order, SALES_LETTER_PLACED, fault);
    crash_point("purchase-placed");
    return rc;
}

/* ---- what is agreed to ---- */

/* What cannot be bought stays in the basket, and was shown apart. */
static void keep_open(sale_line_list *lines)
{
    size_t kept = 0;
    for (size_t i = 0; i < lines->n; i++)
        if (lines->v[i].bar == SALE_OPEN)
            lines->v[kept++] = lines->v[i];
    lines->n = kept;
}

/* By telephone nobody looks it over: a way that is not offered is none. */
static enum rc is_sent_as_said(const struct placing *p, struct fault *fault)
{
    const delivery_wishes *wishes = &p->form->delivery_by;
    for (size_t i = 0; i < wishes->n; i++) {
        bool taken = false;
        for (size_t k = 0; k < p->sent.shops.n; k++)
            taken = taken || p->sent.shops.v[k].chosen->method->id == wishes->v[i].method;
        if (!taken)
            return fault_set(fault, RC_INVALID, "shipping: %llu is no way to send this there",
                             (unsigned long long)wishes->v[i].method);
    }
    return RC_OK;
}

static enum rc decide_lines(struct placing *p, struct store_conn *conn, struct fault *fault)
{
    const struct purchase_form *form = p->form;
    struct visit visit = {conn, p->arena, p->view, p->storefront, &form->viewer};
    struct sale_wish *wishes = (struct sale_wish *)form->wishes;
    size_t n = form->wish_n;
    enum rc rc = form->basket == NULL
                     ? RC_OK
                     : basket_wishes(conn, p->arena, form->basket, &wishes, &n, &p->basket, fault);
    struct sale_where where =
        sales_where(p->storefront->country, form->delivery, form->billing, form->region);
    if (rc == RC_OK)
        rc = sale_lines(&visit, &where, wishes, n, &p->ret->lines, fault);
    /* By telephone, what has no address is fetched at the shop. */
    if (rc == RC_OK && (form->basket != NULL || form->delivery != NULL))
        rc = delivery_decide(&visit, &where, &p->ret->lines, &form->delivery_by, &p->sent, fault);
    if (form->basket != NULL)
        keep_open(&p->ret->lines);
    if (rc == RC_OK && form->basket == NULL)
        rc = is_sent_as_said(p, fault);
    if (rc == RC_OK && p->ret->lines.n == 0)
        return fault_set(fault, RC_INVALID, "there is nothing to buy");
    for (size_t i = 0; rc == RC_OK && i < p->ret->lines.n; i++) {
        const struct sale_line *line = &p->ret->lines.v[i];
        if (line->tax_later || (!line->digital && p->sent.tax_later))
            return fault_set(fault, RC_INVALID, "region: the tax depends on it");
        for (size_t k = 0; k < i; k++)
            if (line->edition.id != 0 && p->ret->lines.v[k].edition.id == line->edition.id)
                return fault_set(fault, RC_INVALID, "%.*s: named twice", STR_ARG(line->wish.key));
        if (line->bar != SALE_OPEN) {
            struct str says = sale_bar_says(p->arena, p->storefront, line);
            rc = fault_set(fault, line->bar == SALE_WITHHELD ? RC_WITHHELD : RC_INVALID, "%.*s",
                           STR_ARG(says));
        }
    }
    return rc;
}

/* Which one takes something off: the basket's, or of the code that was said by telephone. */
static enum rc reckon_voucher(struct placing *p, struct store_conn *conn, struct fault *fault)
{
    struct visit visit = {conn, p->arena, p->view, p->storefront, &p->form->viewer};
    uint64_t id = p->basket.voucher;
    enum rc rc = RC_OK;
    if (p->form->voucher.n > 0)
        rc = voucher_of_code(conn, p->arena, p->form->voucher, p->storefront->currency, &id, fault);
    if (rc == RC_OK)
        rc = voucher_reckon(&visit, id, &p->ret->lines, &p->reckoning, &p->voucher, fault);
    return rc;
}

static enum rc reckon(struct placing *p, struct store_conn *conn, struct fault *fault)
{
    sale_reckoning(p->arena, &p->ret->lines, &p->reckoning);
    delivery_reckon(&p->sent, &p->reckoning);
    enum rc rc = reckon_voucher(p, conn, fault);
    if (rc == RC_OK)
        rc = reckoning_make(&p->reckoning, p->arena, fault);
    if (rc != RC_OK || p->form->reckoned == NULL)
        return rc;
    struct hash now = reckoning_hash(&p->reckoning, p->storefront->currency);
    p->ret->changed = !hash_eq(&now, p->form->reckoned);
    /* A way to send it that is no longer offered, though another costs the same. */
    for (size_t i = 0; i < p->sent.shops.n; i++)
        p->ret->changed = p->ret->changed || !p->sent.shops.v[i].wished;
    return p->ret->changed
               ? fault_set(fault, RC_CONFLICT, "what it comes to has changed since it was shown")
               : RC_OK;
}

/* Whoever buys says where it goes to, and agrees that an e-book is theirs at once. */
static enum rc is_complete(const struct placing *p, struct fault *fault)
{
    for (size_t i = 0; i < p->ret->lines.n; i++) {
        const struct sale_line *line = &p->ret->lines.v[i];
        if (line->digital && p->form->consent == 0)
            return fault_set(fault, RC_INVALID, "consent: an e-book is sold with it alone");
        if (p->form->basket != NULL && !line->digital && p->form->delivery == NULL)
            return fault_set(fault, RC_INVALID, "name: it is needed for a parcel");
    }
    struct str faults;
    enum rc rc = RC_OK;
    /* By telephone, lines as an envelope has them are enough. */
    if (p->form->basket != NULL && has_kind(p, false))
        rc = postal_check(p->arena, p->form->delivery, false, &faults, fault);
    if (rc == RC_OK && p->form->billing != NULL)
        rc = bill_check(p->arena, p->storefront, p->form->billing, has_kind(p, true), &faults,
                        fault);
    return rc;
}

/* Whoever orders again and again and pays for nothing holds what others would buy. */
static enum rc waits_for_few(const struct placing *p, struct store_conn *conn, struct fault *fault)
{
    uint64_t n = 0;
    if (p->form->basket == NULL || p->reckoning.total == 0)
        return RC_OK;
    enum rc rc = purchases_waiting(conn, p->email, &n, fault);
    return rc == RC_OK && n >= SALES_WAITING_MAX
               ? fault_set(fault, RC_INVALID,
                           "payment: %d orders wait for their payment already: pay for one, or "
                           "take it back",
                           SALES_WAITING_MAX)
               : rc;
}

/* Nobody is let order what they could not pay for. */
static enum rc is_payable(const struct placing *p, struct store_conn *conn, struct fault *fault)
{
    struct bank_account bank;
    if (p->reckoning.total == 0)
        return RC_OK;
    if (str_is(p->form->method, PAYMENT_CARD))
        return card_takes(p->form->card, p->storefront->currency, p->reckoning.total)
                   ? RC_OK
                   : fault_set(fault, RC_INVALID, "method: transfer, a card cannot pay this");
    if (p->form->basket == NULL)
        return RC_OK;
    enum rc rc = bank_account_get(conn, p->arena, p->storefront->currency, &bank, fault);
    return rc == RC_NOT_FOUND
               ? fault_set(fault, RC_INVALID, "payment: where to pay to in %.*s is not stated yet",
                           STR_ARG(p->storefront->currency))
               : rc;
}

static enum rc place_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct placing *p = context;
    struct purchase_row first;
    GATE_HELD view = gate_hold(p->form->gate, p->arena);
    p->view = view;
    p->storefront = gate_storefront(view, p->form->storefront);
    p->ret->again = p->ret->changed = false;
    if (p->storefront == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no storefront %.*s",
                         STR_ARG(p->form->storefront));
    enum rc rc = purchase_row_by_token(conn, p->arena, &p->purchase.token, &first, fault);
    if (rc == RC_OK) {
        p->ret->again = true;
        p->ret->id = first.id;
        return first.account == p->form->viewer.account
                   ? RC_OK
                   : fault_set(fault, RC_DENIED, "this form was somebody else's");
    }
    if (rc == RC_NOT_FOUND)
        rc = decide_lines(p, conn, fault);
    if (rc == RC_OK)
        rc = reckon(p, conn, fault);
    if (rc == RC_OK)
        rc = is_payable(p, conn, fault);
    if (rc == RC_OK)
        rc = waits_for_few(p, conn, fault);
    if (rc == RC_OK)
        rc = is_complete(p, fault);
    if (rc == RC_OK)
        rc = add_purchase(p, conn, fault);
    if (rc == RC_OK)
        p->ret->id = p->purchase.id;
    return rc;
}

enum rc sales_place(struct site *site, struct writer *writer, struct arena *arena,
                    const struct purchase_form *form, struct purchase_placed *ret,
                    struct fault *fault)
{
    (void)site;
    char made[TOKEN_SIZE + 1];
    struct str token = form->token;
    struct placing p = {.form = form, .arena = arena, .ret = ret};
    *ret = (struct purchase_placed){.id = 0};
    struct str email = form->email.n > 0 ? form->email : form->viewer.email;
    enum rc rc = address_for_mail(arena, email, &p.email, fault);
    if (rc == RC_OK && form->method.n > 0 && !str_is(form->method, PAYMENT_TRANSFER) &&
        (!str_is(form->method, PAYMENT_CARD) || form->card == NULL))
        rc = fault_set(fault, RC_INVALID, "method: transfer, there is no other here");
    if (rc != RC_OK)
        return rc;
    if (token.n == 0) {
        secret_make(made);
        token = str_of(made);
    }
    derive_secret(token, ret->secret);
    p.purchase.token = sha256(token.p, token.n);
    p.purchase.secret = sha256(ret->secret, TOKEN_SIZE);
    return writer_run_aside(writer, place_work, &p, fault);
}

/* ---- addresses ---- */

static struct str region_code(struct str country, struct str typed)
{
    const struct region *region = region_find(country, typed);
    return region == NULL ? STR_NONE : str_of(region->code);
}

struct sale_where sales_where(struct str country, const struct postal *delivery,
                              const struct postal *billing, struct str region)
{
    struct str here = region_code(country, region);
    struct sale_where where = {here, here};
    if (delivery != NULL && delivery->region.n > 0)
        where.sent = where.lives = region_code(country, delivery->region);
    if (billing != NULL && str_eq(billing->country, country) && billing->region.n > 0)
        where.lives = region_code(country, billing->region);
    return where;
}

/* An e-book is delivered where whoever buys it lives, and rights and tax are decided for this
 * country. */
enum rc bill_check(struct arena *arena, const struct storefront *storefront,
                   const struct postal *billing, bool ebooks, struct str *ret_faults,
                   struct fault *fault)
{
    if (billing->country.n != 2 || (ebooks && !str_eq(billing->country, storefront->country))) {
        *ret_faults = ebooks ? STR("bill_country: e-books are sold to people in this country alone")
                             : STR("bill_country: choose one");
        return fault_set(fault, RC_INVALID, "%.*s", STR_ARG(*ret_faults));
    }
    return postal_check(arena, billing, true, ret_faults, fault);
}

struct str postal_json(struct arena *arena, const struct postal *postal)
{
    BUF_AUTO b = BUF_INIT(8192);
    JSON_AUTO *json =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_from_str(postal->name), "lines",
                  json_from_str(postal->lines), "postcode", json_from_str(postal->postcode), "city",
                  json_from_str(postal->city), "region", json_from_str(postal->region), "country",
                  json_from_str(postal->country));
    json_write(json, &b);
    return arena_str(arena, buf_str(&b));
}

struct postal postal_read(struct arena *arena, struct str text)
{
    JSON_AUTO *json = NULL;
    if (text.n == 0 || json_read(text, &json, NULL) != RC_OK)
        return (struct postal){.name = STR_NONE};
    return (struct postal){.name = arena_str(arena, json_member_str(json, "name")),
                           .lines = arena_str(arena, json_member_str(json, "lines")),
                           .postcode = arena_str(arena, json_member_str(json, "postcode")),
                           .city = arena_str(arena, json_member_str(json, "city")),
                           .region = arena_str(arena, json_member_str(json, "region")),
                           .country = arena_str(arena, json_member_str(json, "country"))};
}
