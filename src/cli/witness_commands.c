#include <stdio.h>

#include "app/policy_set.h"
#include "app/publication.h"
#include "app/witness.h"
#include "cli/groups.h"
#include "web/witness_server.h"

static enum rc run_witness_key(struct cli *cli, struct fault *fault)
{
    struct str vkey;
    enum rc rc = witness_key_create(cli_value_z(cli, "state"), str_of(cli->arguments.v[0]),
                                    cli->arena, &vkey, fault);
    if (rc == RC_OK)
        printf("%.*s\n", STR_ARG(vkey));
    return rc;
}

static void print_address(void *context, const char *address)
{
    (void)context;
    printf("%s\n", address);
    fflush(stdout);
}

static enum rc run_witness_serve(struct cli *cli, struct fault *fault)
{
    struct witness *witness;
    const struct str *logs;
    size_t n = cli_list(cli, "log", &logs);
    enum rc rc = witness_open(cli_value_z(cli, "state"), logs, n, &witness, fault);
    if (rc != RC_OK)
        return rc;
    rc = witness_server_run(witness, cli_value_z(cli, "listen"), print_address, cli, fault);
    witness_close(witness);
    return rc;
}

static enum rc run_policy_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str text;
    uint64_t index;
    enum rc rc = cli_read_file(cli, cli->arguments.v[0], POLICY_FILE_MAX, &text, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = policy_set(shop.site, shop.writer, text, &index, fault);
    if (rc == RC_OK)
        printf("in force: entry %llu\n", (unsigned long long)index);
    return rc;
}

static enum rc run_policy_show(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    struct str text;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = publication_policy(conn, cli->arena, &text, fault);
    if (rc == RC_OK)
        fwrite(text.p, 1, text.n, stdout);
    site_disconnect(conn);
    return rc;
}

static const struct option_spec key_options[] = {{"state", OPTION_VALUE, true}, {NULL, 0, false}};
static const struct option_spec serve_options[] = {{"listen", OPTION_VALUE, true},
                                                   {"state", OPTION_VALUE, true},
                                                   {"log", OPTION_LIST, true},
                                                   {NULL, 0, false}};

const struct command witness_commands[] = {
    {"witness key", "witness key NAME --state DIR", key_options, 1, 1, false, run_witness_key},
    {"witness serve", "witness serve --listen 127.0.0.1:8090 --state DIR --log VKEY...",
     serve_options, 0, 0, false, run_witness_serve},
    {"policy set", "policy set FILE", NULL, 1, 1, true, run_policy_set},
    {"policy show", "policy show", NULL, 0, 0, true, run_policy_show},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
