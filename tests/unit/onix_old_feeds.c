/* Real feeds of ONIX 2.1, where they are at hand, each against what a person reads in it. */
#include "onix_reading.h"

#include "domain/offer.h"

static void read_shared(struct seen *s, const char *name)
{
    char below[256], path[4096];
    snprintf(below, sizeof below, "data/onix/2.1/%s", name);
    *s = (struct seen){.rc = RC_OK};
    if (!shared_path(path, below)) {
        print_message("%s is not at hand\n", below);
        skip();
    }
    if (read_file(path, s) != RC_OK)
        fail_msg("%s: %s", path, s->fault.text);
}

static const struct price *price_of(const struct edition *e)
{
    return &e->supplies.v[0].details.v[0].prices.v[0];
}

static const struct subject *subject_of(const struct edition *e, const char *scheme)
{
    for (size_t i = 0; i < e->subjects.n; i++)
        if (str_is(e->subjects.v[i].scheme, scheme))
            return &e->subjects.v[i];
    fail_msg("no subject of scheme %s", scheme);
    return NULL;
}

static void jouve_an_epub(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_shared(&s, "im_onix-onix2.xml");
    assert_int_equal(s.records, 1);
    const struct edition *e = &s.record[0].edition;
    assert_str(s.header.sender, "name:jouve");
    assert_string_equal(e->isbn13, "9782346032532");
    assert_str(e->form, "ED");
    assert_str(e->form_details.v[0], "E101");
    assert_str(e->title.text, "La Physiologie de l'esprit");
    assert_str(e->contributors.v[0].name, "Frédéric Paulhan");
    assert_str(e->contributors.v[0].inverted, "Paulhan, Frédéric");
    assert_str(edition_language(e), "fr");
    assert_int_equal(edition_pages(e), 197);
    assert_str(edition_publisher(e), "BnF-Partenariats");
    assert_str(edition_imprint(e), "F. Alcan (Paris)");
    assert_str(subject_of(e, "10")->code, "SOC000000");
    assert_str(subject_of(e, "29")->code, "3080");
    assert_str(subject_of(e, "20")->heading, "Psychologie");
    assert_int_equal(e->texts.n, 1);
    assert_str(e->texts.v[0].type, "03");
    assert_int_equal(e->rights.n, 0);
    assert_int_equal(price_of(e)->minor, 149);
    assert_str(price_of(e)->currency, "EUR");
    assert_str(price_of(e)->type, "04");
    assert_true(has(&s.findings, "warning rights-missing SalesRights\n"));
    assert_true(has(&s.findings, "information cannot-say ProductForm\n"));
}

static void wiley_a_pdf_with_everything(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_shared(&s, "im_onix-test_wiley_data.xml");
    const struct edition *e = &s.record[0].edition;
    assert_str(s.header.sender, "san:2003372");
    assert_str(e->form, "ED");
    assert_str(e->form_details.v[0], "E107");
    assert_str(e->collections.v[0].name, "The TEST Finance Series");
    assert_str(e->collections.v[0].id.value, "7576");
    assert_str(e->related_works.v[0].id.value, "9780470095003");
    assert_str(e->related_works.v[0].relation, "01");
    assert_str(e->contributors.v[0].name, "Shelagh Heffernan");
    assert_str(e->edition_number, "1");
    assert_int_equal(edition_pages(e), 736);
    assert_str(e->audiences.v[0].type, "01");
    assert_str(e->audiences.v[0].value, "06");
    assert_int_equal(e->texts.n, 4);
    assert_str(e->texts.v[1].type, "04"); /* contents */
    assert_str(e->texts.v[2].type, "12"); /* of the author */
    assert_str(e->texts.v[3].type, "05"); /* back cover */
    assert_str(e->resources.v[0].link, "http://TEST.com/images/db/jimages/9780470095003.jpg");
    assert_str(e->country_of_publication, "GB");
    assert_str(e->status, "04");
    assert_int_equal(edition_published(e), 20050505);
    assert_int_equal(territory_has(&e->rights.v[0].territory, STR("CN")), TERRITORY_IN);
    assert_int_equal(e->related_products.n, 2);
    assert_str(e->related_products.v[0].relation, "13");
    assert_str(e->supplies.v[0].details.v[0].availability, "21");
    assert_int_equal(price_of(e)->minor, 1000040);
}

static void macmillan_rights_by_country(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_shared(&s, "jonix-onix2-multiple.xml"); /* ISO-8859-1 */
    assert_int_equal(s.records, 21);
    const struct edition *e = &s.record[0].edition;
    assert_int_equal(s.record[0].notification, NOTIFY_EARLY);
    assert_str(s.record[0].source_type, "01");
    assert_str(e->title.text, "147 Things");
    assert_str(e->title.subtitle,
               "My user's guide to the universe, from black holes to belly buttons");
    assert_str(e->form_details.v[0], "B105");
    assert_int_equal(e->rights.n, 3);
    assert_str(e->rights.v[0].type, "01");
    assert_int_equal(territory_has(&e->rights.v[0].territory, STR("NZ")), TERRITORY_IN);
    assert_str(e->rights.v[1].type, "02");
    assert_int_equal(territory_has(&e->rights.v[1].territory, STR("FJ")), TERRITORY_IN);
    assert_str(e->rights.v[2].type, "03");
    assert_int_equal(territory_has(&e->rights.v[2].territory, STR("CN")), TERRITORY_IN);
    const struct product_supply *p = &e->supplies.v[0];
    assert_str(p->markets.v[0].countries_included, "AU NZ");
    assert_str(p->details.v[0].supplier, "Alliance Distribution Services");
    assert_str(p->details.v[0].dates.v[0].role, "02");
    assert_int_equal(p->details.v[0].dates.v[0].date, 20190601);
    assert_int_equal(price_of(e)->minor, 1999);
    assert_int_equal(price_of(e)->taxes.v[0].percent_milli, 10000);
}

static void the_title_pages_sample(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_shared(&s, "jonix-onix2-single.xml");
    const struct edition *e = &s.record[0].edition;
    assert_str(e->title.prefix, "The");
    assert_str(e->title.text, "World Of Mining");
    assert_str(e->title.subtitle, "Doomed for Failure?");
    assert_int_equal(e->collections.n, 2);
    assert_str(e->collections.v[0].name, "Travel Guide");
    assert_str(e->collections.v[0].part, "2");
    assert_str(e->collections.v[1].part, "Volume 28");
    assert_str(edition_original_language(e), "sv");
    assert_int_equal(edition_pages(e), 120);
    assert_str(subject_of(e, "12")->code, "AJRK");
    assert_true(subject_of(e, "12")->main);
    /* The world, but not where it says so; a restriction on all of it. */
    assert_int_equal(territory_has(&e->rights.v[0].territory, STR("AU")), TERRITORY_IN);
    assert_int_equal(territory_has(&e->rights.v[1].territory, STR("FR")), TERRITORY_IN);
    assert_int_equal(territory_has(&e->rights.v[1].territory, STR("GB")), TERRITORY_OUT);
    assert_int_equal(territory_has(&e->rights.v[1].territory, STR("ZW")), TERRITORY_OUT);
    assert_str(e->rights.v[1].restrictions.v[0].type, "01");
    assert_str(e->dates.v[1].role, "10");
}

static void ingram_an_epub_for_the_world(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_shared(&s, "jonix-single-book-onix2.xml");
    const struct edition *e = &s.record[0].edition;
    assert_string_equal(e->isbn13, "9781576753422");
    assert_str(e->ids.v[1].type_name, "Safari FPI");
    assert_str(e->publishers.v[0].role, "01"); /* not said */
    assert_int_equal(edition_pages(e), 155);
    assert_str(e->supplies.v[0].details.v[0].supplier_role, "01");
    assert_str(e->supplies.v[0].details.v[0].availability, "20"); /* IP */
    assert_int_equal(e->supplies.v[0].details.v[0].dates.v[0].date, 20090801);
    assert_int_equal(price_of(e)->minor, 1995);
    assert_int_equal(territory_has(&price_of(e)->territory, STR("US")), TERRITORY_IN);
}

static void a_byte_order_mark_and_little_else(void **state)
{
    (void)state;
    SEEN_AUTO s, bare;
    read_shared(&s, "onixcheck-valid_onix2_ref.xml");
    assert_str(s.record[0].edition.title.text, "Some Title");
    assert_str(s.record[0].edition.form, "ED");
    read_shared(&bare, "yob-rba_FANT.xml");
    assert_str(bare.record[0].edition.title.text, "In Fashion (beacons)");
    assert_int_equal(bare.record[0].edition.form.n, 0);
    assert_true(has(&bare.findings, "warning sent-date SentDate\n"));
}

static void a_price_without_a_currency_is_none(void **state)
{
    (void)state;
    SEEN_AUTO s, two;
    read_shared(&s, "yob-9780194351898.xml");
    const struct edition *e = &s.record[0].edition;
    assert_str(e->title.text, "OXFORD PICTURE DICTIONARY CHINESE");
    assert_str(e->collections.v[0].name, "DICTIONARIES BEGINNER TO PRE-INTERMED");
    assert_str(subject_of(e, "14")->code, "2ABM");
    assert_int_equal(edition_published(e), 19980901);
    assert_str(e->supplies.v[0].details.v[0].availability, "21");
    assert_int_equal(e->supplies.v[0].details.v[0].prices.n, 0);
    assert_true(has(&s.findings, "warning currency SupplyDetail/Price/CurrencyCode\n"));
    read_shared(&two, "yob-two_products.xml");
    assert_int_equal(two.records, 2);
    const struct edition *other = &two.record[1].edition;
    assert_str(other->contributors.v[0].name, "Professor B. Graham");
    assert_str(other->supplies.v[0].details.v[0].availability, "99"); /* CS */
    assert_str(other->supplies.v[0].restrictions.v[0].type, "00");
}

static void named_characters_and_encodings(void **state)
{
    (void)state;
    SEEN_AUTO named, latin, none;
    read_shared(&named, "yob-entities.xml");
    assert_str(named.record[0].edition.title.text, "High Noon–in Nimbin");
    assert_str(named.record[0].edition.texts.v[0].type, "02");
    assert_str(named.record[0].edition.supplies.v[0].markets.v[0].countries_included, "AU");
    assert_str(named.record[0].edition.supplies.v[0].market_status, "02");
    read_shared(&latin, "yob-iso_8859_1.xml");
    const struct edition *e = &latin.record[0].edition;
    assert_str(e->contributors.v[0].name, "Hans Küng");
    assert_str(edition_language(e), "en");    /* the header's */
    assert_str(price_of(e)->currency, "AUD"); /* the header's */
    assert_str(price_of(e)->type, "02");
    assert_int_equal(price_of(e)->minor, 3295);
    read_shared(&none, "yob-no_encoding.xml");
    assert_str(none.record[0].edition.title.text, "Queenpin");
    assert_str(none.record[0].edition.contributors.v[0].inverted, "Abbott, Megan");
    assert_int_equal(none.record[0].edition.audiences.n, 0);
    assert_int_equal(none.record[0].edition.supplies.v[0].dates.v[0].date, 20091201);
}

/* The same record as the one in ISO-8859-1, in two bytes a character. */
static void utf_16(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_shared(&s, "../fragments/yob-utf_16.xml");
    assert_int_equal(s.records, 1);
    const struct edition *e = &s.record[0].edition;
    assert_str(s.header.release, "2.1");
    assert_string_equal(e->isbn13, "9781742169347");
    assert_str(e->title.text, "Property Is a Girl's Best Friend");
    assert_int_equal(price_of(e)->minor, 3295);
    assert_str(price_of(e)->currency, "AUD");
}

static void baylor_in_short_tags(void **state)
{
    (void)state;
    SEEN_AUTO s;
    read_shared(&s, "yob-short_tags.xml");
    const struct edition *e = &s.record[0].edition;
    assert_true(s.header.short_tags);
    assert_str(s.header.release, "2.1");
    assert_string_equal(e->isbn13, "9781602581869");
    assert_str(e->title.prefix, "The");
    assert_str(e->title.text, "Acts of the Apostles");
    assert_int_equal(e->contributors.n, 5);
    assert_str(e->contributors.v[4].roles.v[0], "A32");
    assert_int_equal(edition_pages(e), 1000);
    assert_str(subject_of(e, "10")->code, "REL073000");
    assert_str(e->texts.v[1].type, "06");
    assert_int_equal(e->country_of_publication.n, 0); /* "United States" */
    assert_int_equal(edition_published(e), 20090701);
    assert_int_equal(territory_has(&e->rights.v[0].territory, STR("GB")), TERRITORY_IN);
    assert_str(e->resources.v[1].type, "27"); /* thumbnail */
    const struct supply_detail *d = &e->supplies.v[0].details.v[0];
    assert_int_equal(d->prices.n, 2);
    assert_int_equal(d->prices.v[1].minor, 6699);
    assert_str(d->prices.v[1].currency, "GBP");
    assert_int_equal(d->prices.v[1].from, 20090622);
    assert_true(has(&s.findings, "information not-taken SupplyDetail/Price/DiscountCoded\n"));
}

static void catalogues_of_an_agent(void **state)
{
    (void)state;
    SEEN_AUTO bookwise, july;
    read_shared(&bookwise, "yob-Bookwise_July_2008.xml");
    assert_int_equal(bookwise.records, 346);
    const struct edition *e = &bookwise.record[0].edition;
    assert_str(e->title.text, "Harrys War The True Story Of Prince Harrys Heroism");
    assert_str(e->supplies.v[0].details.v[0].availability, "31");
    assert_str(e->supplies.v[0].market_status, "04");
    read_shared(&july, "yob-jul.xml");
    assert_int_equal(july.records, 238);
    e = &july.record[0].edition;
    assert_str(e->title.text, "Forgotten Garden");
    assert_str(e->texts.v[1].type, "03");
    assert_str(e->resources.v[0].type, "01");
    assert_int_equal(e->dates.v[1].date, 20080000); /* first published */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jouve_an_epub),
        cmocka_unit_test(wiley_a_pdf_with_everything),
        cmocka_unit_test(macmillan_rights_by_country),
        cmocka_unit_test(the_title_pages_sample),
        cmocka_unit_test(ingram_an_epub_for_the_world),
        cmocka_unit_test(a_byte_order_mark_and_little_else),
        cmocka_unit_test(a_price_without_a_currency_is_none),
        cmocka_unit_test(named_characters_and_encodings),
        cmocka_unit_test(utf_16),
        cmocka_unit_test(baylor_in_short_tags),
        cmocka_unit_test(catalogues_of_an_agent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
