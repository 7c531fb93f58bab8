#include <stdio.h>

#include "app/database.h"
#include "cli/groups.h"

static enum rc run_grant(struct cli *cli, struct fault *fault)
{
    enum rc rc = database_grant(cli->dir, cli_value(cli, "owner"), cli_value(cli, "writer"),
                                cli_value(cli, "reader"), fault);
    if (rc == RC_OK)
        rc = cli_note(cli, cli->dir, fault);
    if (rc == RC_OK)
        printf("each role can do its duty, and nothing else; start `colophon serve` anew\n");
    return rc;
}

static const struct option_spec grant_options[] = {{"owner", OPTION_VALUE, true},
                                                   {"writer", OPTION_VALUE, false},
                                                   {"reader", OPTION_VALUE, false},
                                                   {NULL, 0, false}};

const struct command database_commands[] = {
    {"database grant",
     "database grant --owner postgresql://… [--writer postgresql://… --reader postgresql://…]",
     grant_options, 0, 0, true, run_grant},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
