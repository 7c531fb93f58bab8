/* Packed facts come back as they were, whatever is in them; damaged ones are
 * found out; a block update changes its blocks and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/edition_update.h"
#include "store/pack.h"

#define LIST_OF(list, type, ...)                                                                   \
    do {                                                                                           \
        static type items[] = {__VA_ARGS__};                                                       \
        (list).v = items;                                                                          \
        (list).n = sizeof items / sizeof *items;                                                   \
    } while (0)
#define S(text)                                                                                    \
    {                                                                                              \
        "" text, sizeof(text) - 1                                                                  \
    }

static struct edition full_edition(void)
{
    struct edition e = {.blocks = BLOCK_DESCRIPTIVE | BLOCK_COLLATERAL | BLOCK_CONTENT |
                                  BLOCK_PUBLISHING | BLOCK_RELATED | BLOCK_SUPPLY,
                        .isbn13 = "9780306406157",
                        .composition = S("00"),
                        .form = S("ED"),
                        .protection = S("02"),
                        .title = {S("The"), S("Salt Almanac"), S("A Year"), S("2"), S("eng")},
                        .original_title = {.text = S("盐历")},
                        .edition_number = S("3"),
                        .edition_statement = S("Third, revised"),
                        .country_of_publication = S("GB"),
                        .status = S("04"),
                        .row_rights = S("03")};
    LIST_OF(e.ids, struct identifier, {S("15"), {0}, S("9780306406157")},
            {S("01"), S("House number"), S("HS-17")});
    LIST_OF(e.form_details, struct str, S("E101"), S("E200"));
    LIST_OF(e.contributors, struct contributor,
            {.sequence = 1,
             .name = S("Inés Marlow"),
             .inverted = S("Marlow, Inés"),
             .identifier = S("isni:0000000121032683")},
            {.sequence = 4000000000u, .name = S("Heron Street"), .corporate = true},
            {.unnamed = S("04")});
    LIST_OF(e.contributors.v[0].roles, struct str, S("A01"), S("B06"));
    LIST_OF(e.collections, struct collection_part,
            {S("Almanacs"), S("2.5"), S("10"), {S("02"), {0}, S("12345678")}});
    LIST_OF(e.languages, struct text_language, {S("01"), S("chi"), S("Hans")});
    LIST_OF(e.extents, struct extent, {S("00"), S("320"), S("03")});
    LIST_OF(e.subjects, struct subject, {S("93"), S("FBC"), S("Classics"), true},
            {S("20"), {0}, S("salt; sea"), false});
    LIST_OF(e.audiences, struct audience, {S("range"), S("17:03:8:04:12")});
    e.contributors.v[0].transliterated = (struct str)S("Ines Marlow");
    e.contributors.v[0].note = (struct str)S("<p>Of the coast.</p>");
    LIST_OF(e.features, struct form_feature, {S("09"), S("00"), S("Maps are described.")});
    LIST_OF(e.measures, struct measure, {S("01"), S("198"), S("mm")});
    LIST_OF(e.usages, struct usage, {S("02"), S("02"), S("20"), S("04")});
    LIST_OF(e.prizes, struct prize, {S("Example Prize"), S("2024"), S("01")});
    LIST_OF(
        e.texts, struct text_content,
        {S("03"), S("00"), S("eng"), S("<p>Salt &amp; sea.</p>"), S("A. Gray"), S("The Times")});
    LIST_OF(e.resources, struct resource,
            {S("01"), S("03"), S("02"), S("https://example.org/a.jpg")});
    LIST_OF(e.imprints, struct str, S("Heron"));
    LIST_OF(e.publishers, struct publisher, {S("01"), S("Heron Street Press")});
    LIST_OF(e.dates, struct role_date, {S("01"), 20240500});
    LIST_OF(e.rights, struct sales_rights,
            {.type = S("01"), .territory = {S("US CN"), S("WORLD"), S("DE"), S("GB-SCT")}});
    LIST_OF(e.rights.v[0].restrictions, struct sales_restriction, {S("04"), 20240101, 20241231});
    LIST_OF(e.related_works, struct related, {S("01"), {S("11"), {0}, S("0000000123456789")}});
    LIST_OF(e.related_products, struct related, {S("06"), {S("15"), {0}, S("9780131103627")}});
    LIST_OF(e.supplies, struct product_supply,
            {.market_reference = S("m1"), .has_market = true, .market_status = S("04")});
    struct product_supply *supply = &e.supplies.v[0];
    LIST_OF(supply->markets, struct territory, {.countries_included = S("US")});
    LIST_OF(supply->restrictions, struct sales_restriction, {.type = S("02"), .until = 20250101});
    LIST_OF(supply->dates, struct role_date, {S("02"), 20240601});
    LIST_OF(supply->details, struct supply_detail,
            {.supplier_role = S("01"),
             .supplier = S("Heron"),
             .availability = S("20"),
             .unpriced = S("02")});
    LIST_OF(supply->details.v[0].dates, struct role_date, {S("08"), 20240602});
    LIST_OF(supply->details.v[0].prices, struct price,
            {.type = S("02"),
             .qualifier = S("05"),
             .status = S("02"),
             .currency = S("USD"),
             .minor = INT64_MAX,
             .conditional = true,
             .has_territory = true,
             .territory = {.countries_included = S("US")},
             .from = 20240101,
             .until = 20240201},
            {.minor = -1, .unpriced = S("01")});
    LIST_OF(supply->details.v[0].prices.v[0].taxes, struct tax, {S("01"), S("R"), 7000},
            {S("02"), S("Z"), -1});
    return e;
}

static struct edition round_trip(const struct edition *e, struct buf *bytes, struct arena *arena)
{
    struct edition back;
    struct fault fault;
    pack_edition(e, bytes);
    assert_int_equal(buf_check(bytes), RC_OK);
    assert_int_equal(unpack_edition(buf_str(bytes), arena, &back, &fault), RC_OK);
    return back;
}

static void assert_text(struct str s, const char *text)
{
    assert_int_equal(s.n, strlen(text));
    assert_memory_equal(s.p, text, s.n);
}

static void everything_comes_back(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO first = BUF_INIT(PACK_MAX);
    BUF_AUTO second = BUF_INIT(PACK_MAX);
    struct edition e = full_edition(), back = round_trip(&e, &first, &arena);
    assert_int_equal(back.blocks, e.blocks);
    assert_string_equal(back.isbn13, "9780306406157");
    assert_text(back.ids.v[1].type_name, "House number");
    assert_text(back.title.prefix, "The");
    assert_text(back.original_title.text, "盐历");
    assert_int_equal(back.contributors.n, 3);
    assert_text(back.contributors.v[0].roles.v[1], "B06");
    assert_true(back.contributors.v[1].corporate);
    assert_int_equal(back.contributors.v[1].sequence, 4000000000u);
    assert_text(back.collections.v[0].id.value, "12345678");
    assert_true(back.subjects.v[0].main);
    assert_text(back.texts.v[0].html, "<p>Salt &amp; sea.</p>");
    assert_text(back.texts.v[0].source, "The Times");
    assert_text(back.contributors.v[0].transliterated, "Ines Marlow");
    assert_text(back.contributors.v[0].note, "<p>Of the coast.</p>");
    assert_text(back.features.v[0].text, "Maps are described.");
    assert_text(back.measures.v[0].unit, "mm");
    assert_text(back.usages.v[0].quantity, "20");
    assert_text(back.prizes.v[0].code, "01");
    assert_int_equal(back.dates.v[0].date, 20240500);
    assert_text(back.rights.v[0].territory.regions_excluded, "GB-SCT");
    assert_int_equal(back.rights.v[0].restrictions.v[0].until, 20241231);
    const struct price *prices = back.supplies.v[0].details.v[0].prices.v;
    assert_true(prices[0].minor == INT64_MAX);
    assert_true(prices[0].conditional && prices[0].has_territory);
    assert_int_equal(prices[0].taxes.v[1].percent_milli, -1);
    assert_int_equal(prices[1].minor, -1);
    /* What the asserts above left out shows in the bytes. */
    round_trip(&back, &second, &arena);
    assert_int_equal(first.n, second.n);
    assert_memory_equal(first.p, second.p, first.n);
}

static void nothing_comes_back_as_nothing(void **state)
{
    (void)state;
    static const struct edition nothing;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO bytes = BUF_INIT(PACK_MAX);
    struct edition back = round_trip(&nothing, &bytes, &arena);
    assert_int_equal(bytes.n, 2);
    assert_memory_equal(&back, &nothing, sizeof back);
}

/* Version 1, {3: "00", 31: [1, {2: -5}], 40: h'01', 41: 1.5, 42: null}. */
static void unknown_keys_are_skipped(void **state)
{
    (void)state;
    static const char bytes[] = "\x01\xA5\x03\x62"
                                "00\x18\x27\x82\x01\xA1\x02\x24\x18\x28\x41\x01\x18\x29\xFA\x3F"
                                "\xC0\x00\x00\x18\x2A\xF6";
    ARENA_AUTO arena = ARENA_INIT;
    struct edition e;
    assert_int_equal(unpack_edition((struct str){bytes, sizeof bytes - 1}, &arena, &e, NULL),
                     RC_OK);
    assert_text(e.composition, "00");
}

static void damage_is_found(void **state)
{
    (void)state;
    static const struct str bad[] = {
        S(""),
        S("\x02\xA0"),                                             /* another version */
        S("\x01\x80"),                                             /* a list for a map */
        S("\x01\xA0\xA0"),                                         /* bytes left over */
        S("\x01\xA1\x03\x05"),                                     /* a number for a text */
        S("\x01\xA1\x03\x62\xFF\xFF"),                             /* no UTF-8 */
        S("\x01\xA2\x04\x61x\x03\x61y"),                           /* keys that go down */
        S("\x01\xA1\x09\x9A\x00\x01\x00\x00"),                     /* more elements than bytes */
        S("\x01\xA1\x18\x30\x9B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), /* the same, unknown */
        S("\x01\xA1\x18\x30\x9F\x9F\x9F\xFF"),                     /* indefinite lists */
        S("\x01\xA1\x01\x61x"),                                    /* an ISBN of one character */
    };
    ARENA_AUTO arena = ARENA_INIT;
    struct edition e;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(unpack_edition(bad[i], &arena, &e, NULL), RC_CORRUPT);

    struct edition full = full_edition();
    BUF_AUTO bytes = BUF_INIT(PACK_MAX);
    pack_edition(&full, &bytes);
    for (size_t n = 0; n < bytes.n; n++) {
        assert_int_equal(unpack_edition((struct str){bytes.p, n}, &arena, &e, NULL), RC_CORRUPT);
        arena_reset(&arena);
    }
}

static void too_large_is_refused_when_packed(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO bytes = BUF_INIT(PACK_MAX);
    struct edition e = {0};
    e.subjects.n = 200000;
    e.subjects.v = ARENA_ARRAY(&arena, struct subject, e.subjects.n);
    pack_edition(&e, &bytes);
    assert_int_equal(buf_check(&bytes), RC_LIMIT);
}

static void an_update_changes_its_blocks_alone(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct edition e = full_edition();
    struct edition update = {.blocks = BLOCK_PUBLISHING, .status = S("07")};
    edition_apply_update(&e, &update, BLOCK_COLLATERAL, &arena);
    assert_text(e.status, "07");
    assert_int_equal(e.rights.n, 0); /* the block is replaced, not merged */
    assert_int_equal(e.texts.n, 0);
    assert_int_equal(e.resources.n, 0);
    assert_text(e.title.text, "Salt Almanac");
    assert_int_equal(e.supplies.n, 1);
    assert_string_equal(e.isbn13, "9780306406157");
    assert_false(e.blocks & BLOCK_COLLATERAL);
}

static void a_named_market_changes_alone(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct edition e = full_edition();
    struct edition update = {.blocks = BLOCK_SUPPLY};
    LIST_OF(update.supplies, struct product_supply, {.market_reference = S("m2")});
    LIST_OF(update.supplies.v[0].details, struct supply_detail, {.availability = S("20")});
    edition_apply_update(&e, &update, 0, &arena);
    assert_int_equal(e.supplies.n, 2);
    assert_int_equal(e.supplies.v[0].details.n, 1);

    struct edition withdrawn = {.blocks = BLOCK_SUPPLY};
    LIST_OF(withdrawn.supplies, struct product_supply, {.market_reference = S("m1")});
    edition_apply_update(&e, &withdrawn, 0, &arena);
    assert_int_equal(e.supplies.n, 2);
    assert_int_equal(e.supplies.v[0].details.n, 0);
    assert_int_equal(e.supplies.v[0].markets.n, 1);

    struct edition whole = {.blocks = BLOCK_SUPPLY};
    LIST_OF(whole.supplies, struct product_supply, {.market_status = S("04")});
    edition_apply_update(&e, &whole, 0, &arena);
    assert_int_equal(e.supplies.n, 1);
    assert_int_equal(e.supplies.v[0].market_reference.n, 0);

    /* What is there has no name: it cannot be told which of it stays. */
    edition_apply_update(&e, &update, 0, &arena);
    assert_int_equal(e.supplies.n, 1);
    assert_text(e.supplies.v[0].market_reference, "m2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(nothing_comes_back_as_nothing),
        cmocka_unit_test(unknown_keys_are_skipped),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(too_large_is_refused_when_packed),
        cmocka_unit_test(an_update_changes_its_blocks_alone),
        cmocka_unit_test(a_named_market_changes_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
