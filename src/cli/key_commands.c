#include <stdio.h>

#include "app/rotation.h"
#include "app/signer_serve.h"
#include "cli/groups.h"

static void use_key_file(struct cli *cli, struct cli_shop *shop)
{
    if (cli_value(cli, "key-file").n > 0)
        site_use_key(shop->site, cli_value_z(cli, "key-file"));
    if (cli_value(cli, "signer").n > 0)
        site_use_signer(shop->site, cli_value_z(cli, "signer"));
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
    if (from != NULL && cli_flag(cli, "signer") && !cli_flag(cli, "key-file"))
        return cli_usage(cli, fault,
                         "--key-file is needed, too: the signer's key, beside which the new one "
                         "is put");
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc != RC_OK)
        return rc;
    use_key_file(cli, &shop);
    if (from != NULL)
        rc = key_prepare(shop.site, from, cli->arena, vkeys, fault);
    if (rc == RC_OK)
        rc = key_rotate(shop.site, shop.writer, cli->arena, from != NULL ? vkeys[0] : STR_NONE,
                        vkeys, &index, fault);
    if (rc == RC_OK)
        printf("%.*s\n%.*s\nfrom entry %llu of the decisions on\n", STR_ARG(vkeys[0]),
               STR_ARG(vkeys[1]), (unsigned long long)index);
    return rc;
}

static void print_ready(void *context)
{
    const struct cli *cli = context;
    printf("%s\n", cli_value_z(cli, "socket"));
    fflush(stdout);
}

static enum rc run_signer_serve(struct cli *cli, struct fault *fault)
{
    const char *key = cli_value_z(cli, "key-file"), *state = cli_value_z(cli, "state");
    if (state == NULL)
        state = arena_printf(cli->arena, "%s.signed", key).p;
    return signer_serve(key, cli_value_z(cli, "socket"), state, print_ready, cli, fault);
}

static const struct option_spec prepare_options[] = {
    {"new-key", OPTION_VALUE, false}, {"key-file", OPTION_VALUE, false}, {NULL, 0, false}};
static const struct option_spec rotate_options[] = {{"new-key", OPTION_VALUE, false},
                                                    {"key-file", OPTION_VALUE, false},
                                                    {"signer", OPTION_VALUE, false},
                                                    {NULL, 0, false}};
static const struct option_spec signer_options[] = {{"key-file", OPTION_VALUE, true},
                                                    {"socket", OPTION_VALUE, true},
                                                    {"state", OPTION_VALUE, false},
                                                    {NULL, 0, false}};

const struct command key_commands[] = {
    {"key prepare",
     "key prepare [--new-key FILE] [--key-file FILE]\n"
     "             makes the key that is to follow, in DIR/key.next, and says its public halves",
     prepare_options, 0, 0, true, run_key_prepare},
    {"key rotate",
     "key rotate [--new-key FILE] [--key-file FILE] [--signer SOCKET]\n"
     "             the logs go over to the prepared key: entries and checkpoints signed by both",
     rotate_options, 0, 0, true, run_key_rotate},
    {"signer serve",
     "signer serve --key-file FILE --socket PATH [--state FILE]\n"
     "             signs for `serve --signer PATH` what continues what it signed before, and\n"
     "             nothing else; what that was lies in FILE.signed",
     signer_options, 0, 0, false, run_signer_serve},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
