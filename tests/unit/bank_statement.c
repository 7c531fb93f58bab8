/* Statements of banks are read whole or not at all, and say at which line they are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "pay/bank_statement.h"

static struct bank_statement read_well(struct arena *arena, struct str bytes)
{
    struct bank_statement s = {0};
    struct fault fault = {""};
    enum rc rc = bank_statement_read(arena, bytes, &s, &fault);
    assert_string_equal(fault.text, "");
    assert_int_equal(rc, RC_OK);
    return s;
}

static struct str corpus(struct arena *arena, const char *name)
{
    struct str bytes = STR_NONE;
    const char *path =
        arena_printf(arena, "%s/fuzz/corpus/bank_statement/%s", getenv("COLOPHON_SOURCE"), name).p;
    assert_int_equal(file_read(path, 1 << 20, arena, &bytes, NULL), RC_OK);
    return bytes;
}

static void is_line(const struct statement_line *line, int64_t amount, const char *text,
                    const char *payer, const char *id)
{
    assert_int_equal(line->amount, amount);
    assert_int_equal(line->day, 20261130);
    assert_true(str_is(line->text, text));
    assert_true(str_is(line->payer, payer));
    assert_true(str_is(line->id, id));
}

static void csv_is_read(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct bank_statement s = read_well(&arena, corpus(&arena, "csv"));
    assert_int_equal(s.lines.n, 1);
    assert_int_equal(s.left, 1);
    is_line(s.lines.v, 1290, "Order ACD-EFG-HJK", "Reader", "77");
    assert_int_equal(s.lines.v[0].line, 2);
    s = read_well(&arena, corpus(&arena, "csv_semicolons"));
    assert_int_equal(s.lines.n, 1);
    is_line(s.lines.v, 123450, "two\nlines", "", "");
}

static void camt_is_read(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct bank_statement s = read_well(&arena, corpus(&arena, "camt2"));
    assert_int_equal(s.lines.n, 1);
    assert_int_equal(s.left, 1);
    is_line(s.lines.v, 1290, "ACD-EFG-HJK\nNOTPROVIDED", "Reader", "A1");
    assert_false(s.lines.v[0].reversed);
    s = read_well(&arena, corpus(&arena, "camt8"));
    assert_int_equal(s.lines.n, 2);
    assert_int_equal(s.pending, 1);
    is_line(&s.lines.v[0], 1000, "ACDEFGHJK |", "One", "B/1");
    is_line(&s.lines.v[1], 2000, "two\nlines", "", "B/2");
    assert_true(s.lines.v[0].reversed && str_is(s.lines.v[0].currency, "CHF"));
}

static void what_is_wrong_has_its_line(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        const char *fault;
    } cases[] = {
        {STR(""), "line 1: the statement is empty"},
        {STR("  \n "), "line 1: the statement is empty"},
        {STR("date,amount\n"),
         "line 1: the columns are named here, date, amount, currency and text among them"},
        {STR("date,amount,currency,text,date\n"), "line 1, column 5: date is there twice"},
        {STR("date,amount,currency,text\n\n2026-11-30,1,EUR\n"),
         "line 3: 3 fields, where the first line names 4"},
        {STR("date,amount,currency,text\n2026-11-30,1,EUR,\"a\nb\"\n2026-11-31,1,EUR,x\n"),
         "line 4: date: a day as 2026-11-30"},
        {STR("date,amount,currency,text\n2026-11-30,1.005,EUR,x\n"),
         "line 2: amount: “1.005” is no amount in EUR"},
        {STR("date,amount,currency,text\n2026-11-30,99999999999999999999,EUR,x\n"),
         "line 2: amount: “99999999999999999999” is no amount in EUR"},
        {STR("date,amount,currency,text\n2026-11-30,1,euro,x\n"),
         "line 2: currency: three capital letters (ISO 4217)"},
        {STR("date,amount,currency,text\n2026-11-30,1,EUR,\"x\n"), "line 2: its quotes do not fit"},
        {STR("date,amount,currency,text\n2026-11-30,1,EUR,\xff\n"),
         "line 2: it holds control characters or is no UTF-8"},
        {STR("<Document/>"), "line 1: <Document>: this is no camt.053 "
                             "(urn:iso:std:iso:20022:tech:xsd:camt.053.001.…)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ARENA_AUTO arena = ARENA_INIT;
        struct bank_statement s = {.left = 77};
        struct fault fault = {""};
        assert_int_equal(bank_statement_read(&arena, cases[i].bytes, &s, &fault), RC_INVALID);
        assert_string_equal(fault.text, cases[i].fault);
        assert_int_equal(s.left, 77);
    }
}

/* Nothing of the file's own is looked up, nor grows. */
static void entities_are_nothing(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct bank_statement s = {0};
    struct fault fault = {""};
    enum rc rc = bank_statement_read(&arena, corpus(&arena, "camt_entities"), &s, &fault);
    assert_true(rc == RC_INVALID || s.lines.n == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_read),
        cmocka_unit_test(camt_is_read),
        cmocka_unit_test(what_is_wrong_has_its_line),
        cmocka_unit_test(entities_are_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
