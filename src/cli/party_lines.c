#include "cli/party_lines.h"

#include "base/clock.h"

const struct option_spec party_disclose_options[] = {
    {"owner", OPTION_VALUE, true},    {"controlled-by", OPTION_VALUE, false},
    {"country", OPTION_VALUE, false}, {"text", OPTION_VALUE, false},
    {"json", OPTION_FLAG, false},     {NULL, 0, false}};
const struct option_spec party_agreement_options[] = {{"authority", OPTION_VALUE, true},
                                                      {"country", OPTION_VALUE, true},
                                                      {"from", OPTION_VALUE, true},
                                                      {"until", OPTION_VALUE, false},
                                                      {"text", OPTION_VALUE, true},
                                                      {"document", OPTION_VALUE, false},
                                                      {"public-copy", OPTION_VALUE, false},
                                                      {"json", OPTION_FLAG, false},
                                                      {NULL, 0, false}};

struct disclosure_order party_read_disclosure(const struct cli *cli)
{
    return (struct disclosure_order){.shop = str_of(cli->arguments.v[0]),
                                     .owner = cli_value(cli, "owner"),
                                     .controlled_by = cli_value(cli, "controlled-by"),
                                     .country = cli_value(cli, "country"),
                                     .text = cli_value(cli, "text")};
}

/* `last`: a bare date lasts that day, UTC. */
static enum rc read_time(struct cli *cli, const char *option, bool last, int64_t *ret,
                         struct fault *fault)
{
    struct str s = cli_value(cli, option);
    if (!time_or_date_parse(s, last, ret))
        return cli_usage(cli, fault,
                         "--%s %.*s: a date as 2026-12-31, or a time as RFC 3339 has it", option,
                         STR_ARG(s));
    return RC_OK;
}

enum rc party_read_agreement(struct cli *cli, struct agreement_order *ret, struct fault *fault)
{
    struct agreement_order order = {.authority = cli_value(cli, "authority"),
                                    .country = cli_value(cli, "country"),
                                    .text = cli_value(cli, "text")};
    enum rc rc = read_time(cli, "from", false, &order.from, fault);
    if (rc == RC_OK && cli_flag(cli, "until"))
        rc = read_time(cli, "until", true, &order.until, fault);
    if (rc == RC_OK)
        *ret = order;
    return rc;
}
