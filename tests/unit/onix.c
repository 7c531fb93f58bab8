/* Feeds as they come: read right, refused by record, and never larger in memory
 * than one product. */
#include "onix_reading.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include "base/clock.h"

/* ---- whole records ---- */

static void a_full_record_is_read(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_text(
        &s,
        HEAD RECORD("03") ID("03", "9783161484100") ID(
            "15",
            "978-3-16-148410-0") "<DescriptiveDetail><ProductForm>ED</ProductForm>"
                                 "<Collection><CollectionType>10</"
                                 "CollectionType><TitleDetail><TitleType>01</TitleType>"
                                 "<TitleElement><TitleElementLevel>02</"
                                 "TitleElementLevel><PartNumber>2.5</PartNumber>"
                                 "<TitleText>Tides</TitleText></TitleElement></TitleDetail></"
                                 "Collection>"
                                 "<TitleDetail><TitleType>01</"
                                 "TitleType><TitleElement><TitleElementLevel>01"
                                 "</TitleElementLevel><TitlePrefix>The</"
                                 "TitlePrefix><TitleWithoutPrefix> Ferry\n  Caf&eacute;"
                                 "</TitleWithoutPrefix><Subtitle>A "
                                 "novel</Subtitle></TitleElement></TitleDetail>"
                                 "<Contributor><SequenceNumber>2</"
                                 "SequenceNumber><ContributorRole>B06</ContributorRole>"
                                 "<PersonNameInverted>Okoro, Ada</PersonNameInverted></Contributor>"
                                 "<Contributor><SequenceNumber>1</"
                                 "SequenceNumber><ContributorRole>A01</ContributorRole>"
                                 "<ContributorRole>A12</ContributorRole><NamesBeforeKey>Per</"
                                 "NamesBeforeKey>"
                                 "<KeyNames>Lund</KeyNames></Contributor></DescriptiveDetail>"
                                 "<CollateralDetail><TextContent><TextType>03</TextType><Text "
                                 "textformat=\"05\">One &lt; "
                                 "<p>two <em>three</em></p></Text></TextContent></CollateralDetail>"
                                 "<ProductSupply><SupplyDetail><ProductAvailability>20</"
                                 "ProductAvailability>"
                                 "<Price><PriceType>42</PriceType><PriceAmount>8.99</PriceAmount>"
                                 "<CurrencyCode>GBP</CurrencyCode></Price>"
                                 "<Price><PriceType>04</PriceType><PriceAmount>1500</PriceAmount>"
                                 "<CurrencyCode>JPY</CurrencyCode></Price></SupplyDetail></"
                                 "ProductSupply>"
                                 "<ProductSupply><SupplyDetail><Price><PriceAmount>7</"
                                 "PriceAmount><CurrencyCode>EUR"
                                 "</CurrencyCode></Price></SupplyDetail></ProductSupply>" TAIL);
    assert_int_equal(s.rc, RC_OK);
    assert_int_equal(s.records, 1);
    assert_int_equal(s.findings.n, 0);
    const struct onix_record *r = &s.record[0];
    const struct edition *e = &r->edition;
    assert_str(r->reference, "q.1");
    assert_int_equal(r->notification, NOTIFY_CONFIRMED);
    assert_string_equal(e->isbn13, "9783161484100");
    assert_int_equal(e->blocks, BLOCK_DESCRIPTIVE | BLOCK_COLLATERAL | BLOCK_SUPPLY);
    assert_str(e->title.prefix, "The");
    assert_str(e->title.text, "Ferry Café");
    assert_str(e->title.subtitle, "A novel");
    assert_str(e->collections.v[0].name, "Tides");
    assert_str(e->collections.v[0].part, "2.5");
    assert_int_equal(e->contributors.n, 2);
    assert_str(e->contributors.v[0].name, "Per Lund");
    assert_int_equal(e->contributors.v[0].roles.n, 2);
    assert_str(e->contributors.v[1].name, "Ada Okoro");
    assert_str(e->texts.v[0].html, "<p>One &lt; </p><p>two <em>three</em></p>");
    assert_int_equal(e->supplies.n, 2);
    assert_int_equal(e->supplies.v[0].details.v[0].prices.n, 2);
    assert_int_equal(e->supplies.v[0].details.v[0].prices.v[1].minor, 1500);
    assert_int_equal(e->supplies.v[1].details.v[0].prices.v[0].minor, 700);
    int64_t sent;
    assert_true(time_parse(STR("2026-09-01T10:00:00Z"), &sent));
    assert_int_equal(s.header.sent, sent);
    assert_str(s.header.sender, "name:quay");
}

static void short_tags_and_emptied_blocks(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_text(&s, "\xEF\xBB\xBF<ONIXmessage xmlns=\"http://ns.editeur.org/onix/3.1/short\"><header>"
                  "<sender><x298>Quay</x298></sender><x307>20260901</x307></header>"
                  "<product><a001>q.1</a001><a002>04</a002><productidentifier><b221>15</b221>"
                  "<b244>9783161484100</b244></productidentifier><collateraldetail/>"
                  "<productsupply><x587>eu</x587><supplydetail><j396>20</j396></supplydetail>"
                  "</productsupply></product></ONIXmessage>");
    assert_int_equal(s.rc, RC_OK);
    assert_int_equal(s.records, 1);
    assert_true(s.header.short_tags);
    assert_int_equal(s.record[0].notification, NOTIFY_BLOCK_UPDATE);
    assert_int_equal(s.record[0].edition.blocks, BLOCK_SUPPLY);
    assert_int_equal(s.record[0].emptied, BLOCK_COLLATERAL);
    assert_str(s.record[0].edition.supplies.v[0].market_reference, "eu");
}

/* The importer's threads still hold records when the reader is gone. */
static void header_defaults_are_the_records_own(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_text(&s,
              "<ONIXMessage release=\"3.0\"><Header><DefaultLanguageOfText>ger"
              "</DefaultLanguageOfText><DefaultPriceType>04</DefaultPriceType>"
              "<DefaultCurrencyCode>EUR</DefaultCurrencyCode></Header>" RECORD("03") ISBN TITLED(
                  "T") "<ProductSupply><SupplyDetail><Price><PriceAmount>9.90</PriceAmount>"
                       "</Price></SupplyDetail></ProductSupply>" TAIL);
    assert_int_equal(s.records, 1);
    const struct edition *e = &s.record[0].edition;
    const struct price *price = &e->supplies.v[0].details.v[0].prices.v[0];
    assert_str(price->type, "04");
    assert_str(price->currency, "EUR");
    assert_int_equal(price->minor, 990);
    assert_str(e->languages.v[0].code, "ger");
}

static void equal_records_have_equal_digests(void **state)
{
    (void)state;
    SEEN_AUTO one, same, other, defaults;
    read_text(&one, HEAD RECORD("03") ISBN TITLED("T") TAIL);
    read_text(&same, HEAD "\n\n" RECORD("03") "\n  " ISBN TITLED(" T ") TAIL);
    read_text(&other, HEAD RECORD("03") ISBN TITLED("U") TAIL);
    read_text(&defaults, "<ONIXMessage release=\"3.0\"><Header><DefaultPriceType>04"
                         "</DefaultPriceType></Header>" RECORD("03") ISBN TITLED("T") TAIL);
    size_t n = sizeof one.record[0].digest;
    assert_memory_equal(one.record[0].digest, same.record[0].digest, n);
    assert_memory_not_equal(one.record[0].digest, other.record[0].digest, n);
    assert_memory_not_equal(one.record[0].digest, defaults.record[0].digest, n);
}

/* ---- records refused ---- */

static void what_a_record_needs(void **state)
{
    (void)state;
    static const struct {
        const char *text, *finding;
    } cases[] = {{"<Product><NotificationType>03</NotificationType>" ISBN TITLED("T"),
                  "error record-reference RecordReference\n"},
                 {RECORD("12") ISBN TITLED("T"), "error notification-type NotificationType\n"},
                 {"<Product><RecordReference>q.1</RecordReference>" ISBN TITLED("T"),
                  "error notification-type NotificationType\n"},
                 {RECORD("03") TITLED("T"), "error identifier ProductIdentifier\n"},
                 {RECORD("03") ISBN, "error title DescriptiveDetail\n"},
                 {RECORD("02") ISBN TITLED("N/A"), "error title DescriptiveDetail\n"},
                 {RECORD("03") ID("15", "9783161484101") TITLED("T"),
                  "error isbn-check-digit ProductIdentifier/IDValue\n"},
                 {RECORD("03") ID("15", "9780000000000") TITLED("T"),
                  "error isbn-placeholder ProductIdentifier/IDValue\n"},
                 {RECORD("03") ID("24", "9783161484100") TITLED("T"),
                  "error identifier ProductIdentifier\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(1 << 16);
        /* One bad record does not touch the next. */
        buf_printf(&text, "%s%s</Product>%s", HEAD, cases[i].text,
                   RECORD("03") ISBN TITLED("T") TAIL);
        read_pieces(&s, buf_str(&text), 1 << 16);
        assert_int_equal(s.rc, RC_OK);
        if (!has(&s.findings, cases[i].finding) || s.records != 1)
            fail_msg("%s: %zu records, %.*s", cases[i].finding, s.records,
                     STR_ARG(buf_str(&s.findings)));
        assert_int_equal(s.record[0].number, 2);
    }
}

static void another_identifier_saves_a_bad_isbn(void **state)
{
    (void)state;
    SEEN_AUTO good, own, ten;
    read_text(&good, HEAD RECORD("03") ID("15", "9783161484101") ID("03", "9783161484100")
                         TITLED("T") TAIL);
    assert_int_equal(good.records, 1);
    assert_string_equal(good.record[0].edition.isbn13, "9783161484100");
    assert_true(has(&good.findings, "warning isbn-check-digit"));
    read_text(&own, HEAD RECORD("03") ID("15", "9.78E+12") ID("01", "77") TITLED("T") TAIL);
    assert_int_equal(own.records, 1);
    assert_string_equal(own.record[0].edition.isbn13, "");
    assert_true(has(&own.reasons, "“9.78E+12”"));
    read_text(&ten, HEAD RECORD("03") ID("02", "3-16-148410-X") TITLED("T") TAIL);
    assert_string_equal(ten.record[0].edition.isbn13, "9783161484100");
}

static void deletions_and_tests_are_delivered(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_text(&s, HEAD RECORD("05") ISBN "</Product>" RECORD("88") ISBN "</Product>" RECORD("89")
                      ISBN TITLED("T") TAIL);
    assert_int_equal(s.records, 3);
    assert_int_equal(s.record[0].notification, NOTIFY_DELETE);
    assert_int_equal(s.record[1].notification, NOTIFY_TEST_UPDATE);
    assert_int_equal(s.record[2].notification, NOTIFY_TEST);
}

/* ---- values ---- */

static void territories_never_open_by_mistake(void **state)
{
    (void)state;
    static const struct {
        const char *type, *territory, *finding; /* of a refusal; NULL: read */
        const char *included, *excluded;
    } cases[] = {
        {"01", "<CountriesIncluded>gb, IE;AU</CountriesIncluded>", NULL, "GB IE AU", ""},
        {"01", "<CountriesIncluded>UK WORLD</CountriesIncluded>", NULL, "GB", ""},
        {"01", "<CountriesIncluded>DE EU ROW</CountriesIncluded>", NULL, "DE", ""},
        {"01", "<CountriesIncluded>DE CS</CountriesIncluded>", NULL, "DE", ""},
        {"01", "<RegionsIncluded>WORLD</RegionsIncluded><CountriesExcluded>CS</CountriesExcluded>",
         NULL, "", "ME RS"},
        {"01", "<CountriesIncluded>USCAGB</CountriesIncluded>", "error territory-run-together", "",
         ""},
        {"01", "<RegionsIncluded>WORLD</RegionsIncluded><CountriesExcluded>EU</CountriesExcluded>",
         "error territory ", "", ""},
        {"03", "<CountriesIncluded>US EU</CountriesIncluded>", "error territory ", "", ""},
        {"03", "<CountriesIncluded>CS</CountriesIncluded>", NULL, "ME RS", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(1 << 16);
        buf_printf(&text,
                   "<PublishingDetail><SalesRights><SalesRightsType>%s</SalesRightsType>"
                   "<Territory>%s</Territory></SalesRights></PublishingDetail>%c",
                   cases[i].type, cases[i].territory, '\0');
        read_product(&s, text.p);
        if (cases[i].finding != NULL) {
            if (s.records != 0 || !has(&s.findings, cases[i].finding))
                fail_msg("%s was read", cases[i].territory);
            continue;
        }
        assert_int_equal(s.records, 1);
        const struct territory *t = &s.record[0].edition.rights.v[0].territory;
        assert_str(t->countries_included, cases[i].included);
        assert_str(t->countries_excluded, cases[i].excluded);
    }
}

static void dates_are_read_in_the_usual_formats(void **state)
{
    (void)state;
    enum { REFUSED = -1 };
    static const struct {
        const char *date;
        int32_t value;
    } cases[] = {{"<Date>20261105</Date>", 20261105},
                 {"<Date dateformat=\"01\">202611</Date>", 20261100},
                 {"<Date dateformat=\"05\">2026</Date>", 20260000},
                 {"<Date dateformat=\"13\">20261105T0900</Date>", 20261105},
                 {"<Date dateformat=\"14\">20261105T090000Z</Date>", 20261105},
                 {"<Date>20261105</Date><DateFormat>00</DateFormat>", 20261105},
                 {"<DateFormat>01</DateFormat><Date>202611</Date>", 20261100},
                 {"<Date>2026-11-05</Date>", 20261105},
                 {"<Date dateformat=\"02\">202601</Date>", 20251229},
                 {"<Date dateformat=\"02\">202640</Date>", 20260928},
                 {"<Date dateformat=\"03\">20264</Date>", 20261000},
                 {"<Date dateformat=\"06\">2026110520261130</Date>", 20261105},
                 {"<Date>19000101</Date>", 0},
                 {"<Date>20991231</Date>", 0},
                 {"<Date dateformat=\"12\">soon</Date>", 0},
                 {"<Date dateformat=\"04\">20261</Date>", 0},
                 {"<Date>20260230</Date>", REFUSED},
                 {"<Date dateformat=\"02\">202654</Date>", REFUSED},
                 {"<Date dateformat=\"03\">20265</Date>", REFUSED},
                 {"<Date>soon</Date>", REFUSED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(1 << 16);
        buf_printf(&text,
                   "<PublishingDetail><PublishingDate><PublishingDateRole>01</PublishingDateRole>"
                   "%s</PublishingDate></PublishingDetail>%c",
                   cases[i].date, '\0');
        read_product(&s, text.p);
        if (s.records != (cases[i].value != REFUSED))
            fail_msg("%s: %zu records", cases[i].date, s.records);
        if (cases[i].value == REFUSED)
            continue;
        if (edition_published(&s.record[0].edition) != cases[i].value)
            fail_msg("%s is %d", cases[i].date, edition_published(&s.record[0].edition));
        if (has(&s.findings, "warning date") != (cases[i].value == 0))
            fail_msg("%s: %.*s", cases[i].date, STR_ARG(buf_str(&s.findings)));
    }
}

/* A book must not go on sale early because its embargo could not be read. */
static void an_unreadable_embargo_refuses(void **state)
{
    (void)state;
    SEEN_AUTO bad, far;
    read_product(&bad, "<PublishingDetail><PublishingDate><PublishingDateRole>02"
                       "</PublishingDateRole><Date>31/12/26</Date></PublishingDate>"
                       "</PublishingDetail>");
    assert_int_equal(bad.records, 0);
    assert_true(has(&bad.findings, "error date PublishingDetail/PublishingDate/Date\n"));
    read_product(&far, "<PublishingDetail><PublishingDate><PublishingDateRole>02"
                       "</PublishingDateRole><Date>20991231</Date></PublishingDate>"
                       "</PublishingDetail>");
    assert_int_equal(far.records, 1);
    assert_int_equal(far.record[0].edition.dates.v[0].date, 20991231);
}

static void prices_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *price, *finding;
        int64_t minor;
    } cases[] = {
        {"<PriceAmount>0.00</PriceAmount><CurrencyCode>EUR</CurrencyCode>", "price-placeholder",
         -1},
        {"<PriceAmount>999.99</PriceAmount><CurrencyCode>EUR</CurrencyCode>", "price-placeholder",
         -1},
        {"<PriceAmount>9999</PriceAmount><CurrencyCode>JPY</CurrencyCode>", NULL, 9999},
        {"<PriceAmount>12,90</PriceAmount><CurrencyCode>EUR</CurrencyCode>", "error price", 0},
        {"<PriceAmount>12.90</PriceAmount><CurrencyCode>euro</CurrencyCode>", "error currency", 0},
        {"<PriceAmount>12.90</PriceAmount>", "error currency", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(1 << 16);
        buf_printf(
            &text,
            "<ProductSupply><SupplyDetail><Price>%s</Price></SupplyDetail></ProductSupply>%c",
            cases[i].price, '\0');
        read_product(&s, text.p);
        if (cases[i].finding != NULL)
            assert_true(has(&s.findings, cases[i].finding));
        assert_int_equal(s.records, cases[i].minor != 0);
        if (s.records > 0)
            assert_int_equal(s.record[0].edition.supplies.v[0].details.v[0].prices.v[0].minor,
                             cases[i].minor);
    }
}

static void text_encoded_twice_is_told_of(void **state)
{
    (void)state;
    SEEN_AUTO s, right;
    read_text(&s, HEAD RECORD("03") ISBN TITLED("Caf\xC3\x83\xC2\xA9") TAIL);
    assert_int_equal(s.records, 1);
    assert_true(has(&s.findings, "warning double-encoding DescriptiveDetail/TitleDetail/"));
    read_text(&right, HEAD RECORD("03") ISBN TITLED("S\xC3\xA3o Caf\xC3\xA9 \xC3\x83") TAIL);
    assert_int_equal(right.findings.n, 0);
}

/* ---- messages refused ---- */

static void other_messages_are_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } cases[] = {{"<ONIXMessage release=\"4.0\"/>", "4.0"},
                 {"<html><body/></html>", "<html>"},
                 {"", "empty"},
                 {"Not XML at all", "line 1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        read_text(&s, cases[i].text);
        assert_int_equal(s.rc, RC_INVALID);
        if (strstr(s.fault.text, cases[i].reason) == NULL)
            fail_msg("%s: %s", cases[i].text, s.fault.text);
        assert_int_equal(s.records, 0);
    }
}

static void what_came_before_the_break_is_delivered(void **state)
{
    (void)state;
    SEEN_AUTO s, cut;
    read_text(&s, HEAD RECORD("03") ISBN TITLED("T") "</Product>\n<Product><RecordReference>q.2"
                                                     "</RecordReference>\n<b></Product>");
    assert_int_equal(s.rc, RC_INVALID);
    assert_int_equal(s.records, 1);
    assert_non_null(strstr(s.fault.text, "line 3"));
    assert_non_null(strstr(s.fault.text, "q.2"));
    read_text(&cut, HEAD RECORD("03") ISBN TITLED("T") "</Product><Product><Record");
    assert_int_equal(cut.rc, RC_INVALID);
    assert_int_equal(cut.records, 1);
}

/* ---- encodings and entities ---- */

static void declared_encodings_are_read(void **state)
{
    (void)state;
    SEEN_AUTO latin, windows, wide;
    read_text(&latin, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" HEAD RECORD("03")
                          ISBN TITLED("Caf\xE9") TAIL);
    assert_str(latin.record[0].edition.title.text, "Café");
    read_text(&windows, "<?xml version=\"1.0\" encoding=\"Windows-1252\"?>" HEAD RECORD("03")
                            ISBN TITLED("It\x92s") TAIL);
    assert_str(windows.record[0].edition.title.text, "It’s");
    static const char text[] =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" HEAD RECORD("03") ISBN TITLED("T") TAIL;
    char utf16[2 * sizeof text];
    memcpy(utf16, "\xFF\xFE", 2);
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        utf16[2 + 2 * i] = text[i];
        utf16[3 + 2 * i] = 0;
    }
    read_pieces(&wide, (struct str){utf16, sizeof utf16}, 5);
    assert_int_equal(wide.records, 1);
}

static void bytes_that_are_no_utf8_are_refused(void **state)
{
    (void)state;
    static const char *const declarations[] = {"", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"};
    for (size_t i = 0; i < 2; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(1 << 16);
        char byte[40];
        buf_printf(&text, "%s%s", declarations[i],
                   HEAD RECORD("03") ISBN "\n" TITLED("Caf\xE9") TAIL);
        snprintf(byte, sizeof byte, "byte %zu", str_find(buf_str(&text), '\xE9'));
        read_pieces(&s, buf_str(&text), 1 << 16);
        assert_int_equal(s.rc, RC_INVALID);
        assert_int_equal(s.records, 0);
        if (strstr(s.fault.text, "Windows-1252") == NULL ||
            strstr(s.fault.text, "line 2") == NULL || strstr(s.fault.text, byte) == NULL ||
            strstr(s.fault.text, "q.1") == NULL)
            fail_msg("%s, not %s", s.fault.text, byte);
    }
}

static void entities_are_never_expanded(void **state)
{
    (void)state;
    static const char *const declared[] = {
        "<!DOCTYPE ONIXMessage [<!ENTITY lol \"ha\"><!ENTITY lol9 \"&lol;&lol;&lol;\">]>",
        "<!DOCTYPE ONIXMessage [<!ENTITY lol9 SYSTEM \"file:///etc/hostname\">]>",
        "<!DOCTYPE ONIXMessage [<!ENTITY % p SYSTEM \"file:///etc/hostname\"> %p;]>", ""};
    static const char *const names[] = {"lol9", "lol9", "%p;", "lol9"};
    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++) {
        SEEN_AUTO s;
        BUF_AUTO text = BUF_INIT(1 << 16);
        buf_printf(&text, "%s%s", declared[i], HEAD RECORD("03") ISBN TITLED("a&lol9;b") TAIL);
        read_pieces(&s, buf_str(&text), 1 << 16);
        assert_int_equal(s.records, 0);
        if (strstr(s.fault.text, names[i]) == NULL && !has(&s.reasons, names[i]))
            fail_msg("%s: %s %.*s", declared[i], s.fault.text, STR_ARG(buf_str(&s.reasons)));
    }
    SEEN_AUTO named;
    read_text(&named,
              "<!DOCTYPE ONIXMessage SYSTEM \"http://sender.example/onix.dtd\">" HEAD RECORD("03")
                  ISBN TITLED("a&nbsp;&mdash;&amp;") TAIL);
    assert_int_equal(named.rc, RC_OK);
    assert_str(named.record[0].edition.title.text, "a\xC2\xA0—&");
}

/* The ISO sets that the DTD of 2.1 names, and what is two characters. */
static void named_characters_of_iso_are_known(void **state)
{
    (void)state;
    SEEN_AUTO s, marked, unknown;
    read_text(&s, HEAD RECORD("03") ISBN TITLED("&lstrok;&odblac;&dash;&YAcy;&nvlt;&lt;b") TAIL);
    assert_int_equal(s.rc, RC_OK);
    assert_str(s.record[0].edition.title.text, "łő‐Я<\xE2\x83\x92<b");
    read_product(&marked, "<CollateralDetail><TextContent><TextType>03</TextType><Text><p>&nvlt;"
                          "&ccaron;</p></Text></TextContent></CollateralDetail>");
    assert_str(marked.record[0].edition.texts.v[0].html, "<p>&lt;\xE2\x83\x92č</p>");
    read_text(&unknown, HEAD RECORD("03") ISBN TITLED("&lstroke;") TAIL);
    assert_int_equal(unknown.records, 0);
}

/* ---- sizes ---- */

/* Pushes `unit` over and over between head and tail, without ever holding it. */
static void read_large(struct seen *s, const char *head, const char *unit, size_t times,
                       const char *tail)
{
    struct onix_sink sink = {s, on_header, on_record, on_finding, NULL};
    struct onix_reader *reader;
    BUF_AUTO block = BUF_INIT(1 << 20);
    *s = (struct seen){.findings = BUF_INIT(1 << 16), .reasons = BUF_INIT(1 << 16)};
    assert_int_equal(onix_reader_open(&sink, &reader, NULL), RC_OK);
    for (int i = 0; i < 1000; i++)
        buf_str_add(&block, str_of(unit));
    s->rc = onix_reader_push(reader, head, strlen(head), &s->fault);
    for (size_t i = 0; i < times && s->rc == RC_OK; i += 1000)
        s->rc = onix_reader_push(reader, block.p, block.n, &s->fault);
    if (s->rc == RC_OK)
        s->rc = onix_reader_push(reader, tail, strlen(tail), &s->fault);
    if (s->rc == RC_OK)
        s->rc = onix_reader_end(reader, &s->fault);
    onix_reader_close(reader);
}

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL && fscanf(file, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (file != NULL)
        fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void large_products_are_refused_alone(void **state)
{
    (void)state;
    static const char good[] = "</Product>" RECORD("03") ISBN TITLED("T") TAIL;
    static const struct {
        const char *head, *unit;
        size_t times;
        const char *close, *finding;
    } cases[] = {{"<CollateralDetail><TextContent><Text>", "a word of a text without end ", 1000000,
                  "</Text></TextContent></CollateralDetail>",
                  "error text-size CollateralDetail/TextContent/Text\n"},
                 {"<CollateralDetail><TextContent><Text>", "<b/>", 1000000,
                  "</Text></TextContent></CollateralDetail>", "error text-size"},
                 {"<DescriptiveDetail>", "<Subject><SubjectCode>FBA</SubjectCode></Subject>",
                  500000, "</DescriptiveDetail>", "error product-size"},
                 {"<DescriptiveDetail>", "<Contributor/>", 1000000, "</DescriptiveDetail>",
                  "error product-size"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SEEN_AUTO s;
        BUF_AUTO head = BUF_INIT(1 << 16), tail = BUF_INIT(1 << 16);
        buf_printf(&head, "%s%s%c", HEAD RECORD("03") ISBN TITLED("T"), cases[i].head, '\0');
        buf_printf(&tail, "%s%s%c", cases[i].close, good, '\0');
        long before = resident_kib();
        read_large(&s, head.p, cases[i].unit, cases[i].times, tail.p);
        assert_int_equal(s.rc, RC_OK);
        if (s.records != 1 || !has(&s.findings, cases[i].finding))
            fail_msg("%s: %zu records, %.*s", cases[i].finding, s.records,
                     STR_ARG(buf_str(&s.findings)));
        assert_true(resident_kib() - before < 96 << 10);
    }
}

/* A few megabytes must not become gigabytes or minutes. */
static void lists_that_multiply_are_capped(void **state)
{
    (void)state;
    SEEN_AUTO related, restrictions;
    BUF_AUTO text = BUF_INIT(8 << 20);
    BUF_LIT(&text, "<RelatedMaterial><RelatedProduct>");
    for (int i = 0; i < 5000; i++)
        BUF_LIT(&text, "<ProductRelationCode>06</ProductRelationCode>" ISBN);
    BUF_LIT(&text, "</RelatedProduct></RelatedMaterial>\0");
    read_product(&related, text.p);
    assert_int_equal(related.records, 1);
    assert_int_equal(related.record[0].edition.related_products.n, 64);
    buf_clear(&text);
    BUF_LIT(&text, "<PublishingDetail>");
    for (int i = 0; i < 5000; i++)
        BUF_LIT(&text, "<SalesRestriction/><SalesRights><Territory/></SalesRights>");
    BUF_LIT(&text, "</PublishingDetail>\0");
    read_product(&restrictions, text.p);
    assert_int_equal(restrictions.records, 0);
    assert_true(has(&restrictions.findings, "error sales-restriction"));
}

/* libxml2 keeps declared entities until the end. */
static void declarations_are_capped(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_large(&s, "<!DOCTYPE ONIXMessage [", "<!ENTITY lol \"ha ha ha ha ha ha\">", 100000,
               "]>" HEAD RECORD("03") ISBN TITLED("T") TAIL);
    assert_int_equal(s.rc, RC_INVALID);
    assert_non_null(strstr(s.fault.text, "too many entities"));
}

static void comments_are_capped(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_large(&s, HEAD "<!--", "a comment that goes on and on ", 1000000, "-->" RECORD("03") TAIL);
    assert_int_equal(s.rc, RC_INVALID);
    assert_non_null(strstr(s.fault.text, "comment"));
}

static void nesting_is_capped(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_large(&s, HEAD RECORD("03"), "<DescriptiveDetail>", 100000, "");
    assert_int_equal(s.rc, RC_INVALID);
}

/* ---- files ---- */

/* The text compressed by libarchive into a new file. */
static void write_compressed(char path[64], struct str text, int filter)
{
    struct archive *out = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    snprintf(path, 64, "/tmp/colophon-onix-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(archive_write_add_filter(out, filter), ARCHIVE_OK);
    assert_int_equal(archive_write_set_format_raw(out), ARCHIVE_OK);
    assert_int_equal(archive_write_open_fd(out, fd), ARCHIVE_OK);
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_header(out, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(out, text.p, text.n), text.n);
    archive_entry_free(entry);
    assert_int_equal(archive_write_close(out), ARCHIVE_OK);
    archive_write_free(out);
    close(fd);
}

static off_t size_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static const char *write_file(char path[64], const void *bytes, size_t n)
{
    snprintf(path, 64, "/tmp/colophon-onix-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
    return path;
}

static void files_are_read_by_content(void **state)
{
    (void)state;
    SEEN_AUTO plain, absent, empty, folder;
    char path[64];
    static const char text[] = HEAD RECORD("03") ISBN TITLED("T") TAIL;
    assert_int_equal(read_file(write_file(path, text, sizeof text - 1), &plain), RC_OK);
    assert_int_equal(plain.records, 1);
    unlink(path);
    assert_int_equal(read_file(path, &absent), RC_NOT_FOUND);
    assert_non_null(strstr(absent.fault.text, path));
    assert_int_equal(read_file(write_file(path, "", 0), &empty), RC_INVALID);
    unlink(path);
    assert_int_equal(read_file("/tmp", &folder), RC_INVALID);
}

/* A file that was cut off is no whole file, even where the XML in it is. */
static void compressed_files_are_read_whole(void **state)
{
    (void)state;
    static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ};
    static const char text[] = HEAD RECORD("03") ISBN TITLED("T") TAIL;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        SEEN_AUTO whole, cut, half;
        char path[64];
        write_compressed(path, (struct str){text, sizeof text - 1}, filters[i]);
        assert_int_equal(read_file(path, &whole), RC_OK);
        assert_int_equal(whole.records, 1);
        off_t size = size_of(path);
        assert_int_equal(truncate(path, size - 3), 0);
        assert_int_equal(read_file(path, &cut), RC_INVALID);
        assert_non_null(strstr(cut.fault.text, path));
        assert_int_equal(truncate(path, size / 2), 0);
        assert_int_equal(read_file(path, &half), RC_INVALID);
        assert_non_null(strstr(half.fault.text, path));
        unlink(path);
    }
}

/* ---- feeds of others, where they are at hand ---- */

static void feeds_of_3_0_are_read(void **state)
{
    (void)state;
    read_folder("data/onix/3.0", RC_OK, "");
}

static void feeds_of_3_1_are_read(void **state)
{
    (void)state;
    read_folder("data/onix/3.1", RC_OK, "");
}

static void feeds_of_2_1_are_read(void **state)
{
    (void)state;
    read_folder("data/onix/2.1", RC_OK, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_record_is_read),
        cmocka_unit_test(short_tags_and_emptied_blocks),
        cmocka_unit_test(header_defaults_are_the_records_own),
        cmocka_unit_test(equal_records_have_equal_digests),
        cmocka_unit_test(what_a_record_needs),
        cmocka_unit_test(another_identifier_saves_a_bad_isbn),
        cmocka_unit_test(deletions_and_tests_are_delivered),
        cmocka_unit_test(territories_never_open_by_mistake),
        cmocka_unit_test(dates_are_read_in_the_usual_formats),
        cmocka_unit_test(an_unreadable_embargo_refuses),
        cmocka_unit_test(prices_that_are_none),
        cmocka_unit_test(text_encoded_twice_is_told_of),
        cmocka_unit_test(other_messages_are_refused_by_name),
        cmocka_unit_test(what_came_before_the_break_is_delivered),
        cmocka_unit_test(declared_encodings_are_read),
        cmocka_unit_test(bytes_that_are_no_utf8_are_refused),
        cmocka_unit_test(entities_are_never_expanded),
        cmocka_unit_test(named_characters_of_iso_are_known),
        cmocka_unit_test(large_products_are_refused_alone),
        cmocka_unit_test(lists_that_multiply_are_capped),
        cmocka_unit_test(declarations_are_capped),
        cmocka_unit_test(comments_are_capped),
        cmocka_unit_test(nesting_is_capped),
        cmocka_unit_test(files_are_read_by_content),
        cmocka_unit_test(compressed_files_are_read_whole),
        cmocka_unit_test(feeds_of_3_0_are_read),
        cmocka_unit_test(feeds_of_3_1_are_read),
        cmocka_unit_test(feeds_of_2_1_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
