/* Disclosures of ownership and agreements, as commands hand them in: options and their values,
 * one after the other, each ended by a NUL byte as in a process's arguments. What becomes an
 * entry says what was handed in and nothing else, and is read again as the same. */
#include <stdint.h>

#include "app/party_orders.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "record/entry.h"
#include "record/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void insist(bool right)
{
    if (!right)
        abort();
}

static struct str option(struct str arguments, const char *name)
{
    struct str rest = arguments, word, found = STR_NONE;
    while (str_next(&rest, '\0', &word))
        if (str_eq(word, str_of(name)) && !str_next(&rest, '\0', &found))
            return STR_NONE;
    return found;
}

/* What the log would have; false where it is refused. */
static bool publish(struct arena *arena, struct entry *e, struct entry *ret)
{
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX), again = BUF_INIT(ENTRY_MAX);
    struct fault fault = {""};
    if (entry_write(e, &bytes, &fault) != RC_OK) {
        insist(fault.text[0] != '\0' && bytes.n <= ENTRY_MAX);
        return false;
    }
    insist(utf8_valid(buf_str(&bytes), NULL));
    struct str kept = arena_str(arena, buf_str(&bytes));
    insist(entry_read(arena, kept, ret, &fault) == RC_OK && ret->type == e->type);
    insist(entry_write(ret, &again, &fault) == RC_OK && str_eq(buf_str(&again), kept));
    return true;
}

static bool is_country(struct str s)
{
    return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static void disclose(struct arena *arena, struct str arguments)
{
    struct disclosure_order order = {.shop = option(arguments, "disclose"),
                                     .owner = option(arguments, "--owner"),
                                     .controlled_by = option(arguments, "--controlled-by"),
                                     .country = option(arguments, "--country"),
                                     .text = option(arguments, "--text")};
    struct entry e, said;
    struct fault fault = {""};
    if (disclosure_order_entry(&order, 1800000000, &e, &fault) != RC_OK) {
        insist(fault.text[0] != '\0');
        return;
    }
    insist(order.text.n <= PARTIES_TEXT_MAX && utf8_valid(order.text, NULL));
    if (!publish(arena, &e, &said))
        return;
    insist(str_eq(said.disclosure.shop, order.shop) && said.disclosure.owner.n > 0 &&
           str_eq(said.disclosure.owner, str_trim(order.owner)) &&
           str_eq(said.disclosure.controlled_by, str_trim(order.controlled_by)) &&
           str_eq(said.disclosure.country, order.country));
    insist(order.country.n == 0 || is_country(order.country));
}

static void agree(struct arena *arena, struct str arguments)
{
    struct agreement_order order = {.authority = option(arguments, "--authority"),
                                    .country = option(arguments, "--country"),
                                    .text = option(arguments, "--text")};
    struct str until = option(arguments, "--until");
    struct entry e, said;
    struct fault fault = {""};
    if (!time_or_date_parse(option(arguments, "--from"), false, &order.from) ||
        (until.n > 0 && !time_or_date_parse(until, true, &order.until)))
        return;
    if (agreement_order_entry(&order, 7, 1800000000, &e, &fault) != RC_OK) {
        insist(fault.text[0] != '\0');
        return;
    }
    insist(order.text.n <= PARTIES_TEXT_MAX && utf8_valid(order.text, NULL));
    if (!publish(arena, &e, &said))
        return;
    insist(said.agreement.id == 7 && said.agreement.authority.n > 0 &&
           str_eq(said.agreement.authority, str_trim(order.authority)) &&
           is_country(said.agreement.country) && str_eq(said.agreement.country, order.country));
    insist(said.agreement.from == order.from && said.agreement.until == order.until &&
           (said.agreement.until == 0 || said.agreement.until > said.agreement.from));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str arguments = {(const char *)bytes, n};
    disclose(&arena, arguments);
    agree(&arena, arguments);
    return 0;
}
