/* Shops as sellers. */
#include <stdio.h>

#include "app/sellers.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/groups.h"

static enum rc run_seller_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    const struct str *lines;
    size_t n = cli_list(cli, "address", &lines);
    BUF_AUTO address = BUF_INIT(8192);
    struct seller_order order = {.shop = cli_value(cli, "shop"),
                                 .name = cli_value(cli, "name"),
                                 .country = cli_value(cli, "country"),
                                 .email = cli_value(cli, "email"),
                                 .tax_number = cli_value(cli, "tax-number"),
                                 .account = cli_value(cli, "account"),
                                 .fee = cli_value(cli, "fee"),
                                 .remits = cli_value(cli, "taxes")};
    for (size_t i = 0; i < n; i++) {
        buf_str_add(&address, lines[i]);
        buf_char(&address, '\n');
    }
    order.address = buf_str(&address);
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? seller_set(shop.writer, &order, fault) : rc;
}

static enum rc run_seller_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    seller_list list = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = sellers_read(shop.site, cli->arena, &list, fault);
    JSON_AUTO *json = json_array();
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        const struct seller *s = &list.v[i].seller;
        BUF_AUTO fee = BUF_INIT(32);
        seller_fee_add(&fee, s->fee);
        if (cli_flag(cli, "json"))
            json_array_append_new(
                json,
                json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "shop",
                          json_from_str(list.v[i].slug), "name", json_from_str(s->name), "address",
                          json_from_str(s->address), "country", json_from_str(s->country), "email",
                          json_from_str(s->email), "tax_number", json_from_str(s->tax_number),
                          "account", json_from_str(s->account), "fee", json_from_str(buf_str(&fee)),
                          "taxes", json_from_str(s->remits)));
        else
            printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s %%\n", STR_ARG(list.v[i].slug), STR_ARG(s->name),
                   STR_ARG(s->country), STR_ARG(s->tax_number), STR_ARG(buf_str(&fee)));
    }
    if (rc == RC_OK && cli_flag(cli, "json"))
        cli_print_json(json);
    return rc;
}

static const struct option_spec set_options[] = {
    {"shop", OPTION_VALUE, true},     {"name", OPTION_VALUE, false},
    {"address", OPTION_LIST, false},  {"country", OPTION_VALUE, false},
    {"email", OPTION_VALUE, false},   {"tax-number", OPTION_VALUE, false},
    {"account", OPTION_VALUE, false}, {"fee", OPTION_VALUE, false},
    {"taxes", OPTION_VALUE, false},   {NULL, 0, false}};
static const struct option_spec list_options[] = {{"json", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command seller_commands[] = {
    {"seller set",
     "seller set --shop SLUG [--name NAME] [--address LINE]... [--country CN] [--email ADDRESS]\n"
     "           [--tax-number NUMBER] [--account IBAN] [--fee PER-CENT] [--taxes shop|operator]\n"
     "           who sells: shown before the sale and on invoices; what is not named stays",
     set_options, 0, 0, true, run_seller_set},
    {"seller list", "seller list [--json]", list_options, 0, 0, true, run_seller_list},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
