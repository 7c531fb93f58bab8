/* The lines of `agreement add` and `shop disclose`: words as in a process's arguments, each ended
 * by a NUL byte, read as the command line reads them. What is taken has what the command needs,
 * nothing twice, and every value among its words; what becomes an entry says what was handed in
 * and nothing else, and is read again as the same. */
#include <stdint.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "cli/party_lines.h"
#include "record/entry.h"
#include "record/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void insist(bool right)
{
    if (!right)
        abort();
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

static void disclose(struct cli *cli)
{
    struct disclosure_order order = party_read_disclosure(cli);
    struct entry e, said;
    struct fault fault = {""};
    if (disclosure_order_entry(&order, 1800000000, &e, &fault) != RC_OK) {
        insist(fault.text[0] != '\0');
        return;
    }
    insist(order.text.n <= PARTIES_TEXT_MAX && utf8_valid(order.text, NULL));
    if (!publish(cli->arena, &e, &said))
        return;
    insist(str_eq(said.disclosure.shop, order.shop) && said.disclosure.owner.n > 0 &&
           str_eq(said.disclosure.owner, str_trim(order.owner)) &&
           str_eq(said.disclosure.controlled_by, str_trim(order.controlled_by)) &&
           str_eq(said.disclosure.country, order.country));
    insist(order.country.n == 0 || is_country(order.country));
}

static void agree(struct cli *cli)
{
    struct agreement_order order;
    struct entry e, said;
    struct fault fault = {""};
    if (party_read_agreement(cli, &order, &fault) != RC_OK) {
        insist(cli->usage && fault.text[0] != '\0');
        return;
    }
    if (agreement_order_entry(&order, 7, 1800000000, &e, &fault) != RC_OK) {
        insist(fault.text[0] != '\0');
        return;
    }
    insist(order.text.n <= PARTIES_TEXT_MAX && utf8_valid(order.text, NULL));
    if (!publish(cli->arena, &e, &said))
        return;
    insist(said.agreement.id == 7 && said.agreement.authority.n > 0 &&
           str_eq(said.agreement.authority, str_trim(order.authority)) &&
           is_country(said.agreement.country) && str_eq(said.agreement.country, order.country));
    insist(said.agreement.from == order.from && said.agreement.until == order.until &&
           (said.agreement.until == 0 || said.agreement.until > said.agreement.from));
}

enum { WORDS_MAX = 200 };

static const struct command lines[] = {
    {"agreement add", "", party_agreement_options, 0, 0, false, NULL},
    {"shop disclose", "", party_disclose_options, 1, 1, false, NULL},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
static const struct command *const groups[] = {lines, NULL};

/* What is taken is what stands there: what is needed, once, and each value is a word or ends one.
 */
static void check_values(const struct cli *cli, int argc, char **argv)
{
    const struct command *c = cli->command;
    insist(cli->arguments.n >= c->arguments_min && cli->arguments.n <= c->arguments_max);
    for (int o = 0; c->options[o].name != NULL; o++) {
        insist(cli->values[o].n <= 1 && (cli->values[o].n == 1 || !c->options[o].required));
        bool found = cli->values[o].n == 0 || c->options[o].kind == OPTION_FLAG;
        for (int i = 0; i < argc && !found; i++)
            found = str_ends(str_of(argv[i]), cli->values[o].v[0]);
        insist(found);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct cli cli = {.arena = &arena, .dir = "shop"};
    struct fault fault = {""};
    struct str rest = {(const char *)bytes, n}, word;
    char *argv[WORDS_MAX];
    int argc = 0, words = 0;
    while (argc < WORDS_MAX && str_next(&rest, '\0', &word))
        argv[argc++] = arena_z(&arena, word);
    cli.command = cli_find_command(groups, argc, argv, &words);
    if (cli.command == NULL)
        return 0;
    if (cli_read_arguments(&cli, argc - words, argv + words, &fault) != RC_OK) {
        insist(cli.usage && fault.text[0] != '\0');
        return 0;
    }
    check_values(&cli, argc - words, argv + words);
    if (cli.command == &lines[0])
        agree(&cli);
    else
        disclose(&cli);
    return 0;
}
