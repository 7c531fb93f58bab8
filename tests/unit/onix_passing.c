/* Records that pass by their bytes: which do, and which must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "onix/onix.h"

enum { RECORDS_MAX = 8 };

/* One reading of a message. */
struct reading {
    struct {
        bool has_bytes;
        uint8_t bytes[16];
        char title[32];
    } records[RECORDS_MAX];
    size_t n, passed, count;
    const struct reading *met; /* whose records are known */
    struct fault fault;
};

static enum rc on_header(void *context, const struct onix_header *header, struct fault *fault)
{
    (void)context;
    (void)header;
    (void)fault;
    return RC_OK;
}

static enum rc on_record(void *context, const struct onix_record *record, struct arena *arena,
                         struct fault *fault)
{
    struct reading *r = context;
    (void)arena;
    (void)fault;
    assert_in_range(r->n, 0, RECORDS_MAX - 1);
    r->records[r->n].has_bytes = record->has_bytes;
    memcpy(r->records[r->n].bytes, record->bytes, 16);
    snprintf(r->records[r->n].title, sizeof r->records->title, "%.*s",
             STR_ARG(record->edition.title.text));
    r->n++;
    return RC_OK;
}

static void on_finding(void *context, const struct onix_finding *finding)
{
    (void)context;
    (void)finding;
}

static bool on_known(void *context, const uint8_t bytes[16])
{
    struct reading *r = context;
    for (size_t i = 0; r->met != NULL && i < r->met->n; i++)
        if (r->met->records[i].has_bytes && memcmp(r->met->records[i].bytes, bytes, 16) == 0) {
            r->passed++;
            return true;
        }
    return false;
}

/* In pushes of `push` bytes; with all known that the reading `met` delivered. */
static struct reading read_message(const char *text, size_t push, const struct reading *met)
{
    struct reading r = {.met = met};
    struct onix_sink sink = {&r, on_header, on_record, on_finding, on_known};
    struct onix_reader *reader;
    struct str rest = str_of(text);
    enum rc rc = RC_OK;
    assert_int_equal(onix_reader_open(&sink, &reader, NULL), RC_OK);
    for (size_t at = 0; at < rest.n && rc == RC_OK; at += push) {
        struct str part = str_sub(rest, at, at + push);
        rc = onix_reader_push(reader, part.p, part.n, &r.fault);
    }
    if (rc == RC_OK)
        rc = onix_reader_end(reader, &r.fault);
    r.count = onix_reader_count(reader);
    onix_reader_close(reader);
    return r;
}

#define HEADER(release, more)                                                                      \
    "<ONIXMessage release=\"" release "\"><Header><Sender><SenderName>Quay</SenderName></Sender>"  \
    "<SentDateTime>20260901T1200Z</SentDateTime>" more "</Header>"
#define HEAD HEADER("3.0", "")
#define PRODUCT(reference, title)                                                                  \
    "\n<Product><RecordReference>" reference                                                       \
    "</RecordReference><NotificationType>03</NotificationType><ProductIdentifier>"                 \
    "<ProductIDType>15</ProductIDType><IDValue>9783161484100</IDValue></ProductIdentifier>"        \
    "<DescriptiveDetail><ProductForm>BC</ProductForm><TitleDetail><TitleType>01</TitleType>"       \
    "<TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>" title                     \
    "</TitleText></TitleElement></TitleDetail></DescriptiveDetail></Product>"
#define B PRODUCT("b", "B")
#define C PRODUCT("c", "C")
#define END "\n</ONIXMessage>\n"

static void known_records_pass_by_their_bytes(void **state)
{
    (void)state;
    static const char text[] = HEAD PRODUCT("a", "A") B C PRODUCT("d", "D") END "<broken";
    static const char changed[] =
        HEAD PRODUCT("a", "A") PRODUCT("b", "Other") C PRODUCT("d", "D") END "<broken";
    for (size_t push = 1; push < sizeof text; push += 37) {
        struct reading first = read_message(text, push, NULL);
        assert_int_equal(first.n, 4);
        assert_false(first.records[0].has_bytes); /* its piece began with the header */
        struct reading again = read_message(text, push, &first);
        assert_int_equal(again.passed, 3);
        assert_int_equal(again.n, 1);
        assert_int_equal(again.count, 4);
        assert_string_equal(again.fault.text, first.fault.text); /* line and byte */
        struct reading other = read_message(changed, push, &first);
        assert_int_equal(other.passed, 2);
        assert_int_equal(other.n, 2);
        assert_string_equal(other.records[1].title, "Other");
    }
}

static void no_record_passes_that_means_something_else(void **state)
{
    (void)state;
    static const char *const others[] = {
        /* Inside a comment, a CDATA section, another element: no record at all. */
        HEAD PRODUCT("a", "A") "<!--" B "-->" PRODUCT("c", "D") END,
        HEAD PRODUCT("a", "<![CDATA[" B C "]]>") END,
        HEAD PRODUCT("a", "A") "<Other>" B C "</Other>" END,
        /* Under other defaults, of another release. */
        HEADER("3.0", "<DefaultCurrencyCode>EUR</DefaultCurrencyCode>") PRODUCT("a", "A") B C END,
        HEADER("3.1", "") PRODUCT("a", "A") B C END,
        /* In an encoding that libxml2 turns into another. */
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" HEAD PRODUCT("a", "A") B C END,
    };
    struct reading first = read_message(HEAD PRODUCT("a", "A") B C END, 4096, NULL);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct reading plain = read_message(others[i], 4096, NULL);
        struct reading knowing = read_message(others[i], 4096, &first);
        if (knowing.passed > 0)
            fail_msg("a record passed in message %zu", i);
        assert_int_equal(knowing.n, plain.n);
    }
}

#define OLD(reference, title)                                                                      \
    "\n<Product><RecordReference>" reference                                                       \
    "</RecordReference><NotificationType>03</NotificationType><ProductIdentifier>"                 \
    "<ProductIDType>15</ProductIDType><IDValue>9783161484100</IDValue></ProductIdentifier>"        \
    "<ProductForm>BC</ProductForm><Title><TitleType>01</TitleType><TitleText>" title               \
    "</TitleText></Title></Product>"
#define DELETION                                                                                   \
    "\n<Product><RecordReference>a</RecordReference><NotificationType>05</NotificationType>"       \
    "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9783161484100</IDValue>"         \
    "</ProductIdentifier></Product>"

/* Of 2.1 as well, also where nothing before the second record says that it is 2.1. */
static void records_of_2_1_pass(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "<ONIXMessage release=\"2.1\"><Header><FromCompany>Quay</FromCompany></Header>",
        "<ONIXMessage><Header><FromCompany>Quay</FromCompany></Header>",
        "<ONIXMessage><Header><MessageNumber>1</MessageNumber></Header>"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char text[4096], changed[4096], new[4096];
        snprintf(text, sizeof text, "%s%s", heads[i], DELETION OLD("b", "B") OLD("c", "C") END);
        snprintf(changed, sizeof changed, "%s%s", heads[i],
                 DELETION OLD("b", "B") OLD("c", "D") END);
        snprintf(new, sizeof new, "%s%s", heads[i], DELETION OLD("b", "B") C END);
        struct reading first = read_message(text, 4096, NULL);
        assert_string_equal(first.fault.text, "");
        assert_int_equal(first.n, 3);
        struct reading again = read_message(text, 17, &first);
        /* Where b said that it is 2.1 and passes now, c has to say so. */
        assert_int_equal(again.passed, i == 2 ? 1 : 2);
        assert_string_equal(again.fault.text, "");
        struct reading other = read_message(changed, 17, &first);
        assert_int_equal(other.passed, 1);
        assert_string_equal(other.records[1].title, "D");
        /* Nothing of the other release comes behind it. */
        assert_non_null(strstr(read_message(new, 4096, NULL).fault.text, "is of ONIX 3"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_records_pass_by_their_bytes),
        cmocka_unit_test(records_of_2_1_pass),
        cmocka_unit_test(no_record_passes_that_means_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
