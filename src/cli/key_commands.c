#include <stdio.h>

#include "app/rotation.h"
#include "cli/groups.h"

static void use_key_file(struct cli *cli, struct cli_shop *shop)
{
    if (cli_value(cli, "key-file").n > 0)
        site_use_key(shop->site, cli_value_z(cli, "key-file"));
}

static enum rc run_key_prepare(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str vkeys[2];
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc != RC_OK)
        return rc;
    use_key_file(cli, &shop);
    rc = key_prepare(shop.site, cli_value_z(cli, "new-key"), cli->arena, vkeys, fault);
    for (int log = 0; rc == RC_OK && log < 2; log++)
        printf("%.*s\n", STR_ARG(vkeys[log]));
    return rc;
}

static enum rc run_key_rotate(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str vkeys[2];
    const char *from = cli_value_z(cli, "new-key");
    uint64_t index;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc != RC_OK)
        return rc;
    use_key_file(cli, &shop);
    if (from != NULL)
        rc = key_prepare(shop.site, from, cli->arena, vkeys, fault);
    if (rc == RC_OK)
        rc = key_rotate(shop.site, shop.writer, cli->arena, vkeys, &index, fault);
    if (rc == RC_OK)
        printf("%.*s\n%.*s\nfrom entry %llu of the decisions on\n", STR_ARG(vkeys[0]),
               STR_ARG(vkeys[1]), (unsigned long long)index);
    return rc;
}

static const struct option_spec key_options[] = {
    {"new-key", OPTION_VALUE, false}, {"key-file", OPTION_VALUE, false}, {NULL, 0, false}};

const struct command key_commands[] = {
    {"key prepare",
     "key prepare [--new-key FILE] [--key-file FILE]\n"
     "             makes the key that is to follow, in DIR/key.next, and says its public halves",
     key_options, 0, 0, true, run_key_prepare},
    {"key rotate",
     "key rotate [--new-key FILE] [--key-file FILE]\n"
     "             the logs go over to the prepared key: entries and checkpoints signed by both",
     key_options, 0, 0, true, run_key_rotate},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
