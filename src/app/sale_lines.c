#include "app/sale_lines.h"

#include "base/clock.h"
#include "store/catalogue.h"
#include "store/sale_terms.h"
#include "store/sales.h"
#include "store/tax_rates.h"

static const char *const bar_names[SALE_BAR_COUNT] = {
    [SALE_OPEN] = "open",         [SALE_UNKNOWN] = "unknown",
    [SALE_WITHHELD] = "withheld", [SALE_NOT_SOLD] = "not-sold",
    [SALE_NO_TAX] = "no-tax",     [SALE_NEEDS_ACCOUNT] = "needs-account",
    [SALE_OWNED] = "owned",       [SALE_NOT_YET] = "not-yet",
    [SALE_NOT_SENT] = "not-sent", [SALE_NO_FILE] = "no-file",
};

const char *sale_bar_name(enum sale_bar bar)
{
    return bar_names[bar];
}

/* The offer that a reader takes: the best of those that sell, in the storefront's currency. */
static const struct shown_offer *best_offer(const struct visit *visit,
                                            const struct shown_edition *e)
{
    for (size_t i = 0; i < e->offers.n; i++) {
        const struct shown_offer *o = &e->offers.v[i];
        if (o->withheld != NULL || !verdict_sells(o->offer.verdict))
            continue;
        const struct price *price = o->offer.price;
        if (o->offer.verdict == VERDICT_FREE ||
            (price != NULL && price->minor >= 0 &&
             str_eq(price->currency, visit->storefront->currency)))
            return o;
    }
    return NULL;
}

static void say_why_not(const struct shown_edition *e, struct sale_line *line)
{
    line->bar = SALE_NOT_SOLD;
    line->verdict = VERDICT_NO_SUPPLY;
    if (e->offers.n == 0)
        return;
    const struct shown_offer *first = &e->offers.v[0];
    line->bar = first->withheld != NULL ? SALE_WITHHELD : SALE_NOT_SOLD;
    line->by = first->withheld;
    if (first->withheld == NULL &&
        (first->offer.verdict == VERDICT_NO_FILE || first->offer.verdict == VERDICT_NO_DELIVERY))
        line->bar = SALE_NO_FILE;
    line->verdict = verdict_sells(first->offer.verdict) ? VERDICT_NO_PRICE : first->offer.verdict;
}

static enum rc take_offer(const struct visit *visit, const struct shown_offer *offer,
                          struct sale_line *line, struct fault *fault)
{
    struct shop shop;
    const struct price *price = offer->offer.price;
    bool priced = price != NULL && price->minor > 0 && offer->offer.verdict != VERDICT_FREE;
    line->verdict = offer->offer.verdict;
    line->shop_slug = offer->shop;
    line->shop_name = offer->shop_name;
    line->unit = priced ? price->minor : 0;
    line->tax_included = !priced || offer->offer.price_includes_tax;
    line->price_type = price != NULL ? price->type : STR_NONE;
    line->available = offer->offer.available;
    enum rc rc = catalogue_shop(visit->conn, visit->arena, offer->shop, &shop, fault);
    if (rc == RC_OK)
        line->shop = shop.id;
    return rc;
}

/* An e-book is given to an account, once. */
static enum rc look_at_account(const struct visit *visit, struct sale_line *line,
                               struct fault *fault)
{
    if (!line->digital || line->bar != SALE_OPEN)
        return RC_OK;
    line->bar = SALE_NEEDS_ACCOUNT;
    if (visit->viewer->account == 0)
        return RC_OK;
    enum rc rc = library_row_has(visit->conn, visit->viewer->account, line->edition.id, fault);
    line->bar = rc == RC_OK ? SALE_OWNED : SALE_OPEN;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What is stated of all that is sold here. */
struct stated {
    struct sale_where where;
    tax_rate_list rates;
    price_law_list laws;
};

static enum rc look_at(const struct visit *visit, const struct stated *stated,
                       struct sale_line *line, struct fault *fault)
{
    enum rc rc = shown_edition(visit, line->wish.key, &line->edition, fault);
    if (rc == RC_NOT_FOUND || rc == RC_WITHHELD) {
        line->bar = rc == RC_NOT_FOUND ? SALE_UNKNOWN : SALE_WITHHELD;
        if (rc == RC_WITHHELD)
            line->by = line->edition.visibility.by[FEATURE_LISTING];
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    line->digital = edition_is_digital(line->edition.facts);
    line->kind = product_kind_of(line->edition.facts);
    if (line->digital)
        line->wish.quantity = 1;
    const struct shown_offer *offer = best_offer(visit, &line->edition);
    if (offer == NULL) {
        say_why_not(&line->edition, line);
        return RC_OK;
    }
    rc = take_offer(visit, offer, line, fault);
    int32_t today = date_of(visit->view->now);
    struct str country = visit->storefront->country;
    struct str region = line->digital ? stated->where.lives : stated->where.sent;
    line->tax = tax_rate_on(&stated->rates, country, region, line->kind, today);
    line->by_region = line->unit > 0 && tax_by_region(&stated->rates, country, line->kind, today);
    line->tax_later = line->by_region && region.n == 0;
    if (line->unit > 0 && price_type_fixed(line->price_type))
        line->law = price_law_on(&stated->laws, country, line->kind, today);
    if (line->tax == NULL && line->unit > 0 && !line->tax_later)
        line->bar = SALE_NO_TAX;
    else if (line->digital && offer->offer.verdict == VERDICT_PREORDER)
        line->bar = SALE_NOT_YET;
    return rc == RC_OK ? look_at_account(visit, line, fault) : rc;
}

enum rc sale_lines(const struct visit *visit, const struct sale_where *where,
                   const struct sale_wish *wishes, size_t n, sale_line_list *ret,
                   struct fault *fault)
{
    struct stated stated = {.rates = {NULL, 0}};
    if (where != NULL)
        stated.where = *where;
    if (n > SALE_LINES_MAX)
        return fault_set(fault, RC_INVALID, "no more than %d titles at once", SALE_LINES_MAX);
    enum rc rc =
        tax_rates_of(visit->conn, visit->arena, visit->storefront->country, &stated.rates, fault);
    if (rc == RC_OK)
        rc = price_laws(visit->conn, visit->arena, &stated.laws, fault);
    ret->v = ARENA_ARRAY(visit->arena, struct sale_line, n);
    ret->n = 0;
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        ret->v[i].wish = wishes[i];
        if (wishes[i].quantity < 1 || wishes[i].quantity > SALE_QUANTITY_MAX)
            return fault_set(fault, RC_INVALID, "%.*s: 1 to %d copies", STR_ARG(wishes[i].key),
                             SALE_QUANTITY_MAX);
        rc = look_at(visit, &stated, &ret->v[i], fault);
        ret->n++;
    }
    return rc;
}

struct str sale_bar_says(struct arena *arena, const struct storefront *storefront,
                         const struct sale_line *line)
{
    struct str key = line->wish.key;
    switch (line->bar) {
    case SALE_OPEN:
        break;
    case SALE_UNKNOWN:
        return arena_printf(arena, "%.*s: there is no such edition here", STR_ARG(key));
    case SALE_WITHHELD:
        return arena_printf(arena, "%.*s: withheld here by restriction %llu", STR_ARG(key),
                            (unsigned long long)(line->by == NULL ? 0 : line->by->id));
    case SALE_NOT_SOLD:
        return arena_printf(arena, "%.*s: not sold here (%s)", STR_ARG(key),
                            verdict_name(line->verdict));
    case SALE_NO_FILE:
        return arena_printf(arena, "%.*s: no file of it can be handed over (%s)", STR_ARG(key),
                            verdict_name(line->verdict));
    case SALE_NO_TAX:
        return arena_printf(arena, "%.*s: the tax of %s in %.*s is not stated", STR_ARG(key),
                            product_kind_name(line->kind), STR_ARG(storefront->country));
    case SALE_NEEDS_ACCOUNT:
        return arena_printf(arena, "%.*s: an e-book is delivered to an account", STR_ARG(key));
    case SALE_OWNED:
        return arena_printf(arena, "%.*s: this account has it already", STR_ARG(key));
    case SALE_NOT_YET:
        return arena_printf(arena, "%.*s: an e-book is sold from its day on", STR_ARG(key));
    case SALE_NOT_SENT:
        return arena_printf(arena,
                            "%.*s: its shop does not send it in %.*s, or the tax of "
                            "delivery is not stated",
                            STR_ARG(key), STR_ARG(storefront->country));
    }
    return STR_NONE;
}

void sale_reckoning(struct arena *arena, const sale_line_list *lines, struct reckoning *ret)
{
    *ret = (struct reckoning){.total = 0};
    ret->lines.v = ARENA_ARRAY(arena, struct reckoned_line, lines->n);
    for (size_t i = 0; i < lines->n; i++) {
        const struct sale_line *l = &lines->v[i];
        if (l->bar == SALE_OPEN)
            ret->lines.v[ret->lines.n++] =
                (struct reckoned_line){.shop = l->shop,
                                       .edition = l->edition.id,
                                       .quantity = l->wish.quantity,
                                       .unit = l->unit,
                                       .tax_included = l->tax_included,
                                       .rate = l->tax == NULL ? 0 : l->tax->rate};
    }
    reckoning_shops(ret, arena);
}
