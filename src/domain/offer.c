#include "domain/offer.h"

#include <stdarg.h>

static const char *const verdicts[VERDICT_COUNT] = {
    [VERDICT_OK] = "ok",
    [VERDICT_FREE] = "free",
    [VERDICT_PREORDER] = "preorder",
    [VERDICT_BACKORDER] = "backorder",
    [VERDICT_NOT_LISTED] = "not-listed",
    [VERDICT_WITHDRAWN] = "withdrawn",
    [VERDICT_NOT_SOLD_ALONE] = "not-sold-alone",
    [VERDICT_NOT_FOR_SALE] = "not-for-sale",
    [VERDICT_RIGHTS_UNKNOWN] = "rights-unknown",
    [VERDICT_RIGHTS_CONFLICT] = "rights-conflict",
    [VERDICT_NEED_REGION] = "need-region",
    [VERDICT_CHANNEL_REFUSED] = "channel-refused",
    [VERDICT_HOLD] = "hold",
    [VERDICT_NO_SUPPLY] = "no-supply",
    [VERDICT_NOT_IN_MARKET] = "not-in-market",
    [VERDICT_NOT_YET] = "not-yet",
    [VERDICT_UNAVAILABLE] = "unavailable",
    [VERDICT_NO_PRICE] = "no-price",
    [VERDICT_PRICE_CONFLICT] = "price-conflict",
    [VERDICT_LICENCE_MISSING] = "licence-missing",
    [VERDICT_LICENCE_NOT_RESEARCHED] = "licence-not-researched",
    [VERDICT_NO_FILE] = "no-file",
    [VERDICT_NO_DELIVERY] = "no-delivery",
};

bool verdict_sells(enum verdict v)
{
    return v == VERDICT_OK || v == VERDICT_FREE || v == VERDICT_PREORDER || v == VERDICT_BACKORDER;
}

const char *verdict_name(enum verdict v)
{
    return verdicts[v];
}

/* What one step of the algorithm found: go on, or a refusal with its evidence. */
struct step {
    const struct edition *e;
    const struct market *m;
    struct offer *offer;
    bool digital;
};

__attribute__((format(printf, 3, 4))) static bool refuse(struct step *s, enum verdict verdict,
                                                         const char *evidence, ...)
{
    va_list args;
    va_start(args, evidence);
    vsnprintf(s->offer->evidence, sizeof s->offer->evidence, evidence, args);
    va_end(args);
    s->offer->verdict = verdict;
    s->offer->available = 0;
    return false;
}

/* Whether the code is among these, two letters each with a space between. An import asks
 * this some forty times for each product and storefront. */
static bool is_one_of(struct str code, const char *codes)
{
    if (code.n != 2)
        return false;
    for (const char *at = codes;; at += 3) {
        if (at[0] == code.p[0] && at[1] == code.p[1])
            return true;
        if (at[2] == '\0')
            return false;
    }
}

/* A date without day or month is a span: compared with today as far as it is
 * known, it is to come before its first day, and past after its last. */
static int32_t known_part(int32_t date, int32_t today)
{
    return date % 10000 == 0 ? today / 10000 * 10000 : date % 100 == 0 ? today / 100 * 100 : today;
}

static bool in_future(int32_t date, int32_t today)
{
    return date > known_part(date, today);
}

static bool in_past(int32_t date, int32_t today)
{
    return date != 0 && date < known_part(date, today);
}

/* From the first day through the last; 0: without end. */
static bool covers(int32_t from, int32_t until, int32_t today)
{
    return !in_future(from, today) && !in_past(until, today);
}

/* Step 1: what is no retail product at all, or was taken back. Lists 2 and 64. */
static bool step_listed(struct step *s)
{
    const struct edition *e = s->e;
    if (is_one_of(e->composition, "20 30"))
        return refuse(s, VERDICT_NOT_LISTED, "DescriptiveDetail/ProductComposition = %.*s",
                      STR_ARG(e->composition));
    if (is_one_of(e->composition, "01 11"))
        return refuse(s, VERDICT_NOT_SOLD_ALONE, "DescriptiveDetail/ProductComposition = %.*s",
                      STR_ARG(e->composition));
    if (is_one_of(e->status, "01 11 12 15 16 17"))
        return refuse(s, VERDICT_WITHDRAWN, "PublishingDetail/PublishingStatus = %.*s",
                      STR_ARG(e->status));
    if (is_one_of(e->status, "13 18"))
        return refuse(s, VERDICT_NOT_SOLD_ALONE, "PublishingDetail/PublishingStatus = %.*s",
                      STR_ARG(e->status));
    return true;
}

/* A composite of the record, by its place among its kind from 1 on; 0: it stands alone. It
 * is printed only where it is evidence. */
struct place {
    const char *composite;
    size_t at;
};

/* As arguments of "%s%s". */
#define PLACE_ARG(place) (place).composite, number_at((char[24]){""}, (place).at)

static const char *number_at(char text[24], size_t at)
{
    if (at > 0)
        snprintf(text, 24, "[%zu]", at);
    return text;
}

/* Step 3 (before going on from a right): list 71, for a public online shop that
 * is nobody's exclusive retailer. */
static bool step_restrictions(struct step *s, const struct sales_restriction *v, size_t n,
                              bool needed, struct place place)
{
    bool readable = false;
    for (size_t i = 0; i < n; i++) {
        struct str type = v[i].type;
        if (!covers(v[i].from, v[i].until, s->m->today))
            continue;
        if (str_eq(type, STR("03")))
            return refuse(s, VERDICT_NOT_LISTED, "%s%s/SalesRestrictionType = 03",
                          PLACE_ARG(place));
        if (is_one_of(type, "01 02 04 05 06 07 10 13 14 21 22"))
            return refuse(s, VERDICT_CHANNEL_REFUSED, "%s%s/SalesRestrictionType = %.*s",
                          PLACE_ARG(place), STR_ARG(type));
        if (str_eq(type, STR("08")) && str_eq(s->m->country, STR("DE")))
            return refuse(s, VERDICT_HOLD, "%s%s/SalesRestrictionType = 08", PLACE_ARG(place));
        if (!is_one_of(type, "08 09 11 12 15 16 17 18 19 20 23 99"))
            return refuse(s, VERDICT_HOLD, "%s%s/SalesRestrictionType = %.*s", PLACE_ARG(place),
                          STR_ARG(type));
        readable = true;
    }
    if (needed && !readable)
        return refuse(s, VERDICT_HOLD, "%s%s/SalesRestriction is needed and missing",
                      PLACE_ARG(place));
    return true;
}

static bool unknown_rights(struct step *s, const char *evidence)
{
    if (!s->digital && s->m->print_without_rights)
        return true;
    return refuse(s, VERDICT_RIGHTS_UNKNOWN, "%s", evidence);
}

enum sale { SALE_UNKNOWN, SALE_YES, SALE_NO };

static enum sale sale_of(struct str type)
{
    if (is_one_of(type, "01 02 07 08"))
        return SALE_YES;
    return is_one_of(type, "03 04 05 06") ? SALE_NO : SALE_UNKNOWN;
}

/* A right "with restriction", and none that could be read. */
static bool needs_restriction(struct str type)
{
    return is_one_of(type, "07 08");
}

/* Step 2 where no statement names the country. */
static bool rest_of_world(struct step *s)
{
    struct str type = s->e->row_rights;
    if (type.n == 0)
        return unknown_rights(s, "no PublishingDetail/SalesRights covers this country");
    if (sale_of(type) == SALE_NO)
        return refuse(s, VERDICT_NOT_FOR_SALE, "PublishingDetail/ROWSalesRightsType = %.*s",
                      STR_ARG(type));
    if (sale_of(type) == SALE_UNKNOWN)
        return unknown_rights(s, "PublishingDetail/ROWSalesRightsType states nothing");
    return step_restrictions(s, NULL, 0, needs_restriction(type),
                             (struct place){"PublishingDetail/ROWSalesRightsType", 0});
}

static struct place right_place(size_t i)
{
    return (struct place){"PublishingDetail/SalesRights", i + 1};
}

/* Step 3: each statement that covers the country may restrict the sale. */
static bool step_rights_restrictions(struct step *s)
{
    for (size_t i = 0; i < s->e->rights.n; i++) {
        const struct sales_rights *r = &s->e->rights.v[i];
        if (territory_has(&r->territory, s->m->country) == TERRITORY_OUT)
            continue;
        if (!step_restrictions(s, r->restrictions.v, r->restrictions.n, needs_restriction(r->type),
                               right_place(i)))
            return false;
    }
    return true;
}

/* Steps 2 and 3: rights (list 46). */
static bool step_rights(struct step *s)
{
    const struct edition *e = s->e;
    bool found = false;
    enum sale sale = SALE_UNKNOWN;
    for (size_t i = 0; i < e->rights.n; i++) {
        const struct sales_rights *r = &e->rights.v[i];
        enum membership in = territory_has(&r->territory, s->m->country);
        if (in == TERRITORY_OUT)
            continue;
        if (in == TERRITORY_PARTIAL)
            return refuse(s, VERDICT_NEED_REGION, "%s%s/Territory: a part of %.*s only",
                          PLACE_ARG(right_place(i)), STR_ARG(s->m->country));
        enum sale this_one = sale_of(r->type);
        if (found && this_one != sale)
            return refuse(s, VERDICT_RIGHTS_CONFLICT, "%s%s contradicts an earlier one",
                          PLACE_ARG(right_place(i)));
        if (this_one == SALE_NO)
            refuse(s, VERDICT_NOT_FOR_SALE, "%s%s/SalesRightsType = %.*s",
                   PLACE_ARG(right_place(i)), STR_ARG(r->type));
        sale = this_one;
        found = true;
    }
    if (!found)
        return rest_of_world(s);
    if (sale == SALE_NO)
        return false; /* said above */
    if (sale == SALE_UNKNOWN)
        return unknown_rights(s, "PublishingDetail/SalesRights/SalesRightsType states nothing");
    return step_rights_restrictions(s);
}

/* What the country asks of whoever sells this format: the evidence is the need, and the entry
 * of the Record that states it. */
static bool step_licence(struct step *s)
{
    if (s->m->licences == NULL)
        return true;
    enum licence_format format = licence_format_of(s->e);
    const struct licence_answer *answer = &s->m->licences[format];
    if (licence_sells(answer->standing))
        return true;
    if (answer->standing == LICENCE_NOT_RESEARCHED && answer->need == NULL)
        return refuse(s, VERDICT_LICENCE_NOT_RESEARCHED,
                      "licence: no need stated for retail of %s in %.*s",
                      licence_format_name(format), STR_ARG(s->m->country));
    if (answer->standing == LICENCE_NOT_RESEARCHED)
        return refuse(s, VERDICT_LICENCE_NOT_RESEARCHED,
                      "licence: for %s of %s in %.*s not researched, entry %llu",
                      licence_activity_name(answer->need->activity), licence_format_name(format),
                      STR_ARG(s->m->country), (unsigned long long)answer->need->index);
    return refuse(s, VERDICT_LICENCE_MISSING,
                  "licence: %.*s for %s of %s in %.*s needed and not held, entry %llu",
                  STR_ARG(answer->need->kind), licence_activity_name(answer->need->activity),
                  licence_format_name(format), STR_ARG(s->m->country),
                  (unsigned long long)answer->need->index);
}

/* Step 4: the market this country is supplied from. */
static const struct product_supply *find_supply(struct step *s, size_t *ret_at)
{
    for (size_t i = 0; i < s->e->supplies.n; i++) {
        const struct product_supply *p = &s->e->supplies.v[i];
        bool in = !p->has_market;
        for (size_t k = 0; k < p->markets.n && !in; k++)
            in = territory_has(&p->markets.v[k], s->m->country) == TERRITORY_IN;
        if (in) {
            *ret_at = i + 1;
            return p;
        }
    }
    return NULL;
}

static int32_t latest_of(const struct role_date *v, size_t n, const char *roles)
{
    int32_t latest = 0;
    for (size_t i = 0; i < n; i++)
        if (is_one_of(v[i].role, roles) && v[i].date > latest)
            latest = v[i].date;
    return latest;
}

static int32_t max_date(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* Steps 5 and 6: status in the market (list 68), then dates (lists 163, 166).
 * Sets available where it may only be ordered ahead. */
static bool step_status_and_dates(struct step *s, const struct product_supply *p,
                                  const struct supply_detail *d)
{
    const struct edition *e = s->e;
    struct str status = p->market_status.n > 0 ? p->market_status : e->status;
    const char *path = p->market_status.n > 0
                           ? "ProductSupply/MarketPublishingDetail/MarketPublishingStatus"
                           : "PublishingDetail/PublishingStatus";
    if (p->market_status.n > 0 && str_eq(status, STR("12")))
        return refuse(s, VERDICT_NOT_IN_MARKET, "%s = 12", path);
    if (is_one_of(status, "05 06 07 08"))
        return refuse(s, VERDICT_UNAVAILABLE, "%s = %.*s", path, STR_ARG(status));
    if (p->market_status.n > 0 && is_one_of(status, "01 11 15 16 17"))
        return refuse(s, VERDICT_WITHDRAWN, "%s = %.*s", path, STR_ARG(status));
    int32_t announced = latest_of(e->dates.v, e->dates.n, "09");
    if (in_future(announced, s->m->today))
        return refuse(s, VERDICT_NOT_LISTED, "PublishingDetail/PublishingDate (role 09) = %d",
                      announced);
    int32_t before_orders = latest_of(e->dates.v, e->dates.n, "27");
    if (in_future(before_orders, s->m->today))
        return refuse(s, VERDICT_NOT_YET, "PublishingDetail/PublishingDate (role 27) = %d",
                      before_orders);
    int32_t published = latest_of(p->dates.v, p->dates.n, "01");
    if (published == 0)
        published = edition_published(e);
    int32_t embargo = max_date(latest_of(e->dates.v, e->dates.n, "02 32 33"),
                               max_date(latest_of(p->dates.v, p->dates.n, "02 32 33"),
                                        latest_of(d->dates.v, d->dates.n, "02")));
    int32_t from = max_date(published, embargo);
    if (in_future(from, s->m->today))
        s->offer->available = from;
    return true;
}

/* Step 7: availability, list 65. */
static bool step_availability(struct step *s, const struct supply_detail *d)
{
    struct str code = d->availability;
    s->offer->verdict = VERDICT_OK;
    if (is_one_of(code, "10 11 12")) {
        int32_t expected = latest_of(d->dates.v, d->dates.n, "08");
        if (s->offer->available == 0 && in_future(expected, s->m->today))
            s->offer->available = expected;
        /* What was to come on a day that is past is ordered, and nobody knows when it comes. */
        s->offer->verdict =
            s->offer->available == 0 && expected != 0 ? VERDICT_BACKORDER : VERDICT_PREORDER;
    } else if (is_one_of(code, "30 31 32 33 34")) {
        s->offer->verdict = VERDICT_BACKORDER;
    } else if (!is_one_of(code, "20 21 22 23")) {
        if (code.n == 0)
            return refuse(s, VERDICT_UNAVAILABLE,
                          "ProductSupply/SupplyDetail/ProductAvailability "
                          "is missing");
        return refuse(s, is_one_of(code, "97 98") ? VERDICT_HOLD : VERDICT_UNAVAILABLE,
                      "ProductSupply/SupplyDetail/ProductAvailability = %.*s", STR_ARG(code));
    }
    if (s->offer->available != 0 && in_future(s->offer->available, s->m->today))
        s->offer->verdict = VERDICT_PREORDER;
    return true;
}

/* Whether the price is for this shop's customers today. */
static bool price_applies(const struct step *s, const struct price *p)
{
    if (p->conditional || (p->qualifier.n > 0 && !is_one_of(p->qualifier, "00 05 08")))
        return false;
    return covers(p->from, p->until, s->m->today) &&
           (!p->has_territory || territory_has(&p->territory, s->m->country) == TERRITORY_IN);
}

/* How well a price fits, larger is better; 0: it is no price for this shop. */
static unsigned price_fit(const struct step *s, const struct price *p)
{
    /* 0.00 stands for "not known" in real feeds; what is free says so. */
    if (p->minor <= 0 || !price_applies(s, p) ||
        !is_one_of(p->type, "01 02 03 04 11 12 13 14 21 22 23 24 33 34 41 42"))
        return 0;
    /* Only the shop's currency can be shown: nobody here converts money. */
    if (!str_eq(p->currency, s->m->currency))
        return 0;
    bool names = false;
    struct str list = p->territory.countries_included, item;
    while (p->has_territory && str_next(&list, ' ', &item))
        names = names || str_eq(item, s->m->country);
    unsigned fit = 1;
    fit += is_one_of(p->type, "03 04 33 34 41 42") ? 32 : 0;
    fit += names ? 16 : p->has_territory ? 8 : 0;
    fit += is_one_of(p->status, "01") ? 0 : 4;
    fit += p->from != 0 || p->until != 0 ? 2 : 0;
    return fit;
}

static bool includes_tax(const struct price *p)
{
    return is_one_of(p->type, "02 04 12 14 22 24 34 42");
}

/* The prices that fit best: the first of them, and the first of each side of
 * tax. Without and with tax (01 and 02, 41 and 42 …) one price is said twice;
 * any other two amounts contradict each other. */
struct price_choice {
    const struct price *first;
    const struct price *side[2];
    unsigned fit;
    bool conflict;
};

static bool contradict(const struct price *a, const struct price *b)
{
    if (a == NULL || a->minor == b->minor)
        return false;
    bool one_kind =
        a->type.p[0] == b->type.p[0] && (a->type.p[1] - '1') / 2 == (b->type.p[1] - '1') / 2;
    return !one_kind || includes_tax(a) == includes_tax(b);
}

static void choose(struct price_choice *choice, const struct price *p, unsigned fit)
{
    if (fit == 0 || fit < choice->fit)
        return;
    if (fit > choice->fit)
        *choice = (struct price_choice){.first = p, .fit = fit};
    const struct price **side = &choice->side[includes_tax(p)];
    choice->conflict =
        choice->conflict || contradict(choice->side[0], p) || contradict(choice->side[1], p);
    if (*side == NULL)
        *side = p;
}

static bool free_of_charge(struct step *s)
{
    if (s->offer->verdict == VERDICT_OK)
        s->offer->verdict = VERDICT_FREE;
    return true;
}

/* Step 8: the price, lists 57 to 61. */
static bool step_price(struct step *s, const struct supply_detail *d)
{
    struct price_choice choice = {0};
    if (str_eq(d->unpriced, STR("01")))
        return free_of_charge(s);
    for (size_t i = 0; i < d->prices.n; i++) {
        const struct price *p = &d->prices.v[i];
        if (str_eq(p->unpriced, STR("01")) && price_applies(s, p))
            return free_of_charge(s);
        choose(&choice, p, price_fit(s, p));
    }
    if (choice.first == NULL)
        return refuse(s, VERDICT_NO_PRICE,
                      "ProductSupply/SupplyDetail: no Price in %.*s for %.*s today",
                      STR_ARG(s->m->currency), STR_ARG(s->m->country));
    if (choice.conflict)
        return refuse(s, VERDICT_PRICE_CONFLICT,
                      "ProductSupply/SupplyDetail: two different Price of one kind");
    const struct price *wanted = choice.side[s->m->tax_included];
    s->offer->price = wanted != NULL ? wanted : choice.first;
    s->offer->price_includes_tax = includes_tax(s->offer->price);
    return true;
}

/* The supply detail to go by: one that can be had before one that cannot. */
static const struct supply_detail *find_detail(const struct product_supply *p)
{
    for (size_t i = 0; i < p->details.n; i++)
        if (is_one_of(p->details.v[i].availability, "20 21 22 23 10 11 12 30 31 32 33 34"))
            return &p->details.v[i];
    return p->details.n > 0 ? &p->details.v[0] : NULL;
}

void offer_decide(const struct edition *e, const struct market *m, struct offer *ret)
{
    struct step s = {e, m, ret, edition_is_digital(e)};
    size_t at = 0;
    *ret = (struct offer){.verdict = VERDICT_HOLD};
    if (!step_listed(&s) || !step_rights(&s) || !step_licence(&s))
        return;
    const struct product_supply *p = find_supply(&s, &at);
    const struct supply_detail *d = p == NULL ? NULL : find_detail(p);
    if (d == NULL) {
        refuse(&s, VERDICT_NO_SUPPLY,
               p == NULL ? "no ProductSupply serves this country"
                         : "ProductSupply without SupplyDetail");
        return;
    }
    struct place supply = {"ProductSupply", at};
    ret->supply = d;
    if (!step_restrictions(&s, p->restrictions.v, p->restrictions.n, false, supply) ||
        !step_status_and_dates(&s, p, d) || !step_availability(&s, d) || !step_price(&s, d))
        return;
    snprintf(ret->evidence, sizeof ret->evidence, "%s%s/SupplyDetail/ProductAvailability = %.*s",
             PLACE_ARG(supply), STR_ARG(d->availability));
}

enum verdict offer_barred(const struct edition *e, const struct market *m)
{
    struct offer offer = {.verdict = VERDICT_OK};
    struct step s = {e, m, &offer, edition_is_digital(e)};
    return step_rights(&s) && step_licence(&s) ? VERDICT_OK : offer.verdict;
}

void offer_want_file(const struct edition *e, bool file, struct offer *offer)
{
    struct step s = {e, NULL, offer, edition_is_digital(e)};
    bool waits = offer->verdict == VERDICT_PREORDER;
    if (!s.digital || !verdict_sells(offer->verdict) || waits || (file && edition_takes_epub(e)))
        return;
    offer->price = NULL;
    if (edition_takes_epub(e))
        refuse(&s, VERDICT_NO_FILE, "the shop has sent no EPUB of it");
    else
        refuse(&s, VERDICT_NO_DELIVERY, "ProductForm = %.*s, %s: no file of the kind can be sent",
               STR_ARG(e->form), edition_media(e) == NULL ? "no e-book" : edition_media(e));
}
