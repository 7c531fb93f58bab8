#include "domain/money.h"
#include "onix/reading.h"

static void read_taxes(struct reading *r, const struct node *node, struct price *price)
{
    ROOM(r, price->taxes, node, TAG_Tax);
    EACH(t, node, TAG_Tax)
    {
        struct str percent = node_text(t, TAG_TaxRatePercent);
        int64_t milli = -1;
        /* Percent with three decimals, as a currency of three. */
        if (percent.n > 0 && (!money_parse(percent, STR("KWD"), &milli) || milli > 1000000))
            milli = -1;
        price->taxes.v[price->taxes.n++] =
            (struct tax){node_text(t, TAG_TaxType), node_text(t, TAG_TaxRateCode), (int32_t)milli};
    }
}

/* What feeds write for "no price known": 0 where it is not said to be free, one
 * hundredth, and nines. In a currency without hundredths 9999 is a price. */
static bool is_no_price(const struct price *price)
{
    if (price->minor == 0)
        return !str_eq(price->unpriced, STR("01"));
    if (money_exponent(price->currency) != 2)
        return false;
    return price->minor == 1 || price->minor == 99999 || price->minor == 999900 ||
           price->minor == 999999;
}

static void read_amount(struct reading *r, const struct node *node, struct price *price)
{
    const struct node *amount = node_child(node, TAG_PriceAmount);
    price->minor = -1;
    if (amount == NULL)
        return;
    if (money_exponent(price->currency) < 0) {
        find_fault(&r->place, SEVERITY_ERROR, node, TAG_CurrencyCode, "currency",
                   "“%.*s” is no currency", STR_ARG(shown(price->currency)));
        return;
    }
    if (!money_parse(amount->text, price->currency, &price->minor)) {
        price->minor = -1;
        find_fault(&r->place, SEVERITY_ERROR, amount, TAG_UNKNOWN, "price",
                   "“%.*s” is no amount of %.*s", STR_ARG(shown(amount->text)),
                   STR_ARG(price->currency));
    } else if (is_no_price(price)) {
        find_fault(&r->place, SEVERITY_WARNING, amount, TAG_UNKNOWN, "price-placeholder",
                   "“%.*s” stands for no price and is left out%s", STR_ARG(shown(amount->text)),
                   price->minor == 0 ? " (what is free has UnpricedItemType 01)" : "");
        price->minor = -1;
    }
}

static void read_price(struct reading *r, const struct node *node, struct price *ret)
{
    struct price price = {.type = node_text(node, TAG_PriceType),
                          .qualifier = node_text(node, TAG_PriceQualifier),
                          .status = node_text(node, TAG_PriceStatus),
                          .currency = node_text(node, TAG_CurrencyCode),
                          .unpriced = node_text(node, TAG_UnpricedItemType),
                          .conditional = node_child(node, TAG_PriceCondition) != NULL};
    if (price.type.n == 0)
        price.type = r->defaults->price_type;
    if (price.currency.n == 0)
        price.currency = r->defaults->currency;
    read_amount(r, node, &price);
    const struct node *territory = node_child(node, TAG_Territory);
    if (territory != NULL) {
        price.has_territory = true;
        value_territory(&r->place, territory, false, &price.territory);
    }
    EACH(date, node, TAG_PriceDate)
    {
        const struct node *day = node_child(date, TAG_Date);
        struct str role = node_text(date, TAG_PriceDateRole);
        if (day != NULL && str_eq(role, STR("14")))
            price.from = value_date(&r->place, day, DATE_BARS);
        else if (day != NULL && str_eq(role, STR("15")))
            price.until = value_date(&r->place, day, DATE_BARS);
    }
    read_taxes(r, node, &price);
    *ret = price;
}

/* Whole days; what is sent at once is sent within one. */
static unsigned read_order_time(struct reading *r, const struct node *node)
{
    enum { DAYS_MAX = 999 };
    uint64_t days;
    if (node == NULL || node->text.n == 0)
        return 0;
    if (str_to_u64(node->text, &days) && days <= DAYS_MAX)
        return days == 0 ? 1 : (unsigned)days;
    find_fault(&r->place, SEVERITY_WARNING, node, TAG_UNKNOWN, "order-time",
               "“%.*s” is no number of days", STR_ARG(shown(node->text)));
    return 0;
}

/* Copies that can be sent at once; those that are on their way to the supplier are none. Where
 * several places have some, all of them count. */
static void read_stock(struct reading *r, const struct node *stock)
{
    uint64_t copies;
    const struct node *said = node_child(stock, TAG_OnHand);
    if (said == NULL)
        return;
    if (!str_to_u64(said->text, &copies) || copies > ON_HAND_MAX) {
        find_fault(&r->place, SEVERITY_WARNING, said, TAG_UNKNOWN, "stock",
                   "“%.*s” is no number of copies", STR_ARG(shown(said->text)));
        return;
    }
    r->on_hand = (r->on_hand < 0 ? 0 : r->on_hand) + (int64_t)copies;
}

static void read_supply_detail(struct reading *r, const struct node *node,
                               struct supply_detail *ret)
{
    const struct node *supplier = node_child(node, TAG_Supplier);
    *ret = (struct supply_detail){.supplier_role = node_text(supplier, TAG_SupplierRole),
                                  .supplier = node_text(supplier, TAG_SupplierName),
                                  .availability = node_text(node, TAG_ProductAvailability),
                                  .unpriced = node_text(node, TAG_UnpricedItemType)};
    EACH(stock, node, TAG_Stock) read_stock(r, stock);
    ret->order_days = read_order_time(r, node_child(node, TAG_OrderTime));
    read_dates(r, node, TAG_SupplyDate, TAG_SupplyDateRole, &ret->dates.v, &ret->dates.n);
    ROOM(r, ret->prices, node, TAG_Price);
    EACH(price, node, TAG_Price) read_price(r, price, &ret->prices.v[ret->prices.n++]);
}

void read_supply(struct reading *r, const struct node *node, struct product_supply *ret)
{
    *ret = (struct product_supply){.market_reference = node_text(node, TAG_MarketReference)};
    ROOM(r, ret->markets, node, TAG_Market);
    EACH(market, node, TAG_Market)
    {
        const struct node *territory = node_child(market, TAG_Territory);
        ret->has_market = true;
        if (territory != NULL)
            value_territory(&r->place, territory, false, &ret->markets.v[ret->markets.n++]);
        if (ret->restrictions.n == 0)
            read_restrictions(r, market, &ret->restrictions.v, &ret->restrictions.n);
    }
    const struct node *detail = node_child(node, TAG_MarketPublishingDetail);
    ret->market_status = node_text(detail, TAG_MarketPublishingStatus);
    read_dates(r, detail, TAG_MarketDate, TAG_MarketDateRole, &ret->dates.v, &ret->dates.n);
    ROOM(r, ret->details, node, TAG_SupplyDetail);
    EACH(supply, node, TAG_SupplyDetail)
    read_supply_detail(r, supply, &ret->details.v[ret->details.n++]);
}
