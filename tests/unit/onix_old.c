/* ONIX 2.1: turned into the edition that 3.0 would have made, told of where that cannot be. */
#include "onix_reading.h"

#include "domain/offer.h"

/* ---- records to read ---- */

#define OLD_HEAD                                                                                   \
    "<!DOCTYPE ONIXMessage SYSTEM "                                                                \
    "\"http://www.editeur.org/onix/2.1/reference/onix-international.dtd\">\n<ONIXMessage>"         \
    "<Header><FromCompany>Quay</FromCompany><SentDate>202609011200</SentDate>"                     \
    "<DefaultCurrencyCode>GBP</DefaultCurrencyCode></Header>"
#define OLD_TITLE "<Title><TitleType>01</TitleType><TitleText>T</TitleText></Title>"
#define FORM(code) "<ProductForm>" code "</ProductForm>"

/* A full record around `inner`. */
static void read_old(struct seen *s, const char *inner)
{
    BUF_AUTO text = BUF_INIT(16 << 20);
    buf_printf(&text, "%s%s%s", OLD_HEAD RECORD("03") ISBN OLD_TITLE, inner, TAIL);
    read_pieces(s, buf_str(&text), 1 << 16);
    if (s->rc != RC_OK || s->records != 1)
        fail_msg("%s: %s %.*s", inner, s->fault.text, STR_ARG(buf_str(&s->reasons)));
}

static bool sold_in(const struct edition *e, const char *country)
{
    for (size_t i = 0; i < e->rights.n; i++)
        if (territory_has(&e->rights.v[i].territory, str_of(country)) != TERRITORY_OUT)
            return str_is(e->rights.v[i].type, "01") || str_is(e->rights.v[i].type, "02");
    return str_is(e->row_rights, "01") || str_is(e->row_rights, "02");
}

/* ---- which release it is ---- */

static void releases_are_told_apart(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "<ONIXMessage release=\"2.1\">",
        "<ONIXMessage release=\"2.0\">",
        "<ONIXMessage xmlns=\"http://www.editeur.org/onix/2.1/reference\">",
        "<!DOCTYPE ONIXMessage SYSTEM \"onix-international.dtd\"><ONIXMessage>",
        "<ONIXMessage><Header><FromCompany>Q</FromCompany></Header>",
        "<ONIXMessage>"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(1 << 16);
        buf_printf(&text, "%s%s", heads[i], RECORD("03") ISBN FORM("BB") OLD_TITLE TAIL);
        read_pieces(&s, buf_str(&text), 7);
        if (s.rc != RC_OK || s.records != 1)
            fail_msg("%s: %s", heads[i], s.fault.text);
        assert_true(s.header.release.p[0] == '2');
        assert_str(s.record[0].edition.form, "BB");
        assert_str(s.record[0].edition.title.text, "T");
    }
}

static void two_releases_in_one_message_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"<ONIXMessage release=\"3.0\">" RECORD("03") ISBN FORM("BB") OLD_TITLE TAIL,
         "<ProductForm> stands where only ONIX 2.1 has it"},
        {HEAD RECORD("03") ISBN TITLED("T") FORM("BB") TAIL, "<ProductForm> stands where"},
        {"<ONIXMessage>" RECORD("03") ISBN TITLED("T") FORM("BB") TAIL, "<ProductForm> stands"},
        {"<ONIXMessage>" RECORD("03") ISBN TITLED("T") "</Product>" RECORD("03")
             ISBN OLD_TITLE TAIL,
         "<Title> stands where"},
        {OLD_HEAD RECORD("03") ISBN TITLED("T") TAIL, "<DescriptiveDetail> is of ONIX 3"},
        {"<ONIXMessage release=\"1.2\"/>", "“1.2” is not known"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        read_text(&s, cases[i].text);
        assert_int_equal(s.rc, RC_INVALID);
        if (strstr(s.fault.text, cases[i].reason) == NULL)
            fail_msg("%s: %s", cases[i].reason, s.fault.text);
    }
}

static void the_header_is_read(void **state)
{
    (void)state;
    SEEN_AUTO named, numbered;
    read_old(&named, "");
    assert_str(named.header.sender, "name:quay");
    assert_int_equal(named.header.sent, 1788264000); /* 2026-09-01, noon */
    read_text(&numbered, "<ONIXMessage release=\"2.1\"><Header><FromEANNumber>5055555000019"
                         "</FromEANNumber><FromSAN>2003372</FromSAN><FromCompany>Q</FromCompany>"
                         "<SentDate>20260901</SentDate></Header>" RECORD("03") ISBN OLD_TITLE TAIL);
    assert_str(numbered.header.sender, "gln:5055555000019");
}

/* ---- what it is ---- */

static void forms_are_those_of_3_0(void **state)
{
    (void)state;
    static const struct {
        const char *inner, *form, *composition, *detail;
    } cases[] = {{FORM("BC"), "BC", "00", NULL},
                 {FORM("DG"), "ED", "00", NULL},
                 {FORM("DG") "<EpubType>029</EpubType>", "ED", "00", "E101"},
                 {FORM("DG") "<EpubType>002</EpubType>", "ED", "00", "E107"},
                 {FORM("DH") "<EpubType>031</EpubType>", "EC", "00", "E116"},
                 {FORM("DA") "<EpubType>000</EpubType>", "EA", "00", NULL},
                 {FORM("DA"), "DA", "00", NULL},
                 {FORM("BB") "<EpubType>004</EpubType>", "BB", "00", NULL},
                 {FORM("BB") "<ProductFormDetail>B407</ProductFormDetail>", "BB", "00", "B413"},
                 {FORM("BC") "<BookFormDetail>02</BookFormDetail>", "BC", "00", "B105"},
                 {FORM("WW"), "SA", "10", NULL},
                 {FORM("XL"), "XL", "20", NULL},
                 {FORM("VC"), "VJ", "00", NULL},
                 {FORM("QQ"), "QQ", "00", NULL},
                 {FORM(""), "", "", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        read_old(&s, cases[i].inner);
        const struct edition *e = &s.record[0].edition;
        assert_str(e->form, cases[i].form);
        assert_str(e->composition, cases[i].composition);
        assert_int_equal(e->form_details.n, cases[i].detail != NULL);
        if (cases[i].detail != NULL)
            assert_str(e->form_details.v[0], cases[i].detail);
        assert_int_equal(e->protection.n, 0);
    }
}

static void the_oldest_way_of_saying_it(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_text(
        &s, OLD_HEAD
        "<Product><RecordReference>q.1</RecordReference>"
        "<NotificationType>03</NotificationType><ISBN>3-16-148410-X</ISBN>"
        "<EAN13>9783161484100</EAN13>" FORM(
            "BB") "<TitlePrefix>The</TitlePrefix>"
                  "<TitleWithoutPrefix>Ferry</TitleWithoutPrefix><Subtitle>A novel</Subtitle>"
                  "<LanguageOfText>fre</LanguageOfText><OriginalLanguage>ger</OriginalLanguage>"
                  "<AudienceCode>01</AudienceCode><MainDescription>Of &lt;i&gt;boats&lt;/i&gt;"
                  "</MainDescription><Annotation>Boats</Annotation><ReviewQuote>Good</ReviewQuote>"
                  "<CoverImageFormatCode>03</CoverImageFormatCode><CoverImageLinkTypeCode>01"
                  "</CoverImageLinkTypeCode><CoverImageLink>https://quay.example/f.jpg</"
                  "CoverImageLink>"
                  "<PublisherName>Quay</PublisherName><CopublisherName>Pier</CopublisherName>"
                  "<ReplacesISBN>0306406152</ReplacesISBN>" TAIL);
    assert_int_equal(s.records, 1);
    const struct edition *e = &s.record[0].edition;
    assert_string_equal(e->isbn13, "9783161484100");
    assert_int_equal(e->ids.n, 2);
    assert_str(e->title.prefix, "The");
    assert_str(e->title.text, "Ferry");
    assert_str(e->title.subtitle, "A novel");
    assert_str(edition_language(e), "fr");
    assert_str(edition_original_language(e), "de");
    assert_str(e->texts.v[0].html, "<p>Of <i>boats</i></p>");
    assert_str(e->texts.v[0].type, "03");
    assert_str(e->texts.v[1].type, "02");
    assert_str(e->texts.v[2].type, "06");
    assert_str(e->resources.v[0].link, "https://quay.example/f.jpg");
    assert_str(edition_publisher(e), "Quay");
    assert_int_equal(e->publishers.n, 2);
    assert_str(e->related_products.v[0].relation, "03");
    assert_false(has(&s.findings, "not-taken"));
}

static void texts_and_pictures_in_their_order(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_old(&s, "<OtherText><TextTypeCode>03</TextTypeCode><Text>Long</Text></OtherText>"
                 "<OtherText><TextTypeCode>13</TextTypeCode><Text>Life</Text></OtherText>"
                 "<OtherText><TextTypeCode>01</TextTypeCode><TextFormat>05</TextFormat>"
                 "<Text><p>Main <em>one</em></p></Text></OtherText>"
                 "<OtherText><TextTypeCode>25</TextTypeCode><Text>Buy it</Text></OtherText>"
                 "<OtherText><TextTypeCode>23</TextTypeCode><TextLinkType>01</TextLinkType>"
                 "<TextLink>https://quay.example/x</TextLink></OtherText>"
                 "<MediaFile><MediaFileTypeCode>04</MediaFileTypeCode><MediaFileLinkTypeCode>01"
                 "</MediaFileLinkTypeCode><MediaFileLink>http://quay.example/s.jpg</MediaFileLink>"
                 "</MediaFile><MediaFile><MediaFileTypeCode>06</MediaFileTypeCode><MediaFileLink>"
                 "https://quay.example/l.jpg</MediaFileLink></MediaFile>"
                 "<MediaFile><MediaFileTypeCode>04</MediaFileTypeCode><MediaFileLinkTypeCode>06"
                 "</MediaFileLinkTypeCode><MediaFileLink>f.jpg</MediaFileLink></MediaFile>");
    const struct edition *e = &s.record[0].edition;
    assert_int_equal(e->texts.n, 3);
    assert_str(e->texts.v[0].html, "<p>Main <em>one</em></p>");
    assert_str(e->texts.v[1].html, "<p>Long</p>");
    assert_str(e->texts.v[1].type, "03");
    assert_str(e->texts.v[2].type, "12");
    assert_int_equal(e->resources.n, 2);
    assert_str(e->resources.v[0].link, "https://quay.example/l.jpg");
    assert_str(e->resources.v[0].type, "01");
    assert_str(e->resources.v[0].mode, "03");
    assert_true(has(&s.findings, "information not-taken OtherText\n"));
    assert_true(has(&s.findings, "information not-taken MediaFile\n"));
}

/* ---- rights ---- */

#define RIGHT(type, places)                                                                        \
    "<SalesRights><SalesRightsType>" type "</SalesRightsType>" places "</SalesRights>"
#define COUNTRY(codes) "<RightsCountry>" codes "</RightsCountry>"
#define TERRITORY(codes) "<RightsTerritory>" codes "</RightsTerritory>"
#define NOT_IN(places) "<NotForSale>" places "</NotForSale>"

static void rights_open_what_is_said_and_no_more(void **state)
{
    (void)state;
    static const struct {
        const char *inner;
        bool gb, us, cn;
    } cases[] = {
        {"", false, false, false},
        {RIGHT("01", TERRITORY("WORLD")), true, true, true},
        {RIGHT("01", COUNTRY("GB") COUNTRY("IE us")), true, true, false},
        {RIGHT("01", TERRITORY("WORLD")) NOT_IN(COUNTRY("US") COUNTRY("CN")), true, false, false},
        {NOT_IN(COUNTRY("US")) RIGHT("02", "<RightsRegion>000</RightsRegion>"), true, false, true},
        {RIGHT("01", COUNTRY("GB")) RIGHT("03", TERRITORY("ROW")), true, false, false},
        {RIGHT("01", COUNTRY("GB")) RIGHT("02", TERRITORY("ROW")) NOT_IN(COUNTRY("CN")), true, true,
         false},
        {RIGHT("01", COUNTRY("GB")) RIGHT("02", "<RightsRegion>001</RightsRegion>"), true, true,
         true},
        {RIGHT("03", COUNTRY("US")) RIGHT("02", TERRITORY("WORLD")), true, false, true},
        {RIGHT("06", COUNTRY("US")) RIGHT("01", TERRITORY("GB ROW")), true, false, true},
        {RIGHT("01", TERRITORY("ROW")) RIGHT("03", TERRITORY("ROW")), false, false, false},
        {NOT_IN(COUNTRY("US")), false, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        read_old(&s, cases[i].inner);
        const struct edition *e = &s.record[0].edition;
        if (sold_in(e, "GB") != cases[i].gb || sold_in(e, "US") != cases[i].us ||
            sold_in(e, "CN") != cases[i].cn)
            fail_msg("%s: GB %d US %d CN %d", cases[i].inner, sold_in(e, "GB"), sold_in(e, "US"),
                     sold_in(e, "CN"));
        assert_int_equal(has(&s.findings, "warning rights-missing SalesRights\n"), i == 0);
    }
}

static void what_is_shut_out_and_cannot_be_read_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *inner, *finding;
    } cases[] = {
        {NOT_IN(COUNTRY("Narnia")), "error territory NotForSale/RightsCountry\n"},
        {RIGHT("03", TERRITORY("NOWHERE")), "error territory SalesRights/RightsTerritory\n"},
        {RIGHT("01", TERRITORY("WORLD")) NOT_IN("<RightsRegion>003</RightsRegion>"),
         "error territory NotForSale/RightsRegion\n"},
        {RIGHT("01", ""), "error territory SalesRights/RightsTerritory\n"},
        {"<SupplyDetail><OnSaleDate>soon</OnSaleDate></SupplyDetail>",
         "error date SupplyDetail/OnSaleDate\n"},
        {"<AnnouncementDate>99</AnnouncementDate>", "error date AnnouncementDate\n"},
        {"<SupplyDetail><Price><PriceAmount>9,x</PriceAmount></Price></SupplyDetail>",
         "error price SupplyDetail/Price/PriceAmount\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(1 << 16);
        buf_printf(&text, "%s%s%s", OLD_HEAD RECORD("03") ISBN OLD_TITLE, cases[i].inner,
                   "</Product>" RECORD("03") ISBN OLD_TITLE TAIL);
        read_pieces(&s, buf_str(&text), 1 << 16);
        if (s.records != 1 || s.record[0].number != 2 || !has(&s.findings, cases[i].finding))
            fail_msg("%s: %zu, %.*s", cases[i].finding, s.records, STR_ARG(buf_str(&s.findings)));
    }
    SEEN_AUTO bare;
    read_text(&bare, OLD_HEAD RECORD("03") ISBN TAIL);
    assert_true(has(&bare.findings, "error title Title\n"));
}

/* Restrictions stand with the rights, and with the supply where there are none. */
static void restrictions_are_kept(void **state)
{
    (void)state;
#define RESTRICTED                                                                                 \
    "<SalesRestriction><SalesRestrictionType>03</SalesRestrictionType></SalesRestriction>"
#define SUPPLIED "<SupplyDetail><ProductAvailability>20</ProductAvailability></SupplyDetail>"
    SEEN_AUTO rights, none, rest, minors;
    read_old(&rights, RIGHT("01", COUNTRY("GB")) RESTRICTED SUPPLIED);
    assert_str(rights.record[0].edition.rights.v[0].restrictions.v[0].type, "03");
    assert_false(rights.record[0].edition.supplies.v[0].has_market);
    read_old(&none, RESTRICTED SUPPLIED);
    const struct product_supply *p = &none.record[0].edition.supplies.v[0];
    assert_str(p->restrictions.v[0].type, "03");
    assert_int_equal(territory_has(&p->markets.v[0], STR("CN")), TERRITORY_IN);
    read_old(&rest, RIGHT("01", TERRITORY("ROW")) RESTRICTED SUPPLIED);
    assert_int_equal(rest.record[0].edition.supplies.v[0].restrictions.n, 1);
    read_old(&minors, "<SupplyDetail><AudienceRestrictionFlag>X</AudienceRestrictionFlag>"
                      "</SupplyDetail>");
    assert_str(minors.record[0].edition.supplies.v[0].restrictions.v[0].type, "08");
}

/* ---- supply ---- */

static void suppliers_are_grouped_by_their_market(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_old(&s, "<SupplyDetail><SupplierName>A</SupplierName><AvailabilityCode>IP"
                 "</AvailabilityCode></SupplyDetail>"
                 "<SupplyDetail><SupplierName>B</SupplierName><SupplyToCountry>US"
                 "</SupplyToCountry><SupplyToCountry>CA</SupplyToCountry><AvailabilityCode>RP"
                 "</AvailabilityCode></SupplyDetail>"
                 "<SupplyDetail><SupplierName>C</SupplierName><AvailabilityCode>AB"
                 "</AvailabilityCode><ProductAvailability>21</ProductAvailability></SupplyDetail>"
                 "<SupplyDetail><SupplierName>D</SupplierName><SupplyToTerritory>ROW"
                 "</SupplyToTerritory><AvailabilityCode>Q1</AvailabilityCode></SupplyDetail>"
                 "<MarketRepresentation><MarketCountry>US CA</MarketCountry>"
                 "<MarketPublishingStatus>04</MarketPublishingStatus><MarketDate><MarketDateRole>01"
                 "</MarketDateRole><DateFormat>01</DateFormat><Date>202601</Date></MarketDate>"
                 "</MarketRepresentation>");
    const struct edition *e = &s.record[0].edition;
    assert_int_equal(e->supplies.n, 3);
    const struct product_supply *us = &e->supplies.v[0], *row = &e->supplies.v[1];
    assert_int_equal(territory_has(&us->markets.v[0], STR("CA")), TERRITORY_IN);
    assert_str(us->details.v[0].availability, "32");
    assert_str(us->market_status, "04");
    assert_int_equal(us->dates.v[0].date, 20260100);
    assert_int_equal(territory_has(&row->markets.v[0], STR("US")), TERRITORY_OUT);
    assert_int_equal(territory_has(&row->markets.v[0], STR("GB")), TERRITORY_IN);
    assert_str(row->details.v[0].availability, "99");
    assert_true(has(&s.findings, "warning availability SupplyDetail/AvailabilityCode\n"));
    assert_false(e->supplies.v[2].has_market);
    assert_int_equal(e->supplies.v[2].details.n, 2);
    assert_str(e->supplies.v[2].details.v[0].availability, "20");
    assert_str(e->supplies.v[2].details.v[1].availability, "21");
}

static void the_only_agent_says_where_it_is_supplied(void **state)
{
    (void)state;
    SEEN_AUTO one, priced;
    static const char agent[] =
        "<MarketRepresentation><AgentName>A</AgentName><MarketCountry>AU</MarketCountry>"
        "<MarketPublishingStatus>07</MarketPublishingStatus></MarketRepresentation>";
    BUF_AUTO text = BUF_INIT(1 << 16);
    buf_printf(&text, "<SupplyDetail/>%s%c", agent, '\0');
    read_old(&one, text.p);
    const struct product_supply *p = &one.record[0].edition.supplies.v[0];
    assert_str(p->markets.v[0].countries_included, "AU");
    assert_str(p->market_status, "07");
    buf_clear(&text);
    buf_printf(&text,
               "<SupplyDetail><Price><PriceAmount>9</PriceAmount><CountryCode>GB</CountryCode>"
               "</Price></SupplyDetail>%s%c",
               agent, '\0');
    read_old(&priced, text.p);
    assert_false(priced.record[0].edition.supplies.v[0].has_market);
    assert_true(has(&priced.findings, "information not-taken MarketRepresentation\n"));
    /* Dollars and pounds are not for Australia alone. */
    SEEN_AUTO several;
    buf_clear(&text);
    buf_printf(&text,
               "<SupplyDetail><Price><PriceAmount>9</PriceAmount><CurrencyCode>USD</CurrencyCode>"
               "</Price><Price><PriceAmount>8</PriceAmount><CurrencyCode>GBP</CurrencyCode>"
               "</Price></SupplyDetail>%s%c",
               agent, '\0');
    read_old(&several, text.p);
    assert_false(several.record[0].edition.supplies.v[0].has_market);
}

static void prices_are_those_of_readers(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_old(&s, "<SupplyDetail>"
                 "<Price><PriceTypeCode>02</PriceTypeCode><PriceAmount>9.99</PriceAmount>"
                 "<CountryCode>GB</CountryCode><TaxRateCode1>Z</TaxRateCode1><TaxRatePercent1>0"
                 "</TaxRatePercent1><PriceEffectiveFrom>20260101</PriceEffectiveFrom>"
                 "<PriceEffectiveUntil>20261231</PriceEffectiveUntil></Price>"
                 "<Price><ClassOfTrade>Library</ClassOfTrade><PriceAmount>5</PriceAmount></Price>"
                 "<Price><MinimumOrderQuantity>100</MinimumOrderQuantity><PriceAmount>4"
                 "</PriceAmount></Price>"
                 "<Price><ClassOfTrade>General trade</ClassOfTrade><MinimumOrderQuantity>1"
                 "</MinimumOrderQuantity><PriceAmount>12.5</PriceAmount><CurrencyCode>EUR"
                 "</CurrencyCode><Territory>ROW</Territory></Price>"
                 "<Price><PriceAmount>7</PriceAmount><CountryExcluded>GB</CountryExcluded></Price>"
                 "</SupplyDetail>");
    assert_int_equal(s.record[0].edition.supplies.v[0].details.v[0].prices.n, 5);
    const struct price *p = s.record[0].edition.supplies.v[0].details.v[0].prices.v;
    assert_str(p[0].type, "02");
    assert_str(p[0].currency, "GBP"); /* the header's */
    assert_int_equal(p[0].minor, 999);
    assert_str(p[0].territory.countries_included, "GB");
    assert_int_equal(p[0].from, 20260101);
    assert_int_equal(p[0].until, 20261231);
    assert_str(p[0].taxes.v[0].rate_code, "Z");
    assert_false(p[0].conditional);
    assert_true(p[1].conditional && p[2].conditional);
    assert_false(p[3].conditional);
    assert_str(p[3].currency, "EUR");
    assert_int_equal(territory_has(&p[3].territory, STR("GB")), TERRITORY_OUT);
    assert_int_equal(territory_has(&p[3].territory, STR("US")), TERRITORY_IN);
    assert_int_equal(territory_has(&p[4].territory, STR("GB")), TERRITORY_OUT);
    assert_int_equal(territory_has(&p[4].territory, STR("FR")), TERRITORY_IN);
}

static void what_a_page_shows_beside(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_old(&s, "<Measure><MeasureTypeCode>08</MeasureTypeCode><Measurement>310</Measurement>"
                 "<MeasureUnitCode>gr</MeasureUnitCode></Measure>"
                 "<ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType>"
                 "<ProductFormFeatureValue>10</ProductFormFeatureValue></ProductFormFeature>"
                 "<Contributor><PersonName>P</PersonName><BiographicalNote>Of <i>boats</i>"
                 "</BiographicalNote></Contributor>"
                 "<Prize><PrizeName>Pier Prize</PrizeName><PrizeYear>2020</PrizeYear>"
                 "<PrizeCode>01</PrizeCode></Prize>"
                 "<OtherText><TextTypeCode>08</TextTypeCode><Text>Good</Text><TextAuthor>Q"
                 "</TextAuthor><TextSourceTitle>The Pier</TextSourceTitle></OtherText>");
    const struct edition *e = &s.record[0].edition;
    assert_str(e->measures.v[0].type, "08");
    assert_str(e->measures.v[0].value, "310");
    assert_str(e->features.v[0].value, "10");
    assert_str(e->contributors.v[0].note, "<p>Of <i>boats</i></p>");
    assert_str(e->prizes.v[0].name, "Pier Prize");
    assert_str(e->texts.v[0].author, "Q");
    assert_str(e->texts.v[0].source, "The Pier");
    assert_false(has(&s.findings, "not-taken"));
}

/* Each has all countries that others name as its exception: a short record must not become
 * megabytes of them. */
static void prices_for_the_rest_of_the_world_are_bounded(void **state)
{
    (void)state;
    SEEN_AUTO s;
    BUF_AUTO text = BUF_INIT(1 << 20);
    BUF_LIT(&text, OLD_HEAD RECORD("03") ISBN OLD_TITLE FORM(
                       "BB") "<SupplyDetail><ProductAvailability>20</ProductAvailability>"
                             "<Price><PriceTypeCode>01</PriceTypeCode><PriceAmount>9</PriceAmount>"
                             "<CountryCode>US CA US</CountryCode></Price>");
    for (int i = 0; i < 65; i++)
        BUF_LIT(&text, "<Price><PriceTypeCode>01</PriceTypeCode><PriceAmount>9</PriceAmount>"
                       "<Territory>ROW</Territory></Price>");
    BUF_LIT(&text, "</SupplyDetail>" TAIL);
    read_pieces(&s, buf_str(&text), 1 << 16);
    assert_int_equal(s.records, 0);
    assert_true(has(&s.findings, "price"));
}

/* ---- updates and deletions ---- */

static void updates_hold_what_changed(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_text(&s, OLD_HEAD RECORD("04") ISBN
              "<PublishingStatus>07</PublishingStatus></Product>" RECORD("12") ISBN SUPPLIED
              "</Product>" RECORD("05") ISBN FORM("BB") TAIL);
    assert_int_equal(s.records, 3);
    assert_true(s.record[0].partial && s.record[1].partial && !s.record[2].partial);
    assert_int_equal(s.record[1].notification, NOTIFY_BLOCK_UPDATE);
    assert_int_equal(s.record[2].notification, NOTIFY_DELETE);
    assert_str(s.record[0].edition.status, "07");
    assert_int_equal(s.findings.n, 0);
}

/* ---- what was left ---- */

static void what_is_not_taken_is_told_once_for_each_element(void **state)
{
    (void)state;
    SEEN_AUTO s, reported;
    read_old(
        &s, "<ContentItem><TextItem/></ContentItem><ContentItem/><NoSeries/>"
            "<Contributor><ContributorRole>A01</ContributorRole><PersonName>P</PersonName>"
            "<ProfessionalPosition>B</ProfessionalPosition></Contributor><Contributor><PersonName>Q"
            "</PersonName><ProfessionalPosition>B</ProfessionalPosition></Contributor>"
            "<MyOwn><Deep/></MyOwn><SupplyDetail><Stock><OnHand>1</OnHand></Stock>"
            "</SupplyDetail><Barcode>02</Barcode><EpubType></EpubType>");
    struct str all = buf_str(&s.findings);
    const char *const left[] = {"ContentItem", "Contributor/ProfessionalPosition", "MyOwn",
                                "SupplyDetail/Stock"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        BUF_AUTO line = BUF_INIT(256);
        buf_printf(&line, "information not-taken %s\n", left[i]);
        if (str_find_str(all, buf_str(&line)) == all.n)
            fail_msg("%s: %.*s", left[i], STR_ARG(all));
        n += line.n;
    }
    assert_int_equal(n + strlen("warning rights-missing SalesRights\n"), all.n);
    read_text(&reported, "<ONIXmessage release=\"2.1\"><header><m174>Q</m174><m182>20260901</m182>"
                         "</header><product><a001>q.1</a001><a002>03</a002><productidentifier>"
                         "<b221>15</b221><b244>9783161484100</b244></productidentifier><b012>BC"
                         "</b012><title><b202>01</b202><b203>T</b203></title><measure/><b209>Cork"
                         "</b209></product></ONIXmessage>");
    assert_true(has(&reported.findings, "information not-taken CityOfPublication\n"));
    assert_true(reported.header.short_tags);
}

static void equal_records_have_equal_digests(void **state)
{
    (void)state;
    SEEN_AUTO one, same, other;
    read_old(&one, FORM("BB") "<Measure/>");
    read_old(&same, " " FORM("BB") " <Measure/>");
    read_old(&other, FORM("BC") "<Measure/>");
    assert_memory_equal(one.record[0].digest, same.record[0].digest, 16);
    assert_memory_not_equal(one.record[0].digest, other.record[0].digest, 16);
}

/* ---- hostile ones ---- */

static void repeat(struct buf *text, const char *unit, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_str_add(text, str_of(unit));
}

/* What multiplies is refused, in a time that nobody notices. */
static void lists_that_multiply_are_capped(void **state)
{
    (void)state;
    static const struct {
        const char *unit, *then;
        size_t n;
        const char *finding;
    } cases[] = {
        {NOT_IN(COUNTRY("US")), RIGHT("01", TERRITORY("WORLD")), 9000, "error territory"},
        {RIGHT("01", TERRITORY("WORLD")), NOT_IN(COUNTRY("US")), 9000, "error sales-rights"},
        {RESTRICTED, SUPPLIED, 9000, "error sales-restriction"},
        {"<SupplyDetail><Price><CountryCode>GB</CountryCode><Territory>ROW</Territory></Price>"
         "<Price/></SupplyDetail>",
         "", 9000, "warning"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(8 << 20);
        buf_str_add(&text, STR(OLD_HEAD RECORD("03") ISBN OLD_TITLE));
        repeat(&text, cases[i].unit, cases[i].n);
        buf_printf(&text, "%s%s", cases[i].then, "</Product>" RECORD("03") ISBN OLD_TITLE TAIL);
        read_pieces(&s, buf_str(&text), 1 << 16);
        assert_int_equal(s.rc, RC_OK);
        assert_in_range(s.records, 1, 2);
        if (s.records == 1 && !has(&s.findings, cases[i].finding))
            fail_msg("%s: %.*s", cases[i].finding, STR_ARG(buf_str(&s.findings)));
    }
}

static void markets_are_capped(void **state)
{
    (void)state;
    SEEN_AUTO s;
    BUF_AUTO text = BUF_INIT(8 << 20);
    buf_str_add(&text, STR(OLD_HEAD RECORD("03") ISBN OLD_TITLE));
    for (int i = 0; i < 9000; i++)
        buf_printf(&text, "<SupplyDetail><SupplyToCountry>%c%c</SupplyToCountry></SupplyDetail>",
                   'A' + i % 26, 'A' + i / 26 % 26);
    buf_str_add(&text, STR(TAIL));
    read_pieces(&s, buf_str(&text), 1 << 16);
    assert_int_equal(s.records, 0);
    assert_true(has(&s.findings, "error supply SupplyDetail\n"));
}

/* As many senders declare it, with what Windows-1252 alone has, and by name. */
static void declared_windows_1252_is_read(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_text(&s, "<?xml version=\"1.0\" encoding=\"windows-1252\"?>" OLD_HEAD RECORD("03") ISBN
              "<Title><TitleType>01</TitleType><TitleText>It\x92s &ldquo;caf\xE9\x94 &dash; \x80 1"
              "</TitleText></Title>" TAIL);
    assert_int_equal(s.records, 1);
    assert_str(s.record[0].edition.title.text, "It’s “café” ‐ € 1");
}

/* An external DTD is named in each file: it is never fetched, and brings no entity with it. */
static void the_dtd_is_not_fetched(void **state)
{
    (void)state;
    SEEN_AUTO s, bomb;
    read_text(&s, "<!DOCTYPE ONIXMessage SYSTEM \"file:///etc/hostname\" [<!ENTITY % x SYSTEM "
                  "\"file:///etc/passwd\"> ]><ONIXMessage release=\"2.1\">" RECORD("03") ISBN
              "<Title><TitleType>01</TitleType><TitleText>Caf&eacute; &lstrok;&x;</TitleText>"
              "</Title></Product>" RECORD("03") ISBN
              "<Title><TitleType>01</TitleType><TitleText>Caf&eacute; &lstrok;</TitleText>"
              "</Title>" TAIL);
    assert_int_equal(s.records, 1);
    assert_str(s.record[0].edition.title.text, "Café ł");
    read_text(&bomb, "<!DOCTYPE ONIXMessage SYSTEM \"onix-international.dtd\" [<!ENTITY a "
                     "\"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><ONIXMessage>"
                     "<Header><FromCompany>Q</FromCompany></Header>" RECORD("03")
                         ISBN FORM("BB") "<Title><TitleText>&b;</TitleText></Title>" TAIL);
    assert_int_equal(bomb.records, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(releases_are_told_apart),
        cmocka_unit_test(two_releases_in_one_message_are_refused),
        cmocka_unit_test(the_header_is_read),
        cmocka_unit_test(forms_are_those_of_3_0),
        cmocka_unit_test(the_oldest_way_of_saying_it),
        cmocka_unit_test(texts_and_pictures_in_their_order),
        cmocka_unit_test(rights_open_what_is_said_and_no_more),
        cmocka_unit_test(what_is_shut_out_and_cannot_be_read_refuses),
        cmocka_unit_test(restrictions_are_kept),
        cmocka_unit_test(suppliers_are_grouped_by_their_market),
        cmocka_unit_test(the_only_agent_says_where_it_is_supplied),
        cmocka_unit_test(prices_are_those_of_readers),
        cmocka_unit_test(what_a_page_shows_beside),
        cmocka_unit_test(prices_for_the_rest_of_the_world_are_bounded),
        cmocka_unit_test(updates_hold_what_changed),
        cmocka_unit_test(what_is_not_taken_is_told_once_for_each_element),
        cmocka_unit_test(equal_records_have_equal_digests),
        cmocka_unit_test(lists_that_multiply_are_capped),
        cmocka_unit_test(markets_are_capped),
        cmocka_unit_test(declared_windows_1252_is_read),
        cmocka_unit_test(the_dtd_is_not_fetched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
