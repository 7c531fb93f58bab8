/* A bank's statement: what is read of it is money that came, in a currency, on a day, in clean
 * UTF-8, and what is no statement says at which line it is none. */
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "domain/money.h"
#include "domain/payment_reference.h"
#include "pay/bank_statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void insist(bool right)
{
    if (!right)
        abort();
}

static void look(const struct statement_line *line)
{
    char found[PAYMENT_REFERENCE + 1], again[PAYMENT_REFERENCE + 1];
    insist(line->line > 0 && line->amount > 0 && money_exponent(line->currency) >= 0 &&
           date_valid(line->day));
    insist(utf8_clean(line->text) && line->text.n <= STATEMENT_TEXT_MAX &&
           utf8_clean(line->payer) && utf8_clean(line->id));
    for (size_t at = 0; payment_reference_find(line->text, &at, found);)
        insist(at <= line->text.n && payment_reference_read(str_of(found), again) &&
               str_eq(str_of(found), str_of(again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct bank_statement statement = {0};
    struct fault fault = {""};
    enum rc rc =
        bank_statement_read(&arena, (struct str){(const char *)bytes, n}, &statement, &fault);
    insist(rc == RC_OK || ((rc == RC_INVALID || rc == RC_LIMIT) && fault.text[0] != 0 &&
                           utf8_valid(str_of(fault.text), NULL)));
    for (size_t i = 0; i < statement.lines.n; i++)
        look(&statement.lines.v[i]);
    return 0;
}
