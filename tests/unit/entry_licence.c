/* Entries about licences: written, read and written they are the same, and what they may not
 * say is refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "canonical.h"
#include "record/entry.h"

#define AT 1790000000

static struct entry a_licence(void)
{
    return (struct entry){.type = ENTRY_LICENCE,
                          .at = AT,
                          .licence = {.id = 3,
                                      .country = STR("CN"),
                                      .kind = LICENCE_ACTIVITY,
                                      .authority = STR("Press Administration"),
                                      .holder = STR("Riverside (Shanghai) Ltd"),
                                      .number = STR("PB 17"),
                                      .activities = LICENCE_BIT(ACTIVITY_RETAIL),
                                      .formats = LICENCE_BIT(LICENCE_PRINT),
                                      .status = LICENCE_GRANTED,
                                      .from = AT,
                                      .until = AT + 1}};
}

static struct entry a_change(void)
{
    return (struct entry){.type = ENTRY_LICENCE_CHANGED,
                          .at = AT,
                          .licence = {.id = 3, .status = LICENCE_REVOKED, .until = AT + 9}};
}

static struct entry a_need(void)
{
    return (struct entry){.type = ENTRY_LICENCE_NEED,
                          .at = AT,
                          .commitment = {{7}},
                          .need = {.country = STR("CN"),
                                   .formats = LICENCE_BIT(LICENCE_EBOOK),
                                   .activity = ACTIVITY_PUBLISH_ONLINE,
                                   .need = NEED_REQUIRED,
                                   .kind = STR("activity"),
                                   .source = STR("Order 5 of 2016, Art. 7"),
                                   .read = AT}};
}

static struct entry a_gap(void)
{
    return (struct entry){.type = ENTRY_LICENCE_GAP,
                          .at = AT,
                          .gap = {STR("cn"), LICENCE_BIT(LICENCE_EBOOK), STR("missing")}};
}

static void they_come_back(void **state)
{
    (void)state;
    struct entry all[] = {a_licence(), a_change(), a_need(), a_gap(), a_licence(), a_need()};
    all[4].licence.number = STR_NONE;
    all[4].licence.status = LICENCE_APPLIED;
    all[4].licence.from = all[4].licence.until = 0;
    all[5].need.need = NEED_NOT_RESEARCHED;
    all[5].need.kind = all[5].need.source = STR_NONE;
    all[5].need.read = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ARENA_AUTO arena = ARENA_INIT;
        BUF_AUTO once = BUF_INIT(4096);
        BUF_AUTO twice = BUF_INIT(4096);
        struct entry got;
        struct fault fault = {""};
        if (entry_write(&all[i], &once, &fault) != RC_OK)
            fail_msg("%zu: %s", i, fault.text);
        assert_canonical(buf_str(&once));
        if (entry_read(&arena, buf_str(&once), &got, &fault) != RC_OK)
            fail_msg("%zu: %s", i, fault.text);
        assert_int_equal(entry_write(&got, &twice, &fault), RC_OK);
        assert_true(str_eq(buf_str(&once), buf_str(&twice)));
        if (got.type == ENTRY_LICENCE) {
            assert_int_equal(got.licence.status, all[i].licence.status);
            assert_int_equal(got.licence.formats, all[i].licence.formats);
            assert_int_equal(got.licence.until, all[i].licence.until);
        }
    }
}

#define REFUSE(kind, change, about)                                                                \
    do {                                                                                           \
        BUF_AUTO out = BUF_INIT(4096);                                                             \
        struct fault fault = {""};                                                                 \
        struct entry e = kind();                                                                   \
        change;                                                                                    \
        assert_int_equal(entry_write(&e, &out, &fault), RC_INVALID);                               \
        if (strstr(fault.text, about) == NULL)                                                     \
            fail_msg("\"%s\" does not name \"%s\"", fault.text, about);                            \
    } while (0)

static void they_have_rules(void **state)
{
    (void)state;
    REFUSE(a_licence, e.licence.id = 0, "id");
    REFUSE(a_licence, e.licence.country = STR("China"), "country");
    REFUSE(a_licence, e.licence.authority = STR(" "), "authority");
    REFUSE(a_licence, e.licence.holder = STR_NONE, "holder");
    REFUSE(a_licence, e.licence.formats = 0, "formats");
    REFUSE(a_licence, e.licence.activities = 1 << LICENCE_ACTIVITY_COUNT, "activities");
    REFUSE(a_licence, e.licence.status = (enum licence_status)99, "status");
    REFUSE(a_licence, e.licence.until = AT, "until");
    REFUSE(a_licence, e.licence.from = 0, "from");
    REFUSE(a_licence, e.licence.authority = STR("https://press.example"), "authority");
    REFUSE(a_licence, e.licence.holder = STR("li@riverside.example"), "holder");
    REFUSE(a_licence, e.licence.number = STR("ask li@riverside.example"), "number");
    REFUSE(a_change, e.licence.id = 0, "id");
    REFUSE(a_need, e.need.kind = STR_NONE, "kind");
    REFUSE(a_need, e.need.kind = STR("title"), "kind");
    REFUSE(a_need, e.need.source = STR_NONE, "source");
    REFUSE(a_need, e.need.source = STR("https://law.example"), "source");
    REFUSE(a_need, e.need.read = INT64_MAX, "read");
    REFUSE(a_gap, e.gap.gap = STR("expired"), "gap");
    REFUSE(a_gap, e.gap.storefront = STR("C N"), "storefront");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_come_back),
        cmocka_unit_test(they_have_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
