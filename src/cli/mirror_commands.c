#include <stdio.h>

#include "audit/mirror.h"
#include "cli/groups.h"
#include "cli/stop.h"

enum { FOLLOW_MS = 5000, POLICY_MAX = 64 << 10 };

static void tell_note(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "%s\n", text);
}

static void tell(const struct mirror_result *r)
{
    printf("%llu decisions and %llu voices are mirrored, %llu of them new\n",
           (unsigned long long)r->decisions, (unsigned long long)r->voices,
           (unsigned long long)r->fetched);
    fflush(stdout);
}

/* Until it is told to end, or finds something that no later try makes good. */
static enum rc follow(struct mirror *mirror, struct fault *fault)
{
    struct mirror_result result;
    enum rc rc = RC_OK;
    bool away = false;
    stop_wait_to_be_asked();
    do {
        rc = mirror_run(mirror, &result, fault);
        if (rc == RC_IO && !away)
            fprintf(stderr, "%s; trying again\n", fault->text);
        away = rc == RC_IO;
        if (rc == RC_OK && result.fetched > 0)
            tell(&result);
    } while ((rc == RC_OK || rc == RC_IO) && !stop_asked(FOLLOW_MS));
    return rc == RC_IO ? RC_OK : rc;
}

static enum rc run_mirror(struct cli *cli, struct fault *fault)
{
    struct mirror_order order = {.url = str_of(cli->arguments.v[0]),
                                 .dir = cli->arguments.v[1],
                                 .vkey = cli_value(cli, "vkey"),
                                 .note = tell_note};
    struct mirror_result result;
    struct mirror *mirror;
    enum rc rc = RC_OK;
    if (cli_flag(cli, "policy"))
        rc = cli_read_file(cli, cli_value_z(cli, "policy"), POLICY_MAX, &order.policy, fault);
    if (rc == RC_OK)
        rc = mirror_open(&order, &mirror, fault);
    if (rc != RC_OK)
        return rc;
    if (cli_flag(cli, "follow"))
        rc = follow(mirror, fault);
    else
        rc = mirror_run(mirror, &result, fault);
    if (rc == RC_OK && !cli_flag(cli, "follow"))
        tell(&result);
    mirror_close(mirror);
    return rc;
}

static const struct option_spec mirror_options[] = {{"vkey", OPTION_VALUE, false},
                                                    {"policy", OPTION_VALUE, false},
                                                    {"follow", OPTION_FLAG, false},
                                                    {NULL, 0, false}};

const struct command mirror_commands[] = {
    {"mirror", "mirror URL DIR [--vkey KEY] [--policy FILE] [--follow]", mirror_options, 2, 2,
     false, run_mirror},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
