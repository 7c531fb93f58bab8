/* Where a territory reaches, and whether an edition is sold in a country, at
 * what price, and on which evidence not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/offer.h"

#define TODAY 20260915
#define S(text)                                                                                    \
    {                                                                                              \
        "" text, sizeof(text) - 1                                                                  \
    }
#define MANY 4

/* ---- territories ---- */

static void membership(void **state)
{
    (void)state;
    static const struct {
        struct territory t;
        const char *country;
        enum membership want;
    } cases[] = {
        {{.countries_included = S("US CA")}, "US", TERRITORY_IN},
        {{.countries_included = S("US CA")}, "CA", TERRITORY_IN},
        {{.countries_included = S("US CA")}, "MX", TERRITORY_OUT},
        {{.countries_included = S("US CA")}, "", TERRITORY_OUT},
        {{.countries_included = S("USA")}, "US", TERRITORY_OUT},
        {{{0}}, "US", TERRITORY_OUT},
        {{.regions_included = S("WORLD")}, "US", TERRITORY_IN},
        {{.regions_included = S("WORLD"), .countries_excluded = S("US CN")}, "CN", TERRITORY_OUT},
        {{.regions_included = S("WORLD"), .countries_excluded = S("US CN")}, "DE", TERRITORY_IN},
        {{.regions_included = S("WORLD"), .regions_excluded = S("ECZ")}, "DE", TERRITORY_OUT},
        {{.regions_included = S("WORLD"), .regions_excluded = S("ECZ")}, "PL", TERRITORY_IN},
        {{.regions_included = S("WORLD"), .regions_excluded = S("WORLD")}, "DE", TERRITORY_OUT},
        {{.countries_included = S("DE"), .countries_excluded = S("DE")}, "DE", TERRITORY_OUT},
        {{.regions_included = S("ECZ")}, "HR", TERRITORY_IN},
        {{.regions_included = S("ECZ")}, "BG", TERRITORY_IN},
        {{.regions_included = S("ECZ")}, "GB", TERRITORY_OUT},
        {{.regions_included = S("ECZ US-CA")}, "FR", TERRITORY_IN},
        {{.regions_included = S("GB-SCT")}, "GB", TERRITORY_PARTIAL},
        {{.regions_included = S("GB-SCT")}, "US", TERRITORY_OUT},
        {{.countries_included = S("GB"), .regions_excluded = S("GB-NIR")}, "GB", TERRITORY_PARTIAL},
        {{.regions_included = S("WORLD"), .regions_excluded = S("GB-NIR")},
         "GB",
         TERRITORY_PARTIAL},
        {{.regions_included = S("WORLD"), .regions_excluded = S("GB-NIR")}, "IE", TERRITORY_IN},
        /* China is neither Taiwan nor Hong Kong, and none of them a part. */
        {{.countries_included = S("CN")}, "TW", TERRITORY_OUT},
        {{.countries_included = S("CN")}, "HK", TERRITORY_OUT},
        {{.regions_included = S("CN-TW")}, "TW", TERRITORY_IN},
        {{.regions_included = S("CN-71")}, "TW", TERRITORY_IN},
        {{.regions_included = S("CN-TW")}, "CN", TERRITORY_OUT},
        {{.regions_included = S("WORLD"), .regions_excluded = S("CN-TW")}, "CN", TERRITORY_IN},
        {{.regions_included = S("WORLD"), .regions_excluded = S("CN-TW")}, "TW", TERRITORY_OUT},
        {{.regions_included = S("GB-CHA")}, "JE", TERRITORY_IN},
        {{.regions_included = S("GB-CHA")}, "GB", TERRITORY_OUT},
        /* A habit of ONIX 2.1: no code here. */
        {{.regions_included = S("ROW")}, "US", TERRITORY_OUT},
        {{.countries_included = S("ROW")}, "US", TERRITORY_OUT},
        {{.countries_included = S("WORLD")}, "US", TERRITORY_OUT},
        {{.regions_included = S("world")}, "US", TERRITORY_OUT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (territory_has(&cases[i].t, str_of(cases[i].country)) != cases[i].want)
            fail_msg("case %zu: %s in +%.*s +%.*s -%.*s -%.*s", i, cases[i].country,
                     STR_ARG(cases[i].t.countries_included), STR_ARG(cases[i].t.regions_included),
                     STR_ARG(cases[i].t.countries_excluded), STR_ARG(cases[i].t.regions_excluded));
}

/* ---- one e-book that is sold; each test changes what it is about ---- */

struct book {
    struct edition e;
    struct sales_rights rights[MANY];
    struct sales_restriction restrictions[MANY];
    struct product_supply supplies[MANY];
    struct territory markets[MANY];
    struct supply_detail details[MANY];
    struct price prices[MANY];
    struct role_date dates[MANY], market_dates[MANY], supply_dates[MANY];
    struct market m;
    struct offer offer;
};

/* Always the same place: pointers inside point into it. */
static struct book *book_make(void)
{
    static struct book b;
    memset(&b, 0, sizeof b);
    b.m = (struct market){.country = STR("DE"), .currency = STR("EUR"), .today = TODAY};
    b.e.form = STR("ED");
    b.e.status = STR("04");
    b.rights[0] = (struct sales_rights){.type = STR("01")};
    b.rights[0].territory.regions_included = STR("WORLD");
    b.e.rights.v = b.rights;
    b.e.rights.n = 1;
    b.supplies[0].details.v = b.details;
    b.supplies[0].details.n = 1;
    b.e.supplies.v = b.supplies;
    b.e.supplies.n = 1;
    b.details[0].availability = STR("20");
    b.details[0].prices.v = b.prices;
    b.details[0].prices.n = 1;
    b.prices[0] = (struct price){.type = STR("02"), .currency = STR("EUR"), .minor = 999};
    return &b;
}

static void expect(struct book *b, enum verdict want, const char *evidence)
{
    offer_decide(&b->e, &b->m, &b->offer);
    if (b->offer.verdict != want || strstr(b->offer.evidence, evidence) == NULL)
        fail_msg("%s by \"%s\", not %s by \"%s\"", verdict_name(b->offer.verdict),
                 b->offer.evidence, verdict_name(want), evidence);
    if (!verdict_sells(want)) {
        assert_null(b->offer.price);
        assert_int_equal(b->offer.available, 0);
        assert_true(b->offer.evidence[0] != 0);
    }
}

static void restrict_rights(struct book *b, const char *type, int32_t from, int32_t until)
{
    b->restrictions[0] = (struct sales_restriction){str_of(type), from, until};
    b->rights[0].restrictions.v = b->restrictions;
    b->rights[0].restrictions.n = 1;
}

static void an_ordinary_e_book_is_sold(void **state)
{
    (void)state;
    struct book *b = book_make();
    expect(b, VERDICT_OK, "ProductSupply[1]/SupplyDetail/ProductAvailability = 20");
    assert_ptr_equal(b->offer.price, &b->prices[0]);
    assert_ptr_equal(b->offer.supply, &b->details[0]);
    assert_true(b->offer.price_includes_tax);
    assert_int_equal(b->offer.available, 0);
}

static void what_is_barred_rests_on_rights_alone(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->e.status = STR("11"); /* withdrawn: another matter */
    b->details[0].prices.n = 0;
    expect(b, VERDICT_WITHDRAWN, "PublishingStatus");
    assert_int_equal(offer_barred(&b->e, &b->m), VERDICT_OK);
    b->rights[0].type = STR("03");
    assert_int_equal(offer_barred(&b->e, &b->m), VERDICT_NOT_FOR_SALE);
    b->e.rights.n = 0;
    assert_int_equal(offer_barred(&b->e, &b->m), VERDICT_RIGHTS_UNKNOWN);
}

static void an_empty_record_is_not_sold(void **state)
{
    (void)state;
    struct book *b = book_make();
    memset(&b->e, 0, sizeof b->e);
    expect(b, VERDICT_RIGHTS_UNKNOWN, "SalesRights");
}

/* ---- what is listed, and its status ---- */

static void compositions_and_statuses(void **state)
{
    (void)state;
    static const struct {
        const char *composition, *status;
        enum verdict want;
        const char *evidence;
    } cases[] = {{"00", "04", VERDICT_OK, ""},
                 {"10", "02", VERDICT_OK, ""},
                 {"20", "04", VERDICT_NOT_LISTED, "ProductComposition = 20"},
                 {"30", "04", VERDICT_NOT_LISTED, "ProductComposition = 30"},
                 {"01", "04", VERDICT_NOT_SOLD_ALONE, "ProductComposition = 01"},
                 {"11", "04", VERDICT_NOT_SOLD_ALONE, "ProductComposition = 11"},
                 {"00", "01", VERDICT_WITHDRAWN, "PublishingStatus = 01"},
                 {"00", "11", VERDICT_WITHDRAWN, "PublishingStatus = 11"},
                 {"00", "12", VERDICT_WITHDRAWN, "PublishingStatus = 12"},
                 {"00", "17", VERDICT_WITHDRAWN, "PublishingStatus = 17"},
                 {"00", "13", VERDICT_NOT_SOLD_ALONE, "PublishingStatus = 13"},
                 {"00", "18", VERDICT_NOT_SOLD_ALONE, "PublishingStatus = 18"},
                 {"00", "07", VERDICT_UNAVAILABLE, "PublishingDetail/PublishingStatus = 07"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct book *b = book_make();
        b->e.composition = str_of(cases[i].composition);
        b->e.status = str_of(cases[i].status);
        expect(b, cases[i].want, cases[i].evidence);
    }
}

/* Code 12 means one thing of the product and another of the market (lists 64, 68). */
static void the_markets_status_goes_before(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->supplies[0].market_status = STR("12");
    expect(b, VERDICT_NOT_IN_MARKET, "MarketPublishingStatus = 12");
    b->supplies[0].market_status = STR("07");
    expect(b, VERDICT_UNAVAILABLE, "MarketPublishingStatus = 07");
    b->supplies[0].market_status = STR("11");
    expect(b, VERDICT_WITHDRAWN, "MarketPublishingStatus = 11");
    b->e.status = STR("07");
    b->supplies[0].market_status = STR("04");
    expect(b, VERDICT_OK, "");
}

/* ---- rights ---- */

static void types_of_rights(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        enum verdict want;
    } cases[] = {{"01", VERDICT_OK},
                 {"02", VERDICT_OK},
                 {"03", VERDICT_NOT_FOR_SALE},
                 {"04", VERDICT_NOT_FOR_SALE},
                 {"05", VERDICT_NOT_FOR_SALE},
                 {"06", VERDICT_NOT_FOR_SALE},
                 {"00", VERDICT_RIGHTS_UNKNOWN},
                 {"", VERDICT_RIGHTS_UNKNOWN},
                 {"77", VERDICT_RIGHTS_UNKNOWN},
                 {"07", VERDICT_HOLD},
                 {"08", VERDICT_HOLD}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct book *b = book_make();
        b->rights[0].type = str_of(cases[i].type);
        expect(b, cases[i].want, cases[i].want == VERDICT_OK ? "" : "SalesRights");
        /* The same said of the rest of the world. */
        b = book_make();
        b->rights[0].territory.regions_included = STR_NONE;
        b->rights[0].territory.countries_included = STR("US");
        b->e.row_rights = str_of(cases[i].type);
        expect(b, cases[i].want, cases[i].want == VERDICT_OK ? "" : "PublishingDetail/");
    }
}

static void rights_name_their_statement(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->rights[0].territory.countries_excluded = STR("DE");
    b->rights[1] = (struct sales_rights){.type = STR("03")};
    b->rights[1].territory.countries_included = STR("DE");
    b->e.rights.n = 2;
    expect(b, VERDICT_NOT_FOR_SALE, "PublishingDetail/SalesRights[2]/SalesRightsType = 03");
}

static void the_world_but_this_country(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->rights[0].territory.countries_excluded = STR("DE");
    expect(b, VERDICT_RIGHTS_UNKNOWN, "no PublishingDetail/SalesRights covers this country");
    b->e.row_rights = STR("03");
    expect(b, VERDICT_NOT_FOR_SALE, "ROWSalesRightsType = 03");
    b->m.country = STR("FR");
    expect(b, VERDICT_OK, "");
}

static void a_part_of_the_country_needs_the_region(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->m.country = STR("GB");
    b->rights[0].territory.regions_excluded = STR("GB-NIR");
    expect(b, VERDICT_NEED_REGION, "SalesRights[1]/Territory: a part of GB only");
}

static void statements_that_contradict(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct book *b = book_make();
        b->rights[1] = b->rights[0];
        b->rights[turn].type = STR("03");
        b->e.rights.n = 2;
        expect(b, VERDICT_RIGHTS_CONFLICT, "SalesRights[2]");
        b->e.form = STR("BB");
        b->m.print_without_rights = true; /* stated, and stated twice: no case of the policy */
        expect(b, VERDICT_RIGHTS_CONFLICT, "SalesRights[2]");
    }
    struct book *b = book_make();
    b->rights[1] = b->rights[0];
    b->rights[1].type = STR("02");
    b->e.rights.n = 2;
    expect(b, VERDICT_OK, "");
}

static void unknown_rights_close_e_books_and_ask_the_policy_for_print(void **state)
{
    (void)state;
    static const char *const digital[] = {"ED", "EA", "AJ", "AN", "AO", "LB", "SG"};
    static const char *const print[] = {"BB", "BC", "DA", "AC", "SA", "00", ""};
    for (size_t i = 0; i < 7; i++) {
        struct book *b = book_make();
        b->e.rights.n = 0;
        b->e.form = str_of(digital[i]);
        b->m.print_without_rights = true;
        expect(b, VERDICT_RIGHTS_UNKNOWN, "SalesRights");
        b->e.form = str_of(print[i]);
        expect(b, VERDICT_OK, "");
        b->m.print_without_rights = false;
        expect(b, VERDICT_RIGHTS_UNKNOWN, "SalesRights");
    }
    /* What is stated is no gap: print that may not be sold is not. */
    struct book *b = book_make();
    b->e.form = STR("BB");
    b->m.print_without_rights = true;
    b->rights[0].type = STR("04");
    expect(b, VERDICT_NOT_FOR_SALE, "SalesRightsType = 04");
}

/* ---- sales restrictions ---- */

static void types_of_sales_restrictions(void **state)
{
    (void)state;
    static const struct {
        const char *types;
        enum verdict want;
    } cases[] = {{"01 02 04 05 06 07 10 13 14 21 22", VERDICT_CHANNEL_REFUSED},
                 {"09 11 12 15 16 17 18 19 20 23 99", VERDICT_OK},
                 {"03", VERDICT_NOT_LISTED},
                 {"00 24 98 xx", VERDICT_HOLD}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str list = str_of(cases[i].types), type;
        while (str_next(&list, ' ', &type)) {
            char code[8], evidence[60];
            snprintf(code, sizeof code, "%.*s", STR_ARG(type));
            snprintf(evidence, sizeof evidence, "SalesRights[1]/SalesRestrictionType = %s", code);
            struct book *b = book_make();
            restrict_rights(b, code, 0, 0);
            expect(b, cases[i].want, cases[i].want == VERDICT_OK ? "" : evidence);
        }
    }
}

static void youth_protection_is_germanys(void **state)
{
    (void)state;
    struct book *b = book_make();
    restrict_rights(b, "08", 0, 0);
    expect(b, VERDICT_HOLD, "SalesRestrictionType = 08");
    b->m.country = STR("FR");
    expect(b, VERDICT_OK, "");
}

static void restrictions_last_from_first_to_last_day(void **state)
{
    (void)state;
    static const struct {
        int32_t from, until;
        bool active;
    } cases[] = {{0, 0, true},         {TODAY, 0, true},      {TODAY + 1, 0, false},
                 {0, TODAY, true},     {0, TODAY - 1, false}, {20260900, 0, true},
                 {20261000, 0, false}, {20260000, 0, true},   {20270000, 0, false},
                 {0, 20260900, true},  {0, 20260800, false},  {0, 20260000, true},
                 {0, 20250000, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct book *b = book_make();
        restrict_rights(b, "04", cases[i].from, cases[i].until);
        expect(b, cases[i].active ? VERDICT_CHANNEL_REFUSED : VERDICT_OK, "");
    }
}

static void a_restricted_right_needs_a_restriction_that_admits_us(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->rights[0].type = STR("08");
    expect(b, VERDICT_HOLD, "SalesRestriction is needed and missing");
    restrict_rights(b, "15", 0, 0); /* online only */
    expect(b, VERDICT_OK, "");
    restrict_rights(b, "15", 0, TODAY - 1);
    expect(b, VERDICT_HOLD, "needed and missing");
}

/* Two statements say yes; what one of them restricts is restricted. */
static void every_statement_restricts(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct book *b = book_make();
        b->rights[1] = b->rights[0];
        b->restrictions[0] = (struct sales_restriction){.type = STR("06")};
        b->rights[turn].restrictions.v = b->restrictions;
        b->rights[turn].restrictions.n = 1;
        b->e.rights.n = 2;
        expect(b, VERDICT_CHANNEL_REFUSED, turn ? "SalesRights[2]/" : "SalesRights[1]/");
    }
}

/* ---- markets and supply ---- */

static void a_market_serves_its_countries(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->markets[0].countries_included = STR("US");
    b->markets[1].countries_included = STR("FR DE");
    b->supplies[0].has_market = true;
    b->supplies[0].markets.v = b->markets;
    b->supplies[0].markets.n = 1;
    expect(b, VERDICT_NO_SUPPLY, "no ProductSupply serves this country");
    b->supplies[0].markets.n = 2;
    expect(b, VERDICT_OK, "");
    b->e.supplies.n = 0;
    expect(b, VERDICT_NO_SUPPLY, "no ProductSupply");
}

static void every_market_is_read(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->supplies[1] = b->supplies[0];
    b->markets[0].countries_included = STR("US");
    b->supplies[0].has_market = true;
    b->supplies[0].markets.v = b->markets;
    b->supplies[0].markets.n = 1;
    b->e.supplies.n = 2;
    expect(b, VERDICT_OK, "ProductSupply[2]/");
}

static void a_market_restricts_too(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->restrictions[0].type = STR("07");
    b->supplies[0].restrictions.v = b->restrictions;
    b->supplies[0].restrictions.n = 1;
    expect(b, VERDICT_CHANNEL_REFUSED, "ProductSupply[1]/SalesRestrictionType = 07");
}

static void a_supplier_that_has_it_goes_before(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->details[1] = b->details[0];
    b->details[0].availability = STR("40");
    b->supplies[0].details.n = 2;
    expect(b, VERDICT_OK, "= 20");
    assert_ptr_equal(b->offer.supply, &b->details[1]);
    b->supplies[0].details.n = 0;
    expect(b, VERDICT_NO_SUPPLY, "ProductSupply without SupplyDetail");
}

static void availabilities(void **state)
{
    (void)state;
    static const struct {
        const char *codes;
        enum verdict want;
    } cases[] = {{"20 21 22 23", VERDICT_OK},
                 {"10 11 12", VERDICT_PREORDER},
                 {"30 31 32 33 34", VERDICT_BACKORDER},
                 {"01 09 40 41 43 45 46 47 49 51 52 99 zz", VERDICT_UNAVAILABLE},
                 {"97 98", VERDICT_HOLD}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str list = str_of(cases[i].codes), code;
        while (str_next(&list, ' ', &code)) {
            char evidence[60];
            snprintf(evidence, sizeof evidence, "ProductAvailability = %.*s", STR_ARG(code));
            struct book *b = book_make();
            b->details[0].availability = code;
            expect(b, cases[i].want, evidence);
        }
    }
    struct book *b = book_make();
    b->details[0].availability = STR_NONE;
    expect(b, VERDICT_UNAVAILABLE, "ProductAvailability is missing");
}

/* ---- dates ---- */

static void put_date(struct book *b, const char *role, int32_t date)
{
    b->dates[0] = (struct role_date){str_of(role), date};
    b->e.dates.v = b->dates;
    b->e.dates.n = 1;
}

static void a_title_to_come_is_a_preorder_until_its_day(void **state)
{
    (void)state;
    static const char *const roles[] = {"01", "02", "32", "33"};
    for (size_t i = 0; i < 4; i++) {
        struct book *b = book_make();
        put_date(b, roles[i], TODAY + 1);
        expect(b, VERDICT_PREORDER, "");
        assert_int_equal(b->offer.available, TODAY + 1);
        assert_non_null(b->offer.price);
        put_date(b, roles[i], TODAY);
        expect(b, VERDICT_OK, "");
        assert_int_equal(b->offer.available, 0);
        put_date(b, roles[i], 20270000);
        expect(b, VERDICT_PREORDER, "");
        put_date(b, roles[i], 20261000);
        expect(b, VERDICT_PREORDER, "");
        put_date(b, roles[i], 20260900);
        expect(b, VERDICT_OK, "");
    }
}

static void announcements_and_order_embargoes(void **state)
{
    (void)state;
    struct book *b = book_make();
    put_date(b, "09", TODAY + 1);
    expect(b, VERDICT_NOT_LISTED, "(role 09) = 20260916");
    put_date(b, "09", TODAY);
    expect(b, VERDICT_OK, "");
    put_date(b, "27", TODAY + 1);
    expect(b, VERDICT_NOT_YET, "(role 27) = 20260916");
    put_date(b, "27", TODAY);
    expect(b, VERDICT_OK, "");
}

static void the_markets_day_of_publication_goes_before(void **state)
{
    (void)state;
    struct book *b = book_make();
    put_date(b, "01", 20260101);
    b->market_dates[0] = (struct role_date){STR("01"), 20261224};
    b->supplies[0].dates.v = b->market_dates;
    b->supplies[0].dates.n = 1;
    expect(b, VERDICT_PREORDER, "");
    assert_int_equal(b->offer.available, 20261224);
    b->market_dates[0].date = 20260101;
    put_date(b, "01", 20261224);
    expect(b, VERDICT_OK, "");
    /* An embargo anywhere is one. */
    b->supply_dates[0] = (struct role_date){STR("02"), 20261001};
    b->details[0].dates.v = b->supply_dates;
    b->details[0].dates.n = 1;
    expect(b, VERDICT_PREORDER, "");
    assert_int_equal(b->offer.available, 20261001);
}

static void a_preorder_tells_the_expected_day(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->details[0].availability = STR("10");
    b->supply_dates[0] = (struct role_date){STR("08"), 20261111};
    b->details[0].dates.v = b->supply_dates;
    b->details[0].dates.n = 1;
    expect(b, VERDICT_PREORDER, "");
    assert_int_equal(b->offer.available, 20261111);
    /* A day that is past is none on which anything is to come. */
    b->supply_dates[0].date = 20190601;
    expect(b, VERDICT_BACKORDER, "");
    assert_int_equal(b->offer.available, 0);
}

/* Whoever is refused is told no day. */
static void a_refusal_tells_no_day(void **state)
{
    (void)state;
    struct book *b = book_make();
    put_date(b, "01", 20261224);
    b->details[0].availability = STR("40");
    expect(b, VERDICT_UNAVAILABLE, "");
    b->details[0].availability = STR("10");
    b->details[0].prices.n = 0;
    expect(b, VERDICT_NO_PRICE, "");
}

/* ---- prices ---- */

static void expect_price(struct book *b, int at)
{
    expect(b, VERDICT_OK, "");
    assert_ptr_equal(b->offer.price, &b->prices[at]);
}

static void prices_that_are_none_for_readers(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->prices[0].currency = STR("USD");
    expect(b, VERDICT_NO_PRICE, "no Price in EUR for DE today");
    static const char *const types[] = {"05", "07", "06", "31", "", "zz"};
    for (size_t i = 0; i < 6; i++) {
        b = book_make();
        b->prices[0].type = str_of(types[i]);
        expect(b, VERDICT_NO_PRICE, "");
    }
    static const char *const qualifiers[] = {"06", "10", "03", "13", "zz"};
    for (size_t i = 0; i < 5; i++) {
        b = book_make();
        b->prices[0].qualifier = str_of(qualifiers[i]);
        expect(b, VERDICT_NO_PRICE, "");
    }
    b = book_make();
    b->prices[0].conditional = true;
    expect(b, VERDICT_NO_PRICE, "");
    b = book_make();
    b->prices[0].minor = -1;
    expect(b, VERDICT_NO_PRICE, "");
    b->prices[0].minor = 0; /* in real feeds: not known */
    expect(b, VERDICT_NO_PRICE, "");
    b = book_make();
    b->prices[0].has_territory = true;
    b->prices[0].territory.countries_included = STR("AT");
    expect(b, VERDICT_NO_PRICE, "");
    b = book_make();
    b->details[0].prices.n = 0;
    expect(b, VERDICT_NO_PRICE, "");
}

static void prices_have_first_and_last_days(void **state)
{
    (void)state;
    static const struct {
        int32_t from, until;
        bool holds;
    } cases[] = {{TODAY, TODAY, true},       {TODAY + 1, 0, false}, {0, TODAY - 1, false},
                 {20260900, 20260900, true}, {0, 20260800, false},  {20260000, 20260000, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct book *b = book_make();
        b->prices[0].from = cases[i].from;
        b->prices[0].until = cases[i].until;
        expect(b, cases[i].holds ? VERDICT_OK : VERDICT_NO_PRICE, "");
    }
}

static void the_price_that_fits_best_is_chosen(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        int better = turn, other = 1 - turn;
        struct book *b = book_make();
        b->details[0].prices.n = 2;
        b->prices[1] = b->prices[0];
        b->prices[better].minor = 1099;
        b->prices[better].type = STR("04"); /* fixed over recommended */
        expect_price(b, better);
        b->prices[better].type = STR("42"); /* the publisher's own, as its agent */
        expect_price(b, better);
        b->prices[better].type = STR("02");
        b->prices[better].has_territory = true; /* the country by name over none … */
        b->prices[better].territory.countries_included = STR("DE AT");
        expect_price(b, better);
        b->prices[other].has_territory = true; /* … and over the world */
        b->prices[other].territory.regions_included = STR("WORLD");
        expect_price(b, better);
        b->prices[better].has_territory = b->prices[other].has_territory = false;
        b->prices[other].status = STR("01"); /* firm over provisional */
        expect_price(b, better);
        b->prices[other].status = STR_NONE;
        b->prices[better].from = 20260901; /* dated over undated */
        expect_price(b, better);
        b->prices[better].from = 0;
        b->prices[other].currency = STR("USD");
        expect_price(b, better);
    }
}

static void amounts_that_contradict(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->details[0].prices.n = 2;
    b->prices[1] = b->prices[0];
    expect_price(b, 0); /* the same said twice */
    b->prices[1].minor = 1099;
    expect(b, VERDICT_PRICE_CONFLICT, "two different Price");
    /* A better third one settles it, a third one as good does not. */
    b->details[0].prices.n = 3;
    b->prices[2] = b->prices[0];
    expect(b, VERDICT_PRICE_CONFLICT, "");
    b->prices[2].type = STR("01");
    expect(b, VERDICT_PRICE_CONFLICT, "");
    b->prices[2] = b->prices[1];
    expect(b, VERDICT_PRICE_CONFLICT, "");
    b->prices[2].type = STR("42");
    expect_price(b, 2);
    b->prices[2].type = STR("05");
    expect(b, VERDICT_PRICE_CONFLICT, "");
    b = book_make();
    b->details[0].prices.n = 2;
    b->prices[1] = b->prices[0];
    b->prices[1].minor = 500;
    b->prices[1].type = STR("12"); /* a special sale price on no condition at all */
    expect(b, VERDICT_PRICE_CONFLICT, "");
}

static void without_and_with_tax_are_one_price(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"01", "02"}, {"03", "04"}, {"11", "12"},
                                           {"21", "22"}, {"33", "34"}, {"41", "42"}};
    for (size_t i = 0; i < 6; i++)
        for (int turn = 0; turn < 2; turn++) {
            struct book *b = book_make();
            b->details[0].prices.n = 2;
            b->prices[1] = b->prices[0];
            b->prices[0].type = str_of(pairs[i][turn]);
            b->prices[1].type = str_of(pairs[i][1 - turn]);
            b->prices[1].minor = 933;
            /* The storefront's display decides, not which stands first. */
            expect_price(b, turn);
            assert_false(b->offer.price_includes_tax);
            b->m.tax_included = true;
            expect_price(b, 1 - turn);
            assert_true(b->offer.price_includes_tax);
            b->details[0].prices.n = 1; /* only one of them is told */
            expect_price(b, 0);
            assert_int_equal(b->offer.price_includes_tax, turn == 1);
        }
}

static void free_is_what_is_said_to_be_free(void **state)
{
    (void)state;
    struct book *b = book_make();
    b->details[0].unpriced = STR("01");
    b->details[0].prices.n = 0;
    expect(b, VERDICT_FREE, "");
    assert_null(b->offer.price);
    b->details[0].availability = STR("10");
    expect(b, VERDICT_PREORDER, "");
    b = book_make();
    b->details[0].unpriced = STR("02"); /* to be announced */
    b->details[0].prices.n = 0;
    expect(b, VERDICT_NO_PRICE, "");
    b = book_make();
    b->prices[0].minor = -1;
    b->prices[0].unpriced = STR("01");
    expect(b, VERDICT_FREE, "");
    b->prices[0].unpriced = STR("04");
    expect(b, VERDICT_NO_PRICE, "");
}

/* Free for libraries, elsewhere, next month or on a condition is not free here. */
static void free_for_others_is_not_free(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct book *b = book_make();
        struct price *p = &b->prices[1];
        *p = (struct price){.type = STR("02"), .minor = -1, .unpriced = STR("01")};
        p->qualifier = i == 0 ? STR("06") : STR_NONE;
        p->from = i == 1 ? TODAY + 1 : 0;
        p->until = i == 2 ? TODAY - 1 : 0;
        p->conditional = i == 3;
        p->has_territory = i == 4;
        p->territory.countries_included = STR("US");
        b->details[0].prices.n = 2;
        expect_price(b, 0);
    }
}

/* ---- the file ---- */

static void expect_file(struct book *b, bool file, enum verdict want)
{
    offer_decide(&b->e, &b->m, &b->offer);
    offer_want_file(&b->e, file, &b->offer);
    assert_string_equal(verdict_name(b->offer.verdict), verdict_name(want));
    assert_int_equal(b->offer.price != NULL, want == VERDICT_OK || want == VERDICT_PREORDER);
}

static void an_e_book_is_sold_as_the_file_that_is_there(void **state)
{
    (void)state;
    struct str details[] = {STR("E107"), STR("E200"), STR("E101")};
    struct book *b = book_make();
    expect_file(b, true, VERDICT_OK);
    expect_file(b, false, VERDICT_NO_FILE);
    assert_non_null(strstr(b->offer.evidence, "sent no EPUB"));
    b->details[0].unpriced = STR("01");
    offer_decide(&b->e, &b->m, &b->offer);
    assert_int_equal(b->offer.verdict, VERDICT_FREE);
    offer_want_file(&b->e, false, &b->offer);
    assert_int_equal(b->offer.verdict, VERDICT_NO_FILE);
    /* Other reasons stand before it, and a book on paper has no file. */
    b = book_make();
    b->rights[0].type = STR("03");
    expect_file(b, false, VERDICT_NOT_FOR_SALE);
    b = book_make();
    b->e.form = STR("BC");
    expect_file(b, false, VERDICT_OK);
    /* A PDF or what is heard cannot be handed over, a PDF and EPUB in one can. */
    b = book_make();
    b->e.form_details.v = details;
    b->e.form_details.n = 2;
    expect_file(b, true, VERDICT_NO_DELIVERY);
    assert_non_null(strstr(b->offer.evidence, "application/pdf"));
    b->e.form_details.n = 3;
    expect_file(b, true, VERDICT_OK);
    b->e.form_details.n = 0;
    b->e.form = STR("AJ");
    expect_file(b, true, VERDICT_NO_DELIVERY);
}

/* ---- words and hostile texts ---- */

static void verdicts_have_names(void **state)
{
    (void)state;
    int selling = 0;
    for (int i = 0; i < VERDICT_COUNT; i++) {
        assert_non_null(verdict_name((enum verdict)i));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(verdict_name((enum verdict)i), verdict_name((enum verdict)k));
        selling += verdict_sells((enum verdict)i);
    }
    assert_int_equal(selling, 4);
}

static void long_codes_do_not_overflow_the_evidence(void **state)
{
    (void)state;
    static char longest[2000];
    memset(longest, 'x', sizeof longest);
    struct book *b = book_make();
    b->details[0].availability = (struct str){longest, sizeof longest};
    expect(b, VERDICT_UNAVAILABLE, "ProductAvailability = xxx");
    assert_int_equal(strlen(b->offer.evidence), sizeof b->offer.evidence - 1);
    b = book_make();
    b->m.country = (struct str){longest, sizeof longest};
    b->prices[0].currency = STR("USD");
    expect(b, VERDICT_NO_PRICE, "no Price");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(membership),
        cmocka_unit_test(an_ordinary_e_book_is_sold),
        cmocka_unit_test(what_is_barred_rests_on_rights_alone),
        cmocka_unit_test(an_empty_record_is_not_sold),
        cmocka_unit_test(compositions_and_statuses),
        cmocka_unit_test(the_markets_status_goes_before),
        cmocka_unit_test(types_of_rights),
        cmocka_unit_test(rights_name_their_statement),
        cmocka_unit_test(the_world_but_this_country),
        cmocka_unit_test(a_part_of_the_country_needs_the_region),
        cmocka_unit_test(statements_that_contradict),
        cmocka_unit_test(unknown_rights_close_e_books_and_ask_the_policy_for_print),
        cmocka_unit_test(types_of_sales_restrictions),
        cmocka_unit_test(youth_protection_is_germanys),
        cmocka_unit_test(restrictions_last_from_first_to_last_day),
        cmocka_unit_test(a_restricted_right_needs_a_restriction_that_admits_us),
        cmocka_unit_test(every_statement_restricts),
        cmocka_unit_test(a_market_serves_its_countries),
        cmocka_unit_test(every_market_is_read),
        cmocka_unit_test(a_market_restricts_too),
        cmocka_unit_test(a_supplier_that_has_it_goes_before),
        cmocka_unit_test(availabilities),
        cmocka_unit_test(a_title_to_come_is_a_preorder_until_its_day),
        cmocka_unit_test(announcements_and_order_embargoes),
        cmocka_unit_test(the_markets_day_of_publication_goes_before),
        cmocka_unit_test(a_preorder_tells_the_expected_day),
        cmocka_unit_test(a_refusal_tells_no_day),
        cmocka_unit_test(prices_that_are_none_for_readers),
        cmocka_unit_test(prices_have_first_and_last_days),
        cmocka_unit_test(the_price_that_fits_best_is_chosen),
        cmocka_unit_test(amounts_that_contradict),
        cmocka_unit_test(without_and_with_tax_are_one_price),
        cmocka_unit_test(free_is_what_is_said_to_be_free),
        cmocka_unit_test(free_for_others_is_not_free),
        cmocka_unit_test(an_e_book_is_sold_as_the_file_that_is_there),
        cmocka_unit_test(verdicts_have_names),
        cmocka_unit_test(long_codes_do_not_overflow_the_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
