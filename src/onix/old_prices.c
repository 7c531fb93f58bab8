/* ONIX 2.1: prices, and the places they are for. */
#include "base/buf.h"
#include "onix/old.h"
#include "onix/reading.h"

static const struct places price_places = {.country = TAG_CountryCode,
                                           .territory = TAG_OldTerritory,
                                           .not_country = TAG_CountryExcluded,
                                           .not_territory = TAG_TerritoryExcluded};

static bool is_general(struct str class)
{
    static const char *const words[] = {"gen", "general", "general trade", "retail", "all"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(class, str_of(words[i])))
            return true;
    return class.n == 0;
}

/* For some buyers, some amounts or a part: a price that a reader does not pay. */
static void turn_conditions(struct turning *t, struct node *price, struct node *from)
{
    struct node *class = old_child(from, TAG_ClassOfTrade), *per = old_child(from, TAG_PricePer);
    struct node *least = old_child(from, TAG_MinimumOrderQuantity);
    uint64_t quantity = 0;
    bool many = least != NULL && (!str_to_u64(least->text, &quantity) || quantity > 1);
    bool part = per != NULL && per->text.n > 0 && !str_is(per->text, "00");
    turn_done(class);
    turn_done(per);
    turn_done(least);
    if (many || part || (class != NULL && !is_general(class->text)))
        turn_add(t, price, TAG_PriceCondition, from);
}

static void turn_tax(struct turning *t, struct node *price, struct node *from, enum tag code,
                     enum tag percent)
{
    if (node_text(from, code).n == 0 && node_text(from, percent).n == 0)
        return;
    struct node *tax = turn_add(t, price, TAG_Tax, from);
    turn_text(t, tax, TAG_TaxRateCode, old_child(from, code));
    turn_text(t, tax, TAG_TaxRatePercent, old_child(from, percent));
}

static void turn_price_date(struct turning *t, struct node *price, struct node *date,
                            const char *role)
{
    if (date == NULL || date->text.n == 0)
        return;
    struct node *day = turn_add(t, price, TAG_PriceDate, date);
    turn_value(t, day, TAG_PriceDateRole, date, str_of(role));
    turn_text(t, day, TAG_Date, date);
}

/* False where too many prices have been for the rest of the world: each has all the others'
 * countries as its exception. */
static bool turn_price(struct turning *t, struct node *supply, struct node *from, struct str row,
                       unsigned *wide)
{
    struct node *amount = old_child(from, TAG_PriceAmount);
    struct str currency = node_text(from, TAG_CurrencyCode);
    if (amount != NULL && amount->text.n > 0 && currency.n == 0 && t->defaults->currency.n == 0) {
        turn_done(from);
        for (struct node *n = from->child; n != NULL; n = n->next)
            turn_done(n);
        find_fault(&t->place, SEVERITY_WARNING, from, TAG_CurrencyCode, "currency",
                   "“%.*s” has no currency, and the header names none: the price is left out",
                   STR_ARG(shown(amount->text)));
        return true;
    }
    struct node *price = turn_add(t, supply, TAG_Price, from);
    turn_text(t, price, TAG_PriceType, old_child(from, TAG_PriceTypeCode));
    TURN_SAME(t, price, from, TAG_PriceQualifier, TAG_PriceStatus, TAG_PriceAmount,
              TAG_CurrencyCode);
    turn_conditions(t, price, from);
    struct node *territory = turn_territory(t, price, from, &price_places, row);
    turn_price_date(t, price, old_child(from, TAG_PriceEffectiveFrom), "14");
    turn_price_date(t, price, old_child(from, TAG_PriceEffectiveUntil), "15");
    turn_tax(t, price, from, TAG_TaxRateCode1, TAG_TaxRatePercent1);
    turn_tax(t, price, from, TAG_TaxRateCode2, TAG_TaxRatePercent2);
    bool rest =
        row.n > 0 && territory != NULL && node_child(territory, TAG_CountriesExcluded) != NULL;
    if (!rest || ++*wide <= OLD_WIDE_MAX)
        return true;
    find_fault(&t->place, SEVERITY_ERROR, from, TAG_UNKNOWN, "price",
               "too many prices for the rest of the world");
    return false;
}

static bool has_code(struct str codes, struct str code)
{
    struct str one;
    while (str_next(&codes, ' ', &one))
        if (str_eq(one, code))
            return true;
    return false;
}

/* The countries that other prices name: ROW is the rest. */
static struct str priced_countries(struct turning *t, struct node *from)
{
    static const struct places countries = {.country = TAG_CountryCode};
    BUF_AUTO all = BUF_INIT(OLD_CODES_MAX);
    EACH_OLD(price, from, TAG_Price)
    {
        struct str codes = STR_NONE, code;
        if (old_child(price, TAG_CountryCode) != NULL)
            codes = old_codes(t, price, &countries);
        while (!all.failed && str_next(&codes, ' ', &code))
            if (!has_code(buf_str(&all), code))
                old_codes_add(&all, code);
    }
    return old_codes_end(t, &all, from, TAG_Price);
}

void turn_prices(struct turning *t, struct node *detail, struct node *from)
{
    struct str row = priced_countries(t, from);
    unsigned wide = 0;
    EACH_OLD(price, from, TAG_Price)
    if (!turn_price(t, detail, price, row, &wide))
        return;
}
